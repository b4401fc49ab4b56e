-- orders_order: index of orders by order_id
-- 订单索引：订单号
-- practice: all
-- needs: orders
-- formula: without it the views over orders read all of it for each customer
CREATE INDEX IF NOT EXISTS orders_order ON orders(order_id);
