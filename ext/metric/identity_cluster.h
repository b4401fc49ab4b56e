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
** Time O(rows x inverse Ackermann), no recursion.  Memory at the peak: key maps (8 bytes per
** record and per id, plus slots and key bytes), 12 bytes per row while ids are grouped, then
** 8 per row, 28 per record and 4 per id (12 per record when via_* is not asked for).
*/
#ifndef SIYU_IDENTITY_CLUSTER_H
#define SIYU_IDENTITY_CLUSTER_H

#include "table.h"

extern const TableMetric METRIC_IDENTITY_CLUSTER;

#endif
