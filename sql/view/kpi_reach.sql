-- kpi_reach: the six steps of reach, and who was reached in the last 30 days
-- 触达能力
-- practice: Youzan triangle: reach
-- needs: observed, customer_reach, messages
-- formula: customers: of whom the step holds; unbroken: of whom all steps up to it hold; shares of total; reached_30_days: a message in the 30 days up to as_of
CREATE VIEW kpi_reach AS -- siyu
WITH sums AS (
  SELECT count(*) AS total,
         total(perceivable) AS a,
         total(identifiable) AS b,
         total(reachable) AS c,
         total(marketable) AS d,
         total(serviceable) AS e,
         total(insightable) AS f,
         total(perceivable AND identifiable) AS ab,
         total(perceivable AND identifiable AND reachable) AS abc,
         total(perceivable AND identifiable AND reachable AND marketable) AS abcd,
         total(perceivable AND identifiable AND reachable AND marketable AND serviceable) AS abcde,
         total(perceivable AND identifiable AND reachable AND marketable AND serviceable AND insightable) AS abcdef,
         total(customer IN (SELECT m.customer FROM observed AS s CROSS JOIN messages AS m
                            WHERE m.customer IS NOT NULL
                              AND local_time(m.time, s.tz) BETWEEN date(s.as_of, '-29 days') AND s.until)) AS reached
  FROM customer_reach),
steps(place, step, step_zh) AS (VALUES
  (1, 'perceivable', '可感知'), (2, 'identifiable', '可识别'), (3, 'reachable', '可触达'),
  (4, 'marketable', '可营销'), (5, 'serviceable', '可服务'), (6, 'insightable', '可洞察'), (7, 'reached_30_days', '近 30 天已触达')),
spelled AS (
  SELECT t.place, t.step, t.step_zh, s.total,
         CAST(CASE t.place WHEN 1 THEN a WHEN 2 THEN b WHEN 3 THEN c WHEN 4 THEN d WHEN 5 THEN e WHEN 6 THEN f ELSE reached END AS INTEGER) AS customers,
         CAST(CASE t.place WHEN 1 THEN a WHEN 2 THEN ab WHEN 3 THEN abc WHEN 4 THEN abcd WHEN 5 THEN abcde WHEN 6 THEN abcdef END AS INTEGER) AS unbroken
  FROM sums AS s CROSS JOIN steps AS t)
SELECT step, step_zh, customers, total,
       1.0 * customers / nullif(total, 0) AS share,
       unbroken,
       1.0 * unbroken / nullif(total, 0) AS unbroken_share
FROM spelled ORDER BY place;
