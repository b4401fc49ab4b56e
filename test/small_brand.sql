-- A small brand over two years, the same in every run: customers, orders with refunds,
-- referrals and staff contacts.  Draws are Lehmer's generator, s <- s * 48271 mod (2^31 - 1);
-- the five factors below are the first powers of 48271, so one row takes five draws.
-- a/2147483647.0 is uniform on (0, 1).
INSERT INTO observation VALUES (1, '2025-12-31');

CREATE TEMP TABLE person AS
WITH RECURSIVE draw(id, a, b, c, d, e) AS (
  SELECT 1, 48271, 182605794, 1291394886, 1914720637, 2078669041
  UNION ALL
  SELECT id + 1, e * 48271 % 2147483647, e * 182605794 % 2147483647,
         e * 1291394886 % 2147483647, e * 1914720637 % 2147483647, e * 2078669041 % 2147483647
  FROM draw WHERE id < 4000
)
SELECT id,
       unixepoch.start + (id * 720 / 4000) * 86400 + a % (10 * 86400) AS joined,
       CASE WHEN id > 60 AND b % 100 < 27                -- early customers refer more
            THEN 1 + CAST(min(c, d) / 2147483647.0 * (id - 1) AS INTEGER) END AS referrer,
       d % 4 AS channel,
       e AS seed
FROM draw, (SELECT CAST(strftime('%s', '2024-01-01') AS INTEGER) AS start) AS unixepoch;

INSERT INTO customers
SELECT printf('c%05d', id), datetime(joined, 'unixepoch'),
       CASE channel WHEN 0 THEN 'store' WHEN 1 THEN 'mini program' WHEN 2 THEN 'live stream'
                    ELSE 'group' END
FROM person;

INSERT INTO referrals
SELECT printf('c%05d', id), printf('c%05d', referrer) FROM person WHERE referrer IS NOT NULL;

-- Each customer's chain of orders: does another one follow, after how long, for how much?
-- Referred customers are a little more loyal, and so is whoever has come three times.
CREATE TEMP TABLE purchase AS
WITH RECURSIVE
future(until) AS (SELECT CAST(strftime('%s', '2026-01-01') AS INTEGER)),
chain(id, referred, n, time, a, b, c, d, e) AS (
  SELECT id, referrer IS NOT NULL, 1, joined + seed % (15 * 86400),
         seed * 48271 % 2147483647, seed * 182605794 % 2147483647,
         seed * 1291394886 % 2147483647, seed * 1914720637 % 2147483647,
         seed * 2078669041 % 2147483647
  FROM person
  WHERE seed * 48271 % 2147483647 % 100 < 68 + 10 * (referrer IS NOT NULL)
  UNION ALL
  SELECT id, referred, n + 1,
         time + 86400 * 5 + CAST(86400.0 * 170 * (b / 2147483647.0) * (c / 2147483647.0) AS INTEGER),
         e * 48271 % 2147483647, e * 182605794 % 2147483647, e * 1291394886 % 2147483647,
         e * 1914720637 % 2147483647, e * 2078669041 % 2147483647
  FROM chain WHERE d % 100 < 55 + 6 * referred + 20 * (n >= 3)
)
SELECT id, time,
       100 * CAST(29 + 470 * (c / 2147483647.0) * (e / 2147483647.0) AS INTEGER) + 90 AS amount,
       a
FROM chain, future WHERE time < until ORDER BY time, id;

INSERT INTO orders
SELECT printf('o%06d', purchase.rowid), printf('c%05d', id), datetime(time, 'unixepoch'), amount
FROM purchase
UNION ALL                                                -- one order in thirty comes back
SELECT printf('o%06d', purchase.rowid), printf('c%05d', id), datetime(time + 4 * 86400, 'unixepoch'),
       -amount
FROM purchase, (SELECT CAST(strftime('%s', '2026-01-01') AS INTEGER) AS until)
WHERE a % 30 = 0 AND time + 4 * 86400 < until
ORDER BY 3, 1, 4 DESC;

INSERT INTO contacts
SELECT printf('c%05d', id), printf('staff %d', 1 + seed % 12), datetime(joined, 'unixepoch'),
       CASE WHEN seed / 12 % 9 = 0 THEN datetime(joined + 40 * 86400, 'unixepoch') END
FROM person WHERE seed % 10 < 8
UNION ALL
SELECT printf('c%05d', id), printf('staff %d', 1 + (seed + 5) % 12), datetime(joined, 'unixepoch'),
       NULL
FROM person WHERE seed % 10 < 2;
