/*
** Pareto/NBD (Schmittlein, Morrison, Colombo 1987).  With R = r + x and
**   f(y) = (alpha+y)^-R (beta+y)^-(s+1)
** the likelihood of a history is
**   L = Gamma(R)/Gamma(r) alpha^r beta^s { (alpha+T)^-R (beta+T)^-s + s * integral over tx...T of f }
** (still there, or left at y).  The literature writes the integral as a difference of two
** 2F1 (Fader, Hardie 2005, "A Note on Deriving the Pareto/NBD Model"), which cancels and
** needs a case for alpha = beta; here the positive integrand is integrated itself, in
** w = ln(m + y), m = min(alpha, beta), where its singularities stay a distance pi away.
** All values are relative to f at the lower end, so that nothing overflows.
*/
#include "metric/prediction/btyd_internal.h"

#include <math.h>

#include "base/maths/quadrature.h"
#include "base/maths/special.h"

#define PANEL_WIDTH 1.0           /* in w */
#define PANEL_DROP 4.0            /* exponent that f may fall by in a panel, to first order */
#define NEGLIGIBLE_EXPONENT 45.0  /* f has fallen by exp(-this): the rest is dropped */
#define SHORT_GAP 0.5             /* a gap this short against all scales takes the 4-point rule */

typedef struct Decay { double alpha, beta, R, s; } Decay;

/* Panels in w: where y stands from `from` in the scale of `low`, the smaller of alpha and
** beta, whose factor of f is then exp(-w exponent) exactly. */
typedef struct Walk {
  double from, base;              /* base = low + from: y = from + base (exp(w) - 1) */
  double high;                    /* the larger of alpha and beta, plus from */
  double low_exponent, high_exponent;
  double w, end;
} Walk;

static void walk_begin(Walk *k, const Decay *d, double from, double to){
  int alpha_low = d->alpha < d->beta;
  k->from = from;
  k->base = (alpha_low ? d->alpha : d->beta) + from;
  k->high = (alpha_low ? d->beta : d->alpha) + from;
  k->low_exponent = alpha_low ? d->R : d->s + 1;
  k->high_exponent = alpha_low ? d->s + 1 : d->R;
  k->w = 0;
  k->end = log1p((to - from)/k->base);
}

/* ln f(from)/f(from + step) */
static double walk_fall(const Walk *k, double w, double step){
  return k->low_exponent*w + k->high_exponent*log1p(step/k->high);
}

/* the width of the panel that begins at k->w, 0 at the end; f falls at a rate that only grows with w */
static double walk_width(const Walk *k){
  double step = k->base*expm1(k->w), rate;
  if( k->w >= k->end || walk_fall(k, k->w, step) > NEGLIGIBLE_EXPONENT ) return 0;
  rate = k->low_exponent + k->high_exponent*(k->base + step)/(k->high + step);
  return fmin(fmin(PANEL_WIDTH, PANEL_DROP/rate), k->end - k->w);
}

/* to the next panel; the end is reached exactly */
static void walk_on(Walk *k, double width){
  k->w = width >= k->end - k->w ? k->end : k->w + width;
}

/* ---- one customer ---------------------------------------------------------------------- */

/* the integral over from...to of f(y)/f(from) */
static double relative_integral(const Decay *d, double from, double to){
  double sum = 0, width;
  Walk k;
  walk_begin(&k, d, from, to);
  for(; (width = walk_width(&k)) > 0; walk_on(&k, width)){
    double panel = 0;
    int i, side;
    for(i = 0; i < GAUSS_LONG_HALF; i++){
      for(side = -1; side <= 1; side += 2){
        double w = k.w + width/2*(1 + side*gauss_long_node[i]), step = k.base*expm1(w);
        panel += gauss_long_weight[i]*exp(-walk_fall(&k, w, step))*(k.base + step);
      }
    }
    sum += width/2*panel;
  }
  return sum;
}

