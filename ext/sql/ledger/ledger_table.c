/*
** The module siyu_ledger: see ledger.h.
*/
#include <stdlib.h>
#include "sql/ledger/ledger.h"
#include "sql/name.h"

#define MODULE "siyu_ledger"

typedef struct LedgerCursor {
  sqlite3_vtab_cursor base;
  LedgerMerge merge;
  LedgerSlice slice;           /* customers that are being handed out */
  int customer;                /* the one at hand */
  uint32_t row, end;           /* its rows */
  sqlite3_int64 rowid;
  sqlite3_value *only;
  int eof;
} LedgerCursor;

static int ledger_fail(sqlite3_vtab *vtab, Status rc, const Failure *f){
  if( rc==STATUS_OK ) return SQLITE_OK;
  if( rc==STATUS_NOMEM ) return SQLITE_NOMEM;
  if( rc==STATUS_INTERRUPTED ) return SQLITE_INTERRUPT;
  memory_free(vtab->zErrMsg);
  vtab->zErrMsg = sqlite3_mprintf(MODULE ": %s", f->text[0] ? f->text : "too many rows");
  return vtab->zErrMsg ? SQLITE_ERROR : SQLITE_NOMEM;
}

/* ---- what CREATE VIRTUAL TABLE says ---- */

static const char *const LEDGER_INPUT[] = { "source", "customer_col", "time_col", "amount_col", "order_col", "segment_cols" };
enum { IN_SOURCE, IN_CUSTOMER, IN_TIME, IN_AMOUNT, IN_ORDER, IN_SEGMENTS, LEDGER_INPUTS };

static void ledger_free(Ledger *l){
  int i;
  for(i=0; i<LEDGER_NAMES; i++) memory_free(l->column[i]);
  memory_free(l->schema);
  memory_free(l->name);
  memory_free(l->source);
  memory_free(l->base.zErrMsg);            /* of DROP TABLE SQLite does not take it */
  memory_free(l);
}

static Status refuse_input(Failure *f, const char *format, const char *a){
  failure_set(f, format, a);
  return STATUS_INVALID;
}

/* "name = value" */
static Status read_input(char **input, const char *arg, Failure *f){
  const char *name = arg + strspn(arg, " \t\r\n"), *equals = strchr(name, '=');
  size_t n = equals ? (size_t)(equals - name) : 0;
  int i;
  while( n > 0 && strchr(" \t\r\n", name[n-1]) ) n--;
  for(i=0; i<LEDGER_INPUTS; i++){
    if( strlen(LEDGER_INPUT[i])==n && sqlite3_strnicmp(LEDGER_INPUT[i], name, (int)n)==0 ) break;
  }
  if( i==LEDGER_INPUTS ){
    return refuse_input(f, "'%.60s' is no input; write name=value with one of source, customer_col, time_col,"
                        " amount_col, order_col, segment_cols", name);
  }
  if( input[i] ) return refuse_input(f, "input %s is given twice", LEDGER_INPUT[i]);
  equals++;
  equals += strspn(equals, " \t\r\n");
  input[i] = i==IN_SEGMENTS ? text_unquoted(equals) : name_preset(equals);
  return input[i] ? STATUS_OK : STATUS_NOMEM;
}

/* The name in a text, of which a schema before it is handed out, too. */
static Status plain_name(const char *text, char **schema, char **out){
  char *before, *name;
  Status rc = name_quoted(text, &before, &name);
  *schema = 0;
  if( rc==STATUS_INVALID ){
    *out = sqlite3_mprintf("%s", text);
    return *out ? STATUS_OK : STATUS_NOMEM;
  }
  if( rc!=STATUS_OK ) return rc;
  *out = sqlite3_mprintf("%s", name);
  if( *before ) *schema = sqlite3_mprintf("%s", before);
  rc = *out==0 || (*before && *schema==0) ? STATUS_NOMEM : STATUS_OK;
  memory_free(before);
  return rc;
}

