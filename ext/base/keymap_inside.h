/* Inside the key map: its hash, its entries and slots, for keymap.c and keymap_grow.c. */
#ifndef SIYU_KEYMAP_INSIDE_H
#define SIYU_KEYMAP_INSIDE_H

#include "base/keymap.h"

#define PAGE_BITS KEYMAP_PAGE_BITS
#define PAGE_ENTRIES (UINT32_C(1) << PAGE_BITS)

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

/* ---- slots ---- */

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

/* The place of an INTEGER key in the array by key; NULL: outside. */
static inline uint32_t *direct_of(const KeyMap *m, const Key *k){
  uint64_t offset = (uint64_t)k->integer - (uint64_t)m->base;
  return k->type==CELL_INTEGER && offset < m->directSize ? &m->direct[offset] : 0;
}

/* ---- keymap_grow.c ---- */

/* Room for that many keys more. */
Status keymap_reserve(KeyMap *m, uint32_t more);
/* The same for entries alone. */
Status keymap_reserve_entries(KeyMap *m, uint32_t more);
/* A new key widens the range; one outside the array makes that grow, or gives it up. */
Status keymap_widen(KeyMap *m, const Key *k);
/* The bytes of a TEXT or BLOB key, for good; NULL: out of memory.  id: what the key gets. */
const char *keymap_store(KeyMap *m, const Key *key, uint32_t id);
void keymap_forget(KeyMap *m);

#endif
