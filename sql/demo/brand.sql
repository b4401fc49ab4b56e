-- A brand worth looking at: skin care, two years of a private domain that opened at New Year 2024,
-- 120,000 customers, on the tables of siyu_setup('schema').  The same in every run.
--
--     .load ./siyu
--     SELECT siyu_setup('schema');
--     .read sql/demo/brand.sql
--
-- Fewer customers: CREATE TEMP TABLE brand_size AS SELECT 4000 AS customers; before it is read.
--
-- Draws are Lehmer's generator, s <- s * 48271 mod (2^31 - 1); the five factors below are the first
-- powers of 48271, so that a row takes five draws; a / 2147483647.0 is uniform on (0, 1).  Draws of a
-- row that has none of its own are taken from its number by squaring.  Wall clock of +08:00.
CREATE TEMP TABLE IF NOT EXISTS brand_size AS SELECT 120000 AS customers;
PRAGMA cache_size = -200000;
PRAGMA temp.cache_size = -200000;
BEGIN;
INSERT INTO settings(as_of, period_from, period_to, tz, currency, decimals, weights)
VALUES ('2025-12-31', '2025-12-01', '2025-12-31', '+08:00', 'CNY', 2,
        '{"sales": 0.5, "marketing": 0.3, "service": 0.2, "commission": 0.02}');

-- ---- what the brand is --------------------------------------------------------------------

CREATE TEMP TABLE city(number INTEGER PRIMARY KEY, store, name, city, lat, lon, metres, opened, invested, franchisee);
INSERT INTO city VALUES
  (0, 'S01', 'Xuhui', 'Shanghai', 31.19, 121.44, 120, '2023-06-01', 60000000, NULL),
  (1, 'S02', 'Pudong', 'Shanghai', 31.22, 121.54, 160, '2023-09-01', 80000000, NULL),
  (2, 'S03', 'Chaoyang', 'Beijing', 39.92, 116.44, 140, '2023-08-01', 75000000, NULL),
  (3, 'S04', 'Tianhe', 'Guangzhou', 23.13, 113.36, 110, '2023-10-01', 50000000, NULL),
  (4, 'S05', 'Nanshan', 'Shenzhen', 22.53, 113.93, 130, '2023-11-01', 65000000, NULL),
  (5, 'S06', 'Xihu', 'Hangzhou', 30.26, 120.13, 90, '2023-12-01', 40000000, 'Qiantang'),
  (6, 'S07', 'Jinjiang', 'Chengdu', 30.65, 104.08, 100, '2024-01-01', 38000000, 'Shu'),
  (7, 'S08', 'Wuhou', 'Chengdu', 30.64, 104.04, 85, '2024-06-01', 30000000, 'Shu'),
  (8, 'S09', 'Hongshan', 'Wuhan', 30.50, 114.34, 95, '2024-03-01', 32000000, 'Jianghan'),
  (9, 'S10', 'Gulou', 'Nanjing', 32.07, 118.77, 105, '2024-09-01', 42000000, NULL),
  (10, 'S11', 'Yanta', 'Xi''an', 34.21, 108.95, 80, '2025-03-01', 26000000, 'Guanzhong'),
  (11, 'S12', 'Yuelu', 'Changsha', 28.23, 112.94, 75, '2025-12-20', 24000000, 'Xiangjiang');
INSERT INTO stores(store, name, metres, lat, lon, opened, invested, franchisee)
SELECT store, name, metres, lat, lon, opened, invested, franchisee FROM city;

-- Whose price, from which day of the two years on; before it, its place is taken by the product 12 below.
CREATE TEMP TABLE product(number INTEGER PRIMARY KEY, product, category, price, from_day);
INSERT INTO product VALUES
  (0, 'face cream', 'cream', 16900, 0), (1, 'amino cleanser', 'cleanser', 7900, 0), (2, 'hydrating toner', 'toner', 9900, 0),
  (3, 'sheet mask x10', 'mask', 8900, 0), (4, 'vitamin C serum', 'serum', 25900, 0), (5, 'sunscreen SPF50', 'sunscreen', 11900, 0),
  (6, 'night cream', 'cream', 19900, 0), (7, 'eye cream', 'cream', 22900, 0), (8, 'make-up remover', 'cleanser', 6900, 0),
  (9, 'lip balm', 'lip', 3900, 0), (10, 'body lotion', 'body', 8900, 0), (11, 'clay mask', 'mask', 9900, 0),
  (12, 'ceramide cream', 'cream', 23900, 250), (13, 'enzyme powder', 'cleanser', 9900, 420), (14, 'retinol serum', 'serum', 32900, 610),
  (15, 'hand cream trio', 'body', 6900, 330);

