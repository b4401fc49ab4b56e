/*
** specimen: a SQLite extension with the faults that the harness must find.
**
** Each function allocates twice and differs in what it does when an
** allocation fails.  Only test/harness.test loads it.
**
**   specimen_sound(n)     n; out of memory is reported, nothing is lost
**   specimen_leak(n)      as above, but loses the first block if the second
**                         cannot be had
**   specimen_wrong(n)     gives 0 when out of memory
**   specimen_excuse(n)    reports something other than out of memory
**   specimen_grudge(n)    once out of memory, gives -1 for ever after
**   specimen_count(sql)   number of rows of a query
**   specimen_deaf(sql)    as above, but takes an interrupt for the last row
**   specimen_hoard(n)     n; keeps its memory after the database is closed
**
** With environment variable SPECIMEN_LOAD=half the entry point succeeds even
** when a registration failed.  Built with -z nodelete (specimen.so) a failed
** load leaves functions whose code is still there; built without
** (specimen_unmapped.so) it leaves them dangling.
*/
#include <sqlite3ext.h>
#include <stdlib.h>
#include <string.h>

SQLITE_EXTENSION_INIT1

typedef enum { SOUND, LEAK, WRONG, EXCUSE, GRUDGE, HOARD } Defect;
typedef struct Specimen { Defect defect; int grudge; } Specimen;

static void report_no_memory(sqlite3_context *context, Specimen *specimen){
  switch( specimen->defect ){
    case WRONG: sqlite3_result_int(context, 0); break;
    case EXCUSE: sqlite3_result_error(context, "the dog ate it", -1); break;
    case GRUDGE: specimen->grudge = 1;  /* fall through */
    default: sqlite3_result_error_nomem(context);
  }
}

static void allocate_twice(sqlite3_context *context, int n, sqlite3_value **v){
  Specimen *specimen = sqlite3_user_data(context);
  void *first = sqlite3_malloc(100);
  void *second = first ? sqlite3_malloc(50) : 0;
  (void)n;
  if( second==0 ){
    report_no_memory(context, specimen);
    if( specimen->defect!=LEAK ) sqlite3_free(first);
    return;
  }
  if( specimen->defect!=HOARD ) sqlite3_free(first);
  sqlite3_free(second);
  sqlite3_result_int64(context,
      specimen->grudge ? -1 : sqlite3_value_int64(v[0]));
}

/* The user data is NULL for specimen_count, not NULL for specimen_deaf. */
static void count_rows(sqlite3_context *context, int n, sqlite3_value **v){
  sqlite3 *db = sqlite3_context_db_handle(context);
  const char *sql = (const char*)sqlite3_value_text(v[0]);
  sqlite3_stmt *query = 0;
  sqlite3_int64 rows = 0;
  int rc = sqlite3_prepare_v2(db, sql, -1, &query, 0);
  (void)n;
  while( rc==SQLITE_OK && (rc = sqlite3_step(query))==SQLITE_ROW ){
    rows++;
    rc = SQLITE_OK;
  }
  sqlite3_finalize(query);
  if( rc==SQLITE_DONE || (rc==SQLITE_INTERRUPT && sqlite3_user_data(context)) ){
    sqlite3_result_int64(context, rows);
  }else{
    sqlite3_result_error_code(context, rc);
  }
}

/* The destructor is code inside SQLite: it outlives our own unmapping. */
static int register_defect(sqlite3 *db, const char *name, Defect defect){
  Specimen *specimen = sqlite3_malloc(sizeof(*specimen));
  if( specimen==0 ) return SQLITE_NOMEM;
  specimen->defect = defect;
  specimen->grudge = 0;
  return sqlite3_create_function_v2(db, name, 1, SQLITE_UTF8, specimen,
                                    allocate_twice, 0, 0, sqlite3_free);
}

static const struct { const char *name; int defect; } specimens[] = {
  { "specimen_sound", SOUND },   { "specimen_leak", LEAK },
  { "specimen_wrong", WRONG },   { "specimen_excuse", EXCUSE },
  { "specimen_grudge", GRUDGE }, { "specimen_hoard", HOARD },
};
#define SPECIMENS (sizeof(specimens)/sizeof(specimens[0]))

static int register_all(sqlite3 *db){
  int rc = SQLITE_OK;
  for(size_t i=0; rc==SQLITE_OK && i<SPECIMENS; i++){
    rc = register_defect(db, specimens[i].name, specimens[i].defect);
  }
  if( rc!=SQLITE_OK ) return rc;
  rc = sqlite3_create_function(db, "specimen_count", 1, SQLITE_UTF8, 0,
                               count_rows, 0, 0);
  if( rc!=SQLITE_OK ) return rc;
  return sqlite3_create_function(db, "specimen_deaf", 1, SQLITE_UTF8, "deaf",
                                 count_rows, 0, 0);
}

int sqlite3_extension_init(sqlite3 *db, char **message,
                           const sqlite3_api_routines *api);
int sqlite3_extension_init(sqlite3 *db, char **message,
                           const sqlite3_api_routines *api){
  const char *spoil = getenv("SPECIMEN_LOAD");
  int rc;
  (void)message;
  SQLITE_EXTENSION_INIT2(api);
  rc = register_all(db);
  return spoil && strcmp(spoil, "half")==0 ? SQLITE_OK : rc;
}
