/*
** Checks of the predicted-value models without SQL.
**
** Usage: btyd_check GRID [SHARED_DATA]
**   GRID         test/data/btyd_grid.csv: 50-digit values by test/btyd_reference.py
**   SHARED_DATA  directory with cdnow_sample.txt.gz and online_retail.csv.gz; without it,
**                or without the files, the published fits are not checked
** Build with btyd_published.c, -DSQLITE_CORE and -lsqlite3.  The last line says "N passed, N failed".
*/
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/maths/optimiser.h"
#include "base/maths/distribution.h"
#include "base/maths/special.h"
#include "metric/prediction/btyd_internal.h"
#include "btyd_check.h"

#define GRID_TOLERANCE 1e-9
#define GRID_LEAST 5000           /* points the grid must have */
#define UNDERFLOW_FLOOR 1e-290    /* below it only smallness is checked */
#define WORST 32                  /* tallies of the worst error by quantity */

static int passed, failed;

void check(int ok, const char *what){
  if( ok ){
    passed++;
  }else{
    failed++;
    printf("FAILED %s\n", what);
  }
}

void check_near(double got, double want, double tolerance, const char *what){
  char text[256];
  snprintf(text, sizeof(text), "%s: got %.17g, want %.17g within %g", what, got, want, tolerance);
  check(fabs(got - want) <= tolerance, text);
}

/* ---- the grid ------------------------------------------------------------------------ */

typedef struct GridRow {
  char quantity[16];
  Btyd model;
  double x, recency, age, horizon, extra, value;
} GridRow;

static int parse_row(char *line, GridRow *row){
  char name[16];
  double *p = row->model.parameter;
  int n = sscanf(line, "%15[^,],%15[^,],%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", row->quantity, name,
                 &p[0], &p[1], &p[2], &p[3], &row->x, &row->recency, &row->age, &row->horizon, &row->extra, &row->value);
  row->model.unit_days = 7;
  return n == 12 && btyd_model_from_name(name, (int)strlen(name), &row->model.model);
}

static double row_value(const GridRow *g){
  const Btyd *m = &g->model;
  switch( g->quantity[0] ){
    case 'a': return btyd_p_alive(m, g->x, g->recency, g->age);
    case 'l': return btyd_log_likelihood(m, g->x, g->recency, g->age);
    case 'e': return btyd_expected_purchases(m, g->x, g->recency, g->age, g->horizon);
    case 'n': return btyd_expected_new(m, g->horizon);
    case 'p': return btyd_prob_purchases(m, g->x, g->horizon);
    case 'd': return btyd_discounted_purchases(m, g->x, g->recency, g->age, g->horizon, g->extra, 0);
    default:  return gamma_gamma_spend(m, g->x, g->recency);
  }
}

static double row_error(const GridRow *g, double got){
  double scale = fabs(g->value);
  if( g->quantity[0] == 'l' ) return fabs(got - g->value)/fmax(1, scale);
  if( scale < UNDERFLOW_FLOOR ) return got >= 0 && got <= 2*UNDERFLOW_FLOOR ? 0 : INFINITY;
  return fabs(got - g->value)/scale;
}

typedef struct Tally { char name[40]; int n; double worst; } Tally;

static void tally(Tally *tallies, const GridRow *g, double error){
  char name[40];
  int i;
  snprintf(name, sizeof(name), "%s %s", g->quantity, btyd_model_name(g->model.model));
  for(i = 0; i < WORST - 1 && tallies[i].n && strcmp(tallies[i].name, name) != 0; i++){}
  memcpy(tallies[i].name, name, sizeof(name));
  tallies[i].n++;
  tallies[i].worst = fmax(tallies[i].worst, error);
}

static void check_grid(const char *path){
  static Tally tallies[WORST];
  FILE *f = fopen(path, "r");
  char line[512], text[640];
  int n = 0, i;
  if( f == 0 || fgets(line, sizeof(line), f) == 0 ){
    check(0, "the grid cannot be read");
    if( f ) fclose(f);
    return;
  }
  while( fgets(line, sizeof(line), f) ){
    GridRow row;
    double got, error;
    if( !parse_row(line, &row) ){ check(0, line); continue; }
    got = row_value(&row);
    error = row_error(&row, got);
    snprintf(text, sizeof(text), "grid: got %.17g, relative error %.3g: %s", got, error, line);
    check(error <= GRID_TOLERANCE, text);
    tally(tallies, &row, error);
    n++;
  }
  fclose(f);
  for(i = 0; i < WORST && tallies[i].n; i++){
    printf("grid %-24s %5d points, worst relative error %.2g\n", tallies[i].name, tallies[i].n, tallies[i].worst);
  }
  check(n >= GRID_LEAST, "the grid has 5,000 points");
}

