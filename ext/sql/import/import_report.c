/*
** import_report(source [, mapping]): a row per column of an imported table, and at the end one
** for the file.  Reads a table of any schema by name, so it has SQLite's normal risk.
*/
#include "sql/import/plan.h"

#define REPORT_SCHEMA \
  "CREATE TABLE x(header TEXT, role TEXT, filled INTEGER, blank INTEGER, rejected INTEGER, example_line INTEGER, example TEXT," \
  " remark TEXT, source HIDDEN, mapping HIDDEN)"
enum { REPORT_HEADER, REPORT_ROLE, REPORT_FILLED, REPORT_BLANK, REPORT_REJECTED, REPORT_LINE, REPORT_EXAMPLE, REPORT_REMARK, REPORT_SOURCE,
       REPORT_MAPPING };

typedef struct ReportTable { sqlite3_vtab base; sqlite3 *db; } ReportTable;
typedef struct ReportCursor {
  sqlite3_vtab_cursor base;
  ImportPlan plan;
  int open, at, rows;
  char *source, *mapping;
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

/* idxNum: 1 the source is given, 2 the mapping. */
static int report_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info){
  int i, source = -1, mapping = -1, n = 0;
  (void)vtab;
  for(i=0; i<info->nConstraint; i++){
    if( info->aConstraint[i].op!=SQLITE_INDEX_CONSTRAINT_EQ || info->aConstraint[i].iColumn < REPORT_SOURCE ) continue;
    if( !info->aConstraint[i].usable ) return SQLITE_CONSTRAINT;
    if( info->aConstraint[i].iColumn==REPORT_SOURCE ) source = i; else mapping = i;
  }
  if( source >= 0 ){ info->aConstraintUsage[source].argvIndex = ++n; info->aConstraintUsage[source].omit = 1; info->idxNum |= 1; }
  if( mapping >= 0 ){ info->aConstraintUsage[mapping].argvIndex = ++n; info->aConstraintUsage[mapping].omit = 1; info->idxNum |= 2; }
  info->estimatedRows = 30;
  info->estimatedCost = 1e6;
  return SQLITE_OK;
}
static int report_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out){
  ReportCursor *c = memory_zeroed(sizeof *c);
  (void)vtab;
  if( c==0 ) return SQLITE_NOMEM;
  *out = &c->base;
  return SQLITE_OK;
}
static void report_clear(ReportCursor *c){
  if( c->open ) plan_close(&c->plan);
  sqlite3_free(c->source);
  sqlite3_free(c->mapping);
  c->source = c->mapping = 0;
  c->open = 0;
}
static int report_close(sqlite3_vtab_cursor *cursor){
  report_clear((ReportCursor*)cursor);
  memory_free(cursor);
  return SQLITE_OK;
}

static int report_fail(ReportCursor *c, const char *text){
  sqlite3_free(c->base.pVtab->zErrMsg);
  c->base.pVtab->zErrMsg = sqlite3_mprintf("import_report(): %s", text);
  if( c->base.pVtab->zErrMsg ) text_mend(c->base.pVtab->zErrMsg);
  return SQLITE_ERROR;
}

static int report_filter(sqlite3_vtab_cursor *cursor, int idxNum, const char *idxStr, int argc, sqlite3_value **argv){
  ReportCursor *c = (ReportCursor*)cursor;
  sqlite3 *db = ((ReportTable*)cursor->pVtab)->db;
  const char *source = idxNum & 1 ? (const char*)sqlite3_value_text(argv[0]) : 0;
  const char *mapping = idxNum & 2 && argc ? (const char*)sqlite3_value_text(argv[argc-1]) : 0;
  int good;
  (void)idxStr;
  report_clear(c);
  if( source==0 ) return report_fail(c, "needs the name of the imported table, import_report('orders_csv')");
  c->source = sqlite3_mprintf("%s", source);
  c->mapping = mapping ? sqlite3_mprintf("%s", mapping) : 0;
  c->open = 1;
  good = plan_open(&c->plan, db, source, mapping) && plan_read(&c->plan, 1);
  if( !good && c->plan.error ) return (sqlite3_errcode(db) & 0xff)==SQLITE_INTERRUPT ? SQLITE_INTERRUPT : report_fail(c, c->plan.error);
  if( !good || c->source==0 ) return SQLITE_NOMEM;
  c->at = 0;
  c->rows = c->plan.count + 1;
  return SQLITE_OK;
}
static int report_next(sqlite3_vtab_cursor *cursor){
  ((ReportCursor*)cursor)->at++;
  return SQLITE_OK;
}
static int report_eof(sqlite3_vtab_cursor *cursor){ return ((ReportCursor*)cursor)->at >= ((ReportCursor*)cursor)->rows; }
static int report_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out){
  *out = ((ReportCursor*)cursor)->at + 1;
  return SQLITE_OK;
}

