/*
** Scores 1 ... bins by rank, bins the best, as RFM gives them.
**   share   equal values share a score: score = 1 + floor(bins * w / n), w of the n customers
**           being strictly worse
**   ntile   SQL's ntile(bins) over (value, key) ascending: groups of equal size, ties by key
** Either way a score is decided by bins - 1 cut values.  Values are words that follow their order,
** counted into buckets; only what falls into the bucket of a cut is looked at closely, by selection.
** Nothing is sorted.
** Memory while it runs: 8 bytes per customer and at most 512 KB, and 24 for each customer
** whose value is near a cut and not the only one in its bucket.
*/
#ifndef SIYU_SCORES_H
#define SIYU_SCORES_H

#include "spine/accumulator.h"

#define BINS_MAX 100

/* ---- words: unsigned, in the order of the values ---- */

/* Worse than every customer with a value; no value has this word. */
#define SCORE_WORST UINT64_C(0)

static inline uint64_t score_word_of_integer(int64_t v){ return (uint64_t)v ^ UINT64_C(1) << 63; }        /* v > INT64_MIN */

/* 0.0 and -0.0 are one. */
static inline uint64_t score_word_of_real(double v){
  uint64_t w;
  v += 0.0;
  memcpy(&w, &v, sizeof w);
  return w ^ ((uint64_t)-(int64_t)(w >> 63) | UINT64_C(1) << 63);
}

/* Of a whole number the exponents below 1 are left out: buckets are finer. */
static inline uint64_t score_word_of_whole(double v){
  uint64_t w, none = (UINT64_C(1023) << 52) - 1, size;
  memcpy(&w, &v, sizeof w);
  size = w & ~(UINT64_C(1) << 63);
  size = size > none ? size - none : 0;
  return w >> 63 ? (UINT64_C(1) << 62) - size : (UINT64_C(1) << 62) + size;
}

typedef struct Scoring {
  uint32_t n;                          /* customers 0 ... n - 1, by id in the map of their keys */
  int bins, ntile;
  const KeyMap *keys;                  /* for ntile */
  /* Writes the words of customers id ... id + count - 1; *rounded = 1: one of them is not all of its
  ** value, and `rest` tells values of one word apart.  STATUS_OVERFLOW: a value is not finite. */
  Status (*words)(const void *arg, uint32_t id, uint32_t count, uint64_t *word, int *rounded);
  double (*rest)(const void *arg, uint32_t id);
  const void *arg;
  uint8_t *score;                      /* out: that of customer id in score[id * stride] */
  size_t stride;
} Scoring;

/* What `words` answers, STATUS_NOMEM, STATUS_INTERRUPTED. */
Status scores_find(const Scoring *s, const Stop *stop);

/* ---- scores by fixed limits, and against the mean: score_limits.c ---- */

#define LIMITS_MAX (BINS_MAX - 1)

/* r_limits = '30,90,180': n limits make n + 1 scores. */
typedef struct ScoreLimits { int n; double limit[LIMITS_MAX]; } ScoreLimits;

/* STATUS_INVALID: not numbers in ascending order; `name` is the input's. */
Status score_limits_read(ScoreLimits *l, const char *name, const Parameter *p, Failure *f);

/* 1 + the limits that the value reaches; for days of silence, where less is better, those it keeps. */
int score_by_limits(const ScoreLimits *l, Money value, int lessIsBetter);

/* The mean of what SQL's avg() would be given. */
typedef struct ScoreMean { Money sum; int64_t count; } ScoreMean;
/* 2 when not worse than the mean, else 1. */
int score_by_mean(const ScoreMean *m, Money value, int lessIsBetter);

#endif
