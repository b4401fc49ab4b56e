/*
** A ledger as the source of a table: its chunks go straight into batches, without SQL in between.
**
** The rules for values live in decode.c.  Here is only what they make of what almost every source
** holds: INTEGER keys and texts, Unix seconds, dates as people write them, numbers.  At anything
** else (a REAL key, a Julian day, an amount that is text) the feed gives up with STATUS_UNLIKE, and
** the rows go through SQL and decode.c after all, which also finds the words for what is wrong.
*/
#include "spine/totals.h"
#include "sql/ledger/ledger_feed.h"

/* ---- whole histories ---- */

/* Whether each customer's rows are in order of time. */
static int are_in_order(const Chunk *c, int from, int to){
  const Cell *time = c->column[0].cell;
  size_t i, descents = 0, atBegins = 0;
  int k;
  if( c->column[0].isSorted ) return 1;
  for(i=(size_t)c->start[from]+1; i<c->start[to]; i++) descents += time[i-1].i > time[i].i;
  for(k=from+1; k<to; k++){
    i = c->start[k];
    if( i==c->start[k+1] || i==c->start[from] ) continue;
    atBegins += time[i-1].i > time[i].i;
  }
  return descents==atBegins;
}

/* Customers as far as histories may hold them: no blank text, rows in order of time. */
static int are_plain_histories(const Chunk *c, int from, int to){
  int k;
  if( !are_in_order(c, from, to) ) return 0;
  for(k=from; (c->key.seen >> CELL_TEXT & 1) && k<to; k++){
    ChunkValue key;
    vector_value(&c->key, (size_t)k, &key, 0);
    if( feed_blank(&key) ) return 0;
  }
  return 1;
}

/* Numbers whose cells below zero are those that are: not -0.0. */
static int are_signed_amounts(const Vector *v, size_t from, size_t to){
  size_t i;
  unsigned wrong = 0;
  if( v->seen & ~(1u << CELL_INTEGER | 1u << CELL_REAL) ) return 0;
  for(i=from; i<to; i++) wrong |= v->cell[i].i==INT64_MIN;
  return !wrong;
}

static int are_history_amounts(const Vector *v, size_t from, size_t to){
  return v->seen==1u << CELL_INTEGER && numbers_within(v, from, to, -HISTORY_MONEY, 2*(uint64_t)HISTORY_MONEY);
}

/* Whether a slice has histories as far as its columns go: the time, an amount, whose cells h is given. */
static int are_history_columns(const Feed *f, const LedgerSlice *s, Histories *h, int from, int to){
  const Chunk *c = s->chunk;
  const Vector *amount;
  int i;
  for(i=3; i<f->columns; i++) if( f->place[i] >= 0 ) return 0;
  if( f->place[1]!=1 || !(c->keysLeft || c->key.seen==1u << CELL_INTEGER || c->key.seen==1u << CELL_TEXT) ) return 0;
  if( f->columns <= 2 || f->place[2] < 0 ) return 1;
  if( f->kind[2]!=ARG_MONEY || f->place[2]==0 ) return 0;
  amount = &c->column[f->place[2]-1];
  h->amount = amount->cell;
  h->isReal = amount->seen >> CELL_REAL & 1;
  if( h->isReal ) return are_signed_amounts(amount, c->start[from], c->start[to]);
  return are_history_amounts(amount, c->start[from], c->start[to]);
}

static void history_head(const Feed *f, const LedgerSlice *s, Histories *h, int from, int to){
  const Vector *time = &s->chunk->column[0];
  memset(h, 0, sizeof *h);
  h->from = from;
  h->to = to;
  h->chunk = s->chunk;
  h->key = &s->chunk->key;
  h->start = s->chunk->start;
  h->unit = (time->form==VECTOR_DATES ? 86400 : 1)*MICROS_PER_SECOND;
  h->shift = time->seen >> CELL_TEXT & 1 ? -(Instant)f->scan->zone*MICROS_PER_SECOND : 0;
}

