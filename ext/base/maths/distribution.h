/*
** Tail areas of the normal and of Student's t distribution.  Pure functions, relative
** error below 1e-11 also far out in the tails.
*/
#ifndef SIYU_DISTRIBUTION_H
#define SIYU_DISTRIBUTION_H

/* P(|Z| >= |z|) of a standard normal Z. */
double distribution_normal_two_sided(double z);
/* z with P(|Z| >= z) = 0.05 */
#define DISTRIBUTION_NORMAL_95 1.959963984540054

/* z with P(|Z| < z) = level, 0 < level < 1 */
double distribution_normal_width(double level);

/* P(|T| >= |t|) of a Student T with df >= 1 degrees of freedom, df need not be whole. */
double distribution_t_two_sided(double t, double df);
/* The t > 0 with P(|T| >= t) = 0.05. */
double distribution_t_95(double df);

#endif
