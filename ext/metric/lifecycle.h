/* Life cycle of a customer: lifetime value as practised, and the stage. */
#ifndef SIYU_LIFECYCLE_H
#define SIYU_LIFECYCLE_H
#include "metric.h"

extern const Metric METRIC_LTV;                /* customer, time, amount; as_of, churn_days */
extern const Metric METRIC_LTV_PARTS;          /* the same, as JSON */
extern const Metric METRIC_LIFECYCLE_STAGE_AT; /* time; as_of, dormant_days, churn_days, mature_orders */

typedef struct StageRule {
  Instant asOf;
  Duration dormant, churn;
  int64_t matureOrders;
} StageRule;

/* Code of the stage: see lifecycle.c. `silent` is 0 when last_active is unknown. */
const char *lifecycle_stage_of(int64_t orders, int known, Instant lastActive, const StageRule *rule);

#endif
