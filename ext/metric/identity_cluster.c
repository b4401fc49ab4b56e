/* identity_cluster: see identity_cluster.h. */
#include "identity_cluster.h"

enum { PARAMETER_MAX_RECORDS };
/* Batch columns; those of the second source are counted from 0 there. */
enum { COLUMN_RECORD, COLUMN_TYPE, COLUMN_VALUE, COLUMN_SECOND };
enum { OUTPUT_RECORD, OUTPUT_ONE_ID, OUTPUT_SIZE, OUTPUT_VIA_TYPE, OUTPUT_VIA_VALUE };

#define PER_POLL 65536

/* A row that links: the record carries the id. */
typedef struct Carry { uint32_t record, id; } Carry;
#define PAGE_BITS 17
#define PAGE_ROWS (UINT32_C(1) << PAGE_BITS)

/* Lists of numbers: those of k stand in item[start[k]] ... item[start[k+1] - 1]. */
typedef struct Lists { uint32_t *start, *item; } Lists;

typedef struct Identity {
  KeyMap records, types;
  KeyMap ids;                  /* BLOB: number of the type, then type and bytes of the value */
  int limited, wantsVia;
  int64_t maxRecords;
  Batch *scratch;              /* ids made into keys, a batch at a time */
  Carry **page;
  size_t pages, pageCapacity;
  uint32_t rows;
  uint8_t *ignored;            /* by id; NULL: none */
  Lists carriers;              /* id -> records */
  Lists carried;               /* record -> ids */
  uint32_t *parent, *size;     /* the forest; finished: the cluster of a record, its size */
  uint32_t *smallest;          /* cluster -> its smallest record */
  uint32_t *via;               /* record -> id + 1, or 0 */
} Identity;

static Status identity_init(void *acc, const TableRequest *request, Failure *f){
  Identity *a = acc;
  keymap_init(&a->records, 0);
  keymap_init(&a->types, 0);
  keymap_init(&a->ids, 0);
  a->limited = request->givenParameters >> PARAMETER_MAX_RECORDS & 1;
  a->maxRecords = request->parameter[PARAMETER_MAX_RECORDS].integer;
  a->wantsVia = (request->usedOutputs >> OUTPUT_VIA_TYPE & 3)!=0;
  if( a->limited && a->maxRecords < 1 ){
    failure_set(f, "max_records %lld must be 1 or more", (long long)a->maxRecords);
    return STATUS_INVALID;
  }
  a->scratch = memory_zeroed(sizeof *a->scratch);
  return a->scratch ? STATUS_OK : STATUS_NOMEM;
}

static void rows_destroy(Identity *a){
  size_t i;
  for(i=0; i<a->pages; i++) memory_free(a->page[i]);
  memory_free(a->page);
  a->page = 0;
  a->pages = a->pageCapacity = 0;
}

static void lists_destroy(Lists *l){
  memory_free(l->start);
  memory_free(l->item);
  l->start = l->item = 0;
}

static void identity_destroy(void *acc){
  Identity *a = acc;
  if( a->scratch ) memory_free(a->scratch->bytes);
  memory_free(a->scratch);
  keymap_destroy(&a->records);
  keymap_destroy(&a->types);
  keymap_destroy(&a->ids);
  rows_destroy(a);
  lists_destroy(&a->carriers);
  lists_destroy(&a->carried);
  memory_free(a->ignored);
  memory_free(a->parent);
  memory_free(a->size);
  memory_free(a->smallest);
  memory_free(a->via);
}

/* ---- ids as keys ---- */

/* Appends the key of an id to the scratch batch. */
static Status put_id(Batch *s, uint32_t type, const Key *value){
  Column *c = &s->column[0];
  size_t n = value->type==CELL_INTEGER ? sizeof(int64_t) : value->size;
  char *to;
  Status rc = memory_grow((void**)&s->bytes, &s->bytesCapacity, s->bytesUsed + n + 5, 1);
  if( rc!=STATUS_OK ) return rc;
  to = s->bytes + s->bytesUsed;
  memcpy(to, &type, 4);
  to[4] = (char)value->type;
  if( n ) memcpy(to + 5, value->type==CELL_INTEGER ? (const char*)&value->integer : value->bytes, n);
  c->type[s->rows] = CELL_BLOB;
  c->cell[s->rows].i = (int64_t)s->bytesUsed;
  c->size[s->rows] = (uint32_t)(n + 5);
  s->bytesUsed += n + 5;
  s->rows++;
  return STATUS_OK;
}

