-- Online Retail (UCI, CC BY 4.0, D. Chen 2015): the SQL of docs/walkthrough-online-retail.md.
--
--     gunzip -c online_retail.csv.gz > build/online_retail.csv
--     sqlite3 -cmd ".load ./siyu" -cmd ".import --csv build/online_retail.csv line"
--     .read sql/online_retail.sql
--
-- Each figure is computed twice, by siyu and by plain SQL, into the table figure.

-- 1. Orders
CREATE VIEW orders_view AS
SELECT InvoiceNo AS order_id, CustomerID AS customer, min(InvoiceDate) AS time,
       CAST(round(100 * sum(Quantity * UnitPrice)) AS INTEGER) AS amount
FROM line
WHERE CustomerID <> '' AND CAST(Quantity AS INTEGER) > 0 AND CAST(UnitPrice AS REAL) > 0
GROUP BY InvoiceNo, CustomerID;

CREATE VIEW net_orders_view AS
SELECT * FROM orders_view
UNION ALL
SELECT InvoiceNo, CustomerID, min(InvoiceDate),
       CAST(round(100 * sum(Quantity * UnitPrice)) AS INTEGER)
FROM line
WHERE CustomerID <> '' AND InvoiceNo LIKE 'C%'
GROUP BY InvoiceNo, CustomerID;

CREATE TABLE orders AS SELECT * FROM orders_view;
CREATE TABLE net_orders AS SELECT * FROM net_orders_view;
CREATE TABLE figure(section, name, siyu, plain_sql);

.mode box
SELECT (SELECT count(*) FROM line) AS lines, (SELECT count(*) FROM orders) AS orders,
       (SELECT count(DISTINCT customer) FROM orders) AS customers,
       (SELECT count(*) FROM net_orders WHERE amount < 0) AS cancellations;

-- 2. Value
INSERT INTO figure
SELECT 'value', 'GMV', (SELECT gmv(amount) / 100.0 FROM orders), (SELECT sum(amount) / 100.0 FROM orders)
UNION ALL
SELECT 'value', 'ARPU', (SELECT arpu(customer, amount) / 100 FROM orders),
       (SELECT sum(amount) / 100.0 / count(DISTINCT customer) FROM orders)
UNION ALL
SELECT 'value', 'AOV', (SELECT aov(amount) / 100 FROM orders), (SELECT avg(amount) / 100 FROM orders)
UNION ALL
SELECT 'value', 'GMV, net of cancellations', (SELECT gmv(amount) / 100.0 FROM net_orders),
       (SELECT sum(amount) / 100.0 FROM net_orders)
UNION ALL
SELECT 'value', 'effective customers, net', (SELECT effective_customers(customer, amount) FROM net_orders),
       (SELECT count(*) FROM (SELECT 1 FROM net_orders GROUP BY customer HAVING sum(amount) > 0))
UNION ALL
SELECT 'value', 'ARPU, net', (SELECT arpu(customer, amount) / 100 FROM net_orders),
       (SELECT sum(amount) / 100.0 / count(DISTINCT customer) FROM net_orders)
UNION ALL
SELECT 'value', 'ARPPU, net', (SELECT arppu(customer, amount) / 100 FROM net_orders),
       (SELECT sum(money) / 100.0 / sum(money > 0)
        FROM (SELECT sum(amount) AS money FROM net_orders GROUP BY customer))
UNION ALL
SELECT 'value', 'AOV, net', (SELECT aov(amount) / 100 FROM net_orders),
       (SELECT sum(amount) / 100.0 / sum(amount >= 0) FROM net_orders);

SELECT name, round(siyu, 2) AS siyu, round(plain_sql, 2) AS plain_sql FROM figure WHERE section = 'value';

-- 3. Repurchase
CREATE VIEW first_two AS
SELECT customer, max(time) FILTER (WHERE n = 1) AS first, max(time) FILTER (WHERE n = 2) AS second
FROM (SELECT customer, time, row_number() OVER (PARTITION BY customer ORDER BY time) AS n FROM orders)
GROUP BY customer;

INSERT INTO figure
SELECT 'repurchase', 'ever', (SELECT repurchase_rate(customer) FROM orders),
       (SELECT 1.0 * count(second) / count(*) FROM first_two);
INSERT INTO figure
SELECT 'repurchase', 'within ' || days || ' days',
       CASE days WHEN 30 THEN (SELECT repurchase_rate(customer, time, 30, '2011-12-09') FROM orders)
                 WHEN 60 THEN (SELECT repurchase_rate(customer, time, 60, '2011-12-09') FROM orders)
                 ELSE (SELECT repurchase_rate(customer, time, 90, '2011-12-09') FROM orders) END,
       (SELECT 1.0 * count(*) FILTER (WHERE second <= datetime(first, days || ' days')) / count(*)
        FROM first_two WHERE date(first, days || ' days') <= '2011-12-09')
