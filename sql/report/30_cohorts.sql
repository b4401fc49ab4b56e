-- title: 同期群留存 | Cohorts: who comes back
-- section: customers
-- chart: cohorts
-- says: 行：首单月份；列：之后第几个月；颜色：当月仍下单的比例。未结束的月份带 * | Rows: month of the first order; columns: months after it; colour: share who ordered in that month. * : a month that is not over
-- functions: cohort_window
-- column cohort: 首单月份 | first order in | month
-- column period: 第几月 | month | count
-- column cohort_size: 人数 | customers | count
-- column customers: 当月购买 | ordered | count
-- column retention: 留存率 | retention | share
-- column ltv: 人均累计 | money per customer so far | money
-- column complete: 完整 | complete | flag
SELECT c.cohort, c.period, c.cohort_size, c.customers, c.retention, c.ltv / o.unit AS ltv, c.complete
FROM observed AS o CROSS JOIN cohort_window('order_rows', 'customer', 'at', 'amount', 'month') AS c
WHERE c.as_of = o.as_of AND c.cohort >= date(o.as_of, 'start of month', '-17 months') AND c.period <= 17
ORDER BY c.cohort, c.period
