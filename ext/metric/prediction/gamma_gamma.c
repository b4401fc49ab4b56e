/*
** Gamma-Gamma model of spend (Fader, Hardie 2013): the mean m of x purchases has
**   ln L = ln Gamma(px+q) - ln Gamma(px) - ln Gamma(q) + q ln v + (px-1) ln m + px ln x - (px+q) ln(xm+v).
** Fitted over repeat customers; money is divided by its mean while fitting.
*/
#include "metric/prediction/btyd_internal.h"

#include <math.h>

#include "base/maths/special.h"

#define FEWEST_BUYERS 10
#define GOOD_BUYERS 500
#define PARAMETERS 3
#define STARTS 4

static const double lower[PARAMETERS] = { 1e-4, 1e-4, 1e-6 }, upper[PARAMETERS] = { 1e5, 1e4, 1e5 };
/* p, q, v with a base mean p v/(q-1) near 1 */
static const double starts[STARTS][PARAMETERS] = { { 6, 4, 0.5 }, { 2, 3, 1 }, { 1, 1.5, 0.5 }, { 20, 10, 0.45 } };

typedef struct Spend { double mean, log_mean, weight; } Spend;

typedef struct SpendPlan {
  const BtydRow *sorted;          /* frequency groups the rows; recency = mean spend */
  Spend *spend;
  size_t rows;
  double customers, scale;
  const Stop *stop;
} SpendPlan;

typedef struct SpendSums { double weight, log_mean, log_total, inverse; } SpendSums;

static SpendSums sum_group(const SpendPlan *plan, size_t from, size_t to, double x, double v){
  SpendSums s = {0, 0, 0, 0};
  size_t i;
  for(i = from; i < to; i++){
    const Spend *spend = &plan->spend[i];
    double total = x*spend->mean + v;
    if( stop_asked_at(plan->stop, i) ){
      s.weight = NAN;
      break;
    }
    s.weight += spend->weight;
    s.log_mean += spend->weight*spend->log_mean;
    s.log_total += spend->weight*log(total);
    s.inverse += spend->weight/total;
  }
  return s;
}

static double spend_likelihood(void *context, const double *parameter, double *gradient){
  const SpendPlan *plan = context;
  double p = parameter[0], q = parameter[1], v = parameter[2], value = 0;
  size_t from, to;
  gradient[0] = gradient[1] = gradient[2] = 0;
  for(from = 0; from < plan->rows; from = to){
    double x = plan->sorted[from].frequency, shape = p*x, psi;
    SpendSums s;
    for(to = from; to < plan->rows && plan->sorted[to].frequency == x; ) to++;
    if( isnan(value) ) return NAN;
    s = sum_group(plan, from, to, x, v);
    psi = digamma(shape + q);
    value += s.weight*(log_gamma_ratio(shape, q) - log_gamma(q) + q*log(v) + shape*log(x))
           + (shape - 1)*s.log_mean - (shape + q)*s.log_total;
    gradient[0] += x*(s.weight*(psi - digamma(shape) + log(x)) + s.log_mean - s.log_total);
    gradient[1] += s.weight*(psi - digamma(q) + log(v)) - s.log_total;
    gradient[2] += s.weight*q/v - (shape + q)*s.inverse;
  }
  return value;
}

static Status survey(SpendPlan *plan){
  double money = 0;
  size_t i;
  for(i = 0; i < plan->rows; i++){
    const BtydRow *row = &plan->sorted[i];
    if( !(row->frequency > 0) || btyd_spend_error(row->frequency, row->recency) ) return STATUS_INVALID;
    plan->customers += row->weight;
    money += row->weight*row->recency;
  }
  plan->scale = plan->customers > 0 ? money/plan->customers : 1;
  return STATUS_OK;
}

static void fill_spend(SpendPlan *plan){
  size_t i;
  for(i = 0; i < plan->rows; i++){
    plan->spend[i].mean = plan->sorted[i].recency/plan->scale;
    plan->spend[i].log_mean = log(plan->spend[i].mean);
    plan->spend[i].weight = plan->sorted[i].weight;
  }
}

