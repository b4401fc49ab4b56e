/* Sums beyond the range of a double: see money.h. */
#include "base/number/money.h"

#define MONEY_FAR 18446744073709551616.0         /* 2^64 */

/* A sum * 2^-64. */
static double money_far(Money m){ return isnan(m.hi) ? m.lo : m.hi/MONEY_FAR + m.lo/MONEY_FAR; }

Money money_add_far(Money m, Money v){
  double far = money_far(m) + money_far(v);
  Money sum = { far*MONEY_FAR, 0 };
  if( !isfinite(sum.hi) ){
    sum.hi = NAN;
    sum.lo = far;
  }
  return sum;
}
