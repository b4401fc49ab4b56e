-- makes: report_people
-- says: 七组人群的每一位 | Everyone of the seven audiences
SELECT 'due' AS audience, customer, reason, reason_zh, priority, suggested_time, channel, store, is_control FROM audience_due
UNION ALL SELECT 'about_to_slip', customer, reason, reason_zh, priority, suggested_time, channel, store, is_control FROM audience_about_to_slip
UNION ALL SELECT 'no_second_order', customer, reason, reason_zh, priority, suggested_time, channel, store, is_control FROM audience_no_second_order
UNION ALL SELECT 'birthday', customer, reason, reason_zh, priority, suggested_time, channel, store, is_control FROM audience_birthday
UNION ALL SELECT 'trial', customer, reason, reason_zh, priority, suggested_time, channel, store, is_control FROM audience_trial
UNION ALL SELECT 'recall', customer, reason, reason_zh, priority, suggested_time, channel, store, is_control FROM audience_recall
UNION ALL SELECT 'dormant_members', customer, reason, reason_zh, priority, suggested_time, channel, store, is_control FROM audience_dormant_members
