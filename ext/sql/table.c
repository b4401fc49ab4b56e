/*
** The virtual-table frame: see table.h.
*/
#include <math.h>
#include <stdlib.h>
#include "sql/table_inside.h"

#define DEEPEST 8              /* tables over views over tables; more is a source that is itself */

/* ---- connect ---- */

static void table_free(Table *t){
  int i;
  for(i=0; i<ARGUMENTS_MAX; i++) memory_free(t->preset[i]);
  memory_free(t->own);
  memory_free(t->ownSchema);
  memory_free(t);
}

static int declare(sqlite3 *db, const TableModule *m){
  Buffer sql = {0};
  int i, rc;
  for(i=0; i<m->outputs; i++){
    buffer_printf(&sql, "%s%s %s", i ? ", " : "CREATE TABLE x(", m->output[i].name, m->output[i].type);
  }
  for(i=0; i<m->inputs.count - (m->shared >= 0); i++){
    buffer_printf(&sql, ", \"%w\" HIDDEN", m->inputs.argument[i].name);
  }
  buffer_put(&sql, ")", 2);
  rc = sql.failed ? SQLITE_NOMEM : sqlite3_declare_vtab(db, (const char*)sql.data);
  buffer_destroy(&sql);
  return rc;
}

/* SQLite connects the table-valued form as if it were made by its own name, in main, of nothing. */
static int is_table_valued(const TableModule *m, int argc, const char *const *argv){
  return argc <= 3 && sqlite3_stricmp(argv[2], m->name)==0 && sqlite3_stricmp(argv[1], "main")==0;
}

/* Without a word to SQLite a table has the normal risk: see table.h. */
static int declare_risk(sqlite3 *db, const Table *t){
  if( t->module->isQuery ) return sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
  return t->own ? sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS) : SQLITE_OK;
}

static int table_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                         sqlite3_vtab **out, char **error){
  const TableModule *m = aux;
  Table *t;
  int i, rc = declare(db, m);
  if( rc!=SQLITE_OK ) return rc;
  t = memory_zeroed(sizeof *t);
  if( t==0 ) return SQLITE_NOMEM;
  t->module = m;
  if( !is_table_valued(m, argc, argv) ){
    t->own = sqlite3_mprintf("%s", argv[2]);
    t->ownSchema = sqlite3_mprintf("%s", argv[1]);
    if( t->own==0 || t->ownSchema==0 ) rc = SQLITE_NOMEM;
  }
  for(i=3; rc==SQLITE_OK && i<argc; i++) rc = table_preset(&m->inputs, m->name, m->isQuery, t->preset, argv[i], error);
  if( rc==SQLITE_OK ) rc = declare_risk(db, t);
  if( rc!=SQLITE_OK ){ table_free(t); return rc; }
  *out = &t->base;
  return SQLITE_OK;
}

static int table_disconnect(sqlite3_vtab *vtab){
  table_free((Table*)vtab);
  return SQLITE_OK;
}

/* ---- plan ----
** idxNum: bit i is set when input i is given; the values come in ascending i.
** idxStr: the used output columns as hexadecimal bits (sqlite3_index_info.colUsed). */

/* Which input a condition on a column may give; -1: it is an output. */
static int input_of_column(const TableModule *m, int column){
  if( column >= 0 && column==m->shared ) return m->inputs.count - 1;
  return column < m->outputs ? -1 : column - m->outputs;
}

/* An input is one value: compared in another way it would be a filter of what was not given, and
** no row would pass. */
static int is_no_value(int op){
  return op==SQLITE_INDEX_CONSTRAINT_GT || op==SQLITE_INDEX_CONSTRAINT_LE || op==SQLITE_INDEX_CONSTRAINT_LT
      || op==SQLITE_INDEX_CONSTRAINT_GE || (op >= SQLITE_INDEX_CONSTRAINT_MATCH && op <= SQLITE_INDEX_CONSTRAINT_ISNOT);
}

static int refuse_range(sqlite3_vtab *vtab, const char *input){
  memory_free(vtab->zErrMsg);
  vtab->zErrMsg = sqlite3_mprintf("%s(): input %s takes one value; write %s = ..., or filter the source", ((Table*)vtab)->module->name,
                                  input, input);
  return vtab->zErrMsg ? SQLITE_ERROR : SQLITE_NOMEM;
}

