/*
** Repurchase rates, in the three meanings that the word has in practice:
**   rows     customers with >= 2 rows / customers
**   orders   customers with >= 2 distinct orders / customers
**   window   customers whose second row lies within `window` of the first
**            / customers whose first + window <= as_of (the mature ones)
*/
#include "pairs.h"
#include "repurchase.h"

/* ---- rows ---- */

typedef struct Rows { KeyMap customers; int64_t once, twice; } Rows;

static Status rows_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  keymap_init(&((Rows*)acc)->customers, sizeof(uint32_t));
  return STATUS_OK;
}
static void rows_destroy(void *acc){ keymap_destroy(&((Rows*)acc)->customers); }

static inline void rows_moved(Rows *a, uint32_t before, uint32_t after){
  a->once += (after >= 1) - (before >= 1);
  a->twice += (after >= 2) - (before >= 2);
}

static Status rows_absorb(void *acc, Batch *b, int sign, Failure *f){
  Rows *a = acc;
  void *payload[BATCH_ROWS];
  Status rc = keymap_batch(&a->customers, b, &b->column[0], ALL_ROWS, b->rows, payload, 0);
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    uint32_t *rows = payload[i], before = *rows;
    rc = count_change(rows, sign);
    rows_moved(a, before, *rows);
  }
  return rc;
}

static void put_rows(const void *payload, Buffer *out){ buffer_put_unsigned(out, *(const uint32_t*)payload); }
static void rows_encode(const void *acc, Buffer *out){ map_encode(&((const Rows*)acc)->customers, out, put_rows); }
static Status fold_rows(void *acc, void *payload, Reader *in){
  uint32_t *rows = payload, before = *rows;
  uint64_t sum = before + (reader_unsigned(in) & UINT32_MAX);
  if( sum > UINT32_MAX ) return STATUS_OVERFLOW;
  *rows = (uint32_t)sum;
  rows_moved(acc, before, *rows);
  return STATUS_OK;
}
static Status rows_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  return map_fold(&((Rows*)acc)->customers, in, fold_rows, acc);
}
static Status rows_result(void *acc, Result *r, Failure *f, const Poll *poll){
  const Rows *a = acc;
  (void)f; (void)poll;
  result_ratio(r, (double)a->twice, (double)a->once);
  return STATUS_OK;
}

const Metric METRIC_REPURCHASE_ROWS = {
  .id = "repurchase_rate/rows", .version = 1, .size = sizeof(Rows), .keys = KEYS_IN(Rows, customers), .sliding = 1,
  .init = rows_init, .absorb = rows_absorb, .encode = rows_encode, .fold = rows_fold,
  .result = rows_result, .destroy = rows_destroy
};

/* ---- distinct orders of each customer ---- */

typedef struct Orders {
  Pairs pairs;                 /* (customer, order) -> rows */
  int64_t once, twice;         /* customers with >= 1, >= 2 orders */
} Orders;

static Status orders_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  pairs_init(&((Orders*)acc)->pairs);
  return STATUS_OK;
}
static void orders_destroy(void *acc){ pairs_destroy(&((Orders*)acc)->pairs); }

/* The customer's count of distinct orders moved by d. */
static void orders_moved(void *acc, uint32_t *orders, int d){
  Orders *a = acc;
  uint32_t before = *orders;
  *orders += (uint32_t)d;
  a->once += (*orders >= 1) - (before >= 1);
  a->twice += (*orders >= 2) - (before >= 2);
}
static Status orders_absorb(void *acc, Batch *b, int sign, Failure *f){
  Orders *a = acc;
  (void)f;
  return pairs_change(&a->pairs, b, 0, 1, ALL_ROWS, b->rows, sign, orders_moved, a);
}
static void orders_encode(const void *acc, Buffer *out){ pairs_encode(&((const Orders*)acc)->pairs, out); }
static Status orders_fold(void *acc, Reader *in, Failure *f){
  Orders *a = acc;
  (void)f;
  return pairs_fold(&a->pairs, in, orders_moved, a);
}
static Status orders_result(void *acc, Result *r, Failure *f, const Poll *poll){
  const Orders *a = acc;
  (void)f; (void)poll;
  result_ratio(r, (double)a->twice, (double)a->once);
  return STATUS_OK;
}

const Metric METRIC_REPURCHASE_ORDERS = {
  .id = "repurchase_rate/orders", .version = 1, .size = sizeof(Orders), .keys = KEYS_IN(Orders, pairs.left), .sliding = 1,
  .init = orders_init, .absorb = orders_absorb, .encode = orders_encode, .fold = orders_fold,
  .result = orders_result, .destroy = orders_destroy
};

/* ---- second purchase within a window of the first ---- */

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

static Status window_result(void *acc, Result *r, Failure *f, const Poll *poll){
  const WindowRate *a = acc;
  int64_t mature = 0, came_back = 0;
  uint32_t id;
  (void)f;
  for(id=0; id<a->customers.count; id++){
    const FirstTwo *ft = keymap_payload(&a->customers, id);
    Instant limit;
    if( (id & 0xffff)==0xffff && poll_stop(poll) ) return STATUS_INTERRUPTED;
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
