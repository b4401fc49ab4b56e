/*
** Funnels as accumulators: the engine and its rules are in funnel.h.
**
** The rows of the customer are kept (16 bytes each) and sorted once, when the figure is
** asked for.  Each further question costs a pass over them: a frame that grows by a row at a time
** asks once a row.
*/
#include "metric/path/event_state.h"
#include "metric/path/funnel.h"
#include "metric/path/path.h"

typedef struct FunnelRows {
  EventList list;
  const FunnelRule *rule;      /* NULL: no rows at all */
} FunnelRows;

/* A million groups make it count: with the binding's header 128 bytes. */
_Static_assert(sizeof(FunnelRows) <= 104, "FunnelRows has grown");

/* ---- the rule, made once for all groups ---- */

static Status make_rule(FunnelMode mode, Duration window, int64_t steps, void **shared){
  FunnelRule *rule = memory_zeroed(sizeof *rule);
  if( rule==0 ) return STATUS_NOMEM;
  rule->mode = mode;
  rule->window = window;
  rule->steps = (int)steps;
  rule->matureBy = INT64_MAX;
  *shared = rule;
  return STATUS_OK;
}
static Status prepare_default(const Parameter *p, void **shared, Failure *f){
  (void)f;
  return make_rule(FUNNEL_DEFAULT, p[0].duration, p[1].integer, shared);
}
static Status prepare_mode(const Parameter *p, void **shared, Failure *f){
  (void)f;
  return make_rule((FunnelMode)p[0].integer, p[1].duration, p[2].integer, shared);
}

/* ---- rows ---- */

static Status funnel_init(void *acc, const Parameter *p, Failure *f){
  (void)f;
  ((FunnelRows*)acc)->rule = p[PARAMETER_SHARED].shared;
  return STATUS_OK;
}
static void funnel_destroy(void *acc){ event_list_destroy(&((FunnelRows*)acc)->list); }

static Status funnel_absorb(void *acc, Batch *b, int sign, Failure *f){
  FunnelRows *a = acc;
  int all = a->rule->mode==FUNNEL_STRICT_ORDER, i;   /* there a row of no step matters too */
  Status rc = STATUS_OK;
  (void)sign; (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    uint32_t mask = (uint32_t)b->column[1].cell[i].i;
    if( mask || all ) rc = event_list_add(&a->list, b->column[0].cell[i].i, mask);
  }
  return rc;
}
static void funnel_encode(const void *acc, Buffer *out){
  event_list_encode(&((const FunnelRows*)acc)->list, out);
}
static Status funnel_fold(void *acc, Reader *in, Failure *f){
  FunnelRows *a = acc;
  (void)f;
  return event_list_fold(&a->list, in, a->rule->steps);
}

/* ---- figures ---- */

static Status depth_result(void *acc, Result *r, Failure *f, const Stop *stop){
  FunnelRows *a = acc;
  int depth = 0;
  Status rc = event_list_sort(&a->list, stop);
  (void)f;
  if( rc==STATUS_OK && a->list.count ){
    rc = funnel_depth(a->rule, event_list_read(&a->list), a->list.count,
                      stop, &depth);
  }
  result_integer(r, depth);
  return rc;
}

/* ["2024-01-01 09:00:00", ...], UTC */
static Status times_result(void *acc, Result *r, Failure *f, const Stop *stop){
  FunnelRows *a = acc;
  Instant times[FUNNEL_STEPS];
  int depth = 0, i;
  Status rc = event_list_sort(&a->list, stop);
  (void)f;
  if( rc==STATUS_OK && a->list.count ){
    rc = funnel_times(a->rule, event_list_read(&a->list), a->list.count,
                      stop, &depth, times);
  }
  if( rc!=STATUS_OK ) return rc;
  r->kind = RESULT_TEXT;
  buffer_put_byte(&r->buffer, '[');
  for(i=0; i<depth; i++){
    char z[TIME_TEXT_SIZE];
    time_text(times[i], 0, z);
    buffer_printf(&r->buffer, "%s\"%s\"", i ? "," : "", z);
  }
  buffer_put_byte(&r->buffer, ']');
  return r->buffer.failed ? STATUS_NOMEM : STATUS_OK;
}

const Metric METRIC_WINDOW_FUNNEL = {
  .id = "window_funnel", .version = 1, .size = sizeof(FunnelRows),
  .prepare = prepare_default, .discard = memory_free,
  .init = funnel_init, .absorb = funnel_absorb, .encode = funnel_encode, .fold = funnel_fold,
  .result = depth_result, .destroy = funnel_destroy
};
const Metric METRIC_WINDOW_FUNNEL_MODE = {
  .id = "window_funnel_mode", .version = 1, .size = sizeof(FunnelRows),
  .prepare = prepare_mode, .discard = memory_free,
  .init = funnel_init, .absorb = funnel_absorb, .encode = funnel_encode, .fold = funnel_fold,
  .result = depth_result, .destroy = funnel_destroy
};
const Metric METRIC_FUNNEL_TIMES = {
  .id = "funnel_times", .version = 1, .size = sizeof(FunnelRows),
  .prepare = prepare_default, .discard = memory_free,
  .init = funnel_init, .absorb = funnel_absorb, .encode = funnel_encode, .fold = funnel_fold,
  .result = times_result, .destroy = funnel_destroy
};
