-- title: RFM 八类客群 | RFM: eight segments
-- section: money
-- chart: segments
-- says: 各客群的人数与净成交 | Customers and net money of each
-- reads: report_summary
-- functions: customer_summary, rfm_segment
-- column segment: 客群 | segment | segment
-- column customers: 客户数 | customers | count
-- column customers_share: 客户占比 | of customers | share
-- column revenue: 成交额 | money | money
-- column revenue_share: 成交占比 | of money | share
SELECT c.segment, count(*) AS customers, 1.0 * count(*) / sum(count(*)) OVER () AS customers_share,
       sum(c.revenue) / o.unit AS revenue, 1.0 * sum(c.revenue) / nullif(sum(sum(c.revenue)) OVER (), 0) AS revenue_share
FROM observed AS o CROSS JOIN report_summary AS c
WHERE c.segment IS NOT NULL
GROUP BY c.segment, o.unit ORDER BY revenue DESC, c.segment
