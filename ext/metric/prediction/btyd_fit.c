/*
** Fits of the buy-till-you-die models: contract in btyd.h.
**
** How: times are divided by the mean age and the likelihood is maximised by BFGS with
** analytic gradients inside wide bounds, over ln of each shape (r, a, s) and of the ratio
** alpha/r, b/a, beta/s.  The ratio is what the data know best; on a base whose rates hardly
** differ the shape alone runs to its bound, and says so.  The NBD comes first; the model then starts from its rate and several guesses of dropout, on a sample of the
** distinct histories where there are many, and the best is finished on all.
**
** Every model here contains the NBD at the edge of its parameters (dropout going to 0).
** When twice the gain in log-likelihood over the NBD is below the 5 % point of chi-square
** with two degrees, the data do not tell dropout from none, and dropout's parameters
** would be read off a ridge: the fit says BTYD_DROPOUT_NOT_IDENTIFIED and holds the NBD.
** (On the edge the true reference is a mixture with smaller quantiles: Self, Liang 1987;
** so this asks for a little more evidence than 5 %.)
*/
#include "metric/prediction/btyd_internal.h"

#include <math.h>

#include "base/maths/optimiser.h"

#define FEWEST_CUSTOMERS 10
#define FEWEST_REPEATERS 3
#define GOOD_CUSTOMERS 500
#define GOOD_DAYS 180
#define GOOD_FREQUENCY 2          /* a third order is a second repeat */
#define SAMPLE_ROWS 20000         /* distinct histories on which the starts compete */
#define LR_IDENTIFIED 5.991       /* chi-square, 2 degrees, 5 % */
#define GRADIENT_TOLERANCE 1e-9   /* per customer and unit of ln(parameter) */
#define STALL_TOLERANCE 1e-5      /* a search stalled within this has converged: at shapes of thousands
                                  ** the gradient is a difference of terms that large */
#define HESSIAN_STEP 1e-4         /* in ln(parameter) */
#define LOOSE_ERROR 10.0          /* a standard error above this times its parameter: a ridge */
#define ITERATIONS 300

static const char *const status_names[] = { "converged", "dropout_not_identified", "too_few", "not_converged" };

static const char *const warning_texts[BTYD_WARNINGS] = {
  "fewer than 500 customers: the parameters are rough",
  "observed for less than 180 days: too short to see customers leave",
  "no customer has a third order",
  "a parameter is at the edge of its range: the data do not identify that part of the model",
  "no standard errors: the likelihood is flat or the optimum lies on the edge",
  "q <= 1: the mean spend of a customer without repeat purchases does not exist",
};

const char *btyd_status_name(BtydFitStatus status){ return status_names[status]; }
const char *btyd_warning_text(int bit){ return warning_texts[bit]; }

/* ---- maximisation over logarithms ------------------------------------------------------ */

/* 1 when x[i] is the logarithm of parameter i over parameter i - 1 */
static int is_ratio(const FitProblem *p, int i){ return p->paired && i % 2 == 1; }

static void parameters_at(const FitProblem *p, const double *x, double *parameter){
  int i;
  for(i = 0; i < p->parameters; i++){
    parameter[i] = exp(x[i]);
    if( is_ratio(p, i) ) parameter[i] *= parameter[i - 1];
  }
}

/* minus the mean log-likelihood at exp(x) */
static double cost(void *context, const double *x, double *gradient){
  const FitProblem *p = *(const FitProblem *const *)context;
  double parameter[BTYD_PARAMETERS], value;
  int i;
  parameters_at(p, x, parameter);
  value = p->value(p->context, parameter, gradient);
  for(i = 0; i < p->parameters; i++){
    gradient[i] *= -parameter[i]/p->customers;
    if( is_ratio(p, i) ) gradient[i - 1] += gradient[i];
  }
  return -value/p->customers;
}

/* variance of ln(parameter i) by the delta method; held variables have none of their own */
static double log_variance(const FitProblem *p, double covariance[OPTIMISER_MAX][OPTIMISER_MAX], int i){
  double v = covariance[i][i];
  if( is_ratio(p, i) ) v += covariance[i - 1][i - 1] + 2*covariance[i][i - 1];
  return v/p->customers;
}

