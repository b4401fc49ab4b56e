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

/* What the chunk says together.  Times that are TEXT are known when it has been packed. */
static Status writer_totals(const LedgerWriter *w, const Buffer *body, int goesOn, Buffer *out){
  int amount = w->ledger->amount - 1;
  Chunk packed;
  ChunkTotals totals;
  Status rc = STATUS_OK;
  if( !chunk_totals_later(&w->chunk) ){
    chunk_totals(&w->chunk, amount, !w->goesOn && !goesOn, &totals);
  }else{
    chunk_init(&packed, w->chunk.columns);
    rc = chunk_decode(&packed, body->data, body->size, 1u | (amount >= 0 ? 1u << amount : 0u));
    if( rc==STATUS_OK ) chunk_totals(&packed, amount, !w->goesOn && !goesOn, &totals);
    chunk_destroy(&packed);
  }
  if( rc==STATUS_OK ) totals_encode(&totals, body->data, out);
  return rc==STATUS_OK && out->failed ? STATUS_NOMEM : rc;
}

static Status writer_insert(LedgerWriter *w, const Buffer *body, const Buffer *totals, Failure *f){
  Status rc;
  sqlite3_bind_int64(w->insert, 1, w->run);
  sqlite3_bind_int64(w->insert, 2, w->part++);
  sqlite3_bind_int64(w->insert, 3, w->chunk.rows + w->chunk.customers);
  rc = bind_key(w->insert, 4, &w->chunk, 0);
  if( rc==STATUS_OK ) rc = bind_key(w->insert, 5, &w->chunk, w->chunk.customers - 1);
  if( rc==STATUS_OK && (sqlite3_bind_blob64(w->insert, 6, totals->data, totals->size, SQLITE_STATIC)!=SQLITE_OK
   || sqlite3_bind_blob64(w->insert, 7, body->data, body->size, SQLITE_STATIC)!=SQLITE_OK) ) rc = STATUS_NOMEM;
  if( rc==STATUS_OK ){
    sqlite3_step(w->insert);
    rc = ledger_status(w->ledger, sqlite3_reset(w->insert), f);
  }
  sqlite3_clear_bindings(w->insert);
  return rc;
}

/* goesOn: the last customer has more rows, in the next chunk. */
static Status writer_flush(LedgerWriter *w, int goesOn, Failure *f){
  Buffer body = {0}, totals = {0};
  Status rc = chunk_sort_last(&w->chunk);
  if( rc!=STATUS_OK || w->chunk.customers==0 ) return rc;
  if( stop_asked(&w->ledger->cx->stop) ) return STATUS_INTERRUPTED;
  chunk_encode(&w->chunk, &body);
  rc = body.failed ? STATUS_NOMEM : writer_totals(w, &body, goesOn, &totals);
  if( rc==STATUS_OK ) rc = writer_insert(w, &body, &totals, f);
  buffer_destroy(&body);
  buffer_destroy(&totals);
  chunk_clear(&w->chunk);
  w->goesOn = goesOn;
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
    if( rc==STATUS_OK && writer_is_full(w) ) rc = writer_flush(w, 0, f);
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
  rc = writer_flush(w, 1, f);
  return rc==STATUS_OK ? chunk_put_customer(&w->chunk, key, 0) : rc;
}

/* Of the i-th value of a row. */
static Status writer_cell(Vector *to, const LedgerRow *row, int i){
  ChunkValue v = { row->type ? (CellType)row->type[i] : CELL_INTEGER, { row->cell[i] }, 0, 0 };
  if( v.type < CELL_TEXT ) return vector_put(to, &v);
  memcpy(&v.size, row->texts + v.cell.i, sizeof v.size);
  v.bytes = row->texts + v.cell.i + sizeof v.size;
  v.cell.i = 0;
  return vector_put(to, &v);
}

Status ledger_writer_put(LedgerWriter *w, const ChunkValue *key, const LedgerRow *row, Failure *f){
  Status rc = STATUS_OK;
  Chunk *c = &w->chunk;
  int i;
  if( c->customers==0 || c->key.type[c->customers-1]!=CELL_INTEGER || c->key.cell[c->customers-1].i!=key->cell.i ){
    rc = writer_customer(w, key, 0, f);
  }
  if( rc==STATUS_OK ) rc = writer_make_room(w, key, f);
  for(i=0; rc==STATUS_OK && i<c->columns; i++){
    Vector *to = &c->column[i];
    if( row->type==0 && to->count < to->cellCapacity && to->count < to->typeCapacity ){
      to->cell[to->count].i = row->cell[i];
      to->type[to->count++] = CELL_INTEGER;
      to->seen |= 1u << CELL_INTEGER;
    }else{
      rc = writer_cell(to, row, i);
    }
  }
  if( rc==STATUS_OK ) chunk_put_row(c);
  return rc;
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
  return ledger_prepare(l, &w->insert, f, "INSERT INTO \"%w\".\"%w_chunk\"(run, part, weight, first, last, totals, body)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", l->schema, l->name);
}

Status ledger_writer_close(LedgerWriter *w, Status rc, Failure *f){
  if( rc==STATUS_OK ) rc = writer_flush(w, 0, f);
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
    rc = ledger_merge_stops(m, &slice) ? STATUS_INTERRUPTED : writer_slice(w, &slice, f);
    if( rc!=STATUS_OK ) return rc;
  }
}
