/* Catalogue: time. */
#include "sql/scalar.h"

#define GRAINS "grain: hour, day, week (ISO, Monday), week:sunday, week:saturday, month, quarter, year or 'N days' (blocks from " \
               "1970-01-01 in tz); tz: '+08:00' or a name of the tz database ('America/New_York')"

const CatalogueEntry CATALOGUE_TIME[] = {
  {
    .name = "period_start", .kind = ENTRY_SCALAR, .family = "time",
    .titleEn = "start of the period that holds a time", .titleZh = "周期起点",
    .formula = "ISO text of the period's first day (YYYY-MM-DD; hour: YYYY-MM-DD HH:00:00), on the wall clock of tz; " GRAINS,
    .nulls = "NULL when grain or time is NULL", .refunds = "",
    .practice = "calendar days in UTC+08:00 are what most users mean", .memory = "none",
    .example = "SELECT period_start('month', '2024-02-29 23:30:00Z', '+08:00'), period_start('week', '2021-01-03')",
    .output = "2024-03-01|2020-12-28", .since = "0.1.0",
    .overload = { { "grain, time [, tz=+00:00]", 0, call_period_start } }
  },
  {
    .name = "period_diff", .kind = ENTRY_SCALAR, .family = "time",
    .titleEn = "period boundaries crossed between two times", .titleZh = "相隔周期数",
    .formula = "number of the period of `to` - number of the period of `from`, on the wall clock of tz; " GRAINS,
    .nulls = "NULL when grain, from or to is NULL", .refunds = "",
    .practice = "cohort analysis: the month after the first order is 1 even if it begins next day", .memory = "none",
    .example = "SELECT period_diff('month', '2024-01-31', '2024-02-01'), period_diff('year', '2024-06-01', '2023-06-01')",
    .output = "1|-1", .since = "0.1.0",
    .overload = { { "grain, from, to [, tz=+00:00]", 0, call_period_diff } }
  },
  { .name = 0 }
};
