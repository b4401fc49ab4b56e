-- kpi_period: GMV, customers, frequency, new and repeat by day, week, month, quarter and year
-- 分周期经营指标（环比、同比）
-- practice: Xingyun Youke: GMV per month, quarter, year
-- needs: observed, order_rows, order_periods
-- formula: WHERE grain = 'month'; new: the first order ever is in the period; repeat_revenue, repeat_share and arppu are of known customers' money: what is nobody's is in gmv alone; change (环比) = gmv / previous_gmv - 1; change_year (同比) against the same period a year before; complete = 0: cut short by as_of
CREATE VIEW kpi_period AS -- siyu
WITH
  steps(grain, step) AS (VALUES
    ('day', '+1 day'),
    ('week', '+7 days'),
    ('month', '+1 month'),
    ('quarter', '+3 months'),
    ('year', '+1 year')),
  -- customers, once a grain
  people AS (
    SELECT g.grain, p.period, p.customers, p.new_customers, p.effective_customers, p.new_revenue,
           p.orders AS orders_of_customers, p.gmv, p.refunds
    FROM observed AS s CROSS JOIN steps AS g CROSS JOIN order_periods AS p
    WHERE p.grain = g.grain AND p.as_of = s.until),
  -- money, also that of nobody: days add up to every grain
  days AS (
    SELECT period AS day, orders_of_customers AS orders, gmv, refunds FROM people WHERE grain = 'day'
    UNION ALL
    SELECT substr(at, 1, 10),
           count(*) FILTER (WHERE is_order),
           coalesce(gmv(amount), 0),
           -coalesce(gmv(amount) FILTER (WHERE NOT is_order), 0)
    FROM order_rows WHERE customer IS NULL GROUP BY 1),
  sums AS (
    SELECT g.grain,
           period_start(g.grain, d.day) AS period,
           sum(d.orders) AS orders,
           gmv(d.gmv) AS gmv,
           gmv(d.refunds) AS refunds
    FROM days AS d CROSS JOIN steps AS g GROUP BY 1, 2),
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
           coalesce(k.customers, 0) AS customers,
           coalesce(k.new_customers, 0) AS new_customers,
           coalesce(k.effective_customers, 0) AS effective_customers,
           coalesce(f.orders, 0) AS orders,
           coalesce(k.orders_of_customers, 0) AS orders_of_customers,
           coalesce(k.gmv, 0) AS gmv_of_customers,
           coalesce(f.gmv, 0) AS gmv,
           coalesce(f.refunds, 0) AS refunds,
           coalesce(k.new_revenue, 0) AS new_revenue
    FROM calendar AS c
    LEFT JOIN sums AS f ON f.grain = c.grain AND f.period = c.period
    LEFT JOIN people AS k ON k.grain = c.grain AND k.period = c.period)
SELECT b.grain, b.period,
       b.customers, b.new_customers,
       b.customers - b.new_customers AS returning_customers,
       b.effective_customers, b.orders,
       b.gmv / s.unit AS gmv,
       b.refunds / s.unit AS refunds,
       b.new_revenue / s.unit AS new_revenue,
       (b.gmv_of_customers - b.new_revenue) / s.unit AS repeat_revenue,
       1.0 * (b.gmv_of_customers - b.new_revenue) / nullif(b.gmv_of_customers, 0) AS repeat_share,
       b.gmv_of_customers / s.unit / nullif(b.effective_customers, 0) AS arppu,
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
