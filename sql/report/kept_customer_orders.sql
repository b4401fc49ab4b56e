-- keeps: customer_orders
-- says: 来自 order_history | From order_history
CREATE TEMP VIEW customer_orders AS
SELECT (SELECT o.order_id FROM orders AS o WHERE o.rowid = h.order_row) AS order_id,
       p.customer, h.at, h.amount,
       coalesce(h.amount + 0, 0) >= 0 AS is_order,
       h.at BETWEEN (SELECT period_from FROM observed) AND (SELECT period_until FROM observed) AS in_period
FROM order_people AS p CROSS JOIN order_history AS h ON h.id BETWEEN p.first_id AND p.last_id;
