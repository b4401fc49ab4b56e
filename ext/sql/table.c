/*
** The virtual-table frame: see table.h.
*/
#include <math.h>
#include <stdlib.h>
#include "base/number/decimal.h"
#include "sql/suggest.h"
#include "sql/table.h"

#define DEEPEST 8              /* tables over views over tables; more is a source that is itself */

typedef struct TableModule {
  Connection *cx;
  const CatalogueEntry *entry;
  const TableMetric *metric;
  const TableOutput *output;   /* the metric's; of states: those of what they are of */
  int outputs;
  double typicalRows;
  int shared;                  /* the output that has the name of the last input: = on it gives that input; -1: none */
  int isQuery;
  char name[48];               /* as registered: with _query */
  char named[48];              /* without */
  Signature inputs;
  StatesOwner *owner;          /* of a table of states; else NULL */
} TableModule;

typedef struct Table {
  sqlite3_vtab base;
  const TableModule *module;
  char *own, *ownSchema;       /* its name when made by CREATE VIRTUAL TABLE */
  char *preset[ARGUMENTS_MAX]; /* inputs from there */
} Table;

typedef struct TableCursor {
  sqlite3_vtab_cursor base;
  const TableModule *module;
  int ready;                   /* the result below belongs to these inputs: */
  int idxNum;
  uint64_t used;
  sqlite3_value *value[ARGUMENTS_MAX];
  void *accumulator;           /* the result, */
  void *made;                  /* and what the outputs read of it */
  int64_t rows, row;
  TableCell cell;              /* the value at hand; between two values its buffer is empty */
} TableCursor;

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

/* ---- the result of one set of inputs ---- */

static void result_free(TableCursor *c){
  const TableMetric *metric = c->module->metric;
  int i;
  if( c->accumulator && metric->destroy ) metric->destroy(c->accumulator);
  memory_free(c->accumulator);
  c->accumulator = 0;
  for(i=0; i<ARGUMENTS_MAX; i++){
    sqlite3_value_free(c->value[i]);
    c->value[i] = 0;
  }
  c->ready = 0;
  c->rows = c->row = 0;
}

static int inputs_equal(const TableCursor *c, int idxNum, uint64_t used, sqlite3_value **argv){
  int i, n = 0;
  if( !c->ready || c->idxNum!=idxNum || c->used!=used ) return 0;
  for(i=0; i<c->module->inputs.count; i++){
    if( (idxNum >> i & 1) && !value_equal(c->value[i], argv[n++]) ) return 0;
  }
  return 1;
}

static int inputs_keep(TableCursor *c, int idxNum, uint64_t used, sqlite3_value **argv){
  int i, n = 0;
  c->idxNum = idxNum;
  c->used = used;
  for(i=0; i<c->module->inputs.count; i++){
    if( !(idxNum >> i & 1) ) continue;
    c->value[i] = sqlite3_value_dup(argv[n++]);
    if( c->value[i]==0 ) return SQLITE_NOMEM;
  }
  return SQLITE_OK;
}

/* The text of a source or column input, or of the one whose name is its default; NULL when
** it is not given. */
static const char *input_text(const TableCursor *c, int i){
  const char *preset = ((Table*)c->base.pVtab)->preset[i];
  sqlite3_value *v = c->value[i];
  if( v && !value_is_blank(v) ) return (const char*)sqlite3_value_text(v);
  if( preset && *preset ) return preset;
  preset = c->module->inputs.argument[i].preset;
  i = table_input(&c->module->inputs, preset, strlen(preset));
  if( i >= 0 ) return input_text(c, i);
  return *preset ? preset : 0;
}

static int input_is_given(const TableCursor *c, int i){
  const char *preset = ((Table*)c->base.pVtab)->preset[i];
  return (c->value[i] && !value_is_blank(c->value[i])) || (preset && *preset);
}

/* The column of a ledger that plays an input's part, where the query names neither it nor the
** customer's: a ledger knows its columns. */
static const char *ledger_input_text(const TableCursor *c, int i, const Source *source){
  const char *name = c->module->inputs.argument[i].name, *first;
  int customer;
  if( source->ledger==0 || input_is_given(c, i) ) return 0;
  first = ledger_customer_input(name);
  customer = table_input(&c->module->inputs, first, strlen(first));
  return customer >= 0 && input_is_given(c, customer) ? 0 : ledger_column(source->ledger, name);
}

