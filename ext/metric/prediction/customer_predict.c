/*
** customer_predict: each customer's history, a model fitted to all of them, and what it says
** of each, in one statement.  Histories are those of customer_summary(), in whole days.
**
** With a holdout everything is known until as_of - holdout only; a second summary until as_of
** counts the purchase days that came after.
*/
#include "metric/prediction/prediction.h"

#include <math.h>

#include "metric/customer/customer_summary.h"

enum { PREDICT_AS_OF, PREDICT_ZONE, PREDICT_HORIZON, PREDICT_DISCOUNT, PREDICT_HOLDOUT, PREDICT_UNIT, PREDICT_MODEL };
/* Frequency, monetary and next_time of customer_summary. */
#define PREDICT_NEEDS (SUMMARY_NEEDS_DAYS | SUMMARY_NEEDS_CYCLE | SUMMARY_NEEDS_MONEY | SUMMARY_NEEDS_REPEAT)

typedef struct CustomerPredict {
  CustomerSummary known;       /* first: METRIC.keys */
  CustomerSummary all;         /* with a holdout: until as_of */
  BtydFit fit, spend;          /* finished; spend: too few without money */
  BtydModel model;
  double unitDays;             /* 1, or an hour's */
  double horizon, discount;    /* in units; per year */
  int hasHoldout;
} CustomerPredict;

/* ---- the request ---- */

static Status predict_model(CustomerPredict *p, const Parameter *name, Failure *f){
  int n = name->text.n;
  if( btyd_model_from_name(name->text.z, n, &p->model) && btyd_is_continuous(p->model) ) return STATUS_OK;
  failure_set(f, "model '%.*s' is unknown; use 'bgnbd', 'mbgnbd', 'paretonbd' or 'nbd'", n < 40 ? n : 40, name->text.z);
  return STATUS_INVALID;
}

static Status predict_horizon(CustomerPredict *p, Failure *f){
  Btyd days = { p->model, p->unitDays, {1, 1, 1, 1} };
  const char *error = btyd_discount_error(&days, p->horizon, p->discount);
  if( error==0 ) return STATUS_OK;
  if( !(p->discount > -1) ) failure_set(f, "discount %.15g must be above -1; 0.1 is 10 %% a year", p->discount);
  else failure_set(f, "%s: horizon %.15g days, discount %.15g a year", error, p->horizon*p->unitDays, p->discount);
  return STATUS_INVALID;
}

/* Days in a length of time: a month is a twelfth of 365.25. */
static double predict_days(Duration d){
  return d.months ? (double)d.months * (365.25/12) : (double)d.micros / MICROS_PER_DAY;
}

/* The request of a customer_summary that knows the rows until asOf. */
static Status predict_summary(CustomerSummary *s, const TableRequest *request, Instant asOf, uint32_t needs, Failure *f){
  Parameter parameter[SUMMARY_PARAMETERS];
  TableRequest own = *request;
  summary_defaults(parameter);
  parameter[0].instant = asOf;
  parameter[SUMMARY_UNIT] = request->parameter[PREDICT_UNIT];
  own.parameter = parameter;
  own.givenParameters = request->givenParameters & 1;
  own.needs = needs;
  return METRIC_CUSTOMER_SUMMARY.init(s, &own, f);
}

static Status predict_init(void *acc, const TableRequest *request, Failure *f){
  CustomerPredict *p = acc;
  const Parameter *parameter = request->parameter;
  Instant asOf = parameter[PREDICT_AS_OF].instant, until = asOf;
  Status rc;
  p->unitDays = parameter[PREDICT_UNIT].text.n==4 ? 1/24.0 : 1;       /* 'hour'; the summaries refuse what is neither */
  p->horizon = predict_days(parameter[PREDICT_HORIZON].duration) / p->unitDays;
  p->discount = parameter[PREDICT_DISCOUNT].real;
  p->hasHoldout = request->givenParameters >> PREDICT_HOLDOUT & 1;
  if( p->hasHoldout && !(request->givenParameters >> PREDICT_AS_OF & 1) ){
    failure_set(f, "holdout needs as_of, the end of what has been seen: as_of = '2024-12-31'");
    return STATUS_INVALID;
  }
  if( p->hasHoldout ) until = instant_after(asOf, parameter[PREDICT_HOLDOUT].duration, -1, request->zone);
  rc = predict_model(p, &parameter[PREDICT_MODEL], f);
  if( rc==STATUS_OK ) rc = predict_horizon(p, f);
  if( rc==STATUS_OK ) rc = predict_summary(&p->known, request, until, PREDICT_NEEDS, f);
  if( rc==STATUS_OK && p->hasHoldout ) rc = predict_summary(&p->all, request, asOf, SUMMARY_NEEDS_DAYS, f);
  return rc;
}

