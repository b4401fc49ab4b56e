/*
** Working hours, such as 'Mon-Fri 09:00-12:00,13:00-18:00; Sat 10:00-16:00': a week of stretches on
** the wall clock of a zone, and the working time between two instants.
*/
#ifndef SIYU_WORKING_HOURS_H
#define SIYU_WORKING_HOURS_H
#include "base/time/calendar.h"
#include "base/memory.h"

#define WORKING_STRETCHES 100

typedef struct WorkingHours {
  int32_t zone;
  int count;
  struct { int64_t from, to, before; } stretch[WORKING_STRETCHES];   /* microseconds since Monday 0:00; in order */
  int64_t week;                /* working time of one */
} WorkingHours;

/* Days and hours by ';'.  Days: Mon, Mon-Fri, Sat,Sun, their full names; none: every day.  Hours: HH:MM-HH:MM, several
** by ','; to 24:00, or over midnight into the next day.  NULL when it is that, else what is wrong with it. */
const char *working_hours_read(WorkingHours *w, const char *text, int n);

/* Working time from one instant to a later one; never negative. */
int64_t working_between(const WorkingHours *w, Instant from, Instant to);

#endif
