/* Key map: see keymap.h. */
#include "base/keymap.h"

#define FIRST_SLOTS 16
#define FINE_SLOTS (UINT64_C(1) << 20)     /* from here on tables grow in quarters of a power of 2 */
#define PAGE_BITS KEYMAP_PAGE_BITS
#define PAGE_ENTRIES (UINT32_C(1) << PAGE_BITS)
#define SEEDED_SLOTS 128                   /* from here on the hash has a seed */
#define SLOTS_PER_QUESTION 32768           /* a multiple of slots_move's 256 */
#define FIRST_PAGE_ENTRIES 8
#define FIRST_CHUNK 512                    /* bytes of the first arena chunk */
#define LAST_CHUNK ((size_t)1 << 23)

#if defined(__GNUC__)
# define PREFETCH(p) __builtin_prefetch(p)
#else
# define PREFETCH(p) ((void)(p))
#endif

/* ---- the arena: bytes of TEXT and BLOB keys, never moved ---- */

typedef struct KeyArena {
  struct KeyArena *next;
  size_t used, capacity;       /* of the bytes behind this header */
} KeyArena;

/* Stored: the head, size * 2 + (1: BLOB), seven bits a byte, low ones first, the last one
** below 128; then the bytes. */
#define HEAD_MOST 5

static inline uint64_t head_of(const Key *key){ return (uint64_t)key->size << 1 | (key->type==CELL_BLOB); }

/* Moves past the head. */
static inline uint64_t head_take(const char **at){
  uint64_t head = (unsigned char)*(*at)++;
  unsigned shift = 7;
  if( head < 128 ) return head;
  for(head &= 127; ; shift += 7){
    unsigned byte = (unsigned char)*(*at)++;
    head |= (uint64_t)(byte & 127) << shift;
    if( byte < 128 ) return head;
  }
}

static size_t head_put(uint64_t head, char *to){
  size_t n = 0;
  for(; head > 127; head >>= 7) to[n++] = (char)(head | 128);
  to[n++] = (char)head;
  return n;
}

static const char *arena_store(KeyArena **arena, const Key *key){
  char head[HEAD_MOST], *to;
  size_t headSize = head_put(head_of(key), head), need = headSize + key->size;
  KeyArena *a = *arena;
  if( a==0 || a->capacity - a->used < need ){
    size_t n = a==0 ? FIRST_CHUNK : a->capacity*2;
    if( n > LAST_CHUNK ) n = LAST_CHUNK;
    if( n < need ) n = need;
    a = memory_large(sizeof *a + n);
    if( a==0 ) return 0;
    a->next = *arena;
    a->used = 0;
    a->capacity = n;
    *arena = a;
  }
  to = (char*)(a+1) + a->used;
  a->used += need;
  memcpy(to, head, headSize);
  if( key->size ) memcpy(to + headSize, key->bytes, key->size);
  return to;
}

static void arena_destroy(KeyArena *a){
  while( a ){
    KeyArena *next = a->next;
    memory_free(a);
    a = next;
  }
}

/* ---- hashing; only the top 32 bits are used ---- */

static inline uint32_t hash_integer(const KeyMap *m, int64_t v){
  uint64_t h = (uint64_t)v ^ m->seed;
  h ^= h >> 32;
  h *= UINT64_C(0x9e3779b97f4a7c15) ^ m->secret;        /* odd: the secret is even */
  h ^= h >> 29;
  h *= UINT64_C(0xbf58476d1ce4e5b9);
  return (uint32_t)(h >> 32);
}

static inline uint32_t hash_key(const KeyMap *m, const Key *k){
  if( k->type==CELL_INTEGER ) return hash_integer(m, k->integer);
  return (uint32_t)(hash_keyed(k->bytes, k->size, (uint64_t)k->type ^ m->seed, m->secret) >> 32);
}

/* ---- entries ---- */

static inline char *entry_at(const KeyMap *m, uint32_t id){
  return m->pages[id >> PAGE_BITS] + (size_t)(id & (PAGE_ENTRIES-1)) * m->entrySize;
}

