/*
** Order statistics: a multiset of numbers from which values can be taken out again,
** and which knows its k-th value, so that a quantile, or the sum of the best k, of a
** window frame that moves costs O(log n) per row.
**
** A weight-balanced tree over the distinct values (Adams 1993; balance parameters 3 and
** 2 proven sound by Hirai and Yamamoto 2011), its nodes in one array: no randomness,
** depth at most 2.5 log2 n.  Every operation is O(log n) in the worst case.
** Memory: 40 bytes per distinct value, 72 with sums, the array growing by doubling.
**
** Values are Money: an integer below 2^104 or a real, compared exactly.  Sums are
** built up from the leaves, not by adding and subtracting, so that no error stays
** behind when rows leave.
*/
#ifndef SIYU_ORDER_STATISTICS_H
#define SIYU_ORDER_STATISTICS_H

#include "base/memory.h"
#include "base/number/money.h"
#include "base/number/quantile.h"

/* A zeroed one is empty, without sums, and owns nothing. */
typedef struct OrderStatistics {
  struct OrderNode *node;      /* [0] stands for "no child" */
  struct OrderSums *sums;      /* beside the nodes; NULL without sums */
  size_t nodeCapacity, sumCapacity;
  uint32_t used;               /* nodes ever handed out */
  uint32_t spare;              /* first of those given back, linked by left */
  uint32_t root;
  int summed;
} OrderStatistics;

void order_init(OrderStatistics *o, int summed);
void order_destroy(OrderStatistics *o);

/* One more of this value; STATUS_NOMEM, STATUS_OVERFLOW (2^32 of one value): unchanged. */
Status order_insert(OrderStatistics *o, Money value);
/* One fewer; 0 when there is none, and nothing is changed then. */
int order_erase(OrderStatistics *o, Money value);

/* How many values, equal ones counted. */
uint64_t order_count(const OrderStatistics *o);
/* The k-th smallest, k < order_count, the smallest being number 0. */
Money order_at(const OrderStatistics *o, uint64_t k);
/* How many equal `value`. */
uint32_t order_equal(const OrderStatistics *o, Money value);
/* The largest value below, the smallest value above; 0 when there is none. */
int order_below(const OrderStatistics *o, Money value, Money *out);
int order_above(const OrderStatistics *o, Money value, Money *out);

/* The q-quantile of a multiset that is not empty: see quantile.h. */
double order_quantile(const OrderStatistics *o, double q);

/* Only with sums: of all values; of the k largest; of rank * value, the smallest value
** having rank 1 and equal values consecutive ranks. */
Money order_sum(const OrderStatistics *o);
Money order_largest_sum(const OrderStatistics *o, uint64_t k);
Money order_ranked_sum(const OrderStatistics *o);

#endif
