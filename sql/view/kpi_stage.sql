-- kpi_stage: customers by stage of the life cycle
-- 生命周期分布
-- practice: Youzan triangle: five stages
-- needs: customer_stage
-- formula: share = customers / total; stages without anybody are rows with 0
CREATE VIEW kpi_stage AS -- siyu
WITH stages(stage, place) AS (VALUES ('introduction', 1), ('growth', 2), ('maturity', 3), ('dormant', 4), ('churned', 5))
SELECT stages.stage, siyu_label(stages.stage, 'zh') AS stage_zh,
       count(c.customer) AS customers,
       (SELECT count(*) FROM customer_stage) AS total,
       1.0 * count(c.customer) / nullif((SELECT count(*) FROM customer_stage), 0) AS share
FROM stages LEFT JOIN customer_stage AS c ON c.stage = stages.stage
GROUP BY stages.stage ORDER BY stages.place;
