/*
** What a ledger's source is, and the triggers that keep up with it: see ledger.h.
**
** A customer is marked whenever one of its packed rows may have changed.  OLD and NEW say so of
** UPDATE and DELETE.  OR REPLACE takes rows away without a word (DELETE triggers fire then only
** with PRAGMA recursive_triggers): so before an INSERT or UPDATE the owner of each row that NEW
** would conflict with, by id or by a UNIQUE index, is marked.  Marking too many is harmless.
**
** An ON CONFLICT clause inside a trigger gives way to that of the statement that fires it: marks
** are written with NOT EXISTS and conflict with nothing.  The + before a column takes its affinity
** off, without which the index of the dirty table would not serve.
*/
#include <stdarg.h>
#include "sql/ledger/ledger.h"

/* ---- statements ---- */

Status ledger_status(const Ledger *l, int rc, Failure *f){
  if( rc==SQLITE_OK || rc==SQLITE_ROW || rc==SQLITE_DONE ) return STATUS_OK;
  return status_of_error(l->db, rc, "the ledger cannot be read or written", f);
}

static Status ledger_prepare_text(const Ledger *l, char *sql, sqlite3_stmt **out, Failure *f){
  int rc;
  *out = 0;
  if( sql==0 ) return STATUS_NOMEM;
  rc = sqlite3_prepare_v2(l->db, sql, -1, out, 0);
  memory_free(sql);
  return ledger_status(l, rc, f);
}

Status ledger_prepare(const Ledger *l, sqlite3_stmt **out, Failure *f, const char *format, ...){
  va_list ap;
  char *sql;
  va_start(ap, format);
  sql = sqlite3_vmprintf(format, ap);
  va_end(ap);
  return ledger_prepare_text(l, sql, out, f);
}

static Status ledger_finish(const Ledger *l, sqlite3_stmt *stmt, Failure *f){
  int rc;
  while( (rc = sqlite3_step(stmt))==SQLITE_ROW ){}
  if( rc==SQLITE_DONE ){ sqlite3_finalize(stmt); return STATUS_OK; }
  return ledger_status(l, sqlite3_finalize(stmt), f);
}

Status ledger_run(const Ledger *l, Failure *f, const char *format, ...){
  sqlite3_stmt *stmt;
  va_list ap;
  char *sql;
  Status rc;
  va_start(ap, format);
  sql = sqlite3_vmprintf(format, ap);
  va_end(ap);
  rc = ledger_prepare_text(l, sql, &stmt, f);
  return rc==STATUS_OK ? ledger_finish(l, stmt, f) : rc;
}

Status ledger_number(const Ledger *l, int64_t *out, Failure *f, const char *format, ...){
  sqlite3_stmt *stmt;
  va_list ap;
  char *sql;
  Status rc;
  int step;
  *out = 0;
  va_start(ap, format);
  sql = sqlite3_vmprintf(format, ap);
  va_end(ap);
  rc = ledger_prepare_text(l, sql, &stmt, f);
  if( rc!=STATUS_OK ) return rc;
  step = sqlite3_step(stmt);
  if( step==SQLITE_ROW ) *out = sqlite3_column_int64(stmt, 0);
  else if( step!=SQLITE_DONE ) rc = ledger_status(l, step, f);
  sqlite3_finalize(stmt);
  return rc;
}

/* ---- the source's columns and indexes ---- */

/* A text that is kept, of a query's first column, or NULL. */
static Status ledger_text(const Ledger *l, char **out, Failure *f, char *sql){
  sqlite3_stmt *stmt;
  Status rc = ledger_prepare_text(l, sql, &stmt, f);
  int step;
  *out = 0;
  if( rc!=STATUS_OK ) return rc;
  step = sqlite3_step(stmt);
  if( step==SQLITE_ROW ){
    const char *z = (const char*)sqlite3_column_text(stmt, 0);
    if( z && (*out = sqlite3_mprintf("%s", z))==0 ) rc = STATUS_NOMEM;
  }else if( step!=SQLITE_DONE ){
    rc = ledger_status(l, step, f);
  }
  sqlite3_finalize(stmt);
  return rc;
}

/* One INTEGER PRIMARY KEY that no index stands for is the rowid. */
static Status ledger_find_id(const Ledger *l, LedgerSource *s, Failure *f){
  return ledger_text(l, &s->id, f, sqlite3_mprintf(
      "SELECT name FROM pragma_table_xinfo(%Q, %Q) WHERE pk > 0 AND upper(type) = 'INTEGER'"
      " AND (SELECT count(*) FROM pragma_table_xinfo(%Q, %Q) WHERE pk > 0) = 1"
      " AND NOT EXISTS (SELECT 1 FROM pragma_index_list(%Q, %Q) WHERE origin = 'pk')",
      l->source, l->schema, l->source, l->schema, l->source, l->schema));
}

