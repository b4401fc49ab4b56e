-- audience_due: the next order falls into the coming 7 days
-- 到期复购提醒
-- practice: white paper: quarterly reminder; Xingyun Youke: before the milk is finished
-- needs: addressee, customer_cycle
-- formula: last order + own cycle within the 7 days after as_of, never in the past; suggested_time: the day before, not before tomorrow; priority 2 within 3 days, else 1; one in ten is control
CREATE VIEW audience_due AS -- siyu
SELECT a.customer,
       'next order due on ' || substr(c.due_at, 1, 10) || ', a rhythm of ' || round(c.cycle_days, 1) || ' days' AS reason,
       CASE WHEN substr(c.due_at, 1, 10) <= date(a.as_of, '+3 days') THEN 2 ELSE 1 END AS priority,
       max(a.suggested_time, date(substr(c.due_at, 1, 10), '-1 day') || ' 10:00:00') AS suggested_time,
       a.channel, a.store,
       ab_group(a.customer, 'due', 10) = 0 AS is_control,
       c.due_at,
       '预计 ' || substr(c.due_at, 1, 10) || ' 复购，自身周期 ' || round(c.cycle_days, 1) || ' 天' AS reason_zh
FROM addressee AS a JOIN customer_cycle AS c ON c.customer = +a.customer
WHERE c.due_at > a.until AND substr(c.due_at, 1, 10) <= date(a.as_of, '+7 days')
ORDER BY c.due_at, a.customer;
