/*
** The rhythm of purchases.  A gap is the number of days between two consecutive distinct
** calendar days (UTC) of one customer, so that two orders of one day are one visit.
**   purchase_cycle  q-quantile of the gaps, linear interpolation (Hyndman and Fan, type 7);
**                   of one group, or of all customers' gaps together
**   purchase_cycle_mean   mean of the gaps, of those alone that are not longer than a limit
**   next_purchase   last time + that cycle
**   overdue_ratio   days from the last row's day to as_of's day / median gap
** NULL without a gap.  Source: NetEase Yunshang (each customer has a cycle of their own).
**
** A visit is one word that sorts by customer, then by time:
**   one group   the instant in microseconds (next_purchase needs the time of day)
**   pooled      customer's id << 32 | day
** An aggregate keeps a list of words and sorts it once.  From the second question on, or
** once a row leaves, words and gaps stand in order statistics; a row costs O(log n).
*/
#include "base/number/order_statistics.h"
#include "metric/repurchase/repurchase.h"

/* Words count from a day before the year 0000, in days below LATEST_DAY. */
#define EARLIEST_DAY (-(INT64_C(1) << 20))
#define LATEST_DAY (INT64_C(1) << 22)
#define LATEST_WORD (LATEST_DAY * MICROS_PER_DAY)

/* What a window that moves needs. */
typedef struct Tracked {
  OrderStatistics visits;      /* the words */
  OrderStatistics gaps;
  int64_t days;                /* sum of the gaps */
} Tracked;

#define FEW_WORDS 4

typedef struct Cycle {
  int64_t few[FEW_WORDS];      /* a word per row, while not tracked; a million small groups */
  int64_t *many;               /* ... allocate nothing */
  size_t count, capacity;      /* of few or many */
  Tracked *tracked;
  union {
    struct { double q; Instant asOf; } ask;
    Duration limit;            /* of a mean: longer gaps do not count; 0: all count */
  } by;
  char pooled, asked, isMean;
} Cycle;

_Static_assert(sizeof(Cycle) <= 96, "a million groups make the context's size count");

typedef struct Pooled {
  Cycle cycle;                 /* first: what reads a Cycle reads this */
  KeyMap customers;            /* no payload */
} Pooled;

static inline int64_t *words_of(Cycle *a){ return a->many ? a->many : a->few; }
static inline int64_t word_of_instant(Instant t){ return t - EARLIEST_DAY*MICROS_PER_DAY; }
static inline Instant instant_of_word(int64_t w){ return w + EARLIEST_DAY*MICROS_PER_DAY; }
static inline int64_t word_of_day(uint32_t customer, Instant t){
  return (int64_t)customer << 32 | (day_of(t, 0) - EARLIEST_DAY);
}
static inline int64_t customer_of(const Cycle *a, int64_t w){ return a->pooled ? w >> 32 : 0; }
static inline int64_t day_of_word(const Cycle *a, int64_t w){
  return a->pooled ? w & UINT32_MAX : w / MICROS_PER_DAY;
}

static Status cycle_init(void *acc, const Parameter *p, Failure *f){
  (void)f;
  ((Cycle*)acc)->by.ask.q = p[0].real;
  return STATUS_OK;
}
static Status mean_init(void *acc, const Parameter *p, Failure *f){
  Cycle *a = acc;
  (void)f;
  a->isMean = 1;
  a->by.limit = p[0].duration;
  return STATUS_OK;
}
static Status pooled_mean_init(void *acc, const Parameter *p, Failure *f){
  Pooled *a = acc;
  keymap_init(&a->customers, 0);
  a->cycle.pooled = 1;
  return mean_init(acc, p, f);
}
static Status pooled_init(void *acc, const Parameter *p, Failure *f){
  Pooled *a = acc;
  keymap_init(&a->customers, 0);
  a->cycle.pooled = 1;
  return cycle_init(acc, p, f);
}
static Status overdue_init(void *acc, const Parameter *p, Failure *f){
  Cycle *a = acc;
  (void)f;
  a->by.ask.q = 0.5;
  a->by.ask.asOf = p[0].instant;
  return STATUS_OK;
}
static void cycle_destroy(void *acc){
  Cycle *a = acc;
  memory_free(a->many);
  if( a->tracked==0 ) return;
  order_destroy(&a->tracked->visits);
  order_destroy(&a->tracked->gaps);
  memory_free(a->tracked);
}
static void pooled_destroy(void *acc){
  keymap_destroy(&((Pooled*)acc)->customers);
  cycle_destroy(acc);
}

