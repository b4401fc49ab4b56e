-- title: 消息触达之后 | What followed messages
-- section: growth
-- chart: touch
-- says: 已满 7 天的消息：回复、下单、删除好友 | Messages whose 7 days are over: answered, ordered, deleted the contact
-- reads: kpi_touch
-- column channel: 渠道 | channel | blank
-- column messages: 消息数 | messages | count
-- column mature: 已满 7 天 | 7 days over | count
-- column answer_rate: 回复率 | answered | share
-- column order_rate: 下单率 | ordered | share
-- column deletion_rate: 删除率 | deleted | share
SELECT channel, sum(messages) AS messages, sum(mature) AS mature,
       1.0 * sum(answered_within_7_days) / nullif(sum(mature), 0) AS answer_rate,
       1.0 * sum(ordered_within_7_days) / nullif(sum(mature), 0) AS order_rate,
       1.0 * sum(deleted_within_7_days) / nullif(sum(mature), 0) AS deletion_rate
FROM kpi_touch GROUP BY channel ORDER BY messages DESC, channel
