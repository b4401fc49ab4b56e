/* Histories: see history.h. */
#include "spine/history.h"

/* The first rows' period is the base, or where that leaves too few behind it an earlier one. */
static void choose_base(HistoryPeriods *p, int64_t first, int64_t last){
  p->base = first;
  if( last - first >= HISTORY_PERIODS ) return;
  p->base -= (HISTORY_PERIODS - 1 - (last - first))/2;
  p->isBased = 1;
}

Status history_periods(HistoryPeriods *p, const Histories *h, PeriodCache *cache){
  size_t from = h->start[h->from], n = h->start[h->to] - from, i;
  int64_t first = period_cache_ordinal(cache, h->first), last = period_cache_ordinal(cache, h->last), base;
  const Cell *time = h->time + from;
  Instant unit = h->unit, shift = h->shift;
  uint8_t *of;
  Status rc;
  if( !p->isBased ) choose_base(p, first, last);
  base = p->base;
  if( first < base || last - base >= HISTORY_PERIODS ) return STATUS_UNLIKE;
  rc = memory_grow((void**)&p->of, &p->capacity, n + 1, 1);
  if( rc!=STATUS_OK ) return rc;
  of = p->of;
  for(i=0; i<n; i++) of[i] = (uint8_t)(period_cache_ordinal(cache, time[i].i*unit + shift) - base);
  return STATUS_OK;
}

void history_periods_destroy(HistoryPeriods *p){
  memory_free(p->of);
  memset(p, 0, sizeof *p);
}