/* ln of (chance of "left between tx and T") / (chance of "still there") */
static double log_odds_left(const Btyd *m, double x, double recency, double age){
  Decay d;
  double gap = age - recency;
  if( !(gap > 0) ) return -INFINITY;
  d.R = m->parameter[0] + x;
  d.alpha = m->parameter[1];
  d.s = m->parameter[2];
  d.beta = m->parameter[3];
  return log(d.s*relative_integral(&d, recency, age)/(d.beta + recency))
       + d.R*log1p(gap/(d.alpha + recency)) + d.s*log1p(gap/(d.beta + recency));
}

static double pareto_log_likelihood(const Btyd *m, double x, double recency, double age){
  double r = m->parameter[0], alpha = m->parameter[1], s = m->parameter[2], beta = m->parameter[3];
  return log_gamma_ratio(r, x) - r*log1p(age/alpha) - x*log(alpha + age) - s*log1p(age/beta)
       + log1p_exp(log_odds_left(m, x, recency, age));
}

static double pareto_p_alive(const Btyd *m, double x, double recency, double age){
  return logistic(-log_odds_left(m, x, recency, age));
}

/* Mean of (lambda/mu)(1 - exp(-mu h)), lambda ~ Gamma(R, alpha'), mu ~ Gamma(s, beta'):
** R/alpha' * beta'/(s-1) (1 - (beta'/(beta'+h))^(s-1)); at s = 1 the logarithm is its limit. */
static double alive_purchases(double R, double alpha, double s, double beta, double horizon){
  double span = log1p(horizon/beta), v = (s - 1)*span;
  double shrink = v == 0 ? 1 : -expm1(-v)/v;
  return R/alpha*beta*span*shrink;
}

static double pareto_alive_purchases(const Btyd *m, double x, double age, double horizon){
  const double *p = m->parameter;
  return alive_purchases(p[0] + x, p[1] + age, p[2], p[3] + age, horizon);
}

static double pareto_expected_new(const Btyd *m, double t){
  const double *p = m->parameter;
  return alive_purchases(p[0], p[1], p[2], p[3], t);
}

/* ---- the number of purchases of a new customer ----------------------------------------- */

/* n purchases before leaving at y in (0, t):
**   Gamma(r+n)/(Gamma(r) n!) * integral of (alpha/(alpha+y))^r (y/(alpha+y))^n s beta^s/(beta+y)^(s+1) dy,
** in u with y = t logistic(u). */
typedef struct LeftAfter { double r, alpha, s, beta, n, t, log_peak; } LeftAfter;

static double log_left_after(const LeftAfter *q, double u){
  double y = q->t*logistic(u);
  double value = -q->r*log1p(y/q->alpha) - (q->s + 1)*log1p(y/q->beta) - log1p_exp(-u) - log1p_exp(u);
  return q->n > 0 ? value - q->n*log1p(q->alpha/y) : value;
}

static void left_after_integrand(const void *context, double u, double value[2]){
  const LeftAfter *q = context;
  value[0] = value[1] = exp(log_left_after(q, u) - q->log_peak);
}

/* the mode, by golden-section search on the unimodal integrand */
static double left_after_mode(const LeftAfter *q){
  const double golden = 0.61803398874989485;
  double lo = -60, hi = 60, a, b;
  int i;
  for(i = 0; i < 60; i++){
    a = hi - golden*(hi - lo);
    b = lo + golden*(hi - lo);
    if( log_left_after(q, a) < log_left_after(q, b) ) lo = a;
    else hi = b;
  }
  return (lo + hi)/2;
}

static double log_left_integral(LeftAfter *q){
  double mode = left_after_mode(q), h = 1e-3, curvature, sums[2];
  q->log_peak = log_left_after(q, mode);
  curvature = (2*q->log_peak - log_left_after(q, mode - h) - log_left_after(q, mode + h))/(h*h);
  integrate_line(left_after_integrand, q, mode, 1/sqrt(fmax(curvature, 0.5)), sums);
  return q->log_peak + log(sums[0]);
}

