/*
** cohort_window: retention, revenue and lifetime value of every cohort in one pass.
** See cohort.h for the pieces, docs/cohorts.md for the figures.
*/
#include "metric/cohort/cohort.h"

/* Parameters, in the order of the signature. */
enum { PARAMETER_GRAIN, PARAMETER_AS_OF, PARAMETER_ZONE, PARAMETER_MODE, PARAMETER_RETENTION_MODE,
       PARAMETER_START_EVENT, PARAMETER_RETURN_EVENT, PARAMETER_PERIODS, PARAMETER_LEAST };

/* 0 or 1 for the first or second of two words. */
static Status read_choice(const Parameter *p, const char *name, const char *no, const char *yes, int *out, Failure *f){
  int n = p->text.n;
  *out = n==(int)strlen(yes) && memcmp(p->text.z, yes, (size_t)n)==0;
  if( *out || (n==(int)strlen(no) && memcmp(p->text.z, no, (size_t)n)==0) ) return STATUS_OK;
  failure_set(f, "%s '%.*s' is neither '%s' nor '%s'", name, n < 40 ? n : 40, p->text.z, no, yes);
  return STATUS_INVALID;
}

static Status read_retention(const Parameter *p, CohortRule *rule, Failure *f){
  static const char recurring[] = "recurring";
  if( p->text.n!=(int)strlen(recurring) || memcmp(p->text.z, recurring, (size_t)p->text.n)!=0 ){
    Status rc = read_choice(p, "retention_mode", "exact", "on_or_after", &rule->onOrAfter, f);
    if( rc==STATUS_INVALID ){
      failure_set(f, "retention_mode '%.*s' is none of 'exact', 'on_or_after', 'recurring'", p->text.n < 40 ? p->text.n : 40, p->text.z);
    }
    return rc;
  }
  rule->recurring = 1;
  if( !rule->rolling && !rule_has(rule, COHORT_ORIGIN) ) return STATUS_OK;
  failure_set(f, "retention_mode 'recurring' begins a cohort in every calendar period with an order: it goes with mode 'calendar' and without origin_col");
  return STATUS_INVALID;
}

/* One number of periods = '0,1,3,7'; *z moves behind its comma. */
static int read_bracket(const char **z, const char *end, int64_t *out){
  int64_t v = 0;
  int digits = 0;
  while( *z < end && **z==' ' ) ++*z;
  for(; *z < end && **z >= '0' && **z <= '9' && v < 100000000; ++*z, digits++) v = 10*v + (**z - '0');
  while( *z < end && **z==' ' ) ++*z;
  *out = v;
  if( digits==0 || (*z < end && **z!=',') ) return 0;
  if( *z < end && ++*z==end ) return 0;
  return 1;
}

static Status read_periods(const Parameter *p, CohortRule *rule, Failure *f){
  const char *z = p->text.z, *end = z + p->text.n;
  int n = p->text.n < 40 ? p->text.n : 40;
  while( z < end ){
    int64_t begin;
    int ok = rule->brackets < BRACKETS_MAX && read_bracket(&z, end, &begin);
    if( !ok || (rule->brackets && begin <= rule->bracket[rule->brackets-1]) ){
      failure_set(f, "periods '%.*s' is no list of periods; write at most %d whole numbers in ascending order, such as '0,1,3,7,14,30'",
                  n, p->text.z, BRACKETS_MAX);
      return STATUS_INVALID;
    }
    rule->bracket[rule->brackets++] = begin;
  }
  return STATUS_OK;
}

/* An event's name, kept: parameters do not outlive init. */
static Status keep_event(const TableRequest *request, int which, const char *name, const char **out, int *size, Failure *f){
  const Parameter *p = &request->parameter[which];
  char *copy;
  if( !(request->givenParameters >> which & 1) ) return STATUS_OK;
  if( !(request->givenColumns >> COHORT_EVENT & 1) ){
    failure_set(f, "%s needs event_col, the column that names events", name);
    return STATUS_INVALID;
  }
  copy = memory_alloc((size_t)p->text.n + 1);
  if( copy==0 ) return STATUS_NOMEM;
  memcpy(copy, p->text.z, (size_t)p->text.n);
  *out = copy;
  *size = p->text.n;
  return STATUS_OK;
}

static Status read_options(CohortRule *rule, const TableRequest *request, Failure *f){
  const Parameter *p = request->parameter;
  Status rc = keep_event(request, PARAMETER_START_EVENT, "start_event", &rule->startEvent, &rule->startSize, f);
  if( rc==STATUS_OK ) rc = keep_event(request, PARAMETER_RETURN_EVENT, "return_event", &rule->returnEvent, &rule->returnSize, f);
  if( rc==STATUS_OK && rule->startEvent && rule_has(rule, COHORT_ORIGIN) ){
    failure_set(f, "start_event and origin_col both say where cohorts begin; give one of them");
    rc = STATUS_INVALID;
  }
  if( rc==STATUS_OK && (request->givenParameters >> PARAMETER_PERIODS & 1) ) rc = read_periods(&p[PARAMETER_PERIODS], rule, f);
  rule->least = p[PARAMETER_LEAST].integer;
  if( rc==STATUS_OK && rule->least < 1 ){
    failure_set(f, "min_orders %lld is no number of orders; use 1 or more", (long long)rule->least);
    rc = STATUS_INVALID;
  }
  return rc;
}

/* ---- places: brackets of periods, or periods ---- */

int64_t place_of_period(const CohortRule *r, int64_t period){
  int low = 0, high = r->brackets;
  if( r->brackets==0 ) return period;
  while( low < high ){                                         /* the first that begins later */
    int middle = (low + high)/2;
    if( r->bracket[middle] <= period ) low = middle + 1; else high = middle;
  }
  return low > 0 && period < place_end(r, low - 1) ? low - 1 : -1;
}

