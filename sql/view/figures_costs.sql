-- figures_costs: costs of the three spans
-- 各周期费用
-- practice: white paper: cost side
-- needs: spans, costs
-- formula: cost: staff and marketing; cost_all: every kind
CREATE VIEW figures_costs AS -- siyu
SELECT p.span,
       total(c.amount) FILTER (WHERE c.kind IN ('staff', 'marketing')) / p.unit AS cost,
       total(c.amount) / p.unit AS cost_all
FROM costs AS c CROSS JOIN spans AS p
WHERE local_time(c.time, p.tz) BETWEEN p.first_day AND p.until
GROUP BY p.span;
