/* Decoding of SQL values: see decode.h. */
#include <stdlib.h>
#include "base/json.h"
#include "base/number/decimal.h"
#include "metric/path/funnel.h"
#include "sql/decode.h"

#define SHOWN 64

/* ---- showing a value ---- */

void value_shown(sqlite3_value *v, char *out, size_t room){
  int type = sqlite3_value_type(v);                 /* before text(), which converts */
  int n, cut, most = (int)room - 8;
  const char *text;
  if( type==SQLITE_NULL ){ sqlite3_snprintf((int)room, out, "NULL"); return; }
  if( type==SQLITE_BLOB ){
    sqlite3_snprintf((int)room, out, "a BLOB of %d bytes", sqlite3_value_bytes(v));
    return;
  }
  text = (const char*)sqlite3_value_text(v);
  n = sqlite3_value_bytes(v);
  if( text==0 ) text = "?";
  if( type!=SQLITE_TEXT ){ sqlite3_snprintf((int)room, out, "%s", text); return; }
  cut = text_cut(text, (size_t)n, most);
  sqlite3_snprintf((int)room, out, "'%.*s%s'", cut, text, cut<n ? "..." : "");
}

int value_is_blank(sqlite3_value *v){
  const char *z;
  int i, n;
  if( sqlite3_value_type(v)==SQLITE_NULL ) return 1;
  if( sqlite3_value_type(v)!=SQLITE_TEXT ) return 0;
  z = (const char*)sqlite3_value_text(v);
  n = sqlite3_value_bytes(v);
  for(i=0; z!=0 && i<n; i++) if( z[i]!=' ' ) return 0;
  return z!=0;
}

int value_equal(sqlite3_value *a, sqlite3_value *b){
  int type = sqlite3_value_type(a), n;
  if( type!=sqlite3_value_type(b) ) return 0;
  switch( type ){
    case SQLITE_NULL: return 1;
    case SQLITE_INTEGER: return sqlite3_value_int64(a)==sqlite3_value_int64(b);
    case SQLITE_FLOAT: return sqlite3_value_double(a)==sqlite3_value_double(b);
  }
  n = sqlite3_value_bytes(a);
  return n==sqlite3_value_bytes(b)
      && (n==0 || memcmp(sqlite3_value_blob(a), sqlite3_value_blob(b), (size_t)n)==0);
}

/* "amount 'abc' is no number; ..." */
static Status refuse(Failure *f, const Argument *a, sqlite3_value *v, const char *what){
  char shown[SHOWN];
  value_shown(v, shown, sizeof shown);
  failure_set(f, "%s %s %s", a->name, shown, what);
  return STATUS_INVALID;
}

/* ---- times ---- */

static const char *time_complaint(TimeStatus ts){
  switch( ts ){
    case TIME_YYYYMMDD:
      return "looks like a date written as YYYYMMDD; write it as text 'YYYY-MM-DD', which parse_time() does";
    case TIME_YYYYMMDDHHMMSS:
      return "looks like a date and time written as YYYYMMDDHHMMSS; parse_time() makes a time of it";
    case TIME_MILLISECONDS:
      return "looks like milliseconds since 1970; parse_time() makes a time of it (an integer is Unix seconds)";
    case TIME_MICROSECONDS:
      return "looks like microseconds since 1970; parse_time() makes a time of it (an integer is Unix seconds)";
    case TIME_NANOSECONDS:
      return "looks like nanoseconds since 1970; parse_time() makes a time of it (an integer is Unix seconds)";
    case TIME_YEAR:
      return "looks like a year; write a date, such as '2024-01-01' (an integer is Unix seconds)";
    case TIME_YYYYMM:
      return "looks like a month written as YYYYMM; write a date, such as '2024-03-01' (an integer is Unix seconds)";
    case TIME_SERIAL:
      return "looks like a spreadsheet's day number; parse_time() makes a time of it (an integer is Unix seconds)";
    case TIME_OUT_OF_RANGE:
      return "is not within the years 0000 to 9999";
    default:
      return "is no time; use 'YYYY-MM-DD HH:MM:SS', Unix seconds or a Julian day; parse_time() reads other forms";
  }
}

