/*
** Funnels: see funnel.h for what is computed.
**
** Rows of one time form a group.  What a chain can do in a group depends only on its
** depth on entering it, so one function, group_reach(), holds all that differs between
** the modes, and three passes over the groups use it:
**   1. forward:  for each depth the latest deadline of any chain that got there; the
**      later the deadline, the more the chain can still do, so the others need not be
**      kept.  (Deadlines, not starts: with months clamped to the month's end a later
**      start may have an earlier deadline.)
**   2. backward: for each depth the earliest end of a chain that goes on from there;
**      tells the earliest start that reaches the full depth.
**   3. forward from that start: for each depth the smallest list of times.
*/
#include "metric/path/funnel.h"
#include "metric/path/funnel_any.h"
#include "metric/path/matching.h"

#define NEVER INT64_MIN      /* deadline of a depth that no chain has */
#define NO_END INT64_MAX     /* end of a chain that cannot be completed */

/* The rows of one time. */
typedef struct Group {
  const FunnelRule *rule;
  const Event *rows;
  size_t count;
  Instant time;
  uint32_t all;              /* conditions that any of the rows meets */
  uint32_t steps;            /* bits of the steps that the rule has */
  uint32_t barred;           /* bits beyond them that any of the rows has: see rule->bars */
  int matched;               /* keepers[] is filled in */
  uint32_t keepers[32];      /* for each step the kept rows that meet it, see keep_rows */
} Group;

/*
** Chooses at most 32 rows that can serve whatever steps all rows together can: the
** rows of a maximum matching M.  (Let a set S of steps be served by any rows.  By
** Mendelsohn and Dulmage there is a matching that covers S and the rows of M; it has
** at least as many edges as M has, hence as many, hence it uses the rows of M only.)
** Rows that cannot be added to a matching once never can later, so one pass does.
*/
static void keep_rows(Group *g){
  Matching m;
  int kept = 0;
  size_t i;
  m.taken = 0;
  memset(g->keepers, 0, sizeof(g->keepers));
  for(i=0; i<g->count && m.taken!=g->all; i++){
    uint32_t mask = g->rows[i].mask & g->steps;
    m.wants[kept] = mask;
    if( !matching_add(&m, kept) ) continue;
    while( mask ){
      g->keepers[lowest_bit(mask)] |= UINT32_C(1) << kept;
      mask &= mask - 1;
    }
    kept++;
    if( kept==32 ) break;
  }
  g->matched = 1;
}

/* The group that begins at rows[0]. */
static void group_open(Group *g, const FunnelRule *rule, const Event *rows, size_t count){
  size_t n = 0;
  g->rule = rule;
  g->rows = rows;
  g->time = rows[0].time;
  g->steps = rule->steps==32 ? UINT32_MAX : (UINT32_C(1) << rule->steps) - 1;
  g->all = 0;
  g->matched = 0;
  while( n<count && rows[n].time==g->time ) g->all |= rows[n++].mask;
  g->barred = g->all & ~g->steps;
  g->all &= g->steps;
  g->count = n;
}

/* The deepest step that a chain of depth `from` can have after taking rows of g. */
static int group_deepest(Group *g, int from){
  Matching m;
  int step = from;
  if( step==g->rule->steps || !(g->all>>step & 1) ) return step;
  if( g->rule->mode==FUNNEL_STRICT_INCREASE ) return step + 1;
  if( g->rule->mode==FUNNEL_CLICKHOUSE ){
    while( step<g->rule->steps && (g->all>>step & 1) ) step++;
    return step;
  }
  if( g->count==1 ) return step + 1;
  if( !g->matched ) keep_rows(g);
  m.taken = 0;
  memcpy(m.wants, g->keepers, sizeof(m.wants));
  while( step<g->rule->steps && matching_add(&m, step) ) step++;
  return step;
}

