/*
** customer_summary of whole histories: what its rows say of a customer is known at once, as they come
** together and in order of time.  See customer_summary.h.
*/
#include "metric/customer/customer_summary.h"

/* What the rows before one say, of those that are looked at together. */
typedef struct SummaryBefore {
  int64_t money;
  uint32_t refunds;
  uint32_t turns;              /* rows of another day than the one before */
} SummaryBefore;

typedef struct SummaryPiece {
  Batch keys;
  size_t from;                 /* the row that is number 0 here */
  SummaryBefore *before;       /* by row, and behind the last one */
  int32_t *day;                /* by row, where days are wanted */
  size_t beforeCapacity, dayCapacity;
} SummaryPiece;

void summary_piece_free(SummaryPiece *p){
  if( p==0 ) return;
  memory_free(p->before);
  memory_free(p->day);
  memory_free(p);
}

/* ---- rows ---- */

/* Days of n rows.  Where they begin at all times at one second of the day, and none is too far from the first one,
** 32 bits will do, in a loop that the compiler vectorises. */
static void find_days(const CustomerSummary *s, const Histories *h, size_t from, size_t n, int32_t *day){
  const Cell *time = h->time + from;
  int32_t base = (int32_t)summary_day(s, h->first);
  Instant begin = base*s->unit - (s->zone < ZONE_NAMED ? s->zone*MICROS_PER_SECOND : 0);
  uint32_t unit = (uint32_t)(h->unit/MICROS_PER_SECOND), shift = (uint32_t)((h->shift - begin)/MICROS_PER_SECOND);
  size_t i;
  if( s->zone >= ZONE_NAMED || h->unit % MICROS_PER_SECOND || h->shift % MICROS_PER_SECOND
   || h->last - begin > UINT32_MAX*MICROS_PER_SECOND ){
    for(i=0; i<n; i++) day[i] = (int32_t)summary_day(s, history_time(h, from + i));
  }else if( s->unit==MICROS_PER_DAY ){
    for(i=0; i<n; i++) day[i] = base + (int32_t)(((uint32_t)time[i].i*unit + shift) / 86400);
  }else{
    for(i=0; i<n; i++) day[i] = base + (int32_t)(((uint32_t)time[i].i*unit + shift) / 3600);
  }
}

static void sum_before(SummaryBefore *before, const Cell *amount, const int32_t *day, size_t n){
  SummaryBefore b = { 0, 0, 0 };
  size_t i;
  for(i=0; i<n; i++){
    int64_t v = amount ? amount[i].i : 0;
    before[i] = b;
    b.money += v;
    b.refunds += v < 0;
    if( day ) b.turns += i > 0 && day[i]!=day[i-1];
  }
  before[n] = b;
}

static Status look_at_rows(CustomerSummary *s, const Histories *h, size_t from, size_t to){
  SummaryPiece *p = s->piece;
  size_t n = to - from;
  Status rc = memory_grow((void**)&p->before, &p->beforeCapacity, n + 1, sizeof *p->before);
  if( rc==STATUS_OK && s->wantsDays ) rc = memory_grow((void**)&p->day, &p->dayCapacity, n, sizeof *p->day);
  if( rc!=STATUS_OK ) return rc;
  p->from = from;
  if( s->wantsDays ) find_days(s, h, from, n, p->day);
  sum_before(p->before, h->amount ? h->amount + from : 0, s->wantsDays ? p->day : 0, n);
  return STATUS_OK;
}

/* ---- customers ---- */

/* Distinct days of the orders, their number, and money of all of them but the first; rows from ... to - 1 of the piece. */
static Status member_days(CustomerSummary *s, SummaryMember *m, const Histories *h, size_t from, size_t to){
  const Cell *amount = h->amount ? h->amount + s->piece->from : 0;
  const int32_t *day = s->piece->day;
  SummaryDays *d = summary_days(s, m);
  int64_t repeat = 0;
  uint32_t days = 0;
  size_t i = from;
  Status rc = memory_grow((void**)&s->day, &s->dayCapacity, to - from, sizeof(int32_t));
  if( rc!=STATUS_OK ) return rc;
  while( i < to ){
    int32_t today = day[i];
    int64_t net = 0;
    int isActive = 0;
    for(; i<to && day[i]==today; i++){
      int64_t v = amount ? amount[i].i : 0;
      net += v;
      isActive |= v >= 0;
    }
    if( !isActive ) continue;
    if( days ) repeat += net;
    s->day[days++] = today;
  }
  d->days = days;
  if( s->wantsCycle ) (void)summary_twice_median_gap(s->day, days, &d->rhythm.twiceCycle, 0);     /* a chunk is no long work */
  if( s->wantsRepeat ) *summary_repeat(s, m) = money_of_integer(repeat);
  return STATUS_OK;
}

