/*
** Bytes as chunks: see chunk_form.h.  Every byte may be forged: nothing is believed before its
** bounds are checked, and nothing is allocated that the rows' limit does not bound.
*/
#include "base/time/calendar.h"
#include "spine/chunk_form.h"

#define SEES(t) (UINT32_C(1) << (t))

/* The days of the years 0000 to 9999. */
#define FIRST_DAY INT64_C(-719528)
#define LAST_DAY INT64_C(2932896)

static Status vector_fill(Vector *v, size_t n){
  Status rc = memory_grow((void**)&v->cell, &v->cellCapacity, n + 1, sizeof *v->cell);
  if( rc==STATUS_OK ) rc = memory_grow((void**)&v->type, &v->typeCapacity, n + 1, 1);
  if( rc==STATUS_OK ) v->count = n;
  return rc;
}

/* ---- numbers ---- */

/* So that as many steps as a chunk may have do not lead beyond 64 bits. */
#define STEP_MOST (INT64_C(1) << 44)
#define START_MOST (INT64_C(1) << 61)

/* Begins and steps, as the rows' times. */
static void put_steps(const Chunk *c, const int64_t *begin, const int64_t *step, int64_t *out){
  int k;
  for(k=0; k<c->customers; k++){
    size_t row = c->start[k], end = c->start[k+1];
    uint64_t at;
    if( row==end ) continue;
    at = (uint64_t)*begin++;
    out[row] = (int64_t)at;
    for(row++; row<end; row++) out[row] = (int64_t)(at += (uint64_t)*step++);
  }
}

/* The least and the greatest cell, where each customer's ascend. */
static void find_bounds(const Chunk *c, Vector *v){
  int k;
  v->low = INT64_MAX;
  v->high = INT64_MIN;
  for(k=0; k<c->customers; k++){
    size_t row = c->start[k], end = c->start[k+1];
    if( row==end ) continue;
    if( v->cell[row].i < v->low ) v->low = v->cell[row].i;
    if( v->cell[end-1].i > v->high ) v->high = v->cell[end-1].i;
  }
  v->isBounded = 1;
}

/* The first of each customer and the steps. */
static Status take_steps(Reader *in, Chunk *c, Vector *v, int stepwise){
  PackedBounds begins, steps;
  size_t first = 0, n;
  Status rc = chunk_times(c);              /* those of another column, which leave their place */
  int k;
  for(k=0; k<c->customers; k++) first += c->start[k] < c->start[k+1];
  n = (size_t)c->rows - first;
  if( rc==STATUS_OK ) rc = memory_grow((void**)&c->begin, &c->beginCapacity, first + 1, sizeof *c->begin);
  if( rc==STATUS_OK ) rc = memory_grow((void**)&c->step, &c->stepCapacity, n + 1, sizeof *c->step);
  if( rc!=STATUS_OK ) return rc;
  begins = packed_get(in, c->begin, first);
  steps = packed_get(in, c->step, n);
  if( in->failed ) return STATUS_CORRUPT;
  v->isSorted = (n==0 || (steps.low >= 0 && steps.high < STEP_MOST)) && begins.low > -START_MOST && begins.high < START_MOST;
  c->isStepwise = stepwise && v->isSorted;
  if( c->isStepwise ) return STATUS_OK;
  put_steps(c, c->begin, c->step, (int64_t*)v->cell);
  if( v->isSorted ) find_bounds(c, v);
  return STATUS_OK;
}

enum { NO_STEPS, STEPS, STEPWISE };    /* how numbers stand, and may be left */

static Status take_numbers(Reader *in, Chunk *c, Vector *v, size_t n, int steps){
  PackedBounds b;
  Status rc = vector_fill(v, n);
  if( rc!=STATUS_OK ) return rc;
  if( steps ) return take_steps(in, c, v, steps==STEPWISE);
  b = packed_get(in, (int64_t*)v->cell, n);
  v->isBounded = 1;
  v->low = b.low;
  v->high = b.high;
  return in->failed ? STATUS_CORRUPT : STATUS_OK;
}