/* ---- visits that come and go ---- */

/* The word next to w on one side, when it is of the same customer. */
static int neighbour(const Cycle *a, int64_t w, int side, int64_t *out){
  Money m;
  int found = side<0 ? order_below(&a->tracked->visits, money_of_integer(w), &m)
                     : order_above(&a->tracked->visits, money_of_integer(w), &m);
  return found && money_integer(m, out) && customer_of(a, *out)==customer_of(a, w);
}

/* Whether the days between two words count: not where a mean has a limit that is shorter. */
static int gap_counts(const Cycle *a, int64_t from, int64_t to){
  Instant day;
  if( !a->isMean || (a->by.limit.months==0 && a->by.limit.micros==0) ) return 1;
  day = (day_of_word(a, from) + EARLIEST_DAY)*MICROS_PER_DAY;
  if( !a->pooled ) day = day_of(instant_of_word(from), 0)*MICROS_PER_DAY;
  return instant_after(day, a->by.limit, 1, 0) >= day + (day_of_word(a, to) - day_of_word(a, from))*MICROS_PER_DAY;
}

static Status gap_change(Cycle *a, int64_t from, int64_t to, int sign){
  int64_t gap = day_of_word(a, to) - day_of_word(a, from);
  Money days = money_of_integer(gap);
  if( !gap_counts(a, from, to) ) return STATUS_OK;
  a->tracked->days += sign*gap;
  if( sign > 0 ) return order_insert(&a->tracked->gaps, days);
  order_erase(&a->tracked->gaps, days);
  return STATUS_OK;
}

/* The word w, which is not among the visits, comes (+1) or has gone (-1): its day splits
** a gap in two, or joins two in one. */
static Status day_change(Cycle *a, int64_t w, int sign){
  int64_t before = 0, after = 0;
  int hasBefore = neighbour(a, w, -1, &before), hasAfter = neighbour(a, w, +1, &after);
  Status rc = STATUS_OK;
  if( hasBefore && day_of_word(a, before)==day_of_word(a, w) ) return rc;
  if( hasAfter && day_of_word(a, after)==day_of_word(a, w) ) return rc;
  if( hasBefore && hasAfter ) rc = gap_change(a, before, after, -sign);
  if( rc==STATUS_OK && hasBefore ) rc = gap_change(a, before, w, sign);
  if( rc==STATUS_OK && hasAfter ) rc = gap_change(a, w, after, sign);
  return rc;
}

static Status visit_change(Cycle *a, int64_t w, int sign){
  Money m = money_of_integer(w);
  Status rc = STATUS_OK;
  if( sign < 0 && !order_erase(&a->tracked->visits, m) ) return STATUS_OK;
  if( order_equal(&a->tracked->visits, m)==0 ) rc = day_change(a, w, sign);
  if( rc==STATUS_OK && sign > 0 ) rc = order_insert(&a->tracked->visits, m);
  return rc;
}

/* From the list to order statistics. */
static Status track(Cycle *a, const Stop *stop){
  const int64_t *word = words_of(a);
  Status rc = STATUS_OK;
  size_t i;
  a->tracked = memory_zeroed(sizeof *a->tracked);
  if( a->tracked==0 ) return STATUS_NOMEM;
  for(i=0; rc==STATUS_OK && i<a->count; i++){
    if( (i & 0x1fff)==0x1fff && stop_asked(stop) ) return STATUS_INTERRUPTED;     /* each goes into a tree */
    rc = visit_change(a, word[i], +1);
  }
  memory_free(a->many);
  a->many = 0;
  a->count = a->capacity = 0;
  return rc;
}

