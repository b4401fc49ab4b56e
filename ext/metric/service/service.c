/*
** Response times, pooled over conversations.  Messages of a conversation stand in order
** of time; at equal times those of the customer come before those of the staff, so that
** the order of rows never matters.  A customer's first message since the last one of the
** staff opens a wait, the next message of the staff ends it; an answer at the very time
** of the question took 0 seconds.
**   response_time    q-quantile (type 7 of Hyndman, Fan 1996) of the ended waits, seconds
**   response_within  waits ended within limit / all waits, the open ones included
** With working hours a wait is the working time in it.
**
** Rows are collected, and sorted when the figure is asked for.  A window asks for it again
** and again: from the second time on, or once a row leaves, the messages live in ordered
** sets, where a message that comes or goes moves at most two waits.  With the staff's
** distinct times ... < s' < s of a conversation, the wait that s ends begins at the least
** customer time c with s' < c <= s.
*/
#include "base/number/order_statistics.h"
#include "metric/service/service.h"
#include "metric/service/working_hours.h"

typedef struct Message { uint32_t conversation, isStaff; Instant time; } Message;

/* The same messages in ordered sets, and the ended waits. */
typedef struct Live { OrderStatistics staff, customer, waits; } Live;

typedef struct Service {
  KeyMap conversations;        /* no payload; ids */
  Message *message;            /* until `live` is there */
  size_t count, capacity;
  Live *live;
  double q;                    /* response_time */
  Duration limit;              /* response_within */
  const WorkingHours *hours;   /* NULL: all hours */
  int wantsTimes;
  int asked;                   /* the figure was asked for; `answer` holds while fresh */
  int fresh;
  int64_t ended, within, open; /* waits */
  double answer;               /* seconds */
} Service;

static Status time_init(void *acc, const Parameter *p, Failure *f){
  Service *a = acc;
  (void)f;
  keymap_init(&a->conversations, 0);
  a->q = p[0].real;
  a->wantsTimes = 1;
  return STATUS_OK;
}

static Status within_init(void *acc, const Parameter *p, Failure *f){
  Service *a = acc;
  (void)f;
  keymap_init(&a->conversations, 0);
  a->limit = p[0].duration;
  return STATUS_OK;
}

/* ---- working hours, read once for all groups ---- */

static Status prepare_hours(const Parameter *p, void **shared, Failure *f){
  WorkingHours *hours = memory_zeroed(sizeof *hours);
  const char *wrong;
  int n = p[1].text.n;
  if( hours==0 ) return STATUS_NOMEM;
  hours->zone = p[2].zone;
  wrong = working_hours_read(hours, p[1].text.z, n);
  if( wrong==0 ){ *shared = hours; return STATUS_OK; }
  memory_free(hours);
  failure_set(f, "hours '%.*s' %s; write 'Mon-Fri 09:00-18:00', or 'Mon-Fri 09:00-12:00,13:00-18:00; Sat 10:00-16:00'",
              n < 60 ? n : 60, p[1].text.z, wrong);
  return STATUS_INVALID;
}
static Status prepare_limit_hours(const Parameter *p, void **shared, Failure *f){
  if( p[0].duration.months==0 ) return prepare_hours(p, shared, f);
  failure_set(f, "limit is a number of months; of working hours a month has no fixed number, write hours or minutes");
  return STATUS_INVALID;
}
static Status time_hours_init(void *acc, const Parameter *p, Failure *f){
  ((Service*)acc)->hours = p[PARAMETER_SHARED].shared;
  return time_init(acc, p, f);
}
static Status within_hours_init(void *acc, const Parameter *p, Failure *f){
  ((Service*)acc)->hours = p[PARAMETER_SHARED].shared;
  return within_init(acc, p, f);
}

static void service_destroy(void *acc){
  Service *a = acc;
  keymap_destroy(&a->conversations);
  memory_free(a->message);
  if( a->live==0 ) return;
  order_destroy(&a->live->staff);
  order_destroy(&a->live->customer);
  order_destroy(&a->live->waits);
  memory_free(a->live);
}

