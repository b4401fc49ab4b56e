/* path_flow: see path_flow.h. */
#include "base/number/quantile.h"
#include "metric/path/path_flow.h"
#include "metric/path/row_log.h"
#include "spine/by_customer.h"

/* Parameters, batch columns and output columns, in the order of the catalogue record. */
enum { FLOW_START, FLOW_END, FLOW_DEPTH, FLOW_GAP, FLOW_COLLAPSE, FLOW_AS_OF };
enum { FLOW_CUSTOMER, FLOW_TIME, FLOW_EVENT };
#define FLOW_GAPS 1u           /* needs: the seconds between two rows */

#define FLOW_DEPTH_MAX 100
#define FLOW_NOTHING 0                 /* in place of an event's number: the path ends */

/* Distinct customers, who come one after the other. */
typedef struct FlowHeads { int64_t customers; uint32_t latest; } FlowHeads;

/* Of one (step, from, to). */
typedef struct FlowLink {
  FlowHeads heads;
  uint32_t node;               /* id of its (step, from) */
  int64_t *gaps;               /* microseconds */
  size_t gapCount, gapCapacity;
} FlowLink;

typedef struct FlowName { char *text; int n; uint32_t event; } FlowName;   /* event: number, 0 until it is seen */

typedef struct FlowOrder { uint32_t link; int32_t step; int64_t customers; uint32_t from, to; } FlowOrder;

typedef struct PathFlow {
  KeyMap customers;            /* payload: number of the row kept last */
  KeyMap events;               /* event's number = id + 1; payload: its rank among the keys */
  KeyMap nodes;                /* (step, from) -> FlowHeads */
  KeyMap links;                /* (step, from, to) -> FlowLink */
  RowLog log;
  EventList list;
  ByCustomer at;                /* rows in order */
  FlowName start, end;
  Duration gap;
  Instant asOf;
  int32_t zone;
  int depth, hasGap, hasAsOf, collapse, ordered, wantsMedian;
  uint32_t customer;           /* number of the customer at hand, from 1 */
  FlowOrder *order;
  const Stop *stop;            /* finished: for the cells */
} PathFlow;

/* ---- parameters ---- */

static Status flow_name(FlowName *name, const Parameter *p, int given){
  if( !given ) return STATUS_OK;
  name->n = p->text.n;
  name->text = memory_alloc((size_t)p->text.n + 1);
  if( name->text==0 ) return STATUS_NOMEM;
  memcpy(name->text, p->text.z, (size_t)p->text.n);
  name->text[p->text.n] = 0;
  return STATUS_OK;
}

static Status flow_init(void *acc, const TableRequest *request, Failure *f){
  PathFlow *t = acc;
  const Parameter *p = request->parameter;
  uint32_t given = request->givenParameters;
  int64_t depth = p[FLOW_DEPTH].integer, collapse = p[FLOW_COLLAPSE].integer;
  Status rc;
  keymap_init(&t->customers, sizeof(uint32_t));
  keymap_init(&t->events, sizeof(uint32_t));
  keymap_init(&t->nodes, sizeof(FlowHeads));
  keymap_init(&t->links, sizeof(FlowLink));
  event_list_init(&t->list);
  if( depth < 1 || depth > FLOW_DEPTH_MAX ){
    failure_set(f, "depth %lld is not within 1 to %d; it is the number of steps shown", (long long)depth, FLOW_DEPTH_MAX);
    return STATUS_INVALID;
  }
  if( collapse!=0 && collapse!=1 ){
    failure_set(f, "collapse %lld is neither 0 nor 1", (long long)collapse);
    return STATUS_INVALID;
  }
  t->depth = (int)depth;
  t->collapse = (int)collapse;
  t->hasGap = given >> FLOW_GAP & 1;
  t->gap = p[FLOW_GAP].duration;
  t->hasAsOf = given >> FLOW_AS_OF & 1;
  t->asOf = p[FLOW_AS_OF].instant;
  t->zone = request->zone;
  t->ordered = request->ordered;
  t->wantsMedian = (request->needs & FLOW_GAPS)!=0;
  rc = flow_name(&t->start, &p[FLOW_START], given >> FLOW_START & 1);
  return rc==STATUS_OK ? flow_name(&t->end, &p[FLOW_END], given >> FLOW_END & 1) : rc;
}

static void flow_destroy(void *acc){
  PathFlow *t = acc;
  uint32_t i;
  for(i=0; i<t->links.count; i++) memory_free(((FlowLink*)keymap_payload(&t->links, i))->gaps);
  keymap_destroy(&t->customers);
  keymap_destroy(&t->events);
  keymap_destroy(&t->nodes);
  keymap_destroy(&t->links);
  row_log_destroy(&t->log);
  event_list_destroy(&t->list);
  by_customer_destroy(&t->at);
  memory_free(t->start.text);
  memory_free(t->end.text);
  memory_free(t->order);
}

