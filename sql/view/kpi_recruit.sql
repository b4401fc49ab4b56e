-- kpi_recruit: new joiners by month and channel, and how many became buyers
-- 拉新质量
-- practice: white paper: recruit quality
-- needs: observed, customer_rows, customer_orders
-- formula: effective_90d: net money above 0 within 90 days of joining; buyers_30d: an order within 30; rates are of those whose days are over (mature); orders before joining do not count
CREATE VIEW kpi_recruit AS -- siyu
WITH
  joined AS (
    SELECT c.customer,
           period_start('month', c.joined_at) AS month,
           nullif(trim(c.channel), '') AS channel,
           c.joined_at,
           datetime(substr(c.joined_at, 1, 19), '+30 days') AS by_30,
           datetime(substr(c.joined_at, 1, 19), '+90 days') AS by_90
    FROM customer_rows AS c WHERE c.joined_at IS NOT NULL),
  bought AS (
    SELECT j.customer,
           max(o.is_order AND o.at <= j.by_30) AS within_30,
           sum(CASE WHEN o.at <= j.by_90 THEN o.amount END) AS money_90
    FROM joined AS j JOIN customer_orders AS o ON o.customer = +j.customer
    WHERE o.at >= j.joined_at GROUP BY j.customer)
SELECT j.month, j.channel,
       count(*) AS joined,
       count(*) FILTER (WHERE j.by_30 <= s.until) AS mature_30,
       count(*) FILTER (WHERE j.by_30 <= s.until AND b.within_30) AS buyers_30d,
       1.0 * count(*) FILTER (WHERE j.by_30 <= s.until AND b.within_30) / nullif(count(*) FILTER (WHERE j.by_30 <= s.until), 0) AS buyer_rate_30d,
       count(*) FILTER (WHERE j.by_90 <= s.until) AS mature_90,
       count(*) FILTER (WHERE j.by_90 <= s.until AND b.money_90 > 0) AS effective_90d,
       1.0 * count(*) FILTER (WHERE j.by_90 <= s.until AND b.money_90 > 0) / nullif(count(*) FILTER (WHERE j.by_90 <= s.until), 0) AS effective_rate_90d
FROM observed AS s CROSS JOIN joined AS j LEFT JOIN bought AS b ON b.customer = +j.customer
GROUP BY j.month, j.channel
ORDER BY j.month, j.channel;
