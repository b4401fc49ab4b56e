/*
** attribution: which channels earned the conversions.
**
** 1. A conversion is a row of the second source with an amount >= 0 or NULL; rows of one
**    customer with the same conversion_id are one conversion at the earliest of their times,
**    their amounts added up.  A refund (negative amount) without such a row is money only:
**    it goes to '(none)'.
** 2. The path of a conversion: the customer's touches with time <= conversion <= time + window
**    (no window: all before), in order of time, tied ones in order of the channel's key.  A
**    touch may stand in the paths of several conversions.
** 3. Credits of one path, which add up to 1:
**      first, last   the first touch, the last touch
**      linear        1/n each
**      time_decay    proportional to 2^(-(conversion - touch) / half_life)
**      position      40 % first, 40 % last, 20 % shared by those between (2 touches: half each)
**      shapley       1/k to each of the k distinct channels of the path
**    Shapley: the worth of a set S of channels is that of the conversions whose channels all
**    lie in S.  That game is a sum of unanimity games, whose Shapley value is the equal
**    split, so this is the exact value of the sum over all 2^n sets.  Source: Shapley 1953;
**    Zhao, Mahboobi, Bagheri 2018.  At most 12 channels.
** 4. markov: paths and null paths (a customer's touches after the last conversion, or all
**    without one) make a chain start -> channels -> conversion | null, with the frequencies
**    of the steps as probabilities.  The removal effect of a channel is the share of P(conversion)
**    that is lost when it leads to null; credits are proportional to removal effects.  Solved
**    exactly: with N = (1 - Q)^-1, p = N c and e = start N, what is lost is e_i p_i / N_ii (the
**    chance ever to visit i, times the chance to convert from there).  Source: Anderl et al.
**    2016; Kemeny, Snell 1960.  At most 1000 channels.
** 5. '(none)': conversions without a path.  All rows add up to all conversions and all
**    money: INTEGER money is split to whole units by largest remainders (ties: the smaller
**    channel), so that the sum is exact.
** 6. share = part of all revenue; of all conversions where there is no amount column.
**
** Time: that of sorting, then linear in touches and conversions, however many one customer has.
** Memory: 16 bytes per touch, 40 per conversion row, twice while one of them is sorted; a key map
** of customers; for the customer with the most of them 32 bytes per touch and 96 per conversion;
** markov 16 bytes per pair of channels.
*/
#ifndef SIYU_ATTRIBUTION_H
#define SIYU_ATTRIBUTION_H

#include "spine/table_accumulator.h"

extern const TableMetric METRIC_ATTRIBUTION;

/* ---- between attribution.c and attribution_models.c ---- */

typedef enum Model {           /* in the order of their names there */
  MODEL_FIRST, MODEL_LAST, MODEL_LINEAR, MODEL_TIME_DECAY, MODEL_POSITION, MODEL_MARKOV, MODEL_SHAPLEY
} Model;

#define SHAPLEY_CHANNELS 12
#define MARKOV_CHANNELS 1000

/* channel: number in order of the channels' keys */
typedef struct Touch { Instant time; uint32_t customer, channel; } Touch;

/* What a channel, or '(none)', is credited with. */
typedef struct Credit {
  Money conversions, revenue;
  int64_t units;               /* revenue in whole units, when that is INTEGER */
  double remainder;            /* of the revenue, in 2^-30 units */
} Credit;

/* A conversion and its touches, of those of its customer: from ... until - 1.  Over the
** conversions of a customer neither end ever goes back. */
typedef struct Path { size_t from, until; Money revenue; } Path;

typedef struct Chain Chain;    /* of the markov model */

/* 2^(time / half life) of a touch */
typedef struct TouchWeight { double factor; uint64_t exponent; } TouchWeight;
/* What a path, later a span of paths, gives to one unit of weight, in units of 2^-exponent. */
typedef struct PathSlice { Money part, revenue, whole; uint64_t exponent; } PathSlice;
/* Work space for one customer. */
typedef struct Shares {
  TouchWeight *weight;
  Money *sum;
  PathSlice *slice;
  size_t weightCapacity, sumCapacity, sliceCapacity;
} Shares;

typedef struct Credits {
  Model model;
  int64_t halfLife;            /* microseconds */
  uint32_t channels;
  Credit *channel;
  Credit none;
  Credit attributed;           /* sum of all channels */
  Chain *chain;
  Shares shares;
} Credits;

/* 'first', 'last', ...; 1 when it is a model. */
int model_from_text(const char *text, int n, Model *model);
Status credits_init(Credits *c, uint32_t channels, Failure *f);
void credits_destroy(Credits *c);
/* A customer's touches and all conversions, both in order of time. */
Status credits_customer(Credits *c, const Touch *touch, size_t touches, const Path *path, size_t paths, const Stop *stop);
/* All paths are in; isInteger: revenue is split to whole units. */
Status credits_finish(Credits *c, int isInteger, Failure *f, const Stop *stop);


/* ---- between attribution_models.c and attribution_shares.c ---- */

/* part / whole, a / b and a * b to 106 bits */
Money credit_part(double part, Money whole);
Money credit_ratio(double a, double b);
Money credit_product(Money a, Money b);
/* This part of one conversion and of its revenue. */
void credit_add(Credit *c, Money part, Money revenue);

/* linear, time_decay and position: splits the paths of one customer among its touches. */
Status shares_paths(Credits *c, const Touch *touch, size_t touches, const Path *path, size_t paths, const Stop *stop);
void shares_destroy(Shares *s);

#endif
