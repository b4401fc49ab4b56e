/*
** An accumulator: what a metric is to the rest of the extension.
**
** One struct gives, through ext/sql/aggregate.c, an aggregate, a window function,
** NAME_state() and NAME_merge().  No sqlite3_context and no SQL text here.
*/
#ifndef SIYU_METRIC_H
#define SIYU_METRIC_H

#include <math.h>
#include "spine/batch.h"
#include "base/buffer.h"
#include "base/time/calendar.h"
#include "base/keymap.h"
#include "base/number/exact.h"
#include "base/number/money.h"
#include "base/sort.h"

/* ---- parameters: the same in every row of a group ---- */

#define PARAMETERS_MAX 14
/* Behind them: what Metric.prepare made. */
#define PARAMETER_SHARED PARAMETERS_MAX

typedef union Parameter {
  int64_t integer;
  double real;
  Instant instant;
  int32_t zone;
  Duration duration;
  Grain grain;
  struct { const char *z; int n; } text;
  void *shared;
} Parameter;

/* ---- what a metric answers ---- */

typedef enum ResultKind {
  RESULT_NULL = 0, RESULT_INTEGER, RESULT_REAL,
  RESULT_STATIC,       /* text that lives for ever */
  RESULT_BRIEF,        /* text of `integer` bytes (-1: to its NUL) that is copied when answered */
  RESULT_TEXT,         /* text in a buffer that the caller destroys */
  RESULT_BLOB          /* bytes in one */
} ResultKind;

typedef struct Result {
  ResultKind kind;
  int64_t integer;
  double real;
  const char *text;
  Buffer buffer;
} Result;

static inline void result_integer(Result *r, int64_t v){ r->kind = RESULT_INTEGER; r->integer = v; }
static inline void result_real(Result *r, double v){ r->kind = RESULT_REAL; r->real = v; }
static inline void result_static(Result *r, const char *z){ r->kind = RESULT_STATIC; r->text = z; }
/* a / b, or NULL when b is 0: a rate over nobody is not 0.  A sum that overflowed is infinite or
** no number at all; either way the figure is infinite, which the answer says to be an error. */
static inline void result_ratio(Result *r, double a, double b){
  double v;
  if( b==0 ) return;
  v = a / b;
  result_real(r, isnan(v) ? HUGE_VAL : v);
}

/* What a metric wants to say about STATUS_INVALID, or about a parameter that it refuses. */
typedef struct Failure { char text[600]; } Failure;
/* A text that is longer ends with a whole character and "...". */
void failure_set(Failure *f, const char *format, ...);
/* More behind it. */
void failure_add(Failure *f, const char *format, ...);

/* What comes of a step of encode that failed, as a sort before it writes. */
static inline void encode_fail(Buffer *out, Status rc){
  out->failed = 1;
  out->stopped |= rc==STATUS_INTERRUPTED;
}

/* ---- the accumulator ---- */

/* For Metric.keys: a KeyMap member of an accumulator's type. */
#define KEYS_IN(type, member) (offsetof(type, member) + 1)

typedef struct Metric {
  const char *id;      /* name inside a state BLOB, unique: "repurchase_rate/time" */
  int version;         /* of its state's payload */
  size_t size;         /* bytes of the accumulator; it starts out zeroed */
  size_t keys;         /* offsetof the KeyMap in which column 0 is looked up, + 1; 0: none */
  int sliding;         /* rows can be taken out again: window frames with a moving start */
  /* Optional.  What groups with the same parameters share, such as a compiled pattern, is
  ** made once and not for each of a million groups: p[PARAMETER_SHARED].shared. */
  Status (*prepare)(const Parameter *p, void **shared, Failure *f);
  void (*discard)(void *shared);
  /* Reads the parameters; `p` stays valid until destroy.  May be NULL. */
  Status (*init)(void *acc, const Parameter *p, Failure *f);
  /* Adds a batch (sign +1), or takes rows out that went in before (sign -1, only where
  ** `sliding`).  Columns stand in the order of the signature's column arguments. */
  Status (*absorb)(void *acc, Batch *b, int sign, Failure *f);
  /* Writes the state; fold adds a state written by encode to this accumulator.  The buffer and
  ** the reader ask by themselves whether to stop, and then read or write no more. */
  void (*encode)(const void *acc, Buffer *out);
  Status (*fold)(void *acc, Reader *in, Failure *f);
  /* The figure; an accumulator that is still zeroed gives the figure of no rows.
  ** May sort or cache inside, so that asking twice is cheap. */
  Status (*result)(void *acc, Result *r, Failure *f, const Stop *stop);
  void (*destroy)(void *acc);          /* NULL: nothing to free */
} Metric;

