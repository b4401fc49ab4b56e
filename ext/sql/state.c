/*
** NAME_state() and NAME_merge().
**
** A state BLOB, format 1:
**   'siyu' | format (1 byte) | metric id (text) | metric version | number of parameters |
**   each parameter as text | payload of the accumulator | 64-bit checksum of all before it
** Numbers are varints, texts carry their length.  A state of another metric, overload,
** version or parameter does not merge: that is an error, not a number.
*/
#include "sql/aggregate.h"

#define STATE_FORMAT 1
#define MAGIC "siyu"
#define CHECKSUM_BYTES 8
#define CHECKSUM_SEED UINT64_C(0x736979752d737431)

/* ---- writing ---- */

void state_put_magic(Buffer *out){
  buffer_put(out, MAGIC, 4);
  buffer_put_byte(out, STATE_FORMAT);
}

static void put_header(Buffer *out, const Metric *m, const Signature *s, const Parameters *p){
  int i;
  state_put_magic(out);
  buffer_put_text(out, m->id);
  buffer_put_unsigned(out, (uint64_t)m->version);
  buffer_put_unsigned(out, (uint64_t)s->parameters);
  for(i=0; i<s->count; i++){
    const Argument *a = &s->argument[i];
    Buffer text = {0};
    if( a->parameter < 0 ) continue;
    parameter_text(a->kind, &p->value[a->parameter], &text);
    buffer_put_unsigned(out, text.size);
    buffer_put(out, text.data, text.size);
    out->failed |= text.failed;
    buffer_destroy(&text);
  }
}

void state_put_checksum(Buffer *out){
  uint64_t sum = 0;
  int i;
  if( out->failed ) return;
  if( hash_bytes_asking(out->data, out->size, CHECKSUM_SEED, out->stop, &sum)!=STATUS_OK ){
    encode_fail(out, STATUS_INTERRUPTED);
    return;
  }
  for(i=0; i<CHECKSUM_BYTES; i++) buffer_put_byte(out, (unsigned)(sum >> (8*i)) & 0xff);
}

static void state_final(sqlite3_context *ctx){
  Function *fn = sqlite3_user_data(ctx);
  Group *g = sqlite3_aggregate_context(ctx, 0);
  Buffer out = {0};
  Failure f = {{0}};
  Status rc;
  if( g==0 ) return;                                /* no row: NULL, which merges as nothing */
  if( g->metric==0 || g->failed ){ group_end(g, fn); return; }
  rc = group_flush(g, &f);
  if( rc==STATUS_OK ){
    out.stop = &fn->cx->stop;
    fn->cx->asked = 0;
    put_header(&out, g->metric, &fn->signature, g->parameters);
    g->metric->encode(group_accumulator(g), &out);
    state_put_checksum(&out);
    if( out.failed ) rc = out.stopped ? STATUS_INTERRUPTED : STATUS_NOMEM;
  }
  if( rc==STATUS_OK ){
    sqlite3_result_blob64(ctx, out.data, out.size, sqlite3_free);
  }else{
    buffer_destroy(&out);
    function_fail(ctx, fn, rc, &f);
  }
  group_end(g, fn);
}

int register_state(Function *fn, int nArg){
  fn->contextSize = sizeof(Group) + fn->overload->metric->size;
  return sqlite3_create_function_v2(fn->cx->db, fn->name, nArg,
      SQLITE_UTF8|SQLITE_DETERMINISTIC|SQLITE_INNOCUOUS, fn, 0, group_step, state_final,
      function_destroy);
}

/* ---- reading ---- */

typedef struct StateHeader {
  const Overload *overload;
  Signature signature;
  const unsigned char *parameterText;   /* the encoded parameters, byte for byte */
  size_t parameterBytes;
} StateHeader;

/* The overload of this function that wrote the metric id, or NULL. */
static const Overload *overload_of(const CatalogueEntry *e, const char *id, size_t n){
  int i;
  for(i=0; i<OVERLOADS_MAX && e->overload[i].signature; i++){
    const char *own = e->overload[i].metric->id;
    if( strlen(own)==n && memcmp(own, id, n)==0 ) return &e->overload[i];
  }
  return 0;
}

static Status invalid(Failure *f, const char *sentence){
  failure_set(f, "%s", sentence);
  return STATUS_INVALID;
}

#define DAMAGED STATE_DAMAGED

