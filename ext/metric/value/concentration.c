/*
** How unevenly money is spread over customers, by each customer's net total:
**   top_share  money of the ceil(fraction * n) best customers / all money
**   gini       sum over ranks i = 1 ... n (poorest first) of (2i - n - 1) x_i
**              / (n * sum of x): 0 when all are equal, (n-1)/n when one has all
** The Gini coefficient in the form of a population, without small-sample correction:
** Sen, On Economic Inequality (1973), ch. 2; R's ineq::Gini(corr = FALSE).
**
** An aggregate sorts the totals once.  From the second question on, or once a row
** leaves, the totals stand in order statistics, and a row costs O(log n).
*/
#include <float.h>
#include "base/number/order_statistics.h"
#include "metric/value/value.h"

typedef struct Purse { Money total; uint32_t rows, place; } Purse;

typedef struct Concentration {
  KeyMap customers;            /* payload: Purse */
  SlidingTotal money;          /* for its overflow only */
  OrderStatistics ranks;       /* totals of customers with rows, while `ranking` */
  uint64_t present;            /* customers with rows */
  int asked, ranking;
  double fraction;
} Concentration;

static Status gini_init(void *acc, const Parameter *p, Failure *f){
  Concentration *a = acc;
  (void)p; (void)f;
  keymap_init(&a->customers, sizeof(Purse));
  order_init(&a->ranks, 1);
  return STATUS_OK;
}
static Status top_share_init(void *acc, const Parameter *p, Failure *f){
  ((Concentration*)acc)->fraction = p[0].real;
  return gini_init(acc, p, f);
}
static void concentration_destroy(void *acc){
  Concentration *a = acc;
  keymap_destroy(&a->customers);
  order_destroy(&a->ranks);
  exact_destroy(&a->money.sums);
}

/* ---- rows ---- */

static Status purse_change(Concentration *a, Purse *purse, const Column *amount, int row, int sign){
  Status rc;
  if( a->ranking && purse->rows ) order_erase(&a->ranks, purse->total);
  a->present -= purse->rows!=0;
  rc = count_change(&purse->rows, sign);
  if( rc==STATUS_OK ) rc = exact_add_cell(&a->money.sums, &purse->total, &purse->place, amount, row, sign);
  a->present += purse->rows!=0;
  if( rc==STATUS_OK && a->ranking && purse->rows ) rc = order_insert(&a->ranks, purse->total);
  return rc;
}

static Status rank_all(Concentration *a, const Stop *stop){
  uint32_t id;
  Status rc = STATUS_OK;
  for(id=0; rc==STATUS_OK && id<a->customers.count; id++){
    const Purse *purse = keymap_payload(&a->customers, id);
    if( (id & 0xffff)==0xffff && stop_asked(stop) ) return STATUS_INTERRUPTED;
    if( purse->rows ) rc = order_insert(&a->ranks, purse->total);
  }
  a->ranking = 1;
  return rc;
}

static Status concentration_absorb(void *acc, Batch *b, int sign, Failure *f){
  Concentration *a = acc;
  void *payload[BATCH_ROWS];
  Status rc = STATUS_OK;
  int i;
  (void)f;
  if( sign<0 && !a->ranking ) rc = rank_all(a, 0);
  if( rc==STATUS_OK ) rc = keymap_batch(&a->customers, b, &b->column[0], ALL_ROWS, b->rows, payload, 0);
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    rc = purse_change(a, payload[i], &b->column[1], i, sign);
    if( rc==STATUS_OK ) rc = sliding_add(&a->money, &b->column[1], i, sign);
  }
  return rc;
}

/* ---- states: written and read by aggregates only, so that nothing is ranked yet ---- */

static void put_purse(const void *payload, Buffer *out){
  const Purse *purse = payload;
  money_encode(purse->total, out);
  buffer_put_unsigned(out, purse->rows);
}
static void concentration_encode(const void *acc, Buffer *out){
  const Concentration *a = acc;
  total_encode(&a->money.total, out);
  map_encode(&a->customers, out, put_purse);
}
static Status fold_purse(void *acc, void *payload, Reader *in){
  Concentration *a = acc;
  Purse *purse = payload;
  Money total = money_fold(in);
  uint64_t rows = reader_unsigned(in);
  if( rows==0 || rows > UINT32_MAX ) return STATUS_CORRUPT;
  if( rows > UINT32_MAX - purse->rows ) return STATUS_OVERFLOW;
  a->present += purse->rows==0;
  purse->rows += (uint32_t)rows;
  money_add(&purse->total, total);
  return STATUS_OK;
}
static Status concentration_fold(void *acc, Reader *in, Failure *f){
  Concentration *a = acc;
  (void)f;
  total_fold(&a->money.total, in);
  return map_fold(&a->customers, in, fold_purse, a);
}

/* ---- what both figures need to know of the totals ---- */

typedef struct Spread { Money smallest, sum, top, ranked; } Spread;