/* What a time that could be read, or an old Julian day, is likelier to be. */
static TimeStatus suspect_number(const Argument *a, TimeStatus ts, double v, int real){
  TimeStatus likely = a->onCalendar || (ts==TIME_OUT_OF_RANGE && real) ? time_on_calendar(v, real) : TIME_OK;
  return likely==TIME_OK ? ts : likely;
}

static TimeStatus instant_from_text(const Argument *a, int32_t zone, const char *z, int n, Instant *out, int *dateOnly){
  TimeStatus ts = time_from_text(z, n, zone, out, dateOnly);
  Decimal number;
  if( (ts==TIME_OK || ts==TIME_OUT_OF_RANGE) && decimal_from_text(z, n, &number) ){
    ts = suspect_number(a, ts, number.real, !number.isInteger);
  }
  return ts==TIME_OK && !time_has_text(*out, zone) ? TIME_OUT_OF_RANGE : ts;
}

static Status decode_instant(const Argument *a, int32_t zone, sqlite3_value *v, Instant *out,
                             int *dateOnly, Failure *f){
  TimeStatus ts = TIME_UNPARSABLE;
  const char *z;
  *dateOnly = 0;
  switch( sqlite3_value_type(v) ){
    case SQLITE_INTEGER:
      ts = suspect_number(a, time_from_integer(sqlite3_value_int64(v), out), sqlite3_value_double(v), 0);
      break;
    case SQLITE_FLOAT:
      ts = suspect_number(a, time_from_real(sqlite3_value_double(v), out), sqlite3_value_double(v), 1);
      break;
    case SQLITE_TEXT:
      z = (const char*)sqlite3_value_text(v);
      if( z==0 ) return STATUS_NOMEM;
      ts = instant_from_text(a, zone, z, sqlite3_value_bytes(v), out, dateOnly);
      break;
  }
  if( ts==TIME_OK && !time_has_text(*out, zone) ) ts = TIME_OUT_OF_RANGE;
  return ts==TIME_OK ? STATUS_OK : refuse(f, a, v, time_complaint(ts));
}

/* ---- cells ---- */

static Status store_bytes(Batch *b, Column *c, int row, sqlite3_value *v, CellType type){
  const void *z = type==CELL_TEXT ? (const void*)sqlite3_value_text(v) : sqlite3_value_blob(v);
  size_t n = (size_t)sqlite3_value_bytes(v);
  if( z==0 && (type==CELL_TEXT || n>0) ) return STATUS_NOMEM;
  if( memory_grow((void**)&b->bytes, &b->bytesCapacity, b->bytesUsed + n + 1, 1)!=STATUS_OK ){
    return STATUS_NOMEM;
  }
  if( n ) memcpy(b->bytes + b->bytesUsed, z, n);
  c->type[row] = (uint8_t)type;
  c->cell[row].i = (int64_t)b->bytesUsed;
  c->size[row] = (uint32_t)n;
  b->bytesUsed += n;
  return STATUS_OK;
}

static Status key_from_real(const Argument *a, Column *c, int row, sqlite3_value *v, Failure *f){
  double r = sqlite3_value_double(v);
  if( !(r >= -9223372036854775808.0 && r < 9223372036854775808.0) || r!=(double)(int64_t)r ){
    return refuse(f, a, v, "is no key; use INTEGER, TEXT or BLOB");
  }
  c->type[row] = CELL_INTEGER;
  c->cell[row].i = (int64_t)r;
  return STATUS_OK;
}

