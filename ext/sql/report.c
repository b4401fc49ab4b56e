/*
** siyu_kpi: see report.h.
*/
#include <math.h>
#include "sql/report.h"
#include "sql/report_query.h"

#define REPORT_SCHEMA \
  "CREATE TABLE x(practice TEXT, section TEXT, figure TEXT, title_zh TEXT, title_en TEXT, unit TEXT, value, " \
  "numerator, denominator, previous, change REAL, year_ago, change_year REAL, complete INTEGER, formula TEXT, " \
  "needs TEXT, status TEXT, as_of HIDDEN, since HIDDEN, tz HIDDEN, lang HIDDEN, kept HIDDEN)"
enum { REPORT_COLUMNS = 17, REPORT_INPUTS = 5, REPORT_SPANS = 3 };

typedef enum FactState { FACT_NO_ROW, FACT_NULL, FACT_INTEGER, FACT_REAL } FactState;
/* A column of a view figures_*, in each span. */
typedef struct Fact {
  char *name;
  FactState state[REPORT_SPANS];
  sqlite3_int64 integer[REPORT_SPANS];
  double real[REPORT_SPANS];
} Fact;

typedef struct ReportTable { sqlite3_vtab base; sqlite3 *db; } ReportTable;
typedef struct ReportCursor {
  sqlite3_vtab_cursor base;
  ReportQuery query;
  Fact *fact;
  int facts, at, complete, chinese;
  sqlite3_value *input[REPORT_INPUTS];
  char *refused;               /* why there are no figures, in place of SQLite's own words */
} ReportCursor;

static int report_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **error){
  ReportTable *t;
  int rc = sqlite3_declare_vtab(db, REPORT_SCHEMA);
  (void)aux; (void)argc; (void)argv; (void)error;
  if( rc!=SQLITE_OK ) return rc;
  t = memory_zeroed(sizeof *t);
  if( t==0 ) return SQLITE_NOMEM;
  t->db = db;
  *out = &t->base;
  return SQLITE_OK;
}
static int report_disconnect(sqlite3_vtab *vtab){
  memory_free(vtab);
  return SQLITE_OK;
}

static int report_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info){
  int place[REPORT_INPUTS] = { -1, -1, -1, -1, -1 }, i, n = 0;
  (void)vtab;
  for(i=0; i<info->nConstraint; i++){
    int input = info->aConstraint[i].iColumn - REPORT_COLUMNS;
    if( input < 0 || info->aConstraint[i].op!=SQLITE_INDEX_CONSTRAINT_EQ ) continue;
    if( !info->aConstraint[i].usable ) return SQLITE_CONSTRAINT;
    if( place[input] < 0 ) place[input] = i;
  }
  for(i=0; i<REPORT_INPUTS; i++){
    if( place[i] < 0 ) continue;
    info->idxNum |= 1 << i;
    info->aConstraintUsage[place[i]].argvIndex = ++n;
    info->aConstraintUsage[place[i]].omit = 1;
  }
  info->estimatedRows = 60;
  info->estimatedCost = 1e7;
  return SQLITE_OK;
}

static int report_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out){
  ReportCursor *c = memory_zeroed(sizeof *c);
  if( c==0 ) return SQLITE_NOMEM;
  c->query.db = ((ReportTable*)vtab)->db;
  *out = &c->base;
  return SQLITE_OK;
}

static void report_clear(ReportCursor *c){
  int i;
  for(i=0; i<c->facts; i++) sqlite3_free(c->fact[i].name);
  memory_free(c->fact);
  c->fact = 0;
  c->facts = 0;
  report_query_clear(&c->query);
  sqlite3_free(c->refused);
  c->refused = 0;
  for(i=0; i<REPORT_INPUTS; i++){
    sqlite3_value_free(c->input[i]);
    c->input[i] = 0;
  }
}
static int report_close(sqlite3_vtab_cursor *cursor){
  report_clear((ReportCursor*)cursor);
  memory_free(cursor);
  return SQLITE_OK;
}

/* ---- reading ---- */

