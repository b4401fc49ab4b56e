/*
** Funnels against brute force.
**
** The brute force knows nothing of groups, deadlines or matchings: it writes down every
** order of the rows that their times allow, in each order tries every chain of rows, and
** judges it by the sentences of funnel.h.
*/
#include "check.h"
#include "sequence_check.h"
#include "metric/path/funnel.h"

#define MANY 16

typedef struct Best { int depth; Instant times[FUNNEL_STEPS]; } Best;

/* One input and what has been found so far. */
typedef struct Search {
  const FunnelRule *rule;
  const Event *rows;         /* sorted by time */
  int count;
  int order[MANY], used[MANY];
  int chain[MANY];           /* positions in order[] */
  Best best;
} Search;

static const Event *row_at(const Search *s, int position){ return &s->rows[s->order[position]]; }

static void judge(Search *s, int depth){
  Instant times[FUNNEL_STEPS];
  int i;
  for(i=0; i<depth; i++) times[i] = row_at(s, s->chain[i])->time;
  if( depth<s->best.depth ) return;
  if( depth==s->best.depth ){
    for(i=0; i<depth && times[i]==s->best.times[i]; i++){}
    if( i==depth || times[i]>s->best.times[i] ) return;
  }
  s->best.depth = depth;
  memcpy(s->best.times, times, sizeof(times));
}

/* May a row at time `next` be match depth+1 of a chain of that depth: within its window? */
static int in_window(const FunnelRule *rule, int depth, Instant first, Instant last, Instant next){
  if( rule->windows ) return next <= instant_after(last, rule->stepWindow[depth], 1, 0);
  return next <= instant_after(first, rule->window, 1, 0);
}

/* Has a chain that begins at t had its time? */
static int is_mature(const FunnelRule *rule, Instant t){
  int i;
  if( !rule->windows ) return instant_after(t, rule->window, 1, 0) <= rule->matureBy;
  for(i=1; i<rule->steps; i++) t = instant_after(t, rule->stepWindow[i], 1, 0);
  return t <= rule->matureBy;
}

/* May position `next` be match depth+1, after match `depth` at position `last`? */
static int may_follow(const Search *s, int depth, int last, int next){
  int between;
  for(between=0; between<s->count; between++){
    const Event *bar = &s->rows[between];
    if( (bar->mask & s->rule->bars[depth]) && bar->time > row_at(s, last)->time
     && bar->time < row_at(s, next)->time ) return 0;
  }
  if( s->rule->mode==FUNNEL_STRICT_INCREASE
   && row_at(s, next)->time==row_at(s, last)->time ) return 0;
  for(between=last+1; between<next; between++){
    uint32_t mask = row_at(s, between)->mask & ((1u << s->rule->steps) - 1);
    if( s->rule->mode==FUNNEL_STRICT_ORDER ) return 0;
    if( s->rule->mode==FUNNEL_STRICT_DEDUP && (mask & ((1u << depth) - 1)) ) return 0;
  }
  return 1;
}

static void try_chains(Search *s, int depth){
  int next;
  judge(s, depth);
  if( depth==s->rule->steps ) return;
  for(next = depth ? s->chain[depth-1] + 1 : 0; next<s->count; next++){
    const Event *row = row_at(s, next);
    if( !(row->mask>>depth & 1) ) continue;
    if( depth>0 && !may_follow(s, depth, s->chain[depth-1], next) ) continue;
    if( depth>0 && !in_window(s->rule, depth, row_at(s, s->chain[0])->time, row_at(s, s->chain[depth-1])->time,
                              row->time) ) continue;
    if( depth==0 && !is_mature(s->rule, row->time) ) continue;
    s->chain[depth] = next;
    try_chains(s, depth + 1);
  }
}

static void try_orders(Search *s, int placed){
  int i, first = -1;
  if( placed==s->count ){ try_chains(s, 0); return; }
  for(i=0; i<s->count; i++){
    if( s->used[i] ) continue;
    if( first<0 ) first = i;
    if( s->rows[i].time!=s->rows[first].time ) break;
    s->used[i] = 1;
    s->order[placed] = i;
    try_orders(s, placed + 1);
    s->used[i] = 0;
  }
}

