/*
** Minimisation of a smooth function of a few variables inside a box.  No allocation.
*/
#ifndef SIYU_OPTIMISER_H
#define SIYU_OPTIMISER_H

#include "base/status.h"

#define OPTIMISER_MAX 12        /* variables at most */

typedef struct Objective {
  int n;                        /* variables, 1 ... OPTIMISER_MAX */
  /* value at x, with its gradient; NaN or infinite: x is not acceptable */
  double (*value)(void *context, const double *x, double *gradient);
  void *context;
  const double *lower, *upper;  /* the box; each n long */
  double tolerance;             /* converged when no free gradient component exceeds it */
  int limit;                    /* iterations at most */
  const Stop *stop;             /* asked before each evaluation */
} Objective;

typedef enum OptimumStatus {
  OPTIMUM_CONVERGED,            /* the gradient is within the tolerance */
  OPTIMUM_STALLED,              /* no step improves the value any more */
  OPTIMUM_LIMIT,                /* out of iterations */
  OPTIMUM_BAD_START,            /* no value at the start */
  OPTIMUM_STOPPED               /* it was asked to stop */
} OptimumStatus;

typedef struct Optimum {
  double x[OPTIMISER_MAX], gradient[OPTIMISER_MAX], value;
  int at_bound[OPTIMISER_MAX];  /* -1, 0, 1: held at the lower bound, free, at the upper */
  int iterations, evaluations;
  OptimumStatus status;
} Optimum;

/* BFGS on the free variables with a bisecting weak-Wolfe line search (Nocedal & Wright 2006,
** algorithm 6.1; Lewis & Overton 2013 for the search).  `start` is moved into the box. */
OptimumStatus minimise(const Objective *objective, const double *start, Optimum *out);

/* Hessian at x by central differences of the analytic gradient, symmetrised;
** 1 when every gradient was finite, 0 otherwise (or stopped). */
int hessian(const Objective *objective, const double *x, double step, double h[OPTIMISER_MAX][OPTIMISER_MAX]);

/* Inverse of a symmetric positive definite matrix by Cholesky; 0 when it is not one. */
int invert_positive(int n, double m[OPTIMISER_MAX][OPTIMISER_MAX], double inverse[OPTIMISER_MAX][OPTIMISER_MAX]);

#endif
