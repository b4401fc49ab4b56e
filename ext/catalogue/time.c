/* Catalogue: time. */
#include "sql/scalar.h"

#define GRAINS "grain: hour, day, week (ISO, Monday), week:sunday, week:saturday, month, quarter, year or 'N days' (blocks from " \
               "1970-01-01 in tz); tz: '+08:00' or a name of the tz database ('America/New_York')"

const CatalogueEntry CATALOGUE_TIME[] = {
  {
    .name = "period_start", .kind = ENTRY_SCALAR, .calendar = 1, .family = "time",
    .titleEn = "start of the period that holds a time", .titleZh = "周期起点",
    .formula = "ISO text of the period's first day (YYYY-MM-DD; hour: YYYY-MM-DD HH:00:00), on the wall clock of tz; " GRAINS,
    .nulls = "NULL when grain or time is NULL; a period that begins before year 0000 is said to begin with it", .refunds = "",
    .practice = "calendar days in UTC+08:00 are what most users mean", .memory = "none",
    .example = "SELECT period_start('month', '2024-02-29 23:30:00Z', '+08:00'), period_start('week', '2021-01-03')",
    .output = "2024-03-01|2020-12-28", .since = "0.1.0",
    .overload = { { "grain, time [, tz=+00:00]", 0, call_period_start } }
  },
  {
    .name = "period_diff", .kind = ENTRY_SCALAR, .calendar = 1, .family = "time",
    .titleEn = "period boundaries crossed between two times", .titleZh = "相隔周期数",
    .formula = "number of the period of `to` - number of the period of `from`, on the wall clock of tz; " GRAINS,
    .nulls = "NULL when grain, from or to is NULL", .refunds = "",
    .practice = "cohort analysis: the month after the first order is 1 even if it begins next day", .memory = "none",
    .example = "SELECT period_diff('month', '2024-01-31', '2024-02-01'), period_diff('year', '2024-06-01', '2023-06-01')",
    .output = "1|-1", .since = "0.1.0",
    .overload = { { "grain, from, to [, tz=+00:00]", 0, call_period_diff } }
  },
  {
    .name = "local_time", .kind = ENTRY_SCALAR, .calendar = 1, .family = "time",
    .titleEn = "a time as ISO text on the wall clock of a zone", .titleZh = "当地时间",
    .formula = "YYYY-MM-DD HH:MM:SS (with the fraction, where there is one) on the wall clock of tz, from any form of time; texts that "
               "compare as the times do",
    .nulls = "NULL when time is NULL", .refunds = "",
    .practice = "one form for times of many: comparing '2024/1/9' with '2024/1/10' as texts is wrong", .memory = "none",
    .example = "SELECT local_time('2024/3/9', '+08:00'), local_time('2024-02-29 23:30:00Z', '+08:00'), local_time(1709249400)",
    .output = "2024-03-09 00:00:00|2024-03-01 07:30:00|2024-02-29 23:30:00", .since = "0.2.0",
    .overload = { { "time [, tz=+00:00]", 0, call_local_time } }
  },
  {
    .name = "local_end", .kind = ENTRY_SCALAR, .calendar = 1, .family = "time",
    .titleEn = "the last moment of an end of observation, as local_time", .titleZh = "观察截止时刻",
    .formula = "as_of with a time of day: that time; a date: the last microsecond of the day; on the wall clock of tz. "
               "local_time(t, tz) <= local_end(as_of, tz) says whether t is within",
    .nulls = "NULL when as_of is NULL", .refunds = "",
    .practice = "an as_of of a date means its whole day", .memory = "none",
    .example = "SELECT local_end('2024-06-30'), local_end('2024-06-30 12:00')",
    .output = "2024-06-30 23:59:59.999999|2024-06-30 12:00:00", .since = "0.2.0",
    .overload = { { "as_of [, tz=+00:00]", 0, call_local_time } }
  },
  { .name = 0 }
};
