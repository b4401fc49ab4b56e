/*
** Finding a source and its columns: see table.h.
**
** Names are looked up in the schemas, quoted, and columns are written s."name", which
** never turns into a string.  Eponymous tables are not in a schema, hence no sources; a
** virtual table is one only while trusted_schema is on, as in a view.
*/
#include "sql/table.h"

/* ---- finding the source ---- */

/* One text from a query with up to two bound texts; *out is NULL when there is no row. */
static Status query_text(sqlite3 *db, const char *sql, const char *a, char **out){
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
  }
  sqlite3_finalize(stmt);
  return status;
}

/* The CREATE text of a table or view in one schema, or NULL. */
static Status schema_lookup(sqlite3 *db, const char *schema, const char *name, char **sql){
  char *z = sqlite3_mprintf(
      "SELECT coalesce(sql, '') FROM \"%w\".sqlite_master"
      " WHERE type IN ('table', 'view') AND name = ?1 COLLATE NOCASE", schema);
  Status rc = z ? query_text(db, z, name, sql) : STATUS_NOMEM;
  memory_free(z);
  return rc;
}

/* One schema: when the name is there, *schema becomes a copy and *sql its CREATE text. */
static Status lookup_in(sqlite3 *db, const char *in, const char *name, char **schema, char **sql){
  Status rc = schema_lookup(db, in, name, sql);
  if( rc!=STATUS_OK || *sql==0 ) return rc;
  *schema = sqlite3_mprintf("%s", in);
  return *schema ? STATUS_OK : STATUS_NOMEM;
}

/* SQLite's own order for a bare name: temp, main, then the attached ones. */
static Status bare_lookup(sqlite3 *db, const char *name, char **schema, char **sql){
  sqlite3_stmt *stmt = 0;
  Status rc = STATUS_OK;
  int step;
  if( sqlite3_prepare_v2(db, "SELECT name FROM pragma_database_list ORDER BY name<>'temp', seq",
                         -1, &stmt, 0)!=SQLITE_OK ){
    return sqlite3_errcode(db)==SQLITE_INTERRUPT ? STATUS_INTERRUPTED : STATUS_NOMEM;
  }
  while( rc==STATUS_OK && *sql==0 && (step = sqlite3_step(stmt))==SQLITE_ROW ){
    const char *z = (const char*)sqlite3_column_text(stmt, 0);
    rc = z ? lookup_in(db, z, name, schema, sql) : STATUS_NOMEM;
  }
  step = sqlite3_finalize(stmt);
  if( rc==STATUS_OK && step==SQLITE_INTERRUPT ) rc = STATUS_INTERRUPTED;
  if( rc==STATUS_OK && step==SQLITE_NOMEM ) rc = STATUS_NOMEM;
  return rc;
}

/* 'schema.name' in two, at whichever dot there is a schema before; *name points into text. */
static Status split_lookup(sqlite3 *db, const char *text, char **schema, const char **name, char **sql){
  const char *dot;
  Status rc = STATUS_OK;
  for(dot=strchr(text, '.'); rc==STATUS_OK && *sql==0 && dot; dot=strchr(dot + 1, '.')){
    char *before = sqlite3_mprintf("%.*s", (int)(dot - text), text);
    rc = before ? lookup_in(db, before, dot + 1, schema, sql) : STATUS_NOMEM;
    *name = dot + 1;
    memory_free(before);
  }
  return rc;
}

static Status check_trust(const Source *s, const char *text, const char *createSql, Failure *f){
  int trusted = 1;
  sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, -1, &trusted);
  if( trusted || sqlite3_strnicmp(createSql, "create virtual", 14)!=0 ) return STATUS_OK;
  failure_set(f, "source '%.80s' is a virtual table, which trusted_schema=OFF keeps out; use %s_query",
              text, s->tableName);
  return STATUS_INVALID;
}

/* A table made by CREATE VIRTUAL TABLE looks beside itself first, as a view does. */
static Status find_schema(const Source *s, const char *text, char **schema, const char **name, char **sql){
  Status rc = s->ownSchema ? lookup_in(s->db, s->ownSchema, text, schema, sql) : STATUS_OK;
  *name = text;
  if( rc==STATUS_OK && *sql==0 ) rc = bare_lookup(s->db, text, schema, sql);
  if( rc==STATUS_OK && *sql==0 ) rc = split_lookup(s->db, text, schema, name, sql);
  return rc;
}

