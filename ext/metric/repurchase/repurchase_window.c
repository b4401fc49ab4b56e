/*
** repurchase_rate(customer, time, window, as_of): customers whose second row lies within
** `window` of the first / customers whose first + window <= as_of (the mature ones).
** The other meanings of the word, counts of orders, are in order_counts.c.
*/
#include "metric/repurchase/repurchase.h"

/* Stored instants are flipped in the top bit, so that a zeroed payload is "none". */
typedef struct FirstTwo { uint64_t first, second; } FirstTwo;
#define FLIP (UINT64_C(1) << 63)
static inline uint64_t stored(Instant t){ return (uint64_t)t ^ FLIP; }
static inline Instant instant_of(uint64_t s){ return (Instant)(s ^ FLIP); }

typedef struct WindowRate { KeyMap customers; Duration window; Instant asOf; } WindowRate;

static Status window_init(void *acc, const Parameter *p, Failure *f){
  WindowRate *a = acc;
  (void)f;
  keymap_init(&a->customers, sizeof(FirstTwo));
  a->window = p[0].duration;
  a->asOf = p[1].instant;
  return STATUS_OK;
}
static void window_destroy(void *acc){ keymap_destroy(&((WindowRate*)acc)->customers); }

static inline void first_two_add(FirstTwo *ft, uint64_t t){
  if( ft->first==0 || t < ft->first ){
    ft->second = ft->first;
    ft->first = t;
  }else if( ft->second==0 || t < ft->second ){
    ft->second = t;
  }
}

static Status window_absorb(void *acc, Batch *b, int sign, Failure *f){
  WindowRate *a = acc;
  void *payload[BATCH_ROWS];
  uint8_t rows[BATCH_ROWS] = {0};
  const Column *time = &b->column[1];
  Status rc;
  int i, n = 0;
  (void)sign; (void)f;
  for(i=0; i<b->rows; i++){
    rows[n] = (uint8_t)i;
    n += time->cell[i].i <= a->asOf;
  }
  rc = keymap_batch(&a->customers, b, &b->column[0], rows, n, payload, 0);
  for(i=0; rc==STATUS_OK && i<n; i++) first_two_add(payload[i], stored(time->cell[rows[i]].i));
  return rc;
}

static void put_first_two(const void *payload, Buffer *out){
  const FirstTwo *ft = payload;
  buffer_put_unsigned(out, ft->first);
  buffer_put_unsigned(out, ft->second);
}
static void window_encode(const void *acc, Buffer *out){
  map_encode(&((const WindowRate*)acc)->customers, out, put_first_two);
}
static Status fold_first_two(void *acc, void *payload, Reader *in){
  uint64_t first = reader_unsigned(in), second = reader_unsigned(in);
  (void)acc;
  if( first ) first_two_add(payload, first);
  if( second ) first_two_add(payload, second);
  return STATUS_OK;
}
static Status window_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  return map_fold(&((WindowRate*)acc)->customers, in, fold_first_two, acc);
}

static Status window_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const WindowRate *a = acc;
  int64_t mature = 0, came_back = 0;
  uint32_t id;
  (void)f;
  for(id=0; id<a->customers.count; id++){
    const FirstTwo *ft = keymap_payload(&a->customers, id);
    Instant limit;
    if( (id & 0x3fff)==0x3fff && stop_asked(stop) ) return STATUS_INTERRUPTED;
    if( ft->first==0 ) continue;
    limit = instant_after(instant_of(ft->first), a->window, 1, 0);
    if( limit > a->asOf ) continue;
    mature++;
    came_back += ft->second!=0 && instant_of(ft->second) <= limit;
  }
  result_ratio(r, (double)came_back, (double)mature);
  return STATUS_OK;
}

const Metric METRIC_REPURCHASE_WINDOW = {
  .id = "repurchase_rate/window", .version = 1, .size = sizeof(WindowRate), .keys = KEYS_IN(WindowRate, customers),
  .init = window_init, .absorb = window_absorb, .encode = window_encode, .fold = window_fold,
  .result = window_result, .destroy = window_destroy
};