-- Days of the two years: how many join, and for which festival an order would wait.
CREATE TEMP TABLE calendar AS
WITH RECURSIVE
day(n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM day WHERE n < 730),
dated AS (SELECT n, date('2024-01-01', n || ' days') AS date FROM day),
festival(date, strength) AS (VALUES ('2024-03-08', 5), ('2024-06-18', 3), ('2024-11-11', 2), ('2024-12-12', 9), ('2025-03-08', 5), ('2025-06-18', 3), ('2025-11-11', 2), ('2025-12-12', 9)),
weight AS (
  SELECT n, date,
         (100 + n / 5)
         * CASE substr(date, 6, 2) WHEN '01' THEN 9 WHEN '02' THEN 7 WHEN '03' THEN 11 WHEN '06' THEN 12 WHEN '07' THEN 9 WHEN '08' THEN 9 WHEN '11' THEN 14 WHEN '12' THEN 11 ELSE 10 END
         * CASE strftime('%w', date) WHEN '0' THEN 13 WHEN '6' THEN 13 ELSE 10 END
         * CASE WHEN date IN (SELECT date FROM festival) THEN 3 ELSE 1 END AS w
  FROM dated)
SELECT w.n, w.date, w.w, sum(w) OVER (ORDER BY n) AS upto, sum(w) OVER () AS total,
       f.strength, CAST(julianday(f.date) - julianday('2024-01-01') AS INTEGER) AS wait, f.date IS w.date AS is_festival
FROM weight AS w LEFT JOIN festival AS f ON w.date BETWEEN date(f.date, '-18 days') AND f.date;
-- 12-12 comes close upon 11-11: each day belongs to the next one
CREATE UNIQUE INDEX temp.calendar_day ON calendar(n);

-- ---- people --------------------------------------------------------------------------------

CREATE TEMP TABLE draw(id INTEGER PRIMARY KEY, a, b, c, d, e);
INSERT INTO draw
WITH RECURSIVE next(id, a, b, c, d, e) AS (
  SELECT 1, 48271, 182605794, 1291394886, 1914720637, 2078669041
  UNION ALL
  SELECT id + 1, e * 48271 % 2147483647, e * 182605794 % 2147483647,
         e * 1291394886 % 2147483647, e * 1914720637 % 2147483647, e * 2078669041 % 2147483647
  FROM next WHERE id < (SELECT customers FROM brand_size))
SELECT * FROM next;

-- In the order in which they join.  rhythm: days between orders; stay: of 100, who order once more.
CREATE TEMP TABLE person(id INTEGER PRIMARY KEY, day, joined, channel, referrer, home, rhythm, stay, a, b, c, d, e);
INSERT INTO person
SELECT d.id, s.n, s.n * 86400 + 36000 + (a % 43200 + b % 43200) / 2,
       -- 0 guide 1 store 2 mini program 3 live 4 Douyin 5 Tmall 6 partner
       CASE WHEN a % 100 < 26 THEN 0 WHEN a % 100 < 44 THEN 1 WHEN a % 100 < 60 THEN 2 WHEN a % 100 < 72 THEN 3
            WHEN a % 100 < 88 THEN 4 WHEN a % 100 < 97 THEN 5 ELSE 6 END,
       -- early customers bring more, distributors (every 25th) most
       CASE WHEN d.id > 100 AND b % 100 < 14 + s.n / 75
            THEN CASE WHEN c % 2 THEN 1 + CAST(min(c, d) / 2147483647.0 * (d.id - 1) AS INTEGER)
                      ELSE 25 * (1 + CAST(min(d, e) / 2147483647.0 * ((d.id - 26) / 25) AS INTEGER)) END END,
       min(c % 12, d % 12),
       20 + CAST(110 * (d / 2147483647.0) * (a / 2147483647.0) + 50 * (c / 2147483647.0) AS INTEGER),
       44 + e % 31,
       a, b, c, d, e
FROM calendar AS s CROSS JOIN draw AS d
  ON d.id BETWEEN (s.upto - s.w) * (SELECT customers FROM brand_size) / s.total + 1 AND s.upto * (SELECT customers FROM brand_size) / s.total;

-- ---- campaigns and lives: whom, and who ordered because of it -------------------------------

