/*
** Cohort windows, one customer at a time, with every option.  See cohort.h.
**
** Rows in any order are kept in a log, grouped by customer at the end; rows that come grouped
** are counted as each customer ends, in memory that does not grow with the customers.
**
** Of one customer:
**   start    the origin, or else the time of the first order; without either no member
**   segment  of the earliest order at or after the start (tie: the smallest), or else the smallest
**   rows before the start are out; a calendar cohort without origins starts with its period, so
**   that a refund earlier in it is in, as in cohort_bits.c, which knows periods only
**   refunds add money and are no activity; an order of several rows counts once, at its earliest
**   row; a row without an order, where orders are named, says no more than its origin; a cost
**   without a time falls on the start, and a cost with neither amount nor order is no order
**   with events a row that is not start_event begins nothing, and one that is not return_event is no
**   order and brings no money
**   recurring: the same for each period with an order, as if the customer's first order were there
*/
#include <stdlib.h>
#include "base/sort.h"
#include "metric/cohort/cohort.h"

/* ---- one row of a batch ---- */

static Status key_id(KeyMap *map, const Batch *b, int column, int row, uint32_t *id){
  Key key;
  Status rc;
  if( b->column[column].type[row]==CELL_NULL ){ *id = 0; return STATUS_OK; }
  key = key_of_cell(b, &b->column[column], row);
  map->stop = b->stop;
  rc = keymap_insert(map, &key, 0, id);
  if( rc==STATUS_OK ) ++*id;
  return rc;
}

/* A cost where neither an amount nor an order stands beside it, though the source has such a
** column, was paid: nobody bought. */
static int is_cost_alone(const CohortRule *rule, const CohortRow *row){
  return row->costType!=CELL_NULL && row->amountType==CELL_NULL && row->order==0
      && (rule_has(rule, COHORT_AMOUNT) || rule_has(rule, COHORT_ORDER));
}

/* Whether the row's event is that name; NULL: any event is. */
static int is_event(const Batch *b, int i, const char *name, int size){
  const Column *c = &b->column[COHORT_EVENT];
  char digits[24];
  if( name==0 ) return 1;
  if( c->type[i]==CELL_TEXT || c->type[i]==CELL_BLOB ){
    return c->size[i]==(uint32_t)size && memcmp(b->bytes + c->cell[i].i, name, (size_t)size)==0;
  }
  if( c->type[i]!=CELL_INTEGER ) return 0;
  sqlite3_snprintf((int)sizeof digits, digits, "%lld", (long long)c->cell[i].i);
  return strlen(digits)==(size_t)size && memcmp(digits, name, (size_t)size)==0;
}

/* What the row is where events are told apart. */
static void read_event(const CohortRule *rule, const Batch *b, int i, CohortRow *row){
  row->isStart = row->isOrder;
  if( !rule_has(rule, COHORT_EVENT) ) return;
  if( !is_event(b, i, rule->startEvent, rule->startSize) ) row->isStart = 0;
  if( is_event(b, i, rule->returnEvent, rule->returnSize) ) return;
  row->isOrder = 0;
  row->amountType = row->marginType = CELL_NULL;
}

static Status read_row(Members *m, const Batch *b, int i, CohortRow *row){
  const Column *c = b->column;
  Status rc = key_id(&m->orders, b, COHORT_ORDER, i, &row->order);
  if( rc==STATUS_OK ) rc = key_id(&m->matrix->segments, b, COHORT_SEGMENT, i, &row->segment);
  row->time = c[COHORT_TIME].cell[i].i;
  row->hasTime = c[COHORT_TIME].type[i]!=CELL_NULL;
  row->origin = c[COHORT_ORIGIN].cell[i].i;
  row->hasOrigin = c[COHORT_ORIGIN].type[i]!=CELL_NULL;
  row->amount = c[COHORT_AMOUNT].cell[i];
  row->amountType = c[COHORT_AMOUNT].type[i];
  row->cost = c[COHORT_COST].cell[i];
  row->costType = c[COHORT_COST].type[i];
  row->margin = c[COHORT_MARGIN].cell[i];
  row->marginType = c[COHORT_MARGIN].type[i];
  row->isOrder = !is_refund(&c[COHORT_AMOUNT], i) && !is_cost_alone(m->rule, row);
  read_event(m->rule, b, i, row);
  return rc;
}

