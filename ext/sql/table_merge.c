/*
** NAME_merge(source): the table over a column of states.  See table_state.c.
**
** A table metric like any other: its rows are states.  They are kept, compressed as they are, until
** all are in; then the table's own accumulator gets the rows of each.
*/
#include "sql/aggregate.h"
#include "sql/table.h"
#include "spine/kept_rows.h"

typedef struct KeptState {
  unsigned char *bytes;
  size_t size, part[2];        /* where the rows of each source begin */
} KeptState;

typedef struct States {
  const StatesOwner *owner;
  TableRequest request;
  KeptState *state;
  size_t count, capacity;
  size_t head, headEnd;        /* in each state: the parameters and names, equal in all */
  uint32_t seen;               /* columns that are not NULL everywhere */
  void *inner;                 /* the table's own accumulator */
  Batch *batch;
  /* what the inner one is begun with */
  Parameter parameter[PARAMETERS_MAX];
  char *text;                  /* of parameters and names */
  const char *flag[FLAGS_MAX];
} States;

static int states_parts(const States *s){ return s->owner->metric->second ? 2 : 1; }
static int part_begin(const States *s, int part){ return part ? s->owner->metric->second : 0; }
static int part_size(const States *s, int part){
  int second = s->owner->metric->second;
  return (second && !part ? second : s->owner->inputs.columns) - part_begin(s, part);
}

static Status states_init(void *acc, const TableRequest *request, Failure *f){
  States *s = acc;
  (void)f;
  s->owner = request->owner;
  s->request = *request;
  return STATUS_OK;
}

static void states_destroy(void *acc){
  States *s = acc;
  size_t i;
  if( s->owner==0 ) return;
  for(i=0; i<s->count; i++) memory_free(s->state[i].bytes);
  memory_free(s->state);
  if( s->inner && s->owner->metric->destroy ) s->owner->metric->destroy(s->inner);
  memory_free(s->inner);
  memory_free(s->text);
  batch_return(s->owner->cx, s->batch);
}

/* ---- states in ---- */

static Status states_refuse(Failure *f, const char *sentence){
  failure_set(f, "%s", sentence);
  return STATUS_INVALID;
}

static Status check_id(const States *s, Reader *in, Failure *f){
  const char *name = s->owner->entry->name, *id;
  uint64_t n = reader_unsigned(in), version;
  size_t own = strlen(name);
  id = reader_bytes(in, n < 100 ? (size_t)n : SIZE_MAX/2);
  if( id==0 ) return states_refuse(f, STATE_DAMAGED);
  if( n!=own + 5 || memcmp(id, name, own)!=0 || memcmp(id + own, "/rows", 5)!=0 ){
    failure_set(f, "the state is of %.*s, not of %s", text_cut(id, (size_t)n, SHOWN_BYTES), id, name);
    return STATUS_INVALID;
  }
  version = reader_unsigned(in);
  if( version==(uint64_t)s->owner->metric->state ) return STATUS_OK;
  failure_set(f, "the state has version %llu of %s, this build reads version %d; make it anew",
              (unsigned long long)version, name, s->owner->metric->state);
  return STATUS_INVALID;
}

/* A length and as many bytes. */
static const char *states_text(Reader *in, size_t *n){
  uint64_t size = reader_unsigned(in);
  *n = (size_t)size;
  return reader_bytes(in, size < SIZE_MAX/2 ? (size_t)size : SIZE_MAX/2);
}

static Status pass_head(const States *s, Reader *in, Failure *f){
  size_t n;
  int i;
  if( reader_unsigned(in)!=(uint64_t)s->owner->inputs.parameters ) return states_refuse(f, STATE_DAMAGED);
  for(i=0; i<s->owner->inputs.parameters; i++){
    unsigned given = reader_byte(in);
    if( given > 1 ) return states_refuse(f, STATE_DAMAGED);
    if( given ) states_text(in, &n);
  }
  states_text(in, &n);
  return in->failed ? states_refuse(f, STATE_DAMAGED) : STATUS_OK;
}

