/*
** Things that stand together in one group, by pairs: products of an order (basket), audiences of a
** customer (audience_overlap).
**
** A line (group, thing) is one word of 8 bytes that sorts by group.  Sorted once, the distinct
** things of a group stand side by side; things of too few groups are left out before pairs are
** made of the others (Agrawal, Srikant 1994: no pair is more frequent than either of its halves).
*/
#include "metric/taste/taste.h"

enum { TOGETHER_GROUP, TOGETHER_THING, TOGETHER_AMOUNT };

typedef struct Together {
  KeyMap groups;               /* no payload */
  KeyMap things;               /* payload: uint32 groups */
  KeyMap pairs;                /* smaller id << 32 | larger id; payload: uint32 groups */
  uint64_t *line;              /* group's id << 32 | thing's id */
  size_t lines, capacity;
  int64_t least;               /* groups that a pair must have */
  int hasAmount;
} Together;

static Status together_init(void *acc, const TableRequest *request, Failure *f){
  Together *t = acc;
  (void)f;
  keymap_init(&t->groups, 0);
  keymap_init(&t->things, sizeof(uint32_t));
  keymap_init(&t->pairs, sizeof(uint32_t));
  t->hasAmount = request->givenColumns >> TOGETHER_AMOUNT & 1;
  t->least = 1;
  return STATUS_OK;
}
static Status basket_init(void *acc, const TableRequest *request, Failure *f){
  Together *t = acc;
  Status rc = together_init(acc, request, f);
  t->least = request->parameter[0].integer;
  if( rc==STATUS_OK && t->least < 1 ){
    failure_set(f, "min_orders %lld is no number of orders; use 1 or more", (long long)t->least);
    rc = STATUS_INVALID;
  }
  return rc;
}
static void together_destroy(void *acc){
  Together *t = acc;
  keymap_destroy(&t->groups);
  keymap_destroy(&t->things);
  keymap_destroy(&t->pairs);
  memory_free(t->line);
}

static Status together_absorb(void *acc, Batch *b, Failure *f){
  Together *t = acc;
  const Column *group = &b->column[TOGETHER_GROUP], *thing = &b->column[TOGETHER_THING];
  uint8_t rows[BATCH_ROWS];
  uint32_t left[BATCH_ROWS], right[BATCH_ROWS];
  void *payload[BATCH_ROWS];
  int i, n = 0;
  Status rc;
  (void)f;
  for(i=0; i<b->rows; i++){
    if( group->type[i]==CELL_NULL || thing->type[i]==CELL_NULL ) continue;
    if( t->hasAmount && is_refund(&b->column[TOGETHER_AMOUNT], i) ) continue;
    rows[n++] = (uint8_t)i;
  }
  rc = keymap_batch(&t->groups, b, group, rows, n, payload, left);
  if( rc==STATUS_OK ) rc = keymap_batch(&t->things, b, thing, rows, n, payload, right);
  if( rc==STATUS_OK ) rc = memory_grow((void**)&t->line, &t->capacity, t->lines + (size_t)n, sizeof *t->line);
  for(i=0; rc==STATUS_OK && i<n; i++) t->line[t->lines++] = (uint64_t)left[i] << 32 | right[i];
  return rc;
}

static int compare_lines(const void *a, const void *b, const void *context){
  uint64_t x = *(const uint64_t*)a, y = *(const uint64_t*)b;
  (void)context;
  return (x > y) - (x < y);
}

static inline uint32_t *groups_of_thing(const Together *t, uint32_t id){ return keymap_payload(&t->things, id); }

/* Sorted lines without repetitions; each thing's groups counted. */
static Status distinct_lines(Together *t, const Stop *stop){
  size_t i, to = 0;
  Status rc = sort_records(t->line, t->lines, sizeof *t->line, compare_lines, 0, stop);
  for(i=0; rc==STATUS_OK && i<t->lines; i++){
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( i > 0 && t->line[i]==t->line[to - 1] ) continue;
    t->line[to++] = t->line[i];
    ++*groups_of_thing(t, (uint32_t)t->line[i]);
  }
  t->lines = to;
  return rc;
}

#define PAIRS_PER_QUESTION 8192

/* All pairs of the things of one group: thing[0 ... n - 1], ascending. */
static Status count_pairs(Together *t, const uint64_t *line, size_t n, size_t *unasked, const Stop *stop){
  size_t i, j;
  t->pairs.stop = stop;
  for(i=0; i<n; i++){
    for(j=i+1; j<n; j++){
      Key key = { CELL_INTEGER, 0, 0, 0 };
      void *groups;
      Status rc;
      key.integer = (int64_t)(line[i] << 32 | (uint32_t)line[j]);
      rc = keymap_insert(&t->pairs, &key, &groups, 0);
      if( rc!=STATUS_OK ) return rc;
      ++*(uint32_t*)groups;
      if( ++*unasked % PAIRS_PER_QUESTION==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    }
  }
  return STATUS_OK;
}

/* Leaves out things of too few groups. */
static Status frequent_lines(Together *t, const Stop *stop){
  size_t i, to = 0;
  for(i=0; t->least > 1 && i<t->lines; i++){
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( *groups_of_thing(t, (uint32_t)t->line[i]) >= t->least ) t->line[to++] = t->line[i];
  }
  if( t->least > 1 ) t->lines = to;
  return STATUS_OK;
}

/* The ids of the pairs with enough groups come first; their number. */
static Status frequent_pairs(Together *t, int64_t *rows){
  KeyMap kept;
  uint32_t id;
  Status rc = STATUS_OK;
  if( t->least > 1 ){
    keymap_init(&kept, sizeof(uint32_t));
    kept.stop = t->pairs.stop;
    for(id=0; rc==STATUS_OK && id<t->pairs.count; id++){
      uint32_t groups = *(uint32_t*)keymap_payload(&t->pairs, id);
      void *to;
      Key key;
      if( stop_asked_at(kept.stop, id) ) rc = STATUS_INTERRUPTED;
      if( groups < t->least ) continue;
      keymap_key(&t->pairs, id, &key);
      rc = keymap_insert(&kept, &key, &to, 0);
      if( rc==STATUS_OK ) *(uint32_t*)to = groups;
    }
    keymap_destroy(&t->pairs);
    t->pairs = kept;
  }
  *rows = 2*(int64_t)t->pairs.count;
  return rc;
}

static Status together_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  Together *t = acc;
  size_t from, to, unasked = 0;
  Status rc = distinct_lines(t, stop);
  if( rc==STATUS_OK ) rc = frequent_lines(t, stop);
  for(from=0; rc==STATUS_OK && from<t->lines; from=to){
    for(to=from+1; to<t->lines && t->line[to] >> 32==t->line[from] >> 32; ) to++;
    rc = count_pairs(t, t->line + from, to - from, &unasked, stop);
  }
  memory_free(t->line);
  t->line = 0;
  keymap_trim(&t->things);
  if( rc==STATUS_OK ) rc = frequent_pairs(t, rows);
  if( rc==STATUS_OVERFLOW ){
    failure_set(f, "there are more than %u million pairs; leave out rare things with min_orders, or the groups that hold the most",
                (unsigned)(KEYMAP_MAX_KEYS / 1000000));
    rc = STATUS_INVALID;
  }
  return rc;
}

