/* The models of attribution: see attribution.h. */
#include "base/sort.h"
#include "base/number/widesum.h"
#include "metric/attribution/attribution.h"

/* ---- arithmetic on 106 bits ---- */

/* a / whole.  The parts of a whole must add up to 1 in all 106 bits: they share out INTEGER
** money of up to 19 digits. */
static Money part_of(double a, Money whole){
  Money q, p;
  q.hi = a / whole.hi;
  p = exact_product(q.hi, whole.hi);
  q.lo = ((a - p.hi) - p.lo - q.hi*whole.lo) / whole.hi;
  return q;
}

static Money ratio(double a, double b){
  Money whole = { b, 0 };
  return part_of(a, whole);
}

static Money product(Money a, Money b){
  Money p = exact_product(a.hi, b.hi);
  p.lo += a.hi*b.lo + a.lo*b.hi;
  return money_two_sum(p.hi, p.lo);
}

static void credit_add(Credit *c, Money part, Money revenue){
  money_add(&c->conversions, part);
  money_add(&c->revenue, product(revenue, part));
}

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

static void chain_path(Chain *k, const Touch *path, size_t n, uint32_t end){
  uint32_t from = k->n;
  size_t i;
  for(i=0; i<n; i++){
    *step_at(k, from, path[i].channel) += 1;
    from = path[i].channel;
  }
  *step_at(k, from, end) += 1;
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
static Status invert(Chain *k, const Poll *poll){
  uint32_t n = k->n, i, j, at;
  double *m = k->inverse;
  for(i=0; i<n; i++) for(j=0; j<n; j++) m[(size_t)i*n + j] = (i==j) - *step_at(k, i, j);
  for(at=0; at<n; at++){
    double *row = m + (size_t)at*n, pivot = 1/row[at];
    if( poll_stop(poll) ) return STATUS_INTERRUPTED;
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
static Status removal_effects(Chain *k, const Poll *poll){
  uint32_t n = k->n, i, j;
  Status rc;
  for(i=0; i<=n; i++) normalise(k, i);
  rc = invert(k, poll);
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
static Status markov_split(Credits *c, const Poll *poll){
  Chain *k = c->chain;
  Money sum = { 0, 0 };
  uint32_t i;
  Status rc = removal_effects(k, poll);
  for(i=0; i<k->n; i++) money_add_real(&sum, k->p[i]);
  for(i=0; rc==STATUS_OK && sum.hi > 0 && i<k->n; i++){
    Money part = part_of(k->p[i], sum);
    c->channel[i].conversions = product(c->attributed.conversions, part);
    c->channel[i].revenue = product(c->attributed.revenue, part);
  }
  return rc;
}

/* ---- models that split each path ---- */

static void split_linear(Credits *c, const Touch *path, size_t n, Money revenue){
  Money part = ratio(1, (double)n);
  size_t i;
  for(i=0; i<n; i++) credit_add(&c->channel[path[i].channel], part, revenue);
}

/* Weights are relative to the last touch, so that an old path does not vanish. */
static double decay(const Credits *c, const Touch *path, size_t n, size_t i){
  return exp2(-(double)(path[n-1].time - path[i].time) / c->halfLife);
}

static void split_time_decay(Credits *c, const Touch *path, size_t n, Money revenue){
  Money sum = { 0, 0 };
  size_t i;
  for(i=0; i<n; i++) money_add_real(&sum, decay(c, path, n, i));
  for(i=0; i<n; i++) credit_add(&c->channel[path[i].channel], part_of(decay(c, path, n, i), sum), revenue);
}

static void split_position(Credits *c, const Touch *path, size_t n, Money revenue){
  Money end = n==1 ? ratio(1, 1) : n==2 ? ratio(1, 2) : ratio(2, 5);
  size_t i;
  credit_add(&c->channel[path[0].channel], end, revenue);
  if( n==1 ) return;
  credit_add(&c->channel[path[n-1].channel], end, revenue);
  for(i=1; i<n-1; i++) credit_add(&c->channel[path[i].channel], ratio(1, 5*(double)(n - 2)), revenue);
}

static void split_shapley(Credits *c, const Touch *path, size_t n, Money revenue){
  uint32_t set = 0, channel;
  int members = 0;
  size_t i;
  for(i=0; i<n; i++) set |= UINT32_C(1) << path[i].channel;
  for(channel=0; channel<c->channels; channel++) members += set >> channel & 1;
  for(channel=0; channel<c->channels; channel++){
    if( set >> channel & 1 ) credit_add(&c->channel[channel], ratio(1, members), revenue);
  }
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
}

void credits_path(Credits *c, const Touch *path, size_t n, Money revenue){
  static const Money ONE = { 1, 0 };
  credit_add(n ? &c->attributed : &c->none, ONE, revenue);
  if( n==0 ) return;
  switch( c->model ){
    case MODEL_FIRST: credit_add(&c->channel[path[0].channel], ONE, revenue); break;
    case MODEL_LAST: credit_add(&c->channel[path[n-1].channel], ONE, revenue); break;
    case MODEL_LINEAR: split_linear(c, path, n, revenue); break;
    case MODEL_TIME_DECAY: split_time_decay(c, path, n, revenue); break;
    case MODEL_POSITION: split_position(c, path, n, revenue); break;
    case MODEL_MARKOV: chain_path(c->chain, path, n, c->channels); break;
    case MODEL_SHAPLEY: split_shapley(c, path, n, revenue); break;
  }
}

void credits_null_path(Credits *c, const Touch *path, size_t n){
  if( n && c->chain ) chain_path(c->chain, path, n, c->channels + 1);
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
static int compare_places(const void *x, const void *y){
  const Place *a = x, *b = y;
  if( a->remainder!=b->remainder ) return a->remainder > b->remainder ? -1 : 1;
  return (a->channel > b->channel) - (a->channel < b->channel);
}

/* Gives units that are missing to the largest remainders, one each. */
static Status share_units(Credits *c, const Poll *poll){
  SortStop stop = { poll ? poll->stop : 0, poll ? poll->arg : 0 };
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
  rc = sort_records(place, c->channels, sizeof *place, compare_places, stop);
  for(i=0; rc==STATUS_OK && i<c->channels && i<missing; i++) c->channel[place[i].channel].units++;
  memory_free(place);
  return rc;
}

Status credits_finish(Credits *c, int isInteger, Failure *f, const Poll *poll){
  Status rc = c->model==MODEL_MARKOV ? markov_split(c, poll) : STATUS_OK;
  int64_t total;
  if( rc!=STATUS_OK ) return rc;
  if( !isfinite(c->attributed.revenue.hi) || !isfinite(c->none.revenue.hi) ) return STATUS_OVERFLOW;
  if( !isInteger ) return STATUS_OK;
  if( !money_integer(c->attributed.revenue, &total) || !money_integer(c->none.revenue, &c->none.units) ){
    failure_set(f, "integer overflow");
    return STATUS_OVERFLOW;
  }
  return share_units(c, poll);
}
