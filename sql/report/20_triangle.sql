-- title: 私域三角：六项能力对比基期 | The private-domain triangle: six values against the base
-- section: triangle
-- chart: triangle
-- says: 100 为基期（上一周期）。连接与触达 = 所有权；终身价值与复购 = 客户价值；推荐与关系 = 推荐裂变 | 100 is the base, the period before. Connected and reach: ownership; lifetime value and repurchase: value; referrers and related: referral
-- reads: kpi_triangle, figures
-- functions: triangle_area, geometric_mean
-- column side: 边 | side | side
-- column value_name: 能力 | value | triangle
-- column now: 本期 | this period | mixed
-- column base: 基期 | base | mixed
-- column index: 指数 | index | index
WITH six(side, value_name, now, base) AS (
  SELECT 'ownership', 'connected', connected, base_connected FROM kpi_triangle
  UNION ALL SELECT 'ownership', 'reach', reach, base_reach FROM kpi_triangle
  UNION ALL SELECT 'value', 'ltv', ltv, base_ltv FROM kpi_triangle
  UNION ALL SELECT 'value', 'repurchase', repurchase, base_repurchase FROM kpi_triangle
  UNION ALL SELECT 'referral', 'referral', referral, base_referral FROM kpi_triangle
  UNION ALL SELECT 'referral', 'related', related, base_related FROM kpi_triangle)
SELECT side, value_name, now, base, 100.0 * now / nullif(base, 0) AS "index" FROM six
