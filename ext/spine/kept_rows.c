/*
** Kept rows: see kept_rows.h.
**
** As bytes: columns, the bits of those that are seen, of each column what its INTEGERs are
** multiples of (0: 1, 1: a million, 2: a day's microseconds), then chunks: the bytes of one and
** they themselves, 0 behind the last.
*/
#include "spine/kept_rows.h"

static const int64_t KEPT_UNIT[] = { 1, INT64_C(1000000), INT64_C(86400000000) };
#define KEPT_UNITS 3

void kept_init(KeptRows *k, int columns){
  memset(k, 0, sizeof *k);
  k->columns = columns;
  keymap_init(&k->keys, 0);
}

static inline const KeptBlock *kept_block(const KeptRows *k, size_t row){ return &k->block[row/KEPT_BLOCK]; }

void kept_destroy(KeptRows *k){
  size_t b;
  int i;
  keymap_destroy(&k->keys);
  for(b=0; b<k->blocks; b++){
    memory_free(k->block[b].key);
    for(i=1; i<k->columns; i++) vector_destroy(&k->block[b].column[i]);
  }
  memory_free(k->block);
  memset(k, 0, sizeof *k);
}

/* ---- rows in ---- */

static ChunkValue kept_cell(const Batch *b, int column, int row){
  const Column *c = &b->column[column];
  ChunkValue v;
  memset(&v, 0, sizeof v);
  v.type = (CellType)c->type[row];
  if( v.type==CELL_NULL ) return v;
  v.cell = c->cell[row];
  if( v.type < CELL_TEXT ) return v;
  v.bytes = b->bytes + c->cell[row].i;
  v.size = c->size[row];
  return v;
}

/* The block of the next row, with room for its key. */
static Status kept_open(KeptRows *k, KeptBlock **out){
  KeptBlock *b;
  if( k->rows==k->blocks*KEPT_BLOCK ){
    Status rc = memory_grow((void**)&k->block, &k->blockCapacity, k->blocks + 1, sizeof *k->block);
    if( rc!=STATUS_OK ) return rc;
    memset(&k->block[k->blocks++], 0, sizeof *k->block);
  }
  *out = b = &k->block[k->blocks-1];
  return memory_grow((void**)&b->key, &b->keyCapacity, k->rows % KEPT_BLOCK + 1, sizeof *b->key);
}

static Status kept_put_key(KeptRows *k, const Batch *b, int row, uint32_t *out){
  Key key;
  uint32_t id;
  Status rc;
  *out = 0;
  if( b->column[0].type[row]==CELL_NULL ) return STATUS_OK;
  key = key_of_cell(b, &b->column[0], row);
  rc = keymap_insert(&k->keys, &key, 0, &id);
  *out = id + 1;
  k->seen |= 1;
  return rc;
}

Status kept_put(KeptRows *k, const Batch *b){
  int i, row;
  Status rc = STATUS_OK;
  if( k->rows > UINT32_MAX - BATCH_ROWS ) return STATUS_OVERFLOW;
  for(row=0; rc==STATUS_OK && row<b->rows; row++){
    KeptBlock *to = 0;
    rc = kept_open(k, &to);
    if( rc==STATUS_OK ) rc = kept_put_key(k, b, row, &to->key[k->rows % KEPT_BLOCK]);
    for(i=1; rc==STATUS_OK && i<k->columns; i++){
      ChunkValue v = kept_cell(b, i, row);
      k->seen |= (uint32_t)(v.type!=CELL_NULL) << i;
      rc = vector_put(&to->column[i], &v);
    }
    k->rows += rc==STATUS_OK;
  }
  return rc;
}

/* ---- bytes out ---- */

/* A key, in order of which chunks stand: what it is, and where its rows are listed. */
typedef struct KeptKey { ChunkValue value; uint32_t id; } KeptKey;

static int kept_key_compare(const void *a, const void *b, const void *context){
  (void)context;
  return value_compare(&((const KeptKey*)a)->value, &((const KeptKey*)b)->value);
}

/* Keys in order (NULL, id 0, is the first), and the rows of each: those of the n-th key are
** row[start[n]] ... row[start[n+1] - 1]. */
typedef struct KeptOrder { KeptKey *key; uint32_t *start, *row, *place; } KeptOrder;