/* ---- identities and edges -------------------------------------------------------------- */

static Btyd model_of(BtydModel model, double p0, double p1, double p2, double p3){
  Btyd m;
  m.model = model;
  m.unit_days = 7;
  m.parameter[0] = p0;
  m.parameter[1] = p1;
  m.parameter[2] = p2;
  m.parameter[3] = p3;
  return m;
}

static void check_special(void){
  check_near(log_gamma(0.5), 0.57236494292470008707, 1e-14, "ln Gamma(1/2)");
  check_near(log_gamma(1e-8), 18.420680738180208905, 1e-13, "ln Gamma(1e-8)");
  check_near(log_gamma(1234.5), 7550.5509010778381, 1e-10, "ln Gamma(1234.5)");
  check_near(digamma(1), -0.57721566490153286061, 1e-14, "digamma(1)");
  check_near(log_beta(1, 1), 0, 1e-14, "ln B(1,1)");
  check_near(log_beta(3, 1e12), log(2.0) - 3*log(1e12), 1e-9, "ln B(3,1e12)");
  check_near(incomplete_beta(2, 3, 0.25, 0.75), 0.26171875, 1e-14, "I_0.25(2,3)");
  /* where a denominator of the fraction is 0: I_x(1, b) = 1 - (1 - x)^b over its front */
  check_near(beta_fraction(1, 3, 0.5), 14/3.0, 1e-13, "fraction through a zero, 3");
  check_near(beta_fraction(1, 7, 0.25), (1 - pow(0.75, 7))/(7*0.25*pow(0.75, 7)), 1e-13, "fraction through a zero, 7");
  check_near(distribution_normal_two_sided(1.959963984540054), 0.05, 1e-15, "normal tails");
  check(isnan(log_gamma(0)) && isnan(digamma(-1)) && isnan(log_beta(0, 1)), "outside the domain: NaN");
}

static void check_probabilities(void){
  Btyd models[4];
  int i, n;
  models[0] = model_of(BTYD_BGNBD, .243, 4.414, .793, 2.426);
  models[1] = model_of(BTYD_MBGNBD, .525, 6.183, .891, 1.614);
  models[2] = model_of(BTYD_PARETONBD, .553, 10.578, .606, 11.669);
  models[3] = model_of(BTYD_NBD, .385, 12.07, 0, 0);
  for(i = 0; i < 4; i++){
    double sum = 0, mean = 0;
    for(n = 0; n < 2000; n++){
      double p = btyd_prob_purchases(&models[i], n, 39);
      sum += p;
      mean += n*p;
    }
    check_near(sum, 1, 1e-11, "probabilities sum to 1");
    check_near(mean, btyd_expected_new(&models[i], 39), 1e-10, "their mean is the expectation");
    check(btyd_prob_purchases(&models[i], 0, 0) == 1 && btyd_prob_purchases(&models[i], 3, 0) == 0, "at t = 0");
    check(isnan(btyd_prob_purchases(&models[i], 1.5, 2)) && isnan(btyd_prob_purchases(&models[i], -1, 2)), "n is a count");
    check(isnan(btyd_expected_purchases(&models[i], 0, 0, 10, -1)), "a negative horizon");
    check(isnan(btyd_p_alive(&models[i], 1, 5, 4)), "recency > age");
    check(isnan(btyd_p_alive(&models[i], 0, 5, 9)), "recency without frequency");
  }
}

