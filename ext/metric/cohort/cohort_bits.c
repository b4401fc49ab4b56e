/*
** Cohort windows, the fast way: calendar periods, rows in any order, no option that needs the
** rows themselves.  See cohort.h.
**
** A customer is a word of 64 bits, one for each period in which an order fell, so the first
** period is the lowest bit.  With money, what a customer did in a period is a cell; the newest
** cell of each customer is known, so that rows in order of time add to it without a search.
** At the end one sweep over the cells puts them into the matrix: by then every customer's
** first period is known, whatever the order of the rows was.
*/
#include "metric/cohort/cohort.h"

typedef struct BitsMember {
  uint64_t active;             /* bit i: an order in relative period base + i */
  /* with money; without, an entry is no more than key and bits */
  uint32_t newest;             /* its cell + 1; 0: none */
  int16_t period;              /* relative period of that cell */
  uint8_t ordersInFirst;       /* 0, 1, 2 = more; counted at the end */
} BitsMember;

typedef struct BitsCell {
  uint32_t member;
  int16_t period;
  uint16_t orders;             /* shifted by one; bit 0: the amount is REAL */
  union { int64_t i; double r; } amount;
} BitsCell;

#define CELL_PAGE_BITS 18
#define CELLS_PER_PAGE (UINT32_C(1) << CELL_PAGE_BITS)
#define MOST_ORDERS 0x7fff
#define ROOM_BELOW 16          /* bits kept free below the first row's period */
#define AHEAD 24               /* cells to prefetch ahead in the final sweep */

#define PAGES_AT_ONCE 4

void bits_init(Bits *b, const CohortRule *rule){
  b->rule = rule;
  b->cells.atOnce = PAGES_AT_ONCE;
  keymap_init(&b->customers, rule->wantsMoney ? sizeof(BitsMember) : sizeof(uint64_t));
}

void bits_destroy(Bits *b){
  pages_destroy(&b->cells);
  keymap_destroy(&b->customers);
  flat_destroy(&b->flat);
  memset(b, 0, sizeof *b);
}

static inline BitsCell *cell_at(const Bits *b, uint32_t i){
  return pages_at(&b->cells, i, sizeof(BitsCell), CELL_PAGE_BITS);
}

/* ---- rows in ---- */

/* Relative period of an instant. */
static inline int64_t period_of(Bits *b, Instant t){
  int64_t ordinal = period_cache_ordinal(&b->cache, t);
  if( !b->started ){ b->anchor = ordinal; b->base = -ROOM_BELOW; b->started = 1; }
  return ordinal - b->anchor;
}

/* Moves all bits so that low ... high fit. */
static Status rebase(Bits *b, const Stop *stop){
  int64_t base = b->low, shift = b->base - base;
  uint64_t i;
  uint32_t id;
  for(id=0; id<b->customers.count; id++){
    BitsMember *m = keymap_payload(&b->customers, id);
    if( stop_asked_at(stop, id) ) return STATUS_INTERRUPTED;
    if( shift > 0 ) m->active <<= shift; else m->active >>= -shift;
  }
  for(i=0; i<b->flat.size; i++){
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( shift > 0 ) b->flat.word[i] <<= shift; else b->flat.word[i] >>= -shift;
  }
  b->base = base;
  return STATUS_OK;
}

/* The periods of a batch, and the range they leave; nothing else has changed yet. */
static Status take_periods(Bits *b, const Batch *batch, const uint8_t *rows, int n, int64_t *period){
  const Column *time = &batch->column[COHORT_TIME];
  int64_t low, high;
  int i;
  if( n==0 ) return STATUS_OK;
  for(i=0; i<n; i++) period[i] = period_of(b, time->cell[rows[i]].i);
  low = b->hasSpan ? b->low : period[0];
  high = b->hasSpan ? b->high : period[0];
  for(i=0; i<n; i++){
    if( period[i] < low ) low = period[i];
    if( period[i] > high ) high = period[i];
  }
  if( high - low >= 64 ) return STATUS_UNORDERED;
  b->hasSpan = 1;
  b->low = low;
  b->high = high;
  return low < b->base || high >= b->base + 64 ? rebase(b, batch->stop) : STATUS_OK;
}

