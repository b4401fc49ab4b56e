-- The cohort matrix of cohorts.sql printed for reading, in Chinese.
.mode column
.headers on
.print
.print "8. 每月的新客，后来谁回来了？（占当月新客的百分比；* 尚未结束）"
.print
.width 8 -9 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -4 -10
SELECT cohort AS 首单月, customers AS 人数, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", spent AS 人均累计 FROM matrix ORDER BY cohort;
