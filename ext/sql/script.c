/*
** siyu_script: the SQL texts as a table, read-only, INNOCUOUS.
*/
#include "sql/script.h"

#define SCRIPT_SCHEMA \
  "CREATE TABLE x(name TEXT, kind TEXT, practice TEXT, needs TEXT, title_zh TEXT, title_en TEXT, sql TEXT)"

const Script *script_find(const char *name, int n){
  const Script *s;
  for(s=SCRIPTS; s->name; s++){
    if( (int)strlen(s->name)==n && sqlite3_strnicmp(s->name, name, n)==0 ) return s;
  }
  return 0;
}

char *script_text(const Script *s){
  Buffer b = {0};
  const char *const *line;
  for(line=s->lines; *line; line++){
    buffer_put(&b, *line, strlen(*line));
    buffer_put_byte(&b, '\n');
  }
  buffer_put_byte(&b, 0);
  if( !b.failed ) return (char*)b.data;
  buffer_destroy(&b);
  return 0;
}

typedef struct ScriptCursor { sqlite3_vtab_cursor base; int at; } ScriptCursor;

static int script_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **error){
  int rc = sqlite3_declare_vtab(db, SCRIPT_SCHEMA);
  (void)aux; (void)argc; (void)argv; (void)error;
  if( rc!=SQLITE_OK ) return rc;
  *out = memory_zeroed(sizeof **out);
  if( *out==0 ) return SQLITE_NOMEM;
  return sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
}
static int script_disconnect(sqlite3_vtab *vtab){
  memory_free(vtab);
  return SQLITE_OK;
}
static int script_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info){
  (void)vtab;
  info->estimatedRows = 100;
  info->estimatedCost = 100;
  return SQLITE_OK;
}
static int script_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out){
  ScriptCursor *c = memory_zeroed(sizeof *c);
  (void)vtab;
  if( c==0 ) return SQLITE_NOMEM;
  *out = &c->base;
  return SQLITE_OK;
}
static int script_close(sqlite3_vtab_cursor *cursor){
  memory_free(cursor);
  return SQLITE_OK;
}
static int script_filter(sqlite3_vtab_cursor *cursor, int idxNum, const char *idxStr, int argc, sqlite3_value **argv){
  (void)idxNum; (void)idxStr; (void)argc; (void)argv;
  ((ScriptCursor*)cursor)->at = 0;
  return SQLITE_OK;
}
static int script_next(sqlite3_vtab_cursor *cursor){
  ((ScriptCursor*)cursor)->at++;
  return SQLITE_OK;
}
static int script_eof(sqlite3_vtab_cursor *cursor){ return SCRIPTS[((ScriptCursor*)cursor)->at].name==0; }
static int script_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out){
  *out = ((ScriptCursor*)cursor)->at + 1;
  return SQLITE_OK;
}
static int script_column(sqlite3_vtab_cursor *cursor, sqlite3_context *ctx, int column){
  const Script *s = &SCRIPTS[((ScriptCursor*)cursor)->at];
  const char *const text[] = { s->name, s->kind, s->practice, s->needs, s->titleZh, s->titleEn };
  char *whole;
  if( column < 6 ){
    sqlite3_result_text(ctx, text[column], -1, SQLITE_STATIC);
    return SQLITE_OK;
  }
  whole = script_text(s);
  if( whole ) sqlite3_result_text(ctx, whole, -1, sqlite3_free);
  else sqlite3_result_error_nomem(ctx);
  return SQLITE_OK;
}

static const sqlite3_module SCRIPT_MODULE = {
  .xConnect = script_connect, .xDisconnect = script_disconnect, .xBestIndex = script_best_index,
  .xOpen = script_open, .xClose = script_close, .xFilter = script_filter, .xNext = script_next,
  .xEof = script_eof, .xColumn = script_column, .xRowid = script_rowid
};

int register_script_table(sqlite3 *db, const CatalogueEntry *entry){
  return sqlite3_create_module_v2(db, entry->name, &SCRIPT_MODULE, 0, 0);
}
