/*
** value_summary: see value_summary.h.
**
** Of a customer no more is kept than its net money, its orders and its first two.  Rows that come
** grouped by customer need that for the one at hand alone; a window's end that may lie after as_of
** waits in a list, as the last time seen, which stands in for as_of, is known only at the end.
*/
#include "metric/customer/customers.h"
#include "metric/value/value_summary.h"
#include "spine/history.h"
#include "spine/by_customer.h"
#include "spine/totals.h"

enum { WORTH_CUSTOMER, WORTH_TIME, WORTH_AMOUNT };
enum { WORTH_WINDOW, WORTH_AS_OF };
/* needs */
#define WORTH_WINDOWS 1u       /* second orders within the window */
#define WORTH_SUMS 2u          /* money, orders, the first and the last one */

typedef struct WorthMember {
  Money net;
  int64_t orders;
  Instant first, second;       /* orders; valid from one and from two on */
} WorthMember;

/* A window that ends after all that was seen so far. */
typedef struct WorthWindow { Instant end; int isHit; } WorthWindow;

typedef struct Worth {
  KeyMap customers;            /* rows in any order: payload WorthMember */
  int ordered, hasAmount, asOfGiven, wantsWindow, wantsSums, isReal;
  Duration window;
  Instant asOf;
  int32_t zone;
  LastSeen seen;
  int64_t count, buyers, effective, orders, repeat, mature, inWindow;
  Money gmv, refunds;
  Instant first, last;         /* orders; valid when there are */
  WorthWindow *open;
  size_t openCount, openCapacity;
  ByCustomer hand;              /* rows in order */
  WorthMember at;
} Worth;

static Status worth_init(void *acc, const TableRequest *request, Failure *f){
  Worth *s = acc;
  (void)f;
  keymap_init(&s->customers, sizeof(WorthMember));
  s->ordered = request->ordered;
  s->hasAmount = request->givenColumns >> WORTH_AMOUNT & 1;
  s->wantsWindow = (request->needs & WORTH_WINDOWS)!=0;
  s->wantsSums = (request->needs & WORTH_SUMS)!=0;
  s->window = request->parameter[WORTH_WINDOW].duration;
  s->asOfGiven = request->givenParameters >> WORTH_AS_OF & 1;
  s->asOf = s->asOfGiven ? request->parameter[WORTH_AS_OF].instant : INT64_MAX;
  s->zone = request->zone;
  return STATUS_OK;
}

static void worth_destroy(void *acc){
  Worth *s = acc;
  keymap_destroy(&s->customers);
  memory_free(s->open);
  by_customer_destroy(&s->hand);
}

/* ---- a customer ---- */

static Status worth_window(Worth *s, int64_t orders, Instant first, Instant second){
  Instant end = s->window.months ? instant_after(first, s->window, 1, s->zone) : first + s->window.micros;
  int isHit = orders > 1 && second <= end;
  Status rc;
  if( end <= (s->asOfGiven ? s->asOf : s->seen.last) ){
    s->mature++;
    s->inWindow += isHit;
    return STATUS_OK;
  }
  if( s->asOfGiven ) return STATUS_OK;
  rc = memory_grow((void**)&s->open, &s->openCapacity, s->openCount + 1, sizeof *s->open);
  if( rc!=STATUS_OK ) return rc;
  s->open[s->openCount].end = end;
  s->open[s->openCount++].isHit = isHit;
  return STATUS_OK;
}

static Status worth_member(Worth *s, const WorthMember *m){
  s->count++;
  s->effective += money_real(m->net) > 0;
  s->buyers += m->orders > 0;
  s->repeat += m->orders > 1;
  return s->wantsWindow && m->orders ? worth_window(s, m->orders, m->first, m->second) : STATUS_OK;
}

/* ---- rows ---- */

