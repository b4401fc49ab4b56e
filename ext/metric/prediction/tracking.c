/*
** purchase_tracking: the repeat purchases of each period beside those that a model expects, summed up
** from the first customer on: the chart that shows whether a model holds, in the holdout above all.
**
** The customers are those who bought until as_of - holdout, the model is fitted to their histories
** until then, in days, as customer_predict does.  A customer acquired on day f is expected to have
** made E(d - f) repeat purchases by day d, whatever he did; the model's chart is the sum of that.
**
** A purchase day is one word, customer's id << 32 | day.
*/
#include "metric/prediction/prediction.h"

#include <math.h>

enum { TRACK_CUSTOMER, TRACK_TIME, TRACK_AMOUNT };
enum { TRACK_GRAIN, TRACK_AS_OF, TRACK_ZONE, TRACK_HOLDOUT, TRACK_MODEL };
#define TRACK_BIAS (INT64_C(1) << 24)      /* days before 1970 are positive, too */
#define TRACK_PERIODS (INT64_C(1) << 20)
#define TRACK_STOP_EVERY 4096

typedef struct TrackPeriod { int64_t first, last, purchases; double expected; } TrackPeriod;    /* days, both in it */

typedef struct Tracking {
  KeyMap customers;            /* no payload */
  uint64_t *word;
  size_t words, capacity;
  Grain grain;
  int32_t zone;
  BtydModel model;
  Duration holdout;
  int asOfGiven, hasHoldout, hasAmount, any;
  Instant asOf, last;
  BtydFit fit;
  int64_t calibrated, end;     /* the last days of what the model knows, and of all */
  int64_t ordinal;             /* of the first period */
  TrackPeriod *period;
  size_t periods;
} Tracking;

/* ---- the request and the rows ---- */

static Status tracking_init(void *acc, const TableRequest *request, Failure *f){
  Tracking *t = acc;
  const Parameter *p = request->parameter, *name = &p[TRACK_MODEL];
  int n = name->text.n;
  keymap_init(&t->customers, 0);
  t->grain = p[TRACK_GRAIN].grain;
  t->zone = request->zone;
  t->asOfGiven = request->givenParameters >> TRACK_AS_OF & 1;
  t->asOf = t->asOfGiven ? p[TRACK_AS_OF].instant : INT64_MAX;
  t->hasHoldout = request->givenParameters >> TRACK_HOLDOUT & 1;
  t->holdout = p[TRACK_HOLDOUT].duration;
  t->hasAmount = request->givenColumns >> TRACK_AMOUNT & 1;
  if( t->grain.unit==GRAIN_HOUR ){
    failure_set(f, "grain 'hour' is finer than a purchase day; use 'day' or a longer one");
    return STATUS_INVALID;
  }
  if( btyd_model_from_name(name->text.z, n, &t->model) && btyd_is_continuous(t->model) ) return STATUS_OK;
  failure_set(f, "model '%.*s' is unknown; use 'bgnbd', 'mbgnbd', 'paretonbd' or 'nbd'", n < 40 ? n : 40, name->text.z);
  return STATUS_INVALID;
}

static void tracking_destroy(void *acc){
  Tracking *t = acc;
  keymap_destroy(&t->customers);
  memory_free(t->word);
  memory_free(t->period);
}

static Status tracking_absorb(void *acc, Batch *b, Failure *f){
  Tracking *t = acc;
  const Column *time = &b->column[TRACK_TIME];
  uint8_t rows[BATCH_ROWS];
  uint32_t ids[BATCH_ROWS];
  void *payload[BATCH_ROWS];
  int i, kept = 0, n = rows_with_key(b, time, rows);
  Status rc;
  (void)f;
  for(i=0; i<n; i++){
    Instant at = time->cell[rows[i]].i;
    if( at > t->asOf ) continue;
    if( !t->any || at > t->last ) t->last = at;
    t->any = 1;
    if( t->hasAmount && is_refund(&b->column[TRACK_AMOUNT], rows[i]) ) continue;
    rows[kept++] = rows[i];
  }
  rc = keymap_batch(&t->customers, b, &b->column[TRACK_CUSTOMER], rows, kept, payload, ids);
  if( rc==STATUS_OK ) rc = memory_grow((void**)&t->word, &t->capacity, t->words + (size_t)kept, sizeof *t->word);
  for(i=0; rc==STATUS_OK && i<kept; i++){
    t->word[t->words++] = (uint64_t)ids[i] << 32 | (uint64_t)(day_of(time->cell[rows[i]].i, t->zone) + TRACK_BIAS);
  }
  return rc;
}

/* ---- all rows are in ---- */

static int compare_track_words(const void *a, const void *b, const void *context){
  uint64_t x = *(const uint64_t*)a, y = *(const uint64_t*)b;
  (void)context;
  return (x > y) - (x < y);
}

static inline int64_t track_day(uint64_t word){ return (int64_t)(word & UINT32_MAX) - TRACK_BIAS; }

