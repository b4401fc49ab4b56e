-- The cohort matrix: of the customers who began in a month, the per cent who ordered n months
-- later.  A month that the observation cuts has a star; later ones are blank.
CREATE TEMP TABLE cell AS
SELECT substr(w.cohort, 1, 7) AS cohort, w.period, w.cohort_size, w.retention, w.complete, w.ltv
FROM observed, cohort_window('order_rows', 'customer', 'at', 'amount', 'month') AS w
WHERE w.as_of = observed.as_of;

CREATE TEMP VIEW shown AS
SELECT cohort, period, cohort_size, ltv,
       printf('%.0f%s', 100 * retention, CASE complete WHEN 0 THEN '*' ELSE '' END) AS percent
FROM cell WHERE cohort IN (SELECT DISTINCT cohort FROM cell ORDER BY cohort DESC LIMIT 24);
