/*
** The commands of a ledger: see ledger.h.
**
** Chunks are written first, under the number of a run that nobody knows yet; what makes them count,
** the settings, comes last.  A command that fails half way in a transaction leaves chunks behind
** that no run names, and the next one clears them away.
*/
#include "sql/ledger/ledger.h"
#include "sql/name.h"

/* ---- sync ---- */

/* Runs from the first'th on, or what the source has had since, become one new run. */
static Status fold(Ledger *l, LedgerState *state, int what, int first, Failure *f){
  LedgerWriter w;
  LedgerMerge m = {0};
  Status rc;
  m.wanted = ~UINT32_C(0);
  rc = ledger_writer_open(&w, l, state->nextRun++, first==0, f);
  if( rc==STATUS_OK ) rc = ledger_merge_open(&m, l, state, what, first, f);
  if( rc==STATUS_OK ) rc = ledger_writer_merge(&w, &m, f);
  ledger_merge_close(&m);
  rc = ledger_writer_close(&w, rc, f);
  if( rc!=STATUS_OK ) return rc;
  state->runs = first;
  if( w.part ) state->run[state->runs++] = w.run;
  return STATUS_OK;
}

/* Everything, for the first time: sorted here where that can be, else by SQLite. */
static Status fold_all(Ledger *l, LedgerState *state, Failure *f){
  Status rc = ledger_build(l, state, f);
  if( rc!=STATUS_UNLIKE ) return rc;
  state->runs = 0;
  return fold(l, state, LEDGER_SOURCE, 0, f);
}

static Status weight_of(const Ledger *l, int64_t run, int64_t *out, Failure *f){
  return ledger_number(l, out, f, "SELECT sum(weight) FROM \"%w\".\"%w_chunk\" WHERE run = %lld", l->schema, l->name, (long long)run);
}

#define RUN_RATIO 4                    /* a run stays while the younger ones weigh a quarter of it at the most */

/* Where merging begins: the oldest run that is not RUN_RATIO times as heavy as all younger ones. */
static Status merge_from(const Ledger *l, const LedgerState *state, int *first, Failure *f){
  int64_t younger = 0, weight = 0;
  int i;
  Status rc = STATUS_OK;
  *first = state->runs;
  for(i=state->runs-1; rc==STATUS_OK && i>=0; i--){
    rc = weight_of(l, state->run[i], &weight, f);
    if( younger && weight/RUN_RATIO < younger ) *first = i;
    younger += weight;
  }
  return rc;
}

/* Takes the state over: from here on the new runs count.  The triggers go first: should anything fail
** after that, the identity is another one and nobody is answered with what may be old. */
static Status commit(Ledger *l, LedgerSource *s, LedgerState *state, Failure *f){
  Buffer runs = {0};
  int i;
  Status rc = ledger_triggers_drop(l, f);
  if( rc==STATUS_OK ) rc = ledger_run(l, f, "DELETE FROM \"%w\".\"%w_dirty\"", l->schema, l->name);
  if( rc==STATUS_OK ) rc = ledger_triggers_make(l, s, state->high, f);
  if( rc==STATUS_OK ) rc = ledger_identity(l, &state->identity, f);
  state->built = 1;
  if( rc==STATUS_OK ) rc = ledger_state_write(l, state, f);
  for(i=0; i<state->runs; i++) buffer_printf(&runs, "%s%lld", i ? "," : "", (long long)state->run[i]);
  if( rc==STATUS_OK && runs.failed ) rc = STATUS_NOMEM;
  if( rc==STATUS_OK ){
    rc = ledger_run(l, f, "DELETE FROM \"%w\".\"%w_chunk\" WHERE run NOT IN (%.*s)", l->schema, l->name,
                    (int)runs.size, runs.data ? (char*)runs.data : "");
  }
  buffer_destroy(&runs);
  return rc;
}

static Status highest(const Ledger *l, const LedgerSource *s, int64_t *out, Failure *f){
  *out = INT64_MIN;
  if( s->id==0 ) return STATUS_OK;
  return ledger_number(l, out, f, "SELECT coalesce(max(\"%w\"), %lld) FROM \"%w\".\"%w\"", s->id, (long long)INT64_MIN + 1,
                       l->schema, l->source);
}

/* Clears away what a command that failed has left behind. */
static Status clear_lost(const Ledger *l, const LedgerState *state, Failure *f){
  return ledger_run(l, f, "DELETE FROM \"%w\".\"%w_chunk\" WHERE run >= %lld", l->schema, l->name, (long long)state->nextRun);
}