-- effect: of 1000 treated, who order and would not have.  Each has a twentieth of the customers of its
-- day; one in ten of them is control.
CREATE TEMP TABLE plan(number INTEGER PRIMARY KEY, campaign, kind, day, days, offer, effect, cost);
INSERT INTO plan VALUES
  (1, 'C2403-gift', 'inner_sale', 64, 5, 'gift box', 40, 2000000), (2, 'C2404-recall', 'recall', 100, 20, '20 off 99', 35, 900000),
  (3, 'C2406-group', 'group_buy', 160, 8, 'two for 159', 45, 2500000), (4, 'C2407-fission', 'fission', 195, 21, 'bring one, 30 off', 15, 1800000),
  (5, 'C2408-recall', 'recall', 230, 20, '15 % off', 30, 1500000), (6, 'C2409-bargain', 'bargain', 255, 10, 'bargain to 59', 5, 1600000),
  (7, 'C2411-inner', 'inner_sale', 310, 6, 'staff price', 70, 4000000), (8, 'C2412-recall', 'recall', 338, 21, '30 off 199', 40, 2600000),
  (9, 'C2501-fission', 'fission', 373, 25, 'bring one, 30 off', 20, 3000000), (10, 'C2503-group', 'group_buy', 425, 7, 'two for 169', 50, 3200000),
  (11, 'C2504-recall', 'recall', 465, 21, '30 off 199', 45, 3500000), (12, 'C2506-inner', 'inner_sale', 527, 8, 'staff price', 65, 5000000),
  (13, 'C2507-bargain', 'bargain', 560, 10, 'bargain to 69', 0, 2400000), (14, 'C2508-recall', 'recall', 590, 21, '15 % off', 30, 3800000),
  (15, 'C2509-fission', 'fission', 620, 25, 'bring one, 40 off', 25, 4200000), (16, 'C2511-inner', 'inner_sale', 676, 6, 'staff price', 80, 7000000),
  (17, 'C2512-recall', 'recall', 703, 21, '30 off 199', 45, 4500000), (18, 'C2512-group', 'group_buy', 708, 8, 'two for 179', 35, 3600000),
  (19, 'C2512-fission', 'fission', 714, 30, 'bring one, 40 off', 20, 3900000);
CREATE TEMP TABLE chosen AS
SELECT k.number, p.id, p.id / 20 % 10 > 0 AS treated,
       p.id / 20 % 10 > 0 AND (p.e / 16 + k.number * 7919) % 1000 < k.effect AS ordered,
       k.day + (p.c / 8 + k.number) % min(k.days, 20) AS order_day, k.day, k.campaign, p.a, p.b, p.c, p.d, p.e
FROM plan AS k CROSS JOIN person AS p ON p.id % 20 = k.number % 20 AND p.day < k.day;

-- Two lives a month; one customer in six watches some.
CREATE TEMP TABLE watcher AS
WITH turn(j) AS (VALUES (0), (1), (2), (3), (4))
SELECT p.id, p.id / 6 % 10 + 10 * j AS live, 14 * (p.id / 6 % 10 + 10 * j) + 5 AS day,
       72000 + (p.c + j * 104729) % 6000 AS second,
       (p.d / 4 + j) % 100 < 55 AS booked, (p.b / 4 + j) % 100 < 70 AS watched, (p.e / 4 + j * 7919) % 1000 < 120 AS ordered,
       p.a, p.b, p.c, p.d, p.e
FROM person AS p CROSS JOIN turn
WHERE p.id % 6 = 0 AND p.day < 14 * (p.id / 6 % 10 + 10 * j) + 5;

-- ---- orders --------------------------------------------------------------------------------

-- Each customer's chain: does another order follow, after how long?  Who was brought is a little
-- more loyal, and so is who has come three times.  In the order of time.
CREATE TEMP TABLE purchase(number INTEGER PRIMARY KEY, id, nth, day, second, campaign, live, a, b, c, d, e);
INSERT INTO purchase(id, nth, day, second, campaign, live, a, b, c, d, e)
WITH RECURSIVE
chain(id, referred, rhythm, stay, nth, day, a, b, c, d, e) AS (
  SELECT id, referrer IS NOT NULL, rhythm, stay, 1, day + e % 7 * (d % 5),
         e * 48271 % 2147483647, e * 182605794 % 2147483647, e * 1291394886 % 2147483647,
         e * 1914720637 % 2147483647, e * 2078669041 % 2147483647
  FROM person
  WHERE d / 7 % 100 < CASE channel WHEN 1 THEN 82 WHEN 5 THEN 74 WHEN 3 THEN 66 WHEN 0 THEN 64 WHEN 2 THEN 58 WHEN 4 THEN 52 ELSE 45 END + 8 * (referrer IS NOT NULL)
  UNION ALL
  SELECT id, referred, rhythm, stay, nth + 1, day + rhythm / 2 + CAST(2.0 * rhythm * (b / 2147483647.0) * (c / 2147483647.0) AS INTEGER),
         e * 48271 % 2147483647, e * 182605794 % 2147483647, e * 1291394886 % 2147483647,
         e * 1914720637 % 2147483647, e * 2078669041 % 2147483647
  FROM chain WHERE d % 100 < stay + 5 * referred + 14 * (nth >= 3) AND day <= 730)
-- some of the orders that are due shortly before a festival wait for it
SELECT h.id, h.nth, CASE WHEN h.c % k.strength = 0 THEN k.wait ELSE h.day END AS day,
       CASE WHEN a % 24 < 2 THEN a % 32400 ELSE 32400 + (b % 54000 + a % 54000) / 2 END AS second,
       NULL, NULL, a, b, c, d, e
FROM chain AS h JOIN calendar AS k ON k.n = h.day
UNION ALL
SELECT id, 9, order_day, 36000 + (d % 43200 + c % 43200) / 2, number, NULL, b, c, d, e, a FROM chosen WHERE ordered AND order_day <= 730
UNION ALL
SELECT id, 9, day, second + 300 + b % 3600, NULL, live, c, d, e, a, b FROM watcher WHERE watched AND ordered
ORDER BY 3, 4, 1;

