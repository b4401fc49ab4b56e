/*
** A stable merge sort that can be interrupted and that no comparison can lead astray:
** an inconsistent one (NaN in a forged state) gives some order, never a wild access.
**
** Time O(n log n), O(n) when the array is in order already.  Memory: room for n elements
** while it runs, none for 8 or fewer or an array in order.
*/
#ifndef SIYU_SORT_H
#define SIYU_SORT_H

#include "base/memory.h"

/* Elements of at most this many bytes. */
#define SORT_RECORD_MAX 128

/* < 0, 0, > 0 for a before, level with, after b; context is what sort_records was given. */
typedef int (*SortCompare)(const void *a, const void *b, const void *context);

/* Asks after some 32,768 elements, in the middle of a merge, too.  STATUS_NOMEM and STATUS_INTERRUPTED leave every element, in some order. */
Status sort_records(void *array, size_t n, size_t size, SortCompare compare, const void *context, const Stop *stop);

#endif
