-- figures_events: visits, content and shares of the three spans
-- 各周期行为
-- practice: white paper: store visits, content (UGC)
-- needs: spans, events
-- formula: rows of events by name
CREATE VIEW figures_events AS -- siyu
SELECT p.span,
       count(*) FILTER (WHERE e.name = 'visit') AS visits,
       count(*) FILTER (WHERE e.name = 'content') AS contents,
       count(*) FILTER (WHERE e.name = 'share') AS shares,
       count(DISTINCT e.customer) AS active_people
FROM events AS e CROSS JOIN spans AS p
WHERE local_time(e.time, p.tz) BETWEEN p.first_day AND p.until
GROUP BY p.span;
