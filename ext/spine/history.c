/* Histories: see history.h. */
#include "spine/history.h"

Status history_times(Histories *h){
  Status rc;
  if( h->time ) return STATUS_OK;
  rc = chunk_times(h->chunk);
  if( rc!=STATUS_OK ) return rc;
  h->time = h->chunk->column[0].cell;
  return h->chunk->column[0].low==h->least && h->chunk->column[0].high==h->most ? STATUS_OK : STATUS_CORRUPT;
}

/* The first rows' period is the base, or where that leaves too few behind it an earlier one. */
static void choose_base(HistoryPeriods *p, int64_t first, int64_t last){
  p->base = first;
  if( last - first >= HISTORY_PERIODS ) return;
  p->base -= (HISTORY_PERIODS - 1 - (last - first))/2;
  p->isBased = 1;
}

/* The first time in the histories' unit that is not before the instant. */
static int64_t time_from(const Histories *h, Instant t){
  int64_t less = t - h->shift, n = less / h->unit;
  return n + (less % h->unit > 0);
}

static void slices_fill(HistoryPeriods *p, const Histories *h, PeriodCache *cache){
  int k;
  for(k=0; k<p->slices; k++){
    int64_t begin = (int64_t)k << p->bits, length = INT64_C(1) << p->bits;
    int64_t before = period_cache_ordinal(cache, (p->origin + begin)*h->unit + h->shift);
    int64_t boundary = time_from(h, grain_start(cache->grain, before + 1, cache->zone)) - p->origin - begin;
    p->slice[k] = (before - p->base)*length + (boundary < length ? length - boundary : 0) - begin;
  }
}

/* Makes slices for times from `low` to `high`, in the histories' unit; 0: a period is no longer than that. */
static int slices_cover(HistoryPeriods *p, const Histories *h, PeriodCache *cache, int64_t low, int64_t high){
  int bits = 0;
  if( p->slices && p->unit==h->unit && p->shift==h->shift ){
    int64_t end = p->origin + ((int64_t)p->slices << p->bits);
    if( low >= p->origin && high < end ) return 1;
    if( low > p->origin ) low = p->origin;             /* so that chunks do not take turns with each other */
    if( high < end - 1 ) high = end - 1;
  }
  while( h->unit << (bits + 1) <= INT64_C(1) << cache->shift ) bits++;
  if( h->unit > INT64_C(1) << cache->shift || (high - low) >> bits >= HISTORY_SLICES ) return 0;
  p->origin = low;
  p->bits = bits;
  p->unit = h->unit;
  p->shift = h->shift;
  p->slices = (int)((high - low) >> bits) + 1;
  slices_fill(p, h, cache);
  return 1;
}

/* How periods are found; known where it is compiled. */
typedef struct PeriodWay { int wantsOf, wantsOrders, hasAmount, isStepwise; } PeriodWay;

/* 0: a time is not where it was said to be. */
static inline int find_periods(HistoryPeriods *p, const Histories *h, int64_t low, int64_t high, PeriodWay way){
  const int64_t *slice = p->slice, *begin = h->begin, *step = h->step;
  const Cell *time = way.isStepwise ? 0 : h->time + h->start[h->from];
  const Cell *amount = way.hasAmount ? h->amount + h->start[h->from] : 0;
  int64_t origin = p->origin, t = 0;
  int bits = p->bits, k, wrong = 0;
  uint8_t *of = p->of;
  for(k=h->from; k<h->to; k++){
    size_t n = h->start[k+1] - h->start[k], i;
    uint64_t orders = 0;
    if( way.isStepwise && n ){
      t = *begin++ - origin;
      wrong |= t < low - origin;
    }
    for(i=0; i<n; i++){
      unsigned period;
      if( !way.isStepwise ) t = time[i].i - origin;
      else if( i ) t += *step++;
      period = (unsigned)((slice[(t >> bits) & (HISTORY_SLICES - 1)] + t) >> bits) & (HISTORY_PERIODS - 1);
      if( way.wantsOf ) of[i] = (uint8_t)period;
      if( way.wantsOrders ) orders |= (way.hasAmount ? ~(uint64_t)amount[i].i >> 63 : 1) << period;
    }
    wrong |= n && t > high - origin;
    if( way.wantsOf ) of += n;
    if( way.wantsOrders ) p->orders[k - h->from] = orders;
    if( way.hasAmount ) amount += n;
    if( !way.isStepwise ) time += n;
  }
  return !wrong;
}

static int find_by_slices(HistoryPeriods *p, const Histories *h, int64_t low, int64_t high, int what){
  int isStepwise = h->time==0, hasAmount = h->amount && (what & PERIODS_ORDERS);
  switch( what<<2 | hasAmount<<1 | isStepwise ){
#define WAY(of, orders, amount, steps) \
    case (of)<<2 | (orders)<<3 | (amount)<<1 | (steps): { \
      PeriodWay way = { of, orders, amount, steps }; \
      return find_periods(p, h, low, high, way); \
    }
    WAY(1, 0, 0, 0) WAY(0, 1, 0, 0) WAY(0, 1, 1, 0) WAY(1, 1, 0, 0) WAY(1, 1, 1, 0)
    WAY(1, 0, 0, 1) WAY(0, 1, 0, 1) WAY(0, 1, 1, 1) WAY(1, 1, 0, 1) WAY(1, 1, 1, 1)
#undef WAY
    default: return 0;
  }
}

/* Periods that are no longer than the unit of the times. */
static void find_one_by_one(HistoryPeriods *p, const Histories *h, PeriodCache *cache, int what){
  size_t base = h->start[h->from], i;
  int k;
  for(k=h->from; k<h->to; k++){
    uint64_t orders = 0;
    for(i=h->start[k]; i<h->start[k+1]; i++){
      int64_t period = period_cache_ordinal(cache, history_time(h, i)) - p->base;
      if( what & PERIODS_OF ) p->of[i - base] = (uint8_t)period;
      if( h->amount==0 || h->amount[i].i >= 0 ) orders |= UINT64_C(1) << period;
    }
    if( what & PERIODS_ORDERS ) p->orders[k - h->from] = orders;
  }
}

Status history_periods(HistoryPeriods *p, Histories *h, PeriodCache *cache, int what){
  size_t rows = h->start[h->to] - h->start[h->from];
  int64_t first = period_cache_ordinal(cache, h->first), last = period_cache_ordinal(cache, h->last);
  int64_t low = time_from(h, h->first), high = time_from(h, h->last);
  Status rc = STATUS_OK;
  if( !p->isBased ) choose_base(p, first, last);
  if( first < p->base || last - p->base >= HISTORY_PERIODS ) return STATUS_UNLIKE;
  if( what & PERIODS_OF ) rc = memory_grow((void**)&p->of, &p->ofCapacity, rows + 1, 1);
  if( rc==STATUS_OK && (what & PERIODS_ORDERS) ){
    rc = memory_grow((void**)&p->orders, &p->ordersCapacity, (size_t)(h->to - h->from) + 1, sizeof *p->orders);
  }
  if( rc!=STATUS_OK ) return rc;
  if( slices_cover(p, h, cache, low, high) ) return find_by_slices(p, h, low, high, what) ? STATUS_OK : STATUS_UNLIKE;
  if( h->time==0 ) return STATUS_UNLIKE;
  find_one_by_one(p, h, cache, what);
  return STATUS_OK;
}

void history_periods_destroy(HistoryPeriods *p){
  memory_free(p->of);
  memory_free(p->orders);
  memset(p, 0, sizeof *p);
}
