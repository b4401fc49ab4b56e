/*
** Checks of event lists, funnels, sequence patterns, sessions and frequency caps against
** slow, plain versions of the same definitions.
**
**   make unit && build/unit/sequence_check [random inputs of each kind, default 20000]
*/
#include <stdlib.h>
#include "check.h"
#include "sequence_check.h"
#include "metric/reach/frequency_cap.h"
#include "metric/path/sequence.h"
#include "metric/path/session.h"

#define MANY 12

int passed, failed;

/* ---- Allocation that fails on demand ---------------------------------------- */

static sqlite3_mem_methods system_memory;
static int allocations_left = -1;          /* negative: never fail */

static int may_allocate(void){
  if( allocations_left<0 ) return 1;
  if( allocations_left==0 ) return 0;
  allocations_left--;
  return 1;
}
static int largest;                        /* bytes of one block */
static void *failing_malloc(int n){
  if( n > largest ) largest = n;
  return may_allocate() ? system_memory.xMalloc(n) : 0;
}
static void *failing_realloc(void *p, int n){
  if( n > largest ) largest = n;
  return may_allocate() ? system_memory.xRealloc(p, n) : 0;
}

static void install_memory(void){
  sqlite3_mem_methods methods;
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &system_memory);
  methods = system_memory;
  methods.xMalloc = failing_malloc;
  methods.xRealloc = failing_realloc;
  sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
  sqlite3_initialize();
}

/* ---- Event lists ------------------------------------------------------------- */

static void event_lists(int inputs){
  int input;
  for(input=0; input<inputs; input++){
    EventList a = {0};
    const Event *rows;
    uint32_t i, n = random_below(200), kind = random_below(3);
    for(i=0; i<n; i++){
      /* the mask is the arrival number, which must ascend within a time */
      Instant t = kind==0 ? (Instant)random_below(20) : kind==1 ? (Instant)i/3
                : -(Instant)i/(Instant)3;
      event_list_add(&a, t, i);
    }
    event_list_sort(&a, 0);
    rows = event_list_read(&a);
    for(i=1; i<n; i++){
      if( rows[i].time<rows[i-1].time
       || (rows[i].time==rows[i-1].time && rows[i].mask<=rows[i-1].mask) ) break;
    }
    CHECK(a.count==n && (n==0 || i==n), "list of %u: not in order at %u", n, i);
    event_list_destroy(&a);
  }
}

/* ---- Sequences: a backtracking matcher that reads the pattern text ---------------- */

typedef struct Slow {
  char text[128];
  int kind[MANY];            /* 'c' condition, '.', '*', 't' */
  int value[MANY];           /* condition 0..., seconds */
  char op[MANY][3];
  int elements;
  Event rows[MANY];          /* visible ones only */
  int count;
} Slow;

static int slow_holds(const char *op, int64_t elapsed, int64_t limit){
  if( op[0]=='<' ) return op[1] ? elapsed<=limit : elapsed<limit;
  if( op[0]=='>' ) return op[1] ? elapsed>=limit : elapsed>limit;
  return elapsed==limit;
}

/* The end of the first match, in order of preference for early choices, of elements
** i ... from row `at` on, with the given base; -1 if there is none. */
static int slow_match(const Slow *s, int i, int at, int base){
  int next, end;
  if( i==s->elements ) return at;
  if( at==s->count ){
    for(; i<s->elements; i++){
      if( s->kind[i]=='*' || (s->kind[i]=='t' && s->op[i][0]=='<') ) continue;
      if( s->kind[i]=='t' && s->op[i][0]=='>' && s->op[i][1] && s->value[i]==0 ) continue;
      return -1;
    }
    return at;
  }
  if( s->kind[i]=='c' && !(s->rows[at].mask>>s->value[i] & 1) ) return -1;
  if( s->kind[i]=='c' || s->kind[i]=='.' ) return slow_match(s, i+1, at+1, at);
  for(next=at; next<s->count; next++){
    if( s->kind[i]=='t' && !slow_holds(s->op[i], s->rows[next].time - s->rows[base].time,
                                       s->value[i]*MICROS_PER_SECOND) ) continue;
    end = slow_match(s, i+1, next, next);
    if( end>=0 ) return end;
  }
  return -1;
}

