/*
** Civil dates, calendar periods and lengths of time, in integer arithmetic.
** Text is the business of timetext.c.
*/
#include "base/time/calendar.h"

#include <assert.h>
#include <math.h>

#define SECONDS_PER_DAY INT64_C(86400)

/* 0000-01-01T00:00:00Z, and the last microsecond of 9999. */
#define FIRST_INSTANT (INT64_C(-719528)*MICROS_PER_DAY)
#define LAST_INSTANT  (INT64_C(2932897)*MICROS_PER_DAY - 1)

/* The last Julian day that SQLite's own date functions know: the end of 9999. */
#define LAST_JULIAN_DAY 5373484.5
#define EPOCH_JULIAN_MILLIS INT64_C(210866760000000)

/* Seconds from here on (the year 5138) are far likelier milliseconds. */
#define FIRST_MILLISECONDS INT64_C(100000000000)

/* Wider than any use, and near enough that microseconds stay within 64 bits. */
#define DAY_LIMIT  INT64_C(100000000)
#define HOUR_LIMIT (DAY_LIMIT*24)

static int64_t floor_div(int64_t a, int64_t b){
  return a/b - (a%b < 0);
}

static int64_t within(int64_t v, int64_t low, int64_t high){
  return v < low ? low : v > high ? high : v;
}

static Instant supported(Instant t){
  return within(t, FIRST_INSTANT, LAST_INSTANT);
}

/* ------------------------------------------------------------------ civil dates */

/*
** A year that begins in March puts the leap day last, so that the days before a month
** are linear in the month, and 400 years are always 146097 days.  719468 days lie
** between 0000-03-01 and 1970-01-01.
** After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
*/
int64_t days_from_civil(int64_t year, int month, int day){
  int64_t y = year - (month <= 2);
  int64_t era = floor_div(y, 400);
  int yearOfEra = (int)(y - era*400);
  int monthFromMarch = month > 2 ? month - 3 : month + 9;
  int dayOfYear = (153*monthFromMarch + 2)/5 + day - 1;
  int dayOfEra = yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear;
  return era*146097 + dayOfEra - 719468;
}

/*
** The same calendar with its divisions turned into multiplications: a century is
** 146097/4 days, a year 1461/4 (2939745 is 2^32/1461, rounded up), a month 2141/2^16
** of the days.  After Cassio Neri and Lorenz Schneider, "Euclidean affine functions and
** their application to calendar algorithms" (2023).
*/
void civil_from_days(int64_t days, int64_t *year, int *month, int *day){
  int64_t quarterDays = (days + 719468)*4 + 3;
  int64_t century = floor_div(quarterDays, 146097);
  uint32_t ofCentury = (uint32_t)(quarterDays - century*146097) | 3;
  uint64_t years = UINT64_C(2939745)*ofCentury;
  uint32_t dayOfYear = (uint32_t)years/2939745/4;
  uint32_t months = 2141*dayOfYear + 197913;
  int inNextYear = dayOfYear >= 306;             /* January and February */
  *day = (int)((months & 0xffff)/2141) + 1;
  *month = (int)(months >> 16) - (inNextYear ? 12 : 0);
  *year = century*100 + (int64_t)(years >> 32) + inNextYear;
}

/* Months are numbered from January 1970, which is 0. */
static int64_t month_of_civil(int64_t year, int month){
  return (year - 1970)*12 + month - 1;
}

static int64_t month_start(int64_t monthNumber){
  int64_t years = floor_div(monthNumber, 12);
  return days_from_civil(1970 + years, (int)(monthNumber - years*12) + 1, 1);
}

/* Whole seconds first: adding the zone to microseconds could overflow. */
static int64_t wall_seconds(Instant t, int32_t zone){
  int64_t seconds = floor_div(t, MICROS_PER_SECOND);
  return seconds + zone_offset(zone, seconds);
}

int64_t day_of(Instant t, int32_t zone){
  return floor_div(wall_seconds(t, zone), SECONDS_PER_DAY);
}

int64_t time_of_day(Instant t, int32_t zone){
  int64_t seconds = floor_div(t, MICROS_PER_SECOND);
  int64_t wall = seconds + zone_offset(zone, seconds);
  return (wall - floor_div(wall, SECONDS_PER_DAY)*SECONDS_PER_DAY - seconds)*MICROS_PER_SECOND + t;
}