/* ---- events ---- */

/* A parameter names an event by its text; an INTEGER event by its digits. */
static int flow_is_named(const FlowName *name, const Key *key){
  char digits[24];
  if( name->text==0 ) return 0;
  if( key->type==CELL_TEXT ){
    return key->size==(uint32_t)name->n && memcmp(key->bytes, name->text, key->size)==0;
  }
  if( key->type!=CELL_INTEGER ) return 0;
  sqlite3_snprintf(sizeof digits, digits, "%lld", (long long)key->integer);
  return strcmp(digits, name->text)==0;
}

static Status flow_event(PathFlow *t, const Batch *b, int row, uint32_t *number){
  Key key = key_of_cell(b, &b->column[FLOW_EVENT], row);
  uint32_t before = t->events.count, id;
  Status rc = keymap_insert(&t->events, &key, 0, &id);
  if( rc!=STATUS_OK ) return rc;
  *number = id + 1;
  if( id==before ){
    if( flow_is_named(&t->start, &key) ) t->start.event = id + 1;
    if( flow_is_named(&t->end, &key) ) t->end.event = id + 1;
  }
  return STATUS_OK;
}

typedef struct FlowRank { Key key; uint32_t event; } FlowRank;

static int flow_compare_keys(const void *a, const void *b, const void *context){
  (void)context;
  return key_compare(&((const FlowRank*)a)->key, &((const FlowRank*)b)->key);
}

/* n rows of one time in order of their events' keys. */
static Status flow_order_tie(const PathFlow *t, Event *rows, size_t n, const Stop *stop){
  FlowRank *all = memory_alloc(n*sizeof *all);
  size_t i;
  Status rc;
  if( all==0 ) return STATUS_NOMEM;
  for(i=0; i<n; i++){
    if( stop_asked_at(stop, i) ){ memory_free(all); return STATUS_INTERRUPTED; }
    all[i].event = rows[i].mask;
    keymap_key(&t->events, rows[i].mask - 1, &all[i].key);
  }
  rc = sort_records(all, n, sizeof *all, flow_compare_keys, 0, stop);
  for(i=0; rc==STATUS_OK && i<n; i++) rows[i].mask = all[i].event;
  memory_free(all);
  return rc;
}

/* So that no order of rows matters. */
static Status flow_order_ties(const PathFlow *t, Event *rows, size_t n, const Stop *stop){
  size_t from, to, asked = 0;
  Status rc = STATUS_OK;
  for(from=0; rc==STATUS_OK && from<n; from=to){
    int differ = 0;
    if( stop_asked_after(stop, &asked, 1, EVENTS_PER_QUESTION) ) return STATUS_INTERRUPTED;
    for(to=from+1; to<n && rows[to].time==rows[from].time; to++) differ |= rows[to].mask!=rows[from].mask;
    if( differ ) rc = flow_order_tie(t, rows + from, to - from, stop);
  }
  return rc;
}

/* ---- counting ---- */

static void flow_see(FlowHeads *h, uint32_t customer){
  h->customers += h->latest!=customer;
  h->latest = customer;
}

/* Step, from and to in one word: at most 100 steps, and event numbers below 2^28. */
static Key flow_key(int step, uint32_t from, uint32_t to){
  Key key = { CELL_INTEGER, (int64_t)step << 56 | (int64_t)from << 28 | to, 0, 0 };
  return key;
}

static Status flow_count(PathFlow *t, int step, uint32_t from, uint32_t to, int64_t micros){
  Key nodeKey = flow_key(step, from, 0), linkKey = flow_key(step, from, to);
  uint32_t node;
  void *heads, *found;
  FlowLink *link;
  Status rc = keymap_insert(&t->nodes, &nodeKey, &heads, &node);
  if( rc==STATUS_OK ) rc = keymap_insert(&t->links, &linkKey, &found, 0);
  if( rc!=STATUS_OK ) return rc;
  link = found;
  flow_see(heads, t->customer);
  flow_see(&link->heads, t->customer);
  link->node = node;
  if( to==FLOW_NOTHING || !t->wantsMedian ) return STATUS_OK;
  rc = memory_grow((void**)&link->gaps, &link->gapCapacity, link->gapCount + 1, sizeof *link->gaps);
  if( rc==STATUS_OK ) link->gaps[link->gapCount++] = micros;
  return rc;
}

