/* Catalogue: service. */
#include "metric/service/service.h"
#include "sql/scalar.h"
#include "sql/catalogue.h"

#define WHITE_PAPER "Jianshi, Xiao'etong, 233, Youzan: white paper on private-domain user value"
#define CHAT \
  "WITH chat(conversation, time, from_customer) AS (VALUES\n" \
  "  (1, '2024-01-01 10:00:00', 1), (1, '2024-01-01 10:00:40', 1), (1, '2024-01-01 10:02:00', 0),\n" \
  "  (2, '2024-01-01 11:00:00', 1), (2, '2024-01-01 11:00:30', 0), (3, '2024-01-01 12:00:00', 1))\n"
#define WAITS \
  "messages of a conversation in order of time, the customer's before the staff's at equal times: the first message of " \
  "the customer since the last one of the staff opens a wait, the next message of the staff ends it"
#define RULES \
  "rows without a conversation or a time are skipped; a NULL from_customer is the staff; a message of the staff that no " \
  "customer waits for answers nothing; an answer at the very time of the question took 0 seconds; rows may come in any order"
#define HOURS \
  ". With hours, such as 'Mon-Fri 09:00-12:00,13:00-18:00; Sat 10:00-16:00', a wait is the working time in it, on the wall clock of tz: a question asked and " \
  "answered outside of them took 0 seconds; days by their English names or first three letters, none: every day; hours may go over midnight"
#define COST \
  "16 bytes per message and 12 to 24 per conversation; as a window function 40 to 80 per message, each step O(log n)"

const CatalogueEntry CATALOGUE_SERVICE[] = {
  {
    .name = "response_time", .kind = ENTRY_AGGREGATE, .family = "service",
    .titleEn = "response time in seconds", .titleZh = "响应时长",
    .formula = "q-quantile (linear interpolation, type 7) of the ended waits, pooled over conversations. " WAITS HOURS,
    .nulls = RULES "; waits that nobody ended are not in it; NULL without an answer", .refunds = "",
    .practice = WHITE_PAPER " (首次响应时长: percentiles, not only means)", .memory = COST,
    .example = CHAT "SELECT response_time(conversation, time, from_customer), response_time(conversation, time, from_customer, 0.9) FROM chat",
    .output = "75.0|111.0", .since = "0.1.0",
    .overload = { { "conversation, time, from_customer [, q=0.5]", &METRIC_RESPONSE_TIME, 0 },
                  { "conversation, time, from_customer, q, hours [, tz=+00:00]", &METRIC_RESPONSE_TIME_HOURS, 0 } }
  },
  {
    .name = "response_within", .kind = ENTRY_AGGREGATE, .family = "service",
    .titleEn = "share answered within a limit", .titleZh = "限时响应率",
    .formula = "waits ended within limit, inclusive / all waits, those that nobody ended included (at most one a conversation, "
               "its last). " WAITS ". limit is a duration: '5 minutes', a bare number is days; with "
               "hours of working time, where a day is 24 hours of it" HOURS,
    .nulls = RULES "; NULL without a question", .refunds = "",
    .practice = WHITE_PAPER " (share within the promise)", .memory = COST,
    .example = CHAT "SELECT response_within(conversation, time, from_customer, '1 minute') FROM chat",
    .output = "0.333333333333333", .since = "0.1.0",
    .overload = { { "conversation, time, from_customer, limit", &METRIC_RESPONSE_WITHIN, 0 },
                  { "conversation, time, from_customer, limit, hours [, tz=+00:00]", &METRIC_RESPONSE_WITHIN_HOURS, 0 } }
  },
  {
    .name = "in_quiet_hours", .kind = ENTRY_SCALAR, .family = "service",
    .titleEn = "whether a time lies in the quiet hours", .titleZh = "是否在免打扰时段",
    .formula = "1 when the wall clock of tz is in [quiet_from, quiet_to), over midnight when quiet_from is the later; else 0. "
               "'HH:MM' or 'HH:MM:SS', 00:00 to 24:00; equal ones are an empty span (never quiet): the whole day is "
               "'00:00', '24:00'",
    .nulls = "NULL when an argument is NULL", .refunds = "",
    .practice = "Xingyun Youke: private-domain value standard (免打扰)", .memory = "none",
    .example = "SELECT in_quiet_hours('2024-01-01 22:00', '22:00', '08:00'), in_quiet_hours('2024-01-01 08:00', '22:00', '08:00'), "
               "in_quiet_hours('2024-01-01 23:30Z', '22:00', '08:00', '+08:00')",
    .output = "1|0|1", .since = "0.1.0",
    .overload = { { "time, quiet_from, quiet_to [, tz=+00:00]", 0, call_in_quiet_hours } }
  },
  {
    .name = "next_allowed", .kind = ENTRY_SCALAR, .family = "service",
    .titleEn = "the first moment from a time on that is not quiet", .titleZh = "下一个可发送时间",
    .formula = "the time itself outside of [quiet_from, quiet_to), else the next quiet_to; ISO text on the wall clock of tz; hours as "
               "in_quiet_hours()",
    .nulls = "NULL when an argument is NULL, and when the whole day is quiet ('00:00', '24:00')", .refunds = "",
    .practice = "Xingyun Youke: private-domain value standard (免打扰)", .memory = "none",
    .example = "SELECT next_allowed('2024-01-01 23:30', '22:00', '08:00'), next_allowed('2024-01-01 07:00', '22:00', '08:00'), "
               "next_allowed('2024-01-01 12:00', '22:00', '08:00'), next_allowed('2024-01-01T15:00:00Z', '22:00', '08:00', '+08:00')",
    .output = "2024-01-02 08:00:00|2024-01-01 08:00:00|2024-01-01 12:00:00|2024-01-02 08:00:00", .since = "0.2.0",
    .overload = { { "time, quiet_from, quiet_to [, tz=+00:00]", 0, call_next_allowed } }
  },
  {
    .name = "distance_km", .kind = ENTRY_SCALAR, .family = "service",
    .titleEn = "great-circle distance in kilometres", .titleZh = "两地距离（公里）",
    .formula = "2 R asin(sqrt(sin((lat2 - lat1) / 2)^2 + cos(lat1) cos(lat2) sin((lon2 - lon1) / 2)^2)), R = 6371.0088 km, the "
               "mean radius of the Earth; degrees",
    .nulls = "NULL when an argument is NULL; a latitude beyond -90 to 90 or a longitude beyond -180 to 180 is an error",
    .refunds = "", .practice = "NetEase Yunshang: PDCA operation (nearest store of a member)", .memory = "none",
    .example = "SELECT round(distance_km(30.2741, 120.1551, 31.2304, 121.4737), 3)",
    .output = "164.874", .since = "0.1.0",
    .overload = { { "lat1, lon1, lat2, lon2", 0, call_distance_km } }
  },
  { .name = 0 }
};
