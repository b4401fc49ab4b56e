/*
** Value metrics.  Every amount counts as money, a negative one is a refund.
**
**   gmv        sum of amounts (less refunds)
**   arpu       money / distinct customers in the input, with or without money
**   arppu      money / effective customers, those whose net is > 0
**   aov        money / orders, refund rows being no orders
** so that gmv = effective_customers * arppu.  Source: Jianshi et al., white paper on
** private-domain value (GMV = User x ARPU); Xingyun Youke (CLV = R / M).
*/
#include "metric/tally/counted.h"
#include "metric/value/value.h"

/* ---- gmv ---- */

typedef struct Gmv { Total total; } Gmv;

static Status gmv_absorb(void *acc, Batch *b, int sign, Failure *f){
  Gmv *g = acc;
  (void)f;
  total_add_rows(&g->total, &b->column[0], b->rows, sign);
  return STATUS_OK;
}

/* A refund is money with the other sign; a row with a refund alone is money too. */
static Status refund_absorb(void *acc, Batch *b, int sign, Failure *f){
  Gmv *g = acc;
  const Column *refund = &b->column[1];
  int i;
  (void)f;
  for(i=0; i<b->rows; i++){
    total_add(&g->total, &b->column[0], i, sign);
    if( refund->type[i]==CELL_REAL ) g->total.reals += sign;
    g->total.amounts += refund->type[i]!=CELL_NULL ? sign : 0;
    money_add_cell(&g->total.sum, refund, i, -sign);
  }
  return STATUS_OK;
}

static void gmv_encode(const void *acc, Buffer *out){ total_encode(&((const Gmv*)acc)->total, out); }
static Status gmv_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  total_fold(&((Gmv*)acc)->total, in);
  return STATUS_OK;
}
static Status gmv_result(void *acc, Result *r, Failure *f, const Poll *poll){
  (void)poll;
  return total_result(&((Gmv*)acc)->total, r, f);
}

const Metric METRIC_GMV = {
  .id = "gmv", .version = 1, .size = sizeof(Gmv),
  .absorb = gmv_absorb, .sliding = 1, .encode = gmv_encode, .fold = gmv_fold,
  .result = gmv_result
};
const Metric METRIC_GMV_REFUND = {
  .id = "gmv/refund", .version = 1, .size = sizeof(Gmv),
  .absorb = refund_absorb, .sliding = 1, .encode = gmv_encode, .fold = gmv_fold,
  .result = gmv_result
};

/* ---- arpu: distinct customers by their count of rows ---- */

typedef struct Arpu { Counted customers; Total total; } Arpu;

static Status arpu_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  counted_init(&((Arpu*)acc)->customers);
  return STATUS_OK;
}
static void arpu_destroy(void *acc){ counted_destroy(&((Arpu*)acc)->customers); }

static Status arpu_absorb(void *acc, Batch *b, int sign, Failure *f){
  Arpu *a = acc;
  (void)f;
  total_add_rows(&a->total, &b->column[1], b->rows, sign);
  return counted_change(&a->customers, b, 0, ALL_ROWS, b->rows, sign);
}

static void arpu_encode(const void *acc, Buffer *out){
  const Arpu *a = acc;
  total_encode(&a->total, out);
  counted_encode(&a->customers, out);
}
static Status arpu_fold(void *acc, Reader *in, Failure *f){
  Arpu *a = acc;
  (void)f;
  total_fold(&a->total, in);
  return counted_fold(&a->customers, in);
}
static Status arpu_result(void *acc, Result *r, Failure *f, const Poll *poll){
  const Arpu *a = acc;
  (void)f; (void)poll;
  result_ratio(r, money_real(a->total.sum), (double)a->customers.present);
  return total_check(&a->total);
}

const Metric METRIC_ARPU = {
  .id = "arpu", .version = 1, .size = sizeof(Arpu), .keys = KEYS_IN(Arpu, customers.keys),
  .init = arpu_init, .absorb = arpu_absorb, .sliding = 1, .encode = arpu_encode,
  .fold = arpu_fold, .result = arpu_result, .destroy = arpu_destroy
};

/* aov(order_id, amount) is the same count over the rows that are orders. */
static Status aov_order_absorb(void *acc, Batch *b, int sign, Failure *f){
  Arpu *a = acc;
  uint8_t rows[BATCH_ROWS] = {0};
  const Column *amount = &b->column[1];
  int i, n = 0;
  (void)f;
  for(i=0; i<b->rows; i++){
    total_add(&a->total, amount, i, sign);
    rows[n] = (uint8_t)i;
    n += !is_refund(amount, i);
  }
  return counted_change(&a->customers, b, 0, rows, n, sign);
}

const Metric METRIC_AOV_ORDER = {
  .id = "aov/order", .version = 1, .size = sizeof(Arpu), .keys = KEYS_IN(Arpu, customers.keys),
  .init = arpu_init, .absorb = aov_order_absorb, .sliding = 1,
  .encode = arpu_encode, .fold = arpu_fold, .result = arpu_result, .destroy = arpu_destroy
};

/* Items are counted as money is: a returned item is negative, and such a row is no order. */
const Metric METRIC_ITEMS_PER_ORDER = {
  .id = "items_per_order", .version = 1, .size = sizeof(Arpu), .keys = KEYS_IN(Arpu, customers.keys),
  .init = arpu_init, .absorb = aov_order_absorb, .sliding = 1,
  .encode = arpu_encode, .fold = arpu_fold, .result = arpu_result, .destroy = arpu_destroy
};

