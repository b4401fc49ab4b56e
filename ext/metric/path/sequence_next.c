/*
** sequence_next: the event that follows, or came before, a chain of events.  All rows of the customer in
** order of time (tied rows in the order given) are a list; from a base row on, which meets the
** condition, the rows next to each other must meet c1, c2 ... cN one by one; the answer is the
** event of the row behind them.  ClickHouse's sequenceNextNode, whose rules these are:
**   direction  'forward', 'backward': which way the chain and the answer lie
**   base       'head' the first row, 'tail' the last one; 'first_match', 'last_match': the first or last
**              row that meets the condition and c1.  There is one base: where its chain breaks, the
**              answer is NULL, and no other base is tried.
** Events are kept as bytes behind each other; a row is 24 bytes and its event.
*/
#include "metric/path/event_state.h"
#include "metric/path/path.h"

enum { NEXT_TIME, NEXT_EVENT, NEXT_CONDITION, NEXT_CHAIN };

typedef enum NextBase { BASE_HEAD, BASE_TAIL, BASE_FIRST, BASE_LAST } NextBase;

typedef struct NextRule { int backward; NextBase base; int conditions; } NextRule;

typedef struct NextRow {
  Instant time;
  uint32_t mask;
  uint32_t meets;              /* the condition */
  size_t event;                /* where its key stands in `events`, with its codec */
} NextRow;

typedef struct NextRows {
  const NextRule *rule;        /* NULL: no rows at all */
  NextRow *row;
  size_t rows, capacity;
  Buffer events;
  int unsorted;
} NextRows;

/* ---- the rule, made once for all groups ---- */

static int is_code(const Parameter *p, const char *code){
  return (size_t)p->text.n==strlen(code) && memcmp(p->text.z, code, strlen(code))==0;
}

static Status refuse_code(const char *name, const Parameter *p, const char *what, Failure *f){
  int n = p->text.n;
  failure_set(f, "%s '%.*s' is none of %s", name, n < 40 ? n : 40, p->text.z, what);
  return STATUS_INVALID;
}

static Status prepare_next(const Parameter *p, void **shared, Failure *f){
  static const char *const BASE[] = { "head", "tail", "first_match", "last_match" };
  NextRule *rule;
  int base = 0;
  while( base < 4 && !is_code(&p[1], BASE[base]) ) base++;
  if( !is_code(&p[0], "forward") && !is_code(&p[0], "backward") ){
    return refuse_code("direction", &p[0], "'forward' and 'backward'", f);
  }
  if( base==4 ) return refuse_code("base", &p[1], "'head', 'tail', 'first_match' and 'last_match'", f);
  rule = memory_zeroed(sizeof *rule);
  if( rule==0 ) return STATUS_NOMEM;
  rule->backward = is_code(&p[0], "backward");
  rule->base = (NextBase)base;
  rule->conditions = (int)p[2].integer;
  *shared = rule;
  return STATUS_OK;
}

static Status next_init(void *acc, const Parameter *p, Failure *f){
  (void)f;
  ((NextRows*)acc)->rule = p[PARAMETER_SHARED].shared;
  return STATUS_OK;
}
static void next_destroy(void *acc){
  NextRows *a = acc;
  memory_free(a->row);
  buffer_destroy(&a->events);
}

/* ---- rows ---- */

/* Its codec, and one byte for none. */
static void put_event(Buffer *out, const Key *event){
  if( event->type==CELL_NULL ) buffer_put_byte(out, CELL_NULL); else key_put(out, event);
}
static Status get_event(Reader *in, Key *out){
  if( in->at==in->end || *in->at!=CELL_NULL ) return key_get(in, out);
  memset(out, 0, sizeof *out);
  (void)reader_byte(in);
  return STATUS_OK;
}

static Status add_row(NextRows *a, Instant t, uint32_t mask, int meets, const Key *event){
  NextRow *r;
  if( memory_grow((void**)&a->row, &a->capacity, a->rows + 1, sizeof *a->row)!=STATUS_OK ) return STATUS_NOMEM;
  r = &a->row[a->rows];
  if( a->rows && t < r[-1].time ) a->unsorted = 1;
  r->time = t;
  r->mask = mask;
  r->meets = (uint32_t)meets;
  r->event = a->events.size;
  put_event(&a->events, event);
  if( a->events.failed ) return STATUS_NOMEM;
  a->rows++;
  return STATUS_OK;
}

static Status next_absorb(void *acc, Batch *b, int sign, Failure *f){
  NextRows *a = acc;
  Status rc = STATUS_OK;
  int i;
  (void)sign; (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    Key event = key_of_cell(b, &b->column[NEXT_EVENT], i);
    rc = add_row(a, b->column[NEXT_TIME].cell[i].i, (uint32_t)b->column[NEXT_CHAIN].cell[i].i,
                 b->column[NEXT_CONDITION].cell[i].i!=0, &event);
  }
  return rc;
}

