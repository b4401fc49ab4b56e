/*
** Packing a source for the first time: pieces of its rows are sorted by customer in memory, each
** becomes a run, and the runs are merged as those of a sync are.  SQLite's own sort, which takes
** any customer, spends several times as long.
**
** A piece is rows of 8-byte values, the customer first.  They go into some thousand partitions by the
** customers' upper bits, each of which is then sorted where it fits into the processor's cache.
*/
#include "sql/ledger/ledger.h"

#define PIECE_BYTES ((size_t)480 << 20)        /* rows, and room for as many */
#define PIECE_TEXTS ((size_t)128 << 20)
#define BLOCK_BYTES ((size_t)1 << 20)
#define BLOCKS (PIECE_BYTES/2/BLOCK_BYTES)
#define PART_BITS 10
#define DIGIT_BITS 11
#define DIGITS (1 << DIGIT_BITS)
#define PIECE_ASKS 32768               /* rows between two questions */
#define WIDTH_MOST (1 + CHUNK_COLUMNS + CHUNK_COLUMNS/8)

typedef struct Piece {
  Ledger *ledger;
  LedgerState *state;
  int columns;                 /* of a chunk */
  int width;                   /* values of a row: customer, columns and, unless all are INTEGERs, types */
  int isMixed;
  size_t rows, most;           /* most: then it is written */
  int64_t *block[BLOCKS];      /* rows as they came, perBlock in each */
  size_t perBlock;
  char *texts;                 /* of TEXT and BLOB: size, bytes; the value is the place */
  size_t textsUsed, textsCapacity;
  int64_t least, greatest;     /* customer */
} Piece;

/* A heap with a limit gets smaller pieces. */
static size_t piece_bytes(void){
  sqlite3_int64 limit = sqlite3_soft_heap_limit64(-1);
  return limit > 0 && (size_t)limit/4 < PIECE_BYTES ? (size_t)limit/4 : PIECE_BYTES;
}

static void piece_shape(Piece *p, int isMixed){
  p->isMixed = isMixed;
  p->width = 1 + p->columns + (isMixed ? (p->columns + 7)/8 : 0);
  p->perBlock = BLOCK_BYTES/8/(size_t)p->width;
  p->most = piece_bytes()/16/(size_t)p->width;
  if( p->most > BLOCKS*p->perBlock ) p->most = BLOCKS*p->perBlock;
}

static void piece_free_blocks(int64_t **block){
  size_t i;
  for(i=0; i<BLOCKS; i++){
    memory_free(block[i]);
    block[i] = 0;
  }
}

/* Room for row i. */
static int64_t *piece_place(Piece *p, size_t i){
  int64_t **block = &p->block[i/p->perBlock];
  if( *block==0 ) *block = memory_alloc(BLOCK_BYTES);
  return *block ? *block + i%p->perBlock*(size_t)p->width : 0;
}

static uint8_t *row_types(const Piece *p, int64_t *row){ return (uint8_t*)(row + 1 + p->columns); }

/* The first value that is no INTEGER: from now on rows have types. */
static Status piece_widen(Piece *p){
  int64_t *old[BLOCKS];
  size_t perOld = p->perBlock, oldWidth = (size_t)p->width, i;
  Status rc = STATUS_OK;
  memcpy(old, p->block, sizeof old);
  memset(p->block, 0, sizeof p->block);
  piece_shape(p, 1);
  for(i=0; rc==STATUS_OK && i<p->rows; i++){
    int64_t *to = i < BLOCKS*p->perBlock ? piece_place(p, i) : 0;
    if( to==0 ){ rc = STATUS_NOMEM; break; }
    memcpy(to, old[i/perOld] + i%perOld*oldWidth, oldWidth*sizeof *to);
    memset(row_types(p, to), CELL_INTEGER, (size_t)p->columns);
    if( i % PIECE_ASKS==PIECE_ASKS - 1 && stop_asked(&p->ledger->cx->stop) ) rc = STATUS_INTERRUPTED;
  }
  piece_free_blocks(old);
  return rc;
}

