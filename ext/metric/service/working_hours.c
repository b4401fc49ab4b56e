/* Working hours: see working_hours.h. */
#include "metric/service/working_hours.h"
#include "metric/service/service.h"

#define MICROS_PER_WEEK (7*MICROS_PER_DAY)

typedef struct HoursReader { const char *at, *end; } HoursReader;

static void hours_blank(HoursReader *r){ while( r->at < r->end && (*r->at==' ' || *r->at=='\t') ) r->at++; }

static int hours_accept(HoursReader *r, char c){
  hours_blank(r);
  if( r->at==r->end || *r->at!=c ) return 0;
  r->at++;
  return 1;
}

static int is_letter(char c){ return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* 0 ... 6 for Monday to Sunday; -1: no day of the week. */
static int read_day(HoursReader *r){
  static const char *const DAY[7] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };
  const char *from;
  int n, i;
  hours_blank(r);
  for(from=r->at; r->at < r->end && is_letter(*r->at); ) r->at++;
  n = (int)(r->at - from);
  for(i=0; i<7; i++){
    if( n >= 3 && n <= (int)strlen(DAY[i]) && sqlite3_strnicmp(from, DAY[i], n)==0 ) return i;
  }
  return -1;
}

/* Bits of the days before the hours; every day when none stands there. */
static const char *read_days(HoursReader *r, int *days){
  *days = 0;
  hours_blank(r);
  if( r->at==r->end || !is_letter(*r->at) ){ *days = 127; return 0; }
  do{
    int from = read_day(r), to = from;
    if( from < 0 ) return "names no day of the week";
    if( hours_accept(r, '-') ) to = read_day(r);
    if( to < 0 ) return "names no day of the week";
    for(;; from = (from + 1) % 7){                            /* Sat-Mon goes over the week's end */
      *days |= 1 << from;
      if( from==to ) break;
    }
  }while( hours_accept(r, ',') );
  return 0;
}

static int read_clock(HoursReader *r, int64_t *out){
  const char *from;
  hours_blank(r);
  for(from=r->at; r->at < r->end && ((*r->at >= '0' && *r->at <= '9') || *r->at==':'); ) r->at++;
  return clock_from_text(from, (int)(r->at - from), out);
}

static int add_stretch(WorkingHours *w, int64_t from, int64_t to){
  int64_t over = to - MICROS_PER_WEEK;
  if( w->count==WORKING_STRETCHES ) return 0;
  w->stretch[w->count].from = from;
  w->stretch[w->count++].to = over > 0 ? MICROS_PER_WEEK : to;
  return over <= 0 || add_stretch(w, 0, over);
}

/* Hours of these days. */
static const char *read_hours(WorkingHours *w, HoursReader *r, int days){
  do{
    int64_t from, to;
    int i;
    if( !read_clock(r, &from) || !hours_accept(r, '-') || !read_clock(r, &to) ) return "has no hours such as 09:00-18:00";
    if( to==from ) return "has hours that end where they begin";
    if( to < from ) to += MICROS_PER_DAY;
    for(i=0; i<7; i++){
      if( (days >> i & 1) && !add_stretch(w, from + i*MICROS_PER_DAY, to + i*MICROS_PER_DAY) ) return "has too many hours";
    }
  }while( hours_accept(r, ',') );
  return 0;
}

/* In order, without overlaps; few, so that insertion will do. */
static void arrange(WorkingHours *w){
  int i, k, to = 0;
  for(i=1; i<w->count; i++){
    int64_t from = w->stretch[i].from, end = w->stretch[i].to;
    for(k=i; k > 0 && w->stretch[k-1].from > from; k--) w->stretch[k] = w->stretch[k-1];
    w->stretch[k].from = from;
    w->stretch[k].to = end;
  }
  for(i=0; i<w->count; i++){
    if( to > 0 && w->stretch[i].from <= w->stretch[to-1].to ){
      if( w->stretch[i].to > w->stretch[to-1].to ) w->stretch[to-1].to = w->stretch[i].to;
    }else{
      w->stretch[to++] = w->stretch[i];
    }
  }
  w->count = to;
  for(i=0; i<to; i++){
    w->stretch[i].before = w->week;
    w->week += w->stretch[i].to - w->stretch[i].from;
  }
}

const char *working_hours_read(WorkingHours *w, const char *text, int n){
  HoursReader r = { text, text + n };
  do{
    int days;
    const char *wrong = read_days(&r, &days);
    if( wrong==0 ) wrong = read_hours(w, &r, days);
    if( wrong ) return wrong;
  }while( hours_accept(&r, ';') );
  hours_blank(&r);
  if( r.at!=r.end ) return "goes on where days and hours end";
  arrange(w);
  return 0;
}

/* Working time since the Monday of the week that holds 1 January 1970. */
static int64_t working_since(const WorkingHours *w, Instant t){
  int64_t day = day_of(t, w->zone) + 3;                       /* that day was a Thursday */
  int64_t week = day / 7 - (day % 7 < 0), at = (day - 7*week)*MICROS_PER_DAY + time_of_day(t, w->zone);
  int low = 0, high = w->count;
  while( low < high ){                                        /* the first that begins later */
    int middle = (low + high)/2;
    if( w->stretch[middle].from <= at ) low = middle + 1; else high = middle;
  }
  if( low==0 ) return week*w->week;
  if( at > w->stretch[low-1].to ) at = w->stretch[low-1].to;
  return week*w->week + w->stretch[low-1].before + at - w->stretch[low-1].from;
}

int64_t working_between(const WorkingHours *w, Instant from, Instant to){
  int64_t passed = working_since(w, to) - working_since(w, from);
  return passed > 0 ? passed : 0;                             /* clocks are put back */
}
