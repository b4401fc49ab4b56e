-- order_lines_order: index of order_lines by order_id
-- 明细索引
-- practice: all
-- needs: order_lines
-- formula: without it the views over order_lines read all of it for each customer
CREATE INDEX IF NOT EXISTS order_lines_order ON order_lines(order_id);