Status state_check_seal(const unsigned char *z, size_t n, const Stop *stop, Reader *in, Failure *f){
  uint64_t sum = 0, made;
  int i;
  if( n < 5 + CHECKSUM_BYTES || memcmp(z, MAGIC, 4)!=0 ) return invalid(f, DAMAGED);
  for(i=0; i<CHECKSUM_BYTES; i++) sum |= (uint64_t)z[n - CHECKSUM_BYTES + (size_t)i] << (8*i);
  if( hash_bytes_asking(z, n - CHECKSUM_BYTES, CHECKSUM_SEED, stop, &made)!=STATUS_OK ) return STATUS_INTERRUPTED;
  if( sum!=made ) return invalid(f, DAMAGED);
  *in = reader_over(z + 4, n - 4 - CHECKSUM_BYTES);
  i = (int)reader_byte(in);
  if( i==STATE_FORMAT ) return STATUS_OK;
  failure_set(f, "the state has format %d, this build reads %d", i, STATE_FORMAT);
  return STATUS_INVALID;
}

static Status read_metric(const Function *fn, Reader *in, StateHeader *h, Failure *f){
  uint64_t n = reader_unsigned(in), version;
  const char *id = reader_bytes(in, n < 100 ? (size_t)n : SIZE_MAX/2);
  if( id==0 ) return invalid(f, DAMAGED);
  h->overload = overload_of(fn->entry, id, (size_t)n);
  if( h->overload==0 ){
    failure_set(f, "the state is of %.*s, not of %s", (int)n, id, fn->entry->name);
    return STATUS_INVALID;
  }
  version = reader_unsigned(in);
  if( version!=(uint64_t)h->overload->metric->version ){
    failure_set(f, "the state has version %llu of %s, this build reads version %d; make it anew",
                (unsigned long long)version, h->overload->metric->id, h->overload->metric->version);
    return STATUS_INVALID;
  }
  if( !signature_parse(h->overload->signature, &h->signature)
   || reader_unsigned(in)!=(uint64_t)h->signature.parameters ) return invalid(f, DAMAGED);
  return STATUS_OK;
}

static Status read_header(const Function *fn, sqlite3_value *v, Reader *in, StateHeader *h, Failure *f){
  const unsigned char *z = sqlite3_value_blob(v);
  size_t n = (size_t)sqlite3_value_bytes(v);
  Status rc;
  int i;
  if( sqlite3_value_type(v)!=SQLITE_BLOB ){
    char shown[64];
    value_shown(v, shown, sizeof shown);
    failure_set(f, "%s is no state; pass the BLOB that %s_state() gives", shown, fn->entry->name);
    return STATUS_INVALID;
  }
  if( z==0 && n>0 ) return STATUS_NOMEM;
  rc = state_check_seal(z, n, &fn->cx->stop, in, f);
  if( rc==STATUS_OK ) rc = read_metric(fn, in, h, f);
  if( rc!=STATUS_OK ) return rc;
  h->parameterText = in->at;
  for(i=0; i<h->signature.parameters; i++){
    uint64_t size = reader_unsigned(in);
    reader_bytes(in, size < SIZE_MAX/2 ? (size_t)size : SIZE_MAX/2);
  }
  h->parameterBytes = (size_t)(in->at - h->parameterText);
  return in->failed ? invalid(f, DAMAGED) : STATUS_OK;
}

/* Parameters of a header as NUL-terminated texts in one allocation. */
static Status header_parameters(const StateHeader *h, Parameters **out, Failure *f){
  Reader in = reader_over(h->parameterText, h->parameterBytes);
  char *text[PARAMETERS_MAX], *copy, *to;
  Status rc;
  int i;
  copy = to = memory_alloc(h->parameterBytes + PARAMETERS_MAX);
  if( copy==0 ) return STATUS_NOMEM;
  for(i=0; i<h->signature.parameters; i++){
    size_t n = (size_t)reader_unsigned(&in);
    memcpy(to, reader_bytes(&in, n), n);
    text[i] = to;
    to[n] = 0;
    to += n + 1;
  }
  rc = parameters_from_texts(h->overload->metric, &h->signature, text, out, f);
  memory_free(copy);
  return rc;
}

/* ---- merging ---- */

/* Behind the accumulator's Group: what the first state's header said. */
typedef struct Merge {
  const Overload *overload;
  unsigned char *parameterText;
  size_t parameterBytes;
  Group group;                 /* last: the accumulator follows */
} Merge;

