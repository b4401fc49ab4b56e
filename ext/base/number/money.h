/*
** Money as an unevaluated sum of two doubles (106 bits).
**
** INTEGER amounts stay exact: any total below 2^104 in magnitude is held to the
** unit, so only a *final* total that does not fit 64 bits is an overflow, in
** whatever order the rows came.  REAL amounts are compensated; ordinary money
** (cents as doubles, totals below 10^9) is exact too, so that a window that
** slides gives what a fresh computation gives.  Source of the additions: Knuth,
** TAOCP 4.2.2 (two-sum); Joldes, Muller, Popescu 2017 (double-word plus double).
**
** A sum that leaves the range of a double may come back into it (1e308 + 1e308 - 1e308): until
** then hi is NaN, so that whoever asks for the total sees that there is none, and lo is
** sum * 2^-64.  States carry it like any other sum.
*/
#ifndef SIYU_MONEY_H
#define SIYU_MONEY_H

#include <math.h>
#include <stdint.h>

typedef struct Money { double hi, lo; } Money;

static inline Money money_two_sum(double a, double b){
  Money m;
  double bb;
  m.hi = a + b;
  bb = m.hi - a;
  m.lo = (a - (m.hi - bb)) + (b - bb);
  return m;
}

/* The sum m + v where one of them, or the sum, is beyond the range. */
Money money_add_far(Money m, Money v);

static inline void money_add_real(Money *m, double v){
  Money s = money_two_sum(m->hi, v);
  double low = m->lo + s.lo, sum = s.hi + low;
  if( !isfinite(sum) ){
    *m = money_add_far(*m, (Money){ v, 0 });
    return;
  }
  m->hi = sum;
  m->lo = low - (sum - s.hi);
}

static inline void money_add_integer(Money *m, int64_t v){
  if( v >= -(INT64_C(1)<<53) && v <= (INT64_C(1)<<53) ){
    money_add_real(m, (double)v);
  }else{
    int64_t top = v / (INT64_C(1)<<31) * (INT64_C(1)<<31);
    money_add_real(m, (double)top);
    money_add_real(m, (double)(v - top));
  }
}

static inline void money_add(Money *m, Money v){
  if( isnan(v.hi) ){
    *m = money_add_far(*m, v);
    return;
  }
  money_add_real(m, v.hi);
  money_add_real(m, v.lo);
}

static inline void money_subtract(Money *m, Money v){
  Money negative = { -v.hi, -v.lo };
  money_add(m, negative);
}

static inline Money money_of_integer(int64_t v){
  Money m = {0, 0};
  if( v >= -(INT64_C(1)<<53) && v <= (INT64_C(1)<<53) ) m.hi = (double)v;
  else money_add_integer(&m, v);
  return m;
}

/* m * k, to 106 bits */
static inline Money money_times(Money m, double k){
  double p = m.hi * k;
  double e = fma(m.hi, k, -p) + m.lo * k;
  return money_two_sum(p, e);
}

static inline double money_real(Money m){ return m.hi + m.lo; }

/* -1, 0 or 1 */
static inline int money_sign(Money m){
  double v = m.hi > 0 || m.hi < 0 ? m.hi : m.lo;         /* lo beyond the range, too */
  return (v > 0) - (v < 0);
}

/* -1, 0 or 1 for a < b, a == b, a > b */
static inline int money_compare(Money a, Money b){
  if( a.hi < b.hi ) return -1;
  if( a.hi > b.hi ) return 1;
  if( !isnan(a.hi) != !isnan(b.hi) ) return isnan(a.hi) ? money_sign(a) : -money_sign(b);
  return (a.lo > b.lo) - (a.lo < b.lo);
}

/* The whole total as a 64-bit integer; 0 when it does not fit. */
static inline int money_integer(Money m, int64_t *out){
  double hi = m.hi, lo = m.lo;
  int64_t whole;
  if( !(hi >= -9223372036854775808.0 && hi <= 9223372036854775808.0) ) return 0;
  if( hi == 9223372036854775808.0 ){        /* 2^63: fits only with lo <= -1 */
    if( !(lo <= -1) ) return 0;
    *out = INT64_MAX + ((int64_t)lo + 1);
    return 1;
  }
  whole = (int64_t)hi;
  if( hi == -9223372036854775808.0 && lo < 0 ) return 0;
  *out = whole + (int64_t)lo;
  return 1;
}

#endif