/* The two halves of an id. */
static void id_parts(const Identity *a, uint32_t id, Key *type, Key *value){
  Key key;
  uint32_t number;
  keymap_key(&a->ids, id, &key);
  memcpy(&number, key.bytes, 4);
  keymap_key(&a->types, number, type);
  value->type = (CellType)key.bytes[4];
  value->integer = 0;
  value->bytes = key.bytes + 5;
  value->size = key.size - 5;
  if( value->type==CELL_INTEGER ) memcpy(&value->integer, key.bytes + 5, sizeof value->integer);
}

static int id_before(const Identity *a, uint32_t x, uint32_t y){
  Key xType, xValue, yType, yValue;
  int c;
  id_parts(a, x, &xType, &xValue);
  id_parts(a, y, &yType, &yValue);
  c = key_compare(&xType, &yType);
  return c ? c < 0 : key_compare(&xValue, &yValue) < 0;
}

/* ---- rows ---- */

static inline Carry *row_at(const Identity *a, uint32_t i){
  return &a->page[i >> PAGE_BITS][i & (PAGE_ROWS - 1)];
}

static Status keep_row(Identity *a, uint32_t record, uint32_t id){
  Carry *row;
  if( a->rows==UINT32_MAX - 1 ) return STATUS_OVERFLOW;
  if( (size_t)(a->rows >> PAGE_BITS)==a->pages ){
    Status rc = memory_grow((void**)&a->page, &a->pageCapacity, a->pages + 1, sizeof *a->page);
    if( rc!=STATUS_OK ) return rc;
    a->page[a->pages] = memory_large(PAGE_ROWS*sizeof(Carry));
    if( a->page[a->pages]==0 ) return STATUS_NOMEM;
    a->pages++;
  }
  row = row_at(a, a->rows++);
  row->record = record;
  row->id = id;
  return STATUS_OK;
}

static Status identity_absorb(void *acc, Batch *b, Failure *f){
  Identity *a = acc;
  const Column *types = &b->column[COLUMN_TYPE], *values = &b->column[COLUMN_VALUE];
  uint8_t rows[BATCH_ROWS];
  uint32_t records[BATCH_ROWS], numbers[BATCH_ROWS], ids[BATCH_ROWS];
  void *ignored[BATCH_ROWS];
  int i, n = 0;
  Status rc = keymap_batch(&a->records, b, &b->column[COLUMN_RECORD], ALL_ROWS, b->rows, ignored, records);
  (void)f;
  for(i=0; i<b->rows; i++){
    if( types->type[i]!=CELL_NULL && values->type[i]!=CELL_NULL ) rows[n++] = (uint8_t)i;
  }
  if( rc==STATUS_OK ) rc = keymap_batch(&a->types, b, types, rows, n, ignored, numbers);
  batch_clear(a->scratch);
  for(i=0; rc==STATUS_OK && i<n; i++){
    Key value = key_of_cell(b, values, rows[i]);
    rc = put_id(a->scratch, numbers[i], &value);
  }
  if( rc==STATUS_OK ) rc = keymap_batch(&a->ids, a->scratch, &a->scratch->column[0], ALL_ROWS, n, ignored, ids);
  for(i=0; rc==STATUS_OK && i<n; i++) rc = keep_row(a, records[rows[i]], ids[i]);
  return rc;
}

/* The table of ids that link nothing: read when all ids are known. */
static Status identity_ignore(void *acc, Batch *b, Failure *f){
  Identity *a = acc;
  int i;
  (void)f;
  if( a->ignored==0 ) a->ignored = memory_zeroed((size_t)a->ids.count + 1);
  if( a->ignored==0 ) return STATUS_NOMEM;
  for(i=0; i<b->rows; i++){
    Key type = key_of_cell(b, &b->column[0], i), value = key_of_cell(b, &b->column[1], i), id;
    uint32_t number;
    Status rc;
    if( keymap_find(&a->types, &type, &number)==0 ) continue;
    batch_clear(a->scratch);
    rc = put_id(a->scratch, number, &value);
    if( rc!=STATUS_OK ) return rc;
    id = key_of_cell(a->scratch, &a->scratch->column[0], 0);
    if( keymap_find(&a->ids, &id, &number) ) a->ignored[number] = 1;
  }
  return STATUS_OK;
}

/* ---- who carries what ---- */

