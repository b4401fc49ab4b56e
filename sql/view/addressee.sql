-- addressee: whom the brand may write to, with the channel they answer to and their store
-- 可触达客户
-- practice: all
-- needs: observed, customer_rows, buyer, messages, stores
-- formula: without consent = 0. channel: of the last message answered; store: the one they are bound to, else the nearest, where both places are known; suggested_time: the next morning at 10
CREATE VIEW addressee AS -- siyu
WITH
  buyers AS (SELECT * FROM buyer LIMIT -1),
  answers AS (
    SELECT customer, channel
    FROM (SELECT m.customer, m.channel,
                 row_number() OVER (PARTITION BY m.customer ORDER BY local_time(m.answered_at, s.tz) DESC, m.channel) AS nth
          FROM observed AS s CROSS JOIN messages AS m
          WHERE m.channel IS NOT NULL AND local_time(m.answered_at, s.tz) <= s.until)
    WHERE nth = 1 LIMIT -1),
  places AS (
    SELECT t.store, t.lat, t.lon
    FROM observed AS s CROSS JOIN stores AS t
    WHERE t.lat IS NOT NULL AND t.lon IS NOT NULL AND coalesce(local_time(t.opened, s.tz), '') <= s.until),
  -- customers, and buyers who are not in the list of customers; LIMIT -1: a condition on the orders,
  -- moved in here, would turn the join around, with a scan of the customers for each buyer
  people AS (
    SELECT c.customer, c.is_member, c.birthday, c.joined_at, c.store, c.lat, c.lon, b.orders,
           b.first_at, b.last_at, b.revenue
    FROM customer_rows AS c LEFT JOIN buyers AS b ON b.customer = +c.customer
    WHERE coalesce(c.consent, 1) <> 0
    UNION ALL
    SELECT b.customer, NULL, NULL, NULL, NULL, NULL, NULL, b.orders, b.first_at, b.last_at, b.revenue
    FROM buyers AS b WHERE b.customer NOT IN (SELECT customer FROM customer_rows)
    LIMIT -1)
SELECT p.customer, p.is_member, p.birthday, p.joined_at, a.channel,
       CASE WHEN nullif(p.store, '') IS NOT NULL THEN p.store
            WHEN p.lat IS NOT NULL AND p.lon IS NOT NULL
            THEN (SELECT store FROM (SELECT t.store, distance_km(p.lat, p.lon, t.lat, t.lon) AS km FROM places AS t) ORDER BY km, store LIMIT 1) END AS store,
       p.orders, p.first_at, p.last_at,
       coalesce(p.revenue, 0) AS revenue,
       julianday(s.as_of) - julianday(substr(p.first_at, 1, 10)) AS days_since_first,
       julianday(s.as_of) - julianday(substr(p.last_at, 1, 10)) AS silent_days,
       date(s.as_of, '+1 day') || ' 10:00:00' AS suggested_time,
       s.as_of, s.until, s.unit
FROM observed AS s CROSS JOIN people AS p
LEFT JOIN answers AS a ON a.customer = +p.customer;