static Status ledger_find_index(const Ledger *l, LedgerSource *s, Failure *f){
  int64_t n = 0;
  Status rc = ledger_number(l, &n, f,
      "SELECT count(*) FROM pragma_index_list(%Q, %Q) AS i, pragma_index_xinfo(i.name, %Q) AS c"
      " WHERE i.partial = 0 AND c.seqno = 0 AND c.name = %Q COLLATE NOCASE AND c.coll = 'BINARY'",
      l->source, l->schema, l->schema, l->column[0]);
  s->indexed = n > 0 || (s->id && sqlite3_stricmp(s->id, l->column[0])==0);
  return rc;
}

Status ledger_source_read(const Ledger *l, LedgerSource *s, Failure *f){
  Status rc;
  memset(s, 0, sizeof *s);
  rc = ledger_find_id(l, s, f);
  return rc==STATUS_OK ? ledger_find_index(l, s, f) : rc;
}

void ledger_source_free(LedgerSource *s){
  memory_free(s->id);
  s->id = 0;
}

/* ---- what is refused ---- */

static Status ledger_refuse(Failure *f, const Ledger *l, const char *why){
  failure_set(f, "source '%.60s' %s", l->source, why);
  return STATUS_INVALID;
}

static Status ledger_check_kind(const Ledger *l, Failure *f){
  char *what;
  Status rc = ledger_text(l, &what, f, sqlite3_mprintf(
      "SELECT CASE WHEN type = 'view' THEN 'view' WHEN sql LIKE 'CREATE VIRTUAL%%' THEN 'virtual' ELSE 'table' END"
      " FROM \"%w\".sqlite_master WHERE type IN ('table', 'view') AND name = %Q COLLATE NOCASE", l->schema, l->source));
  if( rc!=STATUS_OK ) return rc;
  if( what==0 ) return ledger_refuse(f, l, "is no table of the ledger's schema");
  if( what[0]=='v' ){
    rc = ledger_refuse(f, l, what[2]=='e'
        ? "is a view: a change of what is behind it would go unnoticed; make the ledger of the table"
        : "is a virtual table: it has no triggers, so that a change would go unnoticed");
  }
  memory_free(what);
  return rc;
}

static Status ledger_check_column(const Ledger *l, const char *name, Failure *f){
  int64_t n = 0;
  Status rc = ledger_number(l, &n, f, "SELECT count(*) FROM pragma_table_xinfo(%Q, %Q) WHERE name = %Q COLLATE NOCASE",
                            l->source, l->schema, name);
  if( rc!=STATUS_OK || n ) return rc;
  failure_set(f, "'%.60s' is no column of source '%.60s'", name, l->source);
  return STATUS_INVALID;
}

Status ledger_source_check(const Ledger *l, LedgerSource *s, Failure *f){
  int64_t withoutRowid = 0, expressions = 0, utf16 = 0;
  int i;
  Status rc = ledger_check_kind(l, f);
  for(i=0; rc==STATUS_OK && i<=l->columns; i++) rc = ledger_check_column(l, l->column[i], f);
  if( rc==STATUS_OK ) rc = ledger_source_read(l, s, f);
  if( rc==STATUS_OK ){
    rc = ledger_number(l, &withoutRowid, f,
        "SELECT count(*) FROM pragma_index_list(%Q, %Q) AS i WHERE i.origin = 'pk' AND NOT EXISTS"
        " (SELECT 1 FROM pragma_index_xinfo(i.name, %Q) WHERE cid = -1)", l->source, l->schema, l->schema);
  }
  if( rc==STATUS_OK ){
    rc = ledger_number(l, &expressions, f,
        "SELECT count(*) FROM pragma_index_list(%Q, %Q) AS i, pragma_index_xinfo(i.name, %Q) AS c"
        " WHERE i.\"unique\" AND c.cid = -2", l->source, l->schema, l->schema);
  }
  if( rc==STATUS_OK ) rc = ledger_number(l, &utf16, f, "SELECT encoding <> 'UTF-8' FROM pragma_encoding");
  if( rc!=STATUS_OK ) return rc;
  if( utf16 ) return ledger_refuse(f, l, "stands in a UTF-16 database, where texts have another order; a ledger needs UTF-8");
  if( withoutRowid ) return ledger_refuse(f, l, "is a WITHOUT ROWID table, of which no ledger can be made yet");
  if( expressions ) return ledger_refuse(f, l, "has a UNIQUE index on an expression: a row that OR REPLACE takes away through it would go unnoticed");
  return STATUS_OK;
}

/* ---- triggers ---- */

