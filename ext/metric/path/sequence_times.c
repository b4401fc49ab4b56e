/*
** sequence_times: when the rows that a pattern matched took place.  sequence.h says what a pattern is
** and which of several matches comes first: the one of the earliest choices.
**
** Whether a pattern can be completed from element e at row p does not depend on how it came there,
** not even for a time condition, whose base is the row before p, or p itself behind a star.  So one
** pass per element from the last to the first says where it can; the first match then takes the
** earliest row each time, and never goes back.  O(rows * elements) time, a byte each.
*/
#include "metric/path/sequence.h"

typedef struct Ways {
  const Sequence *s;
  Event *row;                  /* the visible ones */
  size_t rows;
  uint8_t *can;                /* element e at row p: can[e * (rows + 1) + p] */
  size_t *next;                /* the next row at which the element behind can begin; rows: none */
} Ways;

static uint8_t *ways_of(const Ways *w, size_t element){ return w->can + element*(w->rows + 1); }

/* Where the measure of the time condition e begins when it stands at row p. */
static Instant base_of(const Ways *w, size_t e, size_t p){
  return w->s->elements[e-1].kind==SEQUENCE_STAR ? w->row[p].time : w->row[p-1].time;
}

static int time_holds(const SequenceElement *e, Instant base, Instant t){
  uint64_t passed = (uint64_t)t - (uint64_t)base;
  switch( e->kind ){
    case SEQUENCE_LESS: return passed < e->micros;
    case SEQUENCE_LESS_EQUAL: return passed <= e->micros;
    case SEQUENCE_GREATER: return passed > e->micros;
    case SEQUENCE_GREATER_EQUAL: return passed >= e->micros;
    default: return passed==e->micros;
  }
}

/* A lower limit of the time that must have passed: all rows from some row on keep to it. */
static int is_late_enough(const SequenceElement *e, Instant base, Instant t){
  uint64_t passed = (uint64_t)t - (uint64_t)base;
  if( e->kind==SEQUENCE_LESS || e->kind==SEQUENCE_LESS_EQUAL ) return 1;
  return e->kind==SEQUENCE_GREATER ? passed > e->micros : passed >= e->micros;
}

/* Elements that hold where no row is left: as the matcher in sequence.c. */
static int holds_at_end(const SequenceElement *e){
  return e->kind==SEQUENCE_STAR || e->kind==SEQUENCE_LESS || e->kind==SEQUENCE_LESS_EQUAL
      || (e->kind==SEQUENCE_GREATER_EQUAL && e->micros==0);
}

/* The time condition e at every row: of the rows late enough the next from which it goes on. */
static void times_back(const Ways *w, size_t e){
  const SequenceElement *element = &w->s->elements[e];
  int afterStar = w->s->elements[e-1].kind==SEQUENCE_STAR;
  uint8_t *can = ways_of(w, e);
  size_t p, late = 0;
  for(p=0; p<w->rows; p++){
    Instant base;
    can[p] = 0;
    if( p==0 && !afterStar ) continue;                       /* nothing was matched before row 0 */
    base = base_of(w, e, p);
    if( late < p ) late = p;
    while( late < w->rows && !is_late_enough(element, base, w->row[late].time) ) late++;
    if( late < w->rows && w->next[late] < w->rows ) can[p] = (uint8_t)time_holds(element, base, w->row[w->next[late]].time);
  }
}

/* From the last element to the first; STATUS_INTERRUPTED. */
static Status ways_back(Ways *w, const Stop *stop){
  size_t e = w->s->count, p;
  memset(ways_of(w, e), 1, w->rows + 1);
  while( e-- > 0 ){
    const SequenceElement *element = &w->s->elements[e];
    const uint8_t *after = ways_of(w, e + 1);
    uint8_t *can = ways_of(w, e);
    if( w->rows >= EVENTS_PER_QUESTION/8 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    w->next[w->rows] = w->rows;
    for(p=w->rows; p-- > 0; ) w->next[p] = after[p] ? p : w->next[p+1];
    can[w->rows] = holds_at_end(element) && after[w->rows];
    if( element->kind==SEQUENCE_CONDITION || element->kind==SEQUENCE_ANY ){
      uint32_t mask = element->kind==SEQUENCE_ANY ? UINT32_MAX : element->mask;
      for(p=0; p<w->rows; p++) can[p] = (w->row[p].mask & mask) && after[p+1];
    }else if( element->kind==SEQUENCE_STAR ){
      for(p=0; p<w->rows; p++) can[p] = w->next[p] < w->rows;
    }else{
      times_back(w, e);
    }
  }
  return STATUS_OK;
}

/* The earliest row at which the skipping element e, standing at row p, can stop. */
static size_t stops_at(const Ways *w, size_t e, size_t p){
  const uint8_t *after = ways_of(w, e + 1);
  size_t q = p;
  if( p==w->rows ) return p;
  while( !after[q] || (w->s->elements[e].kind!=SEQUENCE_STAR
                       && !time_holds(&w->s->elements[e], base_of(w, e, p), w->row[q].time)) ) q++;
  return q;
}

/* The first match from row *at on, which there is: its times are handed over, *at is behind it. */
static void walk_match(const Ways *w, size_t *at, SequenceMatch each, void *arg){
  size_t e, p = *at;
  for(e=0; e<w->s->count; e++){
    const SequenceElement *element = &w->s->elements[e];
    if( element->kind==SEQUENCE_CONDITION || element->kind==SEQUENCE_ANY ){
      if( element->kind==SEQUENCE_CONDITION ) each(arg, &w->row[p].time);
      p++;
    }else{
      p = stops_at(w, e, p);
    }
  }
  each(arg, 0);
  *at = p > *at ? p : *at + 1;
}

Status sequence_times(const Sequence *s, const Event *rows, size_t count, int all, SequenceMatch each, void *to,
                      const Stop *stop){
  Ways w = { s, 0, 0, 0, 0 };
  size_t i, at = 0;
  Status status = STATUS_NOMEM;
  if( count==0 ) return STATUS_OK;
  w.row = memory_alloc(count*sizeof *w.row);
  for(i=0; w.row && i<count; i++) if( rows[i].mask & s->visible ) w.row[w.rows++] = rows[i];
  w.can = w.row ? memory_alloc((s->count + 1)*(w.rows + 1)) : 0;
  w.next = w.can ? memory_alloc((w.rows + 1)*sizeof *w.next) : 0;
  if( w.next ) status = ways_back(&w, stop);
  while( status==STATUS_OK && at<w.rows && ways_of(&w, 0)[at] ){
    walk_match(&w, &at, each, to);
    if( !all ) break;
    if( (at & (EVENTS_PER_QUESTION - 1))==0 && stop_asked(stop) ) status = STATUS_INTERRUPTED;
  }
  memory_free(w.row);
  memory_free(w.can);
  memory_free(w.next);
  return status;
}
