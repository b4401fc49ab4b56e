/* The models of attribution: see attribution.h. */
#include "base/sort.h"
#include "metric/attribution/attribution.h"

#define ASK_EVERY 16384

static int model_asked(size_t i, const Stop *stop){ return (i + 1)%ASK_EVERY==0 && stop_asked(stop); }

/* ---- markov: the chain ---- */

/* step[from][to]: how often; from = channels is the start; to = channels is the conversion,
** channels + 1 is null. */
struct Chain { uint32_t n; double *step; double *inverse; double *p, *visits; };

static double *step_at(Chain *k, uint32_t from, uint32_t to){
  return &k->step[(size_t)from*(k->n + 2) + to];
}

static void chain_destroy(Chain *k){
  if( k==0 ) return;
  memory_free(k->step);
  memory_free(k->inverse);
  memory_free(k->p);
  memory_free(k->visits);
  memory_free(k);
}

static Chain *chain_new(uint32_t n){
  Chain *k = memory_zeroed(sizeof *k);
  size_t size = n;
  if( k==0 ) return 0;
  k->n = n;
  k->step = memory_zeroed((size + 1)*(size + 2)*sizeof(double));
  k->inverse = memory_zeroed((size*size + 1)*sizeof(double));
  k->p = memory_zeroed((size + 1)*sizeof(double));
  k->visits = memory_zeroed((size + 1)*sizeof(double));
  if( k->step && k->inverse && k->p && k->visits ) return k;
  chain_destroy(k);
  return 0;
}

/* Every step of every path.  A step from one touch to the next stands in all paths that hold
** both, which are successive ones. */
static Status chain_paths(Chain *k, const Touch *touch, size_t touches, const Path *path, size_t paths, const Stop *stop){
  size_t i, p, first = 0, last = 0;
  for(p=0; p<paths; p++){
    if( model_asked(p, stop) ) return STATUS_INTERRUPTED;
    if( path[p].from==path[p].until ) continue;
    *step_at(k, k->n, touch[path[p].from].channel) += 1;
    *step_at(k, touch[path[p].until-1].channel, k->n) += 1;
  }
  for(i=0; i + 1<touches; i++){
    if( model_asked(i, stop) ) return STATUS_INTERRUPTED;
    while( first<paths && path[first].until < i + 2 ) first++;
    while( last<paths && path[last].from <= i ) last++;
    if( last > first ) *step_at(k, touch[i].channel, touch[i+1].channel) += (double)(last - first);
  }
  return STATUS_OK;
}

/* The touches after the last conversion lead nowhere. */
static Status chain_null_path(Chain *k, const Touch *touch, size_t n, const Stop *stop){
  uint32_t from = k->n;
  size_t i;
  for(i=0; i<n; i++){
    if( model_asked(i, stop) ) return STATUS_INTERRUPTED;
    *step_at(k, from, touch[i].channel) += 1;
    from = touch[i].channel;
  }
  if( n ) *step_at(k, from, k->n + 1) += 1;
  return STATUS_OK;
}

/* Counts of a row become probabilities. */
static void normalise(Chain *k, uint32_t from){
  double sum = 0;
  uint32_t to;
  for(to=0; to<k->n + 2; to++) sum += *step_at(k, from, to);
  for(to=0; sum > 0 && to<k->n + 2; to++) *step_at(k, from, to) /= sum;
}

/* N = (1 - Q)^-1 by Gauss and Jordan in place.  1 - Q is a diagonally dominant M-matrix (each
** channel leads to an end), for which elimination without pivoting is stable. */
static Status invert(Chain *k, const Stop *stop){
  uint32_t n = k->n, i, j, at;
  double *m = k->inverse;
  for(i=0; i<n; i++) for(j=0; j<n; j++) m[(size_t)i*n + j] = (i==j) - *step_at(k, i, j);
  for(at=0; at<n; at++){
    double *row = m + (size_t)at*n, pivot = 1/row[at];
    if( stop_asked(stop) ) return STATUS_INTERRUPTED;
    row[at] = 1;
    for(j=0; j<n; j++) row[j] *= pivot;
    for(i=0; i<n; i++){
      double *other = m + (size_t)i*n, factor = other[at];
      if( i==at || factor==0 ) continue;
      other[at] = 0;
      for(j=0; j<n; j++) other[j] -= factor*row[j];
    }
  }
  return STATUS_OK;
}