/* A match from `from` on: the star that every pattern begins with. */
static int slow_seek(const Slow *s, int from){
  int start, end;
  if( from==s->count ) return slow_match(s, 0, from, from);
  for(start=from; start<s->count; start++){
    end = slow_match(s, 0, start, start);
    if( end>=0 ) return end;
  }
  return -1;
}

static int slow_count(const Slow *s){
  int from = 0, matches = 0;
  while( from<s->count ){
    int end = slow_seek(s, from);
    if( end<0 ) break;
    matches++;
    from = end==from ? from + 1 : end;
  }
  return matches;
}

static void random_pattern(Slow *s, int conditions){
  static const char *const ops[] = { "<", "<=", ">", ">=", "==" };
  size_t at = 0;
  int i;
  s->elements = (int)random_below(8);
  for(i=0; i<s->elements; i++){
    uint32_t r = random_below(10);
    char *p = s->text + at;
    if( r<3 && i>0 && s->kind[i-1]!='t' ){
      const char *space = random_below(8) ? "" : " ";
      s->kind[i] = 't';
      s->value[i] = (int)random_below(5);
      snprintf(s->op[i], 3, "%s", ops[random_below(5)]);
      at += (size_t)sprintf(p, "(?t%s%s%s%d)", space, s->op[i], space, s->value[i]);
    }else if( r<5 ){
      s->kind[i] = '*';
      at += (size_t)sprintf(p, ".*");
    }else if( r<6 ){
      s->kind[i] = '.';
      at += (size_t)sprintf(p, ".");
    }else{
      s->kind[i] = 'c';
      s->value[i] = (int)random_below((uint32_t)conditions);
      at += (size_t)sprintf(p, "(?%d)", s->value[i] + 1);
    }
  }
  s->text[at] = 0;
}

static void one_sequence(void){
  Slow s;
  Sequence compiled;
  SequenceError error;
  EventList list = {0};
  int i, n = (int)random_below(MANY), found, expected, conditions = 1 + (int)random_below(3);
  uint32_t step = 1 + random_below(4);
  int64_t matches, t = 0;
  memset(&s, 0, sizeof(s));
  random_pattern(&s, conditions);
  for(i=0; i<n; i++){
    uint32_t mask = random_below(1u << conditions) | (random_below(6) ? 0 : 1u << conditions);
    t += (int64_t)random_below(step)*MICROS_PER_SECOND;
    event_list_add(&list, t, mask);
    if( mask & ((1u << conditions) - 1) ) s.rows[s.count++] = event_list_rows(&list)[i];
  }
  i = sequence_compile(&compiled, s.text, (int)strlen(s.text), conditions, &error);
  CHECK(i==STATUS_OK, "does not compile: %s", s.text);
  if( i!=STATUS_OK ) return;
  sequence_match(&compiled, event_list_rows(&list), list.count, 0, &found);
  sequence_count(&compiled, event_list_rows(&list), list.count, 0, &matches);
  expected = slow_seek(&s, 0)>=0;
  CHECK(found==expected, "%s: match %d, backtracking %d", s.text, found, expected);
  expected = slow_count(&s);
  CHECK(matches==expected, "%s: count %d, backtracking %d", s.text, (int)matches, expected);
  sequence_destroy(&compiled);
  event_list_destroy(&list);
}

/* ---- Sequences: fixed cases, errors, fuzz, a million events ------------------------ */