/* 'clickhouse': any row may serve any number of steps. */
static void try_shared(Search *s, int depth){
  int next;
  judge(s, depth);
  if( depth==s->rule->steps ) return;
  for(next=0; next<s->count; next++){
    if( !(s->rows[next].mask>>depth & 1) ) continue;
    if( depth>0 && (s->rows[next].time < s->rows[s->chain[depth-1]].time
     || !in_window(s->rule, depth, s->rows[s->chain[0]].time, s->rows[s->chain[depth-1]].time, s->rows[next].time)
     || !may_follow(s, depth, s->chain[depth-1], next)) ) continue;
    if( depth==0 && !is_mature(s->rule, s->rows[next].time) ) continue;
    s->chain[depth] = next;
    try_shared(s, depth + 1);
  }
}

/* 'any_order': from each entry the steps that its window's rows serve, row after row. */
static int serves(const Event *rows, int from, int to, int steps, int step, uint32_t used){
  int i, best;
  if( step==steps ) return 0;
  best = serves(rows, from, to, steps, step + 1, used);
  for(i=from; i<to; i++){
    int n;
    if( (used>>i & 1) || !(rows[i].mask>>step & 1) ) continue;
    n = 1 + serves(rows, from, to, steps, step + 1, used | UINT32_C(1) << i);
    if( n > best ) best = n;
  }
  return best;
}

static void try_any(Search *s){
  uint32_t steps = (1u << s->rule->steps) - 1;
  int from, to, n, last;
  for(from=0; from<s->count; from++){
    Instant end = instant_after(s->rows[from].time, s->rule->window, 1, 0);
    Best here = { 0, {0} };
    if( !(s->rows[from].mask & steps) || end > s->rule->matureBy ) continue;
    for(last=0, to=from+1; to<=s->count && s->rows[to-1].time<=end; to++){
      n = serves(s->rows, from, to, s->rule->steps, 0, 0);
      if( n > last ) here.times[here.depth++] = s->rows[to-1].time;
      last = n;
    }
    if( here.depth > s->best.depth ) s->best = here;
  }
}

/* The same as that engine describes it: conditions met, in the order (time, step); each
** overwrites what is known of its step with the start of the step before. */
static int levels(const FunnelRule *rule, const Event *rows, int count){
  Instant start[FUNNEL_STEPS];
  int has[FUNNEL_STEPS] = {0};
  int i, from, to, step, deepest = 0;
  for(from=0; from<count; from=to){
    for(to=from; to<count && rows[to].time==rows[from].time; to++){}
    for(step=0; step<rule->steps; step++){
      for(i=from; i<to; i++){
        if( !(rows[i].mask>>step & 1) ) continue;
        if( step==0 ){
          start[0] = rows[i].time;
        }else if( has[step-1] && rows[i].time <= start[step-1] + rule->window.micros ){
          start[step] = start[step-1];
        }else{
          continue;
        }
        has[step] = 1;
        if( step + 1 > deepest ) deepest = step + 1;
      }
    }
  }
  return deepest;
}

static void shuffle(Event *rows, int count){
  int i;
  for(i=count-1; i>0; i--){
    int k = (int)random_below((uint32_t)i + 1);
    Event row = rows[i];
    rows[i] = rows[k];
    rows[k] = row;
  }
}

/* A month after 30 January 12:00 is 28 February 12:00, a month after 31 January 0:00 is
** earlier: a later start with an earlier end. */
static Instant around_month_end(void){
  static const int half_days[] = { 7, 8, 8, 9, 65, 66, 66, 67 };   /* from 27 January on */
  return days_from_civil(2023, 1, 27)*MICROS_PER_DAY
       + half_days[random_below(8)]*MICROS_PER_DAY/2;
}