static const char *shown_parameter(Reader *in, size_t *n){
  *n = 0;
  return reader_byte(in) ? states_text(in, n) : "";
}

/* The first parameter in which two states differ: its name, and its text in both. */
static Status say_unlike(const States *s, const unsigned char *z, size_t size, Failure *f){
  Reader one = reader_over(s->state[0].bytes + s->head, s->headEnd - s->head), two = reader_over(z, size);
  const Signature *inputs = &s->owner->inputs;
  const char *a, *b;
  size_t n, k;
  int i;
  reader_unsigned(&one);
  reader_unsigned(&two);
  for(i=0; i<inputs->count; i++){
    const char *name = inputs->argument[i].name;
    if( inputs->argument[i].parameter < 0 ) continue;
    a = shown_parameter(&one, &n);
    b = shown_parameter(&two, &k);
    if( n==k && memcmp(a, b, n)==0 ) continue;
    failure_set(f, "states with unlike parameters do not merge: %s=%.*s and %s=%.*s", name, text_cut(a, n, SHOWN_BYTES), a,
                name, text_cut(b, k, SHOWN_BYTES), b);
    return STATUS_INVALID;
  }
  a = states_text(&one, &n);
  b = states_text(&two, &k);
  failure_set(f, "states with unlike steps do not merge: %.*s and %.*s", text_cut(a, n, SHOWN_BYTES), a, text_cut(b, k, SHOWN_BYTES), b);
  return STATUS_INVALID;
}

/* Looks through a state whose bytes are the last ones kept. */
static Status states_look(States *s, KeptState *k, Failure *f){
  const unsigned char *head;
  Reader in;
  Status rc = state_check_seal(k->bytes, k->size, &s->owner->cx->stop, &in, f);
  int part;
  if( rc==STATUS_OK ) rc = check_id(s, &in, f);
  if( rc!=STATUS_OK ) return rc;
  head = in.at;
  rc = pass_head(s, &in, f);
  if( rc!=STATUS_OK ) return rc;
  if( s->count==0 ){
    s->head = (size_t)(head - k->bytes);
    s->headEnd = (size_t)(in.at - k->bytes);
  }else if( (size_t)(in.at - head)!=s->headEnd - s->head || memcmp(head, s->state[0].bytes + s->head, s->headEnd - s->head)!=0 ){
    return say_unlike(s, head, (size_t)(in.at - head), f);
  }
  for(part=0; part<states_parts(s); part++){
    uint32_t seen = 0;
    k->part[part] = (size_t)(in.at - k->bytes);
    if( kept_seen(&in, part_size(s, part), &seen)!=STATUS_OK ) return states_refuse(f, STATE_DAMAGED);
    s->seen |= seen << part_begin(s, part);
  }
  return in.at==in.end ? STATUS_OK : states_refuse(f, STATE_DAMAGED);
}

static Status states_take(States *s, const char *bytes, size_t n, Failure *f){
  KeptState *k;
  Status rc = memory_grow((void**)&s->state, &s->capacity, s->count + 1, sizeof *s->state);
  if( rc!=STATUS_OK ) return rc;
  k = &s->state[s->count];
  memset(k, 0, sizeof *k);
  k->bytes = memory_alloc(n + 1);
  if( k->bytes==0 ) return STATUS_NOMEM;
  if( n ) memcpy(k->bytes, bytes, n);
  k->size = n;
  rc = states_look(s, k, f);
  if( rc!=STATUS_OK ) memory_free(k->bytes);
  else s->count++;
  return rc;
}