static Status read_source(Ledger *l, const char *text, Failure *f){
  char *schema = 0;
  const char *dot = strchr(text, '.');
  Status rc = plain_name(text, &schema, &l->source);
  if( rc==STATUS_OK && schema==0 && dot && (size_t)(dot - text)==strlen(l->schema)
   && sqlite3_strnicmp(text, l->schema, (int)(dot - text))==0 ){            /* main.orders */
    memory_free(l->source);
    l->source = sqlite3_mprintf("%s", dot + 1);
    if( l->source==0 ) rc = STATUS_NOMEM;
  }
  if( rc==STATUS_OK && schema && sqlite3_stricmp(schema, l->schema)!=0 ){
    failure_set(f, "source '%.60s' is in another schema than the ledger, where its triggers could not reach the ledger", text);
    rc = STATUS_INVALID;
  }
  memory_free(schema);
  return rc;
}

/* A further column; 0 and a Failure when it is one already, or one too many. */
static Status add_name(Ledger *l, char *name, int *place, Failure *f){
  int i;
  if( name==0 ) return STATUS_NOMEM;
  if( l->columns + 1 >= LEDGER_NAMES ){
    memory_free(name);
    return refuse_input(f, "more than %s columns", "17");
  }
  for(i=0; i<=l->columns; i++){
    if( l->column[i] && sqlite3_stricmp(l->column[i], name)==0 ){
      failure_set(f, "column '%.60s' is named twice", name);
      memory_free(name);
      return STATUS_INVALID;
    }
  }
  if( l->column[0] ) l->columns++;
  *place = l->columns;
  l->column[l->columns] = name;
  return STATUS_OK;
}

static Status read_column_input(Ledger *l, char *const *input, int which, int *place, Failure *f){
  char *name = 0, *schema = 0;
  Status rc;
  if( input[which]==0 || input[which][0]==0 ){
    return which <= IN_TIME ? refuse_input(f, "input %s is missing", LEDGER_INPUT[which]) : STATUS_OK;
  }
  rc = plain_name(input[which], &schema, &name);
  memory_free(schema);
  return rc==STATUS_OK ? add_name(l, name, place, f) : rc;
}

static Status read_segments(Ledger *l, const char *list, Failure *f){
  char *name;
  int place;
  Status rc = STATUS_OK;
  if( list==0 || list[strspn(list, " \t\r\n")]==0 ) return STATUS_OK;
  name = memory_alloc(strlen(list) + 1);
  if( name==0 ) return STATUS_NOMEM;
  while( rc==STATUS_OK && *list ){
    if( !name_of_list(&list, name) ) rc = refuse_input(f, "segment_cols '%.60s' is no list of columns; write 'a, b, c'", list);
    else rc = add_name(l, sqlite3_mprintf("%s", name), &place, f);
  }
  memory_free(name);
  return rc;
}

static Status read_inputs(Ledger *l, int argc, const char *const *argv, Failure *f){
  char *input[LEDGER_INPUTS] = {0};
  int i, place = 0;
  Status rc = STATUS_OK;
  for(i=3; rc==STATUS_OK && i<argc; i++) rc = read_input(input, argv[i], f);
  if( rc==STATUS_OK && (input[IN_SOURCE]==0 || input[IN_SOURCE][0]==0) ) rc = refuse_input(f, "input %s is missing", "source");
  if( rc==STATUS_OK ) rc = read_source(l, input[IN_SOURCE], f);
  if( rc==STATUS_OK ) rc = read_column_input(l, input, IN_CUSTOMER, &place, f);
  if( rc==STATUS_OK ) rc = read_column_input(l, input, IN_TIME, &place, f);
  if( rc==STATUS_OK ) rc = read_column_input(l, input, IN_AMOUNT, &l->amount, f);
  if( rc==STATUS_OK ) rc = read_column_input(l, input, IN_ORDER, &l->order, f);
  if( rc==STATUS_OK ) rc = read_segments(l, input[IN_SEGMENTS], f);
  for(i=0; rc==STATUS_OK && i<=l->columns; i++){
    if( sqlite3_stricmp(l->column[i], l->name)==0 ) rc = refuse_input(f, "the ledger needs another name than its column '%.60s'", l->name);
  }
  for(i=0; i<LEDGER_INPUTS; i++) memory_free(input[i]);
  return rc;
}