/* The event of a row; the bytes stand in the list. */
static Status event_of(const NextRows *a, size_t row, Key *out){
  size_t at = a->row[row].event;
  Reader in = reader_over(a->events.data + at, a->events.size - at);
  return get_event(&in, out);
}

static void next_encode(const void *acc, Buffer *out){
  const NextRows *a = acc;
  Instant before = 0;
  size_t i;
  buffer_put_unsigned(out, a->rows);
  for(i=0; i<a->rows; i++){
    const NextRow *r = &a->row[i];
    Key event;
    buffer_put_signed(out, r->time - before);
    buffer_put_unsigned(out, (uint64_t)r->mask << 1 | r->meets);
    if( event_of(a, i, &event)==STATUS_OK ) put_event(out, &event); else out->failed = 1;
    before = r->time;
  }
}

static Status next_fold(void *acc, Reader *in, Failure *f){
  NextRows *a = acc;
  uint64_t n = reader_unsigned(in), known = (UINT64_C(1) << a->rule->conditions) - 1, time = 0;
  Status rc = STATUS_OK;
  (void)f;
  for(; rc==STATUS_OK && n > 0 && !in->failed; n--){
    uint64_t flags;
    Key event;
    time += (uint64_t)reader_signed(in);
    flags = reader_unsigned(in);
    rc = get_event(in, &event);
    if( rc!=STATUS_OK ) break;
    if( in->failed || (flags >> 1 & ~known)!=0 || !event_time_is_supported((Instant)time) ) return STATUS_CORRUPT;
    rc = add_row(a, (Instant)time, (uint32_t)(flags >> 1), (int)(flags & 1), &event);
  }
  return rc==STATUS_OK && in->failed ? STATUS_CORRUPT : rc;
}

/* ---- the figure ---- */

static int compare_next_times(const void *a, const void *b, const void *context){
  Instant x = ((const NextRow*)a)->time, y = ((const NextRow*)b)->time;
  (void)context;
  return (x > y) - (x < y);
}

static int is_base(const NextRows *a, size_t row){ return a->row[row].meets && (a->row[row].mask & 1); }

/* The base row; a->rows: there is none. */
static size_t find_base(const NextRows *a){
  size_t i;
  switch( a->rule->base ){
    case BASE_HEAD: return a->row[0].meets ? 0 : a->rows;
    case BASE_TAIL: return a->row[a->rows-1].meets ? a->rows - 1 : a->rows;
    case BASE_FIRST:
      for(i=0; i<a->rows && !is_base(a, i); ) i++;
      return i;
    default:
      for(i=a->rows; i > 0 && !is_base(a, i-1); ) i--;
      return i > 0 ? i - 1 : a->rows;
  }
}

/* The row behind the chain; a->rows: the chain breaks, or there is no row behind it. */
static size_t find_next(const NextRows *a){
  size_t at = find_base(a);
  int k;
  for(k=0; at<a->rows && k<a->rule->conditions; k++){
    if( !(a->row[at].mask >> k & 1) ) return a->rows;
    if( !a->rule->backward ) at++;
    else at = at > 0 ? at - 1 : a->rows;
  }
  return at;
}

static Status next_event_result(void *acc, Result *r, Failure *f, const Stop *stop){
  NextRows *a = acc;
  Status rc = STATUS_OK;
  size_t at;
  Key event;
  (void)f;
  if( a->rows==0 ) return rc;
  if( a->unsorted ) rc = sort_records(a->row, a->rows, sizeof *a->row, compare_next_times, 0, stop);
  if( rc!=STATUS_OK ) return rc;
  a->unsorted = 0;
  at = find_next(a);
  if( at==a->rows ) return rc;
  rc = event_of(a, at, &event);
  if( rc!=STATUS_OK || event.type==CELL_NULL ) return rc;
  if( event.type==CELL_INTEGER ){ result_integer(r, event.integer); return rc; }
  r->kind = event.type==CELL_TEXT ? RESULT_TEXT : RESULT_BLOB;
  buffer_put(&r->buffer, event.bytes, event.size);
  return r->buffer.failed ? STATUS_NOMEM : rc;
}

const Metric METRIC_SEQUENCE_NEXT = {
  .id = "sequence_next", .version = 1, .size = sizeof(NextRows),
  .prepare = prepare_next, .discard = memory_free,
  .init = next_init, .absorb = next_absorb, .encode = next_encode, .fold = next_fold,
  .result = next_event_result, .destroy = next_destroy
};
