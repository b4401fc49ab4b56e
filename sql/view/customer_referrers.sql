-- customer_referrers: every customer with the one who brought them
-- 客户与推荐人
-- practice: Youzan triangle: referral
-- needs: customer_rows, referral_rows
-- formula: NULL: came alone
CREATE VIEW customer_referrers AS -- siyu
SELECT c.customer, r.referrer,
       r.at AS time
FROM customer_rows AS c LEFT JOIN referral_rows AS r ON r.customer = c.customer;
