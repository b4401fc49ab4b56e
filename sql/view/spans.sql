-- spans: the period of the settings, the one before it and the same one a year ago
-- 本期、上期、去年同期
-- practice: all
-- needs: observed
-- formula: three rows
CREATE VIEW spans AS -- siyu: LIMIT keeps them from being computed anew for every row
SELECT n.column1 AS span,
       CASE n.column1 WHEN 'period' THEN s.period_from
                      WHEN 'previous' THEN s.previous_from
                      ELSE s.year_ago_from END AS first_day,
       CASE n.column1 WHEN 'period' THEN s.period_until
                      WHEN 'previous' THEN s.previous_until
                      ELSE s.year_ago_until END AS until,
       s.unit,
       s.tz
FROM observed AS s CROSS JOIN (VALUES ('period'), ('previous'), ('year_ago')) AS n
LIMIT 3;
