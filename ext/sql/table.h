/*
** The virtual-table frame.  One TableMetric gives two modules: NAME (its source is a table or
** view) and NAME_query (its source is SELECT text).  Both serve as table-valued functions and as
** CREATE VIRTUAL TABLE v USING NAME(input=value, ...).
**
** A table cannot see who asks it.  So its level of risk, by which SQLite keeps views and triggers
** out, says what it can reach:
**   NAME(...)             any schema by name: normal, top-level SQL and trusted schemas
**   a table made of NAME  its own schema alone: INNOCUOUS (in TEMP: any schema, as TEMP views)
**   NAME_query            SELECT text: DIRECTONLY, top-level SQL alone
**
** Inputs are the hidden columns, in the order of the signature: `source`, the names of the
** source's columns (NAME_col), then parameters; an output may have the name of the last one, and = on
** it gives that input.  A cursor that is filtered again with equal
** inputs rewinds its result; the source is read once, and its statement closed.
*/
#ifndef SIYU_TABLE_H
#define SIYU_TABLE_H

#include "spine/table_accumulator.h"
#include "sql/function.h"

/* Registers both modules of a catalogue entry whose overload[0].signature lists the inputs. */
int table_register(sqlite3 *db, Connection *cx, const CatalogueEntry *entry);
/* Registers the private aggregate that reads sources. */
int register_collect(Connection *cx);

/* ---- table_preset.c: what CREATE VIRTUAL TABLE says ---- */

/* The input of that name, or -1. */
int table_input(const Signature *s, const char *name, size_t n);
/* Reads "name = value" into preset[]: SQLITE_OK, or the error and its text. */
int table_preset(const Signature *s, const char *module, int isQuery, char **preset, const char *arg, char **error);

/* ---- table_state.c: NAME_state(...), an aggregate, and NAME_merge(source), over a table of states ---- */

/* What a table of states is of: TableRequest.owner. */
typedef struct StatesOwner {
  Connection *cx;
  const CatalogueEntry *entry;
  const TableMetric *metric;
  Signature inputs;            /* of the table itself */
} StatesOwner;
extern const TableMetric METRIC_STATES;
#define STATES_INPUTS "source [, state_col=state]"
int table_state_register(Connection *cx, const CatalogueEntry *entry);

/* ---- source.c: finding a source and its columns ---- */

typedef struct Source {
  sqlite3 *db;
  Connection *cx;              /* of the table that reads it; or NULL, then it may be no ledger */
  const char *tableName;       /* for messages: cohort_window */
  int isQuery;
  const char *own, *ownSchema; /* of a table made by CREATE VIRTUAL TABLE, or NULL */
  char *from;                  /* the text for FROM: quoted names, or the SELECT in brackets */
  struct Ledger *ledger;       /* when it is one */
  char **columns;              /* its column names */
  int columnCount;
} Source;

/* Finds the named table or view (or prepares the SELECT) and its columns. */
Status source_open(Source *s, sqlite3 *db, const char *text, Failure *f);
void source_close(Source *s);
/* The column's name as the source spells it, or a Failure that lists what there is. */
Status source_column(const Source *s, const char *input, const char *name, const char **out, Failure *f);
/* The same for a list: a, "b, c", [d]; out has room for FLAGS_MAX.  Bit i of *marked: the
** i-th has a ! before it. */
Status source_columns(const Source *s, const char *input, const char *list,
                      const char **out, int *count, uint32_t *marked, Failure *f);

#define COLLECT "siyu_collect"           /* the private aggregate's name */
#define READING "reading the source"     /* before what went wrong there */
/* The status of an SQLite error, with its text as a Failure.  Of a table that reads a table
** that reads ... only the innermost complaint is told. */
Status status_of_error(sqlite3 *db, int rc, const char *what, Failure *f);

/* ---- scan.c: reading its rows ---- */

/* Reads all rows of the columns (NULL: none) through decoding into the accumulator. */
typedef struct Scan {
  const Source *source;
  Signature *signature;        /* of the source's columns only */
  const char *column[BATCH_COLUMNS];
  const char *flag[FLAGS_MAX]; /* the columns behind the last one, when that is a bit mask */
  int flags;
  int32_t zone;
  Status (*absorb)(void *acc, Batch *b, Failure *f);
  Status (*absorbHistory)(void *acc, struct Histories *h, Failure *f);     /* or NULL */
  int historyKeys;             /* it looks at the keys */
  Status (*absorbTotals)(void *acc, const struct Totals *t, Failure *f);           /* or NULL */
  void *accumulator;
  Batch *batch;
  Connection *cx;
  int passed;                  /* arguments of the aggregate that takes the rows */
  char *index;                 /* to name in a scan that is sorted anyway, or NULL */
  Status (*row)(void *acc, int argc, sqlite3_value **argv, Failure *f);   /* or NULL: instead of batches */
  Status status;               /* what went wrong inside */
  Failure failure;
} Scan;

/* Whether the source hands the rows over in order of its first column without sorting: asked
** of SQLite's query plan, and checked by the accumulator as the rows come. */
typedef enum ScanOrder {
  SCAN_ANY = 0,
  SCAN_SORTED,                 /* yes, with ORDER BY */
  SCAN_SORTED_ANYWAY           /* yes, the plan without ORDER BY is the same */
} ScanOrder;
ScanOrder scan_order(Scan *scan);
/* Runs a SELECT siyu_collect(...): each row goes to `row` as it is. */
Status collect_rows(Connection *cx, sqlite3_stmt *stmt, Status (*row)(void*, int, sqlite3_value**, Failure*), void *arg, Failure *f);
/* STATUS_UNORDERED: the accumulator met a key out of order. */
Status scan_run(Scan *scan, ScanOrder order, Failure *f);
void scan_close(Scan *scan);

/* ---- ledger/: a source that is a siyu_ledger ---- */

/* The ledger of that name on this connection, or NULL. */
struct Ledger *ledger_find(const Connection *cx, const char *schema, const char *name);
/* The column that plays the part of an input such as customer_col, or NULL. */
const char *ledger_column(const struct Ledger *l, const char *input);
/* The input that names the customer of the source which an input belongs to. */
const char *ledger_customer_input(const char *input);
/* scan_run() for a ledger, in order of the first column where that is the customer.  STATUS_UNLIKE:
** it holds what only decode.c can tell: begin anew with scan_run(). */
Status ledger_feed(struct Ledger *l, Scan *scan, Failure *f);
/* The same a part at a time.  Open hands a feed out, which is closed also after an error; part reads that
** many customers or a few more, whole ones, *more = 0: that was all. */
struct LedgerFeed;
Status ledger_feed_open(struct Ledger *l, Scan *scan, struct LedgerFeed **out, Failure *f);
Status ledger_feed_part(struct LedgerFeed *feed, int customers, int *more, Failure *f);
void ledger_feed_close(struct LedgerFeed *feed);
/* Whether the scan reads the customers first, so that rows come grouped by them. */
int ledger_is_ordered(const struct Ledger *l, const Scan *scan);

#endif