-- One to three lines of each, and where it was placed.
CREATE TEMP TABLE basket(number INTEGER PRIMARY KEY, id, day, second, time, campaign, live, nth, place, store, staff,
  p1, q1, a1, p2, a2, p3, a3, b, c, d, e);
INSERT INTO basket
SELECT x.number, x.id, x.day, x.second, datetime('2024-01-01', x.day || ' days', x.second || ' seconds'), x.campaign, x.live, x.nth,
       x.place,
       CASE WHEN t.number IS NOT NULL AND (x.place = 'store' OR x.place = 'private' AND x.d % 10 < 6) THEN t.store END,
       CASE WHEN t.number IS NOT NULL AND (x.place = 'store' AND x.d % 10 < 9 OR x.place = 'private' AND x.d % 10 < 6)
            THEN 1 + x.home * 5 + x.id % 5 END,
       f1.number, x.q1, f1.price * x.q1 * x.percent / 100,
       CASE WHEN x.e % 100 < 38 THEN f2.number END, f2.price * x.percent / 100 * (x.e % 100 < 38),
       CASE WHEN x.e % 100 < 12 THEN f3.number END, f3.price * x.percent / 100 * (x.e % 100 < 12),
       x.b, x.c, x.d, x.e
FROM (SELECT o.*, p.home,
             CASE WHEN o.campaign IS NOT NULL OR o.live IS NOT NULL THEN 'private'
                  WHEN p.channel = 4 AND (o.nth = 1 OR o.b % 100 < 60 - o.day / 20) THEN 'douyin'
                  WHEN p.channel = 5 AND (o.nth = 1 OR o.b % 100 < 70 - o.day / 20) THEN 'tmall'
                  WHEN o.b % 100 < CASE p.channel WHEN 1 THEN 62 ELSE 16 - o.day / 100 END THEN 'store'
                  WHEN o.b % 100 > 95 THEN 'tmall' ELSE 'private' END AS place,
             1 + (o.d / 16 % 9 = 0) AS q1,
             CASE WHEN k.is_festival THEN 78 ELSE 100 - o.c % 4 * 5 END AS percent,
             CASE WHEN o.a / 8 % 100 < 45 THEN min(p.b % 12, p.c / 8 % 12) WHEN o.a / 8 % 100 < 75 THEN o.c / 3 % 16 ELSE min(o.c / 3 % 16, o.d / 3 % 16) END AS w1,
             o.d / 7 % 16 AS w2, o.b / 7 % 16 AS w3
      FROM purchase AS o JOIN person AS p ON p.id = o.id JOIN calendar AS k ON k.n = o.day) AS x
JOIN product AS g1 ON g1.number = x.w1
JOIN product AS f1 ON f1.number = CASE WHEN g1.from_day > x.day THEN x.w1 - 12 ELSE x.w1 END
JOIN product AS g2 ON g2.number = x.w2
JOIN product AS f2 ON f2.number = CASE WHEN g2.from_day > x.day THEN x.w2 - 12 ELSE x.w2 END
JOIN product AS g3 ON g3.number = x.w3
JOIN product AS f3 ON f3.number = CASE WHEN g3.from_day > x.day THEN x.w3 - 12 ELSE x.w3 END
LEFT JOIN city AS t ON t.number = x.home AND x.day >= julianday(t.opened) - julianday('2024-01-01');

-- One order in forty is closed unpaid, one store order in ten is nobody's.
INSERT INTO orders(order_id, customer, time, amount, source, shop, store, staff, channel, campaign, status)
SELECT printf('o%07d', o.number), CASE WHEN o.place = 'store' AND o.c % 10 = 0 THEN NULL ELSE printf('c%06d', o.id) END,
       o.time, o.a1 + o.a2 + o.a3,
       CASE o.place WHEN 'store' THEN 'store' WHEN 'private' THEN 'private' ELSE 'public' END,
       CASE o.place WHEN 'store' THEN 'counter' WHEN 'private' THEN 'mini program' ELSE o.place END,
       o.store, CASE WHEN o.staff NOT IN (18, 35, 47) OR o.staff > 0 AND o.day < 500 THEN printf('G%02d', o.staff) END,
       CASE WHEN o.live IS NOT NULL THEN 'live' WHEN o.place = 'private' THEN CASE o.d % 4 WHEN 0 THEN 'group' WHEN 1 THEN 'moments' ELSE 'guide' END ELSE o.place END,
       k.campaign,
       CASE WHEN o.c / 8 % 40 = 0 THEN '交易关闭' ELSE '交易成功' END
