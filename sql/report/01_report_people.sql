-- makes: report_people
-- says: 七组人群的每一位 | Everyone of the seven audiences
SELECT 'due' AS audience, customer, priority, is_control FROM audience_due
UNION ALL SELECT 'about_to_slip', customer, priority, is_control FROM audience_about_to_slip
UNION ALL SELECT 'no_second_order', customer, priority, is_control FROM audience_no_second_order
UNION ALL SELECT 'birthday', customer, priority, is_control FROM audience_birthday
UNION ALL SELECT 'trial', customer, priority, is_control FROM audience_trial
UNION ALL SELECT 'recall', customer, priority, is_control FROM audience_recall
UNION ALL SELECT 'dormant_members', customer, priority, is_control FROM audience_dormant_members
