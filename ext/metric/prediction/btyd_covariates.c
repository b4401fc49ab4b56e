/*
** The fit of btyd_covariates.h.  Rows of equal covariates are a Pareto/NBD of their own, with parameters
** that follow from those sought; their likelihoods and gradients add up by the chain rule.  Covariates
** are divided by their standard deviation while fitting, times by the mean age.
*/
#include "metric/prediction/btyd_covariates.h"
#include "metric/prediction/btyd_internal.h"

#include <math.h>

#include "base/maths/optimiser.h"
#include "base/sort.h"

#define COVARIATE_BOUND 20.0        /* of an effect on one standard deviation */
#define COVARIATE_TOLERANCE 1e-9
#define COVARIATE_STALL 1e-5
#define COVARIATE_STEP 1e-4
#define COVARIATE_LIMIT 500
#define SHAPES 4
#define GROUPS_PER_QUESTION 64

_Static_assert(SHAPES + 2*COVARIATES_MAX <= OPTIMISER_MAX, "variables of the fit");

typedef struct CovariateGroup { double z[COVARIATES_MAX]; BtydPlan plan; } CovariateGroup;

typedef struct CovariateProblem {
  CovariateGroup *group;
  size_t groups, capacity;
  int covariates;
  double customers, purchases, time_scale, spread[COVARIATES_MAX];
  const Stop *stop;
} CovariateProblem;

Btyd btyd_of_covariates(const Btyd *m, int covariates, const double *purchase, const double *dropout, const double *z){
  Btyd moved = *m;
  double more = 0, sooner = 0;
  int k;
  for(k = 0; k < covariates; k++){
    more += purchase[k]*z[k];
    sooner += dropout[k]*z[k];
  }
  moved.parameter[1] *= exp(-more);
  moved.parameter[3] *= exp(-sooner);
  return moved;
}

/* x: ln r, ln(alpha/r), ln s, ln(beta/s), effects on purchases, effects on dropout */
static double covariate_cost(void *context, const double *x, double *gradient){
  CovariateProblem *p = context;
  const double *purchase = x + SHAPES, *dropout = purchase + p->covariates;
  double r = exp(x[0]), alpha = r*exp(x[1]), s = exp(x[2]), beta = s*exp(x[3]), value = 0;
  size_t i;
  int k, n = SHAPES + 2*p->covariates;
  memset(gradient, 0, (size_t)n*sizeof(double));
  for(i = 0; i < p->groups; i++){
    CovariateGroup *g = &p->group[i];
    double more = 0, sooner = 0, parameter[SHAPES], slope[SHAPES];
    for(k = 0; k < p->covariates; k++){
      more += purchase[k]*g->z[k];
      sooner += dropout[k]*g->z[k];
    }
    parameter[0] = r;
    parameter[1] = alpha*exp(-more);
    parameter[2] = s;
    parameter[3] = beta*exp(-sooner);
    value += PARETO_OPERATIONS.search->likelihood(&g->plan, parameter, slope);
    if( isnan(value) || (i % GROUPS_PER_QUESTION == GROUPS_PER_QUESTION - 1 && stop_asked(p->stop)) ) return NAN;
    slope[1] *= parameter[1];
    slope[3] *= parameter[3];
    gradient[0] += slope[0]*r + slope[1];
    gradient[1] += slope[1];
    gradient[2] += slope[2]*s + slope[3];
    gradient[3] += slope[3];
    for(k = 0; k < p->covariates; k++){
      gradient[SHAPES + k] -= slope[1]*g->z[k];
      gradient[SHAPES + p->covariates + k] -= slope[3]*g->z[k];
    }
  }
  for(k = 0; k < n; k++) gradient[k] /= -p->customers;
  return -value/p->customers;
}

/* ---- rows to groups ---- */

/* by covariates, then as a plan wants them: by frequency, age, recency */
static int compare_covariates(const void *a, const void *b, const void *context){
  const CovariateRow *x = a, *y = b;
  int k;
  (void)context;
  for(k = 0; k < COVARIATES_MAX; k++) if( x->z[k] != y->z[k] ) return x->z[k] < y->z[k] ? -1 : 1;
  if( x->frequency != y->frequency ) return x->frequency < y->frequency ? -1 : 1;
  if( x->age != y->age ) return x->age < y->age ? -1 : 1;
  return (x->recency > y->recency) - (x->recency < y->recency);
}

