/*
** Sums of money from which rows leave again, without any rounding left behind.
**
** A sum is a Money of 106 bits for as long as each addition to it is exact, which it is for
** ordinary money.  With the first one that is not (0.001 beside 1e15, 1e308 beside anything)
** the sum moves to a fixed-point number over the whole range of a double, beside which the
** Money is kept as its nearest value: readers never notice.  Only sums that need it cost the
** 576 bytes of that number.  Source of the idea: Kulisch, Miranker 1981 (the long accumulator).
*/
#ifndef SIYU_EXACT_H
#define SIYU_EXACT_H

#include "base/memory.h"
#include "base/number/money.h"

#define EXACT_LIMBS 71

/* sum of limb[i] * 2^(32 i - 1088); limbs carry only now and then */
typedef struct ExactNumber {
  int64_t limb[EXACT_LIMBS];
  uint64_t additions;          /* since the last carry */
} ExactNumber;

/* The long numbers of one accumulator; a zeroed one is empty. */
typedef struct ExactNumbers {
  ExactNumber *number;
  size_t count, capacity;
} ExactNumbers;

void exact_destroy(ExactNumbers *all);

/* Adds v to the sum m; *place: 0, or where its long number stands.  The sum is unchanged
** after STATUS_NOMEM. */
Status exact_move(ExactNumbers *all, Money *m, uint32_t *place, double v);

/* 1, and v is added, when that is exact in 106 bits. */
static inline int money_add_exactly(Money *m, double v){
  Money s = money_two_sum(m->hi, v), low = money_two_sum(m->lo, s.lo);
  double sum = s.hi + low.hi;
  if( !(low.lo==0) ) return 0;             /* NaN, too: beyond the range */
  m->hi = sum;
  m->lo = low.hi - (sum - s.hi);           /* s.hi is 0 or the larger one */
  return 1;
}

static inline Status exact_add(ExactNumbers *all, Money *m, uint32_t *place, double v){
  return *place==0 && money_add_exactly(m, v) ? STATUS_OK : exact_move(all, m, place, v);
}

Status exact_add_integer(ExactNumbers *all, Money *m, uint32_t *place, int64_t v, int sign);
/* Adds sign * another sum of the same accumulator. */
Status exact_add_sum(ExactNumbers *all, Money *m, uint32_t *place, Money other, uint32_t otherPlace, int sign);

#endif
