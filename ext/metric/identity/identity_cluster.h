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
** Time O(rows x inverse Ackermann), no recursion.  Memory, besides the key bytes (those of TEXT
** and BLOB records and id values, 8 for an INTEGER):
**   reading    record: slots 12 to 15 (4 to 5 when numbered 1, 2, 3 ...), TEXT 9 more
**              id: slots 12 to 15, TEXT 10 more; 24 for an INTEGER that does not fit put_id's word
**              row that links: 1 to 9, mostly 2 to 5 (see link_log.h)
**   finishing  record: 16 (8 without via_*), TEXT 9; id: 4, TEXT 10; row that links: 8 (4 without
**              via_*); no slots any more
** A map that grows holds both of its tables for a moment: up to 18 more per key of it.
*/
#ifndef SIYU_IDENTITY_CLUSTER_H
#define SIYU_IDENTITY_CLUSTER_H

#include "spine/table_accumulator.h"

extern const TableMetric METRIC_IDENTITY_CLUSTER;

#endif
