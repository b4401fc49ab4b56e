/*
** Sequence patterns as accumulators: the language and the engine are in sequence.h.
**
** The pattern is compiled once for all groups.  Rows that meet a condition are kept (16 bytes
** each); each question sorts them if need be and costs a pass.
*/
#include "metric/path/event_state.h"
#include "metric/path/path.h"
#include "metric/path/sequence.h"

typedef struct PatternRows {
  EventList list;
  const Sequence *pattern;     /* NULL: no rows at all */
  int all;                     /* sequence_times: of every match */
} PatternRows;

static void discard_pattern(void *shared){
  sequence_destroy(shared);
  memory_free(shared);
}

/* Compiles n bytes of the parameter's text, which begin `from` bytes behind its start. */
static Status compile_pattern(const Parameter *p, int from, void **shared, Failure *f){
  const char *z = p[0].text.z + from;
  int n = p[0].text.n - from, at;
  SequenceError error;
  Sequence *s = memory_zeroed(sizeof *s);
  Status rc;
  if( s==0 ) return STATUS_NOMEM;
  rc = sequence_compile(s, z, n, (int)p[1].integer, &error);
  if( rc==STATUS_OK ){ *shared = s; return rc; }
  memory_free(s);
  if( rc!=STATUS_INVALID ) return rc;
  at = error.position;
  failure_set(f, "pattern '%.*s%s', position %d: %s", n < 60 ? n : 60, z, n < 60 ? "" : "...", at + 1,
              error.reason);
  return rc;
}

static Status prepare_pattern(const Parameter *p, void **shared, Failure *f){
  return compile_pattern(p, 0, shared, f);
}

/* 'all (?1).*(?2)': the bytes before the pattern; 0 where the first match alone is asked for. */
static int length_of_all(const Parameter *p){
  return p[0].text.n >= 4 && memcmp(p[0].text.z, "all ", 4)==0 ? 4 : 0;
}
static Status prepare_times(const Parameter *p, void **shared, Failure *f){
  return compile_pattern(p, length_of_all(p), shared, f);
}

static Status pattern_init(void *acc, const Parameter *p, Failure *f){
  (void)f;
  ((PatternRows*)acc)->pattern = p[PARAMETER_SHARED].shared;
  return STATUS_OK;
}
static void pattern_destroy(void *acc){ event_list_destroy(&((PatternRows*)acc)->list); }

static Status pattern_absorb(void *acc, Batch *b, int sign, Failure *f){
  PatternRows *a = acc;
  Status rc = STATUS_OK;
  int i;
  (void)sign; (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    uint32_t mask = (uint32_t)b->column[1].cell[i].i;
    if( mask ) rc = event_list_add(&a->list, b->column[0].cell[i].i, mask);
  }
  return rc;
}
static void pattern_encode(const void *acc, Buffer *out){
  event_list_encode(&((const PatternRows*)acc)->list, out);
}
static Status pattern_fold(void *acc, Reader *in, Failure *f){
  PatternRows *a = acc;
  int conditions = 0;
  (void)f;
  while( conditions<SEQUENCE_CONDITIONS && a->pattern->visible>>conditions & 1 ) conditions++;
  return event_list_fold(&a->list, in, conditions);
}

/* No events: only a pattern that takes none matches, and only if there were rows. */
static Status match_result(void *acc, Result *r, Failure *f, const Stop *stop){
  PatternRows *a = acc;
  int found = 0;
  Status rc = event_list_sort(&a->list, stop);
  (void)f;
  if( rc==STATUS_OK && a->pattern ){
    rc = sequence_match(a->pattern, event_list_read(&a->list), a->list.count,
                        stop, &found);
  }
  result_integer(r, found);
  return rc;
}
static Status count_result(void *acc, Result *r, Failure *f, const Stop *stop){
  PatternRows *a = acc;
  int64_t matches = 0;
  Status rc = event_list_sort(&a->list, stop);
  (void)f;
  if( rc==STATUS_OK && a->pattern ){
    rc = sequence_count(a->pattern, event_list_read(&a->list), a->list.count,
                        stop, &matches);
  }
  result_integer(r, matches);
  return rc;
}

static Status times_init(void *acc, const Parameter *p, Failure *f){
  ((PatternRows*)acc)->all = length_of_all(p) > 0;
  return pattern_init(acc, p, f);
}

/* What is written of one match after the other. */
typedef struct TimesText { Buffer *out; int all, matches, times; } TimesText;

static void put_match_time(void *to, const Instant *time){
  TimesText *t = to;
  char z[TIME_TEXT_SIZE];
  if( time==0 ){
    if( t->times==0 && t->all ) buffer_printf(t->out, "%s[", t->matches ? "," : "");
    if( t->all ) buffer_put_byte(t->out, ']');
    t->matches++;
    t->times = 0;
    return;
  }
  if( t->times++ ) buffer_put_byte(t->out, ',');
  else if( t->all ) buffer_printf(t->out, "%s[", t->matches ? "," : "");
  time_text(*time, 0, z);
  buffer_printf(t->out, "\"%s\"", z);
}

/* ["2024-01-01 09:00:00", ...], UTC; of all matches a list of lists */
static Status pattern_times_result(void *acc, Result *r, Failure *f, const Stop *stop){
  PatternRows *a = acc;
  TimesText text = { &r->buffer, a->all, 0, 0 };
  Status rc = event_list_sort(&a->list, stop);
  (void)f;
  if( rc!=STATUS_OK ) return rc;
  r->kind = RESULT_TEXT;
  buffer_put_byte(&r->buffer, '[');
  if( a->pattern ){
    rc = sequence_times(a->pattern, event_list_read(&a->list), a->list.count, a->all, put_match_time, &text,
                        stop);
  }
  buffer_put_byte(&r->buffer, ']');
  return rc==STATUS_OK && r->buffer.failed ? STATUS_NOMEM : rc;
}

const Metric METRIC_SEQUENCE_TIMES = {
  .id = "sequence_times", .version = 1, .size = sizeof(PatternRows),
  .prepare = prepare_times, .discard = discard_pattern,
  .init = times_init, .absorb = pattern_absorb, .encode = pattern_encode, .fold = pattern_fold,
  .result = pattern_times_result, .destroy = pattern_destroy
};
const Metric METRIC_SEQUENCE_MATCH = {
  .id = "sequence_match", .version = 1, .size = sizeof(PatternRows),
  .prepare = prepare_pattern, .discard = discard_pattern,
  .init = pattern_init, .absorb = pattern_absorb, .encode = pattern_encode, .fold = pattern_fold,
  .result = match_result, .destroy = pattern_destroy
};
const Metric METRIC_SEQUENCE_COUNT = {
  .id = "sequence_count", .version = 1, .size = sizeof(PatternRows),
  .prepare = prepare_pattern, .discard = discard_pattern,
  .init = pattern_init, .absorb = pattern_absorb, .encode = pattern_encode, .fold = pattern_fold,
  .result = count_result, .destroy = pattern_destroy
};