static void fixed(const char *pattern, const char *events, int match, int64_t count){
  Sequence s;
  SequenceError error;
  Event rows[32];
  size_t n = 0;
  int found = -1, i;
  int64_t matches = -1;
  for(i=0; events[i]; i++){                /* one event a second; digits: condition, '-' none */
    rows[n].time = i*MICROS_PER_SECOND;
    rows[n++].mask = events[i]=='-' ? 0 : 1u << (events[i] - '1');
  }
  if( sequence_compile(&s, pattern, (int)strlen(pattern), 4, &error)==STATUS_OK ){
    sequence_match(&s, rows, n, 0, &found);
    sequence_count(&s, rows, n, 0, &matches);
    sequence_destroy(&s);
  }
  CHECK(found==match && matches==count, "%s on %s: %d, %d", pattern, events, found, (int)matches);
}

static void fixed_cases(void){
  fixed("(?1)(?2)", "1-2", 1, 1);                /* ClickHouse's documentation */
  fixed("(?1)(?2)", "132", 0, 0);
  fixed("(?1).*(?2)", "132132", 1, 2);
  fixed("(?1)(?t>1)(?2)", "12", 0, 0);
  fixed("(?1)(?t>1)(?2)", "132", 1, 1);
  fixed("(?1).*(?t>1)(?2)", "132", 0, 0);        /* measured from where .* stopped ... */
  fixed("(?1).*(?t>1)(?2)", "1332", 1, 1);
  fixed("(?1).*(?t<=0)(?2)", "13332", 1, 1);     /* ... which may be anywhere */
  fixed("(?1)(?t==2)(?2)", "1122", 1, 1);
  fixed("(?1)(?t<=1)(?2)(?t<=1)(?3)", "12123", 1, 1);
  fixed("(?1)", "111", 1, 3);
  fixed("(?1)(?1)", "11111", 1, 2);
  fixed("", "", 1, 0);
  fixed("", "1-2", 1, 2);
  fixed(".*", "123", 1, 3);
  fixed(".", "1-2", 1, 2);
  fixed(".", "", 0, 0);
  fixed("(?1).*", "12", 1, 1);
  fixed("(?1)(?t<=5)", "1", 1, 1);               /* at the end these hold of nothing */
  fixed("(?1)(?t>=0)", "1", 1, 1);
  fixed("(?1)(?t>=1)", "1", 0, 0);
  fixed("(?1)(?t==0)", "1", 0, 0);
  fixed("(?1)(?t>=1)", "1111", 1, 3);            /* where it stopped is not part of it */
}

static void malformed(const char *pattern, int position){
  Sequence s;
  SequenceError error = { -1, 0 };
  int status = sequence_compile(&s, pattern, (int)strlen(pattern), 2, &error);
  CHECK(status==STATUS_INVALID && error.position==position && error.reason,
        "%s: status %d, position %d", pattern, status, error.position);
  if( status==STATUS_OK ) sequence_destroy(&s);
}

static void malformed_cases(void){
  malformed("x", 0);
  malformed("(?1)x", 4);
  malformed("(?1)*", 4);
  malformed("(", 1);
  malformed("(1)", 1);
  malformed("(?", 2);
  malformed("(?)", 2);
  malformed("(?1", 3);
  malformed("(?1 )", 3);
  malformed("(?0)", 2);
  malformed("(?3)", 2);
  malformed("(?1)(?99999999999999999999999)", 6);
  malformed("(?-1)", 2);
  malformed("(?1)(?t)", 7);
  malformed("(?1)(?t=1)", 7);
  malformed("(?1)(?t!=1)", 7);
  malformed("(?1)(?t>)", 8);
  malformed("(?1)(?t>-1)", 8);
  malformed("(?1)(?t>1.5)", 9);
  malformed("(?1)(?t>1", 9);
  malformed("(?1)(?t>1)(?t<5)", 10);
  malformed("(?1) (?2)", 4);
  malformed("(?1)\xff", 4);
}

