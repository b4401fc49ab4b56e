/* attribution: rows, paths and the table; see attribution.h. */
#include "base/sort.h"
#include "metric/attribution/attribution.h"

/* Parameters and batch columns, in the order of the signature; the second source's columns
** are counted from 0 in its own batches. */
enum { PARAMETER_MODEL, PARAMETER_WINDOW, PARAMETER_HALF_LIFE };
enum { TOUCH_CUSTOMER, TOUCH_TIME, TOUCH_CHANNEL, COLUMN_SECOND };
enum { CONVERSION_CUSTOMER, CONVERSION_TIME, CONVERSION_AMOUNT, CONVERSION_ID };

#define MONTH_MICROS INT64_C(2629800000000)  /* 30.4375 days */

/* A row; then a conversion, all its rows together. */
typedef struct Conversion {
  Instant time;
  uint32_t customer;
  unsigned order : 31;         /* its id + 1, 0: none; a KeyMap holds far fewer */
  unsigned isOrder : 1;        /* 0: a refund, money only */
  Money amount;
} Conversion;

typedef struct ChannelOrder { Key key; uint32_t id; } ChannelOrder;

typedef struct Attribution {
  Credits credits;
  Duration window;
  int hasWindow, hasAmount, anyReal;
  int32_t zone;
  KeyMap customers, channels, orders;
  Touch *touch;
  size_t touches, touchCapacity;
  Conversion *conversion;
  size_t conversions, conversionCapacity;
  Path *path;                  /* of one customer */
  size_t pathCapacity;
  ChannelOrder *channel;       /* in order of their keys */
} Attribution;

static Status attribution_init(void *acc, const TableRequest *request, Failure *f){
  Attribution *a = acc;
  const Parameter *p = request->parameter, *model = &p[PARAMETER_MODEL];
  Duration half = p[PARAMETER_HALF_LIFE].duration;
  keymap_init(&a->customers, 0);
  keymap_init(&a->channels, 0);
  keymap_init(&a->orders, 0);
  a->zone = request->zone;
  a->window = p[PARAMETER_WINDOW].duration;
  a->hasWindow = request->givenParameters >> PARAMETER_WINDOW & 1;
  a->hasAmount = request->givenColumns >> (COLUMN_SECOND + CONVERSION_AMOUNT) & 1;
  a->credits.halfLife = half.months > INT64_MAX/MONTH_MICROS ? INT64_MAX
                      : half.months ? half.months*MONTH_MICROS : half.micros;
  if( !model_from_text(model->text.z, model->text.n, &a->credits.model) ){
    failure_set(f, "model '%.*s' is none of 'first', 'last', 'linear', 'time_decay', 'position', 'markov', 'shapley'",
                model->text.n < 40 ? model->text.n : 40, model->text.z);
    return STATUS_INVALID;
  }
  if( a->credits.halfLife > 0 ) return STATUS_OK;
  failure_set(f, "half_life must be longer than 0");
  return STATUS_INVALID;
}

static void attribution_destroy(void *acc){
  Attribution *a = acc;
  credits_destroy(&a->credits);
  keymap_destroy(&a->customers);
  keymap_destroy(&a->channels);
  keymap_destroy(&a->orders);
  memory_free(a->touch);
  memory_free(a->conversion);
  memory_free(a->channel);
  memory_free(a->path);
}

/* ---- rows ---- */

