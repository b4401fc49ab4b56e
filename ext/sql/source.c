/*
** Finding a source and its columns: see table.h.
**
** Names are looked up in the schemas, quoted, and columns are written s."name", which
** never turns into a string.  Eponymous tables are not in a schema, hence no sources.
**
** Who may ask is SQLite's to decide, by the level that table_connect declares: the table-valued
** form is not let into views and triggers of a schema that is not trusted.  Where it is let in,
** and at the top level, it reads any schema by name.
*/
#include "sql/name.h"
#include "sql/suggest.h"
#include "sql/table.h"

/* ---- finding the source ---- */

/* The connection's authorizer does not let the schema be read. */
static Status refuse_unauthorized(Failure *f){
  failure_set(f, "source cannot be looked up: not authorized; the application's authorizer must allow to read sqlite_master"
              " and pragma_database_list");
  return STATUS_INVALID;
}

/* One text from a query with up to two bound texts; *out is NULL when there is no row. */
static Status query_text(sqlite3 *db, const char *sql, const char *a, char **out, Failure *f){
  sqlite3_stmt *stmt = 0;
  int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, 0);
  Status status = STATUS_OK;
  *out = 0;
  if( rc==SQLITE_OK && a ) rc = sqlite3_bind_text(stmt, 1, a, -1, SQLITE_STATIC);
  if( rc==SQLITE_OK ) rc = sqlite3_step(stmt);
  if( rc==SQLITE_ROW ){
    const char *z = (const char*)sqlite3_column_text(stmt, 0);
    *out = sqlite3_mprintf("%s", z ? z : "");
    if( *out==0 ) status = STATUS_NOMEM;
  }else if( rc==SQLITE_NOMEM ){
    status = STATUS_NOMEM;
  }else if( rc==SQLITE_INTERRUPT ){
    status = STATUS_INTERRUPTED;
  }else if( rc==SQLITE_AUTH ){
    status = refuse_unauthorized(f);
  }
  sqlite3_finalize(stmt);
  return status;
}

/* The CREATE text of a table or view in one schema, or NULL. */
static Status schema_lookup(sqlite3 *db, const char *schema, const char *name, char **sql, Failure *f){
  char *z = sqlite3_mprintf(
      "SELECT coalesce(sql, '') FROM \"%w\".sqlite_master"
      " WHERE type IN ('table', 'view') AND name = ?1 COLLATE NOCASE", schema);
  Status rc = z ? query_text(db, z, name, sql, f) : STATUS_NOMEM;
  memory_free(z);
  return rc;
}

/* What a source's text names: the schema and the name as copies, the CREATE text. */
typedef struct Found { char *schema, *name, *sql; } Found;

static void found_free(Found *found){
  memory_free(found->schema);
  memory_free(found->name);
  memory_free(found->sql);
}

/* One schema: fills *found when the name is there. */
static Status lookup_in(sqlite3 *db, const char *in, const char *name, Found *found, Failure *f){
  Status rc = schema_lookup(db, in, name, &found->sql, f);
  if( rc!=STATUS_OK || found->sql==0 ) return rc;
  found->schema = sqlite3_mprintf("%s", in);
  found->name = sqlite3_mprintf("%s", name);
  return found->schema && found->name ? STATUS_OK : STATUS_NOMEM;
}

/* SQLite's own order for a bare name: temp, main, then the attached ones. */
static Status lookup_everywhere(sqlite3 *db, const char *name, Found *found, Failure *f){
  sqlite3_stmt *stmt = 0;
  Status rc = STATUS_OK;
  int step;
  if( sqlite3_prepare_v2(db, "SELECT name FROM pragma_database_list ORDER BY name<>'temp', seq",
                         -1, &stmt, 0)!=SQLITE_OK ){
    int code = sqlite3_errcode(db);
    return code==SQLITE_INTERRUPT ? STATUS_INTERRUPTED : code==SQLITE_AUTH ? refuse_unauthorized(f) : STATUS_NOMEM;
  }
  while( rc==STATUS_OK && found->sql==0 && (step = sqlite3_step(stmt))==SQLITE_ROW ){
    const char *z = (const char*)sqlite3_column_text(stmt, 0);
    rc = z ? lookup_in(db, z, name, found, f) : STATUS_NOMEM;
  }
  step = sqlite3_finalize(stmt);
  if( rc==STATUS_OK && step==SQLITE_INTERRUPT ) rc = STATUS_INTERRUPTED;
  if( rc==STATUS_OK && step==SQLITE_NOMEM ) rc = STATUS_NOMEM;
  return rc;
}

