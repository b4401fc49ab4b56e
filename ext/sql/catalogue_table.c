/*
** siyu_catalogue: the catalogue as a table.  Read-only, INNOCUOUS, one row per record.
*/
#include "sql/catalogue_table.h"
#include "sql/table.h"

/* Order of the columns: see table_column. */
#define CATALOGUE_SCHEMA \
  "CREATE TABLE x(name TEXT, kind TEXT, family TEXT, title_en TEXT, title_zh TEXT, signature TEXT," \
  " formula TEXT, nulls TEXT, refunds TEXT, practice TEXT, memory TEXT, sliding INTEGER," \
  " alias_of TEXT, example TEXT, output TEXT, since TEXT, states TEXT)"

typedef struct CatalogueCursor {
  sqlite3_vtab_cursor base;
  int family;
  const CatalogueEntry *entry;         /* NULL at the end */
  sqlite3_int64 rowid;
} CatalogueCursor;

static int table_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                         sqlite3_vtab **out, char **error){
  int rc = sqlite3_declare_vtab(db, CATALOGUE_SCHEMA);
  (void)aux; (void)argc; (void)argv; (void)error;
  if( rc!=SQLITE_OK ) return rc;
  *out = memory_zeroed(sizeof **out);
  if( *out==0 ) return SQLITE_NOMEM;
  return sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
}
static int table_disconnect(sqlite3_vtab *vtab){
  memory_free(vtab);
  return SQLITE_OK;
}
static int table_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info){
  (void)vtab;
  info->estimatedRows = 100;
  info->estimatedCost = 100;
  return SQLITE_OK;
}
static int table_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out){
  CatalogueCursor *c = memory_zeroed(sizeof *c);
  (void)vtab;
  if( c==0 ) return SQLITE_NOMEM;
  *out = &c->base;
  return SQLITE_OK;
}
static int table_close(sqlite3_vtab_cursor *cursor){
  memory_free(cursor);
  return SQLITE_OK;
}

/* Moves over the nameless end of a family to the next one. */
static void settle(CatalogueCursor *c){
  while( c->entry && c->entry->name==0 ) c->entry = CATALOGUE[++c->family];
}
static int table_filter(sqlite3_vtab_cursor *cursor, int idxNum, const char *idxStr, int argc, sqlite3_value **argv){
  CatalogueCursor *c = (CatalogueCursor*)cursor;
  (void)idxNum; (void)idxStr; (void)argc; (void)argv;
  c->family = 0;
  c->entry = CATALOGUE[0];
  c->rowid = 1;
  settle(c);
  return SQLITE_OK;
}
static int table_next(sqlite3_vtab_cursor *cursor){
  CatalogueCursor *c = (CatalogueCursor*)cursor;
  c->entry++;
  c->rowid++;
  settle(c);
  return SQLITE_OK;
}
static int table_eof(sqlite3_vtab_cursor *cursor){ return ((CatalogueCursor*)cursor)->entry==0; }
static int table_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out){
  *out = ((CatalogueCursor*)cursor)->rowid;
  return SQLITE_OK;
}

/* "name(a, b)" of each overload, one a line; an aggregate's with * when sliding. */
static void signature_column(sqlite3_context *ctx, const CatalogueEntry *e){
  Buffer b = {0};
  int i;
  for(i=0; i<OVERLOADS_MAX && e->overload[i].signature; i++){
    buffer_printf(&b, "%s%s(", i ? "\n" : "", e->name);
    signature_put(&b, e->overload[i].signature);
    buffer_put_byte(&b, ')');
  }
  if( b.failed || b.size==0 ){
    if( b.failed ) sqlite3_result_error_nomem(ctx);
    buffer_destroy(&b);
    return;
  }
  sqlite3_result_text64(ctx, (const char*)b.data, b.size, sqlite3_free, SQLITE_UTF8);
}

/* 1 when a window frame's start may move for every overload; NULL for what is no aggregate. */
static void sliding_column(sqlite3_context *ctx, const CatalogueEntry *e){
  int i, all = 1;
  if( e->kind!=ENTRY_AGGREGATE ) return;
  for(i=0; i<OVERLOADS_MAX && e->overload[i].signature; i++) all &= e->overload[i].metric->sliding;
  sqlite3_result_int(ctx, all);
}

/* How states of a table are made and merged; NULL for one that has none, and for what is no table. */
static void states_column(sqlite3_context *ctx, const CatalogueEntry *e){
  Signature *inputs, *call;
  Buffer b = {0};
  if( e->table==0 || e->table->state==0 ) return;
  inputs = memory_alloc(2*sizeof *inputs);
  if( inputs==0 ){ sqlite3_result_error_nomem(ctx); return; }
  call = inputs + 1;
  signature_parse(e->overload[0].signature, inputs);
  signature_of_state(inputs, call);
  buffer_printf(&b, "%s_state(", e->name);
  signature_put_arguments(&b, call);
  buffer_printf(&b, ")\n%s_merge(" STATES_INPUTS ")", e->name);
  memory_free(inputs);
  if( b.failed ){
    buffer_destroy(&b);
    sqlite3_result_error_nomem(ctx);
    return;
  }
  sqlite3_result_text64(ctx, (const char*)b.data, b.size, sqlite3_free, SQLITE_UTF8);
}

static int table_column(sqlite3_vtab_cursor *cursor, sqlite3_context *ctx, int column){
  static const char *const KIND[] = { "aggregate", "scalar", "table" };
  const CatalogueEntry *e = ((CatalogueCursor*)cursor)->entry;
  const char *const text[] = {
    e->name, KIND[e->kind], e->family, e->titleEn, e->titleZh, 0, e->formula, e->nulls, e->refunds,
    e->practice, e->memory, 0, e->aliasOf, e->example, e->output, e->since, 0
  };
  if( column==5 ){
    signature_column(ctx, e);
  }else if( column==11 ){
    sliding_column(ctx, e);
  }else if( column==16 ){
    states_column(ctx, e);
  }else if( text[column] ){
    sqlite3_result_text(ctx, text[column], -1, SQLITE_STATIC);
  }
  return SQLITE_OK;
}

/* No xCreate: the table exists by its name, without CREATE VIRTUAL TABLE. */
static const sqlite3_module CATALOGUE_MODULE = {
  .xConnect = table_connect, .xDisconnect = table_disconnect, .xBestIndex = table_best_index,
  .xOpen = table_open, .xClose = table_close, .xFilter = table_filter, .xNext = table_next,
  .xEof = table_eof, .xColumn = table_column, .xRowid = table_rowid
};

int register_catalogue_table(sqlite3 *db, const CatalogueEntry *entry){
  return sqlite3_create_module_v2(db, entry->name, &CATALOGUE_MODULE, 0, 0);
}
