/* Chunks in memory: see chunk.h. */
#include "base/sort.h"
#include "base/time/calendar.h"
#include "spine/chunk.h"

/* ---- values ---- */

static int chunk_class(CellType t){
  static const uint8_t CLASS[] = { 0, 1, 1, 2, 3 };      /* NULL, INTEGER, REAL, TEXT, BLOB */
  return CLASS[t];
}

static int compare_reals(double a, double b){ return a < b ? -1 : a > b; }

/* Exactly, as SQLite does. */
static int compare_integer_real(int64_t i, double r){
  int64_t whole;
  if( r < -9223372036854775808.0 ) return 1;
  if( r >= 9223372036854775808.0 ) return -1;
  if( !(r==r) ) return 1;                          /* NaN cannot be stored; somewhere it must stand */
  whole = (int64_t)r;
  if( i!=whole ) return i < whole ? -1 : 1;
  return compare_reals((double)whole, r);
}

static int compare_numbers(const ChunkValue *a, const ChunkValue *b){
  if( a->type==CELL_INTEGER && b->type==CELL_INTEGER ) return a->cell.i < b->cell.i ? -1 : a->cell.i > b->cell.i;
  if( a->type==CELL_INTEGER ) return compare_integer_real(a->cell.i, b->cell.r);
  if( b->type==CELL_INTEGER ) return -compare_integer_real(b->cell.i, a->cell.r);
  return compare_reals(a->cell.r, b->cell.r);
}

static int compare_bytes(const ChunkValue *a, const ChunkValue *b){
  uint32_t n = a->size < b->size ? a->size : b->size;
  int rc = n ? memcmp(a->bytes, b->bytes, n) : 0;
  return rc ? (rc < 0 ? -1 : 1) : a->size < b->size ? -1 : a->size > b->size;
}

int value_compare(const ChunkValue *a, const ChunkValue *b){
  int x = chunk_class(a->type), y = chunk_class(b->type);
  if( x!=y ) return x < y ? -1 : 1;
  if( x==0 ) return 0;
  return x==1 ? compare_numbers(a, b) : compare_bytes(a, b);
}

int value_same(const ChunkValue *a, const ChunkValue *b){
  if( a->type!=b->type ) return 0;
  if( a->type==CELL_NULL ) return 1;
  if( a->type <= CELL_REAL ) return a->cell.i==b->cell.i;
  return a->size==b->size && (a->size==0 || memcmp(a->bytes, b->bytes, a->size)==0);
}

/* ---- vectors ---- */

static void put_digits(char *to, int64_t v, int n){
  while( n-- ){ to[n] = (char)('0' + v%10); v /= 10; }
}

/* YYYY-MM-DD of a day, and what stands behind it of a second; returns the length. */
static uint32_t vector_time_text(VectorForm form, int64_t v, char *out){
  int64_t day = v, second = 0, year;
  int month, dayOfMonth;
  if( form!=VECTOR_DATES ){
    day = v / 86400;
    second = v % 86400;
    if( second < 0 ){ second += 86400; day--; }
  }
  civil_from_days(day, &year, &month, &dayOfMonth);
  put_digits(out, year, 4);
  out[4] = out[7] = '-';
  put_digits(out + 5, month, 2);
  put_digits(out + 8, dayOfMonth, 2);
  if( form==VECTOR_DATES ) return 10;
  out[10] = form==VECTOR_STAMPS ? ' ' : 'T';
  put_digits(out + 11, second/3600, 2);
  put_digits(out + 14, second/60%60, 2);
  put_digits(out + 17, second%60, 2);
  out[13] = out[16] = ':';
  return 19;
}

void vector_value(const Vector *v, size_t i, ChunkValue *out, char room[VECTOR_TEXT_SIZE]){
  out->type = (CellType)v->type[i];
  out->cell = v->cell[i];
  if( out->type < CELL_TEXT ) return;
  if( v->form!=VECTOR_PLAIN ){
    out->size = vector_time_text(v->form, v->cell[i].i, room);
    out->bytes = room;
  }else{
    out->size = v->size[i];
    out->bytes = v->bytes + v->cell[i].i;
  }
}

static Status vector_room(Vector *v, size_t n){
  Status rc = memory_grow((void**)&v->cell, &v->cellCapacity, n, sizeof *v->cell);
  if( rc==STATUS_OK ) rc = memory_grow((void**)&v->type, &v->typeCapacity, n, 1);
  return rc;
}

static Status vector_put_bytes(Vector *v, const ChunkValue *value){
  Status rc = memory_grow((void**)&v->size, &v->sizeCapacity, v->count + 1, sizeof *v->size);
  if( rc==STATUS_OK ){
    rc = memory_grow((void**)&v->bytes, &v->bytesCapacity, v->bytesUsed + value->size + 1, 1);
  }
  if( rc!=STATUS_OK ) return rc;
  if( value->size ) memcpy(v->bytes + v->bytesUsed, value->bytes, value->size);
  v->cell[v->count].i = (int64_t)v->bytesUsed;
  v->size[v->count] = value->size;
  v->bytesUsed += value->size;
  return STATUS_OK;
}

