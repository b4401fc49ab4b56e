/*
** The views of sql/view as one statement over whatever tables are there: a WITH clause in which
** a table that is missing has no rows, a column that is missing is NULL, and the settings are
** those that the report was asked with.
*/
#include "sql/report_query.h"

/* Columns of ours without which a table says nothing. */
static const char *report_key(const char *table){
  return strcmp(table, "orders")==0 ? ",customer,time,amount," : ",";
}

static int report_is_word(const char *list, const char *word, size_t n){
  const char *at = list;
  while( (at = strchr(at, ','))!=0 && at[1] ){
    at++;
    if( strncmp(at, word, n)==0 && at[n]==',' ) return 1;
  }
  return 0;
}

static int report_is_letter(char c){ return (c>='a' && c<='z') || (c>='A' && c<='Z') || c=='_'; }

/* "a, b, c" has the word. */
static int report_is_listed(const char *list, const char *word, size_t n){
  size_t k;
  for(; *list; list += k){
    list += strspn(list, " ,");
    k = strcspn(list, " ,");
    if( k==n && strncmp(list, word, n)==0 ) return 1;
  }
  return 0;
}

/* A statement that is there, the first in temp, main and what is attached; NULL: none. */
static int report_find(sqlite3 *db, const char *table, char **schema, sqlite3_stmt **out){
  sqlite3_stmt *list = 0;
  int pass, rc = SQLITE_OK;
  *out = 0;
  *schema = 0;
  for(pass=0; rc==SQLITE_OK && *out==0 && pass<2; pass++){
    rc = sqlite3_prepare_v2(db, pass ? "SELECT name FROM pragma_database_list WHERE name <> 'temp'"
                                     : "SELECT 'temp'", -1, &list, 0);
    while( rc==SQLITE_OK && *out==0 && (rc = sqlite3_step(list))==SQLITE_ROW ){
      char *sql = sqlite3_mprintf("SELECT * FROM \"%w\".\"%w\"", sqlite3_column_text(list, 0), table);
      rc = sql ? sqlite3_prepare_v2(db, sql, -1, out, 0) : SQLITE_NOMEM;
      sqlite3_free(sql);
      if( rc==SQLITE_ERROR ) rc = SQLITE_OK;            /* not there, or a view that is broken */
      if( rc==SQLITE_OK && *out && (*schema = sqlite3_mprintf("%s", sqlite3_column_text(list, 0)))==0 ) rc = SQLITE_NOMEM;
    }
    if( rc==SQLITE_DONE ) rc = SQLITE_OK;
    sqlite3_finalize(list);
    list = 0;
  }
  return rc;
}

static int report_column(sqlite3_stmt *stmt, const char *name, size_t n){
  int i, count = stmt ? sqlite3_column_count(stmt) : 0;
  for(i=0; i<count; i++){
    const char *z = sqlite3_column_name(stmt, i);
    if( z && strlen(z)==n && sqlite3_strnicmp(z, name, (int)n)==0 ) return 1;
  }
  return 0;
}

/* "orders(order_id, ...) AS (SELECT "order_id", NULL, ... FROM "main"."orders")" ; a line of the
** text between CREATE TABLE and the closing parenthesis begins with a column's name. */
static int report_table(ReportQuery *q, const Script *s, const char *as){
  Buffer names = {0}, values = {0};
  sqlite3_stmt *stmt = 0;
  const char *const *line = s->lines;
  char *schema = 0;
  int lacking = 0, rc = report_find(q->db, s->name, &schema, &stmt);
  while( *line && strncmp(*line, "CREATE TABLE", 12)!=0 ) line++;
  for(line++; rc==SQLITE_OK && *line && **line==' '; line++){
    const char *z = *line + 2;
    size_t n = strcspn(z, " ,");
    int has = report_column(stmt, z, n);
    if( !has && report_is_word(report_key(s->name), z, n) ) lacking = 1;
    buffer_printf(&names, "%s%.*s", names.size ? ", " : "", (int)n, z);
    if( has ) buffer_printf(&values, "%s\"%.*s\"", values.size ? ", " : "", (int)n, z);
    else buffer_printf(&values, "%sNULL", values.size ? ", " : "");
  }
  if( rc==SQLITE_OK ){
    buffer_printf(&q->with, "%s%s(%.*s) AS (SELECT %.*s", q->with.size ? ",\n" : "WITH ", as,
                  (int)names.size, (const char*)names.data, (int)values.size, (const char*)values.data);
    if( stmt && !lacking ) buffer_printf(&q->with, " FROM \"%w\".\"%w\")", schema, s->name);
    else buffer_printf(&q->with, " WHERE 0)");
    if( stmt && !lacking && (rc = sqlite3_step(stmt))==SQLITE_ROW ){
      buffer_printf(&q->tables, "%s%s,", q->tables.size ? "" : ",", s->name);
      rc = SQLITE_OK;
    }
    if( rc==SQLITE_DONE ) rc = SQLITE_OK;
  }
  sqlite3_finalize(stmt);
  sqlite3_free(schema);
  if( names.failed || values.failed || q->with.failed || q->tables.failed ) rc = SQLITE_NOMEM;
  buffer_destroy(&names);
  buffer_destroy(&values);
  return rc;
}

