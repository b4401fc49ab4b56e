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

CREATE TEMP VIEW matrix AS
SELECT cohort, printf('%,d', cohort_size) AS customers,
  coalesce(max(percent) FILTER (WHERE period =  0), '') AS "0",
  coalesce(max(percent) FILTER (WHERE period =  1), '') AS "1",
  coalesce(max(percent) FILTER (WHERE period =  2), '') AS "2",
  coalesce(max(percent) FILTER (WHERE period =  3), '') AS "3",
  coalesce(max(percent) FILTER (WHERE period =  4), '') AS "4",
  coalesce(max(percent) FILTER (WHERE period =  5), '') AS "5",
  coalesce(max(percent) FILTER (WHERE period =  6), '') AS "6",
  coalesce(max(percent) FILTER (WHERE period =  7), '') AS "7",
  coalesce(max(percent) FILTER (WHERE period =  8), '') AS "8",
  coalesce(max(percent) FILTER (WHERE period =  9), '') AS "9",
  coalesce(max(percent) FILTER (WHERE period = 10), '') AS "10",
  coalesce(max(percent) FILTER (WHERE period = 11), '') AS "11",
  coalesce(max(percent) FILTER (WHERE period = 12), '') AS "12",
  printf('%.2f', max(ltv) FILTER (WHERE period = (SELECT max(period) FROM cell AS c WHERE c.cohort = shown.cohort)) / 100) AS spent
FROM shown GROUP BY cohort;
