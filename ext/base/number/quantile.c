/* Quantiles: see quantile.h. */
#include "base/number/quantile.h"

#define FEW_VALUES 1024                /* of so many even the square is little */
#define VALUES_PER_QUESTION 32768

static int64_t median_of_three(int64_t x, int64_t y, int64_t z){
  if( x < y ) return y < z ? y : x < z ? z : x;
  return x < z ? x : y < z ? z : y;
}

/* Three places of n by a hash of the round, so that no order of the data costs the square: neither one
** that they come in by nature (rising, falling, saw teeth) nor, of many, one that somebody made for it. */
static int64_t pivot_of(const int64_t *value, size_t n, uint64_t round){
  int64_t sample[3];
  int i;
  for(i=0; i<3; i++){
    uint64_t h = (3*round + (uint64_t)i + 1) * UINT64_C(0x9e3779b97f4a7c15);
    sample[i] = value[(h ^ h >> 32) % n];
  }
  return median_of_three(sample[0], sample[1], sample[2]);
}

/* Moves the k-th smallest to value[k], none greater before it and none smaller behind it
** (Hoare 1961).  The first exchange leaves an element on either side that stops the scans. */
static Status select_place(int64_t *value, size_t n, size_t k, const Stop *stop){
  ptrdiff_t low = 0, high = (ptrdiff_t)n - 1, place = (ptrdiff_t)k;
  uint64_t round = 0;
  size_t moved = 0;
  if( n > FEW_VALUES ) memory_random(&round, sizeof round);
  for(; low < high; round++){
    int64_t pivot = pivot_of(value + low, (size_t)(high - low) + 1, round);
    ptrdiff_t i = low, j = high;
    while( i <= j ){
      while( value[i] < pivot ) i++;
      while( value[j] > pivot ) j--;
      if( stop_asked_after(stop, &moved, 1, VALUES_PER_QUESTION) ) return STATUS_INTERRUPTED;
      if( i <= j ){
        int64_t swap = value[i];
        value[i++] = value[j];
        value[j--] = swap;
      }
    }
    if( place <= j ) high = j; else if( place >= i ) low = i; else break;
  }
  return STATUS_OK;
}

Status quantile_of_list(int64_t *value, size_t n, double q, double *out, const Stop *stop){
  double fraction;
  size_t i, k = (size_t)quantile_place(n, q, &fraction);
  int64_t next;
  Status rc = select_place(value, n, k, stop);
  *out = (double)value[k];
  if( rc!=STATUS_OK || fraction <= 0 ) return rc;
  next = value[k+1];
  for(i=k+2; i<n; i++) if( value[i] < next ) next = value[i];
  *out += fraction*(double)(next - value[k]);
  return rc;
}
