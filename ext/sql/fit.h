/*
** A fit as SQL passes it: JSON with "model" and that model's parameters by name, from
** btyd_fit(), gamma_gamma_fit() or a user's own hand.  Other members are not read, but for
** "unit_days" (absent: 1), "status" and "log_covariance".
*/
#ifndef SIYU_FIT_H
#define SIYU_FIT_H

#include "metric/prediction/btyd_covariates.h"
#include "sql/function.h"

typedef struct Fit {
  struct Fit *next;
  Btyd btyd;
  int tooFew;                  /* status too_few, parameters null: nothing can be said */
  int effects;                 /* covariates that it has effects of: btyd_at() */
  double purchase[COVARIATES_MAX], dropout[COVARIATES_MAX];
  int hasCovariance;           /* of ln(parameter), below */
  double covariance[BTYD_PARAMETERS][BTYD_PARAMETERS];
  int dropoutUnknown;          /* status dropout_not_identified: no chance to be alive */
  size_t size;                 /* of the text that it was parsed from */
  char text[];
} Fit;

/* The fit of n bytes of JSON, parsed or found among those parsed lately by its bytes.  It
** stays valid until FITS_KEPT - 1 other fits have been asked for. */
#define FITS_KEPT 8
Status fit_of(Connection *cx, const char *argument, const char *text, size_t n,
              const Fit **out, Failure *f);
void fits_destroy(Connection *cx);

#endif
