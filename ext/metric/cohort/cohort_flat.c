/*
** The fast way's members where INTEGER keys fill their range well (ids 1, 2, 3 ...) and only the
** bits are wanted: a word for each key of the range, found without a search.  See cohort.h.
**
** One access to memory for a row instead of two: where a customer stands, then what is known.
*/
#include "metric/cohort/cohort.h"

#define FEWEST 256             /* customers from which on it is worth while */
#define ROOM_PER_MEMBER 4      /* words for each customer at most, and SPARE_ROOM */
#define SPARE_ROOM 4096

int flat_pays(const KeyMap *map){
  return map->direct!=0 && map->count >= FEWEST && map->entrySize==2*sizeof(int64_t);
}

Status flat_open(FlatBits *f, KeyMap *map, const Stop *stop){
  uint32_t id;
  void *word;
  Status rc = memory_table_asking(map->directSize * sizeof(uint64_t), stop, &word);
  if( rc!=STATUS_OK ) return rc;
  f->word = word;
  f->base = map->base;
  f->size = map->directSize;
  for(id=0; id<map->count; id++){
    Key key;
    if( stop_asked_at(stop, id) ) return STATUS_INTERRUPTED;
    keymap_key(map, id, &key);
    memcpy(&f->word[(uint64_t)key.integer - (uint64_t)f->base], keymap_payload(map, id), sizeof(uint64_t));
  }
  keymap_destroy(map);
  keymap_init(map, sizeof(uint64_t));
  return STATUS_OK;
}

void flat_destroy(FlatBits *f){
  memory_free(f->word);
  memset(f, 0, sizeof *f);
}

Status flat_close(FlatBits *f, KeyMap *map, const Stop *stop){
  Key key = { CELL_INTEGER, 0, 0, 0 };
  uint64_t i;
  map->stop = stop;
  for(i=0; i<f->size; i++){
    void *payload;
    Status rc;
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( f->word[i]==0 ) continue;
    key.integer = (int64_t)((uint64_t)f->base + i);
    rc = keymap_insert(map, &key, &payload, 0);
    if( rc!=STATUS_OK ) return rc;
    memcpy(payload, &f->word[i], sizeof(uint64_t));
  }
  flat_destroy(f);
  return STATUS_OK;
}

/* Moves into a range that holds low ... high, with a quarter to spare where it has grown. */
static Status grow(FlatBits *f, int64_t low, int64_t high, const Stop *stop){
  uint64_t range = (uint64_t)high - (uint64_t)low + 1, size = range + range/4 + 1;
  int64_t base = low;
  FlatBits to;
  void *word;
  Status rc;
  if( low < f->base && low >= INT64_MIN + (int64_t)(range/4) ) base = low - (int64_t)(range/4);
  rc = memory_table_asking(size * sizeof(uint64_t), stop, &word);
  if( rc!=STATUS_OK ) return rc;
  to.word = word;
  to.base = base;
  to.size = size;
  rc = memory_copy(to.word + ((uint64_t)f->base - (uint64_t)base), f->word, f->size * sizeof(uint64_t), stop);
  memory_free(f->word);
  *f = to;
  return rc;
}

static uint64_t members_in(const FlatBits *f){
  uint64_t i, n = 0;
  for(i=0; i<f->size; i++) n += f->word[i]!=0;
  return n;
}

Status flat_reach(FlatBits *f, const Batch *b, int *reached){
  const Column *c = &b->column[COHORT_CUSTOMER];
  int64_t low = f->base, high = (int64_t)((uint64_t)f->base + f->size - 1);
  uint64_t range;
  int i;
  *reached = 0;
  if( high < low || !column_is_integer(c, b->rows) ) return STATUS_OK;
  for(i=0; i<b->rows; i++){
    int64_t key = c->cell[i].i;
    low = key < low ? key : low;
    high = key > high ? key : high;
  }
  *reached = 1;
  range = (uint64_t)high - (uint64_t)low + 1;
  if( range==f->size ) return STATUS_OK;
  *reached = range!=0 && range <= ROOM_PER_MEMBER*members_in(f) + SPARE_ROOM;
  return *reached ? grow(f, low, high, b->stop) : STATUS_OK;
}