/* Random rows: mostly ties; sometimes around the ends of months, for windows in months. */
static int random_rows(Event *rows, int most, int steps, int monthly){
  int i, count = (int)random_below((uint32_t)most + 1);
  uint32_t spread = 1 + random_below(8), thin = random_below(3);
  for(i=0; i<count; i++){
    uint32_t mask = random_below(1u << steps);
    if( thin==1 ) mask &= random_below(1u << steps);
    if( thin==2 ) mask = random_below(5) ? 1u << random_below((uint32_t)steps) : 0;
    rows[i].time = monthly ? around_month_end() : (int64_t)random_below(spread)*MICROS_PER_SECOND;
    rows[i].mask = mask;
  }
  return count;
}

static void load(EventList *list, const Event *rows, int count){
  int i;
  for(i=0; i<count; i++) event_list_add(list, rows[i].time, rows[i].mask);
  event_list_sort(list, 0);
}

static void compare(Search *s, const char *mode, const Event *rows){
  Event again[MANY];
  Best got;
  int depth, round;
  memset(&got, 0, sizeof(got));
  memcpy(again, rows, (size_t)s->count*sizeof(Event));
  for(round=0; round<3; round++){
    EventList other = {0};
    load(&other, again, s->count);
    funnel_depth(s->rule, event_list_rows(&other), other.count, 0, &depth);
    funnel_times(s->rule, event_list_rows(&other), other.count, 0, &got.depth, got.times);
    CHECK(depth==s->best.depth, "%s: depth %d, brute force %d", mode, depth, s->best.depth);
    CHECK(got.depth==depth && memcmp(got.times, s->best.times, (size_t)depth*sizeof(Instant))==0,
          "%s: times differ at depth %d", mode, depth);
    event_list_destroy(&other);
    shuffle(again, s->count);
  }
}

static const char *const mode_names[] = {
  "default", "strict_increase", "strict_dedup", "strict_order", "clickhouse", "any_order"
};

static const uint32_t NO_BARS[FUNNEL_STEPS+1];

static void list_mask(EventList *list, int i, uint32_t bit){ event_list_rows(list)[i].mask |= bit; }

static void one_input(FunnelMode mode, int most){
  Event rows[MANY];
  FunnelRule rule;
  Search s;
  EventList list = {0};
  int monthly = random_below(5)==0 && mode!=FUNNEL_CLICKHOUSE;
  memset(&s, 0, sizeof(s));
  memset(&rule, 0, sizeof(rule));
  rule.mode = mode;
  rule.steps = 1 + (int)random_below(6);
  rule.matureBy = INT64_MAX;
  rule.window.months = monthly;
  rule.window.micros = monthly ? 0 : (int64_t)random_below(9)*MICROS_PER_SECOND;
  if( mode!=FUNNEL_ANY_ORDER && random_below(3)==0 ){
    int i;
    rule.windows = rule.steps - 1;
    for(i=1; i<rule.steps; i++){
      rule.stepWindow[i].months = monthly && random_below(2);
      rule.stepWindow[i].micros = rule.stepWindow[i].months ? 0
        : monthly ? (int64_t)random_below(70)*MICROS_PER_DAY/2 : (int64_t)random_below(5)*MICROS_PER_SECOND;
    }
  }
  s.count = random_rows(rows, most, rule.steps + (int)random_below(2), monthly);
  load(&list, rows, s.count);
  s.rule = &rule;
  s.rows = event_list_rows(&list);
  if( random_below(3)==0 ){
    int i;
    for(i=0; i<s.count; i++) if( random_below(4)==0 ) list_mask(&list, i, UINT32_C(1) << (10 + random_below(2)));
    for(i=1; i<rule.steps && mode!=FUNNEL_ANY_ORDER; i++) rule.bars[i] = random_below(4) << 10;
    memcpy(rows, s.rows, (size_t)s.count*sizeof(Event));
  }
  if( random_below(3)==0 ) rule.matureBy = monthly ? around_month_end() + 30*MICROS_PER_DAY : (int64_t)random_below(14)*MICROS_PER_SECOND;
  if( mode==FUNNEL_ANY_ORDER ){
    try_any(&s);
  }else if( mode==FUNNEL_CLICKHOUSE ){
    int i;
    for(i=0; i<s.count; i++) s.order[i] = i;
    try_shared(&s, 0);
    if( !memcmp(rule.bars, NO_BARS, sizeof rule.bars) && rule.matureBy==INT64_MAX && !rule.windows ) CHECK(levels(&rule, s.rows, s.count)==s.best.depth, "levels differ from chains");
  }else{
    try_orders(&s, 0);
  }
  compare(&s, mode_names[mode], rows);
  event_list_destroy(&list);
}

