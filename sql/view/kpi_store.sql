-- kpi_store: each store: its own money, per square metre, visits against a year ago, payback
-- 门店（坪效、到店、回本周期）
-- practice: white paper: store support; Youzan festival: on-line sales credited to the store
-- needs: observed, stores, flows, events, order_rows, customer_rows
-- formula: gmv: orders whose store it is, not those of customers bound to it; counter_gmv: source 'store', online_gmv: credited to it from elsewhere; gmv_per_metre = gmv / metres; visits: events 'visit' with the store as ref, of the period; payback_days: on flows up to as_of, with the investment at the opening where the flows hold nothing negative
CREATE VIEW kpi_store AS -- siyu
WITH
  sums AS (
    SELECT store,
           count(*) FILTER (WHERE is_order AND in_period) AS orders,
           coalesce(gmv(amount) FILTER (WHERE in_period), 0) AS gmv,
           coalesce(gmv(amount) FILTER (WHERE in_period AND source = 'store'), 0) AS counter_gmv,
           coalesce(gmv(amount) FILTER (WHERE in_year_ago), 0) AS year_ago_gmv
    FROM order_rows WHERE nullif(store, '') IS NOT NULL AND (in_period OR in_year_ago) GROUP BY store),
  calls AS (
    SELECT e.ref AS store,
           count(*) FILTER (WHERE local_time(e.time, s.tz) BETWEEN s.period_from AND s.period_until) AS visits,
           count(*) FILTER (WHERE local_time(e.time, s.tz) BETWEEN s.year_ago_from AND s.year_ago_until) AS year_ago_visits
    FROM observed AS s CROSS JOIN events AS e WHERE e.name = 'visit' GROUP BY e.ref),
  cash AS (
    SELECT f.store,
           local_time(f.time, s.tz) AS at,
           f.amount
    FROM observed AS s CROSS JOIN flows AS f WHERE local_time(f.time, s.tz) <= s.until
    UNION ALL
    SELECT t.store, local_time(t.opened, s.tz), -t.invested
    FROM observed AS s CROSS JOIN stores AS t
    WHERE local_time(t.opened, s.tz) <= s.until AND t.invested IS NOT NULL
      AND t.store NOT IN (SELECT store FROM flows WHERE amount < 0 AND store IS NOT NULL)),
  paid_back AS (SELECT store, payback_days(at, amount) AS days FROM cash GROUP BY store),
  bound AS (SELECT store, count(*) AS customers FROM customer_rows GROUP BY store)
SELECT t.store, t.name, t.franchisee,
       coalesce(m.orders, 0) AS orders,
       coalesce(m.gmv, 0) / s.unit AS gmv,
       coalesce(m.counter_gmv, 0) / s.unit AS counter_gmv,
       (coalesce(m.gmv, 0) - coalesce(m.counter_gmv, 0)) / s.unit AS online_gmv,
       t.metres,
       coalesce(m.gmv, 0) / s.unit / nullif(t.metres, 0) AS gmv_per_metre,
       coalesce(m.year_ago_gmv, 0) / s.unit AS year_ago_gmv,
       1.0 * coalesce(m.gmv, 0) / nullif(m.year_ago_gmv, 0) - 1 AS change_year,
       coalesce(c.visits, 0) AS visits,
       coalesce(c.year_ago_visits, 0) AS year_ago_visits,
       1.0 * coalesce(c.visits, 0) / nullif(c.year_ago_visits, 0) - 1 AS visits_change_year,
       coalesce(b.customers, 0) AS customers,
       p.days AS payback_days,
       s.complete
FROM observed AS s CROSS JOIN stores AS t
LEFT JOIN sums AS m ON m.store = t.store
LEFT JOIN calls AS c ON c.store = t.store
LEFT JOIN paid_back AS p ON p.store = t.store
LEFT JOIN bound AS b ON b.store = t.store
WHERE coalesce(local_time(t.opened, s.tz), '') <= s.until
ORDER BY t.store;
