/*
** Special functions of statistics.  Pure and thread-safe: libm's lgamma() writes the
** global signgam, so it is not used.
**
** Arguments outside the stated domain give NaN.  "Absolute error" is in units of
** the result's logarithm, because every caller exponentiates a difference.
*/
#ifndef SIYU_SPECIAL_H
#define SIYU_SPECIAL_H

/* ln Gamma(x), x > 0.  Absolute error below 1e-14 for x < 10, relative 1e-15 above.
** Stirling's series after a shift (Abramowitz & Stegun 6.1.41). */
double log_gamma(double x);

/* d/dx ln Gamma(x), x > 0 (A&S 6.3.18, 6.3.5). */
double digamma(double x);

/* ln Gamma(x + n) - ln Gamma(x), x > 0, n >= 0, without cancellation for large x. */
double log_gamma_ratio(double x, double n);

/* ln B(a, b), a, b > 0, without cancellation for large arguments. */
double log_beta(double a, double b);

/* ln(1 + exp(d)), any d, also infinite. */
double log1p_exp(double d);

/* 1 / (1 + exp(-d)) */
double logistic(double d);

/* The continued fraction of I_x(a, b), a, b > 0, without the factor in front: DLMF 8.17.22 by Lentz's
** method as modified by Thompson and Barnett 1986.  It converges within some tens of steps where
** x < (a + 1) / (a + b + 2). */
double beta_fraction(double a, double b, double x);

/* Regularised incomplete beta I_x(a, b), a, b > 0, y = 1 - x given apart so that neither
** end loses digits.  Relative error about 1e-12 in the lower tail. */
double incomplete_beta(double a, double b, double x, double y);

#endif