static Status decode_key(const Argument *a, sqlite3_value *v, Batch *b, Column *c, int row,
                         Failure *f){
  c->size[row] = 0;
  switch( sqlite3_value_type(v) ){
    case SQLITE_INTEGER:
      c->type[row] = CELL_INTEGER;
      c->cell[row].i = sqlite3_value_int64(v);
      return STATUS_OK;
    case SQLITE_TEXT:
      if( value_is_blank(v) ) break;
      return store_bytes(b, c, row, v, CELL_TEXT);
    case SQLITE_BLOB: return store_bytes(b, c, row, v, CELL_BLOB);
    case SQLITE_FLOAT: return key_from_real(a, c, row, v, f);
  }
  c->type[row] = CELL_NULL;
  return STATUS_OK;
}

/* sqlite3_value_numeric_type(), but text with a NUL inside is no number: SQLite from 3.41 on
** reads such a text as far as the NUL. */
static int numeric_type(sqlite3_value *v){
  if( sqlite3_value_type(v)==SQLITE_TEXT ){
    const char *z = (const char*)sqlite3_value_text(v);
    if( z==0 || memchr(z, 0, (size_t)sqlite3_value_bytes(v)) ) return SQLITE_TEXT;
  }
  return sqlite3_value_numeric_type(v);
}

/* INTEGER, REAL or NULL; text that is wholly a number converts. */
static Status decode_number(const Argument *a, sqlite3_value *v, Column *c, int row, Failure *f){
  int type = sqlite3_value_type(v);
  if( type==SQLITE_TEXT ){
    if( value_is_blank(v) ) type = SQLITE_NULL;
    else type = numeric_type(v);
  }
  switch( type ){
    case SQLITE_INTEGER:
      c->type[row] = CELL_INTEGER;
      c->cell[row].i = sqlite3_value_int64(v);
      return STATUS_OK;
    case SQLITE_FLOAT:
      c->type[row] = CELL_REAL;
      c->cell[row].r = sqlite3_value_double(v);
      if( isfinite(c->cell[row].r) ) return STATUS_OK;
      return refuse(f, a, v, "is not finite; leave such rows out");
    case SQLITE_NULL:
      c->type[row] = CELL_NULL;
      c->cell[row].i = 0;
      return STATUS_OK;
  }
  return refuse(f, a, v, "is no number; clean it, or pass NULL for none");
}

#define SAY_FLAG "is no flag; use 1 and 0, or a comparison such as kind = 'paid'"

static Status decode_flag(const Argument *a, sqlite3_value *v, Column *c, int row, Failure *f){
  Status rc = decode_number(a, v, c, row, f);
  if( rc!=STATUS_OK ) return refuse(f, a, v, SAY_FLAG);
  if( c->type[row]==CELL_REAL ) c->cell[row].i = c->cell[row].r!=0;
  c->cell[row].i = c->cell[row].i!=0;
  return STATUS_OK;
}

Status decode_cell(const Argument *a, int32_t zone, sqlite3_value *v, Batch *b, int row,
                   int *skip, Failure *f){
  Column *c = &b->column[a->column];
  Status rc;
  int dateOnly;
  switch( a->kind ){
    case ARG_KEY:
      rc = decode_key(a, v, b, c, row, f);
      *skip |= c->type[row]==CELL_NULL;
      return rc;
    case ARG_KEY_OR_NULL: return decode_key(a, v, b, c, row, f);
    case ARG_NUMBER:
      rc = decode_number(a, v, c, row, f);
      *skip |= c->type[row]==CELL_NULL;
      return rc;
    case ARG_MONEY: return decode_number(a, v, c, row, f);
    case ARG_FLAG: return decode_flag(a, v, c, row, f);
    case ARG_FLAG_OR_NULL:
      rc = decode_flag(a, v, c, row, f);
      *skip |= c->type[row]==CELL_NULL;
      return rc;
    default:                               /* ARG_TIME, ARG_TIME_OR_NULL */
      c->type[row] = CELL_INTEGER;
      if( value_is_blank(v) ){
        c->type[row] = CELL_NULL;
        *skip |= a->kind==ARG_TIME;
        return STATUS_OK;
      }
      return decode_instant(a, zone, v, &c->cell[row].i, &dateOnly, f);
  }
}

