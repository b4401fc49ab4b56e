/*
** A table metric: rows in, a table out.  The virtual-table frame (ext/sql/table.c) reads
** the source into batches and serves the finished rows.  No SQL here.
*/
#ifndef SIYU_TABLE_METRIC_H
#define SIYU_TABLE_METRIC_H

#include "spine/accumulator.h"

struct Histories;
struct Totals;

/* What all rows of a source say, where they are read a part at a time. */
typedef struct TableKnown {
  int any;
  Instant last;                        /* the last time, of those not after as_of */
  int isReal;                          /* an amount of these is REAL */
} TableKnown;

/* What the query asks for. */
typedef struct TableRequest {
  const Parameter *parameter;          /* in the order of the signature's parameters */
  uint32_t givenParameters;            /* bit i: parameter i was given (or has a default) */
  uint32_t givenColumns;               /* bit i: batch column i is read from the source */
  uint32_t needs;                      /* TableOutput.needs of all columns that may be asked for */
  int ordered;                         /* rows come grouped by column 0, in ascending order */
  const char *const *flagName;         /* the columns behind a flags column, bit by bit; */
  int flags;                           /* both valid until init returns */
  uint32_t flagMarked;                 /* bit i: the column was named with a ! before it */
  const TableKnown *known;             /* or NULL: all rows will come */
  const void *owner;                   /* of a table of states: what these are of; else NULL */
  int32_t zone;
} TableRequest;

/* One output value: a Result, or a key.  A table asked for all its columns makes millions of
** them: a time is written into `brief`, for which nothing need be allocated. */
typedef struct TableCell {
  Result result;                       /* handed out as NULL, its buffer empty */
  int isKey;                           /* handed out as 0 */
  int which;                           /* TableOutput.which of the column asked for */
  Key key;                             /* handed out as CELL_NULL */
  char brief[TIME_TEXT_SIZE];
  Failure failure;                     /* handed out empty */
} TableCell;

/* ---- what a cell can be; each returns STATUS_OK ---- */

static inline Status cell_integer(TableCell *out, int64_t v){ result_integer(&out->result, v); return STATUS_OK; }
static inline Status cell_real(TableCell *out, double v){ result_real(&out->result, v); return STATUS_OK; }
/* a / b, NULL when b is 0. */
static inline Status cell_ratio(TableCell *out, double a, double b){ result_ratio(&out->result, a, b); return STATUS_OK; }

/* The key of that id; NULL for none. */
static inline Status cell_key(TableCell *out, const KeyMap *map, uint32_t id){
  if( map->isBytes==0 ) return cell_integer(out, keymap_integer(map, id));
  out->isKey = 1;
  keymap_key(map, id, &out->key);
  return STATUS_OK;
}
/* Where ids are counted from 1, and 0 is no key. */
static inline Status cell_key_or_null(TableCell *out, const KeyMap *map, uint32_t number){
  return number ? cell_key(out, map, number - 1) : STATUS_OK;
}

/* The first n bytes of `brief` are the value. */
static inline Status cell_brief(TableCell *out, int n){
  out->result.kind = RESULT_BRIEF;
  out->result.text = out->brief;
  out->result.integer = n;
  return STATUS_OK;
}

/* Text that lives at least until the next value.  Also better for codes such as 'growth', which
** live for ever: in a register that serves several columns, as SQLite keeps for aggregates of
** them, text that is not copied would throw away the room that a time had there. */
static inline Status cell_copied(TableCell *out, const char *z){
  out->result.kind = RESULT_BRIEF;
  out->result.text = z;
  out->result.integer = -1;
  return STATUS_OK;
}

/* ---- the outputs ---- */

/* An output column: what it is called, what it is, and what makes it.  The columns that SQLite is
** told, their number and what a query needs are read from the array of these alone. */
typedef struct TableOutput {
  const char *name;    /* no input's, and no word of SQL; NULL ends the array */
  const char *type;    /* INTEGER, REAL, TEXT; "" for money and keys, which keep their own */
  /* The value in row 0 ... rows - 1; NULL unless set. */
  Status (*cell)(void *acc, int64_t row, TableCell *out);
  int which;           /* where one function makes several: given to it as out->which */
  uint32_t needs;      /* the metric's own bits: what has to be kept or found for this column */
} TableOutput;

typedef struct TableMetric {
  size_t size;         /* of the accumulator; it starts out zeroed */
  size_t keys;         /* as Metric.keys */
  double typicalRows;  /* for the planner */
  int state;           /* version of its state's columns; 0: it has none */
  int streams;         /* rows grouped by column 0 are worth asking for */
  Status (*init)(void *acc, const TableRequest *request, Failure *f);
  Status (*absorb)(void *acc, Batch *b, Failure *f);
  /* Optional: whole customers of a ledger (history.h), between batches of the others; the customer
  ** of the last batch has no more rows then.
  ** Its columns: customer, time and, where there is one, column 2, an amount; asked only where no
  ** further column is given.  STATUS_UNLIKE: nothing was taken, they shall come in batches. */
  Status (*absorbHistory)(void *acc, struct Histories *h, Failure *f);
  int historyKeys;     /* it looks at their keys */
  /* Optional, under the same conditions: the totals (totals.h) of a chunk of whole customers, which
  ** is unpacked on STATUS_UNLIKE. */
  Status (*absorbTotals)(void *acc, const struct Totals *t, Failure *f);
  /* Optional: whether a row of the table, given what is known of all rows (TableRequest.known), comes
  ** from one customer's rows alone, those up to *asOf; its columns 1 and 2 are time and amount. */
  int (*isApart)(const TableRequest *request, Instant *asOf);
  /* Tables over two sources: the batch columns from `second` on belong to the second one,
  ** which is read after the first and handed to absorbSecond, its columns counted from 0. */
  int second;
  Status (*absorbSecond)(void *acc, Batch *b, Failure *f);
  uint32_t mayLack;    /* bit i: a source without the default name of column i will do */
  int insteadOf;       /* a source that lacks the default name of this column ... */
  const char *instead; /* ... may have this one; NULL: none */
  /* All rows are in.  *rows = how many the table has. */
  Status (*finish)(void *acc, int64_t *rows, Failure *f, const Stop *stop);
  const TableOutput *outputs;
  /* Optional: where the values of outputs[output] stand as bytes, INTEGERs and never NULL, that of row 0
  ** first, each *stride behind the one before; NULL: nowhere, they are made. */
  const uint8_t *(*bytes)(void *acc, int output, size_t *stride);
  /* Optional: whose accumulator the outputs read, where it is not this one's (a table of states). */
  void *(*made)(void *acc);
  void (*destroy)(void *acc);
} TableMetric;

#endif