/* 0 for a row that says nothing: after as_of, without its order, or without a time.  Where
** origins make members, it still has a segment, and maybe an origin and a cost. */
static int row_counts(const CohortRule *rule, CohortRow *row){
  int out = row->hasTime && ((rule->asOfGiven && row->time > rule->asOf)
                             || (rule_has(rule, COHORT_ORDER) && row->order==0 && !is_cost_alone(rule, row)));
  if( rule->asOfGiven && row->hasOrigin && row->origin > rule->asOf ) row->hasOrigin = 0;
  if( row->hasTime && !out ) return 1;
  row->hasTime = row->isOrder = row->isStart = 0;
  row->amountType = row->marginType = CELL_NULL;    /* money of no time is not counted ... */
  if( out ) row->costType = CELL_NULL;              /* ... a cost without one is, at the start */
  return rule_has(rule, COHORT_ORIGIN);
}

/* ---- one customer, who may have all the rows ---- */

#define ROWS_PER_QUESTION 8192         /* a question costs as much as some hundred rows */
#define ROLLING_WEIGHS 4               /* periods of one's own are calendar arithmetic */
#define READING_WEIGHS 2               /* rows of the log lie anywhere */

/* 1 when the user wants to stop: asked after so many rows, be they one customer's or many's. */
static inline int members_asked(Members *m, size_t rows, const Stop *stop){
  return stop_asked_after(stop, &m->asked, rows, ROWS_PER_QUESTION);
}

static Status find_start(Members *m, Instant *start, int *known, const Stop *stop){
  int byOrigin = rule_has(m->rule, COHORT_ORIGIN);
  size_t i;
  for(i=0; i<m->rows; i++){
    const CohortRow *r = &m->row[i];
    Instant t = byOrigin ? r->origin : r->time;
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( byOrigin ? !r->hasOrigin : !(r->hasTime && r->isStart) ) continue;
    if( !*known || t < *start ) *start = t;
    *known = 1;
  }
  return STATUS_OK;
}

static int segment_less(const Members *m, uint32_t a, uint32_t b){
  Key x, y;
  if( a==0 || b==0 ) return a==0 && b!=0;
  keymap_key(&m->matrix->segments, a - 1, &x);
  keymap_key(&m->matrix->segments, b - 1, &y);
  return key_compare(&x, &y) < 0;
}

static Status find_segment(const Members *m, Instant start, uint32_t *best, const Stop *stop){
  Instant when = INT64_MAX;
  size_t i;
  int any = 0;
  for(i=0; i<m->rows; i++){
    const CohortRow *r = &m->row[i];
    Instant t = r->hasTime && (r->isOrder || r->isStart) && r->time >= start ? r->time : INT64_MAX;
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( !any || t < when || (t==when && segment_less(m, r->segment, *best)) ){
      *best = r->segment;
      when = t;
    }
    any = 1;
  }
  return STATUS_OK;
}

/* Period of t in the member's own count; t >= start.  Periods do not advance beyond the end
** of time, so that nothing may be sought there. */
static int64_t rolling_period(const CohortRule *rule, Instant start, Instant t){
  Duration d = rule->length;
  Instant end;
  int64_t k;
  if( d.months==0 ) return (t - start) / d.micros;
  end = instant_after(start, d, INT32_MAX, rule->zone);
  if( t >= end ) t = end - 1;
  k = (t - start) / (31 * MICROS_PER_DAY * d.months);         /* never too far */
  while( instant_after(start, d, k + 1, rule->zone) <= t ) k++;
  return k;
}

/* The place of t in the matrix; -1: none. */
static int64_t place_of(Members *m, Instant start, int64_t ordinal, Instant t){
  int64_t k = m->rule->rolling ? rolling_period(m->rule, start, t) : period_cache_ordinal(&m->cache, t) - ordinal;
  return k < 0 ? -1 : place_of_period(m->rule, k);
}

/* Rolling: whole periods seen until as_of, and how many have begun. */
static Status count_observed(const CohortRule *rule, Cohort *c, Instant start){
  int64_t whole = rule->asOf >= start - 1 ? rolling_period(rule, start, rule->asOf + 1) : 0;
  int64_t begun = rule->asOf >= start ? rolling_period(rule, start, rule->asOf) + 1 : 1;
  begun = places_begun(rule, begun);
  if( begun > c->begun ) c->begun = begun;
  return cohort_observed(c, places_whole(rule, whole));
}

