/*
** siyu_ledger: the rows of a table, grouped by customer and packed, which never answers with an
** old number.
**
** The packed rows stand in runs (oldest first), each a sequence of chunks in order of customer; a
** newer run adds rows to a customer or, where it says so, replaces what older ones say.  What the
** source has had since is read from the source itself: the customers that triggers have put into
** the dirty table, and (with an INTEGER PRIMARY KEY) the rows above the highest id that is packed.
** Shadow tables of a ledger L, in its schema:
**   L_chunk    the chunks
**   L_config   version, built, high, runs, next_run, identity
**   L_dirty    customers any of whose packed rows may have changed; written by triggers, and so
**              no shadow table to SQLite, which would keep the triggers from it (DEFENSIVE)
** Nothing of them is kept between two statements: who asks sees what stands there now.
*/
#ifndef SIYU_LEDGER_H
#define SIYU_LEDGER_H

#include "spine/totals.h"
#include "sql/table.h"

#define LEDGER_VERSION 1
#define LEDGER_STREAMS 48              /* runs, and the source's own rows */
#define LEDGER_NAMES (CHUNK_COLUMNS + 1)

typedef struct Ledger {
  sqlite3_vtab base;
  Connection *cx;
  sqlite3 *db;
  char *schema, *name, *source;
  int columns;                 /* of a chunk: the time and what follows */
  char *column[LEDGER_NAMES];  /* the source's names: 0 customer, 1 time, ... */
  int amount, order;           /* their places among the names; 0: there is none */
  int readers;                 /* merges that are open */
  struct Ledger *next;         /* of the connection */
} Ledger;

/* A statement of ours; the format is sqlite3_mprintf's. */
Status ledger_prepare(const Ledger *l, sqlite3_stmt **out, Failure *f, const char *format, ...);
/* The same run to its end. */
Status ledger_run(const Ledger *l, Failure *f, const char *format, ...);
/* The first column of its first row, 0 when there is none. */
Status ledger_number(const Ledger *l, int64_t *out, Failure *f, const char *format, ...);
Status ledger_status(const Ledger *l, int rc, Failure *f);

/* ---- ledger_source.c: what the source is ---- */

typedef struct LedgerSource {
  char *id;                    /* its INTEGER PRIMARY KEY, or NULL */
  int indexed;                 /* an index begins with the customer */
  int minusOne;                /* a row has the id -1; for the triggers */
} LedgerSource;

/* Refuses what cannot be kept up with: views, virtual tables, WITHOUT ROWID ... */
Status ledger_source_check(const Ledger *l, LedgerSource *s, Failure *f);
Status ledger_source_read(const Ledger *l, LedgerSource *s, Failure *f);
void ledger_source_free(LedgerSource *s);
/* Triggers that mark customers whose rows are at or below `high` (without an id: all). */
Status ledger_triggers_make(const Ledger *l, LedgerSource *s, int64_t high, Failure *f);
Status ledger_triggers_drop(const Ledger *l, Failure *f);
/* A number for the source's CREATE text, its UNIQUE indexes and our triggers, as they are now. */
Status ledger_identity(const Ledger *l, int64_t *out, Failure *f);

/* ---- ledger_merge.c: the rows ---- */

typedef struct LedgerState {
  int built;                   /* 0: nothing is packed yet, the source answers */
  int64_t high;                /* highest id that is packed */
  int64_t nextRun;
  int64_t identity;
  int runs;
  int64_t run[LEDGER_STREAMS];
} LedgerState;

Status ledger_state_read(const Ledger *l, LedgerState *s, Failure *f);
Status ledger_state_write(const Ledger *l, const LedgerState *s, Failure *f);

typedef struct LedgerStream {
  sqlite3_stmt *stmt;          /* gives what stands beside its chunks, or the source's rows */
  sqlite3_stmt *body;          /* gives a chunk itself */
  int isSource;
  int done;
  int isNext;                  /* the row of stmt is of a chunk that is not unpacked: */
  ChunkValue first, last;      /* its customers */
  ChunkTotals totals;
  int at, to;                  /* customers of the chunk that have not been handed out */
  Chunk chunk;
} LedgerStream;

/* Customers from ... to - 1 of a chunk; or all of one that is not unpacked. */
typedef struct LedgerSlice {
  Chunk *chunk;
  int from, to;
  const ChunkTotals *totals;   /* of one that is not unpacked */
  const ChunkTotals *beside;   /* of the chunk, or NULL where it is of the source's own rows */
} LedgerSlice;

