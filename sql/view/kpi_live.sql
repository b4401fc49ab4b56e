-- kpi_live: each live: booked, watched, then ordered within a day
-- 直播（预约、观看、下单转化）
-- practice: Xingyun Youke: live; Youzan festival: live revenue and conversion
-- needs: observed, events, campaigns, customer_orders
-- formula: events live_booked and live_watched with the live as ref; ordered: an order after the first watching, within a day of it, and after no later live that the customer watched in between: an order belongs to one live. conversion = ordered / watched; gmv of these orders; lives of campaigns (kind live) and lives without a sale are rows; gmv_per_hour by starts and ends of the campaign
CREATE VIEW kpi_live AS -- siyu
WITH
  marks AS (
    SELECT e.ref AS live,
           e.customer,
           min(CASE WHEN e.name = 'live_booked' THEN local_time(e.time, s.tz) END) AS booked_at,
           min(CASE WHEN e.name = 'live_watched' THEN local_time(e.time, s.tz) END) AS watched_at
    FROM observed AS s CROSS JOIN events AS e
    WHERE e.name IN ('live_booked', 'live_watched') AND nullif(e.ref, '') IS NOT NULL
      AND nullif(e.customer, '') IS NOT NULL AND local_time(e.time, s.tz) <= s.until
    GROUP BY e.ref, e.customer),
  -- the last live before each order
  credited AS (
    SELECT o.customer, o.order_id, o.amount, m.live,
           row_number() OVER (PARTITION BY o.customer, o.order_id, o.at, o.amount ORDER BY m.watched_at DESC, m.live) AS nth
    FROM marks AS m JOIN customer_orders AS o ON o.customer = +m.customer
    WHERE o.is_order AND o.at >= m.watched_at AND o.at <= datetime(substr(m.watched_at, 1, 19), '+1 day')),
  sales AS (
    SELECT live,
           count(DISTINCT customer) AS ordered,
           count(*) AS orders,
           coalesce(sum(amount), 0) AS gmv
    FROM credited WHERE nth = 1 GROUP BY live),
  heads AS (
    SELECT live,
           count(booked_at) AS booked,
           count(watched_at) AS watched,
           count(CASE WHEN watched_at >= booked_at THEN 1 END) AS booked_watched
    FROM marks GROUP BY live),
  planned AS (
    SELECT c.campaign AS live,
           local_time(c.starts, s.tz) AS begins,
           24 * (julianday(local_time(c.ends, s.tz)) - julianday(local_time(c.starts, s.tz))) AS hours
    FROM observed AS s CROSS JOIN campaigns AS c WHERE c.kind = 'live' AND local_time(c.starts, s.tz) <= s.until),
  lives AS (SELECT live FROM heads UNION SELECT live FROM planned)
SELECT l.live, p.begins,
       coalesce(h.booked, 0) AS booked,
       coalesce(h.watched, 0) AS watched,
       coalesce(h.booked_watched, 0) AS booked_watched,
       1.0 * h.booked_watched / nullif(h.booked, 0) AS watch_rate,
       coalesce(x.ordered, 0) AS ordered,
       1.0 * coalesce(x.ordered, 0) / nullif(h.watched, 0) AS conversion,
       coalesce(x.orders, 0) AS orders,
       coalesce(x.gmv, 0) / s.unit AS gmv,
       coalesce(x.gmv, 0) / s.unit / nullif(p.hours, 0) AS gmv_per_hour
FROM observed AS s CROSS JOIN lives AS l
LEFT JOIN heads AS h ON h.live = l.live
LEFT JOIN sales AS x ON x.live = l.live
LEFT JOIN planned AS p ON p.live = l.live
ORDER BY l.live;
