/*
** Cohort windows of rows that come grouped by customer, for the plain case: calendar periods,
** no order, origin, segment or cost.  A row is then no more than a period and an amount.
** See cohort.h; cohort_members.c takes every other case.
*/
#include "cohort.h"

static Status push_plain(Members *m, int64_t ordinal, const Column *amount, int i){
  PlainRow *row;
  if( m->plainRows==m->plainCapacity ){
    Status rc = memory_grow((void**)&m->plain, &m->plainCapacity, m->plainRows + 1, sizeof(PlainRow));
    if( rc!=STATUS_OK ) return rc;
  }
  row = &m->plain[m->plainRows++];
  row->ordinal = ordinal;
  row->amount = amount->cell[i];
  row->amountType = amount->type[i];
  row->isOrder = !is_refund(amount, i);
  return STATUS_OK;
}

/* Earliest two order periods and the latest; 0 orders: the customer is no member. */
typedef struct Spread { int64_t orders, first, second, last; } Spread;

static void spread_of(const Members *m, Spread *s){
  size_t i;
  s->orders = 0;
  s->first = s->second = INT64_MAX;
  s->last = INT64_MIN;
  for(i=0; i<m->plainRows; i++){
    int64_t k = m->plain[i].ordinal;
    if( !m->plain[i].isOrder ) continue;
    s->orders++;
    if( k > s->last ) s->last = k;
    if( k < s->first ){ s->second = s->first; s->first = k; }
    else if( k < s->second ) s->second = k;
  }
}

static void add_amount(CohortCell *cell, const PlainRow *row, int *isReal){
  if( row->amountType==CELL_INTEGER ){
    money_add_integer(&cell->revenue, row->amount.i);
  }else if( row->amountType==CELL_REAL ){
    money_add_real(&cell->revenue, row->amount.r);
    *isReal = 1;
  }
}

/* Refunds may fall later than the last order. */
static int64_t last_period(const Members *m, const Spread *s){
  int64_t last = s->last;
  size_t i;
  for(i=0; i<m->plainRows; i++) if( m->plain[i].ordinal > last ) last = m->plain[i].ordinal;
  return last;
}

Status plain_count(Members *m, Failure *f){
  Spread s;
  Cohort *c;
  CohortCell *cell;
  Status rc;
  size_t i;
  spread_of(m, &s);
  if( s.orders==0 ) return STATUS_OK;
  c = matrix_cohort(m->matrix, 0, s.first);
  if( c==0 ) return STATUS_NOMEM;
  rc = matrix_cell(m->matrix, c, last_period(m, &s) - s.first, &cell, f);
  if( rc!=STATUS_OK ) return rc;
  cell = c->cell;
  c->size++;
  m->stamp++;
  for(i=0; i<m->plainRows; i++){
    const PlainRow *row = &m->plain[i];
    int64_t k = row->ordinal - s.first;
    if( k < 0 ) continue;
    add_amount(&cell[k], row, &m->matrix->revenueIsReal);
    if( !row->isOrder ) continue;
    cell[k].orders++;
    if( cell[k].stamp!=m->stamp && !m->rule->onOrAfter ) cell[k].customers++;
    cell[k].stamp = m->stamp;
  }
  if( m->rule->onOrAfter ) cell[s.last - s.first].customers++;
  if( s.orders > 1 ) cell[s.second - s.first].repeaters++;
  return STATUS_OK;
}

static inline int same_integer(const Members *m, const Column *customer, int i){
  return m->any && customer->type[i]==CELL_INTEGER && m->previous.type==CELL_INTEGER
      && customer->cell[i].i==m->previous.integer;
}

Status plain_stream(Members *m, Batch *b, Failure *f){
  const Column *customer = &b->column[COHORT_CUSTOMER], *time = &b->column[COHORT_TIME];
  const Column *amount = &b->column[COHORT_AMOUNT];
  const CohortRule *rule = m->rule;
  Status rc = STATUS_OK;
  int i;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    Instant t = time->cell[i].i;
    if( !same_integer(m, customer, i) ) rc = members_next(m, b, i, f);
    if( rc!=STATUS_OK || time->type[i]==CELL_NULL || (rule->asOfGiven && t > rule->asOf) ) continue;
    rc = push_plain(m, period_cache_ordinal(&m->cache, t), amount, i);
  }
  return rc;
}