/* c1, ..., cN: condition k of the row is bit k-1. */
static Status decode_flags(const Argument *a, int argc, sqlite3_value **argv, Batch *b,
                           Failure *f){
  Column *c = &b->column[a->column];
  int64_t mask = 0;
  int i;
  for(i=0; i<argc; i++){
    Status rc;
    if( sqlite3_value_type(argv[i])==SQLITE_INTEGER ){       /* a comparison */
      mask |= (int64_t)(sqlite3_value_int64(argv[i])!=0) << i;
      continue;
    }
    rc = decode_flag(a, argv[i], c, b->rows, f);
    if( rc!=STATUS_OK ){                   /* say which one */
      Argument one = *a;
      sqlite3_snprintf((int)sizeof one.name, one.name, "c%d", i + 1);
      return decode_flag(&one, argv[i], c, b->rows, f);
    }
    mask |= c->cell[b->rows].i << i;
  }
  c->type[b->rows] = CELL_INTEGER;
  c->cell[b->rows].i = mask;
  return STATUS_OK;
}

/* A TEXT key that does not begin with a space and fits in, or a time that can be read. */
static int usual_text(const Argument *a, int32_t zone, sqlite3_value *v, Batch *b, Column *c){
  const char *z = (const char*)sqlite3_value_text(v);
  int n = sqlite3_value_bytes(v), row = b->rows;
  if( z==0 ) return 0;
  if( a->kind > ARG_KEY_OR_NULL ){
    c->type[row] = CELL_INTEGER;
    if( time_from_text(z, n, zone, &c->cell[row].i, 0)!=TIME_OK ) return 0;
    return !a->onCalendar || (uint64_t)c->cell[row].i >= (uint64_t)(SECONDS_LOWEST*MICROS_PER_SECOND);
  }
  if( n==0 || *z==' ' || b->bytesUsed + (size_t)n > b->bytesCapacity ) return 0;
  memcpy(b->bytes + b->bytesUsed, z, (size_t)n);
  c->type[row] = CELL_TEXT;
  c->cell[row].i = (int64_t)b->bytesUsed;
  c->size[row] = (uint32_t)n;
  b->bytesUsed += (size_t)n;
  return 1;
}

int decode_usual(const Signature *sig, int i, int32_t zone, sqlite3_value *v, Batch *b){
  const Argument *a = &sig->argument[sig->columnArgument[i]];
  int type = sqlite3_value_type(v), isMoney = a->kind==ARG_MONEY, isNumber = a->kind==ARG_NUMBER;
  Column *c = &b->column[i];
  if( type==SQLITE_TEXT ) return !isMoney && !isNumber && usual_text(a, zone, v, b, c);
  if( type==SQLITE_NULL && (a->kind==ARG_KEY_OR_NULL || a->kind==ARG_TIME_OR_NULL) ){
    c->type[b->rows] = CELL_NULL;
    return 1;
  }
  if( !isMoney && !(isNumber && type==SQLITE_FLOAT) ) return 0;
  if( type==SQLITE_BLOB ) return 0;
  c->type[b->rows] = type==SQLITE_NULL ? CELL_NULL : CELL_REAL;
  c->cell[b->rows].r = type==SQLITE_NULL ? 0 : sqlite3_value_double(v);
  return isfinite(c->cell[b->rows].r);
}

int decode_usual_flags(int argc, sqlite3_value **argv, int64_t *mask){
  int64_t bits = 0;
  int i;
  for(i=0; i<argc; i++){
    int type = sqlite3_value_type(argv[i]);
    if( type==SQLITE_NULL ) continue;
    if( type!=SQLITE_INTEGER ) return 0;
    bits |= (int64_t)(sqlite3_value_int64(argv[i])!=0) << i;
  }
  *mask = bits;
  return 1;
}

