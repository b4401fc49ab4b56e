/*
** customer_summary, in four pieces:
**   customer_summary.c       rows in, figures per customer
**   customer_summary_history.c  whole histories of a ledger, figures per customer
**   customer_summary_ages.c  the second order, money at a fixed age, what a period brought
**   customer_summary_rows.c  the rows of the table
**
** A customer is a SummaryMember in a key map, followed by what the outputs that are asked for need:
** revenue, SummaryDays, the money of repeat days, SummaryAges.  Days wait in a log, 4 bytes each, only
** where a distinct day matters to an output.
*/
#ifndef SIYU_CUSTOMER_SUMMARY_H
#define SIYU_CUSTOMER_SUMMARY_H

#include "metric/customer/customers.h"
#include "metric/tally/distinct_orders.h"
#include "metric/customer/lifecycle.h"
#include "metric/customer/scores.h"
#include "metric/customer/visit_log.h"
#include "spine/history.h"

enum { SUMMARY_CUSTOMER, SUMMARY_TIME, SUMMARY_AMOUNT, SUMMARY_ORDER };

/* What the outputs need (TableOutput.needs). */
enum {
  SUMMARY_NEEDS_DAYS = 1 << 0,         /* distinct days with an order */
  SUMMARY_NEEDS_CYCLE = 1 << 1,        /* the median gap between them */
  SUMMARY_NEEDS_MONEY = 1 << 2,
  SUMMARY_NEEDS_REPEAT = 1 << 3,       /* the money of the repeat days */
  SUMMARY_NEEDS_R = 1 << 4, SUMMARY_NEEDS_F = 1 << 5, SUMMARY_NEEDS_M = 1 << 6,
  SUMMARY_NEEDS_RFM = 1 << 7,          /* all three scores, where there is money */
  SUMMARY_NEEDS_SECOND = 1 << 8, SUMMARY_NEEDS_AGED = 1 << 9, SUMMARY_NEEDS_PERIOD = 1 << 10,
  SUMMARY_NEEDS_FIRST = 1 << 11
};

typedef struct SummaryMember {
  Instant last;                /* order; valid while orders > 0 */
  uint32_t orders;
  int32_t firstDay;            /* since 1970 */
} SummaryMember;

typedef struct SummaryDays {
  Instant first;               /* order; valid while orders > 0 */
  uint32_t days;               /* 1: one is in the log; finished: distinct ones */
  union {
    int32_t lastLogged;        /* the day put into the log last */
    uint32_t twiceCycle;       /* finished: twice the median gap in days; 0: there is none */
  } rhythm;
} SummaryDays;

/* The two earliest orders, each by the earliest of its rows; money until so many days after the first. */
typedef struct SummaryAges {
  Instant first, second;       /* valid as far as `known` says */
  uint32_t firstOrder, secondOrder;    /* numbers of distinct_orders_see */
  uint32_t known;              /* 0, 1, 2 */
  uint32_t periodOrders;
  Money period, early, late;   /* the last two: finished */
} SummaryAges;

typedef struct CustomerSummary {
  KeyMap customers;            /* payload: SummaryMember ... */
  DistinctOrders distinct, distinctInPeriod;
  VisitLog days, refunds, aged;
  LastSeen seen;
  StageRule stage;             /* its asOf is that of the table */
  int32_t zone;
  int64_t unit;                /* microseconds of a day, or of an hour: what "day" means elsewhere here */
  int bins, ntile, byMean;
  int levels[3];               /* scores that r, f, m can be: bins, limits + 1, 2 against the mean */
  ScoreLimits *limits;         /* of r, f, m, or NULL: none are given */
  int hasAmount, hasOrder, asOfGiven, ordered;
  int wantsDays, wantsCycle, wantsMoney, wantsRepeat, wantsScore[3];
  int wantsSecond, wantsAged, wantsPeriod;
  size_t daysAt, repeatAt, agesAt;           /* where a member has its SummaryDays, money of repeat days, SummaryAges; or 0 */
  Instant periodFrom, periodUntil;
  int revenueIsReal;
  uint8_t (*score)[3];         /* finished: r, f, m of each customer, as far as wanted */
  int64_t asOfDay;             /* finished */
  DateTexts dates;
  /* rows in order: the customer at hand, the last one in the map */
  int32_t *day;
  size_t dayCount, dayCapacity;
  Visit *refund;
  size_t refundCount, refundCapacity;
  Visit *agedRow;
  size_t agedCount, agedCapacity;
  int isFinished;              /* that customer needs no more */
  struct SummaryPiece *piece;  /* of whole histories, some customers at a time; or NULL */
} CustomerSummary;

