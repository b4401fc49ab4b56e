/*
** A chunk of a ledger: the rows of some customers, grouped by customer, column by column.  In
** memory plain arrays; stored a packed text of bytes with a version and a checksum.
**
** Values are those of the source, whatever they are: INTEGER, REAL, TEXT, BLOB or NULL, each bit
** of them.  Customers stand in SQLite's order (NULL, numbers, TEXT, BLOB; bytes as BINARY has
** them).  Customers that are equal but not the same (1 and 1.0) are groups of their own, beside
** each other.
*/
#ifndef SIYU_CHUNK_H
#define SIYU_CHUNK_H

#include "base/buffer.h"
#include "spine/batch.h"

#define CHUNK_ROWS 32768               /* a chunk is closed when it has as many */
#define CHUNK_ROWS_MAX (1 << 17)       /* more rows, or customers, are no chunk */
#define CHUNK_TEXTS ((size_t)2 << 20)  /* or when its texts take this much */
#define CHUNK_COLUMNS 16               /* the time and what else is kept of a row */

typedef struct ChunkValue {
  CellType type;
  Cell cell;                   /* INTEGER, REAL */
  const char *bytes;           /* TEXT, BLOB */
  uint32_t size;
} ChunkValue;

/* -1, 0, 1 in SQLite's order. */
int value_compare(const ChunkValue *a, const ChunkValue *b);
/* The same type and bits: 1 and 1.0 are not. */
int value_same(const ChunkValue *a, const ChunkValue *b);

/* Times as most people write them are kept as numbers. */
typedef enum VectorForm {
  VECTOR_PLAIN = 0,            /* a TEXT is in `bytes` */
  VECTOR_DATES,                /* a TEXT is YYYY-MM-DD, its cell the days since 1970 */
  VECTOR_STAMPS,               /* YYYY-MM-DD HH:MM:SS, the seconds since 1970 */
  VECTOR_STAMPS_T              /* YYYY-MM-DDTHH:MM:SS */
} VectorForm;

typedef struct Vector {
  size_t count;
  uint32_t seen;               /* bit t: a cell of CellType t is among them */
  VectorForm form;
  int isBounded;               /* every cell lies within low ... high; seldom are these the least and the greatest */
  int isSorted;                /* each customer's cells ascend; 0: not known to */
  int64_t low, high;
  Cell *cell;                  /* of a TEXT or BLOB the place in bytes */
  uint8_t *type;
  uint32_t *size;              /* of TEXT and BLOB; valid for these alone */
  size_t cellCapacity, typeCapacity, sizeCapacity;
  char *bytes;
  size_t bytesUsed, bytesCapacity;
} Vector;

#define VECTOR_TEXT_SIZE 24
/* The value in place i; a time that is kept as a number is written into `room`. */
void vector_value(const Vector *v, size_t i, ChunkValue *out, char room[VECTOR_TEXT_SIZE]);
Status vector_put(Vector *v, const ChunkValue *value);
void vector_clear(Vector *v);           /* the memory is kept */
void vector_destroy(Vector *v);

typedef struct Chunk {
  int columns;
  int customers, rows;
  Vector key;                  /* a value for each customer */
  uint32_t *start;             /* customers + 1 of them: where its rows begin */
  uint8_t *replaces;           /* what older runs say of the customer is void */
  int mayLeaveKeys, keysLeft;  /* chunk_decode() may pass over the keys; it did: there are none in `key` */
  int mayBeStepwise;           /* chunk_decode() may leave the times as steps, where they ascend */
  int isStepwise;              /* it did: their cells are not there, but `begin` and `step` are: */
  int64_t *begin;              /* the first time of each customer who has rows, */
  int64_t *step;               /* from each row's to the customer's next, none below zero */
  size_t startCapacity, replacesCapacity, beginCapacity, stepCapacity;
  Vector column[CHUNK_COLUMNS];        /* 0: the time */
} Chunk;

void chunk_init(Chunk *c, int columns);
void chunk_clear(Chunk *c);            /* empty; the memory is kept */
void chunk_destroy(Chunk *c);
size_t chunk_bytes(const Chunk *c);    /* of texts */

/* A further customer, whose rows follow. */
Status chunk_put_customer(Chunk *c, const ChunkValue *key, int replaces);
/* The end of a row of the last customer, whose cells were put into each column. */
static inline void chunk_put_row(Chunk *c){ c->start[c->customers] = (uint32_t)++c->rows; }
/* Puts the last customer's rows in order of time where all of these are INTEGERs. */
Status chunk_sort_last(Chunk *c);

void chunk_encode(const Chunk *c, Buffer *out);
/* STATUS_CORRUPT: the bytes are no chunk with so many columns; STATUS_INVALID: of a version to come.
** wanted: bit i: column i is read; the others stay empty. */
Status chunk_decode(Chunk *c, const void *bytes, size_t n, uint32_t wanted);
/* Puts times that are steps into their cells. */
Status chunk_times(Chunk *c);

#endif