static void fuzz(int inputs){
  static const char alphabet[] = "((()))???ttt<>==..**0123456789  x\xff";
  static const char *const pieces[] = { "(?1)", "(?2)", ".*", ".", "(?t<3)", "(?t==1)", "(?t>=2)" };
  int input, compiled = 0;
  for(input=0; input<inputs; input++){
    char text[64];
    Sequence s;
    SequenceError error = { -1, 0 };
    Event rows[MANY];
    int n = 0, length = (int)random_below(40), status, i, found;
    int64_t matches;
    char *exact;
    while( n<length && !(n + 8>length && random_below(2)) ){
      const char *piece = pieces[random_below(7)];
      if( random_below(16)==0 || n + 8>length ){
        text[n++] = random_below(4) ? alphabet[random_below(sizeof(alphabet) - 1)]
                                    : (char)random_below(256);
      }else{
        memcpy(text + n, piece, strlen(piece));
        n += (int)strlen(piece);
      }
    }
    exact = malloc((size_t)n + !n);              /* so that a read past the end is seen */
    memcpy(exact, text, (size_t)n);
    status = sequence_compile(&s, exact, n, 2, &error);
    free(exact);
    CHECK(status==STATUS_OK || (error.position>=0 && error.position<=n && error.reason),
          "fuzz: position %d of %d", error.position, n);
    if( status!=STATUS_OK ) continue;
    compiled++;
    for(i=0; i<MANY; i++){                       /* any 64-bit time, if in order */
      rows[i].time = i==0 ? INT64_MIN : i==MANY-1 ? INT64_MAX : i*MICROS_PER_SECOND;
      rows[i].mask = i==5 ? 1 : random_below(5);    /* at least one is visible */
    }
    sequence_match(&s, rows, MANY, 0, &found);
    sequence_count(&s, rows, MANY, 0, &matches);
    CHECK(found==(matches>0) && matches<=MANY, "fuzz: %d, %d", found, (int)matches);
    sequence_destroy(&s);
  }
  printf("fuzz: %d patterns, %d of them well formed\n", inputs, compiled);
}

static void million(const char *pattern, uint32_t conditions){
  enum { N = 1000000 };
  EventList list = {0};
  Sequence s;
  SequenceError error;
  int i, found = 0;
  int64_t matches = 0;
  double from;
  for(i=0; i<N; i++){
    event_list_add(&list, i/2*MICROS_PER_SECOND, 1u << random_below(conditions));
  }
  CHECK(sequence_compile(&s, pattern, (int)strlen(pattern), 3, &error)==STATUS_OK,
        "does not compile: %s", pattern);
  from = seconds_now();
  sequence_match(&s, event_list_rows(&list), N, 0, &found);
  printf("a million events, %s: match %d %.3f s", pattern, found, seconds_now() - from);
  from = seconds_now();
  sequence_count(&s, event_list_rows(&list), N, 0, &matches);
  printf(", count %lld %.3f s\n", (long long)matches, seconds_now() - from);
  sequence_destroy(&s);
  event_list_destroy(&list);
}

/* ---- Sessions and caps -------------------------------------------------------- */

static int is_cap_window(const char *text, int n, CapWindow *w){
  Failure f = {{0}};
  int is = cap_window_read("window", text, n, w, &f)==STATUS_OK;
  CHECK(is==(f.text[0]==0), "'%s': %s", text, f.text);
  return is;
}

static void sessions(void){
  static const int64_t at[] = { 0, 30, 60, 91, 91, 121, 500 };
  static const int64_t number[] = { 1, 1, 1, 2, 2, 2, 3 };
  Duration gap = { 0, 30*MICROS_PER_SECOND };
  Event rows[7];
  SessionCounter s;
  int64_t n = -1;
  int i;
  session_init(&s, gap);
  for(i=0; i<7; i++){
    rows[i].time = at[i]*MICROS_PER_SECOND;
    CHECK(session_next(&s, rows[i].time)==number[i], "session of row %d", i);
  }
  session_count(gap, rows, 7, 0, &n);
  CHECK(n==3, "sessions: %d", (int)n);
  session_count(gap, rows, 0, 0, &n);
  CHECK(n==0, "sessions of nothing: %d", (int)n);
  session_init(&s, gap);
  for(i=6; i>=0; i--) n = session_next(&s, rows[i].time);
  CHECK(n==3, "sessions, latest first: %d", (int)n);
}