static void check_discounting(void){
  Btyd m = model_of(BTYD_PARETONBD, .5534, 10.5802, .6061, 11.6562), gg = model_of(BTYD_GAMMA_GAMMA, 6.25, 3.74, 15.44, 1);
  double plain = btyd_expected_purchases(&m, 2, 30.43, 38.86, 52);
  double yearly = expm1(.0027*365.25/7);
  check_near(btyd_discounted_purchases(&m, 2, 30.43, 38.86, 52, 0, 0), plain, 0, "no discount");
  check(btyd_discounted_purchases(&m, 2, 30.43, 38.86, 52, .1, 0) < plain, "a discount lowers");
  check(btyd_discounted_purchases(&m, 2, 30.43, 38.86, 52, -.1, 0) > plain, "a negative one raises");
  check_near(btyd_predicted_ltv(&m, &gg, 2, 30.43, 38.86, 20, 52, 0, 0), plain*gamma_gamma_spend(&gg, 2, 20), 1e-12, "ltv");
  check(isnan(btyd_discounted_purchases(&m, 2, 30.43, 38.86, 52, -1, 0)), "discount -1");
  check(isnan(btyd_discounted_purchases(&m, 2, 30.43, 38.86, 1e12, -.5, 0)), "no value beyond the range of a number");
  check(isfinite(btyd_discounted_purchases(&m, 2, 30.43, 38.86, 300*365.25/7, -.5, 0)), "a value within it");
  check(isnan(btyd_discounted_purchases(&m, 2, 30.43, 38.86, INFINITY, 0, 0)), "infinite horizon needs a discount");
  check(isnan(gamma_gamma_spend(&gg, 2, 0)) && isnan(gamma_gamma_spend(&gg, 2, -3)), "spend must be positive");
  gg.parameter[1] = .9;
  check(isnan(gamma_gamma_spend(&gg, 0, 0)), "q <= 1: the base has no mean");
  check_near(btyd_discounted_purchases(&m, 2, 30.43, 38.86, INFINITY, yearly, 0), 6.48256236494, 1e-8, "DERT (2,30.43)");
  check_near(btyd_discounted_purchases(&m, 1, 1.71, 38.86, INFINITY, yearly, 0), 0.761405112532, 1e-8, "DERT (1,1.71)");
  check_near(btyd_discounted_purchases(&m, 0, 0, 38.86, INFINITY, yearly, 0), 0.476823058115, 1e-8, "DERT (0,0)");
  check_near(btyd_discounted_purchases(&m, 7, 29.43, 38.86, INFINITY, yearly, 0), 16.5353707646, 1e-8, "DERT (7,29.43)");
  check_near(btyd_discounted_purchases(&m, 26, 30.86, 31, INFINITY, yearly, 0), 86.0303756154, 1e-8, "DERT (26,30.86)");
}

/* ---- published values that need no data ------------------------------------------------ */

static void check_published_bgnbd(void){
  static const double pmf[] = { .0019995214, .0015170236, .001163315, .0009003148, .0007023638,
                                .0005517902, .0004361913, .0003467171, .0002769613, .000222226 };
  static const double row[][3] = { {2,30.43,-9.4596}, {1,1.71,-4.4711}, {7,29.43,-21.8644}, {1,5,-4.8651},
    {2,35.71,-9.5367}, {5,24.43,-17.3593}, {10,34.14,-27.3144}, {1,4.86,-4.852}, {0,0,-.5538} };
  Btyd m = model_of(BTYD_BGNBD, .243, 4.414, .793, 2.426), n = model_of(BTYD_BGNBD, .25, 4, .8, 2.5);
  int i;
  for(i = 0; i < 10; i++) check_near(btyd_prob_purchases(&m, 11 + i, 30), pmf[i], 1e-9, "BG/NBD P(X(30)=n)");
  check_near(btyd_prob_purchases(&m, 10, 2), 1.07869e-7, 1e-12, "BG/NBD P(X(2)=10)");
  check_near(btyd_prob_purchases(&m, 0, 39), .5737864, 1e-7, "BG/NBD P(X(39)=0)");
  check_near(btyd_expected_purchases(&m, 2, 30.43, 38.86, 39), 1.226028174767144, 1e-11, "BG/NBD CET");
  for(i = 0; i < 9; i++){
    check_near(btyd_log_likelihood(&m, row[i][0], row[i][1], 38.86)/row[i][2], 1, 2e-3, "BG/NBD ln L");
  }
  check_near(btyd_log_likelihood(&n, 0, 0, 40), -.59947382, 1e-5, "BG/NBD ln L (0,0,40)");
  check_near(btyd_log_likelihood(&n, 200, 38, 40), 100.7957, 1e-4, "BG/NBD ln L (200,38,40)");
  n.model = BTYD_MBGNBD;
  check_near(btyd_log_likelihood(&n, 0, 0, 40), -.41792826, 1e-5, "MBG/NBD ln L (0,0,40)");
  check_near(btyd_log_likelihood(&n, 200, 38, 40), 100.7869, 1e-4, "MBG/NBD ln L (200,38,40)");
  check(btyd_p_alive(&m, 0, 0, 38.86) == 1, "BG/NBD P(alive) without a repeat is 1");
  check(btyd_p_alive(&m, 1000, 10, 100) < 1e-300, "BG/NBD P(alive) of (1000,10,100) is 0");
}

