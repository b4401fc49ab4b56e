/* Referral: who brings whom. */
#ifndef SIYU_REFERRAL_H
#define SIYU_REFERRAL_H
#include "spine/accumulator.h"

extern const Metric METRIC_REFERRAL_RATE;      /* columns: customer, referrer (may be NULL) */
extern const Metric METRIC_REFERRER_RATE;      /* the same */

#endif
