/* identity_cluster: see identity_cluster.h. */
#include "metric/identity/identity_cluster.h"
#include "metric/identity/forest.h"
#include "metric/identity/link_log.h"

enum { PARAMETER_MAX_RECORDS };
/* Batch columns; those of the second source are counted from 0 there. */
enum { COLUMN_RECORD, COLUMN_TYPE, COLUMN_VALUE, COLUMN_SECOND };
#define IDENTITY_VIA 1u        /* needs: the way back to one_id */

#define PER_QUESTION 65536
#define READS_PER_QUESTION (PER_QUESTION/LINKS_READ)

#define USUAL_TYPES 4

/* Lists of numbers: those of k stand in item[start[k]] ... item[start[k+1] - 1]. */
typedef struct Lists { uint32_t *start, *item; } Lists;

typedef struct Identity {
  KeyMap records, types;
  Key usual[USUAL_TYPES];      /* the first types again */
  KeyMap ids;                  /* see put_id */
  int limited, wantsVia;
  int64_t maxRecords;
  Batch *scratch;              /* ids made into keys, a batch at a time */
  LinkLog links;               /* a row that links: the record carries the id */
  uint8_t *ignored;            /* by id; NULL: none */
  Lists carriers;              /* id -> records */
  Lists carried;               /* record -> ids */
  int32_t *forest;             /* the parent of a record; of a root: -records of its tree.  Finished:
                               ** roots are the smallest records, all others their children */
  uint32_t *via;               /* record -> id + 1, or 0 */
} Identity;

static Status identity_init(void *acc, const TableRequest *request, Failure *f){
  Identity *a = acc;
  keymap_init(&a->records, 0);
  keymap_init(&a->types, 0);
  keymap_init(&a->ids, 0);
  a->limited = request->givenParameters >> PARAMETER_MAX_RECORDS & 1;
  a->maxRecords = request->parameter[PARAMETER_MAX_RECORDS].integer;
  a->wantsVia = (request->needs & IDENTITY_VIA)!=0;
  if( a->limited && a->maxRecords < 1 ){
    failure_set(f, "max_records %lld must be 1 or more", (long long)a->maxRecords);
    return STATUS_INVALID;
  }
  a->scratch = memory_zeroed(sizeof *a->scratch);
  return a->scratch ? STATUS_OK : STATUS_NOMEM;
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
  link_log_destroy(&a->links);
  lists_destroy(&a->carriers);
  lists_destroy(&a->carried);
  memory_free(a->ignored);
  memory_free(a->forest);
  memory_free(a->via);
}

/* ---- ids as keys ----
**
** An id is the number of its type and a value.  Most INTEGER values go with the type into one
** INTEGER key, in one of two forms: WIDE, two bits of type and a value of 0 ... 2^61 - 1; NEAR,
** the lowest bit set, 15 bits of type and a value of -2^47 ... 2^47 - 1.  All others are bytes:
** the head, type * 2 + (1: INTEGER), seven bits a byte and the last one below 128, then the value.
*/

#define WIDE_TYPES 4
#define WIDE_BITS 61
#define NEAR_TYPES 32768
#define NEAR_BITS 48
#define HEAD_BYTES 5

/* The INTEGER key of an id, if there is one. */
static int pack_id(uint32_t type, int64_t value, int64_t *out){
  uint64_t near = (uint64_t)value + (UINT64_C(1) << (NEAR_BITS - 1));
  if( type < WIDE_TYPES && (uint64_t)value >> WIDE_BITS==0 ){
    *out = (int64_t)((uint64_t)type << (WIDE_BITS + 1) | (uint64_t)value << 1);
    return 1;
  }
  if( type >= NEAR_TYPES || near >> NEAR_BITS ) return 0;
  *out = (int64_t)((uint64_t)type << (NEAR_BITS + 1) | near << 1 | 1);
  return 1;
}

