/*
** Lifetime value measured with right-censored lifetimes.  A customer silent for more
** than churn_days left at the last order; the others are still there at as_of.
**   active years     = sum over customers of (end - first), a year being 365.25 days
**   lifespan         = active years / customers who left
**   orders per year  = orders / active years
**   aov              = money / orders
**   ltv              = lifespan * aov * orders per year = money / customers who left
** NULL while nobody has left.  The exponential lifetime's maximum likelihood estimate
** under censoring is exposure / events: Lawless, Statistical Models and Methods for
** Lifetime Data, ch. 4.  The product is Youzan's triangle formula.
** A refund is money only: no order, no activity.  Rows after as_of are ignored.
*/
#include "base/json.h"
#include "metric/customer/lifecycle.h"

#define MICROS_PER_YEAR (365.25 * 86400e6)

/* Stored instants are flipped in the top bit, so that a zeroed payload is "none". */
typedef struct Life { uint64_t first, last; } Life;
#define FLIP (UINT64_C(1) << 63)

typedef struct Ltv {
  KeyMap customers;            /* payload: Life */
  Total total;
  int64_t orders;
  Instant asOf;
  Duration churn;
} Ltv;

static Status ltv_init(void *acc, const Parameter *p, Failure *f){
  Ltv *a = acc;
  (void)f;
  keymap_init(&a->customers, sizeof(Life));
  a->asOf = p[0].instant;
  a->churn = p[1].duration;
  return STATUS_OK;
}
static void ltv_destroy(void *acc){ keymap_destroy(&((Ltv*)acc)->customers); }

static inline void life_add(Life *l, uint64_t t){
  if( l->first==0 || t < l->first ) l->first = t;
  if( t > l->last ) l->last = t;
}

static Status ltv_absorb(void *acc, Batch *b, int sign, Failure *f){
  Ltv *a = acc;
  void *payload[BATCH_ROWS];
  uint8_t rows[BATCH_ROWS] = {0};
  const Column *time = &b->column[1], *amount = &b->column[2];
  Status rc;
  int i, n = 0;
  (void)sign; (void)f;
  for(i=0; i<b->rows; i++){
    if( time->cell[i].i > a->asOf ) continue;
    total_add(&a->total, amount, i, +1);
    if( !is_refund(amount, i) ) rows[n++] = (uint8_t)i;
  }
  rc = keymap_batch(&a->customers, b, &b->column[0], rows, n, payload, 0);
  if( rc!=STATUS_OK ) return rc;
  for(i=0; i<n; i++) life_add(payload[i], (uint64_t)time->cell[rows[i]].i ^ FLIP);
  a->orders += n;
  return STATUS_OK;
}

static void put_life(const void *payload, Buffer *out){
  const Life *l = payload;
  buffer_put_unsigned(out, l->first);
  buffer_put_unsigned(out, l->last);
}
static void ltv_encode(const void *acc, Buffer *out){
  const Ltv *a = acc;
  total_encode(&a->total, out);
  buffer_put_signed(out, a->orders);
  map_encode(&a->customers, out, put_life);
}
static Status fold_life(void *acc, void *payload, Reader *in){
  uint64_t first = reader_unsigned(in), last = reader_unsigned(in);
  (void)acc;
  if( first==0 || last==0 ) return STATUS_CORRUPT;
  life_add(payload, first);
  life_add(payload, last);
  return STATUS_OK;
}
static Status ltv_fold(void *acc, Reader *in, Failure *f){
  Ltv *a = acc;
  (void)f;
  total_fold(&a->total, in);
  count_fold(&a->orders, in);
  return map_fold(&a->customers, in, fold_life, a);
}

/* ---- the figures ---- */

typedef struct LtvParts { int64_t churned; double activeYears; } LtvParts;

static Status ltv_measure(const Ltv *a, LtvParts *parts, const Stop *stop){
  Money active = {0, 0};       /* microseconds */
  uint32_t id;
  memset(parts, 0, sizeof *parts);
  for(id=0; id<a->customers.count; id++){
    const Life *l = keymap_payload(&a->customers, id);
    Instant first = (Instant)(l->first ^ FLIP), end = (Instant)(l->last ^ FLIP);
    if( (id & 0xffff)==0xffff && stop_asked(stop) ) return STATUS_INTERRUPTED;
    if( instant_after(end, a->churn, 1, 0) < a->asOf ){
      parts->churned++;
    }else{
      end = a->asOf;
    }
    money_add_integer(&active, (int64_t)((uint64_t)end - (uint64_t)first));
  }
  parts->activeYears = money_real(active) / MICROS_PER_YEAR;
  return total_check(&a->total);
}

static Status ltv_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Ltv *a = acc;
  LtvParts parts;
  Status rc = ltv_measure(a, &parts, stop);
  (void)f;
  if( rc==STATUS_OK ) result_ratio(r, money_real(a->total.sum), (double)parts.churned);
  return rc;
}

static void put_part(Buffer *b, const char *name, double a, double divisor){
  buffer_printf(b, "%s\"%s\":", b->size ? "," : "{", name);
  json_put_real(b, divisor!=0 ? a / divisor : NAN);
}

static Status parts_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Ltv *a = acc;
  Buffer *b = &r->buffer;
  double money = money_real(a->total.sum), orders = (double)a->orders, years, churned;
  LtvParts parts;
  Status rc = ltv_measure(a, &parts, stop);
  (void)f;
  if( rc!=STATUS_OK || a->customers.count==0 ) return rc;
  years = parts.activeYears;
  churned = (double)parts.churned;
  r->kind = RESULT_TEXT;
  put_part(b, "lifespan_years", years, churned);
  put_part(b, "aov", money, orders);
  put_part(b, "orders_per_year", orders, years);
  put_part(b, "repurchases_per_year", orders - (double)a->customers.count, years);
  put_part(b, "ltv", money, churned);
  buffer_printf(b, ",\"customers\":%lld,\"churned\":%lld}",
                (long long)a->customers.count, (long long)parts.churned);
  return b->failed ? STATUS_NOMEM : STATUS_OK;
}

const Metric METRIC_LTV = {
  .id = "ltv", .version = 1, .size = sizeof(Ltv), .keys = KEYS_IN(Ltv, customers),
  .init = ltv_init, .absorb = ltv_absorb, .encode = ltv_encode, .fold = ltv_fold,
  .result = ltv_result, .destroy = ltv_destroy
};
const Metric METRIC_LTV_PARTS = {
  .id = "ltv_parts", .version = 1, .size = sizeof(Ltv), .keys = KEYS_IN(Ltv, customers),
  .init = ltv_init, .absorb = ltv_absorb, .encode = ltv_encode, .fold = ltv_fold,
  .result = parts_result, .destroy = ltv_destroy
};