FROM (SELECT 30 AS days UNION ALL SELECT 60 UNION ALL SELECT 90);

SELECT name, printf('%.2f %%', 100 * siyu) AS siyu, printf('%.2f %%', 100 * plain_sql) AS plain_sql
FROM figure WHERE section = 'repurchase';

-- 4. Lifetime value
CREATE VIEW life AS
SELECT customer, sum(amount) / 100.0 AS money, count(*) FILTER (WHERE amount >= 0) AS orders,
       julianday(min(time) FILTER (WHERE amount >= 0)) AS first,
       julianday(max(time) FILTER (WHERE amount >= 0)) AS last
FROM net_orders GROUP BY customer;

CREATE VIEW lives AS
SELECT sum(money) AS money, sum(orders) AS orders, count(first) AS customers,
       sum(julianday('2011-12-10') - last > 180) AS churned,
       sum(CASE WHEN julianday('2011-12-10') - last > 180 THEN last
                ELSE julianday('2011-12-10') END - first) / 365.25 AS years
FROM life;

CREATE TABLE parts AS
SELECT ltv_parts(customer, time, amount, '2011-12-09') AS json FROM net_orders;

INSERT INTO figure
SELECT 'ltv', 'lifespan, years', json_extract(json, '$.lifespan_years'), years / churned FROM parts, lives
UNION ALL
SELECT 'ltv', 'x AOV', json_extract(json, '$.aov') / 100, money / orders FROM parts, lives
UNION ALL
SELECT 'ltv', 'x orders per year', json_extract(json, '$.orders_per_year'), orders / years FROM parts, lives
UNION ALL
SELECT 'ltv', '= LTV', json_extract(json, '$.ltv') / 100, money / churned FROM parts, lives
UNION ALL
SELECT 'ltv', 'LTV by ltv()', (SELECT ltv(customer, time, amount, '2011-12-09') / 100 FROM net_orders),
       money / churned FROM lives
UNION ALL
SELECT 'ltv', 'repurchases per year', json_extract(json, '$.repurchases_per_year'),
       (orders - customers) / years FROM parts, lives
UNION ALL
SELECT 'ltv', 'customers', json_extract(json, '$.customers'), customers FROM parts, lives
UNION ALL
SELECT 'ltv', 'customers who left', json_extract(json, '$.churned'), churned FROM parts, lives;

SELECT name, round(siyu, 4) AS siyu, round(plain_sql, 4) AS plain_sql FROM figure WHERE section = 'ltv';

-- 5. Life-cycle stages
CREATE VIEW stage_siyu AS
SELECT stage, count(*) AS customers
FROM (SELECT lifecycle_stage_at(time, '2011-12-09') AS stage FROM orders GROUP BY customer)
GROUP BY stage;

CREATE VIEW stage_plain AS
SELECT CASE WHEN silent > 180 THEN 'churned' WHEN silent > 90 THEN 'dormant'
            WHEN n >= 3 THEN 'maturity' ELSE 'growth' END AS stage, count(*) AS customers
FROM (SELECT count(*) AS n, julianday('2011-12-10') - julianday(max(time)) AS silent
      FROM orders GROUP BY customer)
GROUP BY stage;

INSERT INTO figure
SELECT 'stage', stage, coalesce((SELECT customers FROM stage_siyu AS s WHERE s.stage = code.stage), 0),
       coalesce((SELECT customers FROM stage_plain AS p WHERE p.stage = code.stage), 0)
FROM (SELECT 'introduction' AS stage UNION ALL SELECT 'growth' UNION ALL SELECT 'maturity'
      UNION ALL SELECT 'dormant' UNION ALL SELECT 'churned') AS code;

SELECT name, siyu, plain_sql FROM figure WHERE section = 'stage';

-- 6. Cohorts
CREATE VIRTUAL TABLE net_cohorts USING cohort_window(source=net_orders, customer_col=customer, time_col=time, amount_col=amount,
  grain=month, as_of='2011-12-09');
CREATE VIEW cohort_siyu AS
SELECT substr(cohort, 1, 7) AS cohort, period, cohort_size, customers, retention, orders, revenue, cumulative_revenue,
       ltv, repeat_customers, repurchase_rate, eligible, eligible_customers, complete
FROM net_cohorts;

