-- title: 每组优先的前 8 位 | The first eight of each
-- section: act
-- chart: people
-- says: 理由写在每一行；对照组不在其中 | Each line gives its reason; the control group is left out
-- reads: report_people, report_first, addressee
-- column audience: 人群 | audience | audience
-- column customer: 客户 | customer | text
-- column reason: 理由 | because | text
-- column reason_zh: 理由 | because (zh) | text
-- column priority: 优先级 | priority | count
-- column channel: 渠道 | channel | text
-- column store: 门店 | store | text
-- column suggested_time: 建议时间 | when | time
SELECT audience, customer, reason, reason_zh, priority, channel, store, suggested_time
FROM (SELECT *, row_number() OVER (PARTITION BY audience ORDER BY priority DESC, customer) AS nth FROM report_first)
WHERE nth <= 8 ORDER BY audience, nth
