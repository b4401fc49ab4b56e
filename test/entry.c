/*
** Calls the entry point of the extension named by its argument as an application may: through
** sqlite3_load_extension() with and without a place for the message, twice, from two threads'
** worth of connections, and while allocations fail.  Prints "ok", or what went wrong.
*/
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static int failing = -1;               /* allocations until one fails and all after it; -1 none */
static sqlite3_mem_methods real;

static int spent(void){
  if( failing < 0 ) return 0;
  if( failing==0 ) return 1;
  failing--;
  return 0;
}
static void *failing_malloc(int n){ return spent() ? 0 : real.xMalloc(n); }
static void *failing_realloc(void *p, int n){ return spent() ? 0 : real.xRealloc(p, n); }

static int works(sqlite3 *db){
  sqlite3_stmt *stmt = 0;
  int rc = sqlite3_prepare_v2(db, "SELECT gmv(20) + 3", -1, &stmt, 0);
  if( rc==SQLITE_OK ) rc = sqlite3_step(stmt)==SQLITE_ROW && sqlite3_column_int(stmt, 0)==23 ? SQLITE_OK : SQLITE_ERROR;
  sqlite3_finalize(stmt);
  return rc==SQLITE_OK;
}

static sqlite3 *opened(void){
  sqlite3 *db = 0;
  if( sqlite3_open(":memory:", &db)!=SQLITE_OK ) return 0;
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, (int*)0);
  return db;
}

static const char *check(const char *library){
  sqlite3 *a = opened(), *b = opened();
  char *message = 0;
  int n;
  if( a==0 || b==0 ) return "cannot open";
  if( sqlite3_load_extension(a, library, 0, 0)!=SQLITE_OK || !works(a) ) return "does not load with pzErrMsg NULL";
  if( sqlite3_load_extension(a, library, 0, 0)!=SQLITE_OK || !works(a) ) return "does not load twice";
  if( sqlite3_load_extension(b, library, 0, &message)!=SQLITE_OK || !works(b) ) return "does not load into a second connection";
  if( sqlite3_close(a)!=SQLITE_OK || !works(b) ) return "the second connection needs the first";
  if( sqlite3_close(b)!=SQLITE_OK ) return "cannot close";
  for(n=0; n<100000; n++){
    int rc;
    a = opened();
    if( a==0 ) return "cannot open again";
    failing = n;
    rc = sqlite3_load_extension(a, library, 0, 0);
    failing = -1;
    if( rc==SQLITE_OK && !works(a) ) return "half loaded and silent about it";
    sqlite3_close(a);
    if( rc==SQLITE_OK ) break;
  }
  if( n < 100 || n==100000 ) return "no allocation failed";
  return sqlite3_memory_used()==0 ? 0 : "memory is not given back";
}

int main(int argc, char **argv){
  sqlite3_mem_methods methods;
  const char *complaint;
  if( argc!=2 ) return 2;
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
  methods = real;
  methods.xMalloc = failing_malloc;
  methods.xRealloc = failing_realloc;
  sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
  complaint = check(argv[1]);
  printf("%s\n", complaint ? complaint : "ok");
  return complaint!=0;
}