/* The settings that are there, with what the report was asked for in their place. */
static int report_settings(ReportQuery *q, const Script *s){
  int rc = report_table(q, s, "settings_there");
  buffer_printf(&q->with, ",\nsettings AS (SELECT coalesce(%Q, as_of) AS as_of, coalesce(%Q, period_from) AS period_from, ",
                q->asOf, q->since);
  buffer_printf(&q->with, "%s AS period_to, coalesce(%Q, tz) AS tz, currency, decimals, weights "
                "FROM (SELECT max(as_of) AS as_of, max(period_from) AS period_from, max(period_to) AS period_to, max(tz) AS tz, max(currency) AS currency, max(decimals) AS decimals, max(weights) AS weights"
                " FROM settings_there))", q->since ? "NULL" : "period_to", q->tz);
  return rc;
}

/* The line of a text that begins so, or NULL. */
static const char *const *report_line(const Script *s, const char *begins){
  const char *const *line = s->lines;
  while( *line && strncmp(*line, begins, strlen(begins))!=0 ) line++;
  return *line ? line : 0;
}

#define REPORT_INSTANCE "CREATE VIRTUAL TABLE IF NOT EXISTS "

/* The script of the instance whose name stands at z, an identifier, or NULL. */
static const Script *report_instance(const Script *needing, const char *z, size_t n){
  const Script *s;
  if( !report_is_listed(needing->needs, z, n) ) return 0;
  s = script_find(z, (int)n);
  return s && report_line(s, REPORT_INSTANCE) ? s : 0;
}

/* An instance of a table cannot see a WITH clause: in its place stands the table over SELECT text,
** NAME_query('WITH ... SELECT * FROM source', column, ...).  Its text gives the inputs in their order:
**   CREATE VIRTUAL TABLE IF NOT EXISTS v USING NAME(source=order_rows, customer_col=customer, ...); */
static void report_instance_call(ReportQuery *q, const Script *s){
  const char *z = strstr(*report_line(s, REPORT_INSTANCE), " USING ") + 7;
  size_t n = strcspn(z, "(");
  char *source;
  buffer_printf(&q->with, "%.*s_query(", (int)n, z);
  z = strchr(z, '=') + 1;
  n = strcspn(z, ",)");
  source = sqlite3_mprintf("%.*s\nSELECT * FROM %.*s", (int)q->viewAt, (const char*)q->with.data, (int)n, z);
  if( source==0 ) q->with.failed = 1;
  else buffer_printf(&q->with, "%Q", source);
  sqlite3_free(source);
  for(z+=n; *z==','; z+=n){
    z = strchr(z, '=') + 1;
    n = strcspn(z, ",)");
    buffer_printf(&q->with, ", '%.*s'", (int)n, z);
  }
  buffer_put_byte(&q->with, ')');
}

/* A line of a view, instances of tables replaced. */
static void report_view_line(ReportQuery *q, const Script *s, const char *z, size_t n){
  const char *end = z + n;
  while( z < end ){
    const char *from = z;
    const Script *instance;
    while( z < end && !report_is_letter(*z) ) z++;
    buffer_put(&q->with, from, (size_t)(z - from));
    for(from=z; z < end && (report_is_letter(*z) || (*z>='0' && *z<='9')); ) z++;
    instance = z > from ? report_instance(s, from, (size_t)(z - from)) : 0;
    if( instance ) report_instance_call(q, instance);
    else buffer_put(&q->with, from, (size_t)(z - from));
  }
}

