/*
** Is an uplift chance?  Two arms, control and treated, of rows with an outcome.
**
** All outcomes 0 or 1: two proportions p1, p0 of n1, n0 rows, X of N rows being 1.
**   p-value    of z = (p1 - p0) / sqrt(P (1-P) (1/n1 + 1/n0)), P = X / N, two-sided
**   interval   p1 - p0 -+ 1.96 sqrt(p1 (1-p1)/n1 + p0 (1-p0)/n0), cut to -1 ... 1
** as R's prop.test(correct = FALSE).
** Else Welch's test (1947): v = variance (divisor n - 1) / n of each arm, s^2 = v1 + v0,
**   t = (m1 - m0) / s, df = s^4 / (v1^2/(n1-1) + v0^2/(n0-1)), interval m1 - m0 -+ t(95 %) s
** as R's t.test.
**
** Sums of outcomes and squares are wide (212 bits), so that the variance does not suffer
** from a large mean nor from rows that a window has taken out again.
*/
#include "base/maths/distribution.h"
#include "base/json.h"
#include "base/number/widesum.h"
#include "metric/experiment/experiment.h"

typedef struct Arm {
  int64_t rows, others;        /* with an outcome; with one that is neither 0 nor 1 */
  WideSum sum, squares;
} Arm;
typedef struct Arms { Arm arm[2]; } Arms;      /* control, treated */

#define OUTCOME_BOUND 1e140    /* squares of larger ones, and their sums, overflow */

static void arm_add(Arm *a, double v, int sign){
  widesum_add(&a->sum, sign > 0 ? v : -v);
  widesum_add_product(&a->squares, v, v, sign);
}

/* An INTEGER beyond 2^53 as two doubles: (h + l)^2 = h^2 + 2 h l + l^2. */
static void arm_add_large(Arm *a, int64_t v, int sign){
  int64_t top = v / (INT64_C(1)<<31) * (INT64_C(1)<<31);
  double high = (double)top, low = (double)(v - top);
  arm_add(a, high, sign);
  arm_add(a, low, sign);
  widesum_add_product(&a->squares, 2*high, low, sign);
}

static Status arm_change(Arm *a, const Column *c, int row, int sign, Failure *f){
  int64_t whole = c->type[row]==CELL_INTEGER ? c->cell[row].i : 0;
  double v = c->type[row]==CELL_INTEGER ? (double)whole : c->cell[row].r;
  if( c->type[row]==CELL_NULL ) return STATUS_OK;
  if( fabs(v) > OUTCOME_BOUND ){
    failure_set(f, "outcome %!.15g is beyond 1e140 and has no finite square; scale the outcomes", v);
    return STATUS_INVALID;
  }
  a->rows += sign;
  a->others += v==0 || v==1 ? 0 : sign;
  if( whole > (INT64_C(1)<<53) || whole < -(INT64_C(1)<<53) ) arm_add_large(a, whole, sign);
  else arm_add(a, v, sign);
  return STATUS_OK;
}

static Status arms_absorb(void *acc, Batch *b, int sign, Failure *f){
  Arms *a = acc;
  Status rc = STATUS_OK;
  int i;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    rc = arm_change(&a->arm[b->column[0].cell[i].i], &b->column[1], i, sign, f);
  }
  return rc;
}

static void wide_encode(const WideSum *w, Buffer *out){
  int i;
  for(i=0; i<WIDESUM_PARTS; i++) buffer_put_real(out, w->part[i]);
}
static void wide_fold(WideSum *w, Reader *in){
  int i;
  for(i=0; i<WIDESUM_PARTS; i++) widesum_add(w, reader_real(in));
}
static void arms_encode(const void *acc, Buffer *out){
  const Arms *a = acc;
  int i;
  for(i=0; i<2; i++){
    buffer_put_signed(out, a->arm[i].rows);
    buffer_put_signed(out, a->arm[i].others);
    wide_encode(&a->arm[i].sum, out);
    wide_encode(&a->arm[i].squares, out);
  }
}
static Status arms_fold(void *acc, Reader *in, Failure *f){
  Arms *a = acc;
  int i;
  (void)f;
  for(i=0; i<2; i++){
    count_fold(&a->arm[i].rows, in);
    count_fold(&a->arm[i].others, in);
    wide_fold(&a->arm[i].sum, in);
    wide_fold(&a->arm[i].squares, in);
  }
  return STATUS_OK;
}

/* ---- what both figures are made of ---- */

typedef struct Comparison {
  double difference;           /* of means, treated - control */
  double error;                /* standard error for the interval */
  double statistic;            /* z or t; NAN when there is none */
  double df;                   /* of t; 0: z */
} Comparison;

