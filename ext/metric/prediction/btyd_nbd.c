/*
** NBD: purchases at a rate that is Gamma(r, alpha) over customers, nobody leaves
** (Ehrenberg 1959).  ln L = ln Gamma(r+x)/Gamma(r) + r ln alpha - (r+x) ln(alpha+T).
*/
#include "metric/prediction/btyd_internal.h"

#include <math.h>

#include "base/maths/special.h"

static double nbd_log_likelihood(const Btyd *m, double x, double recency, double age){
  double r = m->parameter[0], alpha = m->parameter[1];
  (void)recency;
  return log_gamma_ratio(r, x) - r*log1p(age/alpha) - x*log(alpha + age);
}

static double nbd_plan_likelihood(BtydPlan *plan, const double *parameter, double *gradient){
  double r = parameter[0], alpha = parameter[1], value = 0;
  size_t g, i;
  gradient[0] = gradient[1] = 0;
  for(g = 0; g < plan->groups; g++){
    const PlanGroup *group = &plan->group[g];
    double x = group->frequency, logs = 0, inverses = 0;
    for(i = group->time; i < group->time_end; i++){
      if( stop_asked_at(plan->stop, i) ) return NAN;
      plan->time[i].log_alpha = log(alpha + plan->time[i].time);
    }
    for(i = group->row; i < group->row_end; i++){
      const PlanTime *age = &plan->time[plan->row[i].age];
      if( stop_asked_at(plan->stop, i) ) return NAN;
      logs += plan->row[i].weight*age->log_alpha;
      inverses += plan->row[i].weight/(alpha + age->time);
    }
    value += group->weight*(log_gamma_ratio(r, x) + r*log(alpha)) - (r + x)*logs;
    gradient[0] += group->weight*(digamma(r + x) - digamma(r) + log(alpha)) - logs;
    gradient[1] += group->weight*r/alpha - (r + x)*inverses;
  }
  return value;
}

static double nbd_alive_purchases(const Btyd *m, double x, double age, double horizon){
  return (m->parameter[0] + x)*horizon/(m->parameter[1] + age);
}

double nbd_log_mass(double r, double alpha, double n, double t){
  double stay = -r*log1p(t/alpha);
  if( n == 0 ) return stay;
  return -log_beta(r, n) - log(n) + stay - n*log1p(alpha/t);
}

static double nbd_prob_purchases(const Btyd *m, double n, double t){
  return exp(nbd_log_mass(m->parameter[0], m->parameter[1], n, t));
}

static double nbd_p_alive(const Btyd *m, double x, double recency, double age){
  (void)m; (void)x; (void)recency; (void)age;
  return 1;
}

static double nbd_expected_new(const Btyd *m, double t){ return nbd_alive_purchases(m, 0, 0, t); }

double nbd_time_scale(const Btyd *m, double x, double age){ return (m->parameter[1] + age)/(m->parameter[0] + x + 1); }

static const BtydSearch NBD_SEARCH = {
  nbd_plan_likelihood, { BTYD_SHAPE_LOW, BTYD_RATIO_LOW, 0, 0 }, { BTYD_SHAPE_HIGH, BTYD_RATIO_HIGH, 0, 0 }, { { 0, 0 } }, 1u << 1
};
const BtydOperations NBD_OPERATIONS = {
  .name = "nbd", .parameters = 2, .parameter = { "r", "alpha", 0, 0 },
  .log_likelihood = nbd_log_likelihood, .p_alive = nbd_p_alive, .alive_purchases = nbd_alive_purchases,
  .expected_new = nbd_expected_new, .prob_purchases = nbd_prob_purchases, .time_scale = nbd_time_scale,
  .search = &NBD_SEARCH
};
