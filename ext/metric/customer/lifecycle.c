/*
** Stages of the customer life cycle (Youzan, private-domain triangle).  The first that
** holds, `silence` being as_of - last_active:
**   churned       silence > churn_days
**   dormant       silence > dormant_days
**   introduction  0 orders, or last_active unknown
**   growth        1 ... mature_orders - 1 orders
**   maturity      at least mature_orders
*/
#include "metric/customer/lifecycle.h"

const char *const LIFECYCLE_STAGES[STAGE_COUNT] = { "introduction", "growth", "maturity", "dormant", "churned" };

int lifecycle_stage_number(int64_t orders, int known, Instant last, const StageRule *rule, int32_t zone){
  if( !known ) return STAGE_INTRODUCTION;
  if( instant_after(last, rule->churn, 1, zone) < rule->asOf ) return STAGE_CHURNED;
  if( instant_after(last, rule->dormant, 1, zone) < rule->asOf ) return STAGE_DORMANT;
  if( orders <= 0 ) return STAGE_INTRODUCTION;
  return orders < rule->matureOrders ? STAGE_GROWTH : STAGE_MATURITY;
}

const char *lifecycle_stage_of(int64_t orders, int known, Instant last, const StageRule *rule){
  return LIFECYCLE_STAGES[lifecycle_stage_number(orders, known, last, rule, 0)];
}

typedef struct Stage { StageRule rule; int64_t orders; Instant last; } Stage;

static Status stage_init(void *acc, const Parameter *p, Failure *f){
  StageRule *rule = &((Stage*)acc)->rule;
  (void)f;
  rule->asOf = p[0].instant;
  rule->dormant = p[1].duration;
  rule->churn = p[2].duration;
  rule->matureOrders = p[3].integer;
  return STATUS_OK;
}

static inline void stage_add(Stage *s, int64_t orders, Instant last){
  if( s->orders==0 || last > s->last ) s->last = last;
  s->orders += orders;
}

static Status stage_absorb(void *acc, Batch *b, int sign, Failure *f){
  Stage *s = acc;
  int i;
  (void)sign; (void)f;
  for(i=0; i<b->rows; i++){
    Instant t = b->column[0].cell[i].i;
    if( t <= s->rule.asOf ) stage_add(s, 1, t);
  }
  return STATUS_OK;
}
static void stage_encode(const void *acc, Buffer *out){
  const Stage *s = acc;
  buffer_put_signed(out, s->orders);
  buffer_put_signed(out, s->last);
}
static Status stage_fold(void *acc, Reader *in, Failure *f){
  int64_t orders = reader_signed(in);
  Instant last = reader_signed(in);
  (void)f;
  if( orders < 0 || orders > INT64_MAX/2 ) return STATUS_CORRUPT;
  if( orders > INT64_MAX/2 - ((Stage*)acc)->orders ) return STATUS_OVERFLOW;
  if( orders > 0 ) stage_add(acc, orders, last);
  return STATUS_OK;
}
static Status stage_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Stage *s = acc;
  (void)f; (void)stop;
  result_static(r, lifecycle_stage_of(s->orders, s->orders > 0, s->last, &s->rule));
  return STATUS_OK;
}

const Metric METRIC_LIFECYCLE_STAGE_AT = {
  .id = "lifecycle_stage_at", .version = 1, .size = sizeof(Stage),
  .init = stage_init, .absorb = stage_absorb, .encode = stage_encode, .fold = stage_fold,
  .result = stage_result
};