typedef struct Progress {      /* of the customer being counted */
  Cohort *cohort;
  Instant start;
  int64_t whole;               /* rolling: whole places seen */
  int64_t last;                /* last active period, -1: none */
  int64_t first, second;       /* periods of the first two orders, -1: none */
} Progress;

static void count_order(Progress *p, int64_t k){
  if( p->first < 0 || k < p->first ){ p->second = p->first; p->first = k; }
  else if( p->second < 0 || k < p->second ) p->second = k;
}

static void count_activity(const Members *m, Progress *p, CohortCell *cell, int64_t k){
  if( cell->stamp!=m->stamp ) cell->visits = 0;
  cell->stamp = m->stamp;
  if( ++cell->visits!=m->rule->least ) return;
  if( k > p->last ) p->last = k;
  if( m->rule->onOrAfter ) return;
  cell->customers++;
  cell->eligibleCustomers += m->rule->rolling && k < p->whole;
}

static void money_add_value(Money *to, Cell v, int type, int *isReal){
  if( type==CELL_INTEGER ) money_add_integer(to, v.i);
  if( type==CELL_REAL ){ money_add_real(to, v.r); *isReal = 1; }
}

static Status count_row(Members *m, Progress *p, const CohortRow *r, Failure *f){
  Instant t = r->hasTime ? r->time : p->start;
  CohortCell *cell;
  int64_t k;
  Status rc;
  if( t < p->start && (m->rule->rolling || rule_has(m->rule, COHORT_ORIGIN)) ) return STATUS_OK;
  k = place_of(m, p->start, p->cohort->ordinal, t);
  if( k < 0 ) return STATUS_OK;
  rc = matrix_cell(m->matrix, p->cohort, k, &cell, f);
  if( rc!=STATUS_OK ) return rc;
  money_add_value(&cell->revenue, r->amount, r->amountType, &m->matrix->revenueIsReal);
  money_add_value(&cell->cost, r->cost, r->costType, &m->matrix->costIsReal);
  money_add_value(&cell->margin, r->margin, r->marginType, &m->matrix->marginIsReal);
  if( !r->hasTime || !r->isOrder ) return STATUS_OK;
  if( m->rule->least==1 || !rule_has(m->rule, COHORT_ORDER) ) count_activity(m, p, cell, k);
  if( !rule_has(m->rule, COHORT_ORDER) ){
    cell->orders++;
    count_order(p, k);
  }
  return STATUS_OK;
}

/* Row numbers by (order, time). */
static int compare_visits(const void *a, const void *b, const void *members){
  const Members *m = members;
  const CohortRow *x = &m->row[*(const uint32_t*)a], *y = &m->row[*(const uint32_t*)b];
  if( x->order!=y->order ) return x->order < y->order ? -1 : 1;
  return (x->time > y->time) - (x->time < y->time);
}

/* Orders of several rows: each counts once, at its earliest row. */
static Status count_distinct_orders(Members *m, Progress *p, Failure *f, const Stop *stop){
  size_t i, n = 0;
  Status rc = memory_grow((void**)&m->visit, &m->visitCapacity, m->rows, sizeof(uint32_t));
  if( rc!=STATUS_OK ) return rc;
  for(i=0; i<m->rows; i++){
    const CohortRow *r = &m->row[i];
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( r->hasTime && r->isOrder && r->time >= p->start ) m->visit[n++] = (uint32_t)i;
  }
  rc = sort_records(m->visit, n, sizeof *m->visit, compare_visits, m, stop);
  for(i=0; rc==STATUS_OK && i<n; i++){
    const CohortRow *r = &m->row[m->visit[i]];
    CohortCell *cell;
    int64_t k;
    if( members_asked(m, 1, stop) ) return STATUS_INTERRUPTED;
    if( i && m->row[m->visit[i-1]].order==r->order ) continue;
    k = place_of(m, p->start, p->cohort->ordinal, r->time);
    if( k < 0 ) continue;
    rc = matrix_cell(m->matrix, p->cohort, k, &cell, f);
    if( rc!=STATUS_OK ) return rc;
    cell->orders++;
    if( m->rule->least > 1 ) count_activity(m, p, cell, k);
    count_order(p, k);
  }
  return rc;
}

