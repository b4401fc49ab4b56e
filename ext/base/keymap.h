/*
** Key map: INTEGER, TEXT or BLOB key -> dense id 0, 1, 2 ... in order of first
** sight, with a fixed-size zeroed payload beside each key.
**
** Keys are equal as BINARY collation says: 1, '1' and x'31' are three keys.
** Memory for INTEGER keys: 12 to 15 bytes per key in the slot table (load 8/15 to 2/3; below
** 700,000 keys up to 24, load 1/3) plus 8 + payload bytes in the entries; TEXT and BLOB add their
** bytes + 1 (+ 2 from 64 bytes on).
** INTEGER keys that fill their range well (ids 1, 2, 3 ...) need no hashing: an array by
** key - base replaces the slot table as soon as it is the smaller one, 4 to 5 bytes per key.
**
** The slot table is probed a batch at a time: hash all, prefetch all, then look.  Where
** rows come one by one (keymap_touch), the two waits for memory, slot and entry, run
** while SQLite fetches the next rows.
** A slot's place is proportional to the hash that it stores, and slots stand in order of
** it: growing is one sequential sweep that touches no key, by a quarter of a power of two.
** From some hundred keys on the hash has a random seed, so that nobody can prepare keys that
** meet in one place.  Ids go by order of first sight: nothing that is answered depends on it.
*/
#ifndef SIYU_KEYMAP_H
#define SIYU_KEYMAP_H

#include "spine/batch.h"
#include "base/buffer.h"

typedef struct Key {
  CellType type;               /* CELL_INTEGER, CELL_TEXT or CELL_BLOB */
  int64_t integer;
  const char *bytes;           /* TEXT, BLOB */
  uint32_t size;
} Key;

/* An entry: the key's word (the integer, or the address of its bytes), then the payload. */
typedef struct KeyEntry { int64_t word; } KeyEntry;

typedef struct KeyMap {
  uint64_t *slots;             /* hash's top 32 bits << 32 | id + 1; 0 is free */
  uint64_t slotCount;          /* a power of 2, or 5, 6 or 7 quarters of one */
  uint32_t *direct;            /* instead of slots: id + 1 by key - base; 0 is free */
  uint64_t directSize;
  int64_t base;
  int64_t smallest, largest;   /* INTEGER keys so far; valid while count > 0 */
  int indirect;                /* a key has come that `direct` cannot hold: never again */
  int ascending;               /* keymap_append alone made it: keys stand in order of id, without slots or `direct` */
  uint32_t count;              /* keys in the map */
  uint64_t room;               /* keys that fit without growing */
  uint32_t entrySize;          /* 8 + payload, a multiple of 8 */
  char **pages;                /* entries by id */
  size_t pageCount, pageCapacity;
  uint32_t firstBlock;         /* entries that the first block of pages has room for */
  uint64_t *isBytes;           /* bit id: key is TEXT or BLOB; NULL while all are INTEGER */
  size_t isBytesCapacity;
  struct KeyArena *arena;      /* the bytes of TEXT and BLOB keys */
  uint64_t seed, secret;       /* of the hash: 0 while the map is small */
  const Stop *stop;            /* asked while a large map grows; keymap_batch takes it from the batch */
} KeyMap;

#define KEYMAP_MAX_KEYS UINT32_C(0x05000000)   /* 83 million; slots stay within one allocation */

/* An empty map; allocates nothing before the first key. */
void keymap_init(KeyMap *map, size_t payload);
void keymap_destroy(KeyMap *map);

/* The entries of `n` keys taken from a column (no NULL among those selected): out[i] is the
** payload of the key in row rows[i]; ids (may be NULL) their ids.  STATUS_NOMEM,
** STATUS_OVERFLOW (too many keys), STATUS_INTERRUPTED: no payload is valid then, the map stays usable. */
Status keymap_batch(KeyMap *map, Batch *batch, const Column *column,
                    const uint8_t *rows, int n, void **out, uint32_t *ids);

/* The same where keys are likely to come in ascending order, as from a ledger or an index.  As long as each is
** the last one again, or larger, none is hashed and nothing is built to look one up by: keymap_find finds
** nothing.  The first key that is neither builds that. */
Status keymap_append(KeyMap *map, Batch *batch, const Column *column,
                     const uint8_t *rows, int n, void **out, uint32_t *ids);
/* Builds what keymap_find needs, where it is not there. */
Status keymap_index(KeyMap *map);

/* Row `row` of column 0 of a batch with batch->keys set has just been decoded: starts the
** look-up that keymap_batch will finish. */
void keymap_touch(Batch *batch, int row);

/* The payload of one key, inserted when new, and its id (either may be NULL).  As keymap_batch's
** where it fails; nothing is written then. */
Status keymap_insert(KeyMap *map, const Key *key, void **payload, uint32_t *id);
/* The payload of a key that is there, or NULL. */
void *keymap_find(const KeyMap *map, const Key *key, uint32_t *id);

/* Frees what only look-ups need, a third to a half of an INTEGER map: keys and payloads by id
** stay.  Nothing is found any more, until the next insertion builds it anew. */
void keymap_trim(KeyMap *map);

/* Key and payload by id (< count). */
void keymap_key(const KeyMap *map, uint32_t id, Key *out);
#define KEYMAP_PAGE_BITS 12            /* entries of a page: 2^12 */
static inline void *keymap_payload(const KeyMap *m, uint32_t id){
  return m->pages[id >> KEYMAP_PAGE_BITS]
       + (size_t)(id & ((UINT32_C(1) << KEYMAP_PAGE_BITS) - 1)) * m->entrySize + sizeof(int64_t);
}

/* The key itself of a map that has INTEGERs alone: isBytes==NULL. */
static inline int64_t keymap_integer(const KeyMap *m, uint32_t id){ return ((const KeyEntry*)keymap_payload(m, id) - 1)->word; }

/* Codec of one key. */
void key_put(Buffer *out, const Key *key);
Status key_get(Reader *in, Key *out);
/* -1, 0, 1 in SQLite's order: INTEGER < TEXT < BLOB, then by value or bytes. */
int key_compare(const Key *a, const Key *b);
/* The key in row i of a column. */
Key key_of_cell(const Batch *batch, const Column *column, int i);

#endif
