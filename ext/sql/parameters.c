/* Parameters of a group: see function.h. */
#include "metric/path/funnel.h"
#include "sql/function.h"

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

/* Asked for every row. */
static inline int raw_equal(const RawValue *a, sqlite3_value *v){
  const void *z;
  if( sqlite3_value_type(v)!=a->type ) return 0;
  switch( a->type ){
    case SQLITE_INTEGER: return a->i==sqlite3_value_int64(v);
    case SQLITE_FLOAT: return a->r==sqlite3_value_double(v);
    case SQLITE_NULL: return 1;
  }
  z = a->type==SQLITE_TEXT ? (const void*)sqlite3_value_text(v) : sqlite3_value_blob(v);
  return sqlite3_value_bytes(v)==a->n && (a->n==0 || (z!=0 && memcmp(a->z, z, (size_t)a->n)==0));
}

/* The first argument that is not what the group began with, or -1. */
static int first_difference(const Signature *s, const Parameters *p, int argc, sqlite3_value **argv){
  int i;
  if( argc!=p->count ) return argc < p->count ? argc : p->count;
  for(i=0; i<argc && i<s->count; i++){
    const Argument *a = &s->argument[i];
    if( a->parameter < 0 || a->kind==ARG_CONDITIONS ) continue;      /* argc says how many */
    if( !raw_equal(&p->raw[a->parameter], argv[i]) ) return i;
  }
  return -1;
}

/* How many c1, ..., cN a call has: they are the last arguments that are written. */
static int conditions_of(const Signature *s, int argc){ return argc - (s->count - 2); }

/* SQLite takes any number of arguments for a variadic function. */
static Status check_conditions(const Function *fn, int argc, Failure *f){
  int n = conditions_of(&fn->signature, argc);
  Buffer shown = {0};
  if( !fn->signature.variadic || (n >= 1 && n <= FLAGS_MAX) ) return STATUS_OK;
  signature_put(&shown, fn->overload->signature);
  buffer_put_byte(&shown, 0);
  if( !shown.failed ){
    failure_set(f, "expects (%s) with 1 to %d conditions; this call has %d argument%s",
                (const char*)shown.data, FLAGS_MAX, argc, argc==1 ? "" : "s");
  }
  n = shown.failed;
  buffer_destroy(&shown);
  return n ? STATUS_NOMEM : STATUS_INVALID;
}

/* A value or its default; NULL without a default is an error. */
static Status one_parameter(const Argument *a, int32_t zone, sqlite3_value *v, Parameter *out, Failure *f){
  if( v!=0 && !value_is_blank(v) ) return decode_parameter(a, zone, v, out, f);
  if( a->preset[0] ) return parameter_from_text(a, zone, a->preset, (int)strlen(a->preset), out, f);
  if( a->optional ){ memset(out, 0, sizeof *out); return STATUS_OK; }
  failure_set(f, "%s must not be %s", a->name, v==0 || sqlite3_value_type(v)==SQLITE_NULL ? "NULL" : "empty");
  return STATUS_INVALID;
}

#define NUMBER_BYTES 32                  /* suffice for the text of any number */

/* Copies the raw values, with their bytes behind the struct, and after these room for the
** text of numbers that were given for a TEXT parameter, and of defaults. */
static Parameters *parameters_copy(const Signature *s, int argc, sqlite3_value **argv){
  RawValue raw[PARAMETERS_MAX];
  Parameters *p;
  size_t bytes = 0;
  int i;
  memset(raw, 0, sizeof raw);
  for(i=0; i<argc && i<s->count; i++){
    int at = s->argument[i].parameter;
    if( at < 0 || s->argument[i].kind==ARG_CONDITIONS ) continue;
    raw[at] = raw_of(argv[i]);
    if( raw[at].z==0 && (raw[at].type==SQLITE_TEXT || raw[at].n > 0) ) return 0;
    bytes += (size_t)raw[at].n + NUMBER_BYTES;
  }
  for(i=argc; i<s->count; i++) bytes += s->argument[i].parameter >= 0 ? NUMBER_BYTES : 0;      /* defaults */
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
  p->textUsed = bytes;
  return p;
}