/* The schema that alone may be read, or NULL: that of a table made by CREATE VIRTUAL TABLE,
** which is innocuous and so may stand in the views and triggers of a file that nobody trusts.
** TEMP is the connection's own, and reads everything, as TEMP views do. */
static const char *only_schema(const Source *s){
  return s->ownSchema && sqlite3_stricmp(s->ownSchema, "temp")!=0 ? s->ownSchema : 0;
}

static Status lookup_bare(const Source *s, const char *name, Found *found, Failure *f){
  const char *only = only_schema(s);
  return only ? lookup_in(s->db, only, name, found, f) : lookup_everywhere(s->db, name, found, f);
}

static Status lookup_qualified(const Source *s, const char *schema, const char *name, Found *found, Failure *f){
  const char *only = only_schema(s);
  if( only && sqlite3_stricmp(only, schema)!=0 ) return STATUS_OK;
  return lookup_in(s->db, schema, name, found, f);
}

/* 'schema.name' in two, at whichever dot there is a schema before. */
static Status lookup_split(const Source *s, const char *text, Found *found, Failure *f){
  const char *dot;
  Status rc = STATUS_OK;
  for(dot=strchr(text, '.'); rc==STATUS_OK && found->sql==0 && dot; dot=strchr(dot + 1, '.')){
    char *before = sqlite3_mprintf("%.*s", (int)(dot - text), text);
    rc = before ? lookup_qualified(s, before, dot + 1, found, f) : STATUS_NOMEM;
    memory_free(before);
  }
  return rc;
}

static Status lookup_quoted(const Source *s, const char *text, Found *found, Failure *f){
  char *schema, *name;
  Status rc = name_quoted(text, &schema, &name);
  if( rc!=STATUS_OK ) return rc==STATUS_INVALID ? STATUS_OK : rc;
  rc = *schema ? lookup_qualified(s, schema, name, found, f) : lookup_bare(s, name, found, f);
  memory_free(schema);
  return rc;
}

/* As SQL reads it, then as it stands, then in two. */
static Status lookup(const Source *s, const char *text, Found *found, Failure *f){
  Status rc = lookup_quoted(s, text, found, f);
  if( rc==STATUS_OK && found->sql==0 ) rc = lookup_bare(s, text, found, f);
  if( rc==STATUS_OK && found->sql==0 ) rc = lookup_split(s, text, found, f);
  return rc;
}

/* ---- what may be a source ---- */

/* Whether the program of a SELECT from it opens a virtual table. */
static Status opens_virtual(const Source *s, int *opens, Failure *f){
  char *sql = sqlite3_mprintf("EXPLAIN SELECT * FROM %s", s->from);
  sqlite3_stmt *stmt = 0;
  int rc = sql ? sqlite3_prepare_v2(s->db, sql, -1, &stmt, 0) : SQLITE_NOMEM;
  memory_free(sql);
  if( rc!=SQLITE_OK ) return status_of_error(s->db, rc, "source cannot be read", f);
  while( (rc = sqlite3_step(stmt))==SQLITE_ROW && !*opens ){
    const char *opcode = (const char*)sqlite3_column_text(stmt, 1);
    *opens = opcode && strcmp(opcode, "VOpen")==0;
  }
  rc = sqlite3_finalize(stmt);
  return rc==SQLITE_OK ? STATUS_OK : status_of_error(s->db, rc, "source cannot be read", f);
}

