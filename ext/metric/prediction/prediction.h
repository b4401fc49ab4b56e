/* The fits of predicted value as accumulators; the models themselves are in btyd.h. */
#ifndef SIYU_PREDICTION_H
#define SIYU_PREDICTION_H
#include "metric/prediction/btyd.h"
#include "spine/table_accumulator.h"

extern const Metric METRIC_BTYD_FIT;           /* frequency, recency, age; model, unit_days */
extern const Metric METRIC_BTYD_FIT_COVARIATES;    /* the same, then up to 4 covariates */
extern const Metric METRIC_GAMMA_GAMMA_FIT;    /* frequency, monetary */

extern const TableMetric METRIC_CUSTOMER_PREDICT;
/* source columns: customer, time, amount, order; parameters: as_of, tz, horizon, discount, holdout, model */

extern const TableMetric METRIC_PURCHASE_TRACKING;
/* source columns: customer, time, amount; parameters: grain, as_of, tz, holdout, model */

/* btyd_fit or gamma_gamma_fit, asking to stop: STATUS_INTERRUPTED. */
Status prediction_fit(const BtydTable *t, BtydModel model, double unitDays, BtydFit *out, const Stop *stop);

/* The fit as JSON. */
void prediction_put_fit(Buffer *out, const BtydFit *fit);

/* STATUS_INVALID with a sentence about a history that breaks the rule of btyd.h. */
Status history_check(BtydModel model, double frequency, double recency, double age, Failure *f);

#endif