/*
** strict_dedup: the least depth in from ... to at which every row of g that meets one of
** the conditions 1 ... from serves the chain; to+1 if there is none.  That the rows can
** be placed and that the steps can be served are proved apart; by Mendelsohn and
** Dulmage one matching then does both.
*/
static int group_all_placed(const Group *g, int from, int to){
  Matching m;
  uint32_t before = (UINT32_C(1) << from) - 1;
  int must = 0, placed = 0, step;
  size_t i;
  if( (g->all & before)==0 ) return from;
  memset(m.wants, 0, sizeof(m.wants));
  m.taken = 0;
  for(i=0; i<g->count; i++){
    uint32_t mask = g->rows[i].mask & g->steps;
    if( (mask & before)==0 ) continue;
    if( must==to - from ) return to + 1;
    for(step=from; step<to; step++){
      if( mask>>step & 1 ) m.wants[step] |= UINT32_C(1) << must;
    }
    must++;
  }
  for(step=from; step<to && placed<must; step++) placed += matching_add(&m, step);
  return placed==must ? step : to + 1;
}

/* What a chain of some depth can do in a group. */
typedef struct Reach {
  int last;                  /* deepest, if it ends in this group */
  int low, high;             /* depths it may leave the group with, if it goes on after it */
} Reach;

/* from is 0 for a chain that starts in g: it may leave tied rows before its start. */
static void group_reach(Group *g, int from, Reach *r){
  r->last = group_deepest(g, from);
  r->low = from;
  r->high = r->last;
  if( from==0 ){
    r->low = 1;
  }else if( g->rule->mode==FUNNEL_STRICT_DEDUP ){
    r->low = group_all_placed(g, from, r->last);
  }else if( g->rule->mode==FUNNEL_STRICT_ORDER ){
    r->low = g->count==(size_t)(r->last - from) ? r->last : r->last + 1;
  }
  /* A chain that takes nothing here has the barred rows between two of its matches. */
  if( r->low==from && (g->barred & g->rule->bars[from]) ) r->low = from + 1;
}

static Instant group_deadline(const Group *g){
  return instant_after(g->time, g->rule->window, 1, 0);
}

/* Until when a chain that has just made match `depth` here may go on. */
static Instant step_deadline(const Group *g, int depth){
  return depth < g->rule->steps ? instant_after(g->time, g->rule->stepWindow[depth], 1, 0) : g->time;
}

/* When all is known of the chains that start here. */
static Instant group_maturity(const Group *g){
  Instant t = g->time;
  int i;
  if( g->rule->windows==0 ) return group_deadline(g);
  for(i=1; i<g->rule->steps; i++) t = instant_after(t, g->rule->stepWindow[i], 1, 0);
  return t;
}

/* One group of the first pass.  Depths from high to low, so that deadline[from] is
** still what it was before the group. */
static void advance(Group *g, Instant deadline[FUNNEL_STEPS+1], int *depth){
  int plain = g->rule->mode!=FUNNEL_STRICT_DEDUP && g->rule->mode!=FUNNEL_STRICT_ORDER;
  int from = *depth < g->rule->steps ? *depth : g->rule->steps - 1;
  int to;
  Reach reach;
  for(; from>=0; from--){
    Instant until;
    if( plain && !(g->all>>from & 1) && !(g->barred & g->rule->bars[from]) ) continue;
    if( from>0 ? deadline[from] < g->time : group_maturity(g) > g->rule->matureBy ) continue;
    group_reach(g, from, &reach);
    if( reach.last==0 ) continue;
    until = from>0 ? deadline[from] : group_deadline(g);
    if( reach.last > *depth ) *depth = reach.last;
    if( from>0 && reach.low>from ) deadline[from] = NEVER;
    for(to=reach.low; to<=reach.high; to++){
      Instant then = g->rule->windows && to>from ? step_deadline(g, to) : until;
      if( then > deadline[to] ) deadline[to] = then;
    }
  }
}