/* Adds an amount to a cell when that loses nothing. */
static inline int cell_add(BitsCell *cell, int orders, const Column *amount, int row){
  int type = amount->type[row];
  if( (cell->orders >> 1) + orders > MOST_ORDERS ) return 0;
  if( type==CELL_INTEGER ){
    int64_t v = amount->cell[row].i, sum;
    if( cell->orders & 1 ) return 0;
    if( v > 0 ? cell->amount.i > INT64_MAX - v : cell->amount.i < INT64_MIN - v ) return 0;
    sum = cell->amount.i + v;
    cell->amount.i = sum;
  }else if( type==CELL_REAL ){
    Money sum;
    if( !(cell->orders & 1) ) return 0;
    sum = money_two_sum(cell->amount.r, amount->cell[row].r);
    if( sum.lo!=0 ) return 0;
    cell->amount.r = sum.hi;
  }
  cell->orders = (uint16_t)(cell->orders + 2*orders);
  return 1;
}

static inline Status add_to_new_cell(Bits *b, BitsMember *m, uint32_t id, int64_t period, int orders,
                                     const Column *amount, int row){
  int isReal = amount->type[row]==CELL_REAL;
  BitsCell *cell;
  void *place;
  Status rc = pages_add(&b->cells, sizeof(BitsCell), CELL_PAGE_BITS, &place);
  if( rc!=STATUS_OK ) return rc;
  cell = place;
  cell->member = id;
  cell->period = (int16_t)period;
  cell->orders = (uint16_t)(2*orders + isReal);
  cell->amount.i = 0;
  if( isReal ) cell->amount.r = amount->cell[row].r;
  else if( amount->type[row]==CELL_INTEGER ) cell->amount.i = amount->cell[row].i;
  m->newest = b->cells.count;
  m->period = (int16_t)period;
  b->revenueIsReal |= isReal;
  return STATUS_OK;
}

/* The rows that count: those with a time, up to as_of; returns how many. */
static int rows_in_time(const Bits *b, const Batch *batch, uint8_t room[BATCH_ROWS], const uint8_t **out){
  const Column *time = &batch->column[COHORT_TIME];
  Instant asOf = b->rule->asOfGiven ? b->rule->asOf : INT64_MAX;
  uint8_t *rows = room;
  int i, n = 0;
  *out = ALL_ROWS;
  if( !b->rule->asOfGiven && column_is_integer(time, batch->rows) ) return batch->rows;
  *out = rows;
  for(i=0; i<batch->rows; i++){
    rows[n] = (uint8_t)i;
    n += time->type[i]!=CELL_NULL && time->cell[i].i <= asOf;
  }
  return n;
}

static inline void ask_cell(const Bits *b, uint32_t newest){
  PREFETCH(cell_at(b, newest - 1));
}

/* Rows that are customers' first ones of a period get a cell; the others wait until theirs has
** come from memory. */
static Status take_money(Bits *b, void *const *payload, const uint32_t *ids, const int64_t *period,
                         const Column *amount, const uint8_t *rows, int n){
  uint8_t waits[BATCH_ROWS];
  int i, j, waiting = 0;
  Status rc = STATUS_OK;
  for(i=0; rc==STATUS_OK && i<n; i++){
    BitsMember *m = payload[i];
    if( m->newest && m->period==period[i] ){
      ask_cell(b, m->newest);
      waits[waiting++] = (uint8_t)i;
    }else{
      rc = add_to_new_cell(b, m, ids[i], period[i], !is_refund(amount, rows[i]), amount, rows[i]);
    }
  }
  for(j=0; rc==STATUS_OK && j<waiting; j++){
    BitsMember *m = payload[i = waits[j]];
    int order = !is_refund(amount, rows[i]);
    if( m->period==period[i] && cell_add(cell_at(b, m->newest - 1), order, amount, rows[i]) ) continue;
    rc = add_to_new_cell(b, m, ids[i], period[i], order, amount, rows[i]);
  }
  return rc;
}

/* Members by key: each word is asked for, then the periods are told, then the bits are set. */
static Status absorb_flat(Bits *b, const Batch *batch, const uint8_t *rows, int n){
  const Column *customer = &batch->column[COHORT_CUSTOMER], *amount = &batch->column[COHORT_AMOUNT];
  int64_t period[BATCH_ROWS] = {0};
  Status rc;
  int i;
  for(i=0; i<n; i++) PREFETCH_TO_WRITE(flat_word(&b->flat, customer->cell[rows[i]].i));
  rc = take_periods(b, batch, rows, n, period);
  if( rc!=STATUS_OK ) return rc;
  for(i=0; i<n; i++){
    uint64_t order = !is_refund(amount, rows[i]);
    *flat_word(&b->flat, customer->cell[rows[i]].i) |= order << (period[i] - b->base);
  }
  return STATUS_OK;
}

