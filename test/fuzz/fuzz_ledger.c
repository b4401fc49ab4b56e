/*
** libFuzzer target: chunks of a ledger.
**
** An even first byte: the rest are the bytes of a chunk behind its checksum, which is added here.
** What is taken for a chunk must be readable to its last value, and written anew give the same
** rows.  An odd one: the rest says what rows to put into a chunk, which must come back as they were.
*/
#include "fuzz.h"
#include "spine/chunk_form.h"

static void same(const ChunkValue *a, const ChunkValue *b){
  if( !value_same(a, b) ) abort();
}

static void compare_vectors(const Vector *a, const Vector *b){
  char roomA[VECTOR_TEXT_SIZE], roomB[VECTOR_TEXT_SIZE];
  ChunkValue x, y;
  size_t i;
  if( a->count!=b->count ) abort();
  for(i=0; i<a->count; i++){
    vector_value(a, i, &x, roomA);
    vector_value(b, i, &y, roomB);
    same(&x, &y);
  }
}

static void compare_chunks(const Chunk *a, const Chunk *b){
  int i;
  if( a->rows!=b->rows || a->customers!=b->customers || a->columns!=b->columns ) abort();
  for(i=0; i<a->customers; i++) if( a->replaces[i]!=b->replaces[i] || a->start[i+1]!=b->start[i+1] ) abort();
  compare_vectors(&a->key, &b->key);
  for(i=0; i<a->columns; i++) compare_vectors(&a->column[i], &b->column[i]);
}

/* Times that were left as steps become what they are when they are not. */
static void stepwise(const Chunk *c, Status rc, const void *bytes, size_t n, int columns){
  Chunk other;
  Status steps;
  chunk_init(&other, columns);
  other.mayBeStepwise = 1;
  steps = chunk_decode(&other, bytes, n, ~UINT32_C(0));
  if( steps==STATUS_OK ) steps = chunk_times(&other);
  if( steps!=rc || other.isStepwise ) abort();
  if( rc==STATUS_OK ) compare_chunks(c, &other);
  other.mayLeaveKeys = 1;                  /* what is behind them is found all the same */
  steps = chunk_decode(&other, bytes, n, ~UINT32_C(0));
  if( rc==STATUS_OK && (steps!=rc || other.rows!=c->rows || other.key.count) ) abort();
  chunk_destroy(&other);
}

/* Writes a chunk and reads it again. */
static void there_and_back(const Chunk *c){
  Buffer bytes = {0};
  Chunk other;
  chunk_init(&other, c->columns);
  chunk_encode(c, &bytes);
  if( bytes.failed || chunk_decode(&other, bytes.data, bytes.size, ~UINT32_C(0))!=STATUS_OK ) abort();
  compare_chunks(c, &other);
  stepwise(c, STATUS_OK, bytes.data, bytes.size, c->columns);
  chunk_destroy(&other);
  buffer_destroy(&bytes);
}

/* A decoded chunk has its times as numbers: the copy has them as texts, as a writer puts them. */
static void copy_and_back(const Chunk *c){
  Chunk copy;
  ChunkValue v;
  char room[VECTOR_TEXT_SIZE];
  size_t row;
  int k, i;
  chunk_init(&copy, c->columns);
  for(k=0; k<c->customers; k++){
    vector_value(&c->key, (size_t)k, &v, room);
    if( chunk_put_customer(&copy, &v, c->replaces[k])!=STATUS_OK ) abort();
    for(row=c->start[k]; row<c->start[k+1]; row++){
      for(i=0; i<c->columns; i++){
        vector_value(&c->column[i], row, &v, room);
        if( vector_put(&copy.column[i], &v)!=STATUS_OK ) abort();
      }
      chunk_put_row(&copy);
    }
  }
  compare_chunks(c, &copy);
  there_and_back(&copy);
  chunk_destroy(&copy);
}

static void forged(const uint8_t *data, size_t size, int columns){
  unsigned char *z = malloc(CHUNK_HEAD + size);
  uint64_t sum;
  Chunk c;
  Status rc;
  int i;
  memcpy(z, CHUNK_MAGIC, 4);
  z[4] = CHUNK_VERSION;
  memcpy(z + CHUNK_HEAD, data, size);
  sum = hash_bytes(z + CHUNK_HEAD, size, CHUNK_SEED);
  for(i=0; i<8; i++) z[5+i] = (unsigned char)(sum >> (8*i));
  chunk_init(&c, columns);
  rc = chunk_decode(&c, z, CHUNK_HEAD + size, ~UINT32_C(0));
  if( rc==STATUS_OK ) copy_and_back(&c);
  stepwise(&c, rc, z, CHUNK_HEAD + size, columns);
  chunk_destroy(&c);
  free(z);
}

/* A value of the next bytes. */
static ChunkValue value_of(Reader *in, char *text){
  ChunkValue v = {0};
  unsigned kind = reader_byte(in);
  v.type = (CellType)(kind % 5);
  if( v.type==CELL_INTEGER ) v.cell.i = reader_signed(in);
  if( v.type==CELL_REAL ) v.cell.r = kind & 64 ? reader_real(in) : (double)reader_signed(in)/(kind & 32 ? 100 : 1);
  if( v.type < CELL_TEXT ) return v;
  v.bytes = text;
  if( v.type==CELL_TEXT && kind & 128 ){
    sqlite3_snprintf(VECTOR_TEXT_SIZE, text, "%04d-%02d-%02d%s", (int)reader_byte(in)*40, reader_byte(in) % 14, reader_byte(in) % 33, kind & 64 ? " 01:02:03" : "");
    v.size = (uint32_t)strlen(text);
  }else{
    v.size = kind / 5 % 8;
    for(kind=0; kind<v.size; kind++) text[kind] = (char)reader_byte(in);
  }
  return v;
}

static void made(const uint8_t *data, size_t size, int columns){
  Reader in = reader_over(data, size);
  ChunkValue key, last = {0};
  char text[32], before[32];
  Chunk c;
  int i;
  chunk_init(&c, columns);
  while( !in.failed && in.at < in.end ){
    unsigned rows = reader_byte(&in);
    key = value_of(&in, text);
    if( c.customers==0 || value_compare(&last, &key) < 0 ){
      if( chunk_put_customer(&c, &key, rows >> 7)!=STATUS_OK ) abort();
      memcpy(before, text, sizeof text);
      last = key;
      last.bytes = before;
    }
    for(rows%=9; rows > 0; rows--){
      for(i=0; i<columns; i++){
        ChunkValue v = value_of(&in, text);
        if( vector_put(&c.column[i], &v)!=STATUS_OK ) abort();
      }
      chunk_put_row(&c);
    }
    if( chunk_sort_last(&c)!=STATUS_OK ) abort();
  }
  if( c.customers ) there_and_back(&c);
  chunk_destroy(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size){
  if( size < 2 ) return 0;
  if( data[0] & 1 ) made(data + 2, size - 2, 1 + data[1] % 4);
  else forged(data + 2, size - 2, 1 + data[1] % 4);
  if( sqlite3_memory_used() > ((sqlite3_int64)64 << 20) ) abort();
  return 0;
}
