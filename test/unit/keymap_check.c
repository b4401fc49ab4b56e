/*
** Checks ext/base/keymap.h and ext/metric/identity/link_log.h and forest.h: what goes in comes out, in tables that
** have grown through all their sizes.
**
**   make unit && build/unit/keymap_check
*/
#include <stdlib.h>
#include "check.h"
#include "base/keymap.h"
#include "metric/identity/forest.h"
#include "metric/identity/link_log.h"

int passed, failed;

/* ---- key number i of a kind, distinct for distinct i ---- */

enum { DENSE, FALLING, SPARSE, SHORT_TEXT, LONG_BYTES, MIXED, KINDS };

static char text[20000];

static Key bytes_key(CellType type, uint32_t size, uint64_t i){
  Key k = { .type = type, .bytes = text, .size = size };
  memcpy(text, &i, sizeof i);
  return k;
}

static Key key_of(int kind, uint64_t i){
  Key k = { .type = CELL_INTEGER };
  if( kind==MIXED ) kind = i < 2000 ? DENSE : (int)(i % 3) + SPARSE;
  switch( kind ){
    case DENSE: k.integer = (int64_t)i - 100; break;
    case FALLING: k.integer = 1000 - (int64_t)i; break;
    case SPARSE: k.integer = (int64_t)(i*UINT64_C(0x9E3779B97F4A7C15)); break;
    case SHORT_TEXT: k = bytes_key(i & 1 ? CELL_TEXT : CELL_BLOB, 4 + (uint32_t)(i % 3), i >> 1); break;
    case LONG_BYTES: k = bytes_key(CELL_TEXT, i % 500==0 ? 8185 + (uint32_t)(i % 13) : 60 + (uint32_t)(i % 9), i); break;
  }
  return k;
}

static int same_key(const Key *a, const Key *b){ return key_compare(a, b)==0; }

static void check_all_there(const KeyMap *m, int kind, uint32_t n){
  uint32_t i, id, wrong = 0;
  for(i=0; i<n; i++){
    Key key = key_of(kind, i), kept;
    if( keymap_find(m, &key, &id)==0 || id!=i ){ wrong++; continue; }
    keymap_key(m, i, &kept);
    wrong += !same_key(&key, &kept);
  }
  CHECK(wrong==0, "%u keys lost or changed", wrong);
  for(wrong=0; i<n + n/4 + 10; i++){
    Key key = key_of(kind, i);
    wrong += keymap_find(m, &key, &id)!=0;
  }
  CHECK(wrong==0, "%u keys found that are not there", wrong);
}

/* One by one, every key twice, then once more after its slots were given up. */
static void check_growth(int kind, uint32_t n){
  KeyMap m;
  uint32_t i, id, wrong = 0, next = 16;
  keymap_init(&m, 0);
  for(i=0; i<n; i++){
    Key key = key_of(kind, i);
    wrong += keymap_insert(&m, &key, 0, &id)!=STATUS_OK || id!=i;
    key = key_of(kind, random_below(i + 1));
    wrong += keymap_insert(&m, &key, 0, &id)!=STATUS_OK || id > i;
    if( i + 1==next ){ check_all_there(&m, kind, i + 1); next += next/3; }
  }
  check_all_there(&m, kind, n);
  CHECK(wrong==0 && m.count==n, "%u wrong insertions", wrong);
  /* load 8/15 to 2/3 where tables grow in quarters, 1/3 to 2/3 below */
  if( m.slots ) CHECK(m.slotCount <= 16 || m.slotCount*(n > 800000 ? 8u : 5u) <= (uint64_t)n*15 + 128, "%llu slots for %u keys", (unsigned long long)m.slotCount, n);
  keymap_trim(&m);
  for(i=n/2; i<n + 5; i++){
    Key key = key_of(kind, i);
    wrong += keymap_insert(&m, &key, 0, &id)!=STATUS_OK || id!=i;
  }
  CHECK(wrong==0, "%u wrong insertions after trimming", wrong);
  check_all_there(&m, kind, n + 5);
  keymap_destroy(&m);
}