/* ceil(fraction * n).  A product that is whole but for the rounding of the fraction and
** of the multiplication is whole: 0.07 * 100 is 7 customers, not 8. */
static uint64_t best_customers(double fraction, uint64_t n){
  double k = ceil(fraction * (double)n * (1 - 4*DBL_EPSILON));
  return k < (double)n ? (uint64_t)k : n;
}

static void spread_of_ranks(const OrderStatistics *ranks, uint64_t best, Spread *out){
  out->smallest = order_at(ranks, 0);
  out->sum = order_sum(ranks);
  out->top = order_largest_sum(ranks, best);
  out->ranked = order_ranked_sum(ranks);
}

/* Of this many customers one asks whether to stop. */
#define SPREAD_ASKS 0x8000

static Status spread_of_list(const Money *total, uint64_t n, uint64_t best, Spread *out, const Stop *stop){
  uint64_t i;
  memset(out, 0, sizeof *out);
  out->smallest = total[0];
  for(i=n; i-- > 0; ){                     /* the sum so far holds ranks i+1 ... n */
    money_add(&out->sum, total[i]);
    money_add(&out->ranked, out->sum);
    if( n - i <= best ) money_add(&out->top, total[i]);
    if( i % SPREAD_ASKS==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
  }
  return STATUS_OK;
}

static int compare_totals(const void *a, const void *b, const void *context){
  (void)context;
  return money_compare(*(const Money*)a, *(const Money*)b);
}

static Status spread_once(const Concentration *a, uint64_t best, Spread *out, const Stop *stop){
  Money *total = memory_alloc((size_t)a->present * sizeof(Money));
  uint64_t n = 0;
  uint32_t id;
  Status rc = STATUS_OK;
  if( total==0 ) return STATUS_NOMEM;
  for(id=0; rc==STATUS_OK && id<a->customers.count; id++){
    const Purse *purse = keymap_payload(&a->customers, id);
    if( purse->rows ) total[n++] = purse->total;
    if( id % SPREAD_ASKS==0 && stop_asked(stop) ) rc = STATUS_INTERRUPTED;
  }
  if( rc==STATUS_OK ) rc = sort_records(total, (size_t)n, sizeof(Money), compare_totals, 0, stop);
  if( rc==STATUS_OK ) rc = spread_of_list(total, n, best, out, stop);
  memory_free(total);
  return rc;
}

/* The first question sorts; a second one means that a window asks for every row. */
static Status spread_of(Concentration *a, uint64_t best, Spread *out, const Stop *stop){
  Status rc = STATUS_OK;
  if( !a->ranking && !a->asked ){
    a->asked = 1;
    return spread_once(a, best, out, stop);
  }
  if( !a->ranking ) rc = rank_all(a, stop);
  if( rc==STATUS_OK ) spread_of_ranks(&a->ranks, best, out);
  return rc;
}

static Status top_share_result(void *acc, Result *r, Failure *f, const Stop *stop){
  Concentration *a = acc;
  Spread s;
  Status rc = total_check(&a->money.total);
  (void)f;
  if( rc!=STATUS_OK || a->present==0 ) return rc;
  rc = spread_of(a, best_customers(a->fraction, a->present), &s, stop);
  if( rc==STATUS_OK ) result_ratio(r, money_real(s.top), money_real(s.sum));
  return rc;
}

static Status gini_result(void *acc, Result *r, Failure *f, const Stop *stop){
  Concentration *a = acc;
  double n = (double)a->present;
  Money above;                             /* sum of (2i - n - 1) x_i */
  Spread s;
  Status rc = total_check(&a->money.total);
  (void)f;
  if( rc!=STATUS_OK || a->present==0 ) return rc;
  rc = spread_of(a, 0, &s, stop);
  if( rc!=STATUS_OK || money_sign(s.smallest) < 0 || money_sign(s.sum)==0 ) return rc;
  above = money_times(s.ranked, 2);
  money_subtract(&above, money_times(s.sum, n + 1));
  result_real(r, money_real(above) / money_real(s.sum) / n);
  return isfinite(r->real) ? STATUS_OK : STATUS_OVERFLOW;
}

const Metric METRIC_TOP_SHARE = {
  .id = "top_share", .version = 1, .size = sizeof(Concentration), .sliding = 1,
  .keys = KEYS_IN(Concentration, customers),
  .init = top_share_init, .absorb = concentration_absorb, .encode = concentration_encode,
  .fold = concentration_fold, .result = top_share_result, .destroy = concentration_destroy
};
const Metric METRIC_GINI = {
  .id = "gini", .version = 1, .size = sizeof(Concentration), .sliding = 1,
  .keys = KEYS_IN(Concentration, customers),
  .init = gini_init, .absorb = concentration_absorb, .encode = concentration_encode,
  .fold = concentration_fold, .result = gini_result, .destroy = concentration_destroy
};