static inline int64_t wait_length(const Service *a, Instant from, Instant to){
  return a->hours ? working_between(a->hours, from, to) : to - from;
}

static inline int is_within(const Service *a, Instant from, Instant to){
  return a->hours ? wait_length(a, from, to) <= a->limit.micros : instant_after(from, a->limit, 1, 0) >= to;
}

/* ---- messages in order: by conversation, then by time ---- */

/* No instant of the supported years is beyond it, and differences stay within 64 bits. */
#define INSTANT_BOUND (INT64_C(1) << 60)
#define CONVERSATION_STRIDE 0x1p62         /* the times of two conversations never mix */

/* Exact: ids are below 2^27, and Money holds 104 bits. */
static inline Money place_of(uint32_t conversation, Instant t){
  Money m = { conversation * CONVERSATION_STRIDE, 0 };
  money_add_integer(&m, t);
  return m;
}

/* The time of a place, when it is in that conversation. */
static int time_of(Money place, uint32_t conversation, Instant *out){
  money_add_real(&place, -(conversation * CONVERSATION_STRIDE));
  return fabs(place.hi) < CONVERSATION_STRIDE/2 && money_integer(place, out);
}

/* The conversation's last time before t; 1 when there is one. */
static int time_before(const OrderStatistics *set, uint32_t conversation, Instant t, Instant *out){
  Money place;
  return order_below(set, place_of(conversation, t), &place) && time_of(place, conversation, out);
}
static int time_after(const OrderStatistics *set, uint32_t conversation, Instant t, Instant *out){
  Money place;
  return order_above(set, place_of(conversation, t), &place) && time_of(place, conversation, out);
}

static Status set_change(OrderStatistics *set, Money value, int sign){
  if( sign > 0 ) return order_insert(set, value);
  order_erase(set, value);
  return STATUS_OK;
}

/* ---- messages that come and go ---- */

static Status wait_moved(Service *a, Instant from, Instant to, int d){
  Status rc = STATUS_OK;
  if( a->wantsTimes ) rc = set_change(&a->live->waits, money_of_integer(wait_length(a, from, to)), d);
  if( rc!=STATUS_OK ) return rc;
  a->ended += d;
  a->within += !a->wantsTimes && is_within(a, from, to) ? d : 0;
  return STATUS_OK;
}

/* Counts d times the wait that the staff's message at *to ends, or (to = NULL) the open
** one, behind the staff's message at *after (NULL: none). */
static Status wait_between(Service *a, uint32_t id, const Instant *after, const Instant *to, int d){
  Instant from;
  if( !time_after(&a->live->customer, id, after ? *after : -INSTANT_BOUND - 1, &from) ) return STATUS_OK;
  if( to==0 ){ a->open += d; return STATUS_OK; }
  return from <= *to ? wait_moved(a, from, *to, d) : STATUS_OK;
}

/* d times the waits that a change at time t may touch: those ended by the staff's first
** message at or after t, and with `split` also the one ended at t itself. */
static Status waits_around(Service *a, uint32_t id, Instant t, int split, int d){
  Instant before, at, next;
  const Instant *after = time_before(&a->live->staff, id, t, &before) ? &before : 0;
  int hasNext = time_after(&a->live->staff, id, split ? t : t - 1, &next);
  Status rc = STATUS_OK;
  if( split ){
    at = t;
    rc = wait_between(a, id, after, &at, d);
    after = &at;
  }
  return rc==STATUS_OK ? wait_between(a, id, after, hasNext ? &next : 0, d) : rc;
}

/* One message in or out.  Only the first and the last of several at one time matter: the
** waits around are taken out, and put in as they are then. */
static Status live_change(Service *a, const Message *m, int sign){
  OrderStatistics *set = m->isStaff ? &a->live->staff : &a->live->customer;
  Money place = place_of(m->conversation, m->time);
  uint32_t others = order_equal(set, place) - (sign < 0);
  Status rc;
  a->fresh = 0;
  if( others!=0 ) return set_change(set, place, sign);
  rc = waits_around(a, m->conversation, m->time, m->isStaff && sign < 0, -1);
  if( rc==STATUS_OK ) rc = set_change(set, place, sign);
  return rc==STATUS_OK ? waits_around(a, m->conversation, m->time, m->isStaff && sign > 0, +1) : rc;
}