static inline int64_t entry_word(const char *entry){
  int64_t w;
  memcpy(&w, entry, sizeof w);
  return w;
}

static inline int is_bytes(const KeyMap *m, uint32_t id){
  size_t word = id >> 6;                   /* beyond the bits there are only INTEGER keys */
  return word < m->isBytesCapacity && (m->isBytes[word] >> (id & 63) & 1);
}

/* Head and bytes of a TEXT or BLOB key. */
static inline const char *entry_bytes(const char *entry){
  return (const char*)(uintptr_t)entry_word(entry);
}

static inline int entry_equals(const KeyMap *m, uint32_t id, const Key *k){
  const char *entry = entry_at(m, id);
  const char *bytes;
  if( k->type==CELL_INTEGER ) return entry_word(entry)==k->integer && !is_bytes(m, id);
  if( !is_bytes(m, id) ) return 0;
  bytes = entry_bytes(entry);
  return head_take(&bytes)==head_of(k) && (k->size==0 || memcmp(bytes, k->bytes, k->size)==0);
}

/* ---- room for more keys, made before any is inserted ---- */

/* The smallest table that holds this many keys at a load of 2/3. */
static uint64_t slots_for(uint64_t keys){
  uint64_t n = FIRST_SLOTS, step;
  while( keys*3 > n*4 ) n *= 2;
  if( keys*3 <= n*2 ) return n;
  for(step = n >= FINE_SLOTS ? n/4 : n; keys*3 > n*2; n += step){}
  return n;
}

/* Where the slots of a hash begin. */
static inline size_t home_of(uint32_t hash, size_t slots){ return (size_t)((uint64_t)hash * slots >> 32); }

/* Puts a slot into the free one that is the first from its home.  Slots that follow each other
** stand in rising order, but for those that went on at the beginning of the table: slots_move
** lives on that. */
static inline void slots_put_at(uint64_t *table, size_t slots, size_t at, uint64_t slot){
  size_t home = home_of((uint32_t)(slot >> 32), slots);
  for(; at > home && table[at-1] > slot; at--) table[at] = table[at-1];
  table[at] = slot;
}

static void slots_put(uint64_t *table, size_t slots, uint64_t slot){
  size_t at = home_of((uint32_t)(slot >> 32), slots);
  while( table[at] ) at = at + 1==slots ? 0 : at + 1;
  slots_put_at(table, slots, at, slot);
}

/* Moves a table into a larger, empty one.  In order each slot goes to its home or behind the
** one before, which is done without a branch that the processor cannot foresee. */
static Status slots_move(const KeyMap *m, uint64_t *to, size_t toCount){
  const uint64_t *from = m->slots;
  uint64_t used[256];
  size_t count = (size_t)m->slotCount, i, k, n, next = 0, first = 0;
  while( from[first] ) first++;
  for(i=first; i<count; ){
    if( (i - first) % SLOTS_PER_QUESTION==0 && i > first && stop_asked(m->stop) ) return STATUS_INTERRUPTED;
    size_t end = count - i > 256 ? i + 256 : count;
    for(n=0; i<end; i++){
      used[n] = from[i];
      n += from[i]!=0;
    }
    for(k=0; k<n; k++){
      size_t at = home_of((uint32_t)(used[k] >> 32), toCount);
      at = at > next ? at : next;
      if( at < toCount ) to[at] = used[k]; else slots_put(to, toCount, used[k]);
      next = at + 1;
    }
  }
  for(i=0; i<first; i++) slots_put(to, toCount, from[i]);   /* may have come round the end */
  return STATUS_OK;
}

static uint32_t hash_entry(const KeyMap *m, uint32_t id){
  Key k;
  keymap_key(m, id, &k);
  return hash_key(m, &k);
}

/* A table that grows out of the small sizes gets its seed, once: what it holds is hashed anew. */
static void seed_table(KeyMap *m, size_t slots){
  uint64_t word[2];
  if( m->seed || slots < SEEDED_SLOTS ) return;
  memory_random(word, sizeof word);
  m->seed = word[0] | 1;
  m->secret = word[1] & ~UINT64_C(1);
  memory_free(m->slots);
  m->slots = 0;
}

