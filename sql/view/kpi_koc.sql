-- kpi_koc: who speaks for the brand, with score and reasons
-- 关键意见消费者 KOC
-- practice: white paper: KOC; Youzan triangle: KOC
-- needs: observed, customer_rows, events, referral_rows, buyer
-- formula: content: events content and share; activity: events group, feedback; brought: customers brought; brought_revenue: their money. score = 40 × min(1, content / 5) + 20 × min(1, activity / 10) + 40 × min(1, brought / 3), of 100. is_koc: brought somebody, and, being a distributor (who earns by it), shared content as well. Of those who shared or brought
CREATE VIEW kpi_koc AS -- siyu
WITH
  acts AS (
    SELECT e.customer,
           count(*) FILTER (WHERE e.name IN ('content', 'share')) AS content,
           count(*) FILTER (WHERE e.name IN ('group', 'feedback')) AS activity,
           count(*) FILTER (WHERE e.name = 'feedback') AS feedback
    FROM observed AS s CROSS JOIN events AS e
    WHERE nullif(e.customer, '') IS NOT NULL AND local_time(e.time, s.tz) <= s.until GROUP BY e.customer),
  brought AS (
    SELECT r.referrer AS customer,
           count(*) AS brought,
           coalesce(sum(m.revenue), 0) AS revenue
    FROM referral_rows AS r LEFT JOIN buyer AS m ON m.customer = +r.customer GROUP BY r.referrer),
  counts AS (
    SELECT c.customer, c.is_distributor,
           coalesce(a.content, 0) AS content,
           coalesce(a.activity, 0) AS activity,
           coalesce(a.feedback, 0) AS feedback,
           coalesce(b.brought, 0) AS brought,
           coalesce(b.revenue, 0) AS revenue
    FROM customer_rows AS c
    LEFT JOIN acts AS a ON a.customer = +c.customer
    LEFT JOIN brought AS b ON b.customer = +c.customer)
SELECT k.customer,
       40.0 * min(1, k.content / 5.0) + 20.0 * min(1, k.activity / 10.0) + 40.0 * min(1, k.brought / 3.0) AS score,
       k.content, k.activity, k.brought,
       k.revenue / s.unit AS brought_revenue,
       k.brought > 0 AND (NOT k.is_distributor OR k.content > 0) AS is_koc,
       'content and shares ' || k.content || ', in groups ' || k.activity || ', customers brought ' || k.brought
         || CASE WHEN k.is_distributor THEN ', earns commission' ELSE '' END AS reasons,
       '发布与分享 ' || k.content || ' 次，群内活跃 ' || k.activity || ' 次，带来客户 ' || k.brought || ' 位'
         || CASE WHEN k.is_distributor THEN '，有佣金' ELSE '' END AS reasons_zh,
       k.feedback
FROM observed AS s CROSS JOIN counts AS k
WHERE k.content > 0 OR k.brought > 0
ORDER BY score DESC, brought_revenue DESC, k.customer;
