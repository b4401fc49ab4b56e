/*
** Orders of each customer, an order being a row, or a distinct order_id (which counts once
** for each customer that has it):
**   orders_per_customer  orders / customers
**   repurchase_rate      customers with >= 2 orders / customers
*/
#include "metric/tally/counted.h"
#include "metric/tally/pairs.h"
#include "metric/repurchase/repurchase.h"
#include "metric/value/value.h"

/* ---- an order is a row ---- */

static Status rows_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  counted_init(acc);
  return STATUS_OK;
}
static void rows_destroy(void *acc){ counted_destroy(acc); }

static Status rows_absorb(void *acc, Batch *b, int sign, Failure *f){
  (void)f;
  return counted_change(acc, b, 0, ALL_ROWS, b->rows, sign);
}
static void rows_encode(const void *acc, Buffer *out){ counted_encode(acc, out); }
static Status rows_merge(void *acc, Reader *in, Failure *f){
  (void)f;
  return counted_fold(acc, in);
}
static Status rows_each(void *acc, Result *r, Failure *f, const Stop *stop){
  const Counted *customers = acc;
  (void)f; (void)stop;
  result_ratio(r, (double)customers->rows, (double)customers->present);
  return STATUS_OK;
}
static Status rows_repeated(void *acc, Result *r, Failure *f, const Stop *stop){
  const Counted *customers = acc;
  (void)f; (void)stop;
  result_ratio(r, (double)customers->repeated, (double)customers->present);
  return STATUS_OK;
}

const Metric METRIC_ORDERS_PER_CUSTOMER = {
  .id = "orders_per_customer/rows", .version = 1, .size = sizeof(Counted), .sliding = 1,
  .keys = KEYS_IN(Counted, keys),
  .init = rows_init, .absorb = rows_absorb, .encode = rows_encode, .fold = rows_merge,
  .result = rows_each, .destroy = rows_destroy
};
const Metric METRIC_REPURCHASE_ROWS = {
  .id = "repurchase_rate/rows", .version = 1, .size = sizeof(Counted), .sliding = 1,
  .keys = KEYS_IN(Counted, keys),
  .init = rows_init, .absorb = rows_absorb, .encode = rows_encode, .fold = rows_merge,
  .result = rows_repeated, .destroy = rows_destroy
};

/* ---- an order is a distinct order_id ---- */

typedef struct OrderCounts {
  Pairs pairs;                 /* (customer, order) -> rows */
  int64_t orders;
  int64_t once, twice;         /* customers with >= 1, >= 2 of them */
} OrderCounts;

static Status orders_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  pairs_init(&((OrderCounts*)acc)->pairs);
  return STATUS_OK;
}
static void orders_destroy(void *acc){ pairs_destroy(&((OrderCounts*)acc)->pairs); }

/* The customer's count of distinct orders moved by d. */
static void orders_moved(void *acc, uint32_t *orders, int d){
  OrderCounts *a = acc;
  uint32_t before = *orders;
  *orders += (uint32_t)d;
  a->orders += d;
  a->once += (*orders >= 1) - (before >= 1);
  a->twice += (*orders >= 2) - (before >= 2);
}
static Status orders_absorb(void *acc, Batch *b, int sign, Failure *f){
  OrderCounts *a = acc;
  (void)f;
  return pairs_change(&a->pairs, b, 0, 1, ALL_ROWS, b->rows, sign, orders_moved, a);
}
static void orders_encode(const void *acc, Buffer *out){ pairs_encode(&((const OrderCounts*)acc)->pairs, out); }
static Status orders_merge(void *acc, Reader *in, Failure *f){
  OrderCounts *a = acc;
  (void)f;
  return pairs_fold(&a->pairs, in, orders_moved, a);
}
static Status orders_each(void *acc, Result *r, Failure *f, const Stop *stop){
  const OrderCounts *a = acc;
  (void)f; (void)stop;
  result_ratio(r, (double)a->orders, (double)a->once);
  return STATUS_OK;
}
static Status orders_repeated(void *acc, Result *r, Failure *f, const Stop *stop){
  const OrderCounts *a = acc;
  (void)f; (void)stop;
  result_ratio(r, (double)a->twice, (double)a->once);
  return STATUS_OK;
}

const Metric METRIC_ORDERS_PER_CUSTOMER_ORDER = {
  .id = "orders_per_customer/order", .version = 1, .size = sizeof(OrderCounts), .sliding = 1,
  .keys = KEYS_IN(OrderCounts, pairs.left),
  .init = orders_init, .absorb = orders_absorb, .encode = orders_encode, .fold = orders_merge,
  .result = orders_each, .destroy = orders_destroy
};
const Metric METRIC_REPURCHASE_ORDERS = {
  .id = "repurchase_rate/orders", .version = 1, .size = sizeof(OrderCounts), .sliding = 1,
  .keys = KEYS_IN(OrderCounts, pairs.left),
  .init = orders_init, .absorb = orders_absorb, .encode = orders_encode, .fold = orders_merge,
  .result = orders_repeated, .destroy = orders_destroy
};