/* 1 when it is time to stop. */
static int poll(size_t *since, size_t rows, const Stop *stop){
  *since += rows;
  if( *since < EVENTS_PER_QUESTION ) return 0;
  *since = 0;
  return stop_asked(stop);
}

Status funnel_depth(const FunnelRule *rule, const Event *rows, size_t count,
                    const Stop *stop, int *depth){
  Instant deadline[FUNNEL_STEPS+1];
  size_t at = 0, since = 0;
  int i;
  if( rule->mode==FUNNEL_ANY_ORDER ) return funnel_any_depth(rule, rows, count, stop, depth);
  *depth = 0;
  for(i=0; i<=FUNNEL_STEPS; i++) deadline[i] = NEVER;
  while( at<count && *depth<rule->steps ){
    Group g;
    group_open(&g, rule, rows + at, count - at);
    advance(&g, deadline, depth);
    at += g.count;
    if( poll(&since, g.count, stop) ) return STATUS_INTERRUPTED;
  }
  return STATUS_OK;
}

/* The earliest end of a chain that enters g with depth `from` and reaches `depth`. */
static Instant earliest_end(Group *g, int from, int depth, const Instant *end){
  Instant best = NO_END;
  Reach reach;
  int to;
  group_reach(g, from, &reach);
  if( reach.last>=depth ) return g->time;
  for(to=reach.low; to<=reach.high; to++) if( end[to] < best ) best = end[to];
  return best;
}

/* The second pass: the index of the first row of the earliest group in which a chain of
** this depth (at least 1, and known to exist) starts. */
static Status earliest_entry(const FunnelRule *rule, const Event *rows, size_t count, int depth,
                             const Stop *stop, size_t *entry){
  Instant end[FUNNEL_STEPS+1];
  size_t at = count, since = 0;
  int from;
  for(from=0; from<=FUNNEL_STEPS; from++) end[from] = NO_END;
  while( at>0 ){
    Group g;
    Instant last;
    size_t until = at--;
    while( at>0 && rows[at-1].time==rows[at].time ) at--;
    group_open(&g, rule, rows + at, until - at);
    last = earliest_end(&g, 0, depth, end);
    if( last!=NO_END && last<=group_deadline(&g) && group_deadline(&g)<=rule->matureBy ) *entry = at;
    /* from low to high: end[to], to >= from, is still that of the later groups */
    for(from=1; from<depth; from++) end[from] = earliest_end(&g, from, depth, end);
    if( poll(&since, g.count, stop) ) return STATUS_INTERRUPTED;
  }
  return STATUS_OK;
}

/* ---- windows of the steps: a chain that goes on earlier does not always go on as far, so the second
** pass notes where chains can go on, and the third takes the earliest such way ---- */

/* The time of the next match of a chain that enters g with depth `from`, is to reach `depth`, and
** makes that match as early as can be; end[]: the same behind g. */
static Instant next_match(Group *g, int from, int depth, const Instant *end){
  Reach reach;
  int to;
  group_reach(g, from, &reach);
  if( reach.last>=depth ) return g->time;
  for(to=reach.low>from ? reach.low : from + 1; to<=reach.high; to++){
    if( end[to]<=step_deadline(g, to) ) return g->time;
  }
  return from>0 && reach.low==from ? end[from] : NO_END;
}

/* *entry as earliest_entry; bit d of ways[at]: a chain that has just made match d in the group that
** begins at row `at` can reach `depth`. */
static Status ways_on(const FunnelRule *rule, const Event *rows, size_t count, int depth,
                      const Stop *stop, size_t *entry, uint64_t *ways){
  Instant end[FUNNEL_STEPS+1];
  size_t at = count, since = 0;
  int from;
  for(from=0; from<=FUNNEL_STEPS; from++) end[from] = NO_END;
  while( at>0 ){
    Group g;
    size_t until = at--;
    while( at>0 && rows[at-1].time==rows[at].time ) at--;
    group_open(&g, rule, rows + at, until - at);
    ways[at] = 0;
    for(from=1; from<depth; from++) ways[at] |= (uint64_t)(end[from]<=step_deadline(&g, from)) << from;
    if( group_maturity(&g)<=rule->matureBy && next_match(&g, 0, depth, end)!=NO_END ) *entry = at;
    for(from=1; from<depth; from++) end[from] = next_match(&g, from, depth, end);
    if( poll(&since, g.count, stop) ) return STATUS_INTERRUPTED;
  }
  return STATUS_OK;
}

