/* funnel: see funnel_table.h. */
#include "base/number/quantile.h"
#include "base/sort.h"
#include "metric/path/funnel.h"
#include "metric/path/funnel_table.h"
#include "metric/path/row_log.h"

/* Parameters and batch columns, in the order of the signature; the flags stand last. */
enum { PARAMETER_WINDOW, PARAMETER_MODE };
enum { COLUMN_CUSTOMER, COLUMN_TIME, COLUMN_SEGMENT, COLUMN_STEPS };
enum { OUTPUT_SEGMENT, OUTPUT_STEP, OUTPUT_NAME, OUTPUT_CUSTOMERS, OUTPUT_RATE, OUTPUT_STEP_RATE,
       OUTPUT_MEDIAN };

/* A customer; `first` and `segment` are there only with segment_col. */
typedef struct Member {
  uint32_t last;               /* number of the row kept last, 0: none */
  uint32_t segment;            /* id + 1; 0: NULL, the smallest */
  Instant first;               /* the earliest time */
} Member;

/* One step of one segment. */
typedef struct StepCount {
  int64_t customers;
  int64_t *gaps;               /* microseconds from the step before */
  size_t gapCount, gapCapacity;
} StepCount;

typedef struct SegmentOrder { Key key; uint32_t number; } SegmentOrder;

typedef struct FunnelTable {
  FunnelRule rule;
  int wantsMedian, hasSegment, ordered;
  char *name[FUNNEL_STEPS];
  KeyMap customers, segments;
  RowLog log;
  EventList list;              /* the customer at hand */
  StepCount *count;            /* segment number * steps + step */
  size_t counts, countCapacity;
  uint8_t *used;               /* by segment number: somebody is in it */
  size_t usedCapacity;
  SegmentOrder *order;
  uint32_t shown;
  Member member;               /* rows in order: the customer at hand */
  KeyWatch watch;
} FunnelTable;

static Status copy_names(FunnelTable *t, const TableRequest *request){
  int i;
  t->rule.steps = request->flags;
  for(i=0; i<request->flags; i++){
    t->name[i] = sqlite3_mprintf("%s", request->flagName[i]);
    if( t->name[i]==0 ) return STATUS_NOMEM;
  }
  return STATUS_OK;
}

static Status funnel_init(void *acc, const TableRequest *request, Failure *f){
  FunnelTable *t = acc;
  const Parameter *mode = &request->parameter[PARAMETER_MODE];
  t->rule.window = request->parameter[PARAMETER_WINDOW].duration;
  t->wantsMedian = request->usedOutputs >> OUTPUT_MEDIAN & 1;
  t->hasSegment = request->givenColumns >> COLUMN_SEGMENT & 1;
  t->ordered = request->ordered;
  keymap_init(&t->customers, t->hasSegment ? sizeof(Member) : sizeof(uint32_t));
  keymap_init(&t->segments, 0);
  event_list_init(&t->list);
  if( !funnel_mode_from_text(mode->text.z, mode->text.n, &t->rule.mode) ){
    failure_set(f, "mode '%.*s' is none of 'default', 'strict_increase', 'strict_dedup', 'strict_order', 'clickhouse'",
                mode->text.n < 40 ? mode->text.n : 40, mode->text.z);
    return STATUS_INVALID;
  }
  return copy_names(t, request);
}

static void funnel_destroy(void *acc){
  FunnelTable *t = acc;
  size_t i;
  for(i=0; i<FUNNEL_STEPS; i++) memory_free(t->name[i]);
  for(i=0; i<t->counts; i++) memory_free(t->count[i].gaps);
  memory_free(t->count);
  memory_free(t->used);
  memory_free(t->order);
  key_watch_destroy(&t->watch);
  event_list_destroy(&t->list);
  keymap_destroy(&t->customers);
  keymap_destroy(&t->segments);
  row_log_destroy(&t->log);
}

/* ---- one customer ---- */

static Status count_reserve(FunnelTable *t, uint32_t segment){
  size_t need = ((size_t)segment + 1)*(size_t)t->rule.steps, before = t->usedCapacity;
  Status rc = memory_grow((void**)&t->count, &t->countCapacity, need, sizeof *t->count);
  if( rc==STATUS_OK ) rc = memory_grow((void**)&t->used, &t->usedCapacity, (size_t)segment + 1, 1);
  if( rc!=STATUS_OK ) return rc;
  memset(t->used + before, 0, t->usedCapacity - before);
  if( need > t->counts ){
    memset(t->count + t->counts, 0, (need - t->counts)*sizeof *t->count);
    t->counts = need;
  }
  return STATUS_OK;
}