static int table_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info){
  const TableModule *m = ((Table*)vtab)->module;
  int place[ARGUMENTS_MAX], i, n = 0;
  m->cx->planned += !m->isQuery;
  memset(place, -1, sizeof place);
  for(i=0; i<info->nConstraint; i++){
    int input = input_of_column(m, info->aConstraint[i].iColumn);
    int op = info->aConstraint[i].op;
    if( op >= SQLITE_INDEX_CONSTRAINT_LIMIT || input < 0 ) continue;
    if( is_no_value(op) && info->aConstraint[i].iColumn >= m->outputs ) return refuse_range(vtab, m->inputs.argument[input].name);
    if( op!=SQLITE_INDEX_CONSTRAINT_EQ && op!=SQLITE_INDEX_CONSTRAINT_IS ) continue;
    if( !info->aConstraint[i].usable ) return SQLITE_CONSTRAINT;
    if( place[input] < 0 ) place[input] = i;
  }
  info->idxNum = 0;
  for(i=0; i<m->inputs.count; i++){
    if( place[i] < 0 ) continue;
    info->idxNum |= 1 << i;
    info->aConstraintUsage[place[i]].argvIndex = ++n;
    info->aConstraintUsage[place[i]].omit = 1;
  }
  info->idxStr = sqlite3_mprintf("%llx", (unsigned long long)info->colUsed);
  if( info->idxStr==0 ) return SQLITE_NOMEM;
  info->needToFreeIdxStr = 1;
  info->estimatedRows = (sqlite3_int64)m->typicalRows;
  info->estimatedCost = 1e6 + m->typicalRows;        /* the source is read once */
  return SQLITE_OK;
}

static int table_fail(sqlite3_vtab *vtab, Status rc, const Failure *f){
  const TableModule *m = ((Table*)vtab)->module;
  if( rc==STATUS_NOMEM ) return SQLITE_NOMEM;
  if( rc==STATUS_INTERRUPTED ) return SQLITE_INTERRUPT;
  memory_free(vtab->zErrMsg);
  vtab->zErrMsg = sqlite3_mprintf("%s(): %s", m->name,
      f->text[0] ? f->text : "overflow: money beyond the range of a number, or too many rows or keys");
  return vtab->zErrMsg ? SQLITE_ERROR : SQLITE_NOMEM;
}

/* A _query table is DIRECTONLY; behind a source by name it would escape that in a view. */
static int may_read(const TableModule *m, Failure *f){
  if( m->isQuery && m->cx->named ){
    failure_set(f, "SELECT text is run directly, not as another table's source by name");
    return 0;
  }
  if( m->cx->depth >= DEEPEST ){
    failure_set(f, "the source leads back to this table");
    return 0;
  }
  return 1;
}

/* What reads a source is counted. */
static Status run_inside(TableCursor *c, Status (*run)(TableCursor*, Failure*), Failure *f){
  Connection *cx = c->module->cx;
  Status rc;
  cx->depth++;
  cx->named += !c->module->isQuery;
  rc = run(c, f);
  cx->named -= !c->module->isQuery;
  cx->depth--;
  return rc;
}

static int table_filter(sqlite3_vtab_cursor *cursor, int idxNum, const char *idxStr, int argc,
                        sqlite3_value **argv){
  TableCursor *c = (TableCursor*)cursor;
  uint64_t used = strtoull(idxStr ? idxStr : "0", 0, 16);
  Failure f = {{0}};
  Status rc;
  int again;
  (void)argc;
  c->row = 0;
  if( cursor_is_of(c, idxNum, used, argv) && c->passed==0 ) return SQLITE_OK;
  again = c->passed > 0;                   /* a join that comes back reads the ledger once more, not each time */
  cursor_clear(c);
  c->isWhole = again;
  if( cursor_keep(c, idxNum, used, argv)!=SQLITE_OK ) return SQLITE_NOMEM;
  if( !may_read(c->module, &f) ) return table_fail(cursor->pVtab, STATUS_INVALID, &f);
  rc = run_inside(c, cursor_compute, &f);
  if( rc!=STATUS_OK ){
    cursor_clear(c);
    return table_fail(cursor->pVtab, rc, &f);
  }
  c->ready = 1;
  return SQLITE_OK;
}

/* ---- rows ---- */

static int table_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out){
  TableCursor *c = memory_zeroed(sizeof *c);
  if( c==0 ) return SQLITE_NOMEM;
  c->module = ((Table*)vtab)->module;
  *out = &c->base;
  return SQLITE_OK;
}
static int table_close(sqlite3_vtab_cursor *cursor){
  cursor_clear((TableCursor*)cursor);
  memory_free(cursor);
  return SQLITE_OK;
}
/* The next part of a stream. */
OUT_OF_LINE static int table_part(TableCursor *c){
  Failure f = {{0}};
  Status rc = run_inside(c, stream_next, &f);
  return rc==STATUS_OK ? SQLITE_OK : table_fail(c->base.pVtab, rc, &f);
}
/* This runs for every row. */
static int table_next(sqlite3_vtab_cursor *cursor){
  TableCursor *c = (TableCursor*)cursor;
  return ++c->row >= c->rows && c->stream ? table_part(c) : SQLITE_OK;
}
static int table_eof(sqlite3_vtab_cursor *cursor){
  TableCursor *c = (TableCursor*)cursor;
  return c->row >= c->rows;
}
static int table_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out){
  *out = ((TableCursor*)cursor)->passed + ((TableCursor*)cursor)->row + 1;
  return SQLITE_OK;
}

/* A hidden column shows the input. */
OUT_OF_LINE static void answer_input(sqlite3_context *ctx, const TableCursor *c, int i){
  const char *preset = ((Table*)c->base.pVtab)->preset[i];
  const Argument *a = &c->module->inputs.argument[i];
  if( c->value[i] ) sqlite3_result_value(ctx, c->value[i]);
  else if( preset || a->preset[0] ) sqlite3_result_text(ctx, preset ? preset : a->preset, -1, SQLITE_TRANSIENT);
}

