/*
** trait_profile: how often each value of each trait occurs in a segment, against everybody.  The
** source has a row per customer.  A row without a segment is one of everybody and in no segment;
** one without a value of a trait is counted in the sizes and has none of its values, as in tgi().
*/
#include "metric/taste/taste.h"

#define TRAITS_MAX (BATCH_COLUMNS - 1)

enum { PROFILE_SEGMENT, PROFILE_TRAIT, PROFILE_VALUE, PROFILE_CUSTOMERS, PROFILE_SIZE, PROFILE_SHARE,
       PROFILE_ALL_CUSTOMERS, PROFILE_ALL_SIZE, PROFILE_ALL_SHARE, PROFILE_TGI };

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

static Status profile_cell(void *acc, int64_t row, int column, TableCell *out, Failure *f){
  const TraitProfile *t = acc;
  uint32_t segment = (uint32_t)(row / (int64_t)t->values), number = (uint32_t)(row % (int64_t)t->values);
  int trait = t->place[number].trait;
  const TraitValue *v = keymap_payload(&t->value[trait], t->place[number].id);
  double size = (double)*(int64_t*)keymap_payload(&t->segments, segment), all = (double)t->rows;
  Result *r = &out->result;
  (void)f;
  switch( column ){
    case PROFILE_SEGMENT: out->isKey = 1; keymap_key(&t->segments, segment, &out->key); break;
    case PROFILE_TRAIT: cell_copied(out, t->name[trait]); break;
    case PROFILE_VALUE: out->isKey = 1; keymap_key(&t->value[trait], t->place[number].id, &out->key); break;
    case PROFILE_CUSTOMERS: result_integer(r, rows_of_both(t, segment, number)); break;
    case PROFILE_SIZE: result_integer(r, (int64_t)size); break;
    case PROFILE_SHARE: result_real(r, (double)rows_of_both(t, segment, number) / size); break;
    case PROFILE_ALL_CUSTOMERS: result_integer(r, v->rows); break;
    case PROFILE_ALL_SIZE: result_integer(r, t->rows); break;
    case PROFILE_ALL_SHARE: result_real(r, (double)v->rows / all); break;
    default: result_real(r, 100 * ((double)rows_of_both(t, segment, number) / size) / ((double)v->rows / all)); break;
  }
  return STATUS_OK;
}

const TableMetric METRIC_TRAIT_PROFILE = {
  .size = sizeof(TraitProfile), .init = profile_init, .absorb = profile_absorb, .finish = profile_finish,
  .cell = profile_cell, .destroy = profile_destroy
};
