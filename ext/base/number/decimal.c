/*
** Decimal numbers: see decimal.h.
**
** Up to 2^53 * 10^22 both operands of one multiplication or division are exact, and so the
** result is rounded once.  Beyond, the number is a fraction of two long integers, from which the
** bits of the double are divided one by one; what remains says how to round.
*/
#include <math.h>
#include <string.h>
#include "base/number/decimal.h"

#define EXACT_POWERS 22
/* The longest decimals that lie half way between two doubles have 767 digits: of the ones
** beyond it counts only whether they are zeros. */
#define DIGITS_KEPT 800

/* digits * 10^exponent; the digits stand in the text, with a point among them. */
typedef struct DecimalText {
  const char *from, *end;      /* of the significant digits */
  int digits;                  /* how many of them */
  int64_t exponent;            /* of the last of them */
  uint64_t mantissa;           /* of the first 19 */
} DecimalText;

static int decimal_digit(const char *z, const char *end){ return z < end && *z >= '0' && *z <= '9'; }

/* ---- long integers ---- */

/* 10^1131 * 2^1100: what a number within the range of a double needs. */
#define LIMBS 160
typedef struct LongInteger { uint32_t limb[LIMBS]; int used; } LongInteger;

static void long_multiply(LongInteger *a, uint32_t by, uint32_t plus){
  uint64_t carry = plus;
  int i;
  for(i=0; i<a->used; i++){
    carry += (uint64_t)a->limb[i]*by;
    a->limb[i] = (uint32_t)carry;
    carry >>= 32;
  }
  if( carry ) a->limb[a->used++] = (uint32_t)carry;
}

static void long_times_ten(LongInteger *a, int64_t times){
  for(; times >= 9; times -= 9) long_multiply(a, 1000000000, 0);
  for(; times > 0; times--) long_multiply(a, 10, 0);
}

static int long_bits(const LongInteger *a){
  uint32_t top = a->used ? a->limb[a->used-1] : 0;
  int n = a->used*32 - 32;
  for(; top; top >>= 1) n++;
  return a->used ? n : 0;
}

static void long_shift(LongInteger *a, int bits){
  int limbs = bits/32, i;
  if( limbs > 0 && a->used > 0 ){
    memmove(a->limb + limbs, a->limb, (size_t)a->used*sizeof a->limb[0]);
    for(i=0; i<limbs; i++) a->limb[i] = 0;
    a->used += limbs;
  }
  if( bits%32 ) long_multiply(a, UINT32_C(1) << bits%32, 0);
}

static int long_compare(const LongInteger *a, const LongInteger *b){
  int i;
  if( a->used!=b->used ) return a->used < b->used ? -1 : 1;
  for(i=a->used-1; i>=0; i--){
    if( a->limb[i]!=b->limb[i] ) return a->limb[i] < b->limb[i] ? -1 : 1;
  }
  return 0;
}

/* a -= b; b is not greater. */
static void long_subtract(LongInteger *a, const LongInteger *b){
  int64_t borrow = 0;
  int i;
  for(i=0; i<a->used; i++){
    int64_t v = (int64_t)a->limb[i] - (i < b->used ? b->limb[i] : 0) + borrow;
    a->limb[i] = (uint32_t)v;
    borrow = v >> 32;
  }
  while( a->used > 0 && a->limb[a->used-1]==0 ) a->used--;
}

/* ---- rounding ---- */

/* above/below as a double. */
static double long_quotient(LongInteger *above, LongInteger *below){
  uint64_t mantissa = 0;
  int power = long_bits(above) - long_bits(below), bits, i, rest;
  long_shift(power >= 0 ? below : above, power >= 0 ? power : -power);
  if( long_compare(above, below) < 0 ){
    long_multiply(above, 2, 0);
    power--;
  }
  /* now 1 <= above/below < 2; the smallest doubles have fewer bits */
  bits = power < -1022 ? 53 + 1022 + power : 53;
  if( bits < 0 ) return 0;
  for(i=0; i<bits; i++){
    mantissa *= 2;
    if( long_compare(above, below) >= 0 ){
      mantissa++;
      long_subtract(above, below);
    }
    long_multiply(above, 2, 0);
  }
  rest = long_compare(above, below);             /* with half of the last place */
  if( rest > 0 || (rest==0 && (mantissa & 1)) ) mantissa++;
  return ldexp((double)mantissa, power - bits + 1);
}