FROM basket AS o LEFT JOIN plan AS k ON k.number = o.campaign;
-- One in thirty comes back, from the marketplaces one in fifteen; of three refunds one is in part.
INSERT INTO orders(order_id, customer, time, amount, source, shop, store, staff, channel, campaign, status)
SELECT r.order_id, r.customer, r.at, -r.back, r.source, r.shop, r.store, r.staff, r.channel, r.campaign, '退款成功'
FROM (SELECT x.*, datetime(x.time, (2 + o.d / 8 % 9) || ' days', (o.e % 40000) || ' seconds') AS at,
             CASE WHEN o.b / 8 % 3 = 0 THEN o.a1 ELSE x.amount END AS back
      FROM basket AS o JOIN orders AS x ON x.order_id = printf('o%07d', o.number)
      WHERE x.status = '交易成功' AND o.b / 64 % 30 < 1 + (x.source = 'public')) AS r
WHERE r.at < '2026-01-01' ORDER BY r.at;
INSERT INTO order_lines(order_id, line, product, category, quantity, amount)
SELECT printf('o%07d', x.number), x.line, p.product, p.category, x.quantity, x.amount
FROM (SELECT number, 1 AS line, p1 AS p, q1 AS quantity, a1 AS amount FROM basket
      UNION ALL SELECT number, 2, p2, 1, a2 FROM basket WHERE p2 IS NOT NULL
      UNION ALL SELECT number, 3, p3, 1, a3 FROM basket WHERE p3 IS NOT NULL) AS x
JOIN product AS p ON p.number = x.p;

-- ---- customers, and what is known of them ---------------------------------------------------

CREATE TEMP TABLE habit(id INTEGER PRIMARY KEY, first_day, orders, third, sixth);
INSERT INTO habit
SELECT id, min(day), count(*), max(CASE WHEN nth = 3 THEN time END), max(CASE WHEN nth = 6 THEN time END) FROM basket GROUP BY id;
CREATE TEMP TABLE guide(number INTEGER PRIMARY KEY, staff, store, opened);
INSERT INTO guide
WITH n(i) AS (VALUES (1), (2), (3), (4), (5))
SELECT number * 5 + i, printf('G%02d', number * 5 + i), store, opened FROM city CROSS JOIN n;

INSERT INTO customers(customer, joined, channel, birthday, gender, city, lat, lon, store, is_fan, is_member, is_distributor, tier, consent, tags)
SELECT printf('c%06d', p.id), datetime('2024-01-01', p.joined || ' seconds'),
       CASE p.channel WHEN 0 THEN 'guide' WHEN 1 THEN 'store' WHEN 2 THEN 'mini program' WHEN 3 THEN 'live' WHEN 4 THEN 'douyin' WHEN 5 THEN 'tmall' ELSE 'partner' END,
       CASE WHEN p.a / 16 % 10 < 7 THEN date('1968-01-01', (p.b % 13500) || ' days') END,
       CASE WHEN p.a / 16 % 20 = 19 THEN NULL WHEN p.a / 16 % 7 = 0 THEN 'm' ELSE 'f' END,
       t.city, CASE WHEN p.c / 16 % 6 THEN t.lat + (p.a % 2000 - 1000) / 6000.0 END, CASE WHEN p.c / 16 % 6 THEN t.lon + (p.b % 2000 - 1000) / 6000.0 END,
       CASE WHEN p.channel IN (0, 1) AND p.day >= julianday(t.opened) - julianday('2024-01-01') THEN t.store END,
       p.a / 32 % 100 < 76, p.e / 8 % 100 < CASE WHEN h.id IS NOT NULL THEN 70 ELSE 12 END, p.id % 25 = 0,
       CASE WHEN p.e / 8 % 100 < 70 THEN CASE WHEN h.sixth IS NOT NULL THEN 'gold' WHEN h.third IS NOT NULL THEN 'silver' WHEN h.id IS NOT NULL THEN 'bronze' END END,
       CASE WHEN p.d / 16 % 20 = 0 THEN 0 WHEN p.d / 16 % 20 < 15 THEN 1 END,
       CASE p.c / 64 % 5 WHEN 0 THEN '["dry skin"]' WHEN 1 THEN '["oily skin"]' WHEN 2 THEN '["sensitive", "gift"]' END
FROM person AS p JOIN city AS t ON t.number = p.home LEFT JOIN habit AS h ON h.id = p.id;
INSERT INTO tier_log(subject, kind, time, tier)
SELECT c.customer, 'customer', x.time, x.tier
FROM (SELECT id, datetime('2024-01-01', first_day || ' days', '12 hours') AS time, 'bronze' AS tier FROM habit
      UNION ALL SELECT id, third, 'silver' FROM habit WHERE third IS NOT NULL
      UNION ALL SELECT id, sixth, 'gold' FROM habit WHERE sixth IS NOT NULL) AS x