/* The cell of column i, whatever it is. */
static Status decode_any(const Signature *sig, int i, int32_t zone, int argc,
                         sqlite3_value **argv, Batch *b, int *skip, Failure *f){
  int at = sig->columnArgument[i];
  const Argument *a = &sig->argument[at];
  if( at >= argc ){                        /* an optional column that was left out */
    b->column[i].type[b->rows] = CELL_NULL;
    return STATUS_OK;
  }
  if( a->kind==ARG_FLAGS ) return decode_flags(a, argc-at, argv+at, b, f);
  return decode_cell(a, zone, argv[at], b, b->rows, skip, f);
}

Status decode_row(const Signature *sig, int32_t zone, int argc, sqlite3_value **argv,
                  Batch *b, Failure *f){
  size_t bytesBefore = b->bytesUsed;
  int i, skip = 0;
  for(i=0; i<sig->columns; i++){
    Status rc = decode_any(sig, i, zone, argc, argv, b, &skip, f);
    if( rc!=STATUS_OK ) return rc;
  }
  if( skip ){
    b->bytesUsed = bytesBefore;
  }else{
    batch_next_row(b);
  }
  return STATUS_OK;
}

/* ---- parameters ---- */

static Status refuse_text(Failure *f, const Argument *a, const char *z, int n, const char *what){
  int cut = text_cut(z, (size_t)n, SHOWN_BYTES);
  failure_set(f, "%s '%.*s%s' %s", a->name, cut, z, cut<n ? "..." : "", what);
  return STATUS_INVALID;
}

#define SAY_DURATION "is no duration; use days, or '30 minutes', '2 weeks', '1 month'"
#define SAY_ZONE "is no zone; use the form '+08:00' or a name such as 'Asia/Shanghai'"
#define SAY_GRAIN "is no grain; use hour, day, week, week:sunday, week:saturday, month, quarter, year or 'N days'"
#define SAY_MODE "is no mode; use default, strict_increase, strict_dedup, strict_order, any_order or clickhouse"
#define SAY_MODE_ELSEWHERE "is another engine's mode; the nearest one here is "
#define SAY_NUMBER "is no number"
#define SAY_FRACTION "is not within 0 to 1"
#define SAY_INTEGER "is no whole number"

static Status mode_from_text(const Argument *a, const char *z, int n, Parameter *out, Failure *f){
  FunnelMode mode;
  if( !funnel_mode_from_text(z, n, &mode) ){
    const char *nearest = funnel_mode_nearest(z, n);
    char complaint[100];
    if( nearest==0 ) return refuse_text(f, a, z, n, SAY_MODE);
    sqlite3_snprintf(sizeof complaint, complaint, SAY_MODE_ELSEWHERE "'%s'", nearest);
    return refuse_text(f, a, z, n, complaint);
  }
  out->integer = mode;
  return STATUS_OK;
}

#define SAY_BEYOND "is beyond a whole number of 64 bits"

/* A whole number that was written with a point or an exponent, too: 5.0, 1e3. */
static const char *whole_complaint(double r){
  if( r!=floor(r) ) return SAY_INTEGER;
  return r >= -9223372036854775808.0 && r < 9223372036854775808.0 ? 0 : SAY_BEYOND;
}

static Status number_from_text(const Argument *a, const char *z, int n, Parameter *out, Failure *f){
  Decimal d;
  if( !decimal_from_text(z, n, &d) ) return refuse_text(f, a, z, n, SAY_NUMBER);
  if( a->kind==ARG_INTEGER || a->kind==ARG_CONDITIONS ){
    const char *complaint = d.isInteger ? 0 : whole_complaint(d.real);
    if( complaint ) return refuse_text(f, a, z, n, complaint);
    out->integer = d.isInteger ? d.integer : (int64_t)d.real;
  }else{
    if( !isfinite(d.real) ) return refuse_text(f, a, z, n, "is not finite");
    out->real = d.real;
  }
  if( a->kind==ARG_CONDITIONS && (out->integer < 1 || out->integer > FLAGS_MAX) ){
    return refuse_text(f, a, z, n, "is not within 1 to 32");
  }
  if( a->kind==ARG_FRACTION && !(out->real >= 0 && out->real <= 1) ){
    return refuse_text(f, a, z, n, SAY_FRACTION);
  }
  return STATUS_OK;
}