/* The customers of a plain slice but the first and the last one, which may go on elsewhere; 0: they
** are no histories. */
static int history_of(const Feed *f, const LedgerSlice *s, Histories *h){
  const Chunk *c = s->chunk;
  const Vector *time = &c->column[0];
  int64_t first = INT64_MAX, last = INT64_MIN;
  int k, from = s->from + 1, to = s->to - 1;
  if( to <= from ) return 0;
  history_head(f, s, h, from, to);
  if( c->start[from]==c->start[to] || !are_plain_histories(c, from, to) || !are_history_columns(f, s, h, from, to) ) return 0;
  h->time = time->cell;
  for(k=from; k<to; k++){
    size_t row = c->start[k], end = c->start[k+1];
    if( row==end ) continue;
    if( time->cell[row].i < first ) first = time->cell[row].i;
    if( time->cell[end-1].i > last ) last = time->cell[end-1].i;
  }
  h->first = first*h->unit + h->shift;
  h->last = last*h->unit + h->shift;
  return 1;
}

/* The same of all customers of a chunk whose times are steps: its totals say that they are plain and whole. */
static int steps_of(const Feed *f, const LedgerSlice *s, Histories *h){
  Chunk *c = s->chunk;
  const ChunkTotals *t = s->beside;
  Vector *time = &c->column[0];
  if( !c->isStepwise || t==0 || !t->isWhole || !t->isPlain || s->from > 0 || s->to < c->customers || t->all.rows!=c->rows || c->rows==0 ) return 0;
  history_head(f, s, h, 0, c->customers);
  if( t->isText!=(time->seen==1u << CELL_TEXT) || t->form!=time->form || !are_history_columns(f, s, h, 0, c->customers) ) return 0;
  time->isBounded = 1;
  time->low = t->all.first;
  time->high = t->all.last;
  if( time->high < time->low || !is_plain_slice(f, s) ) return 0;
  h->begin = c->begin;
  h->step = c->step;
  h->least = time->low;
  h->most = time->high;
  h->first = time->low*h->unit + h->shift;
  h->last = time->high*h->unit + h->shift;
  return 1;
}

static Status feed_histories(Feed *f, Histories *h, Failure *failure){
  Status rc = f->b->rows ? feed_full(f, failure) : STATUS_OK;
  if( rc==STATUS_OK ) rc = f->scan->absorbHistory(f->scan->accumulator, h, failure);
  return rc==STATUS_CORRUPT ? ledger_damaged(&f->merge, failure) : rc;
}

/* STATUS_UNLIKE: it is to come in pieces, with its times. */
static Status feed_steps(Feed *f, const LedgerSlice *s, Failure *failure){
  Histories h;
  return f->scan->absorbHistory && steps_of(f, s, &h) ? feed_histories(f, &h, failure) : STATUS_UNLIKE;
}

static Status feed_slice(Feed *f, const LedgerSlice *s, Failure *failure){
  LedgerSlice part = *s;
  Histories h;
  Status rc = feed_steps(f, s, failure);
  if( rc!=STATUS_UNLIKE ) return rc;
  rc = s->chunk->keysLeft ? ledger_merge_keys(&f->merge, failure) : STATUS_OK;
  if( rc!=STATUS_OK ) return rc;
  if( chunk_times(s->chunk)!=STATUS_OK ) return ledger_damaged(&f->merge, failure);
  if( !is_plain_slice(f, s) ) return feed_rows(f, s, failure);
  if( f->scan->absorbHistory==0 || !history_of(f, s, &h) ) return feed_plain(f, s, failure);
  part.to = h.from;
  rc = feed_plain(f, &part, failure);
  if( rc==STATUS_OK ) rc = feed_histories(f, &h, failure);
  if( rc!=STATUS_OK && rc!=STATUS_UNLIKE ) return rc;
  part.from = rc==STATUS_OK ? h.to : h.from;
  part.to = s->to;
  return feed_plain(f, &part, failure);
}

/* ---- whole chunks by their totals ---- */

/* Whether the table asks of a chunk no more than its totals may say. */
static int may_take_totals(const Feed *f, const Ledger *l){
  int i;
  if( f->scan->absorbTotals==0 || f->scan->flags || f->b->keys ) return 0;
  if( f->columns < 2 || f->place[0]!=0 || f->kind[0]!=ARG_KEY || f->place[1]!=1 ) return 0;
  if( f->kind[1]!=ARG_TIME && f->kind[1]!=ARG_TIME_OR_NULL ) return 0;
  for(i=2; i<f->columns; i++){
    if( f->place[i] >= 0 && (i > 2 || f->place[i]!=l->amount || f->kind[i]!=ARG_MONEY) ) return 0;
  }
  return 1;
}