static Status put_key(Batch *b, int row, const Key *key){
  Column *c = &b->column[0];
  Status rc;
  c->type[row] = (uint8_t)key->type;
  c->size[row] = key->size;
  c->cell[row].i = key->type==CELL_INTEGER ? key->integer : (int64_t)b->bytesUsed;
  if( key->type==CELL_INTEGER ) return STATUS_OK;
  rc = memory_grow((void**)&b->bytes, &b->bytesCapacity, b->bytesUsed + key->size, 1);
  if( rc!=STATUS_OK ) return rc;
  memcpy(b->bytes + b->bytesUsed, key->bytes, key->size);
  b->bytesUsed += key->size;
  return STATUS_OK;
}

/* Batches give the ids that single insertions give. */
static void check_batches(int kind, uint32_t keys, int touching){
  static Batch b;
  KeyMap one, many;
  uint8_t rows[BATCH_ROWS];
  uint32_t ids[BATCH_ROWS], id, round, wrong = 0;
  void *payload[BATCH_ROWS];
  int i;
  keymap_init(&one, 0);
  keymap_init(&many, 0);
  for(i=0; i<BATCH_ROWS; i++) rows[i] = (uint8_t)i;
  for(round=0; round<keys/16; round++){
    Status rc = STATUS_OK;
    b.bytesUsed = 0;
    for(i=0; i<BATCH_ROWS; i++){
      Key key = key_of(kind, random_below(keys));
      rc = put_key(&b, i, &key);
      if( rc!=STATUS_OK ) break;
    }
    b.rows = BATCH_ROWS;
    b.keys = touching ? &many : 0;
    for(i=0; touching && i<BATCH_ROWS; i++) keymap_touch(&b, i);
    if( rc==STATUS_OK ) rc = keymap_batch(&many, &b, &b.column[0], rows, BATCH_ROWS, payload, ids);
    wrong += rc!=STATUS_OK;
    for(i=0; i<BATCH_ROWS; i++){
      Key key = key_of_cell(&b, &b.column[0], i);
      wrong += keymap_insert(&one, &key, 0, &id)!=STATUS_OK || id!=ids[i];
    }
  }
  CHECK(wrong==0 && one.count==many.count, "%u wrong batches", wrong);
  keymap_destroy(&one);
  keymap_destroy(&many);
  memory_free(b.bytes);
  memset(&b, 0, sizeof b);
}

/* ---- keys in ascending order ---- */

enum { ASCENDING_INTEGERS, ASCENDING_TEXTS, ASCENDING_ALL, ASCENDINGS };

/* Number i in ascending order: INTEGERs, from `others` on texts, then blobs. */
static Key ascending_key(int kind, uint64_t i, uint64_t others){
  Key k = { .type = CELL_INTEGER, .integer = INT64_MIN + (int64_t)(i*i) };
  if( kind==ASCENDING_INTEGERS || (kind==ASCENDING_ALL && i < others) ) return k;
  k = bytes_key(kind==ASCENDING_ALL && i >= 2*others ? CELL_BLOB : CELL_TEXT, 0, 0);
  k.size = (uint32_t)snprintf(text, sizeof text, "%012llu%.*s", (unsigned long long)i, (int)(i % 9), "......... ");
  return k;
}

