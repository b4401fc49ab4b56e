/* What the errors of a fit's parameters make of a figure: contract in btyd.h. */
#include "metric/prediction/btyd.h"

#include <math.h>

#define INTERVAL_STEP 3e-4        /* in ln(parameter): its square is the slope's relative error */

double btyd_log_variance(const Btyd *m, const double covariance[BTYD_PARAMETERS][BTYD_PARAMETERS], BtydFigure of, const void *context){
  double slope[BTYD_PARAMETERS], sum = 0;
  int i, j, n = btyd_parameter_count(m->model);
  if( !(of(context, m) > 0) ) return NAN;
  for(i = 0; i < n; i++){
    Btyd up = *m, down = *m;
    up.parameter[i] *= exp(INTERVAL_STEP);
    down.parameter[i] *= exp(-INTERVAL_STEP);
    slope[i] = (log(of(context, &up)) - log(of(context, &down)))/(2*INTERVAL_STEP);
  }
  for(i = 0; i < n; i++) for(j = 0; j < n; j++) sum += slope[i]*slope[j]*covariance[i][j];
  return sum >= 0 ? sum : NAN;
}
