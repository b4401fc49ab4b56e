/*
** How far one customer came through the steps of a funnel.
**
** 1. A chain of depth k is k different rows r1 ... rk; row ri meets condition i; the
**    rows can be put in the order r1 ... rk without contradicting their times (the next
**    match is in a later row or in a row of the same time); and the last is at or
**    before `time of r1 + window`.  The depth of a funnel is that of its deepest chain,
**    0 when no row meets condition 1.  Every start and every chain is considered.
** 2. Rows of one time have no order of their own.  A chain may take them in any order,
**    and a row that it does not take stands wherever that helps the chain.  So the
**    answer never depends on the order of the input, and several tied rows are a
**    matching of rows to steps: {A,B} and {A} at one time give A -> B.
** 3. Modes.  A row that the chain takes itself never stands in its own way.
**    'default'          rule 1
**    'strict_increase'  each match is strictly later than the one before
**    'strict_dedup'     between match i and match i+1 there is no row that meets any of
**                       the conditions 1 ... i
**    'strict_order'     between match i and match i+1 there is no row at all: neither of
**                       an earlier step nor of any other, nor one that meets no condition
**    'clickhouse'       what windowFunnel(window) of that engine gives: rows of one time
**                       are taken in the order of the steps and one row may serve
**                       several steps
**    'any_order'        the steps in any order: the most steps that different rows serve
**                       within the window of a row that meets any of them
**    With rule 2, a row tied with matches stands between two of them only if the chain
**    has a match before that time and a match after it; then every such row must be
**    taken by the chain (strict_order), or be taken or meet none of the conditions
**    matched before that time (strict_dedup).
**    A bar between step i and step i+1 (rule->bars[i]) ends the chains that have a row with
**    it strictly between the times of these two matches; not in any_order.
**    matureBy: only chains whose window ends by then count (INT64_MAX: all).
**    windows > 0: in place of `window` each step has its own: match i+1 is at or before the time of
**    match i + stepWindow[i], i = 1 ... steps-1; not in any_order.  The window of an entry is then
**    all of them one after the other.
** 4. Rows without any condition or bar matter in strict_order only; in the other modes the
**    caller may leave them out.
** 5. The winning chain: the deepest; of these the one with the earliest first match; of
**    these the one whose list of times is smallest, compared from left to right.
**
** Time: O(rows * steps) when times are distinct, O(rows * steps^2) at worst (few tied
** rows keep near the first).  Memory: constant, nothing is allocated, but for the times of a chain
** with windows of its steps 8 bytes a row.
*/
#ifndef SIYU_FUNNEL_H
#define SIYU_FUNNEL_H

#include "metric/path/event_list.h"

#define FUNNEL_STEPS 32

typedef enum FunnelMode {
  FUNNEL_DEFAULT,
  FUNNEL_STRICT_INCREASE,
  FUNNEL_STRICT_DEDUP,
  FUNNEL_STRICT_ORDER,
  FUNNEL_CLICKHOUSE,
  FUNNEL_ANY_ORDER
} FunnelMode;

/* steps: 1 ... FUNNEL_STEPS.  A window in months is counted in UTC. */
typedef struct FunnelRule {
  Duration window;
  int steps;
  FunnelMode mode;
  Instant matureBy;            /* INT64_MAX: all entries count */
  uint32_t bars[FUNNEL_STEPS+1];   /* [i]: bits of a row's mask beyond the steps; [0] is 0 */
  int windows;                 /* steps - 1, or 0: `window` holds */
  Duration stepWindow[FUNNEL_STEPS+1];     /* [i]: from match i to the next one; [0] is not used */
} FunnelRule;

/* 'default', 'strict_increase', ... in any case, and 'strict_once', which is what others call
** the default; 1 when it is a mode. */
int funnel_mode_from_text(const char *text, int n, FunnelMode *mode);
const char *funnel_mode_name(FunnelMode mode);
/* Of another engine's mode the nearest one here, or NULL. */
const char *funnel_mode_nearest(const char *text, int n);

/* rows: sorted by time (event_list_sort).  *depth becomes 0 ... steps.
** STATUS_INTERRUPTED when stop asks for it; *depth is then undefined. */
Status funnel_depth(const FunnelRule *rule, const Event *rows, size_t count,
                    const Stop *stop, int *depth);

/* Also the times of the winning chain, times[0] ... times[*depth-1]. */
Status funnel_times(const FunnelRule *rule, const Event *rows, size_t count,
                    const Stop *stop, int *depth, Instant times[FUNNEL_STEPS]);

#endif