static Status count_gaps(StepCount *count, int depth, const Instant *times){
  Status rc = STATUS_OK;
  int i;
  for(i=1; rc==STATUS_OK && i<depth; i++){
    StepCount *c = &count[i];
    rc = memory_grow((void**)&c->gaps, &c->gapCapacity, c->gapCount + 1, sizeof *c->gaps);
    if( rc==STATUS_OK ) c->gaps[c->gapCount++] = times[i] - times[i-1];
  }
  return rc;
}

/* The customer whose rows stand in the list is counted in the segment. */
static Status count_customer(FunnelTable *t, uint32_t segment, const Poll *poll){
  int (*stop)(void*) = poll ? poll->stop : 0;
  void *arg = poll ? poll->arg : 0;
  Instant times[FUNNEL_STEPS];
  Event *rows;
  int depth = 0, i;
  Status rc = count_reserve(t, segment);
  StepCount *count = rc==STATUS_OK ? &t->count[(size_t)segment*(size_t)t->rule.steps] : 0;
  if( rc==STATUS_OK ) rc = event_list_sort(&t->list, stop, arg);
  if( rc!=STATUS_OK ) return rc;
  t->used[segment] = 1;
  rows = event_list_rows(&t->list);
  rc = funnel_depth(&t->rule, rows, t->list.count, stop, arg, &depth);
  for(i=0; rc==STATUS_OK && i<depth; i++) count[i].customers++;
  if( rc==STATUS_OK && depth > 1 && t->wantsMedian ){
    rc = funnel_times(&t->rule, rows, t->list.count, stop, arg, &depth, times);
    if( rc==STATUS_OK ) rc = count_gaps(count, depth, times);
  }
  return rc;
}

/* ---- rows ---- */

static int segment_before(const FunnelTable *t, uint32_t a, uint32_t b){
  Key x, y;
  if( a==0 || b==0 ) return a==0 && b!=0;
  keymap_key(&t->segments, a - 1, &x);
  keymap_key(&t->segments, b - 1, &y);
  return key_compare(&x, &y) < 0;
}

/* `fresh`: this is the customer's first row here. */
static Status see_segment(FunnelTable *t, Member *m, int fresh, const Batch *b, int row){
  const Column *c = &b->column[COLUMN_SEGMENT];
  Instant time = b->column[COLUMN_TIME].cell[row].i;
  uint32_t id = 0;
  if( !fresh && time > m->first ) return STATUS_OK;
  if( c->type[row]!=CELL_NULL ){
    Key key = key_of_cell(b, c, row);
    if( keymap_insert(&t->segments, &key, &id)==0 ) return STATUS_NOMEM;
    id++;
  }
  if( fresh || time < m->first || segment_before(t, id, m->segment) ){
    m->first = time;
    m->segment = id;
  }
  return STATUS_OK;
}

static Status absorb_any(FunnelTable *t, Batch *b, const uint8_t *rows, int n){
  int keepsAll = t->rule.mode==FUNNEL_STRICT_ORDER, i;
  uint32_t before = t->customers.count, ids[BATCH_ROWS];
  void *ignored[BATCH_ROWS];
  Status rc = keymap_batch(&t->customers, b, &b->column[COLUMN_CUSTOMER], rows, n, ignored, ids);
  for(i=0; rc==STATUS_OK && i<n; i++){
    Member *m = keymap_payload(&t->customers, ids[i]);
    uint32_t mask = (uint32_t)b->column[COLUMN_STEPS].cell[rows[i]].i;
    if( t->hasSegment ){
      rc = see_segment(t, m, ids[i]>=before, b, rows[i]);
      if( ids[i]>=before ) before = ids[i] + 1;     /* new ids come in order */
    }
    if( rc==STATUS_OK && (mask || keepsAll) ) rc = row_log_add(&t->log, &m->last, b->column[COLUMN_TIME].cell[rows[i]].i, mask);
  }
  return rc;
}

/* ---- rows grouped by customer ---- */

static Status end_customer(FunnelTable *t, const Poll *poll){
  Status rc = t->watch.any ? count_customer(t, t->hasSegment ? t->member.segment : 0, poll) : STATUS_OK;
  event_list_clear(&t->list);
  return rc;
}

static Status absorb_ordered(FunnelTable *t, Batch *b, const uint8_t *rows, int n){
  Status rc = STATUS_OK;
  int i, fresh = 0, first;
  for(i=0; rc==STATUS_OK && i<n; i++){
    int row = rows[i];
    Key key = key_of_cell(b, &b->column[COLUMN_CUSTOMER], row);
    first = !t->watch.any;
    rc = key_watch(&t->watch, &key, &fresh);
    if( rc==STATUS_OK && fresh && !first ) rc = end_customer(t, 0);
    if( rc==STATUS_OK && t->hasSegment ) rc = see_segment(t, &t->member, fresh, b, row);
    if( rc==STATUS_OK ){
      rc = event_list_add(&t->list, b->column[COLUMN_TIME].cell[row].i,
                          (uint32_t)b->column[COLUMN_STEPS].cell[row].i);
    }
  }
  return rc;
}