static void worth_row(Worth *s, WorthMember *m, const Batch *b, int row){
  const Column *amount = &b->column[WORTH_AMOUNT];
  Instant t = b->column[WORTH_TIME].cell[row].i;
  if( amount->type[row]!=CELL_NULL ){
    money_add_cell(&m->net, amount, row, 1);
    money_add_cell(&s->gmv, amount, row, 1);
    s->isReal |= amount->type[row]==CELL_REAL;
    if( is_refund(amount, row) ){ money_add_cell(&s->refunds, amount, row, -1); return; }
  }
  if( s->orders==0 || t < s->first ) s->first = t;
  if( s->orders==0 || t > s->last ) s->last = t;
  s->orders++;
  if( m->orders==0 || t < m->first ){
    m->second = m->first;
    m->first = t;
  }else if( m->orders==1 || t < m->second ){
    m->second = t;
  }
  m->orders++;
}

/* Ends one customer and begins the next, where the key is another one. */
static Status worth_turn(Worth *s, const Batch *b, int row){
  int any = s->hand.any, isNew;
  Status rc = by_customer_turn(&s->hand, b, &b->column[WORTH_CUSTOMER], row, &isNew);
  if( rc!=STATUS_OK || !isNew ) return rc;
  rc = any ? worth_member(s, &s->at) : STATUS_OK;
  memset(&s->at, 0, sizeof s->at);
  return rc;
}

static Status worth_absorb(void *acc, Batch *b, Failure *f){
  Worth *s = acc;
  uint8_t rows[BATCH_ROWS];
  void *member[BATCH_ROWS];
  int i, n = customers_rows(b, &b->column[WORTH_TIME], s->asOf, rows);
  Status rc = STATUS_OK;
  (void)f;
  last_seen(&s->seen, &b->column[WORTH_TIME], rows, n);
  if( !s->ordered ) rc = keymap_batch(&s->customers, b, &b->column[WORTH_CUSTOMER], rows, n, member, 0);
  for(i=0; rc==STATUS_OK && i<n; i++){
    if( s->ordered ) rc = worth_turn(s, b, rows[i]);
    if( rc==STATUS_OK ) worth_row(s, s->ordered ? &s->at : member[i], b, rows[i]);
  }
  return rc;
}

/* ---- whole histories ---- */

/* What the rows of all customers add up to. */
typedef struct WorthSums { int64_t gmv, refunds, orders; } WorthSums;

/* Where the customer's rows are in its histories: n of them, at least one. */
typedef struct WorthRows {
  const Cell *amount;          /* or NULL */
  const Cell *time;            /* or NULL, then: */
  int64_t begin;
  const int64_t *step;         /* from each row to the next */
  size_t n;
} WorthRows;

/* Row i's time as the histories have it; rows are asked for from the first one on. */
static inline int64_t worth_time_of(const WorthRows *r, size_t i){
  int64_t t = r->begin;
  size_t k;
  if( r->time ) return r->time[i].i;
  for(k=0; k<i; k++) t += r->step[k];
  return t;
}

static inline size_t worth_next_order(const WorthRows *r, size_t i){
  while( r->amount && i < r->n && r->amount[i].i < 0 ) i++;
  return i;
}

static void worth_sums(Worth *s, const WorthRows *r, WorthSums *sums){
  int64_t net = 0, back = 0, orders = (int64_t)r->n;
  size_t i;
  if( r->amount ){
    for(orders=0, i=0; i<r->n; i++){
      int64_t v = r->amount[i].i;
      net += v;
      back += v < 0 ? v : 0;
      orders += v >= 0;
    }
  }
  sums->gmv += net;
  sums->refunds -= back;
  sums->orders += orders;
  s->effective += net > 0;
}

static void worth_times(Worth *s, const Histories *h, const WorthRows *r, size_t from){
  size_t to = r->n;
  Instant first = worth_time_of(r, from)*h->unit + h->shift, last;
  while( r->amount && r->amount[to-1].i < 0 ) to--;
  last = worth_time_of(r, to - 1)*h->unit + h->shift;
  if( s->first > first ) s->first = first;
  if( s->last < last ) s->last = last;
}