static int report_span(const char *name){
  if( name==0 ) return -1;
  return strcmp(name, "period")==0 ? 0 : strcmp(name, "previous")==0 ? 1 : strcmp(name, "year_ago")==0 ? 2 : -1;
}

static Fact *report_fact(const ReportCursor *c, const char *name){
  int i;
  for(i=0; name && i<c->facts; i++){
    if( strcmp(c->fact[i].name, name)==0 ) return &c->fact[i];
  }
  return 0;
}

/* The columns of a view become facts, those of a view without rows too. */
static int report_add_facts(ReportCursor *c, sqlite3_stmt *stmt){
  int i, n = sqlite3_column_count(stmt);
  Fact *more = memory_realloc(c->fact, (size_t)(c->facts + n)*sizeof *more);
  if( more==0 ) return SQLITE_NOMEM;
  c->fact = more;
  memset(&more[c->facts], 0, (size_t)n*sizeof *more);
  for(i=0; i<n; i++){
    more[c->facts].name = sqlite3_mprintf("%s", sqlite3_column_name(stmt, i));
    if( more[c->facts].name==0 ) return SQLITE_NOMEM;
    c->facts++;
  }
  return SQLITE_OK;
}

static int report_read_view(ReportCursor *c, const char *view){
  sqlite3_stmt *stmt = 0;
  int rc = report_query_prepare(&c->query, view, &stmt), i, n, base = c->facts;
  if( rc==SQLITE_OK ) rc = report_add_facts(c, stmt);
  n = c->facts - base;
  while( rc==SQLITE_OK && (rc = sqlite3_step(stmt))==SQLITE_ROW ){
    int span = report_span((const char*)sqlite3_column_text(stmt, 0));
    for(i=1; span >= 0 && i<n; i++){
      Fact *f = &c->fact[base + i];
      int type = sqlite3_column_type(stmt, i);
      f->state[span] = type==SQLITE_NULL ? FACT_NULL : type==SQLITE_INTEGER ? FACT_INTEGER : FACT_REAL;
      f->integer[span] = sqlite3_column_int64(stmt, i);
      f->real[span] = sqlite3_column_double(stmt, i);
    }
    rc = SQLITE_OK;
  }
  sqlite3_finalize(stmt);
  return rc==SQLITE_DONE ? SQLITE_OK : rc;
}

/* A span that begins after its end has no figures, and zeros would say that there were none. */
static int report_begins_late(ReportCursor *c, const char *from, const char *asOf){
  if( c->query.since==0 || from==0 || asOf==0 || strcmp(from, asOf) <= 0 ) return SQLITE_OK;
  sqlite3_free(c->refused);
  c->refused = sqlite3_mprintf("since '%s' is after as_of, %s%s: nothing lies between them", from, asOf, c->query.asOf ? "" : ", the end of what there is");
  return c->refused ? SQLITE_ERROR : SQLITE_NOMEM;
}

/* as_of is found once, with its own pass over the orders where nobody says it. */
static int report_observe(ReportCursor *c, char **until){
  sqlite3_stmt *stmt = 0;
  int rc = report_query_prepare(&c->query, "observed", &stmt), i, from = -1, asOf = -1;
  *until = 0;
  if( rc==SQLITE_OK && (rc = sqlite3_step(stmt))==SQLITE_ROW ){
    rc = SQLITE_OK;
    for(i=0; i<sqlite3_column_count(stmt); i++){
      const char *name = sqlite3_column_name(stmt, i);
      if( name && strcmp(name, "complete")==0 ) c->complete = sqlite3_column_int(stmt, i);
      if( name && strcmp(name, "period_from")==0 ) from = i;
      if( name && strcmp(name, "as_of")==0 ) asOf = i;
      if( name==0 || strcmp(name, "until")!=0 || sqlite3_column_type(stmt, i)==SQLITE_NULL ) continue;
      *until = sqlite3_mprintf("%s", sqlite3_column_text(stmt, i));
      if( *until==0 ) rc = SQLITE_NOMEM;
    }
    if( rc==SQLITE_OK && from >= 0 && asOf >= 0 ) rc = report_begins_late(c, (const char*)sqlite3_column_text(stmt, from), (const char*)sqlite3_column_text(stmt, asOf));
  }
  if( rc==SQLITE_DONE ) rc = SQLITE_OK;
  sqlite3_finalize(stmt);
  return rc;
}

