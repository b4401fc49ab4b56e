-- kpi_wake_up: of the dormant and churned of 30 days ago, who has ordered since
-- 唤醒率
-- practice: Youzan triangle: dormancy
-- needs: kpi_transition
-- formula: wake_up_rate = woken / customers
CREATE VIEW kpi_wake_up AS -- siyu
SELECT from_stage,
       sum(customers) AS customers,
       coalesce(sum(customers) FILTER (WHERE to_stage IN ('growth', 'maturity')), 0) AS woken,
       total(customers) FILTER (WHERE to_stage IN ('growth', 'maturity')) / sum(customers) AS wake_up_rate
FROM kpi_transition WHERE from_stage IN ('dormant', 'churned')
GROUP BY from_stage;
