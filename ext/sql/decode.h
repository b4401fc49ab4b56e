/*
** Decoding: SQL values -> cells of a batch, and -> parameters.  The rules for NULL,
** blanks, text that is a number, times and zones live here and nowhere else; so do
** the sentences that say what is wrong with a value.
*/
#ifndef SIYU_DECODE_H
#define SIYU_DECODE_H

#include "base/text.h"
#include "sql/signature.h"

/* STATUS_INVALID: the Failure says which argument, its value and what to do. */

/* Appends the row to the batch, or skips it (a NULL key or time).  The batch has room. */
Status decode_row(const Signature *sig, int32_t zone, int argc, sqlite3_value **argv,
                  Batch *batch, Failure *f);

/* Unix seconds that nobody could take for YYYYMMDD or milliseconds: so many INTEGERs from
** the first on. */
#define SECONDS_LOWEST INT64_C(21001232)
#define SECONDS_COUNT  UINT64_C(99978998768)

static inline void batch_next_row(Batch *b){
  int row = b->rows++;
  if( b->keys ) keymap_touch(b, row);
}

/* A cell of column i that is usual, too: a TEXT key or time, a REAL number, a REAL or NULL amount,
** no key or time where that may be: 1 when it
** was one. */
int decode_usual(const Signature *sig, int i, int32_t zone, sqlite3_value *value, Batch *b);

/* The bits of flags that are INTEGERs or NULL: 1 when all are. */
int decode_usual_flags(int argc, sqlite3_value **argv, int64_t *mask);

/* The row that almost every call brings: plain cells, INTEGERs taken as they are or as Unix
** seconds, and usual ones.  0: it is another, nothing has happened, decode_row must look. */
static inline int decode_plain_row(const Signature *sig, int32_t zone, int argc,
                                   sqlite3_value **argv, Batch *b){
  Column *c = b->column;
  size_t bytesBefore = b->bytesUsed;
  int i, row = b->rows;
  for(i=0; i<sig->columns; i++, c++){
    int at = sig->columnArgument[i];
    int64_t v;
    if( at >= argc || sig->plain[i]==PLAIN_NOT ) goto other;
    if( sig->plain[i]==PLAIN_FLAGS ){
      if( decode_usual_flags(argc - at, argv + at, &c->cell[row].i) ){ c->type[row] = CELL_INTEGER; continue; }
      goto other;
    }
    if( sqlite3_value_type(argv[at])!=SQLITE_INTEGER ){
      if( decode_usual(sig, i, zone, argv[at], b) ) continue;
      goto other;
    }
    v = sqlite3_value_int64(argv[at]);
    if( sig->plain[i]==PLAIN_SECONDS ){
      if( (uint64_t)v - SECONDS_LOWEST >= SECONDS_COUNT ) goto other;
      v *= MICROS_PER_SECOND;
    }
    c->cell[row].i = v;
    c->type[row] = CELL_INTEGER;
  }
  batch_next_row(b);
  return 1;
other:
  b->bytesUsed = bytesBefore;
  return 0;
}

/* One cell by itself, as tables decode their columns; *skip: the row does not count. */
Status decode_cell(const Argument *a, int32_t zone, sqlite3_value *value,
                   Batch *batch, int row, int *skip, Failure *f);

/* A parameter, or a scalar function's argument, from an SQL value that is not NULL. */
Status decode_parameter(const Argument *a, int32_t zone, sqlite3_value *value,
                        Parameter *out, Failure *f);
/* The same from text: defaults, stored states, CREATE VIRTUAL TABLE. */
Status parameter_from_text(const Argument *a, int32_t zone, const char *z, int n,
                           Parameter *out, Failure *f);
/* The duration that a bare number of seconds says, in funnels of mode 'clickhouse'; 0 when
** the value is no bare number, or no length. */
int duration_from_bare_seconds(sqlite3_value *v, Duration *out);
/* Text from which parameter_from_text makes the same parameter again. */
void parameter_text(ArgKind kind, const Parameter *p, Buffer *out);

/* NULL, or TEXT that is empty or only spaces. */
int value_is_blank(sqlite3_value *v);
/* The same type and the same bytes. */
int value_equal(sqlite3_value *a, sqlite3_value *b);
/* The value as a person wrote it, cut to `room` bytes: 'abc', 12, x'..', NULL. */
void value_shown(sqlite3_value *v, char *out, size_t room);
/* Bytes of a parameter's text that an error shows. */
#define SHOWN_BYTES 40

#endif
