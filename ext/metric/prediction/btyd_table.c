/* Compressed histories: contract in btyd.h. */
#include "base/sort.h"
#include "metric/prediction/btyd.h"

#define FIRST_CAPACITY 16
#define BATCH 64
#define SEEDED_CAPACITY 128        /* from here on nobody can prepare histories that collide */

static uint64_t bits_of(double v){
  uint64_t b;
  v += 0.0;                               /* -0 becomes 0 */
  memcpy(&b, &v, sizeof(b));
  return b;
}

/* multiply-xorshift mixing of three words (constants of splitmix64, Steele et al. 2014) */
static uint64_t hash_row(const BtydTable *t, double frequency, double recency, double age){
  uint64_t h = (bits_of(frequency) ^ t->seed)*UINT64_C(0x9E3779B97F4A7C15);
  h = (h ^ (h >> 32) ^ bits_of(recency))*(UINT64_C(0xBF58476D1CE4E5B9) ^ t->seed << 1);
  h = (h ^ (h >> 29) ^ bits_of(age))*UINT64_C(0x94D049BB133111EB);
  return h ^ (h >> 32);
}

/* the slot of a history, or the free slot where it belongs */
static BtydRow *find(const BtydTable *t, uint64_t hash, double frequency, double recency, double age){
  size_t mask = t->capacity - 1, i = (size_t)hash & mask;
  for(;; i = (i + 1) & mask){
    BtydRow *row = &t->slot[i];
    if( row->weight == 0 ) return row;
    if( row->recency == recency && row->age == age && row->frequency == frequency ) return row;
  }
}

static void put(BtydTable *t, uint64_t hash, double frequency, double recency, double age, double weight){
  BtydRow *row = find(t, hash, frequency, recency, age);
  if( row->weight == 0 ){
    row->frequency = frequency + 0.0;
    row->recency = recency + 0.0;
    row->age = age + 0.0;
    t->count++;
  }
  row->weight += weight;
}

/* room for `need` rows at a load of at most 3/4 */
static Status reserve(BtydTable *t, size_t need){
  BtydTable wider = {0};
  size_t i;
  void *slot;
  Status rc;
  if( t->capacity && need <= t->capacity/4*3 ) return STATUS_OK;
  wider.capacity = t->capacity ? t->capacity : FIRST_CAPACITY;
  while( need > wider.capacity/4*3 ){
    if( wider.capacity > SIZE_MAX/sizeof(BtydRow)/4 ) return STATUS_OVERFLOW;
    wider.capacity *= 2;
  }
  rc = memory_table_asking(wider.capacity*sizeof(BtydRow), t->stop, &slot);
  if( rc != STATUS_OK ) return rc;
  wider.slot = slot;
  wider.stop = t->stop;
  wider.seed = t->seed;
  if( wider.seed == 0 && wider.capacity >= SEEDED_CAPACITY ) memory_random(&wider.seed, sizeof wider.seed);
  for(i = 0; i < t->capacity; i++){
    const BtydRow *r = &t->slot[i];
    if( stop_asked_at(t->stop, i) ){
      memory_free(slot);
      return STATUS_INTERRUPTED;
    }
    if( r->weight != 0 ) put(&wider, hash_row(&wider, r->frequency, r->recency, r->age), r->frequency, r->recency, r->age, r->weight);
  }
  memory_free(t->slot);
  *t = wider;
  return STATUS_OK;
}

Status btyd_table_add(BtydTable *t, double frequency, double recency, double age, double weight){
  Status rc;
  if( !(weight > 0) || frequency != frequency || recency != recency || age != age ) return STATUS_INVALID;
  rc = reserve(t, t->count + 1);
  if( rc == STATUS_OK ) put(t, hash_row(t, frequency, recency, age), frequency, recency, age, weight);
  return rc;
}

Status btyd_table_add_batch(BtydTable *t, const double *frequency, const double *recency,
                            const double *age, size_t n){
  uint64_t hash[BATCH];
  size_t from, i;
  for(from = 0; from < n; from += BATCH){
    size_t end = n - from < BATCH ? n : from + BATCH;
    Status rc = reserve(t, t->count + (end - from));
    if( rc != STATUS_OK ) return rc;
    for(i = from; i < end; i++){
      if( frequency[i] != frequency[i] || recency[i] != recency[i] || age[i] != age[i] ) return STATUS_INVALID;
      hash[i - from] = hash_row(t, frequency[i], recency[i], age[i]);
      PREFETCH_TO_WRITE(&t->slot[(size_t)hash[i - from] & (t->capacity - 1)]);
    }
    for(i = from; i < end; i++) put(t, hash[i - from], frequency[i], recency[i], age[i], 1);
  }
  return STATUS_OK;
}

/* Room for all is made first: filling a smaller table in hash order would cluster. */
Status btyd_table_merge(BtydTable *t, const BtydTable *other){
  const BtydRow *r;
  size_t at = 0;
  Status rc = reserve(t, t->count + other->count);
  if( rc != STATUS_OK ) return rc;
  while( (r = btyd_table_next(other, &at)) != 0 ){
    put(t, hash_row(t, r->frequency, r->recency, r->age), r->frequency, r->recency, r->age, r->weight);
  }
  return STATUS_OK;
}

void btyd_table_destroy(BtydTable *t){
  memory_free(t->slot);
  memset(t, 0, sizeof(*t));
}

const BtydRow *btyd_table_next(const BtydTable *t, size_t *at){
  while( *at < t->capacity ){
    const BtydRow *row = &t->slot[(*at)++];
    if( row->weight != 0 ) return row;
  }
  return 0;
}

/* frequency, then age, then recency */
static int compare_rows(const void *a, const void *b, const void *context){
  const BtydRow *x = a, *y = b;
  (void)context;
  if( x->frequency != y->frequency ) return x->frequency < y->frequency ? -1 : 1;
  if( x->age != y->age ) return x->age < y->age ? -1 : 1;
  return (x->recency > y->recency) - (x->recency < y->recency);
}

Status btyd_table_sorted(const BtydTable *t, const Stop *stop, BtydRow **rows){
  const BtydRow *r;
  size_t at = 0, n = 0;
  Status rc;
  *rows = 0;
  if( t->count == 0 ) return STATUS_OK;
  *rows = memory_alloc(t->count*sizeof(BtydRow));
  if( *rows == 0 ) return STATUS_NOMEM;
  rc = STATUS_OK;
  while( rc == STATUS_OK && (r = btyd_table_next(t, &at)) != 0 ){
    (*rows)[n++] = *r;
    if( stop_asked_at(stop, n) ) rc = STATUS_INTERRUPTED;
  }
  if( rc == STATUS_OK ) rc = sort_records(*rows, n, sizeof(BtydRow), compare_rows, 0, stop);
  if( rc != STATUS_OK ){
    memory_free(*rows);
    *rows = 0;
  }
  return rc;
}
