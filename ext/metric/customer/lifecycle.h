/* Life cycle of a customer: lifetime value as practised, and the stage. */
#ifndef SIYU_LIFECYCLE_H
#define SIYU_LIFECYCLE_H
#include "spine/accumulator.h"

extern const Metric METRIC_LTV;                /* customer, time, amount; as_of, churn_days */
extern const Metric METRIC_LTV_PARTS;          /* the same, as JSON */
extern const Metric METRIC_LIFECYCLE_STAGE_AT; /* time; as_of, dormant_days, churn_days, mature_orders */

typedef struct StageRule {
  Instant asOf;
  Duration dormant, churn;
  int64_t matureOrders;
} StageRule;

/* Stages in the order of a life; LIFECYCLE_STAGES[] are their codes as text. */
enum { STAGE_INTRODUCTION, STAGE_GROWTH, STAGE_MATURITY, STAGE_DORMANT, STAGE_CHURNED, STAGE_COUNT };
extern const char *const LIFECYCLE_STAGES[STAGE_COUNT];
/* The stage: see lifecycle.c.  `known` is 0 when last_active is unknown; months count on the
** wall clock of `zone`. */
int lifecycle_stage_number(int64_t orders, int known, Instant lastActive, const StageRule *rule, int32_t zone);
/* Its code, months counted in UTC. */
const char *lifecycle_stage_of(int64_t orders, int known, Instant lastActive, const StageRule *rule);

#endif
