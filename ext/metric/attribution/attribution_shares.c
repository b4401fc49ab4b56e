/* attribution: the models that share a conversion out among the touches of its path.
**
** All paths of a customer at once, in time linear in touches and conversions.  The paths of
** successive conversions begin and end ever later, so a touch is credited by a span of
** successive conversions whose ends only move on too.  The sum over such a span is made of a
** sum back from a pivot and one on from it, never by taking away what has left: so it has the
** 106 bits of its own terms, whatever stood before. */
#include "base/number/widesum.h"
#include "metric/attribution/attribution.h"

#define ASK_EVERY 8192

/* part / whole.  The parts of a whole must add up to 1 in all 106 bits: they share out INTEGER
** money of up to 19 digits. */
Money credit_part(double part, Money whole){
  Money q, p;
  q.hi = part / whole.hi;
  p = exact_product(q.hi, whole.hi);
  q.lo = ((part - p.hi) - p.lo - q.hi*whole.lo) / whole.hi;
  return q;
}

Money credit_ratio(double a, double b){
  Money whole = { b, 0 };
  return credit_part(a, whole);
}

Money credit_product(Money a, Money b){
  Money p = exact_product(a.hi, b.hi);
  p.lo += a.hi*b.lo + a.lo*b.hi;
  return money_two_sum(p.hi, p.lo);
}

void credit_add(Credit *c, Money part, Money revenue){
  money_add(&c->conversions, part);
  money_add(&c->revenue, credit_product(revenue, part));
}

/* Room for the touches and paths of one customer.  Its blocks serve the next one again. */
static Status shares_reserve(Shares *s, size_t touches, size_t paths){
  Status rc = memory_grow((void**)&s->weight, &s->weightCapacity, touches, sizeof *s->weight);
  if( rc==STATUS_OK ) rc = memory_grow((void**)&s->sum, &s->sumCapacity, touches, sizeof *s->sum);
  if( rc==STATUS_OK ) rc = memory_grow((void**)&s->slice, &s->sliceCapacity, paths, sizeof *s->slice);
  return rc;
}

void shares_destroy(Shares *s){
  memory_free(s->weight);
  memory_free(s->sum);
  memory_free(s->slice);
}

static int share_asked(size_t i, const Stop *stop){ return (i + 1)%ASK_EVERY==0 && stop_asked(stop); }

static Money share_money(double v){
  Money m = { v, 0 };
  return m;
}

/* m / 2^n, n >= 0 */
static Money share_halved(Money m, uint64_t n){
  if( n > 0 ){
    int by = n < 4000 ? (int)n : 4000;
    m.hi = ldexp(m.hi, -by);
    m.lo = ldexp(m.lo, -by);
  }
  return m;
}

/* ---- weights of touches: 2^(time / half life) ---- */

/* As factor * 2^exponent with 1 <= factor < 2, so that the ratio of two weights is to the bit
** the same in whatever path, and none is too large or too small. */
static Status share_weigh(Shares *s, const Touch *touch, size_t n, int64_t halfLife, const Stop *stop){
  size_t i;
  for(i=0; i<n; i++){
    uint64_t age = (uint64_t)touch[i].time - (uint64_t)touch[0].time, life = (uint64_t)halfLife;
    s->weight[i].exponent = age / life;
    s->weight[i].factor = exp2((double)(age % life) / (double)life);
    if( share_asked(i, stop) ) return STATUS_INTERRUPTED;
  }
  return STATUS_OK;
}

/* The sum of the weights of each path, in units of 2^exponent of its last touch, becomes the
** number that the path's slice is to be divided by. */
static Status share_sum_weights(Shares *s, const Path *path, size_t paths, const Stop *stop){
  const TouchWeight *w = s->weight;
  size_t k, i, pivot = 0, done = 0;
  Money on = { 0, 0 };         /* of pivot ... done - 1, in units of the last of them */
  for(k=0; k<paths; k++){
    size_t from = path[k].from, until = path[k].until;
    Money all;
    if( share_asked(k, stop) ) return STATUS_INTERRUPTED;
    if( from==until ) continue;
    if( from >= pivot ){       /* the sums back from a new pivot */
      pivot = done = until;
      s->sum[until-1] = share_money(w[until-1].factor);
      for(i=until-1; i>from; i--){
        if( share_asked(i, stop) ) return STATUS_INTERRUPTED;
        s->sum[i-1] = share_halved(share_money(w[i-1].factor), w[until-1].exponent - w[i-1].exponent);
        money_add(&s->sum[i-1], s->sum[i]);
      }
      on = share_money(0);
    }
    for(; done<until; done++){
      if( share_asked(done, stop) ) return STATUS_INTERRUPTED;
      on = share_halved(on, w[done].exponent - w[done-1].exponent);
      money_add_real(&on, w[done].factor);
    }
    all = share_halved(s->sum[from], w[until-1].exponent - w[pivot-1].exponent);
    money_add(&all, on);
    s->slice[k].whole = all;
  }
  return STATUS_OK;
}

/* ---- slices of conversions ---- */

