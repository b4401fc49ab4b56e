/*
** Runs every example of the catalogue, and the statements of files, and prints what they give:
** REALs with 17 digits, BLOBs in hexadecimal.  The same program on another platform must print
** the same bytes, so that figures and stored states are known to be the same there.
**
**     platform_check LIBRARY ?file.sql ...?      LIBRARY is "-" where siyu is linked in
*/
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int sqlite3_siyu_init(sqlite3 *db, char **message, const void *api);

static void put_value(sqlite3_stmt *s, int i){
  int n, type = sqlite3_column_type(s, i);
  const unsigned char *z;
  switch( type ){
    case SQLITE_NULL: printf("NULL"); break;
    case SQLITE_FLOAT: printf("%.17g", sqlite3_column_double(s, i)); break;
    case SQLITE_BLOB:
      z = sqlite3_column_blob(s, i);
      n = sqlite3_column_bytes(s, i);
      while( n-- > 0 ) printf("%02x", *z++);
      break;
    default: printf("%s", (const char*)sqlite3_column_text(s, i));
  }
}

/* All statements of a text; the rows of each.  0 if one failed. */
static int run(sqlite3 *db, const char *sql){
  while( *sql ){
    sqlite3_stmt *s = 0;
    int i, rc = sqlite3_prepare_v2(db, sql, -1, &s, &sql);
    if( rc!=SQLITE_OK ){ printf("error: %s\n", sqlite3_errmsg(db)); return 0; }
    while( s && (rc = sqlite3_step(s))==SQLITE_ROW ){
      for(i=0; i<sqlite3_column_count(s); i++){
        if( i ) printf("|");
        put_value(s, i);
      }
      printf("\n");
    }
    if( s && rc!=SQLITE_DONE ) printf("error: %s\n", sqlite3_errmsg(db));
    if( sqlite3_finalize(s)!=SQLITE_OK ) return 0;
  }
  return 1;
}

static sqlite3 *opened(const char *library){
  sqlite3 *db = 0;
  char *message = 0;
  int rc = sqlite3_open(":memory:", &db);
#ifdef LINKED_IN
  (void)library;
  if( rc==SQLITE_OK ) rc = sqlite3_siyu_init(db, &message, 0);
#else
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, (int*)0);
  if( rc==SQLITE_OK ) rc = sqlite3_load_extension(db, library, 0, &message);
#endif
  if( rc!=SQLITE_OK ){
    printf("error: %s\n", message ? message : sqlite3_errmsg(db));
    exit(2);
  }
  return db;
}

static char *read_file(const char *path){
  FILE *f = fopen(path, "rb");
  char *text = malloc(1 << 20);
  size_t n = f && text ? fread(text, 1, (1 << 20) - 1, f) : 0;
  if( f==0 || text==0 ){ printf("error: cannot read %s\n", path); exit(2); }
  text[n] = 0;
  fclose(f);
  return text;
}

int main(int argc, char **argv){
  sqlite3 *db = opened(argc > 1 ? argv[1] : "-"), *empty;
  sqlite3_stmt *s;
  int i, failed = 0;
  sqlite3_prepare_v2(db, "SELECT name, example FROM siyu_catalogue", -1, &s, 0);
  while( sqlite3_step(s)==SQLITE_ROW ){
    printf("-- %s\n", (const char*)sqlite3_column_text(s, 0));
    empty = opened(argc > 1 ? argv[1] : "-");
    failed += !run(empty, (const char*)sqlite3_column_text(s, 1));
    sqlite3_close(empty);
  }
  sqlite3_finalize(s);
  for(i=2; i<argc; i++){
    char *text = read_file(argv[i]);
    printf("-- %s\n", argv[i]);
    failed += !run(db, text);
    free(text);
  }
  sqlite3_close(db);
  return failed!=0;
}
