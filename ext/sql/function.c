/* Registered functions, their errors and answers: see function.h. */
#include <math.h>
#include "sql/fit.h"

/* ---- the connection's share ---- */

/* Stepping any statement fails at once when the connection is interrupted, on every
** version of SQLite.  The progress handler runs after so many instructions of one statement:
** each eighth time the statement takes some 1600 (0.07 ms), so that a handler for each 1000 is
** asked, too. */
#define ASK_BRIEFLY "SELECT 1"
#define ASK_AT_LENGTH \
  "WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x+1 FROM c LIMIT 100) SELECT count(*) FROM c"

static int connection_interrupted(void *connection){
  Connection *cx = connection;
  sqlite3_stmt *stmt = 0;
  int rc = sqlite3_prepare_v2(cx->db, ++cx->asked % 8 ? ASK_BRIEFLY : ASK_AT_LENGTH, -1, &stmt, 0);
  if( rc==SQLITE_OK ) rc = sqlite3_step(stmt);
  sqlite3_finalize(stmt);
  return rc==SQLITE_INTERRUPT;
}

Connection *connection_open(sqlite3 *db){
  Connection *cx = memory_zeroed(sizeof *cx);
  if( cx==0 ) return 0;
  cx->db = db;
  cx->references = 1;
  cx->stop.ask = connection_interrupted;
  cx->stop.arg = cx;
  return cx;
}

void connection_release(Connection *cx){
  if( cx==0 || --cx->references > 0 ) return;
  while( cx->spare ){
    Batch *b = cx->spare;
    cx->spare = b->next;
    memory_free(b->bytes);
    memory_free(b);
  }
  fits_destroy(cx);
  memory_free(cx);
}

Batch *batch_borrow(Connection *cx){
  Batch *b = cx->spare;
  if( b ){
    cx->spare = b->next;
    b->next = 0;
    return b;
  }
  b = memory_zeroed(sizeof *b);
  if( b ) b->stop = &cx->stop;
  return b;
}

void batch_return(Connection *cx, Batch *b){
  if( b==0 ) return;
  batch_clear(b);
  b->keys = 0;
  if( b->bytesCapacity > BATCH_BYTES ){    /* not kept for the connection's life */
    memory_free(b->bytes);
    b->bytes = 0;
    b->bytesCapacity = 0;
  }
  b->next = cx->spare;
  cx->spare = b;
}

/* ---- errors and answers ---- */

/* The text is handed over, not copied: a copy that fails would leave an error without words. */
static void fail_with(sqlite3_context *ctx, const Function *fn, const char *sentence){
  char *z = sqlite3_mprintf("%s(): %s", fn->name, sentence);
  if( z==0 ){ sqlite3_result_error_nomem(ctx); return; }
  sqlite3_result_text(ctx, z, -1, sqlite3_free);
  sqlite3_result_error_code(ctx, SQLITE_ERROR);
}

void function_fail(sqlite3_context *ctx, const Function *fn, Status rc, const Failure *f){
  switch( rc ){
    case STATUS_OK: return;
    case STATUS_NOMEM: sqlite3_result_error_nomem(ctx); return;
    case STATUS_INTERRUPTED: sqlite3_result_error_code(ctx, SQLITE_INTERRUPT); return;
    case STATUS_OVERFLOW:
      fail_with(ctx, fn, f->text[0] ? f->text
                : "overflow: money beyond the range of a number, or too many rows or keys");
      return;
    case STATUS_CORRUPT: fail_with(ctx, fn, "the state is malformed"); return;
    default: fail_with(ctx, fn, f->text); return;
  }
}

static void answer_double(sqlite3_context *ctx, const Function *fn, double v){
  if( isinf(v) ) fail_with(ctx, fn, "overflow: the result is beyond the range of a number");
  else sqlite3_result_double(ctx, v);
}

void function_answer(sqlite3_context *ctx, const Function *fn, Result *r){
  switch( r->kind ){
    case RESULT_NULL: sqlite3_result_null(ctx); break;
    case RESULT_INTEGER: sqlite3_result_int64(ctx, r->integer); break;
    case RESULT_REAL: answer_double(ctx, fn, r->real); break;
    case RESULT_STATIC: sqlite3_result_text(ctx, r->text, -1, SQLITE_STATIC); break;
    case RESULT_BRIEF: sqlite3_result_text(ctx, r->text, (int)r->integer, SQLITE_TRANSIENT); break;
    case RESULT_TEXT:
      sqlite3_result_text64(ctx, (const char*)r->buffer.data, r->buffer.size, sqlite3_free, SQLITE_UTF8);
      memset(&r->buffer, 0, sizeof r->buffer);
      break;
    case RESULT_BLOB:
      sqlite3_result_blob64(ctx, r->buffer.data, r->buffer.size, sqlite3_free);
      memset(&r->buffer, 0, sizeof r->buffer);
      break;
  }
  if( r->buffer.data ) buffer_destroy(&r->buffer);
}

