-- The cohort matrix of cohorts.sql printed for reading.
.mode column
.headers on
.print
.print "8. Who comes back, month by month? (per cent of a month's new customers; * not over yet)"
.print
.width 8 -9 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -10
SELECT cohort, customers, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", spent AS "spent each" FROM matrix ORDER BY cohort;
