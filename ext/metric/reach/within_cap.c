/*
** within_cap(time, max, cap_window [, sent]): may the latest message go?  The rule is in
** frequency_cap.h; in a window over one customer's messages in order of time the figure of
** each row is the decision on that message.
**
** A decision depends on all decisions before it, so a state carries the times of all
** messages, and a merge decides on all of them anew.  With `sent` a flagged row tells of a message
** that went: it takes room in any case, and its own figure is NULL.
*/
#include "metric/path/event_state.h"
#include "metric/reach/frequency_cap.h"
#include "metric/reach/reach.h"

typedef struct Messages {
  EventList list;
  FrequencyCap cap;
  int allowed;                 /* the latest message may go */
  int sent;                    /* it went: nothing to decide */
  int undecided;               /* rows came from states: the cap must see all rows again */
} Messages;

static Status prepare_cap(const Parameter *p, void **shared, Failure *f){
  const char *z = p[1].text.z;
  int n = p[1].text.n;
  CapWindow *window;
  if( p[0].integer < 0 ){
    failure_set(f, "max %lld is negative; give the number of messages that a window may hold",
                (long long)p[0].integer);
    return STATUS_INVALID;
  }
  window = memory_zeroed(sizeof *window);
  if( window==0 ) return STATUS_NOMEM;
  if( cap_window_read("cap_window", z, n, window, f)!=STATUS_OK ){ memory_free(window); return STATUS_INVALID; }
  *shared = window;
  return STATUS_OK;
}

static Status messages_init(void *acc, const Parameter *p, Failure *f){
  (void)f;
  cap_init(&((Messages*)acc)->cap, *(const CapWindow*)p[PARAMETER_SHARED].shared, p[0].integer);
  return STATUS_OK;
}
static void messages_destroy(void *acc){
  Messages *a = acc;
  cap_destroy(&a->cap);
  event_list_destroy(&a->list);
}

static Status out_of_order(Instant before, Instant time, Failure *f){
  char z[TIME_TEXT_SIZE], earlier[TIME_TEXT_SIZE];
  time_text(before, 0, z);
  time_text(time, 0, earlier);
  failure_set(f, "time %s comes after %s; put the messages in order: OVER (PARTITION BY customer "
              "ORDER BY time ROWS UNBOUNDED PRECEDING)", earlier, z);
  return STATUS_INVALID;
}

/* One message; mask 1: it was sent. */
static Status take_message(Messages *a, Instant time, uint32_t mask){
  a->sent = mask!=0;
  return a->sent ? cap_sent(&a->cap, time) : cap_next(&a->cap, time, &a->allowed);
}

static Status absorb_messages(Messages *a, const Batch *b, const Column *sent, Failure *f){
  Status rc = STATUS_OK;
  int i;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    Instant time = b->column[0].cell[i].i;
    size_t n = a->list.count;
    Instant before = n ? event_list_read(&a->list)[n-1].time : time;
    uint32_t mask = sent && sent->cell[i].i;
    if( time < before ) return out_of_order(before, time, f);
    rc = event_list_add(&a->list, time, mask);
    if( rc==STATUS_OK ) rc = take_message(a, time, mask);
  }
  return rc;
}
static Status messages_absorb(void *acc, Batch *b, int sign, Failure *f){
  (void)sign;
  return absorb_messages(acc, b, 0, f);
}
static Status history_absorb(void *acc, Batch *b, int sign, Failure *f){
  (void)sign;
  return absorb_messages(acc, b, &b->column[1], f);
}
static void messages_encode(const void *acc, Buffer *out){
  event_list_encode(&((const Messages*)acc)->list, out);
}
static Status messages_fold(void *acc, Reader *in, Failure *f){
  Messages *a = acc;
  (void)f;
  a->undecided = 1;
  return event_list_fold(&a->list, in, 1);
}

static Status decide_all(Messages *a, const Stop *stop){
  CapWindow window = a->cap.window;
  int64_t max = a->cap.max;
  Status rc = event_list_sort(&a->list, stop);
  size_t i;
  cap_destroy(&a->cap);
  cap_init(&a->cap, window, max);
  for(i=0; rc==STATUS_OK && i<a->list.count; i++){
    if( i%EVENTS_PER_QUESTION==EVENTS_PER_QUESTION-1 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    rc = take_message(a, event_list_read(&a->list)[i].time, event_list_read(&a->list)[i].mask);
  }
  if( rc==STATUS_OK ) a->undecided = 0;
  return rc;
}

static Status messages_result(void *acc, Result *r, Failure *f, const Stop *stop){
  Messages *a = acc;
  Status rc = a->undecided ? decide_all(a, stop) : STATUS_OK;
  (void)f;
  if( rc==STATUS_OK && a->list.count && !a->sent ) result_integer(r, a->allowed);
  return rc;
}

const Metric METRIC_WITHIN_CAP_SENT = {
  .id = "within_cap/sent", .version = 1, .size = sizeof(Messages),
  .prepare = prepare_cap, .discard = memory_free,
  .init = messages_init, .absorb = history_absorb, .encode = messages_encode, .fold = messages_fold,
  .result = messages_result, .destroy = messages_destroy
};
const Metric METRIC_WITHIN_CAP = {
  .id = "within_cap", .version = 1, .size = sizeof(Messages),
  .prepare = prepare_cap, .discard = memory_free,
  .init = messages_init, .absorb = messages_absorb, .encode = messages_encode, .fold = messages_fold,
  .result = messages_result, .destroy = messages_destroy
};
