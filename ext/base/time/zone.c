/* Named time zones: see zone.h. */
#include "base/time/zone.h"
#include "base/time/calendar.h"

#include <string.h>

/* A day of a month on which the clock changes: POSIX's Mm.w.d/time, week 5 the last one. */
typedef struct ZoneDay { int month, week, day; int32_t second; } ZoneDay;

typedef struct ZoneEntry {
  int32_t start;               /* offset in 1970 */
  uint16_t first, count;       /* its changes in ZONE_WHEN and ZONE_KIND */
  int32_t standard, summer;    /* offsets by the rule after them; equal: no summer time */
  ZoneDay begin, end;          /* of summer time, each by the clock before it */
} ZoneEntry;
typedef struct ZoneName { const char *name; uint16_t entry; } ZoneName;

#include "base/time/zone_table.h"

#define ZONE_NAMES ((int)(sizeof ZONE_NAME / sizeof ZONE_NAME[0]))
#define ZONE_DAY INT64_C(86400)

/* ---- names ---- */

static int zone_lower(char c){ return c >= 'A' && c <= 'Z' ? c | 0x20 : (unsigned char)c; }

static int zone_compare(const char *text, int n, const char *name){
  int i;
  for(i=0; i<n && name[i]; i++){
    int d = zone_lower(text[i]) - zone_lower(name[i]);
    if( d ) return d;
  }
  return i<n ? 1 : name[i] ? -1 : 0;
}

int zone_from_name(const char *text, int n, int32_t *zone){
  int low = 0, high = ZONE_NAMES;
  while( low < high ){
    int middle = (low + high)/2, d = zone_compare(text, n, ZONE_NAME[middle].name);
    if( d==0 ){
      *zone = ZONE_NAMED + middle;
      return 1;
    }
    if( d < 0 ) high = middle; else low = middle + 1;
  }
  return 0;
}

const char *zone_name(int32_t zone){ return ZONE_NAME[zone - ZONE_NAMED].name; }
const char *zone_version(void){ return ZONE_TABLE_VERSION; }

static const ZoneEntry *zone_entry(int32_t zone){
  return &ZONE_ENTRY[ZONE_NAME[zone - ZONE_NAMED].entry];
}

/* ---- offsets ---- */

static int64_t zone_floor_day(int64_t seconds){
  return seconds/ZONE_DAY - (seconds%ZONE_DAY < 0);
}

/* Seconds since 1970, by a clock that does not change, of the rule's day in a year. */
static int64_t zone_day_of_year(int64_t year, const ZoneDay *d){
  int64_t first = days_from_civil(year, d->month, 1);
  int64_t after = days_from_civil(year + d->month/12, d->month%12 + 1, 1);
  int64_t weekday = ((first + 4)%7 + 7)%7;             /* 1970-01-01 was a Thursday, 4 */
  int64_t day = first + (d->day - weekday + 7)%7 + 7*(d->week - 1);
  while( day >= after ) day -= 7;
  return day*ZONE_DAY + d->second;
}

static int32_t zone_by_rule(const ZoneEntry *e, int64_t seconds){
  int64_t year, begin, end;
  int month, day;
  if( e->standard==e->summer ) return e->standard;
  civil_from_days(zone_floor_day(seconds + e->standard), &year, &month, &day);
  begin = zone_day_of_year(year, &e->begin) - e->standard;
  end = zone_day_of_year(year, &e->end) - e->summer;
  if( begin < end ) return seconds >= begin && seconds < end ? e->summer : e->standard;
  return seconds >= begin || seconds < end ? e->summer : e->standard;
}

/* Changes that are not after `seconds`. */
static int zone_changes_until(const ZoneEntry *e, int64_t seconds){
  const uint32_t *when = ZONE_WHEN + e->first;
  int low = 0, high = e->count;
  while( low < high ){
    int middle = (low + high)/2;
    if( (int64_t)when[middle] <= seconds ) low = middle + 1; else high = middle;
  }
  return low;
}

int32_t zone_named_offset(int32_t zone, int64_t seconds){
  const ZoneEntry *e = zone_entry(zone);
  int n;
  if( seconds < 0 ) return e->start;
  n = zone_changes_until(e, seconds);
  if( n==e->count ) return zone_by_rule(e, seconds);
  return n==0 ? e->start : ZONE_OFFSETS[ZONE_KIND[e->first + n - 1]];
}

/* The change within (from, to], of which there is one. */
static int64_t zone_change_between(int32_t zone, int64_t from, int64_t to){
  int32_t before = zone_named_offset(zone, from);
  while( to - from > 1 ){
    int64_t middle = from + (to - from)/2;
    if( zone_named_offset(zone, middle)==before ) from = middle; else to = middle;
  }
  return to;
}

/*
** No two changes of a zone lie within two days, and no clock is more than 14 hours from UTC
** (but for the days when a zone crosses the date line, which are skipped like an hour).
*/
int64_t zone_named_instant(int32_t zone, int64_t wall, int first){
  int32_t before = zone_named_offset(zone, wall - ZONE_DAY);
  int32_t after = zone_named_offset(zone, wall + ZONE_DAY);
  if( before==after ) return wall - before;
  if( zone_named_offset(zone, wall - before)==before ) return wall - before;
  if( zone_named_offset(zone, wall - after)==after ) return wall - after;
  return first ? zone_change_between(zone, wall - ZONE_DAY, wall + ZONE_DAY) : wall - before;
}

int32_t zone_hour_shift(int32_t zone){
  return zone < ZONE_NAMED ? zone : zone_entry(zone)->start;
}
