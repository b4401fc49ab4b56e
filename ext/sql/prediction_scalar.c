/*
** p_alive, expected_purchases, expected_spend, predicted_ltv, prob_purchases.
** NULL for a NULL argument, for a fit with status too_few, and where the model has no such
** value; an impossible history, horizon or fit is an error.
*/
#include <math.h>

#include "base/maths/distribution.h"
#include "base/json.h"
#include "metric/prediction/prediction.h"
#include "sql/fit.h"
#include "sql/scalar.h"

typedef struct Call {
  sqlite3_context *ctx;
  Function *fn;
  ScalarArgs a;
  int count;
} Call;

static int stop_with(const Call *c, Status rc, const Failure *f){
  if( rc!=STATUS_OK ) function_fail(c->ctx, c->fn, rc, f);
  return rc==STATUS_OK;
}

static int refuse(const Call *c, int i, const char *what){
  Failure f;
  failure_set(&f, "%s %.15g %s", c->fn->signature.argument[i].name, c->a.value[i].real, what);
  return stop_with(c, STATUS_INVALID, &f);
}

/* Decodes; 0 when the answer is there already: an error, or NULL for a NULL. */
static int begin(Call *c, sqlite3_context *ctx, int argc, sqlite3_value **argv){
  int i;
  c->ctx = ctx;
  c->fn = sqlite3_user_data(ctx);
  c->count = c->fn->signature.count;
  if( !scalar_arguments(ctx, argc, argv, &c->a) ) return 0;
  for(i=0; i<c->count; i++) if( c->a.isNull[i] ) return 0;
  return 1;
}

/* Argument i as a fit of spend or of purchases; 0: answered. */
static int any_fit_argument(const Call *c, int i, int spend, const Fit **fit){
  const char *name = c->fn->signature.argument[i].name;
  Failure f = {{0}};
  Status rc = fit_of(c->fn->cx, name, c->a.value[i].text.z, (size_t)c->a.value[i].text.n, fit, &f);
  if( rc==STATUS_OK && ((*fit)->btyd.model==BTYD_GAMMA_GAMMA)!=spend ){
    failure_set(&f, "%s is of model %s; pass what %s gave", name, btyd_model_name((*fit)->btyd.model),
                spend ? "gamma_gamma_fit()" : "btyd_fit()");
    rc = STATUS_INVALID;
  }
  return stop_with(c, rc, &f) && !(*fit)->tooFew;
}

/* The same, of no customer in particular. */
static int fit_argument(const Call *c, int i, int spend, const Fit **fit){
  Failure f;
  if( !any_fit_argument(c, i, spend, fit) ) return 0;
  if( (*fit)->effects==0 ) return 1;
  failure_set(&f, "%s has effects of %d covariate%s; pass btyd_at(fit, z1, ...), the fit of customers with these covariates",
              c->fn->signature.argument[i].name, (*fit)->effects, (*fit)->effects==1 ? "" : "s");
  return stop_with(c, STATUS_INVALID, &f);
}

/* The history in arguments i, i + 1, i + 2, as any model wants it, or as this one does. */
static int check_history_of(const Call *c, BtydModel model, int i){
  Failure f = {{0}};
  const Parameter *v = c->a.value + i;
  return stop_with(c, history_check(model, v[0].real, v[1].real, v[2].real, &f), &f);
}
static int check_history(const Call *c, int i){ return check_history_of(c, BTYD_NBD, i); }

/* 0: answered.  A customer whose repeat days were refunded has no mean of his own, and those who
** never repeated are others: what he will spend is not known. */
static int check_spend(const Call *c, double frequency, double monetary){
  const char *error = btyd_spend_error(frequency, monetary);
  Failure f;
  if( error==0 ) return 1;
  if( frequency > 0 && monetary <= 0 ) return 0;
  failure_set(&f, "%s: frequency %.15g, monetary %.15g", error, frequency, monetary);
  return stop_with(c, STATUS_INVALID, &f);
}

static int check_not_negative(const Call *c, int i){
  return c->a.value[i].real >= 0 || refuse(c, i, "is negative; it is a length of time in the fit's unit");
}

/* BG/BB adds occasions up one by one: a time to come in argument i has an end. */
static int check_periods(const Call *c, const Btyd *m, int i){
  return m->model!=BTYD_BGBB || c->a.value[i].real <= BTYD_MOST_PERIODS
      || refuse(c, i, "is beyond 1,000,000 periods, which bgbb adds up one by one");
}

/* p_alive(fit, frequency, recency, age) */
void call_p_alive(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Call c;
  const Fit *fit;
  const Parameter *v = c.a.value;
  if( !begin(&c, ctx, argc, argv) || !check_history(&c, 1) || !fit_argument(&c, 0, 0, &fit) ) return;
  if( fit->dropoutUnknown || !check_history_of(&c, fit->btyd.model, 1) ) return;
  answer_real(ctx, btyd_p_alive(&fit->btyd, v[1].real, v[2].real, v[3].real));
}

