-- title: 每组优先的前 8 位 | The first eight of each
-- section: act
-- chart: people
-- says: 理由写在每一行；对照组不在其中 | Each line gives its reason; the control group is left out
-- reads: addressee
-- column audience: 人群 | audience | audience
-- column customer: 客户 | customer | text
-- column reason: 理由 | because | reason
-- column priority: 优先级 | priority | count
-- column channel: 渠道 | channel | text
-- column store: 门店 | store | text
-- column suggested_time: 建议时间 | when | time
WITH everyone(audience, customer, reason, priority, suggested_time, channel, store) AS (
  SELECT 'due', customer, reason, priority, suggested_time, channel, store FROM audience_due WHERE NOT is_control
  UNION ALL SELECT 'about_to_slip', customer, reason, priority, suggested_time, channel, store FROM audience_about_to_slip WHERE NOT is_control
  UNION ALL SELECT 'no_second_order', customer, reason, priority, suggested_time, channel, store FROM audience_no_second_order WHERE NOT is_control
  UNION ALL SELECT 'birthday', customer, reason, priority, suggested_time, channel, store FROM audience_birthday WHERE NOT is_control
  UNION ALL SELECT 'trial', customer, reason, priority, suggested_time, channel, store FROM audience_trial WHERE NOT is_control
  UNION ALL SELECT 'recall', customer, reason, priority, suggested_time, channel, store FROM audience_recall WHERE NOT is_control
  UNION ALL SELECT 'dormant_members', customer, reason, priority, suggested_time, channel, store FROM audience_dormant_members WHERE NOT is_control)
SELECT audience, customer, reason, priority, channel, store, suggested_time
FROM (SELECT *, row_number() OVER (PARTITION BY audience ORDER BY priority DESC, customer) AS nth FROM everyone)
WHERE nth <= 8 ORDER BY audience, nth