static void check_published_pareto(void){
  Btyd m = model_of(BTYD_PARETONBD, .55, 10.58, .61, 11.67);
  Btyd p = model_of(BTYD_PARETONBD, .5143, 2.8845, .2856, 14.1087);
  static const double frequent[] = { 221, 254, 161, 204 };
  int i;
  check_near(btyd_expected_purchases(&m, 132, 200, 200, 10), 6.206051788963242, 1e-9, "Pareto/NBD CET 132");
  check_near(btyd_expected_purchases(&m, 133, 200, 200, 10), 6.252872247574811, 1e-9, "Pareto/NBD CET 133");
  check_near(btyd_log_likelihood(&m, 1, 1.5, 12), -4.00694866, 1e-8, "Pareto/NBD ln L");
  m.parameter[0] = .45;
  check_near(btyd_log_likelihood(&m, 1, 1.5, 12), -4.14770211, 1e-8, "Pareto/NBD ln L, r .45");
  m = model_of(BTYD_PARETONBD, .55, 11.67, .61, 10.58);
  check_near(btyd_log_likelihood(&m, 4, 5.3, 10), -10.72932589, 1e-8, "Pareto/NBD ln L (4,5.3,10)");
  check_near(btyd_log_likelihood(&m, 2, 6, 8), -6.66878882, 1e-8, "Pareto/NBD ln L (2,6,8)");
  for(i = 0; i < 4; i++){
    double alive = btyd_p_alive(&p, frequent[i], 38, 38.86);
    check(alive >= 0 && alive <= 1, "Pareto/NBD P(alive) of the frequent is a probability");
  }
}

static void check_published_spend(void){
  static const double row[][3] = { {2,22.35,24.6540123476}, {1,11.77,18.9102603605}, {0,0,35.1703922733},
                                   {7,73.74,71.4646052716}, {1,0,0} };
  Btyd gg = model_of(BTYD_GAMMA_GAMMA, 6.25, 3.74, 15.44, 1);
  int i;
  for(i = 0; i < 4; i++){
    check_near(gamma_gamma_spend(&gg, row[i][0], row[i][1]), row[i][2], .06, "Gamma-Gamma E(M)");
  }
  check(isnan(gamma_gamma_spend(&gg, row[4][0], row[4][1])), "no mean spend for a repeat customer");
}

/* ---- gradients -------------------------------------------------------------------------- */

static unsigned long long random_state = 88172645463325252ULL;

static double uniform(void){              /* xorshift64 (Marsaglia 2003) */
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return ((double)(random_state >> 11) + 0.5)/9007199254740992.0;
}

static double normal(void){ return sqrt(-2*log(uniform()))*cos(6.283185307179586*uniform()); }

/* Marsaglia, Tsang 2000 */
static double gamma_draw(double shape){
  double d = (shape < 1 ? shape + 1 : shape) - 1.0/3, c = 1/sqrt(9*d), boost = 1;
  if( shape < 1 ) boost = pow(uniform(), 1/shape);
  for(;;){
    double z = normal(), v = 1 + c*z;
    if( v <= 0 ) continue;
    v = v*v*v;
    if( log(uniform()) < z*z/2 + d - d*v + d*log(v) ) return boost*d*v;
  }
}