static double decimal_slowly(const DecimalText *d){
  LongInteger above = {{0}, 0}, below = {{1}, 1};
  int64_t exponent = d->exponent;
  const char *z;
  int kept = 0, rest = 0;
  for(z=d->from; z < d->end; z++){
    if( *z=='.' ) continue;
    if( kept==DIGITS_KEPT ){ rest |= *z!='0'; exponent++; continue; }
    kept++;
    if( above.used==0 && *z!='0' ) above.used = 1;
    long_multiply(&above, 10, (uint32_t)(*z - '0'));
  }
  if( rest ){ long_multiply(&above, 10, 1); exponent--; }
  if( exponent >= 0 ) long_times_ten(&above, exponent);
  else long_times_ten(&below, -exponent);
  return long_quotient(&above, &below);
}

static double decimal_real(const DecimalText *d){
  static const double TENS[EXACT_POWERS+1] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
    1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if( d->digits==0 ) return 0;
  if( d->digits <= 19 && d->mantissa <= UINT64_C(1) << 53
   && d->exponent >= -EXACT_POWERS && d->exponent <= EXACT_POWERS ){
    double v = (double)d->mantissa;
    return d->exponent < 0 ? v/TENS[-d->exponent] : v*TENS[d->exponent];
  }
  if( d->digits + d->exponent > 310 ) return HUGE_VAL;
  if( d->digits + d->exponent < -330 ) return 0;
  return decimal_slowly(d);
}

/* ---- reading ---- */

/* Digits before or after the point; leading zeros are not significant. */
static const char *take_digits(const char *z, const char *end, int afterPoint, DecimalText *d){
  for(; decimal_digit(z, end); z++){
    d->exponent -= afterPoint;
    if( d->digits==0 && *z=='0' ) continue;
    if( d->digits==0 ) d->from = z;
    d->digits++;
    d->end = z + 1;
    if( d->digits <= 19 ) d->mantissa = d->mantissa*10 + (uint64_t)(*z - '0');
  }
  return z;
}

static const char *take_exponent(const char *z, const char *end, DecimalText *d){
  int64_t value = 0;
  int negative;
  const char *at = z;
  if( at==end || (*at!='e' && *at!='E') ) return z;
  at++;
  negative = at < end && *at=='-';
  if( at < end && (*at=='-' || *at=='+') ) at++;
  if( !decimal_digit(at, end) ) return z;
  for(; decimal_digit(at, end); at++){
    if( value < INT64_C(1000000000000) ) value = value*10 + (*at - '0');
  }
  d->exponent += negative ? -value : value;
  return at;
}

static void whole_number(const DecimalText *d, int negative, Decimal *out){
  uint64_t most = (uint64_t)INT64_MAX + (uint64_t)negative;
  out->isWhole = 1;
  out->isInteger = d->digits <= 19 && d->mantissa <= most;
  if( out->isInteger ) out->integer = negative ? (int64_t)(0 - d->mantissa) : (int64_t)d->mantissa;
}

int decimal_read(const char *text, int n, Decimal *out){
  const char *z = text, *end = text + n, *from, *behind;
  DecimalText d = {0, 0, 0, 0, 0};
  int negative, hasPoint = 0, any;
  if( n <= 0 ) return 0;
  negative = *z=='-';
  if( *z=='-' || *z=='+' ) z++;
  from = z;
  z = take_digits(z, end, 0, &d);
  any = z > from;
  if( z < end && *z=='.' && (any || decimal_digit(z + 1, end)) ){
    hasPoint = 1;
    from = ++z;
    z = take_digits(z, end, 1, &d);
    any |= z > from;
  }
  if( !any ) return 0;
  behind = take_exponent(z, end, &d);
  memset(out, 0, sizeof *out);
  out->real = decimal_real(&d);
  if( negative ) out->real = -out->real;
  if( !hasPoint && behind==z ) whole_number(&d, negative, out);
  return (int)(behind - text);
}

int decimal_from_text(const char *text, int n, Decimal *out){
  int used;
  while( n > 0 && (*text==' ' || (*text >= '\t' && *text <= '\r')) ){ text++; n--; }
  while( n > 0 && (text[n-1]==' ' || (text[n-1] >= '\t' && text[n-1] <= '\r')) ) n--;
  used = decimal_read(text, n, out);
  return used > 0 && used==n;
}
