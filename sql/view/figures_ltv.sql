-- figures_ltv: what a customer is worth, at as_of
-- 用户终身价值
-- practice: Youzan triangle: LTV
-- needs: observed, order_rows
-- formula: ltv: see the function (silent for more than 180 days: left); ltv_90, ltv_365 = money within n days of the first order / customers who are that old: these compare between dates, ltv does not while the base is young
CREATE VIEW figures_ltv AS -- siyu: LIMIT: a date is computed once a row
SELECT 'period' AS span,
       ltv(o.customer, o.at, o.amount, s.until) / s.unit AS ltv,
       effective_customers(o.customer, 1) FILTER (WHERE o.by_90 <= s.until) AS mature_for_90,
       1.0 * gmv(o.amount) FILTER (WHERE o.by_90 <= s.until AND o.at BETWEEN o.first_at AND o.by_90) / s.unit
         / nullif(effective_customers(o.customer, 1) FILTER (WHERE o.by_90 <= s.until), 0) AS ltv_90,
       effective_customers(o.customer, 1) FILTER (WHERE o.by_365 <= s.until) AS mature_for_365,
       1.0 * gmv(o.amount) FILTER (WHERE o.by_365 <= s.until AND o.at BETWEEN o.first_at AND o.by_365) / s.unit
         / nullif(effective_customers(o.customer, 1) FILTER (WHERE o.by_365 <= s.until), 0) AS ltv_365
FROM observed AS s CROSS JOIN (
  SELECT customer, at, amount, first_at,
         date(substr(first_at, 1, 10), '+90 days') || substr(first_at, 11) AS by_90,
         date(substr(first_at, 1, 10), '+365 days') || substr(first_at, 11) AS by_365
  FROM (SELECT customer, at, amount, min(CASE WHEN is_order THEN at END) OVER (PARTITION BY customer) AS first_at
        FROM order_rows WHERE customer IS NOT NULL) LIMIT -1) AS o;