/* Many rows of one time and up to 32 steps, against a plain matching of all rows. */
static int plain_seat(const Event *rows, int count, int step, int *holder, char *seen){
  int i;
  for(i=0; i<count; i++){
    if( !(rows[i].mask>>step & 1) || seen[i] ) continue;
    seen[i] = 1;
    if( holder[i]<0 || plain_seat(rows, count, holder[i], holder, seen) ){
      holder[i] = step;
      return 1;
    }
  }
  return 0;
}

static void one_crowd(void){
  Event rows[100];
  int holder[100], i, k, depth, expected = 0, count = 1 + (int)random_below(100);
  FunnelRule rule = { {0, 0}, 32, FUNNEL_DEFAULT, INT64_MAX, {0}, 0, {{0, 0}} };
  rule.steps = 1 + (int)random_below(32);
  for(i=0; i<count; i++){
    rows[i].time = 5;
    rows[i].mask = 0;
    holder[i] = -1;
    for(k=0; k<3; k++) rows[i].mask |= UINT32_C(1) << random_below(i%3 ? 32 : 6 + 26*(i%2));
  }
  while( expected<rule.steps ){
    char seen[100] = {0};
    if( !plain_seat(rows, count, expected, holder, seen) ) break;
    expected++;
  }
  funnel_depth(&rule, rows, (size_t)count, 0, &depth);
  CHECK(depth==expected, "crowd: %d, plain matching %d", depth, expected);
}

/* The table of docs/funnel.md: rows as conditions, one letter each ('-' none), comma
** between times, letters side by side one row, '+' between tied rows. */
static void table_row(const char *text, const int expected[5]){
  Event rows[MANY];
  int count = 0, mode, depth;
  FunnelRule rule = { {0, MICROS_PER_DAY}, 3, FUNNEL_DEFAULT, INT64_MAX, {0}, 0, {{0, 0}} };
  const char *p;
  rows[0].time = 0;
  rows[0].mask = 0;
  for(p=text; *p; p++){
    if( *p==',' || *p=='+' ){
      rows[count+1].time = rows[count].time + (*p==',' ? MICROS_PER_SECOND : 0);
      rows[++count].mask = 0;
    }else if( *p!='-' ){
      rows[count].mask |= UINT32_C(1) << (*p - 'A');
    }
  }
  count++;
  for(mode=0; mode<5; mode++){
    rule.mode = (FunnelMode)mode;
    funnel_depth(&rule, rows, (size_t)count, 0, &depth);
    CHECK(depth==expected[mode], "table %s, %s: %d, expected %d",
          text, mode_names[mode], depth, expected[mode]);
  }
}

static void table(void){
  static const struct { const char *rows; int depth[5]; } lines[] = {
    { "A,B,A,C",  {3, 3, 2, 2, 3} },
    { "A,B,-,C",  {3, 3, 3, 2, 3} },
    { "A,B,D,C",  {3, 3, 3, 2, 3} },     /* D: a condition that is no step: the same */
    { "A,A,B",    {2, 2, 2, 2, 2} },
    { "A,B,B,C",  {3, 3, 3, 2, 3} },
    { "A,C,B",    {2, 2, 2, 1, 2} },
    { "A,B,C",    {3, 3, 3, 3, 3} },
    { "A+B+C",    {3, 1, 3, 3, 3} },
    { "C+B+A",    {3, 1, 3, 3, 3} },
    { "AB+A",     {2, 1, 2, 2, 2} },
    { "A,B+A,C",  {3, 3, 3, 3, 3} },     /* from the second A */
    { "A,B,A+-,C",{3, 3, 2, 2, 3} },
    { "A,B,A+C",  {3, 3, 3, 3, 3} },
    { "A,B+-,C",  {3, 3, 3, 2, 3} },
    { "A,B+C",    {3, 2, 3, 3, 3} },
    { "ABC",      {1, 1, 1, 1, 3} },
    { "ABC,ABC",  {2, 2, 2, 2, 3} },
  };
  size_t i;
  for(i=0; i<sizeof(lines)/sizeof(lines[0]); i++) table_row(lines[i].rows, lines[i].depth);
}