/* Mean, and the sum of squares about it: with m a double near the mean, d = sum(x - m) is
** small, and sum((x - mean)^2) = sum(x^2) - 2 m sum(x) + n m^2 - d^2 / n. */
static Money arm_mean(const Arm *a, double *squares){
  double n = (double)a->rows, d;
  Money mean = { widesum_real(&a->sum) / n, 0 }, square = exact_product(mean.hi, mean.hi);
  WideSum rest = a->sum, about = a->squares;
  int i;
  widesum_add_product(&rest, mean.hi, n, -1);
  d = widesum_real(&rest);
  mean.lo = d / n;
  for(i=0; i<WIDESUM_PARTS; i++) widesum_add_product(&about, 2*mean.hi, a->sum.part[i], -1);
  widesum_add_product(&about, square.hi, n, +1);
  widesum_add_product(&about, square.lo, n, +1);
  *squares = widesum_real(&about) - d*d/n;
  if( *squares < 0 ) *squares = 0;
  return mean;
}

/* z^2 = (x1 n0 - x0 n1)^2 N / (n1 n0 X (N - X)), whose difference is exact. */
static void compare_proportions(const Arms *a, Comparison *c){
  double n0 = (double)a->arm[0].rows, n1 = (double)a->arm[1].rows, n = n0 + n1;
  double x0 = widesum_real(&a->arm[0].sum), x1 = widesum_real(&a->arm[1].sum), x = x0 + x1;
  Money plus = exact_product(x1, n0);
  money_subtract(&plus, exact_product(x0, n1));
  c->difference = money_real(plus) / (n0 * n1);
  c->error = sqrt(x0*(n0 - x0)/(n0*n0*n0) + x1*(n1 - x1)/(n1*n1*n1));
  c->statistic = x>0 && x<n ? money_real(plus) * sqrt(n / (n1*n0*x*(n - x))) : NAN;
}

static int compare_means(const Arms *a, Comparison *c){
  double n0 = (double)a->arm[0].rows, n1 = (double)a->arm[1].rows, s0, s1, v0, v1;
  Money m0, m1;
  if( n0 < 2 || n1 < 2 ) return 0;
  m0 = arm_mean(&a->arm[0], &s0);
  m1 = arm_mean(&a->arm[1], &s1);
  v0 = s0 / (n0 - 1) / n0;
  v1 = s1 / (n1 - 1) / n1;
  c->difference = mean_difference(m1, m0);
  c->error = sqrt(v0 + v1);
  if( c->error==0 ) return 0;              /* constant outcomes: no t */
  v0 /= v0 + v1;
  v1 = 1 - v0;
  c->df = 1 / (v0*v0/(n0 - 1) + v1*v1/(n1 - 1));
  c->statistic = c->difference / c->error;
  return 1;
}

/* 1 when there is something to compare. */
static int compare_arms(const Arms *a, Comparison *c){
  memset(c, 0, sizeof *c);
  if( a->arm[0].rows<=0 || a->arm[1].rows<=0 ) return 0;
  if( a->arm[0].others || a->arm[1].others ) return compare_means(a, c);
  compare_proportions(a, c);
  return 1;
}

static Status p_value_result(void *acc, Result *r, Failure *f, const Stop *stop){
  Comparison c;
  (void)f; (void)stop;
  if( !compare_arms(acc, &c) || isnan(c.statistic) ) return STATUS_OK;
  result_real(r, c.df!=0 ? distribution_t_two_sided(c.statistic, c.df)
                         : distribution_normal_two_sided(c.statistic));
  return STATUS_OK;
}

static Status interval_result(void *acc, Result *r, Failure *f, const Stop *stop){
  Buffer *b = &r->buffer;
  Comparison c;
  double low, high, width;
  (void)f; (void)stop;
  if( !compare_arms(acc, &c) ) return STATUS_OK;
  width = c.error * (c.df!=0 ? distribution_t_95(c.df) : DISTRIBUTION_NORMAL_95);
  low = c.difference - width;
  high = c.difference + width;
  if( c.df==0 && low < -1 ) low = -1;
  if( c.df==0 && high > 1 ) high = 1;
  r->kind = RESULT_TEXT;
  buffer_put_byte(b, '[');
  json_put_real(b, low);
  buffer_put_byte(b, ',');
  json_put_real(b, high);
  buffer_put_byte(b, ']');
  return b->failed ? STATUS_NOMEM : STATUS_OK;
}

const Metric METRIC_UPLIFT_INTERVAL = {
  .id = "uplift_interval", .version = 1, .size = sizeof(Arms), .sliding = 1,
  .absorb = arms_absorb, .encode = arms_encode, .fold = arms_fold, .result = interval_result
};
const Metric METRIC_UPLIFT_P_VALUE = {
  .id = "uplift_p_value", .version = 1, .size = sizeof(Arms), .sliding = 1,
  .absorb = arms_absorb, .encode = arms_encode, .fold = arms_fold, .result = p_value_result
};