static Status slots_fill(const KeyMap *m, uint64_t *table, size_t slots){
  uint32_t id;
  if( m->slots ) return slots_move(m, table, slots);
  for(id=0; id < m->count; id++){
    if( id % SLOTS_PER_QUESTION==SLOTS_PER_QUESTION - 1 && stop_asked(m->stop) ) return STATUS_INTERRUPTED;
    slots_put(table, slots, (uint64_t)hash_entry(m, id) << 32 | (id + 1));
  }
  return STATUS_OK;
}

/* A slot table for `keys`, filled from the old one in order, or from the entries. */
static Status slots_build(KeyMap *m, uint64_t keys){
  size_t slots = (size_t)slots_for(keys);
  void *table;
  Status rc = memory_table_asking(sizeof(uint64_t) * slots, m->stop, &table);
  if( rc!=STATUS_OK ) return rc;
  seed_table(m, slots);
  rc = slots_fill(m, table, slots);
  if( rc!=STATUS_OK ){
    memory_free(table);
    return rc;
  }
  memory_free(m->slots);
  memory_free(m->direct);
  m->direct = 0;
  m->slots = table;
  m->slotCount = slots;
  return STATUS_OK;
}

/* An array by key - base pays while it is no larger than the slot table for these keys. */
static int direct_pays(const KeyMap *m, uint64_t keys){
  uint64_t range = (uint64_t)m->largest - (uint64_t)m->smallest;
  return !m->indirect && m->count > 0 && range < 2*slots_for(keys);
}

/* With a quarter to spare above, and below once keys have come down: keys in falling order
** must not build it anew each time.  The base may wrap around, as offsets are modulo 2^64. */
static Status direct_build(KeyMap *m){
  uint64_t spare = ((uint64_t)m->largest - (uint64_t)m->smallest)/4 + 64;
  uint64_t base = (uint64_t)(m->direct ? m->base : m->smallest), size;
  uint32_t *direct, id;
  void *table;
  Status rc;
  if( m->smallest < (int64_t)base ) base = (uint64_t)m->smallest - spare;
  size = (uint64_t)m->largest - base + 1 + spare;
  rc = memory_table_asking(size * sizeof(uint32_t), m->stop, &table);
  if( rc!=STATUS_OK ) return rc;
  direct = table;
  for(id=0; id<m->count; id++){
    if( id % SLOTS_PER_QUESTION==SLOTS_PER_QUESTION - 1 && stop_asked(m->stop) ){
      memory_free(table);
      return STATUS_INTERRUPTED;
    }
    direct[(uint64_t)entry_word(entry_at(m, id)) - base] = id + 1;
  }
  memory_free(m->slots);
  memory_free(m->direct);
  m->slots = 0;
  m->direct = direct;
  m->directSize = size;
  m->base = (int64_t)base;
  return STATUS_OK;
}

static Status slots_reserve(KeyMap *m, uint64_t keys){
  if( m->direct ) return STATUS_OK;
  if( m->slots && keys*3 <= 2*m->slotCount ) return STATUS_OK;
  return direct_pays(m, keys) ? direct_build(m) : slots_build(m, keys);
}

/* Page 0 grows by doubling until it is full; later pages are allocated whole. */
static Status first_page_reserve(KeyMap *m, uint64_t keys){
  uint32_t n = m->firstPage ? m->firstPage : FIRST_PAGE_ENTRIES;
  char *page;
  while( n < keys && n < PAGE_ENTRIES ) n *= 2;
  if( n==m->firstPage ) return STATUS_OK;
  page = memory_lines((size_t)n * m->entrySize);
  if( page==0 ) return STATUS_NOMEM;
  if( m->pages[0] && memory_copy(page, m->pages[0], (size_t)m->firstPage * m->entrySize, m->stop)!=STATUS_OK ){
    memory_free_lines(page);
    return STATUS_INTERRUPTED;
  }
  memory_free_lines(m->pages[0]);
  m->pages[0] = page;
  m->firstPage = n;
  return STATUS_OK;
}