static int are_plain_totals(const Feed *f, const ChunkTotals *t){
  int64_t low = PLAIN_DAY_FIRST, count = PLAIN_DAY_LAST - PLAIN_DAY_FIRST;
  if( !t->isPlain || t->all.rows==0 ) return 0;
  if( f->columns > 2 && f->place[2] >= 0 && !t->hasMoney ) return 0;
  if( !t->isText ){
    low = SECONDS_LOWEST;
    count = (int64_t)SECONDS_COUNT;
  }else if( f->scan->zone >= ZONE_NAMED ){
    return 0;
  }else if( t->form!=VECTOR_DATES ){
    low *= 86400;
    count *= 86400;
  }
  return t->all.first >= low && t->all.last < low + count;
}

static Instant totals_instant(const Feed *f, const ChunkTotals *t, int64_t time){
  Instant unit = (t->form==VECTOR_DATES ? 86400 : 1)*MICROS_PER_SECOND;
  return time*unit - (t->isText ? (Instant)f->scan->zone*MICROS_PER_SECOND : 0);
}

/* STATUS_UNLIKE: the chunk has to be unpacked. */
static Status feed_totals(Feed *f, const ChunkTotals *t, Failure *failure){
  int byMoney = f->columns > 2 && f->place[2] >= 0;
  Totals totals;
  Status rc;
  if( !are_plain_totals(f, t) ) return STATUS_UNLIKE;
  memset(&totals, 0, sizeof totals);
  totals.of = t;
  totals.orders = byMoney ? &t->orders : &t->all;
  totals.last = totals_instant(f, t, t->all.last);
  if( totals.orders->rows ){
    totals.firstOrder = totals_instant(f, t, totals.orders->first);
    totals.lastOrder = totals_instant(f, t, totals.orders->last);
  }
  rc = f->b->rows ? feed_full(f, failure) : STATUS_OK;
  return rc==STATUS_OK ? f->scan->absorbTotals(f->scan->accumulator, &totals, failure) : rc;
}

static Status feed_next(Feed *f, LedgerMerge *m, const LedgerSlice *s, Failure *failure){
  Status rc;
  if( s->totals==0 ) return feed_slice(f, s, failure);
  rc = feed_totals(f, s->totals, failure);
  return rc==STATUS_UNLIKE ? ledger_merge_unpack(m, failure) : rc;
}

/* ---- which column plays which part ---- */

static const char *const FEED_SECOND[] = { "conversion_", "history_" };
static const char *const FEED_CUSTOMER[] = { "conversion_customer_col", "history_customer_col", "customer_col" };

/* Which of several sources an input belongs to. */
static int feed_source(const char *input){
  int i;
  for(i=0; i<2; i++) if( strncmp(input, FEED_SECOND[i], strlen(FEED_SECOND[i]))==0 ) break;
  return i;
}

const char *ledger_customer_input(const char *input){ return FEED_CUSTOMER[feed_source(input)]; }

const char *ledger_column(const Ledger *l, const char *input){
  int source = feed_source(input);
  if( source < 2 ) input += strlen(FEED_SECOND[source]);
  if( strcmp(input, "customer_col")==0 ) return l->column[0];
  if( strcmp(input, "time_col")==0 ) return l->column[1];
  if( strcmp(input, "amount_col")==0 && l->amount ) return l->column[l->amount];
  if( strcmp(input, "order_col")==0 && l->order ) return l->column[l->order];
  return 0;
}

/* ---- the whole ---- */

static int name_place(const Ledger *l, const char *name){
  int i;
  for(i=0; name && i<=l->columns; i++) if( sqlite3_stricmp(l->column[i], name)==0 ) return i;
  return -1;
}