static Status worth_history(Worth *s, const Histories *h, const WorthRows *r, WorthSums *sums){
  size_t first = worth_next_order(r, 0), second;
  int64_t at, then;
  s->count++;
  if( s->wantsSums ) worth_sums(s, r, sums);
  if( first==r->n ) return STATUS_OK;
  second = worth_next_order(r, first + 1);
  s->buyers++;
  s->repeat += second < r->n;
  if( s->wantsSums ) worth_times(s, h, r, first);
  if( !s->wantsWindow ) return STATUS_OK;
  at = worth_time_of(r, first);
  then = second < r->n ? worth_time_of(r, second) : at;
  if( r->time==0 && (at < h->least || then > h->most) ) return STATUS_CORRUPT;
  return worth_window(s, second < r->n ? 2 : 1, at*h->unit + h->shift, then*h->unit + h->shift);
}

static Status worth_histories(void *acc, Histories *h, Failure *f){
  Worth *s = acc;
  WorthSums sums = {0};
  WorthRows r = {0};
  const int64_t *begin = h->begin;
  Status rc = STATUS_OK;
  int k;
  (void)f;
  if( !s->ordered || (s->wantsSums && h->isReal) || h->last > s->asOf ) return STATUS_UNLIKE;
  if( s->wantsSums ) rc = history_times(h);
  if( !s->seen.any || h->last > s->seen.last ) s->seen.last = h->last;
  s->seen.any = 1;
  if( s->orders==0 ){ s->first = INT64_MAX; s->last = INT64_MIN; }
  r.step = h->step;
  for(k=h->from; rc==STATUS_OK && k<h->to; k++){
    size_t row = h->start[k];
    r.n = h->start[k+1] - row;
    if( r.n==0 ) continue;
    r.amount = h->amount ? h->amount + row : 0;
    if( h->time ) r.time = h->time + row;
    else r.begin = *begin++;
    rc = worth_history(s, h, &r, &sums);
    if( r.time==0 ) r.step += r.n - 1;
  }
  s->orders += sums.orders;
  money_add_integer(&s->gmv, sums.gmv);
  money_add_integer(&s->refunds, sums.refunds);
  return rc;
}

/* ---- whole chunks ---- */

static Status worth_totals(void *acc, const Totals *t, Failure *f){
  Worth *s = acc;
  (void)f;
  if( !s->ordered || s->wantsWindow || t->last > s->asOf ) return STATUS_UNLIKE;
  if( !s->seen.any || t->last > s->seen.last ) s->seen.last = t->last;
  s->seen.any = 1;
  s->count += t->of->all.customers;
  s->buyers += t->orders->customers;
  s->repeat += t->orders->repeat;
  if( s->hasAmount ){
    s->effective += t->of->effective;
    s->isReal |= t->of->isReal;
    money_add(&s->gmv, t->of->gmv);
    money_add(&s->refunds, t->of->refunds);
  }
  if( t->orders->rows==0 ) return STATUS_OK;
  if( s->orders==0 || t->firstOrder < s->first ) s->first = t->firstOrder;
  if( s->orders==0 || t->lastOrder > s->last ) s->last = t->lastOrder;
  s->orders += t->orders->rows;
  return STATUS_OK;
}

/* ---- the end ---- */

#define WORTH_STOP_EVERY 16384

static Status worth_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  Worth *s = acc;
  Status rc = STATUS_OK;
  size_t i;
  (void)f;
  *rows = 1;
  if( s->hand.any ) rc = worth_member(s, &s->at);
  for(i=0; rc==STATUS_OK && i<s->customers.count; i++){
    if( i % WORTH_STOP_EVERY==WORTH_STOP_EVERY - 1 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    rc = worth_member(s, keymap_payload(&s->customers, (uint32_t)i));
  }
  for(i=0; i<s->openCount; i++){
    if( s->open[i].end > s->seen.last ) continue;
    s->mature++;
    s->inWindow += s->open[i].isHit;
  }
  return rc;
}

/* ---- the row ---- */

