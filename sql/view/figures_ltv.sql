-- figures_ltv: lifetime value at as_of
-- 用户终身价值
-- practice: Youzan triangle: LTV
-- needs: observed, order_rows
-- formula: see the function ltv (silent for more than 180 days: left). It does not compare between dates while the base is young: figures_buyers has the value at a fixed age, which does
CREATE VIEW figures_ltv AS -- siyu
SELECT 'period' AS span, ltv(o.customer, o.at, o.amount, s.until) / s.unit AS ltv
FROM observed AS s CROSS JOIN order_rows AS o
WHERE o.customer IS NOT NULL;
