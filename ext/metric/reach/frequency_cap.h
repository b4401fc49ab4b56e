/*
** A frequency cap on messages to one customer: a message may go if fewer than max
** *allowed* messages lie in the window before it.  A message that was held back takes
** no room, so the decision is made in order of time, each on what was allowed before.  One that
** is known to have been sent takes room in any case.
**
** Rolling window, '7 days': the window before t begins at t - 7 days, inclusive: a message
** exactly that old still counts (a window of d after it would include t).  Months are
** counted backward from t in UTC and clamp to the month's end.
** Calendar window, '1 calendar day@+08:00': the calendar day of t in that zone;
** 'N calendar days': that day and the N-1 days before it.  Likewise 'calendar week(s)'
** (Monday to Sunday) and 'calendar month(s)': WeChat service accounts, for instance, may
** send a number of messages per calendar month.  Without '@zone': UTC.
**
** Memory: the times of at most max allowed messages.
*/
#ifndef SIYU_FREQUENCY_CAP_H
#define SIYU_FREQUENCY_CAP_H

#include "base/time/calendar.h"
#include "spine/accumulator.h"

typedef struct CapWindow {
  int calendar;              /* 0: the last `rolling`; 1: `periods` periods of `grain` in `zone` */
  Duration rolling;
  Grain grain;
  int64_t periods;           /* at least 1 */
  int32_t zone;
} CapWindow;

/* n bytes of text as above, or what duration_from_text knows; else STATUS_INVALID, and a sentence that
** begins with the argument's name. */
Status cap_window_read(const char *name, const char *text, int n, CapWindow *window, Failure *f);

#define CAP_INLINE 4

/* A cap may be moved in memory. */
typedef struct FrequencyCap {
  CapWindow window;
  int64_t max;               /* 0 or less: no message may go */
  Instant *heap;             /* 0 while the times fit in few[] */
  size_t capacity;           /* of heap */
  size_t count;              /* times kept, at most max */
  size_t oldest;             /* their index; the others follow, wrapping around at max */
  Instant few[CAP_INLINE];
} FrequencyCap;

void cap_init(FrequencyCap *cap, CapWindow window, int64_t max);
void cap_destroy(FrequencyCap *cap);

/* Whether a message at `earlier` lies in the window before `time`. */
int cap_in_window(const CapWindow *w, Instant earlier, Instant time);
/* Decides on a message at `time`, not earlier than the one before: *allowed becomes 1 if
** it may go (and it is then counted), else 0.  Unchanged on STATUS_NOMEM. */
Status cap_next(FrequencyCap *cap, Instant time, int *allowed);
/* A message that was sent at `time`, whether the cap allowed it or not: it takes room. */
Status cap_sent(FrequencyCap *cap, Instant time);

#endif
