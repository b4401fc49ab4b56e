/*
** Writing a run of chunks: see ledger.h.
*/
#include "sql/ledger/ledger.h"

static Status bind_key(sqlite3_stmt *stmt, int at, const Chunk *c, int customer){
  ChunkValue v;
  int rc;
  vector_value(&c->key, (size_t)customer, &v, 0);
  if( v.type==CELL_INTEGER ) rc = sqlite3_bind_int64(stmt, at, v.cell.i);
  else if( v.type==CELL_REAL ) rc = sqlite3_bind_double(stmt, at, v.cell.r);
  else if( v.type==CELL_TEXT ) rc = sqlite3_bind_text(stmt, at, v.bytes, (int)v.size, SQLITE_STATIC);
  else if( v.type==CELL_BLOB && v.size==0 ) rc = sqlite3_bind_zeroblob(stmt, at, 0);
  else if( v.type==CELL_BLOB ) rc = sqlite3_bind_blob(stmt, at, v.bytes, (int)v.size, SQLITE_STATIC);
  else rc = sqlite3_bind_null(stmt, at);
  return rc==SQLITE_OK ? STATUS_OK : STATUS_NOMEM;
}

static Status writer_flush(LedgerWriter *w, Failure *f){
  Buffer body = {0};
  Status rc = chunk_sort_last(&w->chunk);
  if( rc!=STATUS_OK || w->chunk.customers==0 ) return rc;
  if( stop_asked(&w->ledger->cx->stop) ) return STATUS_INTERRUPTED;
  chunk_encode(&w->chunk, &body);
  if( body.failed ) rc = STATUS_NOMEM;
  sqlite3_bind_int64(w->insert, 1, w->run);
  sqlite3_bind_int64(w->insert, 2, w->part++);
  sqlite3_bind_int64(w->insert, 3, w->chunk.rows + w->chunk.customers);
  if( rc==STATUS_OK ) rc = bind_key(w->insert, 4, &w->chunk, 0);
  if( rc==STATUS_OK ) rc = bind_key(w->insert, 5, &w->chunk, w->chunk.customers - 1);
  if( rc==STATUS_OK && sqlite3_bind_blob64(w->insert, 6, body.data, body.size, SQLITE_STATIC)!=SQLITE_OK ) rc = STATUS_NOMEM;
  if( rc==STATUS_OK ){
    sqlite3_step(w->insert);
    rc = ledger_status(w->ledger, sqlite3_reset(w->insert), f);
  }
  sqlite3_clear_bindings(w->insert);
  buffer_destroy(&body);
  chunk_clear(&w->chunk);
  return rc;
}

static int writer_is_full(const LedgerWriter *w){
  return w->chunk.rows >= CHUNK_ROWS || w->chunk.customers >= CHUNK_ROWS || chunk_bytes(&w->chunk) >= CHUNK_TEXTS;
}

/* The customer under which the next rows go; a new chunk where the one at hand is full. */
static Status writer_customer(LedgerWriter *w, const ChunkValue *key, int replaces, Failure *f){
  ChunkValue last;
  Status rc;
  if( w->chunk.customers ){
    vector_value(&w->chunk.key, (size_t)w->chunk.customers - 1, &last, 0);
    if( value_same(&last, key) ) return STATUS_OK;
    rc = chunk_sort_last(&w->chunk);
    if( rc==STATUS_OK && writer_is_full(w) ) rc = writer_flush(w, f);
    if( rc!=STATUS_OK ) return rc;
  }
  return chunk_put_customer(&w->chunk, key, replaces && !w->isOldest);
}

static Status writer_row(LedgerWriter *w, const Vector *column, size_t row){
  ChunkValue v;
  char room[VECTOR_TEXT_SIZE];
  Status rc = STATUS_OK;
  int i;
  for(i=0; rc==STATUS_OK && i<w->chunk.columns; i++){
    Vector *to = &w->chunk.column[i];
    if( column[i].seen==1u << CELL_INTEGER && to->count < to->cellCapacity && to->count < to->typeCapacity ){
      to->cell[to->count] = column[i].cell[row];       /* a look at one place in memory, not at two */
      to->type[to->count++] = CELL_INTEGER;
      to->seen |= 1u << CELL_INTEGER;
      continue;
    }
    vector_value(&column[i], row, &v, room);
    rc = vector_put(to, &v);
  }
  if( rc==STATUS_OK ) chunk_put_row(&w->chunk);
  return rc;
}

/* A customer with more rows than a chunk holds goes on in the next one. */
static Status writer_make_room(LedgerWriter *w, const ChunkValue *key, Failure *f){
  Status rc;
  if( w->chunk.rows < 2*CHUNK_ROWS && chunk_bytes(&w->chunk) < 2*CHUNK_TEXTS ) return STATUS_OK;
  rc = writer_flush(w, f);
  return rc==STATUS_OK ? chunk_put_customer(&w->chunk, key, 0) : rc;
}

Status ledger_writer_put(LedgerWriter *w, const ChunkValue *key, const Vector *column, size_t row, Failure *f){
  Status rc = writer_customer(w, key, 0, f);
  if( rc==STATUS_OK ) rc = writer_make_room(w, key, f);
  return rc==STATUS_OK ? writer_row(w, column, row) : rc;
}

static Status writer_slice(LedgerWriter *w, const LedgerSlice *s, Failure *f){
  Status rc = STATUS_OK;
  ChunkValue key;
  size_t i;
  int k;
  for(k=s->from; rc==STATUS_OK && k<s->to; k++){
    if( w->isOldest && s->chunk->start[k]==s->chunk->start[k+1] ) continue;     /* gone, and nothing to replace */
    vector_value(&s->chunk->key, (size_t)k, &key, 0);
    rc = writer_customer(w, &key, s->chunk->replaces[k], f);
    for(i=s->chunk->start[k]; rc==STATUS_OK && i<s->chunk->start[k+1]; i++){
      rc = writer_make_room(w, &key, f);
      if( rc==STATUS_OK ) rc = writer_row(w, s->chunk->column, i);
    }
  }
  return rc;
}

Status ledger_writer_open(LedgerWriter *w, const Ledger *l, int64_t run, int isOldest, Failure *f){
  memset(w, 0, sizeof *w);
  w->ledger = l;
  w->run = run;
  w->isOldest = isOldest;
  chunk_init(&w->chunk, l->columns);
  return ledger_prepare(l, &w->insert, f, "INSERT INTO \"%w\".\"%w_chunk\"(run, part, weight, first, last, body)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)", l->schema, l->name);
}

Status ledger_writer_close(LedgerWriter *w, Status rc, Failure *f){
  if( rc==STATUS_OK ) rc = writer_flush(w, f);
  sqlite3_finalize(w->insert);
  chunk_destroy(&w->chunk);
  return rc;
}

Status ledger_writer_merge(LedgerWriter *w, LedgerMerge *m, Failure *f){
  LedgerSlice slice;
  Status rc;
  for(;;){
    rc = ledger_merge_next(m, &slice, f);
    if( rc!=STATUS_OK || slice.from==slice.to ) return rc;
    rc = writer_slice(w, &slice, f);
    if( rc!=STATUS_OK ) return rc;
  }
}