JOIN customers AS c ON c.customer = printf('c%06d', x.id) WHERE c.tier IS NOT NULL;
INSERT INTO customer_ids(customer, id_type, id_value, shop)
SELECT printf('c%06d', id), 'phone', printf('138%08d', CASE WHEN id % 60 = 0 THEN id - 7 ELSE id END * 677), CASE id % 3 WHEN 0 THEN 'mini program' WHEN 1 THEN 'counter' ELSE 'tmall' END
FROM person WHERE e % 10 < 9
UNION ALL SELECT printf('c%06d', id), 'wechat', printf('wx%08x', id * 2654435 % 4294967291), 'mini program' FROM person WHERE a / 64 % 10 < 5;
INSERT INTO referrals(customer, referrer, time, campaign)
SELECT printf('c%06d', p.id), printf('c%06d', p.referrer), datetime('2024-01-01', p.joined || ' seconds'),
       (SELECT k.campaign FROM plan AS k WHERE k.kind = 'fission' AND p.day BETWEEN k.day AND k.day + k.days AND p.b % 2 = 0)
FROM person AS p WHERE p.referrer IS NOT NULL;
INSERT INTO points(customer, time, points, reason)
SELECT c.customer, x.time, x.amount / 100, 'order' FROM orders AS x JOIN customers AS c ON c.customer = x.customer WHERE c.is_member AND x.status <> '交易关闭'
UNION ALL SELECT c.customer, datetime('2024-01-01', 500 + p.c % 230 || ' days', '15 hours'), -300, 'gift'
FROM person AS p JOIN customers AS c ON c.customer = printf('c%06d', p.id) WHERE c.tier IN ('silver', 'gold') AND p.c % 230 + 500 > p.day AND p.d % 4 = 0;

-- ---- staff, stores, costs --------------------------------------------------------------------

INSERT INTO staff(staff, name, store, tier, joined, left_at, target)
SELECT staff, 'Guide ' || substr(staff, 2), store, CASE number % 5 WHEN 1 THEN 'senior' WHEN 0 THEN 'junior' ELSE 'regular' END,
       date(opened, '-10 days'), CASE WHEN number IN (18, 35, 47) THEN '2025-05-15' END,
       CASE number % 5 WHEN 1 THEN 4500000 WHEN 0 THEN 1500000 ELSE 3000000 END * (SELECT customers FROM brand_size) / 120000
FROM guide;
INSERT INTO tier_log(subject, kind, time, tier)
SELECT staff, 'staff', joined, CASE tier WHEN 'senior' THEN 'regular' ELSE tier END FROM staff
UNION ALL SELECT staff, 'staff', '2025-07-01', 'senior' FROM staff WHERE tier = 'senior' AND joined < '2025-01-01';
CREATE TEMP TABLE month AS
WITH RECURSIVE m(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM m WHERE i < 23)
SELECT i, date('2024-01-01', i || ' months') AS first_day, date('2024-01-01', i || ' months', '+1 month', '-1 day') AS last_day FROM m;
-- wages of a store, what a new customer costs by channel, commission, the marketplaces' share
INSERT INTO costs(time, kind, channel, store, campaign, amount)
SELECT m.last_day, 'staff', NULL, t.store, NULL, (2200000 + m.i * 30000) * (SELECT customers FROM brand_size) / 120000 FROM month AS m JOIN city AS t ON t.opened <= m.last_day
UNION ALL SELECT m.last_day, 'marketing', c.channel, NULL, NULL, c.heads * (96 + m.i % 5 * 2) * CASE c.channel WHEN 'guide' THEN 14 WHEN 'store' THEN 9 WHEN 'mini program' THEN 16 WHEN 'live' THEN 22 WHEN 'douyin' THEN 34 WHEN 'tmall' THEN 41 ELSE 6 END
FROM (SELECT substr(joined, 1, 7) AS month, channel, count(*) AS heads FROM customers GROUP BY 1, 2) AS c JOIN month AS m ON substr(m.first_day, 1, 7) = c.month
UNION ALL SELECT m.last_day, 'commission', NULL, o.store, NULL, o.money / 50
FROM (SELECT substr(time, 1, 7) AS month, store, sum(amount) AS money FROM orders WHERE staff IS NOT NULL AND status <> '交易关闭' GROUP BY 1, 2) AS o JOIN month AS m ON substr(m.first_day, 1, 7) = o.month
UNION ALL SELECT m.last_day, 'platform', o.shop, NULL, NULL, o.money / 20
FROM (SELECT substr(time, 1, 7) AS month, shop, sum(amount) AS money FROM orders WHERE source = 'public' AND status <> '交易关闭' GROUP BY 1, 2) AS o JOIN month AS m ON substr(m.first_day, 1, 7) = o.month;
-- two fifths of the store's money are left, less the rent
INSERT INTO flows(store, time, amount)
SELECT t.store, m.last_day, coalesce(o.money, 0) * 2 / 5 - t.metres * 4000 * (SELECT customers FROM brand_size) / 120000
FROM month AS m JOIN city AS t ON t.opened <= m.last_day
LEFT JOIN (SELECT substr(time, 1, 7) AS month, store, sum(amount) AS money FROM orders WHERE store IS NOT NULL AND status <> '交易关闭' GROUP BY 1, 2) AS o
  ON o.month = substr(m.first_day, 1, 7) AND o.store = t.store;

-- ---- contacts and messages -------------------------------------------------------------------