static double pareto_prob_purchases(const Btyd *m, double n, double t){
  LeftAfter q;
  double there, left;
  q.r = m->parameter[0];
  q.alpha = m->parameter[1];
  q.s = m->parameter[2];
  q.beta = m->parameter[3];
  q.n = n;
  q.t = t;
  there = nbd_log_mass(q.r, q.alpha, n, t) - q.s*log1p(t/q.beta);
  left = log_left_integral(&q) + log(q.s*t/q.beta);
  if( n > 0 ) left -= log_beta(q.r, n) + log(n);
  return exp(there) + exp(left);
}

/* ---- the likelihood of all customers ----------------------------------------------------
** For each distinct time t of a group, tail[] holds the integrals from t to the group's
** last time of f(y)/f(t) times 1, d ln f/d alpha, d ln f/d beta, d ln f/dr, d ln f/ds.
** They are accumulated downward, gap by gap; a customer's integral is then
**   f(tx) tail(tx) - f(T) tail(T),
** so the work per evaluation is that of the distinct (x, time), not of the customers. */
enum { TAIL, TAIL_ALPHA, TAIL_BETA, TAIL_R, TAIL_S, TAILS };
#define TIMES_PER_QUESTION 1024

/* adds weight * f(y)/f(from) * (1, derivatives) */
static void add_node(const Decay *d, const PlanTime *from, double y, double weight, double sum[TAILS]){
  double log_alpha = log(d->alpha + y), log_beta_y = log(d->beta + y);
  double f = weight*exp(d->R*(from->log_alpha - log_alpha) + (d->s + 1)*(from->u.log_beta - log_beta_y));
  sum[TAIL] += f;
  sum[TAIL_ALPHA] -= f*d->R/(d->alpha + y);
  sum[TAIL_BETA] -= f*(d->s + 1)/(d->beta + y);
  sum[TAIL_R] -= f*log_alpha;
  sum[TAIL_S] -= f*log_beta_y;
}

static void add_short_gap(const Decay *d, const PlanTime *from, double to, double sum[TAILS]){
  double half = (to - from->time)/2, middle = from->time + half;
  int i;
  for(i = 0; i < GAUSS_SHORT_HALF; i++){
    double step = half*gauss_short_node[i], weight = half*gauss_short_weight[i];
    add_node(d, from, middle - step, weight, sum);
    add_node(d, from, middle + step, weight, sum);
  }
}

static void add_long_gap(const Decay *d, const PlanTime *from, double to, double sum[TAILS]){
  double width;
  Walk k;
  walk_begin(&k, d, from->time, to);
  for(; (width = walk_width(&k)) > 0; walk_on(&k, width)){
    int i, side;
    for(i = 0; i < GAUSS_LONG_HALF; i++){
      for(side = -1; side <= 1; side += 2){
        double step = k.base*expm1(k.w + width/2*(1 + side*gauss_long_node[i]));
        add_node(d, from, from->time + step, width/2*gauss_long_weight[i]*(k.base + step), sum);
      }
    }
  }
}

/* 0: the user wants to stop.  A time takes some microseconds. */
static int fill_tails(BtydPlan *plan, const PlanGroup *group, const Decay *d){
  uint32_t i;
  int k;
  for(i = group->time_end; i-- > group->time; ){
    PlanTime *t = &plan->time[i];
    double sum[TAILS] = {0, 0, 0, 0, 0};
    if( i % TIMES_PER_QUESTION == TIMES_PER_QUESTION - 1 && stop_asked(plan->stop) ) return 0;
    t->log_alpha = log(d->alpha + t->time);
    t->u.log_beta = log(d->beta + t->time);
    if( i + 1 < group->time_end ){
      const PlanTime *next = t + 1;
      double gap = next->time - t->time, low = fmin(d->alpha, d->beta) + t->time;
      double scales = 1/low + d->R/(d->alpha + t->time) + (d->s + 1)/(d->beta + t->time);
      double ratio = exp(d->R*(t->log_alpha - next->log_alpha) + (d->s + 1)*(t->u.log_beta - next->u.log_beta));
      if( gap*scales < SHORT_GAP ) add_short_gap(d, t, next->time, sum);
      else add_long_gap(d, t, next->time, sum);
      for(k = 0; k < TAILS; k++) sum[k] += ratio*next->tail[k];
    }
    memcpy(t->tail, sum, sizeof(sum));
  }
  return 1;
}

