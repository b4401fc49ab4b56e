/*
** Distinct (left, right) key pairs with their count of rows, and for each left key
** its count of distinct right keys.  Used by metrics over a customer's orders.
** Memory: two key maps (left, right) and 24 to 36 bytes per distinct pair.
*/
#ifndef SIYU_PAIRS_H
#define SIYU_PAIRS_H
#include "base/keymap.h"

typedef struct Pairs {
  KeyMap left;                 /* payload: uint32 distinct right keys */
  KeyMap right;                /* payload: none */
  KeyMap pair;                 /* left id << 32 | right id; payload: uint32 rows */
} Pairs;

/* Called when a left key's count of distinct right keys moves by d (+1 or -1): the
** callee applies d to *distinct. */
typedef void (*PairsMoved)(void *arg, uint32_t *distinct, int d);

void pairs_init(Pairs *p);
/* With a larger payload for each left key, whose first 4 bytes are the count. */
void pairs_init_wide(Pairs *p, size_t leftPayload);
void pairs_destroy(Pairs *p);
/* Adds (sign +1) or removes rows; columns by their index in the batch, no NULLs in them. */
Status pairs_change(Pairs *p, Batch *b, int left, int right, const uint8_t *rows, int n,
                    int sign, PairsMoved moved, void *arg);
void pairs_encode(const Pairs *p, Buffer *out);
Status pairs_fold(Pairs *p, Reader *in, PairsMoved moved, void *arg);

#endif