OUT_OF_LINE static int cell_fail(TableCursor *c, Status rc){
  buffer_destroy(&c->cell.result.buffer);
  return table_fail(c->base.pVtab, rc, &c->cell.failure);
}

/* This runs for every value: nothing is cleared that need not be, numbers go first. */
static int table_column(sqlite3_vtab_cursor *cursor, sqlite3_context *ctx, int column){
  TableCursor *c = (TableCursor*)cursor;
  const TableOutput *output;
  Result *r = &c->cell.result;
  Status rc;
  if( column >= c->module->outputs ){
    answer_input(ctx, c, column - c->module->outputs);
    return SQLITE_OK;
  }
  if( c->bytes[column].at ){
    sqlite3_result_int(ctx, c->bytes[column].at[(size_t)c->row * c->bytes[column].stride]);
    return SQLITE_OK;
  }
  output = &c->module->output[column];
  r->kind = RESULT_NULL;
  c->cell.isKey = 0;
  c->cell.key.type = CELL_NULL;
  c->cell.which = output->which;
  c->cell.failure.text[0] = 0;
  rc = output->cell(c->made, c->row, &c->cell);
  if( rc==STATUS_OK && r->kind==RESULT_REAL && isinf(r->real) ) rc = STATUS_OVERFLOW;
  if( rc!=STATUS_OK ) return cell_fail(c, rc);
  if( r->kind==RESULT_INTEGER ) sqlite3_result_int64(ctx, r->integer);
  else if( r->kind==RESULT_REAL ) sqlite3_result_double(ctx, r->real);
  else if( c->cell.isKey ) function_answer_key(ctx, &c->cell.key);
  else function_answer(ctx, 0, r);
  return SQLITE_OK;
}

/* xCreate and xConnect must be the same function: that makes the table eponymous, too. */
static const sqlite3_module TABLE_MODULE = {
  .xCreate = table_connect, .xConnect = table_connect, .xBestIndex = table_best_index,
  .xDisconnect = table_disconnect, .xDestroy = table_disconnect, .xOpen = table_open,
  .xClose = table_close, .xFilter = table_filter, .xNext = table_next, .xEof = table_eof,
  .xColumn = table_column, .xRowid = table_rowid
};

static void module_destroy(void *p){
  TableModule *m = p;
  connection_release(m->cx);
  memory_free(m->owner);
  memory_free(m);
}

/* A table of states has the columns of the table that they are of. */
static int own_states(TableModule *m){
  m->owner = memory_zeroed(sizeof *m->owner);
  if( m->owner==0 ) return 0;
  m->owner->cx = m->cx;
  m->owner->entry = m->entry;
  m->owner->metric = m->metric;
  m->owner->inputs = m->inputs;
  m->metric = &METRIC_STATES;
  return signature_parse(STATES_INPUTS, &m->inputs);
}

/* Counts the outputs, and finds the one that is an input, too. */
static void read_outputs(TableModule *m){
  const char *last = m->inputs.argument[m->inputs.count - 1].name;
  m->shared = -1;
  for(m->outputs=0; m->output[m->outputs].name; m->outputs++){
    if( strcmp(m->output[m->outputs].name, last)==0 ) m->shared = m->outputs;
  }
}

static int register_module(sqlite3 *db, Connection *cx, const CatalogueEntry *entry, int isQuery, int merges){
  TableModule *m = memory_zeroed(sizeof *m);
  if( m==0 ) return SQLITE_NOMEM;
  m->cx = cx;
  cx->references++;
  m->entry = entry;
  m->metric = entry->table;
  m->output = m->metric->outputs;
  m->typicalRows = m->metric->typicalRows;
  m->isQuery = isQuery;
  sqlite3_snprintf((int)sizeof m->named, m->named, "%s%s", entry->name, merges ? "_merge" : "");
  sqlite3_snprintf((int)sizeof m->name, m->name, "%s%s", m->named, isQuery ? "_query" : "");
  if( !signature_parse(entry->overload[0].signature, &m->inputs) ){
    module_destroy(m);
    return SQLITE_MISUSE;
  }
  signature_on_calendar(&m->inputs, entry->calendar);
  if( merges && !own_states(m) ){
    module_destroy(m);
    return SQLITE_NOMEM;
  }
  read_outputs(m);
  if( m->outputs > OUTPUTS_MAX ){
    module_destroy(m);
    return SQLITE_MISUSE;
  }
  return sqlite3_create_module_v2(db, m->name, &TABLE_MODULE, m, module_destroy);
}

int table_register(sqlite3 *db, Connection *cx, const CatalogueEntry *entry){
  int merges, rc = SQLITE_OK;
  for(merges=0; rc==SQLITE_OK && merges<=(entry->table->state > 0); merges++){
    rc = register_module(db, cx, entry, 0, merges);
    if( rc==SQLITE_OK ) rc = register_module(db, cx, entry, 1, merges);
  }
  return rc==SQLITE_OK && entry->table->state ? table_state_register(cx, entry) : rc;
}