static uint32_t *numbers(size_t n){ return memory_table((n + 1)*sizeof(uint32_t)); }

/* start[k] holds counts; they become the ends of the lists, and by filling from behind
** their starts. */
static void sum_up(uint32_t *start, uint32_t n){
  uint32_t k, sum = 0;
  for(k=0; k<n; k++) start[k] = sum += start[k];
  start[n] = sum;
}

static Status group_carriers(Identity *a, const Poll *poll){
  Lists *l = &a->carriers;
  uint32_t i;
  l->start = numbers(a->ids.count);
  l->item = numbers(a->rows);
  if( l->start==0 || l->item==0 ) return STATUS_NOMEM;
  for(i=0; i<a->rows; i++) l->start[row_at(a, i)->id]++;
  sum_up(l->start, a->ids.count);
  for(i=a->rows; i-- > 0; ){
    const Carry *row = row_at(a, i);
    if( i%PER_POLL==0 && poll_stop(poll) ) return STATUS_INTERRUPTED;
    l->item[--l->start[row->id]] = row->record;
  }
  rows_destroy(a);
  return STATUS_OK;
}

/* Each record once in a list; lists that link nothing become empty.  In place. */
static Status thin_out(Identity *a, uint32_t *seen, const Poll *poll){
  Lists *l = &a->carriers;
  uint32_t id, to = 0, i, from = 0;
  for(id=0; id<a->ids.count; id++){
    uint32_t first = to, end = l->start[id+1];
    if( id%PER_POLL==0 && poll_stop(poll) ) return STATUS_INTERRUPTED;
    l->start[id] = first;
    for(i=from; i<end; i++){
      uint32_t record = l->item[i];
      if( seen[record]==id + 1 ) continue;
      seen[record] = id + 1;
      l->item[to++] = record;
    }
    from = end;
    if( to - first < 2 || (a->ignored && a->ignored[id]) || (a->limited && to - first > a->maxRecords) ) to = first;
  }
  l->start[a->ids.count] = to;
  return STATUS_OK;
}

/* ---- clusters ---- */

static uint32_t find_root(uint32_t *parent, uint32_t x){
  while( parent[x]!=x ){
    parent[x] = parent[parent[x]];
    x = parent[x];
  }
  return x;
}

static void unite(Identity *a, uint32_t x, uint32_t y){
  x = find_root(a->parent, x);
  y = find_root(a->parent, y);
  if( x==y ) return;
  if( a->size[x] < a->size[y] ){ uint32_t swap = x; x = y; y = swap; }
  a->parent[y] = x;
  a->size[x] += a->size[y];
}

static int record_before(const Identity *a, uint32_t x, uint32_t y){
  Key xKey, yKey;
  keymap_key(&a->records, x, &xKey);
  keymap_key(&a->records, y, &yKey);
  return key_compare(&xKey, &yKey) < 0;
}

static Status make_clusters(Identity *a, const Poll *poll){
  const Lists *l = &a->carriers;
  uint32_t n = a->records.count, id, i;
  for(i=0; i<n; i++){ a->parent[i] = i; a->size[i] = 1; }
  for(id=0; id<a->ids.count; id++){
    if( id%PER_POLL==0 && poll_stop(poll) ) return STATUS_INTERRUPTED;
    for(i=l->start[id] + 1; i<l->start[id+1]; i++) unite(a, l->item[i-1], l->item[i]);
  }
  for(i=0; i<n; i++) a->smallest[i] = i;
  for(i=0; i<n; i++){
    uint32_t root = find_root(a->parent, i);
    if( i%PER_POLL==0 && poll_stop(poll) ) return STATUS_INTERRUPTED;
    a->parent[i] = root;
    if( record_before(a, i, a->smallest[root]) ) a->smallest[root] = i;
  }
  return STATUS_OK;
}

/* ---- the links that explain them ---- */

static Status group_carried(Identity *a){
  const Lists *from = &a->carriers;
  Lists *l = &a->carried;
  uint32_t id, i, items = from->start[a->ids.count];
  l->start = numbers(a->records.count);
  l->item = numbers(items);
  if( l->start==0 || l->item==0 ) return STATUS_NOMEM;
  for(i=0; i<items; i++) l->start[from->item[i]]++;
  sum_up(l->start, a->records.count);
  for(id=a->ids.count; id-- > 0; ){
    for(i=from->start[id]; i<from->start[id+1]; i++) l->item[--l->start[from->item[i]]] = id;
  }
  return STATUS_OK;
}

