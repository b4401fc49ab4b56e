/*
** Sessions: runs of rows of one customer in which no two neighbours are further apart
** than a gap.  A row exactly `gap` after the one before it still belongs to its session.
** A gap in months is counted in UTC from the earlier of the two rows.
*/
#ifndef SIYU_SESSION_H
#define SIYU_SESSION_H

#include "metric/path/event_list.h"

/* Numbers rows that come in order of time, ascending or descending. */
typedef struct SessionCounter {
  Duration gap;
  Instant last;              /* of the row before */
  int64_t number;            /* its session, 1 ...; 0 before the first row */
} SessionCounter;

void session_init(SessionCounter *s, Duration gap);

/* The number of the session that a row at `time` belongs to. */
int64_t session_next(SessionCounter *s, Instant time);

/* The number of sessions; rows sorted by time (event_list_sort). */
Status session_count(Duration gap, const Event *rows, size_t count,
                     const Stop *stop, int64_t *sessions);

#endif
