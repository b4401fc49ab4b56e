/*
** Aggregates and window functions from accumulators: see aggregate.h.
**
** Rows are decoded into a batch and absorbed when it is full, when a window asks for
** its value, or at the end.  SQLite gives xInverse the arguments of the row that
** leaves; rows that wait are absorbed before one is taken out.
*/
#include "sql/aggregate.h"

#define WINDOW_FLAGS (SQLITE_UTF8|SQLITE_DETERMINISTIC|SQLITE_INNOCUOUS)

Status group_begin(Group *g, Function *fn, const Metric *metric, Parameters *p, Failure *f){
  g->parameters = p;
  g->batch = batch_borrow(fn->cx);
  if( g->batch==0 ) return STATUS_NOMEM;
  g->metric = metric;
  if( metric->keys ) g->batch->keys = (KeyMap*)((char*)group_accumulator(g) + metric->keys - 1);
  return metric->init ? metric->init(group_accumulator(g), p->value, f) : STATUS_OK;
}

Status group_flush(Group *g, Failure *f){
  Status rc = STATUS_OK;
  if( g->batch->rows ) rc = g->metric->absorb(group_accumulator(g), g->batch, +1, f);
  batch_clear(g->batch);
  return rc;
}

void group_end(Group *g, Function *fn){
  if( g->metric && g->metric->destroy ) g->metric->destroy(group_accumulator(g));
  batch_return(fn->cx, g->batch);
  parameters_release(g->parameters);
  memset(g, 0, sizeof *g);
}

void group_fail(sqlite3_context *ctx, Function *fn, Group *g, Status rc, const Failure *f){
  if( g ) g->failed = 1;
  function_fail(ctx, fn, rc, f);
}

void group_answer(sqlite3_context *ctx, Function *fn, Group *g, const Metric *metric){
  Failure f;
  Result r;
  Status rc;
  if( g && g->failed ) return;                     /* xFinal also runs after an error */
  f.text[0] = 0;
  memset(&r, 0, sizeof r);
  fn->cx->asked = 0;
  if( g && g->metric ){
    rc = group_flush(g, &f);
    if( rc==STATUS_OK ) rc = g->metric->result(group_accumulator(g), &r, &f, &fn->cx->stop);
  }else{
    void *empty = memory_zeroed(metric->size);
    rc = empty ? metric->result(empty, &r, &f, &fn->cx->stop) : STATUS_NOMEM;
    memory_free(empty);
  }
  if( rc==STATUS_OK ){
    function_answer(ctx, fn, &r);
  }else{
    buffer_destroy(&r.buffer);
    group_fail(ctx, fn, g, rc, &f);
  }
}

static Status group_open(Group *g, Function *fn, int argc, sqlite3_value **argv, Failure *f){
  Parameters *p;
  Status rc = parameters_of(fn, argc, argv, &p, f);
  return rc==STATUS_OK ? group_begin(g, fn, fn->overload->metric, p, f) : rc;
}

/* Everything that most rows do not need: the group's beginning, parameters, cells that are
** no plain INTEGERs, a batch that is full.  `taken`: the row is in the batch already. */
static OUT_OF_LINE void step_with_care(sqlite3_context *ctx, Function *fn, Group *g, int argc,
                                       sqlite3_value **argv, int taken){
  Failure f;
  Status rc = STATUS_OK;
  if( g==0 ){ sqlite3_result_error_nomem(ctx); return; }
  f.text[0] = 0;
  if( g->metric==0 ){
    rc = group_open(g, fn, argc, argv, &f);
  }else if( fn->signature.parameters ){
    rc = parameters_check(fn, g->parameters, argc, argv, &f);
  }
  if( rc==STATUS_OK && !taken ){
    rc = decode_row(&fn->signature, g->parameters->zone, argc, argv, g->batch, &f);
  }
  if( rc==STATUS_OK && batch_is_full(g->batch) ) rc = group_flush(g, &f);
  if( rc!=STATUS_OK ) group_fail(ctx, fn, g, rc, &f);
}

void group_step(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Function *fn = sqlite3_user_data(ctx);
  Group *g = sqlite3_aggregate_context(ctx, (int)fn->contextSize);
  int taken = g!=0 && g->metric!=0 && fn->signature.parameters==0
           && decode_plain_row(&fn->signature, g->parameters->zone, argc, argv, g->batch);
  if( !taken || batch_is_full(g->batch) ) step_with_care(ctx, fn, g, argc, argv, taken);
}

static void window_inverse(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  Function *fn = sqlite3_user_data(ctx);
  Group *g = sqlite3_aggregate_context(ctx, 0);
  Failure f;
  Status rc;
  if( g==0 || g->metric==0 ) return;               /* an earlier error is on its way */
  f.text[0] = 0;
  if( !g->metric->sliding ){
    failure_set(&f, "a window whose start moves is not possible here; use a frame that starts at UNBOUNDED PRECEDING");
    rc = STATUS_INVALID;
  }else{
    rc = group_flush(g, &f);
    if( rc==STATUS_OK ) rc = decode_row(&fn->signature, g->parameters->zone, argc, argv, g->batch, &f);
    if( rc==STATUS_OK && g->batch->rows ) rc = g->metric->absorb(group_accumulator(g), g->batch, -1, &f);
    batch_clear(g->batch);
  }
  if( rc!=STATUS_OK ) group_fail(ctx, fn, g, rc, &f);
}

static void window_value(sqlite3_context *ctx){
  Function *fn = sqlite3_user_data(ctx);
  group_answer(ctx, fn, sqlite3_aggregate_context(ctx, 0), fn->overload->metric);
}

static void window_final(sqlite3_context *ctx){
  Function *fn = sqlite3_user_data(ctx);
  Group *g = sqlite3_aggregate_context(ctx, 0);
  group_answer(ctx, fn, g, fn->overload->metric);
  if( g ) group_end(g, fn);
}

int register_window(Function *fn, int nArg){
  fn->contextSize = sizeof(Group) + fn->overload->metric->size;
  return sqlite3_create_window_function(fn->cx->db, fn->name, nArg, WINDOW_FLAGS, fn, group_step,
                                        window_final, window_value, window_inverse, function_destroy);
}