Status parameter_from_text(const Argument *a, int32_t zone, const char *z, int n,
                           Parameter *out, Failure *f){
  TimeStatus ts;
  const char *said;
  int dateOnly = 0;
  memset(out, 0, sizeof *out);
  switch( a->kind ){
    case ARG_AS_OF: case ARG_SINCE: case ARG_TIME:
      ts = instant_from_text(a, zone, z, n, &out->instant, &dateOnly);
      if( ts!=TIME_OK ) return refuse_text(f, a, z, n, time_complaint(ts));
      if( dateOnly && a->kind==ARG_AS_OF ) out->instant = end_of_day(out->instant, zone);
      return STATUS_OK;
    case ARG_DURATION:
      if( duration_from_text(z, n, &out->duration) ) return STATUS_OK;
      said = duration_fault_said(duration_fault(z, n));
      return refuse_text(f, a, z, n, said ? said : SAY_DURATION);
    case ARG_ZONE:
      return zone_from_text(z, n, &out->zone) ? STATUS_OK : refuse_text(f, a, z, n, SAY_ZONE);
    case ARG_GRAIN:
      return grain_from_text(z, n, &out->grain) ? STATUS_OK : refuse_text(f, a, z, n, SAY_GRAIN);
    case ARG_MODE:
      return mode_from_text(a, z, n, out, f);
    case ARG_TEXT: case ARG_TEXT_ZONE:
      out->text.z = z;
      out->text.n = n;
      return STATUS_OK;
    default:
      return number_from_text(a, z, n, out, f);
  }
}

static Status parameter_from_number(const Argument *a, sqlite3_value *v, Parameter *out, Failure *f){
  int type = sqlite3_value_type(v);
  if( type==SQLITE_TEXT ){             /* read here: SQLite would put the number in the place of the text */
    const char *z = (const char*)sqlite3_value_text(v);
    return z ? number_from_text(a, z, sqlite3_value_bytes(v), out, f) : STATUS_NOMEM;
  }
  if( type!=SQLITE_INTEGER && type!=SQLITE_FLOAT ) return refuse(f, a, v, SAY_NUMBER);
  if( a->kind==ARG_INTEGER ){
    const char *complaint = type==SQLITE_FLOAT ? whole_complaint(sqlite3_value_double(v)) : 0;
    out->integer = sqlite3_value_int64(v);
    return complaint ? refuse(f, a, v, complaint) : STATUS_OK;
  }
  out->real = sqlite3_value_double(v);
  if( !isfinite(out->real) ) return refuse(f, a, v, "is not finite");
  if( a->kind==ARG_FRACTION && !(out->real >= 0 && out->real <= 1) ){
    return refuse(f, a, v, SAY_FRACTION);
  }
  return STATUS_OK;
}

#define SECONDS_MAX 8640000000000.0        /* of a duration: 100,000,000 days */

int duration_from_bare_seconds(sqlite3_value *v, Duration *out){
  double seconds;
  Decimal number;
  const char *z;
  switch( sqlite3_value_type(v) ){
    case SQLITE_INTEGER: case SQLITE_FLOAT:
      seconds = sqlite3_value_double(v);
      break;
    case SQLITE_TEXT:
      z = (const char*)sqlite3_value_text(v);
      if( z==0 ) return 0;
      if( !decimal_from_text(z, sqlite3_value_bytes(v), &number) ) return 0;
      seconds = number.real;
      break;
    default:
      return 0;
  }
  if( !(seconds >= 0 && seconds <= SECONDS_MAX) ) return 0;
  out->months = 0;
  out->micros = (int64_t)(seconds*(double)MICROS_PER_SECOND + 0.5);
  return 1;
}

