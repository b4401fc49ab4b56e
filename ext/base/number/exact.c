/* Exact sums: see exact.h. */
#include <string.h>
#include "base/number/exact.h"

#define LIMB_BITS 32
#define BIAS 1088                          /* bits behind the point */
#define LEAST_EXPONENT (-1074)             /* of the last bit of a double */
#define FAR_BITS 64                        /* of the lower half of a Money beyond the range */
#define CARRY_AFTER (UINT64_C(1) << 28)    /* additions that 63 bits hold at least */

void exact_destroy(ExactNumbers *all){
  memory_free(all->number);
  memset(all, 0, sizeof *all);
}

/* All limbs but the last come to lie in 0 ... 2^32 - 1. */
static void exact_carry(ExactNumber *x){
  int64_t carry = 0;
  int i;
  for(i=0; i<EXACT_LIMBS-1; i++){
    int64_t v = x->limb[i] + carry, rest = v & (int64_t)UINT32_MAX;
    carry = (v - rest) / (INT64_C(1) << LIMB_BITS);
    x->limb[i] = rest;
  }
  x->limb[EXACT_LIMBS-1] += carry;
  x->additions = 0;
}

/* Adds v * 2^scale. */
static void exact_put(ExactNumber *x, double v, int scale){
  int exponent, at, shift, sign = v < 0 ? -1 : 1;
  uint64_t bits, low;
  if( v==0 || !isfinite(v) ) return;
  bits = (uint64_t)ldexp(frexp(fabs(v), &exponent), 53);
  exponent += scale - 53;
  if( exponent < LEAST_EXPONENT ){         /* a subnormal: its last bits are 0 */
    bits >>= LEAST_EXPONENT - exponent;
    exponent = LEAST_EXPONENT;
  }
  at = (exponent + BIAS) / LIMB_BITS;
  shift = (exponent + BIAS) % LIMB_BITS;
  low = (bits & UINT32_MAX) << shift;      /* below 2^63 */
  x->limb[at] += sign * (int64_t)(low & UINT32_MAX);
  bits = (bits >> LIMB_BITS << shift) + (low >> LIMB_BITS);
  x->limb[at+1] += sign * (int64_t)(bits & UINT32_MAX);
  x->limb[at+2] += sign * (int64_t)(bits >> LIMB_BITS);
  if( ++x->additions >= CARRY_AFTER ) exact_carry(x);
}

/* v * 2^exponent, which may be beyond the range of a double. */
static Money exact_limb(double v, int exponent){
  Money m = { ldexp(v, exponent), 0 };
  if( !isfinite(m.hi) ){
    m.hi = NAN;
    m.lo = ldexp(v, exponent - FAR_BITS);
  }
  return m;
}

static void exact_put_money(ExactNumber *x, Money m){
  if( isnan(m.hi) ){
    exact_put(x, m.lo, FAR_BITS);
    return;
  }
  exact_put(x, m.hi, 0);
  exact_put(x, m.lo, 0);
}

/* The nearest Money. */
static Money exact_money(const ExactNumber *x){
  ExactNumber n = *x;
  Money m = {0, 0};
  int i, negative;
  exact_carry(&n);
  negative = n.limb[EXACT_LIMBS-1] < 0;
  if( negative ){
    for(i=0; i<EXACT_LIMBS; i++) n.limb[i] = -n.limb[i];
    exact_carry(&n);
  }
  for(i=EXACT_LIMBS; i-- > 0; ){
    if( n.limb[i] ) money_add(&m, exact_limb((double)n.limb[i], LIMB_BITS*i - BIAS));
  }
  if( negative ){ m.hi = -m.hi; m.lo = -m.lo; }
  return m;
}

/* Gives a sum its long number. */
static Status exact_begin(ExactNumbers *all, const Money *m, uint32_t *place){
  ExactNumber *x;
  Status rc;
  if( *place ) return STATUS_OK;
  if( all->count >= UINT32_MAX ) return STATUS_OVERFLOW;
  rc = memory_grow((void**)&all->number, &all->capacity, all->count + 1, sizeof *all->number);
  if( rc!=STATUS_OK ) return rc;
  x = &all->number[all->count++];
  memset(x, 0, sizeof *x);
  exact_put_money(x, *m);
  *place = (uint32_t)all->count;
  return STATUS_OK;
}

Status exact_move(ExactNumbers *all, Money *m, uint32_t *place, double v){
  Status rc = exact_begin(all, m, place);
  if( rc!=STATUS_OK ) return rc;
  exact_put(&all->number[*place-1], v, 0);
  *m = exact_money(&all->number[*place-1]);
  return STATUS_OK;
}

Status exact_add_integer(ExactNumbers *all, Money *m, uint32_t *place, int64_t v, int sign){
  int64_t top = v / (INT64_C(1)<<31) * (INT64_C(1)<<31);
  Status rc;
  if( v >= -(INT64_C(1)<<53) && v <= (INT64_C(1)<<53) ) return exact_add(all, m, place, sign > 0 ? (double)v : -(double)v);
  rc = exact_add(all, m, place, sign > 0 ? (double)top : -(double)top);
  return rc==STATUS_OK ? exact_add(all, m, place, sign > 0 ? (double)(v - top) : -(double)(v - top)) : rc;
}

Status exact_add_sum(ExactNumbers *all, Money *m, uint32_t *place, Money other, uint32_t otherPlace, int sign){
  Status rc = STATUS_OK;
  int i;
  if( otherPlace==0 && !isnan(other.hi) ){
    rc = exact_add(all, m, place, sign*other.hi);
    return rc==STATUS_OK ? exact_add(all, m, place, sign*other.lo) : rc;
  }
  rc = exact_begin(all, m, place);
  if( rc!=STATUS_OK ) return rc;
  if( otherPlace==0 ){                     /* from a state, beyond the range */
    exact_put(&all->number[*place-1], sign*other.lo, FAR_BITS);
    *m = exact_money(&all->number[*place-1]);
    return STATUS_OK;
  }
  exact_carry(&all->number[otherPlace-1]);
  exact_carry(&all->number[*place-1]);
  for(i=0; i<EXACT_LIMBS; i++) all->number[*place-1].limb[i] += sign * all->number[otherPlace-1].limb[i];
  *m = exact_money(&all->number[*place-1]);
  return STATUS_OK;
}
