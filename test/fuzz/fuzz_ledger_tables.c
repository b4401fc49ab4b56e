/*
** libFuzzer target: tables over a ledger whose chunk was forged.
**
** The input says what rows the chunk has, then which of its bytes, or of the totals beside it, are
** others; checksums are made to fit, so that what is behind them is reached: merging, whole customers as
** arrays, totals.  An even first byte: the rest are the bytes of the chunk themselves.
*/
#include "fuzz.h"
#include "spine/chunk_form.h"
#include "spine/totals.h"

static sqlite3 *db;
static sqlite3_stmt *put, *add, *take, *mark, *unmark, *ask[12];

static void prepare(void){
  static const char *const ASK[] = {
    "SELECT * FROM cohort_window('l')",
    "SELECT * FROM cohort_window('l', 'customer', 'time', 'amount', 'day') WHERE retention_mode = 'on_or_after'",
    "SELECT * FROM period_summary('l')",
    "SELECT * FROM customer_summary('l')",
    "SELECT customer, frequency, monetary FROM customer_summary('l')",
    "SELECT * FROM value_summary('l')",
    "SELECT customers, gmv, orders, first_time, last_time FROM value_summary('l')",
    "SELECT mature_customers, window_customers FROM value_summary('l') WHERE window = 90 AND as_of = '2024-01-01'",
    "SELECT * FROM lifecycle_flow('l')",
    "SELECT * FROM l",
    "SELECT * FROM l WHERE customer = 3",
    "INSERT INTO l(l) VALUES('integrity-check')"
  };
  size_t i;
  db = fuzz_database();
  if( sqlite3_exec(db, "CREATE TABLE o(id INTEGER PRIMARY KEY, customer, time, amount); INSERT INTO o VALUES(1, 3, 1700000000, 5), (2, 1, 1700000000, 5);"
      "CREATE VIRTUAL TABLE l USING siyu_ledger(source=o, customer_col=customer, time_col=time, amount_col=amount);"
      "INSERT INTO l(l) VALUES('sync')", 0, 0, 0)!=SQLITE_OK ) abort();
  put = fuzz_statement(db, sqlite3_mprintf("UPDATE l_chunk SET first = ?1, last = ?2, totals = ?3, body = ?4"));
  add = fuzz_statement(db, sqlite3_mprintf("INSERT INTO o VALUES(3, 4, 1700900000, 7)"));
  take = fuzz_statement(db, sqlite3_mprintf("DELETE FROM o WHERE id = 3"));
  mark = fuzz_statement(db, sqlite3_mprintf("INSERT INTO l_dirty(customer) VALUES(3)"));
  unmark = fuzz_statement(db, sqlite3_mprintf("DELETE FROM l_dirty"));
  for(i=0; i<sizeof ASK/sizeof ASK[0]; i++) ask[i] = fuzz_statement(db, sqlite3_mprintf("%s", ASK[i]));
}

static void fuzz_step(sqlite3_stmt *s){
  while( sqlite3_step(s)==SQLITE_ROW ){
    int i;
    for(i=0; i<sqlite3_column_count(s); i++) sqlite3_column_bytes(s, i);
  }
  sqlite3_reset(s);
}

static void fit_sum(unsigned char *z, size_t head, size_t n){
  uint64_t sum;
  int i;
  if( n < head ) return;
  sum = hash_bytes(z + head, n - head, CHUNK_SEED);
  for(i=0; i<8; i++) z[head - 8 + (size_t)i] = (unsigned char)(sum >> (8*i));
}

/* Customers whose ids grow, times that mostly do. */
static void make_chunk(Reader *in, Buffer *out){
  ChunkValue key = { CELL_INTEGER, { 0 }, 0, 0 }, v = { CELL_INTEGER, { 0 }, 0, 0 };
  char text[8];
  Chunk c;
  int64_t time = 1700000000;
  int rows = 0, texts = reader_byte(in) & 1;
  chunk_init(&c, 2);
  while( !in->failed && rows++ < 64 ){
    unsigned k = reader_byte(in);
    if( c.customers==0 || k & 1 ){
      key.cell.i += 1 + (k >> 1 & 3);
      if( texts ){
        sqlite3_snprintf(sizeof text, text, "k%04d", (int)key.cell.i);
        key = (ChunkValue){ CELL_TEXT, { key.cell.i }, text, 5 };
      }
      if( chunk_put_customer(&c, &key, k >> 7)!=STATUS_OK ) abort();
    }
    time += (int64_t)(signed char)reader_byte(in) * 40000;
    v.type = k & 8 ? CELL_NULL : CELL_INTEGER;
    v.cell.i = time;
    if( (k & 0x18)==0x18 ) v.type = CELL_INTEGER;
    if( vector_put(&c.column[0], &v)!=STATUS_OK ) abort();
    v.cell.i = (int64_t)((uint64_t)(int64_t)(signed char)reader_byte(in) << (k >> 5 & 3)*14);
    v.type = k & 16 ? CELL_REAL : CELL_INTEGER;
    if( v.type==CELL_REAL ) v.cell.r = (double)(v.cell.i % 1000)/8;
    if( vector_put(&c.column[1], &v)!=STATUS_OK ) abort();
    chunk_put_row(&c);
    if( chunk_sort_last(&c)!=STATUS_OK ) abort();
  }
  chunk_encode(&c, out);
  chunk_destroy(&c);
}

