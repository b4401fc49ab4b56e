/* reach: may a message go, and by which channel. */
#ifndef SIYU_REACH_H
#define SIYU_REACH_H
#include "spine/accumulator.h"

/* Of one customer's messages in order of time. */
extern const Metric METRIC_WITHIN_CAP;         /* columns: time; parameters: max, cap_window */
extern const Metric METRIC_WITHIN_CAP_SENT;    /* columns: time, sent; the same parameters */
extern const Metric METRIC_BEST_CHANNEL;       /* columns: channel, answered */

#endif
