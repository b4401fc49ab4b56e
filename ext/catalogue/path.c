/* Catalogue: paths: funnels, sequences, sessions, what comes next. */
#include "metric/path/funnel_table.h"
#include "metric/path/path.h"
#include "metric/path/path_flow.h"
#include "sql/catalogue.h"

#define VALUE_STANDARD "Xingyun Youke: private-domain value standard"
#define NO_MONEY "no money is read: leave refund rows out with FILTER (WHERE amount >= 0)"
#define EVENT_MEMORY "16 bytes per row (up to 4 rows without an allocation), doubled when it grows; twice that while " \
                     "unsorted rows are sorted"
#define EVENT_WINDOW "; as a window every row asks again, which costs a pass over the rows before it: a partition of n " \
                     "rows takes n*n/2 steps"
#define TIME_NULLS "rows without a time are skipped, a NULL condition is false; a row with several conditions meets each"
#define FUNNEL_FORMULA "the largest k such that different rows r1 ... rk meet c1 ... ck, in order of time (tied rows in any " \
                       "order), and the last lies within window of the first, inclusive; every start and every chain is considered"
#define SHOP "WITH v(customer, t, did) AS (VALUES (1, '2024-03-01 10:00', 'view'), (1, '2024-03-01 10:05', 'cart'),\n" \
             "  (1, '2024-03-02 09:00', 'pay'), (2, '2024-03-01 11:00', 'pay'), (2, '2024-03-05 08:00', 'view'))\n"