Status decode_parameter(const Argument *a, int32_t zone, sqlite3_value *v, Parameter *out, Failure *f){
  int type = sqlite3_value_type(v), dateOnly;
  Status rc;
  memset(out, 0, sizeof *out);
  switch( a->kind ){
    case ARG_AS_OF: case ARG_SINCE: case ARG_TIME:
      rc = decode_instant(a, zone, v, &out->instant, &dateOnly, f);
      if( rc==STATUS_OK && dateOnly && a->kind==ARG_AS_OF ) out->instant = end_of_day(out->instant, zone);
      return rc;
    case ARG_DURATION:
      if( type==SQLITE_TEXT ) break;
      if( type!=SQLITE_BLOB && duration_from_days(sqlite3_value_double(v), &out->duration) ) return STATUS_OK;
      return refuse(f, a, v, type!=SQLITE_BLOB && sqlite3_value_double(v) > 0 ? duration_fault_said(DURATION_TOO_LONG) : SAY_DURATION);
    case ARG_FLAG:
      rc = parameter_from_number(a, v, out, f);
      if( rc!=STATUS_OK ) return refuse(f, a, v, SAY_FLAG);
      out->integer = out->real!=0;
      return STATUS_OK;
    case ARG_ZONE: case ARG_GRAIN: case ARG_TEXT: case ARG_TEXT_ZONE: case ARG_MODE:
      break;
    default:
      return parameter_from_number(a, v, out, f);
  }
  if( type==SQLITE_BLOB ) return refuse(f, a, v, "must be text");
  if( sqlite3_value_text(v)==0 ) return STATUS_NOMEM;
  return parameter_from_text(a, zone, (const char*)sqlite3_value_text(v), sqlite3_value_bytes(v), out, f);
}

void parameter_text(ArgKind kind, const Parameter *p, Buffer *out){
  static const char *const UNIT[] = { "hour", "day", "week", "month", "quarter", "year" };
  static const char *const BEGINS[] = { "", ":sunday", ":saturday" };
  char z[TIME_TEXT_SIZE];
  switch( kind ){
    case ARG_AS_OF: case ARG_SINCE: case ARG_TIME:
      time_text(p->instant, 0, z);
      buffer_printf(out, "%sZ", z);
      break;
    case ARG_DURATION:
      if( p->duration.months ) buffer_printf(out, "%lld months", (long long)p->duration.months);
      else if( p->duration.micros % MICROS_PER_DAY==0 ) buffer_printf(out, "%lld days", (long long)(p->duration.micros/MICROS_PER_DAY));
      else buffer_printf(out, "%lld.%06lld seconds", (long long)(p->duration.micros/MICROS_PER_SECOND), (long long)(p->duration.micros%MICROS_PER_SECOND));
      break;
    case ARG_ZONE:
      if( p->zone >= ZONE_NAMED ) buffer_printf(out, "%s", zone_name(p->zone));
      else buffer_printf(out, "%c%02d:%02d", p->zone<0 ? '-' : '+', abs(p->zone)/3600, abs(p->zone)/60%60);
      break;
    case ARG_GRAIN:
      if( p->grain.unit==GRAIN_DAYS ) buffer_printf(out, "%lld days", (long long)p->grain.days);
      else buffer_printf(out, "%s%s", UNIT[p->grain.unit], BEGINS[p->grain.unit==GRAIN_WEEK ? p->grain.days : 0]);
      break;
    case ARG_TEXT: case ARG_TEXT_ZONE:
      buffer_put(out, p->text.z, (size_t)p->text.n);
      break;
    case ARG_MODE:
      buffer_printf(out, "%s", funnel_mode_name((FunnelMode)p->integer));
      break;
    case ARG_INTEGER: case ARG_CONDITIONS:
      buffer_printf(out, "%lld", (long long)p->integer);
      break;
    default:
      json_put_real(out, p->real);
  }
}