static Status touches_absorb(void *acc, Batch *b, Failure *f){
  Attribution *a = acc;
  const Column *times = &b->column[TOUCH_TIME], *channels = &b->column[TOUCH_CHANNEL];
  uint8_t rows[BATCH_ROWS];
  uint32_t customers[BATCH_ROWS], ids[BATCH_ROWS];
  void *ignored[BATCH_ROWS];
  int i, n = 0;
  Status rc;
  (void)f;
  for(i=0; i<b->rows; i++){
    if( times->type[i]!=CELL_NULL && channels->type[i]!=CELL_NULL ) rows[n++] = (uint8_t)i;
  }
  rc = keymap_batch(&a->customers, b, &b->column[TOUCH_CUSTOMER], rows, n, ignored, customers);
  if( rc==STATUS_OK ) rc = keymap_batch(&a->channels, b, channels, rows, n, ignored, ids);
  if( rc==STATUS_OK ) rc = memory_grow((void**)&a->touch, &a->touchCapacity, a->touches + BATCH_ROWS, sizeof *a->touch);
  for(i=0; rc==STATUS_OK && i<n; i++){
    Touch *t = &a->touch[a->touches++];
    t->time = times->cell[rows[i]].i;
    t->customer = customers[i];
    t->channel = ids[i];
  }
  return rc;
}

static Status conversions_absorb(void *acc, Batch *b, Failure *f){
  Attribution *a = acc;
  const Column *amounts = &b->column[CONVERSION_AMOUNT], *orders = &b->column[CONVERSION_ID];
  uint8_t rows[BATCH_ROWS];
  uint32_t customers[BATCH_ROWS];
  void *ignored[BATCH_ROWS];
  int i, n = rows_with_key(b, &b->column[CONVERSION_TIME], rows);
  Status rc = keymap_batch(&a->customers, b, &b->column[CONVERSION_CUSTOMER], rows, n, ignored, customers);
  (void)f;
  if( rc==STATUS_OK ){
    rc = memory_grow((void**)&a->conversion, &a->conversionCapacity, a->conversions + BATCH_ROWS, sizeof *a->conversion);
  }
  for(i=0; rc==STATUS_OK && i<n; i++){
    Conversion *c = &a->conversion[a->conversions++];
    memset(c, 0, sizeof *c);
    c->time = b->column[CONVERSION_TIME].cell[rows[i]].i;
    c->customer = customers[i];
    money_add_cell(&c->amount, amounts, rows[i], 1);
    a->anyReal |= amounts->type[rows[i]]==CELL_REAL;
    c->isOrder = is_refund(amounts, rows[i]) ? 0 : 1;
    if( orders->type[rows[i]]!=CELL_NULL ){
      Key key = key_of_cell(b, orders, rows[i]);
      uint32_t id;
      rc = keymap_insert(&a->orders, &key, 0, &id);
      if( rc!=STATUS_OK ) return rc;
      c->order = (id + 1) & INT32_MAX;
    }
  }
  return rc;
}

/* ---- in order ---- */

static int compare_channels(const void *x, const void *y, const void *context){
  (void)context;
  return key_compare(&((const ChannelOrder*)x)->key, &((const ChannelOrder*)y)->key);
}

static int compare_touches(const void *x, const void *y, const void *context){
  const Touch *a = x, *b = y;
  (void)context;
  if( a->customer!=b->customer ) return a->customer < b->customer ? -1 : 1;
  if( a->time!=b->time ) return a->time < b->time ? -1 : 1;
  return (a->channel > b->channel) - (a->channel < b->channel);
}

/* Rows of one conversion come together; its orders before its refunds, by time. */
static int compare_rows(const void *x, const void *y, const void *context){
  const Conversion *a = x, *b = y;
  (void)context;
  if( a->customer!=b->customer ) return a->customer < b->customer ? -1 : 1;
  if( a->order!=b->order ) return a->order < b->order ? -1 : 1;
  if( a->isOrder!=b->isOrder ) return b->isOrder - a->isOrder;
  return (a->time > b->time) - (a->time < b->time);
}

static int compare_conversions(const void *x, const void *y, const void *context){
  const Conversion *a = x, *b = y;
  (void)context;
  if( a->customer!=b->customer ) return a->customer < b->customer ? -1 : 1;
  return (a->time > b->time) - (a->time < b->time);
}

