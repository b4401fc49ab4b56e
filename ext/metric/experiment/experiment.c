/*
** Figures of an experiment that need only means.  Rows without an outcome are in nothing.
**   uplift        mean(treated) - mean(control)
**   uplift_ratio  mean(treated) / mean(control) - 1
**   uplift_did    (treated after - treated before) - (control after - control before)
**   tgi           share of the trait in the segment / share of the trait overall * 100
** Difference in differences: Card, Krueger 1994.  TGI: the target group index that agencies
** print beside each trait of an audience (人群特征).
*/
#include "base/number/widesum.h"
#include "metric/experiment/experiment.h"

Money mean_of(Money sum, int64_t rows){
  double n = (double)rows;
  Money m = { money_real(sum) / n, 0 }, product = exact_product(m.hi, n);
  money_subtract(&sum, product);
  if( isfinite(product.lo) ) m.lo = money_real(sum) / n;
  return m;
}

/* ---- means of the rows by treated (bit 0) and post (bit 1) ---- */

typedef struct Mean { int64_t rows; Money sum; uint32_t place; } Mean;

#define MEANS 4                /* control, treated; the same after */
typedef struct Means { ExactNumbers sums; Mean mean[MEANS]; } Means;
typedef struct TwoMeans { ExactNumbers sums; Mean mean[2]; } TwoMeans;

static void two_destroy(void *acc){ exact_destroy(&((TwoMeans*)acc)->sums); }
static void four_destroy(void *acc){ exact_destroy(&((Means*)acc)->sums); }

static Status mean_add(ExactNumbers *sums, Mean *m, const Column *outcome, int row, int sign){
  if( outcome->type[row]==CELL_NULL ) return STATUS_OK;
  m->rows += sign;
  return exact_add_cell(sums, &m->sum, &m->place, outcome, row, sign);
}

static Status two_absorb(void *acc, Batch *b, int sign, Failure *f){
  TwoMeans *a = acc;
  Status rc = STATUS_OK;
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    rc = mean_add(&a->sums, &a->mean[b->column[0].cell[i].i], &b->column[1], i, sign);
  }
  return rc;
}

static Status four_absorb(void *acc, Batch *b, int sign, Failure *f){
  Means *a = acc;
  Status rc = STATUS_OK;
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    rc = mean_add(&a->sums, &a->mean[b->column[0].cell[i].i | b->column[1].cell[i].i << 1], &b->column[2], i, sign);
  }
  return rc;
}

static void means_encode(const Mean *m, int n, Buffer *out){
  int i;
  for(i=0; i<n; i++){
    buffer_put_signed(out, m[i].rows);
    money_encode(m[i].sum, out);
  }
}
static Status means_fold(Mean *m, int n, Reader *in){
  int i;
  for(i=0; i<n; i++){
    count_fold(&m[i].rows, in);
    money_add(&m[i].sum, money_fold(in));
  }
  return STATUS_OK;
}
static void two_encode(const void *acc, Buffer *out){ means_encode(((const TwoMeans*)acc)->mean, 2, out); }
static void four_encode(const void *acc, Buffer *out){ means_encode(((const Means*)acc)->mean, MEANS, out); }
static Status two_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  return means_fold(((TwoMeans*)acc)->mean, 2, in);
}
static Status four_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  return means_fold(((Means*)acc)->mean, MEANS, in);
}

/* A figure; STATUS_OVERFLOW when the outcomes were too large for it. */
static Status figure(Result *r, double v){
  result_real(r, v);
  return isfinite(v) ? STATUS_OK : STATUS_OVERFLOW;
}

static Status uplift_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Mean *m = ((TwoMeans*)acc)->mean;
  (void)f; (void)stop;
  if( m[0].rows==0 || m[1].rows==0 ) return STATUS_OK;
  return figure(r, mean_difference(mean_of(m[1].sum, m[1].rows), mean_of(m[0].sum, m[0].rows)));
}

static Status ratio_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Mean *m = ((TwoMeans*)acc)->mean;
  Money control, treated;
  (void)f; (void)stop;
  if( m[0].rows==0 || m[1].rows==0 ) return STATUS_OK;
  control = mean_of(m[0].sum, m[0].rows);
  treated = mean_of(m[1].sum, m[1].rows);
  if( control.hi==0 ) return STATUS_OK;
  return figure(r, mean_difference(treated, control) / money_real(control));
}

static Status did_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Mean *m = ((Means*)acc)->mean;
  Money mean[MEANS], treated, control;
  int i;
  (void)f; (void)stop;
  for(i=0; i<MEANS; i++){
    if( m[i].rows==0 ) return STATUS_OK;
    mean[i] = mean_of(m[i].sum, m[i].rows);
  }
  control = mean[2];
  money_subtract(&control, mean[0]);
  treated = mean[3];
  money_subtract(&treated, mean[1]);
  return figure(r, mean_difference(treated, control));
}

const Metric METRIC_UPLIFT = {
  .id = "uplift", .version = 1, .size = sizeof(TwoMeans), .sliding = 1,
  .absorb = two_absorb, .encode = two_encode, .fold = two_fold, .result = uplift_result, .destroy = two_destroy
};
const Metric METRIC_UPLIFT_RATIO = {
  .id = "uplift_ratio", .version = 1, .size = sizeof(TwoMeans), .sliding = 1,
  .absorb = two_absorb, .encode = two_encode, .fold = two_fold, .result = ratio_result, .destroy = two_destroy
};
const Metric METRIC_UPLIFT_DID = {
  .id = "uplift_did", .version = 1, .size = sizeof(Means), .sliding = 1,
  .absorb = four_absorb, .encode = four_encode, .fold = four_fold, .result = did_result, .destroy = four_destroy
};

/* ---- tgi: counts by segment (bit 0) and trait (bit 1) ---- */

typedef struct Tgi { int64_t rows[4]; } Tgi;

static Status tgi_absorb(void *acc, Batch *b, int sign, Failure *f){
  Tgi *a = acc;
  int i;
  (void)f;
  for(i=0; i<b->rows; i++) a->rows[b->column[0].cell[i].i | b->column[1].cell[i].i << 1] += sign;
  return STATUS_OK;
}
static void tgi_encode(const void *acc, Buffer *out){
  const Tgi *a = acc;
  int i;
  for(i=0; i<4; i++) buffer_put_signed(out, a->rows[i]);
}
static Status tgi_fold(void *acc, Reader *in, Failure *f){
  Tgi *a = acc;
  int i;
  (void)f;
  for(i=0; i<4; i++) count_fold(&a->rows[i], in);
  return STATUS_OK;
}
static Status tgi_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const int64_t *n = ((Tgi*)acc)->rows;
  double segment = (double)n[1] + (double)n[3], trait = (double)n[2] + (double)n[3];
  double all = segment + (double)n[0] + (double)n[2];
  (void)f; (void)stop;
  if( trait!=0 ) result_ratio(r, (double)n[3] * all * 100 / trait, segment);
  return STATUS_OK;
}

const Metric METRIC_TGI = {
  .id = "tgi", .version = 1, .size = sizeof(Tgi), .sliding = 1,
  .absorb = tgi_absorb, .encode = tgi_encode, .fold = tgi_fold, .result = tgi_result
};
