-- kpi_ltv: lifetime value: years × order value × orders per year, and what cohorts are worth at a fixed age
-- 用户终身价值
-- practice: Youzan triangle: LTV
-- needs: observed, order_rows, buyer
-- formula: at as_of. ltv: see the function (silent for more than 180 days: left); ltv_90, ltv_365 = money within n days of the first order / customers who are that old: these compare between dates
CREATE VIEW kpi_ltv AS -- siyu: parts is JSON, money in minor units: older SQLite has no JSON in the views of a schema that is not trusted
WITH
  aged AS (
    SELECT date(substr(b.first_at, 1, 10), '+90 days') || substr(b.first_at, 11) <= s.until AS is_90,
           date(substr(b.first_at, 1, 10), '+365 days') || substr(b.first_at, 11) <= s.until AS is_365,
           b.stage = 'churned' AS has_left,
           b.revenue, b.revenue_90, b.revenue_365
    FROM observed AS s CROSS JOIN buyer AS b LIMIT -1),
  sums AS (
    SELECT gmv(revenue) AS money,
           count(*) FILTER (WHERE has_left) AS gone,
           count(*) FILTER (WHERE is_90) AS mature_90,
           gmv(revenue_90) FILTER (WHERE is_90) AS money_90,
           count(*) FILTER (WHERE is_365) AS mature_365,
           gmv(revenue_365) FILTER (WHERE is_365) AS money_365
    FROM aged)
SELECT a.money / s.unit / nullif(a.gone, 0) AS ltv,
       (SELECT ltv_parts(o.customer, o.at, o.amount, s.until) FROM order_rows AS o WHERE o.customer IS NOT NULL) AS parts,
       a.mature_90,
       a.money_90 / s.unit / nullif(a.mature_90, 0) AS ltv_90,
       a.mature_365,
       a.money_365 / s.unit / nullif(a.mature_365, 0) AS ltv_365
FROM observed AS s CROSS JOIN sums AS a;