Instant end_of_day(Instant t, int32_t zone){
  return zone_first_instant(zone, (day_of(t, zone) + 1)*SECONDS_PER_DAY)*MICROS_PER_SECOND - 1;
}

/* --------------------------------------------------------- instants from numbers */

static int is_yyyymmdd(int64_t v){
  int64_t month = v/100%100, day = v%100;
  return v >= 19000101 && v <= 21001231
      && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static int is_clock(int64_t hhmm){ return hhmm/100 <= 23 && hhmm%100 <= 59; }

static int is_yyyymmddhhmmss(int64_t v){
  if( v >= INT64_C(19000101000000) ) return is_yyyymmdd(v/1000000) && is_clock(v/100%10000) && v%100 <= 60;
  return v > 0 && is_yyyymmdd(v/10000) && is_clock(v%10000);
}

TimeStatus time_on_calendar(double v, int real){
  int64_t whole = v >= 0 && v < 1e9 ? (int64_t)v : 0;
  if( whole >= 30000 && whole <= 80000 ) return TIME_SERIAL;
  if( (double)whole!=v ) return TIME_OK;
  if( whole >= 1900 && whole <= 2100 ) return TIME_YEAR;
  if( whole >= 190001 && whole <= 210012 && whole%100 >= 1 && whole%100 <= 12 ) return TIME_YYYYMM;
  return real && is_yyyymmdd(whole) ? TIME_YYYYMMDD : TIME_OK;
}

static TimeStatus checked(Instant t, Instant *out){
  if( t != supported(t) ) return TIME_OUT_OF_RANGE;
  *out = t;
  return TIME_OK;
}

static TimeStatus finer_than_seconds(double v){
  double size = fabs(v)/(double)FIRST_MILLISECONDS;
  if( size < 1e3 ) return TIME_MILLISECONDS;
  if( size < 1e6 ) return TIME_MICROSECONDS;
  return size < 1e9 ? TIME_NANOSECONDS : TIME_OUT_OF_RANGE;
}

TimeStatus time_from_integer(int64_t seconds, Instant *out){
  if( is_yyyymmdd(seconds) ) return TIME_YYYYMMDD;
  if( is_yyyymmddhhmmss(seconds) ) return TIME_YYYYMMDDHHMMSS;
  if( seconds <= -FIRST_MILLISECONDS || seconds >= FIRST_MILLISECONDS ) return finer_than_seconds((double)seconds);
  return checked(seconds*MICROS_PER_SECOND, out);
}

/* A Julian day near today resolves 40 microseconds: to the millisecond, as SQLite. */
static TimeStatus time_from_julian(double day, Instant *out){
  int64_t millis = (int64_t)(day*86400000.0 + 0.5);
  return checked((millis - EPOCH_JULIAN_MILLIS)*1000, out);
}

TimeStatus time_from_real(double v, Instant *out){
  double whole;
  if( !isfinite(v) ) return TIME_UNPARSABLE;
  if( v >= 0 && v <= LAST_JULIAN_DAY ) return time_from_julian(v, out);
  if( v >= 1e11 && v < 1e15 && v==floor(v) && is_yyyymmddhhmmss((int64_t)v) ) return TIME_YYYYMMDDHHMMSS;
  if( fabs(v) >= (double)FIRST_MILLISECONDS ) return finer_than_seconds(v);
  /* v - whole is exact, whereas v*1e6 would lose microseconds of distant years */
  whole = floor(v);
  return checked((int64_t)whole*MICROS_PER_SECOND
                 + (int64_t)((v - whole)*1e6 + 0.5), out);
}

/* --------------------------------------------------------------- lengths of time */

/* The estimate in floating point decides only what is far out of range. */
static Instant after_micros(Instant t, int64_t micros, int64_t k){
  double reach = (double)micros*(double)k;
  double span = 2.0*(double)(LAST_INSTANT - FIRST_INSTANT);
  if( reach > span ) return LAST_INSTANT;
  if( reach < -span ) return FIRST_INSTANT;
  return supported(t + micros*k);
}

static Instant after_months(Instant t, int64_t months, int64_t k, int32_t zone){
  double reach = (double)months*(double)k;
  int64_t wall = wall_seconds(t, zone);
  int64_t today = floor_div(wall, SECONDS_PER_DAY);
  int64_t year, target, then, nextMonth;
  int month, day;
  if( reach > 12*20000 ) return LAST_INSTANT;
  if( reach < -12*20000 ) return FIRST_INSTANT;
  civil_from_days(today, &year, &month, &day);
  target = month_of_civil(year, month) + months*k;
  then = month_start(target) + day - 1;
  if( day > 28 ){
    nextMonth = month_start(target + 1);
    if( then >= nextMonth ) then = nextMonth - 1;
  }
  if( zone < ZONE_NAMED ) return supported(t + (then - today)*MICROS_PER_DAY);
  wall += (then - today)*SECONDS_PER_DAY;
  return supported(zone_instant(zone, wall)*MICROS_PER_SECOND + (t - floor_div(t, MICROS_PER_SECOND)*MICROS_PER_SECOND));
}

Instant instant_after(Instant t, Duration d, int64_t k, int32_t zone){
  t = supported(t);
  if( d.months != 0 ) return after_months(t, d.months, k, zone);
  return after_micros(t, d.micros, k);
}

/* ------------------------------------------------------------------------ grains */

static int64_t month_of(int64_t days){
  int64_t year;
  int month, day;
  civil_from_days(days, &year, &month, &day);
  return month_of_civil(year, month);
}

/* 1970-01-01 was a Thursday: its week began three days earlier, on Monday; four or five days
** earlier, on Sunday or Saturday. */
int64_t grain_ordinal(Grain g, Instant t, int32_t zone){
  int64_t days;
  if( g.unit==GRAIN_HOUR ){
    return floor_div(floor_div(t, MICROS_PER_SECOND) + zone_hour_shift(zone), 3600);
  }
  days = floor_div(wall_seconds(t, zone), SECONDS_PER_DAY);
  switch( g.unit ){
    case GRAIN_HOUR: case GRAIN_DAY: return days;
    case GRAIN_WEEK:    return floor_div(days + 3 + g.days, 7);
    case GRAIN_MONTH:   return month_of(days);
    case GRAIN_QUARTER: return floor_div(month_of(days), 3);
    case GRAIN_YEAR:    return floor_div(month_of(days), 12);
    case GRAIN_DAYS:    break;
  }
  assert( g.unit==GRAIN_DAYS && g.days>=1 );
  return floor_div(days, g.days);
}

static int64_t start_day(Grain g, int64_t ordinal){
  switch( g.unit ){
    case GRAIN_HOUR:    return floor_div(ordinal, 24);
    case GRAIN_DAY:     return ordinal;
    case GRAIN_WEEK:    return ordinal*7 - 3 - g.days;
    case GRAIN_MONTH:   return month_start(ordinal);
    case GRAIN_QUARTER: return month_start(ordinal*3);
    case GRAIN_YEAR:    return month_start(ordinal*12);
    case GRAIN_DAYS:    break;
  }
  assert( g.unit==GRAIN_DAYS && g.days>=1 );
  return ordinal*within(g.days, 1, DAY_LIMIT);
}

Instant grain_start(Grain g, int64_t ordinal, int32_t zone){
  int64_t n = within(ordinal, -HOUR_LIMIT, HOUR_LIMIT);
  int64_t days = within(start_day(g, n), -DAY_LIMIT, DAY_LIMIT);
  if( g.unit==GRAIN_HOUR ) return (n*3600 - zone_hour_shift(zone))*MICROS_PER_SECOND;
  return zone_first_instant(zone, days*SECONDS_PER_DAY)*MICROS_PER_SECOND;
}

Duration grain_duration(Grain g){
  Duration d = {0, 0};
  switch( g.unit ){
    case GRAIN_HOUR:    d.micros = 3600*MICROS_PER_SECOND; break;
    case GRAIN_DAY:     d.micros = MICROS_PER_DAY; break;
    case GRAIN_WEEK:    d.micros = 7*MICROS_PER_DAY; break;
    case GRAIN_MONTH:   d.months = 1; break;
    case GRAIN_QUARTER: d.months = 3; break;
    case GRAIN_YEAR:    d.months = 12; break;
    case GRAIN_DAYS:    d.micros = within(g.days, 1, DAY_LIMIT)*MICROS_PER_DAY; break;
  }
  return d;
}
