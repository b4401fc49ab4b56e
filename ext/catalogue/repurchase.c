/* Catalogue: repurchase, conversion, retention. */
#include "metric/repurchase/repurchase.h"
#include "sql/catalogue.h"

#define WHITE_PAPER "Jianshi, Xiao'etong, 233, Youzan: white paper on private-domain user value"
#define VALUE_STANDARD "Xingyun Youke: private-domain value standard"
#define PDCA "NetEase Yunshang: PDCA operation"

const CatalogueEntry CATALOGUE_REPURCHASE[] = {
  {
    .name = "repurchase_rate", .kind = ENTRY_AGGREGATE, .family = "repurchase",
    .titleEn = "repurchase rate", .titleZh = "复购率",
    .formula = "(customer): customers with >= 2 rows / customers. (customer, order_id): with >= 2 distinct orders (pass "
               "period_start('day', t, tz) for distinct days). (customer, time, window, as_of): customers whose second row is within window "
               "of the first / customers whose first + window <= as_of; the others are not yet mature and in neither",
    .nulls = "rows without a customer, an order_id or a time, and rows after as_of, are skipped; a second row at the very "
             "time of the first counts; NULL without (mature) customers; the forms without a window slide, too: "
             "their frames may begin anywhere",
    .refunds = "no money is read: leave refund rows out with FILTER (WHERE amount >= 0)",
    .practice = WHITE_PAPER " (17 % to 60 %), " PDCA " (no second order within 90 days)",
    .memory = "16 + 12 to 24 bytes per customer; with order_id 24 to 36 more per distinct order; with a window 24 + 12 to 24",
    .example = "WITH o(customer, t) AS (VALUES (1, '2024-01-01'), (1, '2024-01-20'), (2, '2024-01-05'), (3, '2024-03-30'))\n"
               "SELECT repurchase_rate(customer), repurchase_rate(customer, t, 30, '2024-03-31') FROM o",
    .output = "0.333333333333333|0.5", .since = "0.1.0",
    .overload = {
      { "customer", &METRIC_REPURCHASE_ROWS, 0 },
      { "customer, order_id", &METRIC_REPURCHASE_ORDERS, 0 },
      { "customer, time, window, as_of", &METRIC_REPURCHASE_WINDOW, 0 }
    }
  },
  {
    .name = "conversion_rate", .kind = ENTRY_AGGREGATE, .family = "repurchase",
    .titleEn = "conversion rate of customers", .titleZh = "转化率",
    .formula = "(customer, flag): customers with a flagged row / customers. (customer, flag, time, window, as_of): customers with a flagged row within "
               "window of their first row / customers whose first row + window <= as_of; the others are not yet mature and in neither",
    .nulls = "rows without a customer, with a window also those without a time or after as_of, are skipped; a NULL flag is false; NULL without (mature) "
             "customers; the form without a window slides, too: its frames may begin anywhere",
    .refunds = "",
    .practice = VALUE_STANDARD " (营销转化)",
    .memory = "16 + 12 to 24 bytes per customer; with a window 24 + 12 to 24",
    .example = "WITH v(customer, paid) AS (VALUES (1, 0), (1, 1), (2, 0), (3, NULL))\nSELECT conversion_rate(customer, paid) FROM v",
    .output = "0.333333333333333", .since = "0.1.0",
    .overload = { { "customer, flag", &METRIC_CONVERSION, 0 }, { "customer, flag, time, window, as_of", &METRIC_CONVERSION_MATURE, 0 } }
  },
  {
    .name = "retention_rate", .kind = ENTRY_AGGREGATE, .family = "repurchase",
    .titleEn = "retention rate between two conditions", .titleZh = "留存率",
    .formula = "(customer, base, follow): customers with a base row and a follow row / customers with a base row. (customer, base, follow, time, window, "
               "as_of): customers whose first base row is followed within window by another row that is a follow row / customers whose first base row + "
               "window <= as_of; the others are not yet mature and in neither",
    .nulls = "rows without a customer, with a window also those without a time or after as_of, are skipped; NULL conditions are false; one row may be both, but "
             "with a window the follow row is another one, of the same time or later; NULL without a (mature) base row; the form without a window slides, too",
    .refunds = "",
    .practice = VALUE_STANDARD " (留存复购)",
    .memory = "16 + 12 to 24 bytes per customer; with a window 20 to 32 per customer and 16 per base or follow row",
    .example = "WITH o(customer, month) AS (VALUES (1, 1), (1, 2), (2, 1), (3, 2))\n"
               "SELECT retention_rate(customer, month = 1, month = 2) FROM o",
    .output = "0.5", .since = "0.1.0",
    .overload = { { "customer, base, follow", &METRIC_RETENTION_RATE, 0 }, { "customer, base, follow, time, window, as_of", &METRIC_RETENTION_RATE_MATURE, 0 } }
  },
  {
    .name = "stickiness", .kind = ENTRY_AGGREGATE, .calendar = 1, .family = "repurchase",
    .titleEn = "stickiness (DAU / MAU)", .titleZh = "粘性",
    .formula = "mean daily actives / mean monthly actives = ((day, customer) pairs / days) / ((month, customer) pairs / months), over "
               "the days and months of the calendar in tz on which anybody was active; for one month: the average of daily "
               "actives / the actives of the month",
    .nulls = "rows without a customer or a time are skipped; a day without any customer is not among the days; NULL without rows",
    .refunds = "no money is read: leave refund rows out with FILTER (WHERE amount >= 0)",
    .practice = VALUE_STANDARD " (粘性, 活跃率)",
    .memory = "28 to 40 bytes per distinct (day, customer) and per distinct (month, customer), 40 to 64 per customer",
    .example = "WITH v(customer, t) AS (VALUES (1, '2024-03-01'), (2, '2024-03-01'), (1, '2024-03-02'), (1, '2024-03-02 20:00'))\n"
               "SELECT stickiness(customer, t) FROM v",
    .output = "0.75", .since = "0.1.0",
    .overload = { { "customer, time [, tz]", &METRIC_STICKINESS, 0 } }
  },
  {
    .name = "purchase_cycle", .kind = ENTRY_AGGREGATE, .calendar = 1, .family = "repurchase",
    .titleEn = "purchase cycle in days", .titleZh = "购买周期",
    .formula = "(time [, q]): q-quantile (default 0.5, the median) of the days between consecutive distinct calendar days of one "
               "group. (customer, time, q): of such gaps of all customers together. Linear interpolation between neighbours "
               "(Hyndman and Fan type 7); q = 0 is the shortest gap, q = 1 the longest. Exact",
    .nulls = "rows without a customer or a time are skipped; days are those of UTC: for another calendar pass times without a "
             "zone, as its clock shows them; NULL without a gap (fewer than two distinct days)",
    .refunds = "no money is read: leave refund rows out with FILTER (WHERE amount >= 0)",
    .practice = PDCA " (a fixed cycle is wrong for most), " VALUE_STANDARD " (periodic goods)",
    .memory = "8 bytes per row, three times that while the figure is made, and 20 to 32 per customer; in a window that asks for every "
              "row 40 per distinct time or (customer, day) and per distinct gap; O(log n) per row",
    .example = "WITH o(customer, t) AS (VALUES (1, '2024-01-01'), (1, '2024-01-11'), (1, '2024-01-31'), (2, '2024-01-05'), (2, '2024-01-08'))\n"
               "SELECT purchase_cycle(t) FILTER (WHERE customer = 1), purchase_cycle(customer, t, 0.5) FROM o",
    .output = "15.0|10.0", .since = "0.1.0",
    .overload = {
      { "time [, q=0.5]", &METRIC_PURCHASE_CYCLE, 0 },
      { "customer, time, q", &METRIC_PURCHASE_CYCLE_POOLED, 0 }
    }
  },
  {
    .name = "purchase_cycle_mean", .kind = ENTRY_AGGREGATE, .calendar = 1, .family = "repurchase",
    .titleEn = "mean purchase cycle in days, breaks left out", .titleZh = "平均购买周期",
    .formula = "(time [, limit]): mean of the days between consecutive distinct calendar days of one group; a gap longer than limit is a break, no "
               "cycle, and left out. (customer, time, limit): of such gaps of all customers together. Limit 0: no limit",
    .nulls = "as purchase_cycle; limit 0 is none; NULL without a gap that counts",
    .refunds = "no money is read: leave refund rows out with FILTER (WHERE amount >= 0)",
    .practice = PDCA " (a cycle of their own); reports that give the mean, where one long break moves it: take purchase_cycle, the median, or a limit",
    .memory = "as purchase_cycle",
    .example = "WITH o(t) AS (VALUES ('2024-01-01'), ('2024-01-11'), ('2024-01-31'), ('2024-12-31'))\n"
               "SELECT purchase_cycle_mean(t), purchase_cycle_mean(t, 90) FROM o",
    .output = "121.666666666667|15.0", .since = "0.2.0",
    .overload = {
      { "time [, limit=0]", &METRIC_CYCLE_MEAN, 0 },
      { "customer, time, limit", &METRIC_CYCLE_MEAN_POOLED, 0 }
    }
  },
  {
    .name = "next_purchase", .kind = ENTRY_AGGREGATE, .calendar = 1, .family = "repurchase",
    .titleEn = "expected time of the next purchase", .titleZh = "预计下次购买时间",
    .formula = "max(time) + purchase_cycle(time, q), as text 'YYYY-MM-DD HH:MM:SS' in UTC (in the clock of the times that have no zone)",
    .nulls = "as purchase_cycle(time, q); NULL for a time after year 9999",
    .refunds = "no money is read: leave refund rows out with FILTER (WHERE amount >= 0)",
    .practice = VALUE_STANDARD " (reach the customer just before the goods run out)",
    .memory = "8 bytes per row, three times that while the figure is made; in a window that asks for every row 40 per distinct time and per "
              "distinct gap; O(log n) per row",
    .example = "WITH o(t) AS (VALUES ('2024-01-01'), ('2024-01-11 09:30'), ('2024-01-31 18:00'))\n"
               "SELECT next_purchase(t), next_purchase(t, 0) FROM o",
    .output = "2024-02-15 18:00:00|2024-02-10 18:00:00", .since = "0.1.0",
    .overload = { { "time [, q=0.5]", &METRIC_NEXT_PURCHASE, 0 } }
  },
  {
    .name = "overdue_ratio", .kind = ENTRY_AGGREGATE, .calendar = 1, .family = "repurchase",
    .titleEn = "silence against the customer's own cycle", .titleZh = "逾期比",
    .formula = "calendar days from the last row's day to as_of's day / purchase_cycle(time): above 1 the customer is late",
    .nulls = "rows without a time and rows after as_of are ignored; days are those of UTC; NULL without a gap",
    .refunds = "no money is read: leave refund rows out with FILTER (WHERE amount >= 0)",
    .practice = PDCA " (a cycle of their own), the triangle's warning before a customer slips into churn",
    .memory = "as next_purchase",
    .example = "WITH o(t) AS (VALUES ('2024-01-01'), ('2024-01-11'), ('2024-01-31'))\nSELECT overdue_ratio(t, '2024-03-01') FROM o",
    .output = "2.0", .since = "0.1.0",
    .overload = { { "time, as_of", &METRIC_OVERDUE_RATIO, 0 } }
  },
  { .name = 0 }
};
