/*
** parse_amount: see parse.h.
**
**   [-] [(] [sign of a currency] number [千 万 亿] [sign of a currency] [)] [-]
**
** A hyphen behind a point is no sign but stands for no cents: 12,- and 12.--.
**
** Groups and point of a number:
**   both ',' and '.'      the one that stands last is the point
**   several of one kind   groups
**   one ','               groups, where 1 to 3 digits (no leading 0) stand before it and exactly 3 behind
**                         it; else the point
**   one '.'               the point
**   blanks and '          groups
** Groups are of 3 digits, or of 2 before the last 3 as in India.
*/
#include "metric/import/cell_text.h"
#include "metric/import/parse.h"

#include <math.h>
#include <string.h>
#include "base/memory.h"

/* digits[] without leading zeros, the point before the last `scale` of them */
typedef struct AmountNumber { char digits[CELL_TEXT_MAX + 1]; int count, scale; } AmountNumber;

static int amount_digit(unsigned char c){ return c >= '0' && c <= '9'; }

/* mantissa * 10^decimals / 10^scale, if that is whole and fits. */
static int amount_scaled(const AmountNumber *number, int exponent, int negative, int decimals, int64_t *out){
  int count = number->count, shift = decimals + exponent - number->scale, i;
  uint64_t v = 0, limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
  for(; shift < 0; shift++){                          /* digits that must be zeros */
    if( count==0 ) break;
    if( number->digits[--count]!='0' ) return 0;
  }
  for(i=0; i<count; i++){
    unsigned d = (unsigned)(number->digits[i] - '0');
    if( v > (limit - d)/10 ) return 0;
    v = v*10 + d;
  }
  for(; v && shift > 0; shift--){
    if( v > limit/10 ) return 0;
    v *= 10;
  }
  *out = negative ? (v==0 ? 0 : -(int64_t)(v - 1) - 1) : (int64_t)v;
  return 1;
}

/* Groups of three behind the first, or of two with three at the end. */
static int amount_groups(const unsigned char *z, int n, unsigned char mark){
  int run = 0, groups = 0, i, two = 0;
  for(i=0; i<n; i++){
    if( z[i]!=mark ){ run++; continue; }
    if( run < 1 || run > 3 || (groups && run==1) ) return 0;
    if( groups && run==2 ) two = 1;
    if( groups && run==3 && two ) return 0;
    groups++;
    run = 0;
  }
  return groups==0 || run==3;
}

static int amount_last(const unsigned char *z, int n, unsigned char c){
  while( n-- > 0 ) if( z[n]==c ) return n;
  return -1;
}

static int amount_count(const unsigned char *z, int n, unsigned char c){
  int k = 0;
  while( n-- > 0 ) k += z[n]==c;
  return k;
}

/* Where the point stands, or n; *group is the sign between groups, 0 for none. */
static int amount_point(const unsigned char *z, int n, unsigned char *group){
  int commas = amount_count(z, n, ','), dots = amount_count(z, n, '.');
  int blanks = amount_count(z, n, ' '), quotes = amount_count(z, n, '\'');
  int comma = amount_last(z, n, ','), dot = amount_last(z, n, '.');
  *group = 0;
  if( blanks && quotes ) return -1;
  if( blanks || quotes ) *group = blanks ? ' ' : '\'';
  if( commas && dots ){
    if( *group || (comma > dot ? commas : dots)!=1 ) return -1;
    *group = comma > dot ? '.' : ',';
    return comma > dot ? comma : dot;
  }
  if( commas + dots==0 ) return n;
  if( commas + dots > 1 ){
    if( *group ) return -1;
    *group = commas ? ',' : '.';
    return n;
  }
  if( dots ) return dot;
  if( *group==0 && n - comma==4 && comma >= 1 && comma <= 3 && z[0]!='0' ){
    *group = ',';
    return n;
  }
  return comma;
}

/* Digits with their groups and point: all of the n bytes. */
static int amount_number(const unsigned char *z, int n, AmountNumber *out){
  unsigned char group;
  int point = amount_point(z, n, &group), i;
  out->count = out->scale = 0;
  if( point < 0 || !amount_groups(z, point, group) ) return 0;
  for(i=0; i<n; i++){
    if( i==point || (i < point && z[i]==group) ) continue;
    if( !amount_digit(z[i]) ) return 0;
    if( out->count || z[i]!='0' || i > point ) out->digits[out->count++] = (char)z[i];
    out->scale += i > point;
  }
  return n - (point < n) - (group ? amount_count(z, point, group) : 0) > 0;
}

/* ---- what stands around the number ---- */

static const char *const CURRENCY_WORDS[] = {
  "RMB", "CNY", "CNH", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "MOP", "SGD", "MYR", "THB", "VND", "IDR", "PHP", "KRW", "INR",
  "AUD", "NZD", "CAD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "TRY", "RUB", "BRL", "MXN", "ZAR", "AED", "SAR",
  "ILS", "US$", "HK$", "NT$", "S$", "A$", "C$", "R$", "RM", "RP.", "RP", "RS.", "RS", "KR.", "KR", "FR.", "ZL", "KC", "FT", "TL", "S/", "KSH", "NGN", "EGP", "KES", "COP", "CLP", "ARS", "PEN", "UAH", "MXN$", "$"
};