/* A SELECT of ours is top-level SQL to SQLite, and nobody is kept out by it: a table that is
** innocuous could carry on what another virtual table keeps for its user.  So it reads none but
** tables of ours that are innocuous themselves, which the planner asks while the SELECT is
** prepared; behind a view SQLite itself sees to it.  The text in the schema is not believed: who
** wrote the file may have written another one. */
static Status check_virtual(const Source *s, const Found *found, Failure *f){
  unsigned planned;
  int opens = 0;
  Status rc;
  if( only_schema(s)==0
   || sqlite3_table_column_metadata(s->db, found->schema, found->name, 0, 0, 0, 0, 0, 0)!=SQLITE_OK ){
    return STATUS_OK;                                /* a view has no such data */
  }
  planned = s->cx->planned;
  rc = opens_virtual(s, &opens, f);
  if( rc!=STATUS_OK || !opens || s->cx->planned!=planned ) return rc;
  failure_set(f, "source '%s' is a virtual table of another kind; CREATE VIEW \"%w_rows\" AS SELECT * FROM \"%w\","
              " and make that the source", found->name, found->name, found->name);
  return STATUS_INVALID;
}

static Status check_found(const Source *s, const char *text, const Found *found, Failure *f){
  const char *only = only_schema(s);
  if( found->sql==0 && only ){
    failure_set(f, "source '%s' is no table or view of schema %s, and a table made by CREATE VIRTUAL TABLE"
                " reads no other; made in TEMP it reads every schema", SHOWN_NAME(text), SHOWN_NAME(only));
    return STATUS_INVALID;
  }
  if( found->sql==0 ){
    failure_set(f, "source '%s' is no table or view of this connection", SHOWN_NAME(text));
    return STATUS_INVALID;
  }
  if( s->own && sqlite3_stricmp(s->own, found->name)==0 && sqlite3_stricmp(s->ownSchema, found->schema)==0 ){
    failure_set(f, "source '%s' is the table itself", SHOWN_NAME(text));
    return STATUS_INVALID;
  }
  return STATUS_OK;
}

Status status_of_error(sqlite3 *db, int rc, const char *what, Failure *f){
  const char *text, *inner;
  if( rc==SQLITE_NOMEM ) return STATUS_NOMEM;
  if( rc==SQLITE_INTERRUPT ) return STATUS_INTERRUPTED;
  text = sqlite3_errmsg(db);
  while( (inner = strstr(text, READING ": "))!=0 ) text = inner + strlen(READING ": ");
  failure_set(f, "%s: %s", what, text);
  return STATUS_INVALID;
}

static Status read_columns(Source *s, Failure *f){
  char *sql = sqlite3_mprintf("SELECT * FROM %s AS s LIMIT 0", s->from);
  sqlite3_stmt *stmt = 0;
  int i, rc;
  if( sql==0 ) return STATUS_NOMEM;
  rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, 0);
  memory_free(sql);
  if( rc!=SQLITE_OK ) return status_of_error(s->db, rc, "source cannot be read", f);
  s->columnCount = sqlite3_column_count(stmt);
  s->columns = memory_zeroed(sizeof(char*) * (size_t)(s->columnCount + 1));
  for(i=0; s->columns && i<s->columnCount; i++){
    const char *z = sqlite3_column_name(stmt, i);
    s->columns[i] = z ? sqlite3_mprintf("%s", z) : 0;
    if( s->columns[i]==0 ) break;
  }
  sqlite3_finalize(stmt);
  return s->columns && i==s->columnCount ? STATUS_OK : STATUS_NOMEM;
}

/* Fills s->from with the quoted name. */
static Status find_named(Source *s, const char *text, Failure *f){
  Found found = {0};
  Status rc = lookup(s, text, &found, f);
  if( rc==STATUS_OK ) rc = check_found(s, text, &found, f);
  if( rc==STATUS_OK ){
    s->from = sqlite3_mprintf("\"%w\".\"%w\"", found.schema, found.name);
    rc = s->from ? check_virtual(s, &found, f) : STATUS_NOMEM;
    if( rc==STATUS_OK ) rc = read_columns(s, f);         /* connects it */
    if( rc==STATUS_OK && s->cx ) s->ledger = ledger_find(s->cx, found.schema, found.name);
  }
  found_free(&found);
  return rc;
}

#define ROWS_LOOKED_AT "10000"

