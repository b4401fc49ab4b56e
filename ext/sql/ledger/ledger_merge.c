/*
** The rows of a ledger in order of customer: runs of chunks and the source's own rows, merged.
** See ledger.h.
*/
#include "sql/ledger/ledger.h"

/* ---- state ---- */

static void read_runs(LedgerState *s, const char *z){
  s->runs = 0;
  while( z && *z && s->runs < LEDGER_STREAMS - 1 ){
    int64_t run = 0;
    while( *z >= '0' && *z <= '9' && run < INT64_MAX/16 ) run = run*10 + (*z++ - '0');
    s->run[s->runs++] = run;
    while( *z && (*z < '0' || *z > '9') ) z++;
  }
}

static void read_setting(LedgerState *s, int *version, const char *k, sqlite3_stmt *stmt){
  if( strcmp(k, "version")==0 ) *version = sqlite3_column_int(stmt, 1);
  else if( strcmp(k, "built")==0 ) s->built = sqlite3_column_int(stmt, 1);
  else if( strcmp(k, "high")==0 ) s->high = sqlite3_column_int64(stmt, 1);
  else if( strcmp(k, "next_run")==0 ) s->nextRun = sqlite3_column_int64(stmt, 1);
  else if( strcmp(k, "identity")==0 ) s->identity = sqlite3_column_int64(stmt, 1);
  else if( strcmp(k, "runs")==0 ) read_runs(s, (const char*)sqlite3_column_text(stmt, 1));
}

Status ledger_state_read(const Ledger *l, LedgerState *s, Failure *f){
  sqlite3_stmt *stmt;
  int step, version = -1;
  Status rc;
  memset(s, 0, sizeof *s);
  rc = ledger_prepare(l, &stmt, f, "SELECT k, v FROM \"%w\".\"%w_config\"", l->schema, l->name);
  if( rc!=STATUS_OK ) return rc;
  while( (step = sqlite3_step(stmt))==SQLITE_ROW ){
    const char *k = (const char*)sqlite3_column_text(stmt, 0);
    if( k ) read_setting(s, &version, k, stmt);
  }
  if( step!=SQLITE_DONE ) rc = ledger_status(l, step, f);
  sqlite3_finalize(stmt);
  if( rc!=STATUS_OK || version==LEDGER_VERSION ) return rc;
  if( version > LEDGER_VERSION ) failure_set(f, "the ledger was written by a newer siyu (format %d; this one reads %d)", version, LEDGER_VERSION);
  else failure_set(f, "the ledger's shadow table \"%.60s_config\" is damaged; drop the ledger and make it again", l->name);
  return STATUS_INVALID;
}

Status ledger_state_write(const Ledger *l, const LedgerState *s, Failure *f){
  Buffer runs = {0};
  int i;
  Status rc;
  for(i=0; i<s->runs; i++) buffer_printf(&runs, "%s%lld", i ? " " : "", (long long)s->run[i]);
  rc = runs.failed ? STATUS_NOMEM : ledger_run(l, f,
      "REPLACE INTO \"%w\".\"%w_config\"(k, v) VALUES ('version', %d), ('built', %d), ('high', %lld), ('next_run', %lld),"
      " ('identity', %lld), ('runs', '%.*s')", l->schema, l->name, LEDGER_VERSION, s->built, (long long)s->high,
      (long long)s->nextRun, (long long)s->identity, (int)runs.size, runs.data ? (char*)runs.data : "");
  buffer_destroy(&runs);
  return rc;
}

/* ---- the source's own rows ---- */

/* s."time", s."amount", ... or as many NULLs */
static void put_source_columns(const Ledger *l, Buffer *sql, int nulls){
  int i;
  for(i=1; i<=l->columns; i++){
    if( nulls ) buffer_printf(sql, ", NULL");
    else buffer_printf(sql, ", s.\"%w\"", l->column[i]);
  }
}

static void put_source_select(const Ledger *l, Buffer *sql){
  buffer_printf(sql, "SELECT s.\"%w\", 1", l->column[0]);
  put_source_columns(l, sql, 0);
  buffer_printf(sql, " FROM ");
}

