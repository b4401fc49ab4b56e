-- keeps: order_rows
-- makes: order_marks, order_left_out, order_span_rows, order_people, order_history, order_nobody, order_ledger, order_counts
-- needs: order_statuses
-- shared: order_marks, order_people, order_history, order_nobody, order_ledger, order_counts
-- says: 订单只读一遍：不计入的行、三个周期内的行；其余按客户排好 | The orders are gone through once: which rows are left out, which are in one of the three spans; the others by customer
CREATE TABLE temp.order_marks(
  id INTEGER PRIMARY KEY, what, status, at, order_id, customer, amount, is_order, source, shop, store, staff, channel, campaign,
  in_period, in_previous, in_year_ago);

INSERT INTO temp.order_marks
SELECT m.id,
       CASE WHEN m.at IS NULL THEN 'no_time' WHEN m.at > s.until THEN 'after' WHEN m.closed THEN 'status' END,
       o.status, m.at, o.order_id,
       nullif(o.customer, ''),
       o.amount,
       coalesce(o.amount + 0, 0) >= 0,
       CASE WHEN o.source >= '!' OR trim(o.source) <> '' THEN o.source END,
       CASE WHEN o.shop >= '!' OR trim(o.shop) <> '' THEN o.shop END,
       CASE WHEN o.store >= '!' OR trim(o.store) <> '' THEN o.store END,
       CASE WHEN o.staff >= '!' OR trim(o.staff) <> '' THEN o.staff END,
       CASE WHEN o.channel >= '!' OR trim(o.channel) <> '' THEN o.channel END,
       CASE WHEN o.campaign >= '!' OR trim(o.campaign) <> '' THEN o.campaign END,
       m.at BETWEEN s.period_from AND s.period_until,
       m.at BETWEEN s.previous_from AND s.previous_until,
       m.at BETWEEN s.year_ago_from AND s.year_ago_until
FROM observed AS s
CROSS JOIN (SELECT o.rowid AS id, local_time(o.time, z.tz) AS at,
                   CASE WHEN o.status IS NULL OR o.status = (SELECT status FROM usual_status) THEN 0
                        ELSE lower(trim(o.status)) IN (SELECT status FROM order_statuses) END AS closed
            FROM observed AS z CROSS JOIN orders AS o LIMIT -1) AS m
CROSS JOIN orders AS o ON o.rowid = m.id
WHERE m.closed OR m.at IS NULL OR m.at > s.until
   OR m.at BETWEEN s.period_from AND s.period_until
   OR m.at BETWEEN s.previous_from AND s.previous_until
   OR m.at BETWEEN s.year_ago_from AND s.year_ago_until;

CREATE TEMP VIEW order_left_out AS
SELECT id, what, CASE WHEN what = 'status' THEN status END AS status, amount, order_id FROM temp.order_marks WHERE what IS NOT NULL;

CREATE TEMP VIEW order_span_rows AS
SELECT order_id, customer, at, amount, is_order, source, shop, store, staff, channel, campaign, in_period, in_previous, in_year_ago
FROM temp.order_marks WHERE what IS NULL;

-- Customers by number, in the order of their names; their rows are those of order_history from first_id to last_id.
CREATE TABLE temp.order_people(number INTEGER PRIMARY KEY, customer, first_id INTEGER, last_id INTEGER, left_out INTEGER);

INSERT INTO temp.order_people(customer, first_id, last_id, left_out)
SELECT customer, last_id - rows + 1, last_id, left_out
FROM (SELECT a.customer, coalesce(l.rows, 0) AS left_out, a.rows - coalesce(l.rows, 0) AS rows,
             sum(a.rows - coalesce(l.rows, 0)) OVER (ORDER BY a.customer ROWS UNBOUNDED PRECEDING) AS last_id
      FROM (SELECT customer COLLATE BINARY AS customer, count(*) AS rows FROM orders WHERE customer <> '' GROUP BY 1) AS a
      LEFT JOIN (SELECT customer, count(*) AS rows FROM temp.order_marks WHERE what IS NOT NULL GROUP BY customer) AS l ON l.customer = +a.customer)
WHERE rows > 0
ORDER BY customer;

CREATE INDEX temp.order_people_customer ON order_people(customer);

ANALYZE temp.order_people;

CREATE TABLE temp.order_history(id INTEGER PRIMARY KEY, customer INTEGER, at TEXT, amount, order_row INTEGER);

INSERT INTO temp.order_history(customer, at, amount, order_row)
SELECT p.number, local_time(o.time, s.tz), o.amount, o.rowid
FROM observed AS s CROSS JOIN temp.order_people AS p CROSS JOIN orders AS o ON p.customer = o.customer
WHERE p.left_out = 0 OR o.rowid NOT IN (SELECT id FROM temp.order_marks WHERE what IS NOT NULL);

CREATE TABLE temp.order_nobody AS
SELECT o.order_id, NULL AS customer, local_time(o.time, s.tz) AS at, o.amount, coalesce(o.amount + 0, 0) >= 0 AS is_order
FROM observed AS s CROSS JOIN orders AS o
WHERE (o.customer IS NULL OR o.customer = '') AND o.rowid NOT IN (SELECT id FROM temp.order_marks WHERE what IS NOT NULL);

-- the histories packed: its tables read some 5 bytes a row
CREATE VIRTUAL TABLE temp.order_ledger USING siyu_ledger(source=order_history, customer_col=customer, time_col=at, amount_col=amount);

INSERT INTO temp.order_ledger(order_ledger) VALUES ('sync');

CREATE TABLE temp.order_counts AS
SELECT sum(rows) AS rows, sum(orders) AS orders, sum(amount) AS amount
FROM (SELECT count(*) AS rows, count(*) FILTER (WHERE coalesce(amount + 0, 0) >= 0) AS orders, sum(amount) AS amount FROM temp.order_history
      UNION ALL
      SELECT count(*), count(*) FILTER (WHERE is_order), sum(amount) FROM temp.order_nobody);
