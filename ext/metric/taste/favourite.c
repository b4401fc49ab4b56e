/*
** favourite: the value with the most rows, or the largest sum of weights; of equals the
** smallest key, so that the answer does not depend on the order of rows.
*/
#include "metric/taste/taste.h"

typedef struct Liking { Money weight; uint32_t rows, place; } Liking;

typedef struct Favourite {
  KeyMap values;               /* payload: Liking */
  ExactNumbers sums;           /* of weights, since rows may leave again */
  int weighed;
} Favourite;

static Status favourite_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  keymap_init(&((Favourite*)acc)->values, sizeof(Liking));
  return STATUS_OK;
}
static Status weighed_init(void *acc, const Parameter *p, Failure *f){
  ((Favourite*)acc)->weighed = 1;
  return favourite_init(acc, p, f);
}
static void favourite_destroy(void *acc){
  keymap_destroy(&((Favourite*)acc)->values);
  exact_destroy(&((Favourite*)acc)->sums);
}

static Status favourite_absorb(void *acc, Batch *b, int sign, Failure *f){
  Favourite *a = acc;
  void *payload[BATCH_ROWS];
  Status rc = keymap_batch(&a->values, b, &b->column[0], ALL_ROWS, b->rows, payload, 0);
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    Liking *l = payload[i];
    rc = count_change(&l->rows, sign);
    if( rc==STATUS_OK && a->weighed ) rc = exact_add_cell(&a->sums, &l->weight, &l->place, &b->column[1], i, sign);
  }
  return rc;
}

static void put_liking(const void *payload, Buffer *out){
  const Liking *l = payload;
  money_encode(l->weight, out);
  buffer_put_unsigned(out, l->rows);
}
static void favourite_encode(const void *acc, Buffer *out){
  map_encode(&((const Favourite*)acc)->values, out, put_liking);
}
static Status fold_liking(void *acc, void *payload, Reader *in){
  Liking *l = payload;
  (void)acc;
  money_add(&l->weight, money_fold(in));
  return rows_fold(&l->rows, in);
}
static Status favourite_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  return map_fold(&((Favourite*)acc)->values, in, fold_liking, acc);
}

/* Whether id is liked more than the best so far. */
static int liked_more(const Favourite *a, uint32_t id, uint32_t best){
  const Liking *x = keymap_payload(&a->values, id), *y = keymap_payload(&a->values, best);
  Key left, right;
  int c = a->weighed ? money_compare(x->weight, y->weight) : (x->rows > y->rows) - (x->rows < y->rows);
  if( c ) return c > 0;
  keymap_key(&a->values, id, &left);
  keymap_key(&a->values, best, &right);
  return key_compare(&left, &right) < 0;
}

static Status favourite_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Favourite *a = acc;
  uint32_t id, best = UINT32_MAX;
  Key key;
  (void)f;
  for(id=0; id<a->values.count; id++){
    const Liking *l = keymap_payload(&a->values, id);
    if( (id & 0xffff)==0xffff && stop_asked(stop) ) return STATUS_INTERRUPTED;
    if( l->rows==0 ) continue;
    if( !isfinite(l->weight.hi) ) return STATUS_OVERFLOW;
    if( best==UINT32_MAX || liked_more(a, id, best) ) best = id;
  }
  if( best==UINT32_MAX ) return STATUS_OK;
  keymap_key(&a->values, best, &key);
  if( key.type==CELL_INTEGER ){ result_integer(r, key.integer); return STATUS_OK; }
  r->kind = key.type==CELL_TEXT ? RESULT_TEXT : RESULT_BLOB;
  buffer_put(&r->buffer, key.bytes, key.size);
  return r->buffer.failed ? STATUS_NOMEM : STATUS_OK;
}

const Metric METRIC_FAVOURITE = {
  .id = "favourite", .version = 1, .size = sizeof(Favourite), .sliding = 1, .keys = KEYS_IN(Favourite, values),
  .init = favourite_init, .absorb = favourite_absorb, .encode = favourite_encode, .fold = favourite_fold,
  .result = favourite_result, .destroy = favourite_destroy
};
const Metric METRIC_FAVOURITE_WEIGHED = {
  .id = "favourite/weighed", .version = 1, .size = sizeof(Favourite), .sliding = 1, .keys = KEYS_IN(Favourite, values),
  .init = weighed_init, .absorb = favourite_absorb, .encode = favourite_encode, .fold = favourite_fold,
  .result = favourite_result, .destroy = favourite_destroy
};
