-- kpi_triangle: six values, three sides, area, against the period before
-- 私域三角：六项指标、三边与面积
-- practice: Youzan triangle
-- needs: figures
-- formula: connected: people connected; reach: of customers, connected and not refusing; ltv: value in the first 365 days; repurchase: second order within 90 days; referral: of customers, brought others; related: of customers, brought by distributors or partners. A side = 100 × geometric mean of its two values, each over that of the base (the period before); area_index = 100 × area / area of the base
CREATE VIEW kpi_triangle AS -- siyu
WITH six AS (
  SELECT span, first_day, until,
         people_now AS connected,
         1.0 * people_reachable / nullif(customers, 0) AS reach,
         value_365 AS ltv,
         1.0 * again_90 / nullif(mature_90, 0) AS repurchase,
         1.0 * referrers / nullif(customers, 0) AS referral,
         1.0 * related_customers / nullif(customers, 0) AS related
  FROM figures LIMIT 3),
sides AS (
  SELECT n.connected, n.reach, n.ltv, n.repurchase, n.referral, n.related,
         100 * geometric_mean(1.0 * n.connected / nullif(b.connected, 0), n.reach / nullif(b.reach, 0)) AS ownership_side,
         100 * geometric_mean(n.ltv / nullif(b.ltv, 0), n.repurchase / nullif(b.repurchase, 0)) AS value_side,
         100 * geometric_mean(n.referral / nullif(b.referral, 0), n.related / nullif(b.related, 0)) AS referral_side,
         b.first_day AS base_from, substr(b.until, 1, 10) AS base_to,
         b.connected AS base_connected, b.reach AS base_reach, b.ltv AS base_ltv,
         b.repurchase AS base_repurchase, b.referral AS base_referral, b.related AS base_related
  FROM six AS n JOIN six AS b ON b.span = 'previous'
  WHERE n.span = 'period')
SELECT connected, reach, ltv, repurchase, referral, related,
       ownership_side, value_side, referral_side,
       triangle_area(ownership_side, value_side, referral_side) AS area,
       100 * triangle_area(ownership_side, value_side, referral_side) / triangle_area(100, 100, 100) AS area_index,
       base_from, base_to, base_connected, base_reach, base_ltv, base_repurchase, base_referral, base_related
FROM sides;
