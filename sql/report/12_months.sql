-- title: 每月成交：新客与老客 | GMV by month: first-time and returning buyers
-- section: headline
-- chart: months
-- says: 柱为当月成交（退款已扣），线为同比；浅色月份未结束 | Bars: money of the month, refunds taken off; line: against the same month a year before; a pale month is not over
-- reads: kpi_month, kpi_period
-- functions: period_start, gmv
-- column month: 月份 | month | month
-- column gmv: 成交额 | GMV | money
-- column new_revenue: 新客成交 | first-time buyers | money
-- column repeat_revenue: 老客成交 | returning buyers | money
-- column repeat_share: 老客占比 | returning share | share
-- column orders: 订单数 | orders | count
-- column customers: 购买客户 | buyers | count
-- column aov: 客单价 | order value | money
-- column change: 环比 | change | change
-- column change_year: 同比 | on the year | change
-- column complete: 完整 | complete | flag
SELECT month, gmv, new_revenue, repeat_revenue, repeat_revenue_share AS repeat_share, orders, customers, aov, change, change_year, complete
FROM kpi_month WHERE month >= (SELECT date(as_of, 'start of month', '-24 months') FROM observed)
ORDER BY month