/* Of the logarithms themselves: that of a parameter in a ratio is the sum of two variables. */
static void log_covariance(const FitProblem *p, const Optimum *best, double covariance[OPTIMISER_MAX][OPTIMISER_MAX], FitPoint *out){
  int i, j, n = p->parameters;
  for(i = 0; i < n; i++) for(j = 0; j < n; j++) if( best->at_bound[i] || best->at_bound[j] ) covariance[i][j] = 0;
  for(i = 0; i < n; i++){
    for(j = 0; j < n; j++){
      double c = covariance[i][j];
      if( is_ratio(p, i) ) c += covariance[i - 1][j];
      if( is_ratio(p, j) ) c += covariance[i][j - 1];
      if( is_ratio(p, i) && is_ratio(p, j) ) c += covariance[i - 1][j - 1];
      out->covariance[i][j] = c/p->customers;
    }
  }
}

static void standard_errors(const FitProblem *p, const Objective *objective, const Optimum *best, FitPoint *out){
  double h[OPTIMISER_MAX][OPTIMISER_MAX], covariance[OPTIMISER_MAX][OPTIMISER_MAX];
  int i, j, n = p->parameters, ok = hessian(objective, best->x, HESSIAN_STEP, h);
  out->evaluations += 2*n;
  for(i = 0; ok && i < n; i++){
    for(j = 0; j < n; j++) if( best->at_bound[i] || best->at_bound[j] ) h[i][j] = i == j;
  }
  ok = ok && invert_positive(n, h, covariance);
  for(i = 0; i < n; i++){
    int held = best->at_bound[i] || (is_ratio(p, i) && best->at_bound[i - 1]);
    out->se[i] = ok && !held ? out->parameter[i]*sqrt(log_variance(p, covariance, i)) : NAN;
    if( out->se[i] > LOOSE_ERROR*out->parameter[i] ) out->at_bound = 1;
  }
  out->no_errors = !ok;
  if( ok ) log_covariance(p, best, covariance, out);
}

static int settled(const Optimum *best, int n){
  int i;
  if( best->status == OPTIMUM_CONVERGED ) return 1;
  for(i = 0; i < n; i++) if( !best->at_bound[i] && fabs(best->gradient[i]) > STALL_TOLERANCE ) return 0;
  return 1;
}

Status btyd_maximise(const FitProblem *p, const double *start, int errors, FitPoint *out){
  Objective objective;
  Optimum best;
  double lower[BTYD_PARAMETERS], upper[BTYD_PARAMETERS], x[BTYD_PARAMETERS];
  int i, j;
  memset(out, 0, sizeof(*out));
  for(i = 0; i < p->parameters; i++){
    lower[i] = log(p->lower[i]);
    upper[i] = log(p->upper[i]);
    x[i] = log(is_ratio(p, i) ? start[i]/start[i - 1] : start[i]);
  }
  memset(&objective, 0, sizeof(objective));
  objective.n = p->parameters;
  objective.value = cost;
  objective.context = &p;
  objective.lower = lower;
  objective.upper = upper;
  objective.tolerance = GRADIENT_TOLERANCE;
  objective.limit = ITERATIONS;
  objective.stop = p->stop;
  if( minimise(&objective, x, &best) == OPTIMUM_STOPPED ) return STATUS_INTERRUPTED;
  out->evaluations = best.evaluations;
  out->converged = settled(&best, p->parameters);
  out->log_likelihood = isfinite(best.value) ? -best.value*p->customers : -INFINITY;
  parameters_at(p, best.x, out->parameter);
  for(i = 0; i < p->parameters; i++){
    out->at_bound |= best.at_bound[i] != 0;
    out->se[i] = NAN;
    for(j = 0; j < p->parameters; j++) out->covariance[i][j] = NAN;
  }
  if( errors ) standard_errors(p, &objective, &best, out);
  if( errors && stop_asked(p->stop) ) return STATUS_INTERRUPTED;
  return STATUS_OK;
}

/* ---- one model ------------------------------------------------------------------------- */

typedef struct PlanProblem { BtydPlan *plan; PlanLikelihood likelihood; } PlanProblem;

