/* Scores by rank: see scores.h. */
#include "metric/customer/scores.h"

typedef struct Selection {
  Ranked *all;
  const KeyMap *keys;          /* ties by key; NULL: ties are level */
  const Stop *stop;
  uint64_t state;              /* of the pivots' generator: its beginning nobody knows */
  size_t moved;                /* elements since the last question */
} Selection;

static int key_order(const KeyMap *keys, uint32_t a, uint32_t b){
  Key x, y;
  if( a==b ) return 0;
  keymap_key(keys, a, &x);
  keymap_key(keys, b, &y);
  return key_compare(&x, &y);
}

static inline int ranked_compare(const Ranked *a, const Ranked *b, const KeyMap *keys){
  int c = money_compare(a->value, b->value);
  return c || keys==0 ? c : key_order(keys, a->id, b->id);
}

static inline void swap(Ranked *a, Ranked *b){
  Ranked held = *a;
  *a = *b;
  *b = held;
}

/* A pivot that no order of rows can make a bad one again and again. */
static Ranked choose_pivot(Selection *s, size_t from, size_t to){
  Ranked r[3];
  int i;
  for(i=0; i<3; i++){
    s->state = s->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    r[i] = s->all[from + (s->state >> 33) % (to - from)];
  }
  if( ranked_compare(&r[1], &r[0], s->keys) < 0 ) swap(&r[0], &r[1]);
  if( ranked_compare(&r[2], &r[1], s->keys) < 0 ) swap(&r[1], &r[2]);
  return ranked_compare(&r[1], &r[0], s->keys) < 0 ? r[0] : r[1];
}

/* Brings the element of rank `at` to its place within from ... to - 1, smaller ones before
** it, larger ones behind (Hoare; Dijkstra's partition in three, as ties are many). */
static Status select_rank(Selection *s, size_t from, size_t to, size_t at){
  while( to - from > 1 ){
    Ranked pivot = choose_pivot(s, from, to);
    size_t low = from, high = to, i = from;
    if( stop_asked(s->stop) ) return STATUS_INTERRUPTED;
    while( i < high ){
      if( stop_asked_after(s->stop, &s->moved, 1, 32768) ) return STATUS_INTERRUPTED;
      int c = ranked_compare(&s->all[i], &pivot, s->keys);
      if( c < 0 ) swap(&s->all[i++], &s->all[low++]);
      else if( c > 0 ) swap(&s->all[i], &s->all[--high]);
      else i++;
    }
    if( at >= low && at < high ) return STATUS_OK;
    if( at < low ) to = low; else from = high;
  }
  return STATUS_OK;
}

/* The ranks rank[first] ... rank[last - 1], ascending: the middle one, then either side of it. */
static Status select_ranks(Selection *s, const size_t *rank, int first, int last, size_t from, size_t to){
  int middle = first + (last - first)/2, left = middle, right = middle + 1;
  Status rc;
  if( first >= last ) return STATUS_OK;
  rc = select_rank(s, from, to, rank[middle]);
  while( left > first && rank[left-1]==rank[middle] ) left--;         /* more bins than customers */
  while( right < last && rank[right]==rank[middle] ) right++;
  if( rc==STATUS_OK ) rc = select_ranks(s, rank, first, left, from, rank[middle]);
  if( rc==STATUS_OK ) rc = select_ranks(s, rank, right, last, rank[middle] + 1, to);
  return rc;
}

/* ---- buckets ---- */

#define BUCKET_BITS 16
#define CLOSE 128              /* CLOSE + j: a bucket to be looked at closely, the j-th of these */

typedef struct Buckets {
  const Scoring *s;
  const Stop *stop;
  uint64_t *word;              /* of customer id: ordered as the values' hi */
  uint64_t lowest, highest;    /* words, RANKED_WORST apart */
  int rounded;                 /* values of one word may differ in lo */
  int shift;                   /* bucket = (word - lowest) >> shift */
  size_t buckets;
  uint32_t *count;             /* customers per bucket */
  uint8_t *mark;               /* a bucket's score, or CLOSE + j when it holds cuts */
  int cuts;
  size_t rank[BINS_MAX];       /* of the cuts, ascending */
  Ranked cut[BINS_MAX];
} Buckets;

