/*
** identity_cluster: records that share an id value belong to one person.
**
** 1. An id is a pair (id_type, id_value); a NULL or blank in either links nothing, but the
**    record stays.  Two records that carry the same id are linked, and clusters are the
**    connected components: the fixpoint, not one round of joining.
** 2. An id that more than max_records distinct records carry links nothing (a family's
**    phone, a shop's test account); nor does one that the table `ignore` lists.
** 3. one_id is the smallest record of the cluster (INTEGER < TEXT < BLOB, then by value).
** 4. via_type, via_value: the link by which a record joins.  Let the distance of a record be
**    the least number of links to one_id.  via is the smallest id (by type, then value) that
**    the record shares with a record one nearer.  So the ids lead step by step to one_id,
**    and nothing depends on the order of the rows.  NULL for one_id itself.
**
** Time O(rows x inverse Ackermann), no recursion.  Memory: while reading 8 bytes per row and two
** key maps (20 to 32 bytes per record and per id; 13 per record when they are numbered 1, 2,
** 3 ...).  Then the maps' slots go: 8 + 28 per record (8 + 12 when via_* is not asked for), 13 per
** id, 8 per row that links.  Plus the bytes of TEXT and BLOB records and of the ids.
*/
#ifndef SIYU_IDENTITY_CLUSTER_H
#define SIYU_IDENTITY_CLUSTER_H

#include "table.h"

extern const TableMetric METRIC_IDENTITY_CLUSTER;

#endif
