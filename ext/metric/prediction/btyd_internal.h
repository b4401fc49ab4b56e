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
  const Stop *stop;                       /* asked within a likelihood, which is then NaN */
} BtydPlan;

/* Every stride-th of the n sorted rows, times divided by time_scale. */
Status btyd_plan_init(BtydPlan *plan, const BtydRow *sorted, size_t n, size_t stride, double time_scale, const Stop *stop);
void btyd_plan_destroy(BtydPlan *plan);

/* Sum of weight * ln L over the plan and its gradient in the natural parameters. */
typedef double (*PlanLikelihood)(BtydPlan *plan, const double *parameter, double *gradient);

/* ---- what a model is: an array of these in btyd_model.c, each in the model's own file ------ */

#define BTYD_STARTS 4
#define BTYD_SHAPE_LOW 1e-5
#define BTYD_SHAPE_HIGH 1e4
#define BTYD_RATIO_LOW 1e-6
#define BTYD_RATIO_HIGH 1e6

/* How a model in continuous time is fitted: by the likelihood of a plan, in units of the mean age.
** Bounds are those of r, alpha/r, a, b/a (or s, beta/s); starts are the dropout's parameters themselves. */
typedef struct BtydSearch {
  PlanLikelihood likelihood;
  double lower[BTYD_PARAMETERS], upper[BTYD_PARAMETERS], dropout[BTYD_STARTS][2];
  unsigned times;                         /* bit i: parameter i is a time */
} BtydSearch;

/* An operation that a model lacks is NULL: the answer is NaN. */
typedef struct BtydOperations {
  const char *name;
  int parameters;
  const char *parameter[BTYD_PARAMETERS];
  int timeless;                           /* knows no unit of time */
  /* What is wrong with a history, for a model that asks for more than btyd_history_error. */
  const char *(*history_error)(double x, double recency, double age);
  double (*log_likelihood)(const Btyd *m, double x, double recency, double age);
  double (*p_alive)(const Btyd *m, double x, double recency, double age);
  /* Expected purchases in the horizon of a customer known to be alive at `age`. */
  double (*alive_purchases)(const Btyd *m, double x, double age, double horizon);
  double (*expected_new)(const Btyd *m, double t);
  double (*prob_purchases)(const Btyd *m, double n, double t);
  /* The same as alive_purchases, each discounted by keep from one period to the next: a model in
  ** periods.  NULL: by an integral, for which time_scale says on what time E bends. */
  double (*discounted)(const Btyd *m, double x, double age, double horizon, double keep);
  double (*time_scale)(const Btyd *m, double x, double age);
  /* One of these, or neither: then it is fitted by a function of its own. */
  const BtydSearch *search;
  Status (*fit)(const BtydTable *t, const Stop *stop, BtydFit *fit);       /* `fit` is blank */
} BtydOperations;

extern const BtydOperations BGNBD_OPERATIONS, MBGNBD_OPERATIONS, PARETO_OPERATIONS, NBD_OPERATIONS, BGBB_OPERATIONS;
const BtydOperations *btyd_operations(BtydModel model);

/* ln P(n purchases in t) for rate ~ Gamma(r, alpha); n = 0, 1, ... */
double nbd_log_mass(double r, double alpha, double n, double t);
/* (alpha + age) / (r + x + 1), on which E bends where the rate decides */
double nbd_time_scale(const Btyd *m, double x, double age);

#define BGBB_PERIODS BTYD_MOST_PERIODS

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