static Status absorb_mapped(Bits *b, Batch *batch, const uint8_t *rows, int n){
  const Column *amount = &batch->column[COHORT_AMOUNT];
  int64_t period[BATCH_ROWS] = {0}, base;
  void *payload[BATCH_ROWS];
  uint32_t ids[BATCH_ROWS];
  Status rc = take_periods(b, batch, rows, n, period);
  int i;
  if( rc==STATUS_OK ) rc = keymap_batch(&b->customers, batch, &batch->column[0], rows, n, payload, ids);
  if( rc!=STATUS_OK ) return rc;
  base = b->base;
  for(i=0; i<n; i++){
    BitsMember *m = payload[i];
    uint64_t order = !is_refund(amount, rows[i]);
    m->active |= order << (period[i] - base);
  }
  return b->rule->wantsMoney ? take_money(b, payload, ids, period, amount, rows, n) : STATUS_OK;
}

/* Gives the words up for this batch's keys, when they are no such INTEGERs. */
static Status keep_flat(Bits *b, const Batch *batch){
  int reached;
  Status rc = flat_reach(&b->flat, batch, &reached);
  if( rc!=STATUS_OK || reached ) return rc;
  b->notFlat = 1;
  return flat_close(&b->flat, &b->customers, batch->stop);
}

Status bits_absorb(Bits *b, Batch *batch, Failure *f){
  uint8_t room[BATCH_ROWS];
  const uint8_t *rows;
  int n = rows_in_time(b, batch, room, &rows);
  Status rc = b->flat.word ? keep_flat(b, batch) : STATUS_OK;
  (void)f;
  if( rc!=STATUS_OK ) return rc;
  if( b->flat.word ) return absorb_flat(b, batch, rows, n);
  rc = absorb_mapped(b, batch, rows, n);
  if( rc==STATUS_OK && !b->notFlat && flat_pays(&b->customers) ) rc = flat_open(&b->flat, &b->customers, batch->stop);
  batch->keys = b->flat.word ? 0 : &b->customers;   /* of the rows to come */
  return rc;
}

/* ---- over to the way that takes all ---- */

static Status hand_row(const Bits *b, Members *to, uint32_t id, int64_t period, const CohortRow *from){
  const CohortRule *rule = b->rule;
  CohortRow row = *from;
  Key key;
  keymap_key(&b->customers, id, &key);
  row.time = grain_start(rule->grain, b->anchor + period, rule->zone);
  row.hasTime = 1;
  row.isStart = row.isOrder;
  return members_keep_row(to, &key, &row);
}

/* A cell becomes one row with its money, and as many more as it has orders beyond one. */
static Status hand_cell(const Bits *b, Members *to, const BitsCell *cell){
  CohortRow row;
  Status rc;
  int orders = cell->orders >> 1;
  memset(&row, 0, sizeof row);
  row.amountType = cell->orders & 1 ? CELL_REAL : CELL_INTEGER;
  if( cell->orders & 1 ) row.amount.r = cell->amount.r; else row.amount.i = cell->amount.i;
  row.isOrder = orders > 0;
  rc = hand_row(b, to, cell->member, cell->period, &row);
  memset(&row, 0, sizeof row);
  row.isOrder = 1;
  while( rc==STATUS_OK && --orders > 0 ) rc = hand_row(b, to, cell->member, cell->period, &row);
  return rc;
}

Status bits_hand_over(Bits *b, Members *to, const Stop *stop){
  Status rc = b->flat.word ? flat_close(&b->flat, &b->customers, stop) : STATUS_OK;
  uint32_t i;
  to->customers.stop = stop;
  for(i=0; rc==STATUS_OK && i<b->cells.count; i++){
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    rc = hand_cell(b, to, cell_at(b, i));
  }
  for(i=0; rc==STATUS_OK && !b->rule->wantsMoney && i<b->customers.count; i++){
    uint64_t active = ((BitsMember*)keymap_payload(&b->customers, i))->active;
    CohortRow row;
    int bit;
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    memset(&row, 0, sizeof row);
    row.isOrder = 1;
    for(bit=0; rc==STATUS_OK && bit<64; bit++){
      if( active >> bit & 1 ) rc = hand_row(b, to, i, b->base + bit, &row);
    }
  }
  bits_destroy(b);
  return rc;
}

/* ---- the end ---- */

/* For each lowest bit the position + 1 of its cohort in the matrix. */
typedef struct Places { uint32_t at[64]; } Places;