static Status maximise(SpendPlan *plan, const Stop *stop, FitPoint *out){
  FitProblem problem;
  FitPoint best;
  int i, evaluations = 0;
  Status rc = STATUS_OK;
  problem.value = spend_likelihood;
  problem.context = plan;
  problem.customers = plan->customers;
  problem.parameters = PARAMETERS;
  problem.paired = 0;
  problem.lower = lower;
  problem.upper = upper;
  problem.stop = plan->stop = stop;
  best.log_likelihood = -INFINITY;
  for(i = 0; i < STARTS && rc == STATUS_OK; i++){
    rc = btyd_maximise(&problem, starts[i], 0, out);
    evaluations += out->evaluations;
    if( i == 0 || out->log_likelihood > best.log_likelihood ) best = *out;
  }
  if( rc == STATUS_OK ) rc = btyd_maximise(&problem, best.parameter, 1, out);
  out->evaluations += evaluations;
  return rc;
}

static void take_point(const SpendPlan *plan, const FitPoint *point, BtydFit *fit){
  int i;
  for(i = 0; i < PARAMETERS; i++){
    double unit = i == 2 ? plan->scale : 1;           /* v is money */
    fit->btyd.parameter[i] = point->parameter[i]*unit;
    fit->se[i] = point->se[i]*unit;
  }
  memcpy(fit->covariance, point->covariance, sizeof fit->covariance);
  fit->log_likelihood = fit->log_likelihood_model = point->log_likelihood - plan->customers*log(plan->scale);
  fit->status = point->converged ? BTYD_CONVERGED : BTYD_NOT_CONVERGED;
  fit->evaluations = point->evaluations;
  if( point->at_bound ) fit->warnings |= BTYD_WARN_AT_BOUND;
  if( point->no_errors ) fit->warnings |= BTYD_WARN_NO_ERRORS;
  if( point->parameter[1] <= 1 ) fit->warnings |= BTYD_WARN_SPEND_MEAN;
}

static void blank_fit(BtydFit *fit){
  int i;
  memset(fit, 0, sizeof(*fit));
  fit->requested = fit->btyd.model = BTYD_GAMMA_GAMMA;
  fit->btyd.unit_days = 1;
  for(i = 0; i < BTYD_PARAMETERS; i++) fit->btyd.parameter[i] = fit->se[i] = NAN;
  fit->log_likelihood = fit->log_likelihood_nbd = fit->log_likelihood_model = fit->lr_vs_nbd = NAN;
  fit->status = BTYD_TOO_FEW;
}

static Status fit_sorted(SpendPlan *plan, const Stop *stop, BtydFit *fit){
  FitPoint point;
  Status rc = survey(plan);
  if( rc != STATUS_OK ) return rc;
  fit->customers = plan->customers;
  if( plan->customers < GOOD_BUYERS ) fit->warnings |= BTYD_WARN_FEW_CUSTOMERS;
  if( plan->customers < FEWEST_BUYERS ) return STATUS_OK;
  plan->spend = memory_alloc(plan->rows*sizeof(Spend));
  if( plan->spend == 0 ) return STATUS_NOMEM;
  fill_spend(plan);
  rc = maximise(plan, stop, &point);
  if( rc == STATUS_OK ) take_point(plan, &point, fit);
  memory_free(plan->spend);
  return rc;
}

Status gamma_gamma_fit(const BtydTable *t, const Stop *stop, BtydFit *fit){
  SpendPlan plan;
  BtydRow *sorted;
  Status rc = btyd_table_sorted(t, stop, &sorted);
  blank_fit(fit);
  if( rc != STATUS_OK ) return rc;
  memset(&plan, 0, sizeof(plan));
  plan.sorted = sorted;
  plan.rows = t->count;
  rc = fit_sorted(&plan, stop, fit);
  memory_free(sorted);
  return rc;
}
