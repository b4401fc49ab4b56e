-- title: 客户价值曲线（LTV） | What a customer has brought by age (LTV)
-- section: customers
-- chart: ltv
-- says: 每条线一个季度的新客：首单后累计人均净成交 | A line for the new customers of each quarter: net money per customer since the first order
-- functions: cohort_window
-- column cohort: 首单季度 | first order in | quarter
-- column period: 第几季 | quarter | count
-- column cohort_size: 人数 | customers | count
-- column ltv: 人均累计 | money per customer so far | money
-- column repurchase_rate: 复购率 | ordered again | share
-- column complete: 完整 | complete | flag
SELECT c.cohort, c.period, c.cohort_size, c.ltv / o.unit AS ltv, c.repurchase_rate, c.complete
FROM observed AS o CROSS JOIN cohort_window('order_rows', 'customer', 'at', 'amount', 'quarter') AS c
WHERE c.as_of = o.as_of AND c.cohort >= date(o.as_of, 'start of month', '-36 months')
ORDER BY c.cohort, c.period
