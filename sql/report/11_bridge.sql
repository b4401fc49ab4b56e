-- title: 成交额为什么变了 | What moved GMV
-- section: headline
-- chart: bridge
-- says: 上期到本期：购买人数 × 频次 × 客单价各贡献多少，四项之和等于变化 | From the period before to this one: buyers × orders per buyer × money per order; the parts add up to the change
-- reads: kpi_bridge
-- column step: 项目 | part | step
-- column amount: 金额 | money | money
-- column was: 上期值 | was | number
-- column now: 本期值 | is | number
SELECT 'previous_gmv' AS step, previous_gmv AS amount, NULL AS was, NULL AS now FROM kpi_bridge
UNION ALL SELECT 'by_users', by_users, previous_users, users FROM kpi_bridge
UNION ALL SELECT 'by_frequency', by_frequency, previous_frequency, frequency FROM kpi_bridge
UNION ALL SELECT 'by_order_value', by_order_value, previous_order_value, order_value FROM kpi_bridge
UNION ALL SELECT 'by_other', by_other, NULL, NULL FROM kpi_bridge
UNION ALL SELECT 'gmv', gmv, NULL, NULL FROM kpi_bridge
