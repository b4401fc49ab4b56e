/* Value metrics: money of a group, per customer and per order. */
#ifndef SIYU_VALUE_H
#define SIYU_VALUE_H
#include "metric.h"

extern const Metric METRIC_GMV;                  /* columns: amount */
extern const Metric METRIC_GMV_REFUND;           /* amount, refund */
extern const Metric METRIC_EFFECTIVE_CUSTOMERS;  /* customer, amount */
extern const Metric METRIC_ARPU;                 /* customer, amount */
extern const Metric METRIC_ARPPU;                /* customer, amount */
extern const Metric METRIC_AOV;                  /* amount */
extern const Metric METRIC_AOV_ORDER;            /* order_id, amount */
extern const Metric METRIC_REVENUE_SHARE;        /* amount, flag */

#endif
