/*
** session_number(time, gap): the number of sessions in the rows so far.  In a window over
** rows in order of time that is the session of the current row; in a group it is the number of
** sessions, whatever the order of the rows.  The rule is in session.h.
*/
#include "metric/path/event_state.h"
#include "metric/path/path.h"
#include "metric/path/session.h"

/* The times are kept (16 bytes each), not only the sessions' ends: a gap in months depends
** on the very row from which it is counted. */
typedef struct Sessions {
  EventList list;
  const Duration *gap;
  int64_t number;              /* of sessions; UNKNOWN: the rows must be counted again */
} Sessions;

#define UNKNOWN (-1)

static Status sessions_init(void *acc, const Parameter *p, Failure *f){
  (void)f;
  ((Sessions*)acc)->gap = &p[0].duration;
  return STATUS_OK;
}
static void sessions_destroy(void *acc){ event_list_destroy(&((Sessions*)acc)->list); }

/* Counts on as long as the rows come in order; so a running number costs O(1) a row. */
static Status sessions_add(Sessions *a, Instant time){
  size_t n = a->list.count;
  SessionCounter s;
  Status rc;
  session_init(&s, *a->gap);
  s.number = a->number;
  if( n ) s.last = event_list_read(&a->list)[n-1].time;
  rc = event_list_add(&a->list, time, 0);
  if( rc!=STATUS_OK ) return rc;
  if( n && time < s.last ) a->number = UNKNOWN;
  if( a->number!=UNKNOWN ) a->number = session_next(&s, time);
  return STATUS_OK;
}

static Status sessions_absorb(void *acc, Batch *b, int sign, Failure *f){
  Status rc = STATUS_OK;
  int i;
  (void)sign; (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++) rc = sessions_add(acc, b->column[0].cell[i].i);
  return rc;
}
static void sessions_encode(const void *acc, Buffer *out){
  event_list_encode(&((const Sessions*)acc)->list, out);
}
static Status sessions_fold(void *acc, Reader *in, Failure *f){
  Sessions *a = acc;
  (void)f;
  a->number = UNKNOWN;
  return event_list_fold(&a->list, in, 0);
}

static Status sessions_result(void *acc, Result *r, Failure *f, const Stop *stop){
  Sessions *a = acc;
  Status rc = STATUS_OK;
  (void)f;
  if( a->number==UNKNOWN ) rc = event_list_sort(&a->list, stop);
  if( rc==STATUS_OK && a->number==UNKNOWN ){
    int64_t number;
    rc = session_count(*a->gap, event_list_read(&a->list), a->list.count,
                       stop, &number);
    if( rc==STATUS_OK ) a->number = number;
  }
  result_integer(r, a->number);
  return rc;
}

const Metric METRIC_SESSION_NUMBER = {
  .id = "session_number", .version = 1, .size = sizeof(Sessions),
  .init = sessions_init, .absorb = sessions_absorb, .encode = sessions_encode, .fold = sessions_fold,
  .result = sessions_result, .destroy = sessions_destroy
};