/* Adds a group's rows; the braces of L are f(tx) * total. */
static double sum_group(const BtydPlan *plan, const PlanGroup *group, const Decay *d, double *gradient){
  double value = 0, g[BTYD_PARAMETERS] = {0, 0, 0, 0};
  uint32_t i;
  for(i = group->row; i < group->row_end; i++){
    const PlanTime *age = &plan->time[plan->row[i].age], *last = &plan->time[plan->row[i].recency];
    double weight = plan->row[i].weight;
    if( stop_asked_at(plan->stop, i) ) return NAN;
    double log_f = -d->R*last->log_alpha - (d->s + 1)*last->u.log_beta;
    double ratio = exp(-d->R*age->log_alpha - (d->s + 1)*age->u.log_beta - log_f);
    double there = ratio*(d->beta + age->time), left = last->tail[TAIL] - ratio*age->tail[TAIL];
    double total = there + d->s*left, share = weight/total;
    value += weight*(log_f + log(total));
    g[0] += share*(d->s*(last->tail[TAIL_R] - ratio*age->tail[TAIL_R]) - there*age->log_alpha);
    g[1] += share*(d->s*(last->tail[TAIL_ALPHA] - ratio*age->tail[TAIL_ALPHA]) - there*d->R/(d->alpha + age->time));
    g[2] += share*(d->s*(last->tail[TAIL_S] - ratio*age->tail[TAIL_S]) + left - there*age->u.log_beta);
    g[3] += share*(d->s*(last->tail[TAIL_BETA] - ratio*age->tail[TAIL_BETA]) - ratio*d->s);
  }
  for(i = 0; i < BTYD_PARAMETERS; i++) gradient[i] += g[i];
  return value;
}

static double pareto_plan_likelihood(BtydPlan *plan, const double *parameter, double *gradient){
  double r = parameter[0], value = 0;
  Decay d;
  size_t i;
  d.alpha = parameter[1];
  d.s = parameter[2];
  d.beta = parameter[3];
  memset(gradient, 0, BTYD_PARAMETERS*sizeof(double));
  for(i = 0; i < plan->groups; i++){
    const PlanGroup *group = &plan->group[i];
    double x = group->frequency, w = group->weight;
    d.R = r + x;
    if( !fill_tails(plan, group, &d) ) return NAN;
    value += sum_group(plan, group, &d, gradient);
    value += w*(log_gamma_ratio(r, x) + r*log(d.alpha) + d.s*log(d.beta));
    gradient[0] += w*(digamma(r + x) - digamma(r) + log(d.alpha));
    gradient[1] += w*r/d.alpha;
    gradient[2] += w*log(d.beta);
    gradient[3] += w*d.s/d.beta;
  }
  return value;
}

/* Dropout decides on what time E bends. */
static double pareto_time_scale(const Btyd *m, double x, double age){
  (void)x;
  return (m->parameter[3] + age)/(m->parameter[2] + 1);
}

static const BtydSearch PARETO_SEARCH = {
  pareto_plan_likelihood,
  { BTYD_SHAPE_LOW, BTYD_RATIO_LOW, BTYD_SHAPE_LOW, BTYD_RATIO_LOW },
  { BTYD_SHAPE_HIGH, BTYD_RATIO_HIGH, BTYD_SHAPE_HIGH, BTYD_RATIO_HIGH },
  { { 0.5, 0.5 }, { 1, 1 }, { 0.3, 2 }, { 2, 1 } }, 1u << 1 | 1u << 3
};
const BtydOperations PARETO_OPERATIONS = {
  .name = "paretonbd", .parameters = 4, .parameter = { "r", "alpha", "s", "beta" },
  .log_likelihood = pareto_log_likelihood, .p_alive = pareto_p_alive, .alive_purchases = pareto_alive_purchases,
  .expected_new = pareto_expected_new, .prob_purchases = pareto_prob_purchases, .time_scale = pareto_time_scale,
  .search = &PARETO_SEARCH
};