/* Doubles and their words order alike; 0.0 and -0.0 are one. */
static inline uint64_t word_of_real(double v){
  uint64_t w;
  v += 0.0;
  memcpy(&w, &v, sizeof w);
  return w >> 63 ? ~w : w | UINT64_C(1) << 63;
}

static double real_of_word(uint64_t w){
  double v;
  w = w >> 63 ? w & ~(UINT64_C(1) << 63) : ~w;
  memcpy(&v, &w, sizeof v);
  return v;
}

static inline size_t bucket_of(const Buckets *b, uint64_t word){
  return word <= b->lowest ? 0 : (size_t)((word - b->lowest) >> b->shift);
}

#define STOP_EVERY 16384

static inline int must_stop(const Buckets *b, uint32_t id){
  return id % STOP_EVERY==STOP_EVERY - 1 && stop_asked(b->stop);
}

static Status read_words(Buckets *b){
  const Scoring *s = b->s;
  uint32_t id;
  b->word = memory_large((size_t)s->n * sizeof *b->word);
  if( b->word==0 ) return STATUS_NOMEM;
  b->lowest = UINT64_MAX;
  for(id=0; id<s->n; id++){
    Money v = s->rank(s->arg, id).value;
    uint64_t w = word_of_real(v.hi);
    if( !isfinite(v.hi) ) return STATUS_OVERFLOW;
    b->word[id] = w;
    b->rounded |= v.lo!=0;
    if( w > b->highest ) b->highest = w;
    if( w < b->lowest && v.hi!=RANKED_WORST ) b->lowest = w;
    if( must_stop(b, id) ) return STATUS_INTERRUPTED;
  }
  if( b->lowest > b->highest ) b->lowest = b->highest;            /* nobody has a value */
  return STATUS_OK;
}

static Status count_buckets(Buckets *b){
  uint64_t span = b->highest - b->lowest;
  int bits = 4;
  uint32_t id;
  while( bits < BUCKET_BITS && (b->s->n >> bits)!=0 ) bits++;     /* for a few customers a few */
  while( span >> b->shift >> bits ) b->shift++;
  b->buckets = (size_t)(span >> b->shift) + 1;
  b->count = memory_zeroed(b->buckets * sizeof *b->count);
  b->mark = memory_zeroed(b->buckets);
  if( b->count==0 || b->mark==0 ) return STATUS_NOMEM;
  for(id=0; id<b->s->n; id++){
    b->count[bucket_of(b, b->word[id])]++;
    if( must_stop(b, id) ) return STATUS_INTERRUPTED;
  }
  return STATUS_OK;
}

static void rank_cuts(Buckets *b){
  size_t n = b->s->n, bins = (size_t)b->s->bins, size = n / bins, larger = n % bins, k;
  for(k=1; k<bins; k++){
    size_t at = b->s->ntile ? k*size + (k < larger ? k : larger)  /* first of group k + 1 */
                            : (k*n + bins - 1)/bins - 1;          /* above it: w >= k*n/bins */
    if( at >= n ) break;
    b->rank[b->cuts++] = at;
  }
}

/* A bucket without a cut has one score. */
static void mark_buckets(Buckets *b){
  size_t at, below = 0;
  int cut = 0, closely = 0;
  for(at=0; at<b->buckets; at++){
    int first = cut;
    below += b->count[at];
    while( cut < b->cuts && b->rank[cut] < below ) cut++;
    b->mark[at] = (uint8_t)(cut > first ? CLOSE + closely++ : cut + 1);
  }
}