OUT_OF_LINE void function_answer_key(sqlite3_context *ctx, const Key *k){
  if( k->type==CELL_INTEGER ) sqlite3_result_int64(ctx, k->integer);
  else if( k->type==CELL_TEXT ) sqlite3_result_text64(ctx, k->bytes, k->size, SQLITE_TRANSIENT, SQLITE_UTF8);
  else if( k->type==CELL_BLOB ) sqlite3_result_blob64(ctx, k->bytes, k->size, SQLITE_TRANSIENT);
}

/* ---- registration ---- */

#define FUNCTION_FLAGS (SQLITE_UTF8|SQLITE_DETERMINISTIC|SQLITE_INNOCUOUS)

void function_destroy(void *p){
  Function *fn = p;
  if( fn==0 ) return;
  parameters_release(fn->last);
  connection_release(fn->cx);
  memory_free(fn);
}

/* NULL: out of memory.  *known becomes 0 for a record with an unknown argument name. */
static Function *function_new(Connection *cx, const CatalogueEntry *entry, const Overload *overload,
                              const char *suffix, int *known){
  Signature s;
  Function *fn;
  size_t size;
  *known = signature_parse(overload->signature, &s);
  if( !*known ) return 0;
  signature_on_calendar(&s, entry->calendar);
  size = offsetof(Function, signature.argument) + (size_t)s.count * sizeof(Argument);
  fn = memory_zeroed(size);
  if( fn==0 ) return 0;
  memcpy(&fn->signature, &s, offsetof(Signature, argument) + (size_t)s.count * sizeof(Argument));
  fn->cx = cx;
  cx->references++;
  fn->entry = entry;
  fn->overload = overload;
  sqlite3_snprintf((int)sizeof fn->name, fn->name, "%s%s", entry->name, suffix);
  return fn;
}

static int flags_of(const CatalogueEntry *e){ return e->writes ? SQLITE_UTF8|SQLITE_DIRECTONLY : FUNCTION_FLAGS; }

static int register_scalar(Function *fn, int nArg){
  return sqlite3_create_function_v2(fn->cx->db, fn->name, nArg, flags_of(fn->entry), fn,
                                    fn->overload->call, 0, 0, function_destroy);
}

typedef int (*Registrar)(Function*, int);

static int register_arity(Connection *cx, const CatalogueEntry *entry, const Overload *o,
                          const char *suffix, Registrar registrar, int nArg){
  int known;
  Function *fn = function_new(cx, entry, o, suffix, &known);
  if( fn==0 ) return known ? SQLITE_NOMEM : SQLITE_MISUSE;
  return registrar(fn, nArg);
}

static int register_arities(Connection *cx, const CatalogueEntry *entry, const Overload *o,
                            const char *suffix, Registrar registrar){
  Signature s;
  int n, rc = SQLITE_OK;
  if( !signature_parse(o->signature, &s) ) return SQLITE_MISUSE;
  if( s.variadic ) return register_arity(cx, entry, o, suffix, registrar, -1);
  for(n=s.required; rc==SQLITE_OK && n<=s.count; n++){
    rc = register_arity(cx, entry, o, suffix, registrar, n);
  }
  return rc;
}

int function_register(Connection *cx, const CatalogueEntry *entry){
  int i, rc = register_wrong_count(cx->db, entry, flags_of(entry));      /* siyu_version() is asked for what came last */
  for(i=0; rc==SQLITE_OK && i<OVERLOADS_MAX && entry->overload[i].signature; i++){
    const Overload *o = &entry->overload[i];
    if( entry->kind==ENTRY_SCALAR ){
      rc = register_arities(cx, entry, o, "", register_scalar);
      continue;
    }
    rc = register_arities(cx, entry, o, "", register_window);
    if( rc==SQLITE_OK ) rc = register_arities(cx, entry, o, "_state", register_state);
  }
  if( rc==SQLITE_OK && entry->kind==ENTRY_AGGREGATE ){
    int known;
    Function *fn = function_new(cx, entry, entry->overload, "_merge", &known);
    rc = fn ? register_merge(fn) : SQLITE_NOMEM;
  }
  return rc;
}
