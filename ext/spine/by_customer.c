/* The rows of one customer at a time: see by_customer.h. */
#include "spine/by_customer.h"

Status by_customer_compare(ByCustomer *h, const Batch *b, const Column *keys, int row, int *isNew){
  Key key = key_of_cell(b, keys, row);
  int order = h->any ? key_compare(&h->key, &key) : -1;
  *isNew = order < 0;
  if( order >= 0 ) return order==0 ? STATUS_OK : STATUS_UNORDERED;
  h->any = 1;
  h->key = key;
  if( key.type==CELL_INTEGER ) return STATUS_OK;
  h->bytes.size = 0;
  buffer_put(&h->bytes, key.bytes, key.size);
  h->key.bytes = (const char*)h->bytes.data;
  return h->bytes.failed ? STATUS_NOMEM : STATUS_OK;
}

void by_group_destroy(ByGroup *g){
  memory_free(g->place);
  memory_free(g->start);
  memset(g, 0, sizeof *g);
}
