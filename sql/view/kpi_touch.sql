-- kpi_touch: what followed messages of the period: answers, orders, deletions within 7 days
-- 触达效果（回复、下单、删除好友）
-- practice: Xingyun Youke: do not disturb; NetEase: response per channel
-- needs: observed, messages, contacts, customer_orders
-- formula: by channel, campaign and audience. Of messages whose 7 days are over (mature) the share that was answered, followed by an order of the customer, followed by the customer's deleting a contact, within 7 days
CREATE VIEW kpi_touch AS -- siyu
WITH
  sent AS (
    SELECT m.rowid AS id,
           nullif(m.customer, '') AS customer,
           m.channel, m.campaign, m.audience,
           local_time(m.time, s.tz) AS at,
           datetime(substr(local_time(m.time, s.tz), 1, 19), '+7 days') AS week,
           datetime(substr(local_time(m.time, s.tz), 1, 19), '+7 days') <= s.until AS mature,
           local_time(m.answered_at, s.tz) AS answered_at
    FROM observed AS s CROSS JOIN messages AS m
    WHERE local_time(m.time, s.tz) BETWEEN s.period_from AND s.period_until),
  bought AS (
    SELECT DISTINCT m.id FROM sent AS m JOIN customer_orders AS o ON o.customer = +m.customer
    WHERE o.is_order AND o.at BETWEEN m.at AND m.week),
  left_us AS (
    SELECT DISTINCT m.id FROM observed AS s CROSS JOIN sent AS m JOIN contacts AS c ON c.customer = m.customer
    WHERE coalesce(c.deleted_by, 'customer') <> 'staff'
      AND local_time(c.deleted, s.tz) <= s.until AND local_time(c.deleted, s.tz) BETWEEN m.at AND m.week)
SELECT channel, campaign, audience,
       count(*) AS messages,
       count(DISTINCT customer) AS people,
       count(*) FILTER (WHERE mature) AS mature,
       count(*) FILTER (WHERE mature AND answered_at BETWEEN at AND week) AS answered_within_7_days,
       count(*) FILTER (WHERE mature AND id IN (SELECT id FROM bought)) AS ordered_within_7_days,
       count(*) FILTER (WHERE mature AND id IN (SELECT id FROM left_us)) AS deleted_within_7_days,
       1.0 * count(*) FILTER (WHERE mature AND answered_at BETWEEN at AND week) / nullif(count(*) FILTER (WHERE mature), 0) AS answer_rate,
       1.0 * count(*) FILTER (WHERE mature AND id IN (SELECT id FROM bought)) / nullif(count(*) FILTER (WHERE mature), 0) AS order_rate,
       1.0 * count(*) FILTER (WHERE mature AND id IN (SELECT id FROM left_us)) / nullif(count(*) FILTER (WHERE mature), 0) AS deletion_rate
FROM sent GROUP BY channel, campaign, audience
ORDER BY channel, campaign, audience;
