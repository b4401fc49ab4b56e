/*
** A ledger's chunks on their way into batches: ledger_feed_rows.c, which knows values and rows, for
** ledger_feed.c, which knows whole customers and whole chunks.
*/
#ifndef SIYU_LEDGER_FEED_H
#define SIYU_LEDGER_FEED_H

#include "base/time/zone.h"
#include "spine/history.h"
#include "sql/ledger/ledger.h"

typedef struct LedgerFeed {
  Scan *scan;
  Batch *b;
  int columns;
  ArgKind kind[BATCH_COLUMNS];
  int place[BATCH_COLUMNS];    /* among the ledger's names; -1: the table has no use for it */
  int flag[FLAGS_MAX];
  LedgerMerge merge;
  LedgerSlice slice;           /* that came, but is not fed */
  ChunkValue last;             /* customer that was fed */
  Buffer lastBytes;
} Feed;

/* Times that no zone leads out of the years of four digits. */
#define PLAIN_DAY_FIRST INT64_C(-719100)
#define PLAIN_DAY_LAST INT64_C(2932500)

/* NULL, or a TEXT of spaces alone. */
int feed_blank(const ChunkValue *v);
/* Hands the batch over, and empties it. */
Status feed_full(Feed *f, Failure *failure);
/* The rows of a slice one by one.  STATUS_UNLIKE: a value asks for decode.c. */
Status feed_rows(Feed *f, const LedgerSlice *s, Failure *failure);
/* Whether the rows can be copied as they stand; and the same then. */
int is_plain_slice(const Feed *f, const LedgerSlice *s);
Status feed_plain(Feed *f, const LedgerSlice *s, Failure *failure);
/* Cells of rows `from` ... `to` - 1 among the `count` numbers from low on. */
int numbers_within(const Vector *v, size_t from, size_t to, int64_t low, uint64_t count);

#endif
