-- kpi_ltv: lifetime value: years × order value × orders per year, and what cohorts are worth at a fixed age
-- 用户终身价值
-- practice: Youzan triangle: LTV
-- needs: observed, order_rows
-- formula: ltv: see the function (silent for more than 180 days: left); ltv_90, ltv_365 = money within n days of the first order / customers who are that old: these compare between dates
CREATE VIEW kpi_ltv AS -- siyu: parts is JSON, money in minor units: older SQLite has no JSON in the views of a schema that is not trusted
SELECT ltv(o.customer, o.at, o.amount, s.until) / s.unit AS ltv,
       ltv_parts(o.customer, o.at, o.amount, s.until) AS parts,
       effective_customers(o.customer, 1) FILTER (WHERE o.by_90 <= s.until) AS mature_90,
       1.0 * gmv(o.amount) FILTER (WHERE o.by_90 <= s.until AND o.at BETWEEN o.first_at AND o.by_90) / s.unit
         / nullif(effective_customers(o.customer, 1) FILTER (WHERE o.by_90 <= s.until), 0) AS ltv_90,
       effective_customers(o.customer, 1) FILTER (WHERE o.by_365 <= s.until) AS mature_365,
       1.0 * gmv(o.amount) FILTER (WHERE o.by_365 <= s.until AND o.at BETWEEN o.first_at AND o.by_365) / s.unit
         / nullif(effective_customers(o.customer, 1) FILTER (WHERE o.by_365 <= s.until), 0) AS ltv_365
FROM observed AS s CROSS JOIN (
  SELECT customer, at, amount, first_at,
         date(substr(first_at, 1, 10), '+90 days') || substr(first_at, 11) AS by_90,
         date(substr(first_at, 1, 10), '+365 days') || substr(first_at, 11) AS by_365
  FROM (SELECT customer, at, amount, min(CASE WHEN is_order THEN at END) OVER (PARTITION BY customer) AS first_at
        FROM order_rows WHERE customer IS NOT NULL)) AS o;