/* Row 2 k is pair k, row 2 k + 1 the same the other way round: product and other, the audience and other. */
typedef struct TogetherRow { uint32_t id[2]; double both, one, other; } TogetherRow;

static TogetherRow together_row(const Together *t, int64_t row){
  TogetherRow r;
  Key pair;
  r.both = *(uint32_t*)keymap_payload(&t->pairs, (uint32_t)(row >> 1));
  keymap_key(&t->pairs, (uint32_t)(row >> 1), &pair);
  r.id[row & 1] = (uint32_t)((uint64_t)pair.integer >> 32);
  r.id[1 - (row & 1)] = (uint32_t)pair.integer;
  r.one = *groups_of_thing(t, r.id[0]);
  r.other = *groups_of_thing(t, r.id[1]);
  return r;
}

/* which: 0 the one, 1 the other. */
static Status together_key(void *acc, int64_t row, TableCell *out){
  return cell_key(out, &((Together*)acc)->things, together_row(acc, row).id[out->which]);
}
static Status together_both(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, (int64_t)together_row(acc, row).both);
}
static Status together_of_one(void *acc, int64_t row, TableCell *out){
  TogetherRow r = together_row(acc, row);
  return cell_integer(out, (int64_t)(out->which ? r.other : r.one));
}
static Status together_all(void *acc, int64_t row, TableCell *out){
  (void)row;
  return cell_integer(out, ((Together*)acc)->groups.count);
}
static Status together_support(void *acc, int64_t row, TableCell *out){
  return cell_real(out, together_row(acc, row).both / ((Together*)acc)->groups.count);
}
static Status together_confidence(void *acc, int64_t row, TableCell *out){
  TogetherRow r = together_row(acc, row);
  return cell_real(out, r.both / r.one);
}
static Status together_jaccard(void *acc, int64_t row, TableCell *out){
  TogetherRow r = together_row(acc, row);
  return cell_real(out, r.both / (r.one + r.other - r.both));
}
static Status together_lift(void *acc, int64_t row, TableCell *out){
  TogetherRow r = together_row(acc, row);
  return cell_real(out, r.both * ((Together*)acc)->groups.count / (r.one * r.other));
}

static const TableOutput BASKET_OUTPUTS[] = {
  { "product", "", together_key, 0, 0 },
  { "other", "", together_key, 1, 0 },
  { "orders", "INTEGER", together_both, 0, 0 },
  { "product_orders", "INTEGER", together_of_one, 0, 0 },
  { "other_orders", "INTEGER", together_of_one, 1, 0 },
  { "all_orders", "INTEGER", together_all, 0, 0 },
  { "support", "REAL", together_support, 0, 0 },
  { "confidence", "REAL", together_confidence, 0, 0 },
  { "lift", "REAL", together_lift, 0, 0 },
  { 0, 0, 0, 0, 0 }
};
static const TableOutput OVERLAP_OUTPUTS[] = {
  { "audience", "", together_key, 0, 0 },
  { "other", "", together_key, 1, 0 },
  { "customers", "INTEGER", together_both, 0, 0 },
  { "audience_customers", "INTEGER", together_of_one, 0, 0 },
  { "other_customers", "INTEGER", together_of_one, 1, 0 },
  { "all_customers", "INTEGER", together_all, 0, 0 },
  { "share", "REAL", together_confidence, 0, 0 },
  { "jaccard", "REAL", together_jaccard, 0, 0 },
  { "lift", "REAL", together_lift, 0, 0 },
  { 0, 0, 0, 0, 0 }
};

/* No look-up while rows come in: an order may be NULL. */
const TableMetric METRIC_BASKET = {
  .size = sizeof(Together), .outputs = BASKET_OUTPUTS, .typicalRows = 1e5, .init = basket_init, .absorb = together_absorb,
  .finish = together_finish, .destroy = together_destroy
};
const TableMetric METRIC_AUDIENCE_OVERLAP = {
  .size = sizeof(Together), .outputs = OVERLAP_OUTPUTS, .typicalRows = 400, .keys = KEYS_IN(Together, groups),
  .init = together_init, .absorb = together_absorb,
  .finish = together_finish, .destroy = together_destroy
};
