/* Repurchase, conversion and retention: shares of customers. */
#ifndef SIYU_REPURCHASE_H
#define SIYU_REPURCHASE_H
#include "metric.h"

extern const Metric METRIC_REPURCHASE_ROWS;    /* columns: customer */
extern const Metric METRIC_REPURCHASE_ORDERS;  /* customer, order_id */
extern const Metric METRIC_REPURCHASE_WINDOW;  /* customer, time; parameters: window, as_of */
extern const Metric METRIC_CONVERSION;         /* customer, flag */
extern const Metric METRIC_RETENTION;          /* customer, base, follow */

#endif
