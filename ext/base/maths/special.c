/* Special functions: contracts and sources in special.h. */
#include "base/maths/special.h"

#include <math.h>

#define STIRLING_FROM 10.0                  /* the series below holds 1e-16 from here on */
#define HALF_LOG_2PI 0.91893853320467274178
#define FRACTION_STEPS 20000
#define FRACTION_TINY 1e-300
#define FRACTION_EPSILON 1e-16

/* ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi)/2), x >= STIRLING_FROM */
static double stirling_rest(double x){
  double z = 1/(x*x);
  double sum = 1.0/156;
  sum = sum*z - 691.0/360360;
  sum = sum*z + 1.0/1188;
  sum = sum*z - 1.0/1680;
  sum = sum*z + 1.0/1260;
  sum = sum*z - 1.0/360;
  sum = sum*z + 1.0/12;
  return sum/x;
}

double log_gamma(double x){
  double shift = 1;
  if( !(x > 0) ) return NAN;
  while( x < STIRLING_FROM ) shift *= x++;
  return (x - 0.5)*log(x) - x + HALF_LOG_2PI + stirling_rest(x) - log(shift);
}

double digamma(double x){
  double shift = 0, z, sum;
  if( !(x > 0) ) return NAN;
  while( x < STIRLING_FROM ) shift += 1/x++;
  z = 1/(x*x);
  sum = 1.0/12;
  sum = sum*z - 691.0/32760;
  sum = sum*z + 1.0/132;
  sum = sum*z - 1.0/240;
  sum = sum*z + 1.0/252;
  sum = sum*z - 1.0/120;
  sum = sum*z + 1.0/12;
  return log(x) - 0.5/x - sum*z - shift;
}

double log_gamma_ratio(double x, double n){
  if( !(x > 0) || !(n >= 0) ) return NAN;
  if( x < STIRLING_FROM ) return log_gamma(x + n) - log_gamma(x);
  return (x - 0.5)*log1p(n/x) + n*(log(x + n) - 1) + stirling_rest(x + n) - stirling_rest(x);
}

double log_beta(double a, double b){
  if( a > b ){ double t = a; a = b; b = t; }
  if( !(a > 0) ) return NAN;
  if( a < STIRLING_FROM ) return log_gamma(a) - log_gamma_ratio(b, a);
  return (a - 0.5)*log(a/(a + b)) - 0.5*log(a + b) - (b - 0.5)*log1p(a/b)
       + HALF_LOG_2PI + stirling_rest(a) + stirling_rest(b) - stirling_rest(a + b);
}

double log1p_exp(double d){
  return d > 0 ? d + log1p(exp(-d)) : log1p(exp(d));
}

double logistic(double d){
  double e = exp(-fabs(d));
  return d > 0 ? 1/(1 + e) : e/(1 + e);
}

static double away_from_zero(double v){
  return fabs(v) < FRACTION_TINY ? FRACTION_TINY : v;
}

double beta_fraction(double a, double b, double x){
  double c = 1, d = 1/away_from_zero(1 - (a + b)*x/(a + 1)), h = d;
  int m;
  for(m = 1; m <= FRACTION_STEPS; m++){
    double term = m*(b - m)*x/((a + 2*m - 1)*(a + 2*m)), delta;
    d = 1/away_from_zero(1 + term*d);
    c = away_from_zero(1 + term/c);
    h *= d*c;
    term = -(a + m)*(a + b + m)*x/((a + 2*m)*(a + 2*m + 1));
    d = 1/away_from_zero(1 + term*d);
    c = away_from_zero(1 + term/c);
    delta = d*c;
    h *= delta;
    if( fabs(delta - 1) <= FRACTION_EPSILON ) break;
  }
  return h;
}

double incomplete_beta(double a, double b, double x, double y){
  double log_front;
  if( !(a > 0 && b > 0) || !(x >= 0 && y >= 0) ) return NAN;
  if( x == 0 ) return 0;
  if( y == 0 ) return 1;
  log_front = a*(x < 0.5 ? log(x) : log1p(-y)) + b*(y < 0.5 ? log(y) : log1p(-x)) - log_beta(a, b);
  if( x < (a + 1)/(a + b + 2) ) return exp(log_front)*beta_fraction(a, b, x)/a;
  return 1 - exp(log_front)*beta_fraction(b, a, y)/b;
}
