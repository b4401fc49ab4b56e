-- From orders to a ranked list of customers with predicted value: docs/prediction.md.
--
-- Needs the table orders(customer, time, amount), one row per order.  Change the line of
-- setting: the last day that orders is complete for, the days to look ahead, the yearly
-- discount.

CREATE TABLE setting AS SELECT '1998-06-30' AS as_of, 365 AS horizon, 0.1 AS discount;

-- 1. Purchase days: all orders of a day are one purchase, refunds and orders without money are none.
CREATE VIEW purchase_day AS
SELECT customer, period_start('day', time) AS day, sum(amount) AS amount
FROM orders, setting
WHERE amount > 0 AND period_start('day', time) <= as_of
GROUP BY customer, period_start('day', time);

-- 2. Histories, in days.  monetary is the mean of the repeat days, 0 without one.
CREATE TABLE history AS
SELECT customer, count(*) - 1 AS frequency,
       CAST(julianday(max(day)) - julianday(first) AS INTEGER) AS recency,
       CAST(julianday(as_of) - julianday(first) AS INTEGER) AS age,
       coalesce(avg(amount) FILTER (WHERE day > first), 0) AS monetary
FROM (SELECT *, min(day) OVER (PARTITION BY customer) AS first FROM purchase_day), setting
GROUP BY customer;

-- 3. Two fits over all customers.
CREATE TABLE fit AS
SELECT btyd_fit('mbgnbd', frequency, recency, age) AS buying,
       gamma_gamma_fit(frequency, monetary) AS spending
FROM history;

.mode box
SELECT json_extract(buying, '$.model') AS model, json_extract(buying, '$.status') AS status,
       round(json_extract(buying, '$.lr_vs_nbd'), 1) AS lr_vs_nbd,
       json_extract(buying, '$.warnings') AS warnings,
       json_extract(spending, '$.status') AS spend_status,
       json_extract(spending, '$.warnings') AS spend_warnings
FROM fit;

-- 4. Gamma-Gamma takes frequency and spend for independent: this should be near 0.
SELECT round((avg(frequency*monetary) - avg(frequency)*avg(monetary))
         / geometric_mean(avg(frequency*frequency) - avg(frequency)*avg(frequency),
                          avg(monetary*monetary) - avg(monetary)*avg(monetary)), 3) AS correlation
FROM history WHERE frequency > 0 AND monetary > 0;

-- 5. Everybody's prediction.
CREATE TABLE prediction AS
SELECT history.*,
       p_alive(buying, frequency, recency, age) AS alive,
       expected_purchases(buying, frequency, recency, age, horizon) AS purchases,
       expected_spend(spending, frequency, monetary) AS spend,
       predicted_ltv(buying, spending, frequency, recency, age, monetary, horizon, discount) AS value
FROM history, fit, setting;

SELECT customer, frequency, recency, age, round(monetary, 2) AS monetary, round(alive, 3) AS alive,
       round(purchases, 2) AS purchases, round(spend, 2) AS spend, round(value, 2) AS value
FROM prediction ORDER BY value DESC LIMIT 10;

-- 6. What groups of a tenth of the customers are worth.
SELECT tenth, count(*) AS customers, round(avg(alive), 3) AS alive, round(sum(purchases)) AS purchases,
       round(sum(value)) AS value, round(100*sum(value)/(SELECT sum(value) FROM prediction), 1) AS percent
FROM (SELECT *, ntile(10) OVER (ORDER BY value DESC, customer) AS tenth FROM prediction)
GROUP BY tenth;
