/* Scores by rank: see scores.h. */
#include "metric/customer/scores.h"

/* A customer near a cut. */
typedef struct Ranked {
  uint64_t word;
  double rest;
  uint32_t id;
} Ranked;

typedef struct Selection {
  Ranked *all;
  const KeyMap *keys;          /* ties by key; NULL: ties are level */
  const Stop *stop;
  uint64_t state;              /* of the pivots' generator: its beginning nobody knows */
  size_t moved;                /* elements since the last question */
} Selection;

static int key_order(const KeyMap *keys, uint32_t a, uint32_t b){
  Key x, y;
  if( keys->ascending || a==b ) return (a > b) - (a < b);
  keymap_key(keys, a, &x);
  keymap_key(keys, b, &y);
  return key_compare(&x, &y);
}

static inline int ranked_compare(const Ranked *a, const Ranked *b, const KeyMap *keys){
  if( a->word!=b->word ) return a->word < b->word ? -1 : 1;
  if( a->rest < b->rest || a->rest > b->rest ) return a->rest < b->rest ? -1 : 1;
  return keys ? key_order(keys, a->id, b->id) : 0;
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
  uint64_t *word;              /* of customer id */
  uint64_t lowest, highest;    /* words, SCORE_WORST apart: that counts as lowest */
  int worst;                   /* somebody is SCORE_WORST */
  int rounded;                 /* values of one word may differ in their rest */
  int shift;                   /* bucket = (word - lowest) >> shift */
  size_t buckets;
  uint32_t *count;             /* customers per bucket */
  uint8_t *mark;               /* a bucket's score, or CLOSE + j when it holds cuts */
  int cuts;
  size_t rank[BINS_MAX];       /* of the cuts, ascending */
  Ranked cut[BINS_MAX];
} Buckets;

static inline size_t bucket_of(const Buckets *b, uint64_t word){
  return word <= b->lowest ? 0 : (size_t)((word - b->lowest) >> b->shift);
}

/* Customers between two questions whether to stop. */
#define STOP_EVERY 8192

/* The end of the piece of customers that begins with id; 0: it is time to stop. */
static uint32_t piece_end(const Buckets *b, uint32_t id){
  if( id && stop_asked(b->stop) ) return 0;
  return b->s->n - id > STOP_EVERY ? id + STOP_EVERY : b->s->n;
}

static void find_range(Buckets *b, uint32_t id, uint32_t to){
  uint64_t lowest = UINT64_MAX, highest = 0;
  int worst = 0;
  for(; id<to; id++){
    uint64_t w = b->word[id], valued = w - 1;                     /* SCORE_WORST - 1 is the largest */
    lowest = valued < lowest ? valued : lowest;
    highest = w > highest ? w : highest;
    worst |= w==SCORE_WORST;
  }
  if( lowest < b->lowest ) b->lowest = lowest;
  if( highest > b->highest ) b->highest = highest;
  b->worst |= worst;
}

static Status read_words(Buckets *b){
  const Scoring *s = b->s;
  uint32_t id, to;
  b->word = memory_large((size_t)s->n * sizeof *b->word);
  if( b->word==0 ) return STATUS_NOMEM;
  b->lowest = UINT64_MAX;
  for(id=0; id<s->n; id=to){
    Status rc;
    to = piece_end(b, id);
    if( to==0 ) return STATUS_INTERRUPTED;
    rc = s->words(s->arg, id, to - id, b->word + id, &b->rounded);
    if( rc!=STATUS_OK ) return rc;
    find_range(b, id, to);
  }
  if( b->lowest > b->highest ) b->lowest = b->highest;            /* nobody has a value */
  else if( !b->worst ) b->lowest++;
  return STATUS_OK;
}

