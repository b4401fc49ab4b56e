/*
** customer_summary: a customer's second order, what the first 90 and 365 days brought, and what a
** period brought.  See customer_summary.h.
**
** When the first order was is known only once all rows are: until then rows with money wait in a
** log, 16 bytes each, but those that come more than 365 days after an order that is known.
*/
#include "metric/customer/customer_summary.h"

enum { EARLY_DAYS = 90, LATE_DAYS = 365 };

static Instant days_after(const CustomerSummary *s, Instant t, int days){
  Duration d = { 0, 0 };
  d.micros = days * MICROS_PER_DAY;
  return instant_after(t, d, 1, s->zone);
}

/* ---- orders ---- */

/* Keeps the two earliest; one that falls out comes back with an earlier row of its own. */
static void see_order(SummaryAges *a, Instant t, uint32_t number, int hasRows){
  if( a->known==0 || (hasRows && number==a->firstOrder) ){
    if( a->known==0 || t < a->first ) a->first = t;
    a->firstOrder = number;
    if( a->known==0 ) a->known = 1;
    return;
  }
  if( a->known==1 || (hasRows && number==a->secondOrder) ){
    if( a->known==1 || t < a->second ) a->second = t;
    a->known = 2;
  }else if( t < a->second ){
    a->second = t;
  }else{
    return;
  }
  a->secondOrder = number;
  if( a->second < a->first ){
    Instant earlier = a->second;
    uint32_t order = a->secondOrder;
    a->second = a->first;
    a->secondOrder = a->firstOrder;
    a->first = earlier;
    a->firstOrder = order;
  }
}

static int in_period(const CustomerSummary *s, Instant t){ return t >= s->periodFrom && t <= s->periodUntil; }

Status summary_ages_order(CustomerSummary *s, SummaryAges *a, Batch *b, int row, uint32_t id, uint32_t number){
  Instant t = b->column[SUMMARY_TIME].cell[row].i;
  int isNew = 1;
  Status rc = STATUS_OK;
  see_order(a, t, number, s->hasOrder);
  if( !s->wantsPeriod || !in_period(s, t) ) return rc;
  if( s->hasOrder ) rc = distinct_orders_see(&s->distinctInPeriod, b, &b->column[SUMMARY_ORDER], row, id, &isNew, 0);
  if( rc==STATUS_OK && isNew ) rc = count_change(&a->periodOrders, 1);
  return rc;
}

/* ---- money ---- */

static void add_cell(Money *m, uint8_t type, Cell amount){
  if( type==CELL_INTEGER ) money_add_integer(m, amount.i); else money_add_real(m, amount.r);
}

/* A time as a visit: 40 bits of seconds stand in ordinal and isOrder; a fraction of a second stands
** in a visit behind it. */
#define TYPE_BITS 0x7f
#define HAS_FRACTION 0x80

static int64_t visit_seconds(const Visit *v){
  return (int64_t)(int8_t)v->head.isOrder * (INT64_C(1) << 32) + (uint32_t)v->head.ordinal;
}

static Status keep_row(CustomerSummary *s, uint32_t id, uint8_t type, Cell amount, Instant t){
  int64_t fraction = t % MICROS_PER_SECOND, seconds;
  Visit v;
  Status rc;
  memset(&v, 0, sizeof v);
  if( fraction < 0 ) fraction += MICROS_PER_SECOND;
  seconds = (t - fraction) / MICROS_PER_SECOND;
  v.head.ordinal = (int32_t)(uint32_t)seconds;
  v.head.isOrder = (uint8_t)((uint64_t)seconds >> 32);
  v.head.amountType = (uint8_t)(type | (fraction ? HAS_FRACTION : 0));
  v.amount = amount;
  rc = summary_keep(s, &s->aged, &s->agedRow, &s->agedCount, &s->agedCapacity, id, &v);
  if( rc!=STATUS_OK || fraction==0 ) return rc;
  v.amount.i = fraction;
  return summary_keep(s, &s->aged, &s->agedRow, &s->agedCount, &s->agedCapacity, id, &v);
}

