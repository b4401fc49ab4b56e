/*
** Cohort windows of whole histories, for the plain case of cohort_plain.c: a customer's rows come
** at once and in order of time, and what they say goes into a square of cells that stays in the
** processor's cache.  See cohort.h.
*/
#include "metric/cohort/cohort.h"

/* A cohort's cells are a little more than HISTORY_PERIODS, so that the cohorts do not fall into the
** same places of the cache. */
#define SQUARE_STRIDE (HISTORY_PERIODS + 3)
#define SQUARE_MONEY (INT64_C(1) << 61)

typedef struct SquareCell { int64_t orders, whole; } SquareCell;

/* How many words have each bit: those of weight 1, 2, 4, 8 as words themselves, each bit of which counts so
** many, the sixteens in `customers`; of these words some that wait. */
typedef struct BitCounts {
  uint64_t weight[4];
  uint64_t word[16];
  int words;
} BitCounts;

typedef struct CohortSquare {
  HistoryPeriods periods;
  int64_t room;                /* money that can still come without overflow */
  int64_t size[HISTORY_PERIODS];
  BitCounts counts[HISTORY_PERIODS];
  int64_t customers[HISTORY_PERIODS*SQUARE_STRIDE];
  int64_t repeaters[HISTORY_PERIODS*SQUARE_STRIDE];
  SquareCell cell[HISTORY_PERIODS*SQUARE_STRIDE];
} CohortSquare;

/* ---- customers in each period: of sixteen words at a time, 64 counts side by side ---- */

/* Adds two words to those of a weight; what is left over weighs twice as much. */
static inline uint64_t carry_save(uint64_t *weight, uint64_t a, uint64_t b){
  uint64_t odd = a ^ b, carry = (a & b) | (odd & *weight);
  *weight ^= odd;
  return carry;
}

static inline void add_weight(int64_t *customers, uint64_t bits, int64_t weight){
  for(; bits; bits &= bits - 1) customers[lowest_bit(bits)] += weight;
}

/* The words that wait, all sixteen. */
static void counts_add(BitCounts *c, int64_t *customers){
  uint64_t word[16];
  int w, i, n = 16;
  memcpy(word, c->word, sizeof word);
  for(w=0; w<4; w++, n/=2) for(i=0; i<n/2; i++) word[i] = carry_save(&c->weight[w], word[2*i], word[2*i+1]);
  add_weight(customers, word[0], 16);
  c->words = 0;
}

static void counts_finish(BitCounts *c, int64_t *customers){
  int w;
  memset(c->word + c->words, 0, sizeof c->word - (size_t)c->words*sizeof c->word[0]);
  counts_add(c, customers);
  for(w=0; w<4; w++) add_weight(customers, c->weight[w], INT64_C(1) << w);
  memset(c, 0, sizeof *c);
}

/* The customers of the histories as members of the cohorts in which their first orders are. */
static void count_customers(CohortSquare *s, size_t n){
  const uint64_t *orders = s->periods.orders;
  size_t k;
  for(k=0; k<n; k++){
    BitCounts *c;
    int first;
    if( orders[k]==0 ) continue;                       /* no order, no member */
    first = lowest_bit(orders[k]);
    c = &s->counts[first];
    c->word[c->words++] = orders[k];
    s->size[first]++;
    if( c->words==16 ) counts_add(c, s->customers + (ptrdiff_t)first*(SQUARE_STRIDE - 1));
  }
}

/* ---- orders and money ---- */

/* Of n rows from the first order's period on; cohort: the place of period 0. */
static inline void count_money(SquareCell *cohort, const uint8_t *period, const Cell *amount, size_t n){
  size_t i;
  for(i=0; i<n; i++){
    SquareCell *cell = &cohort[period[i]];
    cell->orders += amount==0 || amount[i].i >= 0;
    if( amount ) cell->whole += amount[i].i;
  }
}

/* The place of the second order among n rows, n when there is none. */
static inline size_t second_order(const Cell *amount, size_t n){
  size_t i = 0;
  if( amount ) while( i < n && amount[i].i < 0 ) i++;
  i++;
  if( amount ) while( i < n && amount[i].i < 0 ) i++;
  return i < n ? i : n;
}

