-- kpi_staff: board of the staff in the period: money, orders, customers, target, commission
-- 导购业绩榜（目标、提成、排名）
-- practice: Youzan festival: weekly board, monthly targets, commission; Xingyun Youke: customers and output per staff
-- needs: observed, staff, tier_log, order_rows, contact_pairs
-- formula: gmv net of refunds; staff without a sale have rows with 0, left out is only who was not there and sold nothing; tier: that at the end of the period; target: of a month × months of the period (days / 30.4375 where it is no whole months); commission = gmv × the number "commission" in settings.weights, NULL without it, 0 for a negative gmv; customers: connected now, with or without an order; NULL and blank staff are nobody
CREATE VIEW kpi_staff AS -- siyu
WITH
  sums AS (
    SELECT staff,
           sum(is_order) AS orders,
           effective_customers(customer, 1) FILTER (WHERE is_order) AS buyers,
           coalesce(gmv(amount), 0) AS gmv
    FROM order_rows WHERE in_period AND nullif(staff, '') IS NOT NULL GROUP BY staff),
  linked AS (
    SELECT p.staff,
           count(*) FILTER (WHERE p.still_there) AS customers,
           count(*) FILTER (WHERE p.added_at BETWEEN s.period_from AND s.period_until) AS added
    FROM observed AS s CROSS JOIN contact_pairs AS p GROUP BY p.staff),
  levels AS (
    SELECT subject, tier
    FROM (SELECT t.subject, t.tier,
                 row_number() OVER (PARTITION BY t.subject ORDER BY local_time(t.time, s.tz) DESC, t.tier) AS nth
          FROM observed AS s CROSS JOIN tier_log AS t
          WHERE t.kind = 'staff' AND local_time(t.time, s.tz) <= s.period_until)
    WHERE nth = 1),
  length AS (
    SELECT CASE WHEN substr(period_from, 9, 2) = '01' AND substr(date(period_to, '+1 day'), 9, 2) = '01'
                THEN 12.0 * (substr(period_to, 1, 4) - substr(period_from, 1, 4)) + substr(period_to, 6, 2) - substr(period_from, 6, 2) + 1
                ELSE (julianday(period_to) - julianday(period_from) + 1) / 30.4375 END AS months,
           -- read as text: older SQLite has no JSON in the views of a schema that is not trusted
           CASE WHEN instr(weights, '"commission":') THEN CAST(substr(weights, instr(weights, '"commission":') + 13) AS REAL) END AS rate
    FROM observed),
  board AS (
    SELECT f.staff, f.name, f.store,
           coalesce(l.tier, f.tier) AS tier,
           local_time(f.joined, s.tz) AS joined_at,
           f.target
    FROM observed AS s CROSS JOIN staff AS f LEFT JOIN levels AS l ON l.subject = f.staff
    WHERE (coalesce(local_time(f.joined, s.tz), '') <= s.period_until AND coalesce(local_time(f.left_at, s.tz), '9999') >= s.period_from)
       OR f.staff IN (SELECT staff FROM sums)
    UNION ALL
    -- who sold and is not in the list of the staff
    SELECT staff, NULL, NULL, NULL, NULL, NULL FROM sums WHERE staff NOT IN (SELECT staff FROM staff))
SELECT rank() OVER (ORDER BY coalesce(m.gmv, 0) DESC) AS place,
       b.staff, b.name, b.store, b.tier,
       coalesce(m.orders, 0) AS orders,
       coalesce(m.buyers, 0) AS buyers,
       coalesce(m.gmv, 0) / s.unit AS gmv,
       1.0 * coalesce(m.gmv, 0) / nullif((SELECT gmv(amount) FROM order_rows WHERE in_period), 0) AS share,
       b.target * n.months / s.unit AS target,
       coalesce(m.gmv, 0) / nullif(b.target * n.months, 0) AS target_rate,
       max(coalesce(m.gmv, 0), 0) * n.rate / s.unit AS commission,
       coalesce(k.customers, 0) AS customers, coalesce(k.added, 0) AS added,
       julianday(substr(s.period_until, 1, 10)) - julianday(substr(b.joined_at, 1, 10)) AS tenure_days,
       s.complete
FROM observed AS s CROSS JOIN length AS n CROSS JOIN board AS b
LEFT JOIN sums AS m ON m.staff = b.staff
LEFT JOIN linked AS k ON k.staff = b.staff
ORDER BY place, b.staff;