/* Rows of n customers in order, some of several rows; from row `fall` on one in so many is a customer again that
** came before, or one that should have come.  Ids, payloads and look-ups are those of a map that knows no order. */
static void check_appending(int kind, uint32_t n, uint32_t fall, int trims){
  static Batch b;
  KeyMap one, many;
  uint8_t rows[BATCH_ROWS];
  uint32_t ids[BATCH_ROWS], id, row, next = 0, wrong = 0, fell = 0;
  void *payload[BATCH_ROWS], *other;
  int i, k;
  keymap_init(&one, 8);
  keymap_init(&many, 8);
  for(row=0; next<n; row+=BATCH_ROWS){
    Status rc = STATUS_OK;
    b.bytesUsed = 0;
    for(i=k=0; rc==STATUS_OK && i<BATCH_ROWS; i++){
      uint64_t at = 2*(uint64_t)next + 1;
      if( random_below(3) ) at = 2*(uint64_t)++next + 1;
      if( row + (uint32_t)i >= fall && random_below(50)==0 ){
        at = random_below((uint32_t)at);
        fell = 1;
      }
      Key key = ascending_key(kind, at, n);
      rc = put_key(&b, i, &key);
      if( random_below(8) ) rows[k++] = (uint8_t)i;                 /* not all rows are asked for */
    }
    b.rows = BATCH_ROWS;
    if( trims && next > n/2 ){ trims = 0; keymap_trim(&many); }
    if( rc==STATUS_OK ) rc = keymap_append(&many, &b, &b.column[0], rows, k, payload, ids);
    wrong += rc!=STATUS_OK;
    for(i=0; i<k; i++){
      Key key = key_of_cell(&b, &b.column[0], rows[i]);
      wrong += keymap_insert(&one, &key, &other, &id)!=STATUS_OK || id!=ids[i];
      ++*(uint64_t*)other;
      ++*(uint64_t*)payload[i];
      wrong += payload[i]!=keymap_payload(&many, ids[i]);
    }
  }
  CHECK(fell || (many.slots==0 && many.direct==0), "keys in order were made to be looked up");
  CHECK(keymap_index(&many)==STATUS_OK && (many.slots || many.direct), "nothing to look up by");
  for(id=0; id<one.count; id++){
    Key key;
    uint32_t found;
    keymap_key(&one, id, &key);
    other = keymap_find(&many, &key, &found);
    wrong += other==0 || found!=id || *(uint64_t*)other!=*(uint64_t*)keymap_payload(&one, id);
  }
  CHECK(wrong==0 && one.count==many.count, "%u wrong of %u keys in order (%d, fall %u)", wrong, n, kind, fall);
  keymap_destroy(&one);
  keymap_destroy(&many);
  memory_free(b.bytes);
  memset(&b, 0, sizeof b);
}

/* ---- keys prepared to meet in one place ---- */

static uint64_t inverse(uint64_t odd){
  uint64_t x = odd;
  int i;
  for(i=0; i<6; i++) x *= 2 - odd*x;
  return x;
}

/* Number i of the INTEGERs whose hash without a seed has the same upper half. */
static Key prepared_integer(uint32_t i){
  Key k = { .type = CELL_INTEGER };
  uint64_t h = (UINT64_C(0x12345678) << 32 | i)*inverse(UINT64_C(0xbf58476d1ce4e5b9));
  h ^= h >> 29 ^ h >> 58;
  h *= inverse(UINT64_C(0x9e3779b97f4a7c15));
  k.integer = (int64_t)(h ^ h >> 32);
  return k;
}

/* 20 bytes, of which the second eight make the second factor of the first product 0. */
static Key prepared_bytes(uint32_t i){
  Key k = bytes_key(CELL_TEXT, 20, i);
  uint64_t zero = UINT64_C(0xd1b54a32d192ed03);
  memcpy(text + 8, &zero, sizeof zero);
  memcpy(text + 16, "tail", 4);
  return k;
}

/* How far from their homes the keys stand, all together. */
static uint64_t displacement(const KeyMap *m){
  uint64_t at, far = 0;
  for(at=0; at<m->slotCount; at++){
    uint64_t home = (m->slots[at] >> 32)*m->slotCount >> 32;
    if( m->slots[at] ) far += at >= home ? at - home : at + m->slotCount - home;
  }
  return far;
}

static void check_prepared(Key (*prepared)(uint32_t)){
  KeyMap m;
  uint32_t i, id, n = 20000, wrong = 0;
  keymap_init(&m, 0);
  for(i=0; i<n; i++){
    Key key = prepared(i);
    wrong += keymap_insert(&m, &key, 0, &id)!=STATUS_OK || id!=i;
  }
  for(i=0; i<n; i++){
    Key key = prepared(i);
    wrong += keymap_find(&m, &key, &id)==0 || id!=i;
  }
  CHECK(wrong==0 && m.slots!=0, "%u prepared keys lost", wrong);
  CHECK(displacement(&m) < 8*(uint64_t)n, "prepared keys stand %llu slots from home", (unsigned long long)displacement(&m));
  keymap_destroy(&m);
}

/* ---- the seed ---- */

