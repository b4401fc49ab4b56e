-- kpi_three_value: sales, marketing and service value with weights and scores
-- 三大价值（权重与得分）
-- practice: white paper: three values
-- needs: observed, figures
-- formula: score = 100 × value / previous (the other way round for seconds), at most 200; weight: of the value, from settings.weights {"sales": 0.5, "marketing": 0.3, "service": 0.2}, shared by its figures that have a score; sum(weight * score) / sum(weight) is the total
CREATE VIEW kpi_three_value AS -- siyu
WITH
  names(place, value, figure, title_zh, less_is_better) AS (VALUES
    (1, 'sales', 'gmv', '成交总额', 0),
    (2, 'sales', 'arppu', '每付费用户平均收入', 0),
    (3, 'sales', 'repurchase_rate', '复购率', 0),
    (4, 'sales', 'referred_share', '转介绍业绩占比', 0),
    (5, 'marketing', 'contents', '用户内容量', 0),
    (6, 'marketing', 'shares', '分享次数', 0),
    (7, 'marketing', 'referrer_rate', '顾客推荐率', 0),
    (8, 'service', 'response_seconds', '首次响应时长', 1),
    (9, 'service', 'answered_3_min', '三分钟响应率', 0)),
  -- a number stands after "sales": in the JSON; CAST reads it up to the comma
  weights(value, weight) AS (
    SELECT value, CASE WHEN instr(w, '"' || value || '":') > 0
                       THEN CAST(substr(w, instr(w, '"' || value || '":') + length(value) + 3) AS REAL) ELSE 1.0 / 3 END
    FROM (SELECT coalesce(replace(weights, ' ', ''), '') AS w FROM observed)
    CROSS JOIN (SELECT 'sales' AS value UNION ALL SELECT 'marketing' UNION ALL SELECT 'service')),
  spelled AS (
    SELECT n.*, f.span,
           CASE n.figure
             WHEN 'gmv' THEN f.gmv
             WHEN 'arppu' THEN f.gmv_of_customers / nullif(f.effective_customers, 0)
             WHEN 'repurchase_rate' THEN 1.0 * f.repeat_buyers / nullif(f.buyers_ever, 0)
             WHEN 'referred_share' THEN f.referred_gmv / nullif(f.gmv, 0)
             WHEN 'contents' THEN f.contents
             WHEN 'shares' THEN f.shares
             WHEN 'referrer_rate' THEN 1.0 * f.referrers / nullif(f.customers, 0)
             WHEN 'response_seconds' THEN f.response_seconds
             WHEN 'answered_3_min' THEN f.answered_3_min
           END AS v
    FROM figures AS f CROSS JOIN names AS n),
  compared AS (
    SELECT place, value, figure, title_zh, less_is_better,
           1.0 * max(v) FILTER (WHERE span = 'period') AS now,
           1.0 * max(v) FILTER (WHERE span = 'previous') AS previous
    FROM spelled GROUP BY place, value, figure, title_zh, less_is_better),
  scored AS (
    SELECT *,
           min(200, 100 * CASE WHEN less_is_better THEN previous / nullif(now, 0) ELSE now / nullif(previous, 0) END) AS score
    FROM compared)
SELECT s.value, s.figure, s.title_zh,
       s.now AS amount,
       s.previous,
       CASE WHEN s.score IS NOT NULL THEN w.weight / count(s.score) OVER (PARTITION BY s.value) END AS weight,
       s.score
FROM scored AS s JOIN weights AS w ON w.value = s.value
ORDER BY s.place;
