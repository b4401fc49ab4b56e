/*
** Cohort windows, in eight pieces:
**   cohort.c          the table metric: rows in, one of two ways on
**   cohort_bits.c     calendar periods of unsorted rows, a bit per period: the fast way
**   cohort_flat.c     its members by key, where ids fill their range
**   cohort_members.c  one customer's rows at a time: every option
**   cohort_plain.c    the same for rows that come grouped by customer, without options
**   cohort_history.c  the same for whole histories of a ledger
**   cohort_matrix.c   the cells of (segment, cohort, period)
**   cohort_rows.c     the rows of the table
*/
#ifndef SIYU_COHORT_H
#define SIYU_COHORT_H

#include "base/pages.h"
#include "base/time/period_cache.h"
#include "spine/by_customer.h"
#include "spine/history.h"
#include "spine/table_accumulator.h"

extern const TableMetric METRIC_COHORT_WINDOW;

/* ---- the rule: what the inputs say ---- */

/* Batch columns; and bits of CohortRule.columns. */
enum { COHORT_CUSTOMER, COHORT_TIME, COHORT_AMOUNT, COHORT_ORDER, COHORT_ORIGIN, COHORT_SEGMENT,
       COHORT_COST, COHORT_MARGIN, COHORT_EVENT };

#define BRACKETS_MAX 100

typedef struct CohortRule {
  Grain grain;
  Duration length;             /* of one period */
  int32_t zone;
  int asOfGiven;
  Instant asOf;                /* end of observation; when not given, the last time seen */
  int rolling;                 /* period k = [start + k lengths, start + (k+1) lengths) */
  int onOrAfter;               /* active in k means active in k or later */
  int recurring;               /* every period with an order begins a cohort of its own */
  uint32_t columns;            /* bit: the source has this column */
  int wantsMoney;              /* an output beyond customers and retention is used */
  int64_t least;               /* orders that make a customer active in a period */
  const char *startEvent, *returnEvent;    /* what begins a cohort, what counts from then on; NULL: any row */
  int startSize, returnSize;
  int brackets;                /* 0: every period by itself; else they begin at ... */
  int64_t bracket[BRACKETS_MAX];           /* ... and end where the next one begins, the last with its period */
} CohortRule;

/* A place in the matrix is a bracket, or without brackets a period. */
static inline int64_t place_begin(const CohortRule *r, int64_t place){ return r->brackets ? r->bracket[place] : place; }
/* The first period behind it. */
static inline int64_t place_end(const CohortRule *r, int64_t place){
  return (place + 1 < r->brackets ? r->bracket[place+1] : place_begin(r, place) + 1);
}
/* The place of a period; -1: in no bracket. */
int64_t place_of_period(const CohortRule *r, int64_t period);
/* Places that lie wholly within the first n periods, and that have begun with them. */
int64_t places_whole(const CohortRule *r, int64_t n);
int64_t places_begun(const CohortRule *r, int64_t n);

static inline int rule_has(const CohortRule *r, int column){ return r->columns >> column & 1; }

/* ---- the matrix: cohort_matrix.c ---- */

typedef struct CohortCell {
  int64_t customers;           /* active in the period; on-or-after: last active there, until finished */
  int64_t eligibleCustomers;   /* the same, of members who saw the whole period */
  int64_t orders;
  int64_t repeaters;           /* members whose second order is there; finished: up to there */
  uint64_t stamp;              /* the latest customer counted */
  int64_t visits;              /* of that customer */
  int64_t whole;               /* revenue, too, as long as it is INTEGER; 0 when finished */
  Money revenue, cost, margin;
  Money cumulativeRevenue, cumulativeCost, cumulativeMargin;     /* finished */
} CohortCell;

/* Adds INTEGER money to a cell. */
static inline void cell_add_integer(CohortCell *c, int64_t v){
  if( v > 0 ? c->whole > INT64_MAX - v : c->whole < INT64_MIN - v ){
    money_add_integer(&c->revenue, c->whole);
    c->whole = 0;
  }
  c->whole += v;
}

