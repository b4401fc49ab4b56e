/*
** Packing a source for the first time: pieces of its rows are sorted by customer in memory, each
** becomes a run, and the runs are merged as those of a sync are.  SQLite's own sort, which takes
** any customer, spends several times as long.  A piece is some 60 bytes a row: PIECE_ROWS of them.
*/
#include "sql/ledger/ledger.h"

#define PIECE_ROWS ((size_t)3 << 20)
#define PIECE_TEXTS ((size_t)128 << 20)
#define DIGIT_BITS 11
#define DIGITS (1 << DIGIT_BITS)

typedef struct PiecePlace { uint64_t key; uint32_t row; } PiecePlace;

typedef struct Piece {
  Vector column[LEDGER_NAMES]; /* 0: the customer */
  int columns;
  PiecePlace *place, *room;
  int64_t least;               /* customer */
} Piece;

static void piece_clear(Piece *p){
  int i;
  for(i=0; i<=p->columns; i++) vector_clear(&p->column[i]);
}

static void piece_destroy(Piece *p){
  int i;
  for(i=0; i<=p->columns; i++) vector_destroy(&p->column[i]);
  memory_free(p->place);
  memory_free(p->room);
}

static int piece_is_full(const Piece *p){
  size_t bytes = 0;
  int i;
  for(i=1; i<=p->columns; i++) bytes += p->column[i].bytesUsed;
  return p->column[0].count >= PIECE_ROWS || bytes >= PIECE_TEXTS;
}

/* One pass of a radix sort, which leaves equal customers in the order that they came in. */
static void sort_digit(const PiecePlace *from, PiecePlace *to, size_t n, int shift){
  size_t count[DIGITS] = {0}, sum = 0, i;
  for(i=0; i<n; i++) count[from[i].key >> shift & (DIGITS - 1)]++;
  for(i=0; i<DIGITS; i++){
    size_t here = count[i];
    count[i] = sum;
    sum += here;
  }
  for(i=0; i<n; i++) to[count[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
}

/* Each eighth question reaches the progress handler: see function.c. */
static int piece_stops(const Ledger *l){
  int i, stops = 0;
  for(i=0; i<8; i++) stops |= stop_asked(&l->cx->stop);
  return stops;
}

#define PIECE_ASKS 8192                /* rows that are written between two questions */

static Status piece_sort(Piece *p, const Ledger *l){
  const Vector *keys = &p->column[0];
  size_t n = keys->count, i;
  int64_t least = keys->cell[0].i, most = least;
  int shift;
  memory_free(p->place);
  memory_free(p->room);
  p->place = memory_alloc(n*sizeof *p->place);
  p->room = memory_alloc(n*sizeof *p->room);
  if( p->place==0 || p->room==0 ) return STATUS_NOMEM;
  for(i=0; i<n; i++){
    if( keys->cell[i].i < least ) least = keys->cell[i].i;
    if( keys->cell[i].i > most ) most = keys->cell[i].i;
  }
  p->least = least;
  for(i=0; i<n; i++){
    p->place[i].key = (uint64_t)keys->cell[i].i - (uint64_t)least;
    p->place[i].row = (uint32_t)i;
  }
  for(shift=0; shift<64 && ((uint64_t)most - (uint64_t)least) >> shift; shift += DIGIT_BITS){
    PiecePlace *sorted = p->room;
    if( piece_stops(l) ) return STATUS_INTERRUPTED;
    sort_digit(p->place, sorted, n, shift);
    p->room = p->place;
    p->place = sorted;
  }
  return STATUS_OK;
}

/* Rows of one customer lie far apart: they are asked for ahead of their use. */
#define PIECE_AHEAD 16
static inline void piece_ask(const Piece *p, size_t i){
#if defined(__GNUC__)
  int k;
  uint32_t row;
  if( i >= p->column[0].count ) return;
  row = p->place[i].row;
  for(k=1; k<=p->columns; k++){
    __builtin_prefetch(&p->column[k].cell[row]);
    if( p->column[k].seen!=1u << CELL_INTEGER ) __builtin_prefetch(&p->column[k].type[row]);
  }
#else
  (void)p; (void)i;
#endif
}

/* The piece as a run of its own. */
static Status piece_write(Piece *p, Ledger *l, LedgerState *state, Failure *f){
  LedgerWriter w;
  size_t n = p->column[0].count, i;
  Status rc = piece_sort(p, l);
  if( rc!=STATUS_OK ) return rc;
  rc = ledger_writer_open(&w, l, state->nextRun++, 1, f);
  for(i=0; rc==STATUS_OK && i<n; i++){
    ChunkValue key = { CELL_INTEGER, { 0 }, 0, 0 };
    key.cell.i = (int64_t)(p->place[i].key + (uint64_t)p->least);
    piece_ask(p, i + PIECE_AHEAD);
    rc = ledger_writer_put(&w, &key, &p->column[1], p->place[i].row, f);
    if( rc==STATUS_OK && i % PIECE_ASKS==PIECE_ASKS - 1 && piece_stops(l) ) rc = STATUS_INTERRUPTED;
  }
  rc = ledger_writer_close(&w, rc, f);
  if( rc==STATUS_OK ) state->run[state->runs++] = w.run;
  piece_clear(p);
  return rc;
}

static Status piece_row(Piece *p, sqlite3_stmt *stmt){
  ChunkValue v;
  Status rc = STATUS_OK;
  int i;
  if( sqlite3_column_type(stmt, 0)!=SQLITE_INTEGER ) return STATUS_UNLIKE;
  for(i=0; rc==STATUS_OK && i<=p->columns; i++){
    rc = ledger_value(stmt, i, &v);
    if( rc==STATUS_OK ) rc = vector_put(&p->column[i], &v);
  }
  return rc;
}

static Status build_rows(Piece *p, sqlite3_stmt *stmt, Ledger *l, LedgerState *state, Failure *f){
  Status rc = STATUS_OK;
  int step;
  while( rc==STATUS_OK && (step = sqlite3_step(stmt))==SQLITE_ROW ){
    rc = piece_row(p, stmt);
    if( rc==STATUS_OK && piece_is_full(p) ) rc = state->runs < LEDGER_STREAMS - 2 ? piece_write(p, l, state, f) : STATUS_UNLIKE;
  }
  if( rc!=STATUS_OK ) return rc;
  if( step!=SQLITE_DONE ) return ledger_status(l, step, f);
  return p->column[0].count ? piece_write(p, l, state, f) : STATUS_OK;
}

Status ledger_build(Ledger *l, LedgerState *state, Failure *f){
  Buffer sql = {0};
  sqlite3_stmt *stmt = 0;
  Piece *p = memory_zeroed(sizeof *p);
  Status rc;
  int i;
  if( p==0 ) return STATUS_NOMEM;
  p->columns = l->columns;
  for(i=0; i<=l->columns; i++) buffer_printf(&sql, "%s\"%w\"", i ? ", " : "SELECT ", l->column[i]);
  buffer_printf(&sql, " FROM \"%w\".\"%w\"", l->schema, l->source);
  rc = sql.failed ? STATUS_NOMEM : ledger_prepare(l, &stmt, f, "%.*s", (int)sql.size, (char*)sql.data);
  if( rc==STATUS_OK ) rc = build_rows(p, stmt, l, state, f);
  sqlite3_finalize(stmt);
  buffer_destroy(&sql);
  piece_destroy(p);
  memory_free(p);
  return rc;
}