static Status take_decimals(Reader *in, Chunk *c, Vector *v, size_t n, int steps){
  int decimals = (int)reader_byte(in);
  Status rc;
  size_t i;
  if( in->failed || decimals > CHUNK_DECIMALS_MAX ) return STATUS_CORRUPT;
  rc = take_numbers(in, c, v, n, steps);
  for(i=0; rc==STATUS_OK && i<n; i++) v->cell[i].r = (double)v->cell[i].i / chunk_power_of_ten(decimals);
  v->isBounded = v->isSorted = 0;
  return rc;
}

static Status take_reals(Reader *in, Vector *v, size_t n){
  Status rc = vector_fill(v, n);
  size_t i;
  for(i=0; rc==STATUS_OK && i<n; i++) v->cell[i].r = reader_real(in);
  return rc==STATUS_OK && in->failed ? STATUS_CORRUPT : rc;
}

/* Dates and stamps beyond the years of four digits would be written as something else. */
static Status check_times(const Vector *v, size_t n){
  int64_t low = FIRST_DAY, high = LAST_DAY;
  size_t i;
  int wrong = 0;
  if( v->form==VECTOR_PLAIN ) return STATUS_OK;
  if( v->form!=VECTOR_DATES ){
    low *= 86400;
    high = high*86400 + 86399;
  }
  if( v->isBounded && v->low >= low && v->high <= high ) return STATUS_OK;
  for(i=0; i<n; i++) wrong |= v->cell[i].i < low || v->cell[i].i > high;
  return wrong ? STATUS_CORRUPT : STATUS_OK;
}

static Status take_times(Reader *in, Chunk *c, Vector *v, size_t n, int steps, VectorForm form){
  Status rc = take_numbers(in, c, v, n, steps);
  v->form = form;
  if( rc!=STATUS_OK || (c->isStepwise && v==&c->column[0]) ) return rc;
  return check_times(v, n);
}

Status chunk_times(Chunk *c){
  Vector *v = &c->column[0];
  if( !c->isStepwise ) return STATUS_OK;
  put_steps(c, c->begin, c->step, (int64_t*)v->cell);
  c->isStepwise = 0;
  find_bounds(c, v);
  return check_times(v, (size_t)c->rows);
}

/* ---- values one by one ---- */

/* A TEXT or BLOB behind the one before it; the bytes of all are in v. */
static Status take_bytes(Reader *in, Vector *v, CellType type, ChunkValue *before){
  uint64_t shared = reader_unsigned(in), rest = reader_unsigned(in);
  const void *bytes;
  size_t at = v->bytesUsed;
  if( in->failed || shared > before->size || rest > (uint64_t)(in->end - in->at) ) return STATUS_CORRUPT;
  if( shared + rest > INT32_MAX ) return STATUS_CORRUPT;
  bytes = reader_bytes(in, (size_t)rest);
  if( memory_grow((void**)&v->bytes, &v->bytesCapacity, at + (size_t)(shared + rest) + 1, 1)!=STATUS_OK
   || memory_grow((void**)&v->size, &v->sizeCapacity, v->count + 1, sizeof *v->size)!=STATUS_OK ) return STATUS_NOMEM;
  if( shared ) memcpy(v->bytes + at, v->bytes + before->cell.i, (size_t)shared);
  if( rest ) memcpy(v->bytes + at + shared, bytes, (size_t)rest);
  v->cell[v->count].i = before->cell.i = (int64_t)at;
  v->size[v->count] = before->size = (uint32_t)(shared + rest);
  v->bytesUsed += (size_t)(shared + rest);
  v->type[v->count] = (uint8_t)type;
  return STATUS_OK;
}

/* Shared beginnings could make much of little: more than this is no chunk of ours. */
#define BYTES_MOST(in) ((uint64_t)CHUNK_ROWS_MAX*64 + 64*(uint64_t)((in)->end - (in)->at))