static void unpack_id(int64_t packed, uint32_t *type, int64_t *value){
  uint64_t word = (uint64_t)packed;
  int bits = word & 1 ? NEAR_BITS : WIDE_BITS;
  uint64_t rest = word >> 1;
  *type = (uint32_t)(rest >> bits);
  rest &= (UINT64_C(1) << bits) - 1;
  *value = (int64_t)rest - (word & 1 ? INT64_C(1) << (NEAR_BITS - 1) : 0);
}

static size_t put_head(uint32_t type, int isInteger, char *to){
  uint64_t head = (uint64_t)type << 1 | (uint64_t)isInteger;
  size_t n = 0;
  for(; head > 127; head >>= 7) to[n++] = (char)(head | 128);
  to[n++] = (char)head;
  return n;
}

/* Appends the key of an id to the scratch batch. */
static Status put_id(Batch *s, uint32_t type, const Key *value){
  Column *c = &s->column[0];
  int isInteger = value->type==CELL_INTEGER;
  size_t n = isInteger ? sizeof(int64_t) : value->size, head;
  char *to;
  Status rc;
  if( isInteger && pack_id(type, value->integer, &c->cell[s->rows].i) ){
    c->type[s->rows++] = CELL_INTEGER;
    return STATUS_OK;
  }
  rc = memory_grow((void**)&s->bytes, &s->bytesCapacity, s->bytesUsed + n + HEAD_BYTES, 1);
  if( rc!=STATUS_OK ) return rc;
  to = s->bytes + s->bytesUsed;
  head = put_head(type, isInteger, to);
  if( n ) memcpy(to + head, isInteger ? (const char*)&value->integer : value->bytes, n);
  c->type[s->rows] = (uint8_t)(isInteger ? CELL_BLOB : value->type);
  c->cell[s->rows].i = (int64_t)s->bytesUsed;
  c->size[s->rows] = (uint32_t)(n + head);
  s->bytesUsed += n + head;
  s->rows++;
  return STATUS_OK;
}

/* Takes the head off the bytes of a key: the value is left. */
static uint32_t take_head(Key *value){
  uint64_t head = 0;
  unsigned byte, shift = 0;
  do{
    byte = (unsigned char)*value->bytes++;
    value->size--;
    head |= (uint64_t)(byte & 127) << shift;
    shift += 7;
  }while( byte > 127 );
  if( head & 1 ){
    value->type = CELL_INTEGER;
    memcpy(&value->integer, value->bytes, sizeof value->integer);
  }
  return (uint32_t)(head >> 1);
}

