/*
** BG/BB (Fader, Hardie, Shang 2010, Marketing Science 29(6)): n occasions to buy, one a period, of
** which x were taken, the last of them the tx-th.  A customer takes an occasion with chance
** p ~ Beta(alpha, beta) while there, and leaves before each with chance theta ~ Beta(gamma, delta).
**   L = there(n) + sum over m = tx ... n-1 of left(m)
**   there(n) = B(alpha+x, beta+n-x)/B(alpha,beta) B(gamma, delta+n)/B(gamma,delta)
**   left(m)  = B(alpha+x, beta+m-x)/B(alpha,beta) B(gamma+1, delta+m)/B(gamma,delta)
** From one m to the next left() changes by a ratio of four terms and its derivatives by reciprocals,
** so that a history takes a handful of logarithms whatever its length.
*/
#include "metric/prediction/btyd_internal.h"

#include <math.h>

#include "base/maths/special.h"

enum { ALPHA, BETA, GAMMA, DELTA };

#define BGBB_NEGLIGIBLE 1e-17

/* Of a history that keeps the rule of all models. */
static const char *bgbb_history_error(double x, double recency, double age){
  if( age > BGBB_PERIODS ) return "age is beyond 1,000,000 periods, which bgbb adds up one by one";
  if( recency != floor(recency) || age != floor(age) ) return "recency and age are not whole numbers of periods, as bgbb counts them";
  return x > recency ? "frequency is greater than recency: bgbb has one purchase a period at most" : 0;
}

/* ln of the chance to stay and take x of n occasions, p and theta apart */
static double log_taken(const double *p, double x, double n){
  return log_beta(p[ALPHA] + x, p[BETA] + (n - x)) - log_beta(p[ALPHA], p[BETA]);
}
static double log_stayed(const double *p, double n){
  return log_beta(p[GAMMA], p[DELTA] + n) - log_beta(p[GAMMA], p[DELTA]);
}
/* ln left(m)/there(n): from what is known of there(n) */
static double log_left_ratio(const double *p, double x, double m, double n){
  return log_taken(p, x, m) - log_taken(p, x, n) + log_beta(p[GAMMA] + 1, p[DELTA] + m) - log_beta(p[GAMMA], p[DELTA] + n);
}

/* left(m + 1)/left(m) */
static double left_step(const double *p, double x, double m){
  return (p[BETA] + (m - x))/(p[ALPHA] + p[BETA] + m)*((p[DELTA] + m)/(p[GAMMA] + p[DELTA] + 1 + m));
}

/* sum of left(m)/there(n) */
static double odds_left(const double *p, double x, double recency, double n){
  double term, sum = 0, m;
  if( recency >= n ) return 0;
  term = exp(log_left_ratio(p, x, recency, n));
  for(m = recency; m < n; m++){
    sum += term;
    term *= left_step(p, x, m);
  }
  return sum;
}

static double bgbb_log_likelihood(const Btyd *m, double x, double recency, double age){
  const double *p = m->parameter;
  if( bgbb_history_error(x, recency, age) ) return NAN;
  return log_taken(p, x, age) + log_stayed(p, age) + log1p(odds_left(p, x, recency, age));
}

/* There for the occasion after the last one seen, as the paper and its followers give it. */
static double bgbb_p_alive(const Btyd *m, double x, double recency, double age){
  const double *p = m->parameter;
  if( bgbb_history_error(x, recency, age) ) return NAN;
  return (p[DELTA] + age)/(p[GAMMA] + p[DELTA] + age)/(1 + odds_left(p, x, recency, age));
}

/* Purchases of one who is there for the next occasion: each of the horizon's, if still there,
** is taken with the chance that x of n say; `keep` multiplies it from one to the next (discounts). */
static double bgbb_discounted(const Btyd *m, double x, double age, double until, double keep){
  const double *p = m->parameter;
  double there = keep, sum = 0, horizon = floor(until), j;
  if( horizon > BGBB_PERIODS && !(keep < 1) ) return NAN;
  for(j = 1; j <= horizon; j++){
    if( j > BGBB_PERIODS ) return NAN;             /* so little is discounted that the end is not in sight */
    sum += there;
    there *= keep*(p[DELTA] + age + j)/(p[GAMMA] + p[DELTA] + age + j);
    if( there <= BGBB_NEGLIGIBLE*sum ) break;
  }
  return (p[ALPHA] + x)/(p[ALPHA] + p[BETA] + age)*sum;
}

static double bgbb_alive_purchases(const Btyd *m, double x, double age, double horizon){
  return bgbb_discounted(m, x, age, horizon, 1);
}

static double bgbb_expected_new(const Btyd *m, double t){
  const double *p = m->parameter;
  return p[DELTA]/(p[GAMMA] + p[DELTA])*bgbb_alive_purchases(m, 0, 0, t);
}

