/* Rows of one customer in a state: see event_state.h. */
#include "metric/path/event_state.h"

void event_list_encode(const EventList *list, Buffer *out){
  const Event *rows = event_list_read(list);
  Instant before = 0;
  size_t i;
  buffer_put_unsigned(out, list->count);
  for(i=0; i<list->count; i++){
    buffer_put_signed(out, rows[i].time - before);
    buffer_put_unsigned(out, rows[i].mask);
    before = rows[i].time;
  }
}

/* Every time that was ever decoded is in the years 0000 to 9999. */
int event_time_is_supported(Instant t){
  return t >= days_from_civil(0, 1, 1)*MICROS_PER_DAY
      && t < days_from_civil(10000, 1, 1)*MICROS_PER_DAY;
}

Status event_list_fold(EventList *list, Reader *in, int64_t conditions){
  uint64_t n = reader_unsigned(in), known = (UINT64_C(1) << conditions) - 1;
  uint64_t time = 0;
  /* a forged n ends with the bytes: each row takes some of them */
  for(; n > 0 && !in->failed; n--){
    uint64_t mask;
    time += (uint64_t)reader_signed(in);
    mask = reader_unsigned(in);
    if( in->failed || (mask & ~known)!=0 || !event_time_is_supported((Instant)time) ) return STATUS_CORRUPT;
    if( event_list_add(list, (Instant)time, (uint32_t)mask)!=STATUS_OK ) return STATUS_NOMEM;
  }
  return in->failed ? STATUS_CORRUPT : STATUS_OK;
}
