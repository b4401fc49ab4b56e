-- makes: report_first
-- says: 每组最先的几位 | The first of each audience
WITH first AS (
  SELECT audience, customer
  FROM (SELECT audience, customer, row_number() OVER (PARTITION BY audience ORDER BY priority DESC, customer) AS nth FROM report_people WHERE NOT is_control)
  WHERE nth <= 8)
SELECT 'due' AS audience, customer, reason, reason_zh, priority, suggested_time, channel, store FROM audience_due
WHERE NOT is_control AND customer IN (SELECT customer FROM first WHERE audience = 'due')
UNION ALL SELECT 'about_to_slip', customer, reason, reason_zh, priority, suggested_time, channel, store FROM audience_about_to_slip
WHERE NOT is_control AND customer IN (SELECT customer FROM first WHERE audience = 'about_to_slip')
UNION ALL SELECT 'no_second_order', customer, reason, reason_zh, priority, suggested_time, channel, store FROM audience_no_second_order
WHERE NOT is_control AND customer IN (SELECT customer FROM first WHERE audience = 'no_second_order')
UNION ALL SELECT 'birthday', customer, reason, reason_zh, priority, suggested_time, channel, store FROM audience_birthday
WHERE NOT is_control AND customer IN (SELECT customer FROM first WHERE audience = 'birthday')
UNION ALL SELECT 'trial', customer, reason, reason_zh, priority, suggested_time, channel, store FROM audience_trial
WHERE NOT is_control AND customer IN (SELECT customer FROM first WHERE audience = 'trial')
UNION ALL SELECT 'recall', customer, reason, reason_zh, priority, suggested_time, channel, store FROM audience_recall
WHERE NOT is_control AND customer IN (SELECT customer FROM first WHERE audience = 'recall')
UNION ALL SELECT 'dormant_members', customer, reason, reason_zh, priority, suggested_time, channel, store FROM audience_dormant_members
WHERE NOT is_control AND customer IN (SELECT customer FROM first WHERE audience = 'dormant_members')
