/*
** siyu for every connection that the process opens, as include/siyu.h recommends: linked into the
** application, or loaded from the library that its argument names.  Prints "ok", or what went wrong.
*/
#include <sqlite3.h>
#include <stdio.h>
#ifdef LINKED
# include "siyu.h"
#else
# include <dlfcn.h>
#endif

typedef void (*Entry)(void);

static Entry entry_of(const char *library){
#ifdef LINKED
  (void)library;
  return (Entry)sqlite3_siyu_init;
#else
  void *opened = dlopen(library, RTLD_NOW);
  return opened ? (Entry)dlsym(opened, "sqlite3_siyu_init") : 0;
#endif
}

static int works(sqlite3 *db){
  sqlite3_stmt *stmt = 0;
  int ok = sqlite3_prepare_v2(db, "SELECT gmv(20) + 3, (SELECT count(*) FROM siyu_catalogue)", -1, &stmt, 0)==SQLITE_OK
        && sqlite3_step(stmt)==SQLITE_ROW && sqlite3_column_int(stmt, 0)==23 && sqlite3_column_int(stmt, 1) > 50;
  sqlite3_finalize(stmt);
  return ok;
}

static const char *check(Entry entry){
  sqlite3 *a = 0, *b = 0;
#ifdef LINKED
  char *message = 0;
#endif
  int rc;
  if( entry==0 ) return "no entry point";
  if( sqlite3_auto_extension(entry)!=SQLITE_OK ) return "sqlite3_auto_extension fails";
  rc = sqlite3_open(":memory:", &a);
  if( rc!=SQLITE_OK ){
    printf("sqlite3_open: %d, %s\n", rc, sqlite3_errmsg(a));
    return "the first connection does not open";
  }
  if( sqlite3_errcode(a)!=SQLITE_OK ) return "an error is left behind";
  if( !works(a) ) return "the first connection lacks siyu";
  if( sqlite3_open(":memory:", &b)!=SQLITE_OK || !works(b) ) return "the second connection does not open";
  if( !works(a) ) return "the first connection is disturbed";
#ifdef LINKED
  /* Somebody asks by hand for what is there. */
  if( sqlite3_siyu_init(a, &message, 0)!=SQLITE_OK || message || sqlite3_errcode(a)!=SQLITE_OK ) return "does not take a second call";
#endif
  if( sqlite3_close(a)!=SQLITE_OK || !works(b) ) return "the second connection needs the first";
  if( sqlite3_close(b)!=SQLITE_OK ) return "cannot close";
  if( sqlite3_cancel_auto_extension(entry)!=1 ) return "cannot be cancelled";
  if( sqlite3_open(":memory:", &a)!=SQLITE_OK || works(a) ) return "is there after it was cancelled";
  sqlite3_close(a);
  sqlite3_reset_auto_extension();      /* the list itself */
  return sqlite3_memory_used()==0 ? 0 : "memory is not given back";
}

int main(int argc, char **argv){
  const char *complaint = check(entry_of(argc > 1 ? argv[1] : 0));
  printf("%s\n", complaint ? complaint : "ok");
  return complaint!=0;
}
