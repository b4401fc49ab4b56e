/* The few JSON pieces that results are written with. */
#ifndef SIYU_JSON_H
#define SIYU_JSON_H
#include "buffer.h"

/* A number with the fewest of 15 to 17 digits that read back equal; not finite: null. */
void json_put_real(Buffer *b, double v);
/* "text", escaped */
void json_put_text(Buffer *b, const char *text, size_t n);

#endif
