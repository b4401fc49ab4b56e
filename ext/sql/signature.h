/*
** Signatures: the text of a catalogue record, such as
**     customer, time, amount, as_of [, churn_days=180]
** says what each argument is.  The *name* of an argument decides its kind (one table,
** argument_names.c), so that a name means the same in every function; window:cap_window is called
** window and read as a cap_window is, where a contract wants that name.
*/
#ifndef SIYU_SIGNATURE_H
#define SIYU_SIGNATURE_H

#include "spine/accumulator.h"

typedef enum ArgKind {
  /* columns: they vary from row to row; the first four take an INTEGER as it is */
  ARG_KEY,             /* INTEGER, TEXT or BLOB; a row with a NULL one is skipped */
  ARG_KEY_OR_NULL,
  ARG_NUMBER,          /* INTEGER or REAL; a row with a NULL one is skipped */
  ARG_MONEY,           /* INTEGER, REAL or NULL */
  ARG_FLAG,            /* 0 or 1; NULL is 0 */
  ARG_FLAG_OR_NULL,    /* 0, 1; a row with a NULL one is skipped */
  ARG_TIME,            /* an Instant; a row with a NULL one is skipped */
  ARG_TIME_OR_NULL,
  ARG_FLAGS,           /* c1, ..., cN: the last argument repeats; one column, a bit mask */
  /* parameters: the same in every row of a group */
  ARG_AS_OF,           /* an Instant; a date alone is the end of that day */
  ARG_SINCE,           /* an Instant; a date alone is its beginning */
  ARG_DURATION,
  ARG_ZONE,
  ARG_GRAIN,
  ARG_REAL,
  ARG_FRACTION,        /* REAL in 0...1 */
  ARG_INTEGER,
  ARG_TEXT,
  ARG_TEXT_ZONE,       /* text; a zone behind an @ at its end is that of times without one */
  ARG_MODE,            /* a FunnelMode; 'clickhouse' makes a bare number of a duration seconds */
  ARG_CONDITIONS,      /* not written: how many c1, ..., cN there are; stands behind them */
  /* inputs of tables */
  ARG_SOURCE,          /* the name of a table or view, or SELECT text */
  ARG_COLUMN,          /* the name of one of its columns: NAME_col */
  ARG_COLUMNS,         /* names of flag columns, separated by commas: one column, a bit mask */
  ARG_KEY_COLUMNS      /* names of columns of keys: as many columns, the last ones */
} ArgKind;

static inline int kind_is_column(ArgKind k){ return k <= ARG_FLAGS; }

#define ARGUMENTS_MAX 20
#define FLAGS_MAX 32

typedef struct Argument {
  ArgKind kind;
  ArgKind columnKind;          /* ARG_COLUMN: what its cells are */
  char name[24];
  char preset[24];             /* the default's text; empty when there is none */
  int optional;
  int onCalendar;              /* a time for which a year, YYYYMM and a spreadsheet's day number are errors */
  int column;                  /* index in the batch, or -1 */
  int parameter;               /* index among the parameters, or -1 */
} Argument;

/* How the plain values of a column are taken: not at all, an INTEGER as it is, as Unix
** seconds, INTEGERs or NULLs as flags. */
enum { PLAIN_NOT, PLAIN_AS_IS, PLAIN_SECONDS, PLAIN_FLAGS };

typedef struct Signature {
  int count, required;         /* arguments; the first that may be left out */
  int columns, parameters;
  int variadic;                /* the last argument but ARG_CONDITIONS repeats, 1 to FLAGS_MAX times */
  int columnArgument[BATCH_COLUMNS];       /* column -> its argument */
  uint8_t plain[BATCH_COLUMNS];            /* see PLAIN_ */
  Argument argument[ARGUMENTS_MAX];
} Signature;

/* ---- argument_names.c ---- */

/* The kind of the first n bytes, a name without _col; 0: it is unknown. */
int argument_kind(const char *name, size_t n, ArgKind *kind);

/* ---- signature.c ---- */

/* The text as users see it: of window:cap_window the name alone. */
void signature_put(Buffer *out, const char *text);
/* 1 when understood; 0 for a name that the table does not know. */
int signature_parse(const char *text, Signature *out);
/* The name that it does not know, of a text that signature_parse does not understand: a copy of
** sqlite3_mprintf(), or NULL. */
char *signature_unknown_name(const char *text);
/* Its times are put on a calendar, if that is so. */
void signature_on_calendar(Signature *s, int isSo);
/* The columns from ... to - 1 that a table reads from one source, as arguments of their own. */
void signature_of_columns(const Signature *inputs, int from, int to, Signature *out);
/* The state form of a table: columns in place of their names, no source; a list of flag columns
** becomes the text of their names and one number, `flags`, whose bits they are. */
void signature_of_state(const Signature *inputs, Signature *out);
/* The arguments as they are written: a, b [, c=default, d]. */
void signature_put_arguments(Buffer *out, const Signature *s);
/* The last column n times over: the names that an ARG_KEY_COLUMNS was given.  0: too many. */
int signature_repeat(Signature *s, int n);

#endif
