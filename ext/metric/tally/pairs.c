/* Distinct pairs of keys: see pairs.h. */
#include "spine/accumulator.h"
#include "metric/tally/pairs.h"

void pairs_init(Pairs *p){ pairs_init_wide(p, sizeof(uint32_t)); }

void pairs_init_wide(Pairs *p, size_t leftPayload){
  keymap_init(&p->left, leftPayload);
  keymap_init(&p->right, 0);
  keymap_init(&p->pair, sizeof(uint32_t));
}

void pairs_destroy(Pairs *p){
  keymap_destroy(&p->left);
  keymap_destroy(&p->right);
  keymap_destroy(&p->pair);
}

static inline int64_t pair_word(uint32_t left, uint32_t right){
  return (int64_t)((uint64_t)left << 32 | right);
}

/* A column of the pairs' words, to be looked up as one batch of INTEGER keys. */
static void pair_column(Column *c, const uint32_t *left, const uint32_t *right, int n){
  int i;
  for(i=0; i<n; i++){
    c->type[i] = CELL_INTEGER;
    c->cell[i].i = pair_word(left[i], right[i]);
    c->size[i] = 0;
  }
}

Status pairs_change(Pairs *p, Batch *b, int left, int right, const uint8_t *rows, int n,
                    int sign, PairsMoved moved, void *arg){
  uint32_t leftId[BATCH_ROWS], rightId[BATCH_ROWS];
  void *distinct[BATCH_ROWS], *count[BATCH_ROWS];
  Column words;
  Status rc = keymap_batch(&p->left, b, &b->column[left], rows, n, distinct, leftId);
  int i;
  if( rc==STATUS_OK ) rc = keymap_batch(&p->right, b, &b->column[right], rows, n, count, rightId);
  if( rc!=STATUS_OK ) return rc;
  pair_column(&words, leftId, rightId, n);
  rc = keymap_batch(&p->pair, b, &words, ALL_ROWS, n, count, 0);
  for(i=0; rc==STATUS_OK && i<n; i++){
    uint32_t *c = count[i], before = *c;
    rc = count_change(c, sign);
    if( (before==0) != (*c==0) ) moved(arg, distinct[i], sign);
  }
  return rc;
}

void pairs_encode(const Pairs *p, Buffer *out){
  uint32_t id;
  map_encode_keys(&p->left, out);
  map_encode_keys(&p->right, out);
  buffer_put_unsigned(out, p->pair.count);
  for(id=0; id<p->pair.count; id++){
    Key word;
    keymap_key(&p->pair, id, &word);
    buffer_put_unsigned(out, (uint64_t)word.integer >> 32);
    buffer_put_unsigned(out, (uint64_t)word.integer & UINT32_MAX);
    buffer_put_unsigned(out, *(const uint32_t*)keymap_payload(&p->pair, id));
  }
}

static Status fold_pairs(Pairs *p, Reader *in, const uint32_t *left, uint64_t lefts,
                         const uint32_t *right, uint64_t rights, PairsMoved moved, void *arg){
  uint64_t n = reader_unsigned(in);
  p->pair.stop = in->stop;
  while( n-- > 0 && !in->failed ){
    uint64_t l = reader_unsigned(in), r = reader_unsigned(in), rows = reader_unsigned(in);
    Key word = { CELL_INTEGER, 0, 0, 0 };
    uint32_t *count, before;
    void *found;
    Status rc;
    if( l >= lefts || r >= rights || rows > UINT32_MAX ) return STATUS_CORRUPT;
    word.integer = pair_word(left[l], right[r]);
    rc = keymap_insert(&p->pair, &word, &found, 0);
    if( rc!=STATUS_OK ) return rc;
    count = found;
    before = *count;
    if( rows > UINT32_MAX - before ) return STATUS_OVERFLOW;
    *count += (uint32_t)rows;
    if( before==0 && *count!=0 ) moved(arg, keymap_payload(&p->left, left[l]), +1);
  }
  return in->failed ? STATUS_CORRUPT : STATUS_OK;
}

Status pairs_fold(Pairs *p, Reader *in, PairsMoved moved, void *arg){
  uint32_t *left = 0, *right = 0;
  uint64_t lefts = 0, rights = 0;
  Status rc = map_fold_keys(&p->left, in, &left, &lefts);
  if( rc==STATUS_OK ) rc = map_fold_keys(&p->right, in, &right, &rights);
  if( rc==STATUS_OK ) rc = fold_pairs(p, in, left, lefts, right, rights, moved, arg);
  memory_free(left);
  memory_free(right);
  return rc;
}
