-- figures_buyers: buyers so far, new ones and repeat ones, and what they are worth, at the end of the three spans
-- 各周期购买客户指标
-- practice: white paper; Youzan triangle; Xingyun Youke; NetEase
-- needs: spans, buyer
-- formula: a customer counts from the first order on. mature_90: whose 90 days after the first order have passed; again_90 of them ordered again within the 90 days; money_90: their net money within the 90 days; and so 365: money_90 / mature_90 and money_365 / mature_365 compare between dates. At as_of only: the stages, and ltv = money / customers who are silent for more than 180 days, as the function ltv() has it, which does not compare between dates while the base is young
CREATE VIEW figures_buyers AS -- siyu: LIMIT: a date is computed once a customer
SELECT p.span,
       count(*) FILTER (WHERE b.first_at <= p.until) AS buyers_ever,
       count(*) FILTER (WHERE b.second_at <= p.until) AS repeat_buyers,
       count(*) FILTER (WHERE b.by_90 <= p.until) AS mature_90,
       count(*) FILTER (WHERE b.by_90 <= p.until AND b.second_at <= b.by_90) AS again_90,
       count(*) FILTER (WHERE b.by_365 <= p.until) AS mature_365,
       gmv(b.revenue_90) FILTER (WHERE b.by_90 <= p.until) / p.unit AS money_90,
       gmv(b.revenue_365) FILTER (WHERE b.by_365 <= p.until) / p.unit AS money_365,
       count(*) FILTER (WHERE b.first_at BETWEEN p.first_day AND p.until) AS new_buyers,
       CASE p.span WHEN 'period' THEN count(*) FILTER (WHERE b.stage IN ('growth', 'maturity')) END AS living_buyers,
       CASE p.span WHEN 'period' THEN count(*) FILTER (WHERE b.stage = 'dormant') END AS dormant_buyers,
       CASE p.span WHEN 'period' THEN count(*) FILTER (WHERE b.stage = 'churned') END AS churned_buyers,
       CASE p.span WHEN 'period' THEN coalesce(gmv(b.period_revenue) FILTER (WHERE b.first_at BETWEEN p.first_day AND p.until), 0) / p.unit END AS new_revenue,
       CASE p.span WHEN 'period' THEN gmv(b.period_revenue) FILTER (WHERE b.first_at <= p.until) / p.unit END AS buyers_revenue,
       CASE p.span WHEN 'period' THEN gmv(b.revenue) / p.unit / nullif(count(*) FILTER (WHERE b.stage = 'churned'), 0) END AS ltv
FROM spans AS p CROSS JOIN (
  SELECT *,
         date(substr(first_at, 1, 10), '+90 days') || substr(first_at, 11) AS by_90,
         date(substr(first_at, 1, 10), '+365 days') || substr(first_at, 11) AS by_365
  FROM buyer LIMIT -1) AS b
GROUP BY p.span
HAVING p.span = 'period' OR buyers_ever > 0;
