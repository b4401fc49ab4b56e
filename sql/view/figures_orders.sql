-- figures_orders: money, orders and customers of the three spans
-- 各周期订单指标
-- practice: white paper: sales value
-- needs: spans, order_rows, referral_rows
-- formula: one row per span with orders, all in one pass; NULL where no order says its source (or staff)
CREATE VIEW figures_orders AS -- siyu
SELECT p.span,
       gmv(o.amount) / p.unit AS gmv,
       -coalesce(gmv(o.amount) FILTER (WHERE NOT is_order), 0) / p.unit AS refunds,
       coalesce(gmv(o.amount) FILTER (WHERE is_order), 0) / p.unit AS ordered,
       count(*) FILTER (WHERE is_order) AS orders,
       count(o.customer) FILTER (WHERE is_order) AS orders_of_customers,
       effective_customers(o.customer, 1) FILTER (WHERE is_order) AS buyers,
       effective_customers(o.customer, o.amount) AS effective_customers,
       coalesce(gmv(o.amount) FILTER (WHERE o.customer IS NOT NULL), 0) / p.unit AS gmv_of_customers,
       CASE WHEN count(o.source) > 0 THEN coalesce(gmv(o.amount) FILTER (WHERE o.source = 'private'), 0) / p.unit END AS private_gmv,
       CASE WHEN count(o.staff) > 0 THEN coalesce(gmv(o.amount) FILTER (WHERE o.staff IS NOT NULL), 0) / p.unit END AS staff_gmv,
       coalesce(gmv(o.amount) FILTER (WHERE r.customer IS NOT NULL), 0) / p.unit AS referred_gmv
FROM order_rows AS o CROSS JOIN spans AS p
LEFT JOIN referral_rows AS r ON r.customer = o.customer AND coalesce(r.at, '') <= p.until
WHERE o.at BETWEEN p.first_day AND p.until
GROUP BY p.span;