static const char *const LEDGER_TRIGGER[] = { "before_insert", "after_insert", "before_update", "after_update", "after_delete" };
#define LEDGER_TRIGGERS 5

/* Marks NEW's or OLD's customer. */
static void put_mark(const Ledger *l, Buffer *sql, const char *row){
  buffer_printf(sql, " INSERT INTO \"%w_dirty\"(customer) SELECT %s.\"%w\" WHERE NOT EXISTS (SELECT 1 FROM \"%w_dirty\""
                " WHERE customer IS (+%s.\"%w\") COLLATE BINARY);", l->name, row, l->column[0], l->name, row, l->column[0]);
}

static void put_owners(const Ledger *l, const LedgerSource *s, int64_t high, Buffer *sql, const Buffer *condition){
  buffer_printf(sql, " INSERT INTO \"%w_dirty\"(customer) SELECT s.\"%w\" FROM \"%w\" AS s WHERE ", l->name, l->column[0], l->source);
  buffer_put(sql, condition->data, condition->size);
  if( s->id ) buffer_printf(sql, " AND s.\"%w\" <= %lld", s->id, (long long)high);
  buffer_printf(sql, " AND NOT EXISTS (SELECT 1 FROM \"%w_dirty\" WHERE customer IS (+s.\"%w\") COLLATE BINARY);",
                l->name, l->column[0]);
}

/* Of one UNIQUE index: s."a" = NEW."a" AND ..., a default standing for NULL where OR REPLACE puts it. */
static Status read_condition(const Ledger *l, const char *index, Buffer *condition, Failure *f){
  sqlite3_stmt *stmt;
  int step;
  Status rc = ledger_prepare(l, &stmt, f,
      "SELECT c.name, c.coll, CASE WHEN t.\"notnull\" THEN t.dflt_value END FROM pragma_index_xinfo(%Q, %Q) AS c"
      " JOIN pragma_table_xinfo(%Q, %Q) AS t ON t.cid = c.cid WHERE c.key ORDER BY c.seqno",
      index, l->schema, l->source, l->schema);
  if( rc!=STATUS_OK ) return rc;
  while( (step = sqlite3_step(stmt))==SQLITE_ROW ){
    const char *name = (const char*)sqlite3_column_text(stmt, 0), *coll = (const char*)sqlite3_column_text(stmt, 1);
    const char *preset = (const char*)sqlite3_column_text(stmt, 2);
    buffer_printf(condition, "%ss.\"%w\" = ", condition->size ? " AND " : "", name ? name : "");
    if( preset ) buffer_printf(condition, "coalesce(NEW.\"%w\", (%s))", name ? name : "", preset);
    else buffer_printf(condition, "NEW.\"%w\"", name ? name : "");
    buffer_printf(condition, " COLLATE \"%w\"", coll ? coll : "BINARY");
  }
  if( step!=SQLITE_DONE ) rc = ledger_status(l, step, f);
  sqlite3_finalize(stmt);
  return rc;
}

/* Marks the owners of all that NEW could replace; *byIndex: also by a UNIQUE index. */
static Status put_conflicts(const Ledger *l, const LedgerSource *s, int64_t high, Buffer *sql, int *byIndex, Failure *f){
  Buffer condition = {0};
  sqlite3_stmt *stmt;
  int step;
  Status rc = ledger_prepare(l, &stmt, f, "SELECT name FROM pragma_index_list(%Q, %Q) WHERE \"unique\" ORDER BY seq DESC",
                             l->source, l->schema);
  if( rc!=STATUS_OK ) return rc;
  *byIndex = 0;
  if( s->id ){
    buffer_printf(&condition, "s.\"%w\" = NEW.\"%w\"", s->id, s->id);
    put_owners(l, s, high, sql, &condition);
  }
  while( rc==STATUS_OK && (step = sqlite3_step(stmt))==SQLITE_ROW ){
    const char *index = (const char*)sqlite3_column_text(stmt, 0);
    condition.size = 0;
    rc = index ? read_condition(l, index, &condition, f) : STATUS_NOMEM;
    if( rc==STATUS_OK ) put_owners(l, s, high, sql, &condition);
    *byIndex = 1;
  }
  if( rc==STATUS_OK && step!=SQLITE_DONE ) rc = ledger_status(l, step, f);
  sqlite3_finalize(stmt);
  if( condition.failed ) rc = STATUS_NOMEM;
  buffer_destroy(&condition);
  return rc;
}

