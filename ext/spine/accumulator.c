/* Shared pieces of accumulators: see metric.h. */
#include <stdarg.h>
#include "base/text.h"
#include "spine/accumulator.h"

static void failure_end(Failure *f){
  size_t n = sizeof f->text - 4;
  if( strlen(f->text) >= sizeof f->text - 1 ) memcpy(f->text + n, "...", 4);
  text_mend(f->text);
}

void failure_set(Failure *f, const char *format, ...){
  va_list ap;
  va_start(ap, format);
  sqlite3_vsnprintf((int)sizeof f->text, f->text, format, ap);
  va_end(ap);
  failure_end(f);
}

void failure_add(Failure *f, const char *format, ...){
  size_t used = strlen(f->text);
  va_list ap;
  va_start(ap, format);
  sqlite3_vsnprintf((int)(sizeof f->text - used), f->text + used, format, ap);
  va_end(ap);
  failure_end(f);
}

void money_add_cell(Money *m, const Column *c, int row, int sign){
  if( c->type[row]==CELL_INTEGER ){
    int64_t v = c->cell[row].i;
    if( sign > 0 ){
      money_add_integer(m, v);
    }else if( v==INT64_MIN ){
      money_add_real(m, 9223372036854775808.0);
    }else{
      money_add_integer(m, -v);
    }
  }else if( c->type[row]==CELL_REAL ){
    money_add_real(m, sign > 0 ? c->cell[row].r : -c->cell[row].r);
  }
}

void money_encode(Money m, Buffer *out){
  buffer_put_real(out, m.hi);
  buffer_put_real(out, m.lo);
}

Money money_fold(Reader *in){
  Money m;
  m.hi = reader_real(in);
  m.lo = reader_real(in);
  return m;
}

void total_add(Total *t, const Column *c, int row, int sign){
  if( c->type[row]==CELL_NULL ) return;
  t->amounts += sign;
  if( c->type[row]==CELL_REAL ) t->reals += sign;
  money_add_cell(&t->sum, c, row, sign);
}

/* Amounts below this in magnitude can be summed in 64 bits over a whole batch. */
#define SMALL_AMOUNT (INT64_C(1) << 56)

void total_add_rows(Total *t, const Column *c, int n, int sign){
  int64_t sum = 0;
  int i, small = 0;
  for(i=0; i<n; i++){
    int64_t v = c->cell[i].i;
    if( c->type[i]==CELL_INTEGER && v > -SMALL_AMOUNT && v < SMALL_AMOUNT ){
      sum += v;
      small++;
    }else{
      total_add(t, c, i, sign);
    }
  }
  money_add_integer(&t->sum, sign > 0 ? sum : -sum);
  t->amounts += sign > 0 ? small : -small;
}

Status exact_add_cell(ExactNumbers *sums, Money *m, uint32_t *place, const Column *c, int row, int sign){
  if( c->type[row]==CELL_INTEGER ) return exact_add_integer(sums, m, place, c->cell[row].i, sign);
  if( c->type[row]==CELL_REAL ) return exact_add(sums, m, place, sign > 0 ? c->cell[row].r : -c->cell[row].r);
  return STATUS_OK;
}

Status sliding_add(SlidingTotal *t, const Column *c, int row, int sign){
  if( c->type[row]==CELL_NULL ) return STATUS_OK;
  t->total.amounts += sign;
  if( c->type[row]==CELL_REAL && t->place==0
   && money_add_exactly(&t->total.sum, sign > 0 ? c->cell[row].r : -c->cell[row].r) ){
    t->total.reals += sign;
    return STATUS_OK;
  }
  if( c->type[row]==CELL_REAL ) t->total.reals += sign;
  return exact_add_cell(&t->sums, &t->total.sum, &t->place, c, row, sign);
}

