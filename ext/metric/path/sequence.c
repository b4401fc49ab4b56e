/* Patterns over events: see sequence.h for the language and the method. */
#include "metric/path/sequence.h"

/* ---- Compiling ------------------------------------------------------------- */

typedef struct Reader {
  const char *text;
  int n, at;
  SequenceError *error;
} Reader;

static Status wrong(Reader *r, int position, const char *reason){
  r->error->position = position;
  r->error->reason = reason;
  return STATUS_INVALID;
}

static int accept(Reader *r, char c){
  if( r->at>=r->n || r->text[r->at]!=c ) return 0;
  r->at++;
  return 1;
}

static void skip_spaces(Reader *r){ while( accept(r, ' ') ){} }

static int at_digit(const Reader *r){
  return r->at<r->n && r->text[r->at]>='0' && r->text[r->at]<='9';
}

/* Digits; stops growing at UINT64_MAX.  0 when there is none. */
static int read_number(Reader *r, uint64_t *out){
  uint64_t v = 0;
  int from = r->at;
  while( at_digit(r) ){
    uint64_t digit = (uint64_t)(r->text[r->at++] - '0');
    v = v > (UINT64_MAX - digit)/10 ? UINT64_MAX : v*10 + digit;
  }
  *out = v;
  return r->at > from;
}

static int is_time(SequenceKind kind){ return kind>=SEQUENCE_LESS; }

static Status add(Sequence *s, SequenceKind kind, uint32_t mask, uint64_t micros){
  void *elements = s->elements;
  SequenceElement *e;
  if( kind==SEQUENCE_STAR && s->count>0 && s->elements[s->count-1].kind==kind ){
    return STATUS_OK;                      /* .*.* is .* */
  }
  if( memory_grow(&elements, &s->capacity, s->count + 1, sizeof(*e))!=STATUS_OK ){
    return STATUS_NOMEM;
  }
  s->elements = elements;
  e = &s->elements[s->count++];
  e->kind = kind;
  e->mask = mask;
  e->micros = micros;
  return STATUS_OK;
}

static int read_operator(Reader *r, SequenceKind *kind){
  if( accept(r, '<') ){
    *kind = accept(r, '=') ? SEQUENCE_LESS_EQUAL : SEQUENCE_LESS;
  }else if( accept(r, '>') ){
    *kind = accept(r, '=') ? SEQUENCE_GREATER_EQUAL : SEQUENCE_GREATER;
  }else if( r->n - r->at >= 2 && r->text[r->at]=='=' && r->text[r->at+1]=='=' ){
    r->at += 2;
    *kind = SEQUENCE_EQUAL;
  }else{
    return 0;
  }
  return 1;
}

/* After "(?t". */
static Status read_time(Reader *r, Sequence *s, int open){
  SequenceKind kind;
  uint64_t seconds;
  if( is_time(s->elements[s->count-1].kind) ){
    return wrong(r, open, "a time condition must follow an event, not another time condition");
  }
  skip_spaces(r);
  if( !read_operator(r, &kind) ) return wrong(r, r->at, "expected <, <=, >, >= or ==");
  skip_spaces(r);
  if( !read_number(r, &seconds) ) return wrong(r, r->at, "expected a whole number of seconds");
  skip_spaces(r);
  if( seconds > UINT64_MAX/1000000 ) seconds = UINT64_MAX/1000000;
  return add(s, kind, 0, seconds*1000000);
}

/* After "(?": the number of a condition. */
static Status read_condition(Reader *r, Sequence *s, int conditions){
  uint64_t number;
  int from = r->at;
  if( !read_number(r, &number) ){
    return wrong(r, r->at, "expected the number of a condition, or t");
  }
  if( number==0 ) return wrong(r, from, "conditions are numbered from 1");
  if( number>(uint64_t)conditions ){
    return wrong(r, from, "there are fewer conditions than this number");
  }
  return add(s, SEQUENCE_CONDITION, UINT32_C(1) << (number - 1), 0);
}

static Status read_element(Reader *r, Sequence *s, int conditions){
  int open = r->at;
  Status status;
  if( accept(r, '.') ) return add(s, accept(r, '*') ? SEQUENCE_STAR : SEQUENCE_ANY, 0, 0);
  if( !accept(r, '(') ) return wrong(r, open, "expected (?N), (?t...), . or .*");
  if( !accept(r, '?') ) return wrong(r, r->at, "expected ? after (");
  status = accept(r, 't') ? read_time(r, s, open) : read_condition(r, s, conditions);
  if( status==STATUS_OK && !accept(r, ')') ) return wrong(r, r->at, "expected )");
  return status;
}

