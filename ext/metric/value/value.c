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

typedef struct Gmv { SlidingTotal money; } Gmv;

static void gmv_destroy(void *acc){ exact_destroy(&((Gmv*)acc)->money.sums); }

static Status gmv_absorb(void *acc, Batch *b, int sign, Failure *f){
  Gmv *g = acc;
  (void)f;
  return sliding_add_rows(&g->money, &b->column[0], b->rows, sign);
}

/* A refund is money with the other sign; a row with a refund alone is money too. */
static Status refund_absorb(void *acc, Batch *b, int sign, Failure *f){
  Gmv *g = acc;
  const Column *refund = &b->column[1];
  Total *total = &g->money.total;
  Status rc = STATUS_OK;
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    rc = sliding_add(&g->money, &b->column[0], i, sign);
    if( refund->type[i]==CELL_REAL ) total->reals += sign;
    total->amounts += refund->type[i]!=CELL_NULL ? sign : 0;
    if( rc==STATUS_OK ) rc = exact_add_cell(&g->money.sums, &total->sum, &g->money.place, refund, i, -sign);
  }
  return rc;
}

static void gmv_encode(const void *acc, Buffer *out){ total_encode(&((const Gmv*)acc)->money.total, out); }
static Status gmv_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  total_fold(&((Gmv*)acc)->money.total, in);
  return STATUS_OK;
}
static Status gmv_result(void *acc, Result *r, Failure *f, const Stop *stop){
  (void)stop;
  return total_result(&((Gmv*)acc)->money.total, r, f);
}

const Metric METRIC_GMV = {
  .id = "gmv", .version = 1, .size = sizeof(Gmv),
  .absorb = gmv_absorb, .sliding = 1, .encode = gmv_encode, .fold = gmv_fold,
  .result = gmv_result, .destroy = gmv_destroy
};
const Metric METRIC_GMV_REFUND = {
  .id = "gmv/refund", .version = 1, .size = sizeof(Gmv),
  .absorb = refund_absorb, .sliding = 1, .encode = gmv_encode, .fold = gmv_fold,
  .result = gmv_result, .destroy = gmv_destroy
};

/* ---- arpu: distinct customers by their count of rows ---- */

typedef struct Arpu { Counted customers; SlidingTotal money; } Arpu;

static Status arpu_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  counted_init(&((Arpu*)acc)->customers);
  return STATUS_OK;
}
static void arpu_destroy(void *acc){
  counted_destroy(&((Arpu*)acc)->customers);
  exact_destroy(&((Arpu*)acc)->money.sums);
}

static Status arpu_absorb(void *acc, Batch *b, int sign, Failure *f){
  Arpu *a = acc;
  Status rc = sliding_add_rows(&a->money, &b->column[1], b->rows, sign);
  (void)f;
  return rc==STATUS_OK ? counted_change(&a->customers, b, 0, ALL_ROWS, b->rows, sign) : rc;
}

static void arpu_encode(const void *acc, Buffer *out){
  const Arpu *a = acc;
  total_encode(&a->money.total, out);
  counted_encode(&a->customers, out);
}
static Status arpu_fold(void *acc, Reader *in, Failure *f){
  Arpu *a = acc;
  (void)f;
  total_fold(&a->money.total, in);
  return counted_fold(&a->customers, in);
}
static Status arpu_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Arpu *a = acc;
  (void)f; (void)stop;
  result_ratio(r, money_real(a->money.total.sum), (double)a->customers.present);
  return total_check(&a->money.total);
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
  Status rc = STATUS_OK;
  int i, n = 0;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    rc = sliding_add(&a->money, amount, i, sign);
    rows[n] = (uint8_t)i;
    n += !is_refund(amount, i);
  }
  return rc==STATUS_OK ? counted_change(&a->customers, b, 0, rows, n, sign) : rc;
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

typedef struct Net { Money money; uint32_t place; } Net;
typedef struct NetMoney { KeyMap customers; SlidingTotal money; int64_t effective; } NetMoney;

static Status net_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  keymap_init(&((NetMoney*)acc)->customers, sizeof(Net));
  return STATUS_OK;
}
static void net_destroy(void *acc){
  keymap_destroy(&((NetMoney*)acc)->customers);
  exact_destroy(&((NetMoney*)acc)->money.sums);
}

