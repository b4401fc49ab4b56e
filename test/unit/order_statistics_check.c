/*
** Order statistics and the sort against a plain array; then the state decoders of the
** metrics that stand on them against damaged payloads.  make unit builds it.
**
** The last line is `N passed, N failed`; the exit status says the same.
*/
#define _DEFAULT_SOURCE                    /* mmap() under -std=c11 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "check.h"
#include "base/sort.h"
#include "base/number/order_statistics.h"
#include "metric/repurchase/repurchase.h"
#include "metric/value/value.h"

int passed, failed;

#define COUNT(array) (sizeof(array)/sizeof((array)[0]))
#define MANY 3000

/* ---- the multiset as an array in order ---- */

typedef struct Plain { double value[MANY]; int n; } Plain;

static void plain_insert(Plain *p, double v){
  int i = p->n++;
  for(; i>0 && p->value[i-1] > v; i--) p->value[i] = p->value[i-1];
  p->value[i] = v;
}

static int plain_erase(Plain *p, double v){
  int i = 0;
  while( i<p->n && p->value[i]!=v ) i++;
  if( i==p->n ) return 0;
  memmove(&p->value[i], &p->value[i+1], sizeof(double)*(size_t)(p->n - i - 1));
  p->n--;
  return 1;
}

static Money money_of(double v){ Money m = { v, 0 }; return m; }

static void compare_questions(const OrderStatistics *o, const Plain *p, double probe){
  double below = 0, above = 0, sum = 0, ranked = 0, top = 0, q = random_below(1001)/1000.0, h;
  int i, equal = 0, hasBelow = 0, hasAbove = 0, k = (int)random_below((uint32_t)p->n + 2);
  Money m;
  for(i=0; i<p->n; i++){
    if( p->value[i] < probe ){ below = p->value[i]; hasBelow = 1; }
    if( p->value[i] > probe && !hasAbove ){ above = p->value[i]; hasAbove = 1; }
    equal += p->value[i]==probe;
    sum += p->value[i];
    ranked += (i + 1)*p->value[i];
    if( i >= p->n - k ) top += p->value[i];
  }
  CHECK(order_count(o)==(uint64_t)p->n, "count");
  CHECK(order_equal(o, money_of(probe))==(uint32_t)equal, "equal %g", probe);
  CHECK(order_below(o, money_of(probe), &m)==hasBelow && (!hasBelow || m.hi==below), "below %g", probe);
  CHECK(order_above(o, money_of(probe), &m)==hasAbove && (!hasAbove || m.hi==above), "above %g", probe);
  CHECK(money_real(order_sum(o))==sum, "sum %g", sum);
  CHECK(money_real(order_ranked_sum(o))==ranked, "ranked %g", ranked);
  CHECK(money_real(order_largest_sum(o, (uint64_t)k))==top, "largest %d of %d", k, p->n);
  if( p->n==0 ) return;
  i = (int)random_below((uint32_t)p->n);
  CHECK(order_at(o, (uint64_t)i).hi==p->value[i], "at %d", i);
  h = (p->n - 1)*q;
  i = (int)h;
  sum = p->value[i] + (i + 1 < p->n ? (h - i)*(p->value[i+1] - p->value[i]) : 0);
  CHECK(fabs(order_quantile(o, q) - sum) < 1e-9, "quantile %g", q);
}

/* Values of a kind: 0 few, 1 many, 2 ascending, 3 descending; whole, so that sums are exact. */
static double random_value(int kind, int step){
  switch( kind ){
    case 0: return (double)random_below(7) - 3;
    case 1: return (double)random_below(100000) - 50000;
    case 2: return step;
    default: return -step;
  }
}

static void check_multiset(int kind, int steps, int most){
  OrderStatistics o;
  Plain *p = calloc(1, sizeof *p);
  int i;
  order_init(&o, 1);
  for(i=0; i<steps; i++){
    double v = random_value(kind, i);
    if( p->n < most && random_below(100) < (i < steps/2 ? 70u : 30u) ){
      CHECK(order_insert(&o, money_of(v))==STATUS_OK, "insert");
      plain_insert(p, v);
    }else{
      if( p->n && random_below(4) ) v = p->value[random_below((uint32_t)p->n)];
      CHECK(order_erase(&o, money_of(v))==plain_erase(p, v), "erase %g", v);
    }
    if( i<200 || i%37==0 ) compare_questions(&o, p, random_value(kind, i));
  }
  while( p->n ){
    double v = p->value[random_below((uint32_t)p->n)];
    CHECK(order_erase(&o, money_of(v)) && plain_erase(p, v), "empty it");
    if( p->n%101==0 ) compare_questions(&o, p, v);
  }
  order_destroy(&o);
  free(p);
}