static void predict_destroy(void *acc){
  CustomerPredict *p = acc;
  METRIC_CUSTOMER_SUMMARY.destroy(&p->known);
  METRIC_CUSTOMER_SUMMARY.destroy(&p->all);
}

static Status predict_absorb(void *acc, Batch *b, Failure *f){
  CustomerPredict *p = acc;
  Status rc = METRIC_CUSTOMER_SUMMARY.absorb(&p->known, b, f);
  if( rc==STATUS_OK && p->hasHoldout ) rc = METRIC_CUSTOMER_SUMMARY.absorb(&p->all, b, f);
  return rc;
}

/* ---- histories and fits ---- */

typedef struct History { double frequency, recency, age, monetary; } History;

/* 0: a customer with refunds alone. */
static int predict_history(const CustomerPredict *p, uint32_t id, History *out){
  SummaryMember *m = summary_member(&p->known, id);
  uint32_t days = summary_days(&p->known, m)->days;
  if( m->orders==0 ) return 0;
  out->frequency = (double)days - 1;
  out->recency = (double)(summary_day(&p->known, m->last) - m->firstDay);
  out->age = (double)(p->known.asOfDay - m->firstDay);
  out->monetary = p->known.hasAmount && days > 1 ? money_real(*summary_repeat(&p->known, m)) / out->frequency : 0;
  return 1;
}

#define PREDICT_STOP_EVERY 4096

static Status predict_histories(const CustomerPredict *p, BtydTable *counts, BtydTable *spends, const Stop *stop){
  uint32_t id;
  Status rc = STATUS_OK;
  for(id=0; rc==STATUS_OK && id<p->known.customers.count; id++){
    History h;
    if( id % PREDICT_STOP_EVERY==PREDICT_STOP_EVERY - 1 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    if( !predict_history(p, id, &h) ) continue;
    if( !isfinite(h.monetary) ) return STATUS_OVERFLOW;
    rc = btyd_table_add(counts, h.frequency, h.recency, h.age, 1);
    if( rc==STATUS_OK && h.frequency > 0 && h.monetary > 0 ) rc = btyd_table_add(spends, h.frequency, h.monetary, 0, 1);
  }
  return rc;
}

static Status predict_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  CustomerPredict *p = acc;
  BtydTable counts = { .stop = stop }, spends = { .stop = stop };
  int64_t ignored;
  Status rc = METRIC_CUSTOMER_SUMMARY.finish(&p->known, rows, f, stop);
  if( rc==STATUS_OK && p->hasHoldout ) rc = METRIC_CUSTOMER_SUMMARY.finish(&p->all, &ignored, f, stop);
  if( rc==STATUS_OK ) rc = keymap_index(&p->all.customers);
  if( rc==STATUS_OK ) rc = predict_histories(p, &counts, &spends, stop);
  if( rc==STATUS_OK ) rc = prediction_fit(&counts, p->model, p->unitDays, &p->fit, stop);
  if( rc==STATUS_OK ) rc = prediction_fit(&spends, BTYD_GAMMA_GAMMA, 1, &p->spend, stop);
  if( rc==STATUS_INVALID ) failure_set(f, "a history breaks the rules of the model");
  btyd_table_destroy(&counts);
  btyd_table_destroy(&spends);
  return rc;
}

/* ---- rows ---- */

static int predict_fitted(const BtydFit *fit){ return fit->status!=BTYD_TOO_FEW; }