/* The depth with which a chain leaves the group, taking as much of it as it can. */
static int most_on(Group *g, int from, int depth, uint64_t ways){
  Reach reach;
  int to;
  group_reach(g, from, &reach);
  if( reach.last>=depth ) return depth;
  for(to=reach.high; to>from && to>=reach.low; to--) if( ways>>to & 1 ) return to;
  return from;
}

static Status earliest_path(const FunnelRule *rule, const Event *rows, size_t count, int depth, const uint64_t *ways,
                            const Stop *stop, Instant *times){
  size_t at = 0, since = 0;
  int from = 0;
  while( at<count && from<depth ){
    Group g;
    int to;
    group_open(&g, rule, rows + at, count - at);
    for(to=most_on(&g, from, depth, ways[at]); from<to; from++) times[from] = g.time;
    at += g.count;
    if( poll(&since, g.count, stop) ) return STATUS_INTERRUPTED;
  }
  return STATUS_OK;
}

static Status times_by_steps(const FunnelRule *rule, const Event *rows, size_t count, int depth,
                             const Stop *stop, Instant *times){
  uint64_t *ways = memory_alloc(count*sizeof *ways);
  size_t entry = 0;
  Status status;
  if( ways==0 ) return STATUS_NOMEM;
  status = ways_on(rule, rows, count, depth, stop, &entry, ways);
  if( status==STATUS_OK ){
    status = earliest_path(rule, rows + entry, count - entry, depth, ways + entry, stop, times);
  }
  memory_free(ways);
  return status;
}

/* For each depth the smallest list of times of a chain that got there. */
typedef struct Paths {
  int depth;                              /* the depth to reach */
  uint8_t alive[FUNNEL_STEPS+1];
  Instant times[FUNNEL_STEPS+1][FUNNEL_STEPS];
} Paths;

/* Offers path[from] continued at `time` up to depth `to`. */
static void offer(Paths *p, int from, int to, Instant time){
  Instant made[FUNNEL_STEPS];
  int i;
  memcpy(made, p->times[from], (size_t)from*sizeof(Instant));
  for(i=from; i<to; i++) made[i] = time;
  if( p->alive[to] ){
    for(i=0; i<to && made[i]==p->times[to][i]; i++){}
    if( i==to || made[i] > p->times[to][i] ) return;
  }
  p->alive[to] = 1;
  memcpy(p->times[to], made, (size_t)to*sizeof(Instant));
}

/* One group of the third pass for the chains that enter it with depth `from`. */
static void follow(Paths *p, Group *g, int from){
  Reach reach;
  int to;
  group_reach(g, from, &reach);
  if( reach.last>=p->depth ) offer(p, from, p->depth, g->time);
  if( from>0 && reach.low>from ) p->alive[from] = 0;
  for(to=reach.low; to<=reach.high && to<p->depth; to++){
    if( to>from ) offer(p, from, to, g->time);
  }
}

static Status smallest_path(const FunnelRule *rule, const Event *rows, size_t count, int depth,
                            const Stop *stop, Instant *times){
  Paths paths;
  Group g;
  Instant until;
  size_t at, since = 0;
  int from;
  memset(paths.alive, 0, sizeof(paths.alive));
  paths.depth = depth;
  group_open(&g, rule, rows, count);
  until = group_deadline(&g);
  follow(&paths, &g, 0);
  for(at=g.count; at<count && rows[at].time<=until; at+=g.count){
    group_open(&g, rule, rows + at, count - at);
    for(from=depth-1; from>0; from--) if( paths.alive[from] ) follow(&paths, &g, from);
    if( poll(&since, g.count, stop) ) return STATUS_INTERRUPTED;
  }
  memcpy(times, paths.times[depth], (size_t)depth*sizeof(Instant));
  return STATUS_OK;
}