static Status states_absorb(void *acc, Batch *b, Failure *f){
  States *s = acc;
  const Column *c = &b->column[0];
  Status rc = STATUS_OK;
  int i;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    if( c->type[i]==CELL_NULL ) continue;
    if( c->type[i]==CELL_BLOB ){
      rc = states_take(s, b->bytes + c->cell[i].i, c->size[i], f);
    }else if( c->type[i]==CELL_TEXT ){
      failure_set(f, "'%.*s' is no state; pass the BLOB that %s_state() gives",
                  text_cut(b->bytes + c->cell[i].i, c->size[i], SHOWN_BYTES), b->bytes + c->cell[i].i, s->owner->entry->name);
      rc = STATUS_INVALID;
    }else{
      failure_set(f, "%lld is no state; pass the BLOB that %s_state() gives", (long long)c->cell[i].i, s->owner->entry->name);
      rc = STATUS_INVALID;
    }
  }
  return rc;
}

/* ---- rows out ---- */

/* The names between quotes, as table_state.c put them. */
static void read_flag_names(States *s, char *list){
  TableRequest *r = &s->request;
  while( *list && r->flags < FLAGS_MAX ){
    char *to;
    while( *list==',' || *list==' ' ) list++;
    if( *list=='!' ){ r->flagMarked |= UINT32_C(1) << r->flags; list++; }
    if( *list!='"' ) return;
    s->flag[r->flags++] = to = ++list;
    while( *list && (*list!='"' || list[1]=='"') ){
      if( *list=='"' ) list++;
      *to++ = *list++;
    }
    if( *list ) list++;
    *to = 0;
  }
}

/* Texts of the first state's head, each with a NUL behind it; NULL: not given. */
static Status head_texts(States *s, char **text){
  Reader in = reader_over(s->state[0].bytes + s->head, s->headEnd - s->head);
  size_t n;
  char *to = s->text = memory_alloc(s->headEnd - s->head + PARAMETERS_MAX + 2);
  int i, count = s->owner->inputs.parameters;
  if( to==0 ) return STATUS_NOMEM;
  reader_unsigned(&in);
  for(i=0; i<=count; i++){
    const char *z;
    text[i] = 0;
    if( i<count && reader_byte(&in)==0 ) continue;
    z = states_text(&in, &n);
    if( z==0 ) return STATUS_CORRUPT;
    text[i] = memcpy(to, z, n);
    to[n] = 0;
    to += n + 1;
  }
  return STATUS_OK;
}

static Status read_texts(States *s, char **text, Failure *f){
  const Signature *inputs = &s->owner->inputs;
  TableRequest *r = &s->request;
  Status rc = STATUS_OK;
  int i, pass;
  for(pass=0; pass<2; pass++){
    for(i=0; rc==STATUS_OK && i<inputs->count; i++){
      const Argument *a = &inputs->argument[i];
      int at = a->parameter;
      if( at < 0 || (a->kind==ARG_ZONE) != (pass==0) || text[at]==0 ) continue;
      r->givenParameters |= UINT32_C(1) << at;
      rc = parameter_from_text(a, r->zone, text[at], (int)strlen(text[at]), &s->parameter[at], f);
      if( pass==0 ) r->zone = s->parameter[at].zone;
    }
  }
  return rc;
}

/* Columns that are not NULL everywhere, and those that every source of the table has. */
static uint32_t given_columns(const States *s){
  const Signature *inputs = &s->owner->inputs;
  uint32_t given = s->seen;
  int i;
  for(i=0; i<inputs->columns; i++){
    const Argument *a = &inputs->argument[inputs->columnArgument[i]];
    int always = !a->optional || (a->preset[0] && !(s->owner->metric->mayLack >> i & 1));
    given |= (uint32_t)always << i;
  }
  return given;
}

