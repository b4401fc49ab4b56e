/*
** period_summary: see period_summary.h.
**
** What a customer did in a group (a segment's period) is a cell.  Rows in any order keep all cells
** in a map until the end; rows that come grouped by customer keep those of the customer at hand, in
** the groups themselves, and need no memory for the others.
*/
#include "metric/customer/spans.h"

enum { SPAN_CUSTOMER, SPAN_TIME, SPAN_AMOUNT, SPAN_ORDER, SPAN_SEGMENT };
enum { SPAN_GRAIN, SPAN_AS_OF };

#define SPAN_ROWS_MAX (INT64_C(1) << 24)
#define SPAN_GROUPS_MAX (UINT32_C(1) << 28)

static Status span_init(void *acc, const TableRequest *request, Failure *f){
  Spans *s = acc;
  (void)f;
  s->hasAmount = request->givenColumns >> SPAN_AMOUNT & 1;
  s->hasOrder = request->givenColumns >> SPAN_ORDER & 1;
  s->hasSegment = request->givenColumns >> SPAN_SEGMENT & 1;
  s->ordered = request->ordered;
  s->asOfGiven = request->givenParameters >> SPAN_AS_OF & 1;
  s->asOf = s->asOfGiven ? request->parameter[SPAN_AS_OF].instant : INT64_MAX;
  period_cache_init(&s->cache, request->parameter[SPAN_GRAIN].grain, request->zone);
  keymap_init(&s->customers, sizeof(int64_t));
  keymap_init(&s->segments, 0);
  keymap_init(&s->groupIds, sizeof(uint32_t));
  keymap_init(&s->cells, sizeof(SpanCell));
  keymap_init(&s->orders, 0);
  keymap_init(&s->pairs, sizeof(uint32_t));
  return STATUS_OK;
}

static void span_destroy(void *acc){
  Spans *s = acc;
  keymap_destroy(&s->customers);
  keymap_destroy(&s->segments);
  keymap_destroy(&s->groupIds);
  keymap_destroy(&s->cells);
  keymap_destroy(&s->orders);
  keymap_destroy(&s->pairs);
  memory_free(s->group);
  memory_free(s->segment);
  memory_free(s->touched);
  history_periods_destroy(&s->periods);
  by_customer_destroy(&s->at);
}

/* ---- rows ---- */

static Status span_segment(Spans *s, const Batch *b, int row, uint32_t *segment){
  const Column *c = &b->column[SPAN_SEGMENT];
  Key key;
  Status rc;
  *segment = 0;
  if( !s->hasSegment || c->type[row]==CELL_NULL ) return STATUS_OK;
  key = key_of_cell(b, c, row);
  rc = keymap_insert(&s->segments, &key, 0, segment);
  if( rc==STATUS_OK ) ++*segment;
  return rc;
}


static Status span_group(Spans *s, uint32_t segment, int64_t ordinal){
  Key key = { CELL_INTEGER, 0, 0, 0 };
  uint32_t *place, *near;
  void *found;
  Status rc;
  if( s->groups && s->group[s->lastGroup].segment==segment && s->group[s->lastGroup].ordinal==ordinal ) return STATUS_OK;
  near = &s->near[((uint64_t)ordinal + segment*UINT64_C(37)) % SPAN_PLACES];
  if( *near && s->group[*near-1].segment==segment && s->group[*near-1].ordinal==ordinal ){
    s->lastGroup = *near - 1;
    return STATUS_OK;
  }
  key.integer = (int64_t)((uint64_t)segment << 31) + ordinal + SPAN_ORDINAL_BIAS;
  rc = keymap_insert(&s->groupIds, &key, &found, 0);
  if( rc!=STATUS_OK ) return rc;
  place = found;
  if( *place==0 ){
    if( s->groups >= SPAN_GROUPS_MAX - 1 ) return STATUS_OVERFLOW;
    rc = memory_grow((void**)&s->group, &s->groupCapacity, s->groups + 1, sizeof *s->group);
    if( rc!=STATUS_OK ) return rc;
    memset(&s->group[s->groups], 0, sizeof *s->group);
    s->group[s->groups].segment = segment;
    s->group[s->groups].ordinal = ordinal;
    *place = (uint32_t)++s->groups;
  }
  *near = *place;
  s->lastGroup = *place - 1;
  return STATUS_OK;
}

