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
  const Vector *key;           /* by customer; INTEGERs or TEXTs */
  const uint32_t *start;       /* by customer: where its rows begin */
  const Cell *time;            /* by row: time[i].i*unit + shift is the instant */
  Instant unit, shift;
  Instant first, last;         /* of all rows */
  const Cell *amount;          /* by row, INTEGERs within HISTORY_MONEY either way; NULL: there are none */
} Histories;

/* So that the amounts of a chunk cannot overflow. */
#define HISTORY_MONEY (INT64_C(1) << 44)

static inline Instant history_time(const Histories *h, size_t row){ return h->time[row].i*h->unit + h->shift; }

/* ---- periods of the rows ---- */

#define HISTORY_PERIODS 64

/* Rows as numbers of periods from `base` on. */
typedef struct HistoryPeriods {
  int isBased;
  int64_t base;
  uint8_t *of;                 /* by row, from the first customer's first one on */
  size_t capacity;
} HistoryPeriods;

/* STATUS_UNLIKE: they do not all lie within HISTORY_PERIODS of the base; nothing has changed. */
Status history_periods(HistoryPeriods *p, const Histories *h, PeriodCache *cache);
void history_periods_destroy(HistoryPeriods *p);

#endif