int64_t places_whole(const CohortRule *r, int64_t n){
  int64_t k = 0;
  if( r->brackets==0 ) return n;
  while( k < r->brackets && place_end(r, k) <= n ) k++;
  return k;
}

int64_t places_begun(const CohortRule *r, int64_t n){
  int64_t k = 0;
  if( r->brackets==0 ) return n;
  while( k < r->brackets && r->bracket[k] < n ) k++;
  return k;
}

#define PLAIN_COLUMNS ((1u << COHORT_CUSTOMER) | (1u << COHORT_TIME) | (1u << COHORT_AMOUNT))

static Status cohort_init(void *acc, const TableRequest *request, Failure *f){
  CohortTable *t = acc;
  CohortRule *rule = &t->rule;
  const Parameter *p = request->parameter;
  Status rc;
  matrix_init(&t->matrix);
  t->last = INT64_MIN;
  members_init(&t->members, rule, &t->matrix);
  rule->grain = p[PARAMETER_GRAIN].grain;
  rule->length = grain_duration(rule->grain);
  rule->zone = request->zone;
  rule->asOfGiven = request->givenParameters >> PARAMETER_AS_OF & 1;
  rule->asOf = p[PARAMETER_AS_OF].instant;
  rule->columns = request->givenColumns;
  rule->wantsMoney = (request->needs & COHORT_CELLS)!=0;
  t->ordered = request->ordered;
  bits_init(&t->bits, rule);
  period_cache_init(&t->bits.cache, rule->grain, rule->zone);
  period_cache_init(&t->members.cache, rule->grain, rule->zone);
  rc = read_choice(&p[PARAMETER_MODE], "mode", "calendar", "rolling", &rule->rolling, f);
  if( rc==STATUS_OK ) rc = read_retention(&p[PARAMETER_RETENTION_MODE], rule, f);
  if( rc==STATUS_OK ) rc = read_options(rule, request, f);
  t->members.isPlain = !rule->rolling && !rule->recurring && rule->brackets==0 && rule->least==1
                    && (rule->columns & ~PLAIN_COLUMNS)==0;
  t->fast = !t->ordered && t->members.isPlain;
  return rc;
}

static void cohort_destroy(void *acc){
  CohortTable *t = acc;
  matrix_destroy(&t->matrix);
  members_destroy(&t->members);
  bits_destroy(&t->bits);
  memory_free((void*)(uintptr_t)t->rule.startEvent);
  memory_free((void*)(uintptr_t)t->rule.returnEvent);
}

/* Without as_of, observation ends with the last time seen; `with` is a column that must not
** be NULL for the row to count. */
static void see_times(CohortTable *t, const Batch *b, int column, int with){
  const Column *c = &b->column[column], *needed = &b->column[with];
  Instant last = t->last;
  int i;
  if( !rule_has(&t->rule, column) ) return;
  if( column==with && column_is_integer(c, b->rows) ){
    for(i=0; i<b->rows; i++) last = c->cell[i].i > last ? c->cell[i].i : last;
    t->last = last;
    return;
  }
  for(i=0; i<b->rows; i++){
    if( c->type[i]!=CELL_NULL && needed->type[i]!=CELL_NULL && c->cell[i].i > last ) last = c->cell[i].i;
  }
  t->last = last;
}

static Status cohort_absorb(void *acc, Batch *b, Failure *f){
  CohortTable *t = acc;
  Status rc;
  if( t->ordered && t->members.isPlain ) return plain_stream(&t->members, b, f);
  if( !t->rule.asOfGiven ){
    if( t->ordered && t->rule.rolling ) return STATUS_UNORDERED;   /* needs the end beforehand */
    see_times(t, b, COHORT_TIME, rule_has(&t->rule, COHORT_ORDER) ? COHORT_ORDER : COHORT_TIME);
    see_times(t, b, COHORT_ORIGIN, COHORT_ORIGIN);
  }
  if( t->ordered ) return members_stream(&t->members, b, f);
  if( t->fast ){
    rc = bits_absorb(&t->bits, b, f);
    if( rc!=STATUS_UNORDERED ) return rc;
    t->fast = 0;
    rc = bits_hand_over(&t->bits, &t->members, b->stop);
    if( rc!=STATUS_OK ) return rc;
  }
  return members_keep(&t->members, b, f);
}

static Status cohort_histories(void *acc, Histories *h, Failure *f){
  CohortTable *t = acc;
  return t->ordered ? members_histories(&t->members, h, f) : STATUS_UNLIKE;
}

static Status cohort_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  CohortTable *t = acc;
  Status rc;
  if( t->members.plain.last > t->last ) t->last = t->members.plain.last;
  if( !t->rule.asOfGiven ) t->rule.asOf = t->last;
  rc = t->fast ? bits_finish(&t->bits, &t->matrix, f, stop) : members_finish(&t->members, f, stop);
  if( rc==STATUS_OK ) rc = members_histories_finish(&t->members, f);
  if( rc==STATUS_OK ) rc = matrix_finish(&t->matrix, &t->rule, rows, f, stop);
  bits_destroy(&t->bits);
  return rc;
}

const TableMetric METRIC_COHORT_WINDOW = {
  .size = sizeof(CohortTable), .outputs = COHORT_OUTPUTS, .typicalRows = 1000, .state = 1, .keys = KEYS_IN(CohortTable, bits.customers), .streams = 1,
  .init = cohort_init, .absorb = cohort_absorb, .absorbHistory = cohort_histories, .finish = cohort_finish,
  .destroy = cohort_destroy
};
