/* A growable list of events: see event_list.h. */
#include "base/sort.h"
#include "metric/path/event_list.h"

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

static int compare_times(const void *a, const void *b, const void *context){
  Instant x = ((const Event*)a)->time, y = ((const Event*)b)->time;
  (void)context;
  return (x > y) - (x < y);
}

Status event_list_sort(EventList *list, const Stop *stop){
  Status status;
  if( !list->unsorted ) return STATUS_OK;
  status = sort_records(event_list_rows(list), list->count, sizeof(Event), compare_times, 0, stop);
  if( status==STATUS_OK ) list->unsorted = 0;
  return status;
}
