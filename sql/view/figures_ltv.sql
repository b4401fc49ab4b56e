-- figures_ltv: what a customer is worth, at as_of
-- 用户终身价值
-- practice: Youzan triangle: LTV
-- needs: kpi_ltv
-- formula: as kpi_ltv; ltv_365 compares between dates, ltv does not while the base is young
CREATE VIEW figures_ltv AS -- siyu
SELECT 'period' AS span, ltv, ltv_90, ltv_365 FROM kpi_ltv;