static void kept_order_destroy(KeptOrder *o){
  memory_free(o->key);
  memory_free(o->start);
  memory_free(o->row);
  memory_free(o->place);
}

static Status kept_list_rows(const KeptRows *k, KeptOrder *o, const Stop *stop){
  size_t n = (size_t)k->keys.count + 1, i;
  for(i=0; i<n; i++){
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    o->place[o->key[i].id] = (uint32_t)i;
  }
  for(i=0; i<k->rows; i++){
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    o->start[o->place[kept_block(k, i)->key[i % KEPT_BLOCK]]+1]++;
  }
  for(i=1; i<=n; i++) o->start[i] += o->start[i-1];
  for(i=0; i<k->rows; i++){
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    o->row[o->start[o->place[kept_block(k, i)->key[i % KEPT_BLOCK]]]++] = (uint32_t)i;
  }
  for(i=n; i>0; i--) o->start[i] = o->start[i-1];
  o->start[0] = 0;
  return STATUS_OK;
}

static Status kept_order(const KeptRows *k, KeptOrder *o, const Stop *stop){
  size_t n = (size_t)k->keys.count + 1, i;
  void *start = 0;
  Status rc;
  memset(o, 0, sizeof *o);
  rc = memory_table_asking((n + 2)*sizeof *o->start, stop, &start);
  o->start = start;
  o->key = memory_large(n*sizeof *o->key);
  o->row = memory_large((k->rows + 1)*sizeof *o->row);
  o->place = memory_large(n*sizeof *o->place);
  if( rc!=STATUS_OK ) return rc;
  if( o->key==0 || o->row==0 || o->place==0 ) return STATUS_NOMEM;
  memset(&o->key[0], 0, sizeof o->key[0]);
  for(i=1; i<n; i++){
    Key key;
    ChunkValue *v = &o->key[i].value;
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    keymap_key(&k->keys, (uint32_t)i - 1, &key);
    v->type = key.type;
    v->cell.i = key.integer;
    v->bytes = key.bytes;
    v->size = key.size;
    o->key[i].id = (uint32_t)i;
  }
  rc = sort_records(o->key, n, sizeof *o->key, kept_key_compare, 0, stop);
  return rc==STATUS_OK ? kept_list_rows(k, o, stop) : rc;
}

/* Whether all INTEGERs are multiples of it. */
static int kept_divides(const Vector *v, int64_t unit){
  size_t i;
  for(i=0; i<v->count; i++) if( v->type[i]==CELL_INTEGER && v->cell[i].i % unit!=0 ) return 0;
  return 1;
}

/* What all INTEGERs of the column are multiples of. */
static Status kept_unit(const KeptRows *k, int column, int *unit, const Stop *stop){
  for(*unit=KEPT_UNITS - 1; *unit > 0; --*unit){
    size_t b;
    for(b=0; b<k->blocks && kept_divides(&k->block[b].column[column], KEPT_UNIT[*unit]); b++){
      if( stop_asked(stop) ) return STATUS_INTERRUPTED;
    }
    if( b==k->blocks ) break;
  }
  return STATUS_OK;
}

static void kept_put_chunk(Chunk *c, Buffer *out){
  Buffer bytes = {0};
  chunk_encode(c, &bytes);
  chunk_clear(c);
  if( bytes.failed ) out->failed = 1;
  buffer_put_unsigned(out, bytes.size);
  buffer_put(out, bytes.data, bytes.size);
  buffer_destroy(&bytes);
}

/* Rows stand in the order of their keys: in the columns they lie anywhere. */
#define KEPT_AHEAD 16
static inline void kept_expect(const KeptRows *k, const KeptOrder *o, size_t at){
  const KeptBlock *b;
  int i;
  if( at + KEPT_AHEAD >= k->rows ) return;
  at = o->row[at + KEPT_AHEAD];
  b = kept_block(k, at);
  for(i=1; i<k->columns; i++){
    PREFETCH(&b->column[i].cell[at % KEPT_BLOCK]);
    PREFETCH(&b->column[i].type[at % KEPT_BLOCK]);
  }
}

