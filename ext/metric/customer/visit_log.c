/* Visits kept and grouped by customer: see visit_log.h. */
#include "metric/customer/visit_log.h"

#define CHUNK_BYTES 8192

typedef struct VisitChunk {
  struct VisitChunk *next;
  size_t used;                 /* bytes */
  _Alignas(int64_t) char bytes[CHUNK_BYTES];
} VisitChunk;

typedef struct VisitPartition { VisitChunk *first, *last; size_t chunks; } VisitPartition;

void visit_log_init(VisitLog *log, int withAmounts){
  memset(log, 0, sizeof *log);
  log->stride = withAmounts ? sizeof(Visit) : sizeof(VisitHead);
}

static void partition_free(VisitPartition *p){
  while( p->first ){
    VisitChunk *next = p->first->next;
    memory_free(p->first);
    p->first = next;
  }
  p->last = 0;
  p->chunks = 0;
}

void visit_log_destroy(VisitLog *log){
  size_t i;
  for(i=0; i<log->partitions; i++) partition_free(&log->partition[i]);
  memory_free(log->partition);
  log->partition = 0;
  log->partitions = log->capacity = 0;
}

static Status reserve_partition(VisitLog *log, size_t at){
  Status rc;
  rc = memory_grow((void**)&log->partition, &log->capacity, at + 1, sizeof(VisitPartition));
  if( rc!=STATUS_OK ) return rc;
  memset(log->partition + log->partitions, 0, (at + 1 - log->partitions) * sizeof(VisitPartition));
  log->partitions = at + 1;
  return STATUS_OK;
}

#define CHUNKS_MAX (UINT32_MAX / (CHUNK_BYTES / sizeof(uint32_t)))     /* visits count in 32 bits */

static Status add_chunk(VisitPartition *p){
  VisitChunk *chunk = p->chunks < CHUNKS_MAX ? memory_alloc(sizeof *chunk) : 0;
  if( chunk==0 ) return p->chunks < CHUNKS_MAX ? STATUS_NOMEM : STATUS_OVERFLOW;
  p->chunks++;
  chunk->next = 0;
  chunk->used = 0;
  if( p->last ) p->last->next = chunk; else p->first = chunk;
  p->last = chunk;
  return STATUS_OK;
}

/* The chunk with room for a visit of so many bytes, or NULL: add_room makes it. */
static inline VisitChunk *chunk_with_room(const VisitLog *log, uint32_t member, size_t bytes){
  size_t at = member >> PARTITION_BITS;
  VisitChunk *chunk = at < log->partitions ? log->partition[at].last : 0;
  return chunk && chunk->used + bytes <= CHUNK_BYTES ? chunk : 0;
}

static Status add_room(VisitLog *log, uint32_t member){
  size_t at = member >> PARTITION_BITS;
  Status rc = at < log->partitions ? STATUS_OK : reserve_partition(log, at);
  return rc==STATUS_OK ? add_chunk(&log->partition[at]) : rc;
}

OUT_OF_LINE static Status put_in_new_room(VisitLog *log, uint32_t member, const Visit *v, VisitHead **kept){
  Status rc = add_room(log, member);
  return rc==STATUS_OK ? visit_log_put(log, member, v, kept) : rc;
}

Status visit_log_put(VisitLog *log, uint32_t member, const Visit *v, VisitHead **kept){
  VisitChunk *chunk = chunk_with_room(log, member, log->stride);
  VisitHead *to;
  if( chunk==0 ) return put_in_new_room(log, member, v, kept);
  to = (VisitHead*)(chunk->bytes + chunk->used);
  if( log->stride==sizeof(VisitHead) ) memcpy(to, v, sizeof(VisitHead)); else memcpy(to, v, sizeof *v);
  to->local = (uint16_t)(member & (PARTITION_MEMBERS - 1));
  chunk->used += log->stride;
  if( kept ) *kept = to;
  return STATUS_OK;
}

/* A day is a word: the customer within the partition, then the days since 1611.  A far day
** has DAY_FAR there, and stands in the next word. */
#define DAY_BITS (32 - PARTITION_BITS)
#define DAY_FAR ((UINT32_C(1) << DAY_BITS) - 1)
#define DAY_FIRST (-(INT32_C(1) << (DAY_BITS - 1)))

OUT_OF_LINE static Status put_day_in_new_room(VisitLog *log, uint32_t member, int32_t day){
  Status rc = add_room(log, member);
  return rc==STATUS_OK ? visit_log_put_day(log, member, day) : rc;
}

Status visit_log_put_day(VisitLog *log, uint32_t member, int32_t day){
  uint32_t since = (uint32_t)day - (uint32_t)DAY_FIRST, word[2];
  int isFar = since >= DAY_FAR;
  VisitChunk *chunk = chunk_with_room(log, member, sizeof word);
  if( chunk==0 ) return put_day_in_new_room(log, member, day);
  word[0] = member << DAY_BITS | (isFar ? DAY_FAR : since);
  word[1] = (uint32_t)day;
  memcpy(chunk->bytes + chunk->used, word, sizeof word);      /* the second one counts if far */
  chunk->used += isFar ? sizeof word : sizeof *word;
  return STATUS_OK;
}

/* ---- grouping: a counting sort ---- */

/* from[k + 2] counts the visits of customer k: from[k + 1] becomes where they begin; placing
** them moves it to their end. */
static void begin_members(VisitGroups *out){
  size_t i;
  for(i=2; i<PARTITION_MEMBERS + 2; i++) out->from[i] += out->from[i-1];
}

static size_t visits_counted(const VisitGroups *out){ return out->from[PARTITION_MEMBERS + 1]; }