/* WHEN one of the rows may be packed. */
static void put_when(const LedgerSource *s, int64_t high, Buffer *sql, int old, int new){
  if( s->id==0 ) return;
  buffer_printf(sql, " WHEN ");
  if( old ) buffer_printf(sql, "OLD.\"%w\" <= %lld", s->id, (long long)high);
  if( old && new ) buffer_printf(sql, " OR ");
  if( new ) buffer_printf(sql, "NEW.\"%w\" <= %lld", s->id, (long long)high);
}

/* Before an INSERT an id that SQLite will choose reads -1.  Where no packed row has that id (one that
** comes later is marked as it comes), -1 can replace nothing, and the usual INSERT is spared a look. */
static void put_unless_chosen(const LedgerSource *s, Buffer *sql){
  if( s->id && !s->minusOne ) buffer_printf(sql, " AND NEW.\"%w\" <> -1", s->id);
}

static Status put_trigger(const Ledger *l, const LedgerSource *s, int64_t high, int which, Buffer *sql, Failure *f){
  static const char *const EVENT[] = { "BEFORE INSERT", "AFTER INSERT", "BEFORE UPDATE", "AFTER UPDATE", "AFTER DELETE" };
  Buffer conflicts = {0};
  int before = which==0 || which==2, old = which >= 2, new = which!=4, byIndex = 0;
  Status rc = before ? put_conflicts(l, s, high, &conflicts, &byIndex, f) : STATUS_OK;
  if( rc==STATUS_OK && which==0 && conflicts.size==0 ) return STATUS_OK;      /* nothing can be replaced */
  buffer_printf(sql, "CREATE TRIGGER \"%w\".\"%w_%s\" %s ON \"%w\"", l->schema, l->name, LEDGER_TRIGGER[which], EVENT[which], l->source);
  if( !byIndex ) put_when(s, high, sql, old, new);
  if( !byIndex && which==0 ) put_unless_chosen(s, sql);
  buffer_printf(sql, " BEGIN");
  if( conflicts.size ) buffer_put(sql, conflicts.data, conflicts.size);
  if( old ) put_mark(l, sql, "OLD");
  if( new && which!=0 ) put_mark(l, sql, "NEW");
  buffer_printf(sql, " END");
  if( conflicts.failed || sql->failed ) rc = STATUS_NOMEM;
  buffer_destroy(&conflicts);
  return rc;
}

Status ledger_triggers_make(const Ledger *l, LedgerSource *s, int64_t high, Failure *f){
  Status rc = STATUS_OK;
  int64_t found = 0;
  int i;
  if( s->id ) rc = ledger_number(l, &found, f, "SELECT 1 FROM \"%w\".\"%w\" WHERE \"%w\" = -1", l->schema, l->source, s->id);
  s->minusOne = found!=0;
  for(i=0; rc==STATUS_OK && i<LEDGER_TRIGGERS; i++){
    Buffer sql = {0};
    rc = put_trigger(l, s, high, i, &sql, f);
    if( rc==STATUS_OK && sql.size ) rc = ledger_run(l, f, "%.*s", (int)sql.size, (char*)sql.data);
    buffer_destroy(&sql);
  }
  return rc;
}

Status ledger_triggers_drop(const Ledger *l, Failure *f){
  Status rc = STATUS_OK;
  int i;
  for(i=0; rc==STATUS_OK && i<LEDGER_TRIGGERS; i++){
    rc = ledger_run(l, f, "DROP TRIGGER IF EXISTS \"%w\".\"%w_%s\"", l->schema, l->name, LEDGER_TRIGGER[i]);
  }
  return rc;
}

/* ---- identity ---- */

Status ledger_identity(const Ledger *l, int64_t *out, Failure *f){
  sqlite3_stmt *stmt;
  uint64_t sum = CHUNK_ROWS_MAX;
  int step;
  Status rc = ledger_prepare(l, &stmt, f,
      "SELECT type || char(10) || name || char(10) || sql FROM \"%w\".sqlite_master WHERE tbl_name = %Q COLLATE NOCASE AND ("
      "type = 'table' OR (type = 'index' AND sql LIKE 'CREATE UNIQUE%%') OR (type = 'trigger' AND name IN ("
      "'%q_before_insert', '%q_after_insert', '%q_before_update', '%q_after_update', '%q_after_delete'))) ORDER BY type, name",
      l->schema, l->source, l->name, l->name, l->name, l->name, l->name);
  if( rc!=STATUS_OK ) return rc;
  while( (step = sqlite3_step(stmt))==SQLITE_ROW ){
    const void *z = sqlite3_column_text(stmt, 0);
    if( z==0 ) continue;
    sum = hash_bytes(z, (size_t)sqlite3_column_bytes(stmt, 0), sum);
  }
  if( step!=SQLITE_DONE ) rc = ledger_status(l, step, f);
  sqlite3_finalize(stmt);
  *out = (int64_t)sum;
  return rc;
}
