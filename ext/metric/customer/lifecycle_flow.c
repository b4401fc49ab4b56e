/*
** lifecycle_flow: how the base of active customers renews itself, a row per period t.
**   new            first order ever in t
**   retained      an order in t and in t - 1
**   resurrected   an order in t, none in t - 1, one before
**   dormant        an order in t - 1, none in t: counted once, in the first silent period
**   active         an order in t
** so that active(t) = new(t) + retained(t) + resurrected(t) and active(t - 1) =
** retained(t) + dormant(t).  Money is that of the customers counted, in period t, refunds
** taken off; of the dormant and, as *previous*, of the retained ones that of t - 1, so that
** both identities hold in money.  Source: growth accounting (Duolingo, Sequoia).
**
** Per customer the visits are kept as (period, order or not, money), rows of one period that
** follow each other as one; at the end they are grouped by customer, sorted and counted.
*/
#include "base/time/period_cache.h"
#include "metric/customer/customers.h"
#include "metric/customer/visit_log.h"
#include "spine/history.h"
#include "spine/by_customer.h"

enum { FLOW_CUSTOMER, FLOW_TIME, FLOW_AMOUNT };
enum { PARAMETER_GRAIN, PARAMETER_AS_OF, PARAMETER_ZONE };
#define FLOW_MONEY 1u          /* needs */

#define MOST_PERIODS (INT64_C(1) << 22)

enum { FLOW_NEW, FLOW_RETURNING, FLOW_RESURRECTING, FLOW_DORMANT, FLOW_ACTIVE, FLOW_PREVIOUS, FLOW_SILENT,
       FLOW_KINDS };

typedef struct FlowPeriod { int64_t customers[FLOW_KINDS]; Money revenue[FLOW_KINDS]; } FlowPeriod;

/* Where the customer's newest visit stands in the log; NULL: none. */
typedef struct FlowMember { VisitHead *newest; } FlowMember;

typedef struct Flow {
  KeyMap customers;
  VisitLog log;
  PeriodCache cache;
  LastSeen seen;
  Instant asOf;
  int asOfGiven, hasAmount, wantsMoney, ordered, revenueIsReal;
  FlowPeriod *period;          /* of ordinals base ... base + periods - 1 */
  size_t periods, capacity;
  int64_t base;
  int anyActive;
  int64_t first, end;          /* finished: ordinals of the rows */
  ByCustomer at;                /* rows in order: who is at hand, */
  Visit *hand;                 /* and what visits are known */
  size_t handCount, handCapacity;
} Flow;

static Status flow_init(void *acc, const TableRequest *request, Failure *f){
  Flow *w = acc;
  (void)f;
  w->hasAmount = request->givenColumns >> FLOW_AMOUNT & 1;
  w->wantsMoney = w->hasAmount && (request->needs & FLOW_MONEY)!=0;
  w->asOfGiven = request->givenParameters >> PARAMETER_AS_OF & 1;
  w->asOf = w->asOfGiven ? request->parameter[PARAMETER_AS_OF].instant : INT64_MAX;
  w->ordered = request->ordered;
  period_cache_init(&w->cache, request->parameter[PARAMETER_GRAIN].grain, request->zone);
  keymap_init(&w->customers, sizeof(FlowMember));
  visit_log_init(&w->log, w->wantsMoney);
  return STATUS_OK;
}

static void flow_destroy(void *acc){
  Flow *w = acc;
  keymap_destroy(&w->customers);
  visit_log_destroy(&w->log);
  memory_free(w->period);
  memory_free(w->hand);
  by_customer_destroy(&w->at);
}

/* ---- the periods ---- */

static Status too_many(Failure *f, const char *what){
  failure_set(f, "%s span more than %lld periods; use a coarser grain, or leave odd times out", what,
              (long long)MOST_PERIODS);
  return STATUS_INVALID;
}

