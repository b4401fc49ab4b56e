/*
** A call with the wrong number of arguments.  SQLite's own error names the function alone; so
** each name is registered once more for any number, which SQLite takes when no other fits, and
** that one says how the function is written.
*/
#include "sql/function.h"

static void put_forms(const CatalogueEntry *e, const char *suffix, Buffer *out){
  int i;
  if( strcmp(suffix, "_merge")==0 ){ buffer_printf(out, "%s_merge(state)", e->name); return; }
  for(i=0; i<OVERLOADS_MAX && e->overload[i].signature; i++){
    buffer_printf(out, "%s%s%s(", i ? ", or " : "", e->name, suffix);
    signature_put(out, e->overload[i].signature);
    buffer_put_byte(out, ')');
  }
}

static void say_count(sqlite3_context *ctx, const char *suffix){
  const CatalogueEntry *e = sqlite3_user_data(ctx);
  Buffer text = {0};
  buffer_printf(&text, "wrong number of arguments to function %s%s(); write ", e->name, suffix);
  put_forms(e, suffix, &text);
  buffer_put_byte(&text, 0);
  if( text.failed ) sqlite3_result_error_nomem(ctx);
  else sqlite3_result_error(ctx, (const char*)text.data, -1);
  buffer_destroy(&text);
}

static void count_call(sqlite3_context *ctx, int argc, sqlite3_value **argv){ (void)argc; (void)argv; say_count(ctx, ""); }
static void count_end(sqlite3_context *ctx){ say_count(ctx, ""); }
static void count_state_call(sqlite3_context *ctx, int argc, sqlite3_value **argv){ (void)argc; (void)argv; say_count(ctx, "_state"); }
static void count_state_end(sqlite3_context *ctx){ say_count(ctx, "_state"); }
static void count_merge_call(sqlite3_context *ctx, int argc, sqlite3_value **argv){ (void)argc; (void)argv; say_count(ctx, "_merge"); }
static void count_merge_end(sqlite3_context *ctx){ say_count(ctx, "_merge"); }

/* SQLite hands it back as it was given; nobody writes to it. */
static void *entry_data(const CatalogueEntry *e){ return (void*)(uintptr_t)e; }

typedef void (*CountCall)(sqlite3_context*, int, sqlite3_value**);
typedef void (*CountEnd)(sqlite3_context*);

static int register_count(sqlite3 *db, const CatalogueEntry *e, const char *suffix, int flags, CountCall call, CountEnd end){
  char name[48];
  sqlite3_snprintf((int)sizeof name, name, "%s%s", e->name, suffix);
  return sqlite3_create_function_v2(db, name, -1, flags, entry_data(e), 0, call, end, 0);
}

int register_wrong_count(sqlite3 *db, const CatalogueEntry *e, int flags){
  Signature s;
  int rc = SQLITE_OK;
  if( !signature_parse(e->overload[0].signature, &s) ) return SQLITE_MISUSE;
  if( e->kind==ENTRY_SCALAR ) return sqlite3_create_function_v2(db, e->name, -1, flags, entry_data(e), count_call, 0, 0, 0);
  /* with c1, ..., cN any number is taken, and counted by parameters.c */
  if( !s.variadic ) rc = sqlite3_create_window_function(db, e->name, -1, flags, entry_data(e), count_call, count_end, count_end, count_call, 0);
  if( rc==SQLITE_OK && !s.variadic ) rc = register_count(db, e, "_state", flags, count_state_call, count_state_end);
  if( rc==SQLITE_OK ) rc = register_count(db, e, "_merge", flags, count_merge_call, count_merge_end);
  return rc;
}
