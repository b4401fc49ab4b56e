/* parse_amount, parse_time and parse_id: the cells of an export. */
#include "metric/import/parse.h"
#include "sql/scalar.h"

/* parse_amount(value [, decimals]) */
void call_parse_amount(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  int64_t v;
  int known = 0, decimals = 2;
  if( argc==2 ){
    if( !scalar_arguments(ctx, argc, argv, &a) ) return;
    if( !a.isNull[1] && (a.value[1].integer < 0 || a.value[1].integer > AMOUNT_DECIMALS_MAX) ){
      refuse_argument(ctx, 1, argv, "is no number of decimals; use 0 to 12");
      return;
    }
    if( !a.isNull[1] ) decimals = (int)a.value[1].integer;
  }
  switch( sqlite3_value_type(argv[0]) ){
    case SQLITE_INTEGER: known = amount_from_integer(sqlite3_value_int64(argv[0]), decimals, &v); break;
    case SQLITE_FLOAT: known = amount_from_real(sqlite3_value_double(argv[0]), decimals, &v); break;
    case SQLITE_TEXT:
      if( sqlite3_value_text(argv[0])==0 ){ sqlite3_result_error_nomem(ctx); return; }
      known = amount_from_text((const char*)sqlite3_value_text(argv[0]), sqlite3_value_bytes(argv[0]), decimals, &v);
      break;
  }
  if( known ) sqlite3_result_int64(ctx, v);
}

/* parse_time(value [, order]) */
void call_parse_time(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  DayOrder order = ORDER_UNKNOWN;
  char z[PARSED_TIME_SIZE];
  int n = 0;
  if( argc==2 && sqlite3_value_type(argv[1])!=SQLITE_NULL && !value_is_blank(argv[1]) ){
    const char *text = (const char*)sqlite3_value_text(argv[1]);
    if( text==0 ){ sqlite3_result_error_nomem(ctx); return; }
    if( !day_order_from_text(text, sqlite3_value_bytes(argv[1]), &order) ){
      refuse_argument(ctx, 1, argv, "is no order of day, month and year; use 'dmy', 'mdy' or 'ymd'");
      return;
    }
  }
  switch( sqlite3_value_type(argv[0]) ){
    case SQLITE_INTEGER: n = parsed_time_from_integer(sqlite3_value_int64(argv[0]), z); break;
    case SQLITE_FLOAT: n = parsed_time_from_real(sqlite3_value_double(argv[0]), z); break;
    case SQLITE_TEXT:
      if( sqlite3_value_text(argv[0])==0 ){ sqlite3_result_error_nomem(ctx); return; }
      n = parsed_time_from_text((const char*)sqlite3_value_text(argv[0]), sqlite3_value_bytes(argv[0]), order, z);
      break;
  }
  if( n ) sqlite3_result_text(ctx, z, n, SQLITE_TRANSIENT);
}

/* parse_id(value) */
void call_parse_id(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  const char *z;
  double r;
  int n;
  (void)argc;
  switch( sqlite3_value_type(argv[0]) ){
    case SQLITE_NULL: case SQLITE_BLOB: return;
    case SQLITE_FLOAT:
      r = sqlite3_value_double(argv[0]);
      if( !(r > -1e15 && r < 1e15) || r!=(double)(int64_t)r ) return;
      z = sqlite3_mprintf("%lld", (long long)r);
      if( z==0 ){ sqlite3_result_error_nomem(ctx); return; }
      sqlite3_result_text(ctx, z, -1, sqlite3_free);
      return;
  }
  z = (const char*)sqlite3_value_text(argv[0]);
  n = sqlite3_value_bytes(argv[0]);
  if( z==0 ){ sqlite3_result_error_nomem(ctx); return; }
  if( id_from_text(&z, &n) ) sqlite3_result_text(ctx, z, n, SQLITE_TRANSIENT);
}