/* AND the customer is the one that is asked for */
static void put_only(const Ledger *l, Buffer *sql, int only){
  if( only ) buffer_printf(sql, " AND s.\"%w\" = ?1 COLLATE BINARY", l->column[0]);
}

static void put_dirty_select(const Ledger *l, const LedgerSource *s, int64_t high, int only, Buffer *sql){
  const char *schema = l->schema, *name = l->name, *customer = l->column[0];
  buffer_printf(sql, "SELECT customer, 0");
  put_source_columns(l, sql, 1);
  buffer_printf(sql, " FROM (SELECT DISTINCT customer FROM \"%w\".\"%w_dirty\")", schema, name);
  if( only ) buffer_printf(sql, " WHERE customer = ?1");
  buffer_printf(sql, " UNION ALL ");
  put_source_select(l, sql);
  if( s->indexed ){
    buffer_printf(sql, "(SELECT DISTINCT customer FROM \"%w\".\"%w_dirty\") AS d CROSS JOIN \"%w\".\"%w\" AS s"
                  " WHERE s.\"%w\" IS d.customer COLLATE BINARY", schema, name, schema, l->source, customer);
    if( only ) buffer_printf(sql, " AND d.customer = ?1");
  }else{
    buffer_printf(sql, "\"%w\".\"%w\" AS s WHERE EXISTS (SELECT 1 FROM \"%w\".\"%w_dirty\" WHERE customer IS (+s.\"%w\") COLLATE BINARY)",
                  schema, l->source, schema, name, customer);
    put_only(l, sql, only);
  }
  if( s->id ) buffer_printf(sql, " AND s.\"%w\" <= %lld", s->id, (long long)high);
}

/* Customer, 0 for "what is packed is void" or 1, the row; in order of customer. */
static void put_source_sql(const Ledger *l, const LedgerSource *s, const LedgerState *state, int dirty, int only, Buffer *sql){
  if( dirty ) put_dirty_select(l, s, state->high, only, sql);
  if( dirty && s->id ) buffer_printf(sql, " UNION ALL ");
  if( !state->built || s->id ){
    put_source_select(l, sql);
    /* an index in the order that is wanted would be read from end to end */
    buffer_printf(sql, "\"%w\".\"%w\" AS s%s WHERE ", l->schema, l->source, state->built ? " NOT INDEXED" : "");
    if( state->built ) buffer_printf(sql, "s.\"%w\" > %lld", s->id, (long long)state->high);
    else buffer_printf(sql, "1");
    put_only(l, sql, only);
  }
  if( sql->size ) buffer_printf(sql, " ORDER BY 1 COLLATE BINARY, 2, 3");
}

static Status open_source(LedgerMerge *m, const LedgerState *state, LedgerStream *stream, Failure *f){
  Ledger *l = m->ledger;
  LedgerSource s;
  Buffer sql = {0};
  int64_t dirty = 0;
  Status rc = ledger_source_read(l, &s, f);
  if( rc==STATUS_OK && state->built ){
    rc = ledger_number(l, &dirty, f, "SELECT EXISTS (SELECT 1 FROM \"%w\".\"%w_dirty\")", l->schema, l->name);
  }
  if( rc==STATUS_OK ){
    put_source_sql(l, &s, state, (int)dirty, m->only!=0, &sql);
    if( sql.failed ) rc = STATUS_NOMEM;
    else if( sql.size==0 ) stream->done = 1;
    else rc = ledger_prepare(l, &stream->stmt, f, "%.*s", (int)sql.size, (char*)sql.data);
  }
  if( rc==STATUS_OK && stream->stmt && m->only ) rc = ledger_status(l, sqlite3_bind_value(stream->stmt, 1, m->only), f);
  buffer_destroy(&sql);
  ledger_source_free(&s);
  return rc;
}