typedef struct Cohort {
  uint32_t segment;            /* id in CohortMatrix.segments + 1; 0: NULL */
  int64_t ordinal;             /* period in which the members start */
  int64_t size;                /* members */
  int64_t begun;               /* rolling: periods that have begun for the first member */
  CohortCell *cell;
  size_t cells, capacity;
  int64_t *observed;           /* rolling: members who saw exactly j whole periods; finished: more than j */
  size_t observedCapacity;
  int64_t firstRow;            /* finished: its first row in the table */
  int64_t payback;             /* finished: first period from which on it has paid back; -1: none */
} Cohort;

typedef struct CohortMatrix {
  KeyMap index;                /* segment and ordinal -> position in cohort[] */
  KeyMap segments;
  Cohort *cohort;
  size_t count, capacity;
  int64_t cellsTotal;
  int revenueIsReal, costIsReal, marginIsReal;
} CohortMatrix;

void matrix_init(CohortMatrix *m);
void matrix_destroy(CohortMatrix *m);
/* The cohort of a segment (id + 1, or 0) and ordinal; NULL: out of memory. */
Cohort *matrix_cohort(CohortMatrix *m, uint32_t segment, int64_t ordinal);
/* Cell k of a cohort, made when missing; a Failure when the matrix would be too large. */
Status matrix_cell(CohortMatrix *m, Cohort *c, int64_t k, CohortCell **out, Failure *f);
/* Counts a member who saw `whole` whole periods (rolling). */
Status cohort_observed(Cohort *c, int64_t whole);
/* Sorts, fills in zeros, accumulates; *rows = rows of the table. */
Status matrix_finish(CohortMatrix *m, const CohortRule *rule, int64_t *rows, Failure *f, const Stop *stop);
/* What comes in: the margin, or without margin_col the revenue. */
static inline Money cohort_gained(const CohortRule *rule, const CohortCell *cell){
  return rule_has(rule, COHORT_MARGIN) ? cell->cumulativeMargin : cell->cumulativeRevenue;
}

/* ---- one customer at a time: cohort_members.c ---- */

typedef struct CohortRow {
  Instant time, origin;
  Cell amount, cost, margin;
  uint32_t order, segment;     /* id + 1, or 0 */
  uint8_t hasTime, hasOrigin, amountType, costType, marginType;
  uint8_t isOrder;             /* 0: a refund, or a cost without amount and order: money only; or another event */
  uint8_t isStart;             /* begins a cohort: an order, or start_event */
} CohortRow;

/* The customer at hand in the plain case: cohort_plain.c. */
typedef struct PlainRow { int64_t ordinal; Cell amount; uint8_t amountType, isOrder; } PlainRow;
#define PLAIN_PLACES 64        /* cohorts whose places are known without a search */
typedef struct PlainCustomer {
  PlainRow *row;
  size_t rows, capacity;
  int64_t latest;              /* period of the last row; INT64_MIN: there is none */
  int isSorted;                /* by period */
  Instant last;                /* of all customers; INT64_MIN: none */
  struct PlainPlace { int64_t ordinal; uint32_t position; } place[PLAIN_PLACES];   /* position + 1 in the matrix */
} PlainCustomer;

typedef struct Members {
  const CohortRule *rule;
  CohortMatrix *matrix;
  KeyMap orders;               /* order keys; their ids tell one customer's orders apart */
  KeyMap customers;            /* rows in any order: key -> id */
  CohortRow *row;              /* the customer at hand */
  size_t rows, rowCapacity;
  uint32_t *visit;             /* scratch: orders of the customer, sorted */
  size_t visitCapacity;
  struct CohortStart *start;   /* scratch: recurring, where its cohorts begin */
  size_t startCapacity;
  const Stop *stop;            /* of the stream */
  size_t asked;                /* rows counted since the last question whether to stop */
  uint64_t stamp;
  struct CohortLog *log;          /* rows in any order, until finished */
  ByCustomer at;               /* rows in order: the customer at hand */
  int isPlain;                 /* no more than periods and amounts is asked for */
  PlainCustomer plain;
  struct CohortSquare *square; /* of whole histories, or NULL */
  PeriodCache cache;
} Members;

