/* Minimisation in a box: contract and sources in optimiser.h. */
#include "base/maths/optimiser.h"

#include <math.h>
#include <string.h>

#define ARMIJO 1e-4             /* share of the predicted decrease that a step must bring */
#define WOLFE 0.9               /* share of the slope that may remain */
#define SEARCH_STEPS 30
#define LONGEST_STEP 2.0        /* in any one variable: callers work on logarithms */
#define NOISE 1e-12             /* relative error of a value: a sum over millions of terms */
#define CURVATURE_FLOOR 1e-12   /* s.y below this share of |s||y| does not update */

typedef struct Search {
  const Objective *o;
  Optimum *at;                            /* the best point so far */
  double inverse[OPTIMISER_MAX][OPTIMISER_MAX];
  double direction[OPTIMISER_MAX];
  double step;                            /* accepted by the last line search */
  int fresh;                              /* inverse is the identity */
} Search;

static double dot(int n, const double *a, const double *b){
  double sum = 0;
  int i;
  for(i = 0; i < n; i++) sum += a[i]*b[i];
  return sum;
}

static double evaluate(const Objective *o, Optimum *at, const double *x, double *gradient){
  double v = o->value(o->context, x, gradient);
  int i;
  at->evaluations++;
  for(i = 0; i < o->n; i++) if( !isfinite(gradient[i]) ) return NAN;
  return v;
}

static int stopped(const Objective *o){
  return stop_asked(o->stop);
}

static void reset(Search *s){
  int i;
  memset(s->inverse, 0, sizeof(s->inverse));
  for(i = 0; i < s->o->n; i++) s->inverse[i][i] = 1;
  s->fresh = 1;
}

/* A variable at a bound whose gradient pushes outward is held; 1 when that set changed. */
static int hold_bounds(Search *s){
  Optimum *at = s->at;
  int i, changed = 0;
  for(i = 0; i < s->o->n; i++){
    int held = 0;
    if( at->x[i] <= s->o->lower[i] && at->gradient[i] > 0 ) held = -1;
    if( at->x[i] >= s->o->upper[i] && at->gradient[i] < 0 ) held = 1;
    changed |= held != at->at_bound[i];
    at->at_bound[i] = held;
  }
  return changed;
}

static double largest_free_gradient(const Search *s){
  double largest = 0;
  int i;
  for(i = 0; i < s->o->n; i++){
    if( !s->at->at_bound[i] ) largest = fmax(largest, fabs(s->at->gradient[i]));
  }
  return largest;
}

/* direction = -inverse * gradient on the free variables; returns its slope */
static double aim(Search *s){
  double slope = 0;
  int i, j, n = s->o->n;
  for(i = 0; i < n; i++){
    double d = 0;
    for(j = 0; j < n; j++) if( !s->at->at_bound[j] ) d -= s->inverse[i][j]*s->at->gradient[j];
    s->direction[i] = s->at->at_bound[i] ? 0 : d;
    slope += s->direction[i]*s->at->gradient[i];
  }
  return slope;
}

/* the longest step that stays in the box and within LONGEST_STEP */
static double longest_step(const Search *s){
  double longest = INFINITY;
  int i;
  for(i = 0; i < s->o->n; i++){
    double d = s->direction[i], x = s->at->x[i];
    if( d == 0 ) continue;
    longest = fmin(longest, LONGEST_STEP/fabs(d));
    longest = fmin(longest, (d > 0 ? s->o->upper[i] - x : s->o->lower[i] - x)/d);
  }
  return longest;
}

static void point_at(const Search *s, double step, double *x){
  int i;
  for(i = 0; i < s->o->n; i++){
    x[i] = s->at->x[i] + step*s->direction[i];
    x[i] = fmin(fmax(x[i], s->o->lower[i]), s->o->upper[i]);
  }
}

/* BFGS update of the inverse Hessian from the step `ds` and gradient change `dg`. */
static void update(Search *s, const double *ds, const double *dg){
  int i, j, n = s->o->n;
  double sy = dot(n, ds, dg), hy[OPTIMISER_MAX], yhy;
  if( sy <= CURVATURE_FLOOR*sqrt(dot(n, ds, ds)*dot(n, dg, dg)) ) return;
  if( s->fresh ){                        /* scale the identity to the first curvature seen */
    double scale = sy/dot(n, dg, dg);
    for(i = 0; i < n; i++) s->inverse[i][i] = scale;
    s->fresh = 0;
  }
  for(i = 0; i < n; i++) hy[i] = dot(n, s->inverse[i], dg);
  yhy = dot(n, dg, hy);
  for(i = 0; i < n; i++){
    for(j = 0; j < n; j++){
      s->inverse[i][j] += (1 + yhy/sy)*ds[i]*ds[j]/sy - (hy[i]*ds[j] + ds[i]*hy[j])/sy;
    }
  }
}

