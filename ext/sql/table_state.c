/*
** States of tables: NAME_state(...), an aggregate, and NAME_merge(source), a table over a column of
** states.  One binding for all of them: a state holds the decoded rows (spine/kept_rows.h) and the
** parameters, and merging replays the rows of all states through the table's own accumulator.  So
** any division of the rows adds up to what the table says of all of them.
**
** A state BLOB stands in the envelope of state.c:
**   NAME/rows (text) | version | number of parameters | of each: 1 and its text, or 0: not given |
**   names of flag columns (text) | kept rows of the first source | of the second, where there is one
**
** A column that is NULL in every row of every state is one that was not given.
*/
#include "sql/aggregate.h"
#include "sql/name.h"
#include "sql/table.h"
#include "spine/kept_rows.h"

/* ---- the shape of a state ---- */

/* Columns of the table's source number `part`: from ... to - 1 in its batch. */
static void part_columns(const StatesOwner *o, int part, int *from, int *to){
  int second = o->metric->second;
  *from = part ? second : 0;
  *to = second && !part ? second : o->inputs.columns;
}
static int parts_of(const StatesOwner *o){ return o->metric->second ? 2 : 1; }

/* The column of flags in the first part, or -1. */
static int flags_column(const Signature *inputs){
  int last = inputs->columns - 1;
  return inputs->argument[inputs->columnArgument[last]].kind==ARG_COLUMNS ? last : -1;
}

/* Names in a list of flag columns, their quotes taken off, one behind the other in `text`. */
typedef struct FlagNames {
  char *text;
  const char *name[FLAGS_MAX];
  int count;
  uint32_t marked;
} FlagNames;

static Status flag_names(const char *list, FlagNames *out, Failure *f){
  const char *z = list;
  char *to = out->text = memory_alloc(2*strlen(list) + 2);
  if( to==0 ) return STATUS_NOMEM;
  for(;;){
    while( *z==' ' || *z=='\t' || *z=='\n' ) z++;
    if( out->count==FLAGS_MAX ){
      failure_set(f, "steps names more than %d columns", FLAGS_MAX);
      return STATUS_INVALID;
    }
    if( *z=='!' ){
      out->marked |= UINT32_C(1) << out->count;
      z++;
    }
    if( !name_of_list(&z, to) ){
      failure_set(f, "steps '%.*s' is no list of names; write a, b, c", text_cut(list, strlen(list), SHOWN_BYTES), list);
      return STATUS_INVALID;
    }
    out->name[out->count++] = to;
    to += strlen(to) + 1;
    if( *z==0 ) return STATUS_OK;
  }
}

/* ---- making one ---- */

typedef struct StateFunction {
  StatesOwner owner;
  Function *fn;                /* its parameters, and its name for messages */
  Signature part[2];           /* the columns of each source, by their places in the call */
  int steps;                   /* the argument that names flag columns, or -1 */
} StateFunction;

typedef struct TableState {
  Parameters *parameters;
  FlagNames flags;
  KeptRows rows[2];
  Batch *batch[2];
  int failed;
} TableState;

static void table_state_free(const StateFunction *s, TableState *t){
  int i;
  if( t==0 ) return;
  for(i=0; i<2; i++){
    kept_destroy(&t->rows[i]);
    batch_return(s->owner.cx, t->batch[i]);
  }
  memory_free(t->flags.text);
  parameters_release(t->parameters);
  memory_free(t);
}

static Status wrong_count(const StateFunction *s, Failure *f){
  Buffer form = {0};
  signature_put_arguments(&form, &s->fn->signature);
  buffer_put_byte(&form, 0);
  if( !form.failed ) failure_set(f, "wrong number of arguments; write %s(%s)", s->fn->name, (const char*)form.data);
  buffer_destroy(&form);
  return form.failed ? STATUS_NOMEM : STATUS_INVALID;
}

/* The names must outlive the row's values: parameters keep them. */
static Status state_flags(const StateFunction *s, TableState *t, Failure *f){
  const Parameter *p;
  char *list;
  Status rc;
  if( s->steps < 0 ) return STATUS_OK;
  p = &t->parameters->value[s->fn->signature.argument[s->steps].parameter];
  list = sqlite3_mprintf("%.*s", p->text.n, p->text.z ? p->text.z : "");
  if( list==0 ) return STATUS_NOMEM;
  rc = flag_names(list, &t->flags, f);
  memory_free(list);
  return rc;
}

