/*
** value_summary: what all customers together are worth, over the whole source, in one row.
**
**   customers            distinct ones with a row; buyers: those with an order
**   orders               rows that are no refund
**   gmv                  money with refunds taken off; refunds: these, as a positive number
**   effective_customers  with net money above 0
**   repeat_customers     with two orders or more
**   mature_customers     whose first order + window is not after as_of; window_customers: those of
**                        them whose second order is within window of the first
** Memory: rows in any order 24 to 32 bytes per customer and 40; rows in order of customer: 8 per
** customer whose window is not known to have passed.
*/
#ifndef SIYU_VALUE_SUMMARY_H
#define SIYU_VALUE_SUMMARY_H

#include "spine/table_accumulator.h"

extern const TableMetric METRIC_VALUE_SUMMARY;
/* source columns: customer, time, amount; parameters: window, as_of, tz */

#endif
