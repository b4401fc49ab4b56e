-- kpi_ladder: heads on each rung, conversion from rung to rung, median days to it
-- 关系阶梯：人数、转化、用时
-- practice: Youzan triangle: relationship ladder
-- needs: customer_role
-- formula: heads: whose highest rung it is; reached: that rung or a higher one; conversion = reached / reached of the rung below. median_days: customer: from joining to the first order; koc: from the first order to the first customer brought; the others have no date
CREATE VIEW kpi_ladder AS -- siyu
WITH
  rungs(place, rung, rung_zh) AS (VALUES (0, 'none', '无'), (1, 'fan', '粉丝'), (2, 'customer', '客户'), (3, 'member', '会员'), (4, 'distributor', '分销员'), (5, 'koc', 'KOC')),
  placed AS (SELECT r.place, x.* FROM customer_role AS x JOIN rungs AS r ON r.rung = x.role),
  days AS (
    SELECT 2 AS place, julianday(first_at) - julianday(joined_at) AS d FROM placed WHERE first_at >= joined_at
    UNION ALL
    SELECT 5, julianday(first_brought_at) - julianday(first_at) FROM placed WHERE place = 5 AND first_brought_at >= first_at),
  medians AS (
    SELECT place,
           avg(d) AS median_days
    FROM (SELECT place, d, row_number() OVER (PARTITION BY place ORDER BY d) AS nth, count(*) OVER (PARTITION BY place) AS n FROM days)
    WHERE 2 * nth BETWEEN n AND n + 2 GROUP BY place),
  heads AS (SELECT role, count(*) AS heads FROM customer_role GROUP BY role),
  counted AS (
    SELECT r.place, r.rung, r.rung_zh,
           coalesce(h.heads, 0) AS heads,
           coalesce(sum(h.heads) OVER (ORDER BY r.place DESC), 0) AS reached
    FROM rungs AS r LEFT JOIN heads AS h ON h.role = r.rung)
SELECT c.rung, c.rung_zh, c.heads, c.reached,
       b.reached AS reached_below,
       1.0 * c.reached / nullif(b.reached, 0) AS conversion,
       m.median_days
FROM counted AS c
LEFT JOIN counted AS b ON b.place = c.place - 1
LEFT JOIN medians AS m ON m.place = c.place
WHERE c.place > 0
ORDER BY c.place;
