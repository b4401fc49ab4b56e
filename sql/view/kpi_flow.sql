-- kpi_flow: months of customers: gained, kept, come back, fallen silent, in heads and money
-- 客户增减流（新增、留存、回流、流失）
-- practice: Youzan triangle: life cycle
-- needs: observed, order_flow
-- formula: quick_ratio = (new + resurrected) / dormant: gained for one that fell silent; net_revenue_retention = money now of last month's buyers who came again / all their money of last month
CREATE VIEW kpi_flow AS -- siyu
SELECT f.period AS month,
       f.new AS new_customers,
       f.retained, f.resurrected, f.dormant, f.active, f.complete,
       f.new_revenue / s.unit AS new_revenue,
       f.retained_revenue / s.unit AS retained_revenue,
       f.resurrected_revenue / s.unit AS resurrected_revenue,
       f.dormant_revenue / s.unit AS dormant_revenue,
       f.active_revenue / s.unit AS active_revenue,
       f.silent_revenue / s.unit AS silent_revenue,
       1.0 * (f.new + f.resurrected) / nullif(f.dormant, 0) AS quick_ratio,
       1.0 * f.retained_revenue / nullif(f.retained_previous_revenue + f.dormant_revenue, 0) AS net_revenue_retention
FROM observed AS s CROSS JOIN order_flow AS f
WHERE f.as_of = s.as_of
ORDER BY month;