/* A million values in order: the tree must not be a list. */
static void check_depth(void){
  OrderStatistics o;
  double start = seconds_now(), took;
  int i;
  order_init(&o, 1);
  for(i=0; i<1000000; i++) order_insert(&o, money_of(i));
  for(i=0; i<1000000; i++) order_erase(&o, money_of(i));
  took = seconds_now() - start;
  CHECK(order_count(&o)==0, "one million");
  printf("a million ascending in and out: %.2f s\n", took);
  order_destroy(&o);
}

/* ---- the sort ---- */

typedef struct Record { int64_t key; int64_t place; } Record;

static int compare_keys(const void *a, const void *b, const void *context){
  int64_t x = ((const Record*)a)->key, y = ((const Record*)b)->key;
  (void)context;
  return (x > y) - (x < y);
}
static int at_random(const void *a, const void *b, const void *context){
  (void)a; (void)b; (void)context;
  return (int)random_below(3) - 1;
}

static int stop_after(void *arg){ return --*(int*)arg < 0; }

/* Every element once, and in order and stable when `sorted`. */
static void check_records(const Record *r, int n, int sorted, const char *what){
  char *seen = calloc((size_t)n + 1, 1);
  int i, ok = 1;
  for(i=0; i<n; i++){
    if( r[i].place<0 || r[i].place>=n || seen[r[i].place]++ ) ok = 0;
    if( sorted && i>0 && r[i].key==r[i-1].key && r[i].place<r[i-1].place ) ok = 0;
    if( sorted && i>0 && r[i].key<r[i-1].key ) ok = 0;
  }
  CHECK(ok, "%s of %d", what, n);
  free(seen);
}

static void check_sort(int n, uint32_t range){
  Record *r = malloc(sizeof(Record)*(size_t)(n + 1));
  int polls, i, kind;
  for(kind=0; kind<3; kind++){
    Stop stop = { stop_after, &polls };
    Status rc;
    polls = kind==2 ? 1 : 1000000;
    for(i=0; i<n; i++){ r[i].key = random_below(range); r[i].place = i; }
    rc = sort_records(r, (size_t)n, sizeof *r, kind==1 ? at_random : compare_keys, 0, kind==0 ? 0 : &stop);
    CHECK(rc==STATUS_OK || (kind==2 && rc==STATUS_INTERRUPTED), "status %d", rc);
    check_records(r, n, kind!=1 && rc==STATUS_OK, kind==1 ? "sort without reason" : "sort");
    if( kind==2 && n>100000 ) CHECK(rc==STATUS_INTERRUPTED, "a long sort can be stopped");
  }
  free(r);
}

/* ---- decoders ---- */

/* A metric and the column in which its times stand. */
static const struct { const Metric *metric; int time; } FOLDED[] = {
  { &METRIC_ITEMS_PER_ORDER, -1 }, { &METRIC_ORDERS_PER_CUSTOMER, -1 },
  { &METRIC_ORDERS_PER_CUSTOMER_ORDER, -1 }, { &METRIC_REPEAT_SHARE, -1 },
  { &METRIC_REPEAT_SHARE_ORDER, -1 }, { &METRIC_TOP_SHARE, -1 }, { &METRIC_GINI, -1 },
  { &METRIC_ROI, -1 }, { &METRIC_CAC, -1 }, { &METRIC_PAYBACK_DAYS, 0 },
  { &METRIC_STICKINESS, 1 }, { &METRIC_PURCHASE_CYCLE, 0 },
  { &METRIC_PURCHASE_CYCLE_POOLED, 1 }, { &METRIC_NEXT_PURCHASE, 0 }, { &METRIC_OVERDUE_RATIO, 0 }
};

