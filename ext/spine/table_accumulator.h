/*
** A table metric: rows in, a table out.  The virtual-table frame (ext/sql/table.c) reads
** the source into batches and serves the finished rows.  No SQL here.
*/
#ifndef SIYU_TABLE_METRIC_H
#define SIYU_TABLE_METRIC_H

#include "spine/accumulator.h"

struct Histories;

/* What the query asks for. */
typedef struct TableRequest {
  const Parameter *parameter;          /* in the order of the signature's parameters */
  uint32_t givenParameters;            /* bit i: parameter i was given (or has a default) */
  uint32_t givenColumns;               /* bit i: batch column i is read from the source */
  uint64_t usedOutputs;                /* bit i: output column i may be asked for; bit 63: any from 63 on */
  int ordered;                         /* rows come grouped by column 0, in ascending order */
  const char *const *flagName;         /* the columns behind a flags column, bit by bit; */
  int flags;                           /* both valid until init returns */
  uint32_t flagMarked;                 /* bit i: the column was named with a ! before it */
  const void *owner;                   /* of a table of states: what these are of; else NULL */
  int32_t zone;
} TableRequest;

/* One output value: a Result, or a key.  A table asked for all its columns makes millions of
** them: a time is written into `brief`, for which nothing need be allocated. */
typedef struct TableCell {
  Result result;                       /* handed out as NULL, its buffer empty */
  int isKey;                           /* handed out as 0 */
  Key key;                             /* handed out as CELL_NULL */
  char brief[TIME_TEXT_SIZE];
} TableCell;

/* The first n bytes of `brief` are the value. */
static inline void cell_brief(TableCell *out, int n){
  out->result.kind = RESULT_BRIEF;
  out->result.text = out->brief;
  out->result.integer = n;
}

/* Text that lives at least until the next value.  Also better for codes such as 'growth', which
** live for ever: in a register that serves several columns, as SQLite keeps for aggregates of
** them, text that is not copied would throw away the room that a time had there. */
static inline void cell_copied(TableCell *out, const char *z){
  out->result.kind = RESULT_BRIEF;
  out->result.text = z;
  out->result.integer = -1;
}

typedef struct TableMetric {
  size_t size;         /* of the accumulator; it starts out zeroed */
  size_t keys;         /* as Metric.keys */
  int streams;         /* rows grouped by column 0 are worth asking for */
  Status (*init)(void *acc, const TableRequest *request, Failure *f);
  Status (*absorb)(void *acc, Batch *b, Failure *f);
  /* Optional: whole customers of a ledger (history.h), between batches of the others; the customer
  ** of the last batch has no more rows then.
  ** Its columns: customer, time and, where there is one, column 2, an amount; asked only where no
  ** further column is given.  STATUS_UNLIKE: nothing was taken, they shall come in batches. */
  Status (*absorbHistory)(void *acc, const struct Histories *h, Failure *f);
  /* Tables over two sources: the batch columns from `second` on belong to the second one,
  ** which is read after the first and handed to absorbSecond, its columns counted from 0. */
  int second;
  Status (*absorbSecond)(void *acc, Batch *b, Failure *f);
  uint32_t mayLack;    /* bit i: a source without the default name of column i will do */
  int insteadOf;       /* a source that lacks the default name of this column ... */
  const char *instead; /* ... may have this one; NULL: none */
  /* All rows are in.  *rows = how many the table has. */
  Status (*finish)(void *acc, int64_t *rows, Failure *f, const Stop *stop);
  /* The value in output column `column` of row 0 ... rows - 1; NULL unless set. */
  Status (*cell)(void *acc, int64_t row, int column, TableCell *out, Failure *f);
  void (*destroy)(void *acc);
} TableMetric;

#endif
