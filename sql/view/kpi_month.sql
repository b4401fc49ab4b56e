-- kpi_month: the months of kpi_period
-- 月度经营指标
-- practice: Xingyun Youke: GMV per month
-- needs: kpi_period
-- formula: as kpi_period; first_buyers: customers whose first order ever is in the month
CREATE VIEW kpi_month AS -- siyu
SELECT period AS month,
       gmv, refunds, orders, customers, effective_customers, arppu, aov, orders_per_customer,
       new_customers AS first_buyers,
       new_revenue, repeat_revenue,
       repeat_share AS repeat_revenue_share,
       previous_gmv, change, year_ago_gmv, change_year, complete
FROM kpi_period WHERE grain = 'month'
ORDER BY month;
