/*
** btyd_fit with covariates as an accumulator: rows are kept as they are, since almost every one of
** them is distinct.  A state is the rows in order, so that equal rows give equal bytes.
*/
#include "metric/prediction/prediction.h"
#include "metric/prediction/btyd_covariates.h"

#include <math.h>

#include "base/json.h"

enum { COVARIATE_FREQUENCY, COVARIATE_RECENCY, COVARIATE_AGE, COVARIATE_FIRST };

typedef struct Covariates {
  CovariateRow *row;
  size_t rows, capacity;
  int count;                   /* covariates; 0: no row yet */
  double unitDays;
  CovariateFit *fit;           /* of the rows as they stand, or NULL */
} Covariates;

static Status covariates_init(void *acc, const Parameter *p, Failure *f){
  Covariates *a = acc;
  int n = p[0].text.n;
  a->unitDays = p[1].real;
  if( n!=9 || memcmp(p[0].text.z, "paretonbd", 9)!=0 ){
    failure_set(f, "covariates go with model 'paretonbd', not with '%.*s'", n < 40 ? n : 40, p[0].text.z);
    return STATUS_INVALID;
  }
  if( a->unitDays > 0 ) return STATUS_OK;
  failure_set(f, "unit_days %.15g must be positive: 1 when recency and age are in days, 7 for weeks", a->unitDays);
  return STATUS_INVALID;
}

static void covariates_destroy(void *acc){
  Covariates *a = acc;
  memory_free(a->row);
  memory_free(a->fit);
}

static double cell_number(const Column *c, int row){
  return c->type[row]==CELL_INTEGER ? (double)c->cell[row].i : c->cell[row].r;
}

static Status covariates_absorb(void *acc, Batch *b, int sign, Failure *f){
  Covariates *a = acc;
  Status rc = STATUS_OK;
  int i, k;
  (void)sign;
  memory_free(a->fit);
  a->fit = 0;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    CovariateRow row = {0, 0, 0, {0, 0, 0, 0}};
    row.frequency = cell_number(&b->column[COVARIATE_FREQUENCY], i);
    row.recency = cell_number(&b->column[COVARIATE_RECENCY], i);
    row.age = cell_number(&b->column[COVARIATE_AGE], i);
    for(k=0; k<COVARIATES_MAX && b->column[COVARIATE_FIRST + k].type[i]!=CELL_NULL; k++){
      row.z[k] = cell_number(&b->column[COVARIATE_FIRST + k], i) + 0.0;
    }
    a->count = k;
    rc = history_check(BTYD_PARETONBD, row.frequency, row.recency, row.age, f);
    if( rc==STATUS_OK ) rc = memory_grow((void**)&a->row, &a->capacity, a->rows + 1, sizeof row);
    if( rc==STATUS_OK ) a->row[a->rows++] = row;
  }
  return rc;
}

static void covariates_encode(const void *acc, Buffer *out){
  const Covariates *a = acc;
  size_t i;
  int k;
  buffer_put_unsigned(out, (uint64_t)a->count);
  buffer_put_unsigned(out, a->rows);
  for(i=0; i<a->rows; i++){
    buffer_put_real(out, a->row[i].frequency);
    buffer_put_real(out, a->row[i].recency);
    buffer_put_real(out, a->row[i].age);
    for(k=0; k<a->count; k++) buffer_put_real(out, a->row[i].z[k]);
  }
}

static Status covariates_fold(void *acc, Reader *in, Failure *f){
  Covariates *a = acc;
  uint64_t count = reader_unsigned(in), n = reader_unsigned(in);
  Status rc = STATUS_OK;
  uint64_t k;
  if( count > COVARIATES_MAX || (n > 0 && count==0) ) return STATUS_CORRUPT;
  if( n > 0 && a->count && a->count!=(int)count ){
    failure_set(f, "states of %d and of %d covariates do not merge", a->count, (int)count);
    return STATUS_INVALID;
  }
  if( n > 0 ) a->count = (int)count;
  memory_free(a->fit);
  a->fit = 0;
  for(; rc==STATUS_OK && n > 0 && !in->failed; n--){
    CovariateRow row = {0, 0, 0, {0, 0, 0, 0}};
    int finite = 1;
    row.frequency = reader_real(in);
    row.recency = reader_real(in);
    row.age = reader_real(in);
    for(k=0; k<count; k++){
      row.z[k] = reader_real(in);
      finite &= isfinite(row.z[k]) != 0;
    }
    if( in->failed || !finite || btyd_history_error(row.frequency, row.recency, row.age) ) return STATUS_CORRUPT;
    rc = memory_grow((void**)&a->row, &a->capacity, a->rows + 1, sizeof row);
    if( rc==STATUS_OK ) a->row[a->rows++] = row;
  }
  return rc==STATUS_OK && in->failed ? STATUS_CORRUPT : rc;
}

/* ---- the answer ---- */

static void put_effects(Buffer *b, const char *name, int n, const double *v){
  int k;
  buffer_printf(b, ",\"%s\":", name);
  if( n==0 ){ buffer_put(b, "null", 4); return; }
  for(k=0; k<n; k++){
    buffer_put_byte(b, k ? ',' : '[');
    json_put_real(b, v[k]);
  }
  buffer_put_byte(b, ']');
}

#define COVARIATE_ROWS_PER_QUESTION 500      /* of few rows not every evaluation asks */

static Status covariates_result(void *acc, Result *r, Failure *f, const Stop *stop){
  Covariates *a = acc;
  RareStop rare = { stop, 1 + (unsigned)(COVARIATE_ROWS_PER_QUESTION/(a->rows + 1)), 0, 0 };
  Stop own = { rare_stop_ask, &rare };
  const CovariateFit *fit;
  Status rc = STATUS_OK;
  if( a->rows==0 ) return rc;
  if( a->fit==0 ){
    a->fit = memory_zeroed(sizeof *a->fit);
    if( a->fit==0 ) return STATUS_NOMEM;
    rc = btyd_covariate_fit(a->row, a->rows, a->count, a->unitDays, &own, a->fit);
    if( rc==STATUS_INVALID ) failure_set(f, "a history breaks the rules of the model");
    if( rare.stopped ) rc = STATUS_INTERRUPTED;
    if( rc!=STATUS_OK ){
      memory_free(a->fit);
      a->fit = 0;
      return rc;
    }
  }
  fit = a->fit;
  prediction_put_fit(&r->buffer, &fit->plain);
  if( r->buffer.size ) r->buffer.size--;                       /* its closing bracket */
  put_effects(&r->buffer, "purchase_effect", fit->covariates, fit->purchase);
  put_effects(&r->buffer, "dropout_effect", fit->covariates, fit->dropout);
  put_effects(&r->buffer, "purchase_effect_se", fit->covariates, fit->purchase_se);
  put_effects(&r->buffer, "dropout_effect_se", fit->covariates, fit->dropout_se);
  buffer_printf(&r->buffer, ",\"lr_vs_no_covariates\":");
  json_put_real(&r->buffer, fit->lr);
  buffer_put_byte(&r->buffer, '}');
  r->kind = RESULT_TEXT;
  return r->buffer.failed ? STATUS_NOMEM : STATUS_OK;
}

const Metric METRIC_BTYD_FIT_COVARIATES = {
  .id = "btyd_fit/covariates", .version = 1, .size = sizeof(Covariates),
  .init = covariates_init, .absorb = covariates_absorb, .encode = covariates_encode, .fold = covariates_fold,
  .result = covariates_result, .destroy = covariates_destroy
};
