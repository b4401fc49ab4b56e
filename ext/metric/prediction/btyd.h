/*
** Buy-till-you-die models: what a customer's purchase history says about the chance
** that the customer is still there and about the purchases to come.
**
** A history is (frequency x, recency tx, age T): repeat purchases, time of the last of
** them and end of observation, both counted from the first purchase.  Rule: x a whole
** number >= 0; 0 <= tx <= T; x > 0 exactly when tx > 0.  Times are in the fit's unit,
** `unit_days` days long; models themselves know no unit, only the yearly discount does.
**
** Models (all: purchases at rate lambda ~ Gamma(shape r, rate alpha)):
**   BG/NBD      r alpha a b     leaves after each repeat purchase with chance p ~ Beta(a, b)
**                               (Fader, Hardie, Lee 2005, Marketing Science 24(2))
**   MBG/NBD     r alpha a b     as above, and also right after the first purchase
**                               (Batislam, Denizel, Filiztekin 2007, IJRM 24)
**   Pareto/NBD  r alpha s beta  leaves at rate mu ~ Gamma(s, beta)
**                               (Schmittlein, Morrison, Colombo 1987; Fader, Hardie 2005 note)
**   NBD         r alpha         never leaves (Ehrenberg 1959)
**   BG/BB       alpha beta gamma delta   at most one purchase a period: see btyd_bgbb.c
**                               (Fader, Hardie, Shang 2010, Marketing Science 29(6)).  Times are whole
**                               periods; the age is how many there were to buy in
**   Gamma-Gamma p q v           spend per purchase ~ Gamma(p, nu), nu ~ Gamma(q, v)
**                               (Fader, Hardie 2013, "The Gamma-Gamma Model of Monetary Value")
**
** Nothing here knows SQL.  Functions of a model give NaN outside their domain.
*/
#ifndef SIYU_BTYD_H
#define SIYU_BTYD_H

#include "base/memory.h"
#include "base/sort.h"

#define BTYD_PARAMETERS 4

/* ---- models: btyd_model.c ------------------------------------------------------------ */

/* The order is that of the array in btyd_model.c. */
typedef enum BtydModel { BTYD_BGNBD, BTYD_MBGNBD, BTYD_PARETONBD, BTYD_NBD, BTYD_GAMMA_GAMMA, BTYD_BGBB } BtydModel;
#define BTYD_MODELS 6

/* A model with its parameters; enough to score customers. */
typedef struct Btyd {
  BtydModel model;
  double unit_days;                       /* days in a unit of time; used by discounting only */
  double parameter[BTYD_PARAMETERS];      /* in the order of btyd_parameter_name */
} Btyd;

/* 'bgnbd', 'mbgnbd', 'paretonbd', 'nbd', 'gamma_gamma' (exact, n bytes); 0 if none of them. */
int btyd_model_from_name(const char *name, int n, BtydModel *out);
const char *btyd_model_name(BtydModel model);
/* Whether it foretells purchases in continuous time. */
int btyd_is_continuous(BtydModel model);
int btyd_parameter_count(BtydModel model);
const char *btyd_parameter_name(BtydModel model, int i);

/* NULL when well formed, else a text that says what is wrong. */
const char *btyd_parameter_error(const Btyd *m);                       /* positive and finite */
const char *btyd_history_error(double frequency, double recency, double age);
/* The same for a model that may ask for more. */
const char *btyd_model_history_error(BtydModel model, double frequency, double recency, double age);
const char *btyd_spend_error(double frequency, double monetary);       /* see gamma_gamma_spend */

/* ln of the likelihood of one history (a density in the purchase times). */
double btyd_log_likelihood(const Btyd *m, double frequency, double recency, double age);

/* P(still a customer at age | history), 0 ... 1.  1 for NBD, which has no dropout. */
double btyd_p_alive(const Btyd *m, double frequency, double recency, double age);

/* Expected purchases in (age, age + horizon] given the history; horizon >= 0. */
double btyd_expected_purchases(const Btyd *m, double frequency, double recency, double age, double horizon);

/* Expected repeat purchases of a new customer in (0, t], and the chance that they are n
** (a whole number >= 0); t >= 0. */
double btyd_expected_new(const Btyd *m, double t);
double btyd_prob_purchases(const Btyd *m, double n, double t);


/* Why there is no discounted value, for a person; NULL: there is one. */
const char *btyd_discount_error(const Btyd *m, double horizon, double discount_per_year);

/* Expected purchases in (age, age + horizon], each discounted to `age`:
**   integral over 0...h of exp(-k u) dE(u),  k = ln(1 + discount_per_year) unit_days / 365.25
**   = exp(-k h) E(h) + k * integral over 0...h of exp(-k u) E(u) du
** with E(u) = btyd_expected_purchases(..., u): continuous discounting at the yearly
** effective rate, by 16-point Gauss-Legendre panels in ln(1 + u/scale).  horizon may be
** infinite when the discount is > 0.  A discount in (-1, 0) is allowed up to a rise by e^700,
** <= -1 is NaN. */
double btyd_discounted_purchases(const Btyd *m, double frequency, double recency, double age,
                                 double horizon, double discount_per_year, const Stop *stop);

/* Expected spend per purchase given the mean spend of `frequency` repeat purchases:
** p (v + x mean) / (p x + q - 1); x = 0 gives the mean of the base.  NaN when p x + q <= 1
** (the mean does not exist).  money of the same kind as in the fit. */
double gamma_gamma_spend(const Btyd *gg, double frequency, double monetary);