/* One path: n rows, the first of them its beginning. */
static Status flow_path(PathFlow *t, const Event *rows, size_t n){
  size_t at = 0, next;
  int step;
  Status rc = STATUS_OK;
  for(step=1; rc==STATUS_OK && step<=t->depth; step++, at=next){
    for(next=at+1; t->collapse && next<n && rows[next].mask==rows[at].mask; next++){}
    if( next>=n ) return flow_count(t, step, rows[at].mask, FLOW_NOTHING, 0);
    rc = flow_count(t, step, rows[at].mask, rows[next].mask, rows[next].time - rows[at].time);
    if( t->end.event && rows[next].mask==t->end.event ) return rc;
  }
  return rc;
}

static int flow_is_cut(const PathFlow *t, Instant before, Instant time){
  return t->hasGap && instant_after(before, t->gap, 1, t->zone) < time;
}

/* The customer whose rows stand in the list. */
static Status flow_customer(PathFlow *t, const Stop *stop){
  Status rc = event_list_sort(&t->list, stop);
  Event *rows = event_list_rows(&t->list);
  size_t n = t->list.count, from, to, begin;
  if( rc==STATUS_OK ) rc = flow_order_ties(t, rows, n, stop);
  t->customer++;
  for(from=0; rc==STATUS_OK && from<n; from=to){
    for(to=from+1; to<n && !flow_is_cut(t, rows[to-1].time, rows[to].time); to++){
      if( to%EVENTS_PER_QUESTION==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    }
    begin = from;
    if( t->start.text ) while( begin<to && rows[begin].mask!=t->start.event ) begin++;
    if( begin<to ) rc = flow_path(t, rows + begin, to - begin);
  }
  return rc;
}

/* ---- rows in ---- */

static Status flow_keep(PathFlow *t, Batch *b, const uint8_t *rows, int n){
  void *last[BATCH_ROWS];
  int i;
  Status rc = keymap_batch(&t->customers, b, &b->column[FLOW_CUSTOMER], rows, n, last, 0);
  for(i=0; rc==STATUS_OK && i<n; i++){
    uint32_t event = 0;
    rc = flow_event(t, b, rows[i], &event);
    if( rc==STATUS_OK ) rc = row_log_add(&t->log, last[i], b->column[FLOW_TIME].cell[rows[i]].i, event);
  }
  return rc;
}

static Status flow_end_customer(PathFlow *t, const Stop *stop){
  Status rc = t->list.count ? flow_customer(t, stop) : STATUS_OK;
  event_list_clear(&t->list);
  return rc;
}

static Status flow_stream(PathFlow *t, Batch *b, const uint8_t *rows, int n){
  Status rc = STATUS_OK;
  int i, fresh = 0;
  for(i=0; rc==STATUS_OK && i<n; i++){
    uint32_t event = 0;
    rc = by_customer_turn(&t->at, b, &b->column[FLOW_CUSTOMER], rows[i], &fresh);
    if( rc==STATUS_OK && fresh ) rc = flow_end_customer(t, b->stop);
    if( rc==STATUS_OK ) rc = flow_event(t, b, rows[i], &event);
    if( rc==STATUS_OK ) rc = event_list_add(&t->list, b->column[FLOW_TIME].cell[rows[i]].i, event);
  }
  return rc;
}

static Status flow_absorb(void *acc, Batch *b, Failure *f){
  PathFlow *t = acc;
  const Column *time = &b->column[FLOW_TIME];
  uint8_t rows[BATCH_ROWS];
  int i, kept = 0, n = rows_with_key(b, time, rows);
  (void)f;
  for(i=0; i<n; i++){
    rows[kept] = rows[i];
    kept += !t->hasAsOf || time->cell[rows[i]].i <= t->asOf;
  }
  return t->ordered ? flow_stream(t, b, rows, kept) : flow_keep(t, b, rows, kept);
}

/* ---- the table ---- */

static Status flow_count_all(PathFlow *t, const Stop *stop){
  uint32_t id;
  Status rc = STATUS_OK;
  for(id=0; rc==STATUS_OK && id<t->customers.count; id++){
    if( id%4096==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    rc = row_log_list(&t->log, *(uint32_t*)keymap_payload(&t->customers, id), &t->list, stop);
    if( rc==STATUS_OK ) rc = flow_customer(t, stop);
  }
  return rc;
}

/* Ranks 1 ... of the events' keys, as payloads, so that rows of the table compare numbers. */
static Status flow_rank_events(PathFlow *t, const Stop *stop){
  uint32_t i, n = t->events.count;
  FlowRank *all = memory_alloc(((size_t)n + 1)*sizeof *all);
  Status rc;
  if( all==0 ) return STATUS_NOMEM;
  for(i=0; i<n; i++){
    all[i].event = i;
    keymap_key(&t->events, i, &all[i].key);
  }
  rc = sort_records(all, n, sizeof *all, flow_compare_keys, 0, stop);
  for(i=0; rc==STATUS_OK && i<n; i++) *(uint32_t*)keymap_payload(&t->events, all[i].event) = i + 1;
  memory_free(all);
  return rc;
}

static int flow_compare(const void *a, const void *b, const void *context){
  const FlowOrder *x = a, *y = b;
  (void)context;
  if( x->step!=y->step ) return x->step < y->step ? -1 : 1;
  if( x->customers!=y->customers ) return x->customers > y->customers ? -1 : 1;
  if( x->from!=y->from ) return x->from < y->from ? -1 : 1;
  return x->to < y->to ? -1 : x->to > y->to;
}

static uint32_t flow_rank(const PathFlow *t, uint32_t event){
  return event==FLOW_NOTHING ? UINT32_MAX : *(uint32_t*)keymap_payload(&t->events, event - 1);
}

static void flow_unpack(const PathFlow *t, uint32_t link, int32_t *step, uint32_t *from, uint32_t *to){
  Key key;
  keymap_key(&t->links, link, &key);
  *step = (int32_t)(key.integer >> 56);
  *from = (uint32_t)(key.integer >> 28) & ((UINT32_C(1) << 28) - 1);
  *to = (uint32_t)key.integer & ((UINT32_C(1) << 28) - 1);
}

static Status flow_order_links(PathFlow *t, const Stop *stop){
  uint32_t i, n = t->links.count;
  Status rc = flow_rank_events(t, stop);
  if( rc!=STATUS_OK ) return rc;
  t->order = memory_alloc(((size_t)n + 1)*sizeof *t->order);
  if( t->order==0 ) return STATUS_NOMEM;
  for(i=0; i<n; i++){
    FlowOrder *o = &t->order[i];
    uint32_t from, to;
    flow_unpack(t, i, &o->step, &from, &to);
    o->link = i;
    o->customers = ((FlowLink*)keymap_payload(&t->links, i))->heads.customers;
    o->from = flow_rank(t, from);
    o->to = flow_rank(t, to);
  }
  return sort_records(t->order, n, sizeof *t->order, flow_compare, 0, stop);
}

static Status flow_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  PathFlow *t = acc;
  Status rc = t->ordered ? flow_end_customer(t, stop) : flow_count_all(t, stop);
  (void)f;
  row_log_destroy(&t->log);
  keymap_destroy(&t->customers);
  if( rc==STATUS_OK ) rc = flow_order_links(t, stop);
  t->stop = stop;
  *rows = t->links.count;
  return rc;
}

static const FlowLink *link_of_row(const PathFlow *t, int64_t row){ return keymap_payload(&t->links, t->order[row].link); }

static Status link_step(void *acc, int64_t row, TableCell *out){
  const PathFlow *t = acc;
  int32_t step;
  uint32_t from, to;
  flow_unpack(t, t->order[row].link, &step, &from, &to);
  return cell_integer(out, step);
}
/* which: 0 from, 1 to; NULL where the path ends. */
static Status link_event(void *acc, int64_t row, TableCell *out){
  const PathFlow *t = acc;
  int32_t step;
  uint32_t event[2];
  flow_unpack(t, t->order[row].link, &step, &event[0], &event[1]);
  return event[out->which]==FLOW_NOTHING ? STATUS_OK : cell_key(out, &t->events, event[out->which] - 1);
}
static Status link_customers(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, link_of_row(acc, row)->heads.customers);
}
static Status link_share(void *acc, int64_t row, TableCell *out){
  const PathFlow *t = acc;
  const FlowLink *link = link_of_row(t, row);
  const FlowHeads *node = keymap_payload(&t->nodes, link->node);
  return cell_ratio(out, (double)link->heads.customers, (double)node->customers);
}
static Status link_median(void *acc, int64_t row, TableCell *out){
  const PathFlow *t = acc;
  const FlowLink *link = link_of_row(t, row);
  double median;
  Status rc;
  if( link->gapCount==0 ) return STATUS_OK;
  rc = quantile_of_list(link->gaps, link->gapCount, 0.5, &median, t->stop);
  return rc==STATUS_OK ? cell_real(out, median/(double)MICROS_PER_SECOND) : rc;
}

static const TableOutput LINK_OUTPUTS[] = {
  { "step", "INTEGER", link_step, 0, 0 },
  { "from_event", "", link_event, 0, 0 },
  { "to_event", "", link_event, 1, 0 },
  { "customers", "INTEGER", link_customers, 0, 0 },
  { "share", "REAL", link_share, 0, 0 },
  { "median_seconds", "REAL", link_median, 0, FLOW_GAPS },
  { 0, 0, 0, 0, 0 }
};

const TableMetric METRIC_PATH_FLOW = {
  .size = sizeof(PathFlow), .outputs = LINK_OUTPUTS, .typicalRows = 1000, .keys = KEYS_IN(PathFlow, customers), .streams = 1,
  .init = flow_init, .absorb = flow_absorb, .finish = flow_finish, .destroy = flow_destroy
};