/* Whether anything has happened since. */
static Status anything_new(const Ledger *l, const LedgerSource *s, const LedgerState *state, int64_t high, int *is, Failure *f){
  int64_t dirty = 0;
  Status rc = ledger_number(l, &dirty, f, "SELECT EXISTS (SELECT 1 FROM \"%w\".\"%w_dirty\")", l->schema, l->name);
  *is = !state->built || dirty || (s->id && high > state->high);
  return rc;
}

static Status ledger_sync(Ledger *l, LedgerSource *s, int rebuild, int optimize, Failure *f){
  LedgerState state;
  int64_t high = 0, identity = 0;
  int first = 0, isNew = 0;
  Status rc = ledger_state_read(l, &state, f);
  if( rc==STATUS_OK ) rc = clear_lost(l, &state, f);
  if( rc==STATUS_OK ) rc = ledger_identity(l, &identity, f);
  if( rc==STATUS_OK && state.built && identity!=state.identity && !rebuild ){
    failure_set(f, "source '%.40s', a UNIQUE index of it or the ledger's triggers are not what they were;"
                " INSERT INTO %.40s(%.40s) VALUES('rebuild')", l->source, l->name, l->name);
    return STATUS_INVALID;
  }
  if( rebuild ){ state.built = 0; state.runs = 0; }
  if( rc==STATUS_OK ) rc = highest(l, s, &high, f);
  if( rc==STATUS_OK ) rc = anything_new(l, s, &state, high, &isNew, f);
  if( rc==STATUS_OK && isNew ){
    rc = state.built ? fold(l, &state, LEDGER_SOURCE, state.runs, f) : fold_all(l, &state, f);
  }
  if( rc==STATUS_OK ) rc = merge_from(l, &state, &first, f);
  if( optimize && state.runs > 1 ) first = 0;
  if( rc==STATUS_OK && first < state.runs - 1 ) rc = fold(l, &state, LEDGER_RUNS, first, f);
  else if( rc==STATUS_OK && !isNew ) return rc;
  if( s->id && high > state.high ) state.high = high;
  if( rebuild || !state.built ) state.high = high;
  return rc==STATUS_OK ? commit(l, s, &state, f) : rc;
}

/* ---- integrity-check ---- */

typedef struct LedgerTally { uint64_t rows, sum; } LedgerTally;

static uint64_t hash_of_value(const ChunkValue *v, uint64_t seed){
  seed ^= (uint64_t)v->type + 1;
  if( v->type >= CELL_TEXT ) return hash_bytes(v->bytes, v->size, seed);
  return hash_bytes(&v->cell.i, v->type==CELL_NULL ? 0 : 8, seed);
}

/* Of the source: hashes are added up, so that its rows need be in no order. */
static Status tally_row(void *arg, int argc, sqlite3_value **argv, Failure *f){
  LedgerTally *t = arg;
  uint64_t h = 1;
  int i;
  (void)f;
  for(i=0; i<argc; i++){
    ChunkValue v;
    if( ledger_value_of(argv[i], &v)!=STATUS_OK ) return STATUS_NOMEM;
    h = hash_of_value(&v, h);
  }
  t->rows++;
  t->sum += h;
  return STATUS_OK;
}

static void tally_slice(LedgerTally *t, const LedgerSlice *s){
  ChunkValue v;
  char room[VECTOR_TEXT_SIZE];
  size_t row;
  int k, i;
  for(k=s->from; k<s->to; k++){
    for(row=s->chunk->start[k]; row<s->chunk->start[k+1]; row++){
      uint64_t h;
      vector_value(&s->chunk->key, (size_t)k, &v, 0);
      h = hash_of_value(&v, 1);
      for(i=0; i<s->chunk->columns; i++){
        vector_value(&s->chunk->column[i], row, &v, room);
        h = hash_of_value(&v, h);
      }
      t->rows++;
      t->sum += h;
    }
  }
}

static Status tally(LedgerMerge *m, LedgerTally *t, Failure *f){
  LedgerSlice s;
  Status rc;
  for(;;){
    rc = ledger_merge_next(m, &s, f);
    if( rc!=STATUS_OK || s.from==s.to ) return rc;
    if( ledger_merge_stops(m, &s) ) return STATUS_INTERRUPTED;
    tally_slice(t, &s);
  }
}

