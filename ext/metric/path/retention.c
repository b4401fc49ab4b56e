/*
** retention(c1, ..., cN): did this customer meet condition 1, and with it the others?
** r1 = any row meets c1; ri = r1 and any row meets ci, be it the same row.
*/
#include "metric/path/path.h"

#define CONDITIONS_MAX 32

typedef struct Met {
  int64_t conditions;          /* 0: no rows at all */
  int64_t present;             /* rows; states of them, which never are of none */
  uint32_t rows[CONDITIONS_MAX];       /* that meet each condition: so that rows can leave */
} Met;

static Status met_init(void *acc, const Parameter *p, Failure *f){
  (void)f;
  ((Met*)acc)->conditions = p[0].integer;
  return STATUS_OK;
}

static Status met_absorb(void *acc, Batch *b, int sign, Failure *f){
  Met *a = acc;
  Status rc = STATUS_OK;
  int i, k;
  (void)f;
  a->present += (int64_t)sign*b->rows;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    uint32_t mask = (uint32_t)b->column[0].cell[i].i;
    for(k=0; mask && rc==STATUS_OK; k++, mask >>= 1){
      if( mask & 1 ) rc = count_change(&a->rows[k], sign);
    }
  }
  return rc;
}
static void met_encode(const void *acc, Buffer *out){
  const Met *a = acc;
  int64_t i;
  for(i=0; i<a->conditions; i++) buffer_put_unsigned(out, a->rows[i]);
}
static Status met_fold(void *acc, Reader *in, Failure *f){
  Met *a = acc;
  int64_t i;
  (void)f;
  a->present++;
  for(i=0; i<a->conditions; i++){
    uint64_t rows = reader_unsigned(in);
    if( rows > UINT32_MAX ) return STATUS_CORRUPT;
    if( rows > UINT32_MAX - a->rows[i] ) return STATUS_OVERFLOW;
    a->rows[i] += (uint32_t)rows;
  }
  return in->failed ? STATUS_CORRUPT : STATUS_OK;
}

/* [1,0,1]; NULL without rows: nobody said how many conditions there are */
static Status met_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Met *a = acc;
  int64_t i;
  (void)f; (void)stop;
  if( a->present==0 ) return STATUS_OK;
  r->kind = RESULT_TEXT;
  buffer_put_byte(&r->buffer, '[');
  for(i=0; i<a->conditions; i++){
    if( i ) buffer_put_byte(&r->buffer, ',');
    buffer_put_byte(&r->buffer, a->rows[0] && a->rows[i] ? '1' : '0');
  }
  buffer_put_byte(&r->buffer, ']');
  return r->buffer.failed ? STATUS_NOMEM : STATUS_OK;
}

const Metric METRIC_RETENTION = {
  .id = "retention", .version = 1, .size = sizeof(Met), .sliding = 1,
  .init = met_init, .absorb = met_absorb, .encode = met_encode, .fold = met_fold,
  .result = met_result
};