/* ---- create, connect ---- */

static int ledger_declare(sqlite3 *db, const Ledger *l){
  Buffer sql = {0};
  int i, rc;
  for(i=0; i<=l->columns; i++) buffer_printf(&sql, "%s\"%w\"", i ? ", " : "CREATE TABLE x(", l->column[i]);
  buffer_printf(&sql, ", \"%w\" HIDDEN)", l->name);
  buffer_put_byte(&sql, 0);
  rc = sql.failed ? SQLITE_NOMEM : sqlite3_declare_vtab(db, (const char*)sql.data);
  buffer_destroy(&sql);
  return rc;
}

/* Indexes without names go along when the tables are renamed.  A mark is NULL, so that marks never
** conflict. */
static Status create_tables(Ledger *l, Failure *f){
  LedgerState state = {0};
  Status rc = ledger_run(l, f, "CREATE TABLE \"%w\".\"%w_chunk\"(id INTEGER PRIMARY KEY, run, part, weight, first, last, totals, body,"
                         " UNIQUE(run, part, weight), UNIQUE(run, last, first, part))", l->schema, l->name);
  if( rc==STATUS_OK ) rc = ledger_run(l, f, "CREATE TABLE \"%w\".\"%w_config\"(k TEXT PRIMARY KEY, v)", l->schema, l->name);
  if( rc==STATUS_OK ) rc = ledger_run(l, f, "CREATE TABLE \"%w\".\"%w_dirty\"(customer, mark, UNIQUE(customer, mark) ON CONFLICT IGNORE)", l->schema, l->name);
  state.high = INT64_MIN;
  state.nextRun = 1;
  return rc==STATUS_OK ? ledger_state_write(l, &state, f) : rc;
}

static int ledger_open_table(sqlite3 *db, Connection *cx, int argc, const char *const *argv, int create,
                             sqlite3_vtab **out, char **error){
  Ledger *l = memory_zeroed(sizeof *l);
  LedgerSource s = {0};
  Failure f = {{0}};
  Status status;
  int rc;
  if( l==0 ) return SQLITE_NOMEM;
  l->db = db;
  l->cx = cx;
  l->schema = sqlite3_mprintf("%s", argv[1]);
  l->name = sqlite3_mprintf("%s", argv[2]);
  status = l->schema && l->name ? read_inputs(l, argc, argv, &f) : STATUS_NOMEM;
  if( status==STATUS_OK && create ) status = ledger_source_check(l, &s, &f);
  if( status==STATUS_OK && create ) status = create_tables(l, &f);
  ledger_source_free(&s);
  rc = ledger_fail(&l->base, status, &f);
  *error = l->base.zErrMsg;
  l->base.zErrMsg = 0;
  if( rc==SQLITE_OK ) rc = ledger_declare(db, l);
  if( rc==SQLITE_OK ) rc = sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
  if( rc!=SQLITE_OK ){ ledger_free(l); return rc; }
  l->next = cx->ledgers;
  cx->ledgers = l;
  *out = &l->base;
  return SQLITE_OK;
}

static int ledger_create(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **error){
  return ledger_open_table(db, aux, argc, argv, 1, out, error);
}
static int ledger_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **error){
  return ledger_open_table(db, aux, argc, argv, 0, out, error);
}

static int ledger_disconnect(sqlite3_vtab *vtab){
  Ledger *l = (Ledger*)vtab, **at;
  for(at=&l->cx->ledgers; *at; at=&(*at)->next){
    if( *at==l ){ *at = l->next; break; }
  }
  ledger_free(l);
  return SQLITE_OK;
}

