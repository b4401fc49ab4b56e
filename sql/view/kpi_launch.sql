-- kpi_launch: each product's first 30 days: who bought it of the old customers, and the new ones
-- 新品上市（老客响应率）
-- practice: white paper: new-product trial
-- needs: observed, order_rows, order_lines
-- formula: launch: the product's first order; old: an order before the launch; response_rate = old customers with an order of it within 30 days / old customers; complete = 0: the 30 days are not over
CREATE VIEW kpi_launch AS -- siyu
WITH
  sold AS (
    SELECT l.product, o.customer, o.at, o.order_id, l.amount
    FROM (SELECT DISTINCT order_id, customer, at FROM order_rows WHERE is_order) AS o
    JOIN (SELECT order_id, nullif(trim(product), '') AS product, sum(amount) AS amount FROM order_lines WHERE amount >= 0 OR amount IS NULL GROUP BY 1, 2) AS l
      ON l.order_id = o.order_id
    WHERE l.product IS NOT NULL),
  launches AS (
    SELECT product, min(at) AS launch, datetime(substr(min(at), 1, 19), '+30 days') AS ends FROM sold GROUP BY product),
  firsts AS (SELECT customer, min(at) AS first_at FROM order_rows WHERE is_order AND customer IS NOT NULL GROUP BY customer),
  takers AS (
    SELECT n.product,
           count(DISTINCT x.order_id) AS orders,
           count(DISTINCT CASE WHEN f.first_at < n.launch THEN x.customer END) AS old_customers,
           count(DISTINCT CASE WHEN f.first_at >= n.launch THEN x.customer END) AS new_customers,
           sum(x.amount) AS amount
    FROM launches AS n JOIN sold AS x ON x.product = n.product AND x.at <= n.ends
    LEFT JOIN firsts AS f ON f.customer = +x.customer
    GROUP BY n.product)
SELECT n.product, n.launch, t.orders, t.old_customers, t.new_customers,
       (SELECT count(*) FROM firsts AS f WHERE f.first_at < n.launch) AS old_base,
       1.0 * t.old_customers / nullif((SELECT count(*) FROM firsts AS f WHERE f.first_at < n.launch), 0) AS response_rate,
       t.amount / s.unit AS amount,
       n.ends <= s.until AS complete
FROM observed AS s CROSS JOIN launches AS n JOIN takers AS t ON t.product = n.product
ORDER BY n.launch DESC, n.product;