/* Rows from ... to - 1 have one z. */
static Status add_group(CovariateProblem *p, const CovariateRow *rows, size_t from, size_t to, BtydRow *scratch){
  CovariateGroup *g;
  size_t i, n = 0;
  int k;
  Status rc = memory_grow((void**)&p->group, &p->capacity, p->groups + 1, sizeof *p->group);
  if( rc != STATUS_OK ) return rc;
  for(i = from; i < to; i++){
    const CovariateRow *row = &rows[i];
    if( stop_asked_at(p->stop, i) ) return STATUS_INTERRUPTED;
    if( n > 0 && scratch[n-1].frequency == row->frequency && scratch[n-1].age == row->age && scratch[n-1].recency == row->recency ){
      scratch[n-1].weight++;
      continue;
    }
    scratch[n].frequency = row->frequency;
    scratch[n].recency = row->recency;
    scratch[n].age = row->age;
    scratch[n++].weight = 1;
  }
  g = &p->group[p->groups];
  for(k = 0; k < p->covariates; k++) g->z[k] = rows[from].z[k]/p->spread[k];
  rc = btyd_plan_init(&g->plan, scratch, n, 1, p->time_scale, p->stop);
  if( rc == STATUS_OK ) p->groups++;
  return rc;
}

static void survey_covariates(CovariateProblem *p, const CovariateRow *rows, size_t n){
  double ages = 0;
  size_t i;
  int k;
  for(i = 0; i < n; i++){
    ages += rows[i].age;
    p->purchases += rows[i].frequency;
  }
  p->customers = (double)n;
  p->time_scale = ages > 0 ? ages/p->customers : 1;
  for(k = 0; k < p->covariates; k++){
    double mean = 0, square = 0;
    for(i = 0; i < n; i++) mean += rows[i].z[k]/p->customers;
    for(i = 0; i < n; i++) square += (rows[i].z[k] - mean)*(rows[i].z[k] - mean)/p->customers;
    p->spread[k] = square > 0 && isfinite(square) ? sqrt(square) : 1;
  }
}

static Status fill_groups(CovariateProblem *p, const CovariateRow *rows, size_t n){
  BtydRow *scratch = memory_alloc(n*sizeof *scratch);
  size_t from, to;
  Status rc = scratch ? STATUS_OK : STATUS_NOMEM;
  for(from = 0; rc == STATUS_OK && from < n; from = to){
    for(to = from + 1; to < n && memcmp(rows[to].z, rows[from].z, sizeof rows[to].z) == 0; ) to++;
    rc = add_group(p, rows, from, to, scratch);
  }
  memory_free(scratch);
  return rc;
}

/* ---- the answer ---- */

static void take_covariates(const CovariateProblem *p, const Objective *objective, const Optimum *best, CovariateFit *fit){
  double h[OPTIMISER_MAX][OPTIMISER_MAX], covariance[OPTIMISER_MAX][OPTIMISER_MAX], parameter[SHAPES], value;
  int i, k, n = objective->n, known = hessian(objective, best->x, COVARIATE_STEP, h), settled = best->status == OPTIMUM_CONVERGED;
  BtydFit *to = &fit->plain;
  known = known && invert_positive(n, h, covariance);
  for(i = 0, k = 1; i < n; i++) k = k && (best->at_bound[i] || fabs(best->gradient[i]) <= COVARIATE_STALL);
  settled = settled || k;
  parameter[0] = exp(best->x[0]);
  parameter[1] = parameter[0]*exp(best->x[1])*p->time_scale;
  parameter[2] = exp(best->x[2]);
  parameter[3] = parameter[2]*exp(best->x[3])*p->time_scale;
  for(i = 0; i < SHAPES; i++){
    double v = known ? covariance[i][i] : NAN;
    if( i%2 ) v += known ? covariance[i-1][i-1] + 2*covariance[i][i-1] : 0;
    to->btyd.parameter[i] = parameter[i];
    to->se[i] = parameter[i]*sqrt(v/p->customers);
    for(k = 0; k < SHAPES; k++) to->covariance[i][k] = NAN;
    if( best->at_bound[i] ) to->warnings |= BTYD_WARN_AT_BOUND;
  }
  for(k = 0; k < p->covariates; k++){
    int a = SHAPES + k, b = a + p->covariates;
    fit->purchase[k] = best->x[a]/p->spread[k];
    fit->dropout[k] = best->x[b]/p->spread[k];
    fit->purchase_se[k] = known ? sqrt(covariance[a][a]/p->customers)/p->spread[k] : NAN;
    fit->dropout_se[k] = known ? sqrt(covariance[b][b]/p->customers)/p->spread[k] : NAN;
    if( best->at_bound[a] || best->at_bound[b] ) to->warnings |= BTYD_WARN_AT_BOUND;
  }
  if( !known ) to->warnings |= BTYD_WARN_NO_ERRORS;
  value = -best->value*p->customers - p->purchases*log(p->time_scale);
  fit->lr = fmax(0, 2*(value - to->log_likelihood));
  if( isfinite(to->lr_vs_nbd) ) to->lr_vs_nbd = fmax(0, 2*(value - to->log_likelihood_nbd));
  to->log_likelihood = to->log_likelihood_model = value;
  to->status = settled ? BTYD_CONVERGED : BTYD_NOT_CONVERGED;
  fit->covariates = p->covariates;
}

