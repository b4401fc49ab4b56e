/* Experiments: what a treated group does more than its control, and whether it is chance. */
#ifndef SIYU_EXPERIMENT_H
#define SIYU_EXPERIMENT_H
#include "spine/accumulator.h"

extern const Metric METRIC_UPLIFT;             /* columns: treated, outcome */
extern const Metric METRIC_UPLIFT_RATIO;       /* the same */
extern const Metric METRIC_UPLIFT_INTERVAL;    /* the same */
extern const Metric METRIC_UPLIFT_P_VALUE;     /* the same */
extern const Metric METRIC_UPLIFT_DID;         /* treated, post, outcome */
extern const Metric METRIC_TGI;                /* in_segment, trait */

/* The group 0 ... groups-1 of a customer: see experiment_group.c. */
int64_t experiment_group(const char *salt, size_t saltBytes, const char *customer, size_t customerBytes,
                         int64_t groups);

/* A mean as two doubles, high + low, so that means that are almost alike keep their
** difference; rows > 0. */
Money mean_of(Money sum, int64_t rows);
static inline double mean_difference(Money a, Money b){ return (a.hi - b.hi) + (a.lo - b.lo); }

#endif
