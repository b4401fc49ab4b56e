/*
** period_summary: what each period brought, segment by segment, in one pass.
**
** A row counts in the period of its time and in the segment that it says itself.  Of a
** (segment, period):
**   customers            distinct ones with an order there; new_customers: whose first order in
**                        the whole source lies in the period; returning_customers: the others
**   effective_customers  with net money there above 0
**   orders               rows that are no refund, or with order_col a customer's distinct orders
**   gmv                  money with refunds taken off; refunds: these, as a positive number
**   new_revenue          money there of the new customers; repeat_revenue: the rest of gmv
**   previous_gmv         of the period before; year_ago_gmv: of the one that holds the same day a
**                        year before (weeks: 52 before), none for blocks of days
**   complete             0 where as_of cuts the period
** Periods from a segment's first row to as_of, those without rows too.
** Memory: 44 to 60 bytes per (customer, segment, period), 24 to 32 per customer, with order_col
** 24 to 60 per order, 200 per row of the table.
*/
#ifndef SIYU_PERIOD_SUMMARY_H
#define SIYU_PERIOD_SUMMARY_H

#include "spine/table_accumulator.h"

extern const TableMetric METRIC_PERIOD_SUMMARY;
/* source columns: customer, time, amount, order, segment; parameters: grain, as_of, tz */

#endif
