/*
** siyu_setup(what [, where]): runs SQL texts of the library on the calling connection.
**
**   what   'schema': tables and indexes; 'kpi': these, the views and the audiences; or the name of
**          one text.  What a text needs is run first.
**   where  'temp': views and audiences become TEMP ones
**
** In a savepoint, all or nothing.  A table, and anything that is not of ours, stays as it is when
** its name is taken; a view of ours with another text is made anew.  A view that cannot be read,
** since a table has other columns, is not left behind.  All this the returned sentence says.
*/
#include "base/text.h"
#include "sql/script.h"

#define SETUP_MARK "-- siyu"           /* stands in the text of our views, so that they are known */

typedef struct Setup {
  sqlite3 *db;
  int temp;
  int made[4], there;                  /* tables, indexes, views, audiences */
  Buffer told;                         /* names and what is the matter with them */
  Buffer done;                         /* ",name," of what was run */
  char *error;
} Setup;

static const char *const SETUP_KINDS[4] = { "table", "index", "view", "audience" };
static const char *const SETUP_MANY[4] = { "tables", "indexes", "views", "audiences" };

static int setup_kind(const Script *s){
  int i;
  for(i=0; i<3 && strcmp(s->kind, SETUP_KINDS[i]); i++){}
  return i;
}

static int setup_fail(Setup *u, int rc){
  if( rc==SQLITE_OK || u->error ) return rc;
  u->error = sqlite3_mprintf("%s", sqlite3_errmsg(u->db));
  return rc;
}

static int setup_run(Setup *u, const char *sql){
  if( sql==0 ) return SQLITE_NOMEM;
  return setup_fail(u, sqlite3_exec(u->db, sql, 0, 0, 0));
}

static void setup_tell(Setup *u, const char *name, const char *what){
  buffer_printf(&u->told, " %s %s.", name, what);
}

/* type and sql of the object with that name in the schema where the text would go. */
static int setup_object(Setup *u, const Script *s, char **type, char **sql){
  sqlite3_stmt *stmt = 0;
  int inTemp = u->temp && setup_kind(s) >= 2, found = 0;
  int rc = sqlite3_prepare_v2(u->db, inTemp ? "SELECT type, sql FROM sqlite_temp_master WHERE lower(name) = lower(?1)"
                                            : "SELECT type, sql FROM main.sqlite_master WHERE lower(name) = lower(?1)", -1, &stmt, 0);
  *type = *sql = 0;
  if( rc==SQLITE_OK ) rc = sqlite3_bind_text(stmt, 1, s->name, -1, SQLITE_STATIC);
  if( rc==SQLITE_OK && (rc = sqlite3_step(stmt))==SQLITE_ROW ){
    found = 1;
    *type = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 0));
    *sql = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 1) ? (const char*)sqlite3_column_text(stmt, 1) : "");
  }
  rc = sqlite3_finalize(stmt);
  if( rc==SQLITE_OK && found && (*type==0 || *sql==0) ) rc = SQLITE_NOMEM;
  if( rc!=SQLITE_OK ){
    sqlite3_free(*type);
    sqlite3_free(*sql);
    *type = *sql = 0;
  }
  return setup_fail(u, rc);
}

/* ---- a table that is there ---- */

/* Names of the columns, each between commas; of the text's own table in a database of its own. */
static int setup_columns(sqlite3 *db, const char *name, Buffer *out){
  sqlite3_stmt *stmt = 0;
  char *sql = sqlite3_mprintf("SELECT lower(name) FROM pragma_table_info(%Q)", name);
  int rc = sql ? sqlite3_prepare_v2(db, sql, -1, &stmt, 0) : SQLITE_NOMEM;
  sqlite3_free(sql);
  buffer_put_byte(out, ',');
  while( rc==SQLITE_OK && (rc = sqlite3_step(stmt))==SQLITE_ROW ){
    buffer_printf(out, "%s,", sqlite3_column_text(stmt, 0));
    rc = SQLITE_OK;
  }
  if( rc==SQLITE_DONE ) rc = SQLITE_OK;
  buffer_put_byte(out, 0);
  sqlite3_finalize(stmt);
  return rc==SQLITE_OK && out->failed ? SQLITE_NOMEM : rc;
}

/* Tells which columns of ours the table lacks. */
static int setup_compare(Setup *u, const Script *s, const char *text){
  sqlite3 *scratch = 0;
  Buffer here = {0}, ours = {0};
  char *z, *end;
  int rc = sqlite3_open(":memory:", &scratch), lacking = 0;
  if( rc==SQLITE_OK ) rc = sqlite3_exec(scratch, text, 0, 0, 0);
  if( rc==SQLITE_OK ) rc = setup_columns(scratch, s->name, &ours);
  sqlite3_close(scratch);
  if( rc==SQLITE_OK ) rc = setup_columns(u->db, s->name, &here);
  for(z = rc==SQLITE_OK ? (char*)ours.data + 1 : 0; z && *z; z=end + 1){
    char *found;
    end = strchr(z, ',');
    *end = 0;
    found = sqlite3_mprintf(",%s,", z);
    if( found==0 ){ rc = SQLITE_NOMEM; break; }
    if( strstr((char*)here.data, found)==0 ){
      if( !lacking ) buffer_printf(&u->told, " The table %s was there with other columns and is left as it is; it lacks ", s->name);
      buffer_printf(&u->told, "%s%s", lacking ? ", " : "", z);
      lacking++;
    }
    sqlite3_free(found);
  }
  if( lacking ) buffer_printf(&u->told, ".");
  buffer_destroy(&here);
  buffer_destroy(&ours);
  return setup_fail(u, rc);
}