/* Makes room for an ordinal, below or above what there is. */
static Status reach(Flow *w, int64_t ordinal, Failure *f){
  int64_t low, high;
  size_t n, shift;
  Status rc;
  if( w->periods && ordinal >= w->base && ordinal < w->base + (int64_t)w->periods ) return STATUS_OK;
  low = w->periods && w->base < ordinal ? w->base : ordinal;
  high = w->periods && w->base + (int64_t)w->periods > ordinal + 1 ? w->base + (int64_t)w->periods : ordinal + 1;
  if( high - low > MOST_PERIODS ) return too_many(f, "the times of the source");
  n = (size_t)(high - low);
  shift = w->periods ? (size_t)(w->base - low) : 0;
  rc = memory_grow((void**)&w->period, &w->capacity, n, sizeof(FlowPeriod));
  if( rc!=STATUS_OK ) return rc;
  memmove(w->period + shift, w->period, w->periods * sizeof(FlowPeriod));
  memset(w->period, 0, shift * sizeof(FlowPeriod));
  memset(w->period + shift + w->periods, 0, (n - shift - w->periods) * sizeof(FlowPeriod));
  w->base = low;
  w->periods = n;
  return STATUS_OK;
}

static void count(Flow *w, int64_t ordinal, int kind, Money money){
  FlowPeriod *p = &w->period[ordinal - w->base];
  p->customers[kind]++;
  money_add(&p->revenue[kind], money);
}

/* ---- one customer ---- */

/* The visits of one period, from *at on, as one. */
static int merge_period(const Visit *v, size_t n, size_t *at, Money *money){
  int32_t ordinal = v[*at].head.ordinal;
  int isOrder = 0;
  memset(money, 0, sizeof *money);
  for(; *at<n && v[*at].head.ordinal==ordinal; ++*at){
    const Visit *here = &v[*at];
    isOrder |= here->head.isOrder;
    if( here->head.amountType==CELL_INTEGER ) money_add_integer(money, here->amount.i);
    else if( here->head.amountType==CELL_REAL ) money_add_real(money, here->amount.r);
  }
  return isOrder;
}

static Status count_customer(Flow *w, Visit *v, size_t n, Failure *f, const Stop *stop){
  int64_t before = 0;
  Money previous = {0, 0}, money;
  int active = 0;
  size_t at = 0;
  Status rc;
  if( n==0 ) return STATUS_OK;
  rc = visits_sort(v, n, stop);
  if( rc==STATUS_OK ) rc = reach(w, v[0].head.ordinal, f);
  if( rc==STATUS_OK ) rc = reach(w, v[n-1].head.ordinal + 1, f);      /* one more, for the dormant */
  while( rc==STATUS_OK && at<n ){
    int64_t t = v[at].head.ordinal;
    int isOrder = merge_period(v, n, &at, &money), follows = active && before==t - 1;
    if( !isOrder ){
      count(w, t, FLOW_SILENT, money);
      continue;
    }
    count(w, t, FLOW_ACTIVE, money);
    count(w, t, !active ? FLOW_NEW : follows ? FLOW_RETURNING : FLOW_RESURRECTING, money);
    if( follows ) count(w, t, FLOW_PREVIOUS, previous);
    else if( active ) count(w, before + 1, FLOW_DORMANT, previous);
    if( !active && (!w->anyActive || t < w->first) ) w->first = t;
    active = w->anyActive |= 1;
    before = t;
    previous = money;
  }
  if( rc==STATUS_OK && active ) count(w, before + 1, FLOW_DORMANT, previous);
  return rc;
}

/* ---- rows in ---- */

/* Adds a row to a visit of the same period when that loses nothing. */
static int merge_visit(const Flow *w, VisitHead *to, const Visit *v){
  Visit *kept = (Visit*)to;
  if( to->ordinal!=v->head.ordinal ) return 0;
  if( w->wantsMoney && v->head.amountType!=CELL_NULL ){
    if( to->amountType==CELL_NULL ){
      to->amountType = v->head.amountType;
      kept->amount = v->amount;
    }else if( to->amountType!=v->head.amountType ){
      return 0;
    }else if( to->amountType==CELL_INTEGER ){
      int64_t a = kept->amount.i, b = v->amount.i;
      if( b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b ) return 0;
      kept->amount.i = a + b;
    }else{
      Money sum = money_two_sum(kept->amount.r, v->amount.r);
      if( sum.lo!=0 ) return 0;
      kept->amount.r = sum.hi;
    }
  }
  to->isOrder |= v->head.isOrder;
  return 1;
}

