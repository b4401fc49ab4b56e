/*
** referral_tree: the forest of who brought whom.
**
** 1. A node is a customer, or a referrer who is no customer himself (a shop assistant, a
**    code): he gets a row with is_customer = 0, since his team is real.
** 2. The referrer of a customer with several: the one in the earliest row (time_col; rows
**    without a time come last), tied or without time_col the smallest key.  `referrers`
**    counts the distinct ones, the customer himself included.
** 3. Each node thus points at no more than one other.  Where the way up ends at a node
**    without a referrer, that is its root, and depth the number of steps.  Where it ends in
**    a cycle there is no root: root and depth are NULL.  in_cycle = 1 for the nodes of the
**    cycle itself (a self-referral is a cycle of one), not for those who hang from it.
** 4. direct = nodes that point at it, other than itself; team = the others from whom the
**    way up passes it; so all members of a cycle have the same team but for themselves.
** 5. team_amount = money of the team, the node's own left out; 0 for no money.
**
** No recursion: leaves are peeled off towards their roots, what cannot be peeled are the
** cycles, and depths come in the opposite order.  Time O(rows + nodes).
** Memory: 32 bytes per node in the key map, 21 of results and, while leaves are peeled, 4 for their
** order; 32 more with money; 8 bytes per row whose referrer is not the customer's first.
*/
#ifndef SIYU_REFERRAL_TREE_H
#define SIYU_REFERRAL_TREE_H

#include "spine/table_accumulator.h"

extern const TableMetric METRIC_REFERRAL_TREE;

#endif
