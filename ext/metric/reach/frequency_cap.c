/* Frequency caps: see frequency_cap.h. */
#include "metric/reach/frequency_cap.h"

void cap_init(FrequencyCap *cap, CapWindow window, int64_t max){
  memset(cap, 0, sizeof(*cap));
  cap->window = window;
  cap->max = max;
}

void cap_destroy(FrequencyCap *cap){
  memory_free(cap->heap);
  cap->heap = 0;
  cap->capacity = cap->count = cap->oldest = 0;
}

static Instant *cap_times(FrequencyCap *cap){ return cap->heap ? cap->heap : cap->few; }

int cap_in_window(const CapWindow *w, Instant earlier, Instant time){
  if( !w->calendar ) return earlier >= instant_after(time, w->rolling, -1, 0);
  return grain_ordinal(w->grain, time, w->zone)
       - grain_ordinal(w->grain, earlier, w->zone) < w->periods;
}

/* Room for one more time; only while fewer than max are kept, so nothing has wrapped yet. */
static Status cap_reserve(FrequencyCap *cap){
  void *heap = cap->heap;
  if( heap==0 && cap->count<CAP_INLINE ) return STATUS_OK;
  if( memory_grow(&heap, &cap->capacity, cap->count + 1, sizeof(Instant))!=STATUS_OK ){
    return STATUS_NOMEM;
  }
  if( cap->heap==0 ) memcpy(heap, cap->few, cap->count*sizeof(Instant));
  cap->heap = heap;
  return STATUS_OK;
}

Status cap_next(FrequencyCap *cap, Instant time, int *allowed){
  if( cap->max<=0 ){
    *allowed = 0;
  }else if( (uint64_t)cap->count < (uint64_t)cap->max ){
    /* fewer than max were ever allowed */
    if( cap_reserve(cap)!=STATUS_OK ) return STATUS_NOMEM;
    cap_times(cap)[cap->count++] = time;
    *allowed = 1;
  }else{
    /* fewer than max in the window: the max-th last one is not in it */
    *allowed = !cap_in_window(&cap->window, cap_times(cap)[cap->oldest], time);
    if( *allowed ){
      cap_times(cap)[cap->oldest] = time;
      if( ++cap->oldest==cap->count ) cap->oldest = 0;
    }
  }
  return STATUS_OK;
}

Status cap_sent(FrequencyCap *cap, Instant time){
  if( cap->max<=0 ) return STATUS_OK;
  if( (uint64_t)cap->count < (uint64_t)cap->max ){
    if( cap_reserve(cap)!=STATUS_OK ) return STATUS_NOMEM;
    cap_times(cap)[cap->count++] = time;
    return STATUS_OK;
  }
  cap_times(cap)[cap->oldest] = time;                  /* of more than max the latest matter */
  if( ++cap->oldest==cap->count ) cap->oldest = 0;
  return STATUS_OK;
}

/* ---- The text of a window -------------------------------------------------- */

/* Moves *at past `word` (any case) and the spaces after it; 0 if it is not there. */
static int skip_word(const char *text, int n, int *at, const char *word){
  int length = (int)strlen(word);
  if( n - *at < length || sqlite3_strnicmp(text + *at, word, length)!=0 ) return 0;
  *at += length;
  while( *at<n && text[*at]==' ' ) ++*at;
  return 1;
}

/* 'day', 'days', 'week' ... */
static int read_grain(const char *text, int n, int *at, Grain *grain){
  static const struct { const char *many, *one; GrainUnit unit; } names[] = {
    { "days", "day", GRAIN_DAY }, { "weeks", "week", GRAIN_WEEK },
    { "months", "month", GRAIN_MONTH }
  };
  int i;
  for(i=0; i<(int)(sizeof(names)/sizeof(names[0])); i++){
    if( skip_word(text, n, at, names[i].many) || skip_word(text, n, at, names[i].one) ){
      grain->unit = names[i].unit;
      grain->days = 0;
      return 1;
    }
  }
  return 0;
}

/* 'N calendar UNIT[@zone]' */
static int calendar_from_text(const char *text, int n, CapWindow *w){
  int at = 0, digits;
  while( at<n && text[at]==' ' ) at++;
  w->periods = 0;
  for(digits=0; at<n && text[at]>='0' && text[at]<='9' && digits<9; digits++, at++){
    w->periods = w->periods*10 + (text[at] - '0');
  }
  if( w->periods==0 || at==n || text[at]!=' ' ) return 0;
  while( at<n && text[at]==' ' ) at++;
  if( !skip_word(text, n, &at, "calendar") ) return 0;
  if( !read_grain(text, n, &at, &w->grain) ) return 0;
  w->calendar = 1;
  w->zone = 0;
  if( skip_word(text, n, &at, "@") ) return zone_from_text(text + at, n - at, &w->zone);
  return at==n;
}

Status cap_window_read(const char *name, const char *text, int n, CapWindow *window, Failure *f){
  const char *said;
  memset(window, 0, sizeof(*window));
  if( calendar_from_text(text, n, window) ) return STATUS_OK;
  memset(window, 0, sizeof(*window));
  if( duration_from_text(text, n, &window->rolling) ) return STATUS_OK;
  said = duration_fault_said(duration_fault(text, n));
  failure_set(f, "%s '%.*s' %s", name, n < 40 ? n : 40, text,
              said ? said : "is no window; use days, '12 hours', '1 calendar day@+08:00' or '2 calendar weeks'");
  return STATUS_INVALID;
}
