/* Numerical integration: contracts and sources in quadrature.h. */
#include "base/maths/quadrature.h"

#include <math.h>

#define FIRST_STEP 0.5          /* in v */
#define HALVINGS 8
#define FARTHEST 40.0           /* sinh(40) is beyond any tail that a double can hold */
#define NEGLIGIBLE 1e-19        /* of the sum so far: the tail is cut here */
#define SETTLED 1e-9            /* change by a halving; the error is about its square */

/* Gauss-Legendre nodes and weights, computed to 40 digits as roots of P_4 and P_16. */
const double gauss_short_node[GAUSS_SHORT_HALF] = {
  0.3399810435848562648, 0.86113631159405257522
};
const double gauss_short_weight[GAUSS_SHORT_HALF] = {
  0.65214515486254614263, 0.34785484513745385737
};
const double gauss_long_node[GAUSS_LONG_HALF] = {
  0.095012509837637440185, 0.28160355077925891323, 0.45801677765722738634, 0.61787624440264374845,
  0.7554044083550030339, 0.86563120238783174388, 0.94457502307323257608, 0.9894009349916499326
};
const double gauss_long_weight[GAUSS_LONG_HALF] = {
  0.18945061045506849629, 0.18260341504492358887, 0.16915651939500253819, 0.14959598881657673208,
  0.12462897125553387205, 0.09515851168249278481, 0.062253523938647892863, 0.027152459411754094852
};

typedef struct Line {
  LineIntegrand f;
  const void *context;
  double centre, scale;
} Line;

/* adds f(u(v)) du/dv to sum; 1 while either component still counts */
static int add_point(const Line *line, double v, double sum[2]){
  double value[2], weight = line->scale*cosh(v);
  line->f(line->context, line->centre + line->scale*sinh(v), value);
  value[0] *= weight;
  value[1] *= weight;
  if( !(value[0] >= 0 && value[1] >= 0) ) return 0;
  sum[0] += value[0];
  sum[1] += value[1];
  return value[0] > NEGLIGIBLE*sum[0] || value[1] > NEGLIGIBLE*sum[1];
}

/* the points first, first + step, ... to both sides; two in a row may be negligible
** only in the tail */
static void add_points(const Line *line, double first, double step, double sum[2]){
  int side;
  for(side = -1; side <= 1; side += 2){
    int idle = 0;
    double v;
    for(v = first; v < FARTHEST && idle < 3; v += step){
      idle = add_point(line, side*v, sum) ? 0 : idle + 1;
    }
  }
}

void integrate_line(LineIntegrand f, const void *context, double centre, double scale, double integral[2]){
  Line line;
  double sum[2] = {0, 0}, step = FIRST_STEP;
  int i;
  line.f = f;
  line.context = context;
  line.centre = centre;
  line.scale = scale;
  (void)add_point(&line, 0, sum);
  add_points(&line, step, step, sum);
  for(i = 0; i < HALVINGS; i++){
    double before[2];
    before[0] = sum[0]*step;
    before[1] = sum[1]*step;
    add_points(&line, step/2, step, sum);
    step /= 2;
    integral[0] = sum[0]*step;
    integral[1] = sum[1]*step;
    if( fabs(integral[0] - before[0]) <= SETTLED*integral[0]
     && fabs(integral[1] - before[1]) <= SETTLED*integral[1] ) break;
  }
}

double integrate_panel(double (*f)(const void*, double), const void *context, double lo, double hi){
  double middle = (lo + hi)/2, half = (hi - lo)/2, sum = 0;
  int i;
  for(i = 0; i < GAUSS_LONG_HALF; i++){
    double d = half*gauss_long_node[i];
    sum += gauss_long_weight[i]*(f(context, middle - d) + f(context, middle + d));
  }
  return half*sum;
}
