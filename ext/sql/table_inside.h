/*
** Inside the virtual-table frame: a module, a table of it, a cursor.  table.c is what SQLite calls,
** table_run.c makes of a cursor's inputs its result, table_stream.c a part of it at a time.
*/
#ifndef SIYU_TABLE_INSIDE_H
#define SIYU_TABLE_INSIDE_H

#include "sql/table.h"

#define OUTPUTS_MAX 32

typedef struct TableModule {
  Connection *cx;
  const CatalogueEntry *entry;
  const TableMetric *metric;
  const TableOutput *output;   /* the metric's; of states: those of what they are of */
  int outputs;
  double typicalRows;
  int shared;                  /* the output that has the name of the last input: = on it gives that input; -1: none */
  int isQuery;
  char name[48];               /* as registered: with _query */
  char named[48];              /* without */
  Signature inputs;
  StatesOwner *owner;          /* of a table of states; else NULL */
} TableModule;

typedef struct Table {
  sqlite3_vtab base;
  const TableModule *module;
  char *own, *ownSchema;       /* its name when made by CREATE VIRTUAL TABLE */
  char *preset[ARGUMENTS_MAX]; /* inputs from there */
} Table;

typedef struct TableCursor {
  sqlite3_vtab_cursor base;
  const TableModule *module;
  int ready;                   /* the result below belongs to these inputs: */
  int idxNum;
  uint64_t used;
  sqlite3_value *value[ARGUMENTS_MAX];
  void *accumulator;           /* the result, */
  void *made;                  /* and what the outputs read of it */
  struct { const uint8_t *at; size_t stride; } bytes[OUTPUTS_MAX];    /* of outputs that stand as such */
  int64_t rows, row;
  struct TableStream *stream;  /* of a result that is made a part at a time; or NULL */
  int64_t passed;              /* rows of the parts before */
  int isWhole;                 /* no parts for these inputs again */
  TableCell cell;              /* the value at hand; between two values its buffer is empty */
} TableCursor;

/* What one run needs besides the cursor. */
typedef struct Run {
  Parameter parameter[PARAMETERS_MAX];
  TableRequest request;
  Signature columns[2];
  Source source[2];
  Scan scan[2];
  Batch *batch;
} Run;

/* ---- table_run.c ---- */

/* Forgets the inputs and what they gave. */
void cursor_clear(TableCursor *c);
/* Whether the result at hand is that of these inputs. */
int cursor_is_of(const TableCursor *c, int idxNum, uint64_t used, sqlite3_value **argv);
/* Keeps them: SQLITE_OK or SQLITE_NOMEM. */
int cursor_keep(TableCursor *c, int idxNum, uint64_t used, sqlite3_value **argv);
/* Reads the sources that the inputs name, and makes the result. */
Status cursor_compute(TableCursor *c, Failure *f);
void run_free(TableCursor *c, Run *run);

/* ---- table_stream.c ---- */

/* Takes the run over, or STATUS_UNLIKE: the result has to be made as a whole. */
Status stream_open(TableCursor *c, Run *run, Failure *f);
/* All rows of the part at hand have been read. */
Status stream_next(TableCursor *c, Failure *f);
void stream_close(TableCursor *c);

#endif
