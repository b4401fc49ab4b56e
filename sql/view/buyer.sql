-- buyer: one row per customer with an order or a refund
-- 购买客户
-- practice: all
-- needs: observed, buyer_summary
-- formula: orders, their first, second and last time (refunds are none), net money in minor units: of all rows, of the period, within 90 and within 365 days of the first order; stage at as_of
CREATE VIEW buyer AS -- siyu: LIMIT -1 keeps the orders from being read anew for each row that this is joined to
SELECT b.customer,
       b.orders,
       b.first_time AS first_at,
       b.second_time AS second_at,
       b.last_time AS last_at,
       b.stage,
       b.revenue,
       b.period_orders,
       b.period_revenue,
       b.revenue_90,
       b.revenue_365
FROM observed AS s CROSS JOIN buyer_summary AS b
WHERE b.as_of = s.until
  AND b.period_from = s.period_from
  AND b.period_to = s.period_until
LIMIT -1;