static Status list_words(Cycle *a, const int64_t *word, size_t n){
  size_t need = a->count + n;
  if( n==0 ) return STATUS_OK;
  if( need > FEW_WORDS || a->many ){
    void *many = a->many;
    if( memory_grow(&many, &a->capacity, need, sizeof *word)!=STATUS_OK ) return STATUS_NOMEM;
    if( a->many==0 ) memcpy(many, a->few, a->count * sizeof *word);
    a->many = many;
  }
  memcpy(words_of(a) + a->count, word, n * sizeof *word);
  a->count = need;
  return STATUS_OK;
}

static Status words_absorb(Cycle *a, const int64_t *word, int n, int sign){
  Status rc = STATUS_OK;
  int i;
  if( sign < 0 && a->tracked==0 ) rc = track(a, 0);
  if( rc==STATUS_OK && a->tracked==0 ) return list_words(a, word, (size_t)n);
  for(i=0; rc==STATUS_OK && i<n; i++) rc = visit_change(a, word[i], sign);
  return rc;
}

static Status cycle_absorb(void *acc, Batch *b, int sign, Failure *f){
  int64_t word[BATCH_ROWS];
  int i;
  (void)f;
  for(i=0; i<b->rows; i++) word[i] = word_of_instant(b->column[0].cell[i].i);
  return words_absorb(acc, word, b->rows, sign);
}

static Status overdue_absorb(void *acc, Batch *b, int sign, Failure *f){
  Cycle *a = acc;
  int64_t word[BATCH_ROWS];
  int i, n = 0;
  (void)f;
  for(i=0; i<b->rows; i++){
    Instant t = b->column[0].cell[i].i;
    if( t <= a->by.ask.asOf ) word[n++] = word_of_instant(t);
  }
  return words_absorb(a, word, n, sign);
}

static Status pooled_absorb(void *acc, Batch *b, int sign, Failure *f){
  Pooled *a = acc;
  void *nothing[BATCH_ROWS];
  uint32_t id[BATCH_ROWS];
  int64_t word[BATCH_ROWS];
  Status rc = keymap_batch(&a->customers, b, &b->column[0], ALL_ROWS, b->rows, nothing, id);
  int i;
  (void)f;
  if( rc!=STATUS_OK ) return rc;
  for(i=0; i<b->rows; i++) word[i] = word_of_day(id[i], b->column[1].cell[i].i);
  return words_absorb(&a->cycle, word, b->rows, sign);
}

/* ---- states: distinct words in order, as differences.  Only aggregates have states, so
** that the words still stand in the list. ---- */

static int compare_words(const void *a, const void *b, const void *context){
  int64_t x = *(const int64_t*)a, y = *(const int64_t*)b;
  (void)context;
  return (x > y) - (x < y);
}

static void put_words(const int64_t *word, size_t n, Buffer *out){
  uint64_t distinct = 0;
  int64_t last = 0;
  size_t i;
  for(i=0; i<n; i++) distinct += i==0 || word[i]!=word[i-1];
  buffer_put_unsigned(out, distinct);
  for(i=0; i<n; i++){
    if( i>0 && word[i]==word[i-1] ) continue;
    buffer_put_unsigned(out, (uint64_t)(word[i] - last));
    last = word[i];
  }
}

static void cycle_encode(const void *acc, Buffer *out){
  const Cycle *a = acc;
  size_t bytes = a->count * sizeof(int64_t);
  int64_t *word = memory_alloc(bytes + 1);
  Status rc = word ? memory_copy(word, a->many ? a->many : a->few, bytes, out->stop) : STATUS_NOMEM;
  if( rc==STATUS_OK ) rc = sort_records(word, a->count, sizeof *word, compare_words, 0, out->stop);
  if( rc==STATUS_OK ) put_words(word, a->count, out);
  else encode_fail(out, rc);
  memory_free(word);
}

static void pooled_encode(const void *acc, Buffer *out){
  map_encode_keys(&((const Pooled*)acc)->customers, out);
  cycle_encode(acc, out);
}

/* The customers of a pooled state, by their id in it; NULL ids for one group. */
typedef struct Ids { uint32_t *id; uint64_t count; } Ids;

