-- kpi_diagnosis: the self-diagnosis of the triangle as rows
-- 私域三角自检
-- practice: Youzan triangle: three checklists
-- needs: figures, customer_reach, campaigns, observed
-- formula: verdict yes: value >= threshold (<= where the less the better); unknown: nothing to tell it by. The thresholds are ours: change them to those of the trade
CREATE VIEW kpi_diagnosis AS -- siyu
WITH
  questions(place, side, question_zh, question_en, figure, threshold, less_is_better) AS (VALUES
    (1, 'ownership', '客户是否汇入统一客户池（可识别）？', 'Are customers gathered in one pool, where they can be told who they are?', 'identifiable_share', 0.8, 0),
    (2, 'ownership', '客户能否随时免费触达？', 'Can they be reached at any time, for nothing?', 'reachable_share', 0.5, 0),
    (3, 'ownership', '客户是否打标签、可分群？', 'Do they have tags, so that groups can be made?', 'tagged_share', 0.5, 0),
    (4, 'ownership', '好友留得住吗？', 'Do contacts stay?', 'people_retention', 0.7, 0),
    (5, 'value', '老客是否复购（90 天）？', 'Do customers order again within 90 days?', 'repurchase_90', 0.2, 0),
    (6, 'value', '是否有会员等级体系？', 'Is there a system of member levels?', 'tiered_share', 0.5, 0),
    (7, 'value', '休眠与流失是否可控？', 'Are dormant and lost customers under control?', 'lost_share', 0.5, 1),
    (8, 'value', '是否会员化运营？', 'Are customers run as members?', 'member_share', 0.3, 0),
    (9, 'referral', '老客是否带新客？', 'Do customers bring new ones?', 'referrer_rate', 0.05, 0),
    (10, 'referral', '新客中是否有转介绍？', 'Are there referred ones among the new?', 'new_referred_share', 0.1, 0),
    (11, 'referral', '是否有分销员？', 'Are there distributors?', 'distributor_share', 0.01, 0),
    (12, 'referral', '本期是否有裂变活动？', 'Does a referral campaign run in the period?', 'fission_campaigns', 1, 0)),
  reach AS (SELECT avg(identifiable) AS identifiable_share FROM customer_reach),
  running AS (
    SELECT CASE WHEN count(*) > 0 THEN count(*) FILTER (
             WHERE c.kind IN ('fission', 'group_buy', 'bargain', 'referral', '裂变', '拼团', '砍价')
               AND local_time(c.starts, s.tz) <= s.period_until
               AND coalesce(local_time(c.ends, s.tz), '9999') >= s.period_from) END AS n
    FROM observed AS s CROSS JOIN campaigns AS c),
  spelled AS (
    SELECT q.*,
           CASE q.figure
             WHEN 'identifiable_share' THEN r.identifiable_share
             WHEN 'reachable_share' THEN 1.0 * f.people_reachable / nullif(f.customers, 0)
             WHEN 'tagged_share' THEN 1.0 * f.tagged / nullif(f.customers, 0)
             WHEN 'people_retention' THEN 1.0 * f.people_now / nullif(f.people, 0)
             WHEN 'repurchase_90' THEN 1.0 * f.again_90 / nullif(f.mature_90, 0)
             WHEN 'tiered_share' THEN 1.0 * f.tiered / nullif(f.customers, 0)
             WHEN 'lost_share' THEN 1.0 * (f.dormant_buyers + f.churned_buyers) / nullif(f.buyers_ever, 0)
             WHEN 'member_share' THEN 1.0 * f.members / nullif(f.customers, 0)
             WHEN 'referrer_rate' THEN 1.0 * f.referrers / nullif(f.customers, 0)
             WHEN 'new_referred_share' THEN 1.0 * f.new_referred / nullif(f.new_customers, 0)
             WHEN 'distributor_share' THEN 1.0 * f.distributors / nullif(f.customers, 0)
             WHEN 'fission_campaigns' THEN (SELECT n FROM running)
           END AS value
    FROM figures AS f CROSS JOIN questions AS q CROSS JOIN reach AS r WHERE f.span = 'period')
SELECT side, question_zh, question_en, figure, value, threshold,
       CASE WHEN value IS NULL THEN 'unknown' WHEN less_is_better THEN CASE WHEN value <= threshold THEN 'yes' ELSE 'no' END
            WHEN value >= threshold THEN 'yes' ELSE 'no' END AS verdict
FROM spelled ORDER BY place;
