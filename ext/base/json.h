/* The few JSON pieces that results are written with. */
#ifndef SIYU_JSON_H
#define SIYU_JSON_H
#include "buffer.h"

/* A number with the fewest of 15 to 17 digits that read back equal; not finite: null. */
void json_put_real(Buffer *b, double v);
/* A decimal number at the start of a NUL-terminated text, whatever the locale; *end as strtod's. */
double number_from_ascii(const char *text, char **end);
/* "text", escaped */
void json_put_text(Buffer *b, const char *text, size_t n);

#endif
