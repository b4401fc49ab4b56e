-- keeps: report_steps
-- says: 来自 order_history | From order_history
CREATE TEMP TABLE report_steps AS
SELECT e.customer, local_time(e.time, s.tz) AS at, e.name AS event
FROM observed AS s CROSS JOIN events AS e
WHERE local_time(e.time, s.tz) BETWEEN date(s.as_of, '-89 days') AND s.until
UNION ALL
SELECT p.customer, h.at, 'order'
FROM (SELECT customer, at, amount FROM order_history WHERE at >= (SELECT date(as_of, '-89 days') FROM observed)) AS h
CROSS JOIN order_people AS p ON p.number = h.customer
WHERE coalesce(h.amount + 0, 0) >= 0
UNION ALL
SELECT customer, at, 'order' FROM order_nobody WHERE is_order AND at >= (SELECT date(as_of, '-89 days') FROM observed);