static Status flow_keep_at_hand(Flow *w, const Visit *v){
  Status rc;
  if( w->handCount && merge_visit(w, &w->hand[w->handCount-1].head, v) ) return STATUS_OK;
  rc = memory_grow((void**)&w->hand, &w->handCapacity, w->handCount + 1, sizeof(Visit));
  if( rc==STATUS_OK ) w->hand[w->handCount++] = *v;
  return rc;
}

static Status flow_end_at_hand(Flow *w, Failure *f, const Stop *stop){
  Status rc = count_customer(w, w->hand, w->handCount, f, stop);
  w->handCount = 0;
  return rc;
}

static Status flow_in_order(Flow *w, const Batch *b, int row, const Visit *v, Failure *f){
  int isNew;
  Status rc = by_customer_turn(&w->at, b, &b->column[FLOW_CUSTOMER], row, &isNew);
  if( rc==STATUS_OK && isNew ) rc = flow_end_at_hand(w, f, b->stop);
  return rc==STATUS_OK ? flow_keep_at_hand(w, v) : rc;
}

static Status flow_keep(Flow *w, FlowMember *m, uint32_t id, const Visit *v){
  if( m->newest && merge_visit(w, m->newest, v) ) return STATUS_OK;
  return visit_log_put(&w->log, id, v, &m->newest);
}

static Status flow_absorb(void *acc, Batch *b, Failure *f){
  Flow *w = acc;
  const Column *time = &b->column[FLOW_TIME], *amount = &b->column[FLOW_AMOUNT];
  uint8_t rows[BATCH_ROWS] = {0};
  void *member[BATCH_ROWS];
  uint32_t ids[BATCH_ROWS];
  int i, n = customers_rows(b, time, w->asOf, rows);
  Status rc = STATUS_OK;
  if( !w->asOfGiven ) last_seen(&w->seen, time, rows, n);
  if( !w->ordered ) rc = keymap_batch(&w->customers, b, &b->column[FLOW_CUSTOMER], rows, n, member, ids);
  for(i=0; rc==STATUS_OK && i<n; i++){
    int row = rows[i];
    Visit v;
    memset(&v, 0, sizeof v);
    v.head.ordinal = (int32_t)period_cache_ordinal(&w->cache, time->cell[row].i);
    v.head.isOrder = !is_refund(amount, row);
    if( w->wantsMoney && amount->type[row]!=CELL_NULL ){
      v.head.amountType = amount->type[row];
      v.amount = amount->cell[row];
      w->revenueIsReal |= amount->type[row]==CELL_REAL;
    }
    rc = w->ordered ? flow_in_order(w, b, row, &v, f) : flow_keep(w, member[i], ids[i], &v);
  }
  return rc;
}

/* Whole customers, whose rows are in order of time: a visit for each period. */
static Status flow_histories(void *acc, Histories *h, Failure *f){
  Flow *w = acc;
  Status rc;
  int k;
  if( !w->ordered || (w->wantsMoney && h->isReal) || h->last > w->asOf ) return STATUS_UNLIKE;
  rc = history_times(h);
  if( rc!=STATUS_OK ) return rc;
  if( !w->seen.any || h->last > w->seen.last ) w->seen.last = h->last;
  w->seen.any = 1;
  rc = flow_end_at_hand(w, f, 0);
  for(k=h->from; rc==STATUS_OK && k<h->to; k++){
    size_t i;
    for(i=h->start[k]; rc==STATUS_OK && i<h->start[k+1]; i++){
      Visit v;
      memset(&v, 0, sizeof v);
      v.head.ordinal = (int32_t)period_cache_ordinal(&w->cache, history_time(h, i));
      v.head.isOrder = h->amount==0 || h->amount[i].i >= 0;
      if( w->wantsMoney ){
        v.head.amountType = CELL_INTEGER;
        v.amount = h->amount[i];
      }
      rc = flow_keep_at_hand(w, &v);
    }
    if( rc==STATUS_OK ) rc = flow_end_at_hand(w, f, 0);
  }
  return rc;
}

/* ---- the end ---- */