static Status merge_begin(Merge *m, Function *fn, const StateHeader *h, Failure *f){
  Parameters *p;
  Status rc;
  m->parameterText = memory_alloc(h->parameterBytes + 1);
  if( m->parameterText==0 ) return STATUS_NOMEM;
  memcpy(m->parameterText, h->parameterText, h->parameterBytes);
  m->parameterBytes = h->parameterBytes;
  m->overload = h->overload;
  rc = header_parameters(h, &p, f);
  return rc==STATUS_OK ? group_begin(&m->group, fn, h->overload->metric, p, f) : rc;
}

/* The first parameter in which two encoded lists differ: its name, and its text in both. */
static void say_difference(const StateHeader *h, const Merge *m, Failure *f){
  Reader one = reader_over(m->parameterText, m->parameterBytes);
  Reader two = reader_over(h->parameterText, h->parameterBytes);
  int i;
  for(i=0; i<h->signature.count; i++){
    const char *name = h->signature.argument[i].name, *a, *b;
    size_t n, k;
    if( h->signature.argument[i].parameter < 0 ) continue;
    n = (size_t)reader_unsigned(&one);
    a = reader_bytes(&one, n);
    k = (size_t)reader_unsigned(&two);
    b = reader_bytes(&two, k);
    if( n==k && memcmp(a, b, n)==0 ) continue;
    failure_set(f, "states with unlike parameters do not merge: %s=%.*s and %s=%.*s", name,
                text_cut(a, n, SHOWN_BYTES), a, name, text_cut(b, k, SHOWN_BYTES), b);
    return;
  }
  failure_set(f, "%s", DAMAGED);                    /* the same, but written otherwise */
}

static Status merge_check(const Merge *m, const StateHeader *h, Failure *f){
  if( m->overload!=h->overload ){
    failure_set(f, "a state of %s cannot merge with one of %s", h->overload->metric->id,
                m->overload->metric->id);
    return STATUS_INVALID;
  }
  if( m->parameterBytes==h->parameterBytes
   && memcmp(m->parameterText, h->parameterText, h->parameterBytes)==0 ) return STATUS_OK;
  say_difference(h, m, f);
  return STATUS_INVALID;
}

static void merge_step(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Function *fn = sqlite3_user_data(ctx);
  Failure f;
  StateHeader h;
  Reader in;
  Merge *m;
  Status rc;
  (void)argc;
  f.text[0] = 0;
  if( value_is_blank(argv[0]) ) return;
  m = sqlite3_aggregate_context(ctx, (int)fn->contextSize);
  if( m==0 ){ sqlite3_result_error_nomem(ctx); return; }
  rc = read_header(fn, argv[0], &in, &h, &f);
  if( rc==STATUS_OK ) rc = m->overload ? merge_check(m, &h, &f) : merge_begin(m, fn, &h, &f);
  if( rc==STATUS_OK ){
    reader_asks(&in, &fn->cx->stop);
    rc = h.overload->metric->fold(group_accumulator(&m->group), &in, &f);
    if( in.stopped ) rc = STATUS_INTERRUPTED;
  }
  if( rc==STATUS_OK && (in.failed || in.at!=in.end) ) rc = STATUS_CORRUPT;
  if( rc!=STATUS_OK ) group_fail(ctx, fn, &m->group, rc, &f);
}

static void merge_final(sqlite3_context *ctx){
  Function *fn = sqlite3_user_data(ctx);
  Merge *m = sqlite3_aggregate_context(ctx, 0);
  group_answer(ctx, fn, m ? &m->group : 0, fn->overload->metric);
  if( m==0 ) return;
  memory_free(m->parameterText);
  group_end(&m->group, fn);
}

int register_merge(Function *fn){
  size_t largest = 0;
  int i;
  for(i=0; i<OVERLOADS_MAX && fn->entry->overload[i].signature; i++){
    size_t n = fn->entry->overload[i].metric->size;
    if( n > largest ) largest = n;
  }
  fn->contextSize = sizeof(Merge) + largest;
  return sqlite3_create_function_v2(fn->cx->db, fn->name, 1,
      SQLITE_UTF8|SQLITE_DETERMINISTIC|SQLITE_INNOCUOUS, fn, 0, merge_step, merge_final,
      function_destroy);
}
