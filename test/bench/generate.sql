-- Orders in time order over two years from 2023-01-01.  :rows and :customers are parameters.
-- Odd rows visit every customer in turn, in scattered order (7919 and the number of
-- customers have no common factor); even rows favour some.  One row in fifty is a refund.
CREATE TABLE orders(customer INTEGER, time INTEGER, amount INTEGER);
INSERT INTO orders
SELECT 1 + CASE n % 2 WHEN 1 THEN n / 2 * 7919 % :customers
                      ELSE min(n * 48271 % 2147483647 % :customers,
                               n * 69621 % 2147483647 % :customers) END,
       1672531200 + n * 63072000 / :rows,
       CASE WHEN n % 50 = 7 THEN -1 ELSE 1 END * (100 + n * 40692 % 2147483399 % 49900)
FROM (WITH RECURSIVE counter(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < :rows)
      SELECT n FROM counter);

-- The same with keys as WeChat gives them, 28 characters, and ISO times.
CREATE TABLE text_orders(customer TEXT, time TEXT, amount INTEGER);
INSERT INTO text_orders
SELECT printf('o%011x-%015d', customer * 2654435761 % 17592186044399, customer),
       datetime(time, 'unixepoch'), amount
FROM orders;

-- The first once more, with an index that hands the rows over by customer.
CREATE TABLE indexed_orders AS SELECT * FROM orders;
CREATE INDEX orders_by_customer ON indexed_orders(customer, time, amount);

-- The month of each day since 1970, counted from the first one of the orders.
CREATE TABLE calendar(day INTEGER PRIMARY KEY, month INTEGER);
INSERT INTO calendar
WITH RECURSIVE days(day) AS (SELECT 19358 UNION ALL SELECT day + 1 FROM days WHERE day < 20088)
SELECT day, (strftime('%Y', day * 86400, 'unixepoch') - 2023) * 12 + strftime('%m', day * 86400, 'unixepoch') - 1 FROM days;

-- Three steps of a funnel, two rows in three meeting one of them.
CREATE TABLE visits(customer INTEGER, time INTEGER, seen INTEGER, asked INTEGER, paid INTEGER);
INSERT INTO visits
SELECT customer, time, amount % 9 IN (0, 1, 2), amount % 9 IN (3, 4), amount % 9 = 5 FROM orders;

-- Who brought whom: an older member, four times in five; some four generations.
CREATE TABLE members(customer INTEGER PRIMARY KEY, referrer INTEGER, amount INTEGER);
INSERT INTO members
SELECT n, CASE WHEN n > 1 AND n * 69621 % 2147483647 % 5 THEN 1 + n * 48271 % 2147483647 % (n - 1) END,
       n * 40692 % 2147483399 % 49900
FROM (WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < :customers)
      SELECT n FROM counter);

-- Two touches per customer in eight channels, an order in fifty to be attributed.
CREATE TABLE touches(customer INTEGER, time INTEGER, channel TEXT);
INSERT INTO touches
SELECT 1 + n * 48271 % 2147483647 % :customers, 1672531200 + n * 315360000 / :rows,
       substr('wecom   live    search  sms     store   call    group   mail', 1 + 8 * (n * 40692 % 2147483399 % 8), 6)
FROM (WITH RECURSIVE counter(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < :rows / 5)
      SELECT n FROM counter);
UPDATE touches SET channel = trim(channel);
CREATE TABLE conversions AS SELECT customer, time, amount FROM orders WHERE rowid % 50 = 1;

-- Two ids on each record, three records to a person, who shares an id with the next: phone,
-- openid, unionid.  `person` is the truth, which only the plain SQL reads.
CREATE TABLE links(record INTEGER, id_type TEXT, id_value INTEGER, person INTEGER);
INSERT INTO links
SELECT r * 69621 % 2147483647, substr('phone  openid unionid', 1 + 7 * j, 7), (r / 3 * 3 + j) * 48271 % 2147483647, r / 3
FROM (SELECT n / 2 AS r, (n / 2 + n % 2) % 3 AS j
      FROM (WITH RECURSIVE counter(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < :rows)
            SELECT n * 7919 % :rows AS n FROM counter));
UPDATE links SET id_type = trim(id_type);