/* What one run needs besides the cursor. */
typedef struct Run {
  Parameter parameter[PARAMETERS_MAX];
  TableRequest request;
  Signature columns[2];
  Source source[2];
  Scan scan[2];
  Batch *batch;
} Run;

static Status refuse_missing(const TableModule *m, const char *input, Failure *f){
  Buffer form = {0};
  signature_put(&form, m->owner ? STATES_INPUTS : m->entry->overload[0].signature);
  buffer_put_byte(&form, 0);
  if( !form.failed ) failure_set(f, "input %s is missing; write %s(%s)", input, m->name, (const char*)form.data);
  buffer_destroy(&form);
  return form.failed ? STATUS_NOMEM : STATUS_INVALID;
}

static Status read_parameter(const TableCursor *c, int i, Run *run, Failure *f){
  const Argument *a = &c->module->inputs.argument[i];
  const char *preset = ((Table*)c->base.pVtab)->preset[i];
  Parameter *out = &run->parameter[a->parameter];
  run->request.givenParameters |= UINT32_C(1) << a->parameter;
  if( c->value[i] && !value_is_blank(c->value[i]) ){
    return decode_parameter(a, run->request.zone, c->value[i], out, f);
  }
  if( preset==0 || *preset==0 ) preset = a->preset;
  if( *preset ) return parameter_from_text(a, run->request.zone, preset, (int)strlen(preset), out, f);
  run->request.givenParameters &= ~(UINT32_C(1) << a->parameter);
  return a->optional ? STATUS_OK : refuse_missing(c->module, a->name, f);
}

/* What the others are read by, as in parameters.c: times by the zone. */
static int is_read_first(const Argument *a){ return a->kind==ARG_ZONE; }

static Status read_parameters(const TableCursor *c, Run *run, Failure *f){
  const Signature *s = &c->module->inputs;
  int i, pass;
  for(pass=0; pass<2; pass++){
    for(i=0; i<s->count; i++){
      const Argument *a = &s->argument[i];
      Status rc;
      if( a->parameter < 0 || is_read_first(a) != (pass==0) ) continue;
      rc = read_parameter(c, i, run, f);
      if( rc!=STATUS_OK ) return rc;
      if( pass==0 ) run->request.zone = run->parameter[a->parameter].zone;
    }
  }
  run->request.parameter = run->parameter;
  return STATUS_OK;
}

/* A source that was given: opened. */
static Status read_source(const TableCursor *c, Source *source, const char *text, Failure *f){
  source->cx = c->module->cx;
  source->tableName = c->module->named;
  source->isQuery = c->module->isQuery;
  source->own = ((Table*)c->base.pVtab)->own;
  source->ownSchema = ((Table*)c->base.pVtab)->ownSchema;
  return source_open(source, c->module->cx->db, text, f);
}

/* Which source a column is of. */
static int source_of(const TableCursor *c, const Argument *a){
  const TableMetric *metric = c->module->metric;
  return metric->second && a->column >= metric->second;
}

/* A column of one of the sources, or several. */
static Status read_column(const TableCursor *c, const Argument *a, const char *text, Run *run, Failure *f){
  const TableMetric *metric = c->module->metric;
  int which = source_of(c, a);
  const Source *source = &run->source[which];
  Scan *scan = &run->scan[which];
  Status rc;
  if( source->from==0 ) return STATUS_OK;           /* an optional source that is not there */
  if( a->kind==ARG_COLUMNS || a->kind==ARG_KEY_COLUMNS ){
    rc = source_columns(source, a->name, text, scan->flag, &scan->flags, &run->request.flagMarked, f);
  }else{
    rc = source_column(source, a->name, text, &scan->column[a->column - (which ? metric->second : 0)], f);
    if( rc==STATUS_INVALID && text==a->preset && metric->instead && a->column==metric->insteadOf ){
      rc = source_column(source, a->name, metric->instead, &scan->column[a->column - (which ? metric->second : 0)], f);
    }
    if( rc==STATUS_INVALID && text==a->preset && (metric->mayLack >> a->column & 1) ){
      f->text[0] = 0;
      return STATUS_OK;
    }
  }
  run->request.givenColumns |= UINT32_C(1) << a->column;
  return rc;
}

static int is_from_source(ArgKind kind){ return kind==ARG_COLUMN || kind==ARG_COLUMNS || kind==ARG_KEY_COLUMNS; }

