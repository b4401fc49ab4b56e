/*
** Tables over customers: what each is worth, how the base flows, who changes stage.
**   customer_summary.c   a row per customer
**   lifecycle_flow.c     a row per period
**   stage_transition.c   a row per pair of stages
*/
#ifndef SIYU_CUSTOMERS_H
#define SIYU_CUSTOMERS_H

#include "spine/table_accumulator.h"

extern const TableMetric METRIC_CUSTOMER_SUMMARY;
/* source columns: customer, time, amount, order; parameters: as_of, tz, bins, ties, dormant_days,
** churn_days, mature_orders */

extern const TableMetric METRIC_LIFECYCLE_FLOW;
/* source columns: customer, time, amount; parameters: grain, as_of, tz */

extern const TableMetric METRIC_STAGE_TRANSITION;
/* source columns: customer, time, state, amount, order; parameters: from_as_of, to_as_of,
** dormant_days, churn_days, mature_orders, tz */

/* ---- shared by the three: customers.c ---- */

/* Money in a cell of a table: INTEGER unless a REAL took part; STATUS_OVERFLOW. */
Status customers_money(Money v, int isReal, Result *r);
/* Rows of a batch with a time, not after asOf. */
int customers_rows(const Batch *b, const Column *time, Instant asOf, uint8_t rows[BATCH_ROWS]);

/* Without as_of observation ends with the last time seen. */
typedef struct LastSeen { int any; Instant last; } LastSeen;
void last_seen(LastSeen *s, const Column *time, const uint8_t *rows, int n);

#endif