static void report_text(sqlite3_context *ctx, const char *z){
  if( z ) sqlite3_result_text(ctx, z, -1, SQLITE_TRANSIENT);
}

/* The last row: what holds for the file. */
static void report_file(const ReportCursor *c, sqlite3_context *ctx, int column){
  const ImportPlan *p = &c->plan;
  char *z;
  if( column==REPORT_HEADER ) report_text(ctx, "(file)");
  else if( column==REPORT_ROLE ) report_text(ctx, p->platform);
  else if( column==REPORT_FILLED ) sqlite3_result_int64(ctx, p->rows);
  else if( column==REPORT_REJECTED ) sqlite3_result_int64(ctx, p->totals);
  else if( column==REPORT_REMARK ){
    z = p->ask ? sqlite3_mprintf("%s", p->ask)
      : sqlite3_mprintf(plan_text(p, "%lld rows%s%s; ready for siyu_import()"), (long long)p->rows,
                        plan_text(p, p->contacts ? ", a list of contacts" : p->refunds ? ", refunds of orders that are there" : p->lines ? ", lines of orders that are there" : p->list ? ", for a table of their own" : p->totals ? ", lines of totals are left out" : ""),
                        plan_text(p, p->chosen[ROLE_CUSTOMER] < 0 && !p->lines && !p->list ? "; no column names the customer" : ""));
    if( z ) sqlite3_result_text(ctx, z, -1, sqlite3_free);
    else sqlite3_result_error_nomem(ctx);
  }
}

static void report_remark(const ImportPlan *p, const ImportColumn *c, sqlite3_context *ctx){
  const char *why = c->used ? 0 : c->role==ROLE_NONE ? "not known: ignored" : c->role==ROLE_IGNORED || p->list ? "not needed" : "another column is used";
  if( c->remark ) report_text(ctx, c->remark);
  else report_text(ctx, why);
}

static int report_column(sqlite3_vtab_cursor *cursor, sqlite3_context *ctx, int column){
  const ReportCursor *r = (const ReportCursor*)cursor;
  const ImportColumn *c;
  if( column==REPORT_SOURCE ){ report_text(ctx, r->source); return SQLITE_OK; }
  if( column==REPORT_MAPPING ){ report_text(ctx, r->mapping); return SQLITE_OK; }
  if( r->at==r->plan.count ){ report_file(r, ctx, column); return SQLITE_OK; }
  c = &r->plan.column[r->at];
  switch( column ){
    case REPORT_HEADER: report_text(ctx, c->name); break;
    case REPORT_ROLE: if( c->used && c->role!=ROLE_NONE ) report_text(ctx, IMPORT_ROLE_NAMES[c->role]); break;
    case REPORT_FILLED: sqlite3_result_int64(ctx, c->filled); break;
    case REPORT_BLANK: sqlite3_result_int64(ctx, c->blank); break;
    case REPORT_REJECTED: sqlite3_result_int64(ctx, c->rejected); break;
    case REPORT_LINE: if( c->example ) sqlite3_result_int64(ctx, c->exampleLine); break;
    case REPORT_EXAMPLE: report_text(ctx, c->example); break;
    default: report_remark(&r->plan, c, ctx);
  }
  return SQLITE_OK;
}

static const sqlite3_module REPORT_MODULE = {
  .xConnect = report_connect, .xDisconnect = report_disconnect, .xBestIndex = report_best_index,
  .xOpen = report_open, .xClose = report_close, .xFilter = report_filter, .xNext = report_next,
  .xEof = report_eof, .xColumn = report_column, .xRowid = report_rowid
};

int register_import_report(sqlite3 *db, const CatalogueEntry *entry){
  return sqlite3_create_module_v2(db, entry->name, &REPORT_MODULE, 0, 0);
}