Status vector_put(Vector *v, const ChunkValue *value){
  Status rc = STATUS_OK;
  if( v->count==v->cellCapacity || v->count==v->typeCapacity ) rc = vector_room(v, v->count + 1);
  if( rc!=STATUS_OK ) return rc;
  if( value->type >= CELL_TEXT ) rc = vector_put_bytes(v, value);
  else v->cell[v->count] = value->cell;
  if( rc!=STATUS_OK ) return rc;
  v->type[v->count++] = (uint8_t)value->type;
  v->isBounded = v->isSorted = 0;
  v->seen |= UINT32_C(1) << value->type;
  return STATUS_OK;
}

void vector_clear(Vector *v){
  v->count = v->bytesUsed = 0;
  v->seen = 0;
  v->form = VECTOR_PLAIN;
  v->isBounded = v->isSorted = 0;
}

void vector_destroy(Vector *v){
  memory_free(v->cell);
  memory_free(v->type);
  memory_free(v->size);
  memory_free(v->bytes);
  memset(v, 0, sizeof *v);
}

/* ---- chunks ---- */

void chunk_init(Chunk *c, int columns){
  memset(c, 0, sizeof *c);
  c->columns = columns;
}

void chunk_clear(Chunk *c){
  int i;
  c->customers = c->rows = c->isStepwise = c->keysLeft = 0;
  vector_clear(&c->key);
  for(i=0; i<c->columns; i++) vector_clear(&c->column[i]);
}

void chunk_destroy(Chunk *c){
  int i;
  vector_destroy(&c->key);
  for(i=0; i<c->columns; i++) vector_destroy(&c->column[i]);
  memory_free(c->start);
  memory_free(c->replaces);
  memory_free(c->begin);
  memory_free(c->step);
  c->start = 0;
  c->replaces = 0;
  c->begin = c->step = 0;
  c->startCapacity = c->replacesCapacity = c->beginCapacity = c->stepCapacity = 0;
  c->customers = c->rows = 0;
}

size_t chunk_bytes(const Chunk *c){
  size_t n = c->key.bytesUsed;
  int i;
  for(i=0; i<c->columns; i++) n += c->column[i].bytesUsed;
  return n;
}

Status chunk_put_customer(Chunk *c, const ChunkValue *key, int replaces){
  size_t n = (size_t)c->customers;
  Status rc = memory_grow((void**)&c->start, &c->startCapacity, n + 2, sizeof *c->start);
  if( rc==STATUS_OK ) rc = memory_grow((void**)&c->replaces, &c->replacesCapacity, n + 1, 1);
  if( rc==STATUS_OK ) rc = vector_put(&c->key, key);
  if( rc!=STATUS_OK ) return rc;
  c->replaces[n] = (uint8_t)replaces;
  c->start[n] = c->start[n+1] = (uint32_t)c->rows;
  c->customers++;
  return STATUS_OK;
}

typedef struct ChunkPlace { int64_t time; uint32_t row; } ChunkPlace;

static int chunk_place_compare(const void *a, const void *b, const void *context){
  const ChunkPlace *x = a, *y = b;
  (void)context;
  return x->time < y->time ? -1 : x->time > y->time;
}

/* Cells, types and sizes of rows from ... in the order of the places. */
static void vector_reorder(Vector *v, size_t from, const ChunkPlace *place, size_t n, Cell *room){
  size_t i;
  uint32_t *sizes = (uint32_t*)(void*)room;
  uint8_t *types = (uint8_t*)(void*)room;
  for(i=0; i<n; i++) room[i] = v->cell[place[i].row];
  memcpy(v->cell + from, room, n*sizeof *room);
  if( v->seen >> CELL_TEXT ){
    for(i=0; i<n; i++) sizes[i] = v->type[place[i].row] >= CELL_TEXT ? v->size[place[i].row] : 0;
    memcpy(v->size + from, sizes, n*sizeof *sizes);
  }
  for(i=0; i<n; i++) types[i] = v->type[place[i].row];
  memcpy(v->type + from, types, n);
}

static Status chunk_reorder(Chunk *c, size_t from, size_t n){
  ChunkPlace *place = memory_alloc(n*sizeof *place);
  Cell *room = memory_alloc(n*sizeof *room);
  Status rc = place && room ? STATUS_OK : STATUS_NOMEM;
  size_t i;
  int k;
  for(k=0; rc==STATUS_OK && k<c->columns; k++){          /* so that reordering cannot fail */
    Vector *v = &c->column[k];
    if( v->seen >> CELL_TEXT ) rc = memory_grow((void**)&v->size, &v->sizeCapacity, from + n, sizeof *v->size);
  }
  if( rc==STATUS_OK ){
    for(i=0; i<n; i++){
      place[i].time = c->column[0].cell[from+i].i;
      place[i].row = (uint32_t)(from + i);
    }
    rc = sort_records(place, n, sizeof *place, chunk_place_compare, 0, 0);
  }
  for(k=0; rc==STATUS_OK && k<c->columns; k++) vector_reorder(&c->column[k], from, place, n, room);
  memory_free(place);
  memory_free(room);
  return rc;
}

Status chunk_sort_last(Chunk *c){
  const Vector *time = &c->column[0];
  size_t from, to, i;
  int sorted = 1;
  if( c->customers==0 || time->seen!=1u << CELL_INTEGER ) return STATUS_OK;
  from = c->start[c->customers-1];
  to = c->start[c->customers];
  for(i=from+1; i<to; i++) sorted &= time->cell[i-1].i <= time->cell[i].i;
  return sorted ? STATUS_OK : chunk_reorder(c, from, to - from);
}