void members_init(Members *m, const CohortRule *rule, CohortMatrix *matrix);
void members_destroy(Members *m);
/* Rows in any order: kept until members_finish. */
Status members_keep(Members *m, Batch *b, Failure *f);
/* A row of a customer whose key is known, as cohort_bits.c hands over what it had. */
Status members_keep_row(Members *m, const Key *customer, const CohortRow *row);
/* Rows grouped by customer, ascending: STATUS_UNORDERED when they are not. */
Status members_stream(Members *m, Batch *b, Failure *f);
/* Ends the customer before when row i of the batch begins another one. */
Status members_next(Members *m, Batch *b, int i, Failure *f);
/* The same in the plain case; m->plain.last becomes the last time seen. */
Status plain_stream(Members *m, Batch *b, Failure *f);
Status plain_count(Members *m, Failure *f);
/* Whole histories, in the plain case.  STATUS_UNLIKE: they have to come as rows. */
Status members_histories(Members *m, Histories *h, Failure *f);
Status members_histories_finish(Members *m, Failure *f);
void square_destroy(struct CohortSquare *s);
/* Counts all customers that wait. */
Status members_finish(Members *m, Failure *f, const Stop *stop);

/* ---- members by key: cohort_flat.c ---- */

typedef struct FlatBits {
  uint64_t *word;              /* by key - base: a bit for each period; NULL: not in use */
  int64_t base;
  uint64_t size;
} FlatBits;

/* Whether a map of keys and bits alone had better be one. */
int flat_pays(const KeyMap *map);
/* Empties the map into it, and back. */
Status flat_open(FlatBits *f, KeyMap *map, const Stop *stop);
Status flat_close(FlatBits *f, KeyMap *map, const Stop *stop);
void flat_destroy(FlatBits *f);
/* *reached: every key of the batch has its word, for which the range may have grown; 0: one is no
** INTEGER, or too far away. */
Status flat_reach(FlatBits *f, const Batch *b, int *reached);
static inline uint64_t *flat_word(const FlatBits *f, int64_t key){ return &f->word[(uint64_t)key - (uint64_t)f->base]; }

/* ---- the fast way: cohort_bits.c ---- */

/* Per customer a bit for each of 64 calendar periods; with money a cell of 16 bytes for
** each (customer, active period). */
typedef struct Bits {
  const CohortRule *rule;
  KeyMap customers;            /* payload: BitsMember */
  FlatBits flat;               /* or these instead */
  int notFlat;                 /* they had to be given up: never again */
  int hasSpan;                 /* low and high are valid */
  int started;
  int64_t anchor;              /* ordinal of the first row; periods are kept relative to it */
  int64_t low, high;           /* relative periods seen */
  int64_t base;                /* relative period of bit 0 */
  Pages cells;
  int revenueIsReal;
  PeriodCache cache;
} Bits;

void bits_init(Bits *b, const CohortRule *rule);
void bits_destroy(Bits *b);
/* STATUS_UNORDERED: the periods span more than 64; nothing of this batch was taken. */
Status bits_absorb(Bits *b, Batch *batch, Failure *f);
/* Hands everything over to the way that takes all. */
Status bits_hand_over(Bits *b, Members *to, const Stop *stop);
Status bits_finish(Bits *b, CohortMatrix *m, Failure *f, const Stop *stop);

/* ---- the table: cohort.c, its rows: cohort_rows.c ---- */

typedef struct CohortTable {
  CohortRule rule;
  CohortMatrix matrix;
  Members members;
  Bits bits;
  int ordered, fast;
  Instant last;                /* the last time seen; INT64_MIN: none */
} CohortTable;

#define COHORT_CELLS 1u        /* needs: more than what bits and eligibility tell */
extern const TableOutput COHORT_OUTPUTS[22 + 1];

#endif