/* Whether the row is an order that this cell, the `turn`th with its number, has not had. */
static Status span_is_order(Spans *s, const Batch *b, int row, uint32_t cell, uint32_t turn, int *isOrder){
  const Column *c = &b->column[SPAN_ORDER];
  Key key;
  uint32_t id;
  void *seen;
  Status rc;
  *isOrder = !is_refund(&b->column[SPAN_AMOUNT], row);
  if( !s->hasOrder || !*isOrder ) return STATUS_OK;
  *isOrder = c->type[row]!=CELL_NULL;
  if( !*isOrder ) return STATUS_OK;
  key = key_of_cell(b, c, row);
  s->orders.stop = s->pairs.stop = b->stop;
  rc = keymap_insert(&s->orders, &key, 0, &id);
  if( rc!=STATUS_OK ) return rc;
  key.type = CELL_INTEGER;
  key.integer = (int64_t)((uint64_t)id << 32 | cell);
  rc = keymap_insert(&s->pairs, &key, &seen, 0);
  if( rc!=STATUS_OK ) return rc;
  *isOrder = *(uint32_t*)seen!=turn;
  *(uint32_t*)seen = turn;
  return STATUS_OK;
}

static void span_money(Spans *s, SpanGroup *g, SpanCell *cell, const Column *amount, int row){
  if( amount->type[row]==CELL_NULL ) return;
  money_add_cell(&g->gmv, amount, row, 1);
  money_add_cell(&cell->net, amount, row, 1);
  if( is_refund(amount, row) ) money_add_cell(&g->refunds, amount, row, -1);
  s->isReal |= amount->type[row]==CELL_REAL;
}

static Status span_row(Spans *s, const Batch *b, int row, SpanGroup *g, int64_t *first, SpanCell *cell, uint32_t id, uint32_t turn){
  int isOrder;
  Status rc = span_is_order(s, b, row, id, turn, &isOrder);
  if( rc!=STATUS_OK ) return rc;
  span_money(s, g, cell, &b->column[SPAN_AMOUNT], row);
  if( !isOrder ) return STATUS_OK;
  g->orders++;
  if( *first==0 || g->ordinal - SPAN_NO_ORDER < *first ) *first = g->ordinal - SPAN_NO_ORDER;
  return count_change(&cell->orders, 1);
}

/* ---- rows that come grouped by customer ---- */

/* What a cell says of its group, once the customer's first period is known. */
static inline void span_count_cell(SpanGroup *g, const SpanCell *cell, int64_t first){
  g->effective += money_real(cell->net) > 0;
  g->customers += cell->orders > 0;
  if( first!=g->ordinal ) return;
  g->newCustomers += cell->orders > 0;
  money_add(&g->newRevenue, cell->net);
}

#define SPAN_ORDERS_KEPT 1024          /* order keys kept from one customer to the next */

static void span_end_customer(Spans *s){
  size_t i;
  for(i=0; i<s->touchedCount; i++){
    SpanGroup *g = &s->group[s->touched[i]];
    span_count_cell(g, &g->cell, s->first + SPAN_NO_ORDER);
  }
  s->touchedCount = 0;
  s->first = 0;
  if( s->pairs.count <= SPAN_ORDERS_KEPT ) return;
  keymap_destroy(&s->orders);
  keymap_destroy(&s->pairs);
  keymap_init(&s->orders, 0);
  keymap_init(&s->pairs, sizeof(uint32_t));
}

/* Ends one customer and begins the next, where the key is another one. */
static Status span_turn(Spans *s, const Batch *b, int row){
  int isNew;
  Status rc = by_customer_turn(&s->at, b, &b->column[SPAN_CUSTOMER], row, &isNew);
  if( rc!=STATUS_OK || !isNew ) return rc;
  span_end_customer(s);
  return ++s->turn==0 ? STATUS_OVERFLOW : STATUS_OK;
}

static Status span_touch(Spans *s, SpanGroup *g){
  Status rc = STATUS_OK;
  if( s->touchedCount==s->touchedCapacity ){
    rc = memory_grow((void**)&s->touched, &s->touchedCapacity, s->touchedCount + 1, sizeof *s->touched);
  }
  if( rc!=STATUS_OK ) return rc;
  g->turn = s->turn;
  memset(&g->cell, 0, sizeof g->cell);
  s->touched[s->touchedCount++] = s->lastGroup;
  return STATUS_OK;
}

static Status span_stream(Spans *s, const Batch *b, const uint8_t *rows, int n){
  const Column *customer = &b->column[SPAN_CUSTOMER], *time = &b->column[SPAN_TIME];
  uint32_t segment;
  Status rc = STATUS_OK;
  int i;
  for(i=0; rc==STATUS_OK && i<n; i++){
    int row = rows[i];
    SpanGroup *g;
    if( !by_customer_same(&s->at, customer, row) ) rc = span_turn(s, b, row);
    if( rc==STATUS_OK ) rc = span_segment(s, b, row, &segment);
    if( rc==STATUS_OK ) rc = span_group(s, segment, period_cache_ordinal(&s->cache, time->cell[row].i));
    if( rc!=STATUS_OK ) return rc;
    g = &s->group[s->lastGroup];
    if( g->turn!=s->turn ) rc = span_touch(s, g);
    if( rc==STATUS_OK ) rc = span_row(s, b, row, g, &s->first, &g->cell, s->lastGroup, s->turn);
  }
  return rc;
}