static const char *report_input(ReportCursor *c, int i){
  return c->input[i] && !value_is_blank(c->input[i]) ? (const char*)sqlite3_value_text(c->input[i]) : 0;
}

static int report_read(ReportCursor *c){
  const char *const *view, *lang = report_input(c, 3);
  char *until = 0;
  int rc;
  c->query.asOf = report_input(c, 0);
  c->query.since = report_input(c, 1);
  c->query.tz = report_input(c, 2);
  /* what is kept was made from the settings */
  c->query.kept = c->query.asOf || c->query.since || c->query.tz ? 0 : report_input(c, 4);
  c->chinese = lang!=0 && sqlite3_strnicmp(lang, "zh", 2)==0;
  rc = report_query_build(&c->query, FIGURE_VIEWS);
  if( rc==SQLITE_OK ) rc = report_observe(c, &until);
  if( rc==SQLITE_OK && until ){
    c->query.asOf = until;
    rc = report_query_build(&c->query, FIGURE_VIEWS);
  }
  for(view=FIGURE_VIEWS; rc==SQLITE_OK && *view; view++) rc = report_read_view(c, *view);
  sqlite3_free(until);
  c->query.asOf = c->query.kept = 0;
  return rc;
}

static int report_filter(sqlite3_vtab_cursor *cursor, int idxNum, const char *idxStr, int argc, sqlite3_value **argv){
  ReportCursor *c = (ReportCursor*)cursor;
  int i, n = 0, rc = SQLITE_OK;
  (void)idxStr; (void)argc;
  report_clear(c);
  c->at = 0;
  c->complete = 0;
  for(i=0; rc==SQLITE_OK && i<REPORT_INPUTS; i++){
    if( idxNum >> i & 1 && (c->input[i] = sqlite3_value_dup(argv[n++]))==0 ) rc = SQLITE_NOMEM;
  }
  if( rc==SQLITE_OK ) rc = report_read(c);
  if( rc!=SQLITE_OK && rc!=SQLITE_NOMEM && rc!=SQLITE_INTERRUPT ){
    sqlite3_free(cursor->pVtab->zErrMsg);
    cursor->pVtab->zErrMsg = sqlite3_mprintf("siyu_kpi: %s", c->refused ? c->refused : sqlite3_errmsg(c->query.db));
  }
  return rc;
}

/* ---- a figure ---- */

/* The orders do not reach back to the span. */
static int report_unknown(const ReportCursor *c, const Figure *g, int span){
  const Fact *ever = report_fact(c, "buyers_ever");
  return span > 0 && strstr(g->needs, "orders")!=0 && ever!=0 && ever->state[span]==FACT_NO_ROW;
}

/* A span without a row counts 0 where the tables have rows. */
static FactState report_number(const ReportCursor *c, const Figure *g, const char *name, int span, double *out, sqlite3_int64 *integer){
  const Fact *f = report_fact(c, name);
  FactState state = f ? f->state[span] : FACT_NULL;
  *out = f ? f->real[span] : 0;
  *integer = f ? f->integer[span] : 0;
  if( state==FACT_NO_ROW ) state = g->flags & FIGURE_MEASURE ? FACT_NULL : FACT_INTEGER;
  if( (span && g->flags & FIGURE_NOW) || report_unknown(c, g, span) ) state = FACT_NULL;
  return report_query_has(&c->query, g->needs) ? state : FACT_NULL;
}

static FactState report_value(const ReportCursor *c, const Figure *g, int span, double *out, sqlite3_int64 *integer){
  double below = 1;
  sqlite3_int64 ignored;
  FactState state = report_number(c, g, g->numerator, span, out, integer);
  if( state==FACT_NULL || g->denominator==0 ) return state;
  if( report_number(c, g, g->denominator, span, &below, &ignored)==FACT_NULL || below==0 ) return FACT_NULL;
  *out = *out/below - (g->flags & FIGURE_LESS_ONE ? 1 : 0);
  return FACT_REAL;
}

