-- States of aggregates as they are stored, and figures that need much arithmetic: the same bytes
-- on every platform, so that a state written on one can be read on any other.
CREATE TABLE o(customer, t, amount, seg);
WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM i WHERE i < 300)
INSERT INTO o SELECT
  CASE i % 4 WHEN 0 THEN i * 37 % 41 WHEN 1 THEN 'c' || i * 37 % 41 WHEN 2 THEN CAST('b' || i % 7 AS BLOB) ELSE NULL END,
  '2024-' || substr('0' || (1 + i * 11 % 12), -2) || '-' || substr('0' || (1 + i * 17 % 28), -2) || ' 10:00:00',
  CASE WHEN i % 9 = 0 THEN -(i * 31 % 500) WHEN i % 5 = 0 THEN i * 0.37 ELSE i * 97 % 2000 END, i % 3 = 0 FROM i;
SELECT 'gmv', gmv_state(amount) FROM o;
SELECT 'arpu', arpu_state(customer, amount) FROM o;
SELECT 'arppu', arppu_state(customer, amount) FROM o;
SELECT 'gini', gini_state(customer, amount), gini(customer, amount) FROM o;
SELECT 'top_share', top_share(customer, amount, 0.2) FROM o;
SELECT 'repurchase_rate', repurchase_rate_state(customer, t, 30, '2024-12-31'), repurchase_rate(customer, t, 30, '2024-12-31') FROM o;
SELECT 'purchase_cycle', purchase_cycle_state(customer, t, 0.5), purchase_cycle(customer, t, 0.5) FROM o;
SELECT 'ltv', ltv_state(customer, t, amount, '2024-12-31'), ltv(customer, t, amount, '2024-12-31') FROM o;
SELECT 'lifecycle_stage_at', seg, lifecycle_stage_at_state(t, '2024-12-31') FROM o GROUP BY seg;
SELECT 'window_funnel', customer, window_funnel_state('60 days', t, amount > 100, amount < 50, amount > 900) FROM o GROUP BY customer;
SELECT 'uplift', uplift_state(seg, amount), uplift_interval(seg, amount), uplift_p_value(seg, amount) FROM o;
SELECT 'merged', arpu_merge(s), gini_merge(g) FROM (SELECT arpu_state(customer, amount) AS s, gini_state(customer, amount) AS g FROM o GROUP BY seg);
SELECT * FROM cohort_window('o', 'customer', 't', 'amount', 'quarter');
SELECT * FROM customer_summary('o', 'customer', 't', 'amount') LIMIT 20;
-- A fit is where a search for a maximum ends, and near it the value is flat: the last digits of exp()
-- and log(), in which C libraries differ, move the end by 2e-9 (armhf).  Seven digits are the same.
WITH f(j) AS (SELECT btyd_fit('bgnbd', frequency, recency, age) FROM customer_summary('o', 'customer', 't', 'amount'))
SELECT 'btyd_fit', fullkey, CASE type WHEN 'real' THEN printf('%.7g', atom) ELSE atom END FROM f, json_tree(j) WHERE atom IS NOT NULL AND fullkey NOT GLOB '*warnings*';
SELECT 'btyd_fit_state', btyd_fit_state('bgnbd', frequency, recency, age) FROM customer_summary('o', 'customer', 't', 'amount');
SELECT 'period_start', period_start('week', t, 'Asia/Shanghai') FROM o LIMIT 5;
-- A ledger's pages, what is read from them, and the states of tables.
CREATE VIRTUAL TABLE l USING siyu_ledger(source=o, customer_col=customer, time_col=t, amount_col=amount, segment_cols='seg');
INSERT INTO l(l) VALUES('sync');
UPDATE o SET amount = 77 WHERE rowid % 50 = 0;
INSERT INTO l(l) VALUES('sync');
INSERT INTO l(l) VALUES('integrity-check');
SELECT 'ledger', id, run, part, weight, first, last, body FROM l_chunk ORDER BY id;
SELECT 'config', k, v FROM l_config ORDER BY k;
SELECT * FROM l LIMIT 30;
SELECT * FROM period_summary('l', grain='quarter');
SELECT 'cohort_window', cohort_window_state(customer, t, amount, 'quarter') FROM o;
SELECT 'period_summary', period_summary_state(customer, t, amount) FROM o;
SELECT 'stage_transition', stage_transition_state(customer, t, '2024-06-30', '2024-12-31') FROM o;
CREATE TABLE parts AS SELECT seg, cohort_window_state(customer, t, amount, 'quarter') AS state FROM o GROUP BY seg;
SELECT * FROM cohort_window_merge('parts');
