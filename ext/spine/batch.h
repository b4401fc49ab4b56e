/*
** A batch: some rows, decoded once into typed columns.  What fills it: an SQL
** call (ext/sql/decode.c), a table scan, a stored state.  What reads it: the
** accumulators of ext/metric.
*/
#ifndef SIYU_BATCH_H
#define SIYU_BATCH_H

#include "base/memory.h"

#define BATCH_ROWS 64
#define BATCH_COLUMNS 11

/* The type of one cell.  Times and flags are CELL_INTEGER (an Instant; 0 or 1). */
typedef enum CellType {
  CELL_NULL = 0,
  CELL_INTEGER,
  CELL_REAL,
  CELL_TEXT,           /* keys only: bytes in Batch.bytes */
  CELL_BLOB
} CellType;

typedef union Cell { int64_t i; double r; } Cell;

typedef struct Column {
  Cell cell[BATCH_ROWS];       /* value; for TEXT and BLOB the offset in Batch.bytes */
  uint32_t size[BATCH_ROWS];   /* bytes of a TEXT or BLOB */
  uint8_t type[BATCH_ROWS];    /* a CellType */
} Column;

/* 1 when the first n cells are all INTEGERs. */
static inline int column_is_integer(const Column *c, int n){
  int i;
  unsigned other = 0;
  for(i=0; i<n; i++) other |= c->type[i] ^ (unsigned)CELL_INTEGER;
  return other==0;
}

typedef struct Batch {
  int rows;
  Column column[BATCH_COLUMNS];
  char *bytes;                 /* the TEXT and BLOB keys of these rows */
  size_t bytesUsed, bytesCapacity;
  struct Batch *next;          /* in a pool */
  const Stop *stop;            /* asked by key maps that grow */
  /* Column 0 will be looked up in this key map (or NULL): keymap_touch prepares that
  ** while the rows come in. */
  const struct KeyMap *keys;
  uint64_t seed;               /* of that map, when the first row came in */
  uint32_t hash[BATCH_ROWS];
  uint32_t likely[BATCH_ROWS]; /* id + 1 of the entry that the hash points to, or 0 */
} Batch;

/* A batch is full before its rows are when their keys take this much. */
#define BATCH_BYTES ((size_t)1 << 18)
static inline int batch_is_full(const Batch *b){
  return b->rows==BATCH_ROWS || b->bytesUsed > BATCH_BYTES;
}

static inline void batch_clear(Batch *b){ b->rows = 0; b->bytesUsed = 0; }

#endif