static void fill_batch(Batch *b, int time){
  int i, c;
  memset(b, 0, sizeof *b);
  b->rows = 40;
  for(c=0; c<3; c++){
    for(i=0; i<b->rows; i++){
      b->column[c].type[i] = CELL_INTEGER;
      b->column[c].cell[i].i = c==time ? (int64_t)random_below(90)*MICROS_PER_DAY : (int64_t)random_below(12);
    }
  }
}

static void init_accumulator(void *acc, const Metric *m){
  Parameter p[PARAMETERS_MAX];
  Failure f;
  memset(acc, 0, m->size);
  memset(p, 0, sizeof p);
  if( m==&METRIC_OVERDUE_RATIO ) p[0].instant = 200*MICROS_PER_DAY;
  else if( m!=&METRIC_STICKINESS ) p[0].real = 0.3;
  if( m->init ) m->init(acc, p, &f);
}

static double answer(void *acc, const Metric *m, Status *rc){
  Result r;
  Failure f;
  memset(&r, 0, sizeof r);
  *rc = m->result(acc, &r, &f, 0);
  buffer_destroy(&r.buffer);
  return r.kind==RESULT_REAL ? r.real : r.kind==RESULT_TEXT ? -2 : -1;
}

/* The state of some rows, whole, cut, and with bytes changed: an answer or a complaint. */
static void check_decoder(const Metric *m, int time){
  void *acc = malloc(m->size);
  Batch *b = malloc(sizeof *b);
  Buffer state = {0};
  Failure f;
  Status rc;
  double right;
  int round;
  init_accumulator(acc, m);
  fill_batch(b, time);
  CHECK(m->absorb(acc, b, +1, &f)==STATUS_OK, "%s: absorb", m->id);
  m->encode(acc, &state);
  right = answer(acc, m, &rc);
  if( m->destroy ) m->destroy(acc);
  for(round=0; round<4000; round++){
    unsigned char *forged = malloc(state.size);
    size_t n = round==0 ? state.size : 1 + random_below((uint32_t)state.size);
    Reader in;
    int changes = round ? (int)random_below(4) : 0;
    memcpy(forged, state.data, state.size);
    while( changes-- > 0 ) forged[random_below((uint32_t)state.size)] = (unsigned char)random_below(256);
    init_accumulator(acc, m);
    in = reader_over(forged, n);
    rc = m->fold(acc, &in, &f);
    if( rc==STATUS_OK ){
      double got = answer(acc, m, &rc);
      if( round==0 ) CHECK(got==right, "%s: %g, then %g", m->id, right, got);
    }else{
      CHECK(round>0, "%s: status %d", m->id, rc);
    }
    if( m->destroy ) m->destroy(acc);
    free(forged);
  }
  CHECK(1, "%s", m->id);
  buffer_destroy(&state);
  free(b);
  free(acc);
}

/* ---- a quantile of a list against the same list in order ---- */

static double list_quantile(int64_t *value, size_t n, double q){
  double out;
  CHECK(quantile_of_list(value, n, q, &out, 0)==STATUS_OK, "quantile %g of %u", q, (unsigned)n);
  return out;
}

/* Asks now and then, more often of more values, and gives up when told to. */
static int quantile_asks(void *left){ return --*(int*)left==0; }
static void check_quantile_stops(void){
  enum { N = 1000000 };
  int64_t *value = malloc(sizeof *value*N);
  int at, i;
  for(at=1; at<=8; at++){
    int left = at;
    Stop stop = { quantile_asks, &left };
    double out;
    for(i=0; i<N; i++) value[i] = (int64_t)random_value(1, i);
    CHECK(quantile_of_list(value, N, 0.5, &out, &stop)==STATUS_INTERRUPTED && left==0, "told to stop at question %d", at);
  }
  free(value);
}

static void check_quantile(int kind, int n){
  int64_t *value = malloc(sizeof *value*(size_t)n);
  Plain *p = calloc(1, sizeof *p);
  double q = random_below(8) ? random_below(1001)/1000.0 : random_below(2), h = (n - 1)*q, want;
  int i, k = (int)h;
  for(i=0; i<n; i++){
    value[i] = (int64_t)random_value(kind, i);
    plain_insert(p, (double)value[i]);
  }
  want = p->value[k] + (k + 1 < n ? (h - k)*(p->value[k+1] - p->value[k]) : 0);
  CHECK(fabs(list_quantile(value, (size_t)n, q) - want) < 1e-9, "quantile %g of %d", q, n);
  free(value);
  free(p);
}

