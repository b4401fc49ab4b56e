/*
** SQLite and siyu in one WebAssembly module, for Node and browsers: what the page calls.  A
** database is the bytes of a file, or empty; nothing is stored.  Texts are UTF-8 and end with 0.
*/
#include <stdlib.h>
#include <string.h>
#include "sqlite3.h"
#include "siyu.h"

#define CALLED(name) __attribute__((export_name(#name)))

/* ---- SQLite's surroundings: there are no files, and no clock ---- */

static int no_open(sqlite3_vfs *v, sqlite3_filename z, sqlite3_file *f, int flags, int *out){
  (void)v; (void)z; (void)flags; (void)out;
  f->pMethods = 0;
  return SQLITE_CANTOPEN;
}
static int no_delete(sqlite3_vfs *v, const char *z, int sync){ (void)v; (void)z; (void)sync; return SQLITE_OK; }
static int no_access(sqlite3_vfs *v, const char *z, int flags, int *out){
  (void)v; (void)z; (void)flags;
  *out = 0;
  return SQLITE_OK;
}
static int same_name(sqlite3_vfs *v, const char *z, int n, char *out){ (void)v; sqlite3_snprintf(n, out, "%s", z); return SQLITE_OK; }
static int no_random(sqlite3_vfs *v, int n, char *out){ (void)v; memset(out, 7, (size_t)n); return n; }
static int no_sleep(sqlite3_vfs *v, int micros){ (void)v; return micros; }
static int epoch(sqlite3_vfs *v, double *out){ (void)v; *out = 2440587.5; return SQLITE_OK; }
static int no_error(sqlite3_vfs *v, int n, char *out){ (void)v; (void)n; (void)out; return 0; }

static sqlite3_vfs nowhere = {
  .iVersion = 1, .szOsFile = sizeof(sqlite3_file), .mxPathname = 100, .zName = "nowhere",
  .xOpen = no_open, .xDelete = no_delete, .xAccess = no_access, .xFullPathname = same_name,
  .xRandomness = no_random, .xSleep = no_sleep, .xCurrentTime = epoch, .xGetLastError = no_error
};
int sqlite3_os_init(void){ return sqlite3_vfs_register(&nowhere, 1); }
int sqlite3_os_end(void){ return SQLITE_OK; }

/* ---- what the page calls ---- */

static sqlite3 *db;

CALLED(siyu_alloc) void *siyu_alloc(int n){ return sqlite3_malloc(n); }
CALLED(siyu_free) void siyu_free(void *p){ sqlite3_free(p); }
CALLED(siyu_error) const char *siyu_error(void){ return db ? sqlite3_errmsg(db) : "no database"; }

/* The file's bytes, from siyu_alloc and from now on SQLite's; n = 0 for an empty database. */
CALLED(siyu_open) int siyu_open(unsigned char *bytes, int n){
  int rc;
  if( db ) sqlite3_close_v2(db);
  db = 0;
  rc = sqlite3_open(":memory:", &db);
  if( rc==SQLITE_OK ) rc = sqlite3_siyu_init(db, 0, 0);
  if( rc==SQLITE_OK && n > 0 ){
    /* a WAL file's header: its pages are all in the file once it was closed */
    if( n > 19 && bytes[18]==2 ) bytes[18] = bytes[19] = 1;
    rc = sqlite3_deserialize(db, "main", bytes, n, n,
                             SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
  }
  if( rc==SQLITE_OK ) rc = sqlite3_exec(db, "SELECT count(*) FROM sqlite_master", 0, 0, 0);
  return rc;
}

static void put_json_text(sqlite3_str *out, const unsigned char *z, int n){
  int i;
  sqlite3_str_appendchar(out, 1, '"');
  for(i=0; i<n; i++){
    if( z[i]=='"' || z[i]=='\\' ) sqlite3_str_appendf(out, "\\%c", z[i]);
    else if( z[i] < 32 ) sqlite3_str_appendf(out, "\\u%04x", z[i]);
    else sqlite3_str_appendchar(out, 1, (char)z[i]);
  }
  sqlite3_str_appendchar(out, 1, '"');
}

static void put_cell(sqlite3_str *out, sqlite3_stmt *s, int i){
  switch( sqlite3_column_type(s, i) ){
    case SQLITE_NULL: sqlite3_str_appendall(out, "null"); break;
    case SQLITE_INTEGER: sqlite3_str_appendf(out, "%lld", sqlite3_column_int64(s, i)); break;
    case SQLITE_FLOAT: sqlite3_str_appendf(out, "%!.17g", sqlite3_column_double(s, i)); break;
    case SQLITE_BLOB: sqlite3_str_appendf(out, "\"a BLOB of %d bytes\"", sqlite3_column_bytes(s, i)); break;
    default: put_json_text(out, sqlite3_column_text(s, i), sqlite3_column_bytes(s, i));
  }
}

static void put_rows(sqlite3_str *out, sqlite3_stmt *s){
  int i, first = 1, n = sqlite3_column_count(s);
  sqlite3_str_appendall(out, "{\"columns\":[");
  for(i=0; i<n; i++){
    const char *name = sqlite3_column_name(s, i);
    if( i ) sqlite3_str_appendchar(out, 1, ',');
    put_json_text(out, (const unsigned char*)(name ? name : ""), name ? (int)strlen(name) : 0);
  }
  sqlite3_str_appendall(out, "],\"rows\":[");
  while( sqlite3_step(s)==SQLITE_ROW ){
    sqlite3_str_appendall(out, first ? "[" : ",[");
    first = 0;
    for(i=0; i<n; i++){
      if( i ) sqlite3_str_appendchar(out, 1, ',');
      put_cell(out, s, i);
    }
    sqlite3_str_appendchar(out, 1, ']');
  }
  sqlite3_str_appendall(out, "]}");
}

/* Runs all statements; JSON of the last one that has columns, or NULL and siyu_error(). */
CALLED(siyu_query) char *siyu_query(const char *sql){
  char *answer = sqlite3_mprintf("{\"columns\":[],\"rows\":[]}");
  if( db==0 ) return 0;
  while( *sql ){
    sqlite3_stmt *s = 0;
    int rc = sqlite3_prepare_v2(db, sql, -1, &s, &sql);
    if( rc!=SQLITE_OK ){ sqlite3_free(answer); return 0; }
    if( s==0 ) continue;
    if( sqlite3_column_count(s) ){
      sqlite3_str *out = sqlite3_str_new(db);
      put_rows(out, s);
      sqlite3_free(answer);
      answer = sqlite3_str_finish(out);
    }else{
      while( sqlite3_step(s)==SQLITE_ROW ){}
    }
    if( sqlite3_finalize(s)!=SQLITE_OK ){ sqlite3_free(answer); return 0; }
  }
  return answer;
}

