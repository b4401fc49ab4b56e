/*
** What one customer did, and in which order: funnels, sequences, sessions.  Each is an accumulator
** over the rows of one customer (GROUP BY customer, or PARTITION BY customer) in any order.
*/
#ifndef SIYU_PATH_H
#define SIYU_PATH_H
#include "spine/accumulator.h"

/* columns: time, conditions; parameters: window, conditions (a count) */
extern const Metric METRIC_WINDOW_FUNNEL;
extern const Metric METRIC_WINDOW_FUNNEL_MODE; /* parameters: mode, window, conditions */
extern const Metric METRIC_FUNNEL_TIMES;
/* columns: time, conditions; parameters: pattern, conditions (a count) */
extern const Metric METRIC_SEQUENCE_MATCH;
extern const Metric METRIC_SEQUENCE_COUNT;
extern const Metric METRIC_SEQUENCE_TIMES;
/* columns: time, event, condition, conditions; parameters: direction, base, conditions */
extern const Metric METRIC_SEQUENCE_NEXT;
extern const Metric METRIC_RETENTION;    /* columns: conditions; parameters: conditions */
extern const Metric METRIC_SESSION_NUMBER;     /* columns: time; parameters: gap */

#endif
