-- title: 哪些数据没有算进来 | What was left out
-- section: check
-- chart: table
-- says: 导入时拒收的单元格，以及不算订单的行 | Cells that the import rejected, and rows that are no orders
-- reads: order_rows, order_left_out, order_counts
-- functions: siyu_import
-- column what: 内容 | what | left
-- column detail: 来源 / 原因 | from, because | text
-- column rows: 行数 | rows | count
-- column amount: 金额 | money | money
-- column example: 例 | example | text
SELECT 'orders' AS what, NULL AS detail, count(*) AS rows, sum(amount) / (SELECT unit FROM observed) AS amount, NULL AS example FROM orders GROUP BY 'all'
UNION ALL
SELECT 'counted', NULL, rows, amount / (SELECT unit FROM observed), NULL FROM order_counts WHERE rows > 0
UNION ALL
SELECT * FROM (SELECT what, status, count(*), sum(amount) / (SELECT unit FROM observed), min(order_id) FROM order_left_out GROUP BY what, status ORDER BY what = 'status', what, status)
UNION ALL
SELECT 'no_customer', NULL, count(*), sum(amount) / (SELECT unit FROM observed), min(order_id) FROM order_nobody GROUP BY 'all'
UNION ALL
SELECT * FROM (SELECT 'rejected', source || ': ' || header || ', ' || reason, count(*), NULL, min(value) FROM import_reject GROUP BY source, header, reason ORDER BY 3 DESC LIMIT 30)