static int ledger_destroy(sqlite3_vtab *vtab){
  static const char *const SHADOW[] = { "chunk", "config", "dirty" };
  Ledger *l = (Ledger*)vtab;
  Failure f = {{0}};
  Status rc = ledger_triggers_drop(l, &f);
  int i;
  for(i=0; rc==STATUS_OK && i<3; i++) rc = ledger_run(l, &f, "DROP TABLE IF EXISTS \"%w\".\"%w_%s\"", l->schema, l->name, SHADOW[i]);
  return rc==STATUS_OK ? ledger_disconnect(vtab) : ledger_fail(vtab, rc, &f);
}

Ledger *ledger_find(const Connection *cx, const char *schema, const char *name){
  Ledger *l;
  for(l=cx->ledgers; l; l=l->next){
    if( sqlite3_stricmp(l->schema, schema)==0 && sqlite3_stricmp(l->name, name)==0 ) return l;
  }
  return 0;
}

/* Shadow tables get the new name; triggers are made anew, and what they are kept in mind. */
static Status rename_tables(Ledger *l, char *name, Failure *f){
  static const char *const SHADOW[] = { "chunk", "config", "dirty" };
  LedgerState state;
  LedgerSource s = {0};
  char *old = l->name;
  int64_t now = 0;
  int i;
  Status rc = ledger_state_read(l, &state, f);
  if( rc==STATUS_OK && state.built ) rc = ledger_identity(l, &now, f);
  if( rc==STATUS_OK && state.built && now!=state.identity ) rc = refuse_input(f, "%s must be rebuilt before it gets another name", l->name);
  if( rc==STATUS_OK ) rc = ledger_triggers_drop(l, f);
  for(i=0; rc==STATUS_OK && i<3; i++){
    rc = ledger_run(l, f, "ALTER TABLE \"%w\".\"%w_%s\" RENAME TO \"%w_%s\"", l->schema, old, SHADOW[i], name, SHADOW[i]);
  }
  if( rc!=STATUS_OK || !state.built ) return rc;
  l->name = name;
  rc = ledger_source_read(l, &s, f);
  if( rc==STATUS_OK ) rc = ledger_triggers_make(l, &s, state.high, f);
  if( rc==STATUS_OK ) rc = ledger_identity(l, &state.identity, f);
  if( rc==STATUS_OK ) rc = ledger_state_write(l, &state, f);
  ledger_source_free(&s);
  l->name = old;
  return rc;
}

static int ledger_rename(sqlite3_vtab *vtab, const char *to){
  Failure f = {{0}};
  char *name = sqlite3_mprintf("%s", to);
  Status rc = name ? rename_tables((Ledger*)vtab, name, &f) : STATUS_NOMEM;
  memory_free(name);
  return ledger_fail(vtab, rc, &f);
}

static int ledger_shadow_name(const char *suffix){
  return sqlite3_stricmp(suffix, "chunk")==0 || sqlite3_stricmp(suffix, "config")==0;
}

/* ---- plan ----
** idxNum 1: the rows of one customer.  idxStr: the used columns as hexadecimal bits. */

static int find_customer(sqlite3_index_info *info){
  int i;
  for(i=0; i<info->nConstraint; i++){
    if( info->aConstraint[i].iColumn==0 && info->aConstraint[i].usable
     && info->aConstraint[i].op==SQLITE_INDEX_CONSTRAINT_EQ
     && sqlite3_stricmp(sqlite3_vtab_collation(info, i), "BINARY")==0 ) return i;
  }
  return -1;
}