/* The two halves of an id. */
static void id_parts(const Identity *a, uint32_t id, Key *type, Key *value){
  uint32_t number;
  keymap_key(&a->ids, id, value);
  if( value->type==CELL_INTEGER ) unpack_id(value->integer, &number, &value->integer);
  else number = take_head(value);
  keymap_key(&a->types, number, type);
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

/* Same as key_compare(x, y)==0; most that differ do so in length. */
static inline int same_key(const Key *x, const Key *y){
  return x->type==y->type && x->size==y->size && x->integer==y->integer
      && (x->size==0 || memcmp(x->bytes, y->bytes, x->size)==0);
}

/* The numbers of the types in some rows: there are few, the usual ones need no look-up. */
static Status number_types(Identity *a, Batch *b, const uint8_t *rows, int n, uint32_t *numbers){
  const Column *c = &b->column[COLUMN_TYPE];
  uint8_t others[BATCH_ROWS], place[BATCH_ROWS];
  uint32_t found[BATCH_ROWS], k, usual = a->types.count < USUAL_TYPES ? a->types.count : USUAL_TYPES;
  void *ignored[BATCH_ROWS];
  int i, count = 0;
  Status rc;
  for(i=0; i<n; i++){
    Key type = key_of_cell(b, c, rows[i]);
    if( type.type==CELL_INTEGER ) type.size = 0; else type.integer = 0;
    for(k=0; k<usual && !same_key(&type, &a->usual[k]); k++){}
    numbers[i] = k;
    if( k < usual ) continue;
    place[count] = (uint8_t)i;
    others[count++] = rows[i];
  }
  if( count==0 ) return STATUS_OK;
  rc = keymap_batch(&a->types, b, c, others, count, ignored, found);
  for(i=0; rc==STATUS_OK && i<count; i++) numbers[place[i]] = found[i];
  for(k=usual; rc==STATUS_OK && k<USUAL_TYPES && k<a->types.count; k++) keymap_key(&a->types, k, &a->usual[k]);
  return rc;
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
  if( rc==STATUS_OK ) rc = number_types(a, b, rows, n, numbers);
  batch_clear(a->scratch);
  for(i=0; rc==STATUS_OK && i<n; i++){
    Key value = key_of_cell(b, values, rows[i]);
    rc = put_id(a->scratch, numbers[i], &value);
  }
  a->scratch->stop = b->stop;
  if( rc==STATUS_OK ) rc = keymap_batch(&a->ids, a->scratch, &a->scratch->column[0], ALL_ROWS, n, ignored, ids);
  for(i=0; rc==STATUS_OK && i<n; i++) rc = link_log_add(&a->links, records[rows[i]], ids[i]);
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

/* Empty lists for 0 ... n - 1 with room for all their items.  To fill them: lists_count for each
** item, lists_begin, lists_put for each. */
static Status lists_make(Lists *l, size_t n, size_t items){
  l->start = numbers(n + 1);
  l->item = memory_large((items + 1)*sizeof(uint32_t));
  return l->start && l->item ? STATUS_OK : STATUS_NOMEM;
}
static inline void lists_count(uint32_t *start, uint32_t k){ start[k + 2]++; }
static void lists_begin(uint32_t *start, uint32_t n){
  uint32_t k;
  for(k=2; k<=n; k++) start[k] += start[k-1];
}
/* start[k+1] is where the list of k goes on: in the end, where that of k + 1 begins. */
static inline void lists_put(Lists l, uint32_t k, uint32_t item){ l.item[l.start[k + 1]++] = item; }
static void lists_put_all(Lists l, const uint32_t *k, const uint32_t *item, int n){
  int i;
  for(i=0; i<n; i++) lists_put(l, k[i], item[i]);
}

static Status group_carriers(Identity *a, const Stop *stop){
  Lists *l = &a->carriers;
  LinkCursor first = { .log = &a->links }, second = first;
  uint32_t record[LINKS_READ], id[LINKS_READ], reads = 0;
  int i, n;
  Status rc = lists_make(l, a->ids.count, a->links.count);
  if( rc!=STATUS_OK ) return rc;
  while( (n = link_log_read(&first, record, id))!=0 ){
    if( reads++%READS_PER_QUESTION==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    for(i=0; i<n; i++) lists_count(l->start, id[i]);
  }
  lists_begin(l->start, a->ids.count);
  while( (n = link_log_read(&second, record, id))!=0 ){
    if( reads++%READS_PER_QUESTION==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    lists_put_all(*l, id, record, n);
  }
  link_log_destroy(&a->links);
  return STATUS_OK;
}

/* Each record once in a list; lists that link nothing become empty.  In place. */
static Status thin_out(Identity *a, uint32_t *seen, const Stop *stop){
  Lists *l = &a->carriers;
  uint32_t id, to = 0, i, from = 0;
  for(id=0; id<a->ids.count; id++){
    uint32_t first = to, end = l->start[id+1];
    if( id%PER_QUESTION==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
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

static int record_before(const Identity *a, uint32_t x, uint32_t y){
  Key xKey, yKey;
  keymap_key(&a->records, x, &xKey);
  keymap_key(&a->records, y, &yKey);
  return key_compare(&xKey, &yKey) < 0;
}

/* Each record a child of its root, and smallest[root] the smallest record of the tree. */
static Status flatten(Identity *a, uint32_t *smallest, const Stop *stop){
  uint32_t i;
  for(i=0; i<a->records.count; i++) smallest[i] = i;
  for(i=0; i<a->records.count; i++){
    uint32_t root = forest_root(a->forest, i);
    if( i%PER_QUESTION==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    if( root==i ) continue;
    a->forest[i] = (int32_t)root;
    if( record_before(a, i, smallest[root]) ) smallest[root] = i;
  }
  return STATUS_OK;
}

/* The smallest record becomes the root.  It is written when the root before it is met, which
** it hangs on until then: smallest[i] is i for whoever was no root. */
static Status enthrone(Identity *a, const uint32_t *smallest, const Stop *stop){
  uint32_t i;
  for(i=0; i<a->records.count; i++){
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    int32_t parent = a->forest[i];
    uint32_t first = smallest[parent < 0 ? i : (uint32_t)parent];
    if( first==i ) continue;
    if( parent < 0 ) a->forest[first] = parent;
    a->forest[i] = (int32_t)first;
  }
  return STATUS_OK;
}

/* work: a number for each record. */
static Status make_clusters(Identity *a, uint32_t *work, const Stop *stop){
  const Lists *l = &a->carriers;
  uint32_t id, i;
  Status rc;
  for(i=0; i<a->records.count; i++) a->forest[i] = -1;
  for(id=0; id<a->ids.count; id++){
    if( id%PER_QUESTION==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    for(i=l->start[id] + 1; i<l->start[id+1]; i++) forest_unite(a->forest, l->item[i-1], l->item[i]);
  }
  rc = flatten(a, work, stop);
  return rc==STATUS_OK ? enthrone(a, work, stop) : rc;
}

/* ---- the links that explain them ---- */

static Status group_carried(Identity *a, const Stop *stop){
  const Lists *from = &a->carriers;
  Lists *l = &a->carried;
  uint32_t id, i, items = from->start[a->ids.count];
  Status rc = lists_make(l, a->records.count, items);
  if( rc!=STATUS_OK ) return rc;
  for(i=0; i<items; i++){
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    lists_count(l->start, from->item[i]);
  }
  lists_begin(l->start, a->records.count);
  for(id=0; id<a->ids.count; id++){
    if( stop_asked_at(stop, id) ) return STATUS_INTERRUPTED;
    for(i=from->start[id]; i<from->start[id+1]; i++) lists_put(*l, from->item[i], id);
  }
  return STATUS_OK;
}

/* While walking: the top bit of via says that the record's distance is odd, and the smallest
** records, whose distance is 0, have one that is no id. */
#define ODD UINT32_C(0x80000000)
#define NO_ID (ODD - 1)

/* The records that carry `id`, which is met for the first time from a record at one distance
** less: each of them is that near, or at the distance told by `odd`, or not reached yet. */
static void reach(Identity *a, uint32_t id, uint32_t odd, uint32_t *queue, uint32_t *end){
  uint32_t i;
  uint32_t last = a->carriers.start[id + 1];
  for(i=a->carriers.start[id]; i<last; i++){
    uint32_t r = a->carriers.item[i], via = a->via[r];
    if( via==0 ){
      a->via[r] = (id + 1) | odd;
      queue[(*end)++] = r;
    }else if( (via & ODD)==odd && id_before(a, id, (via & ~ODD) - 1) ){
      a->via[r] = (id + 1) | odd;
    }
  }
}

/* Breadth first from all the smallest records. */
static Status walk(Identity *a, uint32_t *queue, uint8_t *met, const Stop *stop){
  uint32_t i, k, end = 0;
  for(i=0; i<a->records.count; i++){
    if( a->forest[i] >= -1 ) continue;
    a->via[i] = NO_ID;
    queue[end++] = i;
  }
  for(i=0; i<end; i++){
    uint32_t r = queue[i], odd = ~a->via[r] & ODD;
    if( i%4096==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    for(k=a->carried.start[r]; k<a->carried.start[r+1]; k++){
      uint32_t id = a->carried.item[k];
      if( met[id >> 3] >> (id & 7) & 1 ) continue;
      met[id >> 3] |= (uint8_t)(1 << (id & 7));
      reach(a, id, odd, queue, &end);
    }
  }
  for(i=0; i<a->records.count; i++) a->via[i] = a->via[i]==NO_ID ? 0 : a->via[i] & ~ODD;
  return STATUS_OK;
}

/* work: a number for each record. */
static Status explain(Identity *a, uint32_t *work, const Stop *stop){
  uint8_t *met = memory_table((size_t)a->ids.count/8 + 1);
  Status rc;
  a->via = numbers(a->records.count);
  rc = met && a->via ? group_carried(a, stop) : STATUS_NOMEM;
  if( rc==STATUS_OK ) rc = walk(a, work, met, stop);
  memory_free(met);
  lists_destroy(&a->carried);
  return rc;
}

static Status identity_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  Identity *a = acc;
  size_t n = a->records.count;
  uint32_t *work;
  Status rc;
  (void)f;
  keymap_trim(&a->records);
  keymap_trim(&a->ids);
  rc = group_carriers(a, stop);
  if( rc!=STATUS_OK ) return rc;
  work = numbers(n);
  a->forest = memory_large((n + 1)*sizeof *a->forest);
  if( work==0 || a->forest==0 ) rc = STATUS_NOMEM;
  if( rc==STATUS_OK ) rc = thin_out(a, work, stop);
  if( rc==STATUS_OK ) rc = make_clusters(a, work, stop);
  if( rc==STATUS_OK && a->wantsVia ) rc = explain(a, work, stop);
  memory_free(work);
  lists_destroy(&a->carriers);
  *rows = (int64_t)n;
  return rc;
}

/* ---- the table ---- */

/* The number of one_id of a row's cluster. */
static uint32_t identity_first(const Identity *a, int64_t row){
  return a->forest[row] < 0 ? (uint32_t)row : (uint32_t)a->forest[row];
}

static Status identity_record(void *acc, int64_t row, TableCell *out){
  return cell_key(out, &((Identity*)acc)->records, (uint32_t)row);
}
static Status identity_one_id(void *acc, int64_t row, TableCell *out){
  return cell_key(out, &((Identity*)acc)->records, identity_first(acc, row));
}
static Status identity_size(void *acc, int64_t row, TableCell *out){
  const Identity *a = acc;
  return cell_integer(out, -(int64_t)a->forest[identity_first(a, row)]);
}
/* which: 0 the type, 1 the value. */
static Status identity_via(void *acc, int64_t row, TableCell *out){
  const Identity *a = acc;
  Key part[2];
  if( a->via==0 || a->via[row]==0 ) return STATUS_OK;
  id_parts(a, a->via[row] - 1, &part[0], &part[1]);
  out->isKey = 1;
  out->key = part[out->which];
  return STATUS_OK;
}

static const TableOutput IDENTITY_OUTPUTS[] = {
  { "record", "", identity_record, 0, 0 },
  { "one_id", "", identity_one_id, 0, 0 },
  { "cluster_size", "INTEGER", identity_size, 0, 0 },
  { "via_type", "", identity_via, 0, IDENTITY_VIA },
  { "via_value", "", identity_via, 1, IDENTITY_VIA },
  { 0, 0, 0, 0, 0 }
};

const TableMetric METRIC_IDENTITY_CLUSTER = {
  .size = sizeof(Identity), .outputs = IDENTITY_OUTPUTS, .typicalRows = 1e6, .keys = KEYS_IN(Identity, records),
  .second = COLUMN_SECOND, .absorbSecond = identity_ignore,
  .init = identity_init, .absorb = identity_absorb, .finish = identity_finish,
  .destroy = identity_destroy
};