/* One simulated customer of age T; recency stands in the middle of its day, because rounding
** it to one side shifts the estimates by more than the standard errors of large bases. */
static void simulate(const Btyd *m, double age, double *x, double *recency){
  const double *p = m->parameter;
  double rate = gamma_draw(p[0])/p[1], t = 0, last = 0, death = INFINITY, leave = 0;
  double count = 0;
  if( m->model == BTYD_PARETONBD ) death = -log(uniform())/(gamma_draw(p[2])/p[3]);
  if( m->model == BTYD_BGNBD || m->model == BTYD_MBGNBD ){
    double a = gamma_draw(p[2]), b = gamma_draw(p[3]);
    leave = a/(a + b);
  }
  if( m->model == BTYD_MBGNBD && uniform() < leave ) death = 0;
  for(;;){
    t -= log(uniform())/rate;
    if( t > age || t > death ) break;
    last = t;
    count++;
    if( leave > 0 && uniform() < leave ) break;
  }
  *x = count;
  *recency = count > 0 ? fmin(age, floor(last) + 0.5) : 0;
}

static int simulated(BtydTable *t, const Btyd *m, int customers, double days){
  int i;
  for(i = 0; i < customers; i++){
    double x, recency, age = floor(days*(0.5 + 0.5*uniform()));
    simulate(m, age, &x, &recency);
    if( btyd_table_add(t, x, recency, age, 1) != STATUS_OK ) return 0;
  }
  return 1;
}

static void check_gradient(PlanLikelihood likelihood, const Btyd *m, const BtydRow *sorted, size_t n, const char *name){
  BtydPlan plan;
  double p[BTYD_PARAMETERS], g[BTYD_PARAMETERS], unused[BTYD_PARAMETERS], sum = 0, value;
  size_t k;
  int i, count = btyd_parameter_count(m->model);
  char text[80];
  check(btyd_plan_init(&plan, sorted, n, 1, 1, 0) == STATUS_OK, "plan");
  memcpy(p, m->parameter, sizeof(p));
  value = likelihood(&plan, p, g);
  for(k = 0; k < n; k++) sum += sorted[k].weight*btyd_log_likelihood(m, sorted[k].frequency, sorted[k].recency, sorted[k].age);
  snprintf(text, sizeof(text), "%s: the sum over customers", name);
  check_near(value/sum, 1, 1e-11, text);
  for(i = 0; i < count; i++){
    double h = 1e-4*p[i], keep = p[i], slope;
    p[i] = keep + h;
    slope = likelihood(&plan, p, unused);
    p[i] = keep - h;
    slope = (slope - likelihood(&plan, p, unused))/(2*h);
    p[i] = keep;
    snprintf(text, sizeof(text), "%s: gradient %s", name, btyd_parameter_name(m->model, i));
    check_near(g[i], slope, 1e-6*fmax(1, fabs(slope)) + 1e-9*fabs(value)/p[i], text);
  }
  btyd_plan_destroy(&plan);
}

static void check_gradients(void){
  static const struct { BtydModel model; double p[4]; } cases[] = {
    { BTYD_BGNBD, { .3, 30, .8, 2.5 } },
    { BTYD_MBGNBD, { .5, 40, .9, 1.6 } },
    { BTYD_PARETONBD, { .55, 74, .6, 82 } },
    { BTYD_PARETONBD, { 1.3, 200, 1, 3 } },
    { BTYD_PARETONBD, { 2, .5, .1, 900 } },
    { BTYD_NBD, { .4, 80, 0, 0 } },
  };
  BtydTable t = {0};
  BtydRow *sorted = 0;
  Btyd m = model_of(BTYD_PARETONBD, .55, 74, .6, 82);
  size_t i;
  check(simulated(&t, &m, 2000, 400), "simulate");
  check(btyd_table_add(&t, 900, 120, 380, 1) == STATUS_OK, "a frequent customer");
  check(btyd_table_sorted(&t, 0, &sorted) == STATUS_OK, "sort");
  for(i = 0; i < sizeof(cases)/sizeof(cases[0]); i++){
    m = model_of(cases[i].model, cases[i].p[0], cases[i].p[1], cases[i].p[2], cases[i].p[3]);
    check_gradient(btyd_operations(m.model)->search->likelihood, &m, sorted, t.count, btyd_model_name(m.model));
  }
  memory_free(sorted);
  btyd_table_destroy(&t);
}