static Status net_absorb(void *acc, Batch *b, int sign, Failure *f){
  NetMoney *a = acc;
  void *payload[BATCH_ROWS];
  Status rc = keymap_batch(&a->customers, b, &b->column[0], ALL_ROWS, b->rows, payload, 0);
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    Net *net = payload[i];
    int before = money_sign(net->money);
    rc = exact_add_cell(&a->money.sums, &net->money, &net->place, &b->column[1], i, sign);
    a->effective += (money_sign(net->money) > 0) - (before > 0);
  }
  return rc==STATUS_OK ? sliding_add_rows(&a->money, &b->column[1], b->rows, sign) : rc;
}

static void put_money(const void *payload, Buffer *out){ money_encode(((const Net*)payload)->money, out); }
static void net_encode(const void *acc, Buffer *out){
  const NetMoney *a = acc;
  total_encode(&a->money.total, out);
  map_encode(&a->customers, out, put_money);
}
static Status fold_money(void *acc, void *payload, Reader *in){
  NetMoney *a = acc;
  Money *net = &((Net*)payload)->money;
  int before = money_sign(*net);
  money_add(net, money_fold(in));
  a->effective += (money_sign(*net) > 0) - (before > 0);
  return STATUS_OK;
}
static Status net_fold(void *acc, Reader *in, Failure *f){
  NetMoney *a = acc;
  (void)f;
  total_fold(&a->money.total, in);
  return map_fold(&a->customers, in, fold_money, a);
}
static Status effective_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const NetMoney *a = acc;
  (void)f; (void)stop;
  result_integer(r, a->effective);
  return total_check(&a->money.total);
}
static Status arppu_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const NetMoney *a = acc;
  (void)f; (void)stop;
  result_ratio(r, money_real(a->money.total.sum), (double)a->effective);
  return total_check(&a->money.total);
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

typedef struct Ratio { SlidingTotal money; Money part; uint32_t partPlace; int64_t orders; } Ratio;

static void ratio_destroy(void *acc){ exact_destroy(&((Ratio*)acc)->money.sums); }

static Status aov_absorb(void *acc, Batch *b, int sign, Failure *f){
  Ratio *a = acc;
  Status rc = STATUS_OK;
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    rc = sliding_add(&a->money, &b->column[0], i, sign);
    a->orders += is_refund(&b->column[0], i) ? 0 : sign;
  }
  return rc;
}
static Status share_absorb(void *acc, Batch *b, int sign, Failure *f){
  Ratio *a = acc;
  const Column *amount = &b->column[0];
  Status rc = STATUS_OK;
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    rc = sliding_add(&a->money, amount, i, sign);
    if( rc==STATUS_OK && b->column[1].cell[i].i ) rc = exact_add_cell(&a->money.sums, &a->part, &a->partPlace, amount, i, sign);
  }
  return rc;
}
static void ratio_encode(const void *acc, Buffer *out){
  const Ratio *a = acc;
  total_encode(&a->money.total, out);
  money_encode(a->part, out);
  buffer_put_signed(out, a->orders);
}
static Status ratio_fold(void *acc, Reader *in, Failure *f){
  Ratio *a = acc;
  (void)f;
  total_fold(&a->money.total, in);
  money_add(&a->part, money_fold(in));
  count_fold(&a->orders, in);
  return STATUS_OK;
}
static Status aov_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Ratio *a = acc;
  (void)f; (void)stop;
  result_ratio(r, money_real(a->money.total.sum), (double)a->orders);
  return total_check(&a->money.total);
}
static Status share_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Ratio *a = acc;
  (void)f; (void)stop;
  result_ratio(r, money_real(a->part), money_real(a->money.total.sum));
  return isfinite(money_real(a->part)) ? total_check(&a->money.total) : STATUS_OVERFLOW;
}

const Metric METRIC_AOV = {
  .id = "aov", .version = 1, .size = sizeof(Ratio),
  .absorb = aov_absorb, .sliding = 1, .encode = ratio_encode, .fold = ratio_fold,
  .result = aov_result, .destroy = ratio_destroy
};
const Metric METRIC_REVENUE_SHARE = {
  .id = "revenue_share", .version = 1, .size = sizeof(Ratio),
  .absorb = share_absorb, .sliding = 1, .encode = ratio_encode, .fold = ratio_fold,
  .result = share_result, .destroy = ratio_destroy
};
