/*
** Reading the rows of a source: see table.h.
**
** The rows pass through an aggregate of our own on the same connection,
**     SELECT siyu_collect(s."customer", s."time", ...) FROM "main"."orders" AS s
** which is 1.5 to 1.9 times faster than a sqlite3_step() loop.  It feeds the scan that the
** connection runs just now, and is an error where there is none.  Nobody else gets at it:
** it is DIRECTONLY, and the text of a _query source may not name it.
*/
#include "sql/table.h"

/* ---- the aggregate that takes the rows ---- */

/* INTEGERs that are taken as they are, or as Unix seconds: 1 when all cells of the row are. */
static inline int take_integers(const Signature *sig, int argc, sqlite3_value **argv, Batch *b){
  Column *c = b->column;
  int i, row = b->rows;
  for(i=0; i<argc; i++, c++){
    int64_t v;
    if( sqlite3_value_type(argv[i])!=SQLITE_INTEGER ) return 0;
    v = sqlite3_value_int64(argv[i]);
    if( sig->plain[i]!=PLAIN_AS_IS ){
      if( sig->plain[i]!=PLAIN_SECONDS || (uint64_t)v - SECONDS_LOWEST >= SECONDS_COUNT ) return 0;
      v *= MICROS_PER_SECOND;
    }
    c->cell[row].i = v;
    c->type[row] = CELL_INTEGER;
  }
  return 1;
}

OUT_OF_LINE static void hand_batch(sqlite3_context *ctx, Scan *scan){
  scan->status = scan->absorb(scan->accumulator, scan->batch, &scan->failure);
  batch_clear(scan->batch);
  if( scan->status!=STATUS_OK ) sqlite3_result_error(ctx, scan->failure.text, -1);
}

OUT_OF_LINE static void take_other_row(sqlite3_context *ctx, Scan *scan, int argc, sqlite3_value **argv){
  if( !decode_plain_row(scan->signature, scan->zone, argc, argv, scan->batch) ){
    scan->status = decode_row(scan->signature, scan->zone, argc, argv, scan->batch, &scan->failure);
    if( scan->status!=STATUS_OK ) sqlite3_result_error(ctx, scan->failure.text, -1);
  }
  if( scan->status==STATUS_OK && batch_is_full(scan->batch) ) hand_batch(ctx, scan);
}

OUT_OF_LINE static void take_raw_row(sqlite3_context *ctx, Scan *scan, int argc, sqlite3_value **argv){
  scan->status = scan->row(scan->accumulator, argc, argv, &scan->failure);
  if( scan->status!=STATUS_OK ) sqlite3_result_error(ctx, scan->failure.text, -1);
}

static void collect_step(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Scan *scan = ((Connection*)sqlite3_user_data(ctx))->scan;
  Batch *b;
  if( scan && scan->row ){ take_raw_row(ctx, scan, argc, argv); return; }
  if( scan==0 || argc!=scan->passed ){
    sqlite3_result_error(ctx, COLLECT "() is for siyu's own tables", -1);
    return;
  }
  b = scan->batch;
  /* of two and three columns the compiler makes straight code */
  if( !(argc==2 ? take_integers(scan->signature, 2, argv, b) : argc==3 ? take_integers(scan->signature, 3, argv, b)
        : take_integers(scan->signature, argc, argv, b)) ){
    take_other_row(ctx, scan, argc, argv);
    return;
  }
  batch_next_row(b);
  if( b->rows==BATCH_ROWS ) hand_batch(ctx, scan);
}

static void collect_final(sqlite3_context *ctx){ (void)ctx; }

static void collect_destroy(void *connection){ connection_release(connection); }

int register_collect(Connection *cx){
  cx->references++;                        /* SQLite calls the destructor on failure, too */
  return sqlite3_create_function_v2(cx->db, COLLECT, -1, SQLITE_UTF8|SQLITE_DIRECTONLY, cx, 0,
                                    collect_step, collect_final, collect_destroy);
}

/* ---- the scan ---- */

/* Columns to pass: up to the last one given, or the flags behind it. */
static int columns_passed(const Scan *scan){
  int n = scan->signature->columns;
  if( scan->flags ) return n - 1 + scan->flags;
  while( n > 0 && scan->column[n-1]==0 ) n--;
  return n;
}

