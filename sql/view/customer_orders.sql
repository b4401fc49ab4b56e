-- customer_orders: the rows of order_rows whose customer is known, to be joined by customer
-- 客户订单（供关联）
-- practice: all
-- needs: order_rows
-- formula: LIMIT -1 keeps SQLite from computing them anew for each customer; compare with = +x.customer, which lets it index them
CREATE VIEW customer_orders AS -- siyu
SELECT order_id, customer, at, amount, is_order, in_period FROM order_rows WHERE customer IS NOT NULL LIMIT -1;
