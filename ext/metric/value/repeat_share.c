/*
** repeat_share: money of customers with >= 2 orders / all money.  An order is a row, or a
** distinct order_id, which counts once for each customer that has it.  A customer's money
** moves when the second order comes or goes.
*/
#include "metric/tally/pairs.h"
#include "metric/value/value.h"

typedef struct Buyer {
  uint32_t orders;             /* first: Pairs counts distinct orders here */
  uint32_t rows;
  Money net;
  uint32_t place;              /* of the net: see base/number/exact.h */
} Buyer;

typedef struct RepeatShare {
  Pairs pairs;                 /* left: customers, each a Buyer; the rest only with order_id */
  SlidingTotal money;
  Money repeat;                /* money of customers with >= 2 orders */
  uint32_t repeatPlace;
  Status failed;               /* of a move that could not say so */
} RepeatShare;

static Status repeat_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  pairs_init_wide(&((RepeatShare*)acc)->pairs, sizeof(Buyer));
  return STATUS_OK;
}
static void repeat_destroy(void *acc){
  pairs_destroy(&((RepeatShare*)acc)->pairs);
  exact_destroy(&((RepeatShare*)acc)->money.sums);
}

/* A customer's money joins that of the repeated ones, or leaves it. */
static void net_moved(RepeatShare *a, const Buyer *buyer, int sign){
  Status rc = exact_add_sum(&a->money.sums, &a->repeat, &a->repeatPlace, buyer->net, buyer->place, sign);
  if( rc!=STATUS_OK ) a->failed = rc;
}

/* The count of orders, the first member of a Buyer, moved by d. */
static void buyer_moved(void *acc, uint32_t *orders, int d){
  RepeatShare *a = acc;
  const Buyer *buyer = (const Buyer*)(const void*)orders;
  uint32_t before = *orders;
  *orders += (uint32_t)d;
  if( before<2 && *orders>=2 ) net_moved(a, buyer, +1);
  if( before>=2 && *orders<2 ) net_moved(a, buyer, -1);
}

static Status buyer_money(RepeatShare *a, Buyer *buyer, const Column *amount, int row, int sign){
  Status rc = count_change(&buyer->rows, sign);
  ExactNumbers *sums = &a->money.sums;
  if( rc==STATUS_OK ) rc = a->failed;
  if( rc==STATUS_OK ) rc = exact_add_cell(sums, &buyer->net, &buyer->place, amount, row, sign);
  if( rc==STATUS_OK && buyer->orders>=2 ) rc = exact_add_cell(sums, &a->repeat, &a->repeatPlace, amount, row, sign);
  return rc==STATUS_OK ? sliding_add(&a->money, amount, row, sign) : rc;
}

static Status repeat_absorb(void *acc, Batch *b, int sign, Failure *f){
  RepeatShare *a = acc;
  void *payload[BATCH_ROWS];
  const Column *amount = &b->column[1];
  Status rc = keymap_batch(&a->pairs.left, b, &b->column[0], ALL_ROWS, b->rows, payload, 0);
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    Buyer *buyer = payload[i];
    if( !is_refund(amount, i) ) buyer_moved(a, &buyer->orders, sign);
    rc = buyer_money(a, buyer, amount, i, sign);
  }
  return rc;
}

static Status repeat_order_absorb(void *acc, Batch *b, int sign, Failure *f){
  RepeatShare *a = acc;
  void *payload[BATCH_ROWS];
  uint8_t rows[BATCH_ROWS] = {0};
  const Column *amount = &b->column[1];
  Status rc;
  int i, n = 0;
  (void)f;
  for(i=0; i<b->rows; i++){
    rows[n] = (uint8_t)i;
    n += !is_refund(amount, i);
  }
  rc = pairs_change(&a->pairs, b, 0, 2, rows, n, sign, buyer_moved, a);
  if( rc==STATUS_OK ){
    rc = keymap_batch(&a->pairs.left, b, &b->column[0], ALL_ROWS, b->rows, payload, 0);
  }
  for(i=0; rc==STATUS_OK && i<b->rows; i++) rc = buyer_money(a, payload[i], amount, i, sign);
  return rc;
}

static void put_buyer(const void *payload, Buffer *out){
  const Buyer *buyer = payload;
  money_encode(buyer->net, out);
  buffer_put_unsigned(out, buyer->rows);
}
static void put_buyer_orders(const void *payload, Buffer *out){
  put_buyer(payload, out);
  buffer_put_unsigned(out, ((const Buyer*)payload)->orders);
}
static void repeat_encode(const void *acc, Buffer *out){
  const RepeatShare *a = acc;
  total_encode(&a->money.total, out);
  map_encode(&a->pairs.left, out, put_buyer_orders);
}
static void repeat_order_encode(const void *acc, Buffer *out){
  const RepeatShare *a = acc;
  total_encode(&a->money.total, out);
  pairs_encode(&a->pairs, out);
  map_encode(&a->pairs.left, out, put_buyer);
}

static Status fold_buyer(void *acc, void *payload, Reader *in){
  RepeatShare *a = acc;
  Buyer *buyer = payload;
  Money net = money_fold(in);
  money_add(&buyer->net, net);
  if( buyer->orders>=2 ) money_add(&a->repeat, net);
  return rows_fold(&buyer->rows, in);
}
static Status fold_buyer_orders(void *acc, void *payload, Reader *in){
  RepeatShare *a = acc;
  Buyer *buyer = payload;
  uint32_t before = buyer->orders;
  Status rc = fold_buyer(acc, payload, in);
  if( rc==STATUS_OK ) rc = rows_fold(&buyer->orders, in);
  if( before<2 && buyer->orders>=2 ) money_add(&a->repeat, buyer->net);
  return rc;
}
static Status repeat_fold(void *acc, Reader *in, Failure *f){
  RepeatShare *a = acc;
  (void)f;
  total_fold(&a->money.total, in);
  return map_fold(&a->pairs.left, in, fold_buyer_orders, a);
}
static Status repeat_order_fold(void *acc, Reader *in, Failure *f){
  RepeatShare *a = acc;
  Status rc;
  (void)f;
  total_fold(&a->money.total, in);
  rc = pairs_fold(&a->pairs, in, buyer_moved, a);
  return rc==STATUS_OK ? map_fold(&a->pairs.left, in, fold_buyer, a) : rc;
}

static Status repeat_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const RepeatShare *a = acc;
  (void)f; (void)stop;
  result_ratio(r, money_real(a->repeat), money_real(a->money.total.sum));
  return total_check(&a->money.total);
}

const Metric METRIC_REPEAT_SHARE = {
  .id = "repeat_share/rows", .version = 1, .size = sizeof(RepeatShare), .sliding = 1,
  .keys = KEYS_IN(RepeatShare, pairs.left),
  .init = repeat_init, .absorb = repeat_absorb, .encode = repeat_encode, .fold = repeat_fold,
  .result = repeat_result, .destroy = repeat_destroy
};
const Metric METRIC_REPEAT_SHARE_ORDER = {
  .id = "repeat_share/order", .version = 1, .size = sizeof(RepeatShare), .sliding = 1,
  .keys = KEYS_IN(RepeatShare, pairs.left),
  .init = repeat_init, .absorb = repeat_order_absorb, .encode = repeat_order_encode,
  .fold = repeat_order_fold, .result = repeat_result, .destroy = repeat_destroy
};
