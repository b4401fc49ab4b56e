/* Rows kept by customer: see row_log.h. */
#include "metric/path/row_log.h"

/* Rows of a customer are linked from the last to the first. */
typedef struct KeptRow { Instant time; uint32_t word; uint32_t before; } KeptRow;
#define KEPT_PAGE_BITS 17

static inline KeptRow *kept_row(const RowLog *log, uint32_t number){
  return pages_at(&log->rows, number - 1, sizeof(KeptRow), KEPT_PAGE_BITS);
}

Status row_log_add(RowLog *log, uint32_t *last, Instant time, uint32_t word){
  void *place;
  KeptRow *row;
  Status rc = pages_add(&log->rows, sizeof(KeptRow), KEPT_PAGE_BITS, &place);
  if( rc!=STATUS_OK ) return rc;
  row = place;
  row->time = time;
  row->word = word;
  row->before = *last;
  *last = log->rows.count;
  return STATUS_OK;
}

Status row_log_list(RowLog *log, uint32_t last, EventList *list, const Stop *stop){
  size_t n = 0;
  Status rc = STATUS_OK;
  event_list_clear(list);
  for(; last; last=kept_row(log, last)->before){
    rc = memory_grow((void**)&log->visit, &log->visitCapacity, n + 1, sizeof *log->visit);
    if( rc!=STATUS_OK ) return rc;
    if( n%EVENTS_PER_QUESTION==EVENTS_PER_QUESTION-1 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    log->visit[n++] = last;
  }
  while( rc==STATUS_OK && n > 0 ){
    const KeptRow *row = kept_row(log, log->visit[--n]);
    if( n%EVENTS_PER_QUESTION==EVENTS_PER_QUESTION-1 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    rc = event_list_add(list, row->time, row->word);
  }
  return rc;
}

void row_log_destroy(RowLog *log){
  pages_destroy(&log->rows);
  memory_free(log->visit);
  memset(log, 0, sizeof *log);
}