static Status kept_put_row(const KeptRows *k, const int *unit, Chunk *c, uint32_t row){
  Status rc = STATUS_OK;
  ChunkValue v;
  char room[VECTOR_TEXT_SIZE];
  int i;
  for(i=1; rc==STATUS_OK && i<k->columns; i++){
    vector_value(&kept_block(k, row)->column[i], row % KEPT_BLOCK, &v, room);
    if( v.type==CELL_INTEGER ) v.cell.i /= KEPT_UNIT[unit[i]];
    rc = vector_put(&c->column[i-1], &v);
  }
  if( rc==STATUS_OK ) chunk_put_row(c);
  return rc;
}

/* A customer's rows, over as many chunks as they need. */
static Status kept_put_customer(const KeptRows *k, const int *unit, size_t n, const KeptOrder *o, Chunk *c, Buffer *out){
  const KeptKey *key = &o->key[n];
  uint32_t at = o->start[n], end = o->start[n+1];
  Status rc = STATUS_OK;
  while( rc==STATUS_OK && at < end && !out->failed ){
    rc = chunk_put_customer(c, &key->value, 0);
    while( rc==STATUS_OK && at < end && c->rows < CHUNK_ROWS ){
      if( (at & 0x3ff)==0x3ff && stop_asked(out->stop) ) return STATUS_INTERRUPTED;
      kept_expect(k, o, at);
      rc = kept_put_row(k, unit, c, o->row[at++]);
    }
    if( rc==STATUS_OK ) rc = chunk_sort_last(c);
    if( rc==STATUS_OK && (c->rows >= CHUNK_ROWS || chunk_bytes(c) > CHUNK_TEXTS) ) kept_put_chunk(c, out);
  }
  return rc;
}

void kept_encode(const KeptRows *k, Buffer *out){
  int unit[BATCH_COLUMNS] = {0}, i;
  KeptOrder o;
  Chunk c;
  Status rc = kept_order(k, &o, out->stop);
  chunk_init(&c, k->columns - 1);
  buffer_put_unsigned(out, (uint64_t)k->columns);
  buffer_put_unsigned(out, k->seen);
  for(i=1; rc==STATUS_OK && i<k->columns; i++){
    rc = kept_unit(k, i, &unit[i], out->stop);
    buffer_put_byte(out, (unsigned)unit[i]);
  }
  if( rc==STATUS_OK ){
    size_t n;
    for(n=0; rc==STATUS_OK && n<=k->keys.count && !out->failed; n++) rc = kept_put_customer(k, unit, n, &o, &c, out);
  }
  if( rc==STATUS_OK && c.rows ) kept_put_chunk(&c, out);
  buffer_put_unsigned(out, 0);
  chunk_destroy(&c);
  kept_order_destroy(&o);
  if( rc!=STATUS_OK ) encode_fail(out, rc);
}

/* ---- and in again ---- */

static Status kept_head(Reader *in, int columns, uint32_t *seen, int *unit){
  uint64_t n = reader_unsigned(in), bits = reader_unsigned(in);
  int i;
  if( in->failed || n!=(uint64_t)columns || bits >> columns ) return STATUS_CORRUPT;
  *seen = (uint32_t)bits;
  for(i=1; i<columns; i++){
    unit[i] = (int)reader_byte(in);
    if( unit[i] >= KEPT_UNITS ) return STATUS_CORRUPT;
  }
  return in->failed ? STATUS_CORRUPT : STATUS_OK;
}

Status kept_seen(Reader *in, int columns, uint32_t *seen){
  int unit[BATCH_COLUMNS];
  Status rc = kept_head(in, columns, seen, unit);
  while( rc==STATUS_OK ){
    uint64_t n = reader_unsigned(in);
    if( n==0 ) break;
    if( n > (uint64_t)(in->end - in->at) || reader_bytes(in, (size_t)n)==0 ) return STATUS_CORRUPT;
  }
  return rc==STATUS_OK && in->failed ? STATUS_CORRUPT : rc;
}

