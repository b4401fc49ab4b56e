/*
** Shares of customers by what their rows say:
**   conversion_rate  customers with a flagged row / customers
**   retention_rate   customers with a base row and a follow row / customers with a base row
*/
#include "metric/repurchase/repurchase.h"
#include "metric/tally/share.h"

/* `base` is the flag that puts a row in the whole, NULL: every row. */
static Status flags_absorb(Share *a, Batch *b, const Column *base, const Column *part, int sign){
  void *payload[BATCH_ROWS];
  Status rc = keymap_batch(&a->keys, b, &b->column[0], ALL_ROWS, b->rows, payload, 0);
  int i;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    int inWhole = base==0 || base->cell[i].i!=0;
    rc = share_mark(a, payload[i], inWhole ? sign : 0, part->cell[i].i ? sign : 0);
  }
  return rc;
}

static Status conversion_absorb(void *acc, Batch *b, int sign, Failure *f){
  (void)f;
  return flags_absorb(acc, b, 0, &b->column[1], sign);
}

static Status retention_absorb(void *acc, Batch *b, int sign, Failure *f){
  (void)f;
  return flags_absorb(acc, b, &b->column[1], &b->column[2], sign);
}

const Metric METRIC_CONVERSION = {
  .id = "conversion_rate", .version = 1, .size = sizeof(Share), .keys = KEYS_IN(Share, keys), .sliding = 1,
  .init = share_init, .absorb = conversion_absorb, .encode = share_encode, .fold = share_fold,
  .result = share_result, .destroy = share_destroy
};
const Metric METRIC_RETENTION_RATE = {
  .id = "retention_rate", .version = 1, .size = sizeof(Share), .keys = KEYS_IN(Share, keys), .sliding = 1,
  .init = share_init, .absorb = retention_absorb, .encode = share_encode, .fold = share_fold,
  .result = share_result, .destroy = share_destroy
};