/* ---- fits of simulated customers --------------------------------------------------------- */

static void check_recovery(const Btyd *m, int customers){
  BtydTable t = {0};
  BtydFit fit;
  int i;
  char text[80];
  check(simulated(&t, m, customers, 700), "simulate");
  check(btyd_fit(&t, m->model, 1, 0, &fit) == STATUS_OK && fit.status == BTYD_CONVERGED, "simulated fit converges");
  check(fit.customers == customers && fit.warnings == 0, "customers, no warnings");
  for(i = 0; i < btyd_parameter_count(m->model); i++){
    snprintf(text, sizeof(text), "%s recovers %s", btyd_model_name(m->model), btyd_parameter_name(m->model, i));
    check_near(fit.btyd.parameter[i], m->parameter[i], 4*fit.se[i] + .02*m->parameter[i], text);
  }
  btyd_table_destroy(&t);
}

static void check_statuses(void){
  BtydTable t = {0};
  BtydFit fit;
  Btyd m = model_of(BTYD_NBD, .8, 60, 0, 0);
  int i, ok = 1;
  check(btyd_fit(&t, BTYD_BGNBD, 1, 0, &fit) == STATUS_OK && fit.status == BTYD_TOO_FEW, "no customer");
  check(isnan(fit.btyd.parameter[0]) && isnan(fit.log_likelihood), "too few: no parameters");
  check(btyd_table_add(&t, 3, 20, 40, 1) == STATUS_OK, "add");
  check(btyd_fit(&t, BTYD_BGNBD, 1, 0, &fit) == STATUS_OK && fit.status == BTYD_TOO_FEW, "one customer");
  btyd_table_destroy(&t);
  for(i = 0; i < 600; i++) ok &= btyd_table_add(&t, 0, 0, 30 + i % 300, 1) == STATUS_OK;
  check(ok, "add buyers without a repeat");
  check(btyd_fit(&t, BTYD_PARETONBD, 1, 0, &fit) == STATUS_OK && fit.status == BTYD_TOO_FEW, "no repeaters");
  check((fit.warnings & BTYD_WARN_FEW_ORDERS) && !(fit.warnings & BTYD_WARN_FEW_CUSTOMERS), "warned of few orders");
  check(btyd_table_add(&t, 2, 50, 40, 1) == STATUS_OK, "add a history that breaks the rule");
  check(btyd_fit(&t, BTYD_NBD, 1, 0, &fit) == STATUS_INVALID, "it is refused");
  check(btyd_table_add(&t, 2, NAN, 40, 1) == STATUS_INVALID && btyd_table_add(&t, 2, 1, 40, 0) == STATUS_INVALID, "NaN, weight 0");
  btyd_table_destroy(&t);
  check(simulated(&t, &m, 4000, 400), "simulate NBD");
  for(i = 0; i < 3; i++){
    check(btyd_fit(&t, (BtydModel)i, 1, 0, &fit) == STATUS_OK && fit.status == BTYD_DROPOUT_NOT_IDENTIFIED, "no dropout there");
    check(fit.btyd.model == BTYD_NBD && fit.requested == (BtydModel)i && fit.lr_vs_nbd < 6, "the NBD stands in");
    check_near(fit.btyd.parameter[0], .8, 4*fit.se[0], "its r");
  }
  btyd_table_destroy(&t);
}

static void check_spend_fit(void){
  Btyd gg = model_of(BTYD_GAMMA_GAMMA, 4, 3.5, 20, 1);
  BtydTable t = {0};
  BtydFit fit;
  int i, ok = 1;
  check(gamma_gamma_fit(&t, 0, &fit) == STATUS_OK && fit.status == BTYD_TOO_FEW, "no spend");
  for(i = 0; i < 30000; i++){
    double x = 1 + i % 5, scale = gamma_draw(gg.parameter[1])/gg.parameter[2];
    double mean = gamma_draw(gg.parameter[0]*x)/scale/x;
    ok &= btyd_table_add(&t, x, mean, 0, 1) == STATUS_OK;
  }
  check(ok, "add spends");
  check(gamma_gamma_fit(&t, 0, &fit) == STATUS_OK && fit.status == BTYD_CONVERGED && fit.warnings == 0, "spend fit");
  for(i = 0; i < 3; i++) check_near(fit.btyd.parameter[i], gg.parameter[i], 4*fit.se[i], "spend fit recovers");
  check(btyd_table_add(&t, 2, 0, 0, 1) == STATUS_OK, "add no money");
  check(gamma_gamma_fit(&t, 0, &fit) == STATUS_INVALID, "zero money is refused");
  btyd_table_destroy(&t);
}

