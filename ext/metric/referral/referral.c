/*
** Referral rates over rows (customer, referrer or NULL):
**   referral_rate  customers with a referrer other than themselves / customers
**   referrer_rate  customers of the input who referred another one / customers
** A referrer that is no customer of the input is in neither count of referrer_rate.
*/
#include "metric/referral/referral.h"
#include "metric/tally/share.h"

/* A person's rows as a customer are the whole; the part are those that say "referred"
** (referral_rate) or "has referred another" (referrer_rate). */

/* Rows whose referrer is someone, and someone else; returns how many. */
static int rows_referred(const Batch *b, uint8_t rows[BATCH_ROWS]){
  int i, n = 0;
  for(i=0; i<b->rows; i++){
    Key customer, referrer;
    if( b->column[1].type[i]==CELL_NULL ) continue;
    customer = key_of_cell(b, &b->column[0], i);
    referrer = key_of_cell(b, &b->column[1], i);
    if( key_compare(&customer, &referrer)!=0 ) rows[n++] = (uint8_t)i;
  }
  return n;
}

static Status customers_change(Share *a, Batch *b, int sign, void **person){
  Status rc = keymap_batch(&a->keys, b, &b->column[0], ALL_ROWS, b->rows, person, 0);
  int i;
  for(i=0; rc==STATUS_OK && i<b->rows; i++) rc = share_mark(a, person[i], sign, 0);
  return rc;
}

static Status referral_absorb(void *acc, Batch *b, int sign, Failure *f){
  Share *a = acc;
  void *person[BATCH_ROWS];
  uint8_t rows[BATCH_ROWS];
  Status rc = customers_change(a, b, sign, person);
  int i, n = rows_referred(b, rows);
  (void)f;
  for(i=0; rc==STATUS_OK && i<n; i++) rc = share_mark(a, person[rows[i]], 0, sign);
  return rc;
}

static Status referrer_absorb(void *acc, Batch *b, int sign, Failure *f){
  Share *a = acc;
  void *person[BATCH_ROWS];
  uint8_t rows[BATCH_ROWS] = {0};
  Status rc = customers_change(a, b, sign, person);
  int i, n = rows_referred(b, rows);
  (void)f;
  if( rc==STATUS_OK ) rc = keymap_batch(&a->keys, b, &b->column[1], rows, n, person, 0);
  for(i=0; rc==STATUS_OK && i<n; i++) rc = share_mark(a, person[i], 0, sign);
  return rc;
}

const Metric METRIC_REFERRAL_RATE = {
  .id = "referral_rate", .version = 1, .size = sizeof(Share), .keys = KEYS_IN(Share, keys), .sliding = 1,
  .init = share_init, .absorb = referral_absorb, .encode = share_encode, .fold = share_fold,
  .result = share_result, .destroy = share_destroy
};
const Metric METRIC_REFERRER_RATE = {
  .id = "referrer_rate", .version = 1, .size = sizeof(Share), .keys = KEYS_IN(Share, keys), .sliding = 1,
  .init = share_init, .absorb = referrer_absorb, .encode = share_encode, .fold = share_fold,
  .result = share_result, .destroy = share_destroy
};