static Status states_begin(States *s, Failure *f){
  const TableMetric *metric = s->owner->metric;
  char *text[PARAMETERS_MAX + 1];
  Status rc = head_texts(s, text);
  if( rc==STATUS_OK ) rc = read_texts(s, text, f);
  if( rc!=STATUS_OK ) return rc;
  read_flag_names(s, text[s->owner->inputs.parameters]);
  s->request.parameter = s->parameter;
  s->request.flagName = s->flag;
  s->request.givenColumns = given_columns(s);
  s->request.ordered = 0;
  s->request.owner = 0;
  s->inner = memory_zeroed(metric->size);
  s->batch = batch_borrow(s->owner->cx);
  if( s->inner==0 || s->batch==0 ) return STATUS_NOMEM;
  return metric->init(s->inner, &s->request, f);
}

static KeptColumn allowed_cells(const Argument *a, int flags){
  KeptColumn c = { 0, INT64_MIN, INT64_MAX };
  uint32_t keys = 1u << CELL_INTEGER | 1u << CELL_TEXT | 1u << CELL_BLOB;
  switch( a->kind==ARG_COLUMN ? a->columnKind : a->kind ){
    case ARG_KEY: c.types = keys; break;
    case ARG_KEY_OR_NULL: c.types = keys | 1u << CELL_NULL; break;
    case ARG_NUMBER: c.types = 1u << CELL_INTEGER | 1u << CELL_REAL; break;
    case ARG_MONEY: c.types = 1u << CELL_NULL | 1u << CELL_INTEGER | 1u << CELL_REAL; break;
    case ARG_FLAG: case ARG_FLAG_OR_NULL: c.types = 1u << CELL_INTEGER; c.least = 0; c.most = 1; break;
    case ARG_COLUMNS: c.types = 1u << CELL_INTEGER; c.least = 0; c.most = (INT64_C(1) << flags) - 1; break;
    default:                               /* times, in the years 0000 to 9999 */
      c.types = 1u << CELL_NULL | 1u << CELL_INTEGER;
      c.least = days_from_civil(0, 1, 1)*MICROS_PER_DAY;
      c.most = days_from_civil(10000, 1, 1)*MICROS_PER_DAY - 1;
  }
  return c;
}

static Status replay_part(States *s, int part, const Stop *stop, Failure *f){
  const TableMetric *metric = s->owner->metric;
  const Signature *inputs = &s->owner->inputs;
  KeptColumn column[BATCH_COLUMNS];
  KeptReplay to = { column, part_size(s, part), s->batch, part ? metric->absorbSecond : metric->absorb, s->inner, stop };
  Status rc = STATUS_OK;
  size_t i;
  int k;
  for(k=0; k<to.columns; k++) column[k] = allowed_cells(&inputs->argument[inputs->columnArgument[part_begin(s, part) + k]], s->request.flags);
  batch_clear(s->batch);
  s->batch->keys = part==0 && metric->keys ? (KeyMap*)((char*)s->inner + metric->keys - 1) : 0;
  for(i=0; rc==STATUS_OK && i<s->count; i++){
    KeptState *state = &s->state[i];
    Reader in = reader_over(state->bytes + state->part[part], state->size - state->part[part]);
    rc = kept_replay(&to, &in, f);
    if( rc==STATUS_CORRUPT ) rc = states_refuse(f, STATE_DAMAGED);
    if( part==states_parts(s) - 1 ){       /* not needed any more */
      memory_free(state->bytes);
      state->bytes = 0;
    }
  }
  return rc;
}

static Status states_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  States *s = acc;
  Status rc = STATUS_OK;
  int part;
  *rows = 0;
  if( s->count==0 ) return STATUS_OK;      /* of no state nothing is known */
  rc = states_begin(s, f);
  for(part=0; rc==STATUS_OK && part<states_parts(s); part++) rc = replay_part(s, part, stop, f);
  return rc==STATUS_OK ? s->owner->metric->finish(s->inner, rows, f, stop) : rc;
}

static void *states_made(void *acc){ return ((States*)acc)->inner; }

/* Its outputs are those of what the states are of. */
const TableMetric METRIC_STATES = {
  .size = sizeof(States), .init = states_init, .absorb = states_absorb, .finish = states_finish,
  .made = states_made, .destroy = states_destroy
};