/* TEXT parameters point into the copy, which lives as long as the parameters do. */
static void keep_text(const Argument *a, Parameters *p, int given){
  Parameter *value = &p->value[a->parameter];
  if( (a->kind!=ARG_TEXT && a->kind!=ARG_TEXT_ZONE) || value->text.z==0 ) return;
  if( given && p->raw[a->parameter].z ){
    value->text.z = p->raw[a->parameter].z;
    value->text.n = p->raw[a->parameter].n;
  }else{
    char *to = p->text + p->textUsed;
    if( value->text.n > NUMBER_BYTES ) value->text.n = NUMBER_BYTES;
    memcpy(to, value->text.z, (size_t)value->text.n);
    value->text.z = to;
    p->textUsed += (size_t)value->text.n;
  }
}

/* What the others are read by: the zone by times, the mode by durations. */
static int is_read_first(ArgKind kind){ return kind==ARG_ZONE || kind==ARG_MODE || kind==ARG_TEXT_ZONE; }

/* '1 calendar day@+08:00': the zone behind the @; 0 where there is none, or no zone. */
static int32_t zone_behind(const Parameter *p){
  int32_t zone = 0;
  int at;
  for(at=p->text.n; at > 0 && p->text.z[at-1]!='@'; ) at--;
  if( at > 0 && !zone_from_text(p->text.z + at, p->text.n - at, &zone) ) zone = 0;
  return zone;
}

/* What the value says about how the others are read. */
static void leads_others(const Argument *a, const Parameter *value, Parameters *p){
  if( a->kind==ARG_ZONE ) p->zone = value->zone;
  if( a->kind==ARG_TEXT_ZONE ) p->zone = zone_behind(value);
  if( a->kind==ARG_MODE ) p->bareSeconds = value->integer==FUNNEL_CLICKHOUSE;
}

static Status read_one(const Argument *a, Parameters *p, sqlite3_value *v, Failure *f){
  Parameter *value = &p->value[a->parameter];
  Status rc;
  if( a->kind==ARG_DURATION && p->bareSeconds && v!=0
   && duration_from_bare_seconds(v, &value->duration) ) return STATUS_OK;
  rc = one_parameter(a, p->zone, v, value, f);
  if( rc!=STATUS_OK ) return rc;
  keep_text(a, p, v!=0 && !value_is_blank(v));
  leads_others(a, value, p);
  return STATUS_OK;
}

static Status parameters_read(const Signature *s, Parameters *p, int argc, sqlite3_value **argv, Failure *f){
  int i, pass;
  for(pass=0; pass<2; pass++){
    for(i=0; i<s->count; i++){
      const Argument *a = &s->argument[i];
      Status rc;
      if( a->parameter < 0 || is_read_first(a->kind) != (pass==0) ) continue;
      if( a->kind==ARG_CONDITIONS ){
        p->value[a->parameter].integer = conditions_of(s, argc);
        continue;
      }
      rc = read_one(a, p, i<argc ? argv[i] : 0, f);
      if( rc!=STATUS_OK ) return rc;
    }
  }
  return STATUS_OK;
}

static Status parameters_prepare(const Metric *m, Parameters *p, Failure *f){
  if( m->prepare==0 ) return STATUS_OK;
  p->discard = m->discard;
  return m->prepare(p->value, &p->value[PARAMETER_SHARED].shared, f);
}

Status parameters_of(Function *fn, int argc, sqlite3_value **argv, Parameters **out, Failure *f){
  Parameters *p = fn->last;
  Status rc;
  if( p!=0 && first_difference(&fn->signature, p, argc, argv) < 0 ){
    p->references++;
    *out = p;
    return STATUS_OK;
  }
  rc = check_conditions(fn, argc, f);
  if( rc!=STATUS_OK ) return rc;
  p = parameters_copy(&fn->signature, argc, argv);
  if( p==0 ) return STATUS_NOMEM;
  rc = parameters_read(&fn->signature, p, argc, argv, f);
  if( rc==STATUS_OK ) rc = parameters_prepare(fn->overload->metric, p, f);
  if( rc!=STATUS_OK ){ parameters_release(p); return rc; }
  parameters_release(fn->last);
  fn->last = p;
  p->references++;
  *out = p;
  return STATUS_OK;
}

Status parameters_from_texts(const Metric *metric, const Signature *s, char *const *text,
                             Parameters **out, Failure *f){
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
    leads_others(a, &p->value[a->parameter], p);
    bytes += n;
  }
  if( rc==STATUS_OK ) rc = parameters_prepare(metric, p, f);
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
  if( p==0 || --p->references > 0 ) return;
  if( p->discard && p->value[PARAMETER_SHARED].shared ) p->discard(p->value[PARAMETER_SHARED].shared);
  memory_free(p);
}