static Status fold_words(Cycle *a, Reader *in, const Ids *ids){
  uint64_t n = reader_unsigned(in);
  int64_t w = 0, latest = ids ? INT64_MAX : LATEST_WORD;
  Status rc = STATUS_OK;
  while( rc==STATUS_OK && n-- > 0 && !in->failed ){
    uint64_t step = reader_unsigned(in);
    int64_t here;
    if( step > (uint64_t)(latest - w) ) return STATUS_CORRUPT;
    here = w += (int64_t)step;
    if( ids ){
      uint64_t customer = (uint64_t)w >> 32;
      if( customer >= ids->count || (w & UINT32_MAX) > LATEST_DAY ) return STATUS_CORRUPT;
      here = (int64_t)ids->id[customer] << 32 | (w & UINT32_MAX);
    }
    rc = words_absorb(a, &here, 1, +1);
  }
  return rc==STATUS_OK && in->failed ? STATUS_CORRUPT : rc;
}

static Status cycle_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  return fold_words(acc, in, 0);
}

static Status pooled_fold(void *acc, Reader *in, Failure *f){
  Pooled *a = acc;
  Ids ids = {0, 0};
  Status rc = map_fold_keys(&a->customers, in, &ids.id, &ids.count);
  (void)f;
  if( rc==STATUS_OK ) rc = in->failed ? STATUS_CORRUPT : fold_words(&a->cycle, in, &ids);
  memory_free(ids.id);
  return rc;
}

/* ---- the figures ---- */

typedef struct Rhythm { int known; double cycle; int64_t last; } Rhythm;

#define FEW_GAPS 32

/* Writes the gaps of n words in order; STATUS_INTERRUPTED. */
static Status list_gaps(const Cycle *a, const int64_t *word, size_t n, int64_t *gap, size_t *gaps,
                        const Stop *stop){
  size_t i;
  *gaps = 0;
  for(i=1; i<n; i++){
    int64_t days = day_of_word(a, word[i]) - day_of_word(a, word[i-1]);
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( days==0 || customer_of(a, word[i])!=customer_of(a, word[i-1]) ) continue;
    if( gap_counts(a, word[i-1], word[i]) ) gap[(*gaps)++] = days;
  }
  return STATUS_OK;
}

static double mean_of_list(const int64_t *gap, size_t n){
  int64_t sum = 0;
  size_t i;
  for(i=0; i<n; i++) sum += gap[i];
  return (double)sum / (double)n;
}

/* From the list, sorted in place. */
static Status rhythm_once(Cycle *a, Rhythm *out, const Stop *stop){
  int64_t few[FEW_GAPS], *gap = few, *word = words_of(a);
  size_t n = 0;
  Status rc = sort_records(word, a->count, sizeof *word, compare_words, 0, stop);
  if( rc!=STATUS_OK || a->count==0 ) return rc;
  out->last = word[a->count-1];
  if( a->count > FEW_GAPS ) gap = memory_alloc(a->count * sizeof *gap);
  if( gap==0 ) return STATUS_NOMEM;
  rc = list_gaps(a, word, a->count, gap, &n, stop);
  if( rc==STATUS_OK && n>0 ){
    out->known = 1;
    if( a->isMean ) out->cycle = mean_of_list(gap, n);
    else rc = quantile_of_list(gap, n, a->by.ask.q, &out->cycle, stop);
  }
  if( gap!=few ) memory_free(gap);
  return rc;
}

static void rhythm_tracked(const Cycle *a, Rhythm *out){
  uint64_t n = order_count(&a->tracked->visits);
  if( n ) (void)money_integer(order_at(&a->tracked->visits, n-1), &out->last);
  n = order_count(&a->tracked->gaps);
  if( n==0 ) return;
  out->known = 1;
  out->cycle = a->isMean ? (double)a->tracked->days / (double)n : order_quantile(&a->tracked->gaps, a->by.ask.q);
}