static Status count_end(Members *m, Progress *p, Failure *f){
  CohortCell *cell;
  Status rc = STATUS_OK;
  if( p->second >= 0 ){
    rc = matrix_cell(m->matrix, p->cohort, p->second, &cell, f);
    if( rc==STATUS_OK ) cell->repeaters++;
  }
  if( rc!=STATUS_OK || !m->rule->onOrAfter || p->last < 0 ) return rc;
  rc = matrix_cell(m->matrix, p->cohort, p->last, &cell, f);
  if( rc!=STATUS_OK ) return rc;
  cell->customers++;
  if( !m->rule->rolling || p->whole==0 ) return STATUS_OK;
  p->cohort->cell[p->last < p->whole ? p->last : p->whole - 1].eligibleCustomers++;
  return STATUS_OK;
}

/* Counts the customer as a member of the cohort that begins at `start`. */
static Status count_from(Members *m, Instant start, Failure *f, const Stop *stop){
  const CohortRule *rule = m->rule;
  Progress p = { 0, start, 0, -1, -1, -1 };
  size_t i, weight = rule->rolling ? ROLLING_WEIGHS : 1;
  uint32_t segment = 0;
  Status rc = rule_has(rule, COHORT_SEGMENT) ? find_segment(m, start, &segment, stop) : STATUS_OK;
  if( rc!=STATUS_OK ) return rc;
  p.cohort = matrix_cohort(m->matrix, segment, grain_ordinal(rule->grain, start, rule->zone));
  if( p.cohort==0 ) return STATUS_NOMEM;
  p.cohort->size++;
  m->stamp++;
  if( rule->rolling ){
    p.whole = rule->asOf >= start - 1 ? places_whole(rule, rolling_period(rule, start, rule->asOf + 1)) : 0;
    rc = count_observed(rule, p.cohort, start);
  }
  for(i=0; rc==STATUS_OK && i<m->rows; i++){
    rc = members_asked(m, weight, stop) ? STATUS_INTERRUPTED : count_row(m, &p, &m->row[i], f);
  }
  if( rc==STATUS_OK && rule_has(rule, COHORT_ORDER) ) rc = count_distinct_orders(m, &p, f, stop);
  return rc==STATUS_OK ? count_end(m, &p, f) : rc;
}

typedef struct CohortStart { int64_t ordinal; Instant time; } CohortStart;

static int compare_starts(const void *a, const void *b, const void *context){
  const CohortStart *x = a, *y = b;
  (void)context;
  if( x->ordinal!=y->ordinal ) return x->ordinal < y->ordinal ? -1 : 1;
  return (x->time > y->time) - (x->time < y->time);
}

/* Of each period with an order the first one. */
static Status count_recurring(Members *m, Failure *f, const Stop *stop){
  size_t i, n = 0;
  Status rc = memory_grow((void**)&m->start, &m->startCapacity, m->rows, sizeof *m->start);
  if( rc!=STATUS_OK ) return rc;
  for(i=0; i<m->rows; i++){
    const CohortRow *r = &m->row[i];
    if( members_asked(m, 1, stop) ) return STATUS_INTERRUPTED;
    if( !r->hasTime || !r->isStart ) continue;
    m->start[n].ordinal = period_cache_ordinal(&m->cache, r->time);
    m->start[n++].time = r->time;
  }
  rc = sort_records(m->start, n, sizeof *m->start, compare_starts, 0, stop);
  for(i=0; rc==STATUS_OK && i<n; i++){
    if( i && m->start[i].ordinal==m->start[i-1].ordinal ) continue;
    if( members_asked(m, 1, stop) ) return STATUS_INTERRUPTED;
    rc = count_from(m, m->start[i].time, f, stop);
  }
  return rc;
}

/* Counts the customer whose rows stand in m->row. */
static Status count_customer(Members *m, Failure *f, const Stop *stop){
  Instant start = 0;
  int known = 0;
  Status rc;
  if( m->rule->recurring ) return count_recurring(m, f, stop);
  rc = find_start(m, &start, &known, stop);
  return rc==STATUS_OK && known ? count_from(m, start, f, stop) : rc;
}

static Status push_row(Members *m, const CohortRow *row){
  Status rc = memory_grow((void**)&m->row, &m->rowCapacity, m->rows + 1, sizeof(CohortRow));
  if( rc==STATUS_OK ) m->row[m->rows++] = *row;
  return rc;
}

/* ---- rows that come grouped by customer ---- */

#define ORDERS_KEPT 1024       /* order keys kept from one customer to the next */