Status sliding_add_rows(SlidingTotal *t, const Column *c, int n, int sign){
  int64_t sum = 0;
  int i, small = 0;
  Status rc = STATUS_OK;
  for(i=0; rc==STATUS_OK && i<n; i++){
    int64_t v = c->cell[i].i;
    if( c->type[i]==CELL_INTEGER && v > -SMALL_AMOUNT && v < SMALL_AMOUNT ){
      sum += v;
      small++;
    }else{
      rc = sliding_add(t, c, i, sign);
    }
  }
  t->total.amounts += sign > 0 ? small : -small;
  return rc==STATUS_OK ? exact_add_integer(&t->sums, &t->total.sum, &t->place, sum, sign) : rc;
}

void total_encode(const Total *t, Buffer *out){
  money_encode(t->sum, out);
  buffer_put_signed(out, t->amounts);
  buffer_put_signed(out, t->reals);
}

void total_fold(Total *t, Reader *in){
  money_add(&t->sum, money_fold(in));
  count_fold(&t->amounts, in);
  count_fold(&t->reals, in);
}

Status total_check(const Total *t){
  return isfinite(t->sum.hi) && isfinite(t->sum.lo) ? STATUS_OK : STATUS_OVERFLOW;
}

Status total_result(const Total *t, Result *r, Failure *f){
  int64_t v;
  if( t->amounts==0 ) return STATUS_OK;
  if( t->reals!=0 ){
    result_real(r, money_real(t->sum));
    return total_check(t);
  }
  if( !money_integer(t->sum, &v) ){
    failure_set(f, "integer overflow");
    return STATUS_OVERFLOW;
  }
  result_integer(r, v);
  return STATUS_OK;
}

int rows_with_key(const Batch *b, const Column *c, uint8_t rows[BATCH_ROWS]){
  int i, n = 0;
  for(i=0; i<b->rows; i++){
    rows[n] = (uint8_t)i;
    n += c->type[i]!=CELL_NULL;
  }
  return n;
}

const uint8_t ALL_ROWS[BATCH_ROWS] = {
   0, 1, 2, 3, 4, 5, 6, 7, 8, 9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,
  32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63
};

void map_encode(const KeyMap *map, Buffer *out, void (*put)(const void*, Buffer*)){
  uint32_t id;
  buffer_put_unsigned(out, map->count);
  for(id=0; id<map->count; id++){
    Key key;
    keymap_key(map, id, &key);
    key_put(out, &key);
    put(keymap_payload(map, id), out);
  }
}

static void put_nothing(const void *payload, Buffer *out){ (void)payload; (void)out; }

void map_encode_keys(const KeyMap *map, Buffer *out){ map_encode(map, out, put_nothing); }

Status map_fold(KeyMap *map, Reader *in, Status (*fold)(void*, void*, Reader*), void *acc){
  uint64_t n = reader_unsigned(in);
  map->stop = in->stop;
  while( n-- > 0 && !in->failed ){
    Key key;
    void *payload;
    Status rc = key_get(in, &key);
    if( rc==STATUS_OK ) rc = keymap_insert(map, &key, &payload, 0);
    if( rc==STATUS_OK ) rc = fold(acc, payload, in);
    if( rc!=STATUS_OK ) return rc;
  }
  return in->failed ? STATUS_CORRUPT : STATUS_OK;
}

Status map_fold_keys(KeyMap *map, Reader *in, uint32_t **ids, uint64_t *count){
  uint64_t i, n = reader_unsigned(in);
  size_t capacity = 0;
  map->stop = in->stop;
  *ids = 0;
  *count = n;
  if( n > (uint64_t)(in->end - in->at) ) return STATUS_CORRUPT;    /* a key takes 2 bytes */
  if( n && memory_grow((void**)ids, &capacity, (size_t)n, sizeof(uint32_t))!=STATUS_OK ){
    return STATUS_NOMEM;
  }
  for(i=0; i<n; i++){
    Key key;
    Status rc = key_get(in, &key);
    if( rc==STATUS_OK ) rc = keymap_insert(map, &key, 0, &(*ids)[i]);
    if( rc!=STATUS_OK ) return rc;
  }
  return STATUS_OK;
}