static Status check_named(const Source *s, const char *text, const char *schema, const char *name,
                          const char *sql, Failure *f){
  if( sql==0 ){
    failure_set(f, "source '%.80s' is no table or view of this connection", text);
    return STATUS_INVALID;
  }
  if( s->own && sqlite3_stricmp(s->own, name)==0 && sqlite3_stricmp(s->ownSchema, schema)==0 ){
    failure_set(f, "source '%.80s' is the table itself", text);
    return STATUS_INVALID;
  }
  return check_trust(s, text, sql, f);
}

/* Fills s->from with the quoted name. */
static Status find_named(Source *s, const char *text, Failure *f){
  char *schema = 0, *sql = 0;
  const char *name = text;
  Status rc = find_schema(s, text, &schema, &name, &sql);
  if( rc==STATUS_OK ) rc = check_named(s, text, schema, name, sql, f);
  if( rc==STATUS_OK ){
    s->from = sqlite3_mprintf("\"%w\".\"%w\"", schema, name);
    if( s->from==0 ) rc = STATUS_NOMEM;
  }
  memory_free(schema);
  memory_free(sql);
  return rc;
}

Status status_of_error(sqlite3 *db, int rc, const char *what, Failure *f){
  const char *text, *inner;
  if( rc==SQLITE_NOMEM ) return STATUS_NOMEM;
  if( rc==SQLITE_INTERRUPT ) return STATUS_INTERRUPTED;
  text = sqlite3_errmsg(db);
  while( (inner = strstr(text, READING ": "))!=0 ) text = inner + strlen(READING ": ");
  failure_set(f, "%s: %.140s", what, text);
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
  rc = s->isQuery ? bracket_query(s, text, f) : find_named(s, text, f);
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

Status source_column(const Source *s, const char *input, const char *name, const char **out, Failure *f){
  int i, used;
  for(i=0; i<s->columnCount; i++){
    if( sqlite3_stricmp(s->columns[i], name)==0 ){ *out = s->columns[i]; return STATUS_OK; }
  }
  failure_set(f, "%s '%.40s' is no column of the source; it has:", input, name);
  for(i=0; i<s->columnCount; i++){
    used = (int)strlen(f->text);
    sqlite3_snprintf((int)sizeof f->text - used, f->text + used, "%s %s", i ? "," : "", s->columns[i]);
  }
  return STATUS_INVALID;
}

/* One name of the list, its quotes taken off; *list moves behind it and its comma.  0 when
** there is none, or what follows is no comma. */
static int read_name(const char **list, char *out){
  const char *z = *list;
  size_t n = 0;
  char close = 0;
  while( *z==' ' || *z=='\t' || *z=='\n' ) z++;
  if( *z && strchr("\"'`[", *z) ){
    close = *z=='[' ? ']' : *z;
    for(z++; *z && (*z!=close || (close!=']' && z[1]==close)); z++){
      if( *z==close ) z++;                          /* a doubled quote is one */
      out[n++] = *z;
    }
    if( *z++==0 ) return 0;
    while( *z==' ' || *z=='\t' || *z=='\n' ) z++;
  }else{
    while( *z && *z!=',' ) out[n++] = *z++;
    while( n > 0 && strchr(" \t\n", out[n-1]) ) n--;
  }
  out[n] = 0;
  if( n==0 || (*z && *z!=',') ) return 0;
  *list = *z ? z + 1 : z;
  return 1;
}

/* A ! before a name marks the column. */
static int read_mark(const char **list){
  const char *z = *list;
  while( *z==' ' || *z=='\t' || *z=='\n' ) z++;
  if( *z!='!' ) return 0;
  *list = z + 1;
  return 1;
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
    if( !read_name(&z, name) ){
      failure_set(f, "%s '%.80s' is no list of columns; write a, b, c", input, list);
      rc = STATUS_INVALID;
    }else if( *count==FLAGS_MAX ){
      failure_set(f, "%s names more than %d columns", input, FLAGS_MAX);
      rc = STATUS_INVALID;
    }else{
      *marked |= (uint32_t)mark << *count;
      rc = source_column(s, input, name, &out[(*count)++], f);
    }
    if( *z==0 ) break;
  }
  memory_free(name);
  return rc;
}