Status funnel_times(const FunnelRule *rule, const Event *rows, size_t count,
                    const Stop *stop, int *depth, Instant times[FUNNEL_STEPS]){
  size_t entry = 0;
  Status status;
  if( rule->mode==FUNNEL_ANY_ORDER ) return funnel_any_times(rule, rows, count, stop, depth, times);
  status = funnel_depth(rule, rows, count, stop, depth);
  if( status!=STATUS_OK || *depth==0 ) return status;
  if( rule->windows ) return times_by_steps(rule, rows, count, *depth, stop, times);
  status = earliest_entry(rule, rows, count, *depth, stop, &entry);
  if( status!=STATUS_OK ) return status;
  return smallest_path(rule, rows + entry, count - entry, *depth, stop, times);
}

static const char *const MODE_NAMES[] = {  /* in the order of FunnelMode */
  "default", "strict_increase", "strict_dedup", "strict_order", "clickhouse", "any_order"
};

/* What others call these modes. */
static const struct { const char *name; FunnelMode mode; } MODE_ALIASES[] = {
  { "strict_once", FUNNEL_DEFAULT }
};
static const struct { const char *name; FunnelMode mode; } MODES_ELSEWHERE[] = {
  { "strict", FUNNEL_STRICT_DEDUP },        { "strict_deduplication", FUNNEL_STRICT_DEDUP },
  { "deduplication", FUNNEL_STRICT_DEDUP }, { "increase", FUNNEL_STRICT_INCREASE },
  { "fixed", FUNNEL_STRICT_ORDER },         { "fixation", FUNNEL_STRICT_ORDER },
  { "exact", FUNNEL_STRICT_ORDER },         { "exact_order", FUNNEL_STRICT_ORDER },
  { "ordered", FUNNEL_DEFAULT },            { "sequential", FUNNEL_DEFAULT },
  { "this_order", FUNNEL_DEFAULT },         { "loose", FUNNEL_DEFAULT },
  { "unordered", FUNNEL_ANY_ORDER },        { "any", FUNNEL_ANY_ORDER },
  { "strict_reentry", FUNNEL_CLICKHOUSE },  { "allow_reentry", FUNNEL_CLICKHOUSE }
};

const char *funnel_mode_name(FunnelMode mode){ return MODE_NAMES[mode]; }

static int is_mode(const char *text, int n, const char *name){
  return (size_t)n==strlen(name) && sqlite3_strnicmp(text, name, n)==0;
}

int funnel_mode_from_text(const char *text, int n, FunnelMode *mode){
  int i;
  for(i=0; i<(int)(sizeof(MODE_NAMES)/sizeof(MODE_NAMES[0])); i++){
    if( is_mode(text, n, MODE_NAMES[i]) ){
      *mode = (FunnelMode)i;
      return 1;
    }
  }
  for(i=0; i<(int)(sizeof(MODE_ALIASES)/sizeof(MODE_ALIASES[0])); i++){
    if( is_mode(text, n, MODE_ALIASES[i].name) ){
      *mode = MODE_ALIASES[i].mode;
      return 1;
    }
  }
  return 0;
}

const char *funnel_mode_nearest(const char *text, int n){
  int i;
  for(i=0; i<(int)(sizeof(MODES_ELSEWHERE)/sizeof(MODES_ELSEWHERE[0])); i++){
    if( is_mode(text, n, MODES_ELSEWHERE[i].name) ) return MODE_NAMES[MODES_ELSEWHERE[i].mode];
  }
  return 0;
}