static void one_cap(void){
  static const char *const windows[] = { "0 days", "1 days", "3 days", "1 calendar day@+08:00",
    "2 calendar days@-05:00", "1 calendar week", "1 calendar months@+08:00" };
  CapWindow w;
  FrequencyCap cap;
  Instant allowed[60], t = days_from_civil(2024, 2, 20)*MICROS_PER_DAY;
  int i, k, n = 0, kind = (int)random_below(8);
  int64_t max = (int64_t)random_below(12);
  if( kind==7 ){                               /* a month back, clamped */
    memset(&w, 0, sizeof(w));
    w.rolling.months = 1;
  }else{
    const char *text = windows[kind];
    CHECK(is_cap_window(text, (int)strlen(text), &w), "no window: %s", text);
  }
  cap_init(&cap, w, max);
  for(i=0; i<60; i++){
    int got = -1, inside = 0;
    t += random_below(3) ? (int64_t)random_below(3)*MICROS_PER_DAY/4
                         : (int64_t)random_below(8)*MICROS_PER_DAY;
    for(k=0; k<n; k++){
      Instant x = allowed[k];
      inside += !w.calendar ? x>=instant_after(t, w.rolling, -1, 0)
              : w.grain.unit==GRAIN_DAY ? day_of(x, w.zone) > day_of(t, w.zone) - w.periods
              : grain_ordinal(w.grain, x, w.zone)==grain_ordinal(w.grain, t, w.zone);
    }
    cap_next(&cap, t, &got);
    CHECK(got==(inside<max), "cap %d of %d, window %d: %d", inside, (int)max, kind, got);
    if( inside<max ) allowed[n++] = t;
  }
  cap_destroy(&cap);
}

static void cap_texts(void){
  static const char *const bad[] = { "", "calendar day", "0 calendar days", "1 calendar",
    "1 calendar hour", "1 calendar day@", "1 calendar day@x", "1 calendar dayx", "-1 calendar day" };
  CapWindow w;
  size_t i;
  for(i=0; i<sizeof(bad)/sizeof(bad[0]); i++){
    CHECK(!is_cap_window(bad[i], (int)strlen(bad[i]), &w), "a window: '%s'", bad[i]);
  }
  CHECK(is_cap_window(" 3 Calendar Days@+08:00", 23, &w) && w.calendar && w.periods==3
        && w.zone==28800, "calendar window");
}

/* ---- Faults and interrupts ------------------------------------------------------ */

static int work(int *found, int64_t *matches, int *allowed){
  static const char pattern[] = "(?1)(?t==5)(?2).*(?1)";
  EventList list = {0};
  Sequence s;
  SequenceError error;
  FrequencyCap cap;
  CapWindow w;
  int i, status = STATUS_OK;
  memset(&w, 0, sizeof(w));
  cap_init(&cap, w, 100);
  for(i=0; i<200 && status==STATUS_OK; i++){
    status = event_list_add(&list, (200 - i)*MICROS_PER_SECOND, 1u << i%2);
    if( status==STATUS_OK ) status = cap_next(&cap, i, allowed);
  }
  if( status==STATUS_OK ) status = event_list_sort(&list, 0);
  if( status==STATUS_OK ){
    status = sequence_compile(&s, pattern, (int)sizeof(pattern) - 1, 2, &error);
    if( status==STATUS_OK ){
      status = sequence_match(&s, event_list_rows(&list), list.count, 0, found);
      if( status==STATUS_OK ){
        status = sequence_count(&s, event_list_rows(&list), list.count, 0, matches);
      }
      sequence_destroy(&s);
    }
  }
  cap_destroy(&cap);
  event_list_destroy(&list);
  return status;
}

