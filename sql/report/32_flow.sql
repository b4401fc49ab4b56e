-- title: 客户增减流 | Who comes, stays, returns, falls asleep
-- section: customers
-- chart: flow
-- says: 每月：新客、留存、唤回在上，沉睡在下 | Each month: new, retained and woken above, fallen asleep below
-- functions: lifecycle_flow
-- column period: 月份 | month | month
-- column new: 新客 | new | count
-- column retained: 留存 | retained | count
-- column resurrected: 唤回 | woken | count
-- column dormant: 沉睡 | asleep | count
-- column active: 活跃 | active | count
-- column complete: 完整 | complete | flag
SELECT f.period, f.new, f.retained, f.resurrected, f.dormant, f.active, f.complete
FROM observed AS o CROSS JOIN lifecycle_flow('order_rows', 'customer', 'at', 'amount', 'month') AS f
WHERE f.as_of = o.as_of AND f.period >= date(o.as_of, 'start of month', '-24 months')
ORDER BY f.period