static int ledger_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info){
  Ledger *l = (Ledger*)vtab;
  int only = find_customer(info);
  l->cx->planned++;
  info->idxNum = only >= 0;
  info->estimatedCost = only >= 0 ? 1000 : 1e6;
  info->estimatedRows = only >= 0 ? 10 : 1000000;
  if( only >= 0 ) info->aConstraintUsage[only].argvIndex = 1;      /* not omitted: SQLite looks, too */
  info->orderByConsumed = info->nOrderBy==1 && info->aOrderBy[0].iColumn==0 && !info->aOrderBy[0].desc;
  info->idxStr = sqlite3_mprintf("%llx", (unsigned long long)info->colUsed);
  if( info->idxStr==0 ) return SQLITE_NOMEM;
  info->needToFreeIdxStr = 1;
  return SQLITE_OK;
}

/* ---- rows ---- */

static int cursor_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out){
  LedgerCursor *c = memory_zeroed(sizeof *c);
  (void)vtab;
  if( c==0 ) return SQLITE_NOMEM;
  c->eof = 1;
  *out = &c->base;
  return SQLITE_OK;
}

static void cursor_reset(LedgerCursor *c){
  ledger_merge_close(&c->merge);
  sqlite3_value_free(c->only);
  c->only = 0;
  memset(&c->slice, 0, sizeof c->slice);
  c->eof = 1;
}

static int cursor_close(sqlite3_vtab_cursor *cursor){
  cursor_reset((LedgerCursor*)cursor);
  memory_free(cursor);
  return SQLITE_OK;
}

/* Moves to the next row: of the customer, of the slice, of the merge. */
static int cursor_advance(LedgerCursor *c){
  Failure f;
  f.text[0] = 0;
  c->rowid++;
  while( c->row==c->end ){
    if( c->customer + 1 < c->slice.to ){
      c->customer++;
    }else{
      Status rc = ledger_merge_next(&c->merge, &c->slice, &f);
      if( rc!=STATUS_OK ) return ledger_fail(c->base.pVtab, rc, &f);
      if( c->slice.from==c->slice.to ){ c->eof = 1; return SQLITE_OK; }
      c->customer = c->slice.from;
    }
    c->row = c->slice.chunk->start[c->customer];
    c->end = c->slice.chunk->start[c->customer+1];
  }
  return SQLITE_OK;
}

static int cursor_filter(sqlite3_vtab_cursor *cursor, int idxNum, const char *idxStr, int argc, sqlite3_value **argv){
  LedgerCursor *c = (LedgerCursor*)cursor;
  Ledger *l = (Ledger*)cursor->pVtab;
  Failure f = {{0}};
  uint64_t used = idxStr ? strtoull(idxStr, 0, 16) : ~UINT64_C(0);
  Status rc;
  cursor_reset(c);
  c->merge.wanted = (uint32_t)(used >> 1);
  if( idxNum ){
    (void)argc;
    if( sqlite3_value_type(argv[0])==SQLITE_NULL ) return SQLITE_OK;
    c->only = c->merge.only = sqlite3_value_dup(argv[0]);
    if( c->only==0 || ledger_value_of(c->only, &c->merge.onlyKey)!=STATUS_OK ) return SQLITE_NOMEM;
  }
  rc = ledger_query_open(&c->merge, l, &f);
  if( rc!=STATUS_OK ){
    cursor_reset(c);
    return ledger_fail(cursor->pVtab, rc, &f);
  }
  c->eof = 0;
  c->rowid = 0;
  c->row = c->end = 0;
  c->customer = 0;
  return cursor_advance(c);
}

static int cursor_next(sqlite3_vtab_cursor *cursor){
  ((LedgerCursor*)cursor)->row++;
  return cursor_advance((LedgerCursor*)cursor);
}
static int cursor_eof(sqlite3_vtab_cursor *cursor){ return ((LedgerCursor*)cursor)->eof; }
static int cursor_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out){
  *out = ((LedgerCursor*)cursor)->rowid;
  return SQLITE_OK;
}

