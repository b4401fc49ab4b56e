/* Service: how soon customers are answered. */
#ifndef SIYU_SERVICE_H
#define SIYU_SERVICE_H
#include "spine/accumulator.h"

extern const Metric METRIC_RESPONSE_TIME;      /* columns: conversation, time, from_customer; parameter: q */
extern const Metric METRIC_RESPONSE_WITHIN;    /* the same; parameter: limit */

extern const Metric METRIC_RESPONSE_TIME_HOURS;      /* q, hours, tz */
extern const Metric METRIC_RESPONSE_WITHIN_HOURS;    /* limit, hours, tz */

/* 1 when the microsecond of a day lies in [from, to), which may go over midnight;
** from = to: never. */
int in_quiet_hours(int64_t micros, int64_t from, int64_t to);
/* The end of the quiet hours that t lies in, on the wall clock of `zone`: when from > to and t is
** in the evening, on the next day. */
Instant quiet_end(Instant t, int64_t from, int64_t to, int32_t zone);
/* 'H:MM', 'HH:MM' or 'HH:MM:SS', 00:00 ... 24:00, as microseconds; 0 when it is none. */
int clock_from_text(const char *z, int n, int64_t *micros);
/* Great-circle distance in km: service_scalar.c. */
double distance_km(double lat1, double lon1, double lat2, double lon2);

#endif