static Status read_sources(const TableCursor *c, Run *run, Failure *f){
  const Signature *s = &c->module->inputs;
  Status rc = STATUS_OK;
  int i, sources = 0;
  for(i=0; rc==STATUS_OK && i<s->count; i++){
    const Argument *a = &s->argument[i];
    const char *text;
    if( a->kind!=ARG_SOURCE && !is_from_source(a->kind) ) continue;
    text = a->kind==ARG_SOURCE ? 0 : ledger_input_text(c, i, &run->source[source_of(c, a)]);
    if( text==0 ) text = input_text(c, i);
    if( text==0 && !a->optional ) return refuse_missing(c->module, a->name, f);
    if( a->kind==ARG_SOURCE ){
      if( text ) rc = read_source(c, &run->source[sources], text, f);
      sources++;
    }else if( text ){
      rc = read_column(c, a, text, run, f);
    }
  }
  run->request.flagName = run->scan[0].flag;
  run->request.flags = run->scan[0].flags;
  return rc;
}

/* Columns of keys that were named in one input become columns of their own. */
static Status spread_columns(const Signature *inputs, Run *run, Failure *f){
  Scan *scan = &run->scan[0];
  Signature *s = &run->columns[0];
  int i, first = s->columns - 1;
  const Argument *a = &inputs->argument[inputs->columnArgument[first]];
  if( a->kind!=ARG_KEY_COLUMNS ) return STATUS_OK;
  if( !signature_repeat(s, scan->flags) ){
    failure_set(f, "%s names more than %d columns", a->name, BATCH_COLUMNS - first);
    return STATUS_INVALID;
  }
  for(i=0; i<scan->flags; i++){
    scan->column[first + i] = scan->flag[i];
    sqlite3_snprintf((int)sizeof s->argument[first + i].name, s->argument[first + i].name, "%s", scan->flag[i]);
  }
  scan->flags = 0;
  return STATUS_OK;
}

/* Reads one of the sources into the accumulator; fed: a ledger's chunks go straight there. */
static Status read_rows(TableCursor *c, Run *run, int which, ScanOrder order, int fed, Failure *f){
  const TableMetric *metric = c->module->metric;
  Scan *scan = &run->scan[which];
  Batch *b = run->batch;
  batch_clear(b);
  b->keys = which==0 && metric->keys && order==SCAN_ANY
          ? (KeyMap*)((char*)c->accumulator + metric->keys - 1) : 0;
  scan->batch = b;
  scan->accumulator = c->accumulator;
  scan->absorb = which ? metric->absorbSecond : metric->absorb;
  scan->absorbHistory = which==0 && run->request.ordered ? metric->absorbHistory : 0;
  scan->absorbTotals = which==0 && run->request.ordered ? metric->absorbTotals : 0;
  scan->zone = run->request.zone;
  scan->status = STATUS_OK;
  return fed ? ledger_feed(scan->source->ledger, scan, f) : scan_run(scan, order, f);
}

static Status fill(TableCursor *c, Run *run, ScanOrder order, int fed, Failure *f){
  const TableMetric *metric = c->module->metric;
  Status rc;
  memset(c->accumulator, 0, metric->size);
  run->request.ordered = order!=SCAN_ANY;
  rc = metric->init(c->accumulator, &run->request, f);
  if( rc==STATUS_OK ) rc = read_rows(c, run, 0, order, fed, f);
  if( rc==STATUS_OK && run->source[1].from ) rc = read_rows(c, run, 1, SCAN_ANY, 0, f);
  return rc;
}

static ScanOrder order_of_source(const TableMetric *metric, Scan *scan){
  const struct Ledger *ledger = scan->source->ledger;
  if( !metric->streams ) return SCAN_ANY;
  if( ledger ) return ledger_is_ordered(ledger, scan) ? SCAN_SORTED_ANYWAY : SCAN_ANY;
  return scan_order(scan);
}

static Status fill_again(TableCursor *c, Run *run, ScanOrder order, Failure *f){
  const TableMetric *metric = c->module->metric;
  if( metric->destroy ) metric->destroy(c->accumulator);
  f->text[0] = 0;
  return fill(c, run, order, 0, f);
}

/* Reads the source, streaming when it comes in order by itself.  A descending index has the
** same plan either way, but needs ORDER BY to be read backwards. */
static Status fill_some_way(TableCursor *c, Run *run, Failure *f){
  ScanOrder order = order_of_source(c->module->metric, &run->scan[0]);
  Status rc = fill(c, run, order, run->source[0].ledger!=0, f);
  if( rc==STATUS_UNLIKE && run->source[0].ledger ) rc = fill_again(c, run, order, f);
  while( rc==STATUS_UNORDERED && order!=SCAN_ANY ){
    order = order==SCAN_SORTED_ANYWAY ? SCAN_SORTED : SCAN_ANY;
    rc = fill_again(c, run, order, f);
  }
  return rc;
}

