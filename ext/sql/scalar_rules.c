/* Scalar functions on one customer, message or place: see scalar.h. */
#include "metric/experiment/experiment.h"
#include "metric/customer/roles.h"
#include "metric/service/service.h"
#include "sql/scalar.h"

/* A flag or a count; NULL is 0. */
static int64_t whole(const ScalarArgs *a, int i){ return a->isNull[i] ? 0 : a->value[i].integer; }

/* Decodes the arguments; 0 after an error, or when one is NULL and so is the answer. */
static int all_given(sqlite3_context *ctx, int argc, sqlite3_value **argv, ScalarArgs *a){
  const Function *fn = sqlite3_user_data(ctx);
  int i;
  if( !scalar_arguments(ctx, argc, argv, a) ) return 0;
  for(i=0; i<fn->signature.count; i++) if( a->isNull[i] ) return 0;
  return 1;
}

/* "name(): argument 99 sentence" */
void refuse_argument(sqlite3_context *ctx, int at, sqlite3_value **argv, const char *sentence){
  const Function *fn = sqlite3_user_data(ctx);
  char shown[64];
  Failure f;
  value_shown(argv[at], shown, sizeof shown);
  failure_set(&f, "%s %s %s", fn->signature.argument[at].name, shown, sentence);
  function_fail(ctx, fn, STATUS_INVALID, &f);
}

static void answer_code(sqlite3_context *ctx, const char *code){
  if( code ) sqlite3_result_text(ctx, code, -1, SQLITE_STATIC);
}

/* relationship_role(is_fan, orders, is_member, is_distributor, referrals) */
void call_relationship_role(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  if( !scalar_arguments(ctx, argc, argv, &a) ) return;
  answer_code(ctx, relationship_role(whole(&a,0)!=0, whole(&a,1), whole(&a,2)!=0, whole(&a,3)!=0, whole(&a,4)));
}

/* reach_stage(perceivable, identifiable, reachable, marketable, serviceable, insightable) */
void call_reach_stage(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  int flag[REACH_STEPS], i;
  if( !scalar_arguments(ctx, argc, argv, &a) ) return;
  for(i=0; i<REACH_STEPS; i++) flag[i] = whole(&a, i)!=0;
  answer_code(ctx, reach_stage(flag));
}

/* rfm_segment(r, f, m [, high]) */
void call_rfm_segment(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  double high;
  if( !all_given(ctx, argc, argv, &a) ) return;
  high = a.value[3].real;
  answer_code(ctx, rfm_segment(a.value[0].real >= high, a.value[1].real >= high, a.value[2].real >= high));
}

/* rfm_group(r, f, m [, bins]) */
void call_rfm_group(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  int64_t bins;
  int fifth[3], i;
  if( !scalar_arguments(ctx, argc, argv, &a) ) return;
  bins = a.value[3].integer;
  if( bins < 1 || bins > 100 ){ refuse_argument(ctx, 3, argv, "is no number of scores; use 1 to 100"); return; }
  if( a.isNull[0] ){ answer_code(ctx, rfm_group(0, 1, 1, 1)); return; }
  for(i=0; i<3; i++){
    double score = a.value[i].real;
    if( a.isNull[i] ) return;
    if( !(score >= 1 && score <= (double)bins && score==floor(score)) ){
      refuse_argument(ctx, i, argv, "is no score; use whole numbers from 1, the worst, to bins");
      return;
    }
    fifth[i] = rfm_fifth((int)score, (int)bins);
  }
  answer_code(ctx, rfm_group(1, fifth[0], fifth[1], fifth[2]));
}

static int is_word(const Parameter *p, const char *word){
  return (size_t)p->text.n==strlen(word) && sqlite3_strnicmp(p->text.z, word, p->text.n)==0;
}

/* siyu_label(code, language) */
void call_siyu_label(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  const char *label;
  int chinese;
  if( !all_given(ctx, argc, argv, &a) ) return;
  chinese = is_word(&a.value[1], "zh");
  if( !chinese && !is_word(&a.value[1], "en") ){
    refuse_argument(ctx, 1, argv, "is no language; use 'zh' or 'en'");
    return;
  }
  label = label_of(a.value[0].text.z, (size_t)a.value[0].text.n, chinese);
  if( label ) answer_code(ctx, label);
  else refuse_argument(ctx, 0, argv, "is no code of siyu; use one that its functions return, such as 'koc'");
}

/* k_factor(users, invites, accepted) = invites/users * accepted/invites */
void call_k_factor(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  int i;
  if( !all_given(ctx, argc, argv, &a) ) return;
  for(i=0; i<3; i++){
    if( a.value[i].real < 0 ){ refuse_argument(ctx, i, argv, "is negative; it is a number of people or invitations"); return; }
  }
  if( a.value[0].real > 0 && a.value[1].real > 0 ) answer_real(ctx, a.value[2].real / a.value[0].real);
}

