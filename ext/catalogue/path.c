/* Catalogue: paths of one customer: funnels, sequences, sessions, the cap on messages. */
#include "metric/path/path.h"
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
    .overload = { { "c1, ..., cN", &METRIC_RETENTION_FLAGS, 0 } }
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
    .name = "within_cap", .kind = ENTRY_AGGREGATE, .family = "reach",
    .titleEn = "may this message go, under a cap on their frequency", .titleZh = "触达频次上限",
    .formula = "1 if fewer than max allowed messages lie in the window before this one, else 0; a message held back takes no room. "
               "cap_window '7 days': from 7 days before, inclusive; '1 calendar day@+08:00' (week, month; N of them): the "
               "calendar day of the message in that zone, where times without a zone are wall clock. sent: a row whose flag is true tells of a "
               "message that went; it takes room in any case, and its own figure is NULL. OVER (PARTITION BY customer ORDER BY time, message_id ROWS UNBOUNDED "
               "PRECEDING)",
    .nulls = "rows without a time are skipped: they take no room and show the decision before them; rows out of order are an "
             "error; without OVER: the decision on the last row; no rows: NULL",
    .refunds = "", .practice = VALUE_STANDARD " (do not disturb: at most so many messages a day)",
    .memory = "16 bytes per message and 8 per allowed one, at most max of these",
    .example = "WITH m(t) AS (VALUES ('2024-03-01 09:00'), ('2024-03-01 12:00'), ('2024-03-01 23:00'), ('2024-03-02 09:30'))\n"
               "SELECT t, within_cap(t, 2, '1 day') OVER (ORDER BY t ROWS UNBOUNDED PRECEDING) FROM m",
    .output = "2024-03-01 09:00|1\n2024-03-01 12:00|1\n2024-03-01 23:00|0\n2024-03-02 09:30|1", .since = "0.1.0",
    .overload = { { "time, max, cap_window", &METRIC_WITHIN_CAP, 0 }, { "time, max, cap_window, sent", &METRIC_WITHIN_CAP_SENT, 0 } }
  },
  { .name = 0 }
};
