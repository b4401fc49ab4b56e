/* Funnels in any order, FUNNEL_ANY_ORDER: what funnel_depth and funnel_times hand on. */
#ifndef SIYU_FUNNEL_ANY_H
#define SIYU_FUNNEL_ANY_H

#include "metric/path/funnel.h"

Status funnel_any_depth(const FunnelRule *rule, const Event *rows, size_t count,
                        const Stop *stop, int *depth);
Status funnel_any_times(const FunnelRule *rule, const Event *rows, size_t count,
                        const Stop *stop, int *depth, Instant times[FUNNEL_STEPS]);

#endif
