/*
** What a cursor's inputs ask for: parameters read, sources found and read into the accumulator.  See
** table_inside.h.
*/
#include "sql/table_inside.h"

void cursor_clear(TableCursor *c){
  const TableMetric *metric = c->module->metric;
  int i;
  stream_close(c);
  if( c->accumulator && metric->destroy ) metric->destroy(c->accumulator);
  memory_free(c->accumulator);
  c->accumulator = 0;
  for(i=0; i<ARGUMENTS_MAX; i++){
    sqlite3_value_free(c->value[i]);
    c->value[i] = 0;
  }
  memset(c->bytes, 0, sizeof c->bytes);
  c->ready = 0;
  c->rows = c->row = c->passed = 0;
  c->isWhole = 0;
}

int cursor_is_of(const TableCursor *c, int idxNum, uint64_t used, sqlite3_value **argv){
  int i, n = 0;
  if( !c->ready || c->idxNum!=idxNum || c->used!=used ) return 0;
  for(i=0; i<c->module->inputs.count; i++){
    if( (idxNum >> i & 1) && !value_equal(c->value[i], argv[n++]) ) return 0;
  }
  return 1;
}

int cursor_keep(TableCursor *c, int idxNum, uint64_t used, sqlite3_value **argv){
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
  scan->historyKeys = metric->historyKeys;
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
  if( rc==STATUS_OK ) rc = stream_open(c, run, f);
  if( rc!=STATUS_UNLIKE ) return rc;
  rc = fill_some_way(c, run, f);
  if( rc==STATUS_OK ) rc = metric->finish(c->accumulator, &c->rows, f, &cx->stop);
  c->made = metric->made ? metric->made(c->accumulator) : c->accumulator;
  for(i=0; rc==STATUS_OK && metric->bytes && i<c->module->outputs; i++){
    c->bytes[i].at = metric->bytes(c->accumulator, i, &c->bytes[i].stride);
  }
  return rc;
}

void run_free(TableCursor *c, Run *run){
  int i;
  for(i=0; i<2; i++){
    scan_close(&run->scan[i]);
    source_close(&run->source[i]);
  }
  batch_return(c->module->cx, run->batch);
  memory_free(run);
}

Status cursor_compute(TableCursor *c, Failure *f){
  Run *run = memory_zeroed(sizeof *run);
  Status rc = run ? compute(c, run, f) : STATUS_NOMEM;
  if( run && !c->stream ) run_free(c, run);
  return rc;
}
