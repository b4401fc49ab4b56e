-- title: 获客渠道：LTV:CAC 与回本 | Channels: LTV:CAC and payback
-- section: growth
-- chart: channels
-- says: 90 天人均价值是获客成本的几倍；3 倍为常用及格线 | What a buyer brings in 90 days over what one costs; three is the usual bar
-- reads: kpi_channel
-- functions: payback_days
-- column channel: 渠道 | channel | blank
-- column customers: 客户 | customers | count
-- column buyers: 购买客户 | buyers | count
-- column gmv: 成交额 | GMV | money
-- column cost: 成本 | cost | money
-- column cost_per_contact: 加粉成本 | per contact | money
-- column cac: 获客成本 | CAC | money
-- column ltv_90: 90 天价值 | 90-day value | money
-- column ltv_cac_90: LTV:CAC | LTV:CAC | number
-- column payback_day: 回本（天） | payback, days | number
-- column cumulative_roi: 累计 ROI | ROI so far | change
SELECT channel, customers, buyers, gmv, cost, cost_per_contact, cac, ltv_90, ltv_cac_90, payback_day, cumulative_roi
FROM kpi_channel ORDER BY ltv_cac_90 IS NULL, ltv_cac_90 DESC, gmv DESC
