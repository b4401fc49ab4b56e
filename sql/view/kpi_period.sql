-- kpi_period: GMV, customers, frequency, new and repeat by day, week, month, quarter and year
-- 分周期经营指标（环比、同比）
-- practice: Xingyun Youke: GMV per month, quarter, year
-- needs: observed, order_rows, buyer
-- formula: WHERE grain = 'month'; new: the first order ever is in the period; change (环比) = gmv / previous_gmv - 1; change_year (同比) against the same period a year before; complete = 0: cut short by as_of
CREATE VIEW kpi_period AS -- siyu
WITH
  grains(grain) AS (VALUES ('day'), ('week'), ('month'), ('quarter'), ('year')),
  dated AS (
    SELECT g.grain,
           period_start(g.grain, o.at) AS period,
           o.customer, o.amount, o.is_order,
           period_start(g.grain, b.first_at) = period_start(g.grain, o.at) AS is_new
    FROM grains AS g CROSS JOIN order_rows AS o LEFT JOIN buyer AS b ON b.customer = o.customer),
  sums AS (
    SELECT grain, period,
           effective_customers(customer, 1) FILTER (WHERE is_order) AS customers,
           effective_customers(customer, 1) FILTER (WHERE is_order AND is_new) AS new_customers,
           effective_customers(customer, amount) AS effective_customers,
           count(*) FILTER (WHERE is_order) AS orders,
           count(*) FILTER (WHERE is_order AND customer IS NOT NULL) AS orders_of_customers,
           coalesce(gmv(amount), 0) AS gmv,
           -coalesce(gmv(amount) FILTER (WHERE NOT is_order), 0) AS refunds,
           coalesce(gmv(amount) FILTER (WHERE is_new), 0) AS new_revenue
    FROM dated GROUP BY grain, period),
  steps(grain, step) AS (VALUES ('day', '+1 day'), ('week', '+7 days'), ('month', '+1 month'), ('quarter', '+3 months'), ('year', '+1 year')),
  -- every period from the first to that of as_of, those without orders too
  calendar(grain, period, step) AS (
    SELECT f.grain, min(f.period), t.step FROM sums AS f JOIN steps AS t ON t.grain = f.grain GROUP BY f.grain
    UNION ALL
    SELECT grain, date(period, step), step FROM calendar
    WHERE date(period, step) <= (SELECT as_of FROM observed)),
  filled AS (
    SELECT c.grain, c.period,
           date(c.period, c.step, '-1 day') AS last_day,
           date(c.period, replace(c.step, '+', '-')) AS previous_period,
           CASE c.grain WHEN 'week' THEN date(c.period, '-364 days') ELSE date(c.period, '-1 year') END AS year_ago_period,
           coalesce(customers, 0) AS customers,
           coalesce(new_customers, 0) AS new_customers,
           coalesce(effective_customers, 0) AS effective_customers,
           coalesce(orders, 0) AS orders,
           coalesce(orders_of_customers, 0) AS orders_of_customers,
           coalesce(gmv, 0) AS gmv,
           coalesce(refunds, 0) AS refunds,
           coalesce(new_revenue, 0) AS new_revenue
    FROM calendar AS c LEFT JOIN sums AS f ON f.grain = c.grain AND f.period = c.period)
SELECT b.grain, b.period,
       b.customers, b.new_customers,
       b.customers - b.new_customers AS returning_customers,
       b.effective_customers, b.orders,
       b.gmv / s.unit AS gmv,
       b.refunds / s.unit AS refunds,
       b.new_revenue / s.unit AS new_revenue,
       (b.gmv - b.new_revenue) / s.unit AS repeat_revenue,
       1.0 * (b.gmv - b.new_revenue) / nullif(b.gmv, 0) AS repeat_share,
       b.gmv / s.unit / nullif(b.effective_customers, 0) AS arppu,
       b.gmv / s.unit / nullif(b.orders, 0) AS aov,
       1.0 * b.orders_of_customers / nullif(b.customers, 0) AS orders_per_customer,
       p.gmv / s.unit AS previous_gmv,
       1.0 * b.gmv / nullif(p.gmv, 0) - 1 AS change,
       y.gmv / s.unit AS year_ago_gmv,
       1.0 * b.gmv / nullif(y.gmv, 0) - 1 AS change_year,
       s.until >= local_end(b.last_day) AS complete
FROM observed AS s CROSS JOIN filled AS b
LEFT JOIN filled AS p ON p.grain = b.grain AND p.period = b.previous_period
LEFT JOIN filled AS y ON y.grain = b.grain AND y.period = b.year_ago_period
ORDER BY b.grain, b.period;
