-- kpi_content: each piece of content in the period: who shared it, and who ordered within 7 days
-- 内容传播与转化
-- practice: Youzan triangle: content spreads socially; Xingyun Youke: content raises trust and orders
-- needs: observed, events, customer_orders
-- formula: events content and share with the piece as ref; shares_per_person = shares / people; ordered_within_7_days: people with an order within 7 days after their first event with it
CREATE VIEW kpi_content AS -- siyu
WITH
  acts AS (
    SELECT e.ref AS content,
           nullif(e.customer, '') AS customer,
           e.name,
           local_time(e.time, s.tz) AS at
    FROM observed AS s CROSS JOIN events AS e
    WHERE e.name IN ('content', 'share') AND nullif(e.ref, '') IS NOT NULL
      AND local_time(e.time, s.tz) BETWEEN s.period_from AND s.period_until),
  firsts AS (SELECT content, customer, min(at) AS at FROM acts WHERE customer IS NOT NULL GROUP BY content, customer),
  bought AS (
    SELECT f.content,
           count(DISTINCT f.customer) AS people
    FROM firsts AS f JOIN customer_orders AS o ON o.customer = +f.customer
    WHERE o.is_order AND o.at BETWEEN f.at AND datetime(substr(f.at, 1, 19), '+7 days')
    GROUP BY f.content)
SELECT a.content,
       count(*) AS acts,
       count(*) FILTER (WHERE a.name = 'share') AS shares,
       count(DISTINCT a.customer) AS people,
       1.0 * count(*) FILTER (WHERE a.name = 'share') / nullif(count(DISTINCT a.customer), 0) AS shares_per_person,
       coalesce(b.people, 0) AS ordered_within_7_days,
       1.0 * coalesce(b.people, 0) / nullif(count(DISTINCT a.customer), 0) AS order_rate
FROM acts AS a LEFT JOIN bought AS b ON b.content = a.content
GROUP BY a.content
ORDER BY shares DESC, a.content;
