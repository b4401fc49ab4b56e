-- audience_recall: members with an order in the last two years who are silent for more than 90 days
-- 沉默会员召回
-- practice: NetEase: recall
-- needs: addressee
-- formula: last order more than 90 days and at most two years before as_of; priority 3: a third order was made, 2: a second, 1: one; one in ten is control
CREATE VIEW audience_recall AS -- siyu
SELECT customer,
       'silent for ' || CAST(silent_days AS INTEGER) || ' days after ' || orders || CASE orders WHEN 1 THEN ' order' ELSE ' orders' END AS reason,
       min(orders, 3) AS priority,
       suggested_time, channel, store,
       ab_group(customer, 'recall', 10) = 0 AS is_control,
       silent_days,
       revenue / unit AS revenue,
       '购买 ' || orders || ' 单后沉默 ' || CAST(silent_days AS INTEGER) || ' 天' AS reason_zh
FROM addressee
WHERE is_member AND silent_days > 90 AND substr(last_at, 1, 10) >= date(as_of, '-2 years')
ORDER BY priority DESC, revenue DESC, customer;