/* From the collected rows to the ordered sets. */
static Status live_begin(Service *a, const Stop *stop){
  size_t i;
  a->live = memory_zeroed(sizeof *a->live);
  if( a->live==0 ) return STATUS_NOMEM;
  a->ended = a->within = a->open = 0;
  for(i=0; i<a->count; i++){
    Status rc = live_change(a, &a->message[i], +1);
    if( rc!=STATUS_OK ) return rc;
    if( (i & 0xfff)==0xfff && stop_asked(stop) ) return STATUS_INTERRUPTED;
  }
  memory_free(a->message);
  a->message = 0;
  a->count = a->capacity = 0;
  return STATUS_OK;
}

static Status message_add(Service *a, const Message *m){
  Status rc;
  if( a->live ) return live_change(a, m, +1);
  rc = memory_grow((void**)&a->message, &a->capacity, a->count + 1, sizeof(Message));
  if( rc!=STATUS_OK ) return rc;
  a->message[a->count++] = *m;
  a->fresh = 0;
  return STATUS_OK;
}

static Status service_absorb(void *acc, Batch *b, int sign, Failure *f){
  Service *a = acc;
  void *payload[BATCH_ROWS];
  uint32_t ids[BATCH_ROWS];
  Status rc = keymap_batch(&a->conversations, b, &b->column[0], ALL_ROWS, b->rows, payload, ids);
  int i;
  (void)f;
  if( rc==STATUS_OK && sign < 0 && a->live==0 ) rc = live_begin(a, 0);
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    Message m;
    m.conversation = ids[i];
    m.isStaff = b->column[2].cell[i].i==0;
    m.time = b->column[1].cell[i].i;
    rc = sign > 0 ? message_add(a, &m) : live_change(a, &m, -1);
  }
  return rc;
}

/* ---- collected rows: sort, then one pass ---- */

static int compare_messages(const void *a, const void *b, const void *context){
  const Message *x = a, *y = b;
  (void)context;
  if( x->conversation!=y->conversation ) return x->conversation < y->conversation ? -1 : 1;
  if( x->time!=y->time ) return x->time < y->time ? -1 : 1;
  return (x->isStaff > y->isStaff) - (x->isStaff < y->isStaff);
}

/* Counts the waits of the sorted rows, and writes the ended ones where `waits` is given. */
static Status count_waits(Service *a, int64_t *waits, const Stop *stop){
  size_t i;
  int open = 0;
  Instant from = 0;
  a->ended = a->within = a->open = 0;
  for(i=0; i<a->count; i++){
    const Message *m = &a->message[i];
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( i==0 || m->conversation!=m[-1].conversation ){
      a->open += open;
      open = 0;
    }
    if( !m->isStaff ){
      if( !open ) from = m->time;
      open = 1;
    }else if( open ){
      if( waits ) waits[a->ended] = wait_length(a, from, m->time);
      else a->within += is_within(a, from, m->time);
      a->ended++;
      open = 0;
    }
  }
  a->open += open;
  return STATUS_OK;
}

/* ---- the figures ---- */

static Status collected_measure(Service *a, const Stop *stop){
  Status rc = sort_records(a->message, a->count, sizeof(Message), compare_messages, 0, stop);
  int64_t *waits = 0;
  if( rc!=STATUS_OK ) return rc;
  if( a->wantsTimes ){
    waits = memory_alloc((a->count/2 + 1) * sizeof *waits);
    if( waits==0 ) return STATUS_NOMEM;
  }
  rc = count_waits(a, waits, stop);
  if( rc==STATUS_OK && waits && a->ended ){
    rc = quantile_of_list(waits, (size_t)a->ended, a->q, &a->answer, stop);
    a->answer /= (double)MICROS_PER_SECOND;
  }
  memory_free(waits);
  if( rc!=STATUS_OK ) return rc;
  /* a group of a few rows need not ask: there may be a million of them */
  return a->count > 4096 && stop_asked(stop) ? STATUS_INTERRUPTED : STATUS_OK;
}