/* Sorted purchase days without repetitions, of customers who bought until the calibration's end. */
static Status tracking_days(Tracking *t, const Stop *stop){
  size_t i, to = 0;
  uint64_t first = 0, before = 0;                              /* the customer's first word; the last one looked at */
  Status rc = sort_records(t->word, t->words, sizeof *t->word, compare_track_words, 0, stop);
  if( rc!=STATUS_OK ) return rc;
  for(i=0; i<t->words; i++){
    uint64_t word = t->word[i];
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( i==0 || word >> 32!=first >> 32 ) first = word;
    else if( word==before ) continue;
    before = word;
    if( track_day(first) <= t->calibrated ) t->word[to++] = word;
  }
  t->words = to;
  return rc;
}

/* Where the words of the customer that begin at `from` end. */
static size_t tracking_next(const Tracking *t, size_t from){
  size_t to = from + 1;
  while( to<t->words && t->word[to] >> 32==t->word[from] >> 32 ) to++;
  return to;
}

static Status tracking_fit(Tracking *t, Failure *f, const Stop *stop){
  BtydTable histories = { .stop = stop };
  size_t from, to, i, customers = 0;
  Status rc = STATUS_OK;
  for(from=0; rc==STATUS_OK && from<t->words; from=to){
    int64_t first = track_day(t->word[from]), last = first;
    double frequency = 0;
    to = tracking_next(t, from);
    for(i=from+1; i<to && track_day(t->word[i]) <= t->calibrated; i++){
      last = track_day(t->word[i]);
      frequency++;
    }
    rc = btyd_table_add(&histories, frequency, (double)(last - first), (double)(t->calibrated - first), 1);
    if( ++customers % TRACK_STOP_EVERY==0 && stop_asked(stop) ) rc = STATUS_INTERRUPTED;
  }
  if( rc==STATUS_OK ) rc = prediction_fit(&histories, t->model, 1, &t->fit, stop);
  if( rc==STATUS_INVALID ) failure_set(f, "a history breaks the rules of the model");
  btyd_table_destroy(&histories);
  return rc;
}

/* The periods from the first purchase to the end. */
static Status tracking_periods(Tracking *t, int64_t first, Failure *f){
  Instant at = first*MICROS_PER_DAY + MICROS_PER_DAY/2;                     /* noon of the day, whatever the zone does */
  Instant until = t->end*MICROS_PER_DAY + MICROS_PER_DAY/2;
  int64_t last, k;
  t->ordinal = grain_ordinal(t->grain, at, 0);
  last = grain_ordinal(t->grain, until, 0);
  if( last - t->ordinal >= TRACK_PERIODS ){
    failure_set(f, "more than %lld periods; use a coarser grain or a shorter span", (long long)TRACK_PERIODS);
    return STATUS_INVALID;
  }
  t->periods = (size_t)(last - t->ordinal + 1);
  t->period = memory_zeroed(t->periods*sizeof *t->period);
  if( t->period==0 ) return STATUS_NOMEM;
  for(k=0; k<(int64_t)t->periods; k++){
    int64_t next = day_of(grain_start(t->grain, t->ordinal + k + 1, 0), 0);
    t->period[k].first = day_of(grain_start(t->grain, t->ordinal + k, 0), 0);
    t->period[k].last = next - 1;
  }
  return STATUS_OK;
}

static size_t period_of_day(const Tracking *t, int64_t day){
  size_t low = 0, high = t->periods;
  while( high - low > 1 ){
    size_t middle = low + (high - low)/2;
    if( t->period[middle].first <= day ) low = middle; else high = middle;
  }
  return low;
}

/* What E says for so many days since the first purchase. */
static Status expected_by_days(const Tracking *t, int64_t days, double **out, const Stop *stop){
  int64_t d;
  *out = memory_alloc((size_t)(days + 1)*sizeof **out);
  if( *out==0 ) return STATUS_NOMEM;
  for(d=0; d<=days; d++){
    (*out)[d] = btyd_expected_new(&t->fit.btyd, (double)d);
    if( d % 32==31 && stop_asked(stop) ) return STATUS_INTERRUPTED;
  }
  return STATUS_OK;
}

/* started[d]: customers whose first day is the d-th. */
static Status tracking_expected(Tracking *t, const uint32_t *started, int64_t first, const Stop *stop){
  double *by = 0;
  int64_t days = t->end - first, d;
  size_t k;
  Status rc = expected_by_days(t, days, &by, stop);
  for(k=0; rc==STATUS_OK && k<t->periods; k++){
    TrackPeriod *p = &t->period[k];
    int64_t last = p->last < t->end ? p->last : t->end, before = p->first - 1;
    if( stop_asked(stop) ) rc = STATUS_INTERRUPTED;
    for(d=0; d<=days && first + d <= last; d++){
      if( started[d]==0 ) continue;
      p->expected += started[d]*(by[last - first - d] - (before > first + d ? by[before - first - d] : 0));
    }
  }
  memory_free(by);
  return rc;
}

