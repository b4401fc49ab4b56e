-- figures_coupons: coupons issued in the three spans, and redeemed by their end
-- 各周期优惠券
-- practice: NetEase: redemption (核销率)
-- needs: spans, coupons
-- formula: coupons_redeemed of coupons_issued
CREATE VIEW figures_coupons AS -- siyu
SELECT p.span,
       count(*) AS coupons_issued,
       count(*) FILTER (WHERE local_time(c.redeemed, p.tz) <= p.until) AS coupons_redeemed
FROM coupons AS c CROSS JOIN spans AS p
WHERE local_time(c.issued, p.tz) BETWEEN p.first_day AND p.until
GROUP BY p.span;
