-- kpi_staff_move: promotion and elimination by stated rules, with the reason
-- 导购晋级与淘汰建议
-- practice: Youzan festival: promotion by sales, elimination by tenure and sales
-- needs: kpi_staff, staff
-- formula: tiers stand in the order of their mean target, then by name; promote at 120 % of the target, demote below 50 % after 90 days of service (from the lowest tier: out, next_tier NULL); a period that is cut short moves nobody; one without a target stays
CREATE VIEW kpi_staff_move AS -- siyu
WITH
  ladder AS (
    SELECT tier,
           row_number() OVER (ORDER BY avg(target), tier) AS rung
    FROM staff WHERE nullif(tier, '') IS NOT NULL AND target IS NOT NULL GROUP BY tier),
  verdict AS (
    SELECT b.*,
           CASE WHEN b.target_rate IS NULL THEN 'no_target'
                WHEN NOT b.complete THEN 'not_complete'
                WHEN b.target_rate >= 1.2 THEN 'promote'
                WHEN b.target_rate < 0.5 AND b.tenure_days < 90 THEN 'new'
                WHEN b.target_rate < 0.5 AND b.tenure_days IS NOT NULL THEN 'demote'
                ELSE 'stay' END AS move
    FROM kpi_staff AS b)
SELECT v.staff, v.tier,
       CASE v.move WHEN 'promote' THEN coalesce(up.tier, v.tier)
                   WHEN 'demote' THEN down.tier
                   ELSE v.tier END AS next_tier,
       CASE WHEN v.move = 'demote' AND down.tier IS NULL THEN 'out' ELSE v.move END AS move,
       v.gmv, v.target, v.target_rate, v.tenure_days,
       CASE v.move WHEN 'no_target' THEN 'no target is set'
                   WHEN 'not_complete' THEN 'the period is not over: ' || round(100 * v.target_rate, 1) || ' % of the target so far'
                   WHEN 'new' THEN round(100 * v.target_rate, 1) || ' % of the target, but only ' || CAST(v.tenure_days AS INTEGER) || ' days of service'
                   ELSE round(100 * v.target_rate, 1) || ' % of the target' END AS reason
FROM verdict AS v
LEFT JOIN ladder AS l ON l.tier = v.tier
LEFT JOIN ladder AS up ON up.rung = l.rung + 1
LEFT JOIN ladder AS down ON down.rung = l.rung - 1
ORDER BY v.staff;
