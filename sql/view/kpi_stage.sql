-- kpi_stage: customers by stage of the life cycle
-- 生命周期分布
-- practice: Youzan triangle: five stages
-- needs: customer_stage
-- formula: share = customers / total; stages without anybody are rows with 0
CREATE VIEW kpi_stage AS -- siyu
WITH
  stages(stage, place) AS (VALUES ('introduction', 1), ('growth', 2), ('maturity', 3), ('dormant', 4), ('churned', 5)),
  counts AS (SELECT stage, count(*) AS customers FROM customer_stage GROUP BY stage)
SELECT g.stage,
       siyu_label(g.stage, 'zh') AS stage_zh,
       coalesce(c.customers, 0) AS customers,
       coalesce(sum(c.customers) OVER (), 0) AS total,
       1.0 * coalesce(c.customers, 0) / nullif(sum(c.customers) OVER (), 0) AS share
FROM stages AS g LEFT JOIN counts AS c ON c.stage = g.stage
ORDER BY g.place;
