/*
** The rows of one customer that a funnel, a sequence or a session counter reads:
** when, and which conditions that row met.
**
** Rows are kept in the order they were added; event_list_sort() orders them by
** time and keeps that order among rows of one time ("tied rows in the order
** given").  The first EVENTS_INLINE rows need no allocation, so that a million
** small groups cost none.  A list may be moved in memory (no pointer into itself).
*/
#ifndef SIYU_EVENT_LIST_H
#define SIYU_EVENT_LIST_H

#include "base/time/calendar.h"
#include "base/memory.h"

#define EVENTS_INLINE 4

/* Bit i of mask: the row meets condition i+1. */
typedef struct Event { Instant time; uint32_t mask; } Event;

/* All bytes zero is an empty list. */
typedef struct EventList {
  Event *heap;               /* 0 while the rows fit in few[] */
  size_t count, capacity;    /* capacity of heap */
  int unsorted;              /* some row is earlier than the one before it */
  Event few[EVENTS_INLINE];
} EventList;

/* A long loop asks whether to stop after about so many rows. */
#define EVENTS_PER_QUESTION 4096

void event_list_init(EventList *list);
void event_list_destroy(EventList *list);

/* The list is unchanged on STATUS_NOMEM. */
Status event_list_add(EventList *list, Instant time, uint32_t mask);

/* The rows, contiguous; valid until the list changes. */
Event *event_list_rows(EventList *list);
const Event *event_list_read(const EventList *list);

/* Stable, by time; O(n) when already in order, else O(n log n) with room for n
** more rows.  STATUS_NOMEM or STATUS_INTERRUPTED leave the list unsorted, with every row. */
Status event_list_sort(EventList *list, const Stop *stop);

#endif