static Status state_begin(StateFunction *s, TableState **out, int argc, sqlite3_value **argv, Failure *f){
  TableState *t;
  Status rc;
  int i;
  if( argc < s->fn->signature.required || argc > s->fn->signature.count ) return wrong_count(s, f);
  t = *out = memory_zeroed(sizeof *t);
  if( t==0 ) return STATUS_NOMEM;
  for(i=0; i<parts_of(&s->owner); i++){
    kept_init(&t->rows[i], s->part[i].columns);
    t->batch[i] = batch_borrow(s->owner.cx);
    if( t->batch[i]==0 ) return STATUS_NOMEM;
  }
  rc = parameters_of(s->fn, argc, argv, &t->parameters, f);
  return rc==STATUS_OK ? state_flags(s, t, f) : rc;
}

/* Bits are those of names. */
static Status check_flags(const StateFunction *s, const TableState *t, Failure *f){
  Batch *b = t->batch[0];
  Column *c;
  int at = flags_column(&s->owner.inputs), i;
  if( at < 0 ) return STATUS_OK;
  c = &b->column[at];
  for(i=0; i<b->rows; i++){
    if( c->type[i]==CELL_NULL ){ c->type[i] = CELL_INTEGER; c->cell[i].i = 0; }
    if( c->type[i]==CELL_INTEGER && (uint64_t)c->cell[i].i >> t->flags.count==0 ) continue;
    failure_set(f, "flags must be a whole number below %lld, for each of the %d steps a bit: 1 for the first, 2 for the second, 4 for the third",
                (long long)(INT64_C(1) << t->flags.count), t->flags.count);
    return STATUS_INVALID;
  }
  return STATUS_OK;
}

static Status state_flush(const StateFunction *s, TableState *t, int part, Failure *f){
  Status rc = part==0 ? check_flags(s, t, f) : STATUS_OK;
  if( rc==STATUS_OK ) rc = kept_put(&t->rows[part], t->batch[part]);
  batch_clear(t->batch[part]);
  return rc;
}

static Status state_take(const StateFunction *s, TableState *t, int part, int argc, sqlite3_value **argv, Failure *f){
  const Signature *sig = &s->part[part];
  Batch *b = t->batch[part];
  int32_t zone = t->parameters->zone;
  Status rc = STATUS_OK;
  if( !decode_plain_row(sig, zone, argc, argv, b) ) rc = decode_row(sig, zone, argc, argv, b, f);
  return rc==STATUS_OK && batch_is_full(b) ? state_flush(s, t, part, f) : rc;
}

static void table_state_step(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  StateFunction *s = sqlite3_user_data(ctx);
  TableState **slot = sqlite3_aggregate_context(ctx, (int)sizeof *slot);
  Failure f = {{0}};
  Status rc;
  int i;
  if( slot==0 ){ sqlite3_result_error_nomem(ctx); return; }
  rc = *slot ? parameters_check(s->fn, (*slot)->parameters, argc, argv, &f) : state_begin(s, slot, argc, argv, &f);
  for(i=0; rc==STATUS_OK && i<parts_of(&s->owner); i++) rc = state_take(s, *slot, i, argc, argv, &f);
  if( rc==STATUS_OK ) return;
  if( *slot ) (*slot)->failed = 1;
  function_fail(ctx, s->fn, rc, &f);
}

static int is_given(const Argument *a, const RawValue *raw){
  int i;
  if( a->preset[0] ) return 1;
  if( raw->type==0 || raw->type==SQLITE_NULL ) return 0;
  if( raw->type!=SQLITE_TEXT ) return 1;
  for(i=0; i<raw->n; i++) if( raw->z[i]!=' ' ) return 1;
  return 0;
}

static void put_parameter(Buffer *out, const Argument *a, const Parameters *p){
  Buffer text = {0};
  int given = is_given(a, &p->raw[a->parameter]);
  buffer_put_byte(out, (unsigned)given);
  if( !given ) return;
  parameter_text(a->kind, &p->value[a->parameter], &text);
  buffer_put_unsigned(out, text.size);
  buffer_put(out, text.data, text.size);
  out->failed |= text.failed;
  buffer_destroy(&text);
}

/* Names as they were read, so that equal ones are equal bytes. */
static void put_flag_names(Buffer *out, const FlagNames *names){
  Buffer text = {0};
  int i;
  for(i=0; i<names->count; i++){
    buffer_printf(&text, "%s%s\"%w\"", i ? ", " : "", names->marked >> i & 1 ? "!" : "", names->name[i]);
  }
  buffer_put_unsigned(out, text.size);
  buffer_put(out, text.data, text.size);
  out->failed |= text.failed;
  buffer_destroy(&text);
}

