-- title: 哪些数据没有算进来 | What was left out
-- section: check
-- chart: table
-- says: 导入时拒收的单元格，以及不算订单的行 | Cells that the import rejected, and rows that are no orders
-- reads: order_rows
-- functions: siyu_import
-- column what: 内容 | what | left
-- column detail: 来源 / 原因 | from, because | text
-- column rows: 行数 | rows | count
-- column amount: 金额 | money | money
-- column example: 例 | example | text
SELECT 'orders' AS what, NULL AS detail, count(*) AS rows, sum(o.amount) / s.unit AS amount, NULL AS example FROM observed AS s CROSS JOIN orders AS o GROUP BY s.unit
UNION ALL
SELECT 'counted', NULL, count(*), sum(r.amount) / s.unit, NULL FROM observed AS s CROSS JOIN order_rows AS r GROUP BY s.unit
UNION ALL
SELECT 'after', NULL, count(*), sum(o.amount) / s.unit, min(o.order_id) FROM observed AS s CROSS JOIN orders AS o
WHERE local_time(o.time, s.tz) > s.until GROUP BY s.unit
UNION ALL
SELECT 'no_time', NULL, count(*), sum(o.amount) / s.unit, min(o.order_id) FROM observed AS s CROSS JOIN orders AS o
WHERE local_time(o.time, s.tz) IS NULL GROUP BY s.unit
UNION ALL
SELECT 'status', o.status, count(*), sum(o.amount) / s.unit, min(o.order_id) FROM observed AS s CROSS JOIN orders AS o
WHERE local_time(o.time, s.tz) <= s.until AND o.order_id NOT IN (SELECT order_id FROM order_rows WHERE order_id IS NOT NULL) GROUP BY o.status, s.unit
UNION ALL
SELECT 'no_customer', NULL, count(*), sum(amount) / s.unit, min(order_id) FROM observed AS s CROSS JOIN order_rows WHERE customer IS NULL GROUP BY s.unit
UNION ALL
SELECT * FROM (SELECT 'rejected', source || ': ' || header || ', ' || reason, count(*), NULL, min(value) FROM import_reject GROUP BY source, header, reason ORDER BY 3 DESC LIMIT 30)