/* ---- whole histories ---- */

/* counts: customers, effective ones and orders side by side, as a chunk has no more rows than a field holds. */
typedef struct SpanTotals { uint64_t counts; int64_t gmv, refunds, newRevenue, newCustomers; } SpanTotals;

#define SPAN_FIELD 21
#define SPAN_CUSTOMERS (UINT64_C(1) << 2*SPAN_FIELD)
#define SPAN_EFFECTIVE (UINT64_C(1) << SPAN_FIELD)
#define SPAN_ORDERS UINT64_C(1)
#define SPAN_FIELD_OF(counts, one) ((int64_t)((counts)/(one) & ((UINT64_C(1) << SPAN_FIELD) - 1)))

/* Rows of one customer in order of time, at least one; their periods, of which it returns a bit each.  No branch depends on where a period ends:
** what a period's rows have come to so far is taken back as the next one is added. */
static inline uint64_t span_history(SpanTotals totals[HISTORY_PERIODS], const uint8_t *period, const Cell *amount, size_t n){
  int64_t net = 0, newRevenue = 0;
  uint64_t periods = 0;
  unsigned at = HISTORY_PERIODS, hasOrder = 0;
  size_t first = 0, i;
  if( amount ) while( first < n && amount[first].i < 0 ) first++;
  for(i=0; i<n; i++){
    int64_t v = amount ? amount[i].i : 0;
    SpanTotals *t = &totals[period[i]];
    uint64_t isOrder = v >= 0, isSame = period[i]==at, wasEffective;
    at = period[i];
    periods |= UINT64_C(1) << at;
    net &= -(int64_t)isSame;
    hasOrder &= (unsigned)isSame;
    wasEffective = net > 0;
    net += v;
    t->counts += (isOrder & ~(uint64_t)hasOrder)*SPAN_CUSTOMERS + isOrder*SPAN_ORDERS;
    t->counts += ((uint64_t)(net > 0) - wasEffective)*SPAN_EFFECTIVE;
    hasOrder |= (unsigned)isOrder;
    t->gmv += v;
    if( v < 0 ) t->refunds -= v;
    newRevenue += first < n && period[i]==period[first] ? v : 0;
  }
  if( first < n ){
    totals[period[first]].newCustomers++;
    totals[period[first]].newRevenue += newRevenue;
  }
  return periods;
}

static Status span_add_totals(Spans *s, int64_t ordinal, const SpanTotals *t){
  SpanGroup *g;
  Status rc = span_group(s, 0, ordinal);
  if( rc!=STATUS_OK ) return rc;
  g = &s->group[s->lastGroup];
  g->customers += SPAN_FIELD_OF(t->counts, SPAN_CUSTOMERS);
  g->effective += SPAN_FIELD_OF(t->counts, SPAN_EFFECTIVE);
  g->orders += SPAN_FIELD_OF(t->counts, SPAN_ORDERS);
  g->newCustomers += t->newCustomers;
  money_add_integer(&g->gmv, t->gmv);
  money_add_integer(&g->refunds, t->refunds);
  money_add_integer(&g->newRevenue, t->newRevenue);
  return STATUS_OK;
}

static Status span_histories(void *acc, Histories *h, Failure *f){
  Spans *s = acc;
  SpanTotals totals[HISTORY_PERIODS];
  uint64_t used = 0;                                   /* refunds alone make a group, too */
  size_t base = h->start[h->from], i;
  const Cell *amount = h->amount ? h->amount + base : 0;
  Status rc;
  int k;
  (void)f;
  if( !s->ordered || s->hasOrder || s->hasSegment || h->isReal || h->last > s->asOf ) return STATUS_UNLIKE;
  rc = history_periods(&s->periods, h, &s->cache, PERIODS_OF);
  if( rc!=STATUS_OK ) return rc;
  if( !s->seen.any || h->last > s->seen.last ) s->seen.last = h->last;
  s->seen.any = 1;
  memset(totals, 0, sizeof totals);
  for(k=h->from; k<h->to; k++){
    i = h->start[k] - base;
    used |= span_history(totals, s->periods.of + i, amount ? amount + i : 0, h->start[k+1] - h->start[k]);
  }
  for(k=0; rc==STATUS_OK && k<HISTORY_PERIODS; k++) if( used >> k & 1 ) rc = span_add_totals(s, s->periods.base + k, &totals[k]);
  return rc;
}

