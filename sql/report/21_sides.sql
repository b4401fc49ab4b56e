-- title: 三条边与面积 | Three sides and the area
-- section: triangle
-- chart: sides
-- says: 边 = 100 × 两项对基期比值的几何平均；面积指数 = 100 × 面积 / 基期面积 | A side is 100 × the geometric mean of its two values over those of the base; the area index is 100 × area / area of the base
-- reads: kpi_triangle
-- functions: triangle_area, geometric_mean
-- column side: 边 | side | side
-- column index: 指数 | index | index
SELECT 'ownership' AS side, ownership_side AS "index" FROM kpi_triangle
UNION ALL SELECT 'value', value_side FROM kpi_triangle
UNION ALL SELECT 'referral', referral_side FROM kpi_triangle
UNION ALL SELECT 'area', area_index FROM kpi_triangle
