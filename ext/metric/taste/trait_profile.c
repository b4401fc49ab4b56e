/*
** trait_profile: how often each value of each trait occurs in a segment, against everybody.  The
** source has a row per customer.  A row without a segment is one of everybody and in no segment;
** one without a value of a trait is counted in the sizes and has none of its values, as in tgi().
*/
#include "metric/taste/taste.h"

#define TRAITS_MAX (BATCH_COLUMNS - 1)

typedef struct TraitValue { int64_t rows; uint32_t number; } TraitValue;

typedef struct TraitProfile {
  KeyMap segments;             /* payload: int64 rows */
  KeyMap value[TRAITS_MAX];    /* of each trait; payload: TraitValue */
  KeyMap both;                 /* segment's id << 32 | value's number; payload: int64 rows */
  struct { uint32_t id; uint8_t trait; } *place;   /* value number -> trait, id in its map */
  size_t values, capacity;
  char *name[TRAITS_MAX];
  int traits;
  int64_t rows;
} TraitProfile;

static void profile_destroy(void *acc){
  TraitProfile *t = acc;
  int i;
  keymap_destroy(&t->segments);
  keymap_destroy(&t->both);
  for(i=0; i<t->traits; i++) keymap_destroy(&t->value[i]);
  for(i=0; i<TRAITS_MAX; i++) memory_free(t->name[i]);
  memory_free(t->place);
}

static Status profile_init(void *acc, const TableRequest *request, Failure *f){
  TraitProfile *t = acc;
  int i;
  (void)f;
  keymap_init(&t->segments, sizeof(int64_t));
  keymap_init(&t->both, sizeof(int64_t));
  for(i=0; i<request->flags; i++){
    size_t n = strlen(request->flagName[i]) + 1;
    t->name[i] = memory_alloc(n);
    if( t->name[i]==0 ) return STATUS_NOMEM;
    memcpy(t->name[i], request->flagName[i], n);
    keymap_init(&t->value[i], sizeof(TraitValue));
    t->traits = i + 1;
  }
  return STATUS_OK;
}

/* A value's number, a new one when it has been seen for the first time. */
static Status number_of(TraitProfile *t, int trait, TraitValue *v, uint32_t id, uint32_t *number){
  if( v->number==0 ){
    Status rc = memory_grow((void**)&t->place, &t->capacity, t->values + 1, sizeof *t->place);
    if( rc!=STATUS_OK ) return rc;
    t->place[t->values].id = id;
    t->place[t->values].trait = (uint8_t)trait;
    v->number = (uint32_t)++t->values;
  }
  *number = v->number - 1;
  return STATUS_OK;
}

/* One trait of all rows; segment[i] is the id of row i's, or UINT32_MAX. */
static Status take_trait(TraitProfile *t, Batch *b, int trait, const uint32_t *segment){
  const Column *c = &b->column[trait + 1];
  uint8_t rows[BATCH_ROWS];
  void *payload[BATCH_ROWS];
  uint32_t ids[BATCH_ROWS];
  int i, n = rows_with_key(b, c, rows);
  Status rc = keymap_batch(&t->value[trait], b, c, rows, n, payload, ids);
  for(i=0; rc==STATUS_OK && i<n; i++){
    TraitValue *v = payload[i];
    Key key = { CELL_INTEGER, 0, 0, 0 };
    uint32_t number;
    void *both;
    v->rows++;
    rc = number_of(t, trait, v, ids[i], &number);
    if( rc!=STATUS_OK || segment[rows[i]]==UINT32_MAX ) continue;
    key.integer = (int64_t)((uint64_t)segment[rows[i]] << 32 | number);
    rc = keymap_insert(&t->both, &key, &both, 0);
    if( rc==STATUS_OK ) ++*(int64_t*)both;
  }
  return rc;
}

static Status profile_absorb(void *acc, Batch *b, Failure *f){
  TraitProfile *t = acc;
  uint8_t rows[BATCH_ROWS];
  void *payload[BATCH_ROWS];
  uint32_t ids[BATCH_ROWS], segment[BATCH_ROWS];
  int i, n = rows_with_key(b, &b->column[0], rows);
  Status rc = keymap_batch(&t->segments, b, &b->column[0], rows, n, payload, ids);
  (void)f;
  if( rc!=STATUS_OK ) return rc;
  t->rows += b->rows;
  memset(segment, 0xff, sizeof segment);
  for(i=0; i<n; i++){
    segment[rows[i]] = ids[i];
    ++*(int64_t*)payload[i];
  }
  for(i=0; rc==STATUS_OK && i<t->traits; i++) rc = take_trait(t, b, i, segment);
  return rc;
}

