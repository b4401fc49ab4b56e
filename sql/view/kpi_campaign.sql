-- kpi_campaign: result of each campaign against its control group
-- 活动效果（实验组对照组、毛收入与净增量）
-- practice: NetEase: PDCA: gross and net of the recall, lift
-- needs: observed, campaigns, campaign_people, costs, coupons, customer_orders
-- formula: money per assigned customer, 0 for who bought nothing, within the campaign's window only. gross = money of the treated; incremental = uplift × treated; cost = campaigns.cost, else the costs of the campaign; net = incremental - cost; low, high: 95 % interval of incremental; without a control group these are NULL. redeemed of coupons: issued to the treated within the window
CREATE VIEW kpi_campaign AS -- siyu
WITH
  bought AS (
    SELECT p.campaign, p.customer,
           sum(o.amount) AS money,
           max(o.is_order) AS bought
    FROM campaign_people AS p JOIN customer_orders AS o ON o.customer = +p.customer
    WHERE o.at BETWEEN p.begins AND p.ends
    GROUP BY p.campaign, p.customer),
  -- one row per customer in a campaign, with what they brought within its window
  outcome AS (
    SELECT p.campaign, p.customer, p.treated,
           coalesce(b.money, 0) AS money,
           coalesce(b.bought, 0) AS bought
    FROM campaign_people AS p LEFT JOIN bought AS b ON b.campaign = p.campaign AND b.customer = +p.customer),
  result AS (
    SELECT campaign,
           count(*) FILTER (WHERE treated = 1) AS treated,
           count(*) FILTER (WHERE treated = 0) AS control,
           count(*) FILTER (WHERE treated = 1 AND bought) AS treated_buyers,
           count(*) FILTER (WHERE treated = 0 AND bought) AS control_buyers,
           coalesce(sum(money) FILTER (WHERE treated = 1), 0) AS gross,
           uplift(treated, money) AS lift,
           uplift_ratio(treated, money) AS lift_ratio,
           uplift_interval(treated, money) AS bounds,
           uplift_p_value(treated, money) AS p_value
    FROM outcome GROUP BY campaign),
  spent AS (
    SELECT c.campaign,
           sum(c.amount) AS cost
    FROM observed AS s CROSS JOIN costs AS c
    WHERE local_time(c.time, s.tz) <= s.until AND c.campaign IS NOT NULL
    GROUP BY c.campaign),
  vouchers AS (
    SELECT p.campaign,
           count(*) AS coupons,
           count(*) FILTER (WHERE local_time(k.redeemed, s.tz) BETWEEN p.begins AND p.ends) AS redeemed
    FROM observed AS s CROSS JOIN campaign_people AS p JOIN coupons AS k ON k.customer = p.customer
    WHERE p.treated = 1 AND local_time(k.issued, s.tz) BETWEEN p.begins AND p.ends
    GROUP BY p.campaign)
SELECT c.campaign, c.kind, c.offer,
       coalesce(r.treated, 0) AS treated,
       coalesce(r.control, 0) AS control,
       r.treated_buyers, r.control_buyers,
       1.0 * r.treated_buyers / nullif(r.treated, 0) AS treated_rate,
       1.0 * r.control_buyers / nullif(r.control, 0) AS control_rate,
       coalesce(r.gross, 0) / s.unit AS gross,
       r.lift * r.treated / s.unit AS incremental,
       coalesce(c.cost, x.cost, 0) / s.unit AS cost,
       (r.lift * r.treated - coalesce(c.cost, x.cost, 0)) / s.unit AS net,
       r.lift_ratio AS uplift_ratio,
       -- the interval is the text [low, high]
       CAST(substr(r.bounds, 2) AS REAL) * r.treated / s.unit AS low,
       CAST(substr(r.bounds, instr(r.bounds, ',') + 1) AS REAL) * r.treated / s.unit AS high,
       r.p_value,
       coalesce(v.coupons, 0) AS coupons,
       coalesce(v.redeemed, 0) AS redeemed,
       1.0 * v.redeemed / v.coupons AS redemption_rate
FROM observed AS s CROSS JOIN campaigns AS c
LEFT JOIN result AS r ON r.campaign = c.campaign
LEFT JOIN spent AS x ON x.campaign = c.campaign
LEFT JOIN vouchers AS v ON v.campaign = c.campaign
WHERE local_time(c.starts, s.tz) <= s.until
ORDER BY c.campaign;
