/*
** cohort_window: retention, revenue and lifetime value of every cohort in one pass.
** See cohort.h for the pieces, docs/cohorts.md for the figures.
*/
#include "metric/cohort/cohort.h"

typedef struct CohortTable {
  CohortRule rule;
  CohortMatrix matrix;
  Members members;
  Bits bits;
  int ordered, fast;
  Instant last;                /* the last time seen; INT64_MIN: none */
} CohortTable;

/* Parameters, in the order of the signature. */
enum { PARAMETER_GRAIN, PARAMETER_AS_OF, PARAMETER_ZONE, PARAMETER_MODE, PARAMETER_RETENTION_MODE };

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

/* Outputs from `orders` on, less what is known of eligibility, need the cells. */
#define MONEY_OUTPUTS ((UINT64_C(0x3f) << 6) | (UINT64_C(0x3f) << 15))
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
  rule->wantsMoney = (request->usedOutputs & MONEY_OUTPUTS)!=0;
  t->ordered = request->ordered;
  bits_init(&t->bits, rule);
  period_cache_init(&t->bits.cache, rule->grain, rule->zone);
  period_cache_init(&t->members.cache, rule->grain, rule->zone);
  rc = read_choice(&p[PARAMETER_MODE], "mode", "calendar", "rolling", &rule->rolling, f);
  if( rc==STATUS_OK ) rc = read_retention(&p[PARAMETER_RETENTION_MODE], rule, f);
  t->members.isPlain = !rule->rolling && !rule->recurring && (rule->columns & ~PLAIN_COLUMNS)==0;
  t->fast = !t->ordered && t->members.isPlain;
  return rc;
}

static void cohort_destroy(void *acc){
  CohortTable *t = acc;
  matrix_destroy(&t->matrix);
  members_destroy(&t->members);
  bits_destroy(&t->bits);
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
    rc = bits_hand_over(&t->bits, &t->members);
    if( rc!=STATUS_OK ) return rc;
  }
  return members_keep(&t->members, b, f);
}

static Status cohort_finish(void *acc, int64_t *rows, Failure *f, const Poll *poll){
  CohortTable *t = acc;
  Status rc;
  if( t->members.plain.last > t->last ) t->last = t->members.plain.last;
  if( !t->rule.asOfGiven ) t->rule.asOf = t->last;
  rc = t->fast ? bits_finish(&t->bits, &t->matrix, f, poll) : members_finish(&t->members, f, poll);
  if( rc==STATUS_OK ) rc = matrix_finish(&t->matrix, &t->rule, rows, f, poll);
  bits_destroy(&t->bits);
  return rc;
}

static Status cohort_cell(void *acc, int64_t row, int column, TableCell *out, Failure *f){
  const CohortTable *t = acc;
  (void)f;
  return matrix_output(&t->matrix, &t->rule, row, column, out);
}

const TableMetric METRIC_COHORT_WINDOW = {
  .size = sizeof(CohortTable), .keys = KEYS_IN(CohortTable, bits.customers), .streams = 1,
  .init = cohort_init, .absorb = cohort_absorb, .finish = cohort_finish, .cell = cohort_cell,
  .destroy = cohort_destroy
};
