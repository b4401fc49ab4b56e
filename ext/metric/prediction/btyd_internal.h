/*
** What the files of the buy-till-you-die family share among themselves: see btyd.h.
*/
#ifndef SIYU_BTYD_INTERNAL_H
#define SIYU_BTYD_INTERNAL_H

#include "metric/prediction/btyd.h"

/* ---- the plan of a fit: btyd_plan.c --------------------------------------------------
** Rows grouped by frequency; inside a group times are indexes into the group's sorted
** distinct times, so that a likelihood takes logarithms once per distinct time and the
** Pareto/NBD integral once per gap between two times. */

typedef struct PlanRow {
  uint32_t recency, age;                  /* indexes into BtydPlan.time */
  double weight;
} PlanRow;

typedef struct PlanTime {
  double time;                            /* in scaled units */
  double log_alpha;                       /* ln(alpha + time); the rest is the likelihood's scratch */
  union {
    double inverse_alpha;                 /* BG: 1/(alpha + time) */
    double log_beta;                      /* Pareto: ln(beta + time) */
  } u;
  double tail[5];                         /* Pareto: integrals from here on, see btyd_pareto.c */
} PlanTime;

typedef struct PlanGroup {
  double frequency, weight;
  uint32_t row, row_end, time, time_end;
} PlanGroup;

typedef struct BtydPlan {
  PlanRow *row;
  PlanTime *time;
  PlanGroup *group;
  size_t rows, times, groups;
  double customers, purchases;            /* sums of weight and weight*frequency */
  double time_scale;                      /* a scaled time is time/time_scale */
} BtydPlan;

/* Every stride-th of the n sorted rows, times divided by time_scale. */
Status btyd_plan_init(BtydPlan *plan, const BtydRow *sorted, size_t n, size_t stride, double time_scale);
void btyd_plan_destroy(BtydPlan *plan);

/* Sum of weight * ln L over the plan and its gradient in the natural parameters. */
typedef double (*PlanLikelihood)(BtydPlan *plan, const double *parameter, double *gradient);

/* ---- one customer, and the likelihood of all: a file per model ------------------------ */

double bgnbd_plan_likelihood(BtydPlan *plan, const double *parameter, double *gradient);
double mbgnbd_plan_likelihood(BtydPlan *plan, const double *parameter, double *gradient);
double bgnbd_log_likelihood(const Btyd *m, double x, double recency, double age);
double bgnbd_p_alive(const Btyd *m, double x, double recency, double age);
double bgnbd_alive_purchases(const Btyd *m, double x, double age, double horizon);
double bgnbd_expected_new(const Btyd *m, double t);
double bgnbd_prob_purchases(const Btyd *m, double n, double t);

double pareto_plan_likelihood(BtydPlan *plan, const double *parameter, double *gradient);
double pareto_log_likelihood(const Btyd *m, double x, double recency, double age);
double pareto_p_alive(const Btyd *m, double x, double recency, double age);
double pareto_alive_purchases(const Btyd *m, double x, double age, double horizon);
double pareto_expected_new(const Btyd *m, double t);
double pareto_prob_purchases(const Btyd *m, double n, double t);

double nbd_plan_likelihood(BtydPlan *plan, const double *parameter, double *gradient);
double nbd_log_likelihood(const Btyd *m, double x, double recency, double age);
double nbd_alive_purchases(const Btyd *m, double x, double age, double horizon);
/* ln P(n purchases in t) for rate ~ Gamma(r, alpha); n = 0, 1, ... */
double nbd_log_mass(double r, double alpha, double n, double t);
double nbd_prob_purchases(const Btyd *m, double n, double t);

const char *bgbb_history_error(double x, double recency, double age);
double bgbb_log_likelihood(const Btyd *m, double x, double recency, double age);
double bgbb_p_alive(const Btyd *m, double x, double recency, double age);
double bgbb_alive_purchases(const Btyd *m, double x, double age, double horizon, double keep);
double bgbb_expected_new(const Btyd *m, double t);
double bgbb_prob_purchases(const Btyd *m, double n, double t);
/* `fit` is blank. */
Status bgbb_fit(const BtydTable *t, const Stop *stop, BtydFit *fit);

/* ---- the optimiser applied: btyd_fit.c ------------------------------------------------- */

typedef struct FitProblem {
  double (*value)(void *context, const double *parameter, double *gradient); /* log-likelihood, natural parameters */
  void *context;
  double customers;
  int parameters;
  int paired;                             /* optimise ln(parameter 1/parameter 0) and 3/2 in place of 1 and 3 */
  const double *lower, *upper;            /* of the parameters, or of those ratios */
  const Stop *stop;
} FitProblem;

typedef struct FitPoint {
  double parameter[BTYD_PARAMETERS], se[BTYD_PARAMETERS], log_likelihood;
  double covariance[BTYD_PARAMETERS][BTYD_PARAMETERS];         /* of ln(parameter); 0: one is held; NaN: not known */
  int converged, at_bound, no_errors, evaluations;
} FitPoint;

/* Maximises over logarithms from `start` (parameters); standard errors when asked. */
Status btyd_maximise(const FitProblem *problem, const double *start, int errors, FitPoint *out);

#endif