static const char *column_passed(const Scan *scan, int i){
  int n = scan->signature->columns;
  return scan->flags && i >= n - 1 ? scan->flag[i - n + 1] : scan->column[i];
}

/* s."customer" AS c0, s."time" AS c1, NULL AS c2, ... */
static void put_columns(const Scan *scan, Buffer *sql){
  int i, n = columns_passed(scan);
  for(i=0; i<n; i++){
    const char *name = column_passed(scan, i);
    if( name ) buffer_printf(sql, "%ss.\"%w\" AS c%d", i ? ", " : "", name, i);
    else buffer_printf(sql, "%sNULL AS c%d", i ? ", " : "", i);
  }
}

/* FROM a table or view; a scan that knows its index names it. */
static void put_from(const Scan *scan, Buffer *sql){
  buffer_printf(sql, " FROM %s AS s", scan->source->from);
  if( scan->index ) buffer_printf(sql, " INDEXED BY \"%w\"", scan->index);
}

static void put_select(const Scan *scan, int ordered, Buffer *sql){
  buffer_printf(sql, "SELECT ");
  put_columns(scan, sql);
  put_from(scan, sql);
  if( ordered ) buffer_printf(sql, " ORDER BY s.\"%w\" COLLATE BINARY", scan->column[0]);
}

static Status prepare(Scan *scan, Buffer *sql, sqlite3_stmt **stmt, Failure *f){
  int rc;
  if( sql->failed ){ buffer_destroy(sql); return STATUS_NOMEM; }
  rc = sqlite3_prepare_v2(scan->source->db, (const char*)sql->data, (int)sql->size, stmt, 0);
  buffer_destroy(sql);
  return rc==SQLITE_OK ? STATUS_OK : status_of_error(scan->source->db, rc, "source cannot be read", f);
}

/* A plan with a sort, a look-up per row, or work of unknown cost. */
static int plan_is_costly(const char *plan){
  return strstr(plan, "TEMP B-TREE")!=0 || strstr(plan, "USING INDEX")!=0
      || strstr(plan, "CO-ROUTINE")!=0 || strstr(plan, "MATERIALIZE")!=0;
}

/* The plan of a SELECT of the columns, a line each; 0 when it cannot be had. */
static int read_plan(Scan *scan, int ordered, Buffer *plan){
  Buffer sql = {0};
  sqlite3_stmt *stmt = 0;
  Failure ignored;
  buffer_printf(&sql, "EXPLAIN QUERY PLAN ");
  put_select(scan, ordered, &sql);
  if( prepare(scan, &sql, &stmt, &ignored)!=STATUS_OK ) return 0;
  while( sqlite3_step(stmt)==SQLITE_ROW ){
    const char *line = (const char*)sqlite3_column_text(stmt, 3);
    buffer_printf(plan, "%s\n", line ? line : "TEMP B-TREE");
  }
  buffer_put_byte(plan, 0);
  return sqlite3_finalize(stmt)==SQLITE_OK && !plan->failed && plan->size > 1;
}

/* Whether the plan without ORDER BY is the given one. */
static int is_plan_anyway(Scan *scan, const Buffer *sorted){
  Buffer plain = {0};
  int same = read_plan(scan, 0, &plain) && strcmp((char*)plain.data, (char*)sorted->data)==0;
  buffer_destroy(&plain);
  return same;
}

/* Names the covering index that a plan of one line ends with; a view has none to name. */
static Status name_index(Scan *scan, const Buffer *plan){
  static const char USING[] = "USING COVERING INDEX ";
  const char *at = strstr((const char*)plan->data, USING), *end;
  if( at==0 || strncmp((const char*)plan->data, "SCAN ", 5)!=0 ) return STATUS_OK;
  at += strlen(USING);
  end = at + strlen(at) - 1;               /* the new line that read_plan puts behind each */
  scan->index = sqlite3_mprintf("%.*s", (int)(end - at), at);
  return scan->index ? STATUS_OK : STATUS_NOMEM;
}

void scan_close(Scan *scan){
  memory_free(scan->index);
  scan->index = 0;
}

