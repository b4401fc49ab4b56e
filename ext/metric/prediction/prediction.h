/* The fits of predicted value as accumulators; the models themselves are in btyd.h. */
#ifndef SIYU_PREDICTION_H
#define SIYU_PREDICTION_H
#include "metric/prediction/btyd.h"
#include "spine/accumulator.h"

extern const Metric METRIC_BTYD_FIT;           /* frequency, recency, age; model, unit_days */
extern const Metric METRIC_GAMMA_GAMMA_FIT;    /* frequency, monetary */

/* STATUS_INVALID with a sentence about a history that breaks the rule of btyd.h. */
Status history_check(double frequency, double recency, double age, Failure *f);

#endif
