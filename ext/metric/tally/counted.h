/*
** Distinct keys with their count of rows, so that a key can leave again.
** Memory: 16 + 12 to 24 bytes per key, TEXT and BLOB keys their bytes besides.
*/
#ifndef SIYU_COUNTED_H
#define SIYU_COUNTED_H
#include "spine/accumulator.h"

typedef struct Counted {
  KeyMap keys;                 /* payload: uint32 rows */
  int64_t present;             /* keys with rows */
  int64_t repeated;            /* keys with two or more */
  int64_t rows;
} Counted;

void counted_init(Counted *c);
void counted_destroy(Counted *c);
/* Adds (sign +1) or takes out the keys of n rows of a column, none of them NULL. */
Status counted_change(Counted *c, Batch *b, int column, const uint8_t *rows, int n, int sign);
void counted_encode(const Counted *c, Buffer *out);
Status counted_fold(Counted *c, Reader *in);

#endif