#define LOG_ASKS 65536         /* bytes of a log between two questions */

static Status count_days(const VisitPartition *p, VisitGroups *out, const Stop *stop){
  const VisitChunk *c;
  size_t looked = 0;
  memset(out->from, 0, sizeof out->from);
  for(c=p->first; c; c=c->next){
    const uint32_t *word = (const uint32_t*)c->bytes, *end = word + c->used / sizeof *word;
    for(; word < end; word += (*word & DAY_FAR)==DAY_FAR ? 2 : 1) out->from[(*word >> DAY_BITS) + 2]++;
    if( stop_asked_after(stop, &looked, c->used, LOG_ASKS) ) return STATUS_INTERRUPTED;
  }
  begin_members(out);
  return STATUS_OK;
}

Status visit_log_days(VisitLog *log, size_t at, VisitGroups *out, const Stop *stop){
  VisitPartition *p = &log->partition[at];
  const VisitChunk *c;
  size_t looked = 0;
  Status rc = count_days(p, out, stop);
  if( rc==STATUS_OK ) rc = memory_grow((void**)&out->day, &out->dayCapacity, visits_counted(out), sizeof(int32_t));
  if( rc!=STATUS_OK ) return rc;
  for(c=p->first; c; c=c->next){
    const uint32_t *word = (const uint32_t*)c->bytes, *end = word + c->used / sizeof *word;
    for(; word < end; word++){
      uint32_t since = *word & DAY_FAR, to = out->from[(*word >> DAY_BITS) + 1]++;
      out->day[to] = since==DAY_FAR ? (int32_t)*++word : (int32_t)since + DAY_FIRST;
    }
    if( stop_asked_after(stop, &looked, c->used, LOG_ASKS) ) return STATUS_INTERRUPTED;
  }
  partition_free(p);
  return STATUS_OK;
}

static Status count_visits(const VisitLog *log, const VisitPartition *p, VisitGroups *out, const Stop *stop){
  const VisitChunk *c;
  size_t i, looked = 0;
  memset(out->from, 0, sizeof out->from);
  for(c=p->first; c; c=c->next){
    for(i=0; i<c->used; i+=log->stride) out->from[((const VisitHead*)(c->bytes + i))->local + 2]++;
    if( stop_asked_after(stop, &looked, c->used, LOG_ASKS) ) return STATUS_INTERRUPTED;
  }
  begin_members(out);
  return STATUS_OK;
}

Status visit_log_visits(VisitLog *log, size_t at, VisitGroups *out, const Stop *stop){
  VisitPartition *p = &log->partition[at];
  const VisitChunk *c;
  size_t i, looked = 0;
  Status rc = count_visits(log, p, out, stop);
  if( rc==STATUS_OK ) rc = memory_grow((void**)&out->visit, &out->visitCapacity, visits_counted(out), sizeof(Visit));
  if( rc!=STATUS_OK ) return rc;
  for(c=p->first; c; c=c->next){
    for(i=0; i<c->used; i+=log->stride){
      Visit *to = &out->visit[out->from[((const VisitHead*)(c->bytes + i))->local + 1]++];
      to->amount.i = 0;
      memcpy(to, c->bytes + i, log->stride);
    }
    if( stop_asked_after(stop, &looked, c->used, LOG_ASKS) ) return STATUS_INTERRUPTED;
  }
  partition_free(p);
  return STATUS_OK;
}

VisitGroups *visit_groups_new(void){ return memory_zeroed(sizeof(VisitGroups)); }

void visit_groups_free(VisitGroups *g){
  if( g==0 ) return;
  memory_free(g->day);
  memory_free(g->visit);
  memory_free(g);
}

/* ---- sorting: insertion for a few, else a heap ---- */

#define FEW 24
#define SIFTS_PER_QUESTION 4096        /* each as deep as the heap */

#define DEFINE_SORT(name, Type, LESS) \
static void name##_sift(Type *a, size_t at, size_t n){ \
  Type held = a[at]; \
  for(;;){ \
    size_t child = 2*at + 1; \
    if( child >= n ) break; \
    if( child + 1 < n && LESS(a[child], a[child+1]) ) child++; \
    if( !LESS(held, a[child]) ) break; \
    a[at] = a[child]; \
    at = child; \
  } \
  a[at] = held; \
} \
Status name(Type *a, size_t n, const Stop *stop){ \
  size_t i, j; \
  if( n <= FEW ){ \
    for(i=1; i<n; i++){ \
      Type held = a[i]; \
      for(j=i; j > 0 && LESS(held, a[j-1]); j--) a[j] = a[j-1]; \
      a[j] = held; \
    } \
    return STATUS_OK; \
  } \
  for(i=n/2; i-- > 0; ){ \
    if( i % SIFTS_PER_QUESTION==SIFTS_PER_QUESTION - 1 && stop_asked(stop) ) return STATUS_INTERRUPTED; \
    name##_sift(a, i, n); \
  } \
  for(i=n; i-- > 1; ){ \
    Type top = a[0]; \
    if( i % SIFTS_PER_QUESTION==SIFTS_PER_QUESTION - 1 && stop_asked(stop) ) return STATUS_INTERRUPTED; \
    a[0] = a[i]; \
    a[i] = top; \
    name##_sift(a, 0, i); \
  } \
  return STATUS_OK; \
}

#define DAY_LESS(x, y) ((x) < (y))
#define VISIT_LESS(x, y) ((x).head.ordinal < (y).head.ordinal)
DEFINE_SORT(days_sort, int32_t, DAY_LESS)
DEFINE_SORT(visits_sort, Visit, VISIT_LESS)