static Status pages_reserve(KeyMap *m, uint64_t keys){
  size_t pages = (size_t)((keys + PAGE_ENTRIES - 1) >> PAGE_BITS);
  Status rc = memory_grow((void**)&m->pages, &m->pageCapacity, pages, sizeof(char*));
  if( rc!=STATUS_OK ) return rc;
  if( m->pageCount==0 ){ m->pages[0] = 0; m->pageCount = 1; }
  rc = first_page_reserve(m, keys);
  while( rc==STATUS_OK && m->pageCount < pages ){
    m->pages[m->pageCount] = memory_lines((size_t)PAGE_ENTRIES * m->entrySize);
    if( m->pages[m->pageCount]==0 ) return STATUS_NOMEM;
    m->pageCount++;
  }
  return rc;
}

/* Keys that fit before slots or pages must grow. */
static uint64_t room_of(const KeyMap *m){
  uint64_t slots = m->direct ? UINT64_MAX : 2*m->slotCount / 3;
  uint64_t pages = m->pageCount > 1 ? (uint64_t)m->pageCount << PAGE_BITS : m->firstPage;
  return slots < pages ? slots : pages;
}

static Status reserve(KeyMap *m, uint32_t more){
  uint64_t keys = (uint64_t)m->count + more;
  Status rc;
  if( keys <= m->room ) return STATUS_OK;
  if( keys > KEYMAP_MAX_KEYS ) return STATUS_OVERFLOW;
  rc = slots_reserve(m, keys);
  if( rc==STATUS_OK ) rc = pages_reserve(m, keys);
  if( rc==STATUS_OK ) m->room = room_of(m);
  return rc;
}

static Status mark_bytes(KeyMap *m, uint32_t id){
  size_t before = m->isBytesCapacity;
  Status rc = memory_grow((void**)&m->isBytes, &m->isBytesCapacity, (id >> 6) + 1, sizeof(uint64_t));
  if( rc!=STATUS_OK ) return rc;
  if( m->isBytesCapacity > before ){
    memset(m->isBytes + before, 0, (m->isBytesCapacity - before)*sizeof(uint64_t));
  }
  m->isBytes[id >> 6] |= UINT64_C(1) << (id & 63);
  return STATUS_OK;
}

/* ---- one key ---- */

/* The slot that holds the key, or the free one where it belongs. */
static inline size_t slot_of(const KeyMap *m, const Key *k, uint32_t hash){
  size_t at = home_of(hash, m->slotCount);
  while( m->slots[at] ){
    uint64_t slot = m->slots[at];
    if( (uint32_t)(slot >> 32)==hash && entry_equals(m, (uint32_t)slot - 1, k) ) break;
    at = at + 1==m->slotCount ? 0 : at + 1;
  }
  return at;
}

static inline uint32_t *direct_of(const KeyMap *m, const Key *k){
  uint64_t offset = (uint64_t)k->integer - (uint64_t)m->base;
  return k->type==CELL_INTEGER && offset < m->directSize ? &m->direct[offset] : 0;
}

/* id + 1 of a key that is there, or 0; in a slot table also its slot, or the free one for it. */
static inline uint32_t lookup(const KeyMap *m, const Key *k, uint32_t hash, size_t *slot){
  if( m->direct ){
    const uint32_t *place = direct_of(m, k);
    return place ? *place : 0;
  }
  if( m->slots==0 ) return 0;
  *slot = slot_of(m, k, hash);
  return (uint32_t)m->slots[*slot];
}

/* A new key widens the range; one outside `direct` makes it grow or gives it up. */
static Status range_widen(KeyMap *m, const Key *k){
  if( k->type!=CELL_INTEGER ){
    m->indirect = 1;
  }else if( m->count==0 ){
    m->smallest = m->largest = k->integer;
  }else{
    if( k->integer < m->smallest ) m->smallest = k->integer;
    if( k->integer > m->largest ) m->largest = k->integer;
  }
  if( m->direct==0 || direct_of(m, k) ) return STATUS_OK;
  if( direct_pays(m, (uint64_t)m->count + 1) ) return direct_build(m);
  m->indirect = 1;
  return slots_build(m, m->room);
}

