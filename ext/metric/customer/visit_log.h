/*
** Visits: what a customer did on a day or in a period, kept until all rows are in and then
** handed out customer by customer.
**
** A customer is a dense id, 0, 1, 2 ...  The log is cut into partitions of 16,384 customers,
** each a list of small chunks, so that grouping a partition is one counting sort that stays
** within the cache, and so that only one partition at a time is held twice.
** Memory: 8 bytes per visit, 16 with amounts; while a partition is handed out 16 more for each
** of its visits.  A log of days alone: 4 bytes per day, 8 for one before 1611 or after 2328, and
** 4 more while handed out.
*/
#ifndef SIYU_VISIT_LOG_H
#define SIYU_VISIT_LOG_H

#include "spine/accumulator.h"

#define PARTITION_BITS 14
#define PARTITION_MEMBERS (1 << PARTITION_BITS)

typedef struct VisitHead {
  uint16_t local;              /* the customer within the partition */
  uint8_t isOrder;             /* 0: a refund, money only */
  uint8_t amountType;          /* CELL_NULL: no money */
  int32_t ordinal;             /* day since 1970, or period */
} VisitHead;
typedef struct Visit { VisitHead head; Cell amount; } Visit;

typedef struct VisitLog {
  size_t stride;               /* bytes of a kept visit: a head, or a head and its amount */
  struct VisitPartition *partition;
  size_t partitions, capacity;
} VisitLog;

/* What a partition holds, grouped: those of its k-th customer are from[k] ... from[k+1] - 1. */
typedef struct VisitGroups {
  uint32_t from[PARTITION_MEMBERS + 2];
  int32_t *day;                /* visit_log_days */
  Visit *visit;                /* visit_log_visits */
  size_t dayCapacity, visitCapacity;
} VisitGroups;

void visit_log_init(VisitLog *log, int withAmounts);
void visit_log_destroy(VisitLog *log);

/* Keeps a visit; *kept (may be NULL) is where it stands until it is handed out. */
Status visit_log_put(VisitLog *log, uint32_t member, const Visit *v, VisitHead **kept);

/* The same for a log of days alone, which keeps nothing else. */
Status visit_log_put_day(VisitLog *log, uint32_t member, int32_t day);

/* Groups partition p and frees its part of the log.  The groups are reused from one
** partition to the next and freed by visit_groups_free. */
Status visit_log_days(VisitLog *log, size_t p, VisitGroups *out, const Stop *stop);
Status visit_log_visits(VisitLog *log, size_t p, VisitGroups *out, const Stop *stop);
VisitGroups *visit_groups_new(void);
void visit_groups_free(VisitGroups *g);

/* Visits or days of one customer, ascending: mostly a few.  In place, without recursion; STATUS_OK, or
** STATUS_INTERRUPTED with all of them in some order. */
Status days_sort(int32_t *day, size_t n, const Stop *stop);
Status visits_sort(Visit *v, size_t n, const Stop *stop);

#endif
