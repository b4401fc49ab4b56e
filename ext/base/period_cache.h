/*
** The period of an instant, remembered: a small table of the periods met before, placed by
** the instant's upper bits.  A hit costs two comparisons where a month costs a division or
** five.  Zeroed memory is an empty cache; period_cache_init chooses the grain.
*/
#ifndef SIYU_PERIOD_CACHE_H
#define SIYU_PERIOD_CACHE_H

#include <string.h>
#include "calendar.h"

#define PERIOD_CACHE_SIZE 128

typedef struct PeriodSpan { Instant from, until; int64_t ordinal; } PeriodSpan;

typedef struct PeriodCache {
  Grain grain;
  int32_t zone;
  int shift;                   /* 2^shift microseconds are at most half a period */
  PeriodSpan span[PERIOD_CACHE_SIZE];
} PeriodCache;

static inline void period_cache_init(PeriodCache *c, Grain grain, int32_t zone){
  Duration d = grain_duration(grain);
  int64_t length = d.months ? d.months * 28 * MICROS_PER_DAY : d.micros;
  memset(c, 0, sizeof *c);
  c->grain = grain;
  c->zone = zone;
  while( (length >> (c->shift + 1)) > 1 ) c->shift++;
}

static inline int64_t period_cache_miss(PeriodCache *c, PeriodSpan *s, Instant t){
  s->ordinal = grain_ordinal(c->grain, t, c->zone);
  s->from = grain_start(c->grain, s->ordinal, c->zone);
  s->until = grain_start(c->grain, s->ordinal + 1, c->zone);
  return s->ordinal;
}

static inline int64_t period_cache_ordinal(PeriodCache *c, Instant t){
  PeriodSpan *s = &c->span[((uint64_t)t >> c->shift) % PERIOD_CACHE_SIZE];
  return t >= s->from && t < s->until ? s->ordinal : period_cache_miss(c, s, t);
}

#endif
