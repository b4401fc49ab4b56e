/* A key map grows: room for its slots, entries and the bytes of its keys.  See keymap.h. */
#include "base/keymap_inside.h"

#define FIRST_SLOTS 16
#define FINE_SLOTS (UINT64_C(1) << 20)     /* from here on tables grow in quarters of a power of 2 */
#define SEEDED_SLOTS 128                   /* from here on the hash has a seed */
#define SLOTS_PER_QUESTION 32768           /* a multiple of slots_move's 256 */
#define FIRST_PAGE_ENTRIES 8
#define BLOCK_PAGES_MOST (UINT32_C(1) << (20 - PAGE_BITS))
#define FIRST_CHUNK 512                    /* bytes of the first arena chunk */
#define LAST_CHUNK ((size_t)1 << 23)

/* ---- the arena ---- */

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

/* ---- room for more keys, made before any is inserted ---- */

/* The smallest table that holds this many keys at a load of 2/3. */
static uint64_t slots_for(uint64_t keys){
  uint64_t n = FIRST_SLOTS, step;
  while( keys*3 > n*4 ) n *= 2;
  if( keys*3 <= n*2 ) return n;
  for(step = n >= FINE_SLOTS ? n/4 : n; keys*3 > n*2; n += step){}
  return n;
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
  m->ascending = 0;
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
  m->ascending = 0;
  return STATUS_OK;
}

static Status slots_reserve(KeyMap *m, uint64_t keys){
  if( m->direct ) return STATUS_OK;
  if( m->slots && keys*3 <= 2*m->slotCount ) return STATUS_OK;
  return direct_pays(m, keys) ? direct_build(m) : slots_build(m, keys);
}

/* ---- pages: the first block grows by doubling and is copied, further ones stay where they are ---- */

static size_t first_pages(const KeyMap *m){ return m->firstBlock > PAGE_ENTRIES ? m->firstBlock >> PAGE_BITS : m->firstBlock > 0; }

/* The block that begins with page p has as many pages as there are before it, up to a limit: huge pages fit in. */
static size_t block_pages(size_t p){ return p < BLOCK_PAGES_MOST ? p : BLOCK_PAGES_MOST; }

static Status set_pages(KeyMap *m, size_t from, size_t n, char *block){
  size_t i;
  Status rc = memory_grow((void**)&m->pages, &m->pageCapacity, from + n, sizeof(char*));
  if( rc!=STATUS_OK ) return rc;
  for(i=0; i<n; i++) m->pages[from + i] = block + i*PAGE_ENTRIES*m->entrySize;
  m->pageCount = from + n;
  return STATUS_OK;
}

static Status first_block_reserve(KeyMap *m, uint64_t keys, uint32_t most){
  uint32_t n = m->firstBlock ? m->firstBlock : FIRST_PAGE_ENTRIES;
  char *block, *old = m->firstBlock ? m->pages[0] : 0;
  Status rc = STATUS_OK;
  while( n < keys && n < most ) n *= 2;
  if( n==m->firstBlock ) return STATUS_OK;
  block = memory_lines((size_t)n * m->entrySize);
  if( block==0 ) return STATUS_NOMEM;
  if( old ) rc = memory_copy(block, old, (size_t)m->firstBlock * m->entrySize, m->stop);
  if( rc==STATUS_OK ) rc = set_pages(m, 0, n > PAGE_ENTRIES ? n >> PAGE_BITS : 1, block);
  if( rc!=STATUS_OK ){
    memory_free_lines(block);
    return rc;
  }
  memory_free_lines(old);
  m->firstBlock = n;
  return STATUS_OK;
}

static Status block_add(KeyMap *m){
  size_t n = block_pages(m->pageCount);
  char *block = memory_lines(n * PAGE_ENTRIES * m->entrySize);
  Status rc = block ? set_pages(m, m->pageCount, n, block) : STATUS_NOMEM;
  if( rc!=STATUS_OK ) memory_free_lines(block);
  return rc;
}

/* Where keys come in any order one large block is the fastest to look up; in ascending order nothing need be copied. */
static Status pages_reserve(KeyMap *m, uint64_t keys, int inOrder){
  size_t pages = (size_t)((keys + PAGE_ENTRIES - 1) >> PAGE_BITS);
  Status rc = STATUS_OK;
  if( m->pageCount==first_pages(m) ) rc = first_block_reserve(m, keys, inOrder ? PAGE_ENTRIES : BLOCK_PAGES_MOST*PAGE_ENTRIES);
  while( rc==STATUS_OK && m->pageCount < pages ) rc = block_add(m);
  return rc;
}

static void pages_free(KeyMap *m){
  size_t i;
  if( m->pageCount ) memory_free_lines(m->pages[0]);
  for(i=first_pages(m); i<m->pageCount; i+=block_pages(i)) memory_free_lines(m->pages[i]);
  memory_free(m->pages);
}

/* Keys that fit before slots or pages must grow. */
static uint64_t room_of(const KeyMap *m){
  uint64_t slots = m->direct ? UINT64_MAX : 2*m->slotCount / 3;
  uint64_t pages = m->pageCount > 1 ? (uint64_t)m->pageCount << PAGE_BITS : m->firstBlock;
  return slots < pages ? slots : pages;
}

Status keymap_reserve(KeyMap *m, uint32_t more){
  uint64_t keys = (uint64_t)m->count + more;
  Status rc;
  if( keys <= m->room ) return STATUS_OK;
  if( keys > KEYMAP_MAX_KEYS ) return STATUS_OVERFLOW;
  rc = slots_reserve(m, keys);
  if( rc==STATUS_OK ) rc = pages_reserve(m, keys, 0);
  if( rc==STATUS_OK ) m->room = room_of(m);
  return rc;
}

Status keymap_reserve_entries(KeyMap *m, uint32_t more){
  uint64_t keys = (uint64_t)m->count + more;
  return keys > KEYMAP_MAX_KEYS ? STATUS_OVERFLOW : pages_reserve(m, keys, 1);
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

Status keymap_widen(KeyMap *m, const Key *k){
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

const char *keymap_store(KeyMap *m, const Key *key, uint32_t id){
  const char *stored = arena_store(&m->arena, key);
  return stored && mark_bytes(m, id)==STATUS_OK ? stored : 0;
}

void keymap_forget(KeyMap *m){
  pages_free(m);
  memory_free(m->slots);
  memory_free(m->direct);
  memory_free(m->isBytes);
  arena_destroy(m->arena);
}
