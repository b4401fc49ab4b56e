/*
** Numerical integration of smooth functions.  No allocation.
*/
#ifndef SIYU_QUADRATURE_H
#define SIYU_QUADRATURE_H

/* Gauss-Legendre rules on (-1, 1): positive half of the nodes and their weights. */
#define GAUSS_SHORT_HALF 2
#define GAUSS_LONG_HALF 8
extern const double gauss_short_node[GAUSS_SHORT_HALF], gauss_short_weight[GAUSS_SHORT_HALF];
extern const double gauss_long_node[GAUSS_LONG_HALF], gauss_long_weight[GAUSS_LONG_HALF];

/* Writes the integrand's two components at u.  They must be non-negative, analytic near
** the real line, and decay at least exponentially on both sides. */
typedef void (*LineIntegrand)(const void *context, double u, double value[2]);

/* Integrals over the whole real line of both components, to about 1e-13 relative, by
** the trapezoidal rule in v with u = centre + scale*sinh(v), halved until it settles
** (Takahasi & Mori 1974, double exponential formulas).  centre: near the mode;
** scale: about the width of the peak. */
void integrate_line(LineIntegrand f, const void *context, double centre, double scale, double integral[2]);

/* The integral of f(context, y) over lo...hi by the 16-point rule. */
double integrate_panel(double (*f)(const void *context, double y), const void *context, double lo, double hi);

#endif
