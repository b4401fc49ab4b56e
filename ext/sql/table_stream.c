/*
** A table with a row for each customer, of a ledger: answered some thousand customers at a time, so
** that memory does not grow with their number.  See table_inside.h.
**
** What depends on all rows (the last time seen, whether an amount is REAL) is found before, by the
** chunks' totals as far as these say it.  Rows that only decode.c can read, met half way, and a cursor
** that goes back to its first row, end this way: then the result is made as a whole, and read on from
** the same row.
*/
#include "spine/history.h"
#include "spine/totals.h"
#include "sql/ledger/ledger.h"
#include "sql/table_inside.h"

#define PART_CUSTOMERS 2048

typedef struct TableStream {
  Run *run;
  struct LedgerFeed *feed;
  sqlite3_stmt *hold;          /* of the ledger, which stays connected as long as it stands */
  TableKnown known;
  Instant asOf;                /* rows after it do not count */
  int more;
} TableStream;

/* ---- what all rows say ---- */

static void known_time(TableKnown *k, Instant t){
  if( !k->any || t > k->last ) k->last = t;
  k->any = 1;
}

static Status known_absorb(void *acc, Batch *b, Failure *f){
  TableStream *s = acc;
  const Column *time = &b->column[1], *amount = &b->column[2];
  int i;
  (void)f;
  for(i=0; i<b->rows; i++){
    if( time->type[i]==CELL_NULL || time->cell[i].i > s->asOf ) continue;
    known_time(&s->known, time->cell[i].i);
    s->known.isReal |= amount->type[i]==CELL_REAL;
  }
  return STATUS_OK;
}

static Status known_histories(void *acc, Histories *h, Failure *f){
  TableStream *s = acc;
  (void)f;
  if( h->last > s->asOf ) return STATUS_UNLIKE;
  known_time(&s->known, h->last);
  s->known.isReal |= h->isReal;
  return STATUS_OK;
}

static Status known_totals(void *acc, const Totals *t, Failure *f){
  TableStream *s = acc;
  (void)f;
  if( t->last > s->asOf ) return STATUS_UNLIKE;
  known_time(&s->known, t->last);
  s->known.isReal |= t->of->isReal;
  return STATUS_OK;
}

static Status know_all(TableStream *s, Failure *f){
  Scan *scan = &s->run->scan[0];
  const char *column[BATCH_COLUMNS];
  Status rc;
  int i;
  memcpy(column, scan->column, sizeof column);
  for(i=3; i<BATCH_COLUMNS; i++) scan->column[i] = 0;
  memset(s->run->batch->column[2].type, CELL_NULL, BATCH_ROWS);
  batch_clear(s->run->batch);
  s->run->batch->keys = 0;
  scan->batch = s->run->batch;
  scan->accumulator = s;
  scan->absorb = known_absorb;
  scan->absorbHistory = known_histories;
  scan->historyKeys = 0;
  scan->absorbTotals = known_totals;
  scan->zone = s->run->request.zone;
  rc = ledger_feed(scan->source->ledger, scan, f);
  memcpy(scan->column, column, sizeof column);
  return rc;
}

/* ---- one part after the other ---- */

/* The next part that has rows, or none: then that was all. */
static Status stream_part(TableCursor *c, Failure *f){
  TableStream *s = c->stream;
  const TableMetric *metric = c->module->metric;
  Status rc = STATUS_OK;
  c->rows = c->row = 0;
  while( rc==STATUS_OK && c->rows==0 && s->more ){
    if( metric->destroy ) metric->destroy(c->accumulator);
    memset(c->accumulator, 0, metric->size);
    rc = metric->init(c->accumulator, &s->run->request, f);
    if( rc==STATUS_OK ) rc = ledger_feed_part(s->feed, PART_CUSTOMERS, &s->more, f);
    if( rc==STATUS_OK ) rc = metric->finish(c->accumulator, &c->rows, f, &c->module->cx->stop);
  }
  c->made = metric->made ? metric->made(c->accumulator) : c->accumulator;
  return rc;
}

/* Without the run. */
static void stream_free(TableStream *s){
  ledger_feed_close(s->feed);
  sqlite3_finalize(s->hold);
  s->run->request.known = 0;
  memory_free(s);
}

void stream_close(TableCursor *c){
  Run *run = c->stream ? c->stream->run : 0;
  if( run==0 ) return;
  stream_free(c->stream);
  c->stream = 0;
  run_free(c, run);
}

static Status stream_start(TableCursor *c, TableStream *s, Failure *f){
  const TableMetric *metric = c->module->metric;
  Ledger *l = s->run->source[0].ledger;
  Scan *scan = &s->run->scan[0];
  Status rc = ledger_prepare(l, &s->hold, f, "SELECT 1 FROM \"%w\".\"%w\"", l->schema, l->name);
  if( rc==STATUS_OK ) rc = know_all(s, f);
  if( rc!=STATUS_OK ) return rc;
  s->run->request.known = &s->known;
  s->run->request.ordered = 1;
  scan->accumulator = c->accumulator;
  scan->absorb = metric->absorb;
  scan->absorbHistory = metric->absorbHistory;
  scan->historyKeys = 1;       /* where one part ends and the next begins */
  scan->absorbTotals = 0;
  s->more = 1;
  return ledger_feed_open(l, scan, &s->feed, f);
}

Status stream_open(TableCursor *c, Run *run, Failure *f){
  const TableMetric *metric = c->module->metric;
  TableStream *s;
  Instant asOf = INT64_MAX;
  Status rc;
  if( c->isWhole || metric->isApart==0 || run->source[0].ledger==0 || run->scan[0].flags || run->source[1].from ) return STATUS_UNLIKE;
  if( !ledger_is_ordered(run->source[0].ledger, &run->scan[0]) || !metric->isApart(&run->request, &asOf) ) return STATUS_UNLIKE;
  s = memory_zeroed(sizeof *s);
  if( s==0 ) return STATUS_NOMEM;
  s->run = run;
  s->asOf = asOf;
  rc = stream_start(c, s, f);
  if( rc==STATUS_OK ){
    c->stream = s;
    rc = stream_part(c, f);
    if( rc!=STATUS_UNLIKE ) return rc;
    if( metric->destroy ) metric->destroy(c->accumulator);
    memset(c->accumulator, 0, metric->size);
    c->rows = 0;
    c->stream = 0;
  }
  stream_free(s);                          /* the run stays the caller's */
  if( rc==STATUS_UNLIKE ) f->text[0] = 0;
  return rc;
}

/* The result as a whole, at the row that would be next. */
static Status stream_whole(TableCursor *c, Failure *f){
  int64_t row = c->passed;
  Status rc;
  stream_close(c);
  if( c->accumulator && c->module->metric->destroy ) c->module->metric->destroy(c->accumulator);
  memory_free(c->accumulator);
  c->accumulator = 0;
  c->isWhole = 1;
  c->passed = 0;
  f->text[0] = 0;
  rc = cursor_compute(c, f);
  c->row = row;
  return rc;
}

Status stream_next(TableCursor *c, Failure *f){
  Status rc;
  c->passed += c->rows;
  rc = stream_part(c, f);
  return rc==STATUS_UNLIKE ? stream_whole(c, f) : rc;
}
