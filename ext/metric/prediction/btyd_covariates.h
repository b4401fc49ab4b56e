/*
** Pareto/NBD with covariates that do not change over time (Fader, Hardie 2007, "Incorporating
** time-invariant covariates into the Pareto/NBD and BG/NBD models"): a customer with covariates z has
**   alpha exp(-purchase z) in place of alpha, beta exp(-dropout z) in place of beta,
** so that a positive effect means more purchases, or an earlier end.
*/
#ifndef SIYU_BTYD_COVARIATES_H
#define SIYU_BTYD_COVARIATES_H

#include "metric/prediction/btyd.h"

#define COVARIATES_MAX 4

typedef struct CovariateRow { double frequency, recency, age, z[COVARIATES_MAX]; } CovariateRow;

typedef struct CovariateFit {
  BtydFit plain;                          /* without covariates; its parameters and status are those with them ... */
  int covariates;                         /* ... unless this is 0: too few, or dropout not identified */
  double purchase[COVARIATES_MAX], dropout[COVARIATES_MAX];
  double purchase_se[COVARIATES_MAX], dropout_se[COVARIATES_MAX];      /* NaN: not known */
  double lr;                              /* 2 (log-likelihood - that of the fit without covariates); NaN */
} CovariateFit;

/* The model of one customer: `m` moved by the effects on z. */
Btyd btyd_of_covariates(const Btyd *m, int covariates, const double *purchase, const double *dropout, const double *z);

/* Maximum likelihood over n rows of so many covariates each; the rows are put in order. */
Status btyd_covariate_fit(CovariateRow *rows, size_t n, int covariates, double unit_days,
                          const Stop *stop, CovariateFit *fit);

#endif
