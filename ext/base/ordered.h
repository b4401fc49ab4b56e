/*
** An ordered multiset of (group, value) pairs: neighbours, and the k-th smallest, in
** O(log n) while members come and go.  40 bytes per distinct pair.
**
** A treap: a search tree that is a heap by a priority hashed from the node's number, so
** that no order of insertion makes it deep.  Source: Seidel, Aragon 1996.
*/
#ifndef SIYU_ORDERED_H
#define SIYU_ORDERED_H

#include "memory.h"

typedef struct OrderedNode {
  int64_t value;
  int64_t count;               /* rows of this pair; 0: a free node */
  int64_t weight;              /* rows in the subtree */
  uint32_t group;
  uint32_t left, right;        /* numbers of nodes, 0 is none; free nodes: the next free */
} OrderedNode;

/* All zero is an empty set. */
typedef struct Ordered {
  OrderedNode *node;           /* [0] is unused */
  size_t used, capacity;
  uint32_t root, spare;
} Ordered;

void ordered_destroy(Ordered *o);
/* Adds d rows of the pair (+1), or takes some out that are in (-1); *now is how many
** there are then.  STATUS_NOMEM, STATUS_OVERFLOW: the set is as it was. */
Status ordered_change(Ordered *o, uint32_t group, int64_t value, int d, int64_t *now);
/* The greatest value of the group below `value`; 1 when there is one. */
int ordered_below(const Ordered *o, uint32_t group, int64_t value, int64_t *out);
/* The least value of the group that is above `value`; 1 when there is one. */
int ordered_above(const Ordered *o, uint32_t group, int64_t value, int64_t *out);
/* Rows in the set, and the value of row k of them, 0 <= k < rows, in ascending order (any
** other k gives the first or the last; an empty set gives 0). */
int64_t ordered_rows(const Ordered *o);
int64_t ordered_select(const Ordered *o, int64_t k);

#endif
