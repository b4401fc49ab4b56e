-- makes: report_steps
-- says: 近 90 天的行为与订单 | Events and orders of the last 90 days
SELECT e.customer, local_time(e.time, s.tz) AS at, e.name AS event
FROM observed AS s CROSS JOIN events AS e
WHERE local_time(e.time, s.tz) BETWEEN date(s.as_of, '-89 days') AND s.until
UNION ALL
SELECT o.customer, o.at, 'order' FROM observed AS s CROSS JOIN order_rows AS o
WHERE o.is_order AND o.at >= date(s.as_of, '-89 days')