static Status span_absorb(void *acc, Batch *b, Failure *f){
  Spans *s = acc;
  const Column *time = &b->column[SPAN_TIME];
  uint8_t rows[BATCH_ROWS];
  void *first[BATCH_ROWS], *cell[BATCH_ROWS];
  uint32_t customer[BATCH_ROWS], id[BATCH_ROWS], segment;
  int i, n = customers_rows(b, time, s->asOf, rows);
  Status rc;
  (void)f;
  last_seen(&s->seen, time, rows, n);
  if( s->ordered ) return span_stream(s, b, rows, n);
  rc = keymap_batch(&s->customers, b, &b->column[SPAN_CUSTOMER], rows, n, first, customer);
  for(i=0; rc==STATUS_OK && i<n; i++){
    int row = rows[i];
    rc = span_segment(s, b, row, &segment);
    if( rc==STATUS_OK ) rc = span_group(s, segment, period_cache_ordinal(&s->cache, time->cell[row].i));
    if( rc!=STATUS_OK ) return rc;
    s->place.type[row] = CELL_INTEGER;
    s->place.cell[row].i = (int64_t)customer[i] << 28 | s->lastGroup;
    s->place.size[row] = s->lastGroup;
  }
  if( rc==STATUS_OK ) rc = keymap_batch(&s->cells, b, &s->place, rows, n, cell, id);
  for(i=0; rc==STATUS_OK && i<n; i++) {
    rc = span_row(s, b, rows[i], &s->group[s->place.size[rows[i]]], first[i], cell[i], id[i], 1);
  }
  return rc;
}

/* ---- finishing ---- */

static Status span_count_cells(Spans *s, const Stop *stop){
  uint32_t i;
  for(i=0; i<s->cells.count; i++){
    const SpanCell *cell = keymap_payload(&s->cells, i);
    Key key;
    if( (i & 0x3fff)==0x3fff && stop_asked(stop) ) return STATUS_INTERRUPTED;
    keymap_key(&s->cells, i, &key);
    span_count_cell(&s->group[key.integer & ((INT64_C(1) << 28) - 1)], cell,
                    *(int64_t*)keymap_payload(&s->customers, (uint32_t)(key.integer >> 28)) + SPAN_NO_ORDER);
  }
  return STATUS_OK;
}

static int span_compare(const void *a, const void *b, const void *context){
  const SpanSegment *x = a, *y = b;
  (void)context;
  if( x->segment==0 || y->segment==0 ) return (x->segment!=0) - (y->segment!=0);
  return key_compare(&x->key, &y->key);
}

/* Segments in order of their values, each with its first period and first row. */
static Status span_order(Spans *s, int64_t *rows, Failure *f, const Stop *stop){
  size_t i, n = (size_t)s->segments.count + 1;
  Status rc;
  s->segment = memory_zeroed(n*sizeof *s->segment);
  if( s->segment==0 ) return STATUS_NOMEM;
  for(i=0; i<n; i++){
    s->segment[i].segment = (uint32_t)i;
    s->segment[i].first = s->end;
    if( i ) keymap_key(&s->segments, (uint32_t)i - 1, &s->segment[i].key);
  }
  for(i=0; i<s->groups; i++){
    SpanSegment *segment = &s->segment[s->group[i].segment];
    if( s->group[i].ordinal < segment->first ) segment->first = s->group[i].ordinal;
  }
  rc = sort_records(s->segment, n, sizeof *s->segment, span_compare, 0, stop);
  if( rc!=STATUS_OK ) return rc;
  s->segmentCount = n;
  for(*rows=0, i=0; i<n; i++){
    s->segment[i].row = *rows;
    *rows += s->end - s->segment[i].first;
    if( *rows <= SPAN_ROWS_MAX ) continue;
    failure_set(f, "the times of the source span more than %lld periods; use a coarser grain, or leave odd times out", (long long)SPAN_ROWS_MAX);
    return STATUS_INVALID;
  }
  return STATUS_OK;
}

static Status span_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  Spans *s = acc;
  Status rc;
  *rows = 0;
  if( s->groups==0 ) return STATUS_OK;
  if( !s->asOfGiven ) s->asOf = s->seen.last;
  s->end = grain_ordinal(s->cache.grain, s->asOf, s->cache.zone) + 1;
  span_end_customer(s);
  rc = span_count_cells(s, stop);
  keymap_destroy(&s->cells);
  keymap_destroy(&s->customers);
  keymap_destroy(&s->orders);
  keymap_destroy(&s->pairs);
  return rc==STATUS_OK ? span_order(s, rows, f, stop) : rc;
}

const TableMetric METRIC_PERIOD_SUMMARY = {
  .size = sizeof(Spans), .outputs = SPAN_OUTPUTS, .typicalRows = 100, .state = 1, .keys = KEYS_IN(Spans, customers), .streams = 1,
  .init = span_init, .absorb = span_absorb, .absorbHistory = span_histories, .finish = span_finish, .destroy = span_destroy
};