static int feed_open(Feed *f, Scan *scan, const Ledger *l, uint32_t *wanted){
  const Signature *s = scan->signature;
  int i;
  memset(f, 0, sizeof *f);
  f->scan = scan;
  f->b = scan->batch;
  f->columns = s->columns;
  *wanted = 0;
  for(i=0; i<s->columns; i++){
    f->kind[i] = s->argument[s->columnArgument[i]].kind;
    f->place[i] = name_place(l, scan->column[i]);
    if( f->place[i] < 0 ){
      if( scan->column[i] ) return 0;
      memset(f->b->column[i].type, CELL_NULL, BATCH_ROWS);
    }
    if( f->place[i] > 0 ) *wanted |= UINT32_C(1) << (f->place[i] - 1);
  }
  for(i=0; i<scan->flags; i++){
    f->flag[i] = name_place(l, scan->flag[i]);
    if( f->flag[i] < 0 ) return 0;
    if( f->flag[i] > 0 ) *wanted |= UINT32_C(1) << (f->flag[i] - 1);
  }
  return 1;
}

int ledger_is_ordered(const Ledger *l, const Scan *scan){ return name_place(l, scan->column[0])==0; }

Status ledger_feed_open(Ledger *l, Scan *scan, Feed **out, Failure *failure){
  Feed *f = *out = memory_zeroed(sizeof *f);
  if( f==0 ) return STATUS_NOMEM;
  if( !feed_open(f, scan, l, &f->merge.wanted) ) return STATUS_UNLIKE;
  f->merge.totals = may_take_totals(f, l);
  f->merge.mayBeStepwise = scan->absorbHistory!=0;
  f->merge.mayLeaveKeys = scan->absorbHistory && !scan->historyKeys;
  return ledger_query_open(&f->merge, l, failure);
}

void ledger_feed_close(Feed *f){
  if( f==0 ) return;
  ledger_merge_close(&f->merge);
  buffer_destroy(&f->lastBytes);
  memory_free(f);
}

/* The last customer of a slice, whose rows may go on in the next one. */
static Status feed_remember(Feed *f, const LedgerSlice *s){
  vector_value(&s->chunk->key, (size_t)s->to - 1, &f->last, 0);
  if( f->last.type < CELL_TEXT ) return STATUS_OK;
  f->lastBytes.size = 0;
  buffer_put(&f->lastBytes, f->last.bytes, f->last.size);
  f->last.bytes = (const char*)f->lastBytes.data;
  return f->lastBytes.failed ? STATUS_NOMEM : STATUS_OK;
}

/* Customers that are equal, though not the same (1 and 1.0), are one to a table. */
static int feed_goes_on(const Feed *f, const LedgerSlice *s){
  ChunkValue first;
  vector_value(&s->chunk->key, (size_t)s->from, &first, 0);
  return value_compare(&f->last, &first)==0;
}

static Status feed_until(Feed *f, int customers, int *more, Failure *failure){
  LedgerSlice *s = &f->slice;
  Status rc = STATUS_OK;
  int fed = 0;
  for(*more=0; rc==STATUS_OK; ){
    if( s->from==s->to ) rc = ledger_merge_next(&f->merge, s, failure);
    if( rc!=STATUS_OK || s->from==s->to ) break;
    if( customers && fed >= customers && !feed_goes_on(f, s) ){ *more = 1; break; }
    if( ledger_merge_stops(&f->merge, s) ) rc = STATUS_INTERRUPTED;
    else rc = feed_next(f, &f->merge, s, failure);
    if( rc==STATUS_OK && customers ) rc = feed_remember(f, s);
    fed += s->to - s->from;
    s->from = s->to;
  }
  return rc;
}

Status ledger_feed_part(Feed *f, int customers, int *more, Failure *failure){
  Batch *b = f->scan->batch;
  Status rc = feed_until(f, customers, more, failure);
  if( rc==STATUS_OK && b->rows ) rc = f->scan->absorb(f->scan->accumulator, b, failure);
  batch_clear(b);
  return rc;
}

Status ledger_feed(Ledger *l, Scan *scan, Failure *failure){
  Feed *f;
  int more;
  Status rc = ledger_feed_open(l, scan, &f, failure);
  if( rc==STATUS_OK ) rc = ledger_feed_part(f, 0, &more, failure);
  ledger_feed_close(f);
  return rc;
}
