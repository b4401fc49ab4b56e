/* Names, checks and dispatch of the buy-till-you-die models: contracts in btyd.h. */
#include "metric/prediction/btyd_internal.h"

#include <math.h>

#include "base/maths/quadrature.h"
#include "base/maths/special.h"

#define DAYS_PER_YEAR 365.25
#define DISCOUNT_PANEL 1.0        /* width of a panel in ln(1 + u/scale) */
#define DISCOUNT_DROP 4.0         /* exponent that a panel may discount */
#define DISCOUNT_NEGLIGIBLE 40.0  /* exponent beyond which a discounted tail is dropped */
#define DISCOUNT_MOST 700.0       /* exponent that a negative discount may raise to */
#define DISCOUNT_NONE 1e-17       /* exponent below which nothing is discounted */
#define DISCOUNT_PANELS 5000      /* more than any sound call takes */

/* Spend per purchase: gamma_gamma_spend below, gamma_gamma.c. */
static const BtydOperations GAMMA_GAMMA_OPERATIONS = {
  .name = "gamma_gamma", .parameters = 3, .parameter = { "p", "q", "v", 0 }, .timeless = 1
};

/* in the order of BtydModel */
static const BtydOperations *const OPERATIONS[BTYD_MODELS] = {
  &BGNBD_OPERATIONS, &MBGNBD_OPERATIONS, &PARETO_OPERATIONS, &NBD_OPERATIONS, &GAMMA_GAMMA_OPERATIONS, &BGBB_OPERATIONS
};

const BtydOperations *btyd_operations(BtydModel model){ return OPERATIONS[model]; }

int btyd_model_from_name(const char *name, int n, BtydModel *out){
  int i;
  for(i = 0; i < BTYD_MODELS; i++){
    const char *known = OPERATIONS[i]->name;
    if( strlen(known) == (size_t)n && memcmp(known, name, (size_t)n) == 0 ){
      *out = (BtydModel)i;
      return 1;
    }
  }
  return 0;
}

const char *btyd_model_name(BtydModel model){ return OPERATIONS[model]->name; }
int btyd_is_continuous(BtydModel model){ return OPERATIONS[model]->search != 0; }
int btyd_parameter_count(BtydModel model){ return OPERATIONS[model]->parameters; }
const char *btyd_parameter_name(BtydModel model, int i){ return OPERATIONS[model]->parameter[i]; }

const char *btyd_parameter_error(const Btyd *m){
  const BtydOperations *o = OPERATIONS[m->model];
  int i;
  for(i = 0; i < o->parameters; i++){
    double v = m->parameter[i];
    if( !(v > 0 && isfinite(v)) ) return "a parameter is not a positive number";
  }
  if( !o->timeless && !(m->unit_days > 0 && isfinite(m->unit_days)) ) return "unit_days is not a positive number";
  return 0;
}

const char *btyd_history_error(double frequency, double recency, double age){
  if( !(frequency >= 0 && isfinite(frequency)) ) return "frequency is negative or not a number";
  if( frequency != floor(frequency) ) return "frequency is not a whole number";
  if( !(recency >= 0 && isfinite(recency)) ) return "recency is negative or not a number";
  if( !(age >= 0 && isfinite(age)) ) return "age is negative or not a number";
  if( recency > age ) return "recency is greater than age";
  if( frequency == 0 && recency > 0 ) return "recency must be 0 when frequency is 0";
  if( frequency > 0 && recency == 0 ) return "recency is 0 although frequency is not";
  return 0;
}

const char *btyd_model_history_error(BtydModel model, double frequency, double recency, double age){
  const char *error = btyd_history_error(frequency, recency, age);
  if( error || OPERATIONS[model]->history_error == 0 ) return error;
  return OPERATIONS[model]->history_error(frequency, recency, age);
}

const char *btyd_spend_error(double frequency, double monetary){
  if( !(frequency >= 0 && isfinite(frequency)) ) return "frequency is negative or not a number";
  if( frequency == 0 ) return 0;
  if( !(monetary > 0 && isfinite(monetary)) ) return "monetary is not a positive number although frequency is";
  return 0;
}

double btyd_log_likelihood(const Btyd *m, double frequency, double recency, double age){
  const BtydOperations *o = OPERATIONS[m->model];
  if( o->log_likelihood == 0 || btyd_history_error(frequency, recency, age) ) return NAN;
  return o->log_likelihood(m, frequency, recency, age);
}

double btyd_p_alive(const Btyd *m, double frequency, double recency, double age){
  const BtydOperations *o = OPERATIONS[m->model];
  if( o->p_alive == 0 || btyd_history_error(frequency, recency, age) ) return NAN;
  return o->p_alive(m, frequency, recency, age);
}

double btyd_expected_purchases(const Btyd *m, double frequency, double recency, double age, double horizon){
  double alive = btyd_p_alive(m, frequency, recency, age);
  if( isnan(alive) || !(horizon >= 0 && isfinite(horizon)) ) return NAN;
  if( alive == 0 || horizon == 0 ) return 0;
  return alive*OPERATIONS[m->model]->alive_purchases(m, frequency, age, horizon);
}

