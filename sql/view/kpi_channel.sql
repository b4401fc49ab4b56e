-- kpi_channel: what each channel of acquisition cost and brought, up to as_of
-- 获客渠道（加粉成本、90 天 LTV:CAC、回本、累计 ROI）
-- practice: Xingyun Youke: cost per contact; white paper: slow private against fast public
-- needs: observed, customer_rows, contact_pairs, order_rows, buyer, costs
-- formula: channel: where the customer came from; NULL: not known, and costs without a channel. cost: all kinds; cost_per_contact = cost / contacts ever added; cac = cost / buyers; ltv_90 = money within 90 days of the first order / buyers who are that old; payback_day: days after the first cost or order from which money less cost is never below 0 again, each cost counted from the first day of its month, for it is often booked on the last; NULL without a cost, and while it is below 0; cumulative_roi = (gmv - cost) / cost
CREATE VIEW kpi_channel AS -- siyu
WITH
  known AS (SELECT customer, nullif(trim(channel), '') AS channel FROM customer_rows),
  people AS (
    SELECT k.channel,
           count(DISTINCT k.customer) AS customers,
           count(p.customer) AS contacts
    FROM known AS k LEFT JOIN contact_pairs AS p ON p.customer = k.customer
    GROUP BY k.channel),
  -- a row per customer, and the money of nobody
  heads AS (
    SELECT k.channel, b.revenue, b.revenue_90,
           b.orders > 0 AS bought,
           b.orders > 0 AND datetime(substr(b.first_at, 1, 19), '+90 days') <= s.until AS mature
    FROM observed AS s CROSS JOIN buyer AS b LEFT JOIN known AS k ON k.customer = +b.customer
    UNION ALL
    SELECT NULL, gmv(amount), NULL, 0, 0 FROM order_rows WHERE customer IS NULL GROUP BY customer),
  money AS (
    SELECT channel,
           coalesce(gmv(revenue), 0) AS gmv,
           count(*) FILTER (WHERE bought) AS buyers,
           count(*) FILTER (WHERE mature) AS mature_90,
           gmv(revenue_90) FILTER (WHERE mature) AS money_90
    FROM heads GROUP BY channel),
  spent AS (
    SELECT nullif(trim(c.channel), '') AS channel,
           local_time(c.time, s.tz) AS at,
           c.amount
    FROM observed AS s CROSS JOIN costs AS c WHERE local_time(c.time, s.tz) <= s.until),
  cost AS (SELECT channel, sum(amount) AS cost FROM spent GROUP BY channel),
  back AS (
    SELECT channel,
           payback_days(at, amount) AS day
    FROM (SELECT k.channel, o.at, o.amount FROM order_rows AS o LEFT JOIN known AS k ON k.customer = +o.customer
          WHERE coalesce(k.channel, '') IN (SELECT coalesce(channel, '') FROM cost WHERE cost > 0)
          UNION ALL
          -- costs that are booked when a month ends were spent through it
          SELECT channel, date(substr(at, 1, 10), 'start of month'), -amount FROM spent)
    GROUP BY channel),
  channels AS (SELECT channel FROM people UNION SELECT channel FROM money UNION SELECT channel FROM cost)
SELECT c.channel,
       coalesce(p.customers, 0) AS customers,
       coalesce(p.contacts, 0) AS contacts,
       coalesce(m.buyers, 0) AS buyers,
       coalesce(m.gmv, 0) / s.unit AS gmv,
       x.cost / s.unit AS cost,
       x.cost / s.unit / nullif(p.contacts, 0) AS cost_per_contact,
       x.cost / s.unit / nullif(m.buyers, 0) AS cac,
       m.mature_90,
       m.money_90 / s.unit / nullif(m.mature_90, 0) AS ltv_90,
       (1.0 * m.money_90 / nullif(m.mature_90, 0)) / nullif(1.0 * x.cost / nullif(m.buyers, 0), 0) AS ltv_cac_90,
       CASE WHEN x.cost > 0 THEN b.day END AS payback_day,
       1.0 * (coalesce(m.gmv, 0) - x.cost) / nullif(x.cost, 0) AS cumulative_roi
FROM observed AS s CROSS JOIN channels AS c
LEFT JOIN people AS p ON p.channel IS c.channel
LEFT JOIN money AS m ON m.channel IS c.channel
LEFT JOIN cost AS x ON x.channel IS c.channel
LEFT JOIN back AS b ON b.channel IS c.channel
ORDER BY c.channel IS NULL, c.channel;
