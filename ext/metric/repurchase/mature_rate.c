/*
** Rates over the customers who have had their time:
**   conversion_rate(customer, flag, time, window, as_of)
**     a flagged row within window of the first row / customers with first row + window <= as_of
**   retention_rate(customer, base, follow, time, window, as_of)
**     a follow row within window of the first base row, being another row / customers with first
**     base row + window <= as_of
** The others have not had it: they are in neither.
*/
#include "metric/repurchase/repurchase.h"

/* ---- conversion: two times per customer ---- */

/* Stored instants are flipped in the top bit, so that a zeroed payload is "none". */
typedef struct FirstFlag { uint64_t first, flagged; } FirstFlag;
#define FLAG_FLIP (UINT64_C(1) << 63)

typedef struct MatureRate {
  KeyMap customers;            /* payload: FirstFlag, or nothing */
  Duration window;
  Instant asOf;
  struct MatureRow *row;       /* retention: rows that are base or follow */
  size_t rows, capacity;
  int sorted;
} MatureRate;

static void earliest(uint64_t *to, uint64_t t){ if( t!=0 && (*to==0 || t < *to) ) *to = t; }

static void mature_start(MatureRate *a, const Parameter *p, size_t payload){
  keymap_init(&a->customers, payload);
  a->window = p[0].duration;
  a->asOf = p[1].instant;
}
static Status mature_conversion_init(void *acc, const Parameter *p, Failure *f){
  (void)f;
  mature_start(acc, p, sizeof(FirstFlag));
  return STATUS_OK;
}
static void mature_destroy(void *acc){
  MatureRate *a = acc;
  keymap_destroy(&a->customers);
  memory_free(a->row);
}

static int rows_until(const MatureRate *a, const Column *time, int rows, uint8_t *out){
  int i, n = 0;
  for(i=0; i<rows; i++) if( time->cell[i].i <= a->asOf ) out[n++] = (uint8_t)i;
  return n;
}

static Status mature_conversion_absorb(void *acc, Batch *b, int sign, Failure *f){
  MatureRate *a = acc;
  void *payload[BATCH_ROWS];
  uint8_t rows[BATCH_ROWS] = {0};
  int i, n = rows_until(a, &b->column[2], b->rows, rows);
  Status rc = keymap_batch(&a->customers, b, &b->column[0], rows, n, payload, 0);
  (void)sign; (void)f;
  for(i=0; rc==STATUS_OK && i<n; i++){
    FirstFlag *of = payload[i];
    uint64_t t = (uint64_t)b->column[2].cell[rows[i]].i ^ FLAG_FLIP;
    earliest(&of->first, t);
    if( b->column[1].cell[rows[i]].i ) earliest(&of->flagged, t);
  }
  return rc;
}

static void put_first_flag(const void *payload, Buffer *out){
  const FirstFlag *of = payload;
  buffer_put_unsigned(out, of->first);
  buffer_put_unsigned(out, of->flagged);
}
static void mature_conversion_encode(const void *acc, Buffer *out){
  map_encode(&((const MatureRate*)acc)->customers, out, put_first_flag);
}
static Status fold_first_flag(void *acc, void *payload, Reader *in){
  FirstFlag *of = payload;
  (void)acc;
  earliest(&of->first, reader_unsigned(in));
  earliest(&of->flagged, reader_unsigned(in));
  return STATUS_OK;
}
static Status mature_conversion_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  return map_fold(&((MatureRate*)acc)->customers, in, fold_first_flag, acc);
}

static Status mature_conversion_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const MatureRate *a = acc;
  int64_t mature = 0, converted = 0;
  uint32_t id;
  (void)f;
  for(id=0; id<a->customers.count; id++){
    const FirstFlag *of = keymap_payload(&a->customers, id);
    Instant limit;
    if( (id & 0x3fff)==0x3fff && stop_asked(stop) ) return STATUS_INTERRUPTED;
    if( of->first==0 ) continue;
    limit = instant_after((Instant)(of->first ^ FLAG_FLIP), a->window, 1, 0);
    if( limit > a->asOf ) continue;
    mature++;
    converted += of->flagged!=0 && (Instant)(of->flagged ^ FLAG_FLIP) <= limit;
  }
  result_ratio(r, (double)converted, (double)mature);
  return STATUS_OK;
}

/* ---- retention: which follow row counts depends on the first base row, so all are kept ---- */

enum { MATURE_BASE = 1, MATURE_FOLLOW = 2 };
typedef struct MatureRow { Instant time; uint32_t customer, flags; } MatureRow;

static Status mature_retention_init(void *acc, const Parameter *p, Failure *f){
  (void)f;
  mature_start(acc, p, 0);
  return STATUS_OK;
}

static Status add_mature_row(MatureRate *a, uint32_t customer, Instant t, uint32_t flags){
  Status rc = memory_grow((void**)&a->row, &a->capacity, a->rows + 1, sizeof *a->row);
  if( rc!=STATUS_OK ) return rc;
  a->row[a->rows].time = t;
  a->row[a->rows].customer = customer;
  a->row[a->rows++].flags = flags;
  a->sorted = 0;
  return rc;
}

