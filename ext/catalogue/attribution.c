/* Catalogue: tables that follow customers: referral, identity, funnel, attribution. */
#include "metric/attribution/attribution.h"
#include "metric/path/funnel_table.h"
#include "metric/path/path_flow.h"
#include "metric/identity/identity_cluster.h"
#include "metric/referral/referral_tree.h"
#include "sql/catalogue.h"

const CatalogueEntry CATALOGUE_PATHS[] = {
  {
    .name = "funnel", .kind = ENTRY_TABLE, .family = "paths",
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
    .name = "path_flow", .kind = ENTRY_TABLE, .family = "paths",
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
  {
    .name = "referral_tree", .kind = ENTRY_TABLE, .family = "paths",
    .titleEn = "referral forest: root, depth, direct referrals, team and the team's money", .titleZh = "推荐关系树（裂变、团队）",
    .formula = "a row for each customer and each referrer who is no customer (is_customer = 0). referrer = the one in the "
               "customer's earliest row, tied or without time_col the smallest key; referrers = distinct ones; root = end of the way "
               "up, depth = steps to it; direct = those who name it as referrer, without itself; team = all below, without itself; "
               "team_amount = their money. in_cycle = 1 on a cycle (a self-referral is one of length 1); root and depth are NULL where "
               "the way up ends in a cycle, and team counts everybody once",
    .nulls = "rows without a customer are skipped; a NULL or blank referrer is none; a row without a time comes after all others; "
             "team_amount is NULL without amount_col, 0 for a team without money",
    .refunds = "subtracted from team_amount",
    .practice = "Youzan: private-domain triangle (顾客推荐); two-tier distribution (二级分销), viral growth (裂变)",
    .memory = "53 bytes per node, 85 with amount_col, and the bytes of TEXT keys, room for nodes growing by a million at a time; 8 "
              "per row with another referrer than the customer's first. Peak for 1 M members: 53 MB, 85 MB with amount_col",
    .example = "CREATE TEMP TABLE m(customer, referrer, amount);\n"
               "INSERT INTO m VALUES (1, NULL, 10), (2, 1, 20), (3, 2, 30), (4, 1, 40), (5, 'staff', 50), (6, 6, 60);\n"
               "SELECT customer, referrer, root, depth, direct, team, team_amount, in_cycle\n"
               "  FROM referral_tree('m', 'customer', 'referrer', 'amount') ORDER BY 1",
    .output = "1|NULL|1|0|2|3|90|0\n2|1|1|1|1|1|30|0\n3|2|1|2|0|0|0|0\n4|1|1|1|0|0|0|0\n5|staff|staff|1|0|0|0|0\n"
              "6|6|NULL|NULL|0|0|0|1\nstaff|NULL|staff|0|1|1|50|0",
    .since = "0.1.0",
    .overload = { { "source, customer_col, referrer_col [, amount_col], time_col, tz=+00:00", 0, 0 } },
    .table = &METRIC_REFERRAL_TREE
  },
  {
    .name = "identity_cluster", .kind = ENTRY_TABLE, .family = "paths",
    .titleEn = "one ID: records that belong to the same person", .titleZh = "身份归一（One-ID）",
    .formula = "a row for each record. Records that carry the same (id_type, id_value) are linked; a cluster is all that links lead "
               "to; one_id = its smallest record (INTEGER < TEXT < BLOB). An id of more than max_records distinct records links "
               "nothing, nor does one listed in the table `ignore` (columns id_type, id_value, or ignore_type_col and "
               "ignore_value_col). via_type, via_value = the smallest id that the record shares with a record one link nearer to "
               "one_id, so that the ids lead back to it step by step; none of it depends on the order of rows",
    .nulls = "rows without a record are skipped; a NULL or blank type or value links nothing, but the record has its row; via_* is "
             "NULL for one_id itself",
    .refunds = "",
    .practice = "Youzan, Tencent: one ID across channels (OneID, 全渠道会员打通)",
    .memory = "besides the bytes of keys (8 for an INTEGER): 12 to 15 per record and per id (records numbered 1, 2, 3 ... 5; TEXT and "
              "BLOB 9 to 10 more) and 2 to 7 per row. 10 M rows of 5 M records with 6.8 M ids: at the peak 37 to 46 bytes per record "
              "with INTEGER keys, 62 with TEXT",
    .example = "CREATE TEMP TABLE i(record, id_type, id_value);\n"
               "INSERT INTO i VALUES ('shop:1', 'phone', '138'), ('wecom:7', 'phone', '138'), ('wecom:7', 'unionid', 'u9'),\n"
               "  ('mini:3', 'unionid', 'u9'), ('shop:2', 'phone', '139');\n"
               "SELECT * FROM identity_cluster('i', 'record', 'id_type', 'id_value') ORDER BY 1",
    .output = "mini:3|mini:3|3|NULL|NULL\nshop:1|mini:3|3|phone|138\nshop:2|shop:2|1|NULL|NULL\nwecom:7|mini:3|3|unionid|u9",
    .since = "0.1.0",
    .overload = { { "source, record_col, id_type_col, id_value_col [, max_records], ignore, ignore_type_col=id_type, "
                    "ignore_value_col=id_value", 0, 0 } },
    .table = &METRIC_IDENTITY_CLUSTER
  },
  {
    .name = "attribution", .kind = ENTRY_TABLE, .family = "paths",
    .titleEn = "attribution of conversions and revenue to channels", .titleZh = "渠道归因（转化与收入）",
    .formula = "a row for each channel, and '(none)' for conversions without a touch, so that all add up. Path = the customer's touches "
               "with time <= conversion <= time + window (no window: all before). Model 'first', 'last', 'linear' 1/n, 'time_decay' "
               "2^(-age / half_life), 'position' 40/20/40 (two touches: half each), 'shapley' the exact value over channel sets (at "
               "most 12 channels), 'markov' by removal effects, solved exactly, null paths = touches after a customer's last "
               "conversion. Rows with the same conversion_id are one conversion at its earliest time. share = part of all revenue, or "
               "of all conversions without an amount column. Columns: customer, time, channel of touches and customer, time, "
               "amount, conversion_id of conversions, or as customer_col, time_col ... name them (conversion_customer_col and "
               "conversion_time_col where the two sources differ)",
    .nulls = "rows without a customer or a time are skipped, touches without a channel too; a NULL amount is a conversion without money; "
             "sources without amount or conversion_id columns will do (revenue is then NULL; for conversion_id order_id is taken, and without "
             "either each row is a conversion); tied touches "
             "stand in order of the channel; INTEGER revenue is split to whole units by largest remainders",
    .refunds = "subtracted from the conversion with the same conversion_id, else from '(none)'; no conversion",
    .practice = "Tencent, Youzan: private-domain attribution of marketplace orders (全域归因); Anderl et al. 2016 (Markov), Shapley 1953",
    .memory = "32 bytes per touch and 40 per conversion row, or 16 and 80 where that is more; 12 to 32 per customer and the bytes "
              "of TEXT keys; markov 16 per pair of channels. Model and window do not matter otherwise. Peak for 1 M touches "
              "with 100,000 conversions: 37 MB, with 1 M conversions: 97 MB",
    .example = "CREATE TEMP TABLE t(customer, time, channel);\n"
               "INSERT INTO t VALUES (1, '2024-03-01', 'wecom'), (1, '2024-03-05', 'live'), (2, '2024-03-02', 'live');\n"
               "CREATE TEMP TABLE c(customer, time, amount);\n"
               "INSERT INTO c VALUES (1, '2024-03-06', 101), (2, '2024-03-09', 50), (3, '2024-03-09', 49);\n"
               "SELECT channel, conversions, revenue, share FROM attribution('t', 'c', 'linear', '30 days')",
    .output = "live|1.5|101|0.505\nwecom|0.5|50|0.25\n(none)|1.0|49|0.245",
    .since = "0.1.0",
    .overload = { { "touches, conversions_source, model [, window, half_life=7], tz=+00:00, customer_col=customer, time_col=time, "
                    "channel_col=channel, conversion_customer_col=customer_col, conversion_time_col=time_col, amount_col=amount, "
                    "conversion_id_col=conversion_id", 0, 0 } },
    .table = &METRIC_ATTRIBUTION
  },
  { .name = 0 }
};