/* The first question sorts; a second one means that a window asks for every row. */
static Status rhythm_of(Cycle *a, Rhythm *out, const Stop *stop){
  Status rc = STATUS_OK;
  memset(out, 0, sizeof *out);
  if( a->tracked==0 && !a->asked ){
    a->asked = 1;
    return rhythm_once(a, out, stop);
  }
  if( a->tracked==0 ) rc = track(a, stop);
  if( rc==STATUS_OK ) rhythm_tracked(a, out);
  return rc;
}

static Status cycle_result(void *acc, Result *r, Failure *f, const Stop *stop){
  Rhythm rhythm;
  Status rc = rhythm_of(acc, &rhythm, stop);
  (void)f;
  if( rc==STATUS_OK && rhythm.known ) result_real(r, rhythm.cycle);
  return rc;
}

static Status next_result(void *acc, Result *r, Failure *f, const Stop *stop){
  Rhythm rhythm;
  Status rc = rhythm_of(acc, &rhythm, stop);
  char z[TIME_TEXT_SIZE];
  Instant next;
  (void)f;
  if( rc!=STATUS_OK || !rhythm.known ) return rc;
  next = instant_of_word(rhythm.last) + llround(rhythm.cycle * (double)MICROS_PER_DAY);
  if( !time_has_text(next, 0) ) return STATUS_OK;
  time_text(next, 0, z);
  r->kind = RESULT_TEXT;
  buffer_put(&r->buffer, z, strlen(z));
  return r->buffer.failed ? STATUS_NOMEM : STATUS_OK;
}

static Status overdue_result(void *acc, Result *r, Failure *f, const Stop *stop){
  Cycle *a = acc;
  Rhythm rhythm;
  Status rc = rhythm_of(a, &rhythm, stop);
  int64_t silence;
  (void)f;
  if( rc!=STATUS_OK || !rhythm.known ) return rc;
  silence = day_of(a->by.ask.asOf, 0) - day_of(instant_of_word(rhythm.last), 0);
  result_real(r, (double)silence / rhythm.cycle);
  return STATUS_OK;
}

const Metric METRIC_PURCHASE_CYCLE = {
  .id = "purchase_cycle", .version = 1, .size = sizeof(Cycle), .sliding = 1,
  .init = cycle_init, .absorb = cycle_absorb, .encode = cycle_encode, .fold = cycle_fold,
  .result = cycle_result, .destroy = cycle_destroy
};
const Metric METRIC_PURCHASE_CYCLE_POOLED = {
  .id = "purchase_cycle/pooled", .version = 1, .size = sizeof(Pooled), .sliding = 1,
  .keys = KEYS_IN(Pooled, customers),
  .init = pooled_init, .absorb = pooled_absorb, .encode = pooled_encode, .fold = pooled_fold,
  .result = cycle_result, .destroy = pooled_destroy
};
const Metric METRIC_CYCLE_MEAN = {
  .id = "purchase_cycle_mean", .version = 1, .size = sizeof(Cycle), .sliding = 1,
  .init = mean_init, .absorb = cycle_absorb, .encode = cycle_encode, .fold = cycle_fold,
  .result = cycle_result, .destroy = cycle_destroy
};
const Metric METRIC_CYCLE_MEAN_POOLED = {
  .id = "purchase_cycle_mean/pooled", .version = 1, .size = sizeof(Pooled), .sliding = 1,
  .keys = KEYS_IN(Pooled, customers),
  .init = pooled_mean_init, .absorb = pooled_absorb, .encode = pooled_encode, .fold = pooled_fold,
  .result = cycle_result, .destroy = pooled_destroy
};
const Metric METRIC_NEXT_PURCHASE = {
  .id = "next_purchase", .version = 1, .size = sizeof(Cycle), .sliding = 1,
  .init = cycle_init, .absorb = cycle_absorb, .encode = cycle_encode, .fold = cycle_fold,
  .result = next_result, .destroy = cycle_destroy
};
const Metric METRIC_OVERDUE_RATIO = {
  .id = "overdue_ratio", .version = 1, .size = sizeof(Cycle), .sliding = 1,
  .init = overdue_init, .absorb = overdue_absorb, .encode = cycle_encode, .fold = cycle_fold,
  .result = overdue_result, .destroy = cycle_destroy
};