typedef struct LedgerMerge {
  Ledger *ledger;
  sqlite3_stmt *pin;           /* keeps one snapshot for all that is read */
  uint32_t wanted;
  int totals;                  /* a chunk whose customers stand nowhere else need not be unpacked */
  int mayBeStepwise;           /* so may be the times of a chunk: chunk_times() */
  int mayLeaveKeys;            /* no keys are needed of a chunk beside which no other stream has a row: ledger_merge_keys() */
  LedgerStream *left;          /* whose chunk was handed out so */
  int checks;                  /* totals are compared with the rows; all columns are wanted */
  LedgerStream *whole;         /* whose chunk was handed out so */
  sqlite3_value *only;         /* rows of one customer, or NULL */
  ChunkValue onlyKey;
  int streams;
  LedgerStream *stream[LEDGER_STREAMS];    /* oldest first */
  int asked;                   /* customers since it was asked whether to stop */
  int inKey, next;             /* customers that stand in several streams: the one at hand, the next stream */
  ChunkValue key;
  Buffer keyBytes;
} LedgerMerge;

/* What a merge reads. */
enum { LEDGER_RUNS = 1, LEDGER_SOURCE = 2, LEDGER_ALL = 3 };

/* Opens runs from the `first`th on, and the source's own rows.  Close it, also after an error.
** merge->wanted, only are set before. */
Status ledger_merge_open(LedgerMerge *m, Ledger *l, const LedgerState *s, int what, int first, Failure *f);
/* The next customers; out->from==out->to: the end.  A slice is valid until the next one. */
Status ledger_merge_next(LedgerMerge *m, LedgerSlice *out, Failure *f);
/* Whether the user wants to stop: asked of some hundred customers together. */
int ledger_merge_stops(LedgerMerge *m, const LedgerSlice *s);
/* A Failure that says what to do. */
Status ledger_damaged(const LedgerMerge *m, Failure *f);
/* The chunk that was just handed out without its keys shall have them, and so shall all that come. */
Status ledger_merge_keys(LedgerMerge *m, Failure *f);
/* The chunk that was just handed out by its totals shall come unpacked. */
Status ledger_merge_unpack(LedgerMerge *m, Failure *f);
void ledger_merge_close(LedgerMerge *m);
Status ledger_value(sqlite3_stmt *stmt, int i, ChunkValue *out);
Status ledger_value_of(sqlite3_value *v, ChunkValue *out);
/* A query: everything, of one snapshot, and only while the source is what it was. */
Status ledger_query_open(LedgerMerge *m, Ledger *l, Failure *f);

/* ---- ledger_writer.c: writing a run ---- */

typedef struct LedgerWriter {
  const Ledger *ledger;
  sqlite3_stmt *insert;
  int64_t run, part;           /* part: chunks that were written */
  int isOldest;                /* nothing older: what it replaces is nothing */
  int goesOn;                  /* the first customer of the chunk began in the one before */
  Chunk chunk;
} LedgerWriter;

/* Close it, also after an error, whose status goes through. */
Status ledger_writer_open(LedgerWriter *w, const Ledger *l, int64_t run, int isOldest, Failure *f);
/* The values of a row behind its customer. */
typedef struct LedgerRow {
  const int64_t *cell;         /* bits of a REAL; of TEXT and BLOB the place in texts */
  const uint8_t *type;         /* NULL: all are INTEGERs */
  const char *texts;           /* size (uint32_t), bytes */
} LedgerRow;
/* A row; customers in order. */
Status ledger_writer_put(LedgerWriter *w, const ChunkValue *key, const LedgerRow *row, Failure *f);
/* All that the merge gives. */
Status ledger_writer_merge(LedgerWriter *w, LedgerMerge *m, Failure *f);
Status ledger_writer_close(LedgerWriter *w, Status rc, Failure *f);

/* ---- ledger_build.c: all rows for the first time ---- */

/* Packs the source into runs, in pieces that are sorted in memory.  STATUS_UNLIKE: a customer is no
** INTEGER, or there would be too many runs; then SQLite has to sort.  A limit of the heap makes the
** pieces smaller. */
Status ledger_build(Ledger *l, LedgerState *state, Failure *f);
/* All rows of the source, in its order: the customer, the columns. */
Status ledger_collect(const Ledger *l, Status (*row)(void*, int, sqlite3_value**, Failure*), void *arg, Failure *f);

/* ---- ledger_sync.c: the commands ---- */

/* 'sync', 'rebuild', 'optimize', 'integrity-check' */
Status ledger_command(Ledger *l, const char *text, Failure *f);
Status ledger_check(Ledger *l, Failure *f);

/* ---- ledger_feed.c: a source of tables, as table.h declares it ---- */

/* ---- ledger_table.c ---- */

int register_ledger(sqlite3 *db, Connection *cx, const char *name);
#endif