INSERT INTO contacts(customer, staff, added, deleted, deleted_by, way)
SELECT x.customer, x.staff, x.added, CASE WHEN x.gone < '2026-01-01' THEN x.gone END,
       CASE WHEN x.gone < '2026-01-01' THEN CASE x.id % 9 WHEN 0 THEN 'staff' ELSE 'customer' END END, x.way
FROM (SELECT p.id, printf('c%06d', p.id) AS customer, printf('G%02d', 1 + p.home * 5 + p.id % 5) AS staff,
             datetime('2024-01-01', (p.joined + 600 + p.c % 7200) || ' seconds') AS added,
             CASE WHEN p.b / 16 % 100 < 17 THEN datetime('2024-01-01', (p.joined + 86400 + p.c % 300 * (p.d % 300) * 864) || ' seconds') END AS gone,
             CASE p.channel WHEN 0 THEN 'guide code' WHEN 1 THEN 'counter code' WHEN 3 THEN 'live room' WHEN 4 THEN 'parcel card' WHEN 5 THEN 'parcel card' ELSE 'mini program' END AS way
      FROM person AS p
      WHERE p.a / 128 % 100 < CASE p.channel WHEN 0 THEN 100 WHEN 1 THEN 86 WHEN 4 THEN 48 WHEN 5 THEN 42 ELSE 70 END) AS x;
-- a second guide for some; some come back
INSERT INTO contacts(customer, staff, added, way)
SELECT k.customer, CASE WHEN k.deleted IS NULL THEN printf('G%02d', 1 + (substr(k.staff, 2) + 6) % 60) ELSE k.staff END,
       datetime(coalesce(k.deleted, k.added), '40 days'), 'group'
FROM contacts AS k WHERE substr(k.customer, 2) % 11 = 3 AND datetime(coalesce(k.deleted, k.added), '40 days') < '2026-01-01';

INSERT INTO campaigns(campaign, kind, starts, ends, offer, cost, window_days)
SELECT campaign, kind, datetime('2024-01-01', day || ' days', '10 hours'), datetime('2024-01-01', (day + days) || ' days', '-1 seconds'), offer, cost * (SELECT customers FROM brand_size) / 120000, days FROM plan
UNION ALL SELECT 'live ' || date('2024-01-01', day || ' days'), 'live', datetime('2024-01-01', day || ' days', '20 hours'), datetime('2024-01-01', day || ' days', '22 hours'), NULL, NULL, 1
FROM (SELECT DISTINCT 14 * live + 5 AS day FROM watcher);
INSERT INTO assignments(campaign, customer, treated, assigned)
SELECT campaign, printf('c%06d', id), treated, date('2024-01-01', (day - 1) || ' days') FROM chosen;
INSERT INTO messages(message_id, customer, time, channel, campaign, audience, answered_at)
SELECT 'm' || x.number || '-' || x.id, printf('c%06d', x.id), x.at, x.channel, x.campaign, NULL,
       CASE WHEN x.d / 16 % 100 < CASE x.channel WHEN 'wecom' THEN 24 WHEN 'call' THEN 31 WHEN 'mini program' THEN 12 ELSE 4 END
            THEN datetime(x.at, (x.e % 90000 + 60) || ' seconds') END
FROM (SELECT number, id, campaign, d, e, datetime('2024-01-01', day || ' days', (36000 + a % 36000) || ' seconds') AS at,
             CASE WHEN c / 8 % 100 < 62 THEN 'wecom' WHEN c / 8 % 100 < 82 THEN 'sms' WHEN c / 8 % 100 < 92 THEN 'mini program' ELSE 'call' END AS channel
      FROM chosen WHERE treated) AS x
UNION ALL
SELECT 'd' || x.number, x.customer, x.at, 'wecom', NULL, 'due', CASE WHEN x.e % 10 < 3 THEN datetime(x.at, (x.e % 30000 + 60) || ' seconds') END
FROM (SELECT o.number, printf('c%06d', o.id) AS customer, o.e, datetime('2024-01-01', (o.day + 20 + o.b % 30) || ' days', (36000 + o.c % 36000) || ' seconds') AS at
      FROM basket AS o WHERE o.e / 8 % 6 = 0 AND o.day < 690) AS x;
CREATE TEMP TABLE used(campaign, id, number, time, PRIMARY KEY (campaign, id));
INSERT INTO used SELECT campaign, id, min(number), time FROM basket WHERE campaign IS NOT NULL GROUP BY campaign, id;
INSERT INTO coupons(coupon, customer, issued, redeemed, order_id, cost)
SELECT 'k' || h.number || '-' || h.id, printf('c%06d', h.id), datetime('2024-01-01', h.day || ' days', '10 hours'),
       o.time, printf('o%07d', o.number), 3000
FROM chosen AS h JOIN plan AS k ON k.number = h.number
LEFT JOIN used AS o ON o.campaign = +h.number AND o.id = +h.id   -- +: over the key, whatever affinity
WHERE h.treated AND k.kind IN ('recall', 'fission');

-- ---- events, groups, conversations -----------------------------------------------------------