/* What one unit of weight gets of path k: 1 / n, 1 / sum of weights, 1 / 5 (n - 2). */
static Status share_cut(Credits *c, const Path *path, size_t paths, const Stop *stop){
  Shares *s = &c->shares;
  size_t k;
  for(k=0; k<paths; k++){
    PathSlice *slice = &s->slice[k];
    double n = (double)(path[k].until - path[k].from);
    Money part = { 0, 0 };
    slice->exponent = 0;
    if( c->model==MODEL_TIME_DECAY && n > 0 ){
      part = credit_part(1, slice->whole);
      slice->exponent = s->weight[path[k].until-1].exponent;
    }else if( c->model==MODEL_LINEAR && n > 0 ){
      part = credit_ratio(1, n);
    }else if( c->model==MODEL_POSITION && n > 2 ){
      part = credit_ratio(1, 5*(n - 2));
    }
    slice->part = part;
    slice->revenue = credit_product(path[k].revenue, part);
    if( k && slice->exponent==0 ) slice->exponent = s->slice[k-1].exponent;
    if( share_asked(k, stop) ) return STATUS_INTERRUPTED;
  }
  return STATUS_OK;
}

/* b joins a, which is in units of an earlier exponent. */
static void share_join(PathSlice *a, const PathSlice *b){
  money_add(&a->part, share_halved(b->part, b->exponent - a->exponent));
  money_add(&a->revenue, share_halved(b->revenue, b->exponent - a->exponent));
}

static void share_earn(Credit *credit, const PathSlice *all, double factor){
  if( factor==1 ){
    money_add(&credit->conversions, all->part);
    money_add(&credit->revenue, all->revenue);
    return;
  }
  money_add(&credit->conversions, money_times(all->part, factor));
  money_add(&credit->revenue, money_times(all->revenue, factor));
}

/* Each touch is credited with the slices of the paths first ... last - 1 that it stands in;
** `inner`: not as their first or last one. */
static Status share_hand_out(Credits *c, const Touch *touch, size_t touches, const Path *path, size_t paths, const Stop *stop){
  Shares *s = &c->shares;
  int inner = c->model==MODEL_POSITION;
  size_t i, k, first = 0, last = 0, pivot = 0, done = 0;
  PathSlice on, all;           /* on: of pivot ... done - 1, in units of the first of them */
  memset(&on, 0, sizeof on);
  for(i=0; i<touches; i++){
    double factor = c->model==MODEL_TIME_DECAY ? s->weight[i].factor : 1;
    if( share_asked(i, stop) ) return STATUS_INTERRUPTED;
    while( first<paths && path[first].until <= i + (size_t)inner ) first++;
    while( last<paths && path[last].from + (size_t)inner <= i ) last++;
    if( first >= last ) continue;
    if( first >= pivot ){      /* slices become sums back from a new pivot */
      pivot = done = last;
      for(k=last-1; k>first; k--){
        if( share_asked(k, stop) ) return STATUS_INTERRUPTED;
        share_join(&s->slice[k-1], &s->slice[k]);
      }
      memset(&on, 0, sizeof on);
    }
    for(; done<last; done++){
      if( share_asked(done, stop) ) return STATUS_INTERRUPTED;
      if( done==pivot ) on.exponent = s->slice[done].exponent;
      share_join(&on, &s->slice[done]);
    }
    all = s->slice[first];
    if( done > pivot ) share_join(&all, &on);
    if( c->model==MODEL_TIME_DECAY ){
      uint64_t later = all.exponent - s->weight[i].exponent;
      all.part = share_halved(all.part, later);
      all.revenue = share_halved(all.revenue, later);
    }
    share_earn(&c->channel[touch[i].channel], &all, factor);
  }
  return STATUS_OK;
}

/* 40 % to the first and the last touch, half where there are but two. */
static Status share_ends(Credits *c, const Touch *touch, const Path *path, size_t paths, const Stop *stop){
  size_t k;
  for(k=0; k<paths; k++){
    size_t n = path[k].until - path[k].from;
    Money end = n==1 ? credit_ratio(1, 1) : n==2 ? credit_ratio(1, 2) : credit_ratio(2, 5);
    if( share_asked(k, stop) ) return STATUS_INTERRUPTED;
    if( n==0 ) continue;
    credit_add(&c->channel[touch[path[k].from].channel], end, path[k].revenue);
    if( n > 1 ) credit_add(&c->channel[touch[path[k].until-1].channel], end, path[k].revenue);
  }
  return STATUS_OK;
}

Status shares_paths(Credits *c, const Touch *touch, size_t touches, const Path *path, size_t paths, const Stop *stop){
  Status rc = shares_reserve(&c->shares, touches, paths);
  if( rc==STATUS_OK && c->model==MODEL_TIME_DECAY ) rc = share_weigh(&c->shares, touch, touches, c->halfLife, stop);
  if( rc==STATUS_OK && c->model==MODEL_TIME_DECAY ) rc = share_sum_weights(&c->shares, path, paths, stop);
  if( rc==STATUS_OK && c->model==MODEL_POSITION ) rc = share_ends(c, touch, path, paths, stop);
  if( rc==STATUS_OK ) rc = share_cut(c, path, paths, stop);
  if( rc==STATUS_OK ) rc = share_hand_out(c, touch, touches, path, paths, stop);
  return rc;
}
