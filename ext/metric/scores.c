/* Scores by rank: see scores.h. */
#include "scores.h"

typedef struct Selection {
  Ranked *all;
  const KeyMap *keys;          /* ties by key; NULL: ties are level */
  const Poll *poll;
  uint64_t state;              /* of the pivots' generator */
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
    if( poll_stop(s->poll) ) return STATUS_INTERRUPTED;
    while( i < high ){
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

Status scores_find(Scores *s, Ranked *all, size_t n, int bins, int ntile, const KeyMap *keys, const Poll *poll){
  Selection selection = { all, ntile ? keys : 0, poll, 88172645463325252u };
  size_t rank[BINS_MAX], size = n / (size_t)bins, larger = n % (size_t)bins;
  Status rc;
  int j;
  s->ntile = ntile;
  s->cuts = 0;
  for(j=1; j<bins && n > 0; j++){
    size_t k = (size_t)j;
    size_t at = ntile ? k*size + (k < larger ? k : larger)              /* first of group j + 1 */
                      : (k*n + (size_t)bins - 1)/(size_t)bins - 1;      /* above it: w >= j*n/bins */
    if( at >= n ) break;
    rank[s->cuts++] = at;
  }
  rc = select_ranks(&selection, rank, 0, s->cuts, 0, n);
  for(j=0; rc==STATUS_OK && j<s->cuts; j++) s->cut[j] = all[rank[j]];
  return rc;
}

int64_t score_of(const Scores *s, const Ranked *r, const KeyMap *keys){
  int low = 0, high = s->cuts;
  while( low < high ){
    int middle = (low + high)/2;
    int c = ranked_compare(r, &s->cut[middle], s->ntile ? keys : 0);
    if( c > 0 || (c==0 && s->ntile) ) low = middle + 1; else high = middle;
  }
  return low + 1;
}