/* What the used columns need; the last bit of SQLite's 64 stands for every further column. */
static uint32_t needs_of(const TableModule *m, uint64_t used){
  uint32_t needs = 0;
  int i;
  for(i=0; i<m->outputs; i++){
    if( used >> (i < 63 ? i : 63) & 1 ) needs |= m->output[i].needs;
  }
  return needs;
}

static Status compute(TableCursor *c, Run *run, Failure *f){
  Connection *cx = c->module->cx;
  const Signature *inputs = &c->module->inputs;
  const TableMetric *metric = c->module->metric;
  int firstColumns = metric->second ? metric->second : inputs->columns, i;
  Status rc;
  run->request.needs = needs_of(c->module, c->used);
  run->request.owner = c->module->owner;
  rc = read_parameters(c, run, f);
  if( rc==STATUS_OK ) rc = read_sources(c, run, f);
  if( rc!=STATUS_OK ) return rc;
  c->accumulator = memory_zeroed(metric->size);
  run->batch = batch_borrow(cx);
  if( c->accumulator==0 || run->batch==0 ) return STATUS_NOMEM;
  for(i=0; i<2; i++){
    signature_of_columns(inputs, i ? firstColumns : 0, i ? inputs->columns : firstColumns, &run->columns[i]);
    run->scan[i].source = &run->source[i];
    run->scan[i].signature = &run->columns[i];
    run->scan[i].cx = cx;
  }
  rc = spread_columns(inputs, run, f);
  if( rc==STATUS_OK ) rc = fill_some_way(c, run, f);
  if( rc==STATUS_OK ) rc = metric->finish(c->accumulator, &c->rows, f, &cx->stop);
  c->made = metric->made ? metric->made(c->accumulator) : c->accumulator;
  return rc;
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

static int table_filter(sqlite3_vtab_cursor *cursor, int idxNum, const char *idxStr, int argc,
                        sqlite3_value **argv){
  TableCursor *c = (TableCursor*)cursor;
  Connection *cx = c->module->cx;
  uint64_t used = strtoull(idxStr ? idxStr : "0", 0, 16);
  Failure f = {{0}};
  Run *run;
  Status rc;
  int i;
  (void)argc;
  c->row = 0;
  if( inputs_equal(c, idxNum, used, argv) ) return SQLITE_OK;
  result_free(c);
  if( inputs_keep(c, idxNum, used, argv)!=SQLITE_OK ) return SQLITE_NOMEM;
  if( !may_read(c->module, &f) ) return table_fail(cursor->pVtab, STATUS_INVALID, &f);
  run = memory_zeroed(sizeof *run);
  if( run==0 ) return SQLITE_NOMEM;
  cx->depth++;
  cx->named += !c->module->isQuery;
  rc = compute(c, run, &f);
  cx->named -= !c->module->isQuery;
  cx->depth--;
  for(i=0; i<2; i++){
    scan_close(&run->scan[i]);
    source_close(&run->source[i]);
  }
  batch_return(cx, run->batch);
  memory_free(run);
  if( rc!=STATUS_OK ){
    result_free(c);
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
  result_free((TableCursor*)cursor);
  memory_free(cursor);
  return SQLITE_OK;
}
static int table_next(sqlite3_vtab_cursor *cursor){
  ((TableCursor*)cursor)->row++;
  return SQLITE_OK;
}
static int table_eof(sqlite3_vtab_cursor *cursor){
  TableCursor *c = (TableCursor*)cursor;
  return c->row >= c->rows;
}
static int table_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out){
  *out = ((TableCursor*)cursor)->row + 1;
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
  output = &c->module->output[column];
  r->kind = RESULT_NULL;
  c->cell.isKey = 0;
  c->cell.key.type = CELL_NULL;
  c->cell.which = output->which;
  c->cell.failure.text[0] = 0;
  rc = output->cell(c->made, c->row, &c->cell);
  if( rc==STATUS_OK && r->kind==RESULT_REAL && isinf(r->real) ) rc = STATUS_OVERFLOW;
  if( rc!=STATUS_OK ) return cell_fail(c, rc);
  if( c->cell.isKey ) function_answer_key(ctx, &c->cell.key);
  else if( r->kind==RESULT_INTEGER ) sqlite3_result_int64(ctx, r->integer);
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
