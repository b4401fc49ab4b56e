-- kpi_triangle: six values, three sides, area, against the period before
-- 私域三角：六项指标、三边与面积
-- practice: Youzan triangle
-- needs: spans, figures_contacts, figures_customers, figures_buyers
-- formula: connected: people connected; reach: of customers, connected and not refusing; ltv: value in the first 365 days; repurchase: second order within 90 days; referral: of customers, brought others; related: of customers, brought by distributors or partners. A side = 100 × geometric mean of its two values, each over that of the base (the period before); area_index = 100 × area / area of the base
CREATE VIEW kpi_triangle AS -- siyu
WITH six AS (
  SELECT p.span, p.first_day, p.until,
         k.people_now AS connected,
         1.0 * k.people_reachable / nullif(c.customers, 0) AS reach,
         b.money_365 / nullif(b.mature_365, 0) AS ltv,
         1.0 * b.again_90 / nullif(b.mature_90, 0) AS repurchase,
         1.0 * c.referrers / nullif(c.customers, 0) AS referral,
         1.0 * c.related_customers / nullif(c.customers, 0) AS related
  FROM spans AS p
  LEFT JOIN figures_contacts AS k ON k.span = p.span
  LEFT JOIN figures_customers AS c ON c.span = p.span
  LEFT JOIN figures_buyers AS b ON b.span = p.span
  LIMIT 3),
pair AS (   -- one reading: newest SQLite finds a view only once in a statement
  SELECT max(connected) FILTER (WHERE span = 'period') AS connected,
         max(reach) FILTER (WHERE span = 'period') AS reach,
         max(ltv) FILTER (WHERE span = 'period') AS ltv,
         max(repurchase) FILTER (WHERE span = 'period') AS repurchase,
         max(referral) FILTER (WHERE span = 'period') AS referral,
         max(related) FILTER (WHERE span = 'period') AS related,
         max(connected) FILTER (WHERE span = 'previous') AS base_connected,
         max(reach) FILTER (WHERE span = 'previous') AS base_reach,
         max(ltv) FILTER (WHERE span = 'previous') AS base_ltv,
         max(repurchase) FILTER (WHERE span = 'previous') AS base_repurchase,
         max(referral) FILTER (WHERE span = 'previous') AS base_referral,
         max(related) FILTER (WHERE span = 'previous') AS base_related,
         max(first_day) FILTER (WHERE span = 'previous') AS base_from,
         substr(max(until) FILTER (WHERE span = 'previous'), 1, 10) AS base_to
  FROM six GROUP BY 1 = 1 HAVING count(*) FILTER (WHERE span = 'period') AND count(*) FILTER (WHERE span = 'previous')),
sides AS (
  SELECT *,
         100 * geometric_mean(1.0 * connected / nullif(base_connected, 0), reach / nullif(base_reach, 0)) AS ownership_side,
         100 * geometric_mean(ltv / nullif(base_ltv, 0), repurchase / nullif(base_repurchase, 0)) AS value_side,
         100 * geometric_mean(referral / nullif(base_referral, 0), related / nullif(base_related, 0)) AS referral_side
  FROM pair LIMIT 1)
SELECT connected, reach, ltv, repurchase, referral, related,
       ownership_side, value_side, referral_side,
       triangle_area(ownership_side, value_side, referral_side) AS area,
       100 * triangle_area(ownership_side, value_side, referral_side) / triangle_area(100, 100, 100) AS area_index,
       base_from, base_to, base_connected, base_reach, base_ltv, base_repurchase, base_referral,
       base_related
FROM sides;
