/* noop(...): an aggregate that looks at its arguments' types and does nothing more.  It is
** the floor of what an aggregate costs under the same query: SQLite's own work. */
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1

static void noop_step(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  int *rows = sqlite3_aggregate_context(ctx, sizeof *rows);
  int i;
  if( rows==0 ) return;
  for(i=0; i<argc; i++) *rows += sqlite3_value_type(argv[i])!=SQLITE_NULL;
}
static void noop_final(sqlite3_context *ctx){
  int *rows = sqlite3_aggregate_context(ctx, 0);
  sqlite3_result_int(ctx, rows ? *rows : 0);
}

int sqlite3_noop_init(sqlite3 *db, char **message, const sqlite3_api_routines *api);
int sqlite3_noop_init(sqlite3 *db, char **message, const sqlite3_api_routines *api){
  SQLITE_EXTENSION_INIT2(api);
  (void)message;
  return sqlite3_create_function(db, "noop", -1, SQLITE_UTF8|SQLITE_DETERMINISTIC, 0, 0, noop_step, noop_final);
}
