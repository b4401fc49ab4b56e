/*
** What the fuzz targets share: a database with the extension linked in, and a prepared
** statement run on the bytes.  Any answer and any error is right; a crash, a report of a
** sanitizer or an abort() is a finding.
*/
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include "base/../../include/siyu.h"
#include "base/buffer.h"

static inline sqlite3 *fuzz_database(void){
  sqlite3 *db;
  if( sqlite3_open(":memory:", &db)!=SQLITE_OK || sqlite3_siyu_init(db, 0, 0)!=SQLITE_OK ) abort();
  return db;
}

/* Takes over the text, from sqlite3_mprintf(). */
static inline sqlite3_stmt *fuzz_statement(sqlite3 *db, char *sql){
  sqlite3_stmt *s = 0;
  if( sql==0 || sqlite3_prepare_v2(db, sql, -1, &s, 0)!=SQLITE_OK ) abort();
  sqlite3_free(sql);
  return s;
}

static inline void fuzz_run(sqlite3_stmt *s, const void *bytes, int n, int blob){
  if( blob ) sqlite3_bind_blob(s, 1, bytes, n, SQLITE_STATIC);
  else sqlite3_bind_text(s, 1, bytes, n, SQLITE_STATIC);
  while( sqlite3_step(s)==SQLITE_ROW ){}
  sqlite3_reset(s);
  sqlite3_clear_bindings(s);
}

#endif