static void piece_destroy(Piece *p){
  piece_free_blocks(p->block);
  memory_free(p->texts);
}

/* Each eighth question reaches the progress handler: see function.c. */
static int piece_stops(const Piece *p){
  int i, stops = 0;
  for(i=0; i<8; i++) stops |= stop_asked(&p->ledger->cx->stop);
  return stops;
}

/* ---- sorting ---- */

static inline void copy_row(int64_t *to, const int64_t *from, int width){
  int i;
  if( width==3 ){ to[0] = from[0]; to[1] = from[1]; to[2] = from[2]; return; }
  if( width==4 ){ to[0] = from[0]; to[1] = from[1]; to[2] = from[2]; to[3] = from[3]; return; }
  for(i=0; i<width; i++) to[i] = from[i];
}

typedef struct Parts {
  int64_t *row, *room;         /* by partition; room for the largest one */
  size_t from[(1 << PART_BITS) + 1];
  int shift;                   /* partition = (customer - least) >> shift */
} Parts;

static inline uint64_t part_key(const Piece *p, const int64_t *row){ return (uint64_t)row[0] - (uint64_t)p->least; }

/* How many rows each partition gets, in from[partition + 1]. */
static Status parts_count(Piece *p, Parts *s){
  size_t i, k, at = 0;
  uint64_t span = (uint64_t)p->greatest - (uint64_t)p->least;
  while( span >> s->shift >> PART_BITS ) s->shift++;
  for(k=0; at<p->rows; k++){
    const int64_t *row = p->block[k];
    for(i=0; i<p->perBlock && at<p->rows; i++, at++, row+=p->width) s->from[(part_key(p, row) >> s->shift) + 1]++;
    if( piece_stops(p) ) return STATUS_INTERRUPTED;
  }
  return STATUS_OK;
}

/* Blocks are freed as their rows have moved. */
static Status parts_fill(Piece *p, Parts *s){
  size_t next[1 << PART_BITS], i, k, at = 0;
  for(k=0; k<1 << PART_BITS; k++) s->from[k+1] += s->from[k];
  memcpy(next, s->from, sizeof next);
  for(k=0; at<p->rows; k++){
    const int64_t *row = p->block[k];
    for(i=0; i<p->perBlock && at<p->rows; i++, at++, row+=p->width){
      copy_row(s->row + next[part_key(p, row) >> s->shift]++*(size_t)p->width, row, p->width);
    }
    memory_free(p->block[k]);
    p->block[k] = 0;
    if( piece_stops(p) ) return STATUS_INTERRUPTED;
  }
  return STATUS_OK;
}

static Status parts_make(Piece *p, Parts *s){
  size_t k, largest = 0, size = (size_t)p->width*sizeof *s->row;
  Status rc = parts_count(p, s);
  if( rc!=STATUS_OK ) return rc;
  for(k=1; k<=1 << PART_BITS; k++) if( s->from[k] > largest ) largest = s->from[k];
  rc = memory_table_asking(p->rows*size, &p->ledger->cx->stop, (void**)&s->row);
  if( rc==STATUS_OK ) rc = memory_table_asking(largest*size, &p->ledger->cx->stop, (void**)&s->room);
  return rc==STATUS_OK ? parts_fill(p, s) : rc;
}

/* One pass of a radix sort, which leaves equal customers in the order that they came in. */
static Status sort_digit(const Piece *p, const int64_t *from, int64_t *to, size_t n, int shift, int bits){
  size_t count[DIGITS] = {0}, sum = 0, i, digits = (size_t)1 << bits;
  const int64_t *row = from;
  for(i=0; i<n; i++, row+=p->width){
    count[part_key(p, row) >> shift & (digits - 1)]++;
    if( i % PIECE_ASKS==PIECE_ASKS - 1 && piece_stops(p) ) return STATUS_INTERRUPTED;
  }
  for(i=0; i<digits; i++){
    size_t here = count[i];
    count[i] = sum;
    sum += here;
  }
  for(i=0, row=from; i<n; i++, row+=p->width){
    copy_row(to + count[part_key(p, row) >> shift & (digits - 1)]++*(size_t)p->width, row, p->width);
    if( i % PIECE_ASKS==PIECE_ASKS - 1 && piece_stops(p) ) return STATUS_INTERRUPTED;
  }
  return STATUS_OK;
}

