/* The rows of one customer as states carry them: see event_list.h. */
#ifndef SIYU_EVENT_STATE_H
#define SIYU_EVENT_STATE_H

#include "metric/path/event_list.h"
#include "spine/accumulator.h"

/* Number of rows, then for each the difference of its time to the one before and its mask;
** in the order in which they were added, which decides among rows of one time. */
void event_list_encode(const EventList *list, Buffer *out);

/* Adds rows that event_list_encode wrote.  STATUS_CORRUPT when a time is outside the
** supported years or a mask has bits beyond the first `conditions`. */
Status event_list_fold(EventList *list, Reader *in, int64_t conditions);

int event_time_is_supported(Instant t);

#endif
