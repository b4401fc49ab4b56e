-- title: 成交集中度（帕累托） | How the money is spread (Pareto)
-- section: money
-- chart: pareto
-- says: 按净成交从高到低排列客户：前若干百分比贡献了多少 | Customers from the highest net money down: what the first per cents bring
-- reads: buyer
-- functions: top_share, gini
-- column top: 前百分之 | top per cent | number
-- column customers: 客户数 | customers | count
-- column revenue: 成交额 | money | money
-- column share: 累计占比 | share so far | share
WITH
  paying AS (SELECT revenue, row_number() OVER (ORDER BY revenue DESC) AS nth, count(*) OVER () AS n FROM buyer WHERE revenue > 0),
  bins AS (SELECT (20 * (nth - 1) / n + 1) * 5 AS top, count(*) AS customers, sum(revenue) AS revenue FROM paying GROUP BY 1)
SELECT b.top, b.customers, b.revenue / s.unit AS revenue,
       1.0 * sum(b.revenue) OVER (ORDER BY b.top) / sum(b.revenue) OVER () AS share
FROM bins AS b CROSS JOIN observed AS s ORDER BY b.top
