/* Key map: see keymap.h. */
#include "base/keymap_inside.h"

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
  if( (*rc = keymap_widen(m, k))!=STATUS_OK ) return 0;
  if( wasDirect && m->slots ){             /* perhaps with another seed */
    hash = hash_key(m, k);
    slot = slot_of(m, k, hash);
  }
  if( k->type!=CELL_INTEGER ){
    const char *stored = keymap_store(m, k, m->count);
    if( stored==0 ){ *rc = STATUS_NOMEM; return 0; }
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
  keymap_forget(m);
  memset(m, 0, sizeof *m);
}

Status keymap_insert(KeyMap *m, const Key *k, void **payload, uint32_t *id){
  uint32_t own;
  char *entry;
  Status rc = keymap_reserve(m, 1);
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
  rc = keymap_reserve(m, (uint32_t)n);
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

/* ---- keys in ascending order ---- */

/* Which of the rows bring a new key, larger than all before; 0: one is neither that nor the last one again. */
static int find_ascending(const KeyMap *m, const Batch *b, const Column *c, const uint8_t *rows, int n, uint8_t *isNew){
  Key last, next;
  int i, order = 1;
  if( m->count ) keymap_key(m, m->count - 1, &last);
  for(i=0; i<n && order>=0; i++, last=next){
    next = key_of_cell(b, c, rows[i]);
    order = m->count==0 && i==0 ? 1 : key_compare(&next, &last);
    isNew[i] = order > 0;
  }
  return order >= 0;
}

/* The same where all keys are INTEGERs. */
static int find_ascending_integers(const KeyMap *m, const Column *c, const uint8_t *rows, int n, uint8_t *isNew){
  int64_t last = m->count ? m->largest : c->cell[rows[0]].i;
  int i, falls = 0;
  for(i=0; i<n; i++){
    int64_t next = c->cell[rows[i]].i;
    isNew[i] = next > last;
    falls |= next < last;
    last = next;
  }
  isNew[0] |= m->count==0;
  return !falls;
}

static void clear_entries(const KeyMap *m, uint32_t id, uint32_t n){
  while( n ){
    uint32_t some = PAGE_ENTRIES - (id & (PAGE_ENTRIES - 1));
    if( some > n ) some = n;
    memset(entry_at(m, id), 0, (size_t)some * m->entrySize);
    id += some;
    n -= some;
  }
}

/* One more key, for which there is a cleared entry; 0: out of memory. */
static int append_key(KeyMap *m, const Batch *b, const Column *c, int row){
  int64_t word = c->cell[row].i;
  if( c->type[row]!=CELL_INTEGER ){
    Key k = key_of_cell(b, c, row);
    const char *stored = keymap_store(m, &k, m->count);
    if( stored==0 ) return 0;
    word = (int64_t)(uintptr_t)stored;
    m->indirect = 1;
  }else{
    if( m->count==0 ) m->smallest = word;
    m->largest = word;
  }
  memcpy(entry_at(m, m->count++), &word, sizeof word);
  return 1;
}

Status keymap_append(KeyMap *m, Batch *b, const Column *c, const uint8_t *rows, int n, void **out, uint32_t *ids){
  uint8_t isNew[BATCH_ROWS];
  int i, ascend = m->count ? m->ascending : m->slots==0 && m->direct==0;
  uint32_t news = 0;
  Status rc;
  if( n==0 ) return STATUS_OK;
  if( ascend && m->isBytes==0 && column_is_integer(c, b->rows) ) ascend = find_ascending_integers(m, c, rows, n, isNew);
  else if( ascend ) ascend = find_ascending(m, b, c, rows, n, isNew);
  if( !ascend ) return keymap_batch(m, b, c, rows, n, out, ids);
  for(i=0; i<n; i++) news += isNew[i];
  rc = keymap_reserve_entries(m, news);
  if( rc!=STATUS_OK ) return rc;
  clear_entries(m, m->count, news);
  m->ascending = 1;
  for(i=0; i<n; i++){
    if( isNew[i] && !append_key(m, b, c, rows[i]) ) return STATUS_NOMEM;
    out[i] = entry_at(m, m->count - 1) + sizeof(int64_t);
    if( ids ) ids[i] = m->count - 1;
  }
  return STATUS_OK;
}

Status keymap_index(KeyMap *m){ return m->slots || m->direct ? STATUS_OK : keymap_reserve(m, 1); }

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
