/*
** Checks ext/base/time/calendar.h against the C library's calendar, POSIX regular expressions
** and plain counting.  From the project's root:
**
**   cc -std=c11 -g -fsanitize=address,undefined -Iext/base -o calendar_check \
**      test/unit/calendar_check.c ext/base/time/calendar.c ext/base/time/timetext.c -lm
**
** The last line is `N passed, N failed`; the exit status says the same.
** An argument seeds the random numbers (default 1).
*/
#define _DEFAULT_SOURCE
#include "base/time/calendar.h"

#include <inttypes.h>
#include <math.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(array) (sizeof(array)/sizeof((array)[0]))
#define SECOND MICROS_PER_SECOND
#define HOUR   (3600*SECOND)
#define DAY    MICROS_PER_DAY

static long passed, failed;

static void check(int ok, const char *format, ...){
  va_list args;
  if( ok ){ passed++; return; }
  if( ++failed > 40 ) return;
  va_start(args, format);
  printf("FAILED ");
  vprintf(format, args);
  printf("\n");
  va_end(args);
}

/* ---------------------------------------------------------------- random numbers */

static uint64_t seed = 1;

static uint64_t random_bits(void){      /* splitmix64 */
  uint64_t z = (seed += UINT64_C(0x9E3779B97F4A7C15));
  z = (z ^ (z >> 30))*UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27))*UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

static int64_t random_in(int64_t low, int64_t high){
  return low + (int64_t)(random_bits() % (uint64_t)(high - low + 1));
}

static int32_t random_zone(void){ return (int32_t)random_in(-14*60, 14*60)*60; }

static const int64_t firstDay = -719528, endDay = 2932897;

/* Far enough from both ends that a zone or a period stays within them. */
static Instant random_instant(void){
  return random_in((firstDay + 2000)*DAY, (endDay - 2000)*DAY);
}

/* ------------------------------------------------------------------ plain calendar */

static int is_leap(int64_t year){
  return (year%4==0 && year%100!=0) || year%400==0;
}

static int month_length(int64_t year, int month){
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return lengths[month-1] + (month==2 && is_leap(year));
}

static struct tm library_civil(int64_t seconds){
  time_t t = (time_t)seconds;
  struct tm tm;
  memset(&tm, 0, sizeof tm);
  gmtime_r(&t, &tm);
  return tm;
}

static int64_t library_seconds(int64_t year, int month, int day, int h, int m, int s){
  struct tm tm;
  memset(&tm, 0, sizeof tm);
  tm.tm_year = (int)(year - 1900);
  tm.tm_mon = month - 1;
  tm.tm_mday = day;
  tm.tm_hour = h;
  tm.tm_min = m;
  tm.tm_sec = s;
  return (int64_t)timegm(&tm);
}

static TimeStatus parse(const char *text, int32_t zone, Instant *t, int *dateOnly){
  return time_from_text(text, (int)strlen(text), zone, t, dateOnly);
}

/* ---------------------------------------------------------- every day of 0000...9999 */

static void check_day_text(int64_t days, int64_t year, int month, int day){
  char expected[64], text[TIME_TEXT_SIZE];
  int dateOnly = 0;
  Instant t = 0;
  snprintf(expected, sizeof expected, "%04d-%02d-%02d", (int)year, month, day);
  date_text(days*DAY + random_in(0, DAY-1), 0, text);
  check(strcmp(text, expected)==0, "date_text %s, not %s", text, expected);
  check(parse(expected, 0, &t, &dateOnly)==TIME_OK && t==days*DAY && dateOnly,
        "read %s", expected);
  snprintf(expected, sizeof expected, "%d%03d/%d/%d", (int)(year/1000),
           (int)(year%1000), month, day);
  check(parse(expected, 0, &t, 0)==TIME_OK && t==days*DAY, "read %s", expected);
}

static void check_day_ordinals(int64_t days, int64_t year, int month, const struct tm *tm){
  static char weekBefore[32];
  static int64_t ordinalBefore;
  char week[32];
  Grain g = {GRAIN_WEEK, 0};
  int64_t ordinal = grain_ordinal(g, days*DAY, 0);
  strftime(week, sizeof week, "%G-%V", tm);
  if( days > firstDay ){
    int same = strcmp(week, weekBefore)==0;
    check(ordinal==ordinalBefore + !same, "week of day %" PRId64 " (%s)", days, week);
  }
  strcpy(weekBefore, week);
  ordinalBefore = ordinal;
  g.unit = GRAIN_MONTH;
  check(grain_ordinal(g, days*DAY, 0)==year*12 + month-1 - 1970*12, "month of %d", (int)days);
  g.unit = GRAIN_QUARTER;
  check(grain_ordinal(g, days*DAY, 0)==year*4 + (month-1)/3 - 1970*4, "quarter of %d", (int)days);
  g.unit = GRAIN_YEAR;
  check(grain_ordinal(g, days*DAY, 0)==year - 1970, "year of %d", (int)days);
}

