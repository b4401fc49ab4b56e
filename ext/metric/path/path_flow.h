/*
** path_flow: what customers do next, step by step, as a Sankey chart draws it.
**
** The rows of a customer in order of time (tied rows in order of their event) are cut where
** more than `gap` passes between two of them; without gap they are one path.  A path begins at
** its first row, or at its first start_event (none: no path), and ends after `depth` steps, at
** its first end_event after the beginning, or with its last row.  With `collapse` repeats of
** an event right after each other are one, the first.
** A row for each (step, from_event, to_event): step k leads from the k-th event to the next.
**   customers       distinct customers with that step in any of their paths
**   share           customers / distinct customers who were at from_event as k-th event
**   median_seconds  exact median over all paths of the seconds between the two
**   to_event NULL   the path has no further row
**
** Memory: 16 bytes per row, key maps of customers and events, some 100 bytes per row of the
** table and 8 per step taken for the medians.  Rows grouped by customer are not kept.
*/
#ifndef SIYU_PATH_FLOW_H
#define SIYU_PATH_FLOW_H

#include "spine/table_accumulator.h"

extern const TableMetric METRIC_PATH_FLOW;

#endif
