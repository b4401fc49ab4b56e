/*
** The generic binding of an accumulator: the context of one group, and its life.
** Used by aggregates and window functions (aggregate.c) and by states (state.c).
*/
#ifndef SIYU_AGGREGATE_H
#define SIYU_AGGREGATE_H

#include "sql/function.h"

/* Header of sqlite3_aggregate_context(); the accumulator follows. All zero: no row yet. */
typedef struct Group {
  const Metric *metric;        /* set once the accumulator is initialised */
  Parameters *parameters;
  Batch *batch;                /* rows not yet absorbed; borrowed from the connection */
  int failed;                  /* an error was reported: what is in the accumulator is not whole */
} Group;

static inline void *group_accumulator(Group *g){ return g + 1; }

/* Begins the group: parameters from the arguments or given, batch, accumulator. */
Status group_begin(Group *g, Function *fn, const Metric *metric, Parameters *p, Failure *f);
/* Absorbs the rows that wait. */
Status group_flush(Group *g, Failure *f);
/* Frees everything; also after an error half way. */
void group_end(Group *g, Function *fn);
/* The accumulator's figure (no rows: g is NULL) as the SQL answer. */
void group_answer(sqlite3_context *ctx, Function *fn, Group *g, const Metric *metric);
/* Reports the error of a group, which is not asked for its figure again. */
void group_fail(sqlite3_context *ctx, Function *fn, Group *g, Status rc, const Failure *f);
/* One row of SQL arguments into the group, which it begins on the first. */
void group_step(sqlite3_context *ctx, int argc, sqlite3_value **argv);

/* ---- state.c: what stands around every state ---- */

#define STATE_DAMAGED "the state is damaged or no state at all (the checksum does not fit); " \
                      "pass what a _state() function gave, unchanged"
void state_put_magic(Buffer *out);
/* Behind all that was written. */
void state_put_checksum(Buffer *out);
/* The reader stands behind the magic then, and ends before the checksum. */
Status state_check_seal(const unsigned char *z, size_t n, const Stop *stop, Reader *in, Failure *f);

#endif