static void check_day(int64_t days, int64_t year, int month, int day){
  struct tm tm = library_civil(days*86400);
  int64_t y;
  int m, d;
  check(days_from_civil(year, month, day)==days, "days_from_civil %d-%d-%d",
        (int)year, month, day);
  check(library_seconds(year, month, day, 0, 0, 0)==days*86400, "timegm disagrees");
  civil_from_days(days, &y, &m, &d);
  check(y==year && m==month && d==day, "civil_from_days %" PRId64, days);
  check(y==tm.tm_year + 1900 && m==tm.tm_mon + 1 && d==tm.tm_mday, "gmtime %" PRId64, days);
  check(day_of(days*DAY, 0)==days && day_of(days*DAY - 1, 0)==days - 1
        && day_of(days*DAY - 1, 1)==days && day_of(days*DAY, -1)==days - 1,
        "day_of %" PRId64, days);
  check_day_text(days, year, month, day);
  check_day_ordinals(days, year, month, &tm);
}

static void check_every_day(void){
  int64_t days = firstDay, year;
  int month, day;
  for(year=0; year<=9999; year++){
    for(month=1; month<=12; month++){
      for(day=1; day<=31; day++){
        char text[32];
        Instant t;
        if( day <= month_length(year, month) ){ check_day(days++, year, month, day); continue; }
        snprintf(text, sizeof text, "%04d-%02d-%02d", (int)year, month, day);
        check(parse(text, 0, &t, 0)==TIME_UNPARSABLE, "%s was read", text);
      }
    }
  }
  check(days==endDay, "the days end at %" PRId64, days);
}

/* --------------------------------------------------------------- random instants */

