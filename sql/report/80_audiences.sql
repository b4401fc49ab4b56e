-- title: 今天该联系谁 | Who to act on today
-- section: act
-- chart: audiences
-- says: 七组人群；每组留一成作对照，便于衡量效果 | Seven audiences; one in ten is kept back as a control group, so that the effect can be told
-- reads: report_people, audience_no_second_order, audience_recall, audience_about_to_slip, audience_due, audience_trial, audience_birthday, audience_dormant_members
-- functions: next_purchase, overdue_ratio, ab_group
-- column audience: 人群 | audience | audience
-- column customers: 客户数 | customers | count
-- column to_send: 可发送 | to write to | count
-- column control: 对照 | control | count
-- column urgent: 其中优先 | of these first | count
SELECT a.audience, count(e.audience) AS customers, count(*) FILTER (WHERE NOT e.is_control) AS to_send,
       count(*) FILTER (WHERE e.is_control) AS control, count(*) FILTER (WHERE e.priority >= 3 AND NOT e.is_control) AS urgent
FROM (SELECT column1 AS audience FROM (VALUES ('due'), ('about_to_slip'), ('no_second_order'), ('birthday'), ('trial'), ('recall'), ('dormant_members'))) AS a
LEFT JOIN report_people AS e ON e.audience = a.audience
GROUP BY a.audience ORDER BY customers DESC, a.audience
