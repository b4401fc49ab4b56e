/* funnel: see funnel_table.h. */
#include "base/number/quantile.h"
#include "base/sort.h"
#include "metric/path/funnel.h"
#include "metric/path/funnel_table.h"
#include "metric/path/matching.h"
#include "metric/path/row_log.h"
#include "spine/by_customer.h"

/* Parameters and batch columns, in the order of the signature; the flags stand last. */
enum { PARAMETER_WINDOW, PARAMETER_MODE, PARAMETER_ZONE, PARAMETER_ORDERED, PARAMETER_SEGMENT_AT, PARAMETER_AS_OF,
       PARAMETER_BINS };
enum { COLUMN_CUSTOMER, COLUMN_TIME, COLUMN_SEGMENT, COLUMN_STEPS };
#define FUNNEL_TIMES 1u        /* needs: the seconds between two steps */

#define FUNNEL_BINS_MAX 1000

/* A customer; `first` and `segment` are there only with segment_col. */
typedef struct Member {
  uint32_t last;               /* number of the row kept last, 0: none */
  uint32_t segment;            /* id + 1; 0: NULL, the smallest */
  Instant first;               /* the earliest time; segment_at 'entry': the segments' log instead */
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
  int wantsTimes, hasSegment, atEntry, ordered;
  int64_t bins;
  Instant asOf;                /* rows after it are ignored */
  char *name[FUNNEL_STEPS];    /* of the steps */
  int bit[FUNNEL_STEPS];       /* of each flag: its bit in a row's mask */
  int flags, remapped;
  KeyMap customers, segments;
  RowLog log;
  EventList list;              /* the customer at hand */
  RowLog entryLog;             /* segment_at 'entry': rows that meet a step, their word the segment */
  EventList entries;
  StepCount *count;            /* segment number * steps + step */
  size_t counts, countCapacity;
  uint8_t *used;               /* by segment number: somebody is in it */
  size_t usedCapacity;
  SegmentOrder *order;
  uint32_t shown;
  Member member;               /* rows in order: the customer at hand */
  ByCustomer at;                /* rows in order */
  const Stop *stop;            /* finished: for the cells */
} FunnelTable;

/* The flags without a ! are the steps, in their order.  One with it bars the way from the step
** before it to the one after: it gets a bit beyond those of the steps. */
static Status read_steps(FunnelTable *t, const TableRequest *request, Failure *f){
  int i, steps = 0, bars = 0, barred;
  for(i=0; i<request->flags; i++) t->rule.steps += !(request->flagMarked >> i & 1);
  for(i=0; i<request->flags; i++){
    barred = request->flagMarked >> i & 1;
    t->bit[i] = barred ? t->rule.steps + bars : steps;
    if( barred && (steps==0 || steps==t->rule.steps) ){
      failure_set(f, "steps: !%.60s must stand between two steps; it names what may not happen between them", request->flagName[i]);
      return STATUS_INVALID;
    }
    if( barred ){
      t->rule.bars[steps] |= UINT32_C(1) << t->bit[i];
      bars++;
      continue;
    }
    t->name[steps] = sqlite3_mprintf("%s", request->flagName[i]);
    if( t->name[steps]==0 ) return STATUS_NOMEM;
    steps++;
  }
  t->flags = request->flags;
  t->remapped = bars > 0;
  if( bars && t->rule.mode==FUNNEL_ANY_ORDER ){
    failure_set(f, "steps in any order have nothing between them; leave out those with !");
    return STATUS_INVALID;
  }
  return STATUS_OK;
}

static uint32_t remap(const FunnelTable *t, uint32_t flags){
  uint32_t mask = 0;
  for(; flags; flags &= flags - 1){
    int i = lowest_bit(flags);
    mask |= UINT32_C(1) << t->bit[i];
  }
  return mask;
}

static int is_text(const Parameter *p, const char *z){
  return (size_t)p->text.n==strlen(z) && sqlite3_strnicmp(p->text.z, z, p->text.n)==0;
}