Status ledger_check(Ledger *l, Failure *f){
  LedgerTally ours = {0, 0}, theirs = {0, 0};
  LedgerMerge m = {0};
  Status rc;
  m.wanted = ~UINT32_C(0);
  m.checks = 1;
  rc = ledger_query_open(&m, l, f);
  if( rc==STATUS_OK ) rc = tally(&m, &ours, f);
  if( rc==STATUS_OK ) rc = ledger_collect(l, tally_row, &theirs, f);         /* of the same snapshot */
  ledger_merge_close(&m);
  if( rc!=STATUS_OK || (ours.rows==theirs.rows && ours.sum==theirs.sum) ) return rc;
  failure_set(f, "integrity-check: the ledger has %lld rows, its source %lld, and they are not the same; 'rebuild' makes it right",
              (long long)ours.rows, (long long)theirs.rows);
  return STATUS_INVALID;
}

/* ---- commands ---- */

/* Past spaces and comments. */
static const char *command_skip(const char *z){
  for(;;){
    const char *end = 0;
    z += strspn(z, " \t\r\n\f;");
    if( z[0]=='-' && z[1]=='-' ) end = strchr(z, '\n');
    else if( z[0]=='/' && z[1]=='*' ) end = strstr(z + 2, "*/");
    else return z;
    if( end==0 ) return z + strlen(z);
    z = end + (z[0]=='-' ? 1 : 2);
  }
}

/* What stands behind the word, or NULL when it is another one. */
static const char *command_word(const char *z, const char *word){
  size_t n = strlen(word);
  if( z==0 || sqlite3_strnicmp(z, word, (int)n)!=0 || (z[n] && strchr(" \t\r\n\f/-", z[n])==0) ) return 0;
  return command_skip(z + n);
}

/* Whether a statement is INSERT INTO this ledger(...). */
static int is_command(const Ledger *l, const char *z){
  static const char *const OR[] = { "abort", "fail", "ignore", "replace", "rollback" };
  const char *at, *open;
  char *schema, *name, *text;
  size_t i;
  int is;
  z = z ? command_skip(z) : "";
  if( (at = command_word(z, "replace"))==0 && (at = command_word(z, "insert"))!=0 && (z = command_word(at, "or"))!=0 ){
    for(at=0, i=0; at==0 && i<5; i++) at = command_word(z, OR[i]);
  }
  at = command_word(at, "into");
  open = at ? strchr(at, '(') : 0;
  if( open==0 ) return 0;
  text = sqlite3_mprintf("%.*s", (int)(open - at), at);
  if( text==0 ) return 0;
  for(i=strlen(text); i>0 && strchr(" \t\r\n\f", text[i-1]); i--) text[i-1] = 0;
  if( name_quoted(text, &schema, &name)==STATUS_OK ){
    is = sqlite3_stricmp(name, l->name)==0;
    memory_free(schema);
  }else{
    name = strchr(text, '.');
    is = sqlite3_stricmp(text, l->name)==0 || (name && sqlite3_stricmp(name + 1, l->name)==0);
  }
  memory_free(text);
  return is;
}

/* A statement that goes on writing after a command, one whose trigger gave it, say, would do so with
** the triggers that stood before, which know an older highest id. */
static int writes_alone(const Ledger *l){
  sqlite3_stmt *stmt = 0;
  int writers = 0;
  while( (stmt = sqlite3_next_stmt(l->db, stmt))!=0 ){
    if( !sqlite3_stmt_busy(stmt) || sqlite3_stmt_readonly(stmt) ) continue;
    if( ++writers > 1 || !is_command(l, sqlite3_sql(stmt)) ) return 0;
  }
  return 1;
}

static Status run_command(Ledger *l, int rebuild, int optimize, Failure *f){
  LedgerSource s = {0};
  Status rc;
  if( l->readers ){
    failure_set(f, "a query is reading the ledger; finish it first");
    return STATUS_INVALID;
  }
  if( !writes_alone(l) ){
    failure_set(f, "another statement is writing; give the command by itself: INSERT INTO %.40s(%.40s) VALUES('...')", l->name, l->name);
    return STATUS_INVALID;
  }
  rc = ledger_source_check(l, &s, f);
  if( rc==STATUS_OK ) rc = ledger_sync(l, &s, rebuild, optimize, f);
  ledger_source_free(&s);
  return rc;
}

Status ledger_command(Ledger *l, const char *text, Failure *f){
  if( strcmp(text, "sync")==0 ) return run_command(l, 0, 0, f);
  if( strcmp(text, "rebuild")==0 ) return run_command(l, 1, 0, f);
  if( strcmp(text, "optimize")==0 ) return run_command(l, 0, 1, f);
  if( strcmp(text, "integrity-check")==0 ) return ledger_check(l, f);
  failure_set(f, "'%.40s' is no command; write 'sync', 'rebuild', 'optimize' or 'integrity-check'", text);
  return STATUS_INVALID;
}
