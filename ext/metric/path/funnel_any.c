/*
** Funnels in any order: the most steps that different rows serve within the window of an
** entry, which is any row that meets a step.
**
** Sets of rows that different steps can serve are the independent sets of a matroid
** (Edmonds and Fulkerson 1965).  Going forward in time, a basis is kept whose rows are as late
** as can be: a new row that does not fit pushes out the earliest row that it could take the
** place of.  Of such a basis the rows at or after any moment are as many as rows there can
** serve, so that at each row it is enough to count the basis from the earliest entry on whose
** window still holds.  At most 32 rows are in it, and nothing is allocated.
*/
#include "metric/path/funnel_any.h"
#include "metric/path/matching.h"

typedef struct AnyBasis {
  Matching matching;           /* seekers: places of rows in the basis; seats: steps */
  Instant time[32];
  uint32_t used;               /* places in use */
} AnyBasis;

static uint32_t any_steps(const FunnelRule *rule){
  return rule->steps==32 ? UINT32_MAX : (UINT32_C(1) << rule->steps) - 1;
}

static void any_unseat(AnyBasis *b, int place){
  uint32_t seats = b->matching.taken;
  b->used &= ~(UINT32_C(1) << place);
  for(; seats; seats &= seats - 1){
    int seat = lowest_bit(seats);
    if( b->matching.holder[seat]==place ) b->matching.taken &= ~(UINT32_C(1) << seat);
  }
}

/* Of the rows in these seats the earliest. */
static int any_earliest(const AnyBasis *b, uint32_t seats){
  int place = -1;
  for(; seats; seats &= seats - 1){
    int holder = b->matching.holder[lowest_bit(seats)];
    if( place < 0 || b->time[holder] < b->time[place] ) place = holder;
  }
  return place;
}

/* The newest row.  With all 32 places in use every step is served, and every row can be
** exchanged with one of those in the seats that it wants. */
static void any_add(AnyBasis *b, uint32_t mask, Instant time){
  uint32_t visited = 0;
  int place;
  if( b->used==UINT32_MAX ){
    any_unseat(b, any_earliest(b, mask));
    visited = 0;
  }
  place = lowest_bit(~b->used);
  b->matching.wants[place] = mask;
  b->time[place] = time;
  if( !matching_seat(&b->matching, place, &visited) ){
    any_unseat(b, any_earliest(b, visited & b->matching.taken));
    visited = 0;
    matching_seat(&b->matching, place, &visited);
  }
  b->used |= UINT32_C(1) << place;
}

static int any_count(const AnyBasis *b, Instant from){
  uint32_t places;
  int n = 0;
  for(places=b->used; places; places &= places - 1) n += b->time[lowest_bit(places)] >= from;
  return n;
}

/* The deepest, and the first row of the earliest window in which it is reached. */
static Status any_deepest(const FunnelRule *rule, const Event *rows, size_t count,
                          const Stop *stop, int *depth, size_t *entry){
  AnyBasis b;
  uint32_t steps = any_steps(rule);
  size_t at, from = 0;
  b.matching.taken = b.used = 0;
  *depth = 0;
  for(at=0; at<count && *depth<rule->steps; at++){
    uint32_t mask = rows[at].mask & steps;
    int n;
    if( at%EVENTS_PER_QUESTION==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    if( mask==0 ) continue;
    any_add(&b, mask, rows[at].time);
    while( from<at && ((rows[from].mask & steps)==0
                       || instant_after(rows[from].time, rule->window, 1, 0) < rows[at].time) ) from++;
    if( instant_after(rows[from].time, rule->window, 1, 0) > rule->matureBy ) continue;
    n = any_count(&b, rows[from].time);
    if( n > *depth ){
      *depth = n;
      *entry = from;
    }
  }
  return STATUS_OK;
}

Status funnel_any_depth(const FunnelRule *rule, const Event *rows, size_t count,
                        const Stop *stop, int *depth){
  size_t entry = 0;
  return any_deepest(rule, rows, count, stop, depth, &entry);
}

/* times[k]: when k + 1 steps were served for the first time since the entry. */
Status funnel_any_times(const FunnelRule *rule, const Event *rows, size_t count,
                        const Stop *stop, int *depth, Instant times[FUNNEL_STEPS]){
  Matching m;
  uint32_t steps = any_steps(rule);
  size_t at = 0;
  int n = 0;
  Status rc = any_deepest(rule, rows, count, stop, depth, &at);
  m.taken = 0;
  for(; rc==STATUS_OK && n < *depth && at < count; at++){
    if( at%EVENTS_PER_QUESTION==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    m.wants[n] = rows[at].mask & steps;
    if( m.wants[n] && matching_add(&m, n) ) times[n++] = rows[at].time;
  }
  return rc;
}