/* A column of a statement's row, as long as that stands. */
Status ledger_value(sqlite3_stmt *stmt, int i, ChunkValue *out){
  static const uint8_t TYPE[] = { 0, CELL_INTEGER, CELL_REAL, CELL_TEXT, CELL_BLOB, CELL_NULL };
  out->type = (CellType)TYPE[sqlite3_column_type(stmt, i)];
  out->cell.i = 0;
  if( out->type==CELL_INTEGER ) out->cell.i = sqlite3_column_int64(stmt, i);
  else if( out->type==CELL_REAL ) out->cell.r = sqlite3_column_double(stmt, i);
  if( out->type < CELL_TEXT ) return STATUS_OK;
  out->bytes = out->type==CELL_TEXT ? (const char*)sqlite3_column_text(stmt, i) : sqlite3_column_blob(stmt, i);
  out->size = (uint32_t)sqlite3_column_bytes(stmt, i);
  return out->bytes || out->size==0 ? STATUS_OK : STATUS_NOMEM;
}

Status ledger_value_of(sqlite3_value *v, ChunkValue *out){
  static const uint8_t TYPE[] = { 0, CELL_INTEGER, CELL_REAL, CELL_TEXT, CELL_BLOB, CELL_NULL };
  memset(out, 0, sizeof *out);
  out->type = (CellType)TYPE[sqlite3_value_type(v)];
  if( out->type==CELL_INTEGER ) out->cell.i = sqlite3_value_int64(v);
  else if( out->type==CELL_REAL ) out->cell.r = sqlite3_value_double(v);
  if( out->type < CELL_TEXT ) return STATUS_OK;
  out->bytes = out->type==CELL_TEXT ? (const char*)sqlite3_value_text(v) : sqlite3_value_blob(v);
  out->size = out->bytes ? (uint32_t)sqlite3_value_bytes(v) : 0;
  return out->bytes || (out->type==CELL_BLOB && sqlite3_value_bytes(v)==0) ? STATUS_OK : STATUS_NOMEM;
}

#define SOURCE_ROWS 4096               /* of the source at a time */

static Status take_source_row(LedgerStream *s, int columns){
  Chunk *c = &s->chunk;
  ChunkValue value, last;
  Status rc = ledger_value(s->stmt, 0, &value);
  int i, isMark = sqlite3_column_int(s->stmt, 1)==0, isNew = 1;
  if( rc!=STATUS_OK ) return rc;
  if( c->customers && !isMark ){
    vector_value(&c->key, (size_t)c->customers - 1, &last, 0);
    isNew = !value_same(&last, &value);
  }
  if( isNew ) rc = chunk_put_customer(c, &value, isMark);
  if( rc!=STATUS_OK || isMark ) return rc;
  for(i=0; rc==STATUS_OK && i<columns; i++){
    rc = ledger_value(s->stmt, i + 2, &value);
    if( rc==STATUS_OK ) rc = vector_put(&c->column[i], &value);
  }
  if( rc==STATUS_OK ) chunk_put_row(c);
  return rc;
}

static Status fill_from_source(LedgerMerge *m, LedgerStream *s, Failure *f){
  int step = SQLITE_ROW;
  Status rc = STATUS_OK;
  chunk_clear(&s->chunk);
  while( rc==STATUS_OK && s->chunk.rows < SOURCE_ROWS && s->chunk.customers < SOURCE_ROWS
      && chunk_bytes(&s->chunk) < CHUNK_TEXTS && (step = sqlite3_step(s->stmt))==SQLITE_ROW ){
    rc = take_source_row(s, m->ledger->columns);
  }
  if( rc!=STATUS_OK || step==SQLITE_ROW ) return rc;
  if( step!=SQLITE_DONE ) return ledger_status(m->ledger, step, f);
  s->done = 1;
  sqlite3_finalize(s->stmt);
  s->stmt = 0;
  return STATUS_OK;
}

/* ---- chunks ---- */

/* The first customer of the chunk at or behind the key (above: behind it). */
static int chunk_bound(const Chunk *c, int from, const ChunkValue *key, int above){
  int low = from, high = c->customers;
  ChunkValue at;
  while( low < high ){
    int middle = low + (high - low)/2, order;
    vector_value(&c->key, (size_t)middle, &at, 0);
    order = value_compare(&at, key);
    if( order < 0 || (above && order==0) ) low = middle + 1; else high = middle;
  }
  return low;
}

