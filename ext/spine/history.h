/*
** Histories: whole customers of a ledger's chunk, each with all of its rows in order of time, as
** plain arrays.  A table metric that takes them (TableMetric.absorbHistory) is spared batches.
*/
#ifndef SIYU_HISTORY_H
#define SIYU_HISTORY_H

#include "base/time/period_cache.h"
#include "spine/chunk.h"

typedef struct Histories {
  int from, to;                /* customers from ... to - 1; each comes but once in all histories and batches */
  const Vector *key;           /* by customer; INTEGERs or TEXTs; only for TableMetric.historyKeys */
  const uint32_t *start;       /* by customer: where its rows begin */
  const Cell *time;            /* by row: time[i].i*unit + shift is the instant; NULL: see history_times() */
  Chunk *chunk;                /* from which they are; without times all of its customers are here, and ... */
  const int64_t *begin, *step; /* ... these say the times: see chunk.h */
  int64_t least, most;         /* which shall lie so, as they stand: a forged chunk may lie about it */
  Instant unit, shift;
  Instant first, last;         /* of all rows */
  const Cell *amount;          /* by row, INTEGERs within HISTORY_MONEY either way; NULL: there are none */
  int isReal;                  /* but some are REALs: their signs alone may be asked for, by cell.i < 0 */
} Histories;

/* So that the amounts of a chunk cannot overflow. */
#define HISTORY_MONEY (INT64_C(1) << 44)

/* Times for those who need each one.  STATUS_CORRUPT: the chunk is none of ours. */
Status history_times(Histories *h);

static inline Instant history_time(const Histories *h, size_t row){ return h->time[row].i*h->unit + h->shift; }

/* ---- periods of the rows ---- */

#define HISTORY_PERIODS 64
#define HISTORY_SLICES 1024    /* a power of two */

/* Rows as numbers of periods from `base` on, and customers as the periods in which they have an order. */
typedef struct HistoryPeriods {
  int isBased;
  int64_t base;
  uint8_t *of;                 /* by row, from the first customer's first one on */
  uint64_t *orders;            /* by customer, from the first one on: a bit for each period */
  size_t ofCapacity, ordersCapacity;
  /* Time is cut into slices of 2^bits of the histories' unit, from origin on, of which each holds one boundary
  ** at most: slice[(t - origin) >> bits] + t - origin has, behind as many bits, the period. */
  int slices, bits;
  int64_t origin, unit, shift;
  int64_t slice[HISTORY_SLICES];
} HistoryPeriods;

/* STATUS_UNLIKE: they do not all lie within HISTORY_PERIODS of the base; nothing has changed. */
enum { PERIODS_OF = 1, PERIODS_ORDERS = 2 };           /* what is wanted */
Status history_periods(HistoryPeriods *p, Histories *h, PeriodCache *cache, int what);
void history_periods_destroy(HistoryPeriods *p);

#endif