/* in_quiet_hours(time, from, to [, tz]) */
void call_in_quiet_hours(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  int64_t clock[2];
  int i;
  if( !all_given(ctx, argc, argv, &a) ) return;
  for(i=0; i<2; i++){
    if( !clock_from_text(a.value[1+i].text.z, a.value[1+i].text.n, &clock[i]) ){
      refuse_argument(ctx, 1+i, argv, "is no time of day; use 'HH:MM', 00:00 to 24:00");
      return;
    }
  }
  sqlite3_result_int(ctx, in_quiet_hours(time_of_day(a.value[0].instant, a.zone), clock[0], clock[1]));
}

/* next_allowed(time, from, to [, tz]) */
void call_next_allowed(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  int64_t clock[2];
  char z[TIME_TEXT_SIZE];
  Instant t;
  int i;
  if( !all_given(ctx, argc, argv, &a) ) return;
  for(i=0; i<2; i++){
    if( !clock_from_text(a.value[1+i].text.z, a.value[1+i].text.n, &clock[i]) ){
      refuse_argument(ctx, 1+i, argv, "is no time of day; use 'HH:MM', 00:00 to 24:00");
      return;
    }
  }
  t = a.value[0].instant;
  if( in_quiet_hours(time_of_day(t, a.zone), clock[0], clock[1]) ) t = quiet_end(t, clock[0], clock[1], a.zone);
  if( in_quiet_hours(time_of_day(t, a.zone), clock[0], clock[1]) ) return;      /* the whole day is quiet */
  if( !time_has_text(t, a.zone) ) return;
  time_text(t, a.zone, z);
  sqlite3_result_text(ctx, z, -1, SQLITE_TRANSIENT);
}

/* distance_km(lat1, lon1, lat2, lon2) */
void call_distance_km(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  int i;
  if( !all_given(ctx, argc, argv, &a) ) return;
  for(i=0; i<4; i++){
    double bound = i & 1 ? 180 : 90;
    if( a.value[i].real < -bound || a.value[i].real > bound ){
      refuse_argument(ctx, i, argv, i & 1 ? "is no longitude; use degrees within -180 to 180"
                                          : "is no latitude; use degrees within -90 to 90");
      return;
    }
  }
  answer_real(ctx, distance_km(a.value[0].real, a.value[1].real, a.value[2].real, a.value[3].real));
}

/* triangle_area(ownership, value, referral) */
void call_triangle_area(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  ScalarArgs a;
  int i;
  if( !all_given(ctx, argc, argv, &a) ) return;
  for(i=0; i<3; i++){
    if( a.value[i].real < 0 ){ refuse_argument(ctx, i, argv, "is negative; a side is a length"); return; }
  }
  answer_real(ctx, triangle_area(a.value[0].real, a.value[1].real, a.value[2].real));
}

/* ---- ab_group(customer, salt, n) ---- */

/* The customer as text: an INTEGER, or a REAL that is one, in decimal. */
static Status customer_group(const Function *fn, sqlite3_value *customer, const Parameter *salt, int64_t groups,
                             int64_t *group, Failure *f){
  Batch *b = batch_borrow(fn->cx);
  char digits[24];
  Key key;
  Status rc;
  int skip = 0;
  if( b==0 ) return STATUS_NOMEM;
  rc = decode_cell(&fn->signature.argument[0], 0, customer, b, 0, &skip, f);
  if( rc==STATUS_OK ){
    key = key_of_cell(b, &b->column[0], 0);
    if( key.type==CELL_INTEGER ){
      sqlite3_snprintf((int)sizeof digits, digits, "%lld", (long long)key.integer);
      key.bytes = digits;
      key.size = (uint32_t)strlen(digits);
    }
    *group = experiment_group(salt->text.z, (size_t)salt->text.n, key.bytes, key.size, groups);
  }
  batch_return(fn->cx, b);
  return rc;
}

void call_ab_group(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Function *fn = sqlite3_user_data(ctx);
  Failure f = {{0}};
  ScalarArgs a;
  int64_t group = 0;
  Status rc;
  if( !all_given(ctx, argc, argv, &a) ) return;
  if( a.value[2].integer < 1 ){
    refuse_argument(ctx, 2, argv, "is no number of groups; use 1 or more");
    return;
  }
  rc = customer_group(fn, argv[0], &a.value[1], a.value[2].integer, &group, &f);
  if( rc==STATUS_OK ) sqlite3_result_int64(ctx, group);
  else function_fail(ctx, fn, rc, &f);
}
