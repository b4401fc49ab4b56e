/* A growable list of events: see event_list.h. */
#include "event_list.h"

/* A context with a list in it stays below 128 bytes: a million groups make it count. */
_Static_assert(sizeof(EventList) <= 96, "EventList has grown");

void event_list_init(EventList *list){ memset(list, 0, sizeof(*list)); }

void event_list_destroy(EventList *list){
  memory_free(list->heap);
  event_list_init(list);
}

Event *event_list_rows(EventList *list){ return list->heap ? list->heap : list->few; }

const Event *event_list_read(const EventList *list){
  return list->heap ? list->heap : list->few;
}

/* Room for `need` rows in all. */
static Status reserve(EventList *list, size_t need){
  void *heap = list->heap;
  Status status;
  if( heap==0 && need <= EVENTS_INLINE ) return STATUS_OK;
  status = memory_grow(&heap, &list->capacity, need, sizeof(Event));
  if( status!=STATUS_OK ) return status;
  if( list->heap==0 ) memcpy(heap, list->few, list->count*sizeof(Event));
  list->heap = heap;
  return STATUS_OK;
}

Status event_list_add(EventList *list, Instant time, uint32_t mask){
  Status status = reserve(list, list->count + 1);
  Event *rows = event_list_rows(list);
  if( status!=STATUS_OK ) return status;
  if( list->count>0 && time < rows[list->count-1].time ) list->unsorted = 1;
  rows[list->count].time = time;
  rows[list->count].mask = mask;
  list->count++;
  return STATUS_OK;
}

Status event_list_append(EventList *to, const EventList *from){
  Status status = reserve(to, to->count + from->count);
  Event *rows = event_list_rows(to);
  if( status!=STATUS_OK || from->count==0 ) return status;
  memcpy(rows + to->count, event_list_read(from), from->count*sizeof(Event));
  if( from->unsorted
   || (to->count>0 && rows[to->count].time < rows[to->count-1].time) ) to->unsorted = 1;
  to->count += from->count;
  return STATUS_OK;
}

#define RUN 16

static void insertion_sort(Event *rows, size_t n){
  size_t i, k;
  for(i=1; i<n; i++){
    Event row = rows[i];
    for(k=i; k>0 && rows[k-1].time > row.time; k--) rows[k] = rows[k-1];
    rows[k] = row;
  }
}

/* Merges rows[0..half) and rows[half..n), each in order, through room for half rows. */
static void merge(Event *rows, size_t half, size_t n, Event *room){
  size_t left = 0, right = half, to = 0;
  if( rows[half-1].time <= rows[half].time ) return;
  memcpy(room, rows, half*sizeof(Event));
  while( left<half && right<n ){
    /* <=: of two rows of one time the left one was added first */
    rows[to++] = room[left].time <= rows[right].time ? room[left++] : rows[right++];
  }
  memcpy(rows + to, room + left, (half - left)*sizeof(Event));
}

static Status merge_sort(Event *rows, size_t n, Event *room, int (*stop)(void*), void *arg){
  size_t at, width, since = 0;
  for(at=0; at<n; at+=RUN) insertion_sort(rows + at, n - at < RUN ? n - at : RUN);
  for(width=RUN; width<n; width*=2){
    for(at=0; at + width < n; at += 2*width){
      size_t both = n - at < 2*width ? n - at : 2*width;
      merge(rows + at, width, both, room);
      since += both;
      if( since >= EVENTS_PER_POLL ){
        since = 0;
        if( stop && stop(arg) ) return STATUS_INTERRUPTED;
      }
    }
  }
  return STATUS_OK;
}

Status event_list_sort(EventList *list, int (*stop)(void*), void *arg){
  Event *rows = event_list_rows(list);
  Event *room;
  Status status;
  if( !list->unsorted ) return STATUS_OK;
  if( list->count <= RUN ){
    insertion_sort(rows, list->count);
    list->unsorted = 0;
    return STATUS_OK;
  }
  room = memory_alloc(list->count*sizeof(Event));
  if( room==0 ) return STATUS_NOMEM;
  status = merge_sort(rows, list->count, room, stop, arg);
  memory_free(room);
  if( status==STATUS_OK ) list->unsorted = 0;
  return status;
}
