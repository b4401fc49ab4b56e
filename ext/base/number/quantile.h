/*
** The q-quantile of n numbers in order, 0 <= q <= 1, by linear interpolation: with
** h = (n-1) q it lies between number floor(h) and the next, counted from 0.
** Hyndman and Fan 1996, type 7, the default of R, NumPy and spreadsheets.
*/
#ifndef SIYU_QUANTILE_H
#define SIYU_QUANTILE_H

#include "base/memory.h"

/* *fraction of the way from value number k, the answer, to number k + 1, which is there
** when *fraction > 0.  n > 0. */
static inline uint64_t quantile_place(uint64_t n, double q, double *fraction){
  double h = (double)(n - 1) * q;
  uint64_t k = (uint64_t)h;
  *fraction = k < n - 1 ? h - (double)k : 0;
  return k < n - 1 ? k : n - 1;
}

/* Of n > 0 integers in any order; moves them.  O(n) whatever their order, no memory; STATUS_OK, or
** STATUS_INTERRUPTED. */
Status quantile_of_list(int64_t *value, size_t n, double q, double *out, const Stop *stop);

#endif
