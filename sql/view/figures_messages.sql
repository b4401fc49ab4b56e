-- figures_messages: messages sent and answered in the three spans
-- 各周期触达
-- practice: NetEase: response per channel
-- needs: spans, messages
-- formula: answered: by the end of the span
CREATE VIEW figures_messages AS -- siyu
SELECT p.span,
       count(*) AS messages_sent,
       count(DISTINCT m.customer) AS people_messaged,
       count(*) FILTER (WHERE local_time(m.answered_at, p.tz) <= p.until) AS messages_answered
FROM messages AS m CROSS JOIN spans AS p
WHERE local_time(m.time, p.tz) BETWEEN p.first_day AND p.until
GROUP BY p.span;