/* Partition k in order, in *out. */
static Status part_sort(const Piece *p, const Parts *s, size_t k, const int64_t **out){
  size_t n = s->from[k+1] - s->from[k];
  int64_t *rows = s->row + s->from[k]*(size_t)p->width, *room = s->room;
  int shift = 0;
  Status rc = STATUS_OK;
  while( rc==STATUS_OK && shift < s->shift && n > 1 ){
    int bits = s->shift - shift < DIGIT_BITS ? s->shift - shift : DIGIT_BITS;
    int64_t *sorted = room;
    rc = sort_digit(p, rows, sorted, n, shift, bits);
    room = rows;
    rows = sorted;
    shift += bits;
  }
  *out = rows;
  return rc;
}

/* ---- writing ---- */

static Status part_write(Piece *p, LedgerWriter *w, const int64_t *row, size_t n, Failure *f){
  LedgerRow one = { 0, 0, p->texts };
  ChunkValue key = { CELL_INTEGER, { 0 }, 0, 0 };
  Status rc = STATUS_OK;
  size_t i;
  for(i=0; rc==STATUS_OK && i<n; i++, row+=p->width){
    key.cell.i = row[0];
    one.cell = row + 1;
    if( p->isMixed ) one.type = (const uint8_t*)(row + 1 + p->columns);
    rc = ledger_writer_put(w, &key, &one, f);
    if( rc==STATUS_OK && i % PIECE_ASKS==PIECE_ASKS - 1 && piece_stops(p) ) rc = STATUS_INTERRUPTED;
  }
  return rc;
}

/* The piece as a run of its own. */
static Status piece_write(Piece *p, Failure *f){
  LedgerWriter w;
  Parts *s = memory_zeroed(sizeof *s);
  const int64_t *row;
  size_t k;
  Status rc = s ? parts_make(p, s) : STATUS_NOMEM;
  if( rc==STATUS_OK ){
    rc = ledger_writer_open(&w, p->ledger, p->state->nextRun++, 1, f);
    for(k=0; rc==STATUS_OK && k < 1 << PART_BITS; k++){
      rc = part_sort(p, s, k, &row);
      if( rc==STATUS_OK ) rc = part_write(p, &w, row, s->from[k+1] - s->from[k], f);
      if( rc==STATUS_OK && stop_asked(&p->ledger->cx->stop) ) rc = STATUS_INTERRUPTED;
    }
    rc = ledger_writer_close(&w, rc, f);
    if( rc==STATUS_OK ) p->state->run[p->state->runs++] = w.run;
  }
  if( s ){
    memory_free(s->row);
    memory_free(s->room);
  }
  memory_free(s);
  p->rows = p->textsUsed = 0;
  return rc;
}

/* ---- reading ---- */

static Status piece_text(Piece *p, sqlite3_value *v, int type, int64_t *out){
  const void *bytes = type==SQLITE_TEXT ? (const void*)sqlite3_value_text(v) : sqlite3_value_blob(v);
  uint32_t size = (uint32_t)sqlite3_value_bytes(v);
  if( (bytes==0 && size) || (type==SQLITE_TEXT && bytes==0) ) return STATUS_NOMEM;
  if( memory_grow((void**)&p->texts, &p->textsCapacity, p->textsUsed + size + sizeof size, 1)!=STATUS_OK ) return STATUS_NOMEM;
  *out = (int64_t)p->textsUsed;
  memcpy(p->texts + p->textsUsed, &size, sizeof size);
  if( size ) memcpy(p->texts + p->textsUsed + sizeof size, bytes, size);
  p->textsUsed += size + sizeof size;
  return STATUS_OK;
}