/* n purchases in t occasions: there to the end, or left before occasion i + 1. */
static double bgbb_prob_purchases(const Btyd *m, double n, double t){
  const double *p = m->parameter;
  double choose, term, sum, i;
  t = floor(t);
  if( n > t ) return 0;
  if( t > BGBB_PERIODS ) return NAN;
  choose = n > 0 && n < t ? -log_beta(n, t - n + 1) - log(n) : 0;
  sum = exp(choose + log_taken(p, n, t) + log_stayed(p, t));
  if( n == t ) return sum;
  term = exp(log_taken(p, n, n) + log_beta(p[GAMMA] + 1, p[DELTA] + n) - log_beta(p[GAMMA], p[DELTA]));
  for(i = n; i < t; i++){
    sum += term;
    term *= left_step(p, n, i)*(i + 1)/(i + 1 - n);            /* of i occasions n were taken */
  }
  return sum;
}

/* ---- the fit -------------------------------------------------------------------------- */

#define BGBB_STARTS 4
#define BGBB_FEWEST 10
#define BGBB_FEWEST_REPEATERS 3
#define BGBB_GOOD 500
#define BGBB_IDENTIFIED 5.991       /* as in btyd_fit.c */

typedef struct BgbbPlan {
  const BtydRow *sorted;
  size_t rows;
  double customers, repeaters, longest, most;
  int stays;                        /* nobody leaves: the beta-binomial, of alpha and beta alone */
  const Stop *stop;
} BgbbPlan;

#define BGBB_WORK 32768             /* occasions added up between two questions whether to stop */

/* Adds weight * (d/d parameter of ln left(m), or of ln there(n) with leaves = 0). */
static void add_slope(const double *p, double x, double m, int leaves, double weight, double *gradient){
  double all = digamma(p[ALPHA] + p[BETA] + m), first = digamma(p[ALPHA] + p[BETA]);
  double stay = digamma(p[GAMMA] + p[DELTA] + m + leaves), from = digamma(p[GAMMA] + p[DELTA]);
  gradient[ALPHA] += weight*(digamma(p[ALPHA] + x) - all - digamma(p[ALPHA]) + first);
  gradient[BETA] += weight*(digamma(p[BETA] + (m - x)) - all - digamma(p[BETA]) + first);
  gradient[GAMMA] += weight*((leaves ? 1/p[GAMMA] : 0) - stay + from);
  gradient[DELTA] += weight*(digamma(p[DELTA] + m) - stay - digamma(p[DELTA]) + from);
}

/* From the slope of ln left(tx) to those of the later ones, weighed: digamma(z + 1) = digamma(z) + 1/z. */
static void add_left(const double *p, double x, double recency, double n, double weight, double odds, double *gradient){
  double term = exp(log_left_ratio(p, x, recency, n)), m, slope[4] = {0, 0, 0, 0}, total = 0, moved[4] = {0, 0, 0, 0};
  int i;
  for(m = recency; m < n; m++){
    double a = 1/(p[ALPHA] + p[BETA] + m), g = 1/(p[GAMMA] + p[DELTA] + 1 + m);
    total += term;
    for(i = 0; i < 4; i++) slope[i] += term*moved[i];
    moved[ALPHA] -= a;
    moved[BETA] += 1/(p[BETA] + (m - x)) - a;
    moved[GAMMA] -= g;
    moved[DELTA] += 1/(p[DELTA] + m) - g;
    term *= left_step(p, x, m);
  }
  for(i = 0; i < 4; i++) gradient[i] += weight*slope[i]/(1 + odds);
  add_slope(p, x, recency, 1, weight*total/(1 + odds), gradient);
}

static double bgbb_value(void *context, const double *parameter, double *gradient){
  const BgbbPlan *plan = context;
  double value = 0, slope[4] = {0, 0, 0, 0}, p[4], work = 0;
  size_t i;
  memcpy(p, parameter, (plan->stays ? 2 : 4)*sizeof(double));
  if( plan->stays ) p[GAMMA] = p[DELTA] = 1;
  for(i = 0; i < plan->rows; i++){
    const BtydRow *row = &plan->sorted[i];
    if( (work += 16 + row->age - row->recency) > BGBB_WORK ){
      work = 0;
      if( stop_asked(plan->stop) ) return NAN;
    }
    double odds = plan->stays ? 0 : odds_left(p, row->frequency, row->recency, row->age);
    value += row->weight*(log_taken(p, row->frequency, row->age) + (plan->stays ? 0 : log_stayed(p, row->age)) + log1p(odds));
    add_slope(p, row->frequency, row->age, 0, row->weight/(1 + odds), slope);
    if( odds > 0 ) add_left(p, row->frequency, row->recency, row->age, row->weight, odds, slope);
  }
  memcpy(gradient, slope, (plan->stays ? 2 : 4)*sizeof(double));
  return value;
}

