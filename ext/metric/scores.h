/*
** Scores 1 ... bins by rank, bins the best, as RFM gives them.
**   share   equal values share a score: score = 1 + floor(bins * w / n), w of the n customers
**           being strictly worse
**   ntile   SQL's ntile(bins) over (value, key) ascending: groups of equal size, ties by key
** Either way a score is decided by bins - 1 cut values, found by selection, without a sort.
*/
#ifndef SIYU_SCORES_H
#define SIYU_SCORES_H

#include "metric.h"

#define BINS_MAX 100

/* A customer's value; keys by id in the map that the functions are given. */
typedef struct Ranked { Money value; uint32_t id; } Ranked;

typedef struct Scores {
  int ntile;
  int cuts;
  Ranked cut[BINS_MAX];        /* ascending */
} Scores;

/* Finds the cuts; reorders `all`.  STATUS_INTERRUPTED. */
Status scores_find(Scores *s, Ranked *all, size_t n, int bins, int ntile, const KeyMap *keys, const Poll *poll);
int64_t score_of(const Scores *s, const Ranked *r, const KeyMap *keys);

#endif