/* Room is there; the arena, or a change from array to slots, can still fail: NULL and *rc. */
static char *find_or_add(KeyMap *m, const Key *k, uint32_t hash, uint32_t *id, Status *rc){
  size_t slot = 0;
  uint32_t there = lookup(m, k, hash, &slot);
  int wasDirect = m->slots==0;
  char *entry;
  int64_t word = k->integer;
  if( there ){
    *id = there - 1;
    return entry_at(m, *id);
  }
  if( (*rc = range_widen(m, k))!=STATUS_OK ) return 0;
  if( wasDirect && m->slots ){             /* perhaps with another seed */
    hash = hash_key(m, k);
    slot = slot_of(m, k, hash);
  }
  if( k->type!=CELL_INTEGER ){
    const char *stored = arena_store(&m->arena, k);
    if( stored==0 || mark_bytes(m, m->count)!=STATUS_OK ){ *rc = STATUS_NOMEM; return 0; }
    word = (int64_t)(uintptr_t)stored;
  }
  *id = m->count++;
  if( m->direct ){
    *direct_of(m, k) = *id + 1;
  }else{
    slots_put_at(m->slots, m->slotCount, slot, (uint64_t)hash << 32 | (*id + 1));
  }
  entry = entry_at(m, *id);
  memset(entry, 0, m->entrySize);
  memcpy(entry, &word, sizeof word);
  return entry;
}

void keymap_init(KeyMap *m, size_t payload){
  memset(m, 0, sizeof *m);
  m->entrySize = (uint32_t)((sizeof(int64_t) + payload + 7) & ~(size_t)7);
}

void keymap_destroy(KeyMap *m){
  size_t i;
  for(i=0; i<m->pageCount; i++) memory_free_lines(m->pages[i]);
  memory_free(m->pages);
  memory_free(m->slots);
  memory_free(m->direct);
  memory_free(m->isBytes);
  arena_destroy(m->arena);
  memset(m, 0, sizeof *m);
}

Status keymap_insert(KeyMap *m, const Key *k, void **payload, uint32_t *id){
  uint32_t own;
  char *entry;
  Status rc = reserve(m, 1);
  if( rc!=STATUS_OK ) return rc;
  entry = find_or_add(m, k, hash_key(m, k), &own, &rc);
  if( entry==0 ) return rc;
  if( payload ) *payload = entry + sizeof(int64_t);
  if( id ) *id = own;
  return STATUS_OK;
}

void *keymap_find(const KeyMap *m, const Key *k, uint32_t *id){
  size_t slot;
  uint32_t there = lookup(m, k, hash_key(m, k), &slot);
  if( there==0 ) return 0;
  if( id ) *id = there - 1;
  return entry_at(m, there - 1) + sizeof(int64_t);
}

void keymap_trim(KeyMap *m){
  memory_free(m->slots);
  memory_free(m->direct);
  m->slots = 0;
  m->direct = 0;
  m->room = 0;
}

void keymap_key(const KeyMap *m, uint32_t id, Key *out){
  const char *entry = entry_at(m, id);
  if( is_bytes(m, id) ){
    uint64_t head;
    out->bytes = entry_bytes(entry);
    head = head_take(&out->bytes);
    out->type = head & 1 ? CELL_BLOB : CELL_TEXT;
    out->integer = 0;
    out->size = (uint32_t)(head >> 1);
  }else{
    out->type = CELL_INTEGER;
    out->integer = entry_word(entry);
    out->bytes = 0;
    out->size = 0;
  }
}

/* ---- a batch of keys ---- */

Key key_of_cell(const Batch *batch, const Column *column, int i){
  Key k;
  k.type = (CellType)column->type[i];
  k.integer = column->cell[i].i;
  k.bytes = k.type==CELL_INTEGER ? 0 : batch->bytes + column->cell[i].i;
  k.size = column->size[i];
  return k;
}

