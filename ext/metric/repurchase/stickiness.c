/*
** Stickiness: mean daily actives / mean monthly actives (DAU / MAU).
**   mean daily actives    (day, customer) pairs / days on which anybody was active
**   mean monthly actives  (month, customer) pairs / months in which anybody was active
** Days and months are those of the calendar in tz.  With the rows of one month it is the
** average of daily actives over the actives of that month.
*/
#include "metric/tally/pairs.h"
#include "metric/repurchase/repurchase.h"

/* Distinct customers of each period, and over all periods. */
typedef struct Actives {
  Pairs pairs;                 /* (period, customer) -> rows */
  int64_t periods;             /* with a customer */
  int64_t actives;             /* sum over periods of their customers */
} Actives;

typedef struct Stickiness { Actives day, month; int32_t zone; } Stickiness;

static Status stickiness_init(void *acc, const Parameter *p, Failure *f){
  Stickiness *a = acc;
  (void)f;
  pairs_init(&a->day.pairs);
  pairs_init(&a->month.pairs);
  a->zone = p[0].zone;
  return STATUS_OK;
}
static void stickiness_destroy(void *acc){
  Stickiness *a = acc;
  pairs_destroy(&a->day.pairs);
  pairs_destroy(&a->month.pairs);
}

static void actives_moved(void *arg, uint32_t *customers, int d){
  Actives *a = arg;
  uint32_t before = *customers;
  *customers += (uint32_t)d;
  a->periods += (*customers!=0) - (before!=0);
  a->actives += d;
}

static void period_column(Column *c, const Batch *b, GrainUnit unit, int32_t zone){
  Grain grain = { unit, 0 };
  int i;
  for(i=0; i<b->rows; i++){
    c->type[i] = CELL_INTEGER;
    c->size[i] = 0;
    c->cell[i].i = grain_ordinal(grain, b->column[1].cell[i].i, zone);
  }
}

/* The batch with two more columns: 2 the day, 3 the month. */
static Status stickiness_absorb(void *acc, Batch *b, int sign, Failure *f){
  Stickiness *a = acc;
  Batch with;
  Status rc;
  (void)f;
  with.rows = b->rows;
  with.bytes = b->bytes;
  with.keys = 0;
  with.stop = b->stop;
  with.column[0] = b->column[0];
  period_column(&with.column[2], b, GRAIN_DAY, a->zone);
  period_column(&with.column[3], b, GRAIN_MONTH, a->zone);
  rc = pairs_change(&a->day.pairs, &with, 2, 0, ALL_ROWS, b->rows, sign, actives_moved, &a->day);
  if( rc!=STATUS_OK ) return rc;
  return pairs_change(&a->month.pairs, &with, 3, 0, ALL_ROWS, b->rows, sign, actives_moved, &a->month);
}

static void stickiness_encode(const void *acc, Buffer *out){
  pairs_encode(&((const Stickiness*)acc)->day.pairs, out);
  pairs_encode(&((const Stickiness*)acc)->month.pairs, out);
}
static Status stickiness_fold(void *acc, Reader *in, Failure *f){
  Stickiness *a = acc;
  Status rc = pairs_fold(&a->day.pairs, in, actives_moved, &a->day);
  (void)f;
  return rc==STATUS_OK ? pairs_fold(&a->month.pairs, in, actives_moved, &a->month) : rc;
}

static Status stickiness_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Stickiness *a = acc;
  (void)f; (void)stop;
  if( a->day.periods==0 || a->month.actives==0 ) return STATUS_OK;
  result_real(r, ((double)a->day.actives / (double)a->day.periods)
               / ((double)a->month.actives / (double)a->month.periods));
  return STATUS_OK;
}

const Metric METRIC_STICKINESS = {
  .id = "stickiness", .version = 1, .size = sizeof(Stickiness), .sliding = 1,
  .init = stickiness_init, .absorb = stickiness_absorb, .encode = stickiness_encode,
  .fold = stickiness_fold, .result = stickiness_result, .destroy = stickiness_destroy
};
