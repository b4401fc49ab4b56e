/* best_channel: which channel a customer answers to. */
#ifndef SIYU_BEST_CHANNEL_H
#define SIYU_BEST_CHANNEL_H
#include "spine/accumulator.h"

extern const Metric METRIC_BEST_CHANNEL;       /* columns: channel, answered */

#endif
