/*
** The reader of decimal numbers against the C library's, which is exact: printed doubles with
** few and with many digits, numbers half way between two doubles and a digit beyond, the
** smallest and the largest.  make unit builds it.
*/
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "check.h"
#include "base/number/decimal.h"

int passed, failed;

static int same_bits(double a, double b){ return memcmp(&a, &b, sizeof a)==0; }

static void compare(const char *text){
  Decimal d = {0, 0, 0, 0};
  char *end;
  double right = strtod(text, &end);
  int n = (int)strlen(text), used = decimal_read(text, n, &d);
  CHECK(used==(int)(end - text) && same_bits(d.real, right), "'%.60s...' of %d: %.17g, not %.17g", text, n, d.real, right);
}

/* Any 64 bits that are a finite double. */
static double random_double(void){
  uint64_t bits = (uint64_t)random_below(1u << 31) << 33 ^ (uint64_t)random_below(1u << 31) << 11 ^ random_below(2048);
  double v;
  memcpy(&v, &bits, sizeof v);
  return isfinite(v) ? v : 1.5;
}

static void check_printed(int count){
  char text[1500];
  while( count-- > 0 ){
    double v = random_double();
    snprintf(text, sizeof text, "%.*e", (int)random_below(40), v);
    compare(text);
    snprintf(text, sizeof text, "%.17g", v);
    compare(text);
    snprintf(text, sizeof text, "%u.%09u", random_below(1u << 31), random_below(1000000000));
    compare(text);
    snprintf(text, sizeof text, "%u%09u%09ue%d", random_below(1u << 31), random_below(1000000000),
             random_below(1000000000), (int)random_below(700) - 360);
    compare(text);
  }
}

/* Half way between v and its neighbour, to the last digit; then a little above. */
static void check_half(double v){
  static char text[2600];
  long double half = ((long double)v + (long double)nextafter(v, INFINITY))/2;
  int n = snprintf(text, sizeof text - 2, "%.1100Lf", half);
  compare(text);
  text[n] = '1';
  text[n+1] = 0;
  compare(text);
}

static void check_words(void){
  static const char *const TEXTS[] = {
    "0", "-0", "-0.0", "+5", "5.", ".5", "-.5e-3", "00012", "000.000120", "1e5", "1E+5", "1e-5x", "1e", "1e+", "12abc", "1.5.2",
    "9007199254740993", "9007199254740992.9999999999999999999999999", "1e22", "1e23", "8.5e22", "123456789012345678901234567890",
    "4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2e-324", "1e-400", "2.2250738585072011e-308",
    "2.2250738585072014e-308", "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e400", "-1e400",
    "0e999999999999999999999", "1e-999999999999999999999", "1e999999999999999999999", "179769313486231580793e289"
  };
  static const char *const NONE[] = { "", "-", "+", ".", "-.", "e5", "abc", "inf", "nan", " 1", "0", "--1", "+-1", ",5" };
  Decimal d;
  size_t i;
  for(i=0; i<sizeof TEXTS/sizeof TEXTS[0]; i++) compare(TEXTS[i]);
  for(i=0; i<sizeof NONE/sizeof NONE[0]; i++){
    CHECK(decimal_read(NONE[i], NONE[i][0]=='0' ? 0 : (int)strlen(NONE[i]), &d)==0, "'%s' is no number", NONE[i]);
  }
  CHECK(decimal_read("123456", 3, &d)==3 && d.integer==123, "only n bytes are read");
  CHECK(decimal_read("1e5", 2, &d)==1 && d.integer==1, "an exponent behind the end");
  CHECK(decimal_from_text("  12.5 \n", 8, &d) && d.real==12.5 && !d.isInteger && !d.isWhole, "spaces around it");
  CHECK(!decimal_from_text("1 2", 3, &d) && !decimal_from_text("   ", 3, &d), "spaces within");
}

static void check_integers(void){
  static const struct { const char *text; int isWhole, isInteger; int64_t integer; } CASES[] = {
    { "9223372036854775807", 1, 1, INT64_MAX }, { "-9223372036854775808", 1, 1, INT64_MIN }, { "9223372036854775808", 1, 0, 0 },
    { "-9223372036854775809", 1, 0, 0 }, { "99999999999999999999", 1, 0, 0 }, { "0000000000000000000000000000042", 1, 1, 42 },
    { "18446744073709551617", 1, 0, 0 }, { "1.0", 0, 0, 0 }, { "1e3", 0, 0, 0 }, { "-0", 1, 1, 0 }
  };
  size_t i;
  for(i=0; i<sizeof CASES/sizeof CASES[0]; i++){
    Decimal d;
    CHECK(decimal_read(CASES[i].text, (int)strlen(CASES[i].text), &d)==(int)strlen(CASES[i].text)
          && d.isWhole==CASES[i].isWhole && d.isInteger==CASES[i].isInteger && d.integer==CASES[i].integer, "'%s'", CASES[i].text);
  }
}

int main(void){
  int i;
  check_words();
  check_integers();
  check_printed(20000);
  for(i=0; i<400; i++) check_half(random_below(1u << 31)*exp2((int)random_below(100) - 60));
  for(i=0; i<50; i++) check_half(ldexp(1 + random_below(1000), -1074));
  return check_summary();
}