static double plan_value(void *context, const double *parameter, double *gradient){
  PlanProblem *p = context;
  return p->likelihood(p->plan, parameter, gradient);
}

typedef struct Job {
  BtydModel model;
  const Stop *stop;
  const BtydRow *sorted;
  size_t rows;
  double customers, purchases, repeaters, time_scale, longest, most;
} Job;

static Status maximise_plan(const Job *job, BtydModel model, BtydPlan *plan, const double *start, int errors, FitPoint *out){
  const BtydSearch *search = btyd_operations(model)->search;
  FitProblem problem;
  PlanProblem context;
  context.plan = plan;
  context.likelihood = search->likelihood;
  problem.value = plan_value;
  problem.context = &context;
  problem.customers = plan->customers;
  problem.parameters = btyd_parameter_count(model);
  problem.paired = 1;
  problem.lower = search->lower;
  problem.upper = search->upper;
  problem.stop = job->stop;
  return btyd_maximise(&problem, start, errors, out);
}

/* the best of the starts on this plan */
static Status best_start(const Job *job, BtydPlan *plan, const double *rate, FitPoint *best){
  const BtydSearch *search = btyd_operations(job->model)->search;
  int i;
  best->log_likelihood = -INFINITY;
  for(i = 0; i < BTYD_STARTS; i++){
    FitPoint point;
    double start[BTYD_PARAMETERS];
    Status rc;
    start[0] = rate[0];
    start[1] = rate[1];
    start[2] = search->dropout[i][0];
    start[3] = search->dropout[i][1];
    rc = maximise_plan(job, job->model, plan, start, 0, &point);
    if( rc != STATUS_OK ) return rc;
    if( i == 0 || point.log_likelihood > best->log_likelihood ) *best = point;
  }
  return STATUS_OK;
}

static Status fit_nbd(const Job *job, BtydPlan *plan, FitPoint *out){
  double start[2];
  start[0] = 0.5;
  start[1] = start[0]*job->customers/job->purchases;   /* the mean age is 1 here */
  return maximise_plan(job, BTYD_NBD, plan, start, 1, out);
}

static Status fit_dropout(const Job *job, BtydPlan *plan, const FitPoint *nbd, FitPoint *out){
  FitPoint best;
  Status rc;
  size_t stride = (job->rows + SAMPLE_ROWS - 1)/SAMPLE_ROWS;
  if( stride > 1 ){
    BtydPlan sample;
    rc = btyd_plan_init(&sample, job->sorted, job->rows, stride, job->time_scale, job->stop);
    if( rc != STATUS_OK ) return rc;
    rc = best_start(job, &sample, nbd->parameter, &best);
    btyd_plan_destroy(&sample);
  }else{
    rc = best_start(job, plan, nbd->parameter, &best);
  }
  if( rc != STATUS_OK ) return rc;
  return maximise_plan(job, job->model, plan, best.parameter, 1, out);
}

/* ---- the answer ------------------------------------------------------------------------ */

/* a point in the caller's time unit becomes the fit's model */
static void take_point(const Job *job, BtydModel model, const FitPoint *point, BtydFit *fit){
  const BtydOperations *o = btyd_operations(model);
  int i;
  fit->btyd.model = model;
  for(i = 0; i < o->parameters; i++){
    double unit = o->search->times >> i & 1 ? job->time_scale : 1;
    fit->btyd.parameter[i] = point->parameter[i]*unit;
    fit->se[i] = point->se[i]*unit;
  }
  memcpy(fit->covariance, point->covariance, sizeof fit->covariance);     /* a unit of time moves logarithms alone */
  fit->log_likelihood = point->log_likelihood - job->purchases*log(job->time_scale);
  fit->status = point->converged ? BTYD_CONVERGED : BTYD_NOT_CONVERGED;
  if( point->at_bound ) fit->warnings |= BTYD_WARN_AT_BOUND;
  if( point->no_errors ) fit->warnings |= BTYD_WARN_NO_ERRORS;
}

