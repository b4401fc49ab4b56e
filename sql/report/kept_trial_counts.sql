-- keeps: trial_counts
-- needs: observed, orders, order_lines, order_ids, order_statuses
-- says: 一年内的订单按客户与品类，一遍数完 | Orders of a year by customer and category, counted in one pass
CREATE TEMP VIEW trial_lines AS
SELECT length(trim(l.category)) || ' ' || trim(l.category) || o.customer AS category_customer,
       '2000-01-01' AS at,
       CASE WHEN (SELECT repeated FROM order_ids) THEN o.order_id ELSE o.rowid END AS id
FROM observed AS s CROSS JOIN orders AS o CROSS JOIN order_lines AS l ON l.order_id = o.order_id
WHERE o.customer <> '' AND coalesce(o.amount + 0, 0) >= 0 AND trim(l.category) <> ''
  AND local_time(o.time, s.tz) BETWEEN date(s.as_of, '-364 days') AND s.until
  AND CASE WHEN o.status IS NULL OR o.status = (SELECT status FROM usual_status) THEN 1
           ELSE lower(trim(o.status)) NOT IN (SELECT status FROM order_statuses) END;

CREATE TEMP TABLE trial_counts AS
SELECT substr(customer, instr(customer, ' ') + 1, CAST(customer AS INTEGER)) AS category,
       substr(customer, instr(customer, ' ') + 1 + CAST(customer AS INTEGER)) AS customer_text,
       orders AS orders_in_category
FROM customer_summary('trial_lines', 'category_customer', 'at') WHERE order_col = 'id';
