/* Scalar functions of the domain: see scalar.h.  A NULL argument gives NULL. */
#include <math.h>
#include "metric/customer/lifecycle.h"
#include "sql/scalar.h"

static Status scalar_one(const Argument *a, sqlite3_value *v, ScalarArgs *out, int i, Failure *f){
  out->isNull[i] = 0;
  if( a->kind==ARG_KEY ){ out->isNull[i] = v==0 || value_is_blank(v); return STATUS_OK; }
  if( v!=0 && !value_is_blank(v) ) return decode_parameter(a, out->zone, v, &out->value[i], f);
  if( a->preset[0]==0 ){ out->isNull[i] = 1; return STATUS_OK; }
  return parameter_from_text(a, out->zone, a->preset, (int)strlen(a->preset), &out->value[i], f);
}

int scalar_arguments(sqlite3_context *ctx, int argc, sqlite3_value **argv, ScalarArgs *out){
  Function *fn = sqlite3_user_data(ctx);
  const Signature *s = &fn->signature;
  Failure f;
  int i, pass;
  f.text[0] = 0;
  out->zone = 0;
  for(pass=0; pass<2; pass++){                      /* the zone first: times need it */
    for(i=0; i<s->count; i++){
      const Argument *a = &s->argument[i];
      Status rc;
      if( (a->kind==ARG_ZONE) != (pass==0) ) continue;
      rc = scalar_one(a, i<argc ? argv[i] : 0, out, i, &f);
      if( rc!=STATUS_OK ){ function_fail(ctx, fn, rc, &f); return 0; }
      if( a->kind==ARG_ZONE ) out->zone = out->value[i].zone;
    }
  }
  return 1;
}

static void answer_text(sqlite3_context *ctx, const char *z){
  sqlite3_result_text(ctx, z, -1, SQLITE_TRANSIENT);
}

void answer_real(sqlite3_context *ctx, double v){
  Result r = { RESULT_REAL, 0, v, 0, {0} };
  function_answer(ctx, sqlite3_user_data(ctx), &r);
}

/* period_start(grain, time [, tz]) */
void call_period_start(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  char z[TIME_TEXT_SIZE];
  Grain g;
  if( !scalar_arguments(ctx, argc, argv, &a) || a.isNull[0] || a.isNull[1] ) return;
  g = a.value[0].grain;
  grain_text(g, grain_start(g, grain_ordinal(g, a.value[1].instant, a.zone), a.zone), a.zone, z);
  answer_text(ctx, z);
}

/* period_diff(grain, from, to [, tz]): boundaries crossed, negative when `to` is before `from` */
void call_period_diff(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  Grain g;
  if( !scalar_arguments(ctx, argc, argv, &a) || a.isNull[0] || a.isNull[1] || a.isNull[2] ) return;
  g = a.value[0].grain;
  sqlite3_result_int64(ctx, grain_ordinal(g, a.value[2].instant, a.zone)
                          - grain_ordinal(g, a.value[1].instant, a.zone));
}

/* Two digits below a limit, or -1. */
static int local_two(const char *z, int limit){
  unsigned tens = (unsigned)z[0] - '0', ones = (unsigned)z[1] - '0';
  int n = (int)(tens*10 + ones);
  return tens < 10 && ones < 10 && n < limit ? n : -1;
}

/* Whether a value is 'YYYY-MM-DD HH:MM:SS', text that stays as it is where the zone is an offset.
** Views ask for the local time of every order, and most have this form.  29 February and what is
** near the ends of the years are left to those who know the calendar. */
static int local_is_plain(sqlite3_value *v){
  const char *z;
  int century, year, month, day;
  if( sqlite3_value_type(v)!=SQLITE_TEXT || sqlite3_value_bytes(v)!=19 ) return 0;
  z = (const char*)sqlite3_value_text(v);
  if( z==0 || z[4]!='-' || z[7]!='-' || z[10]!=' ' || z[13]!=':' || z[16]!=':' ) return 0;
  century = local_two(z, 99);
  year = local_two(z + 2, 100);
  month = local_two(z + 5, 13);
  day = local_two(z + 8, month==2 ? 29 : month==4 || month==6 || month==9 || month==11 ? 31 : 32);
  return century > 0 && year >= 0 && month > 0 && day > 0
      && local_two(z + 11, 24) >= 0 && local_two(z + 14, 60) >= 0 && local_two(z + 17, 60) >= 0;
}
static int local_is_offset(sqlite3_value *v){
  const char *z;
  if( sqlite3_value_type(v)!=SQLITE_TEXT || sqlite3_value_bytes(v)!=6 ) return 0;
  z = (const char*)sqlite3_value_text(v);
  return z && (z[0]=='+' || z[0]=='-') && z[3]==':' && local_two(z + 1, 14) >= 0 && local_two(z + 4, 60) >= 0;
}

/* local_time(time [, tz]), local_end(as_of [, tz]): texts that compare as the instants do */
void call_local_time(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  char z[TIME_TEXT_SIZE];
  if( local_is_plain(argv[0]) && (argc < 2 || local_is_offset(argv[1])) ){
    sqlite3_result_value(ctx, argv[0]);
    return;
  }
  if( !scalar_arguments(ctx, argc, argv, &a) || a.isNull[0] ) return;
  time_text(a.value[0].instant, a.zone, z);
  answer_text(ctx, z);
}

/* Their product where one of two of them may be beyond the range of a number. */
static double product_of_three(double a, double b, double c){
  int i, j, k;
  a = frexp(a, &i);
  b = frexp(b, &j);
  c = frexp(c, &k);
  return ldexp(a*b*c, i + j + k);
}

/* ltv_formula(lifetime_years, aov, orders_per_year) */
void call_ltv_formula(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  if( !scalar_arguments(ctx, argc, argv, &a) || a.isNull[0] || a.isNull[1] || a.isNull[2] ) return;
  answer_real(ctx, product_of_three(a.value[0].real, a.value[1].real, a.value[2].real));
}

/* lifecycle_stage(orders, last_active, as_of [, dormant_days [, churn_days [, mature_orders]]]) */
void call_lifecycle_stage(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  StageRule rule;
  if( !scalar_arguments(ctx, argc, argv, &a) ) return;
  if( a.isNull[2] && !a.isNull[1] ) return;         /* silence until when? */
  rule.asOf = a.value[2].instant;
  rule.dormant = a.value[3].duration;
  rule.churn = a.value[4].duration;
  rule.matureOrders = a.value[5].integer;
  sqlite3_result_text(ctx, lifecycle_stage_of(a.isNull[0] ? 0 : a.value[0].integer, !a.isNull[1],
                      a.value[1].instant, &rule), -1, SQLITE_STATIC);
}

/* geometric_mean(x, y) */
void call_geometric_mean(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  if( !scalar_arguments(ctx, argc, argv, &a) || a.isNull[0] || a.isNull[1] ) return;
  if( a.value[0].real < 0 || a.value[1].real < 0 ) return;
  answer_real(ctx, sqrt(a.value[0].real) * sqrt(a.value[1].real));
}