Status ledger_damaged(const LedgerMerge *m, Failure *f){
  failure_set(f, "a chunk of the ledger is damaged; INSERT INTO %.60s(%.60s) VALUES('rebuild')", m->ledger->name, m->ledger->name);
  return STATUS_INVALID;
}

/* The next chunk, not unpacked.  Its row stands until the one after it. */
static Status next_of_run(LedgerMerge *m, LedgerStream *s, Failure *f){
  int step = sqlite3_step(s->stmt);
  const void *totals;
  Status rc;
  if( step==SQLITE_DONE ){
    s->done = 1;
    chunk_clear(&s->chunk);
    sqlite3_finalize(s->stmt);
    s->stmt = 0;
    return STATUS_OK;
  }
  if( step!=SQLITE_ROW ) return ledger_status(m->ledger, step, f);
  rc = ledger_value(s->stmt, 1, &s->first);
  if( rc==STATUS_OK ) rc = ledger_value(s->stmt, 2, &s->last);
  totals = sqlite3_column_blob(s->stmt, 3);
  if( totals==0 && sqlite3_errcode(m->ledger->db)==SQLITE_NOMEM ) rc = STATUS_NOMEM;
  if( rc==STATUS_OK ) rc = totals_decode(&s->totals, totals, (size_t)sqlite3_column_bytes(s->stmt, 3));
  s->isNext = rc==STATUS_OK;
  return rc==STATUS_CORRUPT ? ledger_damaged(m, f) : rc;
}

static Status open_body(const LedgerMerge *m, LedgerStream *s, Failure *f){
  const Ledger *l = m->ledger;
  if( s->body ) return STATUS_OK;
  return ledger_prepare(l, &s->body, f, "SELECT body FROM \"%w\".\"%w_chunk\" WHERE id = ?1", l->schema, l->name);
}

/* What stands beside a chunk is what it says. */
static Status check_beside(const LedgerMerge *m, const LedgerStream *s, const void *body, Failure *f){
  const void *totals = sqlite3_column_blob(s->stmt, 3);
  size_t n = (size_t)sqlite3_column_bytes(s->stmt, 3);
  Buffer again = {0};
  ChunkTotals t;
  ChunkValue first, last;
  int wrong;
  if( s->chunk.customers==0 || !totals_are_of(totals, body) ) return ledger_damaged(m, f);
  if( s->chunk.keysLeft ) return STATUS_OK;
  vector_value(&s->chunk.key, 0, &first, 0);
  vector_value(&s->chunk.key, (size_t)s->chunk.customers - 1, &last, 0);
  if( value_compare(&first, &s->first)!=0 || value_compare(&last, &s->last)!=0 ) return ledger_damaged(m, f);
  if( !m->checks ) return STATUS_OK;
  chunk_totals(&s->chunk, m->ledger->amount - 1, s->totals.isWhole, &t);
  totals_encode(&t, body, &again);
  wrong = !again.failed && (again.size!=n || memcmp(again.data, totals, n)!=0);
  buffer_destroy(&again);
  if( wrong ) failure_set(f, "integrity-check: the totals of a chunk are not those of its rows; 'rebuild' makes it right");
  return wrong ? STATUS_INVALID : again.failed ? STATUS_NOMEM : STATUS_OK;
}

/* Whether the stream is the only one that has anything. */
static int is_alone(const LedgerMerge *m, const LedgerStream *s){
  int i;
  for(i=0; i<m->streams; i++) if( m->stream[i]!=s && !(m->stream[i]->done && m->stream[i]->at==m->stream[i]->to) ) return 0;
  return 1;
}

