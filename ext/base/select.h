/*
** The k-th smallest of an array of integers, in O(n) on average, nothing allocated.
*/
#ifndef SIYU_SELECT_H
#define SIYU_SELECT_H

#include <stdint.h>

/* Moves the k-th smallest (0 <= k < n) to v[k], none greater before it and none smaller
** behind it (Hoare's quickselect with the median of three). */
static inline void select_nth(int64_t *v, int64_t n, int64_t k){
  int64_t low = 0, high = n-1;
  while( low < high ){
    int64_t x = v[low], y = v[low + (high-low)/2], z = v[high];
    int64_t pivot = x<y ? (y<z ? y : x<z ? z : x) : (x<z ? x : y<z ? z : y);
    int64_t i = low, j = high;
    while( i <= j ){
      while( v[i] < pivot ) i++;
      while( v[j] > pivot ) j--;
      if( i <= j ){
        int64_t swap = v[i];
        v[i++] = v[j];
        v[j--] = swap;
      }
    }
    if( k <= j ) high = j; else if( k >= i ) low = i; else return;
  }
}

#endif