/* p becomes what is lost of P(conversion) when the channel is removed. */
static Status removal_effects(Chain *k, const Stop *stop){
  uint32_t n = k->n, i, j;
  Status rc;
  for(i=0; i<=n; i++) normalise(k, i);
  rc = invert(k, stop);
  if( rc!=STATUS_OK ) return rc;
  for(i=0; i<n; i++){
    for(j=0; j<n; j++){
      double v = k->inverse[(size_t)i*n + j];
      k->p[i] += v * *step_at(k, j, n);
      k->visits[j] += v * *step_at(k, n, i);
    }
  }
  for(i=0; i<n; i++) k->p[i] *= k->visits[i] / k->inverse[(size_t)i*n + i];
  return STATUS_OK;
}

/* Splits all that was attributed by removal effects. */
static Status markov_split(Credits *c, const Stop *stop){
  Chain *k = c->chain;
  Money sum = { 0, 0 };
  uint32_t i;
  Status rc = removal_effects(k, stop);
  for(i=0; i<k->n; i++) money_add_real(&sum, k->p[i]);
  for(i=0; rc==STATUS_OK && sum.hi > 0 && i<k->n; i++){
    Money part = credit_part(k->p[i], sum);
    c->channel[i].conversions = credit_product(c->attributed.conversions, part);
    c->channel[i].revenue = credit_product(c->attributed.revenue, part);
  }
  return rc;
}

/* ---- shapley, first and last ---- */

/* How often each channel stands in the path at hand is kept as its ends move on. */
static Status shapley_paths(Credits *c, const Touch *touch, const Path *path, size_t paths, const Stop *stop){
  size_t often[SHAPLEY_CHANNELS] = { 0 }, p, from = 0, until = 0;
  uint32_t channel;
  for(p=0; p<paths; p++){
    int members = 0;
    if( model_asked(p, stop) ) return STATUS_INTERRUPTED;
    for(; until<path[p].until; until++){
      if( model_asked(until, stop) ) return STATUS_INTERRUPTED;
      often[touch[until].channel]++;
    }
    for(; from<path[p].from; from++) often[touch[from].channel]--;
    for(channel=0; channel<c->channels; channel++) members += often[channel] > 0;
    for(channel=0; channel<c->channels; channel++){
      if( often[channel] ) credit_add(&c->channel[channel], credit_ratio(1, members), path[p].revenue);
    }
  }
  return STATUS_OK;
}

static Status one_touch_paths(Credits *c, const Touch *touch, const Path *path, size_t paths, const Stop *stop){
  static const Money ONE = { 1, 0 };
  size_t p;
  for(p=0; p<paths; p++){
    size_t at = c->model==MODEL_FIRST ? path[p].from : path[p].until - 1;
    if( model_asked(p, stop) ) return STATUS_INTERRUPTED;
    if( path[p].from < path[p].until ) credit_add(&c->channel[touch[at].channel], ONE, path[p].revenue);
  }
  return STATUS_OK;
}

/* ---- interface ---- */

int model_from_text(const char *text, int n, Model *model){
  static const char *const NAME[] = {      /* in the order of Model */
    "first", "last", "linear", "time_decay", "position", "markov", "shapley"
  };
  int i;
  for(i=0; i<(int)(sizeof NAME/sizeof NAME[0]); i++){
    if( (size_t)n==strlen(NAME[i]) && memcmp(text, NAME[i], (size_t)n)==0 ){
      *model = (Model)i;
      return 1;
    }
  }
  return 0;
}

Status credits_init(Credits *c, uint32_t channels, Failure *f){
  uint32_t most = c->model==MODEL_SHAPLEY ? SHAPLEY_CHANNELS : c->model==MODEL_MARKOV ? MARKOV_CHANNELS : UINT32_MAX;
  if( channels > most ){
    failure_set(f, "the touches have %u channels; model '%s' takes at most %u: group channels, or use another model",
                channels, c->model==MODEL_SHAPLEY ? "shapley" : "markov", most);
    return STATUS_INVALID;
  }
  c->channels = channels;
  c->channel = memory_zeroed(((size_t)channels + 1)*sizeof *c->channel);
  if( c->channel==0 ) return STATUS_NOMEM;
  if( c->model==MODEL_MARKOV && (c->chain = chain_new(channels))==0 ) return STATUS_NOMEM;
  return STATUS_OK;
}

