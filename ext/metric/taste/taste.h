/*
** What customers like, and what goes together.
**   favourite.c        the value that comes most often, or weighs most
**   together.c         pairs of things in one group: basket, audience_overlap
**   trait_profile.c    what sets segments apart from everybody
*/
#ifndef SIYU_TASTE_H
#define SIYU_TASTE_H
#include "spine/table_accumulator.h"

extern const Metric METRIC_FAVOURITE;             /* value */
extern const Metric METRIC_FAVOURITE_WEIGHED;     /* value, weight */

extern const TableMetric METRIC_BASKET;           /* order, product, amount; min_orders */
extern const TableMetric METRIC_AUDIENCE_OVERLAP; /* customer, audience */
extern const TableMetric METRIC_TRAIT_PROFILE;    /* segment, traits */

#endif
