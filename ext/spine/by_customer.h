/*
** The rows of one customer at a time, wherever they come from.
**
**   a sorted stream   rows come grouped by customer: by_customer_turn() says where one ends
**   a log             rows come in any order and are kept until all are in: each row has its place in
**                     Pages (base/pages.h), and by_customer_group() puts the places in order
**   a ledger's chunk  whole customers as arrays: history.h
*/
#ifndef SIYU_BY_CUSTOMER_H
#define SIYU_BY_CUSTOMER_H

#include "spine/accumulator.h"

/* ---- a sorted stream: the customer at hand ---- */

/* All bytes zero: nobody yet. */
typedef struct ByCustomer {
  int any;                     /* there was one */
  Key key;
  Buffer bytes;                /* of a key that is no INTEGER: the batch's do not last */
} ByCustomer;

/* 1 where the row is of the customer at hand for sure, by a glance at INTEGER keys. */
static inline int by_customer_same(const ByCustomer *h, const Column *keys, int row){
  return h->any && h->key.type==CELL_INTEGER && keys->type[row]==CELL_INTEGER && keys->cell[row].i==h->key.integer;
}

/* Whether the row's customer is another one than that at hand, who has no more rows then.
** STATUS_UNORDERED: it should have come before. */
Status by_customer_compare(ByCustomer *h, const Batch *b, const Column *keys, int row, int *isNew);
static inline Status by_customer_turn(ByCustomer *h, const Batch *b, const Column *keys, int row, int *isNew){
  *isNew = 0;
  return by_customer_same(h, keys, row) ? STATUS_OK : by_customer_compare(h, b, keys, row, isNew);
}
static inline void by_customer_destroy(ByCustomer *h){ buffer_destroy(&h->bytes); }

/* ---- a log: places 0 ... rows - 1, each with the id of its customer ---- */

typedef struct ByGroup {
  uint32_t *place;             /* those of customer id: place[start[id]] ... place[start[id+1] - 1], in the order they came */
  uint32_t *start;
} ByGroup;

#define GROUP_ASKS 16384       /* rows between two questions whether to stop */

/* memberOf(log, i) is the id of place i's customer, below members: a counting sort, which asks whether
** to stop.  Room for 4 bytes per row and per customer.  start[id + 2] counts the places of id: start[id + 1] becomes where they begin, and placing them
** moves it to their end. */
static inline Status by_customer_group(ByGroup *out, const void *log, uint32_t rows, uint32_t members,
                                       uint32_t (*memberOf)(const void *log, uint32_t i), const Stop *stop){
  uint32_t i;
  size_t id;
  out->start = memory_zeroed(((size_t)members + 2) * sizeof *out->start);
  out->place = memory_alloc((size_t)rows * sizeof *out->place + 1);
  if( out->start==0 || out->place==0 ) return STATUS_NOMEM;
  for(i=0; i<rows; i++){
    if( i % GROUP_ASKS==GROUP_ASKS - 1 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    out->start[memberOf(log, i) + 2]++;
  }
  for(id=2; id<=members; id++) out->start[id] += out->start[id-1];
  for(i=0; i<rows; i++){
    if( i % GROUP_ASKS==GROUP_ASKS - 1 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    out->place[out->start[memberOf(log, i) + 1]++] = i;
  }
  return STATUS_OK;
}
void by_group_destroy(ByGroup *g);

#endif
