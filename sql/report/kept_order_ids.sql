-- keeps: order_ids
-- needs: orders
-- says: 是否有订单占多行（退款不算） | Whether an order is several rows, refunds apart
CREATE TEMP TABLE order_ids AS
SELECT EXISTS (SELECT 1
               FROM (SELECT order_id FROM orders GROUP BY order_id HAVING count(*) > 1) AS d CROSS JOIN orders AS o ON o.order_id = d.order_id
               WHERE coalesce(o.amount + 0, 0) >= 0
               GROUP BY o.order_id HAVING count(*) > 1)
    OR EXISTS (SELECT 1 FROM orders WHERE order_id IS NULL) AS repeated;
