/*
** Response times, pooled over conversations.  Messages of a conversation stand in order
** of time; at equal times those of the customer come before those of the staff, so that
** the order of rows never matters.  A customer's first message since the last one of the
** staff opens a wait, the next message of the staff ends it; an answer at the very time
** of the question took 0 seconds.
**   response_time    q-quantile (type 7 of Hyndman, Fan 1996) of the ended waits, seconds
**   response_within  waits ended within limit / all waits, the open ones included
**
** Rows are collected, and sorted when the figure is asked for.  A window asks for it again
** and again: from the second time on, or once a row leaves, the messages live in ordered
** sets, where a message that comes or goes moves at most two waits.  With the staff's
** distinct times ... < s' < s of a conversation, the wait that s ends begins at the least
** customer time c with s' < c <= s.
*/
#include "../base/select.h"
#include "../base/ordered.h"
#include "service.h"

typedef struct Message { uint32_t conversation, isStaff; Instant time; } Message;

/* The same messages in ordered sets, and the ended waits. */
typedef struct Live { Ordered staff, customer, waits; } Live;

typedef struct Service {
  KeyMap conversations;        /* no payload; ids */
  Message *message;            /* until `live` is there */
  size_t count, capacity;
  Live *live;
  double q;                    /* response_time */
  Duration limit;              /* response_within */
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

static void service_destroy(void *acc){
  Service *a = acc;
  keymap_destroy(&a->conversations);
  memory_free(a->message);
  if( a->live==0 ) return;
  ordered_destroy(&a->live->staff);
  ordered_destroy(&a->live->customer);
  ordered_destroy(&a->live->waits);
  memory_free(a->live);
}

static inline int is_within(const Service *a, Instant from, Instant to){
  return instant_after(from, a->limit, 1, 0) >= to;
}

/* ---- messages that come and go ---- */

static Status wait_moved(Service *a, Instant from, Instant to, int d){
  int64_t now;
  Status rc = STATUS_OK;
  if( a->wantsTimes ) rc = ordered_change(&a->live->waits, 0, to - from, d, &now);
  if( rc!=STATUS_OK ) return rc;
  a->ended += d;
  a->within += !a->wantsTimes && is_within(a, from, to) ? d : 0;
  return STATUS_OK;
}

/* Counts d times the wait that the staff's message at *to ends, or (to = NULL) the open
** one, behind the staff's message at *after (NULL: none). */
static Status wait_between(Service *a, uint32_t id, const Instant *after, const Instant *to, int d){
  Instant from;
  if( !ordered_above(&a->live->customer, id, after ? *after : INT64_MIN, &from) ) return STATUS_OK;
  if( to==0 ){ a->open += d; return STATUS_OK; }
  return from <= *to ? wait_moved(a, from, *to, d) : STATUS_OK;
}

/* d times the waits that a change at time t may touch: those ended by the staff's first
** message at or after t, and with `split` also the one ended at t itself. */
static Status waits_around(Service *a, uint32_t id, Instant t, int split, int d){
  Instant before, at, next;
  const Instant *after = ordered_below(&a->live->staff, id, t, &before) ? &before : 0;
  int hasNext = ordered_above(&a->live->staff, id, split ? t : t - 1, &next);
  Status rc = STATUS_OK;
  if( split ){
    at = t;
    rc = wait_between(a, id, after, &at, d);
    after = &at;
  }
  return rc==STATUS_OK ? wait_between(a, id, after, hasNext ? &next : 0, d) : rc;
}

/* One message in or out.  The waits around are taken out, and put in as they are then. */
static Status live_change(Service *a, const Message *m, int sign){
  Ordered *set = m->isStaff ? &a->live->staff : &a->live->customer;
  int staffComes = m->isStaff && sign > 0, staffGoes = m->isStaff && sign < 0;
  int64_t now;
  Instant earlier;
  int isThere = ordered_above(set, m->conversation, m->time - 1, &earlier) && earlier==m->time;
  Status rc;
  a->fresh = 0;
  if( sign > 0 && isThere ) return ordered_change(set, m->conversation, m->time, +1, &now);
  rc = waits_around(a, m->conversation, m->time, staffGoes, -1);
  if( rc==STATUS_OK ) rc = ordered_change(set, m->conversation, m->time, sign, &now);
  staffComes |= staffGoes && now > 0;
  if( rc==STATUS_OK ) rc = waits_around(a, m->conversation, m->time, staffComes, +1);
  return rc;
}

/* From the collected rows to the ordered sets. */
static Status live_begin(Service *a, const Poll *poll){
  size_t i;
  a->live = memory_zeroed(sizeof *a->live);
  if( a->live==0 ) return STATUS_NOMEM;
  a->ended = a->within = a->open = 0;
  for(i=0; i<a->count; i++){
    Status rc = live_change(a, &a->message[i], +1);
    if( rc!=STATUS_OK ) return rc;
    if( (i & 0xfff)==0xfff && poll_stop(poll) ) return STATUS_INTERRUPTED;
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

static inline int message_before(const Message *a, const Message *b){
  if( a->conversation!=b->conversation ) return a->conversation < b->conversation;
  if( a->time!=b->time ) return a->time < b->time;
  return a->isStaff < b->isStaff;
}

/* Merges [from, middle) and [middle, to) of `in` into `out`. */
static void merge_runs(const Message *in, Message *out, size_t from, size_t middle, size_t to){
  size_t i = from, j = middle, k;
  for(k=from; k<to; k++){
    int right = i==middle || (j<to && message_before(&in[j], &in[i]));
    out[k] = right ? in[j++] : in[i++];
  }
}

/* A group of a few rows need not ask: there may be a million of them. */
static int must_stop(const Service *a, const Poll *poll){ return a->count > 4096 && poll_stop(poll); }

/* Bottom-up merge sort: rows that already stand in order cost one comparison each. */
static Status messages_sort(Service *a, const Poll *poll){
  Message *in = a->message, *out, *other;
  size_t n = a->count, run, i;
  for(i=1; i<n && !message_before(&in[i], &in[i-1]); i++){}
  if( i>=n ) return STATUS_OK;
  out = other = memory_alloc(a->capacity * sizeof(Message));
  if( out==0 ) return STATUS_NOMEM;
  for(run=1; run<n; run*=2){
    Message *swap = in;
    if( must_stop(a, poll) ){ memory_free(other); return STATUS_INTERRUPTED; }
    for(i=0; i<n; i+=2*run){
      size_t middle = n-i < run ? n : i+run;
      merge_runs(in, out, i, middle, n-middle < run ? n : middle+run);
    }
    in = out;
    out = swap;
  }
  if( in!=a->message ) memcpy(a->message, in, n*sizeof(Message));
  memory_free(other);
  return STATUS_OK;
}

/* Counts the waits of the sorted rows, and writes the ended ones where `waits` is given. */
static void count_waits(Service *a, int64_t *waits){
  size_t i;
  int open = 0;
  Instant from = 0;
  a->ended = a->within = a->open = 0;
  for(i=0; i<a->count; i++){
    const Message *m = &a->message[i];
    if( i==0 || m->conversation!=m[-1].conversation ){
      a->open += open;
      open = 0;
    }
    if( !m->isStaff ){
      if( !open ) from = m->time;
      open = 1;
    }else if( open ){
      if( waits ) waits[a->ended] = m->time - from;
      else a->within += is_within(a, from, m->time);
      a->ended++;
      open = 0;
    }
  }
  a->open += open;
}

/* ---- the figures ---- */

/* Position (n-1) q in 0 ... n-1: *k is its whole part, the rest is returned. */
static double quantile_place(int64_t n, double q, int64_t *k){
  double h = (double)(n-1) * q;
  *k = (int64_t)h;
  if( *k > n-1 ) *k = n-1;
  return h - (double)*k;
}

static double seconds_between(int64_t low, int64_t high, double part){
  return ((double)low + (double)(high-low)*part) / (double)MICROS_PER_SECOND;
}

static double collected_quantile(const Service *a, int64_t *waits){
  int64_t k, i, next;
  double part = quantile_place(a->ended, a->q, &k);
  select_nth(waits, a->ended, k);
  if( part==0 || k+1>=a->ended ) return seconds_between(waits[k], waits[k], 0);
  next = waits[k+1];
  for(i=k+2; i<a->ended; i++) if( waits[i] < next ) next = waits[i];
  return seconds_between(waits[k], next, part);
}

static double live_quantile(const Service *a){
  int64_t k, low;
  double part = quantile_place(a->ended, a->q, &k);
  low = ordered_select(&a->live->waits, k);
  if( part==0 || k+1>=a->ended ) return seconds_between(low, low, 0);
  return seconds_between(low, ordered_select(&a->live->waits, k+1), part);
}

static Status collected_measure(Service *a, const Poll *poll){
  Status rc = messages_sort(a, poll);
  int64_t *waits = 0;
  if( rc!=STATUS_OK ) return rc;
  if( a->wantsTimes ){
    waits = memory_alloc((a->count/2 + 1) * sizeof *waits);
    if( waits==0 ) return STATUS_NOMEM;
  }
  count_waits(a, waits);
  if( waits && a->ended ) a->answer = collected_quantile(a, waits);
  memory_free(waits);
  return must_stop(a, poll) ? STATUS_INTERRUPTED : STATUS_OK;
}

static Status service_measure(Service *a, const Poll *poll){
  Status rc = STATUS_OK;
  if( a->fresh ) return STATUS_OK;
  if( a->live==0 && a->asked ) rc = live_begin(a, poll);
  if( rc==STATUS_OK && a->live==0 ){
    rc = collected_measure(a, poll);
  }else if( rc==STATUS_OK && a->wantsTimes && a->ended ){
    a->answer = live_quantile(a);
  }
  a->asked = 1;
  a->fresh = rc==STATUS_OK;
  return rc;
}

static Status time_result(void *acc, Result *r, Failure *f, const Poll *poll){
  Service *a = acc;
  Status rc = service_measure(a, poll);
  (void)f;
  if( rc==STATUS_OK && a->ended ) result_real(r, a->answer);
  return rc;
}

static Status within_result(void *acc, Result *r, Failure *f, const Poll *poll){
  Service *a = acc;
  Status rc = service_measure(a, poll);
  (void)f;
  if( rc==STATUS_OK ) result_ratio(r, (double)a->within, (double)(a->ended + a->open));
  return rc;
}

/* ---- the state: conversations, then messages.  It is no window's: only which messages
** there are matters, not how often. ---- */

static void put_nothing(const void *payload, Buffer *out){ (void)payload; (void)out; }

/* An end mark is 0, so that nobody need count first. */
static void put_message(Buffer *out, uint32_t conversation, uint32_t isStaff, Instant time){
  buffer_put_unsigned(out, ((uint64_t)conversation << 1 | isStaff) + 1);
  buffer_put_signed(out, time);
}

static void put_set(Buffer *out, const Ordered *set, uint32_t isStaff){
  size_t i;
  for(i=1; i<set->used; i++){
    const OrderedNode *n = &set->node[i];
    if( n->count > 0 ) put_message(out, n->group, isStaff, n->value);
  }
}

static void service_encode(const void *acc, Buffer *out){
  const Service *a = acc;
  size_t i;
  map_encode(&a->conversations, out, put_nothing);
  for(i=0; i<a->count; i++){
    const Message *m = &a->message[i];
    put_message(out, m->conversation, m->isStaff, m->time);
  }
  if( a->live ){
    put_set(out, &a->live->customer, 0);
    put_set(out, &a->live->staff, 1);
  }
  buffer_put_unsigned(out, 0);
}

/* No instant of the supported years is beyond it, and differences stay within 64 bits. */
#define INSTANT_BOUND (INT64_C(1) << 60)

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