/* The records that carry `id`, which was met at the distance before `distance`. */
static void reach(Identity *a, uint32_t id, uint32_t distance, uint32_t *distances, uint32_t *queue, uint32_t *end){
  uint32_t i;
  for(i=a->carriers.start[id]; i<a->carriers.start[id+1]; i++){
    uint32_t r = a->carriers.item[i];
    if( distances[r]==0 ){
      distances[r] = distance;
      a->via[r] = id + 1;
      queue[(*end)++] = r;
    }else if( distances[r]==distance && id_before(a, id, a->via[r] - 1) ){
      a->via[r] = id + 1;
    }
  }
}

/* Breadth first from all the smallest records; distances begin with 1. */
static Status walk(Identity *a, uint32_t *distances, uint32_t *queue, uint8_t *met, const Poll *poll){
  uint32_t i, k, end = 0;
  for(i=0; i<a->records.count; i++){
    uint32_t start = a->smallest[i];
    if( a->parent[i]!=i || a->size[i]==1 ) continue;
    distances[start] = 1;
    queue[end++] = start;
  }
  for(i=0; i<end; i++){
    uint32_t r = queue[i];
    if( i%4096==0 && poll_stop(poll) ) return STATUS_INTERRUPTED;
    for(k=a->carried.start[r]; k<a->carried.start[r+1]; k++){
      uint32_t id = a->carried.item[k];
      if( met[id] ) continue;
      met[id] = 1;
      reach(a, id, distances[r] + 1, distances, queue, &end);
    }
  }
  return STATUS_OK;
}

static Status explain(Identity *a, const Poll *poll){
  uint32_t *distances = numbers(a->records.count), *queue = numbers(a->records.count);
  uint8_t *met = memory_table((size_t)a->ids.count + 1);
  Status rc = distances && queue && met ? group_carried(a) : STATUS_NOMEM;
  if( rc==STATUS_OK ) rc = walk(a, distances, queue, met, poll);
  memory_free(distances);
  memory_free(queue);
  memory_free(met);
  lists_destroy(&a->carried);
  return rc;
}

static Status identity_finish(void *acc, int64_t *rows, Failure *f, const Poll *poll){
  Identity *a = acc;
  size_t n = a->records.count;
  Status rc;
  (void)f;
  keymap_trim(&a->records);
  keymap_trim(&a->ids);
  rc = group_carriers(a, poll);
  if( rc!=STATUS_OK ) return rc;
  a->parent = numbers(n);
  a->size = numbers(n);
  a->smallest = numbers(n);
  if( a->wantsVia ) a->via = numbers(n);
  if( !a->parent || !a->size || !a->smallest || (a->wantsVia && !a->via) ) return STATUS_NOMEM;
  rc = thin_out(a, a->parent, poll);                /* not in use yet */
  if( rc==STATUS_OK ) rc = make_clusters(a, poll);
  if( rc==STATUS_OK && a->wantsVia ) rc = explain(a, poll);
  lists_destroy(&a->carriers);
  *rows = (int64_t)n;
  return rc;
}

/* ---- the table ---- */

static Status identity_cell(void *acc, int64_t row, int column, TableCell *out, Failure *f){
  const Identity *a = acc;
  uint32_t r = (uint32_t)row, cluster = a->parent[r];
  Key type, value;
  (void)f;
  switch( column ){
    case OUTPUT_RECORD: case OUTPUT_ONE_ID:
      out->isKey = 1;
      keymap_key(&a->records, column==OUTPUT_RECORD ? r : a->smallest[cluster], &out->key);
      break;
    case OUTPUT_SIZE:
      result_integer(&out->result, a->size[cluster]);
      break;
    case OUTPUT_VIA_TYPE: case OUTPUT_VIA_VALUE:
      if( a->via==0 || a->via[r]==0 ) break;
      id_parts(a, a->via[r] - 1, &type, &value);
      out->isKey = 1;
      out->key = column==OUTPUT_VIA_TYPE ? type : value;
      break;
  }
  return STATUS_OK;
}

const TableMetric METRIC_IDENTITY_CLUSTER = {
  .size = sizeof(Identity), .keys = KEYS_IN(Identity, records),
  .second = COLUMN_SECOND, .absorbSecond = identity_ignore,
  .init = identity_init, .absorb = identity_absorb, .finish = identity_finish, .cell = identity_cell,
  .destroy = identity_destroy
};
