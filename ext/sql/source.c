/*
** Reading a source: see table.h.
**
** The rows pass through an aggregate of our own on the same connection,
**     SELECT siyu_collect(s."customer", s."time", ...) FROM "main"."orders" AS s
** which is 1.5 to 1.9 times faster than a sqlite3_step() loop.  It feeds the scan that the
** connection runs just now, and is an error where there is none.  Nobody else gets at it:
** it is DIRECTONLY, and the text of a _query source may not name it.
**
** Names are looked up in the schemas, quoted, and columns are written s."name", which
** never turns into a string.  Eponymous tables are not in a schema, hence no sources; a
** virtual table is one only while trusted_schema is on, as in a view.
*/
#include "table.h"

#define COLLECT "siyu_collect"

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

#define READING "reading the source"

/* Of a table that reads a table that reads ... only the innermost complaint is told. */
static Status status_of_error(sqlite3 *db, int rc, const char *what, Failure *f){
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

Status source_columns(const Source *s, const char *input, const char *list,
                      const char **out, int *count, Failure *f){
  const char *z = list;
  char *name = memory_alloc(strlen(list) + 1);
  Status rc = name ? STATUS_OK : STATUS_NOMEM;
  *count = 0;
  while( rc==STATUS_OK ){
    if( !read_name(&z, name) ){
      failure_set(f, "%s '%.80s' is no list of columns; write a, b, c", input, list);
      rc = STATUS_INVALID;
    }else if( *count==FLAGS_MAX ){
      failure_set(f, "%s names more than %d columns", input, FLAGS_MAX);
      rc = STATUS_INVALID;
    }else{
      rc = source_column(s, input, name, &out[(*count)++], f);
    }
    if( *z==0 ) break;
  }
  memory_free(name);
  return rc;
}

/* ---- the aggregate that takes the rows ---- */

/* INTEGERs that are taken as they are, or as Unix seconds: 1 when all cells of the row are. */
static inline int take_integers(const Signature *sig, int argc, sqlite3_value **argv, Batch *b){
  Column *c = b->column;
  int i, row = b->rows;
  for(i=0; i<argc; i++, c++){
    int64_t v;
    if( sqlite3_value_type(argv[i])!=SQLITE_INTEGER ) return 0;
    v = sqlite3_value_int64(argv[i]);
    if( sig->plain[i]!=PLAIN_AS_IS ){
      if( sig->plain[i]!=PLAIN_SECONDS || (uint64_t)v - SECONDS_LOWEST >= SECONDS_COUNT ) return 0;
      v *= MICROS_PER_SECOND;
    }
    c->cell[row].i = v;
    c->type[row] = CELL_INTEGER;
  }
  return 1;
}

OUT_OF_LINE static void hand_batch(sqlite3_context *ctx, Scan *scan){
  scan->status = scan->absorb(scan->accumulator, scan->batch, &scan->failure);
  batch_clear(scan->batch);
  if( scan->status!=STATUS_OK ) sqlite3_result_error(ctx, scan->failure.text, -1);
}

OUT_OF_LINE static void take_other_row(sqlite3_context *ctx, Scan *scan, int argc, sqlite3_value **argv){
  if( !decode_plain_row(scan->signature, scan->zone, argc, argv, scan->batch) ){
    scan->status = decode_row(scan->signature, scan->zone, argc, argv, scan->batch, &scan->failure);
    if( scan->status!=STATUS_OK ) sqlite3_result_error(ctx, scan->failure.text, -1);
  }
  if( scan->status==STATUS_OK && scan->batch->rows==BATCH_ROWS ) hand_batch(ctx, scan);
}

static void collect_step(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Scan *scan = ((Connection*)sqlite3_user_data(ctx))->scan;
  Batch *b;
  if( scan==0 || argc!=scan->passed ){
    sqlite3_result_error(ctx, COLLECT "() is for siyu's own tables", -1);
    return;
  }
  b = scan->batch;
  /* of two and three columns the compiler makes straight code */
  if( !(argc==2 ? take_integers(scan->signature, 2, argv, b) : argc==3 ? take_integers(scan->signature, 3, argv, b)
        : take_integers(scan->signature, argc, argv, b)) ){
    take_other_row(ctx, scan, argc, argv);
    return;
  }
  batch_next_row(b);
  if( b->rows==BATCH_ROWS ) hand_batch(ctx, scan);
}

static void collect_final(sqlite3_context *ctx){ (void)ctx; }

static void collect_destroy(void *connection){ connection_release(connection); }

int register_collect(Connection *cx){
  cx->references++;                        /* SQLite calls the destructor on failure, too */
  return sqlite3_create_function_v2(cx->db, COLLECT, -1, SQLITE_UTF8|SQLITE_DIRECTONLY, cx, 0,
                                    collect_step, collect_final, collect_destroy);
}

/* ---- the scan ---- */

/* Columns to pass: up to the last one given, or the flags behind it. */
static int columns_passed(const Scan *scan){
  int n = scan->signature->columns;
  if( scan->flags ) return n - 1 + scan->flags;
  while( n > 0 && scan->column[n-1]==0 ) n--;
  return n;
}

static const char *column_passed(const Scan *scan, int i){
  int n = scan->signature->columns;
  return scan->flags && i >= n - 1 ? scan->flag[i - n + 1] : scan->column[i];
}

/* s."customer" AS c0, s."time" AS c1, NULL AS c2, ... */
static void put_columns(const Scan *scan, Buffer *sql){
  int i, n = columns_passed(scan);
  for(i=0; i<n; i++){
    const char *name = column_passed(scan, i);
    if( name ) buffer_printf(sql, "%ss.\"%w\" AS c%d", i ? ", " : "", name, i);
    else buffer_printf(sql, "%sNULL AS c%d", i ? ", " : "", i);
  }
}

/* FROM a table or view; a scan that knows its index names it. */
static void put_from(const Scan *scan, Buffer *sql){
  buffer_printf(sql, " FROM %s AS s", scan->source->from);
  if( scan->index ) buffer_printf(sql, " INDEXED BY \"%w\"", scan->index);
}

static void put_select(const Scan *scan, int ordered, Buffer *sql){
  buffer_printf(sql, "SELECT ");
  put_columns(scan, sql);
  put_from(scan, sql);
  if( ordered ) buffer_printf(sql, " ORDER BY s.\"%w\" COLLATE BINARY", scan->column[0]);
}

static Status prepare(Scan *scan, Buffer *sql, sqlite3_stmt **stmt, Failure *f){
  int rc;
  if( sql->failed ){ buffer_destroy(sql); return STATUS_NOMEM; }
  rc = sqlite3_prepare_v2(scan->source->db, (const char*)sql->data, (int)sql->size, stmt, 0);
  buffer_destroy(sql);
  return rc==SQLITE_OK ? STATUS_OK : status_of_error(scan->source->db, rc, "source cannot be read", f);
}

/* A plan with a sort, a look-up per row, or work of unknown cost. */
static int plan_is_costly(const char *plan){
  return strstr(plan, "TEMP B-TREE")!=0 || strstr(plan, "USING INDEX")!=0
      || strstr(plan, "CO-ROUTINE")!=0 || strstr(plan, "MATERIALIZE")!=0;
}

/* The plan of a SELECT of the columns, a line each; 0 when it cannot be had. */
static int read_plan(Scan *scan, int ordered, Buffer *plan){
  Buffer sql = {0};
  sqlite3_stmt *stmt = 0;
  Failure ignored;
  buffer_printf(&sql, "EXPLAIN QUERY PLAN ");
  put_select(scan, ordered, &sql);
  if( prepare(scan, &sql, &stmt, &ignored)!=STATUS_OK ) return 0;
  while( sqlite3_step(stmt)==SQLITE_ROW ){
    const char *line = (const char*)sqlite3_column_text(stmt, 3);
    buffer_printf(plan, "%s\n", line ? line : "TEMP B-TREE");
  }
  buffer_put_byte(plan, 0);
  return sqlite3_finalize(stmt)==SQLITE_OK && !plan->failed && plan->size > 1;
}

/* Whether the plan without ORDER BY is the given one. */
static int is_plan_anyway(Scan *scan, const Buffer *sorted){
  Buffer plain = {0};
  int same = read_plan(scan, 0, &plain) && strcmp((char*)plain.data, (char*)sorted->data)==0;
  buffer_destroy(&plain);
  return same;
}

/* Names the covering index that a plan of one line ends with; a view has none to name. */
static Status name_index(Scan *scan, const Buffer *plan){
  static const char USING[] = "USING COVERING INDEX ";
  const char *at = strstr((const char*)plan->data, USING), *end;
  if( at==0 || strncmp((const char*)plan->data, "SCAN ", 5)!=0 ) return STATUS_OK;
  at += strlen(USING);
  end = at + strlen(at) - 1;               /* the new line that read_plan puts behind each */
  scan->index = sqlite3_mprintf("%.*s", (int)(end - at), at);
  return scan->index ? STATUS_OK : STATUS_NOMEM;
}

void scan_close(Scan *scan){
  memory_free(scan->index);
  scan->index = 0;
}

/* SQLite would rather scan the table than a wide index, and ORDER BY costs a coroutine: naming
** the index spares both. */
static ScanOrder order_of_plan(Scan *scan, const Buffer *sorted){
  if( is_plan_anyway(scan, sorted) ) return SCAN_SORTED_ANYWAY;
  if( scan->source->isQuery || name_index(scan, sorted)!=STATUS_OK || scan->index==0 ) return SCAN_SORTED;
  if( is_plan_anyway(scan, sorted) ) return SCAN_SORTED_ANYWAY;
  scan_close(scan);
  return SCAN_SORTED;
}

ScanOrder scan_order(Scan *scan){
  Buffer sorted = {0};
  ScanOrder order = SCAN_ANY;
  if( read_plan(scan, 1, &sorted) && !plan_is_costly((const char*)sorted.data) ){
    order = order_of_plan(scan, &sorted);
  }
  buffer_destroy(&sorted);
  return order;
}

/* A subquery with ORDER BY is a coroutine; a scan that is sorted anyway needs none. */
static void put_scan(const Scan *scan, ScanOrder order, Buffer *sql){
  int i, n = columns_passed(scan);
  buffer_printf(sql, "SELECT " COLLECT "(");
  for(i=0; i<n; i++){
    const char *name = column_passed(scan, i), *comma = i ? ", " : "";
    if( order==SCAN_SORTED ) buffer_printf(sql, "%sc%d", comma, i);
    else if( name ) buffer_printf(sql, "%ss.\"%w\"", comma, name);
    else buffer_printf(sql, "%sNULL", comma);
  }
  buffer_printf(sql, ")");
  if( order==SCAN_SORTED ){
    buffer_printf(sql, " FROM (");
    put_select(scan, 1, sql);
    buffer_printf(sql, ")");
  }else{
    put_from(scan, sql);
  }
}

/* Steps the statement while the connection's scan is this one; another may run already, whose
** source reads a table of ours. */
static int step_scan(Scan *scan, sqlite3_stmt *stmt){
  Scan *outer = scan->cx->scan;
  int rc;
  scan->cx->scan = scan;
  rc = sqlite3_step(stmt);
  scan->cx->scan = outer;
  return rc;
}

Status scan_run(Scan *scan, ScanOrder order, Failure *f){
  Buffer sql = {0};
  sqlite3_stmt *stmt = 0;
  Status status;
  int rc, i;
  scan->passed = columns_passed(scan);
  if( order!=SCAN_SORTED_ANYWAY ) scan_close(scan);
  for(i=scan->passed; i<scan->signature->columns; i++){
    memset(scan->batch->column[i].type, CELL_NULL, BATCH_ROWS);
  }
  if( !scan->flags ) scan->signature->columns = scan->passed;  /* the others are NULL once and for all */
  put_scan(scan, order, &sql);
  status = prepare(scan, &sql, &stmt, f);
  if( status!=STATUS_OK ) return status;
  rc = step_scan(scan, stmt);
  if( rc!=SQLITE_ROW && rc!=SQLITE_DONE && scan->status==STATUS_OK ){
    status = status_of_error(scan->source->db, rc, READING, f);
  }
  sqlite3_finalize(stmt);
  if( scan->status!=STATUS_OK ){
    *f = scan->failure;
    return scan->status;
  }
  if( status==STATUS_OK && scan->batch->rows ){
    status = scan->absorb(scan->accumulator, scan->batch, f);
  }
  batch_clear(scan->batch);
  return status;
}