static int stop_at_once(void *context){ (void)context; return 1; }
static int stop_later(void *context){ return ++*(int*)context > 30; }

static void check_table(void){
  BtydTable one = {0}, left = {0}, right = {0};
  Btyd m = model_of(BTYD_BGNBD, .3, 30, .8, 2.5);
  BtydFit a, b;
  double x[3000], recency[3000], age[3000];
  int i, calls = 0, ok = 1;
  for(i = 0; i < 3000; i++){
    age[i] = floor(300*(0.5 + 0.5*uniform()));
    simulate(&m, age[i], &x[i], &recency[i]);
  }
  check(btyd_table_add_batch(&one, x, recency, age, 3000) == STATUS_OK, "batch");
  check(btyd_table_add_batch(&left, x + 1700, recency + 1700, age + 1700, 1300) == STATUS_OK, "batch");
  for(i = 0; i < 1700; i++) ok &= btyd_table_add(&right, x[i], recency[i], age[i], 1) == STATUS_OK;
  check(ok, "add one by one");
  check(btyd_table_merge(&left, &right) == STATUS_OK && left.count == one.count, "merge");
  check(btyd_fit(&one, BTYD_BGNBD, 1, 0, &a) == STATUS_OK && btyd_fit(&left, BTYD_BGNBD, 1, 0, &b) == STATUS_OK, "fits");
  check(memcmp(a.btyd.parameter, b.btyd.parameter, sizeof(a.btyd.parameter)) == 0 && a.log_likelihood == b.log_likelihood,
        "a merged state fits to the same bits");
  check(btyd_fit(&one, BTYD_PARETONBD, 1, &(Stop){ stop_at_once, 0 }, &a) == STATUS_INTERRUPTED, "interrupt at once");
  check(btyd_fit(&one, BTYD_PARETONBD, 1, &(Stop){ stop_later, &calls }, &a) == STATUS_INTERRUPTED, "interrupt later");
  btyd_table_destroy(&one);
  btyd_table_destroy(&left);
  btyd_table_destroy(&right);
}

/* ---- allocation faults -------------------------------------------------------------------- */

static sqlite3_mem_methods real_memory;
static int allocations_left = -1;         /* fail when it reaches 0; negative: never */

static int allocations;                   /* made or refused */

static int may_allocate(void){
  allocations++;
  return allocations_left < 0 || allocations_left-- > 0;
}
static void *faulty_malloc(int n){ return may_allocate() ? real_memory.xMalloc(n) : 0; }
static void *faulty_realloc(void *p, int n){ return may_allocate() ? real_memory.xRealloc(p, n) : 0; }

/* before anything allocates */
static int install_faults(void){
  sqlite3_mem_methods faulty;
  if( sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory) != SQLITE_OK ) return 0;
  faulty = real_memory;
  faulty.xMalloc = faulty_malloc;
  faulty.xRealloc = faulty_realloc;
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &faulty) == SQLITE_OK && sqlite3_initialize() == SQLITE_OK;
}

/* A likelihood over millions of rows is exact to some 1e-13 of itself only: where steps are too
** small to be seen in it, the gradient still leads to the optimum, from wherever it starts. */
static double noisy_value(void *context, const double *x, double *gradient){
  uint64_t bits[2];
  double a = x[0] - 1, b = x[1] + 0.5;
  (void)context;
  memcpy(bits, x, sizeof bits);
  bits[0] = (bits[0] ^ bits[1] << 17 ^ bits[1] >> 11)*UINT64_C(0x9e3779b97f4a7c15);
  gradient[0] = sinh(a) + 0.3*b;
  gradient[1] = 4*b*b*b + b + 0.3*a;
  return 1e5 + cosh(a) + b*b*b*b + b*b/2 + 0.3*a*b + 4e-8*((double)(bits[0] >> 11)/9007199254740992.0 - 0.5);
}
static void check_noise(void){
  const double lower[] = { -20, -20 }, upper[] = { 20, 20 };
  Objective o = { 2, noisy_value, 0, lower, upper, 1e-7, 200, 0 };
  int i, converged = 0;
  for(i = 0; i < 400; i++){
    double start[2];
    Optimum best;
    start[0] = 1 + (i % 20 - 9.5)/4;
    start[1] = (i/20 - 9.5)/8;
    converged += minimise(&o, start, &best) == OPTIMUM_CONVERGED;
  }
  check(converged == 400, "an optimum is found under the noise of the value");
}