/* No two maps place the same keys alike once they are large: each has words of its own, which stay
** as they are while it grows; a small one has none. */
static void check_seed(int kind){
  KeyMap m[2];
  uint32_t i, id, at, alike = 0, wrong = 0;
  uint64_t seed[2], secret[2];
  int k;
  for(k=0; k<2; k++){
    keymap_init(&m[k], 0);
    for(i=0; i<20; i++){
      Key key = key_of(kind, i);
      wrong += keymap_insert(&m[k], &key, 0, &id)!=STATUS_OK;
    }
    CHECK(m[k].seed==0 && m[k].secret==0, "a map of 20 keys has a seed");
    for(; i<2000; i++){
      Key key = key_of(kind, i);
      wrong += keymap_insert(&m[k], &key, 0, &id)!=STATUS_OK;
    }
    seed[k] = m[k].seed;
    secret[k] = m[k].secret;
    for(; i<20000; i++){
      Key key = key_of(kind, i);
      wrong += keymap_insert(&m[k], &key, 0, &id)!=STATUS_OK;
    }
    CHECK(m[k].slots!=0 && m[k].seed!=0 && m[k].seed==seed[k] && m[k].secret==secret[k], "no seed, or another one after growing");
  }
  CHECK(seed[0]!=seed[1] && secret[0]!=secret[1] && (secret[0] & 1)==0, "two maps have one seed");
  for(at=0; at<m[0].slotCount; at++) alike += m[0].slots[at]!=0 && m[0].slots[at]==m[1].slots[at];
  CHECK(wrong==0 && alike < 200, "%u of 20000 keys stand alike", alike);
  for(k=0; k<2; k++) keymap_destroy(&m[k]);
}

/* The longest run of slots that are taken, in which a key may have to be sought. */
static uint64_t longest_run(const KeyMap *m){
  uint64_t at, run = 0, longest = 0;
  for(at=0; at<2*m->slotCount; at++){
    run = m->slots[at % m->slotCount] ? run + 1 : 0;
    if( run > longest ) longest = run;
  }
  return longest;
}

/* Keys that are prepared for a seed that is known: with any other they are as good as random. */
static void check_runs(Key (*prepared)(uint32_t)){
  KeyMap m;
  uint32_t i, id, n = 40000;
  keymap_init(&m, 0);
  for(i=0; i<n; i++){
    Key key = prepared(i);
    (void)keymap_insert(&m, &key, 0, &id);
  }
  CHECK(m.count==n && longest_run(&m) < 400, "%llu slots in a row are taken", (unsigned long long)longest_run(&m));
  keymap_destroy(&m);
}

/* ---- links ---- */

/* Numbers as a key map gives them, or any at all; mostly new, mostly old, in runs. */
static uint32_t link_number(int mode, uint32_t *next, uint32_t last){
  uint32_t choice = random_below(16);
  if( mode==3 ) return random_below(UINT32_C(1) << random_below(28));
  if( *next==0 || choice < (mode==0 ? 12u : 2u) ) return (*next)++;
  if( mode==2 && choice < 12 && last + 1 < *next ) return last + choice % 2;
  return random_below(*next);
}

/* A map that grows asks whether to stop, and is as it was when told to. */
typedef struct Questions { int asked, until; } Questions;
static int question(void *arg){
  Questions *q = arg;
  return ++q->asked==q->until;
}
static int check_stop(int kind, uint32_t n, int until){
  Questions q = { 0, until };
  Stop stop = { question, &q };
  KeyMap m;
  uint32_t i, id, wrong = 0, stopped = 0;
  keymap_init(&m, 8);
  m.stop = &stop;
  for(i=0; i<n; i++){
    Key key = key_of(kind, i);
    Status rc = keymap_insert(&m, &key, 0, &id);
    stopped += rc==STATUS_INTERRUPTED;
    if( rc==STATUS_INTERRUPTED ) rc = keymap_insert(&m, &key, 0, &id);
    wrong += rc!=STATUS_OK || id!=i;
  }
  check_all_there(&m, kind, n);
  CHECK(wrong==0 && m.count==n && stopped==(uint32_t)(until > 0 && until <= q.asked), "%u wrong, %u stopped at %d", wrong, stopped, until);
  keymap_destroy(&m);
  return q.asked;
}
static void check_stops(int kind, uint32_t n){
  int asked = check_stop(kind, n, 0), i, until;
  /* The last table alone is zeroed and filled in pieces of 256 KB, and the entries are copied in such. */
  CHECK(asked >= (int)((size_t)n*(kind==DENSE || kind==FALLING ? 4 + 16 : 2*8 + 16) >> 18), "%u keys of kind %d: %d questions", n, kind, asked);
  for(i=0; i<4; i++){
    until = 1 + (int)random_below((uint32_t)asked);
    check_stop(kind, n, until);
  }
}

