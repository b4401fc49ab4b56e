-- kpi_repurchase: who ordered again, ever and within 30, 60, 90 and 365 days
-- 复购率
-- practice: white paper; Xingyun Youke; NetEase
-- needs: observed, buyer
-- formula: repurchase_rate = repeat_buyers / buyers; within n days = again_n / mature_n, mature: n days have passed since the first order; repeat_share = money of repeat buyers / all
CREATE VIEW kpi_repurchase AS -- siyu
SELECT count(*) FILTER (WHERE orders >= 1) AS buyers,
       count(*) FILTER (WHERE orders >= 2) AS repeat_buyers,
       1.0 * count(*) FILTER (WHERE orders >= 2) / nullif(count(*) FILTER (WHERE orders >= 1), 0) AS repurchase_rate,
       count(*) FILTER (WHERE again_by_30 <= until) AS mature_30,
       count(*) FILTER (WHERE again_by_30 <= until AND second_at <= again_by_30) AS again_30,
       1.0 * count(*) FILTER (WHERE again_by_30 <= until AND second_at <= again_by_30)
         / nullif(count(*) FILTER (WHERE again_by_30 <= until), 0) AS within_30_days,
       count(*) FILTER (WHERE again_by_60 <= until) AS mature_60,
       count(*) FILTER (WHERE again_by_60 <= until AND second_at <= again_by_60) AS again_60,
       1.0 * count(*) FILTER (WHERE again_by_60 <= until AND second_at <= again_by_60)
         / nullif(count(*) FILTER (WHERE again_by_60 <= until), 0) AS within_60_days,
       count(*) FILTER (WHERE again_by_90 <= until) AS mature_90,
       count(*) FILTER (WHERE again_by_90 <= until AND second_at <= again_by_90) AS again_90,
       1.0 * count(*) FILTER (WHERE again_by_90 <= until AND second_at <= again_by_90)
         / nullif(count(*) FILTER (WHERE again_by_90 <= until), 0) AS within_90_days,
       count(*) FILTER (WHERE again_by_365 <= until) AS mature_365,
       count(*) FILTER (WHERE again_by_365 <= until AND second_at <= again_by_365) AS again_365,
       1.0 * count(*) FILTER (WHERE again_by_365 <= until AND second_at <= again_by_365)
         / nullif(count(*) FILTER (WHERE again_by_365 <= until), 0) AS within_365_days,
       1.0 * gmv(revenue) FILTER (WHERE orders >= 2) / nullif(gmv(revenue), 0) AS repeat_share
FROM (SELECT b.*, s.until,
             date(substr(first_at, 1, 10), '+30 days') || substr(first_at, 11) AS again_by_30,
             date(substr(first_at, 1, 10), '+60 days') || substr(first_at, 11) AS again_by_60,
             date(substr(first_at, 1, 10), '+90 days') || substr(first_at, 11) AS again_by_90,
             date(substr(first_at, 1, 10), '+365 days') || substr(first_at, 11) AS again_by_365
      FROM observed AS s CROSS JOIN buyer AS b);