/* ---- arppu and effective_customers: net money of each customer ---- */

typedef struct NetMoney { KeyMap customers; Total total; int64_t effective; } NetMoney;

static Status net_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  keymap_init(&((NetMoney*)acc)->customers, sizeof(Money));
  return STATUS_OK;
}
static void net_destroy(void *acc){ keymap_destroy(&((NetMoney*)acc)->customers); }

static Status net_absorb(void *acc, Batch *b, int sign, Failure *f){
  NetMoney *a = acc;
  void *payload[BATCH_ROWS];
  Status rc = keymap_batch(&a->customers, b, &b->column[0], ALL_ROWS, b->rows, payload, 0);
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    Money *net = payload[i];
    int before = money_sign(*net);
    money_add_cell(net, &b->column[1], i, sign);
    a->effective += (money_sign(*net) > 0) - (before > 0);
  }
  total_add_rows(&a->total, &b->column[1], b->rows, sign);
  return rc;
}

static void put_money(const void *payload, Buffer *out){ money_encode(*(const Money*)payload, out); }
static void net_encode(const void *acc, Buffer *out){
  const NetMoney *a = acc;
  total_encode(&a->total, out);
  map_encode(&a->customers, out, put_money);
}
static Status fold_money(void *acc, void *payload, Reader *in){
  NetMoney *a = acc;
  Money *net = payload;
  int before = money_sign(*net);
  money_add(net, money_fold(in));
  a->effective += (money_sign(*net) > 0) - (before > 0);
  return STATUS_OK;
}
static Status net_fold(void *acc, Reader *in, Failure *f){
  NetMoney *a = acc;
  (void)f;
  total_fold(&a->total, in);
  return map_fold(&a->customers, in, fold_money, a);
}
static Status effective_result(void *acc, Result *r, Failure *f, const Poll *poll){
  const NetMoney *a = acc;
  (void)f; (void)poll;
  result_integer(r, a->effective);
  return total_check(&a->total);
}
static Status arppu_result(void *acc, Result *r, Failure *f, const Poll *poll){
  const NetMoney *a = acc;
  (void)f; (void)poll;
  result_ratio(r, money_real(a->total.sum), (double)a->effective);
  return total_check(&a->total);
}

const Metric METRIC_EFFECTIVE_CUSTOMERS = {
  .id = "effective_customers", .version = 1, .size = sizeof(NetMoney), .keys = KEYS_IN(NetMoney, customers),
  .init = net_init, .absorb = net_absorb, .sliding = 1, .encode = net_encode,
  .fold = net_fold, .result = effective_result, .destroy = net_destroy
};
const Metric METRIC_ARPPU = {
  .id = "arppu", .version = 1, .size = sizeof(NetMoney), .keys = KEYS_IN(NetMoney, customers),
  .init = net_init, .absorb = net_absorb, .sliding = 1, .encode = net_encode,
  .fold = net_fold, .result = arppu_result, .destroy = net_destroy
};

/* ---- a ratio of two running figures: aov(amount), revenue_share ---- */

typedef struct Ratio { Total total; Money part; int64_t orders; } Ratio;

static Status aov_absorb(void *acc, Batch *b, int sign, Failure *f){
  Ratio *a = acc;
  int i;
  (void)f;
  for(i=0; i<b->rows; i++){
    total_add(&a->total, &b->column[0], i, sign);
    a->orders += is_refund(&b->column[0], i) ? 0 : sign;
  }
  return STATUS_OK;
}
static Status share_absorb(void *acc, Batch *b, int sign, Failure *f){
  Ratio *a = acc;
  int i;
  (void)f;
  for(i=0; i<b->rows; i++){
    total_add(&a->total, &b->column[0], i, sign);
    if( b->column[1].cell[i].i ) money_add_cell(&a->part, &b->column[0], i, sign);
  }
  return STATUS_OK;
}
static void ratio_encode(const void *acc, Buffer *out){
  const Ratio *a = acc;
  total_encode(&a->total, out);
  money_encode(a->part, out);
  buffer_put_signed(out, a->orders);
}
static Status ratio_fold(void *acc, Reader *in, Failure *f){
  Ratio *a = acc;
  (void)f;
  total_fold(&a->total, in);
  money_add(&a->part, money_fold(in));
  count_fold(&a->orders, in);
  return STATUS_OK;
}
static Status aov_result(void *acc, Result *r, Failure *f, const Poll *poll){
  const Ratio *a = acc;
  (void)f; (void)poll;
  result_ratio(r, money_real(a->total.sum), (double)a->orders);
  return total_check(&a->total);
}
static Status share_result(void *acc, Result *r, Failure *f, const Poll *poll){
  const Ratio *a = acc;
  (void)f; (void)poll;
  result_ratio(r, money_real(a->part), money_real(a->total.sum));
  return isfinite(money_real(a->part)) ? total_check(&a->total) : STATUS_OVERFLOW;
}

const Metric METRIC_AOV = {
  .id = "aov", .version = 1, .size = sizeof(Ratio),
  .absorb = aov_absorb, .sliding = 1, .encode = ratio_encode, .fold = ratio_fold,
  .result = aov_result
};
const Metric METRIC_REVENUE_SHARE = {
  .id = "revenue_share", .version = 1, .size = sizeof(Ratio),
  .absorb = share_absorb, .sliding = 1, .encode = ratio_encode, .fold = ratio_fold,
  .result = share_result
};
