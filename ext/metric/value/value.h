/* Value metrics: money of a group, per customer and per order. */
#ifndef SIYU_VALUE_H
#define SIYU_VALUE_H
#include "spine/accumulator.h"

extern const Metric METRIC_GMV;                  /* columns: amount */
extern const Metric METRIC_GMV_REFUND;           /* amount, refund */
extern const Metric METRIC_EFFECTIVE_CUSTOMERS;  /* customer, amount */
extern const Metric METRIC_ARPU;                 /* customer, amount */
extern const Metric METRIC_ARPPU;                /* customer, amount */
extern const Metric METRIC_AOV;                  /* amount */
extern const Metric METRIC_AOV_ORDER;            /* order_id, amount */
extern const Metric METRIC_REVENUE_SHARE;        /* amount, flag */
extern const Metric METRIC_ITEMS_PER_ORDER;      /* order_id, quantity */
extern const Metric METRIC_ORDERS_PER_CUSTOMER;  /* customer */
extern const Metric METRIC_ORDERS_PER_CUSTOMER_ORDER;   /* customer, order_id */
extern const Metric METRIC_REPEAT_SHARE;         /* customer, amount */
extern const Metric METRIC_REPEAT_SHARE_ORDER;   /* customer, amount, order_id */
extern const Metric METRIC_TOP_SHARE;            /* customer, amount; parameter: fraction */
extern const Metric METRIC_GINI;                 /* customer, amount */
extern const Metric METRIC_ROI;                  /* revenue, cost */
extern const Metric METRIC_CAC;                  /* new_customer or NULL, cost */
extern const Metric METRIC_PAYBACK_DAYS;         /* time, cash_flow */

#endif
