/*
** A sum of doubles held as four doubles (212 bits), for sums of squares from which a
** variance is made: the squares of outcomes near 10^9 with a spread of 1 agree in 18
** digits, and a value that a sliding window takes out again must leave nothing behind.
**
** Each addition is exact except for what falls below 2^-212 of the largest sum so far.
** Source: Knuth, TAOCP 4.2.2 (two-sum); Dekker 1971 (exact product by splitting);
** the cascade is that of Hida, Li, Bailey 2001 without renormalisation.
*/
#ifndef SIYU_WIDESUM_H
#define SIYU_WIDESUM_H

#include "base/number/money.h"

#define WIDESUM_PARTS 4

typedef struct WideSum { double part[WIDESUM_PARTS]; } WideSum;

static inline void widesum_add(WideSum *w, double v){
  int i;
  for(i=0; i<WIDESUM_PARTS; i++){
    Money s = money_two_sum(w->part[i], v);
    w->part[i] = s.hi;
    v = s.lo;
  }
}

/* a * b = hi + lo exactly, while |a|, |b| < 1e290 and the product is not below 1e-290. */
static inline Money exact_product(double a, double b){
  const double split = 134217729.0;        /* 2^27 + 1 */
  double ca = split*a, cb = split*b;
  double ah = ca - (ca - a), al = a - ah;
  double bh = cb - (cb - b), bl = b - bh;
  Money m;
  m.hi = a*b;
  m.lo = ((ah*bh - m.hi) + ah*bl + al*bh) + al*bl;
  return m;
}

/* Adds sign * a * b. */
static inline void widesum_add_product(WideSum *w, double a, double b, int sign){
  Money p = exact_product(a, b);
  widesum_add(w, sign > 0 ? p.hi : -p.hi);
  widesum_add(w, sign > 0 ? p.lo : -p.lo);
}

/* The parts may overlap and cancel each other: they are distilled first (the vector
** sums of Ogita, Rump, Oishi 2005), so that a small total of large terms keeps its digits. */
static inline double widesum_real(const WideSum *w){
  WideSum d = *w;
  int i, pass;
  for(pass=1; pass<WIDESUM_PARTS; pass++){
    for(i=WIDESUM_PARTS-1; i>0; i--){
      Money s = money_two_sum(d.part[i-1], d.part[i]);
      d.part[i-1] = s.hi;
      d.part[i] = s.lo;
    }
  }
  return d.part[0] + (d.part[1] + (d.part[2] + d.part[3]));
}

#endif
