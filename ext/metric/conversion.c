/*
** Shares of customers by what their rows say:
**   conversion_rate  customers with a flagged row / customers
**   retention_rate   customers with a base row and a follow row / customers with a base row
** Both keep two counts of rows per customer.
*/
#include "repurchase.h"

typedef struct Marks { uint32_t whole, part; } Marks;

typedef struct Share {
  KeyMap customers;            /* payload: Marks */
  int64_t whole, part;         /* customers in the denominator, in the numerator */
} Share;

static Status share_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  keymap_init(&((Share*)acc)->customers, sizeof(Marks));
  return STATUS_OK;
}
static void share_destroy(void *acc){ keymap_destroy(&((Share*)acc)->customers); }

static inline void share_moved(Share *a, Marks before, Marks after){
  a->whole += (after.whole!=0) - (before.whole!=0);
  a->part += (after.whole!=0 && after.part!=0) - (before.whole!=0 && before.part!=0);
}

static Status conversion_absorb(void *acc, Batch *b, int sign, Failure *f){
  Share *a = acc;
  void *payload[BATCH_ROWS];
  Status rc = keymap_batch(&a->customers, b, &b->column[0], ALL_ROWS, b->rows, payload, 0);
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    Marks *m = payload[i], before = *m;
    rc = count_change(&m->whole, sign);
    if( b->column[1].cell[i].i ) m->part += (uint32_t)sign;    /* never above whole */
    share_moved(a, before, *m);
  }
  return rc;
}

static Status retention_absorb(void *acc, Batch *b, int sign, Failure *f){
  Share *a = acc;
  void *payload[BATCH_ROWS];
  Status rc = keymap_batch(&a->customers, b, &b->column[0], ALL_ROWS, b->rows, payload, 0);
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    Marks *m = payload[i], before = *m;
    if( b->column[1].cell[i].i ) rc = count_change(&m->whole, sign);
    if( b->column[2].cell[i].i && rc==STATUS_OK ) rc = count_change(&m->part, sign);
    share_moved(a, before, *m);
  }
  return rc;
}

static void put_marks(const void *payload, Buffer *out){
  const Marks *m = payload;
  buffer_put_unsigned(out, m->whole);
  buffer_put_unsigned(out, m->part);
}
static void share_encode(const void *acc, Buffer *out){
  map_encode(&((const Share*)acc)->customers, out, put_marks);
}
static Status fold_marks(void *acc, void *payload, Reader *in){
  Marks *m = payload, before = *m;
  uint64_t whole = m->whole + (reader_unsigned(in) & UINT32_MAX);
  uint64_t part = m->part + (reader_unsigned(in) & UINT32_MAX);
  if( whole > UINT32_MAX || part > UINT32_MAX ) return STATUS_OVERFLOW;
  m->whole = (uint32_t)whole;
  m->part = (uint32_t)part;
  share_moved(acc, before, *m);
  return STATUS_OK;
}
static Status share_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  return map_fold(&((Share*)acc)->customers, in, fold_marks, acc);
}
static Status share_result(void *acc, Result *r, Failure *f, const Poll *poll){
  const Share *a = acc;
  (void)f; (void)poll;
  result_ratio(r, (double)a->part, (double)a->whole);
  return STATUS_OK;
}

const Metric METRIC_CONVERSION = {
  .id = "conversion_rate", .version = 1, .size = sizeof(Share), .keys = KEYS_IN(Share, customers), .sliding = 1,
  .init = share_init, .absorb = conversion_absorb, .encode = share_encode, .fold = share_fold,
  .result = share_result, .destroy = share_destroy
};
const Metric METRIC_RETENTION = {
  .id = "retention_rate", .version = 1, .size = sizeof(Share), .keys = KEYS_IN(Share, customers), .sliding = 1,
  .init = share_init, .absorb = retention_absorb, .encode = share_encode, .fold = share_fold,
  .result = share_result, .destroy = share_destroy
};