/* Channels get their place in the order of keys as number. */
static Status number_channels(Attribution *a, const Stop *stop){
  uint32_t n = a->channels.count, i, *place;
  size_t k;
  Status rc;
  a->channel = memory_zeroed(((size_t)n + 1)*sizeof *a->channel);
  place = memory_zeroed(((size_t)n + 1)*sizeof *place);
  rc = a->channel && place ? STATUS_OK : STATUS_NOMEM;
  for(i=0; rc==STATUS_OK && i<n; i++){
    a->channel[i].id = i;
    keymap_key(&a->channels, i, &a->channel[i].key);
  }
  if( rc==STATUS_OK ) rc = sort_records(a->channel, n, sizeof *a->channel, compare_channels, 0, stop);
  for(i=0; rc==STATUS_OK && i<n; i++) place[a->channel[i].id] = i;
  for(k=0; rc==STATUS_OK && k<a->touches; k++){
    a->touch[k].channel = place[a->touch[k].channel];
    if( stop_asked_at(stop, k) ) rc = STATUS_INTERRUPTED;
  }
  memory_free(place);
  return rc;
}

/* Rows become conversions; refunds that belong to none become money of '(none)'. */
static Status join_rows(Attribution *a, const Stop *stop){
  size_t i, n = 0;
  for(i=0; i<a->conversions; i++){
    const Conversion *row = &a->conversion[i];
    Conversion *last = n ? &a->conversion[n-1] : 0;
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( last && row->order && last->order==row->order && last->customer==row->customer ){
      money_add(&last->amount, row->amount);
    }else if( row->isOrder ){
      a->conversion[n++] = *row;
    }else{
      money_add(&a->credits.none.revenue, row->amount);
    }
  }
  a->conversions = n;
  return STATUS_OK;
}

/* Gives back what an array has grown too much: sorting needs room for as many elements. */
static void trim(void **array, size_t *capacity, size_t n, size_t size){
  void *p = n ? memory_realloc(*array, n*size) : 0;
  if( p==0 ) return;
  *array = p;
  *capacity = n;
}

static Status put_in_order(Attribution *a, const Stop *stop){
  Status rc = number_channels(a, stop);
  trim((void**)&a->touch, &a->touchCapacity, a->touches, sizeof *a->touch);
  trim((void**)&a->conversion, &a->conversionCapacity, a->conversions, sizeof *a->conversion);
  if( rc==STATUS_OK ) rc = sort_records(a->touch, a->touches, sizeof *a->touch, compare_touches, 0, stop);
  if( rc==STATUS_OK ) rc = sort_records(a->conversion, a->conversions, sizeof *a->conversion, compare_rows, 0, stop);
  if( rc==STATUS_OK ) rc = join_rows(a, stop);
  return rc!=STATUS_OK ? rc : sort_records(a->conversion, a->conversions, sizeof *a->conversion, compare_conversions, 0, stop);
}

/* ---- paths ---- */

static int too_old(const Attribution *a, const Touch *t, Instant conversion){
  return a->hasWindow && instant_after(t->time, a->window, 1, a->zone) < conversion;
}

/* The n touches and the conversions at ... end - 1 of one customer. */
static Status customer_paths(Attribution *a, const Touch *touch, size_t n, size_t at, size_t end, const Stop *stop){
  size_t from = 0, until = 0, paths = 0;
  Status rc = memory_grow((void**)&a->path, &a->pathCapacity, end - at, sizeof *a->path);
  if( rc!=STATUS_OK ) return rc;
  for(; at<end; at++, paths++){
    const Conversion *c = &a->conversion[at];
    for(; until<n && touch[until].time<=c->time; until++) if( stop_asked_at(stop, until) ) return STATUS_INTERRUPTED;
    for(; from<until && too_old(a, &touch[from], c->time); from++) if( stop_asked_at(stop, from) ) return STATUS_INTERRUPTED;
    if( stop_asked_at(stop, paths) ) return STATUS_INTERRUPTED;
    a->path[paths].from = from;
    a->path[paths].until = until;
    a->path[paths].revenue = c->amount;
  }
  return credits_customer(&a->credits, touch, n, a->path, paths, stop);
}

