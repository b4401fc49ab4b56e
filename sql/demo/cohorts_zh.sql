-- The cohort matrix of cohorts.sql printed for reading, in Chinese.
.mode column
.headers on
.print
.print "8. 每月的新客，后来谁回来了？（占当月新客的百分比；* 尚未结束）"
.print
.width 8 -9 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -10
SELECT cohort AS 首单月, printf('%,d', cohort_size) AS 人数,
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
  printf('%.2f', max(ltv) FILTER (WHERE period = (SELECT max(period) FROM cell AS c WHERE c.cohort = shown.cohort)) / 100) AS 人均累计
FROM shown GROUP BY shown.cohort ORDER BY shown.cohort;