/* Few values, many, rising ones, a valley: none of them costs the square. */
static void check_long_quantile(void){
  enum { N = 1000000 };
  const double middle[] = { 0, 0, (N - 1)/2.0, N/4 }, allowed[] = { 0, 300, 0, 1 };
  int64_t *value = malloc(sizeof *value*N);
  int kind, i;
  for(kind=0; kind<4; kind++){
    for(i=0; i<N; i++) value[i] = kind==3 ? abs(i - N/2) : (int64_t)random_value(kind, i);
    CHECK(fabs(list_quantile(value, N, 0.5) - middle[kind]) <= allowed[kind], "median of order %d", kind);
  }
  free(value);
}

/* At q = 1 nothing behind the last value is read: there is no memory. */
static void check_last_quantile(void){
  size_t page = (size_t)sysconf(_SC_PAGESIZE), n;
  char *two = mmap(0, 2*page, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
  if( two==MAP_FAILED || mprotect(two + page, page, PROT_NONE)!=0 ) exit(2);
  for(n=1; n<40; n++){
    int64_t *value = (int64_t*)(void*)(two + page) - n;
    size_t i;
    for(i=0; i<n; i++) value[i] = (int64_t)(i*41%n);
    CHECK(list_quantile(value, n, 1)==(double)(n - 1), "the last of %u values", (unsigned)n);
  }
  munmap(two, 2*page);
}

typedef struct Questions { int asked, until; } Questions;
static int compared, longest;              /* comparisons since the last question; the most of them */
static int question(void *arg){
  Questions *q = arg;
  if( compared > longest ) longest = compared;
  compared = 0;
  return ++q->asked > q->until;
}
static int compare_words(const void *a, const void *b, const void *context){
  (void)context;
  compared++;
  {
    uint32_t x = *(const uint32_t*)a, y = *(const uint32_t*)b;
    return (x > y) - (x < y);
  }
}

/* A sort of 200,000 elements asks in each of its 15 rounds, within the long merges, too, and stops
** when told to; so it does where they are in order already. */
static void check_sort_asks(void){
  enum { N = 200000 };
  uint32_t *word = malloc(sizeof *word*N), i, sum = 0, kept = 0;
  Questions q = { 0, 1 << 30 };
  Stop stop = { question, &q };
  if( word==0 ) exit(2);
  for(i=0; i<N; i++) sum += word[i] = random_below(UINT32_MAX);
  q.until = 5;
  CHECK(sort_records(word, N, sizeof *word, compare_words, 0, &stop)==STATUS_INTERRUPTED && q.asked==6, "a sort that goes on");
  for(i=0; i<N; i++) kept += word[i];
  CHECK(kept==sum, "a stopped sort lost an element");
  q.until = 1 << 30;
  q.asked = 0;
  CHECK(sort_records(word, N, sizeof *word, compare_words, 0, &stop)==STATUS_OK, "a sort that nobody stops");
  CHECK(q.asked >= 15*4 && q.asked <= 16*N/32768 + 16, "a sort asked %d times", q.asked);
  CHECK(longest <= 5*32768/2, "a sort compared %d times without asking", longest);
  for(i=1; i<N && word[i-1]<=word[i]; i++){}
  CHECK(i==N, "not in order at %u", i);
  q.asked = 0;
  CHECK(sort_records(word, N, sizeof *word, compare_words, 0, &stop)==STATUS_OK && q.asked >= N/32768, "in order: asked %d times", q.asked);
  free(word);
}

int main(void){
  size_t i;
  int kind, round;
  check_last_quantile();
  check_sort_asks();
  for(kind=0; kind<4; kind++){
    for(round=0; round<30; round++) check_multiset(kind, 300, 40);
    check_multiset(kind, 9000, MANY - 1);
  }
  check_depth();
  for(round=0; round<300; round++) check_sort((int)random_below(70), 10 + random_below(100));
  check_sort(200000, 1000);
  for(round=0; round<4000; round++) check_quantile(round%4, 1 + (int)random_below(round%7 ? 60 : 900));
  check_long_quantile();
  check_quantile_stops();
  for(i=0; i<COUNT(FOLDED); i++) check_decoder(FOLDED[i].metric, FOLDED[i].time);
  return check_summary();
}
