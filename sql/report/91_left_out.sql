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
WITH
  -- rows that order_rows leaves out, and why; the statuses are those of order_rows
  out AS (
    SELECT CASE WHEN at IS NULL THEN 'no_time' WHEN at > until THEN 'after' ELSE 'status' END AS what,
           CASE WHEN at <= until THEN status END AS status,
           unit, amount, order_id
    FROM (SELECT local_time(o.time, s.tz) AS at, o.amount, o.order_id, o.status, s.until, s.unit,
                 coalesce(lower(trim(o.status)), '') IN (
                   '交易关闭', '已关闭', '已取消', '订单取消', '取消', '待付款', '等待买家付款', '未付款',
                   'closed', 'cancelled', 'canceled', 'unpaid', 'pending', 'voided', 'failed', 'expired') AS closed
          FROM observed AS s CROSS JOIN orders AS o LIMIT -1)
    WHERE at IS NULL OR at > until OR closed)
SELECT 'orders' AS what, NULL AS detail, count(*) AS rows, sum(amount) / (SELECT unit FROM observed) AS amount, NULL AS example FROM orders GROUP BY 'all'
UNION ALL
SELECT 'counted', NULL, count(*), sum(amount) / (SELECT unit FROM observed), NULL FROM order_rows GROUP BY 'all'
UNION ALL
SELECT * FROM (SELECT what, status, count(*), sum(amount) / unit, min(order_id) FROM out GROUP BY what, status, unit ORDER BY what = 'status', what, status)
UNION ALL
SELECT 'no_customer', NULL, count(*), sum(amount) / (SELECT unit FROM observed), min(order_id) FROM order_rows WHERE customer IS NULL GROUP BY 'all'
UNION ALL
SELECT * FROM (SELECT 'rejected', source || ': ' || header || ', ' || reason, count(*), NULL, min(value) FROM import_reject GROUP BY source, header, reason ORDER BY 3 DESC LIMIT 30)