/* From the fit without covariates, and from usual dropout; the better one. */
static Status maximise_covariates(CovariateProblem *p, const Stop *stop, CovariateFit *fit){
  double lower[OPTIMISER_MAX], upper[OPTIMISER_MAX], start[OPTIMISER_MAX] = {0};
  const double *plain = fit->plain.btyd.parameter;
  Objective objective;
  Optimum best, other;
  int k;
  memset(&objective, 0, sizeof objective);
  objective.n = SHAPES + 2*p->covariates;
  objective.value = covariate_cost;
  objective.context = p;
  objective.lower = lower;
  objective.upper = upper;
  objective.tolerance = COVARIATE_TOLERANCE;
  objective.limit = COVARIATE_LIMIT;
  objective.stop = stop;
  for(k = 0; k < objective.n; k++){
    lower[k] = k < SHAPES ? log(k%2 ? 1e-6 : 1e-5) : -COVARIATE_BOUND;
    upper[k] = k < SHAPES ? log(k%2 ? 1e6 : 1e4) : COVARIATE_BOUND;
  }
  start[0] = log(plain[0]);
  start[1] = log(plain[1]/p->time_scale/plain[0]);
  start[2] = log(plain[2]);
  start[3] = log(plain[3]/p->time_scale/plain[2]);
  if( minimise(&objective, start, &best) == OPTIMUM_STOPPED ) return STATUS_INTERRUPTED;
  start[2] = start[3] = 0;
  if( minimise(&objective, start, &other) == OPTIMUM_STOPPED ) return STATUS_INTERRUPTED;
  if( isfinite(other.value) && !(best.value <= other.value) ) best = other;
  take_covariates(p, &objective, &best, fit);
  return stop_asked(stop) ? STATUS_INTERRUPTED : STATUS_OK;
}

Status btyd_covariate_fit(CovariateRow *rows, size_t n, int covariates, double unit_days,
                          const Stop *stop, CovariateFit *fit){
  CovariateProblem p;
  BtydTable table = {0};
  size_t i;
  Status rc = STATUS_OK;
  memset(&p, 0, sizeof p);
  memset(fit, 0, sizeof *fit);
  fit->lr = NAN;
  p.covariates = covariates;
  p.stop = table.stop = stop;
  for(i = 0; rc == STATUS_OK && i < n; i++){
    rc = btyd_table_add(&table, rows[i].frequency, rows[i].recency, rows[i].age, 1);
    if( rc == STATUS_OK && stop_asked_at(stop, i) ) rc = STATUS_INTERRUPTED;
  }
  if( rc == STATUS_OK ) rc = btyd_fit(&table, BTYD_PARETONBD, unit_days, stop, &fit->plain);
  btyd_table_destroy(&table);
  if( rc != STATUS_OK || fit->plain.btyd.model != BTYD_PARETONBD || fit->plain.status == BTYD_TOO_FEW ) return rc;
  rc = sort_records(rows, n, sizeof *rows, compare_covariates, 0, stop);
  survey_covariates(&p, rows, n);
  if( rc == STATUS_OK ) rc = fill_groups(&p, rows, n);
  if( rc == STATUS_OK ) rc = maximise_covariates(&p, stop, fit);
  for(i = 0; i < p.groups; i++) btyd_plan_destroy(&p.group[i].plan);
  memory_free(p.group);
  return rc;
}
