-- kpi_phase: what is watched early, in the middle and late
-- 早期、中期、后期指标
-- practice: Xingyun Youke: three phases
-- needs: figures, staff_heads
-- formula: as siyu_kpi; active_rate: of people connected, ordered in the period; clv = R / M (money of buyers / effective customers); per staff: of those who are there at the end
CREATE VIEW kpi_phase AS -- siyu
WITH
  names(place, phase, figure, title_zh) AS (VALUES
    (1, 'early', 'contacts_added', '加粉量'),
    (2, 'early', 'cost_per_contact', '加粉成本'),
    (3, 'early', 'people_retention', '留存率'),
    (4, 'early', 'active_rate', '活跃率'),
    (5, 'middle', 'conversion_rate', '转化率'),
    (6, 'middle', 'repurchase_rate', '复购率'),
    (7, 'middle', 'aov', '客单价'),
    (8, 'middle', 'clv', '单客消费金额（CLV = R / M）'),
    (9, 'middle', 'roi', '私域 ROI'),
    (10, 'late', 'gmv', '成交总额'),
    (11, 'late', 'ltv', '单客 LTV（一年期）'),
    (12, 'late', 'customers_per_staff', '人均客户数'),
    (13, 'late', 'output_per_staff', '人均产出'),
    (14, 'late', 'referrers', '推荐客户数（KOC）')),
  spelled AS (
    SELECT n.place, n.phase, n.figure, n.title_zh, f.span,
           CASE n.figure
             WHEN 'contacts_added' THEN f.contacts_added
             WHEN 'cost_per_contact' THEN f.cost / nullif(f.contacts_added, 0)
             WHEN 'people_retention' THEN 1.0 * f.people_now / nullif(f.people, 0)
             WHEN 'active_rate' THEN 1.0 * f.connected_buyers / nullif(f.people_now, 0)
             WHEN 'conversion_rate' THEN 1.0 * f.buyers_ever / nullif(f.customers, 0)
             WHEN 'repurchase_rate' THEN 1.0 * f.repeat_buyers / nullif(f.buyers_ever, 0)
             WHEN 'aov' THEN f.gmv / nullif(f.orders, 0)
             WHEN 'clv' THEN f.gmv_of_customers / nullif(f.effective_customers, 0)
             WHEN 'roi' THEN f.gmv / nullif(f.cost, 0) - 1
             WHEN 'gmv' THEN f.gmv
             WHEN 'ltv' THEN f.ltv_365
             WHEN 'customers_per_staff' THEN 1.0 * f.people_now / nullif(h.heads, 0)
             WHEN 'output_per_staff' THEN f.gmv / nullif(h.heads, 0)
             WHEN 'referrers' THEN f.referrers
           END AS v
    FROM figures AS f CROSS JOIN names AS n LEFT JOIN staff_heads AS h ON h.span = f.span)
SELECT phase, figure, title_zh,
       max(v) FILTER (WHERE span = 'period') AS value,
       max(v) FILTER (WHERE span = 'previous') AS previous,
       1.0 * max(v) FILTER (WHERE span = 'period') / nullif(max(v) FILTER (WHERE span = 'previous'), 0) - 1 AS change
FROM spelled GROUP BY place, phase, figure, title_zh ORDER BY place;