static Status funnel_absorb(void *acc, Batch *b, Failure *f){
  FunnelTable *t = acc;
  uint8_t rows[BATCH_ROWS];
  int n = rows_with_key(b, &b->column[COLUMN_TIME], rows);
  (void)f;
  return t->ordered ? absorb_ordered(t, b, rows, n) : absorb_any(t, b, rows, n);
}

/* ---- all rows are in ---- */

static Status count_all(FunnelTable *t, const Poll *poll){
  uint32_t id;
  Status rc = STATUS_OK;
  for(id=0; rc==STATUS_OK && id<t->customers.count; id++){
    const Member *m = keymap_payload(&t->customers, id);
    if( id%4096==0 && poll_stop(poll) ) return STATUS_INTERRUPTED;
    rc = row_log_list(&t->log, m->last, &t->list);
    if( rc==STATUS_OK ) rc = count_customer(t, t->hasSegment ? m->segment : 0, poll);
  }
  return rc;
}

static int compare_segments(const void *a, const void *b){
  return key_compare(&((const SegmentOrder*)a)->key, &((const SegmentOrder*)b)->key);
}

static Status order_segments(FunnelTable *t, const Poll *poll){
  SortStop stop = { poll ? poll->stop : 0, poll ? poll->arg : 0 };
  uint32_t number, n = t->segments.count;
  t->order = memory_zeroed(((size_t)n + 1)*sizeof *t->order);
  if( t->order==0 ) return STATUS_NOMEM;
  for(number=0; number<=n; number++){
    SegmentOrder *o = &t->order[t->shown];
    if( number >= t->usedCapacity || !t->used[number] ) continue;
    o->number = number;                             /* a NULL key comes first */
    if( number ) keymap_key(&t->segments, number - 1, &o->key);
    t->shown++;
  }
  return sort_records(t->order, t->shown, sizeof *t->order, compare_segments, stop);
}

static Status funnel_finish(void *acc, int64_t *rows, Failure *f, const Poll *poll){
  FunnelTable *t = acc;
  Status rc;
  (void)f;
  keymap_trim(&t->customers);
  rc = t->ordered ? end_customer(t, poll) : count_all(t, poll);
  row_log_destroy(&t->log);
  keymap_destroy(&t->customers);
  if( rc==STATUS_OK && !t->hasSegment ){            /* a row a step, also of nobody */
    rc = count_reserve(t, 0);
    if( rc==STATUS_OK ) t->used[0] = 1;
  }
  if( rc==STATUS_OK ) rc = order_segments(t, poll);
  *rows = (int64_t)t->shown*t->rule.steps;
  return rc;
}

/* ---- the table ---- */

static void median(StepCount *c, Result *r){
  if( c->gapCount==0 ) return;
  result_real(r, quantile_of_list(c->gaps, (size_t)c->gapCount, 0.5) / (double)MICROS_PER_SECOND);
}

static Status funnel_cell(void *acc, int64_t row, int column, TableCell *out, Failure *f){
  FunnelTable *t = acc;
  int step = (int)(row % t->rule.steps);
  const SegmentOrder *o = &t->order[row / t->rule.steps];
  StepCount *c = &t->count[(size_t)o->number*(size_t)t->rule.steps + (size_t)step];
  double customers = (double)c->customers;
  Result *r = &out->result;
  (void)f;
  switch( column ){
    case OUTPUT_SEGMENT:
      out->isKey = o->number!=0;
      out->key = o->key;
      break;
    case OUTPUT_STEP: result_integer(r, step + 1); break;
    case OUTPUT_NAME: cell_copied(out, t->name[step]); break;
    case OUTPUT_CUSTOMERS: result_integer(r, c->customers); break;
    case OUTPUT_RATE: result_ratio(r, customers, (double)c[-step].customers); break;
    case OUTPUT_STEP_RATE: result_ratio(r, customers, (double)c[step ? -1 : 0].customers); break;
    case OUTPUT_MEDIAN: median(c, r); break;
  }
  return STATUS_OK;
}

const TableMetric METRIC_FUNNEL = {
  .size = sizeof(FunnelTable), .keys = KEYS_IN(FunnelTable, customers), .streams = 1, .secondsMode = "clickhouse",
  .init = funnel_init, .absorb = funnel_absorb, .finish = funnel_finish, .cell = funnel_cell,
  .destroy = funnel_destroy
};
