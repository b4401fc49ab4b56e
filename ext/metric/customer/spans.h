/* What period_summary.c keeps, for period_summary_rows.c, which makes the table of it. */
#ifndef SIYU_SPANS_H
#define SIYU_SPANS_H

#include "base/time/period_cache.h"
#include "metric/customer/customers.h"
#include "metric/customer/period_summary.h"
#include "spine/by_customer.h"
#include "spine/history.h"

#define SPAN_PLACES 128        /* groups that are found without a look into the map */
#define SPAN_ORDINAL_BIAS (INT64_C(1) << 30)
#define SPAN_NO_ORDER (INT64_C(1) << 40)       /* no period has this number; the 0 of it is a zeroed payload */
/* One customer in a group. */
typedef struct SpanCell { Money net; uint32_t orders; uint32_t unused; } SpanCell;

/* One (segment, period). */
typedef struct SpanGroup {
  uint32_t segment;            /* id + 1; 0: NULL */
  int64_t ordinal;
  int64_t customers, newCustomers, effective, orders;
  Money gmv, refunds, newRevenue;
  uint32_t turn;               /* rows in order: whose cell this is */
  SpanCell cell;
} SpanGroup;

/* The rows of the table that a segment has. */
typedef struct SpanSegment { Key key; uint32_t segment; int64_t first, row; } SpanSegment;

typedef struct Spans {
  KeyMap customers;            /* payload: the period of the first order, as ordinal - SPAN_NO_ORDER */
  KeyMap segments;
  KeyMap groupIds;             /* (segment, ordinal) -> index in group[] + 1 */
  KeyMap cells;                /* (customer, group) -> SpanCell */
  KeyMap orders;               /* order keys */
  KeyMap pairs;                /* (order, cell): seen */
  SpanGroup *group;
  size_t groups, groupCapacity;
  uint32_t lastGroup;          /* index of the last row's group */
  uint32_t near[SPAN_PLACES];  /* by period and segment: index + 1 of a group that may be the one */
  SpanSegment *segment;
  size_t segmentCount;
  PeriodCache cache;
  LastSeen seen;
  Instant asOf;
  int64_t end;                 /* finished: ordinal after the last period */
  int asOfGiven, hasAmount, hasOrder, hasSegment, isReal;
  Column place;                /* scratch: keys of cells */
  /* rows in order: the customer at hand */
  int ordered;
  uint32_t turn;               /* counts customers; 0: none yet */
  uint32_t *touched;           /* groups with a cell of it */
  size_t touchedCount, touchedCapacity;
  int64_t first;               /* period of its first order, as above */
  ByCustomer at;
  HistoryPeriods periods;      /* scratch: of whole histories */
} Spans;

extern const TableOutput SPAN_OUTPUTS[21 + 1];

#endif
