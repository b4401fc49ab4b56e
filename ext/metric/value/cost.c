/*
** Money spent against what it brought:
**   roi  (sum of revenue - sum of cost) / sum of cost
**   cac  sum of cost / distinct customers won; a cost that won nobody still counts
*/
#include "metric/tally/counted.h"
#include "metric/value/value.h"

/* ---- roi ---- */

typedef struct Roi { SlidingTotal revenue, cost; } Roi;

static void roi_destroy(void *acc){
  exact_destroy(&((Roi*)acc)->revenue.sums);
  exact_destroy(&((Roi*)acc)->cost.sums);
}

static Status roi_absorb(void *acc, Batch *b, int sign, Failure *f){
  Roi *a = acc;
  Status rc = STATUS_OK;
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    rc = sliding_add(&a->revenue, &b->column[0], i, sign);
    if( rc==STATUS_OK ) rc = sliding_add(&a->cost, &b->column[1], i, sign);
  }
  return rc;
}
static void roi_encode(const void *acc, Buffer *out){
  total_encode(&((const Roi*)acc)->revenue.total, out);
  total_encode(&((const Roi*)acc)->cost.total, out);
}
static Status roi_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  total_fold(&((Roi*)acc)->revenue.total, in);
  total_fold(&((Roi*)acc)->cost.total, in);
  return STATUS_OK;
}
static Status roi_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Roi *a = acc;
  Money gain = a->revenue.total.sum;
  Status rc = total_check(&a->revenue.total);
  (void)f; (void)stop;
  money_subtract(&gain, a->cost.total.sum);
  result_ratio(r, money_real(gain), money_real(a->cost.total.sum));
  return rc==STATUS_OK ? total_check(&a->cost.total) : rc;
}

const Metric METRIC_ROI = {
  .id = "roi", .version = 1, .size = sizeof(Roi), .sliding = 1,
  .absorb = roi_absorb, .encode = roi_encode, .fold = roi_fold, .result = roi_result, .destroy = roi_destroy
};

/* ---- cac ---- */

typedef struct Cac { Counted customers; SlidingTotal cost; } Cac;

static Status cac_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  counted_init(&((Cac*)acc)->customers);
  return STATUS_OK;
}
static void cac_destroy(void *acc){
  counted_destroy(&((Cac*)acc)->customers);
  exact_destroy(&((Cac*)acc)->cost.sums);
}

static Status cac_absorb(void *acc, Batch *b, int sign, Failure *f){
  Cac *a = acc;
  uint8_t rows[BATCH_ROWS] = {0};
  Status rc = STATUS_OK;
  int i, n = rows_with_key(b, &b->column[0], rows);
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++) rc = sliding_add(&a->cost, &b->column[1], i, sign);
  if( rc!=STATUS_OK ) return rc;
  return counted_change(&a->customers, b, 0, rows, n, sign);
}
static void cac_encode(const void *acc, Buffer *out){
  total_encode(&((const Cac*)acc)->cost.total, out);
  counted_encode(&((const Cac*)acc)->customers, out);
}
static Status cac_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  total_fold(&((Cac*)acc)->cost.total, in);
  return counted_fold(&((Cac*)acc)->customers, in);
}
static Status cac_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Cac *a = acc;
  (void)f; (void)stop;
  result_ratio(r, money_real(a->cost.total.sum), (double)a->customers.present);
  return total_check(&a->cost.total);
}

const Metric METRIC_CAC = {
  .id = "cac", .version = 1, .size = sizeof(Cac), .sliding = 1,
  .init = cac_init, .absorb = cac_absorb, .encode = cac_encode, .fold = cac_fold,
  .result = cac_result, .destroy = cac_destroy
};