static Status mature_retention_absorb(void *acc, Batch *b, int sign, Failure *f){
  MatureRate *a = acc;
  void *payload[BATCH_ROWS];
  uint32_t ids[BATCH_ROWS];
  uint8_t rows[BATCH_ROWS] = {0};
  int i, n = rows_until(a, &b->column[3], b->rows, rows);
  Status rc = keymap_batch(&a->customers, b, &b->column[0], rows, n, payload, ids);
  (void)sign; (void)f;
  for(i=0; rc==STATUS_OK && i<n; i++){
    int at = rows[i];
    uint32_t flags = (b->column[1].cell[at].i ? MATURE_BASE : 0) | (b->column[2].cell[at].i ? MATURE_FOLLOW : 0);
    if( flags ) rc = add_mature_row(a, ids[i], b->column[3].cell[at].i, flags);
  }
  return rc;
}

static void mature_retention_encode(const void *acc, Buffer *out){
  const MatureRate *a = acc;
  size_t i;
  map_encode_keys(&a->customers, out);
  buffer_put_unsigned(out, a->rows);
  for(i=0; i<a->rows; i++){
    buffer_put_unsigned(out, (uint64_t)a->row[i].customer << 2 | a->row[i].flags);
    buffer_put_signed(out, a->row[i].time);
  }
}
static Status mature_retention_fold(void *acc, Reader *in, Failure *f){
  MatureRate *a = acc;
  uint32_t *ids = 0;
  uint64_t count = 0, n;
  Status rc = map_fold_keys(&a->customers, in, &ids, &count);
  (void)f;
  for(n = rc==STATUS_OK ? reader_unsigned(in) : 0; rc==STATUS_OK && n > 0 && !in->failed; n--){
    uint64_t word = reader_unsigned(in);
    Instant t = reader_signed(in);
    if( in->failed || word >> 2 >= count || (word & 3)==0 ) rc = STATUS_CORRUPT;
    else rc = add_mature_row(a, ids[word >> 2], t, (uint32_t)(word & 3));
  }
  memory_free(ids);
  return rc==STATUS_OK && in->failed ? STATUS_CORRUPT : rc;
}

static int compare_mature(const void *a, const void *b, const void *context){
  const MatureRow *x = a, *y = b;
  (void)context;
  if( x->customer!=y->customer ) return x->customer < y->customer ? -1 : 1;
  return (x->time > y->time) - (x->time < y->time);
}

/* Whether a follow row comes back to the base row at row[0]: one of another time within the limit, or
** of the same time, where one row is not both by itself. */
static int comes_back(const MatureRow *row, size_t n, Instant limit){
  uint64_t bases = 0, follows = 0, both = 0;
  size_t i;
  for(i=0; i<n && row[i].time==row[0].time; i++){
    bases += (row[i].flags & MATURE_BASE)!=0;
    follows += (row[i].flags & MATURE_FOLLOW)!=0;
    both += row[i].flags==(MATURE_BASE | MATURE_FOLLOW);
  }
  if( bases*follows > both ) return 1;
  for(; i<n && row[i].time <= limit; i++) if( row[i].flags & MATURE_FOLLOW ) return 1;
  return 0;
}

/* The rows of one customer, in order of time: 0 not mature or no base row, 1 mature, 2 came back. */
static int retention_of(const MatureRate *a, const MatureRow *row, size_t n){
  size_t base = 0;
  Instant limit;
  while( base<n && !(row[base].flags & MATURE_BASE) ) base++;
  if( base==n ) return 0;
  limit = instant_after(row[base].time, a->window, 1, 0);
  if( limit > a->asOf ) return 0;
  while( base > 0 && row[base-1].time==row[base].time ) base--;      /* a follow row of that very time */
  return 1 + comes_back(row + base, n - base, limit);
}

static Status mature_retention_result(void *acc, Result *r, Failure *f, const Stop *stop){
  MatureRate *a = acc;
  int64_t mature = 0, back = 0;
  size_t from, to;
  Status rc = STATUS_OK;
  (void)f;
  if( !a->sorted ) rc = sort_records(a->row, a->rows, sizeof *a->row, compare_mature, 0, stop);
  a->sorted = rc==STATUS_OK;
  for(from=0; rc==STATUS_OK && from<a->rows; from=to){
    int got;
    for(to=from+1; to<a->rows && a->row[to].customer==a->row[from].customer; ) to++;
    got = retention_of(a, a->row + from, to - from);
    mature += got > 0;
    back += got==2;
    if( (from ^ to) > 0xffff && stop_asked(stop) ) rc = STATUS_INTERRUPTED;
  }
  if( rc==STATUS_OK ) result_ratio(r, (double)back, (double)mature);
  return rc;
}

const Metric METRIC_CONVERSION_MATURE = {
  .id = "conversion_rate/window", .version = 1, .size = sizeof(MatureRate), .keys = KEYS_IN(MatureRate, customers),
  .init = mature_conversion_init, .absorb = mature_conversion_absorb, .encode = mature_conversion_encode,
  .fold = mature_conversion_fold, .result = mature_conversion_result, .destroy = mature_destroy
};
const Metric METRIC_RETENTION_RATE_MATURE = {
  .id = "retention_rate/window", .version = 1, .size = sizeof(MatureRate), .keys = KEYS_IN(MatureRate, customers),
  .init = mature_retention_init, .absorb = mature_retention_absorb, .encode = mature_retention_encode,
  .fold = mature_retention_fold, .result = mature_retention_result, .destroy = mature_destroy
};