/* ---- helpers that many accumulators share: metric.c ---- */

/* Money of a group, with the knowledge whether a REAL took part. */
typedef struct Total { Money sum; int64_t amounts; int64_t reals; } Total;

/* The same where rows can leave again: see base/number/exact.h.  `sums` may serve further sums
** of the same accumulator. */
typedef struct SlidingTotal { Total total; ExactNumbers sums; uint32_t place; } SlidingTotal;

Status sliding_add(SlidingTotal *t, const Column *c, int row, int sign);
Status sliding_add_rows(SlidingTotal *t, const Column *c, int n, int sign);
/* money_add_cell for a sum whose long number may come to stand in `sums`. */
Status exact_add_cell(ExactNumbers *sums, Money *m, uint32_t *place, const Column *c, int row, int sign);

void total_add(Total *t, const Column *c, int row, int sign);
/* The same for the first n rows of a column. */
void total_add_rows(Total *t, const Column *c, int n, int sign);
void total_encode(const Total *t, Buffer *out);
void total_fold(Total *t, Reader *in);
/* INTEGER when every amount was one, else REAL; NULL without any amount. */
Status total_result(const Total *t, Result *r, Failure *f);
/* Status of a REAL figure made from money: STATUS_OVERFLOW when it is not finite. */
Status total_check(const Total *t);

void money_add_cell(Money *m, const Column *c, int row, int sign);
void money_encode(Money m, Buffer *out);
Money money_fold(Reader *in);

/* 1 for a refund: a negative amount is money, but no order and no activity. */
static inline int is_refund(const Column *c, int row){
  return c->type[row]==CELL_INTEGER ? c->cell[row].i < 0
       : c->type[row]==CELL_REAL && c->cell[row].r < 0;
}

/* The numbers 0 ... BATCH_ROWS-1: every row of a batch. */
extern const uint8_t ALL_ROWS[BATCH_ROWS];
/* Rows of a batch whose cell in column c is not NULL; returns how many. */
int rows_with_key(const Batch *b, const Column *c, uint8_t rows[BATCH_ROWS]);

/* The codec of a map: its keys in order of id, each followed by what `put` writes of the
** payload; `fold` adds what stands there to the payload of that key (zeroed when new). */
void map_encode(const KeyMap *map, Buffer *out, void (*put)(const void *payload, Buffer *out));
Status map_fold(KeyMap *map, Reader *in, Status (*fold)(void *acc, void *payload, Reader *in), void *acc);
/* The keys alone, in order of id. */
void map_encode_keys(const KeyMap *map, Buffer *out);
/* Adds the keys of a map encoded like that: (*ids)[i] is the id here of its i-th
** key, *count their number.  The caller frees *ids, also after an error. */
Status map_fold_keys(KeyMap *map, Reader *in, uint32_t **ids, uint64_t *count);

/* a += what the reader says; wraps instead of overflowing on a forged state. */
static inline void count_fold(int64_t *a, Reader *in){
  *a = (int64_t)((uint64_t)*a + (uint64_t)reader_signed(in));
}

/* Adds the count of rows that the reader gives; STATUS_OVERFLOW past 4,294,967,295. */
static inline Status rows_fold(uint32_t *n, Reader *in){
  uint64_t more = reader_unsigned(in);
  if( more > UINT32_MAX - *n ) return STATUS_OVERFLOW;
  *n += (uint32_t)more;
  return STATUS_OK;
}

/* Adds d to a 32-bit count of rows; STATUS_OVERFLOW past 4,294,967,295. */
static inline Status count_change(uint32_t *n, int d){
  *n += (uint32_t)d;
  return d > 0 && *n==0 ? STATUS_OVERFLOW : STATUS_OK;
}

#endif
