/*
** Rows kept until all are in, and handed out customer by customer: a time and a word (the
** conditions that a row meets, or the number of its event).
** Memory: 16 bytes per row kept, and 20 to 40 per row of the customer at hand.
*/
#ifndef SIYU_ROW_LOG_H
#define SIYU_ROW_LOG_H

#include "base/pages.h"
#include "metric/path/event_list.h"

/* All bytes zero is an empty log. */
typedef struct RowLog {
  Pages rows;                  /* numbered from 1 on */
  uint32_t *visit;             /* scratch: numbers of the customer's rows */
  size_t visitCapacity;
} RowLog;

/* *last is the customer's: the number of its row kept last, 0 for none. */
Status row_log_add(RowLog *log, uint32_t *last, Instant time, uint32_t word);
/* The rows of a customer in the order they came, in place of what the list held. */
Status row_log_list(RowLog *log, uint32_t last, EventList *list, const Stop *stop);
void row_log_destroy(RowLog *log);

/* Empties a list but keeps its room. */
static inline void event_list_clear(EventList *list){
  list->count = 0;
  list->unsorted = 0;
}

#endif