static Status refuse_text(Failure *f, const char *what){
  failure_set(f, "source %s; give one SELECT without parameters", what);
  return STATUS_INVALID;
}

/* Past spaces, semicolons and comments. */
static const char *skip_blank(const char *z){
  for(;;){
    const char *end = 0;
    z += strspn(z, "; \t\r\n\f");
    if( z[0]=='-' && z[1]=='-' ) end = strchr(z, '\n');
    else if( z[0]=='/' && z[1]=='*' ) end = strstr(z + 2, "*/");
    else return z;
    if( end==0 ) return z + strlen(z);
    z = end + (z[0]=='-' ? 1 : 2);
  }
}

/* Preparing some PRAGMAs runs them: nothing but these may be prepared. */
static int begins_as_select(const char *z){
  static const char *const WORD[] = { "select", "with", "values" };
  size_t i;
  for(i=0; i<sizeof WORD/sizeof WORD[0]; i++){
    if( sqlite3_strnicmp(z, WORD[i], (int)strlen(WORD[i]))==0 ) return 1;
  }
  return 0;
}

/* The SELECT in brackets.  It is prepared as a whole first: text that closes the bracket and
** goes on does not pass, nor does a statement that is no SELECT.  The closing semicolon is
** dropped, a comment at the end ended by a new line. */
static Status bracket_query(Source *s, const char *text, Failure *f){
  sqlite3_stmt *stmt = 0;
  const char *tail = 0;
  Status status = STATUS_OK;
  int n, rc;
  text = skip_blank(text);
  if( !begins_as_select(text) ) return refuse_text(f, "is no SELECT");
  if( sqlite3_strlike("%" COLLECT "%", text, 0)==0 ) return refuse_text(f, "names " COLLECT);
  rc = sqlite3_prepare_v2(s->db, text, -1, &stmt, &tail);
  if( rc!=SQLITE_OK ) return status_of_error(s->db, rc, "source cannot be read", f);
  if( stmt==0 || !sqlite3_stmt_readonly(stmt) ) status = refuse_text(f, "is no SELECT");
  else if( sqlite3_bind_parameter_count(stmt) ) status = refuse_text(f, "has a parameter");
  else if( *skip_blank(tail) ) status = refuse_text(f, "has more than one statement");
  sqlite3_finalize(stmt);
  if( status!=STATUS_OK ) return status;
  n = (int)(tail - text);
  while( n > 0 && strchr("; \t\r\n", text[n-1]) ) n--;
  s->from = sqlite3_mprintf("(%.*s\n)", n, text);
  return s->from ? STATUS_OK : STATUS_NOMEM;
}

Status source_open(Source *s, sqlite3 *db, const char *text, Failure *f){
  Status rc;
  s->db = db;
  if( !s->isQuery ) return find_named(s, text, f);
  rc = bracket_query(s, text, f);
  return rc==STATUS_OK ? read_columns(s, f) : rc;
}

void source_close(Source *s){
  int i;
  for(i=0; s->columns && i<s->columnCount; i++) memory_free(s->columns[i]);
  memory_free(s->columns);
  memory_free(s->from);
  s->columns = 0;
  s->from = 0;
}

static const char *find_column(const Source *s, const char *name){
  int i;
  for(i=0; i<s->columnCount; i++){
    if( sqlite3_stricmp(s->columns[i], name)==0 ) return s->columns[i];
  }
  return 0;
}

/* As SQL reads it, when it is quoted. */
static Status find_quoted_column(const Source *s, const char *text, const char **out){
  char *schema, *name;
  Status rc = name_quoted(text, &schema, &name);
  if( rc!=STATUS_OK ) return rc==STATUS_INVALID ? STATUS_OK : rc;
  if( *schema==0 ) *out = find_column(s, name);
  memory_free(schema);
  return STATUS_OK;
}

/* As many whole names as there is room for. */
static void put_columns_of(const Source *s, Failure *f){
  size_t used = strlen(f->text), room = sizeof f->text - NAME_SHOWN - 40;
  int i;
  for(i=0; i<s->columnCount; i++){
    size_t n = strlen(s->columns[i]) + 2;
    if( used + n > room ){
      memcpy(f->text + used, ", ...", 6);
      return;
    }
    failure_add(f, "%s %s", i ? "," : "", s->columns[i]);
    used = strlen(f->text);
  }
}