/* Every value of every trait in every segment, also where nobody has it. */
static Status profile_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  TraitProfile *t = acc;
  (void)f; (void)stop;
  *rows = (int64_t)t->segments.count * (int64_t)t->values;
  return STATUS_OK;
}

static int64_t rows_of_both(const TraitProfile *t, uint32_t segment, uint32_t number){
  Key key = { CELL_INTEGER, 0, 0, 0 };
  const int64_t *both;
  key.integer = (int64_t)((uint64_t)segment << 32 | number);
  both = keymap_find(&t->both, &key, 0);
  return both ? *both : 0;
}

/* A row is a segment and a value of a trait. */
static uint32_t profile_segment_of(const TraitProfile *t, int64_t row){ return (uint32_t)(row / (int64_t)t->values); }
static uint32_t profile_number(const TraitProfile *t, int64_t row){ return (uint32_t)(row % (int64_t)t->values); }
static int64_t profile_here(const TraitProfile *t, int64_t row){
  return rows_of_both(t, profile_segment_of(t, row), profile_number(t, row));
}
static int64_t profile_size_of(const TraitProfile *t, int64_t row){
  return *(int64_t*)keymap_payload(&t->segments, profile_segment_of(t, row));
}
static int64_t profile_everywhere(const TraitProfile *t, int64_t row){
  uint32_t number = profile_number(t, row);
  const TraitValue *v = keymap_payload(&t->value[t->place[number].trait], t->place[number].id);
  return v->rows;
}

static Status profile_segment(void *acc, int64_t row, TableCell *out){
  return cell_key(out, &((TraitProfile*)acc)->segments, profile_segment_of(acc, row));
}
static Status profile_trait(void *acc, int64_t row, TableCell *out){
  const TraitProfile *t = acc;
  return cell_copied(out, t->name[t->place[profile_number(t, row)].trait]);
}
static Status profile_value(void *acc, int64_t row, TableCell *out){
  const TraitProfile *t = acc;
  uint32_t number = profile_number(t, row);
  return cell_key(out, &t->value[t->place[number].trait], t->place[number].id);
}
static Status profile_customers(void *acc, int64_t row, TableCell *out){ return cell_integer(out, profile_here(acc, row)); }
static Status profile_size(void *acc, int64_t row, TableCell *out){ return cell_integer(out, profile_size_of(acc, row)); }
static Status profile_share(void *acc, int64_t row, TableCell *out){
  return cell_real(out, (double)profile_here(acc, row) / (double)profile_size_of(acc, row));
}
static Status profile_overall(void *acc, int64_t row, TableCell *out){ return cell_integer(out, profile_everywhere(acc, row)); }
static Status profile_all(void *acc, int64_t row, TableCell *out){
  (void)row;
  return cell_integer(out, ((TraitProfile*)acc)->rows);
}
static Status profile_overall_share(void *acc, int64_t row, TableCell *out){
  return cell_real(out, (double)profile_everywhere(acc, row) / (double)((TraitProfile*)acc)->rows);
}
static Status profile_tgi(void *acc, int64_t row, TableCell *out){
  double all = (double)((TraitProfile*)acc)->rows;
  return cell_real(out, 100 * ((double)profile_here(acc, row) / (double)profile_size_of(acc, row))
                        / ((double)profile_everywhere(acc, row) / all));
}

static const TableOutput PROFILE_OUTPUTS[] = {
  { "segment", "", profile_segment, 0, 0 },
  { "trait", "TEXT", profile_trait, 0, 0 },
  { "value", "", profile_value, 0, 0 },
  { "customers", "INTEGER", profile_customers, 0, 0 },
  { "segment_customers", "INTEGER", profile_size, 0, 0 },
  { "share", "REAL", profile_share, 0, 0 },
  { "overall", "INTEGER", profile_overall, 0, 0 },
  { "all_customers", "INTEGER", profile_all, 0, 0 },
  { "overall_share", "REAL", profile_overall_share, 0, 0 },
  { "tgi", "REAL", profile_tgi, 0, 0 },
  { 0, 0, 0, 0, 0 }
};

const TableMetric METRIC_TRAIT_PROFILE = {
  .size = sizeof(TraitProfile), .outputs = PROFILE_OUTPUTS, .typicalRows = 1000, .init = profile_init, .absorb = profile_absorb, .finish = profile_finish,
  .destroy = profile_destroy
};