/* One cell into the batch; 0: the column may not hold it. */
static Status kept_take(const KeptColumn *allowed, int unit, const ChunkValue *v, Batch *b, int column){
  Column *c = &b->column[column];
  int row = b->rows;
  if( !(allowed->types >> v->type & 1) ) return STATUS_CORRUPT;
  c->type[row] = (uint8_t)v->type;
  c->cell[row].i = 0;
  if( v->type==CELL_NULL ) return STATUS_OK;
  c->cell[row] = v->cell;
  if( v->type==CELL_REAL ) return isfinite(v->cell.r) ? STATUS_OK : STATUS_CORRUPT;
  if( v->type==CELL_INTEGER ){
    int64_t most = INT64_MAX / KEPT_UNIT[unit];
    if( v->cell.i > most || v->cell.i < -most - (unit==0) ) return STATUS_CORRUPT;
    c->cell[row].i = v->cell.i*KEPT_UNIT[unit];
    return c->cell[row].i >= allowed->least && c->cell[row].i <= allowed->most ? STATUS_OK : STATUS_CORRUPT;
  }
  if( memory_grow((void**)&b->bytes, &b->bytesCapacity, b->bytesUsed + v->size + 1, 1)!=STATUS_OK ) return STATUS_NOMEM;
  if( v->size ) memcpy(b->bytes + b->bytesUsed, v->bytes, v->size);
  c->cell[row].i = (int64_t)b->bytesUsed;
  c->size[row] = v->size;
  b->bytesUsed += v->size;
  return STATUS_OK;
}

static Status kept_flush(const KeptReplay *to, Failure *f){
  Status rc = to->batch->rows ? to->absorb(to->accumulator, to->batch, f) : STATUS_OK;
  batch_clear(to->batch);
  return rc;
}

static Status kept_replay_row(const KeptReplay *to, const Chunk *c, const int *unit, const ChunkValue *key, uint32_t row, Failure *f){
  Batch *b = to->batch;
  Status rc = kept_take(&to->column[0], 0, key, b, 0);
  ChunkValue v;
  char room[VECTOR_TEXT_SIZE];
  int i;
  for(i=1; rc==STATUS_OK && i<to->columns; i++){
    vector_value(&c->column[i-1], row, &v, room);
    rc = kept_take(&to->column[i], unit[i], &v, b, i);
  }
  if( rc!=STATUS_OK ) return rc;
  b->rows++;
  if( b->keys ) keymap_touch(b, b->rows - 1);
  return batch_is_full(b) ? kept_flush(to, f) : STATUS_OK;
}

static Status kept_replay_chunk(const KeptReplay *to, const Chunk *c, const int *unit, Failure *f){
  Status rc = STATUS_OK;
  ChunkValue key;
  char room[VECTOR_TEXT_SIZE];
  int k;
  for(k=0; rc==STATUS_OK && k<c->customers; k++){
    uint32_t row;
    vector_value(&c->key, (size_t)k, &key, room);
    for(row=c->start[k]; rc==STATUS_OK && row<c->start[k+1]; row++){
      if( row % 2048==0 && stop_asked(to->stop) ) return STATUS_INTERRUPTED;
      rc = kept_replay_row(to, c, unit, &key, row, f);
    }
  }
  return rc;
}

Status kept_replay(const KeptReplay *to, Reader *in, Failure *f){
  int unit[BATCH_COLUMNS];
  uint32_t seen;
  Chunk c;
  Status rc = kept_head(in, to->columns, &seen, unit);
  chunk_init(&c, to->columns - 1);
  while( rc==STATUS_OK ){
    uint64_t n = reader_unsigned(in);
    const void *bytes = n && n <= (uint64_t)(in->end - in->at) ? reader_bytes(in, (size_t)n) : 0;
    if( n==0 ) break;
    rc = bytes ? chunk_decode(&c, bytes, (size_t)n, ~UINT32_C(0)) : STATUS_CORRUPT;
    if( rc==STATUS_INVALID ) rc = STATUS_CORRUPT;
    if( rc==STATUS_OK ) rc = kept_replay_chunk(to, &c, unit, f);
  }
  if( rc==STATUS_OK && in->failed ) rc = STATUS_CORRUPT;
  if( rc==STATUS_OK ) rc = kept_flush(to, f);
  chunk_destroy(&c);
  return rc;
}
