-- audience_no_second_order: bought once and not again within 90 days, by intent
-- 首购 90 天未复购
-- practice: NetEase: first-time buyers with no second order
-- needs: observed, addressee, events
-- formula: one order ever, more than 90 days ago. intent by what they did since that order, up to as_of: 2 events and more high, 1 middle, none low; priority 3, 2, 1; one in ten is control
CREATE VIEW audience_no_second_order AS -- siyu
WITH
  once AS (SELECT * FROM addressee WHERE orders = 1 AND days_since_first > 90),
  acts AS (
    SELECT o.customer,
           count(*) AS acts
    FROM observed AS s CROSS JOIN once AS o JOIN events AS e ON e.customer = o.customer
    WHERE local_time(e.time, s.tz) > o.first_at AND local_time(e.time, s.tz) <= s.until
    GROUP BY o.customer)
SELECT o.customer,
       'one order, ' || CAST(o.days_since_first AS INTEGER) || ' days ago, since then ' || coalesce(a.acts, 0) || ' visits and other events' AS reason,
       1 + min(coalesce(a.acts, 0), 2) AS priority,
       o.suggested_time, o.channel, o.store,
       ab_group(o.customer, 'no_second_order', 10) = 0 AS is_control,
       CASE min(coalesce(a.acts, 0), 2) WHEN 2 THEN 'high' WHEN 1 THEN 'middle' ELSE 'low' END AS intent,
       o.revenue / o.unit AS revenue,
       '首购后 ' || CAST(o.days_since_first AS INTEGER) || ' 天未复购，其间到店等行为 ' || coalesce(a.acts, 0) || ' 次' AS reason_zh
FROM once AS o LEFT JOIN acts AS a ON a.customer = +o.customer
ORDER BY priority DESC, revenue DESC, o.customer;
