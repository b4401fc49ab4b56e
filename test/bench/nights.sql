-- What nightly states and one file a shop cost: 1 M orders of 100,000 customers through a year, in four
-- shops.  User CPU time by the shell's timer; an answer that differs from that of all rows ends the run.
--
--     mkdir -p build/bench/shops && cd build/bench/shops && rm -f *.db && sqlite3 -batch -bail :memory: <../../../test/bench/nights.sql
.load ../../../siyu
CREATE TABLE orders AS
WITH RECURSIVE i(n) AS (VALUES(0) UNION ALL SELECT n + 1 FROM i WHERE n < 999999)
SELECT n * 7919 % 100000 AS customer, 1672531200 + n * 48271 % 31536000 AS time, n % 900 + 100 AS amount, n / 7 % 4 AS shop FROM i;
CREATE TABLE same(same CHECK(same));
CREATE TEMP TABLE answer(who, cohort, period, customers, revenue);

.print == cohort_window of the table itself
.timer on
INSERT INTO answer SELECT 'table', cohort, period, customers, revenue FROM cohort_window('orders', 'customer', 'time', 'amount');
.timer off
.print == one state of all rows; its bytes per order
.timer on
CREATE TABLE whole AS SELECT cohort_window_state(customer, time, amount) AS state FROM orders;
.timer off
SELECT round(sum(length(state)) / 1e6, 2) FROM whole;
.print == the orders grouped by day, with no figure
.timer on
SELECT count(*) FROM (SELECT sum(amount) FROM orders GROUP BY date(time, 'unixepoch'));
.timer off
.print == a state of cohort_window for each of the nights; their number and bytes per order
.timer on
CREATE TABLE night AS SELECT date(time, 'unixepoch') AS day, cohort_window_state(customer, time, amount) AS cohorts FROM orders GROUP BY 1;
.timer off
SELECT count(*), round(sum(length(cohorts)) / 1e6, 2) FROM night;
.print == cohort_window_merge of them
.timer on
INSERT INTO answer SELECT 'nights', cohort, period, customers, revenue FROM cohort_window_merge('night', 'cohorts');
.timer off
.print == arpu of the table itself
.timer on
SELECT arpu(customer, amount) FROM orders;
.timer off
.print == a state of arpu for each of the nights; bytes per order
.timer on
CREATE TABLE arpus AS SELECT date(time, 'unixepoch') AS day, arpu_state(customer, amount) AS arpu FROM orders GROUP BY 1;
.timer off
SELECT round(sum(length(arpu)) / 1e6, 2) FROM arpus;
.print == arpu_merge of them
.timer on
SELECT arpu_merge(arpu) FROM arpus;
.timer off
INSERT INTO same SELECT (SELECT arpu_merge(arpu) FROM arpus) = (SELECT arpu(customer, amount) FROM orders);
.print == one more night: its state (2,740 orders), and the year merged anew
.timer on
CREATE TABLE last AS SELECT cohort_window_state(customer, time, amount) AS state FROM orders WHERE time >= 1672531200 + 364 * 86400;
SELECT count(*) FROM cohort_window_merge('night', 'cohorts');
.timer off

ATTACH 'north.db' AS north; CREATE TABLE north.orders AS SELECT * FROM main.orders WHERE shop = 0;
ATTACH 'east.db' AS east; CREATE TABLE east.orders AS SELECT * FROM main.orders WHERE shop = 1;
ATTACH 'south.db' AS south; CREATE TABLE south.orders AS SELECT * FROM main.orders WHERE shop = 2;
ATTACH 'west.db' AS west; CREATE TABLE west.orders AS SELECT * FROM main.orders WHERE shop = 3;
.print == a state of each of four files; bytes per order
.timer on
CREATE TEMP TABLE shard AS
  SELECT 'north' AS shop, cohort_window_state(customer, time, amount) AS state FROM north.orders
  UNION ALL SELECT 'east', cohort_window_state(customer, time, amount) FROM east.orders
  UNION ALL SELECT 'south', cohort_window_state(customer, time, amount) FROM south.orders
  UNION ALL SELECT 'west', cohort_window_state(customer, time, amount) FROM west.orders;
.timer off
SELECT round(sum(length(state)) / 1e6, 2) FROM shard;
.print == cohort_window_merge of the four
.timer on
INSERT INTO answer SELECT 'files', cohort, period, customers, revenue FROM cohort_window_merge('temp.shard');
.timer off
INSERT INTO same SELECT count(*) > 30 AND min(n) = 3 FROM (SELECT count(DISTINCT who) AS n FROM answer GROUP BY cohort, period, customers, revenue);
.print == every answer was the same
