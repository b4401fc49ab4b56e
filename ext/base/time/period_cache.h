/*
** The period of an instant, remembered.  Time is cut into slices of 2^shift microseconds, at
** most half a period long, so that a slice holds at most one boundary: the slice's entry says
** where it is and which period lies before it.  A hit costs two comparisons where a month
** costs divisions.
*/
#ifndef SIYU_PERIOD_CACHE_H
#define SIYU_PERIOD_CACHE_H

#include <string.h>
#include "base/time/calendar.h"

#define PERIOD_CACHE_SIZE 256

typedef struct PeriodSlice { int64_t slice; Instant boundary; int64_t before; } PeriodSlice;

typedef struct PeriodCache {
  Grain grain;
  int32_t zone;
  int shift;
  PeriodSlice entry[PERIOD_CACHE_SIZE];
} PeriodCache;

static inline void period_cache_init(PeriodCache *c, Grain grain, int32_t zone){
  Duration d = grain_duration(grain);
  int64_t length = d.months ? d.months * 28 * MICROS_PER_DAY : d.micros;
  int i;
  memset(c, 0, sizeof *c);
  c->grain = grain;
  c->zone = zone;
  while( (length >> (c->shift + 1)) > 1 ) c->shift++;
  for(i=0; i<PERIOD_CACHE_SIZE; i++) c->entry[i].slice = INT64_MIN;      /* no instant's slice */
}

static inline void period_cache_fill(PeriodCache *c, PeriodSlice *e, int64_t slice){
  Instant from = (Instant)((uint64_t)slice << c->shift);
  e->slice = slice;
  e->before = grain_ordinal(c->grain, from, c->zone);
  e->boundary = grain_start(c->grain, e->before + 1, c->zone);
}

static inline int64_t period_cache_ordinal(PeriodCache *c, Instant t){
  int64_t slice = t >> c->shift;
  PeriodSlice *e = &c->entry[(uint64_t)slice % PERIOD_CACHE_SIZE];
  if( e->slice!=slice ) period_cache_fill(c, e, slice);
  return e->before + (t >= e->boundary);
}

#endif
