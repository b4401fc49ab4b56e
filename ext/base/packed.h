/*
** Whole numbers packed by bits: blocks of 128, each with a base, a width, and the few values
** that the width does not hold written apart, so that one of them does not widen its block.
*/
#ifndef SIYU_PACKED_H
#define SIYU_PACKED_H

#include "base/buffer.h"

#define PACKED_BLOCK 128

void packed_put(Buffer *out, const int64_t *v, size_t n);
/* What numbers cannot be below and above, by the bases and widths of their blocks: seldom the least and
** the greatest themselves.  Of no numbers: INT64_MAX, INT64_MIN. */
typedef struct PackedBounds { int64_t low, high; } PackedBounds;

/* Reads n values as packed_put wrote them; the reader fails where the bytes are none such. */
PackedBounds packed_get(Reader *in, int64_t *v, size_t n);
/* Passes over them. */
void packed_skip(Reader *in, size_t n);

#endif
