/*
** BG/NBD and MBG/NBD.  Both toss a coin of chance p ~ Beta(a, b) to leave: BG after each
** repeat purchase, MBG after the first purchase too.  With c = coins tossed (x, or x + 1)
** and R = r + x they share one likelihood,
**   L = Gamma(R)/Gamma(r) alpha^r { B(a, b+c)/B(a,b) (alpha+T)^-R
**                                  + [c > 0] B(a+1, b+c-1)/B(a,b) (alpha+tx)^-R },
** the first term "still there", the second "left at tx" (Fader, Hardie, Lee 2005 eq. 6;
** Batislam et al. 2007).  It is taken as a log-sum-exp.
**
** An alive customer buys (1 - exp(-lambda p h))/p times in h, so given the history
**   E = integral over p of g(p) Beta(p; a, b+c),  g(p) = (1 - (1 + p z)^-R)/p,  z = h/(alpha+T).
** g is smooth on (0,1), hence no pole at a = 1 and no trouble for a + b < 1, where the
** usual 2F1 form fails.  Expanded in 1-p, with N ~ negative binomial(R, z/(1+z)):
**   E = sum over k of P(N = k) W_k,  W_k = sum over n < k of (b+c)_n/(a+b+c)_n,
** all terms positive; where that sum is long, the integral is taken numerically.
*/
#include "metric/prediction/btyd_internal.h"

#include <math.h>

#include "base/maths/quadrature.h"
#include "base/maths/special.h"

#define SERIES_MEAN 150.0         /* the sum serves up to this mean of N ... */
#define SERIES_RATIO 0.9          /* ... and up to this z/(1+z): some 400 terms at most */
#define SERIES_TERMS 5000
#define SERIES_NEGLIGIBLE 1e-17
#define WIDEST_PEAK 1.5           /* scale of the quadrature when the density has no peak */

static double coins(const Btyd *m, double x){
  return m->model == BTYD_MBGNBD ? x + 1 : x;
}

/* ln of (chance of "left at tx") / (chance of "still there") */
static double log_odds_left(const Btyd *m, double x, double recency, double age){
  double r = m->parameter[0], alpha = m->parameter[1], a = m->parameter[2], b = m->parameter[3];
  double c = coins(m, x);
  if( c == 0 ) return -INFINITY;
  return log(a/(b + (c - 1))) + (r + x)*log1p((age - recency)/(alpha + recency));
}

static double bgnbd_log_likelihood(const Btyd *m, double x, double recency, double age){
  double r = m->parameter[0], alpha = m->parameter[1], a = m->parameter[2], b = m->parameter[3];
  double there = log_gamma_ratio(b, coins(m, x)) - log_gamma_ratio(a + b, coins(m, x))
               - r*log1p(age/alpha) - x*log(alpha + age);
  return log_gamma_ratio(r, x) + there + log1p_exp(log_odds_left(m, x, recency, age));
}

static double bgnbd_p_alive(const Btyd *m, double x, double recency, double age){
  return logistic(-log_odds_left(m, x, recency, age));
}

/* ---- the likelihood of all customers ------------------------------------------------- */

/* sums over one group of what depends on a customer's times */
typedef struct GroupSums { double value, logs, inverses, left; } GroupSums;

/* 0: the user wants to stop. */
static int sum_group(BtydPlan *plan, const PlanGroup *group, double r, double alpha, double odds, GroupSums *out){
  double R = r + group->frequency;
  GroupSums s = {0, 0, 0, 0};
  uint32_t i;
  for(i = group->time; i < group->time_end; i++){
    PlanTime *t = &plan->time[i];
    if( stop_asked_at(plan->stop, i) ) return 0;
    t->log_alpha = log(alpha + t->time);
    t->u.inverse_alpha = 1/(alpha + t->time);
  }
  for(i = group->row; i < group->row_end; i++){
    const PlanTime *age = &plan->time[plan->row[i].age], *recency = &plan->time[plan->row[i].recency];
    double weight = plan->row[i].weight;
    if( stop_asked_at(plan->stop, i) ) return 0;
    double d = odds + R*(age->log_alpha - recency->log_alpha);
    double e = exp(-fabs(d)), left = (d > 0 ? 1 : e)/(1 + e);
    s.value += weight*((d > 0 ? d : 0) + log1p(e) - R*age->log_alpha);
    s.logs += weight*(age->log_alpha + left*(recency->log_alpha - age->log_alpha));
    s.inverses += weight*(age->u.inverse_alpha + left*(recency->u.inverse_alpha - age->u.inverse_alpha));
    s.left += weight*left;
  }
  *out = s;
  return 1;
}

