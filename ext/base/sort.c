/* Interruptible merge sort: see sort.h. */
#include "base/sort.h"

#define FIRST_RUN 8                        /* elements put in order by insertion */
#define STOP_EVERY 32768                   /* elements moved or looked at between two questions */

typedef struct Sorter {
  size_t size;
  SortCompare compare;
  const void *context;
  const Stop *stop;
  size_t moved;                /* elements since the last question whether to stop */
} Sorter;

/* The usual sizes without a call. */
static inline void copy_record(char *to, const char *from, size_t size){
  if( size==16 ){
    memcpy(to, from, 16);
  }else if( size==8 ){
    memcpy(to, from, 8);
  }else{
    memcpy(to, from, size);
  }
}

/* n more elements were moved: 1 when the user wants to stop. */
static int sort_stops(Sorter *s, size_t n){
  if( (s->moved += n) < STOP_EVERY ) return 0;
  s->moved = 0;
  return stop_asked(s->stop);
}

/* How many elements from the first on are in order; 0 when it was asked to stop. */
static size_t in_order(Sorter *s, const char *array, size_t n){
  size_t i, end;
  for(i=1; i<n; i=end){
    end = n - i > STOP_EVERY ? i + STOP_EVERY : n;
    for(; i<end; i++){
      if( s->compare(array + (i-1)*s->size, array + i*s->size, s->context) > 0 ) return i;
    }
    if( sort_stops(s, STOP_EVERY) ) return 0;
  }
  return n;
}

static void insert_run(const Sorter *s, char *run, size_t n){
  char held[SORT_RECORD_MAX];
  size_t i, j;
  for(i=1; i<n; i++){
    copy_record(held, run + i*s->size, s->size);
    for(j=i; j>0 && s->compare(run + (j-1)*s->size, held, s->context) > 0; j--){
      copy_record(run + j*s->size, run + (j-1)*s->size, s->size);
    }
    copy_record(run + j*s->size, held, s->size);
  }
}

/* Merges the first `half` of n elements with the others, through room for that half; 1 when the
** user wants to stop. */
static int merge_runs(Sorter *s, char *array, size_t half, size_t n, char *room){
  const char *left = room, *leftEnd = room + half*s->size;
  const char *right = array + half*s->size, *rightEnd = array + n*s->size;
  int stops = 0;
  if( s->compare(right - s->size, right, s->context) <= 0 ) return sort_stops(s, 1);
  if( memory_copy(room, array, half*s->size, s->stop)!=STATUS_OK ) return 1;
  while( !stops && left<leftEnd && right<rightEnd ){
    size_t steps = STOP_EVERY;
    for(; steps>0 && left<leftEnd && right<rightEnd; steps--){
      const char **from = s->compare(left, right, s->context) <= 0 ? &left : &right;
      copy_record(array, *from, s->size);
      *from += s->size;
      array += s->size;
    }
    stops = sort_stops(s, STOP_EVERY - steps);
  }
  memcpy(array, left, (size_t)(leftEnd - left));       /* in any case: no element is lost */
  return stops;
}

static Status merge_all(Sorter *s, char *array, size_t n, char *room){
  size_t at, width;
  for(width=FIRST_RUN; width<n; width*=2){
    for(at=0; n - at > width; at+=2*width){
      size_t both = n - at < 2*width ? n - at : 2*width;
      if( merge_runs(s, array + at*s->size, width, both, room) ) return STATUS_INTERRUPTED;
      if( n - at <= 2*width ) break;
    }
  }
  return STATUS_OK;
}

Status sort_records(void *array, size_t n, size_t size, SortCompare compare, const void *context, const Stop *stop){
  Sorter s = { size, compare, context, stop, 0 };
  size_t i = n > 1 ? in_order(&s, array, n) : n;
  char *room;
  Status rc;
  if( i==n ) return STATUS_OK;
  if( i==0 ) return STATUS_INTERRUPTED;
  for(i=0; i<n; i+=FIRST_RUN){
    insert_run(&s, (char*)array + i*size, n-i < FIRST_RUN ? n-i : FIRST_RUN);
    if( sort_stops(&s, FIRST_RUN) ) return STATUS_INTERRUPTED;
  }
  if( n <= FIRST_RUN ) return STATUS_OK;
  room = memory_large(n*size);
  if( room==0 ) return STATUS_NOMEM;
  rc = merge_all(&s, array, n, room);
  memory_free(room);
  return rc;
}