static void check_written(Instant t, int32_t zone){
  char expected[256], text[TIME_TEXT_SIZE], zoned[64];
  int64_t seconds = t/SECOND - (t%SECOND < 0), micros = t - seconds*SECOND;
  struct tm tm = library_civil(seconds + zone);
  Instant back = 0;
  int dateOnly = 1, n, minutes = abs(zone)/60;
  n = snprintf(expected, sizeof expected, "%04d-%02d-%02d %02d:%02d:%02d", tm.tm_year + 1900,
               tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
  if( micros%1000 ) snprintf(expected+n, sizeof expected-(size_t)n, ".%06d", (int)micros);
  else if( micros ) snprintf(expected+n, sizeof expected-(size_t)n, ".%03d", (int)(micros/1000));
  time_text(t, zone, text);
  check(strcmp(text, expected)==0, "time_text %s, not %s", text, expected);
  check(parse(text, zone, &back, &dateOnly)==TIME_OK && back==t && !dateOnly, "read %s", text);
  snprintf(zoned, sizeof zoned, "%s%s%c%02d:%02d", text, random_bits()&1 ? "" : " ",
           zone < 0 ? '-' : '+', minutes/60, minutes%60);
  zoned[10] = random_bits()&1 ? 'T' : ' ';
  check(parse(zoned, 12345, &back, &dateOnly)==TIME_OK && back==t, "read %s", zoned);
}

static void check_grain(Grain g, Instant t, int32_t zone){
  int64_t n = grain_ordinal(g, t, zone);
  Instant start = grain_start(g, n, zone), next = grain_start(g, n+1, zone);
  char text[TIME_TEXT_SIZE], expected[TIME_TEXT_SIZE];
  check(start <= t && t < next, "grain %d of %" PRId64, (int)g.unit, t);
  check(grain_ordinal(g, start, zone)==n && grain_ordinal(g, start-1, zone)==n-1
        && grain_ordinal(g, next, zone)==n+1, "ends of grain %d at %" PRId64, (int)g.unit, t);
  check(instant_after(start, grain_duration(g), 1, zone)==next
        && instant_after(next, grain_duration(g), -1, zone)==start,
        "length of grain %d at %" PRId64, (int)g.unit, t);
  time_text(start, zone, expected);
  if( g.unit!=GRAIN_HOUR ){
    check(strcmp(expected+10, " 00:00:00")==0, "grain starts at %s", expected);
    expected[10] = 0;
  }
  grain_text(g, start, zone, text);
  check(strcmp(text, expected)==0, "grain_text %s, not %s", text, expected);
}

/* Month arithmetic by counting months one at a time. */
static void check_months(Instant t, int32_t zone){
  int64_t wall = t + zone*SECOND, days = wall/DAY - (wall%DAY < 0);
  struct tm tm = library_civil(days*86400);
  int64_t year = tm.tm_year + 1900, k = random_in(-20, 20);
  int month = tm.tm_mon + 1, day = tm.tm_mday, i;
  Duration d = {random_in(1, 3), 0};
  for(i=0; i < labs((long)(k*d.months)); i++){
    month += k < 0 ? -1 : 1;
    if( month < 1 ){ month = 12; year--; }
    if( month > 12 ){ month = 1; year++; }
  }
  if( day > month_length(year, month) ) day = month_length(year, month);
  check(instant_after(t, d, k, zone)
        == library_seconds(year, month, day, 0, 0, 0)*SECOND + wall - days*DAY - zone*SECOND,
        "%" PRId64 " and %d months in zone %d", t, (int)(k*d.months), (int)zone);
}

static void check_random_instants(int count){
  while( count-- > 0 ){
    Instant t = random_instant();
    int32_t zone = random_zone();
    Duration d = {0, random_in(0, 40*DAY)};
    int unit;
    if( count%2 ) t -= t%SECOND;
    else if( count%3 ) t -= t%1000;
    check_written(t, zone);
    for(unit=GRAIN_HOUR; unit<=GRAIN_DAYS; unit++){
      Grain g = {(GrainUnit)unit, unit==GRAIN_WEEK ? random_in(0, 2) : random_in(1, 400)};
      check_grain(g, t, zone);
    }
    check_months(t, zone);
    check(instant_after(t, d, 7, zone)==t + 7*d.micros
          && instant_after(t, d, -7, zone)==t - 7*d.micros, "7 durations");
  }
}

/* ------------------------------------------------------------------ tables of texts */

static void check_time_texts(void){
  static const struct { const char *text; int32_t zone; Instant t; int dateOnly; } good[] = {
    {"1970-01-01", 0, 0, 1},
    {"1970-01-01", 28800, -8*HOUR, 1},
    {" \t1970/1/2\r\n", 0, DAY, 1},
    {"1970-1-02", 0, DAY, 1},
    {"1970-01-01 0:00", 0, 0, 0},
    {"1970/1/1 7:05", 0, 7*HOUR + 300*SECOND, 0},
    {"1970-01-01T23:59:59", 0, DAY - SECOND, 0},
    {"1970-01-01T23:59:59.9999999", 0, DAY - 1, 0},
    {"1970-01-01   00:00:00.5", 0, SECOND/2, 0},
    {"1970-01-01T00:00:00Z", 28800, 0, 0},
    {"1970-01-01T00:00z", 28800, 0, 0},
    {"1970-01-01T08:00+08:00", 0, 0, 0},
    {"1970-01-01T08:00:00.25 +8:00", -60, SECOND/4, 0},
    {"1970-01-01T08:00  +0800", 0, 0, 0},
    {"1969-12-31 20:30-03:30", 0, 0, 0},
    {"1970-01-01 14:00+14:00", 0, 0, 0},
    {"2000-02-29", 0, 11016*DAY, 1},
    {"0000-01-01", 0, -719528*DAY, 1},
    {"9999-12-31 23:59:59.999999", 0, 2932897*DAY - 1, 0},
    {"0", 0, -1, -1},            /* a Julian day is no matter of an integer */
    {" 1700000000 ", 28800, 1700000000*SECOND, 0},
    {"+60", 0, 60*SECOND, 0},
    {"-1", 0, -SECOND, 0},
    {"1700000000.123456", 0, 1700000000*SECOND + 123456, 0},
    {"17e8", 0, 1700000000*SECOND, 0},
    {"-.5", 0, -SECOND/2, 0},
    {"2440587.5", 28800, 0, 0},
    {"2440588.", 0, DAY/2, 0},
    {"2440587.50000000000000000000000000000000", 0, 0, 0},
    {"1700000000.12345600000000000000000000000", 0, 1700000000*SECOND + 123456, 0},
  };
  size_t i;
  for(i=0; i<COUNT(good); i++){
    Instant t = 1, expected = good[i].dateOnly < 0 ? 0 : good[i].t;
    int dateOnly = 7;
    TimeStatus status = parse(good[i].text, good[i].zone, &t, &dateOnly);
    check(status==TIME_OK && t==expected && dateOnly==(good[i].dateOnly > 0),
          "read '%s': status %d, %" PRId64, good[i].text, (int)status, t);
  }
}

static void check_refused_times(void){
  static const struct { const char *text; TimeStatus status; } bad[] = {
    {"", TIME_UNPARSABLE}, {"   ", TIME_UNPARSABLE}, {"today", TIME_UNPARSABLE},
    {"2023-02-29", TIME_UNPARSABLE}, {"1900-02-29", TIME_UNPARSABLE},
    {"2023-00-10", TIME_UNPARSABLE}, {"2023-13-10", TIME_UNPARSABLE},
    {"2023-01-00", TIME_UNPARSABLE}, {"2023-04-31", TIME_UNPARSABLE},
    {"2023-01-001", TIME_UNPARSABLE}, {"2023-001-01", TIME_UNPARSABLE},
    {"2023-01/01", TIME_UNPARSABLE}, {"2023/01-01", TIME_UNPARSABLE},
    {"2023.01.01", TIME_UNPARSABLE}, {"23-01-01", TIME_UNPARSABLE},
    {"12023-01-01", TIME_UNPARSABLE}, {"-2023-01-01", TIME_UNPARSABLE},
    {"2023-01", TIME_UNPARSABLE}, {"2023-01-", TIME_UNPARSABLE}, {"2023--1-1", TIME_UNPARSABLE},
    {"2023-01-01T", TIME_UNPARSABLE}, {"2023-01-01T ", TIME_UNPARSABLE},
    {"2023-01-01T 10:00", TIME_UNPARSABLE}, {"2023-01-01x10:00", TIME_UNPARSABLE},
    {"2023-01-01 10", TIME_UNPARSABLE}, {"2023-01-01 10:", TIME_UNPARSABLE},
    {"2023-01-01 10:0", TIME_UNPARSABLE}, {"2023-01-01 10:000", TIME_UNPARSABLE},
    {"2023-01-01 24:00:00", TIME_UNPARSABLE}, {"2023-01-01 10:60", TIME_UNPARSABLE},
    {"2023-01-01 23:59:61", TIME_UNPARSABLE}, {"2023-01-01 10:00:0", TIME_UNPARSABLE},
    {"2023-01-01 10:00:", TIME_UNPARSABLE}, {"2023-01-01 10:00:00.", TIME_UNPARSABLE},
    {"2023-01-01 10:00:00,5", TIME_UNPARSABLE}, {"2023-01-01 10:00.5", TIME_UNPARSABLE},
    {"2023-01-01 -1:00", TIME_UNPARSABLE}, {"2023-01-01 100:00", TIME_UNPARSABLE},
    {"2023-01-01Z", TIME_UNPARSABLE}, {"2023-01-01 +08:00", TIME_UNPARSABLE},
    {"2023-01-01 10:00+14:01", TIME_UNPARSABLE}, {"2023-01-01 10:00+15:00", TIME_UNPARSABLE},
    {"2023-01-01 10:00+08:60", TIME_UNPARSABLE}, {"2023-01-01 10:00+8", TIME_UNPARSABLE},
    {"2023-01-01 10:00+08", TIME_UNPARSABLE}, {"2023-01-01 10:00+800", TIME_UNPARSABLE},
    {"2023-01-01 10:00+08:0", TIME_UNPARSABLE}, {"2023-01-01 10:00+08:000", TIME_UNPARSABLE},
    {"2023-01-01 10:00ZZ", TIME_UNPARSABLE}, {"2023-01-01 10:00 UTC", TIME_UNPARSABLE},
    {"2023-01-01 10:00 am", TIME_UNPARSABLE}, {"2023-01-01 10:00:00 x", TIME_UNPARSABLE},
    {"1,5", TIME_UNPARSABLE}, {".", TIME_UNPARSABLE}, {"-", TIME_UNPARSABLE},
    {"+-1", TIME_UNPARSABLE}, {"1e", TIME_UNPARSABLE}, {"1e+", TIME_UNPARSABLE},
    {"0x10", TIME_UNPARSABLE}, {"inf", TIME_UNPARSABLE}, {"nan", TIME_UNPARSABLE},
    {"1 2", TIME_UNPARSABLE}, {"1e999", TIME_UNPARSABLE},
    {"20260101", TIME_YYYYMMDD}, {"19000101", TIME_YYYYMMDD}, {" 21001231", TIME_YYYYMMDD},
    {"1700000000000", TIME_MILLISECONDS}, {"-100000000000", TIME_MILLISECONDS},
    {"1700000000000.5", TIME_MILLISECONDS}, {"1e16", TIME_MICROSECONDS}, {"1e17", TIME_NANOSECONDS}, {"1e18", TIME_NANOSECONDS}, {"1e20", TIME_OUT_OF_RANGE},
    {"99999999999999999999999", TIME_OUT_OF_RANGE},
    {"20240131235959", TIME_YYYYMMDDHHMMSS}, {"202401312359", TIME_YYYYMMDDHHMMSS}, {"20240131235960.0", TIME_YYYYMMDDHHMMSS},
    {"20241331235959", TIME_MILLISECONDS}, {"20240131245959", TIME_MILLISECONDS}, {"1700000000000000", TIME_MICROSECONDS},
    {"-99999999999", TIME_OUT_OF_RANGE}, {"0.5", TIME_OUT_OF_RANGE},
    {"5373484.5", TIME_OUT_OF_RANGE}, {"1721059.4", TIME_OUT_OF_RANGE},
    {"0000-01-01 00:00+00:01", TIME_OUT_OF_RANGE},
    {"9999-12-31 23:59-00:01", TIME_OUT_OF_RANGE},
  };
  size_t i;
  for(i=0; i<COUNT(bad); i++){
    Instant t = 42;
    TimeStatus status = parse(bad[i].text, 0, &t, 0);
    check(status==bad[i].status && t==42, "'%s': status %d, not %d", bad[i].text,
          (int)status, (int)bad[i].status);
  }
}

static void check_zones(void){
  static const struct { const char *text; int ok; int32_t zone; } zones[] = {
    {"+08:00", 1, 28800}, {"-03:30", 1, -12600}, {"Z", 1, 0}, {"z", 1, 0}, {"+8:00", 1, 28800},
    {"+0800", 1, 28800}, {" -14:00 ", 1, -50400}, {"+14:00", 1, 50400}, {"-00:00", 1, 0},
    {"+14:01", 0, 0}, {"-15:00", 0, 0}, {"08:00", 0, 0}, {"+08", 0, 0}, {"+8", 0, 0}, {"", 0, 0},
    {"+", 0, 0}, {"+800", 0, 0}, {"+08:60", 0, 0}, {"+08:00x", 0, 0}, {"UTX", 0, 0}, {"+08 00", 0, 0},
    {"+ 8:00", 0, 0}, {"ZZ", 0, 0}, {"+08:00:00", 0, 0}, {"+99:99", 0, 0},
  };
  size_t i;
  for(i=0; i<COUNT(zones); i++){
    int32_t zone = 77;
    int ok = zone_from_text(zones[i].text, (int)strlen(zones[i].text), &zone);
    check(ok==zones[i].ok && zone==(ok ? zones[i].zone : 77), "zone '%s'", zones[i].text);
  }
}

static void check_durations(void){
  static const struct { const char *text; int ok; Duration d; } durations[] = {
    {"45 seconds", 1, {0, 45*SECOND}}, {"30 minutes", 1, {0, 1800*SECOND}},
    {"36 hours", 1, {0, 36*HOUR}}, {"90 days", 1, {0, 90*DAY}}, {"2 weeks", 1, {0, 14*DAY}},
    {"1 month", 1, {1, 0}}, {"1 year", 1, {12, 0}}, {"18 MONTHS", 1, {18, 0}},
    {"7", 1, {0, 7*DAY}}, {"0", 1, {0, 0}}, {"0 days", 1, {0, 0}}, {"0 months", 1, {0, 0}},
    {"1.5 hours", 1, {0, 5400*SECOND}}, {".5", 1, {0, DAY/2}}, {"0.1 days", 1, {0, DAY/10}},
    {"0.000001 seconds", 1, {0, 1}}, {"  2\t Weeks ", 1, {0, 14*DAY}}, {"90days", 1, {0, 90*DAY}},
    {"1 second", 1, {0, SECOND}}, {"1e2 days", 1, {0, 100*DAY}}, {"2.0 months", 1, {2, 0}},
    {"+1 day", 1, {0, DAY}}, {"3652424.5 days", 1, {0, 3652424*DAY + DAY/2}},
    {"100000000 days", 1, {0, 100000000*DAY}}, {"2400000000 hours", 1, {0, 100000000*DAY}},
    {"100000001 days", 0, {0, 0}}, {"1e400", 0, {0, 0}}, {"9223372036854775807", 0, {0, 0}},
    {"99999999999 months", 0, {0, 0}}, {"99999999 years", 0, {0, 0}}, {"-1 day", 0, {0, 0}},
    {"-0", 0, {0, 0}}, {"1.5 months", 0, {0, 0}}, {"0.5 years", 0, {0, 0}}, {"", 0, {0, 0}},
    {"day", 0, {0, 0}}, {"days 3", 0, {0, 0}}, {"3 dayss", 0, {0, 0}}, {"3 d", 0, {0, 0}},
    {"3 fortnights", 0, {0, 0}}, {"1 calendar day", 0, {0, 0}}, {"1 day 2 hours", 0, {0, 0}},
    {"1,5 days", 0, {0, 0}}, {"one day", 0, {0, 0}}, {"5e days", 0, {0, 0}}, {"nan", 0, {0, 0}},
    {"1 quarter", 0, {0, 0}}, {"3 s", 0, {0, 0}},
  };
  size_t i;
  Duration d;
  for(i=0; i<COUNT(durations); i++){
    int ok;
    d.months = d.micros = 77;
    ok = duration_from_text(durations[i].text, (int)strlen(durations[i].text), &d);
    check(ok==durations[i].ok && d.months==(ok ? durations[i].d.months : 77)
          && d.micros==(ok ? durations[i].d.micros : 77), "duration '%s'", durations[i].text);
  }
  check(duration_from_days(30, &d) && d.months==0 && d.micros==30*DAY, "30 days");
  check(duration_from_days(0.5, &d) && d.micros==DAY/2, "half a day");
  check(!duration_from_days(-1, &d) && !duration_from_days(NAN, &d)
        && !duration_from_days(INFINITY, &d) && !duration_from_days(1e300, &d), "no durations");
}

static void check_grain_names(void){
  static const struct { const char *text; int ok; Grain g; } grains[] = {
    {"hour", 1, {GRAIN_HOUR, 0}}, {"DAY", 1, {GRAIN_DAY, 0}}, {"week", 1, {GRAIN_WEEK, 0}},
    {" Months ", 1, {GRAIN_MONTH, 0}}, {"quarters", 1, {GRAIN_QUARTER, 0}},
    {"yearS", 1, {GRAIN_YEAR, 0}}, {"1 day", 1, {GRAIN_DAYS, 1}}, {"7 days", 1, {GRAIN_DAYS, 7}},
    {"30days", 1, {GRAIN_DAYS, 30}}, {"3652425 days", 1, {GRAIN_DAYS, 3652425}},
    {"3652426 days", 0, {GRAIN_DAY, 0}}, {"0 days", 0, {GRAIN_DAY, 0}}, {"-1 days", 0, {GRAIN_DAY, 0}},
    {"1.5 days", 0, {GRAIN_DAY, 0}}, {"30", 0, {GRAIN_DAY, 0}}, {"2 weeks", 0, {GRAIN_DAY, 0}},
    {"1 month", 0, {GRAIN_DAY, 0}}, {"monthss", 0, {GRAIN_DAY, 0}}, {"", 0, {GRAIN_DAY, 0}},
    {"s", 0, {GRAIN_DAY, 0}}, {"minute", 0, {GRAIN_DAY, 0}}, {"30 day x", 0, {GRAIN_DAY, 0}},
    {"99999999999999999999 days", 0, {GRAIN_DAY, 0}},
  };
  size_t i;
  for(i=0; i<COUNT(grains); i++){
    Grain g = {GRAIN_DAY, 77};
    int ok = grain_from_text(grains[i].text, (int)strlen(grains[i].text), &g);
    check(ok==grains[i].ok && g.unit==grains[i].g.unit && g.days==(ok ? grains[i].g.days : 77),
          "grain '%s'", grains[i].text);
  }
}

/* ------------------------------------------------------------------------ numbers */

static void check_number_statuses(void){
  static const struct { double v; TimeStatus status; } reals[] = {
    {NAN, TIME_UNPARSABLE}, {INFINITY, TIME_UNPARSABLE}, {-INFINITY, TIME_UNPARSABLE},
    {0.0, TIME_OUT_OF_RANGE}, {-0.5, TIME_OK}, {1721059.5, TIME_OK}, {5373484.4999, TIME_OK},
    {5373484.5, TIME_OUT_OF_RANGE}, {5373484.6, TIME_OK}, {20260101.0, TIME_OK},
    {99999999999.0, TIME_OK}, {1e11, TIME_MILLISECONDS}, {-1e11, TIME_MILLISECONDS},
    {-62167219200.0, TIME_OK}, {-62167219200.5, TIME_OUT_OF_RANGE}, {1e14, TIME_MICROSECONDS},
    {1e17, TIME_NANOSECONDS}, {-1e19, TIME_NANOSECONDS}, {1e20, TIME_OUT_OF_RANGE}, {1e300, TIME_OUT_OF_RANGE},
  };
  static const struct { int64_t v; TimeStatus status; } integers[] = {
    {0, TIME_OK}, {-1, TIME_OK}, {19000101, TIME_YYYYMMDD}, {21001231, TIME_YYYYMMDD},
    {19000100, TIME_OK}, {21001232, TIME_OK}, {20261301, TIME_OK}, {20260001, TIME_OK},
    {20260132, TIME_OK}, {20260231, TIME_YYYYMMDD}, {99999999999, TIME_OK},
    {100000000000, TIME_MILLISECONDS}, {-62167219200, TIME_OK}, {-62167219201, TIME_OUT_OF_RANGE},
    {-99999999999, TIME_OUT_OF_RANGE}, {-100000000000, TIME_MILLISECONDS},
    {99999999999999, TIME_MILLISECONDS}, {100000000000000, TIME_MICROSECONDS},
    {INT64_MAX, TIME_NANOSECONDS}, {INT64_MIN, TIME_NANOSECONDS},
  };
  size_t i;
  Instant t;
  for(i=0; i<COUNT(reals); i++){
    check(time_from_real(reals[i].v, &t)==reals[i].status, "real %g", reals[i].v);
  }
  for(i=0; i<COUNT(integers); i++){
    check(time_from_integer(integers[i].v, &t)==integers[i].status
          && (integers[i].status!=TIME_OK || t==integers[i].v*SECOND),
          "integer %" PRId64, integers[i].v);
  }
}

/* time_from_real against a fused multiplication, and decimal text against strtod (in the C locale). */
static void check_random_numbers(int count){
  while( count-- > 0 ){
    Instant t = random_in(-62000000000*SECOND, 99000000000*SECOND), read = 0, ofText = 0;
    char text[64];
    double v = (double)t/1e6;
    if( v >= 0 && v <= 5373484.5 ) continue;
    check(time_from_real(v, &read)==TIME_OK
          && fabsl(fmal((long double)v, 1e6L, -(long double)read)) <= 0.5L, "real %.17g", v);
    snprintf(text, sizeof text, "%.*f", (int)random_in(1, 25), v);
    time_from_real(strtod(text, 0), &read);
    check(parse(text, 0, &ofText, 0)==TIME_OK && ofText==read, "number '%s'", text);
    snprintf(text, sizeof text, "%.*e", (int)random_in(12, 25), v);
    time_from_real(strtod(text, 0), &read);
    check(parse(text, 0, &ofText, 0)==TIME_OK && ofText==read, "number '%s'", text);
    v = 2440587.5 + (double)random_in(-700000*DAY/1000, 2900000*DAY/1000)/86400000.0;
    check(time_from_real(v, &read)==TIME_OK && read%1000==0
          && fabsl((long double)read/86400e6L + 2440587.5L - (long double)v) <= 0.51L/86400000.0L,
          "Julian day %.17g", v);
    snprintf(text, sizeof text, "%.*f", (int)random_in(1, 25), v);
    time_from_real(strtod(text, 0), &read);
    check(parse(text, 0, &ofText, 0)==TIME_OK && ofText==read, "Julian day '%s'", text);
  }
}

/* ----------------------------------------------------------------------- extremes */

static void check_extremes(void){
  static const int64_t ends[] = {INT64_MIN, INT64_MIN+1, -1, 0, 1, INT64_MAX-1, INT64_MAX};
  const Instant first = firstDay*DAY, last = endDay*DAY - 1;
  Duration months = {1, 0}, micros = {0, DAY};
  size_t i, j;
  int unit;
  char text[TIME_TEXT_SIZE];
  for(i=0; i<COUNT(ends); i++){
    for(j=0; j<COUNT(ends); j++){
      Duration anyMonths = {ends[j], 0}, anyMicros = {0, ends[j]};
      Instant a = instant_after(0, anyMonths, ends[i], 50400);
      Instant b = instant_after(ends[i], anyMicros, ends[j], -50400);
      check(a >= first && a <= last && b >= first && b <= last, "saturation");
    }
    for(unit=GRAIN_HOUR; unit<=GRAIN_DAYS; unit++){
      Grain g = {(GrainUnit)unit, unit==GRAIN_WEEK ? 0 : ends[i] < 1 ? 1 : ends[i]};
      Instant t = grain_start(g, ends[i], 0);
      grain_ordinal(g, ends[i], 50400);
      grain_text(g, t, 50400, text);
      check(strlen(text) < TIME_TEXT_SIZE, "text of grain %d", unit);
      check((t < 0)==(ends[i] < 0 || (ends[i]==0 && unit==GRAIN_WEEK)), "start of grain %d", unit);
    }
    time_text(ends[i], ends[i] < 0 ? -50400 : 50400, text);
    check(strlen(text) < TIME_TEXT_SIZE, "text '%s'", text);
  }
  check(instant_after(last, months, 1, 0)==last && instant_after(first, months, -1, 0)==first
        && instant_after(last, micros, 1, 0)==last && instant_after(first, micros, -1, 0)==first,
        "saturation by one");
  time_text(first, -3600, text);
  check(strcmp(text, "0000-01-01 00:00:00")==0, "before the first year: %s", text);
  time_text(last, 3600, text);
  check(strcmp(text, "9999-12-31 23:59:59.999999")==0, "after the last year: %s", text);
}

/* ------------------------------------------- random texts against regular expressions */

#define TIME_OF_DAY "(T|[ \t-\r]+)([0-9]{1,2}):([0-9]{2})(:([0-9]{2})(\\.([0-9]+))?)?"
#define ZONE "([ \t-\r]*(([Zz])|([+-])([0-9]{2}):?([0-9]{2})|([+-])([0-9]):([0-9]{2})))?"
#define DATE(s) "([0-9]{4})" s "([0-9]{1,2})" s "([0-9]{1,2})"
#define WHOLE(x) "^[ \t-\r]*" x "[ \t-\r]*$"

static regex_t dashes, slashes, decimals;

static int group(const char *text, const regmatch_t *m, int i){
  int value = 0;
  regoff_t at;
  if( m[i].rm_so < 0 ) return 0;
  for(at=m[i].rm_so; at<m[i].rm_eo; at++) value = value*10 + text[at] - '0';
  return value;
}

static int64_t fraction_of(const char *text, const regmatch_t *m){
  char digits[] = "000000";
  regoff_t i;
  if( m->rm_so < 0 ) return 0;
  for(i=0; i<6 && m->rm_so + i < m->rm_eo; i++) digits[i] = text[m->rm_so + i];
  return atoi(digits);
}

/* Groups: 1-3 date, 4 rest, 6 H, 7 M, 9 S, 11 fraction, 15-17 and 18-20 zones. */
static TimeStatus expected_date(const char *text, const regmatch_t *m, Instant *t, int32_t zone){
  int year = group(text, m, 1), month = group(text, m, 2), day = group(text, m, 3);
  int h = group(text, m, 6), min = group(text, m, 7), s = group(text, m, 9);
  int32_t shown = zone;
  int zoneAt = m[15].rm_so >= 0 ? 15 : m[18].rm_so >= 0 ? 18 : 0;
  if( month < 1 || month > 12 || day < 1 || day > month_length(year, month) ) return TIME_UNPARSABLE;
  if( h > 23 || min > 59 || s > 60 ) return TIME_UNPARSABLE;
  if( s==60 ) s = 59;
  if( m[14].rm_so >= 0 ) zone = 0;
  if( zoneAt ){
    if( group(text, m, zoneAt+2) > 59 ) return TIME_UNPARSABLE;
    zone = group(text, m, zoneAt+1)*3600 + group(text, m, zoneAt+2)*60;
    if( zone > 14*3600 ) return TIME_UNPARSABLE;
    if( text[m[zoneAt].rm_so]=='-' ) zone = -zone;
  }
  *t = (library_seconds(year, month, day, h, min, s) - zone)*SECOND + fraction_of(text, &m[11]);
  if( *t < firstDay*DAY || *t >= endDay*DAY ) return TIME_OUT_OF_RANGE;
  if( *t + shown*SECOND < firstDay*DAY || *t + shown*SECOND >= endDay*DAY ) return TIME_OUT_OF_RANGE;
  return TIME_OK;
}

static TimeStatus expected_time(const char *text, int32_t zone, Instant *t){
  regmatch_t m[24];
  if( regexec(&dashes, text, 24, m, 0)==0 || regexec(&slashes, text, 24, m, 0)==0 ){
    return expected_date(text, m, t, zone);
  }
  if( regexec(&decimals, text, 24, m, 0)!=0 ) return TIME_UNPARSABLE;
  if( !strpbrk(text, ".eE") && strlen(text) < 18 ) return time_from_integer(strtoll(text, 0, 10), t);
  return time_from_real(strtod(text, 0), t);
}

static void compile_expressions(void){
  int wrong = regcomp(&dashes, WHOLE(DATE("-") "(" TIME_OF_DAY ZONE ")?"), REG_EXTENDED)
            | regcomp(&slashes, WHOLE(DATE("/") "(" TIME_OF_DAY ZONE ")?"), REG_EXTENDED)
            | regcomp(&decimals, WHOLE("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?"),
                      REG_EXTENDED);
  check(!wrong, "the regular expressions do not compile");
}

static int random_text(char *text, int size){
  static const char alphabet[] = "0123456789012345678900112233--//::  TZz+.eE\tsd";
  static const char *const models[] = {
    "2024-02-29", "2023/2/9", "2024-12-31 23:59:59", "1999-01-01T9:05", "2020-05-17T10:20:30.123456789Z",
    "2020-05-17 10:20:30 +08:00", "0000-01-01 01:00:00-8:00", "9999-12-31T23:30:00-0930", "1700000000",
    "-1234567890.5", "2440587.5", "20260101", "1.5e9", "90 days", "1.5 hours", "2 weeks", "1 month",
    "quarter", "30 days", "+08:00", "1 year", "45 seconds",
  };
  int n, changes = (int)random_in(0, 3);
  if( random_bits()%8==0 ){
    for(n=0; n<random_in(0, size-2); n++) text[n] = (char)random_bits();
    return n;
  }
  strcpy(text, models[random_bits()%COUNT(models)]);
  n = (int)strlen(text);
  while( changes-- > 0 && n > 0 ){
    int at = (int)random_in(0, n-1);
    char c = random_bits()%16 ? alphabet[random_bits()%(sizeof alphabet - 1)] : (char)random_bits();
    switch( random_bits()%4 ){
      case 0: memmove(text+at, text+at+1, (size_t)(n-at-1)); n--; break;
      case 1: memmove(text+at+1, text+at, (size_t)(n-at)); n++; text[at] = c; break;
      default: text[at] = c; break;
    }
  }
  return n;
}

/* In a block of exactly n bytes, so that the sanitizer sees a byte too far. */
static void check_random_text(const char *text, int n){
  char *exact = malloc(n ? (size_t)n : 1), terminated[128], again[TIME_TEXT_SIZE];
  int32_t zone = random_zone(), anyZone = 0;
  Instant t = 0, expected = 0, back = 0;
  Duration d = {0, 0};
  Grain g = {GRAIN_HOUR, 0};
  TimeStatus status, right;
  if( exact==0 ) exit(2);
  memcpy(exact, text, (size_t)n);
  memcpy(terminated, text, (size_t)n);
  terminated[n] = 0;
  status = time_from_text(exact, n, zone, &t, 0);
  if( memchr(text, 0, (size_t)n)==0 ){
    right = expected_time(terminated, zone, &expected);
    check(status==right && (status!=TIME_OK || t==expected),
          "'%s' in zone %d: status %d, not %d", terminated, (int)zone, (int)status, (int)right);
  }
  if( status==TIME_OK && t >= firstDay*DAY + 15*HOUR && t < endDay*DAY - 15*HOUR ){
    time_text(t, zone, again);
    check(parse(again, zone, &back, 0)==TIME_OK && back==t, "'%s' again", again);
  }
  if( zone_from_text(exact, n, &anyZone) ) check(abs(anyZone) <= 50400, "zone %s", terminated);
  if( duration_from_text(exact, n, &d) ) check(d.months >= 0 && d.micros >= 0
    && (d.months==0 || d.micros==0) && instant_after(t, d, 1, zone) >= t, "duration %s", terminated);
  if( grain_from_text(exact, n, &g) ) check_grain(g, 0, zone);
  free(exact);
}

static void check_random_texts(int count){
  char text[64];
  compile_expressions();
  while( count-- > 0 ) check_random_text(text, random_text(text, (int)sizeof text));
  check(time_from_text(0, 0, 0, &(Instant){0}, 0)==TIME_UNPARSABLE, "no text at all");
  regfree(&dashes);
  regfree(&slashes);
  regfree(&decimals);
}

int main(int argc, char **argv){
  if( argc > 1 ) seed = strtoull(argv[1], 0, 10);
  check_every_day();
  check_random_instants(200000);
  check_time_texts();
  check_refused_times();
  check_zones();
  check_durations();
  check_grain_names();
  check_number_statuses();
  check_random_numbers(200000);
  check_extremes();
  check_random_texts(400000);
  printf("%ld passed, %ld failed\n", passed, failed);
  return failed ? 1 : 0;
}