/* Nor need a bucket of equal values be looked at, where these share a score. */
static Status mark_level_buckets(Buckets *b){
  uint64_t lowest[BINS_MAX], highest[BINS_MAX] = {0};
  size_t at, below = 0;
  uint32_t id;
  int cut = 0;
  if( b->s->ntile || b->rounded ) return STATUS_OK;
  memset(lowest, 0xff, sizeof lowest);
  for(id=0; id<b->s->n; id++){
    uint64_t w = b->word[id];
    int j = b->mark[bucket_of(b, w)] - CLOSE;
    if( must_stop(b, id) ) return STATUS_INTERRUPTED;
    if( j < 0 ) continue;
    if( w < lowest[j] ) lowest[j] = w;
    if( w > highest[j] ) highest[j] = w;
  }
  for(at=0; at<b->buckets; at++){
    int first = cut, j = b->mark[at] - CLOSE;
    below += b->count[at];
    if( j < 0 ) continue;
    if( lowest[j]==highest[j] ) b->mark[at] = (uint8_t)(first + 1);
    for(; cut < b->cuts && b->rank[cut] < below; cut++) b->cut[cut].value.hi = real_of_word(lowest[j]);
  }
  return STATUS_OK;
}

/* ---- the cuts that are left ---- */

/* Their ranks among the customers of close buckets; returns how many these are. */
static size_t list_close(const Buckets *b, size_t *rank, int *which, int *n){
  size_t at, below = 0, passed = 0;
  int cut = 0;
  *n = 0;
  for(at=0; at<b->buckets; at++){
    below += b->count[at];
    if( b->mark[at] < CLOSE ) passed += b->count[at];
    for(; cut < b->cuts && b->rank[cut] < below; cut++){
      if( b->mark[at] < CLOSE ) continue;
      rank[*n] = b->rank[cut] - passed;
      which[(*n)++] = cut;
    }
  }
  return below - passed;
}

static Status select_cuts(Buckets *b){
  const Scoring *s = b->s;
  Selection selection = { 0, s->ntile ? s->keys : 0, b->stop, 0, 0 };
  size_t rank[BINS_MAX], many;
  int which[BINS_MAX], n, j;
  Status rc;
  uint32_t id;
  many = list_close(b, rank, which, &n);
  if( n==0 ) return STATUS_OK;
  memory_random(&selection.state, (int)sizeof selection.state);
  selection.state |= 1;
  selection.all = memory_large(many * sizeof(Ranked));
  if( selection.all==0 ) return STATUS_NOMEM;
  for(rc=STATUS_OK, id=0, many=0; rc==STATUS_OK && id<s->n; id++){
    if( b->mark[bucket_of(b, b->word[id])] >= CLOSE ) selection.all[many++] = s->rank(s->arg, id);
    if( must_stop(b, id) ) rc = STATUS_INTERRUPTED;
  }
  if( rc==STATUS_OK ) rc = select_ranks(&selection, rank, 0, n, 0, many);
  for(j=0; rc==STATUS_OK && j<n; j++) b->cut[which[j]] = selection.all[rank[j]];
  memory_free(selection.all);
  return rc;
}

static uint8_t score_of(const Buckets *b, const Ranked *r){
  const KeyMap *keys = b->s->ntile ? b->s->keys : 0;
  int low = 0, high = b->cuts;
  while( low < high ){
    int middle = (low + high)/2;
    int c = ranked_compare(r, &b->cut[middle], keys);
    if( c > 0 || (c==0 && keys) ) low = middle + 1; else high = middle;
  }
  return (uint8_t)(low + 1);
}

static Status write_scores(const Buckets *b){
  const Scoring *s = b->s;
  uint32_t id;
  for(id=0; id<s->n; id++){
    uint8_t score = b->mark[bucket_of(b, b->word[id])];
    if( score >= CLOSE ){
      Ranked r = s->rank(s->arg, id);
      score = score_of(b, &r);
    }
    s->score[id * s->stride] = score;
    if( must_stop(b, id) ) return STATUS_INTERRUPTED;
  }
  return STATUS_OK;
}

Status scores_find(const Scoring *s, const Stop *stop){
  Buckets b;
  Status rc;
  if( s->n==0 ) return STATUS_OK;
  memset(&b, 0, sizeof b);
  b.s = s;
  b.stop = stop;
  rc = read_words(&b);
  if( rc==STATUS_OK ) rc = count_buckets(&b);
  if( rc==STATUS_OK ){
    rank_cuts(&b);
    mark_buckets(&b);
    rc = mark_level_buckets(&b);
    rc = select_cuts(&b);
  }
  if( rc==STATUS_OK ) rc = write_scores(&b);
  memory_free(b.word);
  memory_free(b.count);
  memory_free(b.mark);
  return rc;
}