void credits_destroy(Credits *c){
  memory_free(c->channel);
  chain_destroy(c->chain);
  shares_destroy(&c->shares);
}

Status credits_customer(Credits *c, const Touch *touch, size_t touches, const Path *path, size_t paths, const Stop *stop){
  static const Money ONE = { 1, 0 };
  size_t p, until = paths ? path[paths-1].until : 0;
  Status rc = STATUS_OK;
  for(p=0; p<paths; p++){
    if( model_asked(p, stop) ) return STATUS_INTERRUPTED;
    credit_add(path[p].from < path[p].until ? &c->attributed : &c->none, ONE, path[p].revenue);
  }
  switch( c->model ){
    case MODEL_FIRST: case MODEL_LAST: return one_touch_paths(c, touch, path, paths, stop);
    case MODEL_LINEAR: case MODEL_TIME_DECAY: case MODEL_POSITION:
      return paths ? shares_paths(c, touch, until, path, paths, stop) : STATUS_OK;
    case MODEL_SHAPLEY: return shapley_paths(c, touch, path, paths, stop);
    case MODEL_MARKOV:
      rc = chain_paths(c->chain, touch, touches, path, paths, stop);
      return rc==STATUS_OK ? chain_null_path(c->chain, touch + until, touches - until, stop) : rc;
  }
  return rc;
}

/* Whole units below the revenue, and what is left of it: to 2^-30, so that equal remainders
** are equal in whatever order the paths were added up. */
static Status round_down(Credit *c){
  Money whole;
  double part;
  whole.hi = floor(c->revenue.hi);
  part = (c->revenue.hi - whole.hi) + c->revenue.lo;
  whole.lo = floor(part);
  c->remainder = floor((part - whole.lo)*1073741824.0 + 0.5);
  return money_integer(whole, &c->units) ? STATUS_OK : STATUS_OVERFLOW;
}

/* What all channels lack of the money attributed. */
static Status round_all_down(Credits *c, int64_t *missing){
  Money left = c->attributed.revenue;
  uint32_t i;
  for(i=0; i<c->channels; i++){
    Status rc = round_down(&c->channel[i]);
    if( rc!=STATUS_OK ) return rc;
    money_add_integer(&left, -(c->channel[i].units/2));
    money_add_integer(&left, -(c->channel[i].units - c->channel[i].units/2));
  }
  return money_integer(left, missing) ? STATUS_OK : STATUS_OVERFLOW;
}

typedef struct Place { double remainder; uint32_t channel; } Place;

/* The largest remainder first, tied the smaller channel. */
static int compare_places(const void *x, const void *y, const void *context){
  const Place *a = x, *b = y;
  (void)context;
  if( a->remainder!=b->remainder ) return a->remainder > b->remainder ? -1 : 1;
  return (a->channel > b->channel) - (a->channel < b->channel);
}

/* Gives units that are missing to the largest remainders, one each. */
static Status share_units(Credits *c, const Stop *stop){
  int64_t missing = 0;
  Place *place;
  uint32_t i;
  Status rc = round_all_down(c, &missing);
  if( rc!=STATUS_OK || missing <= 0 || c->channels==0 ) return rc;
  place = memory_alloc(c->channels*sizeof *place);
  if( place==0 ) return STATUS_NOMEM;
  for(i=0; i<c->channels; i++){
    place[i].remainder = c->channel[i].remainder;
    place[i].channel = i;
  }
  rc = sort_records(place, c->channels, sizeof *place, compare_places, 0, stop);
  for(i=0; rc==STATUS_OK && i<c->channels && i<missing; i++) c->channel[place[i].channel].units++;
  memory_free(place);
  return rc;
}

Status credits_finish(Credits *c, int isInteger, Failure *f, const Stop *stop){
  Status rc = c->model==MODEL_MARKOV ? markov_split(c, stop) : STATUS_OK;
  int64_t total;
  if( rc!=STATUS_OK ) return rc;
  if( !isfinite(c->attributed.revenue.hi) || !isfinite(c->none.revenue.hi) ) return STATUS_OVERFLOW;
  if( !isInteger ) return STATUS_OK;
  if( !money_integer(c->attributed.revenue, &total) || !money_integer(c->none.revenue, &c->none.units) ){
    failure_set(f, "integer overflow");
    return STATUS_OVERFLOW;
  }
  return share_units(c, stop);
}