static Status take_values(Reader *in, Vector *v, size_t n){
  ChunkValue before = {0};
  Status rc = vector_fill(v, n);
  uint64_t most = BYTES_MOST(in);
  size_t i;
  v->count = 0;
  for(i=0; rc==STATUS_OK && i<n; i++){
    unsigned type = reader_byte(in);
    if( type > CELL_BLOB || v->bytesUsed > most ) return STATUS_CORRUPT;
    v->type[i] = (uint8_t)type;
    v->cell[i].i = 0;
    if( type==CELL_INTEGER ) v->cell[i].i = reader_signed(in);
    else if( type==CELL_REAL ) v->cell[i].r = reader_real(in);
    else if( type >= CELL_TEXT ) rc = take_bytes(in, v, (CellType)type, &before);
    if( in->failed ) return STATUS_CORRUPT;
    v->seen |= SEES(type);
    v->count++;
  }
  return rc;
}

/* The words stand in the vector's bytes, each row points to its own. */
static Status take_words(Reader *in, Vector *v, size_t n){
  Vector words = {0};
  uint64_t count = reader_unsigned(in);
  Status rc;
  size_t i;
  if( in->failed || count==0 || count > CHUNK_ROWS_MAX ) return STATUS_CORRUPT;
  rc = take_values(in, &words, (size_t)count);
  if( rc==STATUS_OK ) rc = vector_fill(v, n);
  if( rc==STATUS_OK ) rc = memory_grow((void**)&v->size, &v->sizeCapacity, n + 1, sizeof *v->size);
  if( rc==STATUS_OK ){
    packed_get(in, (int64_t*)v->cell, n);
    if( in->failed ) rc = STATUS_CORRUPT;
  }
  for(i=0; rc==STATUS_OK && i<n; i++){
    uint64_t k = (uint64_t)v->cell[i].i;
    if( k >= count ){ rc = STATUS_CORRUPT; break; }
    v->type[i] = words.type[k];
    v->size[i] = words.type[k] >= CELL_TEXT ? words.size[k] : 0;
    v->cell[i] = words.cell[k];
  }
  if( rc==STATUS_OK ){                     /* the bytes change hands */
    memory_free(v->bytes);
    v->bytes = words.bytes;
    v->bytesUsed = words.bytesUsed;
    v->bytesCapacity = words.bytesCapacity;
    v->seen = words.seen;
    words.bytes = 0;
  }
  memory_free(words.bytes);
  memory_free(words.cell);
  memory_free(words.type);
  memory_free(words.size);
  return rc;
}

/* ---- a column ---- */

static Status take_numeric(Reader *in, Chunk *c, Vector *v, size_t n, unsigned form, int steps, CellType *type){
  *type = CELL_INTEGER;
  if( form==CHUNK_INTEGERS ) return take_numbers(in, c, v, n, steps);
  *type = CELL_REAL;
  if( form==CHUNK_DECIMALS ) return take_decimals(in, c, v, n, steps);
  if( form==CHUNK_REALS ) return steps ? STATUS_CORRUPT : take_reals(in, v, n);
  *type = CELL_TEXT;
  return take_times(in, c, v, n, steps, (VectorForm)(form - CHUNK_DATES + VECTOR_DATES));
}

static void set_nulls(Vector *v, const unsigned char *nulls){
  size_t i;
  for(i=0; i<v->count; i++){
    if( nulls[i >> 3] >> (i & 7) & 1 ){ v->type[i] = CELL_NULL; v->cell[i].i = 0; }
  }
  v->seen |= SEES(CELL_NULL);
  v->isBounded = v->isSorted = 0;
}