double btyd_expected_new(const Btyd *m, double t){
  const BtydOperations *o = OPERATIONS[m->model];
  if( !(t >= 0 && isfinite(t)) ) return NAN;
  if( t == 0 ) return 0;
  return o->expected_new ? o->expected_new(m, t) : NAN;
}

static double prob_purchases(const Btyd *m, double n, double t){
  const BtydOperations *o = OPERATIONS[m->model];
  if( !(n >= 0 && isfinite(n)) || n != floor(n) || !(t >= 0 && isfinite(t)) || o->prob_purchases == 0 ) return NAN;
  return t == 0 ? n == 0 : o->prob_purchases(m, n, t);
}

double btyd_prob_purchases(const Btyd *m, double n, double t){
  double p = prob_purchases(m, n, t);
  return p > 1 ? 1 : p < 0 ? 0 : p;                /* NaN stays */
}

/* the integrand exp(-k u) E(u) du in w, u = scale (exp(w) - 1) */
typedef struct Discount {
  const Btyd *m;
  double frequency, age, rate, scale;
} Discount;

static double discounted(const void *context, double w){
  const Discount *d = context;
  double u = d->scale*expm1(w);
  return exp(-d->rate*u)*OPERATIONS[d->m->model]->alive_purchases(d->m, d->frequency, d->age, u)*d->scale*exp(w);
}

/* integral over 0 ... horizon of exp(-rate u) E(u) du */
static double discounted_integral(const Discount *d, double horizon, const Stop *stop){
  double w = 0, end = log1p(horizon/d->scale), sum = 0;
  int panels;
  for(panels = 0; w < end; panels++){
    double width = fmin(DISCOUNT_PANEL, DISCOUNT_DROP/(fabs(d->rate)*d->scale*exp(w)));
    double next = w + width < end ? w + width : end;
    if( panels == DISCOUNT_PANELS || (panels%2 == 1 && stop_asked(stop)) ) return NAN;
    sum += integrate_panel(discounted, d, w, next);
    if( !isfinite(sum) ) return sum;
    if( !(next > w) ) return NAN;                  /* no step is small enough */
    w = next;
  }
  return sum;
}

static double discount_rate(const Btyd *m, double discount_per_year){
  return log1p(discount_per_year)*m->unit_days/DAYS_PER_YEAR;
}

const char *btyd_discount_error(const Btyd *m, double horizon, double discount_per_year){
  if( !(discount_per_year > -1) || !isfinite(discount_per_year) ) return "discount_per_year must be above -1; 0.1 is 10 % a year";
  if( !(horizon >= 0) ) return "horizon must not be negative";
  if( isinf(horizon) && !(discount_per_year > 0) ) return "a horizon without an end needs a discount above 0";
  if( -discount_rate(m, discount_per_year)*horizon > DISCOUNT_MOST ){
    return "with this negative discount the value at the end of the horizon is beyond the range of a number; shorten the horizon";
  }
  return 0;
}

double btyd_discounted_purchases(const Btyd *m, double frequency, double recency, double age,
                                 double horizon, double discount_per_year, const Stop *stop){
  const BtydOperations *o = OPERATIONS[m->model];
  double alive = btyd_p_alive(m, frequency, recency, age);
  Discount d;
  if( isnan(alive) || btyd_discount_error(m, horizon, discount_per_year) ) return NAN;
  if( fabs(discount_rate(m, discount_per_year))*horizon < DISCOUNT_NONE ) return btyd_expected_purchases(m, frequency, recency, age, horizon);
  if( alive == 0 || horizon == 0 ) return 0;
  if( o->discounted ) return alive*o->discounted(m, frequency, age, horizon, exp(-discount_rate(m, discount_per_year)));
  d.m = m;
  d.frequency = frequency;
  d.age = age;
  d.rate = discount_rate(m, discount_per_year);
  d.scale = o->time_scale(m, frequency, age);
  if( d.rate*horizon > DISCOUNT_NEGLIGIBLE ) horizon = DISCOUNT_NEGLIGIBLE/d.rate;
  return alive*(exp(-d.rate*horizon)*o->alive_purchases(m, frequency, age, horizon)
                + d.rate*discounted_integral(&d, horizon, stop));
}

double gamma_gamma_spend(const Btyd *gg, double frequency, double monetary){
  double p = gg->parameter[0], q = gg->parameter[1], v = gg->parameter[2];
  double below = p*frequency + (q - 1);
  if( gg->model != BTYD_GAMMA_GAMMA || btyd_spend_error(frequency, monetary) || !(below > 0) ) return NAN;
  return p*(v + (frequency > 0 ? frequency*monetary : 0))/below;
}

double btyd_predicted_ltv(const Btyd *m, const Btyd *gg, double frequency, double recency, double age,
                          double monetary, double horizon, double discount_per_year, const Stop *stop){
  return gamma_gamma_spend(gg, frequency, monetary)
       * btyd_discounted_purchases(m, frequency, recency, age, horizon, discount_per_year, stop);
}
