/* Distinct orders: see distinct_orders.h. */
#include "metric/tally/distinct_orders.h"

void distinct_orders_init(DistinctOrders *d){
  keymap_init(&d->orders, sizeof(uint32_t));        /* id of the first customer + 1 */
  keymap_init(&d->pairs, sizeof(uint32_t));         /* 1: seen */
}

void distinct_orders_destroy(DistinctOrders *d){
  keymap_destroy(&d->orders);
  keymap_destroy(&d->pairs);
}

Status distinct_orders_see(DistinctOrders *d, const Batch *b, const Column *order, int i,
                           uint32_t customer, int *isNew, uint32_t *number){
  Key key = key_of_cell(b, order, i);
  uint32_t id, *mark;
  void *found;
  Status rc;
  d->orders.stop = d->pairs.stop = b->stop;
  rc = keymap_insert(&d->orders, &key, &found, &id);
  if( rc!=STATUS_OK ) return rc;
  if( number ) *number = id;
  mark = found;
  *isNew = *mark==0;
  if( *mark==0 ) *mark = customer + 1;
  if( *mark==customer + 1 ) return STATUS_OK;
  key.type = CELL_INTEGER;
  key.integer = (int64_t)((uint64_t)id << 32 | customer);
  rc = keymap_insert(&d->pairs, &key, &found, 0);
  if( rc!=STATUS_OK ) return rc;
  mark = found;
  *isNew = *mark==0;
  *mark = 1;
  return STATUS_OK;
}
