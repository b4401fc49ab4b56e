-- kpi_transition: stages at as_of against 30 days before
-- 近 30 天阶段迁移
-- practice: Youzan triangle: life cycle
-- needs: observed, stage_moves
-- formula: from_stage NULL: customers gained since; share of those of from_stage
CREATE VIEW kpi_transition AS -- siyu
SELECT t.from_stage, t.to_stage, t.customers, t.share
FROM observed AS s CROSS JOIN stage_moves AS t
WHERE s.until IS NOT NULL
  AND t.from_as_of = date(s.as_of, '-30 days') || substr(s.until, 11)
  AND t.to_as_of = s.until;