/* which: the byte of Worth where the count stands. */
static Status worth_count(void *acc, int64_t row, TableCell *out){
  (void)row;
  return cell_integer(out, *(const int64_t*)(const void*)((const char*)acc + out->which));
}
static Status worth_effective(void *acc, int64_t row, TableCell *out){
  const Worth *s = acc;
  (void)row;
  return s->hasAmount ? cell_integer(out, s->effective) : STATUS_OK;
}
static Status worth_money(void *acc, int64_t row, TableCell *out){
  const Worth *s = acc;
  (void)row;
  return s->hasAmount ? customers_money(out->which ? s->refunds : s->gmv, s->isReal, &out->result) : STATUS_OK;
}
/* gmv / the count at byte `which`. */
static Status worth_gmv_per(void *acc, int64_t row, TableCell *out){
  const Worth *s = acc;
  (void)row;
  if( !s->hasAmount ) return STATUS_OK;
  return cell_ratio(out, money_real(s->gmv), (double)*(const int64_t*)(const void*)((const char*)acc + out->which));
}
static Status worth_orders_per_buyer(void *acc, int64_t row, TableCell *out){
  const Worth *s = acc;
  (void)row;
  return cell_ratio(out, (double)s->orders, (double)s->buyers);
}
static Status worth_repurchase_rate(void *acc, int64_t row, TableCell *out){
  const Worth *s = acc;
  (void)row;
  return cell_ratio(out, (double)s->repeat, (double)s->buyers);
}
static Status worth_window_rate(void *acc, int64_t row, TableCell *out){
  const Worth *s = acc;
  (void)row;
  return cell_ratio(out, (double)s->inWindow, (double)s->mature);
}
static Status worth_time(void *acc, int64_t row, TableCell *out){
  const Worth *s = acc;
  (void)row;
  return s->orders ? cell_brief(out, time_text(out->which ? s->last : s->first, s->zone, out->brief)) : STATUS_OK;
}

#define WORTH(member) (int)offsetof(Worth, member)

static const TableOutput WORTH_OUTPUTS[] = {
  { "customers", "INTEGER", worth_count, WORTH(count), 0 },
  { "buyers", "INTEGER", worth_count, WORTH(buyers), 0 },
  { "effective_customers", "INTEGER", worth_effective, 0, WORTH_SUMS },
  { "orders", "INTEGER", worth_count, WORTH(orders), WORTH_SUMS },
  { "gmv", "", worth_money, 0, WORTH_SUMS },
  { "refunds", "", worth_money, 1, WORTH_SUMS },
  { "arpu", "REAL", worth_gmv_per, WORTH(count), WORTH_SUMS },
  { "arppu", "REAL", worth_gmv_per, WORTH(effective), WORTH_SUMS },
  { "aov", "REAL", worth_gmv_per, WORTH(orders), WORTH_SUMS },
  { "orders_per_buyer", "REAL", worth_orders_per_buyer, 0, WORTH_SUMS },
  { "repeat_customers", "INTEGER", worth_count, WORTH(repeat), 0 },
  { "repurchase_rate", "REAL", worth_repurchase_rate, 0, 0 },
  { "mature_customers", "INTEGER", worth_count, WORTH(mature), WORTH_WINDOWS },
  { "window_customers", "INTEGER", worth_count, WORTH(inWindow), WORTH_WINDOWS },
  { "window_repurchase_rate", "REAL", worth_window_rate, 0, WORTH_WINDOWS },
  { "first_time", "TEXT", worth_time, 0, WORTH_SUMS },
  { "last_time", "TEXT", worth_time, 1, WORTH_SUMS },
  { 0, 0, 0, 0, 0 }
};

const TableMetric METRIC_VALUE_SUMMARY = {
  .size = sizeof(Worth), .outputs = WORTH_OUTPUTS, .typicalRows = 1, .keys = KEYS_IN(Worth, customers), .streams = 1,
  .init = worth_init, .absorb = worth_absorb, .absorbHistory = worth_histories,
  .absorbTotals = worth_totals, .finish = worth_finish,
  .destroy = worth_destroy
};
