-- figures_service: answers to customers in the three spans
-- 各周期服务指标
-- practice: white paper: service value
-- needs: spans, chats
-- formula: response_seconds: median of the first answers; asked and answered_3_min: of customers' messages, an unanswered one counts as not
CREATE VIEW figures_service AS -- siyu
SELECT p.span,
       response_time(c.conversation, c.time, c.from_customer) AS response_seconds,
       response_within(c.conversation, c.time, c.from_customer, '3 minutes') AS answered_3_min
FROM chats AS c CROSS JOIN spans AS p
WHERE local_time(c.time, p.tz) BETWEEN p.first_day AND p.until
GROUP BY p.span;
