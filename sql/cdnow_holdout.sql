-- Does the prediction come true?  CDNOW, 2,357 customers: fitted on 39 weeks to 1997-09-30,
-- compared with the 39 weeks after it: docs/prediction.md.
--
-- Needs the table orders(customer, time, amount) with the CDNOW sample.

-- 1. The first half in weeks, and the purchase days of the second half.
CREATE TABLE calibration AS
SELECT customer, count(*) FILTER (WHERE day <= '1997-09-30') - 1 AS frequency,
       (julianday(max(day) FILTER (WHERE day <= '1997-09-30')) - julianday(min(day)))/7 AS recency,
       (julianday('1997-09-30') - julianday(min(day)))/7 AS age,
       count(*) FILTER (WHERE day > '1997-09-30') AS actual
FROM (SELECT DISTINCT customer, period_start('day', time) AS day FROM orders WHERE amount >= 0 AND period_start('day', time) <= '1998-06-30')
GROUP BY customer
HAVING min(day) <= '1997-09-30';

-- 2. Three models.
CREATE TABLE model AS
WITH name(model) AS (VALUES ('bgnbd'), ('mbgnbd'), ('paretonbd'))
SELECT model, (SELECT btyd_fit(model, frequency, recency, age, 7) FROM calibration) AS fit FROM name;

.mode box
SELECT model, round(json_extract(fit, '$.r'), 4) AS r, round(json_extract(fit, '$.alpha'), 4) AS alpha,
       round(coalesce(json_extract(fit, '$.a'), json_extract(fit, '$.s')), 4) AS "a, s",
       round(coalesce(json_extract(fit, '$.b'), json_extract(fit, '$.beta')), 4) AS "b, beta",
       round(json_extract(fit, '$.log_likelihood'), 4) AS log_likelihood, json_extract(fit, '$.status') AS status
FROM model;

-- 3. The first half again: customers by repeat purchases, as they are and as expected.
CREATE VIEW expected_customers AS
WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 6)
SELECT n AS frequency, model, (SELECT sum(prob_purchases(fit, n, age)) FROM calibration) AS customers
FROM n, model;

SELECT frequency, (SELECT count(*) FROM calibration c WHERE c.frequency = e.frequency) AS actual,
       round(max(customers) FILTER (WHERE model = 'bgnbd'), 1) AS bgnbd,
       round(max(customers) FILTER (WHERE model = 'mbgnbd'), 1) AS mbgnbd,
       round(max(customers) FILTER (WHERE model = 'paretonbd'), 1) AS paretonbd
FROM expected_customers e GROUP BY frequency;

-- 4. The second half: purchases per customer, by the purchases of the first.
CREATE VIEW expected_holdout AS
SELECT min(frequency, 7) AS frequency, model, count(*) AS customers, sum(actual) AS actual,
       sum(expected_purchases(fit, frequency, recency, age, 39)) AS expected
FROM calibration, model GROUP BY min(frequency, 7), model;

SELECT CASE frequency WHEN 7 THEN '7+' ELSE frequency END AS repeats, customers, round(1.0*actual/customers, 3) AS actual,
       round(max(expected) FILTER (WHERE model = 'bgnbd')/customers, 3) AS bgnbd,
       round(max(expected) FILTER (WHERE model = 'mbgnbd')/customers, 3) AS mbgnbd,
       round(max(expected) FILTER (WHERE model = 'paretonbd')/customers, 3) AS paretonbd
FROM expected_holdout GROUP BY frequency;

SELECT model, sum(actual) AS actual, round(sum(expected), 1) AS expected,
       round(100*(sum(expected)/sum(actual) - 1), 1) AS percent_off
FROM expected_holdout GROUP BY model;
