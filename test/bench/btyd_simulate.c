/*
** For the benchmark of predicted value: SQL functions that simulate one customer of a model.
**
**   simulate_bgnbd(i, r, alpha, a, b)      simulate_mbgnbd(i, r, alpha, a, b)
**   simulate_paretonbd(i, r, alpha, s, beta)
**
** Customer i is the same in every run and on every machine.  Times are in days; the age is
** 180 + i % 186, and the last purchase is put in the middle of its day: so days do not shift
** it.  The answer is frequency << 40 | 2*recency << 20 | age.
*/
#include <math.h>
#include <stdint.h>
#include "sqlite3ext.h"
SQLITE_EXTENSION_INIT1

typedef struct Random { uint64_t state; } Random;

/* splitmix64 (Steele et al. 2014), as a number in (0, 1) */
static double uniform(Random *g){
  uint64_t z = g->state += UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30))*UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27))*UINT64_C(0x94D049BB133111EB);
  return ((double)((z ^ (z >> 31)) >> 11) + 0.5)/9007199254740992.0;
}

static double exponential(Random *g, double rate){ return -log(uniform(g))/rate; }

static double normal(Random *g){                    /* Box, Muller 1958 */
  double radius = sqrt(-2*log(uniform(g)));
  return radius*cos(6.283185307179586*uniform(g));
}

static double gamma_of(Random *g, double shape){    /* Marsaglia, Tsang 2000 */
  double d, c, boost = 1;
  if( shape < 1 ){
    boost = pow(uniform(g), 1/shape);
    shape += 1;
  }
  d = shape - 1.0/3;
  c = 1/sqrt(9*d);
  for(;;){
    double x = normal(g), v = 1 + c*x;
    if( v <= 0 ) continue;
    v = v*v*v;
    if( log(uniform(g)) < x*x/2 + d - d*v + d*log(v) ) return boost*d*v;
  }
}

typedef enum Kind { BGNBD, MBGNBD, PARETONBD } Kind;

typedef struct History { int64_t frequency; double last; } History;

static History simulate(Kind kind, Random *g, const double *p, double age){
  History h = { 0, 0 };
  double rate = gamma_of(g, p[0])/p[1], first = gamma_of(g, p[2]), t = 0;
  double leave = 0;                                 /* chance after a purchase */
  if( kind==PARETONBD ){
    age = fmin(age, exponential(g, first/p[3]));
  }else{
    leave = first/(first + gamma_of(g, p[3]));
    if( kind==MBGNBD && uniform(g) < leave ) return h;
  }
  for(;;){
    t += exponential(g, rate);
    if( !(t < age) ) return h;
    h.frequency++;
    h.last = t;
    if( kind!=PARETONBD && uniform(g) < leave ) return h;
  }
}

static void simulate_call(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  const Kind *kind = sqlite3_user_data(ctx);
  int64_t i = sqlite3_value_int64(argv[0]), age = 180 + i % 186;
  Random g = { (uint64_t)i*UINT64_C(0xD1B54A32D192ED03) };
  double p[4];
  History h;
  int k;
  (void)argc;
  for(k=0; k<4; k++) p[k] = sqlite3_value_double(argv[1 + k]);
  h = simulate(*kind, &g, p, (double)age);
  sqlite3_result_int64(ctx, h.frequency << 40 | (h.frequency ? 2*(int64_t)h.last + 1 : 0) << 20 | age);
}

int sqlite3_btydsimulate_init(sqlite3 *db, char **message, const sqlite3_api_routines *api){
  static const Kind KIND[] = { BGNBD, MBGNBD, PARETONBD };
  static const char *const NAME[] = { "simulate_bgnbd", "simulate_mbgnbd", "simulate_paretonbd" };
  int k, rc = SQLITE_OK;
  SQLITE_EXTENSION_INIT2(api);
  (void)message;
  for(k=0; rc==SQLITE_OK && k<3; k++){
    rc = sqlite3_create_function(db, NAME[k], 5, SQLITE_UTF8|SQLITE_DETERMINISTIC, (void*)&KIND[k], simulate_call, 0, 0);
  }
  return rc;
}