/* Moves s->at to a point that satisfies the weak Wolfe conditions (or sits on the box).
** 1 moved, 0 no improvement, -1 stopped. */
static int line_search(Search *s, double slope){
  double lo = 0, longest = longest_step(s), hi = INFINITY, step, allowance, change;
  double x[OPTIMISER_MAX], g[OPTIMISER_MAX], value = NAN;
  int i, n = s->o->n, found = 0;
  step = s->fresh ? fmin(1, 0.25/sqrt(dot(n, s->direction, s->direction))) : 1;
  step = fmin(step, longest);
  allowance = NOISE*fabs(s->at->value);   /* near the optimum the slope decides, not the value */
  for(i = 0; i < SEARCH_STEPS && !found; i++){
    if( stopped(s->o) ) return -1;
    point_at(s, step, x);
    value = evaluate(s->o, s->at, x, g);
    change = dot(n, g, s->direction);
    if( !(value <= s->at->value + ARMIJO*step*slope + allowance) || change > -slope ) hi = step;
    else if( change < WOLFE*slope && step < longest ) lo = step;
    else found = 1;
    if( !found ) step = hi < INFINITY ? (lo + hi)/2 : fmin(2*step, longest);
  }
  if( !found ) return 0;
  {
    double ds[OPTIMISER_MAX], dg[OPTIMISER_MAX];
    for(i = 0; i < n; i++){
      ds[i] = x[i] - s->at->x[i];
      dg[i] = g[i] - s->at->gradient[i];
    }
    update(s, ds, dg);
  }
  memcpy(s->at->x, x, (size_t)n*sizeof(double));
  memcpy(s->at->gradient, g, (size_t)n*sizeof(double));
  s->at->value = value;
  return 1;
}

/* one iteration; OPTIMUM_LIMIT means go on */
static OptimumStatus iterate(Search *s){
  double slope;
  int moved;
  if( hold_bounds(s) ) reset(s);
  if( largest_free_gradient(s) <= s->o->tolerance ) return OPTIMUM_CONVERGED;
  slope = aim(s);
  if( !(slope < 0) ){
    reset(s);
    slope = aim(s);
  }
  moved = line_search(s, slope);
  if( moved < 0 ) return OPTIMUM_STOPPED;
  if( moved == 0 ){
    if( s->fresh ) return OPTIMUM_STALLED;
    reset(s);                            /* once more along the steepest descent */
  }
  return OPTIMUM_LIMIT;
}

OptimumStatus minimise(const Objective *o, const double *start, Optimum *out){
  Search s;
  int i;
  memset(out, 0, sizeof(*out));
  s.o = o;
  s.at = out;
  reset(&s);
  for(i = 0; i < o->n; i++) out->x[i] = fmin(fmax(start[i], o->lower[i]), o->upper[i]);
  if( stopped(o) ) return out->status = OPTIMUM_STOPPED;
  out->value = evaluate(o, out, out->x, out->gradient);
  if( !isfinite(out->value) ) return out->status = OPTIMUM_BAD_START;
  out->status = OPTIMUM_LIMIT;
  while( out->status == OPTIMUM_LIMIT && out->iterations < o->limit ){
    out->status = iterate(&s);
    out->iterations++;
  }
  return out->status;
}

int hessian(const Objective *o, const double *x, double step, double h[OPTIMISER_MAX][OPTIMISER_MAX]){
  double at[OPTIMISER_MAX], up[OPTIMISER_MAX], down[OPTIMISER_MAX];
  int i, j, n = o->n;
  for(i = 0; i < n; i++){
    memcpy(at, x, (size_t)n*sizeof(double));
    if( stopped(o) ) return 0;
    at[i] = x[i] + step;
    if( !isfinite(o->value(o->context, at, up)) ) return 0;
    at[i] = x[i] - step;
    if( !isfinite(o->value(o->context, at, down)) ) return 0;
    for(j = 0; j < n; j++) h[i][j] = (up[j] - down[j])/(2*step);
  }
  for(i = 0; i < n; i++){
    for(j = 0; j < i; j++) h[i][j] = h[j][i] = (h[i][j] + h[j][i])/2;
  }
  return 1;
}

int invert_positive(int n, double m[OPTIMISER_MAX][OPTIMISER_MAX], double inverse[OPTIMISER_MAX][OPTIMISER_MAX]){
  double l[OPTIMISER_MAX][OPTIMISER_MAX];
  int i, j, k, column;
  for(i = 0; i < n; i++){
    for(j = 0; j <= i; j++){
      double sum = m[i][j];
      for(k = 0; k < j; k++) sum -= l[i][k]*l[j][k];
      if( i == j && !(sum > 0) ) return 0;
      l[i][j] = i == j ? sqrt(sum) : sum/l[j][j];
    }
  }
  for(column = 0; column < n; column++){
    double y[OPTIMISER_MAX];
    for(i = 0; i < n; i++){
      y[i] = i == column;
      for(k = 0; k < i; k++) y[i] -= l[i][k]*y[k];
      y[i] /= l[i][i];
    }
    for(i = n - 1; i >= 0; i--){
      for(k = i + 1; k < n; k++) y[i] -= l[k][i]*y[k];
      y[i] /= l[i][i];
      inverse[i][column] = y[i];
    }
  }
  return 1;
}
