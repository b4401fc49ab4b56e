/* What the tables over customers share: see customers.h. */
#include "metric/customer/customers.h"

Status customers_money(Money v, int isReal, Result *r){
  int64_t whole;
  if( !isfinite(v.hi) || !isfinite(v.lo) ) return STATUS_OVERFLOW;
  if( isReal ){ result_real(r, money_real(v)); return STATUS_OK; }
  if( !money_integer(v, &whole) ) return STATUS_OVERFLOW;
  result_integer(r, whole);
  return STATUS_OK;
}

int customers_rows(const Batch *b, const Column *time, Instant asOf, uint8_t rows[BATCH_ROWS]){
  int i, n = 0;
  for(i=0; i<b->rows; i++){
    rows[n] = (uint8_t)i;
    n += time->type[i]!=CELL_NULL && time->cell[i].i <= asOf;
  }
  return n;
}

void last_seen(LastSeen *s, const Column *time, const uint8_t *rows, int n){
  int i;
  for(i=0; i<n; i++){
    Instant t = time->cell[rows[i]].i;
    if( !s->any || t > s->last ) s->last = t;
    s->any = 1;
  }
}