/* SQLite would rather scan the table than a wide index, and ORDER BY costs a coroutine: naming
** the index spares both. */
static ScanOrder order_of_plan(Scan *scan, const Buffer *sorted){
  if( is_plan_anyway(scan, sorted) ) return SCAN_SORTED_ANYWAY;
  if( scan->source->isQuery || name_index(scan, sorted)!=STATUS_OK || scan->index==0 ) return SCAN_SORTED;
  if( is_plan_anyway(scan, sorted) ) return SCAN_SORTED_ANYWAY;
  scan_close(scan);
  return SCAN_SORTED;
}

ScanOrder scan_order(Scan *scan){
  Buffer sorted = {0};
  ScanOrder order = SCAN_ANY;
  if( read_plan(scan, 1, &sorted) && !plan_is_costly((const char*)sorted.data) ){
    order = order_of_plan(scan, &sorted);
  }
  buffer_destroy(&sorted);
  return order;
}

/* A subquery with ORDER BY is a coroutine; a scan that is sorted anyway needs none. */
static void put_scan(const Scan *scan, ScanOrder order, Buffer *sql){
  int i, n = columns_passed(scan);
  buffer_printf(sql, "SELECT " COLLECT "(");
  for(i=0; i<n; i++){
    const char *name = column_passed(scan, i), *comma = i ? ", " : "";
    if( order==SCAN_SORTED ) buffer_printf(sql, "%sc%d", comma, i);
    else if( name ) buffer_printf(sql, "%ss.\"%w\"", comma, name);
    else buffer_printf(sql, "%sNULL", comma);
  }
  buffer_printf(sql, ")");
  if( order==SCAN_SORTED ){
    buffer_printf(sql, " FROM (");
    put_select(scan, 1, sql);
    buffer_printf(sql, ")");
  }else{
    put_from(scan, sql);
  }
}

/* Steps the statement while the connection's scan is this one; another may run already, whose
** source reads a table of ours. */
static int step_scan(Scan *scan, sqlite3_stmt *stmt){
  Scan *outer = scan->cx->scan;
  int rc;
  scan->cx->scan = scan;
  rc = sqlite3_step(stmt);
  scan->cx->scan = outer;
  return rc;
}

Status collect_rows(Connection *cx, sqlite3_stmt *stmt, Status (*row)(void*, int, sqlite3_value**, Failure*), void *arg, Failure *f){
  Scan *scan = memory_zeroed(sizeof *scan);
  Status status;
  int rc;
  if( scan==0 ) return STATUS_NOMEM;
  scan->cx = cx;
  scan->row = row;
  scan->accumulator = arg;
  rc = step_scan(scan, stmt);
  status = scan->status;
  if( status!=STATUS_OK ) *f = scan->failure;
  else if( rc!=SQLITE_ROW && rc!=SQLITE_DONE ) status = status_of_error(cx->db, rc, READING, f);
  memory_free(scan);
  return status;
}

Status scan_run(Scan *scan, ScanOrder order, Failure *f){
  Buffer sql = {0};
  sqlite3_stmt *stmt = 0;
  Status status;
  int rc, i;
  scan->passed = columns_passed(scan);
  if( order!=SCAN_SORTED_ANYWAY ) scan_close(scan);
  for(i=scan->passed; i<scan->signature->columns; i++){
    memset(scan->batch->column[i].type, CELL_NULL, BATCH_ROWS);
  }
  if( !scan->flags ) scan->signature->columns = scan->passed;  /* the others are NULL once and for all */
  put_scan(scan, order, &sql);
  status = prepare(scan, &sql, &stmt, f);
  if( status!=STATUS_OK ) return status;
  rc = step_scan(scan, stmt);
  if( rc!=SQLITE_ROW && rc!=SQLITE_DONE && scan->status==STATUS_OK ){
    status = status_of_error(scan->source->db, rc, READING, f);
  }
  sqlite3_finalize(stmt);
  if( scan->status!=STATUS_OK ){
    *f = scan->failure;
    return scan->status;
  }
  if( status==STATUS_OK && scan->batch->rows ){
    status = scan->absorb(scan->accumulator, scan->batch, f);
  }
  batch_clear(scan->batch);
  return status;
}