Status sequence_compile(Sequence *s, const char *text, int n, int conditions,
                        SequenceError *error){
  Reader r;
  Status status;
  r.text = text;
  r.n = n;
  r.at = 0;
  r.error = error;
  memset(s, 0, sizeof(*s));
  s->visible = conditions==32 ? UINT32_MAX : (UINT32_C(1) << conditions) - 1;
  status = add(s, SEQUENCE_STAR, 0, 0);
  while( status==STATUS_OK && r.at<n ) status = read_element(&r, s, conditions);
  if( status!=STATUS_OK ) sequence_destroy(s);
  return status;
}

void sequence_destroy(Sequence *s){
  memory_free(s->elements);
  memset(s, 0, sizeof(*s));
}

/* ---- Matching -------------------------------------------------------------- */

/* Times in order, first in, first out. */
typedef struct Queue { Instant *items; size_t head, tail, capacity; } Queue;

/* What is known of one element at the event at hand. */
typedef struct Place {
  uint8_t arrived;           /* the element before it took the event before this one */
  uint8_t open;              /* a star, or a time condition with some base, is skipping */
  Instant base;              /* of a time condition other than == */
  Queue bases;               /* of == */
} Place;

typedef struct Matcher {
  const Sequence *pattern;
  Place *places;             /* one more than elements: the last one is the end */
  Instant before;            /* time of the visible event before this one */
  size_t taken;              /* visible events since the match was begun */
  size_t unasked;           /* rows times elements since the caller was asked whether to stop */
} Matcher;

static Status queue_push(Queue *q, Instant t){
  void *items = q->items;
  if( q->tail>q->head && q->items[q->tail-1]==t ) return STATUS_OK;
  if( q->tail==q->capacity && q->head>=q->capacity/2 && q->head>0 ){
    memmove(q->items, q->items + q->head, (q->tail - q->head)*sizeof(Instant));
    q->tail -= q->head;
    q->head = 0;
  }
  if( memory_grow(&items, &q->capacity, q->tail + 1, sizeof(Instant))!=STATUS_OK ){
    return STATUS_NOMEM;
  }
  q->items = items;
  q->items[q->tail++] = t;
  return STATUS_OK;
}

/* Forgets everything: a new match begins at the next event. */
static void matcher_restart(Matcher *m){
  size_t i;
  for(i=0; i<=m->pattern->count; i++){
    Place *p = &m->places[i];
    p->arrived = p->open = 0;
    p->bases.head = p->bases.tail = 0;
  }
  m->places[0].arrived = 1;
  m->taken = 0;
}

static Status matcher_init(Matcher *m, const Sequence *pattern){
  m->pattern = pattern;
  m->before = 0;
  m->unasked = 0;
  m->places = memory_zeroed((pattern->count + 1)*sizeof(Place));
  if( m->places==0 ) return STATUS_NOMEM;
  matcher_restart(m);
  return STATUS_OK;
}

static void matcher_destroy(Matcher *m){
  size_t i;
  for(i=0; i<=m->pattern->count; i++) memory_free(m->places[i].bases.items);
  memory_free(m->places);
}

/* Events are in order, so the later is never before the earlier. */
static uint64_t micros_between(Instant earlier, Instant later){
  return (uint64_t)later - (uint64_t)earlier;
}

/* A time condition begins at an event: remember its base. */
static Status place_begin(Place *p, SequenceKind kind, Instant base){
  if( kind==SEQUENCE_EQUAL ) return queue_push(&p->bases, base);
  if( kind==SEQUENCE_LESS || kind==SEQUENCE_LESS_EQUAL || !p->open ) p->base = base;
  p->open = 1;
  return STATUS_OK;
}

/* Whether a time condition holds for some base when it stops at the event of time t. */
static int place_holds(Place *p, const SequenceElement *e, Instant t){
  uint64_t passed;
  if( e->kind==SEQUENCE_EQUAL ){
    Queue *q = &p->bases;
    while( q->head<q->tail && micros_between(q->items[q->head], t) > e->micros ) q->head++;
    return q->head<q->tail && micros_between(q->items[q->head], t)==e->micros;
  }
  if( !p->open ) return 0;
  passed = micros_between(p->base, t);
  switch( e->kind ){
    case SEQUENCE_LESS:          return passed < e->micros;
    case SEQUENCE_LESS_EQUAL:    return passed <= e->micros;
    case SEQUENCE_GREATER:       return passed > e->micros;
    default:                     return passed >= e->micros;
  }
}

