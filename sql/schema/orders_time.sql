-- orders_time: index of orders by time
-- 订单索引：时间
-- practice: all
-- needs: orders
-- formula: without it the views over orders read all of it for each customer
CREATE INDEX IF NOT EXISTS orders_time ON orders(time);