Status summary_ages_money(CustomerSummary *s, SummaryMember *m, uint32_t id, const Column *amount, int row, Instant t){
  uint8_t type = amount->type[row];
  if( type!=CELL_INTEGER && type!=CELL_REAL ) return STATUS_OK;
  if( s->wantsPeriod && in_period(s, t) ) add_cell(&summary_ages(s, m)->period, type, amount->cell[row]);
  if( !s->wantsAged || (m->orders && t > days_after(s, summary_days(s, m)->first, LATE_DAYS)) ) return STATUS_OK;
  return keep_row(s, id, type, amount->cell[row], t);
}

Status summary_ages_finish(const CustomerSummary *s, SummaryMember *m, const Visit *row, size_t rows, const Stop *stop){
  SummaryAges *a = summary_ages(s, m);
  Instant first = summary_days(s, m)->first, early = days_after(s, first, EARLY_DAYS), late = days_after(s, first, LATE_DAYS);
  size_t i;
  if( m->orders==0 ) return STATUS_OK;
  for(i=0; i<rows; i++){
    Instant t = visit_seconds(&row[i]) * MICROS_PER_SECOND;
    uint8_t type = row[i].head.amountType;
    Cell amount = row[i].amount;
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( type & HAS_FRACTION ) t += row[++i].amount.i;
    if( t < first || t > late ) continue;
    add_cell(&a->late, type & TYPE_BITS, amount);
    if( t <= early ) add_cell(&a->early, type & TYPE_BITS, amount);
  }
  return STATUS_OK;
}

/* ---- whole histories ---- */

/* Refunds that are as early as the first order may stand before it. */
static Instant history_first(const Histories *h, size_t from, size_t to){
  while( from < to && h->amount && h->amount[from].i < 0 ) from++;
  return from < to ? history_time(h, from) : INT64_MAX;
}

void summary_ages_history(const CustomerSummary *s, SummaryMember *m, const Histories *h, size_t from, size_t to){
  SummaryAges *a = summary_ages(s, m);
  Instant first = history_first(h, from, to);
  Instant early = days_after(s, first, EARLY_DAYS), late = days_after(s, first, LATE_DAYS);
  int64_t period = 0, untilEarly = 0, untilLate = 0;
  size_t i;
  for(i=from; i<to; i++){
    int64_t amount = h->amount ? h->amount[i].i : 0;
    Instant t = history_time(h, i);
    int isOrder = amount >= 0, isIn = in_period(s, t);
    if( isOrder && a->known < 2 ) see_order(a, t, 0, 0);
    if( isIn ) period += amount;
    if( isIn && isOrder ) a->periodOrders++;
    if( t >= first && t <= late ) untilLate += amount;
    if( t >= first && t <= early ) untilEarly += amount;
  }
  a->period = money_of_integer(period);
  a->early = money_of_integer(untilEarly);
  a->late = money_of_integer(untilLate);
}

/* ---- outputs ---- */

Status summary_second_time(void *acc, int64_t row, TableCell *out){
  CustomerSummary *s = acc;
  const SummaryAges *a = summary_ages(s, summary_member(s, (uint32_t)row));
  return a->known > 1 ? summary_time(s, a->second, out) : STATUS_OK;
}
/* which: 0 the first 90 days, 1 the first 365; NULL without an order. */
Status summary_revenue_aged(void *acc, int64_t row, TableCell *out){
  const CustomerSummary *s = acc;
  SummaryMember *m = summary_member(s, (uint32_t)row);
  if( !s->hasAmount || m->orders==0 ) return STATUS_OK;
  return customers_money(out->which ? summary_ages(s, m)->late : summary_ages(s, m)->early, s->revenueIsReal, &out->result);
}
Status summary_period_orders(void *acc, int64_t row, TableCell *out){
  const CustomerSummary *s = acc;
  return cell_integer(out, summary_ages(s, summary_member(s, (uint32_t)row))->periodOrders);
}
Status summary_period_revenue(void *acc, int64_t row, TableCell *out){
  const CustomerSummary *s = acc;
  if( !s->hasAmount ) return STATUS_OK;
  return customers_money(summary_ages(s, summary_member(s, (uint32_t)row))->period, s->revenueIsReal, &out->result);
}