/* ---- one text ---- */

/* A view's columns are asked for: they are there, or it is not left behind. */
static int setup_try(Setup *u, const Script *s){
  sqlite3_stmt *stmt = 0;
  char *sql = sqlite3_mprintf("SELECT * FROM %s.\"%w\" LIMIT 0", u->temp ? "temp" : "main", s->name);
  int rc = sql ? sqlite3_prepare_v2(u->db, sql, -1, &stmt, 0) : SQLITE_NOMEM;
  sqlite3_free(sql);
  sqlite3_finalize(stmt);
  if( rc!=SQLITE_ERROR ) return setup_fail(u, rc);
  buffer_printf(&u->told, " %s was not made: %s.", s->name, sqlite3_errmsg(u->db));
  u->made[setup_kind(s)]--;
  sql = sqlite3_mprintf("DROP VIEW %s.\"%w\"", u->temp ? "temp" : "main", s->name);
  rc = setup_run(u, sql);
  sqlite3_free(sql);
  return rc;
}

/* CREATE VIEW at the beginning of a line becomes CREATE TEMP VIEW; an instance of a table goes
** into the schema temp. */
static char *setup_as_temp(const char *text){
  static const char *const AS[][2] = {
    { "\nCREATE VIEW ", "\nCREATE TEMP VIEW " },
    { "\nCREATE VIRTUAL TABLE IF NOT EXISTS ", "\nCREATE VIRTUAL TABLE IF NOT EXISTS temp." }
  };
  int i;
  for(i=0; i<2; i++){
    const char *at = strstr(text, AS[i][0]);
    if( at ) return sqlite3_mprintf("%.*s%s%s", (int)(at - text), text, AS[i][1], at + strlen(AS[i][0]));
  }
  return sqlite3_mprintf("%s", text);
}

static int setup_create(Setup *u, const Script *s, const char *text){
  int kind = setup_kind(s), rc;
  char *temp = u->temp && kind >= 2 ? setup_as_temp(text) : 0;
  if( u->temp && kind >= 2 && temp==0 ) return SQLITE_NOMEM;
  rc = sqlite3_exec(u->db, temp ? temp : text, 0, 0, 0);
  sqlite3_free(temp);
  if( rc==SQLITE_ERROR && kind==1 ){                  /* of a table with other columns */
    buffer_printf(&u->told, " The index %s was not made: %s.", s->name, sqlite3_errmsg(u->db));
    return SQLITE_OK;
  }
  if( rc!=SQLITE_OK ) return setup_fail(u, rc);
  u->made[kind]++;
  return kind >= 2 && strstr(text, "\nCREATE VIEW ") ? setup_try(u, s) : SQLITE_OK;
}

/* A view of ours that has changed is dropped first. */
static int setup_over(Setup *u, const Script *s, const char *text, const char *type, const char *sql){
  const char *body = strstr(text, SETUP_MARK), *there = strstr(sql, SETUP_MARK);
  char *drop;
  int rc;
  if( setup_kind(s)==0 && strcmp(type, "table")==0 ){
    u->there++;
    return setup_compare(u, s, text);
  }
  if( setup_kind(s)>=2 && strstr(text, "\nCREATE VIRTUAL TABLE ") && sqlite3_strnicmp(sql, "CREATE VIRTUAL TABLE", 20)==0 ){
    u->there++;
    return SQLITE_OK;
  }
  if( setup_kind(s)==1 || strcmp(type, "view")!=0 || there==0 || body==0 ){
    if( setup_kind(s)==1 && strcmp(type, "index")==0 ) u->there++;
    else setup_tell(u, s->name, "is the name of something else here, which is left as it is");
    return SQLITE_OK;
  }
  if( strncmp(body, there, strlen(there))==0 ){
    u->there++;
    return SQLITE_OK;
  }
  drop = sqlite3_mprintf("DROP VIEW %s.\"%w\"", u->temp ? "temp" : "main", s->name);
  rc = setup_run(u, drop);
  sqlite3_free(drop);
  return rc==SQLITE_OK ? setup_create(u, s, text) : rc;
}

static int setup_one(Setup *u, const Script *s);

static int setup_needs(Setup *u, const Script *s){
  const char *z = s->needs, *end;
  int rc = SQLITE_OK;
  while( rc==SQLITE_OK && *z ){
    const Script *needed;
    while( *z==' ' || *z==',' ) z++;
    for(end=z; *end && *end!=',' && *end!=' '; ) end++;
    needed = end > z ? script_find(z, (int)(end - z)) : 0;
    if( needed && needed!=s ) rc = setup_one(u, needed);
    z = end;
  }
  return rc;
}