/* Bytes of a currency at z, or 0. */
static int currency_at(const unsigned char *z, int n){
  size_t i;
  if( n <= 0 || (*z >= '0' && *z <= '9') ) return 0;
  if( *z==SIGN_CURRENCY || *z==SIGN_YUAN ) return 1;
  for(i=0; i<sizeof CURRENCY_WORDS/sizeof CURRENCY_WORDS[0]; i++){
    int length = (int)strlen(CURRENCY_WORDS[i]);
    if( n >= length && sqlite3_strnicmp((const char*)z, CURRENCY_WORDS[i], length)==0 ) return length;
  }
  return 0;
}

typedef struct AmountText { const unsigned char *z; int n; int negative, currencies, exponent; } AmountText;

static int amount_skip(AmountText *t, int bytes){
  t->z += bytes;
  t->n -= bytes;
  return 1;
}

static void amount_blanks(AmountText *t){
  while( t->n > 0 && *t->z==' ' ) amount_skip(t, 1);
  while( t->n > 0 && t->z[t->n-1]==' ' ) t->n--;
}

/* Takes a sign or a currency off the front; 0 when there is none. */
static int amount_front(AmountText *t){
  int k;
  amount_blanks(t);
  if( t->n==0 ) return 0;
  if( *t->z=='-' ){ t->negative++; return amount_skip(t, 1); }
  if( *t->z=='+' ) return amount_skip(t, 1);
  if( (k = currency_at(t->z, t->n))==0 ) return 0;
  t->currencies++;
  return amount_skip(t, k);
}

/* The same off the end, where the unit of ten thousand may stand too. */
static int amount_back(AmountText *t){
  int k;
  unsigned char c;
  amount_blanks(t);
  if( t->n==0 ) return 0;
  c = t->z[t->n-1];
  if( c=='-' ){
    int n = t->n - 1;
    while( n > 0 && t->z[n-1]=='-' ) n--;
    if( n > 1 && (t->z[n-1]=='.' || t->z[n-1]==',') && amount_digit(t->z[n-2]) ){ t->n = n; return 1; }
    t->negative++;
    t->n--;
    return 1;
  }
  if( (c==SIGN_WAN || c==SIGN_YI || c==SIGN_QIAN) && t->exponent==0 ){ t->exponent = c==SIGN_WAN ? 4 : c==SIGN_QIAN ? 3 : 8; t->n--; return 1; }
  for(k=1; k<=3 && k<t->n; k++){
    if( currency_at(t->z + t->n - k, k)!=k || (k < 3 && k < t->n && currency_at(t->z + t->n - k - 1, k + 1)==k + 1) ) continue;
    t->currencies++;
    t->n -= k;
    return 1;
  }
  return 0;
}

/* -123.45, which nearly all amounts are: 1 when it is that and nothing else, of at most 17 digits. */
static int amount_plain(const char *z, int n, int decimals, int64_t *out){
  int64_t v = 0;
  int negative = n > 0 && *z=='-', i = negative, point = -1, digits = 0, scale;
  if( n > 18 + negative ) return 0;
  for(; i<n; i++){
    unsigned d = (unsigned)((unsigned char)z[i] - '0');
    if( d < 10 ){ v = v*10 + (int64_t)d; digits++; }
    else if( z[i]=='.' && point < 0 ) point = i;
    else return 0;
  }
  scale = point < 0 ? 0 : n - 1 - point;
  if( digits==0 || scale > decimals || digits + decimals - scale > 18 ) return 0;
  for(; scale<decimals; scale++) v *= 10;
  *out = negative ? -v : v;
  return 1;
}

int amount_from_text(const char *text, int n, int decimals, int64_t *out){
  CellText cell;
  AmountText t = { 0, 0, 0, 0, 0 };
  AmountNumber number;
  if( amount_plain(text, n, decimals, out) ) return 1;
  if( !cell_text(text, n, &cell) || cell.n==0 ) return 0;
  t.z = cell.z;
  t.n = cell.n;
  if( t.n >= 3 && t.z[0]=='(' && t.z[t.n-1]==')' ){
    t.negative++;
    t.n -= 2;
    t.z++;
  }
  while( amount_front(&t) ){}
  while( amount_back(&t) ){}
  if( t.n==0 || t.negative > 1 || t.currencies > 2 || !amount_number(t.z, t.n, &number) ) return 0;
  return amount_scaled(&number, t.exponent, t.negative, decimals, out);
}

int amount_from_integer(int64_t v, int decimals, int64_t *out){
  for(; decimals > 0; decimals--){
    if( v > INT64_MAX/10 || v < INT64_MIN/10 ) return 0;
    v *= 10;
  }
  *out = v;
  return 1;
}

int amount_from_real(double v, int decimals, int64_t *out){
  char z[64];
  if( !isfinite(v) || fabs(v) >= 1e18 ) return 0;
  if( v==floor(v) ) return amount_from_integer((int64_t)v, decimals, out);
  if( fabs(v) >= 1e14 ) return 0;                      /* no digits left for a fraction */
  sqlite3_snprintf(sizeof z, z, "%.*f", fabs(v) >= 1 ? 14 - (int)floor(log10(fabs(v))) : 15, v);
  return amount_from_text(z, (int)strlen(z), decimals, out);
}