static Status read_mode(FunnelTable *t, const Parameter *p, Failure *f){
  const Parameter *mode = &p[PARAMETER_MODE];
  int64_t ordered = p[PARAMETER_ORDERED].integer;
  const char *nearest;
  if( !funnel_mode_from_text(mode->text.z, mode->text.n, &t->rule.mode) ){
    nearest = funnel_mode_nearest(mode->text.z, mode->text.n);
    failure_set(f, "mode '%.*s' is none of 'default', 'strict_increase', 'strict_dedup', 'strict_order', 'any_order', 'clickhouse'%s%s",
                mode->text.n < 40 ? mode->text.n : 40, mode->text.z, nearest ? "; the nearest one is " : "", nearest ? nearest : "");
    return STATUS_INVALID;
  }
  if( ordered!=0 && ordered!=1 ){
    failure_set(f, "ordered %lld is neither 0 (steps in any order) nor 1", (long long)ordered);
    return STATUS_INVALID;
  }
  if( ordered==0 && t->rule.mode!=FUNNEL_DEFAULT && t->rule.mode!=FUNNEL_ANY_ORDER ){
    failure_set(f, "ordered = 0 has no mode '%.*s'; leave out one of them", mode->text.n, mode->text.z);
    return STATUS_INVALID;
  }
  if( ordered==0 ) t->rule.mode = FUNNEL_ANY_ORDER;
  return STATUS_OK;
}

static Status read_options(FunnelTable *t, const TableRequest *request, Failure *f){
  const Parameter *p = request->parameter, *at = &p[PARAMETER_SEGMENT_AT];
  int hasAsOf = request->givenParameters >> PARAMETER_AS_OF & 1;
  t->asOf = hasAsOf ? p[PARAMETER_AS_OF].instant : INT64_MAX;
  t->rule.matureBy = t->asOf;
  t->bins = p[PARAMETER_BINS].integer;
  if( t->bins < 1 || t->bins > FUNNEL_BINS_MAX ){
    failure_set(f, "bins %lld is not within 1 to %d", (long long)t->bins, FUNNEL_BINS_MAX);
    return STATUS_INVALID;
  }
  t->atEntry = is_text(at, "entry");
  if( !t->atEntry && !is_text(at, "first_row") ){
    failure_set(f, "segment_at '%.*s' is neither 'first_row' nor 'entry'", at->text.n < 40 ? at->text.n : 40, at->text.z);
    return STATUS_INVALID;
  }
  t->atEntry &= t->hasSegment;
  return STATUS_OK;
}

static Status funnel_init(void *acc, const TableRequest *request, Failure *f){
  FunnelTable *t = acc;
  Status rc;
  t->wantsTimes = (request->needs & FUNNEL_TIMES)!=0;
  t->hasSegment = request->givenColumns >> COLUMN_SEGMENT & 1;
  t->ordered = request->ordered;
  keymap_init(&t->customers, t->hasSegment ? sizeof(Member) : sizeof(uint32_t));
  keymap_init(&t->segments, 0);
  event_list_init(&t->list);
  event_list_init(&t->entries);
  rc = read_mode(t, request->parameter, f);
  if( rc==STATUS_OK ) rc = read_options(t, request, f);
  if( rc==STATUS_OK ) rc = read_steps(t, request, f);
  return rc==STATUS_OK ? funnel_windows_read(&t->rule, &request->parameter[PARAMETER_WINDOW], f) : rc;
}

