-- kpi_ltv: lifetime value: years × order value × orders per year, and what cohorts are worth at a fixed age
-- 用户终身价值
-- practice: Youzan triangle: LTV
-- needs: observed, order_rows, figures_ltv, figures_buyers
-- formula: ltv: see the function (silent for more than 180 days: left); ltv_90, ltv_365 = money within n days of the first order / customers who are that old: these compare between dates
CREATE VIEW kpi_ltv AS -- siyu: parts is JSON, money in minor units: older SQLite has no JSON in the views of a schema that is not trusted
SELECT f.ltv,
       (SELECT ltv_parts(o.customer, o.at, o.amount, s.until) FROM order_rows AS o WHERE o.customer IS NOT NULL) AS parts,
       coalesce(b.mature_90, 0) AS mature_90, b.money_90 / nullif(b.mature_90, 0) AS ltv_90,
       coalesce(b.mature_365, 0) AS mature_365, b.money_365 / nullif(b.mature_365, 0) AS ltv_365
FROM observed AS s CROSS JOIN figures_ltv AS f
LEFT JOIN figures_buyers AS b ON b.span = f.span;