/* The starts compete on a sample where there are many histories: one plan more is made, of a third
** of them.  The fit is over all. */
static int allocations_of(int rows){
  BtydTable t = {0};
  BtydFit fit;
  int i;
  for(i = 0; i < rows; i++){
    int frequency = i % 7;
    double recency = frequency ? 1 + i % 211 + i/1477*1e-3 : 0;
    if( btyd_table_add(&t, frequency, recency, 220 + i/7*1e-3, 1) != STATUS_OK ) exit(2);
  }
  allocations = 0;
  check(btyd_fit(&t, BTYD_BGNBD, 1, 0, &fit) == STATUS_OK, "fit of many histories");
  btyd_table_destroy(&t);
  return allocations;
}
static void check_sample(void){
  check(allocations_of(41000) > allocations_of(19000), "the starts compete on a sample");
}

/* everything that allocates, with the n-th allocation failing */
static Status faulty_run(int n, const BtydTable *source){
  BtydTable t = {0};
  BtydFit fit;
  Status rc;
  allocations_left = n;
  rc = btyd_table_add(&t, 1, 5, 30, 1);
  if( rc == STATUS_OK ) rc = btyd_table_merge(&t, source);
  if( rc == STATUS_OK ) rc = btyd_fit(&t, BTYD_BGNBD, 1, 0, &fit);
  btyd_table_destroy(&t);
  if( rc == STATUS_OK ) rc = btyd_table_add(&t, 2, 12.5, 0, 20);
  if( rc == STATUS_OK ) rc = gamma_gamma_fit(&t, 0, &fit);
  btyd_table_destroy(&t);
  allocations_left = -1;
  return rc;
}

static void check_faults(void){
  BtydTable source = {0};
  sqlite3_int64 base;
  Status rc = STATUS_NOMEM;
  int n, i;
  for(i = 0; i < 21000; i++){   /* so many that the starts use a sample */
    if( btyd_table_add(&source, i % 4, i % 4 ? 1 + i/40.0 : 0, 530 + i/150.0, 1) != STATUS_OK ) break;
  }
  check(i == 21000 && source.count == 21000, "distinct histories");
  base = sqlite3_memory_used();
  for(n = 0; n < 200 && rc == STATUS_NOMEM; n++){
    rc = faulty_run(n, &source);
    check(rc == STATUS_OK || rc == STATUS_NOMEM, "a failed allocation is out of memory");
    check(sqlite3_memory_used() == base, "and leaks nothing");
  }
  check(rc == STATUS_OK && n > 10, "in the end nothing fails");
  btyd_table_destroy(&source);
}

int main(int argc, char **argv){
  Btyd bg = model_of(BTYD_BGNBD, .4, 60, .8, 2.5), mbg = model_of(BTYD_MBGNBD, .6, 60, .8, 2.5);
  Btyd pareto = model_of(BTYD_PARETONBD, .6, 70, .7, 90), nbd = model_of(BTYD_NBD, .4, 80, 0, 0);
  check(install_faults(), "memory methods");
  check_special();
  check_probabilities();
  check_discounting();
  check_published_bgnbd();
  check_published_pareto();
  check_published_spend();
  check_gradients();
  check_recovery(&bg, 40000);
  check_recovery(&mbg, 40000);
  check_recovery(&pareto, 40000);
  check_recovery(&nbd, 40000);
  check_statuses();
  check_spend_fit();
  check_table();
  check_sample();
  check_noise();
  check_faults();
  if( argc > 1 ) check_grid(argv[1]);
  if( argc > 2 ) check_published_data(argv[2]);
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0;
}