/* btyd_at(fit, z1 [, z2 [, z3 [, z4]]]) */
void call_btyd_at(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Call c;
  const Fit *fit;
  Btyd moved;
  Buffer b = {0};
  double z[COVARIATES_MAX] = {0, 0, 0, 0};
  int i, given = argc - 1;
  c.ctx = ctx;
  c.fn = sqlite3_user_data(ctx);
  c.count = argc;
  if( !scalar_arguments(ctx, argc, argv, &c.a) ) return;
  for(i=0; i<argc; i++) if( c.a.isNull[i] ) return;
  for(i=0; i<given; i++) z[i] = c.a.value[1 + i].real;
  if( !any_fit_argument(&c, 0, 0, &fit) ) return;
  if( fit->effects!=given && !(fit->effects==0 && fit->dropoutUnknown) ){
    Failure f;
    failure_set(&f, "fit has effects of %d covariates, this call %d", fit->effects, given);
    stop_with(&c, STATUS_INVALID, &f);
    return;
  }
  moved = fit->effects ? btyd_of_covariates(&fit->btyd, given, fit->purchase, fit->dropout, z) : fit->btyd;
  if( btyd_parameter_error(&moved) ) return;                   /* effects beyond the range of a number */
  buffer_printf(&b, "{\"model\":\"%s\"", btyd_model_name(moved.model));
  for(i=0; i<btyd_parameter_count(moved.model); i++){
    buffer_printf(&b, ",\"%s\":", btyd_parameter_name(moved.model, i));
    json_put_real(&b, moved.parameter[i]);
  }
  buffer_printf(&b, ",\"unit_days\":");
  json_put_real(&b, moved.unit_days);
  buffer_printf(&b, "%s}", fit->dropoutUnknown ? ",\"status\":\"dropout_not_identified\"" : "");
  if( b.failed ) sqlite3_result_error_nomem(ctx);
  else sqlite3_result_text(ctx, (const char*)b.data, (int)b.size, SQLITE_TRANSIENT);
  buffer_destroy(&b);
}

/* expected_purchases(fit, frequency, recency, age, horizon) */
void call_expected_purchases(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Call c;
  const Fit *fit;
  const Parameter *v = c.a.value;
  if( !begin(&c, ctx, argc, argv) || !check_history(&c, 1) || !check_not_negative(&c, 4)
   || !fit_argument(&c, 0, 0, &fit) || !check_history_of(&c, fit->btyd.model, 1) || !check_periods(&c, &fit->btyd, 4) ) return;
  answer_real(ctx, btyd_expected_purchases(&fit->btyd, v[1].real, v[2].real, v[3].real, v[4].real));
}

/* expected_spend(gg, frequency, monetary) */
void call_expected_spend(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Call c;
  const Fit *gg;
  const Parameter *v = c.a.value;
  if( !begin(&c, ctx, argc, argv) || !check_spend(&c, v[1].real, v[2].real)
   || !fit_argument(&c, 0, 1, &gg) ) return;
  answer_real(ctx, gamma_gamma_spend(&gg->btyd, v[1].real, v[2].real));
}

/* ---- intervals ---- */

typedef struct FigureOf { double frequency, recency, age, monetary, horizon, discount; } FigureOf;

static double purchases_figure(const void *context, const Btyd *m){
  const FigureOf *x = context;
  return btyd_discounted_purchases(m, x->frequency, x->recency, x->age, x->horizon, x->discount, 0);
}
static double spend_figure(const void *context, const Btyd *gg){
  const FigureOf *x = context;
  return gamma_gamma_spend(gg, x->frequency, x->monetary);
}

/* [low, high] around the value, on its logarithm */
static void answer_interval(sqlite3_context *ctx, double value, double variance, double level){
  Buffer b = {0};
  double width;
  if( !(value > 0) || !(variance >= 0) ) return;
  width = distribution_normal_width(level)*sqrt(variance);
  buffer_put_byte(&b, '[');
  json_put_real(&b, value*exp(-width));
  buffer_put_byte(&b, ',');
  json_put_real(&b, value*exp(width));
  buffer_put_byte(&b, ']');
  if( b.failed ) sqlite3_result_error_nomem(ctx);
  else sqlite3_result_text(ctx, (const char*)b.data, (int)b.size, SQLITE_TRANSIENT);
  buffer_destroy(&b);
}

static int check_level(const Call *c, int i){
  return (c->a.value[i].real > 0 && c->a.value[i].real < 1) || refuse(c, i, "is no level; 0.95 is the interval of 95 %");
}