static void report_answer(sqlite3_context *ctx, FactState state, double real, sqlite3_int64 integer){
  if( state==FACT_INTEGER ) sqlite3_result_int64(ctx, integer);
  if( state==FACT_REAL && isfinite(real) ) sqlite3_result_double(ctx, real);
}

static void report_text(sqlite3_context *ctx, const char *z){
  sqlite3_result_text(ctx, z, -1, SQLITE_STATIC);
}

static void report_change(sqlite3_context *ctx, const ReportCursor *c, const Figure *g, int span){
  double now, then;
  sqlite3_int64 ignored;
  if( report_value(c, g, 0, &now, &ignored)==FACT_NULL ) return;
  if( report_value(c, g, span, &then, &ignored)==FACT_NULL || then==0 ) return;
  report_answer(ctx, FACT_REAL, (now - then)/(then < 0 ? -then : then), 0);
}

static const char *report_section(const ReportCursor *c, const Figure *g){
  const Practice *s;
  for(s=FIGURE_SECTIONS; c->chinese && s->en; s++){
    if( strcmp(s->en, g->section)==0 ) return s->zh;
  }
  return g->section;
}

static int report_cell(const ReportCursor *c, sqlite3_context *ctx, int column){
  const Figure *g = &FIGURES[c->at];
  const char *const text[6] = { c->chinese ? PRACTICES[g->practice].zh : PRACTICES[g->practice].en, report_section(c, g), g->name,
                                g->titleZh, g->titleEn, g->unit };
  double real = 0;
  sqlite3_int64 integer = 0;
  FactState state = FACT_NULL;
  int cut = g->flags & FIGURE_FLOW && !c->complete;
  if( column < 6 ){ report_text(ctx, text[column]); return SQLITE_OK; }
  switch( column ){
    case 6: state = report_value(c, g, 0, &real, &integer); break;
    case 7: if( g->denominator ) state = report_number(c, g, g->numerator, 0, &real, &integer); break;
    case 8: if( g->denominator ) state = report_number(c, g, g->denominator, 0, &real, &integer); break;
    case 9: state = report_value(c, g, 1, &real, &integer); break;
    case 10: report_change(ctx, c, g, 1); break;
    case 11: state = report_value(c, g, 2, &real, &integer); break;
    case 12: report_change(ctx, c, g, 2); break;
    case 13: sqlite3_result_int(ctx, !cut); break;
    case 14: report_text(ctx, c->chinese ? g->formulaZh : g->formula); break;
    case 15: report_text(ctx, g->needs); break;
    case 16:
      if( report_value(c, g, 0, &real, &integer)==FACT_NULL ) report_text(ctx, "no_data");
      else report_text(ctx, cut ? "partial" : "ok");
      break;
    case 20: report_text(ctx, c->chinese ? "zh" : "en"); break;
    default: if( c->input[column - REPORT_COLUMNS] ) sqlite3_result_value(ctx, c->input[column - REPORT_COLUMNS]);
  }
  report_answer(ctx, state, real, integer);
  return SQLITE_OK;
}
static int report_column_of(sqlite3_vtab_cursor *cursor, sqlite3_context *ctx, int column){
  return report_cell((ReportCursor*)cursor, ctx, column);
}

static int report_next(sqlite3_vtab_cursor *cursor){
  ((ReportCursor*)cursor)->at++;
  return SQLITE_OK;
}
static int report_eof(sqlite3_vtab_cursor *cursor){ return FIGURES[((ReportCursor*)cursor)->at].name==0; }
static int report_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out){
  *out = ((ReportCursor*)cursor)->at + 1;
  return SQLITE_OK;
}

static const sqlite3_module REPORT_MODULE = {
  .xConnect = report_connect, .xDisconnect = report_disconnect, .xBestIndex = report_best_index,
  .xOpen = report_open, .xClose = report_close, .xFilter = report_filter, .xNext = report_next,
  .xEof = report_eof, .xColumn = report_column_of, .xRowid = report_rowid
};

int register_report_table(sqlite3 *db, const CatalogueEntry *entry){
  return sqlite3_create_module_v2(db, entry->name, &REPORT_MODULE, 0, 0);
}