/* The first slot whose stored hash fits names the entry that is most likely ours: its
** id + 1, or 0.  Slots stand in order, so a larger one ends the search; where a run goes on at
** the beginning of the table that can be too early, and find_or_add will look once more. */
static inline uint32_t likely_entry(const KeyMap *m, uint32_t hash){
  uint64_t least = (uint64_t)hash << 32, slots = m->slotCount;
  size_t at = home_of(hash, slots);
  while( m->slots[at] - 1 < least ) at = at + 1==slots ? 0 : at + 1;   /* a free slot - 1 is larger than all */
  return (uint32_t)(m->slots[at] >> 32)==hash ? (uint32_t)m->slots[at] : 0;
}

/* How many rows lie between asking for a slot, for its entry, and for the entry's bytes. */
#define TOUCH_DISTANCE 12

/* Asks for the place where the key is looked up; returns its hash (0 without slots: the seed may
** still come). */
static inline uint32_t ask_place(const KeyMap *m, const Batch *b, const Column *c, int row){
  uint32_t hash;
  if( m->direct && c->type[row]==CELL_INTEGER ){
    uint64_t offset = (uint64_t)c->cell[row].i - (uint64_t)m->base;
    if( offset < m->directSize ) PREFETCH(&m->direct[offset]);
    return 0;
  }
  if( m->slots==0 ) return 0;
  if( c->type[row]==CELL_INTEGER ){
    hash = hash_integer(m, c->cell[row].i);
  }else{
    Key k = key_of_cell(b, c, row);
    hash = hash_key(m, &k);
  }
  PREFETCH(&m->slots[home_of(hash, m->slotCount)]);
  return hash;
}

/* Reads that place and asks for the entry; returns its id + 1, or 0. */
static inline uint32_t ask_entry(const KeyMap *m, const Column *c, int row, uint32_t hash){
  uint32_t likely = 0;
  if( m->direct ){
    uint64_t offset = (uint64_t)c->cell[row].i - (uint64_t)m->base;
    if( c->type[row]==CELL_INTEGER && offset < m->directSize ) likely = m->direct[offset];
  }else if( m->slots ){
    likely = likely_entry(m, hash);
  }
  if( likely ) PREFETCH(entry_at(m, likely - 1));
  return likely;
}

static inline void touch_entry(const KeyMap *m, Batch *b, int row){
  b->likely[row] = ask_entry(m, &b->column[0], row, b->hash[row]);
}

static inline void touch_bytes(const KeyMap *m, const Batch *b, int row){
  uint32_t id = b->likely[row] - 1;
  if( b->likely[row] && is_bytes(m, id) ){
    const char *bytes = entry_bytes(entry_at(m, id));
    PREFETCH(bytes);
    PREFETCH(bytes + b->column[0].size[row]);       /* the last one: they may lie across two lines */
  }
}

void keymap_touch(Batch *b, int row){
  const KeyMap *m = b->keys;
  if( row==0 ) b->seed = m->seed;
  b->hash[row] = ask_place(m, b, &b->column[0], row);
  if( row < TOUCH_DISTANCE ) return;
  touch_entry(m, b, row - TOUCH_DISTANCE);
  if( row >= 2*TOUCH_DISTANCE && m->isBytes ) touch_bytes(m, b, row - 2*TOUCH_DISTANCE);
}

/* The touches that were still to come when the batch is looked up. */
static void touch_rest(Batch *b){
  const KeyMap *m = b->keys;
  int row, from = b->rows > TOUCH_DISTANCE ? b->rows - TOUCH_DISTANCE : 0;
  for(row=from; row<b->rows; row++) touch_entry(m, b, row);
  if( m->isBytes==0 ) return;
  from = b->rows > 2*TOUCH_DISTANCE ? b->rows - 2*TOUCH_DISTANCE : 0;
  for(row=from; row<b->rows; row++) touch_bytes(m, b, row);
}