/* Cohort of the members whose lowest bit is `first`, with a cell for every later bit. */
static Cohort *cohort_at(const Bits *b, CohortMatrix *m, Places *places, int first, Status *rc, Failure *f){
  CohortCell *cell;
  Cohort *c;
  if( places->at[first] ) return &m->cohort[places->at[first] - 1];
  c = matrix_cohort(m, 0, b->anchor + b->base + first);
  *rc = c ? matrix_cell(m, c, 63 - first, &cell, f) : STATUS_NOMEM;
  if( *rc!=STATUS_OK ) return 0;
  places->at[first] = (uint32_t)(c - m->cohort) + 1;
  return c;
}

static Status place_cell(const Bits *b, CohortMatrix *m, Places *places, const BitsCell *from, Failure *f){
  BitsMember *member = keymap_payload(&b->customers, from->member);
  int orders = from->orders >> 1, first, k;
  CohortCell *to;
  Cohort *c;
  Status rc = STATUS_OK;
  if( member->active==0 ) return STATUS_OK;         /* refunds alone make no member */
  first = lowest_bit(member->active);
  k = (int)(from->period - b->base) - first;
  if( k < 0 ) return STATUS_OK;                     /* before the first order */
  if( k==0 ) member->ordersInFirst = (uint8_t)(member->ordersInFirst + orders > 1 ? 2 : member->ordersInFirst + orders);
  c = cohort_at(b, m, places, first, &rc, f);
  if( c==0 ) return rc;
  to = &c->cell[k];
  to->orders += orders;
  if( from->orders & 1 ) money_add_real(&to->revenue, from->amount.r);
  else cell_add_integer(to, from->amount.i);
  return STATUS_OK;
}

/* The first n cells of a page. */
static Status place_page(const Bits *b, CohortMatrix *m, Places *places, const BitsCell *cell, uint32_t n, Failure *f, const Stop *stop){
  Status rc = STATUS_OK;
  uint32_t i;
  for(i=0; rc==STATUS_OK && i<n; i++){
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( i + AHEAD < n ) PREFETCH(keymap_payload(&b->customers, cell[i + AHEAD].member));
    rc = place_cell(b, m, places, &cell[i], f);
  }
  return rc;
}

static Status place_cells(const Bits *b, CohortMatrix *m, Places *places, Failure *f, const Stop *stop){
  Status rc = STATUS_OK;
  uint32_t left = b->cells.count;
  size_t page;
  for(page=0; rc==STATUS_OK && left>0; page++){
    uint32_t n = left < CELLS_PER_PAGE ? left : CELLS_PER_PAGE;
    if( stop_asked(stop) ) return STATUS_INTERRUPTED;
    rc = place_page(b, m, places, (const BitsCell*)b->cells.page[page], n, f, stop);
    left -= n;
  }
  return rc;
}

static Status place_member(const Bits *b, CohortMatrix *m, Places *places, uint64_t active, int ordersInFirst, Failure *f){
  uint64_t rest;
  int first = lowest_bit(active), last = first;
  Status rc = STATUS_OK;
  Cohort *c = cohort_at(b, m, places, first, &rc, f);
  CohortCell *cell;
  if( c==0 ) return rc;
  c->size++;
  cell = c->cell;
  for(rest=active; rest; rest &= rest - 1){
    last = lowest_bit(rest);
    if( !b->rule->onOrAfter ) cell[last - first].customers++;
  }
  if( b->rule->onOrAfter ) cell[last - first].customers++;
  if( !b->rule->wantsMoney ) return STATUS_OK;      /* nobody asks for repeaters */
  rest = active & (active - 1);
  if( ordersInFirst >= 2 ) cell[0].repeaters++;
  else if( rest ) cell[lowest_bit(rest) - first].repeaters++;
  return STATUS_OK;
}

static Status place_members(const Bits *b, CohortMatrix *m, Places *places, Failure *f, const Stop *stop){
  int wantsMoney = b->rule->wantsMoney;
  Status rc = STATUS_OK;
  uint64_t i;
  for(i=0; rc==STATUS_OK && i<b->customers.count; i++){
    const BitsMember *member = keymap_payload(&b->customers, (uint32_t)i);
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( member->active ) rc = place_member(b, m, places, member->active, wantsMoney ? member->ordersInFirst : 0, f);
  }
  for(i=0; rc==STATUS_OK && i<b->flat.size; i++){
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( b->flat.word[i] ) rc = place_member(b, m, places, b->flat.word[i], 0, f);
  }
  return rc;
}

Status bits_finish(Bits *b, CohortMatrix *m, Failure *f, const Stop *stop){
  Places places = {{0}};
  Status rc = place_cells(b, m, &places, f, stop);
  m->revenueIsReal |= b->revenueIsReal;
  return rc==STATUS_OK ? place_members(b, m, &places, f, stop) : rc;
}
