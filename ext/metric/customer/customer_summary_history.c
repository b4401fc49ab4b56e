/*
** customer_summary of whole histories: what its rows say of a customer is known at once, as they come
** together and in order of time.  See customer_summary.h.
*/
#include "metric/customer/customer_summary.h"

/* Room for the days of n rows. */
static Status history_days_reserve(CustomerSummary *s, size_t n){
  if( n <= s->dayCapacity ) return STATUS_OK;
  return memory_grow((void**)&s->day, &s->dayCapacity, n, sizeof(int32_t));
}

/* Distinct days of the orders, their number, and money of all of them but the first. */
static void history_days(CustomerSummary *s, SummaryMember *m, const Histories *h, size_t from, size_t to){
  SummaryDays *d = summary_days(s, m);
  const Cell *amount = h->amount;
  int64_t repeat = 0;
  uint32_t days = 0;
  size_t i = from;
  while( i < to ){
    int32_t day = (int32_t)summary_day(s, history_time(h, i)), next = day;
    int64_t net = 0;
    int isActive = 0;
    do{
      int64_t v = amount ? amount[i].i : 0;
      net += v;
      isActive |= v >= 0;
      if( ++i < to ) next = (int32_t)summary_day(s, history_time(h, i));
    }while( i < to && next==day );
    if( !isActive ) continue;
    if( days ) repeat += net;
    s->day[days++] = day;
  }
  d->days = days;
  d->rhythm.twiceCycle = 0;
  if( s->wantsCycle ) (void)summary_twice_median_gap(s->day, days, &d->rhythm.twiceCycle, 0);     /* a chunk is no long work */
  if( s->wantsRepeat ) *summary_repeat(s, m) = money_of_integer(repeat);
}

static Status history_member(CustomerSummary *s, SummaryMember *m, const Histories *h, size_t from, size_t to){
  const Cell *amount = h->amount;
  size_t first = from, last = to, i;
  int64_t revenue = 0, orders = (int64_t)(to - from);
  Status rc = STATUS_OK;
  if( amount ){
    for(orders=0, i=from; i<to; i++){
      revenue += amount[i].i;
      orders += amount[i].i >= 0;
    }
  }
  if( s->wantsMoney ) *summary_money(m) = money_of_integer(revenue);
  if( s->agesAt ) summary_ages_history(s, m, h, from, to);
  m->orders = (uint32_t)orders;
  if( orders==0 ) return STATUS_OK;
  while( amount && amount[first].i < 0 ) first++;
  while( amount && amount[last-1].i < 0 ) last--;
  m->last = history_time(h, last - 1);
  m->firstDay = (int32_t)summary_day(s, history_time(h, first));
  if( s->daysAt ) summary_days(s, m)->first = history_time(h, first);
  if( !s->wantsDays ) return STATUS_OK;
  rc = history_days_reserve(s, to - from);
  if( rc==STATUS_OK ) history_days(s, m, h, from, to);
  return rc;
}

/* Up to BATCH_ROWS customers from *k on, those that have rows; *k: behind them. */
static Status history_members(CustomerSummary *s, const Histories *h, int *k){
  Batch *b = s->scratch;
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
  rc = keymap_append(&s->customers, b, key, ALL_ROWS, n, member, ids);
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
  if( !s->ordered || s->hasOrder || h->last > s->stage.asOf ) return STATUS_UNLIKE;
  if( s->scratch==0 ) s->scratch = memory_zeroed(sizeof *s->scratch);
  if( s->scratch==0 ) return STATUS_NOMEM;
  rc = history_times(h);
  if( rc!=STATUS_OK ) return rc;
  rc = summary_finish_at_hand(s, s->customers.count, 0);
  s->isFinished = 1;
  if( !s->seen.any || h->last > s->seen.last ) s->seen.last = h->last;
  s->seen.any = 1;
  while( rc==STATUS_OK && k<h->to ) rc = history_members(s, h, &k);
  return rc;
}