static Status fit_models(const Job *job, BtydPlan *plan, BtydFit *fit){
  FitPoint nbd, point;
  double density = job->purchases*log(job->time_scale);
  Status rc = fit_nbd(job, plan, &nbd);
  if( rc != STATUS_OK ) return rc;
  fit->evaluations = nbd.evaluations;
  fit->log_likelihood_nbd = nbd.log_likelihood - density;
  if( job->model == BTYD_NBD ){
    fit->log_likelihood_model = fit->log_likelihood_nbd;
    take_point(job, BTYD_NBD, &nbd, fit);
    return STATUS_OK;
  }
  rc = fit_dropout(job, plan, &nbd, &point);
  if( rc != STATUS_OK ) return rc;
  fit->evaluations += point.evaluations;
  fit->log_likelihood_model = point.log_likelihood - density;
  fit->lr_vs_nbd = fmax(0, 2*(point.log_likelihood - nbd.log_likelihood));
  if( fit->lr_vs_nbd >= LR_IDENTIFIED ){
    take_point(job, job->model, &point, fit);
  }else{
    take_point(job, BTYD_NBD, &nbd, fit);
    fit->status = BTYD_DROPOUT_NOT_IDENTIFIED;
  }
  return STATUS_OK;
}

/* sums over the rows; STATUS_INVALID for a history that breaks the rule */
static Status survey(Job *job){
  double ages = 0;
  size_t i;
  for(i = 0; i < job->rows; i++){
    const BtydRow *row = &job->sorted[i];
    if( btyd_history_error(row->frequency, row->recency, row->age) ) return STATUS_INVALID;
    job->customers += row->weight;
    job->purchases += row->weight*row->frequency;
    if( row->frequency > 0 ) job->repeaters += row->weight;
    ages += row->weight*row->age;
    job->longest = fmax(job->longest, row->age);
    job->most = fmax(job->most, row->frequency);
  }
  job->time_scale = ages > 0 ? ages/job->customers : 1;
  return STATUS_OK;
}

static void blank_fit(BtydModel model, double unit_days, BtydFit *fit){
  int i;
  memset(fit, 0, sizeof(*fit));
  fit->requested = fit->btyd.model = model;
  fit->btyd.unit_days = unit_days;
  for(i = 0; i < BTYD_PARAMETERS; i++) fit->btyd.parameter[i] = fit->se[i] = NAN;
  fit->log_likelihood = fit->log_likelihood_nbd = fit->log_likelihood_model = fit->lr_vs_nbd = NAN;
  fit->status = BTYD_TOO_FEW;
}

static Status fit_sorted(Job *job, BtydFit *fit){
  BtydPlan plan;
  Status rc = survey(job);
  if( rc != STATUS_OK ) return rc;
  fit->customers = job->customers;
  if( job->customers < GOOD_CUSTOMERS ) fit->warnings |= BTYD_WARN_FEW_CUSTOMERS;
  if( job->longest*fit->btyd.unit_days < GOOD_DAYS ) fit->warnings |= BTYD_WARN_SHORT;
  if( job->most < GOOD_FREQUENCY ) fit->warnings |= BTYD_WARN_FEW_ORDERS;
  if( job->customers < FEWEST_CUSTOMERS || job->repeaters < FEWEST_REPEATERS ) return STATUS_OK;
  rc = btyd_plan_init(&plan, job->sorted, job->rows, 1, job->time_scale, job->stop);
  if( rc != STATUS_OK ) return rc;
  rc = fit_models(job, &plan, fit);
  btyd_plan_destroy(&plan);
  return rc;
}

Status btyd_fit(const BtydTable *t, BtydModel model, double unit_days,
                const Stop *stop, BtydFit *fit){
  const BtydOperations *o = btyd_operations(model);
  Job job;
  BtydRow *sorted;
  Status rc;
  blank_fit(model, unit_days, fit);
  if( (o->search == 0 && o->fit == 0) || !(unit_days > 0 && isfinite(unit_days)) ) return STATUS_INVALID;
  if( o->fit ) return o->fit(t, stop, fit);
  rc = btyd_table_sorted(t, stop, &sorted);
  if( rc != STATUS_OK ) return rc;
  memset(&job, 0, sizeof(job));
  job.model = model;
  job.stop = stop;
  job.sorted = sorted;
  job.rows = t->count;
  rc = fit_sorted(&job, fit);
  memory_free(sorted);
  return rc;
}
