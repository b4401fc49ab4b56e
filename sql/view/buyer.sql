-- buyer: one row per customer with an order or a refund
-- 购买客户
-- practice: all
-- needs: order_rows
-- formula: orders, their first, second and last time (refunds are none), net money in minor units: of all rows, of the period, within 90 and within 365 days of the first order
CREATE VIEW buyer AS -- siyu
SELECT customer,
       count(*) FILTER (WHERE is_order) AS orders,
       min(first_at) AS first_at,
       min(at) FILTER (WHERE is_order AND nth = 2) AS second_at,
       max(at) FILTER (WHERE is_order) AS last_at,
       gmv(amount) AS revenue,
       count(*) FILTER (WHERE is_order AND in_period) AS period_orders,
       gmv(amount) FILTER (WHERE in_period) AS period_revenue,
       gmv(amount) FILTER (WHERE at BETWEEN first_at AND date(substr(first_at, 1, 10), '+90 days') || substr(first_at, 11)) AS revenue_90,
       gmv(amount) FILTER (WHERE at BETWEEN first_at AND date(substr(first_at, 1, 10), '+365 days') || substr(first_at, 11)) AS revenue_365
FROM (
  SELECT customer, at, amount, is_order, in_period,
         row_number() OVER so_far AS nth,
         min(CASE WHEN is_order THEN at END) OVER so_far AS first_at
  FROM order_rows WHERE customer IS NOT NULL
  -- orders stand before refunds: the first row is the first order, if there is one
  WINDOW so_far AS (PARTITION BY customer ORDER BY is_order DESC, at ROWS UNBOUNDED PRECEDING))
GROUP BY customer;
