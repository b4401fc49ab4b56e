/*
** Decoded rows that are kept: what the state of a table holds.  Whatever a table makes of rows, it
** makes of the same rows once more when they are replayed, and so states add up exactly whichever
** way the rows were divided.
**
** In memory a number for the key (column 0) and a vector for each other column: 4 + 9 bytes per
** row and column, and the bytes of texts; in blocks, so that no array that grows is ever a large
** one.  Written as chunks (chunk.h), rows in order of their key.
*/
#ifndef SIYU_KEPT_ROWS_H
#define SIYU_KEPT_ROWS_H

#include "spine/accumulator.h"
#include "spine/chunk.h"

#define KEPT_BLOCK ((size_t)1 << 16)

typedef struct KeptBlock {     /* as many rows, or the last ones */
  uint32_t *key;               /* of each row: its id + 1, 0 for NULL */
  size_t keyCapacity;
  Vector column[BATCH_COLUMNS];        /* from 1 on */
} KeptBlock;

typedef struct KeptRows {
  int columns;                 /* the key among them */
  KeyMap keys;
  KeptBlock *block;
  size_t rows, blocks, blockCapacity;
  uint32_t seen;               /* bit i: column i has a value that is not NULL */
} KeptRows;

/* What a column may hold; forged bytes hold anything. */
typedef struct KeptColumn {
  uint32_t types;              /* bit t: a CellType */
  int64_t least, most;         /* of an INTEGER */
} KeptColumn;

void kept_init(KeptRows *k, int columns);
void kept_destroy(KeptRows *k);
/* Keeps the rows of a batch. */
Status kept_put(KeptRows *k, const Batch *b);
/* Writes them; encode_fail() says what went wrong. */
void kept_encode(const KeptRows *k, Buffer *out);

/* Reads what kept_encode wrote: `seen` alone, or every row into the batch, which goes to absorb
** when it is full, its columns being those that `column` allows. */
Status kept_seen(Reader *in, int columns, uint32_t *seen);
typedef struct KeptReplay {
  const KeptColumn *column;
  int columns;
  Batch *batch;
  Status (*absorb)(void *acc, Batch *b, Failure *f);
  void *accumulator;
  const Stop *stop;
} KeptReplay;
Status kept_replay(const KeptReplay *to, Reader *in, Failure *f);

#endif
