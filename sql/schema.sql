-- Tables of a private domain and its key figures as views.
--
--     sqlite3 brand.db
--     .load ./siyu
--     .read sql/schema.sql
--
-- Identifiers are TEXT: a customer number is not a quantity, and '1' and 1 are two
-- customers.  Money is an INTEGER of minor units (分, pence, cents); the views divide by
-- 100.  A refund is a row of orders with a negative amount: money, but no order.
-- The shell's .import makes '' of an empty field; siyu takes it for NULL.

CREATE TABLE customers(
  customer  TEXT PRIMARY KEY NOT NULL CHECK (trim(customer) <> ''),
  joined    TEXT,                          -- when the brand could first reach them
  channel   TEXT                           -- where they came from
);
CREATE TABLE orders(
  order_id  TEXT NOT NULL CHECK (trim(order_id) <> ''),
  customer  TEXT NOT NULL REFERENCES customers(customer),
  time      TEXT NOT NULL,
  amount    INTEGER NOT NULL CHECK (typeof(amount) = 'integer')
);
CREATE TABLE referrals(
  customer  TEXT NOT NULL REFERENCES customers(customer),
  referrer  TEXT NOT NULL
);
-- One row per customer and staff member: count edges and people apart.
CREATE TABLE contacts(
  customer  TEXT NOT NULL REFERENCES customers(customer),
  staff     TEXT NOT NULL,
  added     TEXT NOT NULL,
  deleted   TEXT                           -- NULL or '': still there
);
-- The end of observation.  Nothing here reads the clock: without a row it is the day of
-- the last order.
CREATE TABLE observation(
  only_row  INTEGER PRIMARY KEY CHECK (only_row = 1),
  as_of     TEXT NOT NULL
);

CREATE VIEW observed AS
SELECT coalesce((SELECT as_of FROM observation),
                (SELECT max(period_start('day', time)) FROM orders)) AS as_of;

-- Every customer, those without orders too.
CREATE VIEW customer_orders AS
SELECT c.customer, o.order_id, o.time, o.amount
FROM customers AS c LEFT JOIN orders AS o ON o.customer = c.customer;

-- gmv = effective_customers * arppu; arpu is per head of all customers.
CREATE VIEW kpi_value AS
SELECT count(DISTINCT customer)                           AS customers,
       count(*) FILTER (WHERE amount >= 0)                AS orders,
       gmv(amount) / 100.0                                AS gmv,
       effective_customers(customer, amount)              AS effective_customers,
       arpu(customer, amount) / 100                       AS arpu,
       arppu(customer, amount) / 100                      AS arppu,
       aov(amount) FILTER (WHERE order_id IS NOT NULL) / 100 AS aov
FROM customer_orders;

-- `first` marks the rows of a customer's first order ever, its refund (same order_id) too.
-- Times are put in order by their hour, since '2024/1/9' stands after '2024/1/10' as text.
CREATE VIEW order_history AS
SELECT o.*, order_id = first_value(order_id) OVER (
         PARTITION BY customer
         ORDER BY amount < 0, period_start('hour', time), time, order_id) AS first
FROM orders AS o;

CREATE VIEW kpi_month AS
SELECT period_start('month', time)               AS month,
       gmv(amount) / 100.0                       AS gmv,
       effective_customers(customer, amount)     AS effective_customers,
       arppu(customer, amount) / 100             AS arppu,
       aov(amount) / 100                         AS aov,
       count(*) FILTER (WHERE first AND amount >= 0) AS first_buyers,
       revenue_share(amount, NOT first)          AS repeat_revenue_share
FROM order_history GROUP BY 1;

-- Customers who ordered again; within n days: of the customers old enough to tell.
CREATE VIEW kpi_repurchase AS
SELECT count(DISTINCT customer)                             AS buyers,
       repurchase_rate(customer)                            AS repurchase_rate,
       repurchase_rate(customer, time, '30 days', as_of)    AS within_30_days,
       repurchase_rate(customer, time, '60 days', as_of)    AS within_60_days,
       repurchase_rate(customer, time, '90 days', as_of)    AS within_90_days
FROM orders, observed WHERE amount >= 0;

-- The parts are JSON, money in minor units; json_extract(parts, '$.lifespan_years') and so
-- on.  They are not taken apart here: older SQLite refuses its JSON functions in the views
-- of a schema that is not trusted.
CREATE VIEW kpi_ltv AS
SELECT ltv(customer, time, amount, as_of) / 100 AS ltv,
       ltv_parts(customer, time, amount, as_of) AS parts
FROM orders, observed;

-- Where each customer stands: dormant after 90 silent days, churned after 180, mature
-- from the third order.
CREATE VIEW customer_stage AS
SELECT customer,
       count(time) FILTER (WHERE amount >= 0) AS orders,
       lifecycle_stage_at(time, as_of) FILTER (WHERE amount >= 0) AS stage
FROM customer_orders, observed GROUP BY customer;

CREATE VIEW kpi_stage AS
SELECT stage, count(*) AS customers,
       1.0 * count(*) / sum(count(*)) OVER () AS share
FROM customer_stage GROUP BY stage
ORDER BY CASE stage WHEN 'introduction' THEN 1 WHEN 'growth' THEN 2 WHEN 'maturity' THEN 3
                    WHEN 'dormant' THEN 4 ELSE 5 END;

CREATE VIEW kpi_referral AS
SELECT referral_rate(c.customer, r.referrer) AS referral_rate,
       referrer_rate(c.customer, r.referrer) AS referrer_rate,
       (SELECT revenue_share(o.amount, o.customer IN (SELECT customer FROM referrals))
        FROM orders AS o)                    AS referred_revenue_share
FROM customers AS c LEFT JOIN referrals AS r ON r.customer = c.customer;

CREATE VIEW customer_referrers AS
SELECT c.customer, r.referrer FROM customers AS c LEFT JOIN referrals AS r ON r.customer = c.customer;

-- The tree as a table of its own: a view over it works in a schema that is not trusted, too.
CREATE VIRTUAL TABLE customer_tree USING referral_tree(source=customer_referrers, customer_col=customer, referrer_col=referrer);

-- K by generation: how many each customer of a generation brought; generation 0 came alone.
CREATE VIEW kpi_generation AS
SELECT depth                                                AS generation,
       count(*)                                             AS customers,
       sum(direct)                                          AS brought,
       1.0 * sum(direct) / count(*)                         AS k
FROM customer_tree
WHERE root IS NOT NULL GROUP BY depth;

CREATE VIEW kpi_contact AS
SELECT count(*)                                            AS contacts,
       count(*) FILTER (WHERE still_there)                 AS contacts_now,
       count(DISTINCT customer)                            AS people,
       count(DISTINCT customer) FILTER (WHERE still_there) AS people_now,
       retention_rate(customer, 1, still_there)            AS people_retention
FROM (SELECT customer, coalesce(trim(deleted), '') = '' AS still_there FROM contacts);