static Status count_at_hand(Members *m, Failure *f, const Stop *stop){
  if( !m->at.any ) return STATUS_OK;
  return m->isPlain ? plain_count(m, f) : count_customer(m, f, stop);
}

/* The customer at hand has no more rows. */
static Status end_customer(Members *m, Failure *f){
  Status rc = count_at_hand(m, f, m->stop);
  m->rows = m->plain.rows = 0;
  m->plain.latest = INT64_MIN;
  m->plain.isSorted = 1;
  if( m->orders.count > ORDERS_KEPT ){
    keymap_destroy(&m->orders);
    keymap_init(&m->orders, 0);
  }
  return rc;
}

Status members_next(Members *m, Batch *b, int i, Failure *f){
  int any = m->at.any, isNew;
  Status rc = by_customer_turn(&m->at, b, &b->column[COHORT_CUSTOMER], i, &isNew);
  if( rc!=STATUS_OK || !isNew ) return rc;
  if( any ) return end_customer(m, f);
  m->plain.latest = INT64_MIN;
  m->plain.isSorted = 1;
  return STATUS_OK;
}

Status members_stream(Members *m, Batch *b, Failure *f){
  Status rc = STATUS_OK;
  int i;
  m->stop = b->stop;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    CohortRow row;
    rc = members_next(m, b, i, f);
    if( rc==STATUS_OK ) rc = read_row(m, b, i, &row);
    if( rc==STATUS_OK && row_counts(m->rule, &row) ) rc = push_row(m, &row);
  }
  return rc;
}

/* ---- rows in any order: a log of only the columns that there are ---- */

typedef struct CohortLog {
  size_t stride, amount, cost, margin, origin, keys;        /* offsets; 0: not kept */
  Pages rows;
} CohortLog;

typedef struct LogHead { Instant time; uint32_t member; uint8_t bits, amountType, costType, marginType; } LogHead;
enum { LOG_TIME = 1, LOG_ORIGIN = 2, LOG_ORDER = 4, LOG_START = 8 };

#define LOG_PAGE_BITS 15

static CohortLog *log_new(const CohortRule *rule){
  CohortLog *log = memory_zeroed(sizeof *log);
  if( log==0 ) return 0;
  log->stride = sizeof(LogHead);
  if( rule_has(rule, COHORT_AMOUNT) ){ log->amount = log->stride; log->stride += 8; }
  if( rule_has(rule, COHORT_MARGIN) ){ log->margin = log->stride; log->stride += 8; }
  if( rule_has(rule, COHORT_COST) ){ log->cost = log->stride; log->stride += 8; }
  if( rule_has(rule, COHORT_ORIGIN) ){ log->origin = log->stride; log->stride += 8; }
  if( rule_has(rule, COHORT_ORDER) || rule_has(rule, COHORT_SEGMENT) ){
    log->keys = log->stride;
    log->stride += 8;
  }
  return log;
}

static void log_destroy(CohortLog *log){
  if( log==0 ) return;
  pages_destroy(&log->rows);
  memory_free(log);
}

static inline char *log_at(const CohortLog *log, uint32_t i){
  return pages_at(&log->rows, i, log->stride, LOG_PAGE_BITS);
}

static Status log_put(CohortLog *log, uint32_t member, const CohortRow *row){
  LogHead head;
  void *place;
  char *to;
  Status rc = pages_add(&log->rows, log->stride, LOG_PAGE_BITS, &place);
  if( rc!=STATUS_OK ) return rc;
  to = place;
  memset(&head, 0, sizeof head);
  head.time = row->time;
  head.member = member;
  head.bits = (uint8_t)((row->hasTime ? LOG_TIME : 0) | (row->hasOrigin ? LOG_ORIGIN : 0) | (row->isOrder ? LOG_ORDER : 0)
                        | (row->isStart ? LOG_START : 0));
  head.amountType = row->amountType;
  head.costType = row->costType;
  head.marginType = row->marginType;
  memcpy(to, &head, sizeof head);
  if( log->amount ) memcpy(to + log->amount, &row->amount, 8);
  if( log->margin ) memcpy(to + log->margin, &row->margin, 8);
  if( log->cost ) memcpy(to + log->cost, &row->cost, 8);
  if( log->origin ) memcpy(to + log->origin, &row->origin, 8);
  if( log->keys ){
    memcpy(to + log->keys, &row->order, 4);
    memcpy(to + log->keys + 4, &row->segment, 4);
  }
  return STATUS_OK;
}

