/* Parameters of a group: see function.h. */
#include "function.h"

static RawValue raw_of(sqlite3_value *v){
  RawValue raw;
  memset(&raw, 0, sizeof raw);
  raw.type = sqlite3_value_type(v);
  switch( raw.type ){
    case SQLITE_INTEGER: raw.i = sqlite3_value_int64(v); break;
    case SQLITE_FLOAT: raw.r = sqlite3_value_double(v); break;
    case SQLITE_TEXT:
      raw.z = (const char*)sqlite3_value_text(v);
      raw.n = sqlite3_value_bytes(v);
      break;
    case SQLITE_BLOB:
      raw.z = sqlite3_value_blob(v);
      raw.n = sqlite3_value_bytes(v);
      break;
  }
  return raw;
}

static int raw_equal(const RawValue *a, const RawValue *b){
  if( a->type!=b->type ) return 0;
  switch( a->type ){
    case SQLITE_INTEGER: return a->i==b->i;
    case SQLITE_FLOAT: return a->r==b->r;
    case SQLITE_NULL: return 1;
  }
  return a->n==b->n && (a->n==0 || (a->z!=0 && b->z!=0 && memcmp(a->z, b->z, (size_t)a->n)==0));
}

/* The first argument that is not what the group began with, or -1. */
static int first_difference(const Signature *s, const Parameters *p, int argc, sqlite3_value **argv){
  int i;
  if( argc!=p->count && !s->variadic ) return argc < p->count ? argc : p->count;
  for(i=0; i<argc && i<s->count; i++){
    int at = s->argument[i].parameter;
    RawValue raw;
    if( at < 0 ) continue;
    raw = raw_of(argv[i]);
    if( !raw_equal(&raw, &p->raw[at]) ) return i;
  }
  return -1;
}

/* A value or its default; NULL without a default is an error. */
static Status one_parameter(const Argument *a, int32_t zone, sqlite3_value *v, Parameter *out, Failure *f){
  if( v!=0 && !value_is_blank(v) ) return decode_parameter(a, zone, v, out, f);
  if( a->preset[0] ) return parameter_from_text(a, zone, a->preset, (int)strlen(a->preset), out, f);
  if( a->optional ){ memset(out, 0, sizeof *out); return STATUS_OK; }
  failure_set(f, "%s must not be NULL", a->name);
  return STATUS_INVALID;
}

/* Copies the raw values, with their bytes behind the struct. */
static Parameters *parameters_copy(const Signature *s, int argc, sqlite3_value **argv){
  RawValue raw[PARAMETERS_MAX];
  Parameters *p;
  size_t bytes = 0;
  int i;
  memset(raw, 0, sizeof raw);
  for(i=0; i<argc && i<s->count; i++){
    int at = s->argument[i].parameter;
    if( at < 0 ) continue;
    raw[at] = raw_of(argv[i]);
    if( raw[at].z==0 && (raw[at].type==SQLITE_TEXT || raw[at].n > 0) ) return 0;
    bytes += (size_t)raw[at].n;
  }
  p = memory_zeroed(sizeof *p + bytes + 1);
  if( p==0 ) return 0;
  p->references = 1;
  p->count = argc;
  bytes = 0;
  for(i=0; i<PARAMETERS_MAX; i++){
    p->raw[i] = raw[i];
    if( raw[i].n==0 ) continue;
    memcpy(p->text + bytes, raw[i].z, (size_t)raw[i].n);
    p->raw[i].z = p->text + bytes;
    bytes += (size_t)raw[i].n;
  }
  return p;
}

/* TEXT parameters point into the copy, which lives as long as the parameters do. */
static void keep_text(const Argument *a, Parameters *p){
  if( a->kind==ARG_TEXT && p->raw[a->parameter].z ){
    p->value[a->parameter].text.z = p->raw[a->parameter].z;
    p->value[a->parameter].text.n = p->raw[a->parameter].n;
  }
}

static Status parameters_read(const Signature *s, Parameters *p, int argc, sqlite3_value **argv, Failure *f){
  int i, pass;
  for(pass=0; pass<2; pass++){                      /* the zone first: times need it */
    for(i=0; i<s->count; i++){
      const Argument *a = &s->argument[i];
      Status rc;
      if( a->parameter < 0 || (a->kind==ARG_ZONE) != (pass==0) ) continue;
      rc = one_parameter(a, p->zone, i<argc ? argv[i] : 0, &p->value[a->parameter], f);
      if( rc!=STATUS_OK ) return rc;
      if( i<argc && !value_is_blank(argv[i]) ) keep_text(a, p);
      if( a->kind==ARG_ZONE ) p->zone = p->value[a->parameter].zone;
    }
  }
  return STATUS_OK;
}

Status parameters_of(Function *fn, int argc, sqlite3_value **argv, Parameters **out, Failure *f){
  Parameters *p = fn->last;
  Status rc;
  if( p!=0 && first_difference(&fn->signature, p, argc, argv) < 0 ){
    p->references++;
    *out = p;
    return STATUS_OK;
  }
  p = parameters_copy(&fn->signature, argc, argv);
  if( p==0 ) return STATUS_NOMEM;
  rc = parameters_read(&fn->signature, p, argc, argv, f);
  if( rc!=STATUS_OK ){ parameters_release(p); return rc; }
  parameters_release(fn->last);
  fn->last = p;
  p->references++;
  *out = p;
  return STATUS_OK;
}

Status parameters_from_texts(const Signature *s, char *const *text, Parameters **out, Failure *f){
  Parameters *p;
  size_t bytes = 0;
  Status rc = STATUS_OK;
  int i;
  for(i=0; i<s->parameters; i++) bytes += strlen(text[i]);
  p = memory_zeroed(sizeof *p + bytes + 1);
  if( p==0 ) return STATUS_NOMEM;
  p->references = 1;
  bytes = 0;
  for(i=0; rc==STATUS_OK && i<s->count; i++){
    const Argument *a = &s->argument[i];
    size_t n;
    if( a->parameter < 0 ) continue;
    n = strlen(text[a->parameter]);
    memcpy(p->text + bytes, text[a->parameter], n);
    rc = parameter_from_text(a, 0, p->text + bytes, (int)n, &p->value[a->parameter], f);
    if( a->kind==ARG_ZONE ) p->zone = p->value[a->parameter].zone;
    bytes += n;
  }
  if( rc!=STATUS_OK ){ parameters_release(p); return rc; }
  *out = p;
  return STATUS_OK;
}

Status parameters_check(const Function *fn, const Parameters *p, int argc, sqlite3_value **argv, Failure *f){
  int i = first_difference(&fn->signature, p, argc, argv);
  char now[64];
  if( i < 0 ) return STATUS_OK;
  value_shown(argv[i], now, sizeof now);
  failure_set(f, "%s changed to %s within the group; it must be the same in every row",
              fn->signature.argument[i].name, now);
  return STATUS_INVALID;
}

void parameters_release(Parameters *p){
  if( p!=0 && --p->references==0 ) memory_free(p);
}
