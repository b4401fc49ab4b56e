/* Values and rows of a ledger as those of batches: see ledger_feed.h. */
#include "sql/ledger/ledger_feed.h"

/* ---- one cell ---- */

typedef enum FeedCell { FEED_TAKEN, FEED_SKIP, FEED_ASK, FEED_NOMEM } FeedCell;

int feed_blank(const ChunkValue *v){
  uint32_t i;
  if( v->type!=CELL_TEXT ) return v->type==CELL_NULL;
  for(i=0; i<v->size; i++) if( v->bytes[i]!=' ' ) return 0;
  return 1;
}

static FeedCell feed_null(Column *c, int row, int required){
  c->type[row] = CELL_NULL;
  c->cell[row].i = 0;
  return required ? FEED_SKIP : FEED_TAKEN;
}

static FeedCell feed_key(Batch *b, Column *c, int row, const ChunkValue *v, int required){
  if( feed_blank(v) ) return feed_null(c, row, required);
  if( v->type==CELL_REAL ) return FEED_ASK;
  c->type[row] = (uint8_t)v->type;
  c->cell[row] = v->cell;
  c->size[row] = 0;
  if( v->type==CELL_INTEGER ) return FEED_TAKEN;
  if( memory_grow((void**)&b->bytes, &b->bytesCapacity, b->bytesUsed + v->size + 1, 1)!=STATUS_OK ) return FEED_NOMEM;
  if( v->size ) memcpy(b->bytes + b->bytesUsed, v->bytes, v->size);
  c->cell[row].i = (int64_t)b->bytesUsed;
  c->size[row] = v->size;
  b->bytesUsed += v->size;
  return FEED_TAKEN;
}

static FeedCell feed_number(Column *c, int row, const ChunkValue *v, int required){
  if( feed_blank(v) ) return feed_null(c, row, required);
  if( v->type > CELL_REAL || (v->type==CELL_REAL && !isfinite(v->cell.r)) ) return FEED_ASK;
  c->type[row] = (uint8_t)v->type;
  c->cell[row] = v->cell;
  return FEED_TAKEN;
}

static FeedCell feed_flag(Column *c, int row, const ChunkValue *v, int required){
  if( v->type==CELL_NULL ) return feed_null(c, row, required);
  if( v->type!=CELL_INTEGER ) return FEED_ASK;
  c->type[row] = CELL_INTEGER;
  c->cell[row].i = v->cell.i!=0;
  return FEED_TAKEN;
}

static FeedCell feed_time(Column *c, int row, const ChunkValue *v, int32_t zone, int required){
  if( feed_blank(v) ) return feed_null(c, row, required);
  c->type[row] = CELL_INTEGER;
  if( v->type==CELL_INTEGER ){
    if( (uint64_t)v->cell.i - SECONDS_LOWEST >= SECONDS_COUNT ) return FEED_ASK;
    c->cell[row].i = v->cell.i*MICROS_PER_SECOND;
    return FEED_TAKEN;
  }
  if( v->type!=CELL_TEXT || v->size < 8 || (v->bytes[4]!='-' && v->bytes[4]!='/') ) return FEED_ASK;
  return time_from_text(v->bytes, (int)v->size, zone, &c->cell[row].i, 0)==TIME_OK ? FEED_TAKEN : FEED_ASK;
}

static FeedCell feed_cell(Feed *f, int i, const ChunkValue *v){
  Batch *b = f->b;
  Column *c = &b->column[i];
  switch( f->kind[i] ){
    case ARG_KEY: case ARG_KEY_OR_NULL: return feed_key(b, c, b->rows, v, f->kind[i]==ARG_KEY);
    case ARG_NUMBER: case ARG_MONEY: return feed_number(c, b->rows, v, f->kind[i]==ARG_NUMBER);
    case ARG_FLAG: case ARG_FLAG_OR_NULL: return feed_flag(c, b->rows, v, f->kind[i]==ARG_FLAG_OR_NULL);
    case ARG_TIME: case ARG_TIME_OR_NULL: return feed_time(c, b->rows, v, f->scan->zone, f->kind[i]==ARG_TIME);
    default: return FEED_ASK;
  }
}

/* ---- rows one by one ---- */

static void feed_value(const Chunk *c, int place, int customer, size_t row, ChunkValue *v, char room[VECTOR_TEXT_SIZE]){
  if( place==0 ) vector_value(&c->key, (size_t)customer, v, room);
  else vector_value(&c->column[place-1], row, v, room);
}

