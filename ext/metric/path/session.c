/* Sessions: see session.h. */
#include "metric/path/session.h"

void session_init(SessionCounter *s, Duration gap){
  s->gap = gap;
  s->last = 0;
  s->number = 0;
}

int64_t session_next(SessionCounter *s, Instant time){
  Instant early = s->last < time ? s->last : time;
  Instant late = s->last < time ? time : s->last;
  if( s->number==0 || late > instant_after(early, s->gap, 1, 0) ) s->number++;
  s->last = time;
  return s->number;
}

Status session_count(Duration gap, const Event *rows, size_t count,
                     const Stop *stop, int64_t *sessions){
  SessionCounter s;
  size_t i;
  session_init(&s, gap);
  for(i=0; i<count; i++){
    if( i%EVENTS_PER_QUESTION==EVENTS_PER_QUESTION-1 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    session_next(&s, rows[i].time);
  }
  *sessions = s.number;
  return STATUS_OK;
}
