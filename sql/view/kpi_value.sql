-- kpi_value: value of the period: GMV = effective customers × ARPPU
-- 周期销售价值
-- practice: white paper: sales value
-- needs: observed, order_rows, customer_rows
-- formula: gmv = money net of refunds; effective_customers: net > 0; arpu = gmv / customers, arppu = money of known customers / effective_customers, aov = gmv / orders, orders_per_customer = orders / buyers
CREATE VIEW kpi_value AS -- siyu
SELECT s.period_from, s.period_to, s.complete,
       (SELECT count(*) FROM customer_rows) AS customers,
       v.buyers, v.orders, v.gmv, v.refunds, v.effective_customers,
       v.gmv / nullif((SELECT count(*) FROM customer_rows), 0) AS arpu,
       v.gmv_of_customers / nullif(v.effective_customers, 0) AS arppu,
       v.gmv / nullif(v.orders, 0) AS aov,
       1.0 * v.orders_of_customers / nullif(v.buyers, 0) AS orders_per_customer,
       v.private_gmv,
       v.private_gmv / nullif(v.gmv, 0) AS private_share
FROM observed AS s CROSS JOIN (
  SELECT effective_customers(o.customer, 1) FILTER (WHERE is_order) AS buyers,
         count(*) FILTER (WHERE is_order) AS orders,
         count(*) FILTER (WHERE is_order AND o.customer IS NOT NULL) AS orders_of_customers,
         coalesce(gmv(o.amount), 0) / u.unit AS gmv,
         coalesce(gmv(o.amount) FILTER (WHERE o.customer IS NOT NULL), 0) / u.unit AS gmv_of_customers,
         -coalesce(gmv(o.amount) FILTER (WHERE NOT is_order), 0) / u.unit AS refunds,
         effective_customers(o.customer, o.amount) AS effective_customers,
         coalesce(gmv(o.amount) FILTER (WHERE o.source = 'private'), 0) / u.unit AS private_gmv
  FROM observed AS u LEFT JOIN order_rows AS o ON o.in_period) AS v;