static Status take_column(Reader *in, Chunk *c, Vector *v, size_t n, int stepwise){
  unsigned byte = reader_byte(in), form = byte & CHUNK_FORM_MASK;
  const unsigned char *nulls = 0;
  CellType type = CELL_NULL;
  Status rc;
  int steps = NO_STEPS;
  if( in->failed || form >= CHUNK_FORMS ) return STATUS_CORRUPT;
  if( form==CHUNK_VALUES || form==CHUNK_WORDS || form==CHUNK_NULLS ){
    if( byte!=form ) return STATUS_CORRUPT;
    if( form==CHUNK_VALUES ) return take_values(in, v, n);
    if( form==CHUNK_WORDS ) return take_words(in, v, n);
    rc = vector_fill(v, n);
    if( rc==STATUS_OK ) memset(v->cell, 0, n*sizeof *v->cell);
  }else{
    if( byte & CHUNK_HAS_NULLS ){
      nulls = reader_bytes(in, (n + 7)/8);
      if( nulls==0 ) return STATUS_CORRUPT;
    }
    if( byte & CHUNK_STEPS ) steps = stepwise && nulls==0 && form!=CHUNK_DECIMALS ? STEPWISE : STEPS;
    rc = take_numeric(in, c, v, n, form, steps, &type);
  }
  if( rc!=STATUS_OK ) return rc;
  if( n ) memset(v->type, (int)type, n);
  v->seen = SEES(type);
  if( nulls ) set_nulls(v, nulls);
  return STATUS_OK;
}

/* ---- the head and the keys ---- */

static Status take_keys(Reader *in, Chunk *c){
  unsigned form = reader_byte(in);
  size_t n = (size_t)c->customers, i;
  uint64_t at = 0;
  Status rc;
  if( form==CHUNK_VALUES ) return take_values(in, &c->key, n);
  if( form!=(CHUNK_INTEGERS | CHUNK_STEPS) ) return STATUS_CORRUPT;
  rc = take_numbers(in, c, &c->key, n, 0);
  for(i=0; rc==STATUS_OK && i<n; i++){
    at += (uint64_t)c->key.cell[i].i;
    c->key.cell[i].i = (int64_t)at;
  }
  if( rc==STATUS_OK && n ) memset(c->key.type, CELL_INTEGER, n);
  c->key.seen = SEES(CELL_INTEGER);
  return rc;
}

/* The keys are passed over; that they stand in order is not looked at. */
static Status skip_keys(Reader *in, Chunk *c){
  unsigned form = reader_byte(in);
  int k;
  c->keysLeft = 1;
  if( form==(CHUNK_INTEGERS | CHUNK_STEPS) ) packed_skip(in, (size_t)c->customers);
  else if( form!=CHUNK_VALUES ) return STATUS_CORRUPT;
  for(k=0; form==CHUNK_VALUES && k<c->customers && !in->failed; k++){
    unsigned type = reader_byte(in);
    if( type > CELL_BLOB ) return STATUS_CORRUPT;
    if( type==CELL_INTEGER ) (void)reader_signed(in);
    else if( type==CELL_REAL ) (void)reader_real(in);
    else if( type >= CELL_TEXT ){
      uint64_t rest;
      (void)reader_unsigned(in);
      rest = reader_unsigned(in);
      if( rest > (uint64_t)(in->end - in->at) ) return STATUS_CORRUPT;
      (void)reader_bytes(in, (size_t)rest);
    }
  }
  return in->failed ? STATUS_CORRUPT : STATUS_OK;
}

static Status take_starts(Reader *in, Chunk *c){
  size_t n = (size_t)c->customers, i;
  uint64_t at = 0;
  int64_t *rows = memory_alloc((n + 1)*sizeof *rows);
  Status rc = rows ? memory_grow((void**)&c->start, &c->startCapacity, n + 1, sizeof *c->start) : STATUS_NOMEM;
  if( rc==STATUS_OK ){
    packed_get(in, rows, n);
    if( in->failed ) rc = STATUS_CORRUPT;
  }
  for(i=0; rc==STATUS_OK && i<n; i++){
    c->start[i] = (uint32_t)at;
    if( (uint64_t)rows[i] > (uint64_t)c->rows - at ) rc = STATUS_CORRUPT;
    else at += (uint64_t)rows[i];
  }
  memory_free(rows);
  if( rc!=STATUS_OK ) return rc;
  c->start[n] = (uint32_t)at;
  return at==(uint64_t)c->rows ? STATUS_OK : STATUS_CORRUPT;
}