static inline SummaryMember *summary_member(const CustomerSummary *s, uint32_t id){
  return keymap_payload(&s->customers, id);
}
/* Where money is wanted. */
static inline Money *summary_money(SummaryMember *m){ return (Money*)(m + 1); }
static inline SummaryDays *summary_days(const CustomerSummary *s, SummaryMember *m){ return (SummaryDays*)((char*)m + s->daysAt); }
/* The money of the orders of the first day; finished: of the repeat days. */
static inline Money *summary_repeat(const CustomerSummary *s, SummaryMember *m){ return (Money*)((char*)m + s->repeatAt); }
static inline SummaryAges *summary_ages(const CustomerSummary *s, SummaryMember *m){ return (SummaryAges*)((char*)m + s->agesAt); }

/* Days since 1970 on the wall clock, or hours where these are the unit; t is a supported instant. */
static inline int64_t summary_day(const CustomerSummary *s, Instant t){
  int64_t local, day;
  if( s->zone < ZONE_NAMED ) local = t + s->zone * MICROS_PER_SECOND;
  else if( s->unit==MICROS_PER_DAY ) return day_of(t, s->zone);
  else local = day_of(t, s->zone)*MICROS_PER_DAY + time_of_day(t, s->zone);
  if( s->unit==MICROS_PER_DAY ){                    /* a constant divides faster */
    day = local / MICROS_PER_DAY;
    return day - (local % MICROS_PER_DAY < 0);
  }
  day = local / s->unit;
  return day - (local % s->unit < 0);
}

/* The parameters of the record's signature, as_of and tz first, as far as they have a default. */
#define SUMMARY_PARAMETERS 14
#define SUMMARY_UNIT 11
void summary_defaults(Parameter parameter[SUMMARY_PARAMETERS]);

/* Twice the median of the gaps between days in order, which are changed; 0 without a gap. */
Status summary_twice_median_gap(int32_t *day, size_t days, uint32_t *out, const Stop *stop);
/* ---- customer_summary_ages.c ---- */

/* An order at t; `number` tells its rows from others' where orders have several. */
Status summary_ages_order(CustomerSummary *s, SummaryAges *a, Batch *b, int row, uint32_t id, uint32_t number);
/* Any row's money; m knows its orders so far. */
Status summary_ages_money(CustomerSummary *s, SummaryMember *m, uint32_t id, const Column *amount, int row, Instant t);
/* All rows with money are known. */
Status summary_ages_finish(const CustomerSummary *s, SummaryMember *m, const Visit *row, size_t rows, const Stop *stop);
/* Whole histories: rows from ... to - 1 of one customer, in order of time. */
void summary_ages_history(const CustomerSummary *s, SummaryMember *m, const Histories *h, size_t from, size_t to);
Status summary_second_time(void *acc, int64_t row, TableCell *out);
Status summary_revenue_aged(void *acc, int64_t row, TableCell *out);
Status summary_period_orders(void *acc, int64_t row, TableCell *out);
Status summary_period_revenue(void *acc, int64_t row, TableCell *out);

/* ---- the others ---- */

/* Keeps a visit: in the log, or of the customer at hand where rows come in order. */
Status summary_keep(const CustomerSummary *s, VisitLog *log, Visit **at, size_t *count, size_t *capacity, uint32_t id, const Visit *v);
/* A time of the table's. */
Status summary_time(CustomerSummary *s, Instant t, TableCell *out);
/* The customer at hand, the last of `customers`, has no more rows. */
Status summary_finish_at_hand(CustomerSummary *s, uint32_t customers, const Stop *stop);

/* ---- customer_summary_history.c ---- */

Status summary_histories(void *acc, Histories *h, Failure *f);
void summary_piece_free(struct SummaryPiece *piece);

/* ---- customer_summary_rows.c ---- */

extern const TableOutput SUMMARY_OUTPUTS[24 + 1];
const uint8_t *summary_bytes(void *acc, int output, size_t *stride);
/* Outputs that customer_predict has, too. */
Status summary_customer(void *acc, int64_t row, TableCell *out);
Status summary_next_time(void *acc, int64_t row, TableCell *out);
Status summary_frequency(void *acc, int64_t row, TableCell *out);
Status summary_recency(void *acc, int64_t row, TableCell *out);
Status summary_age(void *acc, int64_t row, TableCell *out);
Status summary_monetary(void *acc, int64_t row, TableCell *out);

#endif