/* The chunk that is next becomes the one whose customers are at hand. */
static Status stream_unpack(LedgerMerge *m, LedgerStream *s, Failure *f){
  const void *body;
  int step;
  Status rc = open_body(m, s, f);
  if( rc!=STATUS_OK ) return rc;
  s->isNext = 0;
  s->chunk.mayLeaveKeys = m->mayLeaveKeys && m->only==0 && is_alone(m, s);
  sqlite3_bind_int64(s->body, 1, sqlite3_column_int64(s->stmt, 0));
  step = sqlite3_step(s->body);
  if( step!=SQLITE_ROW ) rc = step==SQLITE_DONE ? STATUS_CORRUPT : ledger_status(m->ledger, step, f);
  if( rc==STATUS_OK ){
    body = sqlite3_column_blob(s->body, 0);
    if( body==0 && sqlite3_errcode(m->ledger->db)==SQLITE_NOMEM ) rc = STATUS_NOMEM;
    else rc = chunk_decode(&s->chunk, body, (size_t)sqlite3_column_bytes(s->body, 0), m->wanted);
    if( rc==STATUS_OK ) rc = check_beside(m, s, body, f);
    else if( rc==STATUS_INVALID ) failure_set(f, "a chunk of the ledger was written by a newer siyu");
  }
  sqlite3_reset(s->body);
  s->at = 0;
  s->to = rc==STATUS_OK ? s->chunk.customers : 0;
  return rc==STATUS_CORRUPT ? ledger_damaged(m, f) : rc;
}

static int is_next_at(const LedgerStream *s, const ChunkValue *key){
  return s->isNext && key && value_compare(&s->first, key)==0;
}

/* Makes sure that there is a customer at hand, or that the stream is done; where totals are wanted, that
** there is a chunk, which is unpacked only when it begins with the key. */
static Status stream_settle(LedgerMerge *m, LedgerStream *s, const ChunkValue *key, Failure *f){
  Status rc = STATUS_OK;
  while( rc==STATUS_OK && !(s->at < s->to) && !s->done ){
    if( s->isSource ){
      rc = fill_from_source(m, s, f);
      s->at = 0;
      s->to = s->chunk.customers;
    }else if( !s->isNext ){
      rc = next_of_run(m, s, f);
    }else if( m->totals && !is_next_at(s, key) ){
      return STATUS_OK;
    }else{
      rc = stream_unpack(m, s, f);
    }
    if( rc==STATUS_OK && m->only && !s->isNext ){
      s->at = chunk_bound(&s->chunk, 0, &m->onlyKey, 0);
      s->to = chunk_bound(&s->chunk, s->at, &m->onlyKey, 1);
    }
  }
  return rc;
}

static int stream_has(const LedgerStream *s){ return s->isNext || s->at < s->to; }

static void stream_key(const LedgerStream *s, ChunkValue *out){
  if( s->at < s->to && !s->chunk.keysLeft ) vector_value(&s->chunk.key, (size_t)s->at, out, 0);
  else *out = s->first;
}

/* ---- merging ---- */

static Status keep_key(LedgerMerge *m, const ChunkValue *key){
  m->key = *key;
  if( key->type < CELL_TEXT ) return STATUS_OK;
  m->keyBytes.size = 0;
  buffer_put(&m->keyBytes, key->bytes, key->size);
  m->key.bytes = (const char*)m->keyBytes.data;
  return m->keyBytes.failed ? STATUS_NOMEM : STATUS_OK;
}

/* 1 when the stream's next customer is the one at hand. */
static int stream_at_key(const LedgerMerge *m, const LedgerStream *s){
  ChunkValue at;
  if( !stream_has(s) ) return 0;
  stream_key(s, &at);
  return value_compare(&at, &m->key)==0;
}

static Status skip_key(LedgerMerge *m, LedgerStream *s, Failure *f){
  Status rc = STATUS_OK;
  while( rc==STATUS_OK && stream_at_key(m, s) ){
    s->at++;
    rc = stream_settle(m, s, &m->key, f);
  }
  return rc;
}

/* A customer that several streams have: what is older than a replacement is passed over. */
static Status begin_key(LedgerMerge *m, const ChunkValue *key, Failure *f){
  int i, newest = -1;
  Status rc = keep_key(m, key);
  for(i=0; rc==STATUS_OK && i<m->streams; i++){
    LedgerStream *s = m->stream[i];
    rc = stream_settle(m, s, &m->key, f);
    if( rc==STATUS_OK && stream_at_key(m, s) && s->chunk.replaces[s->at] ) newest = i;
  }
  for(i=0; rc==STATUS_OK && i<newest; i++) rc = skip_key(m, m->stream[i], f);
  m->inKey = 1;
  m->next = 0;
  return rc;
}