static Status take_replaces(Reader *in, Chunk *c){
  size_t n = (size_t)c->customers, i;
  unsigned any = reader_byte(in);
  const unsigned char *bits = any ? reader_bytes(in, (n + 7)/8) : 0;
  if( in->failed || any > 1 ) return STATUS_CORRUPT;
  if( memory_grow((void**)&c->replaces, &c->replacesCapacity, n + 1, 1)!=STATUS_OK ) return STATUS_NOMEM;
  for(i=0; i<n; i++) c->replaces[i] = (uint8_t)(bits ? bits[i >> 3] >> (i & 7) & 1 : 0);
  return STATUS_OK;
}

/* The keys must stand in order: merging relies on it for its answer, not for its safety. */
static int keys_in_order(const Chunk *c){
  ChunkValue a, b;
  int i;
  if( c->key.seen==SEES(CELL_INTEGER) ){
    int wrong = 0;
    for(i=1; i<c->customers; i++) wrong |= c->key.cell[i-1].i >= c->key.cell[i].i;
    return !wrong;
  }
  for(i=1; i<c->customers; i++){
    vector_value(&c->key, (size_t)i - 1, &a, 0);
    vector_value(&c->key, (size_t)i, &b, 0);
    if( value_compare(&a, &b) > 0 || value_same(&a, &b) ) return 0;
  }
  return 1;
}

static Status take_head(Reader *in, Chunk *c){
  uint64_t rows = reader_unsigned(in), customers = reader_unsigned(in), columns = reader_unsigned(in);
  if( in->failed || rows > CHUNK_ROWS_MAX || customers > CHUNK_ROWS_MAX || columns!=(uint64_t)c->columns ) return STATUS_CORRUPT;
  c->rows = (int)rows;
  c->customers = (int)customers;
  return STATUS_OK;
}

static Status check_envelope(const unsigned char *z, size_t n){
  uint64_t sum = 0;
  int i;
  if( n < CHUNK_HEAD || memcmp(z, CHUNK_MAGIC, 4)!=0 ) return STATUS_CORRUPT;
  if( z[4]!=CHUNK_VERSION ) return z[4] > CHUNK_VERSION ? STATUS_INVALID : STATUS_CORRUPT;
  for(i=7; i>=0; i--) sum = sum << 8 | z[CHUNK_HEAD - 8 + i];
  return sum==hash_bytes(z + CHUNK_HEAD, n - CHUNK_HEAD, CHUNK_SEED) ? STATUS_OK : STATUS_CORRUPT;
}

static Status take_columns(Reader *in, Chunk *c, uint32_t wanted){
  Status rc = STATUS_OK;
  int i;
  for(i=0; rc==STATUS_OK && i<c->columns; i++){
    uint64_t bytes = reader_unsigned(in);
    const void *at;
    Reader column;
    if( in->failed || bytes > (uint64_t)(in->end - in->at) ) return STATUS_CORRUPT;
    at = reader_bytes(in, (size_t)bytes);
    if( !(wanted >> i & 1) ) continue;
    column = reader_over(at, (size_t)bytes);
    rc = take_column(&column, c, &c->column[i], (size_t)c->rows, i==0 && c->mayBeStepwise);
    if( rc==STATUS_OK && column.at!=column.end ) rc = STATUS_CORRUPT;
  }
  return rc;
}

Status chunk_decode(Chunk *c, const void *bytes, size_t n, uint32_t wanted){
  Reader in;
  Status rc;
  chunk_clear(c);
  rc = check_envelope(bytes, n);
  if( rc!=STATUS_OK ) return rc;
  in = reader_over((const unsigned char*)bytes + CHUNK_HEAD, n - CHUNK_HEAD);
  rc = take_head(&in, c);
  if( rc==STATUS_OK ) rc = c->mayLeaveKeys ? skip_keys(&in, c) : take_keys(&in, c);
  if( rc==STATUS_OK ) rc = take_starts(&in, c);
  if( rc==STATUS_OK ) rc = take_replaces(&in, c);
  if( rc==STATUS_OK && !c->keysLeft && !keys_in_order(c) ) rc = STATUS_CORRUPT;
  if( rc==STATUS_OK ) rc = take_columns(&in, c, wanted);
  if( rc==STATUS_OK && in.at!=in.end ) rc = STATUS_CORRUPT;
  if( rc!=STATUS_OK ) chunk_clear(c);
  return rc;
}
