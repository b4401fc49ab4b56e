/* Rows kept by customer: see row_log.h. */
#include "metric/path/row_log.h"

/* Rows of a customer are linked from the last to the first. */
typedef struct KeptRow { Instant time; uint32_t word; uint32_t before; } KeptRow;
#define KEPT_PAGE_BITS 17
#define KEPT_PAGE_ROWS (UINT32_C(1) << KEPT_PAGE_BITS)

static inline KeptRow *kept_row(const RowLog *log, uint32_t number){
  uint32_t i = number - 1;
  return &log->page[i >> KEPT_PAGE_BITS][i & (KEPT_PAGE_ROWS - 1)];
}

Status row_log_add(RowLog *log, uint32_t *last, Instant time, uint32_t word){
  KeptRow *row;
  if( log->kept==UINT32_MAX ) return STATUS_OVERFLOW;
  if( (size_t)(log->kept >> KEPT_PAGE_BITS)==log->pages ){
    Status rc = memory_grow((void**)&log->page, &log->pageCapacity, log->pages + 1, sizeof *log->page);
    if( rc!=STATUS_OK ) return rc;
    log->page[log->pages] = memory_large(KEPT_PAGE_ROWS*sizeof(KeptRow));
    if( log->page[log->pages]==0 ) return STATUS_NOMEM;
    log->pages++;
  }
  row = kept_row(log, ++log->kept);
  row->time = time;
  row->word = word;
  row->before = *last;
  *last = log->kept;
  return STATUS_OK;
}

Status row_log_list(RowLog *log, uint32_t last, EventList *list){
  size_t n = 0;
  Status rc = STATUS_OK;
  event_list_clear(list);
  for(; last; last=kept_row(log, last)->before){
    rc = memory_grow((void**)&log->visit, &log->visitCapacity, n + 1, sizeof *log->visit);
    if( rc!=STATUS_OK ) return rc;
    log->visit[n++] = last;
  }
  while( rc==STATUS_OK && n > 0 ){
    const KeptRow *row = kept_row(log, log->visit[--n]);
    rc = event_list_add(list, row->time, row->word);
  }
  return rc;
}

void row_log_destroy(RowLog *log){
  size_t i;
  for(i=0; i<log->pages; i++) memory_free(log->page[i]);
  memory_free(log->page);
  memory_free(log->visit);
  memset(log, 0, sizeof *log);
}

Status key_watch(KeyWatch *w, const Key *key, int *fresh){
  int c = w->any ? key_compare(&w->previous, key) : -1;
  *fresh = c < 0;
  if( c > 0 ) return STATUS_UNORDERED;
  if( c==0 ) return STATUS_OK;
  if( key->type!=CELL_INTEGER ){
    Status rc = memory_grow((void**)&w->bytes, &w->capacity, (size_t)key->size + 1, 1);
    if( rc!=STATUS_OK ) return rc;
    if( key->size ) memcpy(w->bytes, key->bytes, key->size);
  }
  w->previous = *key;
  w->previous.bytes = w->bytes;
  w->any = 1;
  return STATUS_OK;
}

void key_watch_destroy(KeyWatch *w){ memory_free(w->bytes); }
