/*
** Totals of a chunk: what its rows say together, kept beside it, so that a figure over all customers
** need not unpack it.  They are exact, or say that they are not to be had.
**
** A row counts where its time is no NULL, an order is a row whose amount is not below zero.  Chunks
** whose customers or times are not plain (history.h) have no totals; nor have their amounts where
** these are text or a sum of REALs is rounded.
*/
#ifndef SIYU_TOTALS_H
#define SIYU_TOTALS_H

#include "base/number/money.h"
#include "base/time/calendar.h"
#include "spine/chunk.h"

typedef struct TotalsRows {
  int64_t rows, customers, repeat;     /* customers with a row, with two */
  int64_t first, last;                 /* times as the chunk has them; valid when there are rows */
} TotalsRows;

typedef struct ChunkTotals {
  int isWhole;                 /* no customer goes on in the chunk before or behind */
  int isPlain;                 /* the rest is said */
  int hasMoney;                /* orders, effective, gmv, refunds are */
  int isReal;                  /* an amount is REAL */
  int isText;                  /* times are TEXT, of this form */
  VectorForm form;
  TotalsRows all, orders;
  int64_t effective;           /* customers whose money is above zero */
  Money gmv, refunds;
} ChunkTotals;

/* amount: the place of its column in the chunk, or -1. */
void chunk_totals(const Chunk *c, int amount, int isWhole, ChunkTotals *out);
/* Whether chunk_totals() cannot tell what the chunk's times are before it is packed and unpacked. */
int chunk_totals_later(const Chunk *c);

/* As bytes; body: those of the chunk, whose checksum binds the two together. */
void totals_encode(const ChunkTotals *t, const void *body, Buffer *out);
/* STATUS_CORRUPT: no totals; whatever is taken for some keeps within the bounds of a chunk. */
Status totals_decode(ChunkTotals *t, const void *bytes, size_t n);
/* Whether they are bound to that chunk. */
int totals_are_of(const void *bytes, const void *body);

/* What a table metric is given of a chunk of whole customers. */
typedef struct Totals {
  const ChunkTotals *of;
  const TotalsRows *orders;    /* where no amount is given, all rows */
  Instant last;                /* of all rows */
  Instant firstOrder, lastOrder;       /* valid when there are orders */
} Totals;

#endif
