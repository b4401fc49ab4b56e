-- audience_dormant_members: members without an order for 90 to 180 days
-- 休眠会员
-- practice: Youzan triangle: dormancy, wake-up
-- needs: addressee
-- formula: members, silent for more than 90 and at most 180 days; or never bought and joined as long ago; priority 2 for who has bought, else 1; one in ten is control
CREATE VIEW audience_dormant_members AS -- siyu
WITH quiet AS (
  SELECT *, coalesce(silent_days, julianday(as_of) - julianday(substr(joined_at, 1, 10))) AS days FROM addressee WHERE is_member)
SELECT customer,
       CASE WHEN orders > 0 THEN 'no order for ' ELSE 'a member without an order for ' END || CAST(days AS INTEGER) || ' days' AS reason,
       CASE WHEN orders > 0 THEN 2 ELSE 1 END AS priority,
       suggested_time, channel, store,
       ab_group(customer, 'dormant_members', 10) = 0 AS is_control,
       days,
       CASE WHEN orders > 0 THEN '' ELSE '入会 ' END || CAST(days AS INTEGER) || ' 天未下单' AS reason_zh
FROM quiet
WHERE days > 90 AND days <= 180
ORDER BY priority DESC, revenue DESC, customer;