/* Looks up rows that nobody touched: another column or map, rows from a table. */
static void touch_all(const KeyMap *m, const Batch *b, const Column *c, const uint8_t *rows, int n,
                      uint32_t *hash, uint32_t *likely){
  int i;
  for(i=0; i<n; i++) hash[rows[i]] = ask_place(m, b, c, rows[i]);
  for(i=0; i<n; i++) likely[rows[i]] = ask_entry(m, c, rows[i], hash[rows[i]]);
  for(i=0; m->isBytes && i<n; i++){
    uint32_t there = likely[rows[i]];
    if( there && is_bytes(m, there - 1) ) PREFETCH(entry_bytes(entry_at(m, there - 1)));
  }
}

/* The entry of one key, given its hash and the id + 1 that the slot table suggests. */
static char *settle(KeyMap *m, const Batch *b, const Column *c, int row, uint32_t hash,
                    uint32_t likely, uint32_t *id, Status *rc){
  Key k = key_of_cell(b, c, row);
  *id = likely - 1;
  if( likely && entry_equals(m, *id, &k) ) return entry_at(m, *id);
  return find_or_add(m, &k, hash ? hash : hash_key(m, &k), id, rc);
}

Status keymap_batch(KeyMap *m, Batch *b, const Column *c, const uint8_t *rows, int n,
                    void **out, uint32_t *ids){
  uint32_t hashes[BATCH_ROWS], guesses[BATCH_ROWS], *hash = hashes, *likely = guesses;
  int i, isInteger = m->isBytes==0 && column_is_integer(c, b->rows);    /* keys and entries are all INTEGERs */
  uint64_t seed;
  Status rc;
  if( b->stop ) m->stop = b->stop;
  rc = reserve(m, (uint32_t)n);
  if( rc!=STATUS_OK ) return rc;
  if( b->keys==m && c==&b->column[0] && b->seed==m->seed ){
    touch_rest(b);
    hash = b->hash;
    likely = b->likely;
  }
  if( likely==guesses ) touch_all(m, b, c, rows, n, hash, likely);
  seed = m->seed;                          /* may still come, with a key that ends the array by key */
  for(i=0; i<n; i++){
    int row = rows[i];
    uint32_t id = likely[row] - 1;
    char *entry = isInteger && likely[row] ? entry_at(m, id) : 0;
    if( entry==0 || entry_word(entry)!=c->cell[row].i ){
      entry = settle(m, b, c, row, m->seed==seed ? hash[row] : 0, likely[row], &id, &rc);
      if( entry==0 ) return rc;
    }
    out[i] = entry + sizeof(int64_t);
    if( ids ) ids[i] = id;
  }
  return STATUS_OK;
}

/* ---- codec and order ---- */

void key_put(Buffer *out, const Key *k){
  buffer_put_byte(out, (unsigned)k->type);
  if( k->type==CELL_INTEGER ){
    buffer_put_signed(out, k->integer);
  }else{
    buffer_put_unsigned(out, k->size);
    buffer_put(out, k->bytes, k->size);
  }
}

Status key_get(Reader *in, Key *k){
  memset(k, 0, sizeof *k);
  k->type = (CellType)reader_byte(in);
  if( k->type==CELL_INTEGER ){
    k->integer = reader_signed(in);
  }else if( k->type==CELL_TEXT || k->type==CELL_BLOB ){
    uint64_t n = reader_unsigned(in);
    if( n > UINT32_MAX ) return STATUS_CORRUPT;
    k->size = (uint32_t)n;
    k->bytes = reader_bytes(in, k->size);
  }else{
    return STATUS_CORRUPT;
  }
  return in->failed ? STATUS_CORRUPT : STATUS_OK;
}

int key_compare(const Key *a, const Key *b){
  uint32_t n = a->size < b->size ? a->size : b->size;
  int c;
  if( a->type!=b->type ) return a->type < b->type ? -1 : 1;
  if( a->type==CELL_INTEGER ) return (a->integer > b->integer) - (a->integer < b->integer);
  c = n ? memcmp(a->bytes, b->bytes, n) : 0;
  if( c ) return c < 0 ? -1 : 1;
  return (a->size > b->size) - (a->size < b->size);
}