.mode column
SELECT cohort, max(cohort_size) AS size,
       max(shown) FILTER (WHERE period = 0) AS "0", coalesce(max(shown) FILTER (WHERE period = 1), '') AS "1",
       coalesce(max(shown) FILTER (WHERE period = 2), '') AS "2", coalesce(max(shown) FILTER (WHERE period = 3), '') AS "3",
       coalesce(max(shown) FILTER (WHERE period = 4), '') AS "4", coalesce(max(shown) FILTER (WHERE period = 5), '') AS "5",
       coalesce(max(shown) FILTER (WHERE period = 6), '') AS "6", coalesce(max(shown) FILTER (WHERE period = 7), '') AS "7",
       coalesce(max(shown) FILTER (WHERE period = 8), '') AS "8", coalesce(max(shown) FILTER (WHERE period = 9), '') AS "9",
       coalesce(max(shown) FILTER (WHERE period = 10), '') AS "10", coalesce(max(shown) FILTER (WHERE period = 11), '') AS "11",
       coalesce(max(shown) FILTER (WHERE period = 12), '') AS "12", printf('%.2f', sum(revenue) / 100.0 / max(cohort_size)) AS "LTV"
FROM (SELECT *, printf('%.0f%s', 100 * retention, CASE WHEN complete THEN '' ELSE '*' END) AS shown FROM cohort_siyu)
GROUP BY cohort;
.mode box

CREATE VIEW cohort_plain AS
WITH RECURSIVE
months AS (
  SELECT customer, amount, substr(time, 1, 4) * 12 + substr(time, 6, 2) - 1 AS month FROM net_orders),
first AS (SELECT customer, min(month) AS start FROM months WHERE amount >= 0 GROUP BY customer),
numbered AS (
  SELECT customer, month, row_number() OVER (PARTITION BY customer ORDER BY month) AS n FROM months WHERE amount >= 0),
size AS (SELECT start, count(*) AS cohort_size FROM first GROUP BY start),
grid AS (
  SELECT start, 0 AS period, cohort_size FROM size
  UNION ALL SELECT start, period + 1, cohort_size FROM grid WHERE start + period < 2011 * 12 + 11),
cell AS (
  SELECT start, month - start AS period, count(DISTINCT CASE WHEN amount >= 0 THEN customer END) AS customers,
         sum(amount >= 0) AS orders, sum(amount) AS revenue
  FROM months JOIN first USING (customer) WHERE month >= start GROUP BY 1, 2),
second AS (
  SELECT start, month - start AS period, count(*) AS customers
  FROM numbered JOIN first USING (customer) WHERE n = 2 GROUP BY 1, 2),
every AS (
  SELECT g.start, g.period, g.cohort_size, coalesce(c.customers, 0) AS customers, coalesce(c.orders, 0) AS orders,
         coalesce(c.revenue, 0) AS revenue, sum(coalesce(c.revenue, 0)) OVER past AS cumulative_revenue,
         sum(coalesce(s.customers, 0)) OVER past AS repeat_customers, g.start + g.period < 2011 * 12 + 11 AS complete
  FROM grid AS g LEFT JOIN cell AS c USING (start, period) LEFT JOIN second AS s USING (start, period)
  WINDOW past AS (PARTITION BY g.start ORDER BY g.period))
SELECT printf('%d-%02d', start / 12, start % 12 + 1) AS cohort, period, cohort_size, customers,
       1.0 * customers / cohort_size AS retention, orders, revenue, cumulative_revenue,
       1.0 * cumulative_revenue / cohort_size AS ltv, repeat_customers,
       1.0 * repeat_customers / cohort_size AS repurchase_rate,
       complete * cohort_size AS eligible, complete * customers AS eligible_customers, complete
FROM every;

INSERT INTO figure
SELECT 'cohort', 'rows that are in both', (SELECT count(*) FROM (SELECT * FROM cohort_siyu INTERSECT SELECT * FROM cohort_plain)),
       (SELECT count(*) FROM cohort_plain)
UNION ALL
SELECT 'cohort', 'rows', (SELECT count(*) FROM cohort_siyu), (SELECT count(*) FROM cohort_plain)
UNION ALL
SELECT 'cohort', 'customers', (SELECT sum(cohort_size) FROM cohort_siyu WHERE period = 0), (SELECT sum(cohort_size) FROM cohort_plain WHERE period = 0);

SELECT name, siyu, plain_sql FROM figure WHERE section = 'cohort';

-- 7. Do the two agree?
SELECT count(*) AS figures,
       count(*) FILTER (WHERE abs(siyu - plain_sql) <= 1e-9 * abs(plain_sql)) AS agree
FROM figure;