static FeedCell feed_flags(Feed *f, const Chunk *c, int customer, size_t row){
  Column *to = &f->b->column[f->columns-1];
  ChunkValue v;
  char room[VECTOR_TEXT_SIZE];
  int64_t mask = 0;
  int i;
  for(i=0; i<f->scan->flags; i++){
    feed_value(c, f->flag[i], customer, row, &v, room);
    if( v.type==CELL_NULL ) continue;
    if( v.type!=CELL_INTEGER ) return FEED_ASK;
    mask |= (int64_t)(v.cell.i!=0) << i;
  }
  to->type[f->b->rows] = CELL_INTEGER;
  to->cell[f->b->rows].i = mask;
  return FEED_TAKEN;
}

Status feed_full(Feed *f, Failure *failure){
  Status rc = f->scan->absorb(f->scan->accumulator, f->b, failure);
  batch_clear(f->b);
  return rc;
}

static Status feed_row(Feed *f, const Chunk *c, int customer, size_t row, Failure *failure){
  size_t bytesBefore = f->b->bytesUsed;
  ChunkValue v;
  char room[VECTOR_TEXT_SIZE];
  int i, skip = 0;
  for(i=0; i<f->columns; i++){
    FeedCell got;
    if( f->scan->flags && i==f->columns-1 ){
      got = feed_flags(f, c, customer, row);
    }else{
      if( f->place[i] < 0 ) continue;
      feed_value(c, f->place[i], customer, row, &v, room);
      got = feed_cell(f, i, &v);
    }
    if( got==FEED_ASK ) return STATUS_UNLIKE;
    if( got==FEED_NOMEM ) return STATUS_NOMEM;
    skip |= got==FEED_SKIP;
  }
  if( skip ){ f->b->bytesUsed = bytesBefore; return STATUS_OK; }
  batch_next_row(f->b);
  return batch_is_full(f->b) ? feed_full(f, failure) : STATUS_OK;
}

Status feed_rows(Feed *f, const LedgerSlice *s, Failure *failure){
  Status rc = STATUS_OK;
  int k;
  for(k=s->from; rc==STATUS_OK && k<s->to; k++){
    size_t row;
    for(row=s->chunk->start[k]; rc==STATUS_OK && row<s->chunk->start[k+1]; row++) rc = feed_row(f, s->chunk, k, row, failure);
  }
  return rc;
}

/* ---- many rows at a time ---- */

int numbers_within(const Vector *v, size_t from, size_t to, int64_t low, uint64_t count){
  size_t i;
  unsigned wrong = 0;
  if( v->isBounded && v->low >= low && (uint64_t)v->high - (uint64_t)low < count ) return 1;
  for(i=from; i<to; i++) wrong |= (uint64_t)v->cell[i].i - (uint64_t)low >= count;
  return !wrong;
}

static int are_plain_times(const Vector *v, size_t from, size_t to, int32_t zone){
  if( v->seen==1u << CELL_INTEGER ) return numbers_within(v, from, to, SECONDS_LOWEST, SECONDS_COUNT);
  if( v->seen!=1u << CELL_TEXT || v->form==VECTOR_PLAIN || zone >= ZONE_NAMED ) return 0;
  if( v->form==VECTOR_DATES ) return numbers_within(v, from, to, PLAIN_DAY_FIRST, PLAIN_DAY_LAST - PLAIN_DAY_FIRST);
  return numbers_within(v, from, to, PLAIN_DAY_FIRST*86400, (PLAIN_DAY_LAST - PLAIN_DAY_FIRST)*86400);
}

static int are_plain_amounts(const Vector *v, size_t from, size_t to){
  size_t i;
  int wrong = 0;
  if( v->seen >> CELL_TEXT ) return 0;
  if( v->seen >> CELL_REAL & 1 ) for(i=from; i<to; i++) wrong |= v->type[i]==CELL_REAL && !isfinite(v->cell[i].r);
  return !wrong;
}

/* Whether the rows can be copied as they stand. */
int is_plain_slice(const Feed *f, const LedgerSlice *s){
  const Chunk *c = s->chunk;
  size_t from = c->start[s->from], to = c->start[s->to];
  int i;
  if( f->scan->flags || f->kind[0]!=ARG_KEY || f->place[0]!=0 || f->b->keys ) return 0;
  if( c->key.seen & ((1u << CELL_NULL) | (1u << CELL_REAL) | (1u << CELL_BLOB)) ) return 0;
  for(i=1; i<f->columns; i++){
    const Vector *v;
    if( f->place[i] < 0 ) continue;
    if( f->place[i]==0 ) return 0;
    v = &c->column[f->place[i]-1];
    switch( f->kind[i] ){
      case ARG_TIME: case ARG_TIME_OR_NULL:
        if( !are_plain_times(v, from, to, f->scan->zone) ) return 0;
        break;
      case ARG_MONEY:
        if( !are_plain_amounts(v, from, to) ) return 0;
        break;
      case ARG_KEY: case ARG_KEY_OR_NULL:
        if( v->seen!=1u << CELL_INTEGER ) return 0;
        break;
      default:
        return 0;
    }
  }
  return 1;
}

