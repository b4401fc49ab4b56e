-- buyer: one row per customer with an order or a refund
-- 购买客户
-- practice: all
-- needs: order_rows
-- formula: orders, their first, second and last time (refunds are none), net money in minor units
CREATE VIEW buyer AS -- siyu
SELECT customer,
       count(*) FILTER (WHERE is_order) AS orders,
       min(at) FILTER (WHERE is_order) AS first_at,
       min(at) FILTER (WHERE is_order AND nth = 2) AS second_at,
       max(at) FILTER (WHERE is_order) AS last_at,
       gmv(amount) AS revenue,
       count(*) FILTER (WHERE is_order AND in_period) AS period_orders,
       gmv(amount) FILTER (WHERE in_period) AS period_revenue
FROM (SELECT customer, at, amount, is_order, in_period, row_number() OVER (PARTITION BY customer, is_order ORDER BY at) AS nth
      FROM order_rows WHERE customer IS NOT NULL)
GROUP BY customer;