/* The same of one without refunds. */
static void member_plain_days(const CustomerSummary *s, SummaryMember *m, size_t from, size_t to){
  const SummaryBefore *before = s->piece->before;
  const int32_t *day = s->piece->day;
  size_t second = from + 1;
  summary_days(s, m)->days = 1 + before[to].turns - before[second].turns;
  while( second < to && day[second]==day[from] ) second++;
  if( s->wantsRepeat ) *summary_repeat(s, m) = money_of_integer(before[to].money - before[second].money);
}

static Status history_member(CustomerSummary *s, SummaryMember *m, const Histories *h, size_t from, size_t to){
  const SummaryBefore *begin = s->piece->before + (from - s->piece->from), *end = s->piece->before + (to - s->piece->from);
  const Cell *amount = h->amount;
  uint32_t refunds = end->refunds - begin->refunds;
  size_t first = from, last = to - 1;
  if( s->wantsMoney ) *summary_money(m) = money_of_integer(end->money - begin->money);
  if( s->agesAt ) summary_ages_history(s, m, h, from, to);
  m->orders = (uint32_t)(to - from) - refunds;
  if( m->orders==0 ) return STATUS_OK;
  while( refunds && amount[first].i < 0 ) first++;
  while( refunds && amount[last].i < 0 ) last--;
  m->last = history_time(h, last);
  m->firstDay = (int32_t)summary_day(s, history_time(h, first));
  if( s->daysAt ) summary_days(s, m)->first = history_time(h, first);
  if( !s->wantsDays ) return STATUS_OK;
  if( refunds || s->wantsCycle ) return member_days(s, m, h, from - s->piece->from, to - s->piece->from);
  member_plain_days(s, m, from - s->piece->from, to - s->piece->from);
  return STATUS_OK;
}

/* Up to BATCH_ROWS customers from *k on, those that have rows; *k: behind them. */
static Status history_members(CustomerSummary *s, const Histories *h, int *k){
  Batch *b = &s->piece->keys;
  Column *key = &b->column[0];
  void *member[BATCH_ROWS];
  uint32_t ids[BATCH_ROWS];
  int customer[BATCH_ROWS], i, n = 0;
  Status rc;
  b->bytes = h->key->bytes;                            /* where the cells of TEXTs point */
  for(; n<BATCH_ROWS && *k<h->to; ++*k){
    if( h->start[*k]==h->start[*k+1] ) continue;
    key->type[n] = h->key->type[*k];
    key->cell[n] = h->key->cell[*k];
    key->size[n] = key->type[n]==CELL_TEXT ? h->key->size[*k] : 0;
    customer[n++] = *k;
  }
  b->rows = n;
  if( n==0 ) return STATUS_OK;
  rc = look_at_rows(s, h, h->start[customer[0]], h->start[customer[n-1]+1]);
  if( rc==STATUS_OK ) rc = keymap_append(&s->customers, b, key, ALL_ROWS, n, member, ids);
  for(i=0; rc==STATUS_OK && i<n; i++){
    rc = history_member(s, member[i], h, h->start[customer[i]], h->start[customer[i]+1]);
  }
  return rc;
}

Status summary_histories(void *acc, Histories *h, Failure *f){
  CustomerSummary *s = acc;
  Status rc;
  int k = h->from;
  (void)f;
  if( !s->ordered || s->hasOrder || h->isReal || h->last > s->stage.asOf ) return STATUS_UNLIKE;
  if( s->piece==0 ) s->piece = memory_zeroed(sizeof *s->piece);
  if( s->piece==0 ) return STATUS_NOMEM;
  rc = history_times(h);
  if( rc!=STATUS_OK ) return rc;
  rc = summary_finish_at_hand(s, s->customers.count, 0);
  s->isFinished = 1;
  if( !s->seen.any || h->last > s->seen.last ) s->seen.last = h->last;
  s->seen.any = 1;
  while( rc==STATUS_OK && k<h->to ) rc = history_members(s, h, &k);
  return rc;
}