static Status all_paths(Attribution *a, const Stop *stop){
  size_t from = 0, at = 0;
  uint32_t customer;
  Status rc = STATUS_OK;
  for(customer=0; rc==STATUS_OK && customer<a->customers.count; customer++){
    size_t to = from, end = at;
    while( to<a->touches && a->touch[to].customer==customer ) to++;
    while( end<a->conversions && a->conversion[end].customer==customer ) end++;
    if( customer%4096==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    rc = customer_paths(a, a->touch + from, to - from, at, end, stop);
    from = to;
    at = end;
  }
  return rc;
}

static Status attribution_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  Attribution *a = acc;
  Status rc = credits_init(&a->credits, a->channels.count, f);
  keymap_trim(&a->customers);
  keymap_destroy(&a->orders);
  if( rc==STATUS_OK ) rc = put_in_order(a, stop);
  if( rc==STATUS_OK ) rc = all_paths(a, stop);
  if( rc==STATUS_OK ) rc = credits_finish(&a->credits, !a->anyReal, f, stop);
  memory_free(a->touch);
  memory_free(a->conversion);
  a->touch = 0;
  a->conversion = 0;
  keymap_destroy(&a->customers);
  *rows = (int64_t)a->credits.channels + 1;
  return rc;
}

/* ---- the table ---- */

static double all_of(Money a, Money b){
  money_add(&a, b);
  return money_real(a);
}

/* The last row is what no channel gets. */
static const Credit *credit_of_row(const Attribution *a, int64_t row){
  return row==(int64_t)a->credits.channels ? &a->credits.none : &a->credits.channel[row];
}

static Status attribution_channel(void *acc, int64_t row, TableCell *out){
  const Attribution *a = acc;
  if( row==(int64_t)a->credits.channels ){
    result_static(&out->result, "(none)");
  }else{
    out->isKey = 1;
    out->key = a->channel[row].key;
  }
  return STATUS_OK;
}
static Status attribution_conversions(void *acc, int64_t row, TableCell *out){
  return cell_real(out, money_real(credit_of_row(acc, row)->conversions));
}
static Status attribution_revenue(void *acc, int64_t row, TableCell *out){
  const Attribution *a = acc;
  const Credit *c = credit_of_row(a, row);
  if( !a->hasAmount ) return STATUS_OK;
  return a->anyReal ? cell_real(out, money_real(c->revenue)) : cell_integer(out, c->units);
}
static Status attribution_share(void *acc, int64_t row, TableCell *out){
  const Attribution *a = acc;
  const Credits *all = &a->credits;
  const Credit *c = credit_of_row(a, row);
  if( !a->hasAmount ){
    return cell_ratio(out, money_real(c->conversions), all_of(all->attributed.conversions, all->none.conversions));
  }
  return cell_ratio(out, a->anyReal ? money_real(c->revenue) : (double)c->units,
                    all_of(all->attributed.revenue, all->none.revenue));
}

static const TableOutput ATTRIBUTION_OUTPUTS[] = {
  { "channel", "", attribution_channel, 0, 0 },
  { "conversions", "REAL", attribution_conversions, 0, 0 },
  { "revenue", "", attribution_revenue, 0, 0 },
  { "share", "REAL", attribution_share, 0, 0 },
  { 0, 0, 0, 0, 0 }
};

const TableMetric METRIC_ATTRIBUTION = {
  .size = sizeof(Attribution), .outputs = ATTRIBUTION_OUTPUTS, .typicalRows = 20, .state = 1, .keys = KEYS_IN(Attribution, customers),
  .second = COLUMN_SECOND, .absorbSecond = conversions_absorb,
  .mayLack = 1u << (COLUMN_SECOND + CONVERSION_AMOUNT) | 1u << (COLUMN_SECOND + CONVERSION_ID),
  .insteadOf = COLUMN_SECOND + CONVERSION_ID, .instead = "order_id",
  .init = attribution_init, .absorb = touches_absorb, .finish = attribution_finish,
  .destroy = attribution_destroy
};