static void check_links(int mode, uint32_t n){
  LinkLog log = { 0 };
  LinkCursor cursor = { .log = &log };
  uint32_t *wanted = malloc(2*sizeof *wanted*(n + 1)), i, nextRecord = 0, nextId = 0, wrong = 0;
  uint32_t record[LINKS_READ], id[LINKS_READ];
  int got, k;
  if( wanted==0 ) exit(2);
  for(i=0; i<n; i++){
    uint32_t *w = wanted + 2*(size_t)i;
    w[0] = link_number(mode, &nextRecord, i ? w[-2] : 0);
    w[1] = link_number((mode + 1) % 4, &nextId, i ? w[-1] : 0);
    wrong += link_log_add(&log, w[0], w[1])!=STATUS_OK;
  }
  for(i=0; (got = link_log_read(&cursor, record, id))!=0; ){
    for(k=0; k<got && i<n; k++, i++) wrong += record[k]!=wanted[2*(size_t)i] || id[k]!=wanted[2*(size_t)i + 1];
    if( k<got ) break;
  }
  wrong += i!=n || got!=0;
  CHECK(wrong==0 && log.count==n, "%u wrong links", wrong);
  link_log_destroy(&log);
  free(wanted);
}

/* The most steps from a record to its root, after links that come in the worst order: a chain
** whose root joins the next record, and trees of equal size. */
static uint32_t deepest(const int32_t *forest, uint32_t n){
  uint32_t i, deep = 0;
  for(i=0; i<n; i++){
    uint32_t x = i, steps = 0;
    while( forest[x] >= 0 && steps <= n ){ x = (uint32_t)forest[x]; steps++; }
    if( steps > deep ) deep = steps;
  }
  return deep;
}
static void check_forest(void){
  enum { N = 4096, LOG = 12 };
  static int32_t forest[N];
  uint32_t i, width;
  int way;
  for(way=0; way<4; way++){
    for(i=0; i<N; i++) forest[i] = -1;
    for(i=1; way==0 && i<N; i++) forest_unite(forest, i, i - 1);
    for(i=1; way==1 && i<N; i++) forest_unite(forest, i - 1, i);
    for(width=1; way>=2 && width<N; width*=2){
      for(i=0; i<N; i+=2*width) forest_unite(forest, way==2 ? i : i + width, way==2 ? i + width : i);
    }
    CHECK(deepest(forest, N) <= LOG, "way %d: a record stands %u deep", way, deepest(forest, N));
    for(i=width=0; i<N; i++) width += forest_root(forest, i)==forest_root(forest, 0);
    CHECK(width==N, "way %d: %u of %d are one", way, width, N);
  }
}

int main(void){
  int kind, i;
  check_forest();
  for(kind=0; kind<KINDS; kind++){
    check_growth(kind, 20000);
    check_batches(kind, 15000, 0);
    check_batches(kind, 15000, 1);
    for(i=0; i<200; i++) check_batches(kind, 16*(4 + random_below(20)), (int)random_below(2));
  }
  for(kind=0; kind<ASCENDINGS; kind++){
    check_appending(kind, 60000, UINT32_MAX, 0);
    check_appending(kind, 60000, UINT32_MAX, 1);
    check_appending(kind, 60000, 50000, 0);
    for(i=0; i<100; i++) check_appending(kind, 1 + random_below(600), random_below(1000), i & 1);
  }
  check_appending(ASCENDING_INTEGERS, 1300000, UINT32_MAX, 0);
  check_prepared(prepared_integer);
  check_prepared(prepared_bytes);
  check_runs(prepared_integer);
  check_runs(prepared_bytes);
  check_seed(SPARSE);
  check_seed(SHORT_TEXT);
  check_seed(LONG_BYTES);
  for(i=0; i<300; i++) check_growth(i % KINDS, 1 + random_below(40));
  check_growth(SPARSE, 1900000);         /* beyond the size from which tables grow in quarters */
  check_growth(SHORT_TEXT, 900000);
  for(kind=0; kind<MIXED; kind++) check_stops(kind, 120000);
  for(i=0; i<400; i++) check_links(i % 4, random_below(20));
  for(i=0; i<8; i++) check_links(i % 4, 300000);
  return check_summary();
}
