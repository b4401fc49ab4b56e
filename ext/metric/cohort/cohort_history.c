/*
** Cohort windows of whole histories, for the plain case of cohort_plain.c: a customer's rows come
** at once and in order of time, and what they say goes into a square of cells that stays in the
** processor's cache.  See cohort.h.
*/
#include "metric/cohort/cohort.h"

/* A cohort's cells are a little more than HISTORY_PERIODS, so that the cohorts do not fall into the
** same places of the cache. */
#define SQUARE_STRIDE (HISTORY_PERIODS + 3)
#define SQUARE_MONEY (INT64_C(1) << 61)

typedef struct SquareCell { int64_t customers, orders, repeaters, whole; } SquareCell;

typedef struct CohortSquare {
  HistoryPeriods periods;
  int64_t room;                /* money that can still come without overflow */
  int64_t size[HISTORY_PERIODS];
  SquareCell cell[HISTORY_PERIODS*SQUARE_STRIDE];
} CohortSquare;

void square_destroy(CohortSquare *s){
  if( s==0 ) return;
  history_periods_destroy(&s->periods);
  memory_free(s);
}

/* Rows `from` ... `to` - 1, of which from is in the period of the first order, and none before it. */
static inline void count_history(SquareCell *cohort, const uint8_t *period, const Cell *amount, size_t from, size_t to,
                                 int hasAmount, int wantsMoney){
  int latest = -1;
  int64_t orders = 0;
  size_t i;
  for(i=from; i<to; i++){
    SquareCell *cell = &cohort[period[i]];
    int isOrder = !hasAmount || amount[i].i >= 0;
    cell->customers += isOrder & (period[i]!=latest);
    latest = isOrder ? period[i] : latest;
    if( !wantsMoney ) continue;
    orders += isOrder;
    cell->orders += isOrder;
    cell->repeaters += isOrder & (orders==2);
    if( hasAmount ) cell->whole += amount[i].i;
  }
}

static inline void count_histories(CohortSquare *s, const Histories *h, int hasAmount, int wantsMoney){
  size_t base = h->start[h->from];
  const uint8_t *period = s->periods.of;
  const Cell *amount = hasAmount ? h->amount + base : 0;
  int k;
  for(k=h->from; k<h->to; k++){
    size_t from = h->start[k] - base, to = h->start[k+1] - base, i = from;
    if( hasAmount ) while( i < to && amount[i].i < 0 ) i++;
    if( i==to ) continue;                              /* no order, no member */
    while( i > from && period[i-1]==period[i] ) i--;
    s->size[period[i]]++;
    count_history(s->cell + (size_t)period[i]*SQUARE_STRIDE - period[i], period, amount, i, to, hasAmount, wantsMoney);
  }
}

/* What has come so far goes into the matrix. */
static Status square_empty(CohortSquare *s, CohortMatrix *m, Failure *f){
  int first, k;
  for(first=0; first<HISTORY_PERIODS; first++){
    SquareCell *from = s->cell + (size_t)first*SQUARE_STRIDE;
    Cohort *c;
    if( s->size[first]==0 ) continue;
    c = matrix_cohort(m, 0, s->periods.base + first);
    if( c==0 ) return STATUS_NOMEM;
    c->size += s->size[first];
    s->size[first] = 0;
    for(k=0; k<HISTORY_PERIODS - first; k++){
      CohortCell *to;
      Status rc;
      if( from[k].customers==0 && from[k].whole==0 && from[k].orders==0 ) continue;
      rc = matrix_cell(m, c, k, &to, f);
      if( rc!=STATUS_OK ) return rc;
      to->customers += from[k].customers;
      to->orders += from[k].orders;
      to->repeaters += from[k].repeaters;
      cell_add_integer(to, from[k].whole);
      memset(&from[k], 0, sizeof from[k]);
    }
  }
  s->room = SQUARE_MONEY;
  return STATUS_OK;
}

Status members_histories(Members *m, const Histories *h, Failure *f){
  const CohortRule *rule = m->rule;
  CohortSquare *s = m->square;
  int64_t money;
  Status rc;
  if( !m->isPlain || rule->onOrAfter || (rule->asOfGiven && h->last > rule->asOf) ) return STATUS_UNLIKE;
  if( s==0 ) s = m->square = memory_zeroed(sizeof *s);
  if( s==0 ) return STATUS_NOMEM;
  rc = history_periods(&s->periods, h, &m->cache);
  if( rc!=STATUS_OK ) return rc;
  if( h->last > m->plain.last ) m->plain.last = h->last;
  money = (int64_t)(h->start[h->to] - h->start[h->from])*HISTORY_MONEY;
  if( money > s->room ) rc = square_empty(s, m->matrix, f);
  s->room -= money;
  if( rc!=STATUS_OK ) return rc;
  if( !h->amount ) count_histories(s, h, 0, rule->wantsMoney);
  else if( rule->wantsMoney ) count_histories(s, h, 1, 1);
  else count_histories(s, h, 1, 0);
  return STATUS_OK;
}

Status members_histories_finish(Members *m, Failure *f){
  return m->square ? square_empty(m->square, m->matrix, f) : STATUS_OK;
}
