-- customer_id_rows: the ids of customers whom the brand had by as_of
-- 已有客户的身份标识
-- practice: Xingyun Youke: one ID
-- needs: observed, customers, customer_ids
-- formula: of customers who joined up to as_of, at a time that is not known, or are not in the list of customers
CREATE VIEW customer_id_rows AS -- siyu
SELECT i.customer, i.id_type, i.id_value, i.shop
FROM observed AS s
CROSS JOIN customer_ids AS i
LEFT JOIN customers AS c ON c.customer = +i.customer
WHERE coalesce(local_time(c.joined, s.tz), '') <= s.until;
