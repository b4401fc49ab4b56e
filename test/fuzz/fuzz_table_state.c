/*
** libFuzzer target: states of tables through NAME_merge(source).
**
** The first byte chooses the table, the next two what the state says of its columns, the rest are
** the bytes of a chunk of rows behind its checksum.  Header, envelope and both checksums are made
** here, so that every decoder behind them is reached; an odd fourth byte merges it with itself.
*/
#include "fuzz.h"
#include "spine/chunk_form.h"

typedef struct Form {
  const char *name, *call;
  int columns, second;         /* of the first source, and of the second one */
  unsigned char *head;         /* of a state, up to its rows */
  size_t size;
  sqlite3_stmt *merge;
} Form;

static Form FORM[] = {
  { .name = "cohort_window", .call = "1, 0, 5", .columns = 9 },
  { .name = "cohort_window", .call = "1, 0, 5, 'week', NULL, NULL, NULL, NULL, '2024-01-01', NULL, 'rolling'", .columns = 9 },
  { .name = "period_summary", .call = "1, 0, 5, 'day'", .columns = 5 },
  { .name = "lifecycle_flow", .call = "1, 0, 5", .columns = 3 },
  { .name = "stage_transition", .call = "1, 0, '2024-01-01', '2024-06-01'", .columns = 5 },
  { .name = "funnel", .call = "1, 0, 5, 'a, b, c', 3", .columns = 4 },
  { .name = "attribution", .call = "'markov', 30, 7, NULL, 1, 0, 'a', 1, 0, 5, 1", .columns = 3, .second = 4 },
};
#define FORMS (sizeof FORM/sizeof FORM[0])

static sqlite3 *db;
static sqlite3_stmt *keep, *clear;

static size_t varint(const unsigned char *z, size_t *at){
  size_t v = 0;
  int shift = 0;
  for(;; shift+=7){
    v |= (size_t)(z[*at] & 127) << shift;
    if( z[(*at)++] < 128 ) return v;
  }
}

static size_t head_size(const unsigned char *z){
  size_t at = 5, n, k;
  n = varint(z, &at);
  at += n;
  varint(z, &at);
  n = varint(z, &at);
  while( n-- ) if( z[at++] ){ k = varint(z, &at); at += k; }
  k = varint(z, &at);
  return at + k;
}

static void prepare(void){
  size_t i;
  db = fuzz_database();
  if( sqlite3_exec(db, "CREATE TABLE kept(state)", 0, 0, 0)!=SQLITE_OK ) abort();
  keep = fuzz_statement(db, sqlite3_mprintf("INSERT INTO kept VALUES (?1)"));
  clear = fuzz_statement(db, sqlite3_mprintf("DELETE FROM kept"));
  for(i=0; i<FORMS; i++){
    Form *f = &FORM[i];
    sqlite3_stmt *s = fuzz_statement(db, sqlite3_mprintf("SELECT %s_state(%s)", f->name, f->call));
    if( sqlite3_step(s)!=SQLITE_ROW ) abort();
    f->size = head_size(sqlite3_column_blob(s, 0));
    f->head = malloc(f->size);
    memcpy(f->head, sqlite3_column_blob(s, 0), f->size);
    if( sqlite3_column_bytes(s, 0) <= (int)f->size || ((const unsigned char*)sqlite3_column_blob(s, 0))[f->size]!=f->columns ) abort();
    sqlite3_finalize(s);
    f->merge = fuzz_statement(db, sqlite3_mprintf("SELECT * FROM %s_merge('kept')", f->name));
  }
}

static void put_sum(Buffer *out, const unsigned char *z, size_t n, uint64_t seed){
  uint64_t sum = hash_bytes(z, n, seed);
  int i;
  for(i=0; i<8; i++) buffer_put_byte(out, (unsigned)(sum >> (8*i)) & 0xff);
}

static void put_part(Buffer *out, int columns, unsigned seen, unsigned units, const uint8_t *chunk, size_t n){
  int i;
  buffer_put_unsigned(out, (uint64_t)columns);
  buffer_put_unsigned(out, seen & ((1u << columns) - 1));
  for(i=1; i<columns; i++) buffer_put_byte(out, units >> i & 1);
  if( n ){
    buffer_put_unsigned(out, CHUNK_HEAD + n);
    buffer_put(out, CHUNK_MAGIC, 4);
    buffer_put_byte(out, CHUNK_VERSION);
    put_sum(out, chunk, n, CHUNK_SEED);
    buffer_put(out, chunk, n);
  }
  buffer_put_byte(out, 0);
}

static void run(sqlite3_stmt *s){
  while( sqlite3_step(s)==SQLITE_ROW ){}
  sqlite3_reset(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size){
  Buffer z = {0};
  const Form *f;
  int inSecond, times;
  if( db==0 ) prepare();
  if( size < 5 ) return 0;
  f = &FORM[data[0] % FORMS];
  inSecond = f->second && data[0] & 64;
  buffer_put(&z, f->head, f->size);
  put_part(&z, f->columns, data[1], data[2], data + 4, inSecond ? 0 : size - 4);
  if( f->second ) put_part(&z, f->second, data[1], data[2], data + 4, inSecond ? size - 4 : 0);
  put_sum(&z, z.data, z.size, UINT64_C(0x736979752d737431));
  sqlite3_bind_blob(keep, 1, z.data, (int)z.size, SQLITE_STATIC);
  for(times=0; times<=(data[3] & 1); times++) run(keep);
  run(f->merge);
  run(clear);
  buffer_destroy(&z);
  if( sqlite3_memory_used() > ((sqlite3_int64)64 << 20) ) abort();      /* grown beyond any state */
  return 0;
}
