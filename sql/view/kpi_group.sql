-- kpi_group: each chat group in the period: members, activity, output
-- 社群（活跃、产出）
-- practice: white paper: groups and their output; Youzan triangle: active groups
-- needs: observed, chat_groups, events, order_rows
-- formula: members: of the last day; active_rate: sum of active members / sum of members over the days; output: money in the period of customers with an event in the group (ref) up to as_of; is_active: at least 10 % of the members on average
CREATE VIEW kpi_group AS -- siyu
WITH
  days AS (
    SELECT g.chat,
           local_time(g.time, s.tz) AS at,
           g.members, g.members_new, g.members_active, g.messages,
           row_number() OVER (PARTITION BY g.chat ORDER BY local_time(g.time, s.tz) DESC, g.members DESC) AS nth
    FROM observed AS s CROSS JOIN chat_groups AS g
    WHERE nullif(g.chat, '') IS NOT NULL AND local_time(g.time, s.tz) BETWEEN s.period_from AND s.period_until),
  sums AS (
    SELECT chat,
           count(*) AS days,
           max(CASE WHEN nth = 1 THEN members END) AS members,
           sum(members_new) AS members_new,
           sum(messages) AS messages,
           1.0 * sum(members_active) / nullif(sum(CASE WHEN members_active IS NOT NULL THEN members END), 0) AS active_rate
    FROM days GROUP BY chat),
  people AS (
    SELECT DISTINCT e.ref AS chat, e.customer FROM observed AS s CROSS JOIN events AS e
    WHERE e.ref IN (SELECT chat FROM sums) AND nullif(e.customer, '') IS NOT NULL AND local_time(e.time, s.tz) <= s.until),
  spent AS (
    SELECT customer, sum(amount) AS money, max(is_order) AS bought FROM order_rows
    WHERE in_period AND customer IS NOT NULL GROUP BY customer),
  output AS (
    SELECT p.chat,
           count(*) AS customers,
           coalesce(sum(m.bought), 0) AS buyers,
           coalesce(sum(m.money), 0) AS money
    FROM people AS p LEFT JOIN spent AS m ON m.customer = +p.customer GROUP BY p.chat)
SELECT g.chat, g.days, g.members, g.members_new, g.messages, g.active_rate,
       g.active_rate >= 0.1 AS is_active,
       coalesce(o.customers, 0) AS customers,
       coalesce(o.buyers, 0) AS buyers,
       coalesce(o.money, 0) / s.unit AS gmv
FROM observed AS s CROSS JOIN sums AS g LEFT JOIN output AS o ON o.chat = g.chat
ORDER BY g.chat;