/* NaN where the spend of the repeat days is not known, or nobody's is. */
static double predict_value(const CustomerPredict *p, const History *h){
  if( !predict_fitted(&p->spend) || !p->known.hasAmount ) return NAN;
  if( h->frequency > 0 && !(h->monetary > 0) ) return NAN;          /* refunded wholly: no guess */
  return btyd_predicted_ltv(&p->fit.btyd, &p->spend.btyd, h->frequency, h->recency, h->age, h->monetary,
                            p->horizon, p->discount, 0);
}

/* which: what of the model. */
enum { PREDICT_P_ALIVE, PREDICT_EXPECTED, PREDICT_VALUE };

static Status predict_score(void *acc, int64_t row, TableCell *out){
  const CustomerPredict *p = acc;
  const Btyd *m = &p->fit.btyd;
  History h;
  double v;
  if( !predict_history(p, (uint32_t)row, &h) || !predict_fitted(&p->fit) ) return STATUS_OK;
  v = out->which==PREDICT_P_ALIVE ? btyd_p_alive(m, h.frequency, h.recency, h.age)
    : out->which==PREDICT_EXPECTED ? btyd_expected_purchases(m, h.frequency, h.recency, h.age, p->horizon)
    : predict_value(p, &h);
  return isfinite(v) ? cell_real(out, v) : STATUS_OK;
}

/* Purchase days after as_of - holdout, of a customer who is known until then. */
static Status predict_actual(void *acc, int64_t row, TableCell *out){
  const CustomerPredict *p = acc;
  Key key;
  SummaryMember *all;
  int64_t known;
  if( !p->hasHoldout ) return STATUS_OK;
  keymap_key(&p->known.customers, (uint32_t)row, &key);
  all = keymap_find(&p->all.customers, &key, 0);
  known = summary_days(&p->known, summary_member(&p->known, (uint32_t)row))->days;
  return cell_integer(out, (all ? summary_days(&p->all, all)->days : 0) - known);
}

static Status predict_model_used(void *acc, int64_t row, TableCell *out){
  const CustomerPredict *p = acc;
  (void)row;
  return predict_fitted(&p->fit) ? cell_copied(out, btyd_model_name(p->fit.btyd.model)) : STATUS_OK;
}
static Status predict_status(void *acc, int64_t row, TableCell *out){
  const CustomerPredict *p = acc;
  int bought = summary_member(&p->known, (uint32_t)row)->orders > 0;
  return cell_copied(out, bought ? btyd_status_name(p->fit.status) : "no_purchase");
}
static Status predict_monetary(void *acc, int64_t row, TableCell *out){
  return summary_member(acc, (uint32_t)row)->orders ? summary_monetary(acc, row, out) : STATUS_OK;
}

/* CustomerPredict.known stands first: what takes a CustomerSummary takes this, too. */
static const TableOutput PREDICT_OUTPUTS[] = {
  { "customer", "", summary_customer, 0, 0 },
  { "frequency", "INTEGER", summary_frequency, 0, 0 },
  { "recency", "INTEGER", summary_recency, 0, 0 },
  { "age", "INTEGER", summary_age, 0, 0 },
  { "monetary", "REAL", predict_monetary, 0, 0 },
  { "p_alive", "REAL", predict_score, PREDICT_P_ALIVE, 0 },
  { "expected_purchases", "REAL", predict_score, PREDICT_EXPECTED, 0 },
  { "predicted_value", "REAL", predict_score, PREDICT_VALUE, 0 },
  { "next_time", "TEXT", summary_next_time, 0, 0 },
  { "model", "TEXT", predict_model_used, 0, 0 },
  { "status", "TEXT", predict_status, 0, 0 },
  { "actual_purchases", "INTEGER", predict_actual, 0, 0 },
  { 0, 0, 0, 0, 0 }
};

_Static_assert(offsetof(CustomerPredict, known)==0, "its outputs are read as a CustomerSummary's");

const TableMetric METRIC_CUSTOMER_PREDICT = {
  .size = sizeof(CustomerPredict), .outputs = PREDICT_OUTPUTS, .typicalRows = 1e6, .keys = KEYS_IN(CustomerPredict, known.customers), .streams = 1,
  .init = predict_init, .absorb = predict_absorb, .finish = predict_finish,
  .destroy = predict_destroy
};
