-- keeps: addressee
-- says: 渠道与最近门店只为看到的人算 | The channel and the nearest store are found for those alone who are shown
CREATE TEMP TABLE addressee_people AS
SELECT p.customer, p.is_member, p.birthday, p.joined_at, p.store, p.lat, p.lon, p.orders, p.first_at, p.last_at,
       coalesce(p.revenue, 0) AS revenue,
       (SELECT julianday(as_of) FROM observed) - julianday(substr(p.first_at, 1, 10)) AS days_since_first,
       (SELECT julianday(as_of) FROM observed) - julianday(substr(p.last_at, 1, 10)) AS silent_days
FROM (SELECT c.customer, c.is_member, c.birthday, c.joined_at, c.store, c.lat, c.lon, b.orders, b.first_at, b.last_at, b.revenue
      FROM customer_rows AS c LEFT JOIN buyer AS b ON b.customer = +c.customer
      WHERE coalesce(c.consent, 1) <> 0
      UNION ALL
      SELECT b.customer, NULL, NULL, NULL, NULL, NULL, NULL, b.orders, b.first_at, b.last_at, b.revenue
      FROM buyer AS b WHERE NOT EXISTS (SELECT 1 FROM customer_rows AS c WHERE c.customer = +b.customer)) AS p;

CREATE INDEX temp.addressee_people_customer ON addressee_people(customer);

ANALYZE temp.addressee_people;

CREATE TEMP TABLE addressee_places AS
SELECT t.store, t.lat, t.lon
FROM observed AS s CROSS JOIN stores AS t
WHERE t.lat IS NOT NULL AND t.lon IS NOT NULL AND coalesce(local_time(t.opened, s.tz), '') <= s.until;

CREATE TEMP VIEW addressee AS
SELECT p.customer, p.is_member, p.birthday, p.joined_at,
       (SELECT m.channel FROM observed AS o CROSS JOIN messages AS m
        WHERE m.customer = p.customer AND m.channel IS NOT NULL AND local_time(m.answered_at, o.tz) <= o.until
        ORDER BY local_time(m.answered_at, o.tz) DESC, m.channel LIMIT 1) AS channel,
       CASE WHEN nullif(p.store, '') IS NOT NULL THEN p.store
            WHEN p.lat IS NOT NULL AND p.lon IS NOT NULL
            THEN (SELECT min(t.store) FROM addressee_places AS t
                  WHERE distance_km(p.lat, p.lon, t.lat, t.lon) = (SELECT min(distance_km(p.lat, p.lon, o.lat, o.lon)) FROM addressee_places AS o)) END AS store,
       p.orders, p.first_at, p.last_at, p.revenue, p.days_since_first, p.silent_days,
       date(s.as_of, '+1 day') || ' 10:00:00' AS suggested_time,
       s.as_of, s.until, s.unit
FROM observed AS s CROSS JOIN addressee_people AS p;
