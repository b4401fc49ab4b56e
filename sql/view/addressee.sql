-- addressee: whom the brand may write to, with the channel they answer to and their store
-- 可触达客户
-- practice: all
-- needs: observed, customer_rows, buyer, messages, stores
-- formula: without consent = 0. channel: of the last message answered; store: the one they are bound to, else the nearest, where both places are known; suggested_time: the next morning at 10
CREATE VIEW addressee AS -- siyu
WITH
  people AS (SELECT customer FROM customer_rows UNION SELECT customer FROM buyer),
  answers AS (
    SELECT customer, channel
    FROM (SELECT m.customer, m.channel,
                 row_number() OVER (PARTITION BY m.customer ORDER BY local_time(m.answered_at, s.tz) DESC, m.channel) AS nth
          FROM observed AS s CROSS JOIN messages AS m
          WHERE m.channel IS NOT NULL AND local_time(m.answered_at, s.tz) <= s.until)
    WHERE nth = 1),
  places AS (
    SELECT t.store, t.lat, t.lon
    FROM observed AS s CROSS JOIN stores AS t
    WHERE t.lat IS NOT NULL AND t.lon IS NOT NULL AND coalesce(local_time(t.opened, s.tz), '') <= s.until)
SELECT p.customer, c.is_member, c.birthday, c.joined_at, a.channel,
       CASE WHEN nullif(c.store, '') IS NOT NULL THEN c.store
            WHEN c.lat IS NOT NULL AND c.lon IS NOT NULL
            THEN (SELECT store FROM (SELECT t.store, distance_km(c.lat, c.lon, t.lat, t.lon) AS km FROM places AS t) ORDER BY km, store LIMIT 1) END AS store,
       b.orders, b.first_at, b.last_at, coalesce(b.revenue, 0) AS revenue,
       julianday(s.as_of) - julianday(substr(b.first_at, 1, 10)) AS days_since_first,
       julianday(s.as_of) - julianday(substr(b.last_at, 1, 10)) AS silent_days,
       date(s.as_of, '+1 day') || ' 10:00:00' AS suggested_time,
       s.as_of, s.until, s.unit
FROM observed AS s CROSS JOIN people AS p
LEFT JOIN customer_rows AS c ON c.customer = +p.customer
LEFT JOIN buyer AS b ON b.customer = +p.customer
LEFT JOIN answers AS a ON a.customer = +p.customer
WHERE coalesce(c.consent, 1) <> 0;
