/*
** Normal and Student's t: see distribution.h.
**
** P(|T| >= |t|) is the regularised incomplete beta function I_x(df/2, 1/2) at
** x = df / (df + t^2).  Its continued fraction is that of special.c.  The factor in front needs only
** Gamma(a + 1/2) / Gamma(a), which has a series of its own, so that no two large
** logarithms of the gamma function cancel.
*/
#include <math.h>
#include "base/maths/distribution.h"
#include "base/maths/special.h"

#define PI 3.14159265358979323846

double distribution_normal_two_sided(double z){ return erfc(fabs(z) * 0.70710678118654752440); }

double distribution_normal_width(double level){
  double low = 0, high = 40;
  int i;
  for(i=0; i<80; i++){
    double middle = (low + high)/2;
    if( distribution_normal_two_sided(middle) > 1 - level ) low = middle;
    else high = middle;
  }
  return (low + high)/2;
}

/* Gamma(a + 1/2) / Gamma(a) / sqrt(a) for a >= 1/2.  DLMF 5.11.13 (the series of the
** logarithm), after going up to a >= 16 by the recurrence of Gamma. */
static double gamma_half_ratio(double a){
  double below = 1, start = a, u;
  while( a < 16 ){
    below *= a / (a + 0.5);
    a += 1;
  }
  u = 1 / (a*a);
  return below * sqrt(a/start)
       * exp((-1.0/8 + u*(1.0/192 + u*(-1.0/640 + u*(17.0/14336 - u*31.0/18432)))) / a);
}

/* Density of T at t: Gamma((df+1)/2) / (Gamma(df/2) sqrt(pi df)) (1 + t^2/df)^(-(df+1)/2) */
static double t_density(double t, double df){
  return gamma_half_ratio(df/2) / sqrt(2*PI) * exp(-(df + 1)/2 * log1p(t*t/df));
}

/* Many degrees of freedom, where x is so close to 1 that the fraction loses digits.
** With s = e^-w in B_x(a, 1/2) and T = a - 1/4 the integrand is e^(-T w) w^(-1/2) g(w),
** g(w) = (sinh(w/2) / (w/2))^(-1/2) = 1 - w^2/48 + ..., so that the area is a sum of
** incomplete gamma functions Gamma(1/2 + 2n, T w0), w0 = log(1 + t^2/df): the method of
** DiDonato and Morris 1992 (ACM TOMS 708, BGRAT) at b = 1/2. */
static double t_area_series(double t, double df){
  static const double G[] = { 1, -1.0/48, 1.0/2560, -(1.0/5670 + 1.0/4320 + 1.0/10368)/64 };
  double a = df/2, T = a - 0.25, u = T * log1p(t*t/df);
  double gamma = sqrt(PI) * erfc(sqrt(u)), power = exp(-u) * sqrt(u);     /* u^s e^-u */
  double sum = gamma, scale = 1, s = 0.5;
  int n;
  for(n=1; n<4; n++){
    int twice;
    for(twice=0; twice<2; twice++){        /* Gamma(s + 1, u) = s Gamma(s, u) + u^s e^-u */
      gamma = s*gamma + power;
      power *= u;
      s += 1;
    }
    scale /= T*T;
    sum += G[n] * scale * gamma;
  }
  return gamma_half_ratio(a) * sqrt(a/T) / sqrt(PI) * sum;
}

/* With a = df/2, b = 1/2: x^a (1-x)^b / B(a, b) = |t| * density, for
** 1 - x = t^2 / (df + t^2) and B(a, 1/2) = sqrt(pi) Gamma(a) / Gamma(a + 1/2). */
double distribution_t_two_sided(double t, double df){
  double square = t*t, front = fabs(t) * t_density(t, df);
  if( square==0 ) return 1;
  if( df > 1e4 && square < 0.15*df ) return t_area_series(t, df);
  if( square > 3*df/(df + 1) ){            /* x < (a+1)/(a+b+2), up to a rounding */
    return 2 * front / df * beta_fraction(df/2, 0.5, df/(df + square));
  }
  return 1 - 2 * front * beta_fraction(0.5, df/2, square/(df + square));
}

/* Newton's method from the normal quantile, which lies below: the area is convex and
** falling for t > 0, so every step goes up and none goes beyond. */
double distribution_t_95(double df){
  double t = DISTRIBUTION_NORMAL_95;
  int i;
  for(i=0; i<100; i++){
    double step = (distribution_t_two_sided(t, df) - 0.05) / (2 * t_density(t, df));
    t += step;
    if( fabs(step) <= 1e-15 * t ) break;
  }
  return t;
}