/* The next piece of the customer at hand, oldest run first; *more = 0: there is none. */
static Status next_of_key(LedgerMerge *m, LedgerSlice *out, int *more, Failure *f){
  *more = 0;
  for(; m->next < m->streams; m->next++){
    LedgerStream *s = m->stream[m->next];
    Status rc = stream_settle(m, s, &m->key, f);
    if( rc!=STATUS_OK ) return rc;
    if( !stream_at_key(m, s) ) continue;
    out->chunk = &s->chunk;
    out->from = s->at;
    out->to = ++s->at;
    *more = 1;
    return STATUS_OK;
  }
  m->inKey = 0;
  return STATUS_OK;
}

/* The stream with the least key, the least key of the others, and whether another has it, too. */
static void find_least(const LedgerMerge *m, LedgerStream **least, ChunkValue *key, ChunkValue *other, int *others, int *shared){
  ChunkValue at;
  int i;
  *least = 0;
  *others = *shared = 0;
  for(i=0; i<m->streams; i++){
    LedgerStream *s = m->stream[i];
    int order;
    if( !stream_has(s) ) continue;
    stream_key(s, &at);
    order = *least ? value_compare(&at, key) : -1;
    if( order < 0 ){
      if( *least ){ *other = *key; *others = 1; }
      *least = s;
      *key = at;
      *shared = 0;
    }else{
      if( order==0 ) *shared = 1;
      if( !*others || value_compare(&at, other) < 0 ){ *other = at; *others = 1; }
    }
  }
}

/* The least customer begins a chunk that is not unpacked.  It goes as a whole where no other stream has a
** customer of it, else it is unpacked. */
static Status take_whole(LedgerMerge *m, LedgerStream *s, const ChunkValue *other, LedgerSlice *out, Failure *f){
  if( !s->totals.isWhole || (other && value_compare(other, &s->last) <= 0) ) return stream_unpack(m, s, f);
  s->isNext = 0;
  m->whole = s;
  out->totals = &s->totals;
  out->to = 1;
  return STATUS_OK;
}

Status ledger_merge_keys(LedgerMerge *m, Failure *f){
  LedgerStream *s = m->left;
  Status rc;
  m->mayLeaveKeys = 0;
  rc = stream_unpack(m, s, f);
  s->at = s->to;
  return rc;
}

Status ledger_merge_unpack(LedgerMerge *m, Failure *f){ return stream_unpack(m, m->whole, f); }

static Status take_slice(LedgerMerge *m, LedgerStream *s, const ChunkValue *other, LedgerSlice *out){
  out->chunk = &s->chunk;
  out->beside = s->isSource ? 0 : &s->totals;
  out->from = s->at;
  m->left = s->chunk.keysLeft ? s : 0;
  out->to = other ? chunk_bound(&s->chunk, s->at, other, 0) : s->to;
  if( out->to <= out->from ) out->to = out->from + 1;       /* forged keys out of order */
  if( out->to > s->to ) out->to = s->to;
  s->at = out->to;
  return STATUS_OK;
}

Status ledger_merge_next(LedgerMerge *m, LedgerSlice *out, Failure *f){
  LedgerStream *least;
  ChunkValue key, other;
  int i, others, shared, more;
  Status rc = STATUS_OK;
  memset(out, 0, sizeof *out);
  if( m->inKey ){
    rc = next_of_key(m, out, &more, f);
    if( rc!=STATUS_OK || more ) return rc;
  }
  while( rc==STATUS_OK && out->to==0 ){
    for(i=m->streams; rc==STATUS_OK && i-->0; ) rc = stream_settle(m, m->stream[i], 0, f);   /* the source first: often it is done */
    if( rc!=STATUS_OK ) return rc;
    find_least(m, &least, &key, &other, &others, &shared);
    if( least==0 ) return STATUS_OK;
    if( shared ){
      rc = begin_key(m, &key, f);
      return rc==STATUS_OK ? next_of_key(m, out, &more, f) : rc;
    }
    if( least->at < least->to ) return take_slice(m, least, others ? &other : 0, out);
    rc = take_whole(m, least, others ? &other : 0, out, f);
  }
  return rc;
}

