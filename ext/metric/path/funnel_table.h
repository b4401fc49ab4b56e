/*
** funnel: how many customers reach each step, all of them in one pass over the source.
**
** The depth of one customer is that of window_funnel_mode (funnel.h): the exact search over
** all starts and chains.  For step k of a segment
**   customers       customers whose deepest chain has k steps or more
**   rate            customers / customers of step 1 (step 1: 1.0)
**   step_rate       customers / customers of the step before (step 1: 1.0)
**   median_seconds  exact median (the mean of the middle two) over these customers of the
**                   seconds from step k-1 to step k in the winning chain; NULL at step 1
** rates over nobody are NULL.  A segment is the value on the customer's earliest row, tied
** the smallest, NULL before all.  Without segment_col there is one group, also of no rows.
**
** Rows that meet no condition are not kept, except in strict_order.
** Memory: key map with 8 bytes per customer (16 with segment_col), 16 bytes per row kept, 8
** per (customer, step reached from the 2nd on) for the medians.  Rows that come grouped by
** customer are not kept.
*/
#ifndef SIYU_FUNNEL_TABLE_H
#define SIYU_FUNNEL_TABLE_H

#include "metric/path/funnel.h"
#include "spine/table_accumulator.h"

extern const TableMetric METRIC_FUNNEL;

/* '7 days', or '1 day, 2 hours' for three steps; mode and steps are known: funnel_windows.c. */
Status funnel_windows_read(FunnelRule *rule, const Parameter *p, Failure *f);

#endif