static int cursor_column(sqlite3_vtab_cursor *cursor, sqlite3_context *ctx, int i){
  LedgerCursor *c = (LedgerCursor*)cursor;
  const Chunk *chunk = c->slice.chunk;
  ChunkValue v;
  char room[VECTOR_TEXT_SIZE];
  if( i > chunk->columns ) return SQLITE_OK;             /* the command */
  if( i==0 ) vector_value(&chunk->key, (size_t)c->customer, &v, 0);
  else if( c->row >= chunk->column[i-1].count ) return SQLITE_OK;            /* not asked for */
  else vector_value(&chunk->column[i-1], c->row, &v, room);
  switch( v.type ){
    case CELL_INTEGER: sqlite3_result_int64(ctx, v.cell.i); break;
    case CELL_REAL: sqlite3_result_double(ctx, v.cell.r); break;
    case CELL_TEXT: sqlite3_result_text64(ctx, v.size ? v.bytes : "", v.size, SQLITE_TRANSIENT, SQLITE_UTF8); break;
    case CELL_BLOB: sqlite3_result_blob64(ctx, v.size ? v.bytes : "", v.size, SQLITE_TRANSIENT); break;
    default: break;
  }
  return SQLITE_OK;
}

/* ---- commands ---- */

static int ledger_update(sqlite3_vtab *vtab, int argc, sqlite3_value **argv, sqlite3_int64 *rowid){
  Ledger *l = (Ledger*)vtab;
  Failure f = {{0}};
  const char *command;
  Status rc;
  (void)rowid;
  if( argc < 2 || sqlite3_value_type(argv[0])!=SQLITE_NULL || sqlite3_value_type(argv[l->columns + 3])==SQLITE_NULL ){
    failure_set(&f, "a ledger follows its source: rows are changed in '%.60s'", l->source);
    return ledger_fail(vtab, STATUS_INVALID, &f);
  }
  command = (const char*)sqlite3_value_text(argv[l->columns + 3]);
  rc = command ? ledger_command(l, command, &f) : STATUS_NOMEM;
  return ledger_fail(vtab, rc, &f);
}

#if SQLITE_VERSION_NUMBER>=3044000
static int ledger_integrity(sqlite3_vtab *vtab, const char *schema, const char *name, int flags, char **error){
  Failure f = {{0}};
  Status rc = flags & 1 ? STATUS_OK : ledger_check((Ledger*)vtab, &f);        /* 1: quick_check */
  (void)schema;
  if( rc==STATUS_NOMEM ) return SQLITE_NOMEM;
  if( rc==STATUS_INTERRUPTED ) return SQLITE_INTERRUPT;
  if( rc!=STATUS_OK ) *error = sqlite3_mprintf("ledger %s: %s", name, f.text);
  return SQLITE_OK;
}
# define LEDGER_MODULE_VERSION 4
#else
# define LEDGER_MODULE_VERSION 3
#endif

static const sqlite3_module LEDGER_MODULE = {
  .iVersion = LEDGER_MODULE_VERSION,
  .xCreate = ledger_create, .xConnect = ledger_connect, .xBestIndex = ledger_best_index,
  .xDisconnect = ledger_disconnect, .xDestroy = ledger_destroy, .xOpen = cursor_open,
  .xClose = cursor_close, .xFilter = cursor_filter, .xNext = cursor_next, .xEof = cursor_eof,
  .xColumn = cursor_column, .xRowid = cursor_rowid, .xUpdate = ledger_update, .xRename = ledger_rename,
  .xShadowName = ledger_shadow_name,
#if SQLITE_VERSION_NUMBER>=3044000
  .xIntegrity = ledger_integrity
#endif
};

static void ledger_module_destroy(void *connection){ connection_release(connection); }

int register_ledger(sqlite3 *db, Connection *cx, const char *name){
  cx->references++;                        /* SQLite calls the destructor on failure, too */
  return sqlite3_create_module_v2(db, name, &LEDGER_MODULE, cx, ledger_module_destroy);
}