static Status count_log(Flow *w, Failure *f, const Stop *stop){
  VisitGroups *g = visit_groups_new();
  Status rc = g ? STATUS_OK : STATUS_NOMEM;
  size_t p, k;
  for(p=0; rc==STATUS_OK && p<w->log.partitions; p++){
    if( stop_asked(stop) ) rc = STATUS_INTERRUPTED;
    if( rc==STATUS_OK ) rc = visit_log_visits(&w->log, p, g, stop);
    for(k=0; rc==STATUS_OK && k<PARTITION_MEMBERS; k++){
      if( g->from[k+1] > g->from[k] ) rc = count_customer(w, g->visit + g->from[k], g->from[k+1] - g->from[k], f, stop);
    }
  }
  visit_groups_free(g);
  return rc;
}

static Status flow_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  Flow *w = acc;
  Status rc = w->ordered ? flow_end_at_hand(w, f, stop) : count_log(w, f, stop);
  if( !w->asOfGiven ) w->asOf = w->seen.last;
  visit_log_destroy(&w->log);
  keymap_destroy(&w->customers);
  *rows = 0;
  if( rc!=STATUS_OK || !w->anyActive ) return rc;
  w->end = grain_ordinal(w->cache.grain, w->asOf, w->cache.zone) + 1;
  if( w->end - w->first > MOST_PERIODS ) return too_many(f, "the first order and as_of");
  *rows = w->end - w->first;
  return STATUS_OK;
}

static const FlowPeriod *flow_of_row(const Flow *w, int64_t row){
  static const FlowPeriod nobody;
  int64_t ordinal = w->first + row;
  return ordinal < w->base + (int64_t)w->periods ? &w->period[ordinal - w->base] : &nobody;
}

static Status flow_period(void *acc, int64_t row, TableCell *out){
  const PeriodCache *c = &((Flow*)acc)->cache;
  Instant start = grain_start(c->grain, ((Flow*)acc)->first + row, c->zone);
  return cell_brief(out, grain_text(c->grain, start, c->zone, out->brief));
}
static Status flow_complete(void *acc, int64_t row, TableCell *out){
  const Flow *w = acc;
  return cell_integer(out, w->asOf >= grain_start(w->cache.grain, w->first + row + 1, w->cache.zone) - 1);
}
/* which: of the FLOW_KINDS. */
static Status flow_customers(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, flow_of_row(acc, row)->customers[out->which]);
}
static Status flow_revenue(void *acc, int64_t row, TableCell *out){
  const Flow *w = acc;
  if( !w->hasAmount ) return STATUS_OK;
  return customers_money(flow_of_row(w, row)->revenue[out->which], w->revenueIsReal, &out->result);
}

static const TableOutput FLOW_OUTPUTS[] = {
  { "period", "TEXT", flow_period, 0, 0 },
  { "new", "INTEGER", flow_customers, FLOW_NEW, 0 },
  { "retained", "INTEGER", flow_customers, FLOW_RETURNING, 0 },
  { "resurrected", "INTEGER", flow_customers, FLOW_RESURRECTING, 0 },
  { "dormant", "INTEGER", flow_customers, FLOW_DORMANT, 0 },
  { "active", "INTEGER", flow_customers, FLOW_ACTIVE, 0 },
  { "new_revenue", "", flow_revenue, FLOW_NEW, FLOW_MONEY },
  { "retained_revenue", "", flow_revenue, FLOW_RETURNING, FLOW_MONEY },
  { "resurrected_revenue", "", flow_revenue, FLOW_RESURRECTING, FLOW_MONEY },
  { "dormant_revenue", "", flow_revenue, FLOW_DORMANT, FLOW_MONEY },
  { "active_revenue", "", flow_revenue, FLOW_ACTIVE, FLOW_MONEY },
  { "retained_previous_revenue", "", flow_revenue, FLOW_PREVIOUS, FLOW_MONEY },
  { "silent_revenue", "", flow_revenue, FLOW_SILENT, FLOW_MONEY },
  { "complete", "INTEGER", flow_complete, 0, 0 },
  { 0, 0, 0, 0, 0 }
};

const TableMetric METRIC_LIFECYCLE_FLOW = {
  .size = sizeof(Flow), .outputs = FLOW_OUTPUTS, .typicalRows = 100, .state = 1, .keys = KEYS_IN(Flow, customers), .streams = 1,
  .init = flow_init, .absorb = flow_absorb, .absorbHistory = flow_histories, .finish = flow_finish, .destroy = flow_destroy
};