/* toss = 1 when a coin is tossed after the first purchase too */
static double plan_likelihood(BtydPlan *plan, const double *parameter, double *gradient, int toss){
  double r = parameter[0], alpha = parameter[1], a = parameter[2], b = parameter[3], value = 0;
  size_t g;
  memset(gradient, 0, BTYD_PARAMETERS*sizeof(double));
  for(g = 0; g < plan->groups; g++){
    const PlanGroup *group = &plan->group[g];
    double x = group->frequency, c = x + toss, w = group->weight, stay;
    GroupSums s;
    if( !sum_group(plan, group, r, alpha, c > 0 ? log(a/(b + (c - 1))) : -INFINITY, &s) ) return NAN;
    value += w*(log_gamma_ratio(r, x) + r*log(alpha) + log_gamma_ratio(b, c) - log_gamma_ratio(a + b, c)) + s.value;
    gradient[0] += w*(digamma(r + x) - digamma(r) + log(alpha)) - s.logs;
    gradient[1] += w*r/alpha - (r + x)*s.inverses;
    stay = digamma(a + b) - digamma(a + b + c);
    gradient[2] += w*stay + s.left/a;
    gradient[3] += w*(stay + digamma(b + c) - digamma(b)) - (c > 0 ? s.left/(b + (c - 1)) : 0);
  }
  return value;
}

static double bgnbd_plan_likelihood(BtydPlan *plan, const double *parameter, double *gradient){
  return plan_likelihood(plan, parameter, gradient, 0);
}

static double mbgnbd_plan_likelihood(BtydPlan *plan, const double *parameter, double *gradient){
  return plan_likelihood(plan, parameter, gradient, 1);
}

/* ---- purchases of an alive customer --------------------------------------------------- */

/* E above as the sum over k; R z moderate */
static double purchases_series(double R, double z, double a, double b){
  double y = z/(1 + z), mass = exp(-R*log1p(z)), w = 1, partial = 0, sum = 0;
  int k;
  for(k = 0; k < SERIES_TERMS; k++){
    double ratio = (R + k)/(k + 1)*y, term = mass*partial;
    sum += term;
    if( ratio < 1 && k > 0 && term <= SERIES_NEGLIGIBLE*sum*(1 - ratio) ) break;
    mass *= ratio;
    partial += w;
    w *= (b + k)/(a + b + k);
  }
  return sum;
}

typedef struct PurchaseIntegral {
  double R, z, a, b;
  double log_peak;                /* ln of the density in u at its mode, to stay in range */
} PurchaseIntegral;

/* ln of p^a (1-p)^b at p = logistic(u): the Beta density in u = ln(p/(1-p)) */
static double log_density(double a, double b, double u){
  return -a*log1p_exp(-u) - b*log1p_exp(u);
}

/* value[0] = g(p) density, value[1] = density */
static void purchase_integrand(const void *context, double u, double value[2]){
  const PurchaseIntegral *q = context;
  double p = logistic(u), pz = p*q->z;
  double g = pz*q->R < 1e-17 ? q->R*q->z : -expm1(-q->R*log1p(pz))/p;
  value[1] = exp(log_density(q->a, q->b, u) - q->log_peak);
  value[0] = g*value[1];
}

static double purchases_integral(double R, double z, double a, double b){
  PurchaseIntegral q;
  double mode = log(a/b), curvature = a*b/(a + b), sums[2];
  q.R = R;
  q.z = z;
  q.a = a;
  q.b = b;
  q.log_peak = log_density(a, b, mode);
  integrate_line(purchase_integrand, &q, mode, fmin(WIDEST_PEAK, 1/sqrt(curvature)), sums);
  return sums[0]/sums[1];
}