static void log_get(const CohortLog *log, uint32_t i, CohortRow *row){
  const char *from = log_at(log, i);
  LogHead head;
  memset(row, 0, sizeof *row);
  memcpy(&head, from, sizeof head);
  row->time = head.time;
  row->hasTime = (head.bits & LOG_TIME)!=0;
  row->hasOrigin = (head.bits & LOG_ORIGIN)!=0;
  row->isOrder = (head.bits & LOG_ORDER)!=0;
  row->isStart = (head.bits & LOG_START)!=0;
  row->amountType = head.amountType;
  row->costType = head.costType;
  row->marginType = head.marginType;
  if( log->amount ) memcpy(&row->amount, from + log->amount, 8);
  if( log->margin ) memcpy(&row->margin, from + log->margin, 8);
  if( log->cost ) memcpy(&row->cost, from + log->cost, 8);
  if( log->origin ) memcpy(&row->origin, from + log->origin, 8);
  if( log->keys ){
    memcpy(&row->order, from + log->keys, 4);
    memcpy(&row->segment, from + log->keys + 4, 4);
  }
}

static Status log_ready(Members *m){
  if( m->log==0 ) m->log = log_new(m->rule);
  return m->log ? STATUS_OK : STATUS_NOMEM;
}

Status members_keep(Members *m, Batch *b, Failure *f){
  void *payload[BATCH_ROWS];
  uint32_t ids[BATCH_ROWS];
  Status rc = log_ready(m);
  int i;
  (void)f;
  if( rc==STATUS_OK ) rc = keymap_batch(&m->customers, b, &b->column[0], ALL_ROWS, b->rows, payload, ids);
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    CohortRow row;
    rc = read_row(m, b, i, &row);
    if( rc==STATUS_OK && row_counts(m->rule, &row) ) rc = log_put(m->log, ids[i], &row);
  }
  return rc;
}

Status members_keep_row(Members *m, const Key *customer, const CohortRow *row){
  uint32_t id;
  Status rc = log_ready(m);
  if( rc==STATUS_OK ) rc = keymap_insert(&m->customers, customer, 0, &id);
  return rc==STATUS_OK ? log_put(m->log, id, row) : rc;
}

static uint32_t log_member(const void *log, uint32_t i){ return ((const LogHead*)(const void*)log_at(log, i))->member; }

static Status count_log(Members *m, Failure *f, const Stop *stop){
  ByGroup group = {0};
  uint32_t rows = m->log->rows.count, id, i;
  Status rc = by_customer_group(&group, m->log, rows, m->customers.count, log_member, stop);
  for(id=0; rc==STATUS_OK && id<m->customers.count; id++){
    m->rows = 0;
    rc = memory_grow((void**)&m->row, &m->rowCapacity, group.start[id+1] - group.start[id], sizeof(CohortRow));
    for(i=group.start[id]; rc==STATUS_OK && i<group.start[id+1]; i++){
      CohortRow row;
      if( members_asked(m, READING_WEIGHS, stop) ) rc = STATUS_INTERRUPTED;
      if( i + 16 < rows ) PREFETCH(log_at(m->log, group.place[i + 16]));
      log_get(m->log, group.place[i], &row);
      if( rc==STATUS_OK ) rc = push_row(m, &row);
    }
    if( rc==STATUS_OK ) rc = count_customer(m, f, stop);
  }
  by_group_destroy(&group);
  return rc;
}

Status members_finish(Members *m, Failure *f, const Stop *stop){
  if( m->at.any ) return count_at_hand(m, f, stop);
  return m->log ? count_log(m, f, stop) : STATUS_OK;
}

void members_init(Members *m, const CohortRule *rule, CohortMatrix *matrix){
  m->rule = rule;
  m->matrix = matrix;
  m->plain.last = INT64_MIN;
  keymap_init(&m->orders, 0);
  keymap_init(&m->customers, 0);
}

void members_destroy(Members *m){
  keymap_destroy(&m->orders);
  keymap_destroy(&m->customers);
  memory_free(m->row);
  memory_free(m->plain.row);
  memory_free(m->visit);
  memory_free(m->start);
  by_customer_destroy(&m->at);
  log_destroy(m->log);
  square_destroy(m->square);
}
