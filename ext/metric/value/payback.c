/*
** payback_days: days from the first row until the running total of a cash flow is >= 0
** and stays so.  Rows of one instant are one payment.  The elapsed time is a REAL, whole
** where the times are dates.  NULL while the total is below 0.
**
** Rows are kept (24 bytes each) and sorted when asked.  What was settled before is not
** walked through again when later rows follow, so that a frame that grows in the order
** of time costs O(1) per row.
*/
#include "metric/value/value.h"

typedef struct Flow { Instant time; Money money; } Flow;

/* All that came before row `at`, where an instant begins. */
typedef struct Balance {
  size_t at;
  Money running;
  int recovered;               /* the running total is >= 0, and has been since ... */
  Instant since;
} Balance;

typedef struct Payback {
  Flow *flow;
  size_t count, capacity;
  size_t sorted;               /* the first rows are in order of time */
  Balance settled;
} Payback;

static void payback_destroy(void *acc){ memory_free(((Payback*)acc)->flow); }

static Status flow_append(Payback *a, const Flow *flow){
  Status rc = memory_grow((void**)&a->flow, &a->capacity, a->count + 1, sizeof *flow);
  if( rc==STATUS_OK ) a->flow[a->count++] = *flow;
  return rc;
}

static Status payback_absorb(void *acc, Batch *b, int sign, Failure *f){
  Status rc = STATUS_OK;
  int i;
  (void)sign; (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    Flow flow = { b->column[0].cell[i].i, { 0, 0 } };
    money_add_cell(&flow.money, &b->column[1], i, +1);
    rc = flow_append(acc, &flow);
  }
  return rc;
}

static void payback_encode(const void *acc, Buffer *out){
  const Payback *a = acc;
  size_t i;
  buffer_put_unsigned(out, a->count);
  for(i=0; i<a->count; i++){
    buffer_put_signed(out, a->flow[i].time);
    money_encode(a->flow[i].money, out);
  }
}
static Status payback_fold(void *acc, Reader *in, Failure *f){
  uint64_t n = reader_unsigned(in);
  Status rc = STATUS_OK;
  (void)f;
  while( rc==STATUS_OK && n-- > 0 && !in->failed ){
    Flow flow;
    flow.time = reader_signed(in);
    flow.money = money_fold(in);
    if( !in->failed ) rc = flow_append(acc, &flow);
  }
  return rc==STATUS_OK && in->failed ? STATUS_CORRUPT : rc;
}

/* ---- the figure ---- */

static int compare_times(const void *a, const void *b, const void *context){
  Instant x = ((const Flow*)a)->time, y = ((const Flow*)b)->time;
  (void)context;
  return (x > y) - (x < y);
}

/* Sorts the rows that are new; all of them, to be walked through anew, when these do not
** follow those that were there. */
static Status sort_flows(Payback *a, const Stop *stop){
  size_t n = a->sorted;
  Status rc = sort_records(a->flow + n, a->count - n, sizeof(Flow), compare_times, 0, stop);
  if( rc==STATUS_OK && n>0 && n<a->count && compare_times(&a->flow[n], &a->flow[n-1], 0) < 0 ){
    memset(&a->settled, 0, sizeof a->settled);
    rc = sort_records(a->flow, a->count, sizeof(Flow), compare_times, 0, stop);
  }
  a->sorted = a->count;
  return rc;
}

/* From the settled balance to the end; the last instant, which may get more rows, is
** left unsettled. */
static Status balance_at_end(Payback *a, Balance *out, const Stop *stop){
  Balance now = a->settled;
  while( now.at < a->count ){
    Instant t = a->flow[now.at].time;
    a->settled = now;
    for(; now.at < a->count && a->flow[now.at].time==t; now.at++){
      if( (now.at & 0xffff)==0xffff && stop_asked(stop) ) return STATUS_INTERRUPTED;
      money_add(&now.running, a->flow[now.at].money);
    }
    if( money_sign(now.running) < 0 ){
      now.recovered = 0;
    }else if( !now.recovered ){
      now.recovered = 1;
      now.since = t;
    }
  }
  *out = now;
  return isfinite(now.running.hi) && isfinite(now.running.lo) ? STATUS_OK : STATUS_OVERFLOW;
}

static Status payback_result(void *acc, Result *r, Failure *f, const Stop *stop){
  Payback *a = acc;
  Balance end;
  Status rc;
  (void)f;
  if( a->count==0 ) return STATUS_OK;
  rc = sort_flows(a, stop);
  if( rc==STATUS_OK ) rc = balance_at_end(a, &end, stop);
  if( rc==STATUS_OK && end.recovered ){
    uint64_t elapsed = (uint64_t)end.since - (uint64_t)a->flow[0].time;
    result_real(r, (double)elapsed / (double)MICROS_PER_DAY);
  }
  return rc;
}

const Metric METRIC_PAYBACK_DAYS = {
  .id = "payback_days", .version = 1, .size = sizeof(Payback),
  .absorb = payback_absorb, .encode = payback_encode, .fold = payback_fold,
  .result = payback_result, .destroy = payback_destroy
};