static Status service_measure(Service *a, const Stop *stop){
  Status rc = STATUS_OK;
  if( a->fresh ) return STATUS_OK;
  if( a->live==0 && a->asked ) rc = live_begin(a, stop);
  if( rc==STATUS_OK && a->live==0 ){
    rc = collected_measure(a, stop);
  }else if( rc==STATUS_OK && a->wantsTimes && a->ended ){
    a->answer = order_quantile(&a->live->waits, a->q) / (double)MICROS_PER_SECOND;
  }
  a->asked = 1;
  a->fresh = rc==STATUS_OK;
  return rc;
}

static Status time_result(void *acc, Result *r, Failure *f, const Stop *stop){
  Service *a = acc;
  Status rc = service_measure(a, stop);
  (void)f;
  if( rc==STATUS_OK && a->ended ) result_real(r, a->answer);
  return rc;
}

static Status within_result(void *acc, Result *r, Failure *f, const Stop *stop){
  Service *a = acc;
  Status rc = service_measure(a, stop);
  (void)f;
  if( rc==STATUS_OK ) result_ratio(r, (double)a->within, (double)(a->ended + a->open));
  return rc;
}

/* ---- the state: conversations, then messages.  Only aggregates have states, so that the
** messages still stand in the list. ---- */

static void service_encode(const void *acc, Buffer *out){
  const Service *a = acc;
  size_t i;
  map_encode_keys(&a->conversations, out);
  for(i=0; i<a->count; i++){
    const Message *m = &a->message[i];
    buffer_put_unsigned(out, ((uint64_t)m->conversation << 1 | m->isStaff) + 1);
    buffer_put_signed(out, m->time);
  }
  buffer_put_unsigned(out, 0);             /* ends the messages */
}

static Status service_fold(void *acc, Reader *in, Failure *f){
  Service *a = acc;
  uint32_t *ids;
  uint64_t keys, word;
  Status rc = map_fold_keys(&a->conversations, in, &ids, &keys);
  (void)f;
  while( rc==STATUS_OK && (word = reader_unsigned(in))!=0 ){
    Message m;
    word--;
    m.time = reader_signed(in);
    m.isStaff = word & 1;
    if( in->failed || (word >> 1) >= keys || m.time < -INSTANT_BOUND || m.time > INSTANT_BOUND ){
      rc = STATUS_CORRUPT;
    }else{
      m.conversation = ids[word >> 1];
      rc = message_add(a, &m);
    }
  }
  memory_free(ids);
  return rc==STATUS_OK && in->failed ? STATUS_CORRUPT : rc;
}

const Metric METRIC_RESPONSE_TIME = {
  .id = "response_time", .version = 1, .size = sizeof(Service), .keys = KEYS_IN(Service, conversations),
  .sliding = 1,
  .init = time_init, .absorb = service_absorb, .encode = service_encode, .fold = service_fold,
  .result = time_result, .destroy = service_destroy
};
const Metric METRIC_RESPONSE_WITHIN = {
  .id = "response_within", .version = 1, .size = sizeof(Service), .keys = KEYS_IN(Service, conversations),
  .sliding = 1,
  .init = within_init, .absorb = service_absorb, .encode = service_encode, .fold = service_fold,
  .result = within_result, .destroy = service_destroy
};
const Metric METRIC_RESPONSE_TIME_HOURS = {
  .id = "response_time/hours", .version = 1, .size = sizeof(Service), .keys = KEYS_IN(Service, conversations),
  .sliding = 1, .prepare = prepare_hours, .discard = memory_free,
  .init = time_hours_init, .absorb = service_absorb, .encode = service_encode, .fold = service_fold,
  .result = time_result, .destroy = service_destroy
};
const Metric METRIC_RESPONSE_WITHIN_HOURS = {
  .id = "response_within/hours", .version = 1, .size = sizeof(Service), .keys = KEYS_IN(Service, conversations),
  .sliding = 1, .prepare = prepare_limit_hours, .discard = memory_free,
  .init = within_hours_init, .absorb = service_absorb, .encode = service_encode, .fold = service_fold,
  .result = within_result, .destroy = service_destroy
};