/* Times are printed, not judged.  The last step is never met, so nothing ends early. */
static void million(void){
  enum { N = 1000000 };
  static const char *const kinds[] = {
    "distinct times", "20 of a time", "40 of a time, 32 steps", "all of one time"
  };
  int i, kind, mode, depth;
  for(kind=0; kind<4; kind++){
    EventList list = {0};
    Instant times[FUNNEL_STEPS];
    FunnelRule rule = { {0, 10*MICROS_PER_DAY}, 8, FUNNEL_DEFAULT, INT64_MAX, {0}, 0, {{0, 0}} };
    if( kind==2 ) rule.steps = 32;
    for(i=0; i<N; i++){
      int64_t t = kind==0 ? (int64_t)random_below(2000000000) : kind==1 ? i/20
                : kind==2 ? i/40 : 0;
      uint32_t mask = UINT32_C(1) << random_below((uint32_t)rule.steps - 1);
      if( kind==2 ) mask |= UINT32_C(1) << random_below(31);
      event_list_add(&list, t*MICROS_PER_SECOND, mask);
    }
    event_list_sort(&list, 0);
    for(mode=0; mode<6; mode++){
      double from = seconds_now(), middle;
      rule.mode = (FunnelMode)mode;
      funnel_depth(&rule, event_list_rows(&list), N, 0, &depth);
      middle = seconds_now();
      funnel_times(&rule, event_list_rows(&list), N, 0, &depth, times);
      printf("a million rows, %s, %s: depth %d %.3f s, times %.3f s\n", mode_names[mode],
             kinds[kind], depth, middle - from, seconds_now() - middle);
    }
    event_list_destroy(&list);
  }
}

static void modes(void){
  FunnelMode mode = FUNNEL_DEFAULT;
  CHECK(funnel_mode_from_text("Strict_Order", 12, &mode) && mode==FUNNEL_STRICT_ORDER, "mode");
  CHECK(funnel_mode_from_text("strict_once", 11, &mode) && mode==FUNNEL_DEFAULT, "another's name of the default");
  CHECK(!funnel_mode_from_text("strict", 6, &mode), "unknown mode");
  CHECK(strcmp(funnel_mode_nearest("strict", 6), "strict_dedup")==0 && funnel_mode_nearest("stric", 5)==0, "nearest mode");
}

static int stop_after(void *left){ return (*(int*)left)--<=0; }

void funnel_interrupts(const Event *rows, size_t count){
  FunnelRule rule = { {12, 0}, 3, FUNNEL_DEFAULT, INT64_MAX, {0}, 0, {{0, 0}} };
  Instant times[FUNNEL_STEPS];
  int allowed, depth = -1, status = STATUS_INTERRUPTED;
  for(allowed=0; status!=STATUS_OK && allowed<1000; allowed++){
    int left = allowed;
    status = funnel_times(&rule, rows, count, &(Stop){ stop_after, &left }, &depth, times);
    CHECK(status==STATUS_OK || status==STATUS_INTERRUPTED, "status %d", status);
  }
  CHECK(allowed>6 && status==STATUS_OK && depth==1, "asked %d times, depth %d", allowed, depth);
}

void funnel_checks(int inputs){
  int mode, i, before;
  table();
  modes();
  for(mode=0; mode<6; mode++){
    before = passed;
    for(i=0; i<inputs; i++) one_input((FunnelMode)mode, i%50 ? 6 : 8);
    printf("%s: %d inputs, %d comparisons with brute force\n", mode_names[mode],
           inputs, passed - before);
  }
  for(i=0; i<inputs; i++) one_crowd();
  million();
}
