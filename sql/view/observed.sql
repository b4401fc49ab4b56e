-- observed: what every view obeys: end of observation, period, the periods it is compared with, zone, money
-- 观察截止、统计周期与对比周期
-- practice: all
-- needs: settings, orders, contacts, events, customers
-- formula: settings, or without them the day of the last order (else of the last event, contact, customer) and its month; a period cut short by as_of is compared with the same first days of the earlier ones
CREATE VIEW observed AS -- siyu: one row; LIMIT keeps a step from being computed anew for every row
WITH
  given AS (
    SELECT nullif(trim(as_of), '') AS as_of,
           nullif(trim(period_from), '') AS period_from,
           nullif(trim(period_to), '') AS period_to,
           coalesce(nullif(trim(tz), ''), '+00:00') AS tz,
           currency,
           coalesce(decimals, 2) AS decimals,
           weights
    FROM (SELECT max(as_of) AS as_of, max(period_from) AS period_from, max(period_to) AS period_to, max(tz) AS tz, max(currency) AS currency,
                 max(decimals) AS decimals, max(weights) AS weights FROM settings) LIMIT 1),   -- of several rows what each says
  -- everything is wall clock of tz from here on
  seen AS (
    SELECT coalesce(local_end(as_of, tz),
                    local_end((SELECT max(period_start('day', time, tz)) FROM orders)),
                    local_end((SELECT max(period_start('day', time, tz)) FROM events)),
                    local_end((SELECT max(period_start('day', added, tz)) FROM contacts)),
                    local_end((SELECT max(period_start('day', joined, tz)) FROM customers))) AS until,
           period_start('day', period_from, tz) AS given_from,
           substr(local_end(period_to, tz), 1, 10) AS given_to,
           tz, currency, decimals, weights
    FROM given LIMIT 1),
  whole AS (
    SELECT until,
           coalesce(given_from, date(coalesce(given_to, substr(until, 1, 10)), 'start of month')) AS first_day,
           coalesce(given_to, CASE WHEN given_from IS NULL THEN date(substr(until, 1, 10), 'start of month', '+1 month', '-1 day')
                                   ELSE substr(until, 1, 10) END) AS last_day,
           tz, currency, decimals, weights
    FROM seen),
  -- whole months are compared with as many months before, other spans with as many days
  spans AS (
    SELECT *,
           until >= local_end(last_day) AS complete,
           CASE WHEN first_day = date(first_day, 'start of month') AND last_day = date(last_day, 'start of month', '+1 month', '-1 day')
                THEN 12 * (substr(last_day, 1, 4) - substr(first_day, 1, 4)) + substr(last_day, 6, 2) - substr(first_day, 6, 2) + 1
           END AS months,
           CAST(julianday(last_day) - julianday(first_day) + 1 AS INTEGER) AS days,
           CAST(julianday(substr(until, 1, 10)) - julianday(first_day) AS INTEGER) AS days_seen
    FROM whole),
  earlier AS (
    SELECT *,
           coalesce(date(first_day, -months || ' months'), date(first_day, -days || ' days')) AS previous_from,
           date(first_day, '-1 day') AS previous_last,
           date(first_day, '-1 year') AS year_ago_from,
           date(last_day, '+1 day', '-1 year', '-1 day') AS year_ago_last
    FROM spans)
SELECT substr(until, 1, 10) AS as_of,
       until,
       first_day AS period_from,
       last_day AS period_to,
       min(until, local_end(last_day)) AS period_until,
       complete,
       previous_from,
       CASE WHEN complete THEN local_end(previous_last)
            ELSE min(local_end(previous_last), date(previous_from, days_seen || ' days') || substr(until, 11)) END AS previous_until,
       year_ago_from,
       CASE WHEN complete THEN local_end(year_ago_last)
            ELSE min(local_end(year_ago_last), date(year_ago_from, days_seen || ' days') || substr(until, 11)) END AS year_ago_until,
       tz, currency, decimals,
       CASE decimals WHEN 0 THEN 1.0 WHEN 1 THEN 10.0 WHEN 2 THEN 100.0 WHEN 3 THEN 1e3 WHEN 4 THEN 1e4 WHEN 5 THEN 1e5 ELSE 1e6 END AS unit,
       weights
-- SQLite takes what stands behind a chain of LIMITs for less than one row, and joins it without an index: GROUP BY
FROM earlier GROUP BY until;