static void bind(sqlite3_stmt *s, int at, const ChunkValue *v){
  if( v->type==CELL_INTEGER ) sqlite3_bind_int64(s, at, v->cell.i);
  else if( v->type==CELL_REAL ) sqlite3_bind_double(s, at, v->cell.r);
  else if( v->type==CELL_TEXT ) sqlite3_bind_text(s, at, v->bytes, (int)v->size, SQLITE_TRANSIENT);
  else if( v->type==CELL_BLOB ) sqlite3_bind_blob(s, at, v->bytes ? v->bytes : "", (int)v->size, SQLITE_TRANSIENT);
  else sqlite3_bind_null(s, at);
}

/* The chunk with what stands beside it, as far as it is one. */
static void store(const Buffer *body, const uint8_t *change, size_t changes){
  Buffer totals = {0};
  ChunkTotals t;
  ChunkValue first = {0}, last = {0};
  Chunk c;
  chunk_init(&c, 2);
  memset(&t, 0, sizeof t);
  if( chunk_decode(&c, body->data, body->size, ~UINT32_C(0))==STATUS_OK && c.customers ){
    vector_value(&c.key, 0, &first, 0);
    vector_value(&c.key, (size_t)c.customers - 1, &last, 0);
    if( !chunk_totals_later(&c) ) chunk_totals(&c, 1, 1, &t);
  }
  totals_encode(&t, body->data, &totals);
  if( totals.failed ) abort();
  for(; changes >= 2; changes-=2, change+=2) totals.data[17 + change[0] % (totals.size - 17)] ^= change[1];
  fit_sum(totals.data, 9, totals.size);
  bind(put, 1, &first);
  bind(put, 2, &last);
  sqlite3_bind_blob(put, 3, totals.data, (int)totals.size, SQLITE_STATIC);
  sqlite3_bind_blob(put, 4, body->data, (int)body->size, SQLITE_STATIC);
  if( sqlite3_step(put)!=SQLITE_DONE ) abort();
  sqlite3_reset(put);
  sqlite3_clear_bindings(put);
  chunk_destroy(&c);
  buffer_destroy(&totals);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size){
  Buffer body = {0};
  size_t i, n, changes = 0;
  if( db==0 ) prepare();
  if( size < 20 ) return 0;                /* what the two first bytes may take off the end */
  if( data[0] & 1 ){
    size_t bodyChanges = data[1] & 6;
    Reader in;
    changes = data[1] >> 3 & 6;
    n = size - 2 - bodyChanges - changes;
    in = reader_over(data + 2, n);
    make_chunk(&in, &body);
    if( body.failed ) abort();
    for(i=0; i<bodyChanges; i+=2) body.data[CHUNK_HEAD + (data[2+n+i] | (size_t)(data[1] >> 7) << 8) % (body.size - CHUNK_HEAD)] ^= data[3+n+i];
  }else{
    buffer_put(&body, CHUNK_MAGIC, 4);
    buffer_put_byte(&body, CHUNK_VERSION);
    buffer_put(&body, "\0\0\0\0\0\0\0", 8);
    buffer_put(&body, data + 2, size - 2);
  }
  fit_sum(body.data, CHUNK_HEAD, body.size);
  store(&body, data + size - changes, changes);
  if( data[0] & 2 ) fuzz_step(mark);
  if( data[0] & 4 ) fuzz_step(add);
  for(i=0; i<sizeof ask/sizeof ask[0]; i++) fuzz_step(ask[i]);
  fuzz_step(take);
  fuzz_step(unmark);
  buffer_destroy(&body);
  if( sqlite3_memory_used() > ((sqlite3_int64)64 << 20) ) abort();
  return 0;
}