static Status bgbb_best(BgbbPlan *plan, int stays, const Stop *stop, FitPoint *out){
  static const double start[BGBB_STARTS][4] = { { 1, 1, 0.5, 2 }, { 0.5, 0.5, 1, 5 }, { 1, 3, 0.2, 2 }, { 2, 1, 1, 10 } };
  static const double lower[4] = { 1e-5, 1e-6, 1e-5, 1e-6 }, upper[4] = { 1e4, 1e6, 1e4, 1e6 };
  FitProblem problem = { bgbb_value, plan, plan->customers, stays ? 2 : 4, 1, lower, upper, stop };
  FitPoint best;
  int i, evaluations = 0;
  Status rc = STATUS_OK;
  plan->stays = stays;
  for(i = 0; i < BGBB_STARTS && rc == STATUS_OK; i++){
    rc = btyd_maximise(&problem, start[i], 0, out);
    evaluations += out->evaluations;
    if( i == 0 || out->log_likelihood > best.log_likelihood ) best = *out;
  }
  if( rc == STATUS_OK ) rc = btyd_maximise(&problem, best.parameter, 1, out);
  out->evaluations += evaluations;
  return rc;
}

static Status bgbb_survey(BgbbPlan *plan){
  size_t i;
  for(i = 0; i < plan->rows; i++){
    const BtydRow *row = &plan->sorted[i];
    if( btyd_model_history_error(BTYD_BGBB, row->frequency, row->recency, row->age) ) return STATUS_INVALID;
    plan->customers += row->weight;
    if( row->frequency > 0 ) plan->repeaters += row->weight;
    plan->longest = fmax(plan->longest, row->age);
    plan->most = fmax(plan->most, row->frequency);
  }
  return STATUS_OK;
}

#define BGBB_NOBODY 1e-12           /* gamma, with delta 1, where nobody leaves */

/* Where leaving is not told from staying the model without it stands in, as the NBD does elsewhere. */
static void bgbb_take(const FitPoint *stays, const FitPoint *point, BtydFit *fit){
  double lr = fmax(0, 2*(point->log_likelihood - stays->log_likelihood));
  const FitPoint *best = lr < BGBB_IDENTIFIED ? stays : point;
  int i;
  for(i = 0; i < (best == stays ? 2 : 4); i++){
    fit->btyd.parameter[i] = best->parameter[i];
    fit->se[i] = best->se[i];
  }
  memcpy(fit->covariance, best->covariance, sizeof fit->covariance);
  if( best == stays ){
    for(i = 0; i < 4; i++) fit->covariance[i][GAMMA] = fit->covariance[i][DELTA] = fit->covariance[GAMMA][i] = fit->covariance[DELTA][i] = 0;
    fit->btyd.parameter[GAMMA] = BGBB_NOBODY;
    fit->btyd.parameter[DELTA] = 1;
  }
  fit->log_likelihood = best->log_likelihood;
  fit->log_likelihood_model = point->log_likelihood;
  fit->log_likelihood_nbd = stays->log_likelihood;
  fit->lr_vs_nbd = lr;
  fit->status = best == stays ? BTYD_DROPOUT_NOT_IDENTIFIED : best->converged ? BTYD_CONVERGED : BTYD_NOT_CONVERGED;
  if( best->at_bound ) fit->warnings |= BTYD_WARN_AT_BOUND;
  if( best->no_errors ) fit->warnings |= BTYD_WARN_NO_ERRORS;
  fit->evaluations = stays->evaluations + point->evaluations;
}

static Status bgbb_fit(const BtydTable *t, const Stop *stop, BtydFit *fit){
  BgbbPlan plan;
  BtydRow *sorted;
  FitPoint stays, point;
  Status rc = btyd_table_sorted(t, stop, &sorted);
  if( rc != STATUS_OK ) return rc;
  memset(&plan, 0, sizeof(plan));
  plan.sorted = sorted;
  plan.rows = t->count;
  plan.stop = stop;
  rc = bgbb_survey(&plan);
  fit->customers = plan.customers;
  if( plan.customers < BGBB_GOOD ) fit->warnings |= BTYD_WARN_FEW_CUSTOMERS;
  if( plan.most < 2 ) fit->warnings |= BTYD_WARN_FEW_ORDERS;
  if( rc == STATUS_OK && plan.customers >= BGBB_FEWEST && plan.repeaters >= BGBB_FEWEST_REPEATERS ){
    rc = bgbb_best(&plan, 1, stop, &stays);
    if( rc == STATUS_OK ) rc = bgbb_best(&plan, 0, stop, &point);
    if( rc == STATUS_OK ) bgbb_take(&stays, &point, fit);
  }
  memory_free(sorted);
  return rc;
}

const BtydOperations BGBB_OPERATIONS = {
  .name = "bgbb", .parameters = 4, .parameter = { "alpha", "beta", "gamma", "delta" },
  .history_error = bgbb_history_error, .log_likelihood = bgbb_log_likelihood, .p_alive = bgbb_p_alive,
  .alive_purchases = bgbb_alive_purchases, .expected_new = bgbb_expected_new, .prob_purchases = bgbb_prob_purchases,
  .discounted = bgbb_discounted, .fit = bgbb_fit
};
