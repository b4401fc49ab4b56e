/*
** A share of keys: those with a row in the part and one in the whole, over those with a row
** in the whole.  Two counts of rows per key, so that rows can leave again.
** Memory: 16 + 12 to 24 bytes per key, TEXT and BLOB keys their bytes besides.
** But for absorb, the functions are those of a Metric whose accumulator is a Share.
*/
#ifndef SIYU_SHARE_H
#define SIYU_SHARE_H
#include "spine/accumulator.h"

/* Rows of one key. */
typedef struct Marks { uint32_t whole, part; } Marks;

typedef struct Share {
  KeyMap keys;                 /* payload: Marks */
  int64_t whole, part;         /* keys in the denominator, in the numerator */
} Share;

Status share_init(void *acc, const Parameter *p, Failure *f);
void share_destroy(void *acc);
/* Moves the counts of one key by -1, 0 or 1 each. */
Status share_mark(Share *a, Marks *m, int whole, int part);
void share_encode(const void *acc, Buffer *out);
Status share_fold(void *acc, Reader *in, Failure *f);
Status share_result(void *acc, Result *r, Failure *f, const Stop *stop);

#endif