static Status tracking_count(Tracking *t, Failure *f, const Stop *stop){
  int64_t first = INT64_MAX;
  uint32_t *started;
  size_t from, to, i;
  Status rc;
  for(from=0; from<t->words; from=tracking_next(t, from)) if( track_day(t->word[from]) < first ) first = track_day(t->word[from]);
  if( first==INT64_MAX ) return STATUS_OK;
  rc = tracking_periods(t, first, f);
  started = rc==STATUS_OK ? memory_zeroed((size_t)(t->end - first + 1)*sizeof *started) : 0;
  if( rc==STATUS_OK && started==0 ) rc = STATUS_NOMEM;
  for(from=0; rc==STATUS_OK && from<t->words; from=to){
    to = tracking_next(t, from);
    if( (from ^ to) >> 15 && stop_asked(stop) ) rc = STATUS_INTERRUPTED;
    started[track_day(t->word[from]) - first]++;
    for(i=from+1; i<to; i++) t->period[period_of_day(t, track_day(t->word[i]))].purchases++;
  }
  if( rc==STATUS_OK && t->fit.status!=BTYD_TOO_FEW ) rc = tracking_expected(t, started, first, stop);
  memory_free(started);
  for(i=1; rc==STATUS_OK && i<t->periods; i++){                             /* summed up; a row takes differences */
    t->period[i].purchases += t->period[i-1].purchases;
    t->period[i].expected += t->period[i-1].expected;
  }
  return rc;
}

static Status tracking_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  Tracking *t = acc;
  Status rc;
  *rows = 0;
  if( !t->any ) return STATUS_OK;
  if( !t->asOfGiven ) t->asOf = t->last;
  t->end = day_of(t->asOf, t->zone);
  t->calibrated = t->hasHoldout ? day_of(instant_after(t->asOf, t->holdout, -1, t->zone), t->zone) : t->end;
  rc = tracking_days(t, stop);
  if( rc==STATUS_OK ) rc = tracking_fit(t, f, stop);
  if( rc==STATUS_OK ) rc = tracking_count(t, f, stop);
  *rows = (int64_t)t->periods;
  return rc;
}

/* ---- the table ---- */

static Status tracked_period(void *acc, int64_t row, TableCell *out){
  const Tracking *t = acc;
  return cell_brief(out, grain_text(t->grain, grain_start(t->grain, t->ordinal + row, 0), 0, out->brief));
}
static Status tracked_purchases(void *acc, int64_t row, TableCell *out){
  const TrackPeriod *p = &((Tracking*)acc)->period[row];
  return cell_integer(out, p->purchases - (row ? p[-1].purchases : 0));
}
static Status tracked_cumulative(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, ((Tracking*)acc)->period[row].purchases);
}
static int tracking_fitted(const Tracking *t){ return t->fit.status!=BTYD_TOO_FEW; }
static Status tracked_expected(void *acc, int64_t row, TableCell *out){
  const Tracking *t = acc;
  const TrackPeriod *p = &t->period[row];
  return tracking_fitted(t) ? cell_real(out, p->expected - (row ? p[-1].expected : 0)) : STATUS_OK;
}
static Status tracked_cumulative_expected(void *acc, int64_t row, TableCell *out){
  const Tracking *t = acc;
  return tracking_fitted(t) ? cell_real(out, t->period[row].expected) : STATUS_OK;
}
static Status tracked_in_holdout(void *acc, int64_t row, TableCell *out){
  const Tracking *t = acc;
  return cell_integer(out, t->period[row].first > t->calibrated);
}
static Status tracked_complete(void *acc, int64_t row, TableCell *out){
  const Tracking *t = acc;
  return cell_integer(out, t->period[row].last <= t->end);
}
static Status tracked_model(void *acc, int64_t row, TableCell *out){
  const Tracking *t = acc;
  (void)row;
  return tracking_fitted(t) ? cell_copied(out, btyd_model_name(t->fit.btyd.model)) : STATUS_OK;
}
static Status tracked_status(void *acc, int64_t row, TableCell *out){
  (void)row;
  return cell_copied(out, btyd_status_name(((Tracking*)acc)->fit.status));
}

static const TableOutput TRACKING_OUTPUTS[] = {
  { "period", "TEXT", tracked_period, 0, 0 },
  { "purchases", "INTEGER", tracked_purchases, 0, 0 },
  { "expected", "REAL", tracked_expected, 0, 0 },
  { "cumulative", "INTEGER", tracked_cumulative, 0, 0 },
  { "cumulative_expected", "REAL", tracked_cumulative_expected, 0, 0 },
  { "in_holdout", "INTEGER", tracked_in_holdout, 0, 0 },
  { "complete", "INTEGER", tracked_complete, 0, 0 },
  { "model", "TEXT", tracked_model, 0, 0 },
  { "status", "TEXT", tracked_status, 0, 0 },
  { 0, 0, 0, 0, 0 }
};

const TableMetric METRIC_PURCHASE_TRACKING = {
  .size = sizeof(Tracking), .outputs = TRACKING_OUTPUTS, .typicalRows = 200, .keys = KEYS_IN(Tracking, customers),
  .init = tracking_init, .absorb = tracking_absorb,
  .finish = tracking_finish, .destroy = tracking_destroy
};