static void funnel_destroy(void *acc){
  FunnelTable *t = acc;
  size_t i;
  for(i=0; i<FUNNEL_STEPS; i++) memory_free(t->name[i]);
  for(i=0; i<t->counts; i++) memory_free(t->count[i].gaps);
  memory_free(t->count);
  memory_free(t->used);
  memory_free(t->order);
  by_customer_destroy(&t->at);
  event_list_destroy(&t->list);
  event_list_destroy(&t->entries);
  keymap_destroy(&t->customers);
  keymap_destroy(&t->segments);
  row_log_destroy(&t->log);
  row_log_destroy(&t->entryLog);
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

static int segment_before(const FunnelTable *t, uint32_t a, uint32_t b){
  Key x, y;
  if( a==0 || b==0 ) return a==0 && b!=0;
  keymap_key(&t->segments, a - 1, &x);
  keymap_key(&t->segments, b - 1, &y);
  return key_compare(&x, &y) < 0;
}

/* The smallest segment of the rows in which a chain could begin at this time. */
static Status entry_segment(const FunnelTable *t, Instant time, uint32_t *best, const Stop *stop){
  const Event *e = event_list_read(&t->entries);
  size_t i;
  int any = 0;
  *best = 0;
  for(i=0; i<t->entries.count; i++){
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( e[i].time!=time || (any && !segment_before(t, e[i].mask, *best)) ) continue;
    *best = e[i].mask;
    any = 1;
  }
  return STATUS_OK;
}

/* The customer whose rows stand in the list is counted in the segment. */
static Status count_customer(FunnelTable *t, uint32_t segment, const Stop *stop){
  Instant times[FUNNEL_STEPS];
  Event *rows;
  StepCount *count;
  int depth = 0, i;
  Status rc = event_list_sort(&t->list, stop);
  if( rc!=STATUS_OK ) return rc;
  rows = event_list_rows(&t->list);
  rc = funnel_depth(&t->rule, rows, t->list.count, stop, &depth);
  if( rc==STATUS_OK && (t->atEntry ? depth > 0 : t->wantsTimes && depth > 1) ){
    rc = funnel_times(&t->rule, rows, t->list.count, stop, &depth, times);
  }
  if( rc!=STATUS_OK || (t->atEntry && depth==0) ) return rc;
  if( t->atEntry ) rc = entry_segment(t, times[0], &segment, stop);
  if( rc==STATUS_OK ) rc = count_reserve(t, segment);
  if( rc!=STATUS_OK ) return rc;
  count = &t->count[(size_t)segment*(size_t)t->rule.steps];
  t->used[segment] = 1;
  for(i=0; i<depth; i++) count[i].customers++;
  return t->wantsTimes ? count_gaps(count, depth, times) : STATUS_OK;
}

/* ---- rows ---- */

/* The row's segment: id + 1, 0 for NULL. */
static Status segment_of_row(FunnelTable *t, const Batch *b, int row, uint32_t *out){
  const Column *c = &b->column[COLUMN_SEGMENT];
  Key key;
  Status rc;
  *out = 0;
  if( c->type[row]==CELL_NULL ) return STATUS_OK;
  key = key_of_cell(b, c, row);
  rc = keymap_insert(&t->segments, &key, 0, out);
  if( rc==STATUS_OK ) ++*out;
  return rc;
}

/* A chain begins with a row that meets step 1, or in any order any step. */
static int may_enter(const FunnelTable *t, uint32_t mask){
  uint32_t steps = t->rule.steps==32 ? UINT32_MAX : (UINT32_C(1) << t->rule.steps) - 1;
  return (mask & (t->rule.mode==FUNNEL_ANY_ORDER ? steps : 1))!=0;
}

/* `fresh`: this is the customer's first row here. */
static Status see_segment(FunnelTable *t, Member *m, int fresh, const Batch *b, int row){
  Instant time = b->column[COLUMN_TIME].cell[row].i;
  uint32_t id = 0;
  Status rc;
  if( !fresh && time > m->first ) return STATUS_OK;
  rc = segment_of_row(t, b, row, &id);
  if( rc!=STATUS_OK ) return rc;
  if( fresh || time < m->first || segment_before(t, id, m->segment) ){
    m->first = time;
    m->segment = id;
  }
  return STATUS_OK;
}

static inline uint32_t mask_of_row(const FunnelTable *t, const Batch *b, int row){
  uint32_t flags = (uint32_t)b->column[COLUMN_STEPS].cell[row].i;
  return t->remapped ? remap(t, flags) : flags;
}

static Status absorb_any(FunnelTable *t, Batch *b, const uint8_t *rows, int n){
  int keepsAll = t->rule.mode==FUNNEL_STRICT_ORDER, i;
  uint32_t before = t->customers.count, ids[BATCH_ROWS];
  void *ignored[BATCH_ROWS];
  Status rc = keymap_batch(&t->customers, b, &b->column[COLUMN_CUSTOMER], rows, n, ignored, ids);
  for(i=0; rc==STATUS_OK && i<n; i++){
    Member *m = keymap_payload(&t->customers, ids[i]);
    uint32_t mask = mask_of_row(t, b, rows[i]), segment = 0;
    if( t->atEntry && may_enter(t, mask) ){
      rc = segment_of_row(t, b, rows[i], &segment);
      if( rc==STATUS_OK ) rc = row_log_add(&t->entryLog, &m->segment, b->column[COLUMN_TIME].cell[rows[i]].i, segment);
    }else if( t->hasSegment && !t->atEntry ){
      rc = see_segment(t, m, ids[i]>=before, b, rows[i]);
      if( ids[i]>=before ) before = ids[i] + 1;     /* new ids come in order */
    }
    if( rc==STATUS_OK && (mask || keepsAll) ) rc = row_log_add(&t->log, &m->last, b->column[COLUMN_TIME].cell[rows[i]].i, mask);
  }
  return rc;
}

/* ---- rows grouped by customer ---- */

static Status end_customer(FunnelTable *t, const Stop *stop){
  Status rc = t->at.any ? count_customer(t, t->hasSegment ? t->member.segment : 0, stop) : STATUS_OK;
  event_list_clear(&t->list);
  event_list_clear(&t->entries);
  return rc;
}

static Status absorb_ordered(FunnelTable *t, Batch *b, const uint8_t *rows, int n){
  Status rc = STATUS_OK;
  uint32_t mask, segment;
  int i, fresh = 0, first;
  for(i=0; rc==STATUS_OK && i<n; i++){
    int row = rows[i];
    first = !t->at.any;
    rc = by_customer_turn(&t->at, b, &b->column[COLUMN_CUSTOMER], row, &fresh);
    if( rc==STATUS_OK && fresh && !first ) rc = end_customer(t, b->stop);
    mask = mask_of_row(t, b, row);
    if( rc==STATUS_OK && t->hasSegment && !t->atEntry ) rc = see_segment(t, &t->member, fresh, b, row);
    if( rc==STATUS_OK && t->atEntry && may_enter(t, mask) ){
      rc = segment_of_row(t, b, row, &segment);
      if( rc==STATUS_OK ) rc = event_list_add(&t->entries, b->column[COLUMN_TIME].cell[row].i, segment);
    }
    if( rc==STATUS_OK ) rc = event_list_add(&t->list, b->column[COLUMN_TIME].cell[row].i, mask);
  }
  return rc;
}

static Status funnel_absorb(void *acc, Batch *b, Failure *f){
  FunnelTable *t = acc;
  const Column *time = &b->column[COLUMN_TIME];
  uint8_t rows[BATCH_ROWS];
  int i, kept = 0, n = rows_with_key(b, time, rows);
  (void)f;
  for(i=0; i<n; i++){
    rows[kept] = rows[i];
    kept += time->cell[rows[i]].i <= t->asOf;
  }
  return t->ordered ? absorb_ordered(t, b, rows, kept) : absorb_any(t, b, rows, kept);
}

/* ---- all rows are in ---- */

static Status count_all(FunnelTable *t, const Stop *stop){
  uint32_t id;
  Status rc = STATUS_OK;
  for(id=0; rc==STATUS_OK && id<t->customers.count; id++){
    const Member *m = keymap_payload(&t->customers, id);
    if( id%4096==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    rc = row_log_list(&t->log, m->last, &t->list, stop);
    if( rc==STATUS_OK && t->atEntry ) rc = row_log_list(&t->entryLog, m->segment, &t->entries, stop);
    if( rc==STATUS_OK ) rc = count_customer(t, t->hasSegment ? m->segment : 0, stop);
  }
  return rc;
}

static int compare_segments(const void *a, const void *b, const void *context){
  (void)context;
  return key_compare(&((const SegmentOrder*)a)->key, &((const SegmentOrder*)b)->key);
}

static Status order_segments(FunnelTable *t, const Stop *stop){
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
  return sort_records(t->order, t->shown, sizeof *t->order, compare_segments, 0, stop);
}

static Status funnel_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  FunnelTable *t = acc;
  Status rc;
  (void)f;
  keymap_trim(&t->customers);
  rc = t->ordered ? end_customer(t, stop) : count_all(t, stop);
  row_log_destroy(&t->log);
  row_log_destroy(&t->entryLog);
  keymap_destroy(&t->customers);
  if( rc==STATUS_OK && !t->hasSegment ){            /* a row a step, also of nobody */
    rc = count_reserve(t, 0);
    if( rc==STATUS_OK ) t->used[0] = 1;
  }
  if( rc==STATUS_OK ) rc = order_segments(t, stop);
  t->stop = stop;
  *rows = (int64_t)t->shown*t->rule.steps;
  return rc;
}

/* ---- the table ---- */

static int step_of_row(const FunnelTable *t, int64_t row){ return (int)(row % t->rule.steps); }
static const SegmentOrder *shown_segment(const FunnelTable *t, int64_t row){ return &t->order[row / t->rule.steps]; }
static StepCount *count_of_row(const FunnelTable *t, int64_t row){
  return &t->count[(size_t)shown_segment(t, row)->number*(size_t)t->rule.steps + (size_t)step_of_row(t, row)];
}

static Status funnel_segment(void *acc, int64_t row, TableCell *out){
  const SegmentOrder *o = shown_segment(acc, row);
  out->isKey = o->number!=0;
  out->key = o->key;
  return STATUS_OK;
}
static Status funnel_step(void *acc, int64_t row, TableCell *out){ return cell_integer(out, step_of_row(acc, row) + 1); }
static Status funnel_name(void *acc, int64_t row, TableCell *out){
  const FunnelTable *t = acc;
  if( t->rule.mode!=FUNNEL_ANY_ORDER ) return cell_copied(out, t->name[step_of_row(t, row)]);
  sqlite3_snprintf(TIME_TEXT_SIZE, out->brief, "any %d", step_of_row(t, row) + 1);
  return cell_brief(out, (int)strlen(out->brief));
}
static Status funnel_customers(void *acc, int64_t row, TableCell *out){ return cell_integer(out, count_of_row(acc, row)->customers); }
static Status funnel_rate(void *acc, int64_t row, TableCell *out){
  const StepCount *c = count_of_row(acc, row);
  return cell_ratio(out, (double)c->customers, (double)c[-step_of_row(acc, row)].customers);
}
static Status funnel_step_rate(void *acc, int64_t row, TableCell *out){
  const StepCount *c = count_of_row(acc, row);
  return cell_ratio(out, (double)c->customers, (double)c[step_of_row(acc, row) ? -1 : 0].customers);
}

/* which: the quantile in percent. */
static Status funnel_quantile(void *acc, int64_t row, TableCell *out){
  const FunnelTable *t = acc;
  StepCount *c = count_of_row(t, row);
  double micros;
  Status rc;
  if( c->gapCount==0 ) return STATUS_OK;
  rc = quantile_of_list(c->gaps, (size_t)c->gapCount, out->which/100.0, &micros, t->stop);
  return rc==STATUS_OK ? cell_real(out, micros / (double)MICROS_PER_SECOND) : rc;
}
static Status funnel_mean(void *acc, int64_t row, TableCell *out){
  const StepCount *c = count_of_row(acc, row);
  Money sum = {0, 0};
  size_t i;
  if( c->gapCount==0 ) return STATUS_OK;
  for(i=0; i<c->gapCount; i++) money_add(&sum, money_of_integer(c->gaps[i]));
  return cell_real(out, money_real(sum) / (double)c->gapCount / (double)MICROS_PER_SECOND);
}

/* Equal parts of the window: the same for every segment, and for every step where these have not
** one of their own.  A month counts 31 days. */
static Status funnel_histogram(void *acc, int64_t row, TableCell *out){
  const FunnelTable *t = acc;
  const StepCount *c = count_of_row(t, row);
  Result *r = &out->result;
  Duration window = t->rule.windows ? t->rule.stepWindow[step_of_row(t, row)] : t->rule.window;
  int64_t length = window.months ? window.months*31*MICROS_PER_DAY : window.micros, n = t->bins, k;
  int64_t *counts;
  size_t i;
  if( c->gapCount==0 ) return STATUS_OK;
  counts = memory_zeroed((size_t)n*sizeof *counts);
  if( counts==0 ) return STATUS_NOMEM;
  for(i=0; i<c->gapCount; i++){
    k = length > 0 ? (int64_t)((double)c->gaps[i]/(double)length*(double)n) : 0;
    counts[k < n ? k : n - 1]++;
  }
  r->kind = RESULT_TEXT;
  for(k=0; k<n; k++) buffer_printf(&r->buffer, "%s%lld", k ? "," : "[", (long long)counts[k]);
  buffer_put_byte(&r->buffer, ']');
  memory_free(counts);
  return r->buffer.failed ? STATUS_NOMEM : STATUS_OK;
}

static const TableOutput FUNNEL_OUTPUTS[] = {
  { "segment", "", funnel_segment, 0, 0 },
  { "step", "INTEGER", funnel_step, 0, 0 },
  { "name", "TEXT", funnel_name, 0, 0 },
  { "customers", "INTEGER", funnel_customers, 0, 0 },
  { "rate", "REAL", funnel_rate, 0, 0 },
  { "step_rate", "REAL", funnel_step_rate, 0, 0 },
  { "median_seconds", "REAL", funnel_quantile, 50, FUNNEL_TIMES },
  { "mean_seconds", "REAL", funnel_mean, 0, FUNNEL_TIMES },
  { "p25_seconds", "REAL", funnel_quantile, 25, FUNNEL_TIMES },
  { "p75_seconds", "REAL", funnel_quantile, 75, FUNNEL_TIMES },
  { "p90_seconds", "REAL", funnel_quantile, 90, FUNNEL_TIMES },
  { "histogram", "TEXT", funnel_histogram, 0, FUNNEL_TIMES },
  { 0, 0, 0, 0, 0 }
};

const TableMetric METRIC_FUNNEL = {
  .size = sizeof(FunnelTable), .outputs = FUNNEL_OUTPUTS, .typicalRows = 100, .state = 1, .keys = KEYS_IN(FunnelTable, customers), .streams = 1,
  .init = funnel_init, .absorb = funnel_absorb, .finish = funnel_finish,
  .destroy = funnel_destroy
};
