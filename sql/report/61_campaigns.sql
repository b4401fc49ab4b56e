-- title: 活动净增量（对照组，95 % 区间） | Campaigns: what they added, with 95 % intervals
-- section: growth
-- chart: campaigns
-- says: 点为增量成交，线为 95 % 区间；跨过 0 即不能证明有效 | Dot: money added against the control group; line: 95 % interval; where it crosses 0 the campaign is not proven
-- reads: kpi_campaign, campaign_people
-- functions: uplift, uplift_interval, uplift_p_value, ab_group
-- column campaign: 活动 | campaign | text
-- column kind: 类型 | kind | code
-- column treated: 实验组 | treated | count
-- column control: 对照组 | control | count
-- column treated_rate: 实验组转化 | treated who ordered | share
-- column control_rate: 对照组转化 | control who ordered | share
-- column gross: 毛收入 | gross | money
-- column incremental: 增量 | added | money
-- column low: 下限 | low | money
-- column high: 上限 | high | money
-- column cost: 成本 | cost | money
-- column net: 净增量 | net | money
-- column p_value: p 值 | p | number
SELECT k.campaign, k.kind, k.treated, k.control, k.treated_rate, k.control_rate, k.gross, k.incremental, k.low, k.high, k.cost, k.net, k.p_value
FROM kpi_campaign AS k JOIN campaigns AS c ON c.campaign = k.campaign
WHERE k.treated > 0 AND k.control > 0
ORDER BY c.starts DESC, k.campaign LIMIT 12