Status source_column(const Source *s, const char *input, const char *name, const char **out, Failure *f){
  const char *meant;
  Status rc;
  *out = 0;
  rc = find_quoted_column(s, name, out);
  if( rc==STATUS_OK && *out==0 ) *out = find_column(s, name);
  if( rc!=STATUS_OK || *out ) return rc;
  meant = name_meant(name, (const char *const *)s->columns, s->columnCount);
  failure_set(f, "%s '%s' is no column of the source; it has:", input, SHOWN_NAME(name));
  put_columns_of(s, f);
  if( meant ) failure_add(f, "; did you mean '%s'?", SHOWN_NAME(meant));
  return STATUS_INVALID;
}

/* A ! before a name marks the column. */
static int read_mark(const char **list){
  const char *z = *list;
  while( *z==' ' || *z=='\t' || *z=='\n' ) z++;
  if( *z!='!' ) return 0;
  *list = z + 1;
  return 1;
}

/* Whether the text is among the values of the column, in the first rows. */
static Status column_has_value(const Source *s, const char *column, const char *value, int *has, Failure *f){
  sqlite3_stmt *stmt = 0;
  char *sql = sqlite3_mprintf("SELECT 1 FROM (SELECT s.\"%w\" AS v FROM %s AS s LIMIT " ROWS_LOOKED_AT ") WHERE v = ?1 LIMIT 1",
                              column, s->from);
  int rc = sql ? sqlite3_prepare_v2(s->db, sql, -1, &stmt, 0) : SQLITE_NOMEM;
  if( rc==SQLITE_OK ) rc = sqlite3_bind_text(stmt, 1, value, -1, SQLITE_STATIC);
  if( rc==SQLITE_OK ) rc = sqlite3_step(stmt);
  *has = rc==SQLITE_ROW;
  sqlite3_finalize(stmt);
  memory_free(sql);
  return rc==SQLITE_ROW || rc==SQLITE_DONE ? STATUS_OK : status_of_error(s->db, rc, "source cannot be read", f);
}

/* A step that is no column, but a value of one: the view whose flags say which step a row is. */
static Status explain_value(const Source *s, const char *input, const char *value, Failure *f){
  Status rc = STATUS_OK;
  int i, has = 0;
  for(i=0; rc==STATUS_OK && i<s->columnCount; i++){
    const char *column = s->columns[i];
    rc = column_has_value(s, column, value, &has, f);
    if( rc!=STATUS_OK || !has ) continue;
    failure_set(f, "%s '%s' is no column of the source, but a value of its column %s: make flags, CREATE VIEW steps AS SELECT *,"
                " \"%w\" = '%q' AS \"%w\", ... FROM %s, and make that the source", input, SHOWN_NAME(value), column, column, value,
                value, s->from);
    break;
  }
  return rc==STATUS_OK ? STATUS_INVALID : rc;
}

Status source_columns(const Source *s, const char *input, const char *list,
                      const char **out, int *count, uint32_t *marked, Failure *f){
  const char *z = list;
  char *name = memory_alloc(strlen(list) + 1);
  Status rc = name ? STATUS_OK : STATUS_NOMEM;
  *count = 0;
  *marked = 0;
  while( rc==STATUS_OK ){
    int mark = read_mark(&z);
    if( !name_of_list(&z, name) ){
      failure_set(f, "%s '%s' is no list of columns; write a, b, c", input, SHOWN_NAME(list));
      rc = STATUS_INVALID;
    }else if( *count==FLAGS_MAX ){
      failure_set(f, "%s names more than %d columns", input, FLAGS_MAX);
      rc = STATUS_INVALID;
    }else{
      *marked |= (uint32_t)mark << *count;
      rc = source_column(s, input, name, &out[(*count)++], f);
      if( rc==STATUS_INVALID ) rc = explain_value(s, input, name, f);
    }
    if( *z==0 ) break;
  }
  memory_free(name);
  return rc;
}