static inline void count_histories(CohortSquare *s, const Histories *h, int hasAmount){
  size_t base = h->start[h->from];
  int k;
  for(k=h->from; k<h->to; k++){
    size_t from = h->start[k] - base, n = h->start[k+1] - base - from, before = 0, second;
    uint64_t orders = s->periods.orders[k - h->from];
    const uint8_t *period = s->periods.of + from;
    const Cell *amount = hasAmount ? h->amount + base + from : 0;
    ptrdiff_t cohort;
    int first;
    if( orders==0 ) continue;
    first = lowest_bit(orders);
    cohort = (ptrdiff_t)first*(SQUARE_STRIDE - 1);
    while( period[before] < first ) before++;          /* refunds alone */
    count_money(s->cell + cohort, period + before, amount ? amount + before : 0, n - before);
    second = second_order(amount, n);
    if( second < n ) s->repeaters[cohort + period[second]]++;
  }
}

void square_destroy(CohortSquare *s){
  if( s==0 ) return;
  history_periods_destroy(&s->periods);
  memory_free(s);
}

/* What has come so far goes into the matrix. */
static Status square_empty(CohortSquare *s, CohortMatrix *m, Failure *f){
  int first, k;
  for(first=0; first<HISTORY_PERIODS; first++){
    size_t at = (size_t)first*SQUARE_STRIDE;
    Cohort *c;
    if( s->size[first]==0 ) continue;
    counts_finish(&s->counts[first], s->customers + (ptrdiff_t)first*(SQUARE_STRIDE - 1));
    c = matrix_cohort(m, 0, s->periods.base + first);
    if( c==0 ) return STATUS_NOMEM;
    c->size += s->size[first];
    s->size[first] = 0;
    for(k=0; k<HISTORY_PERIODS - first; k++, at++){
      CohortCell *to;
      Status rc;
      if( s->customers[at]==0 && s->cell[at].whole==0 && s->cell[at].orders==0 ) continue;
      rc = matrix_cell(m, c, k, &to, f);
      if( rc!=STATUS_OK ) return rc;
      to->customers += s->customers[at];
      to->repeaters += s->repeaters[at];
      to->orders += s->cell[at].orders;
      cell_add_integer(to, s->cell[at].whole);
      s->customers[at] = s->repeaters[at] = 0;
      memset(&s->cell[at], 0, sizeof s->cell[at]);
    }
  }
  s->room = SQUARE_MONEY;
  return STATUS_OK;
}

Status members_histories(Members *m, Histories *h, Failure *f){
  const CohortRule *rule = m->rule;
  CohortSquare *s = m->square;
  int64_t money;
  Status rc;
  if( !m->isPlain || rule->onOrAfter || (rule->wantsMoney && h->isReal) || (rule->asOfGiven && h->last > rule->asOf) ) return STATUS_UNLIKE;
  if( s==0 ) s = m->square = memory_zeroed(sizeof *s);
  if( s==0 ) return STATUS_NOMEM;
  rc = history_periods(&s->periods, h, &m->cache, rule->wantsMoney ? PERIODS_OF | PERIODS_ORDERS : PERIODS_ORDERS);
  if( rc!=STATUS_OK ) return rc;
  if( h->last > m->plain.last ) m->plain.last = h->last;
  money = (int64_t)(h->start[h->to] - h->start[h->from])*HISTORY_MONEY;
  if( money > s->room ) rc = square_empty(s, m->matrix, f);
  s->room -= money;
  if( rc!=STATUS_OK ) return rc;
  count_customers(s, (size_t)(h->to - h->from));
  if( !rule->wantsMoney ) return STATUS_OK;
  if( h->amount ) count_histories(s, h, 1);
  else count_histories(s, h, 0);
  return STATUS_OK;
}

Status members_histories_finish(Members *m, Failure *f){
  return m->square ? square_empty(m->square, m->matrix, f) : STATUS_OK;
}
