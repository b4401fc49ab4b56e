-- orders_customer: index of orders by customer, time, amount
-- 订单索引：客户
-- practice: all
-- needs: orders
-- formula: without it the views over orders read all of it for each customer
CREATE INDEX IF NOT EXISTS orders_customer ON orders(customer, time, amount);
