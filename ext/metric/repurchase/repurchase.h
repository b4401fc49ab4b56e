/* Repurchase, conversion and retention: shares of customers, and their rhythm. */
#ifndef SIYU_REPURCHASE_H
#define SIYU_REPURCHASE_H
#include "spine/accumulator.h"

extern const Metric METRIC_REPURCHASE_ROWS;    /* columns: customer */
extern const Metric METRIC_REPURCHASE_ORDERS;  /* customer, order_id */
extern const Metric METRIC_REPURCHASE_WINDOW;  /* customer, time; parameters: window, as_of */
extern const Metric METRIC_CONVERSION;         /* customer, flag */
extern const Metric METRIC_RETENTION_RATE;          /* customer, base, follow */
extern const Metric METRIC_CONVERSION_MATURE;  /* customer, flag, time; window, as_of */
extern const Metric METRIC_RETENTION_RATE_MATURE;   /* customer, base, follow, time; window, as_of */
extern const Metric METRIC_STICKINESS;         /* customer, time; parameter: tz */
extern const Metric METRIC_PURCHASE_CYCLE;     /* time; parameter: q */
extern const Metric METRIC_PURCHASE_CYCLE_POOLED;   /* customer, time; q */
extern const Metric METRIC_CYCLE_MEAN;         /* time; limit */
extern const Metric METRIC_CYCLE_MEAN_POOLED;  /* customer, time; limit */
extern const Metric METRIC_NEXT_PURCHASE;      /* time; q */
extern const Metric METRIC_OVERDUE_RATIO;      /* time; as_of */

#endif
