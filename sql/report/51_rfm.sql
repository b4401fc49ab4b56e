-- title: RFM 矩阵：最近一次与次数 | RFM: how lately and how often
-- section: money
-- chart: rfm
-- says: 横轴：最近下单得分（5 最近）；纵轴：次数得分（5 最多）；颜色：人均净成交，数字：客户数 | Across: recency score (5: latest); up: frequency score (5: most); colour: net money per customer, number: customers
-- reads: report_summary
-- functions: customer_summary
-- column r: 最近 R | R | count
-- column f: 次数 F | F | count
-- column customers: 客户数 | customers | count
-- column revenue: 成交额 | money | money
-- column per_customer: 人均 | per customer | money
SELECT c.r, c.f, count(*) AS customers, sum(c.revenue) / o.unit AS revenue, sum(c.revenue) / o.unit / count(*) AS per_customer
FROM observed AS o CROSS JOIN report_summary AS c
GROUP BY c.r, c.f, o.unit ORDER BY c.r, c.f