static int setup_one(Setup *u, const Script *s){
  char *text, *type, *sql, *mark = sqlite3_mprintf(",%s,", s->name);
  int rc, done;
  if( mark==0 ) return SQLITE_NOMEM;
  buffer_put_byte(&u->done, 0);
  if( u->done.failed ){ sqlite3_free(mark); return SQLITE_NOMEM; }
  done = strstr((char*)u->done.data, mark)!=0;
  u->done.size--;
  if( !done ) buffer_put(&u->done, mark, strlen(mark));
  sqlite3_free(mark);
  if( done ) return SQLITE_OK;
  rc = setup_needs(u, s);
  if( rc!=SQLITE_OK ) return rc;
  text = script_text(s);
  if( text==0 ) return SQLITE_NOMEM;
  rc = setup_object(u, s, &type, &sql);
  if( rc==SQLITE_OK ) rc = type ? setup_over(u, s, text, type, sql) : setup_create(u, s, text);
  sqlite3_free(type);
  sqlite3_free(sql);
  sqlite3_free(text);
  return rc;
}

static int setup_all(Setup *u, const char *what, int n){
  int kpi = n==3 && sqlite3_strnicmp(what, "kpi", n)==0, rc = SQLITE_OK;
  const Script *s;
  if( !kpi && !(n==6 && sqlite3_strnicmp(what, "schema", n)==0) ){
    s = script_find(what, n);
    if( s ) return setup_one(u, s);
    u->error = sqlite3_mprintf("siyu_setup(): '%.*s' is neither 'schema', 'kpi' nor the name of a text; SELECT name, title_en FROM siyu_script lists them",
                               text_cut(what, (size_t)n, 60), what);
    return SQLITE_ERROR;
  }
  for(s=SCRIPTS; rc==SQLITE_OK && s->name; s++){
    if( kpi || setup_kind(s) < 2 ) rc = setup_one(u, s);
  }
  return rc;
}

/* "31 tables and 9 indexes made, 2 there before." */
static char *setup_sentence(Setup *u){
  Buffer b = {0};
  int i, parts = 0;
  for(i=0; i<4; i++){
    if( u->made[i]==0 ) continue;
    buffer_printf(&b, "%s%d %s", parts++ ? ", " : "", u->made[i], u->made[i]==1 ? SETUP_KINDS[i] : SETUP_MANY[i]);
  }
  buffer_printf(&b, "%s", parts ? " made" : "nothing to make");
  if( u->there ) buffer_printf(&b, ", %d there before", u->there);
  buffer_put_byte(&b, '.');
  if( u->told.size ) buffer_put(&b, u->told.data, u->told.size);
  buffer_put_byte(&b, 0);
  if( !b.failed && !u->told.failed ) return (char*)b.data;
  buffer_destroy(&b);
  return 0;
}

void call_siyu_setup(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Setup u;
  const char *what = (const char*)sqlite3_value_text(argv[0]), *where = argc > 1 ? (const char*)sqlite3_value_text(argv[1]) : 0;
  char *sentence = 0;
  int rc;
  memset(&u, 0, sizeof u);
  u.db = sqlite3_context_db_handle(ctx);
  if( what==0 ){
    sqlite3_result_error(ctx, "siyu_setup(): needs 'schema', 'kpi' or the name of a text; SELECT name, title_en FROM siyu_script lists them", -1);
    return;
  }
  u.temp = where!=0 && sqlite3_stricmp(where, "temp")==0;
  if( where && !u.temp && sqlite3_stricmp(where, "main")!=0 ){
    sqlite3_result_error(ctx, "siyu_setup(): the second argument is 'temp', for TEMP views, or left out", -1);
    return;
  }
  rc = setup_run(&u, "SAVEPOINT siyu_setup");
  if( rc==SQLITE_OK ){
    rc = setup_all(&u, what, sqlite3_value_bytes(argv[0]));
    if( rc==SQLITE_OK && (sentence = setup_sentence(&u))==0 ) rc = SQLITE_NOMEM;
    if( rc!=SQLITE_OK ) sqlite3_exec(u.db, "ROLLBACK TO siyu_setup", 0, 0, 0);
    if( rc==SQLITE_OK ) rc = setup_run(&u, "RELEASE siyu_setup");
    else sqlite3_exec(u.db, "RELEASE siyu_setup", 0, 0, 0);
  }
  if( rc==SQLITE_OK ) sqlite3_result_text(ctx, sentence, -1, sqlite3_free);
  if( rc!=SQLITE_OK ) sqlite3_free(sentence);
  if( rc==SQLITE_NOMEM ) sqlite3_result_error_nomem(ctx);
  else if( rc!=SQLITE_OK ){
    sqlite3_result_error(ctx, u.error ? u.error : "siyu_setup() failed", -1);
    if( (rc & 0xff)==SQLITE_INTERRUPT ) sqlite3_result_error_code(ctx, rc);
  }
  sqlite3_free(u.error);
  buffer_destroy(&u.told);
  buffer_destroy(&u.done);
}