/* E above for Beta(a, b) */
static double purchases(double R, double z, double a, double b){
  if( R*z <= SERIES_MEAN && z/(1 + z) <= SERIES_RATIO ) return purchases_series(R, z, a, b);
  return purchases_integral(R, z, a, b);
}

static double bgnbd_alive_purchases(const Btyd *m, double x, double age, double horizon){
  double a = m->parameter[2], b = m->parameter[3];
  return purchases(m->parameter[0] + x, horizon/(m->parameter[1] + age), a, b + coins(m, x));
}

/* A new MBG customer first passes a coin: the mean of (1-p) g(p). */
static double bgnbd_expected_new(const Btyd *m, double t){
  double a = m->parameter[2], b = m->parameter[3], z = t/m->parameter[1];
  if( m->model == BTYD_MBGNBD ) return b/(a + b)*purchases(m->parameter[0], z, a, b + 1);
  return purchases(m->parameter[0], z, a, b);
}

/* n purchases: passed all coins and the NBD stands at n, or left at the n-th purchase,
** which came in time: P(NBD >= n), an incomplete beta. */
static double bgnbd_prob_purchases(const Btyd *m, double n, double t){
  double r = m->parameter[0], alpha = m->parameter[1], a = m->parameter[2], b = m->parameter[3];
  double c = coins(m, n), there, left;
  there = exp(log_beta(a, b + c) - log_beta(a, b) + nbd_log_mass(r, alpha, n, t));
  if( c == 0 ) return there;
  left = exp(log_beta(a + 1, b + (c - 1)) - log_beta(a, b));
  if( n > 0 ) left *= incomplete_beta(n, r, t/(alpha + t), alpha/(alpha + t));
  return there + left;
}

static const BtydSearch BGNBD_SEARCH = {
  bgnbd_plan_likelihood,
  { BTYD_SHAPE_LOW, BTYD_RATIO_LOW, BTYD_SHAPE_LOW, BTYD_RATIO_LOW },
  { BTYD_SHAPE_HIGH, BTYD_RATIO_HIGH, BTYD_SHAPE_HIGH, BTYD_RATIO_HIGH },
  { { 0.5, 1.5 }, { 1, 5 }, { 0.2, 5 }, { 3, 3 } }, 1u << 1
};
const BtydOperations BGNBD_OPERATIONS = {
  .name = "bgnbd", .parameters = 4, .parameter = { "r", "alpha", "a", "b" },
  .log_likelihood = bgnbd_log_likelihood, .p_alive = bgnbd_p_alive, .alive_purchases = bgnbd_alive_purchases,
  .expected_new = bgnbd_expected_new, .prob_purchases = bgnbd_prob_purchases, .time_scale = nbd_time_scale,
  .search = &BGNBD_SEARCH
};
static const BtydSearch MBGNBD_SEARCH = {
  mbgnbd_plan_likelihood,
  { BTYD_SHAPE_LOW, BTYD_RATIO_LOW, BTYD_SHAPE_LOW, BTYD_RATIO_LOW },
  { BTYD_SHAPE_HIGH, BTYD_RATIO_HIGH, BTYD_SHAPE_HIGH, BTYD_RATIO_HIGH },
  { { 0.5, 1.5 }, { 1, 5 }, { 0.2, 5 }, { 3, 3 } }, 1u << 1
};
const BtydOperations MBGNBD_OPERATIONS = {
  .name = "mbgnbd", .parameters = 4, .parameter = { "r", "alpha", "a", "b" },
  .log_likelihood = bgnbd_log_likelihood, .p_alive = bgnbd_p_alive, .alive_purchases = bgnbd_alive_purchases,
  .expected_new = bgnbd_expected_new, .prob_purchases = bgnbd_prob_purchases, .time_scale = nbd_time_scale,
  .search = &MBGNBD_SEARCH
};
