/*
** Entry point: walks the catalogue and registers every record.
*/
#include "sqlite3ext.h"
#ifdef SQLITE_CORE
# define API_GIVEN 0
#else
const sqlite3_api_routines *sqlite3_api;
# define API_GIVEN 1
#endif
#ifndef SIYU_BUILD
# define SIYU_BUILD 1
#endif
#include "../include/siyu.h"
#include "sql/table.h"

#define OLDEST_SQLITE 3031000
#define OLDEST_SQLITE_TEXT "3.31.0"

/* SQLite unmaps a library whose entry point fails, but keeps the functions that it had
** registered by then.  Opened once more the library stays, however it was linked. */
#if defined(SQLITE_CORE) || defined(__wasm__)
static void stay_mapped(void){}
#elif defined(_WIN32)
__declspec(dllimport) int __stdcall GetModuleHandleExA(unsigned long, const char*, void**);
# define PIN_MODULE_OF_ADDRESS 5
static void stay_mapped(void){
  void *module;
  (void)GetModuleHandleExA(PIN_MODULE_OF_ADDRESS, (const char*)&sqlite3_api, &module);
}
#else
/* As <dlfcn.h> has them, which declares dladdr() to those alone who ask for GNU's extensions. */
# if defined(__APPLE__)
#  define MAY_LACK
# else
#  define MAY_LACK __attribute__((weak))
# endif
typedef struct OwnPlace { const char *file; void *base; const char *symbol; void *address; } OwnPlace;
MAY_LACK int dladdr(const void*, OwnPlace*);
MAY_LACK void *dlopen(const char*, int);
# define RESOLVE_NOW 2
static void stay_mapped(void){
  OwnPlace own;
# if !defined(__APPLE__)
  if( dladdr==0 || dlopen==0 ) return;
# endif
  if( dladdr((const void*)&sqlite3_api, &own) && own.file ) (void)dlopen(own.file, RESOLVE_NOW);
}
#endif

static int register_kind(Connection *cx, const CatalogueEntry *e){
  if( e->table ) return table_register(cx->db, cx, e);
  if( e->registerModule ) return e->registerModule(cx->db, cx, e->name);
  if( e->registerTable ) return e->registerTable(cx->db, e);
  return function_register(cx, e);
}

/* The first argument of the record's signatures whose kind nobody knows, or NULL. */
static char *unknown_argument(const CatalogueEntry *e){
  char *name = 0;
  int i;
  for(i=0; name==0 && i<OVERLOADS_MAX && e->overload[i].signature; i++) name = signature_unknown_name(e->overload[i].signature);
  return name;
}

static int register_entry(Connection *cx, const CatalogueEntry *e, char **message){
  int rc = register_kind(cx, e);
  char *unknown = rc==SQLITE_MISUSE ? unknown_argument(e) : 0;
  if( unknown ){
    if( message ) *message = sqlite3_mprintf("siyu: %s could not be registered: ext/sql/signature.c does not know the kind of"
                                             " its argument '%s'", e->name, unknown);
    sqlite3_free(unknown);
    return SQLITE_ERROR;
  }
  if( rc!=SQLITE_OK && rc!=SQLITE_NOMEM && message ){
    *message = sqlite3_mprintf("siyu: %s could not be registered: %s", e->name, sqlite3_errmsg(cx->db));
  }
  return rc;
}

/* siyu_version() is registered last: where it answers, all the rest is there.  The error of asking
** for a function that is not there must not stay: sqlite3_open() would take it for that of an
** automatic extension, and fail. */
static int is_loaded(sqlite3 *db){
  sqlite3_stmt *stmt = 0;
  int found = sqlite3_prepare_v2(db, "SELECT siyu_version()='" SIYU_VERSION "'", -1, &stmt, 0)==SQLITE_OK
           && sqlite3_step(stmt)==SQLITE_ROW && sqlite3_column_int(stmt, 0);
  sqlite3_finalize(stmt);
  if( !found ) sqlite3_exec(db, "SELECT 1", 0, 0, 0);
  return found;
}

static int register_catalogue(Connection *cx, char **message){
  int i, rc = register_collect(cx);
  for(i=0; rc==SQLITE_OK && CATALOGUE[i]; i++){
    const CatalogueEntry *e;
    for(e=CATALOGUE[i]; rc==SQLITE_OK && e->name; e++) rc = register_entry(cx, e, message);
  }
  return rc;
}

/* SQLite makes a library's symbols global: called by its global name, the entry point could be
** that of another siyu loaded before. */
static int siyu_begin(sqlite3 *db, char **message, const sqlite3_api_routines *api){
  Connection *cx;
  int rc;
#if API_GIVEN
  sqlite3_api = api;
#else
  (void)api;
#endif
  if( sqlite3_libversion_number() < OLDEST_SQLITE ){
    if( message ){
      *message = sqlite3_mprintf("siyu needs SQLite " OLDEST_SQLITE_TEXT " or newer; this is %s",
                                 sqlite3_libversion());
    }
    return SQLITE_ERROR;
  }
  /* A second time there is nothing to do: tables that are there go on with what they share. */
  if( is_loaded(db) ) return SQLITE_OK;
  cx = connection_open(db);
  if( cx==0 ) return SQLITE_NOMEM;
  rc = register_catalogue(cx, message);
  connection_release(cx);
  if( rc!=SQLITE_OK ) stay_mapped();
  return rc;
}

int sqlite3_siyu_init(sqlite3 *db, char **message, const sqlite3_api_routines *api){
  return siyu_begin(db, message, api);
}

/* SQLite looks for this name first, and a renamed file has no other. */
#if API_GIVEN
SIYU_API int sqlite3_extension_init(sqlite3*, char**, const sqlite3_api_routines*);
int sqlite3_extension_init(sqlite3 *db, char **message, const sqlite3_api_routines *api){
  return siyu_begin(db, message, api);
}
#endif