/* A row whose values are not all INTEGERs. */
static Status piece_mixed_row(Piece *p, sqlite3_value **argv){
  static const uint8_t TYPE[] = { 0, CELL_INTEGER, CELL_REAL, CELL_TEXT, CELL_BLOB, CELL_NULL };
  Status rc = p->isMixed ? STATUS_OK : piece_widen(p);
  int64_t *row = rc==STATUS_OK ? piece_place(p, p->rows) : 0;
  int i;
  if( row==0 ) return rc==STATUS_OK ? STATUS_NOMEM : rc;
  row[0] = sqlite3_value_int64(argv[0]);
  for(i=0; rc==STATUS_OK && i<p->columns; i++){
    sqlite3_value *v = argv[i+1];
    int type = sqlite3_value_type(v);
    Cell cell = {0};
    if( type==SQLITE_INTEGER ) cell.i = sqlite3_value_int64(v);
    else if( type==SQLITE_FLOAT ) cell.r = sqlite3_value_double(v);
    else if( type!=SQLITE_NULL ) rc = piece_text(p, v, type, &cell.i);
    row[i+1] = cell.i;
    row_types(p, row)[i] = TYPE[type];
  }
  return rc;
}

static int piece_integer_row(const Piece *p, sqlite3_value **argv, int64_t *row){
  int i;
  for(i=0; i<=p->columns; i++){
    if( sqlite3_value_type(argv[i])!=SQLITE_INTEGER ) return 0;
    row[i] = sqlite3_value_int64(argv[i]);
  }
  return 1;
}

static Status piece_row(void *arg, int argc, sqlite3_value **argv, Failure *f){
  Piece *p = arg;
  int64_t *row, key;
  Status rc = STATUS_OK;
  (void)argc;
  if( sqlite3_value_type(argv[0])!=SQLITE_INTEGER ) return STATUS_UNLIKE;
  if( p->rows >= p->most || p->textsUsed >= PIECE_TEXTS ){
    rc = p->state->runs < LEDGER_STREAMS - 2 ? piece_write(p, f) : STATUS_UNLIKE;
    if( rc!=STATUS_OK ) return rc;
  }
  row = p->isMixed ? 0 : piece_place(p, p->rows);
  if( !p->isMixed && row==0 ) return STATUS_NOMEM;
  if( row==0 || !piece_integer_row(p, argv, row) ) rc = piece_mixed_row(p, argv);
  key = sqlite3_value_int64(argv[0]);
  if( p->rows==0 ) p->least = p->greatest = key;
  if( key < p->least ) p->least = key;
  if( key > p->greatest ) p->greatest = key;
  p->rows++;
  return rc;
}

Status ledger_collect(const Ledger *l, Status (*row)(void*, int, sqlite3_value**, Failure*), void *arg, Failure *f){
  Buffer sql = {0};
  sqlite3_stmt *stmt = 0;
  Status rc;
  int i;
  for(i=0; i<=l->columns; i++) buffer_printf(&sql, "%s\"%w\"", i ? ", " : "SELECT " COLLECT "(", l->column[i]);
  buffer_printf(&sql, ") FROM \"%w\".\"%w\"", l->schema, l->source);
  rc = sql.failed ? STATUS_NOMEM : ledger_prepare(l, &stmt, f, "%.*s", (int)sql.size, (char*)sql.data);
  if( rc==STATUS_OK ) rc = collect_rows(l->cx, stmt, row, arg, f);
  sqlite3_finalize(stmt);
  buffer_destroy(&sql);
  return rc;
}

Status ledger_build(Ledger *l, LedgerState *state, Failure *f){
  Piece *p = memory_zeroed(sizeof *p);
  Status rc;
  if( p==0 ) return STATUS_NOMEM;
  p->ledger = l;
  p->state = state;
  p->columns = l->columns;
  piece_shape(p, 0);
  rc = ledger_collect(l, piece_row, p, f);
  if( rc==STATUS_OK && p->rows ) rc = piece_write(p, f);
  piece_destroy(p);
  memory_free(p);
  return rc;
}