INSERT INTO events(customer, time, name, value, ref)
SELECT printf('c%06d', x.id), datetime('2024-01-01', x.second || ' seconds'), x.name, 1, x.ref
FROM (
  SELECT id, 86400 * (day - 1) + 40000 + a % 30000 AS second, 'live_booked' AS name, 'live ' || date('2024-01-01', day || ' days') AS ref FROM watcher WHERE booked
  UNION ALL SELECT id, 86400 * day + second, 'live_watched', 'live ' || date('2024-01-01', day || ' days') FROM watcher WHERE watched
  UNION ALL SELECT o.id, 86400 * o.day + o.second - o.c % 1800, 'visit', o.store FROM basket AS o WHERE o.place = 'store' AND o.store IS NOT NULL AND o.c % 10
  UNION ALL SELECT p.id, 86400 * (p.day + p.e % 200) + 36000 + p.b % 36000, 'visit', t.store FROM person AS p JOIN city AS t ON t.number = p.home
    WHERE p.a / 8 % 5 = 0 AND p.day + p.e % 200 BETWEEN julianday(t.opened) - julianday('2024-01-01') AND 730
  UNION ALL SELECT p.id, 86400 * (p.day + 3 + p.d % 50 * n.i) + 60000 + p.b % 20000, 'share', 'post ' || (1 + (p.day + p.d % 50 * n.i) / 10)
    FROM person AS p CROSS JOIN (SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3) AS n WHERE p.id % 25 = 0 OR p.b / 8 % 14 = 0
  UNION ALL SELECT p.id, 86400 * (p.day + 9 + p.c % 70 * n.i) + 50000 + p.a % 30000, 'content', 'post ' || (1 + (p.day + p.c % 70 * n.i) / 10)
    FROM person AS p CROSS JOIN (SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3) AS n WHERE p.e / 32 % 28 = 0
  UNION ALL SELECT p.id, 86400 * (p.day + 5 + p.b % 40 * n.i) + 45000 + p.c % 30000, CASE WHEN n.i = 3 AND p.a % 3 = 0 THEN 'feedback' ELSE 'group' END, printf('Q%02d', 1 + p.home * 2 + p.id % 2)
    FROM person AS p CROSS JOIN (SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3) AS n WHERE p.c / 32 % 9 = 0
  UNION ALL SELECT p.id, 86400 * (p.day + p.b % 60) + 40000 + p.d % 40000, 'link', 'moments' FROM person AS p WHERE p.d / 64 % 5 = 0
  UNION ALL SELECT p.id, 86400 * (p.day + p.b % 60) + 40000 + p.d % 40000 + 200 + p.e % 900, 'cart', 'moments' FROM person AS p WHERE p.d / 64 % 5 = 0 AND p.e % 100 < 37) AS x
WHERE x.second < 731 * 86400;

INSERT INTO chat_groups(chat, time, members, members_new, members_active, messages)
SELECT printf('Q%02d', t.number * 2 + n.i), k.date, 60 + k.n / 5 + t.number * 3, k.n % 3, (60 + k.n / 5) * (4 + (k.n * 7 + t.number) % 11) / 100 * (CASE WHEN t.number = 10 THEN 0 ELSE 1 END), 10 + k.n * 13 % 60
FROM city AS t CROSS JOIN (SELECT 1 AS i UNION ALL SELECT 2) AS n JOIN calendar AS k ON k.date > t.opened;

-- A question, mostly an answer, faster from year to year.
INSERT INTO chats(conversation, customer, staff, time, from_customer)
SELECT 'v' || x.id || '-' || x.i, printf('c%06d', x.id), printf('G%02d', x.staff), datetime('2024-01-01', (x.second + n.i * x.wait) || ' seconds'), n.i = 0
FROM (SELECT p.id, m.i, 1 + p.home * 5 + p.id % 5 AS staff, 86400 * (p.day + p.c % 90 * m.i) + 34000 + p.a % 46000 AS second,
             20 + (p.b % 400) * (p.e % 400) / (40 + (p.day + p.c % 90 * m.i) / 4) AS wait, (p.b + m.i) % 17 > 0 AS answered
      FROM person AS p CROSS JOIN (SELECT 0 AS i UNION ALL SELECT 1 UNION ALL SELECT 2) AS m WHERE p.d / 128 % 4 = 0) AS x
JOIN (SELECT 0 AS i UNION ALL SELECT 1) AS n ON n.i = 0 OR x.answered
WHERE x.second + 90000 < 731 * 86400;
COMMIT;

DROP TABLE temp.city; DROP TABLE temp.product; DROP TABLE temp.calendar; DROP TABLE temp.draw; DROP TABLE temp.person; DROP TABLE temp.plan;
DROP TABLE temp.chosen; DROP TABLE temp.watcher; DROP TABLE temp.purchase; DROP TABLE temp.basket; DROP TABLE temp.habit; DROP TABLE temp.used; DROP TABLE temp.guide; DROP TABLE temp.month;