/* Whether the rows of a view are kept in a table of its name. */
static int report_is_kept(ReportQuery *q, const Script *s, int *kept){
  sqlite3_stmt *list = 0;
  char *sql;
  int rc;
  *kept = 0;
  if( q->kept==0 ) return SQLITE_OK;
  sql = sqlite3_mprintf("SELECT 1 FROM \"%w\".%s WHERE type = 'table' AND name = %Q", q->kept,
                        sqlite3_stricmp(q->kept, "temp") ? "sqlite_master" : "sqlite_temp_master", s->name);
  rc = sql ? sqlite3_prepare_v2(q->db, sql, -1, &list, 0) : SQLITE_NOMEM;
  sqlite3_free(sql);
  if( rc==SQLITE_OK && (rc = sqlite3_step(list))==SQLITE_ROW ) *kept = 1;
  sqlite3_finalize(list);
  return rc==SQLITE_ROW || rc==SQLITE_DONE ? SQLITE_OK : rc;
}

/* The view's text after "AS" and up to its semicolon. */
static int report_view(ReportQuery *q, const Script *s){
  const char *const *line = report_line(s, "CREATE VIEW ");
  int kept, rc;
  if( line==0 ) return SQLITE_OK;                     /* an instance: made where it is named */
  rc = report_is_kept(q, s, &kept);
  if( rc!=SQLITE_OK ) return rc;
  q->viewAt = q->with.size;
  if( kept ){
    buffer_printf(&q->with, ",\n%s AS (SELECT * FROM \"%w\".%s)", s->name, q->kept, s->name);
    return SQLITE_OK;
  }
  buffer_printf(&q->with, ",\n%s AS (", s->name);
  for(line++; *line; line++){
    size_t n = strlen(*line);
    if( n && (*line)[n-1]==';' && line[1]==0 ) n--;
    report_view_line(q, s, *line, n);
    buffer_put_byte(&q->with, '\n');
  }
  buffer_put_byte(&q->with, ')');
  return SQLITE_OK;
}

static int report_with(ReportQuery *q, const Script *s);

/* A text after those that it needs. */
static int report_needs(ReportQuery *q, const Script *s){
  const char *z = s->needs, *end;
  int rc = SQLITE_OK;
  for(; rc==SQLITE_OK && *z; z=end){
    const Script *needed;
    while( *z==' ' || *z==',' ) z++;
    for(end=z; *end && *end!=',' && *end!=' '; ) end++;
    needed = end > z ? script_find(z, (int)(end - z)) : 0;
    if( needed && needed!=s ) rc = report_with(q, needed);
  }
  return rc;
}

static int report_with(ReportQuery *q, const Script *s){
  int rc, done;
  buffer_put_byte(&q->done, 0);
  if( q->done.failed ) return SQLITE_NOMEM;
  done = report_is_word((char*)q->done.data, s->name, strlen(s->name));
  q->done.size--;
  if( done || strcmp(s->kind, "index")==0 ) return SQLITE_OK;
  buffer_printf(&q->done, "%s%s,", q->done.size ? "" : ",", s->name);
  rc = report_needs(q, s);
  if( rc!=SQLITE_OK ) return rc;
  if( strcmp(s->name, "settings")==0 ) rc = report_settings(q, s);
  else if( strcmp(s->kind, "table")==0 ) rc = report_table(q, s, s->name);
  else rc = report_view(q, s);
  return rc==SQLITE_OK && q->with.failed ? SQLITE_NOMEM : rc;
}

void report_query_clear(ReportQuery *q){
  buffer_destroy(&q->with);
  buffer_destroy(&q->done);
  buffer_destroy(&q->tables);
}

int report_query_build(ReportQuery *q, const char *const *views){
  int rc = SQLITE_OK;
  report_query_clear(q);
  for(; rc==SQLITE_OK && *views; views++){
    const Script *s = script_find(*views, (int)strlen(*views));
    if( s ) rc = report_with(q, s);
  }
  if( rc!=SQLITE_OK ) return rc;
  buffer_put_byte(&q->with, 0);
  buffer_put_byte(&q->tables, 0);
  return q->with.failed || q->tables.failed ? SQLITE_NOMEM : SQLITE_OK;
}

int report_query_prepare(ReportQuery *q, const char *view, sqlite3_stmt **out){
  char *sql = sqlite3_mprintf("%s\nSELECT * FROM %s", (const char*)q->with.data, view);
  int rc = sql ? sqlite3_prepare_v2(q->db, sql, -1, out, 0) : SQLITE_NOMEM;
  sqlite3_free(sql);
  return rc;
}

int report_query_has(const ReportQuery *q, const char *tables){
  const char *end;
  for(; *tables; tables=end){
    while( *tables==' ' || *tables==',' ) tables++;
    for(end=tables; *end && *end!=','; ) end++;
    if( end > tables && !report_is_word((const char*)q->tables.data, tables, (size_t)(end - tables)) ) return 0;
  }
  return 1;
}