const CatalogueEntry CATALOGUE_PATH[] = {
  {
    .name = "window_funnel", .kind = ENTRY_AGGREGATE, .family = "path",
    .titleEn = "deepest step of a funnel that one customer reached", .titleZh = "漏斗深度",
    .formula = FUNNEL_FORMULA "; 0 ... N, N <= 32; GROUP BY customer",
    .nulls = TIME_NULLS ", but serves one step of a chain; no rows: 0; a window in months is counted in UTC",
    .refunds = NO_MONEY, .practice = VALUE_STANDARD " (tracked link, cart, order; live booking, watching, order)",
    .memory = EVENT_MEMORY EVENT_WINDOW "; rows that meet no condition take none",
    .example = SHOP "SELECT customer, window_funnel('1 day', t, did = 'view', did = 'cart', did = 'pay') FROM v GROUP BY customer",
    .output = "1|3\n2|1", .since = "0.1.0",
    .overload = { { "window, time, c1, ..., cN", &METRIC_WINDOW_FUNNEL, 0 } }
  },
  {
    .name = "window_funnel_mode", .kind = ENTRY_AGGREGATE, .family = "path",
    .titleEn = "deepest step of a funnel, stricter", .titleZh = "漏斗深度（严格模式）",
    .formula = FUNNEL_FORMULA ". funnel_mode 'default': that; 'strict_increase': each match strictly later; 'strict_dedup': no row of "
               "an already matched step between two matches; 'strict_order': no other row at all between two matches; "
               "'clickhouse': tied rows in the order of the steps and one row may serve several, and a bare number is seconds; "
               "'any_order': the most conditions that different rows serve within the window of a row that meets one; 'strict_once' "
               "is another name of 'default'",
    .nulls = TIME_NULLS "; no rows: 0; docs/funnel.md tells what ties do in each mode",
    .refunds = NO_MONEY, .practice = VALUE_STANDARD " (tracked link, cart, order)",
    .memory = EVENT_MEMORY EVENT_WINDOW,
    .example = "WITH v(t, did) AS (VALUES (1, 'view'), (2, 'cart'), (3, 'view'), (4, 'pay'))\n"
               "SELECT window_funnel_mode('default', 1, t, did = 'view', did = 'cart', did = 'pay'),\n"
               "  window_funnel_mode('strict_dedup', 1, t, did = 'view', did = 'cart', did = 'pay') FROM v",
    .output = "3|2", .since = "0.1.0",
    .overload = { { "funnel_mode, window, time, c1, ..., cN", &METRIC_WINDOW_FUNNEL_MODE, 0 } }
  },
  {
    .name = "funnel_times", .kind = ENTRY_AGGREGATE, .family = "path",
    .titleEn = "times of a customer's way through a funnel", .titleZh = "漏斗各步时间",
    .formula = "JSON array of the times of the winning chain of window_funnel: the longest; of these the one with the "
               "earliest first row; of these the one whose list of times is smallest",
    .nulls = TIME_NULLS ", but serves one step; no rows, or none that meets c1: []; times are written in UTC",
    .refunds = NO_MONEY, .practice = VALUE_STANDARD " (tracked link, cart, order)",
    .memory = EVENT_MEMORY EVENT_WINDOW,
    .example = SHOP "SELECT customer, funnel_times('1 day', t, did = 'view', did = 'cart', did = 'pay') FROM v GROUP BY customer",
    .output = "1|[\"2024-03-01 10:00:00\",\"2024-03-01 10:05:00\",\"2024-03-02 09:00:00\"]\n2|[\"2024-03-05 08:00:00\"]",
    .since = "0.1.0",
    .overload = { { "window, time, c1, ..., cN", &METRIC_FUNNEL_TIMES, 0 } }
  },
  {
    .name = "retention", .kind = ENTRY_AGGREGATE, .family = "path",
    .titleEn = "which conditions one customer met after a base condition", .titleZh = "留存标记",
    .formula = "JSON array of 0/1: r1 = any row meets c1; ri = r1 and any row meets ci (also the same row, also an earlier "
               "one: put the date into the condition); GROUP BY customer, N <= 32",
    .nulls = "a NULL condition is false; NULL without rows",
    .refunds = NO_MONEY, .practice = VALUE_STANDARD " (留存复购)", .memory = "160 bytes per group",
    .example = "WITH v(customer, day) AS (VALUES (1, 0), (1, 7), (2, 0), (3, 7))\n"
               "SELECT customer, retention(day = 0, day = 1, day = 7) FROM v GROUP BY customer",
    .output = "1|[1,0,1]\n2|[1,0,0]\n3|[0,0,0]", .since = "0.1.0",
    .overload = { { "c1, ..., cN", &METRIC_RETENTION, 0 } }
  },
  {
    .name = "sequence_match", .kind = ENTRY_AGGREGATE, .family = "path",
    .titleEn = "does a pattern of events occur in one customer's rows", .titleZh = "行为序列匹配",
    .formula = "1 when the pattern matches from any row on, else 0. (?N): a row that meets cN; . any row; .* any number of "
               "rows; (?t op seconds), op one of < <= > >= ==: the next row is so long after the row matched last, or after "
               "where .* stopped. The language is ClickHouse's",
    .nulls = "rows without a time are skipped, rows that meet no condition are invisible; tied rows stand in the order given: "
             "in a group without ORDER BY that is the order of the scan, in a merge that of the states; no rows: 0",
    .refunds = NO_MONEY, .practice = "Youzan: private-domain triangle (旅程)",
    .memory = EVENT_MEMORY EVENT_WINDOW,
    .example = SHOP "SELECT customer, sequence_match('(?1).*(?t<=86400)(?2)', t, did = 'view', did = 'pay') FROM v GROUP BY customer",
    .output = "1|1\n2|0", .since = "0.1.0",
    .overload = { { "pattern, time, c1, ..., cN", &METRIC_SEQUENCE_MATCH, 0 } }
  },
  {
    .name = "sequence_count", .kind = ENTRY_AGGREGATE, .family = "path",
    .titleEn = "how often a pattern of events occurs in one customer's rows", .titleZh = "行为序列次数",
    .formula = "matches of the pattern that do not overlap: the next is sought from where the last one ended. The language is "
               "that of sequence_match",
    .nulls = "rows without a time are skipped, rows that meet no condition are invisible; tied rows stand in the order given; no rows: 0",
    .refunds = NO_MONEY, .practice = "Youzan: private-domain triangle (旅程)",
    .memory = EVENT_MEMORY EVENT_WINDOW,
    .example = "WITH v(t, did) AS (VALUES (1, 'view'), (2, 'pay'), (3, 'view'), (4, 'view'), (5, 'pay'))\n"
               "SELECT sequence_count('(?1).*(?2)', t, did = 'view', did = 'pay') FROM v",
    .output = "2", .since = "0.1.0",
    .overload = { { "pattern, time, c1, ..., cN", &METRIC_SEQUENCE_COUNT, 0 } }
  },
  {
    .name = "sequence_times", .kind = ENTRY_AGGREGATE, .family = "path",
    .titleEn = "when a pattern of events took place in one customer's rows", .titleZh = "行为序列时间",
    .formula = "JSON array of the times of the rows that the (?N) of the first match took; a pattern that begins with 'all ' (such as 'all (?1).*(?2)'): an "
               "array with such an array for every match, as sequence_count counts them. The first match is that of the earliest choices: it begins as early as a match "
               "can, then .* and (?t...) stop as early as they can. The language is that of sequence_match",
    .nulls = "as sequence_match; no match, no rows: []; times are written in UTC",
    .refunds = NO_MONEY, .practice = "Youzan: private-domain triangle (旅程)",
    .memory = EVENT_MEMORY "; 24 bytes per row and 1 per row and element of the pattern while the figure is made" EVENT_WINDOW,
    .example = SHOP "SELECT customer, sequence_times('(?1).*(?2)', t, did = 'view', did = 'pay') FROM v GROUP BY customer",
    .output = "1|[\"2024-03-01 10:00:00\",\"2024-03-02 09:00:00\"]\n2|[]", .since = "0.2.0",
    .overload = { { "pattern, time, c1, ..., cN", &METRIC_SEQUENCE_TIMES, 0 } }
  },
  {
    .name = "sequence_next", .kind = ENTRY_AGGREGATE, .family = "path",
    .titleEn = "the event that follows, or came before, a chain of events", .titleZh = "后续行为、前序行为",
    .formula = "from one base row on, neighbouring rows in order of time must meet c1, c2, ..., cN one by one; the event of the next row behind them. "
               "direction 'forward' or 'backward': the way to go; base 'head': the first row, 'tail': the last one, 'first_match', 'last_match': the first, "
               "last row that meets condition and c1. The base must meet condition. ClickHouse's sequenceNextNode",
    .nulls = "NULL when there is no base, when its chain breaks (no other base is tried), and when no row is behind it; rows without a time are skipped, "
             "a NULL condition is false; a row with a NULL event stands among the others, its event is NULL; tied rows stand in the order given, as in sequence_match",
    .refunds = NO_MONEY, .practice = "Youzan: private-domain triangle (旅程: what they did next)",
    .memory = "24 bytes and the event's own per row, doubled when it grows; twice that while unsorted rows are sorted" EVENT_WINDOW,
    .example = SHOP "SELECT customer, sequence_next('forward', 'first_match', t, did, 1, did = 'view'),\n"
               "  sequence_next('backward', 'last_match', t, did, 1, did = 'pay') FROM v GROUP BY customer",
    .output = "1|cart|cart\n2|NULL|NULL", .since = "0.2.0",
    .overload = { { "direction, base:direction, time, event:segment, condition, c1, ..., cN", &METRIC_SEQUENCE_NEXT, 0 } }
  },
  {
    .name = "session_number", .kind = ENTRY_AGGREGATE, .family = "path",
    .titleEn = "session of each row, or number of sessions", .titleZh = "会话序号",
    .formula = "1 + the number of gaps > gap between neighbours in time; OVER (PARTITION BY customer ORDER BY time ROWS "
               "UNBOUNDED PRECEDING): the session of the row; in a group: the number of sessions, in any order of the rows",
    .nulls = "rows without a time are skipped (in a window they show the number so far); no rows: 0; a gap in months is counted in UTC",
    .refunds = NO_MONEY, .practice = VALUE_STANDARD " (粘性)",
    .memory = EVENT_MEMORY "; as a window O(1) time per row when ordered by time, else a pass over the rows before it",
    .example = "WITH v(t) AS (VALUES ('2024-03-01 10:00'), ('2024-03-01 10:30'), ('2024-03-01 11:01'))\n"
               "SELECT time(t), session_number(t, '30 minutes') OVER (ORDER BY t ROWS UNBOUNDED PRECEDING) FROM v",
    .output = "10:00:00|1\n10:30:00|1\n11:01:00|2", .since = "0.1.0",
    .overload = { { "time, gap", &METRIC_SESSION_NUMBER, 0 } }
  },
  {
    .name = "funnel", .kind = ENTRY_TABLE, .family = "path",
    .titleEn = "funnel of all customers: reach, rates and times step by step", .titleZh = "转化漏斗（全部客户）",
    .formula = "a row for each segment and step. customers = customers whose deepest chain (as window_funnel_mode finds it) has that "
               "many steps or more; rate = customers / customers of step 1; step_rate = customers / customers of the step before (both "
               "1.0 at step 1); median_seconds = exact median of the seconds from the step before in the winning chain (as "
               "funnel_times), with mean and quantiles; histogram = JSON, customers by step time in `bins` equal parts of the window. "
               "ordered = 0 or mode 'any_order': the most steps that different rows serve within the window of a row that meets one, "
               "row k being those with k or more. !x between two steps: chains with a row that meets x strictly between the times of "
               "the two end there. window '1 day, 2 hours': one from each step to the next, in "
               "place of one from the entry on (the window of an entry is then all of them). as_of: later rows are ignored, and only entries whose window has passed by then count. steps = names of flag columns, separated by commas, at most 32; mode 'default' (elsewhere 'strict_once'), "
               "'strict_increase', 'strict_dedup', 'strict_order', 'any_order' or 'clickhouse' (there a bare number is seconds)",
    .nulls = "rows without a customer or a time are skipped; a NULL flag is false; segment = value on the customer's earliest row "
             "(segment_at 'entry': on the row that enters the funnel, for those who do), tied the smallest, NULL before all; rates over nobody are NULL, median_seconds at step 1 too; without segment_col there "
             "is a row for each step even of no rows",
    .refunds = "", .practice = "Youzan: reach funnel of private-domain operations (触达漏斗); ClickHouse windowFunnel",
    .memory = "16 bytes per row that meets a condition (strict_order: every row), 24 to 40 per customer (8 more with segment_col) and "
              "the bytes of TEXT keys; 20 to 40 per row of the one customer with the most rows, 8 per step reached for "
              "median_seconds. Steps and window do not matter. Peak for 1 M rows that all meet one: 19 MB with 100,000 "
              "customers, 41 to 55 MB with 1 M. Rows that an index hands over by customer: nothing per row or customer, 16 KB",
    .example = "CREATE TEMP TABLE log(customer, t, seen, asked, paid);\n"
               "INSERT INTO log VALUES (1, '2024-01-01', 1, 0, 0), (1, '2024-01-02', 0, 1, 0), (1, '2024-01-04', 0, 0, 1),\n"
               "  (2, '2024-01-01', 1, 0, 0), (2, '2024-01-01 12:00', 0, 1, 0), (3, '2024-01-05', 1, 0, 0);\n"
               "SELECT step, name, customers, rate, step_rate, median_seconds\n"
               "  FROM funnel('log', 'customer', 't', '7 days', 'seen, asked, paid')",
    .output = "1|seen|3|1.0|1.0|NULL\n2|asked|2|0.666666666666667|0.666666666666667|64800.0\n3|paid|1|0.333333333333333|0.5|172800.0",
    .since = "0.1.0",
    .overload = { { "source, customer_col, time_col, window:windows, steps [, mode=default], segment_col, tz=+00:00, ordered=1, "
                    "segment_at=first_row, as_of, bins=10", 0, 0 } },
    .table = &METRIC_FUNNEL
  },
  {
    .name = "path_flow", .kind = ENTRY_TABLE, .family = "path",
    .titleEn = "what customers do next, step by step (Sankey)", .titleZh = "行为路径流向（桑基图）",
    .formula = "a row for each step, from_event and to_event. The rows of a customer in order of time (tied: in order of the event) are "
               "cut where more than gap lies between two; a path begins at its first row, or at its first start_event, and ends after "
               "depth steps, at its first end_event, or with its last row: that is a row with to_event NULL. customers = distinct "
               "customers with that step; share = customers / distinct customers who were at from_event then; median_seconds = exact "
               "median, over all paths, of the seconds between the two. collapse = 1: repeats of an event in a row are one, the first",
    .nulls = "rows without a customer, a time or an event are skipped; without gap all rows of a customer are one path; without such "
             "a start_event there is no path; median_seconds is NULL where the path ends; no rows: no rows",
    .refunds = "", .practice = "Youzan: journeys between touch points (旅程, 触点); path analysis of analytics suites",
    .memory = "16 bytes per row, 16 to 30 per customer and event, some 100 per row of the table, 8 per step taken for "
              "median_seconds; rows that an index hands over by customer: nothing per row or customer",
    .example = "CREATE TEMP TABLE log(customer, t, did);\n"
               "INSERT INTO log VALUES (1, '2024-01-01 10:00', 'open'), (1, '2024-01-01 10:05', 'look'), (1, '2024-01-01 10:15', 'pay'),\n"
               "  (2, '2024-01-01 11:00', 'open'), (2, '2024-01-01 11:01', 'look'), (3, '2024-01-02 09:00', 'open');\n"
               "SELECT * FROM path_flow('log', 'customer', 't', 'did')",
    .output = "1|open|look|2|0.666666666666667|180.0\n1|open|NULL|1|0.333333333333333|NULL\n2|look|pay|1|0.5|600.0\n"
              "2|look|NULL|1|0.5|NULL\n3|pay|NULL|1|1.0|NULL",
    .since = "0.2.0",
    .overload = { { "source, customer_col, time_col, event_col [, start_event, end_event, depth=5, gap, collapse=0], as_of, tz=+00:00", 0, 0 } },
    .table = &METRIC_PATH_FLOW
  },
  { .name = 0 }
};
