-- spans: the period of the settings, the one before it and the same one a year ago
-- 本期、上期、去年同期
-- practice: all
-- needs: observed
-- formula: three rows
CREATE VIEW spans AS -- siyu: LIMIT keeps them from being computed anew for every row
SELECT 'period' AS span, period_from AS first_day, period_until AS until, unit, tz FROM observed
UNION ALL SELECT 'previous', previous_from, previous_until, unit, tz FROM observed
UNION ALL SELECT 'year_ago', year_ago_from, year_ago_until, unit, tz FROM observed
LIMIT 3;
