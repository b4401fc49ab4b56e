/*
** Orders of several rows, told apart per customer: (customer, order) pairs, the customer a
** dense id.  Most orders have one customer, so an order remembers its first; only an order
** number that several customers use (1, 2, 3 ... within each) costs a pair of its own.
** Memory: 24 to 36 bytes per order number, and as much per pair beyond the first.
*/
#ifndef SIYU_DISTINCT_ORDERS_H
#define SIYU_DISTINCT_ORDERS_H

#include "spine/accumulator.h"

typedef struct DistinctOrders { KeyMap orders, pairs; } DistinctOrders;

void distinct_orders_init(DistinctOrders *d);
void distinct_orders_destroy(DistinctOrders *d);
/* *isNew: the order in row i of the column, not NULL, has not been seen with this customer.  *number
** (may be NULL): the same for rows of the same order. */
Status distinct_orders_see(DistinctOrders *d, const Batch *b, const Column *order, int i,
                           uint32_t customer, int *isNew, uint32_t *number);

#endif