/* gamma_gamma_spend * btyd_discounted_purchases: the money expected in (age, age + horizon]. */
double btyd_predicted_ltv(const Btyd *m, const Btyd *gg, double frequency, double recency, double age,
                          double monetary, double horizon, double discount_per_year, const Stop *stop);

/* ---- intervals: btyd_interval.c ------------------------------------------------------ */

/* A figure made of a fit's parameters; NaN: there is none. */
typedef double (*BtydFigure)(const void *context, const Btyd *m);
/* Variance of ln(figure) that the parameters' errors make, by the delta method: slopes by central
** differences in ln(parameter).  NaN when the figure is not positive or not known. */
double btyd_log_variance(const Btyd *m, const double covariance[BTYD_PARAMETERS][BTYD_PARAMETERS], BtydFigure of, const void *context);

/* ---- compressed histories: btyd_table.c ---------------------------------------------- */

typedef struct BtydRow { double frequency, recency, age, weight; } BtydRow;

/* Distinct (frequency, recency, age) with the number of customers; zeroed = empty.
** For the Gamma-Gamma model recency holds the mean spend and age is 0. */
#define BTYD_MOST_PERIODS 1e6               /* BG/BB adds periods up one by one: no history or horizon is longer */

typedef struct BtydTable {
  BtydRow *slot;                          /* open addressing; weight 0 = free */
  size_t capacity, count;                 /* capacity 0 or a power of two */
  uint64_t seed;                          /* of the hash; 0 while the table is small */
  const Stop *stop;                       /* asked while a large table grows, or NULL */
} BtydTable;

/* Adds `weight` > 0 customers (STATUS_INVALID otherwise; the history is not checked here).
** The table is unchanged on STATUS_NOMEM. */
Status btyd_table_add(BtydTable *t, double frequency, double recency, double age, double weight);
/* Adds n customers; probes a batch at a time.  Rows before a failure are in. */
Status btyd_table_add_batch(BtydTable *t, const double *frequency, const double *recency,
                            const double *age, size_t n);
Status btyd_table_merge(BtydTable *t, const BtydTable *other);
void btyd_table_destroy(BtydTable *t);

/* Next row at or after slot *at, which moves past it; NULL at the end.  Start with *at = 0.
** The order is that of the hash: use btyd_table_sorted when it matters. */
const BtydRow *btyd_table_next(const BtydTable *t, size_t *at);

/* A sorted copy (frequency, age, recency) in *rows, for memory_free; NULL when empty.
** It depends on the multiset of rows only, not on the order they came in. */
Status btyd_table_sorted(const BtydTable *t, const Stop *stop, BtydRow **rows);

/* ---- fits: btyd_fit.c, gamma_gamma.c ------------------------------------------------- */

typedef enum BtydFitStatus {
  BTYD_CONVERGED,
  BTYD_DROPOUT_NOT_IDENTIFIED,            /* dropout does not improve on the NBD: btyd holds the NBD */
  BTYD_TOO_FEW,                           /* parameters are NaN */
  BTYD_NOT_CONVERGED                      /* the optimiser ended early: parameters are its best */
} BtydFitStatus;

/* bits of BtydFit.warnings */
#define BTYD_WARN_FEW_CUSTOMERS   0x01    /* < 500 */
#define BTYD_WARN_SHORT           0x02    /* nobody is observed for 180 days */
#define BTYD_WARN_FEW_ORDERS      0x04    /* nobody has a third order */
#define BTYD_WARN_AT_BOUND        0x08    /* a parameter ran to the edge: that heterogeneity is not identified */
#define BTYD_WARN_NO_ERRORS       0x10    /* the Hessian gives no standard errors */
#define BTYD_WARN_SPEND_MEAN      0x20    /* q <= 1: the base has no mean spend */
#define BTYD_WARNINGS 6

typedef struct BtydFit {
  BtydModel requested;                    /* btyd.model differs when the NBD stands in */
  Btyd btyd;
  double se[BTYD_PARAMETERS];             /* standard errors from the Hessian; NaN: not known */
  double covariance[BTYD_PARAMETERS][BTYD_PARAMETERS];   /* of ln(parameter); NaN: not known */
  double log_likelihood;                  /* of btyd; NaN with BTYD_TOO_FEW */
  double log_likelihood_nbd;              /* NaN for gamma_gamma */
  double log_likelihood_model;            /* of the requested model's best point */
  double lr_vs_nbd;                       /* 2 (model - NBD), >= 0; NaN for nbd, gamma_gamma */
  double customers;                       /* rows fitted, by weight */
  BtydFitStatus status;
  int warnings;
  int evaluations;                        /* of the likelihood over all rows */
} BtydFit;

const char *btyd_status_name(BtydFitStatus status);
/* the text of one warning bit, 0 ... BTYD_WARNINGS - 1 */
const char *btyd_warning_text(int bit);

/* Maximum likelihood.  The rows must satisfy btyd_history_error() == NULL (checked:
** STATUS_INVALID), unit_days > 0.  stop is asked at each evaluation (STATUS_INTERRUPTED).
** STATUS_OK with fit->status otherwise, STATUS_NOMEM when memory ends. */
Status btyd_fit(const BtydTable *t, BtydModel model, double unit_days,
                const Stop *stop, BtydFit *fit);

/* The same over (frequency, mean spend) with both > 0 (else STATUS_INVALID). */
Status gamma_gamma_fit(const BtydTable *t, const Stop *stop, BtydFit *fit);

#endif