static void copy_times(Column *c, int at, const Vector *v, size_t from, int n, int32_t zone){
  int64_t unit = v->form==VECTOR_DATES ? 86400 : 1, less = v->seen >> CELL_TEXT & 1 ? zone : 0;
  int i;
  for(i=0; i<n; i++) c->cell[at+i].i = (v->cell[from + (size_t)i].i*unit - less)*MICROS_PER_SECOND;
  memset(c->type + at, CELL_INTEGER, (size_t)n);
}

/* n rows from `from` on behind those of the batch; the customers come apart. */
static void copy_rows(Feed *f, const Chunk *c, size_t from, int n){
  int i, at = f->b->rows;
  for(i=1; i<f->columns; i++){
    Column *to = &f->b->column[i];
    const Vector *v;
    if( f->place[i] < 0 ) continue;
    v = &c->column[f->place[i]-1];
    if( f->kind[i]==ARG_TIME || f->kind[i]==ARG_TIME_OR_NULL ){
      copy_times(to, at, v, from, n, f->scan->zone);
    }else{
      memcpy(to->cell + at, v->cell + from, (size_t)n*sizeof *to->cell);
      memcpy(to->type + at, v->type + from, (size_t)n);
    }
  }
}

/* Rows of one customer, its key in each. */
static Status feed_customer(Feed *f, const Chunk *c, int customer, Failure *failure){
  size_t row = c->start[customer], end = c->start[customer+1];
  Column *keys = &f->b->column[0];
  Status rc = STATUS_OK;
  ChunkValue key;
  vector_value(&c->key, (size_t)customer, &key, 0);
  if( row < end && feed_blank(&key) ) return STATUS_OK;              /* such rows do not count */
  while( rc==STATUS_OK && row < end ){
    Batch *b = f->b;
    int at = b->rows, n = BATCH_ROWS - at, i;
    if( (size_t)n > end - row ) n = (int)(end - row);
    if( feed_key(b, keys, at, &key, 1)==FEED_NOMEM ) return STATUS_NOMEM;
    for(i=1; i<n; i++){
      keys->cell[at+i] = keys->cell[at];
      keys->type[at+i] = keys->type[at];
    }
    if( key.type!=CELL_INTEGER ) for(i=1; i<n; i++) keys->size[at+i] = keys->size[at];
    copy_rows(f, c, row, n);
    b->rows += n;
    row += (size_t)n;
    if( batch_is_full(b) ) rc = feed_full(f, failure);
  }
  return rc;
}

/* INTEGER customers: other columns are copied without regard to where one ends. */
static Status feed_integers(Feed *f, const LedgerSlice *s, Failure *failure){
  const Chunk *c = s->chunk;
  Column *keys = &f->b->column[0];
  size_t row = c->start[s->from], end = c->start[s->to];
  Status rc = STATUS_OK;
  int k = s->from;
  while( rc==STATUS_OK && row < end ){
    int at = f->b->rows, n = BATCH_ROWS - at, i;
    if( (size_t)n > end - row ) n = (int)(end - row);
    for(i=0; i<n; ){
      int64_t key;
      size_t stop;
      while( c->start[k+1] <= row + (size_t)i ) k++;
      key = c->key.cell[k].i;
      stop = c->start[k+1] - row;
      if( stop > (size_t)n ) stop = (size_t)n;
      for(; (size_t)i<stop; i++) keys->cell[at+i].i = key;
    }
    memset(keys->type + at, CELL_INTEGER, (size_t)n);
    copy_rows(f, c, row, n);
    f->b->rows += n;
    row += (size_t)n;
    if( f->b->rows==BATCH_ROWS ) rc = feed_full(f, failure);
  }
  return rc;
}

Status feed_plain(Feed *f, const LedgerSlice *s, Failure *failure){
  Status rc = STATUS_OK;
  int k;
  if( s->chunk->key.seen==1u << CELL_INTEGER ) return feed_integers(f, s, failure);
  for(k=s->from; rc==STATUS_OK && k<s->to; k++) rc = feed_customer(f, s->chunk, k, failure);
  return rc;
}