static void faults(void){
  int n, status = STATUS_NOMEM, found = 0, allowed = 0;
  int64_t matches = 0;
  for(n=0; status!=STATUS_OK && n<1000; n++){
    allocations_left = n;
    status = work(&found, &matches, &allowed);
    allocations_left = -1;
    CHECK(status==STATUS_OK || status==STATUS_NOMEM, "fault %d: status %d", n, status);
    CHECK(sqlite3_memory_used()==0, "fault %d: memory in use", n);
  }
  CHECK(status==STATUS_OK && found==1 && matches>0, "no answer after %d faults", n);
  printf("allocation faults: %d\n", n - 1);
}

static int stop_after(void *left){ return (*(int*)left)--<=0; }

static void interrupts(void){
  EventList list = {0};
  Sequence s;
  SequenceError error;
  int i, n, found, status;
  int64_t matches;
  for(i=0; i<60000; i++) event_list_add(&list, (Instant)random_below(100000), 1);
  n = 1;
  CHECK(event_list_sort(&list, &(Stop){ stop_after, &n })==STATUS_INTERRUPTED && list.count==60000, "sort");
  event_list_sort(&list, 0);
  sequence_compile(&s, "(?1)", 4, 1, &error);
  n = 1;
  status = sequence_count(&s, event_list_rows(&list), list.count, &(Stop){ stop_after, &n }, &matches);
  CHECK(status==STATUS_INTERRUPTED, "many short matches");
  sequence_destroy(&s);
  sequence_compile(&s, "(?1)(?t==9)(?2)", 15, 2, &error);
  n = 1;
  status = sequence_match(&s, event_list_rows(&list), list.count, &(Stop){ stop_after, &n }, &found);
  CHECK(status==STATUS_INTERRUPTED, "one long search");
  funnel_interrupts(event_list_rows(&list), list.count);
  sequence_destroy(&s);
  event_list_destroy(&list);
}

/* Events of one time are one base of (?t==...): their number costs no memory. */
static void equal_times(void){
  enum { N = 100000 };
  static const char PATTERN[] = "(?1)(?t==5)(?2)";
  Event *rows = malloc(sizeof *rows*N);
  Sequence s;
  SequenceError error;
  int64_t matches;
  int i;
  if( rows==0 || sequence_compile(&s, PATTERN, (int)strlen(PATTERN), 2, &error)!=STATUS_OK ) exit(2);
  for(i=0; i<N; i++){ rows[i].time = 1000; rows[i].mask = 1; }
  largest = 0;
  CHECK(sequence_count(&s, rows, N, 0, &matches)==STATUS_OK && matches==0, "equal times");
  CHECK(largest < 4096, "%d bytes for events of one time", largest);
  sequence_destroy(&s);
  free(rows);
}

int main(int argc, char **argv){
  int inputs = argc>1 ? atoi(argv[1]) : 20000, i, before;
  install_memory();
  event_lists(inputs/10);
  faults();
  interrupts();
  equal_times();
  fixed_cases();
  malformed_cases();
  before = passed;
  for(i=0; i<3*inputs; i++) one_sequence();
  printf("sequences: %d patterns and inputs, %d comparisons with backtracking\n",
         3*inputs, passed - before);
  fuzz(10*inputs);
  sessions();
  cap_texts();
  for(i=0; i<inputs/4; i++) one_cap();
  funnel_checks(inputs);
  million("(?1).*(?2)", 2);
  million("(?1)(?1)(?1)(?1).*(?3)", 2);
  million("(?1).*(?1).*(?1).*(?1).*(?3)", 2);
  million("(?1)(?t<=100)(?1)(?t>=50)(?2)(?t==70)(?3)", 2);
  million("(?1)(?t==499999)(?3)", 2);
  million("(?1)(?t<5)(?2)(?t>3)(?3)", 3);
  CHECK(sqlite3_memory_used()==0, "memory in use at the end");
  return check_summary();
}