/* expected_purchases_interval(fit, frequency, recency, age, horizon [, level]) */
void call_expected_purchases_interval(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Call c;
  const Fit *fit;
  const Parameter *v = c.a.value;
  FigureOf x;
  if( !begin(&c, ctx, argc, argv) || !check_history(&c, 1) || !check_not_negative(&c, 4) || !check_level(&c, 5)
   || !fit_argument(&c, 0, 0, &fit) || !check_history_of(&c, fit->btyd.model, 1) || !check_periods(&c, &fit->btyd, 4)
   || !fit->hasCovariance ) return;
  x.frequency = v[1].real;
  x.recency = v[2].real;
  x.age = v[3].real;
  x.horizon = v[4].real;
  x.discount = x.monetary = 0;
  answer_interval(ctx, purchases_figure(&x, &fit->btyd),
                  btyd_log_variance(&fit->btyd, fit->covariance, purchases_figure, &x), v[5].real);
}

/* predicted_ltv_interval(fit, gg, frequency, recency, age, monetary, horizon [, discount_per_year [, level]]) */
void call_predicted_ltv_interval(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Call c;
  const Fit *fit, *gg;
  const Parameter *v = c.a.value;
  const char *error;
  FigureOf x;
  if( !begin(&c, ctx, argc, argv) || !check_history(&c, 2) || !check_spend(&c, v[2].real, v[5].real)
   || !check_not_negative(&c, 6) || !check_level(&c, 8) || !fit_argument(&c, 0, 0, &fit) || !fit_argument(&c, 1, 1, &gg)
   || !check_history_of(&c, fit->btyd.model, 2) ) return;
  error = btyd_discount_error(&fit->btyd, v[6].real, v[7].real);
  if( error ){
    Failure f;
    failure_set(&f, "%s: horizon %.15g, discount_per_year %.15g", error, v[6].real, v[7].real);
    stop_with(&c, STATUS_INVALID, &f);
    return;
  }
  if( !fit->hasCovariance || !gg->hasCovariance ) return;
  x.frequency = v[2].real;
  x.recency = v[3].real;
  x.age = v[4].real;
  x.monetary = v[5].real;
  x.horizon = v[6].real;
  x.discount = v[7].real;
  answer_interval(ctx, purchases_figure(&x, &fit->btyd)*spend_figure(&x, &gg->btyd),
                  btyd_log_variance(&fit->btyd, fit->covariance, purchases_figure, &x)
                  + btyd_log_variance(&gg->btyd, gg->covariance, spend_figure, &x), v[8].real);
}

/* predicted_ltv(fit, gg, frequency, recency, age, monetary, horizon [, discount_per_year]) */
void call_predicted_ltv(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Call c;
  const Fit *fit, *gg;
  const Parameter *v = c.a.value;
  const char *error;
  RareStop lasting = { 0, 1, 0, 0 };
  Stop stop = { rare_stop_ask, &lasting };
  double ltv;
  if( !begin(&c, ctx, argc, argv) || !check_history(&c, 2) || !check_spend(&c, v[2].real, v[5].real)
   || !check_not_negative(&c, 6) ) return;
  if( !(v[7].real > -1) ){
    refuse(&c, 7, "must be above -1; 0.1 is 10 % a year");
    return;
  }
  if( !fit_argument(&c, 0, 0, &fit) || !fit_argument(&c, 1, 1, &gg) ) return;
  if( !check_history_of(&c, fit->btyd.model, 2) ) return;
  error = btyd_discount_error(&fit->btyd, v[6].real, v[7].real);
  if( error ){
    Failure f;
    failure_set(&f, "%s: horizon %.15g, discount_per_year %.15g", error, v[6].real, v[7].real);
    stop_with(&c, STATUS_INVALID, &f);
    return;
  }
  lasting.stop = &c.fn->cx->stop;
  c.fn->cx->asked = 0;
  ltv = btyd_predicted_ltv(&fit->btyd, &gg->btyd, v[2].real, v[3].real, v[4].real, v[5].real, v[6].real, v[7].real, &stop);
  if( lasting.stopped ) stop_with(&c, STATUS_INTERRUPTED, 0);
  else answer_real(ctx, ltv);
}

/* prob_purchases(fit, n, t) */
void call_prob_purchases(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Call c;
  const Fit *fit;
  const Parameter *v = c.a.value;
  if( !begin(&c, ctx, argc, argv) ) return;
  if( v[1].integer < 0 ){
    Failure f;
    failure_set(&f, "n %lld is negative; it is a number of purchases", (long long)v[1].integer);
    stop_with(&c, STATUS_INVALID, &f);
    return;
  }
  if( !check_not_negative(&c, 2) || !fit_argument(&c, 0, 0, &fit) || !check_periods(&c, &fit->btyd, 2) ) return;
  answer_real(ctx, btyd_prob_purchases(&fit->btyd, (double)v[1].integer, v[2].real));
}
