/*
** What every registered SQL function of ours carries as its user data, and how errors
** reach the user.
*/
#ifndef SIYU_FUNCTION_H
#define SIYU_FUNCTION_H

#include "sql/catalogue.h"
#include "sql/decode.h"

/* What the functions of one connection share: batches that are not in use. */
typedef struct Connection {
  sqlite3 *db;
  int references;
  int depth;                   /* tables reading tables */
  int named;                   /* of these, tables that read a source by name */
  unsigned planned;            /* how often the planner asked one of the innocuous kind */
  Batch *spare;
  struct Scan *scan;           /* the one that runs: scan.c */
  struct Ledger *ledgers;      /* that are connected: ledger/ledger.h */
  struct Fit *fits;            /* fits that were parsed lately: fit.h */
  Stop stop;                   /* asks SQLite whether the user wants to stop */
  unsigned asked;              /* by it, since the answer began */
} Connection;

Connection *connection_open(sqlite3 *db);
void connection_release(Connection *cx);
Batch *batch_borrow(Connection *cx);
void batch_return(Connection *cx, Batch *b);

/* Parameters of one group, shared by all groups that were called with the same values. */
typedef struct RawValue { int type; int64_t i; double r; const char *z; int n; } RawValue;
typedef struct Parameters {
  int references;
  int count;                   /* argc of the call */
  int32_t zone;
  int bareSeconds;             /* a duration without a unit is seconds, not days */
  void (*discard)(void*);      /* of what Metric.prepare made */
  Parameter value[PARAMETERS_MAX+1];   /* the last one: PARAMETER_SHARED */
  RawValue raw[PARAMETERS_MAX];
  size_t textUsed;
  char text[];                 /* the bytes of TEXT values */
} Parameters;

typedef struct Function {
  Connection *cx;
  const CatalogueEntry *entry;
  const Overload *overload;
  char name[48];               /* as registered: with _state or _merge */
  size_t contextSize;
  Parameters *last;            /* the latest parameters; a group with equal ones shares them */
  Signature signature;         /* last: allocated for the arguments that there are */
} Function;

/* Takes a reference to parameters that say what these arguments say. */
Status parameters_of(Function *fn, int argc, sqlite3_value **argv, Parameters **out, Failure *f);
/* The same from the texts of a stored state, one for each parameter of the signature. */
Status parameters_from_texts(const Metric *metric, const Signature *sig, char *const *text,
                             Parameters **out, Failure *f);
/* STATUS_INVALID when an argument differs from the group's. */
Status parameters_check(const Function *fn, const Parameters *p, int argc, sqlite3_value **argv, Failure *f);
void parameters_release(Parameters *p);

/* The SQL error for a status: "name(): sentence", out of memory, interrupted. */
void function_fail(sqlite3_context *ctx, const Function *fn, Status rc, const Failure *f);
/* The SQL value for a result; destroys its buffer. */
void function_answer(sqlite3_context *ctx, const Function *fn, Result *r);
void function_answer_key(sqlite3_context *ctx, const Key *k);


/* Registers every form of one catalogue entry. SQLITE_OK or the first error. */
int function_register(Connection *cx, const CatalogueEntry *entry);
/* Its parts: scalar.c, aggregate.c, state.c */
int register_window(Function *fn, int nArg);
int register_state(Function *fn, int nArg);
int register_merge(Function *fn);
int register_wrong_count(sqlite3 *db, const CatalogueEntry *entry, int flags);      /* wrong_count.c */
void function_destroy(void *fn);

#endif
