/*
** The one reader of decimal numbers.  Correctly rounded whatever the number of digits, and the
** same in every locale: strtod() reads what the process's locale says, and some locales have a
** decimal point of two bytes.
*/
#ifndef SIYU_DECIMAL_H
#define SIYU_DECIMAL_H

#include <stdint.h>

typedef struct Decimal {
  double real;         /* nearest, ties to even; beyond the range of a double: infinite */
  int64_t integer;     /* with isInteger */
  int isInteger;       /* written without point or exponent, and within 64 bits */
  int isWhole;         /* written without point or exponent, of any size */
} Decimal;

/* [sign] digits [. digits] [e [sign] digits], with a digit before or after the point, at the
** start of n bytes.  How many bytes it takes; 0: there is no number, and *out is as it was.
** An `e` without digits after it is not part of the number. */
int decimal_read(const char *text, int n, Decimal *out);
/* The same where nothing but spaces may stand around it: 1 when it is one. */
int decimal_from_text(const char *text, int n, Decimal *out);

#endif