#define MERGE_ASKS 256

int ledger_merge_stops(LedgerMerge *m, const LedgerSlice *s){
  m->asked += s->totals ? MERGE_ASKS : s->to - s->from;
  if( m->asked < MERGE_ASKS ) return 0;
  m->asked = 0;
  return stop_asked(&m->ledger->cx->stop);
}

/* ---- open and close ---- */

static LedgerStream *add_stream(LedgerMerge *m){
  LedgerStream *s = memory_zeroed(sizeof *s);
  if( s==0 ) return 0;
  chunk_init(&s->chunk, m->ledger->columns);
  s->chunk.mayBeStepwise = m->mayBeStepwise;
  m->stream[m->streams++] = s;
  return s;
}

static Status open_run(LedgerMerge *m, int64_t run, LedgerStream *s, Failure *f){
  const Ledger *l = m->ledger;
  Status rc = ledger_prepare(l, &s->stmt, f, "SELECT id, first, last, totals FROM \"%w\".\"%w_chunk\" WHERE run = %lld%s ORDER BY part",
                             l->schema, l->name, (long long)run, m->only ? " AND last >= ?1 AND (first IS NULL OR first <= ?1)" : "");
  return rc==STATUS_OK && m->only ? ledger_status(l, sqlite3_bind_value(s->stmt, 1, m->only), f) : rc;
}

Status ledger_merge_open(LedgerMerge *m, Ledger *l, const LedgerState *state, int what, int first, Failure *f){
  Status rc = STATUS_OK;
  int i;
  m->ledger = l;
  l->readers++;
  for(i=first; rc==STATUS_OK && (what & LEDGER_RUNS) && i<state->runs; i++){
    LedgerStream *s = add_stream(m);
    rc = s ? open_run(m, state->run[i], s, f) : STATUS_NOMEM;
  }
  if( rc==STATUS_OK && (what & LEDGER_SOURCE) ){
    LedgerStream *s = add_stream(m);
    if( s ) s->isSource = 1;
    rc = s ? open_source(m, state, s, f) : STATUS_NOMEM;
  }
  return rc;
}

void ledger_merge_close(LedgerMerge *m){
  int i;
  if( m->ledger==0 ) return;
  for(i=0; i<m->streams; i++){
    sqlite3_finalize(m->stream[i]->stmt);
    sqlite3_finalize(m->stream[i]->body);
    chunk_destroy(&m->stream[i]->chunk);
    memory_free(m->stream[i]);
  }
  sqlite3_finalize(m->pin);
  buffer_destroy(&m->keyBytes);
  m->ledger->readers--;
  memset(m, 0, sizeof *m);
}

/* ---- a query ---- */

static Status check_identity(const Ledger *l, const LedgerState *state, Failure *f){
  int64_t now;
  Status rc = ledger_identity(l, &now, f);
  if( rc!=STATUS_OK || !state->built || now==state->identity ) return rc;
  failure_set(f, "source '%.40s', a UNIQUE index of it or the ledger's triggers are not what they were:"
              " what is packed may be old. INSERT INTO %.40s(%.40s) VALUES('rebuild')", l->source, l->name, l->name);
  return STATUS_INVALID;
}

Status ledger_query_open(LedgerMerge *m, Ledger *l, Failure *f){
  LedgerState state;
  int step;
  Status rc = ledger_prepare(l, &m->pin, f, "SELECT k FROM \"%w\".\"%w_config\"", l->schema, l->name);
  if( rc==STATUS_OK ){
    step = sqlite3_step(m->pin);           /* stays open: no other process can change what is read */
    if( step!=SQLITE_ROW && step!=SQLITE_DONE ) rc = ledger_status(l, step, f);
  }
  if( rc==STATUS_OK ) rc = ledger_state_read(l, &state, f);
  if( rc==STATUS_OK ) rc = check_identity(l, &state, f);
  if( rc==STATUS_OK ) return ledger_merge_open(m, l, &state, LEDGER_ALL, 0, f);
  sqlite3_finalize(m->pin);
  m->pin = 0;
  return rc;
}
