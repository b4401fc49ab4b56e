/*
** send_plan: when each message of a queue goes, or why it does not.
**
** The queue is planned customer by customer in order of priority (1 before 2, none last), then
** wanted_at, then message_id.  A message goes at the first moment from wanted_at on, within
** `horizon`, that is not quiet, keeps min_gap to every other message of the customer, and keeps
** the cap: fewer than `max` in the window before it (frequency_cap.h), and none of those already
** planned loses its place.  What the history says was sent always counts.
**   send     at wanted_at
**   moved    later; reason: what stood in the way at wanted_at: quiet, cap or gap
**   held     not at all; reason: no_consent, control, duplicate (the customer has had that
**            message_id, or it stands earlier in the plan), or what stood in the way to the horizon
** Times are sought to the second.
** Memory: 72 bytes per message of the queue, 16 per message of the history to its customers.
*/
#ifndef SIYU_SEND_PLAN_H
#define SIYU_SEND_PLAN_H

#include "spine/table_accumulator.h"

extern const TableMetric METRIC_SEND_PLAN;

#endif