/*
** Looks at one event.  `here` says whether element i can begin at it; elements that need
** no event of their own hand that on to the next one.  *end becomes 1 if the pattern is
** complete without this event.
*/
static Status matcher_step(Matcher *m, const Event *row, int *end){
  size_t i, n = m->pattern->count;
  int handed = 0, took = 0;
  for(i=0; i<n; i++){
    const SequenceElement *e = &m->pattern->elements[i];
    Place *p = &m->places[i];
    int here = p->arrived | handed;
    p->arrived = (uint8_t)took;            /* for the next event */
    handed = took = 0;
    if( e->kind==SEQUENCE_CONDITION ){
      took = here && (row->mask & e->mask)!=0;
    }else if( e->kind==SEQUENCE_ANY ){
      took = here;
    }else if( e->kind==SEQUENCE_STAR ){
      p->open |= (uint8_t)here;
      handed = p->open;
    }else{
      int after_star = m->pattern->elements[i-1].kind==SEQUENCE_STAR;
      if( here && place_begin(p, e->kind, after_star ? row->time : m->before)!=STATUS_OK ){
        return STATUS_NOMEM;
      }
      handed = place_holds(p, e, row->time);
    }
  }
  *end = m->places[n].arrived | handed;
  m->places[n].arrived = (uint8_t)took;
  return STATUS_OK;
}

/* No event is left: elements that hold of nothing, if an event was just before them. */
static int matcher_finish(const Matcher *m){
  size_t i, n = m->pattern->count;
  int handed = 0;
  for(i=0; i<n; i++){
    const SequenceElement *e = &m->pattern->elements[i];
    int here = m->places[i].arrived | handed;
    handed = here && (e->kind==SEQUENCE_STAR || e->kind==SEQUENCE_LESS
                   || e->kind==SEQUENCE_LESS_EQUAL
                   || (e->kind==SEQUENCE_GREATER_EQUAL && e->micros==0));
  }
  return m->places[n].arrived | handed;
}

/*
** Seeks one match from rows[*at].  If there is one, *found is 1 and *at the first row
** after it; a match that took no event moves on by one.
*/
static Status matcher_seek(Matcher *m, const Event *rows, size_t count, size_t *at,
                           const Stop *stop, int *found){
  size_t i;
  *found = 0;
  for(i=*at; i<count; i++){
    int end;
    m->unasked += m->pattern->count;
    if( m->unasked>=EVENTS_PER_QUESTION ){
      m->unasked = 0;
      if( stop_asked(stop) ) return STATUS_INTERRUPTED;
    }
    if( (rows[i].mask & m->pattern->visible)==0 ) continue;
    if( matcher_step(m, &rows[i], &end)!=STATUS_OK ) return STATUS_NOMEM;
    if( end ){
      *found = 1;
      *at = m->taken>0 ? i : i + 1;
      return STATUS_OK;
    }
    m->before = rows[i].time;
    m->taken++;
  }
  *found = matcher_finish(m);
  *at = count;
  return STATUS_OK;
}

Status sequence_match(const Sequence *s, const Event *rows, size_t count,
                      const Stop *stop, int *found){
  Matcher m;
  size_t at = 0;
  Status status = matcher_init(&m, s);
  if( status!=STATUS_OK ) return status;
  status = matcher_seek(&m, rows, count, &at, stop, found);
  matcher_destroy(&m);
  return status;
}

/* The first row from `at` on that meets a condition; count if there is none. */
static size_t next_visible(const Sequence *s, const Event *rows, size_t count, size_t at){
  while( at<count && (rows[at].mask & s->visible)==0 ) at++;
  return at;
}

Status sequence_count(const Sequence *s, const Event *rows, size_t count,
                      const Stop *stop, int64_t *matches){
  Matcher m;
  size_t at = 0;
  int found = 1;
  Status status = matcher_init(&m, s);
  *matches = 0;
  if( status!=STATUS_OK ) return status;
  while( status==STATUS_OK && found ){
    at = next_visible(s, rows, count, at);
    if( at==count ) break;
    matcher_restart(&m);
    status = matcher_seek(&m, rows, count, &at, stop, &found);
    *matches += found;
  }
  matcher_destroy(&m);
  return status;
}
