-- audience_about_to_slip: later than their own rhythm, and not dormant yet
-- 流失预警
-- practice: Youzan triangle: warning before churn
-- needs: addressee, customer_cycle
-- formula: overdue > 1 and silent for at most 90 days: the dormant and the churned are other audiences'; priority 3 from 2 cycles on, 2 from 1.5, else 1; one in ten is control
CREATE VIEW audience_about_to_slip AS -- siyu
SELECT a.customer,
       'silent for ' || CAST(a.silent_days AS INTEGER) || ' days, a rhythm of ' || round(c.cycle_days, 1) || ' days' AS reason,
       CASE WHEN c.overdue >= 2 THEN 3 WHEN c.overdue >= 1.5 THEN 2 ELSE 1 END AS priority,
       a.suggested_time, a.channel, a.store,
       ab_group(a.customer, 'about_to_slip', 10) = 0 AS is_control,
       c.overdue,
       a.revenue / a.unit AS revenue,
       '已 ' || CAST(a.silent_days AS INTEGER) || ' 天未下单，自身周期 ' || round(c.cycle_days, 1) || ' 天' AS reason_zh
FROM addressee AS a JOIN customer_cycle AS c ON c.customer = +a.customer
WHERE c.overdue > 1 AND a.silent_days <= 90
ORDER BY priority DESC, revenue DESC, a.customer;
