/*
** Cohort windows of rows that come grouped by customer, for the plain case: calendar periods,
** no order, origin, segment or cost.  A row is then no more than a period and an amount.
** Sorted by period (most sources hand them over so), one look at each is enough.
** See cohort.h; cohort_members.c takes every other case.
*/
#include "base/sort.h"
#include "metric/cohort/cohort.h"

static int before(const void *a, const void *b, const void *context){
  const PlainRow *x = a, *y = b;
  (void)context;
  return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

/* Rows of the period in which the first order falls and later ones; 0: no order, no member. */
static size_t rows_that_count(PlainCustomer *p){
  size_t i = 0;
  while( i < p->rows && !p->row[i].isOrder ) i++;
  if( i==p->rows ) return 0;
  while( i > 0 && p->row[i-1].ordinal==p->row[i].ordinal ) i--;
  return p->rows - i;
}

/* The cohort of the members who start in a period, with cells up to another one. */
static Status cohort_of(Members *m, int64_t first, int64_t last, Cohort **out, Failure *f){
  struct PlainPlace *place = &m->plain.place[(uint64_t)first % PLAIN_PLACES];
  CohortCell *cell;
  if( place->position==0 || place->ordinal!=first ){
    Cohort *c = matrix_cohort(m->matrix, 0, first);
    if( c==0 ) return STATUS_NOMEM;
    place->ordinal = first;
    place->position = (uint32_t)(c - m->matrix->cohort) + 1;
  }
  *out = &m->matrix->cohort[place->position - 1];
  if( last - first < (int64_t)(*out)->cells ) return STATUS_OK;
  return matrix_cell(m->matrix, *out, last - first, &cell, f);
}

static inline void add_amount(CohortCell *cell, const PlainRow *row, int *isReal){
  if( row->amountType==CELL_INTEGER ){
    cell_add_integer(cell, row->amount.i);
  }else{
    money_add_real(&cell->revenue, row->amount.r);
    *isReal = 1;
  }
}

/* Adds rows in order of their periods, the first one's being `first`; the last cell with an order. */
static CohortCell *count_rows(Members *m, Cohort *c, int64_t first, const PlainRow *row, const PlainRow *end){
  int retained = !m->rule->onOrAfter;
  CohortCell *active = 0;
  int64_t orders = 0;
  for(; row<end; row++){
    CohortCell *cell = &c->cell[row->ordinal - first];
    if( row->amountType!=CELL_NULL ) add_amount(cell, row, &m->matrix->revenueIsReal);
    if( !row->isOrder ) continue;
    cell->orders++;
    if( ++orders==2 ) cell->repeaters++;
    if( cell!=active ) cell->customers += retained;
    active = cell;
  }
  return active;
}

/* The same without money: rows are no more than periods with an order. */
static CohortCell *count_periods(Members *m, Cohort *c, int64_t first, const PlainRow *row, const PlainRow *end){
  int retained = !m->rule->onOrAfter;
  CohortCell *active = 0;
  for(; row<end; row++){
    CohortCell *cell = &c->cell[row->ordinal - first];
    if( cell!=active ) cell->customers += retained;
    active = cell;
  }
  return active;
}

Status plain_count(Members *m, Failure *f){
  PlainCustomer *p = &m->plain;
  const PlainRow *row, *end = p->row + p->rows;
  CohortCell *last;
  Cohort *c;
  Status rc = STATUS_OK;
  if( !p->isSorted ) rc = sort_records(p->row, p->rows, sizeof(PlainRow), before, 0, m->stop);
  row = end - rows_that_count(p);
  if( rc!=STATUS_OK || row==end ) return rc;
  rc = cohort_of(m, row->ordinal, end[-1].ordinal, &c, f);
  if( rc!=STATUS_OK ) return rc;
  c->size++;
  last = m->rule->wantsMoney ? count_rows(m, c, row->ordinal, row, end) : count_periods(m, c, row->ordinal, row, end);
  if( m->rule->onOrAfter ) last->customers++;
  return STATUS_OK;
}

/* Rows i ... end - 1, which have a time, belong to the customer at hand. */
static inline void take_rows(Members *m, const Batch *b, int i, int end, int hasAmount, int wantsMoney){
  const Column *time = &b->column[COHORT_TIME], *amount = &b->column[COHORT_AMOUNT];
  Instant asOf = m->rule->asOfGiven ? m->rule->asOf : INT64_MAX, last = m->plain.last;
  PlainRow *row = m->plain.row + m->plain.rows;
  int64_t latest = m->plain.latest;
  int isSorted = m->plain.isSorted;
  for(; i<end; i++){
    Instant t = time->cell[i].i;
    int isOrder = !(hasAmount && is_refund(amount, i));
    int64_t ordinal;
    if( t > last ) last = t;
    if( t > asOf || !(isOrder || wantsMoney) ) continue;
    ordinal = period_cache_ordinal(&m->cache, t);
    if( !wantsMoney && ordinal==latest ) continue;  /* that there was an order is known */
    row->ordinal = ordinal;
    row->isOrder = (uint8_t)isOrder;
    if( wantsMoney ){
      row->amount = amount->cell[i];
      row->amountType = amount->type[i];
    }
    row++;
    isSorted &= ordinal >= latest;
    latest = ordinal;
  }
  m->plain.rows = (size_t)(row - m->plain.row);
  m->plain.latest = latest;
  m->plain.isSorted = isSorted;
  m->plain.last = last;
}

/* Where the run of one INTEGER key ends. */
static inline int run_end(const Batch *b, int i){
  const Column *customer = &b->column[COHORT_CUSTOMER];
  int64_t key = customer->cell[i].i;
  do i++; while( i<b->rows && customer->cell[i].i==key );
  return i;
}

Status plain_stream(Members *m, Batch *b, Failure *f){
  const Column *customer = &b->column[COHORT_CUSTOMER], *time = &b->column[COHORT_TIME];
  int isInteger = column_is_integer(customer, b->rows) && column_is_integer(time, b->rows);
  Status rc = memory_grow((void**)&m->plain.row, &m->plain.capacity, m->plain.rows + BATCH_ROWS, sizeof(PlainRow));
  int i = 0;
  m->stop = b->stop;
  while( rc==STATUS_OK && i<b->rows ){
    int end = isInteger ? run_end(b, i) : i + 1;
    rc = members_next(m, b, i, f);
    if( rc!=STATUS_OK ) return rc;
    if( time->type[i]==CELL_NULL ) end = i;
    if( m->rule->wantsMoney ) take_rows(m, b, i, end, 1, 1);
    else if( rule_has(m->rule, COHORT_AMOUNT) ) take_rows(m, b, i, end, 1, 0);
    else take_rows(m, b, i, end, 0, 0);
    i = end > i ? end : i + 1;
  }
  return rc;
}