static Status count_buckets(Buckets *b){
  uint64_t span = b->highest - b->lowest;
  int bits = 4;
  uint32_t id, to;
  while( bits < BUCKET_BITS && (b->s->n >> bits)!=0 ) bits++;     /* for a few customers a few */
  while( span >> b->shift >> bits ) b->shift++;
  b->buckets = (size_t)(span >> b->shift) + 1;
  b->count = memory_zeroed(b->buckets * sizeof *b->count);
  b->mark = memory_zeroed(b->buckets);
  if( b->count==0 || b->mark==0 ) return STATUS_NOMEM;
  for(id=0; id<b->s->n; ){
    to = piece_end(b, id);
    if( to==0 ) return STATUS_INTERRUPTED;
    for(; id<to; id++) b->count[bucket_of(b, b->word[id])]++;
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

/* The least and the greatest word of each close bucket. */
static Status find_close_ranges(const Buckets *b, uint64_t *lowest, uint64_t *highest){
  uint32_t id, to;
  for(id=0; id<b->s->n; ){
    to = piece_end(b, id);
    if( to==0 ) return STATUS_INTERRUPTED;
    for(; id<to; id++){
      uint64_t w = b->word[id];
      int j = b->mark[bucket_of(b, w)] - CLOSE;
      if( j < 0 ) continue;
      if( w < lowest[j] ) lowest[j] = w;
      if( w > highest[j] ) highest[j] = w;
    }
  }
  return STATUS_OK;
}

/* Nor need a bucket of equal values be looked at, where these share a score. */
static Status mark_level_buckets(Buckets *b){
  uint64_t lowest[BINS_MAX], highest[BINS_MAX] = {0};
  size_t at, below = 0;
  int cut = 0;
  Status rc = STATUS_OK;
  if( b->s->ntile || b->rounded ) return rc;
  memset(lowest, b->shift ? 0xff : 0, sizeof lowest);              /* else each bucket is one word */
  if( b->shift ) rc = find_close_ranges(b, lowest, highest);
  for(at=0; rc==STATUS_OK && at<b->buckets; at++){
    int first = cut, j = b->mark[at] - CLOSE;
    below += b->count[at];
    if( j < 0 ) continue;
    if( lowest[j]==highest[j] ) b->mark[at] = (uint8_t)(first + 1);
    for(; cut < b->cuts && b->rank[cut] < below; cut++) b->cut[cut].word = lowest[j];
  }
  return rc;
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

static inline Ranked ranked_of(const Buckets *b, uint32_t id){
  Ranked r = { b->word[id], 0, id };
  if( b->rounded ) r.rest = b->s->rest(b->s->arg, id);
  return r;
}

static Status gather_close(const Buckets *b, Ranked *out){
  uint32_t id, to;
  for(id=0; id<b->s->n; ){
    to = piece_end(b, id);
    if( to==0 ) return STATUS_INTERRUPTED;
    for(; id<to; id++) if( b->mark[bucket_of(b, b->word[id])] >= CLOSE ) *out++ = ranked_of(b, id);
  }
  return STATUS_OK;
}

static Status select_cuts(Buckets *b){
  const Scoring *s = b->s;
  Selection selection = { 0, s->ntile ? s->keys : 0, b->stop, 0, 0 };
  size_t rank[BINS_MAX], many;
  int which[BINS_MAX], n, j;
  Status rc;
  many = list_close(b, rank, which, &n);
  if( n==0 ) return STATUS_OK;
  memory_random(&selection.state, (int)sizeof selection.state);
  selection.state |= 1;
  selection.all = memory_large(many * sizeof(Ranked));
  if( selection.all==0 ) return STATUS_NOMEM;
  rc = gather_close(b, selection.all);
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
  uint32_t id, to;
  for(id=0; id<s->n; ){
    to = piece_end(b, id);
    if( to==0 ) return STATUS_INTERRUPTED;
    for(; id<to; id++){
      uint8_t score = b->mark[bucket_of(b, b->word[id])];
      if( score >= CLOSE ){
        Ranked r = ranked_of(b, id);
        score = score_of(b, &r);
      }
      s->score[id * s->stride] = score;
    }
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
    if( rc==STATUS_OK ) rc = select_cuts(&b);
  }
  if( rc==STATUS_OK ) rc = write_scores(&b);
  memory_free(b.word);
  memory_free(b.count);
  memory_free(b.mark);
  return rc;
}