static void put_state(const StateFunction *s, const TableState *t, Buffer *out){
  const Signature *call = &s->fn->signature;
  char id[48];
  int i;
  state_put_magic(out);
  sqlite3_snprintf((int)sizeof id, id, "%s/rows", s->owner.entry->name);
  buffer_put_text(out, id);
  buffer_put_unsigned(out, (uint64_t)s->owner.metric->state);
  buffer_put_unsigned(out, (uint64_t)s->owner.inputs.parameters);
  for(i=0; i<call->count; i++){
    if( call->argument[i].parameter >= 0 && i!=s->steps ) put_parameter(out, &call->argument[i], t->parameters);
  }
  put_flag_names(out, &t->flags);
  for(i=0; i<parts_of(&s->owner); i++) kept_encode(&t->rows[i], out);
  state_put_checksum(out);
}

static void table_state_final(sqlite3_context *ctx){
  StateFunction *s = sqlite3_user_data(ctx);
  TableState **slot = sqlite3_aggregate_context(ctx, 0);
  TableState *t = slot ? *slot : 0;
  Buffer out = {0};
  Failure f = {{0}};
  Status rc = STATUS_OK;
  int i;
  if( t==0 ) return;                       /* no row: NULL, which merges as nothing */
  if( t->failed ){ table_state_free(s, t); return; }
  for(i=0; rc==STATUS_OK && i<parts_of(&s->owner); i++) rc = state_flush(s, t, i, &f);
  if( rc==STATUS_OK ){
    out.stop = &s->owner.cx->stop;
    s->owner.cx->asked = 0;
    put_state(s, t, &out);
    if( out.failed ) rc = out.stopped ? STATUS_INTERRUPTED : STATUS_NOMEM;
  }
  table_state_free(s, t);
  if( rc==STATUS_OK ){
    sqlite3_result_blob64(ctx, out.data, out.size, sqlite3_free);
    return;
  }
  buffer_destroy(&out);
  function_fail(ctx, s->fn, rc, &f);
}

static void state_function_destroy(void *p){
  StateFunction *s = p;
  function_destroy(s->fn);                 /* with its reference to the connection */
  memory_free(s);
}

/* Columns keep their order in the table's batch; each knows its place in the call. */
static void state_parts(StateFunction *s){
  const Signature *inputs = &s->owner.inputs, *call = &s->fn->signature;
  int part, i, from, to, at = 0, k;
  int place[ARGUMENTS_MAX];
  for(i=0; i<inputs->count; i++){
    if( inputs->argument[i].kind==ARG_SOURCE ) continue;
    at += inputs->argument[i].kind==ARG_COLUMNS;     /* behind the names */
    place[i] = at++;
  }
  for(part=0; part<parts_of(&s->owner); part++){
    Signature *sig = &s->part[part];
    *sig = *call;
    part_columns(&s->owner, part, &from, &to);
    sig->columns = to - from;
    for(k=from; k<to; k++){
      int argument = place[inputs->columnArgument[k]];
      sig->columnArgument[k-from] = argument;
      sig->plain[k-from] = call->plain[call->argument[argument].column];
      sig->argument[argument].column = k - from;
    }
  }
}

int table_state_register(Connection *cx, const CatalogueEntry *entry){
  static const Metric NO_METRIC = { .id = "" };
  static const Overload OVERLOAD = { "", &NO_METRIC, 0 };
  StateFunction *s = memory_zeroed(sizeof *s);
  Function *fn = memory_zeroed(sizeof *fn);
  int i;
  if( s==0 || fn==0 ){ memory_free(s); memory_free(fn); return SQLITE_NOMEM; }
  s->owner.cx = fn->cx = cx;
  s->owner.entry = fn->entry = entry;
  s->owner.metric = entry->table;
  s->fn = fn;
  cx->references++;
  signature_parse(entry->overload[0].signature, &s->owner.inputs);
  signature_of_state(&s->owner.inputs, &fn->signature);
  signature_on_calendar(&fn->signature, entry->calendar);
  fn->overload = &OVERLOAD;
  sqlite3_snprintf((int)sizeof fn->name, fn->name, "%s_state", entry->name);
  s->steps = -1;
  for(i=0; i<fn->signature.count; i++) if( strcmp(fn->signature.argument[i].name, "flags")==0 ) s->steps = i - 1;
  state_parts(s);
  return sqlite3_create_function_v2(cx->db, fn->name, -1, SQLITE_UTF8|SQLITE_DETERMINISTIC|SQLITE_INNOCUOUS, s, 0,
                                    table_state_step, table_state_final, state_function_destroy);
}
