/*
** Reading and writing of times, zones, durations and grains as text: see calendar.h.
** Bytes are compared as ASCII, since isspace() and the like follow the process's locale.
*/
#include "base/time/calendar.h"
#include "base/number/decimal.h"

#include <math.h>
#include <string.h>

/* 10,000 Gregorian years, the whole supported range. */
#define LONGEST_GRAIN_DAYS 3652425

/* A duration up to here can be added to any supported instant without overflow. */
#define LONGEST_DURATION_DAYS 100000000
#define LONGEST_DURATION_MONTHS (12*273790)

#define LARGEST_ZONE (14*3600)

/* -------------------------------------------------------------------- the scanner */

/* What is left to read.  A read_ function returns 1 and moves on, or returns 0. */
typedef struct Text { const char *at, *end; } Text;

static int is_digit(char c){ return c >= '0' && c <= '9'; }
static int is_space(char c){ return c==' ' || (c >= '\t' && c <= '\r'); }
static int at_end(const Text *in){ return in->at >= in->end; }
static int next_is(const Text *in, char c){ return !at_end(in) && *in->at==c; }
static int next_is_digit(const Text *in){ return !at_end(in) && is_digit(*in->at); }

static void skip_spaces(Text *in){
  while( !at_end(in) && is_space(*in->at) ) in->at++;
}

static Text trimmed(const char *text, int n){
  Text in;
  in.at = text ? text : "";
  in.end = in.at + (text && n > 0 ? n : 0);
  skip_spaces(&in);
  while( in.end > in.at && is_space(in.end[-1]) ) in.end--;
  return in;
}

static int read_char(Text *in, char c){
  if( !next_is(in, c) ) return 0;
  in->at++;
  return 1;
}

/* One or two digits. */
static int read_field(Text *in, int *value){
  if( !next_is_digit(in) ) return 0;
  *value = *in->at++ - '0';
  if( next_is_digit(in) ) *value = *value*10 + (*in->at++ - '0');
  return 1;
}

static int read_pair(Text *in, int *value){
  const char *from = in->at;
  return read_field(in, value) && in->at - from==2;
}

/* `name`, in any case, with or without the s of the plural, and nothing after it. */
static int is_word(const Text *in, const char *name){
  size_t n = (size_t)(in->end - in->at), length = strlen(name), i;
  if( n==length+1 && (in->end[-1] | 0x20)=='s' ) n--;
  if( n != length ) return 0;
  for(i=0; i<n; i++){
    if( (in->at[i] | 0x20) != name[i] ) return 0;
  }
  return 1;
}

/* ------------------------------------------------------------------------ numbers */

static int read_number(Text *in, Decimal *out){
  int used = decimal_read(in->at, (int)(in->end - in->at), out);
  in->at += used;
  return used > 0;
}

/* -------------------------------------------------------------------------- times */

static int is_leap(int year){
  return year%4==0 && (year%100 != 0 || year%400==0);
}

static int is_civil(int year, int month, int day){
  if( month < 1 || month > 12 || day < 1 || day > 31 ) return 0;
  if( month==2 ) return day <= 28 || (day==29 && is_leap(year));
  return day <= 30 + ((month + (month > 7)) & 1);     /* July and August both have 31 */
}

/* The value of two digits at fixed places, or 100. */
static int pair_at(const char *p){
  unsigned tens = (unsigned)(p[0] - '0'), ones = (unsigned)(p[1] - '0');
  return tens > 9 || ones > 9 ? 100 : (int)(tens*10 + ones);
}

/* YYYY-MM-DD, which nearly all dates are, without a step for each byte. */
static int read_full_date(Text *in, int *year, int *month, int *day){
  const char *p = in->at;
  int century, yearOfCentury;
  if( in->end - p < 10 || p[4]!='-' || p[7]!='-' ) return 0;
  century = pair_at(p);
  yearOfCentury = pair_at(p + 2);
  *month = pair_at(p + 5);
  *day = pair_at(p + 8);
  if( century==100 || yearOfCentury==100 || *day==100 ) return 0;
  *year = century*100 + yearOfCentury;
  in->at = p + 10;
  return 1;
}

/* YYYY-M-D or YYYY/M/D; both separators are the same. */
static int read_any_date(Text *in, int *year, int *month, int *day){
  int century, yearOfCentury;
  char separator;
  if( in->end - in->at < 8 ) return 0;
  separator = in->at[4];
  if( separator!='-' && separator!='/' ) return 0;
  if( !read_pair(in, &century) || !read_pair(in, &yearOfCentury) ) return 0;
  if( !read_char(in, separator) || !read_field(in, month) ) return 0;
  if( !read_char(in, separator) || !read_field(in, day) ) return 0;
  *year = century*100 + yearOfCentury;
  return 1;
}

static int read_date(Text *in, int *year, int64_t *days){
  int month, day;
  if( !read_full_date(in, year, &month, &day)
   && !read_any_date(in, year, &month, &day) ) return 0;
  if( !is_civil(*year, month, day) ) return 0;
  *days = days_from_civil(*year, month, day);
  return 1;
}

/* One or more digits of a second, cut off (not rounded) at microseconds. */
static int read_fraction(Text *in, int64_t *micros){
  int64_t place = MICROS_PER_SECOND/10;
  if( !next_is_digit(in) ) return 0;
  for(; next_is_digit(in); in->at++, place /= 10) *micros += place*(*in->at - '0');
  return 1;
}

/* HH:MM:SS, as read_full_date. */
static int read_full_clock(Text *in, int *hour, int *minute, int *second){
  const char *p = in->at;
  if( in->end - p < 8 || p[2]!=':' || p[5]!=':' ) return 0;
  *hour = pair_at(p);
  *minute = pair_at(p + 3);
  *second = pair_at(p + 6);
  in->at = p + 8;
  return 1;
}

/* H:MM[:SS]; *second is -1 when there is none. */
static int read_any_clock(Text *in, int *hour, int *minute, int *second){
  *second = -1;
  if( !read_field(in, hour) || !read_char(in, ':') ) return 0;
  if( !read_pair(in, minute) ) return 0;
  return !read_char(in, ':') || read_pair(in, second);
}

static int read_clock(Text *in, int64_t *micros){
  int hour, minute, second;
  int64_t fraction = 0;
  if( !read_full_clock(in, &hour, &minute, &second)
   && !read_any_clock(in, &hour, &minute, &second) ) return 0;
  if( second < 0 ) second = 0;
  else if( read_char(in, '.') && !read_fraction(in, &fraction) ) return 0;
  if( hour > 23 || minute > 59 || second > 60 ) return 0;
  if( second==60 ) second = 59;                   /* a leap second */
  *micros = (hour*3600 + minute*60 + second)*MICROS_PER_SECOND + fraction;
  return 1;
}

/* Z, or a sign and H:MM, HH:MM or HHMM */
static int read_zone(Text *in, int32_t *zone){
  int hours, minutes, seconds, west = next_is(in, '-');
  if( read_char(in, 'Z') || read_char(in, 'z') ){
    *zone = 0;
    return 1;
  }
  if( !read_char(in, '+') && !read_char(in, '-') ) return 0;
  if( !read_field(in, &hours) ) return 0;
  read_char(in, ':');
  if( !read_pair(in, &minutes) || minutes > 59 ) return 0;
  seconds = hours*3600 + minutes*60;
  if( seconds > LARGEST_ZONE ) return 0;
  *zone = west ? -seconds : seconds;
  return 1;
}

/* What follows a date: a time of day, and perhaps its zone, to the end of the text. */
static int read_rest(Text *in, int64_t *micros, int32_t *zone){
  if( !read_char(in, 'T') ){
    if( !is_space(*in->at) ) return 0;
    skip_spaces(in);
  }
  if( !read_clock(in, micros) ) return 0;
  if( at_end(in) ) return 1;
  skip_spaces(in);
  return read_zone(in, zone) && at_end(in);
}

static TimeStatus time_from_number_text(Text in, Instant *out){
  Decimal number;
  if( !read_number(&in, &number) || !at_end(&in) ) return TIME_UNPARSABLE;
  if( number.isInteger ) return time_from_integer(number.integer, out);
  return time_from_real(number.real, out);
}

/* Only a zone can carry a time of the first or last year out of the supported ones, or off the
** wall clock on which it will be shown. */
static int zone_leaves_range(int yearRead, Instant t, int32_t shown){
  return (yearRead==0 || yearRead==9999) && (!time_has_text(t, 0) || !time_has_text(t, shown));
}

static inline Instant instant_of_wall(int64_t wall, int32_t zone){
  int64_t seconds;
  if( zone < ZONE_NAMED ) return wall - zone*MICROS_PER_SECOND;
  seconds = wall/MICROS_PER_SECOND - (wall%MICROS_PER_SECOND < 0);
  return zone_instant(zone, seconds)*MICROS_PER_SECOND + (wall - seconds*MICROS_PER_SECOND);
}

TimeStatus time_from_text(const char *text, int n, int32_t zone, Instant *out,
                          int *dateOnly){
  Text all = trimmed(text, n), in = all;
  int32_t shown = zone;
  int64_t days, micros = 0;
  int year, hasClock;
  Instant t;
  if( dateOnly ) *dateOnly = 0;
  if( !read_date(&in, &year, &days) ) return time_from_number_text(all, out);
  hasClock = !at_end(&in);
  if( hasClock && !read_rest(&in, &micros, &zone) ) return TIME_UNPARSABLE;
  t = instant_of_wall(days*MICROS_PER_DAY + micros, zone);
  if( zone_leaves_range(year, t, shown) ) return TIME_OUT_OF_RANGE;
  if( dateOnly ) *dateOnly = !hasClock;
  *out = t;
  return TIME_OK;
}

int zone_from_text(const char *text, int n, int32_t *zone){
  Text all = trimmed(text, n), in = all;
  int32_t value;
  if( !read_zone(&in, &value) || !at_end(&in) ) return zone_from_name(all.at, (int)(all.end - all.at), zone);
  *zone = value;
  return 1;
}

/* ------------------------------------------------------------ durations and grains */

/* The day comes first: it is the unit of a bare number. */
static const struct { const char *name; Duration length; } units[] = {
  {"day",    {0, INT64_C(86400000000)}},
  {"second", {0, INT64_C(1000000)}},
  {"minute", {0, INT64_C(60000000)}},
  {"hour",   {0, INT64_C(3600000000)}},
  {"week",   {0, INT64_C(604800000000)}},
  {"month",  {1, 0}},
  {"year",   {12, 0}},
};

/* n times a unit.  The whole part is multiplied in integers to stay exact. */
static int multiple(double n, Duration unit, Duration *out){
  double whole = floor(n);
  double size = (double)unit.micros, limit = (double)LONGEST_DURATION_DAYS*86400e6;
  if( !(n >= 0) ) return 0;
  if( unit.months ){
    if( n != whole || n > (double)(LONGEST_DURATION_MONTHS/unit.months) ) return 0;
    out->months = (int64_t)n*unit.months;
    out->micros = 0;
    return 1;
  }
  if( n*size > limit ) return 0;
  out->months = 0;
  out->micros = (int64_t)whole*unit.micros + (int64_t)((n - whole)*size + 0.5);
  return 1;
}

int duration_from_days(double days, Duration *out){
  return multiple(days, units[0].length, out);
}

/* A number and its unit, which is the day where there is none. */
static int read_duration(const char *text, int n, double *number, Duration *unit){
  Text in = trimmed(text, n);
  Decimal read;
  size_t i;
  if( next_is(&in, '-') || !read_number(&in, &read) ) return 0;
  *number = read.real;
  *unit = units[0].length;
  if( at_end(&in) ) return 1;
  skip_spaces(&in);
  for(i=0; i<sizeof units/sizeof units[0]; i++){
    if( !is_word(&in, units[i].name) ) continue;
    *unit = units[i].length;
    return 1;
  }
  return 0;
}

int duration_from_text(const char *text, int n, Duration *out){
  double number;
  Duration unit;
  return read_duration(text, n, &number, &unit) && multiple(number, unit, out);
}

DurationFault duration_fault(const char *text, int n){
  double number;
  Duration unit;
  if( !read_duration(text, n, &number, &unit) ) return DURATION_UNREADABLE;
  return unit.months && number!=floor(number) ? DURATION_PART_OF_MONTH : DURATION_TOO_LONG;
}

const char *duration_fault_said(DurationFault fault){
  switch( fault ){
    case DURATION_TOO_LONG: return "is longer than the 100,000,000 days that a duration may have";
    case DURATION_PART_OF_MONTH: return "is no duration; months and years are whole numbers";
    default: return 0;
  }
}

/* In the order of GrainUnit. */
static const char *const grainNames[] = {
  "hour", "day", "week", "month", "quarter", "year"
};

/* By how many days before Monday. */
#define WEEK_DAYS 3
static const char *const weekBegins[WEEK_DAYS] = { "monday", "sunday", "saturday" };

static int read_days_grain(Text *in, Grain *out){
  Decimal number;
  int64_t days;
  if( !read_number(in, &number) || !number.isInteger ) return 0;
  days = number.integer;
  if( days < 1 || days > LONGEST_GRAIN_DAYS ) return 0;
  skip_spaces(in);
  if( !is_word(in, "day") ) return 0;
  out->unit = GRAIN_DAYS;
  out->days = days;
  return 1;
}

/* week:DAY */
static int read_week_grain(Text *in, Grain *out){
  static const struct { const char *name; int length; } week = { "week:", 5 };
  int i;
  for(i=0; i<week.length; i++){
    if( in->end - in->at <= i || (in->at[i] | 0x20) != (week.name[i] | 0x20) ) return 0;
  }
  in->at += week.length;
  for(i=0; i<WEEK_DAYS; i++){
    if( !is_word(in, weekBegins[i]) ) continue;
    out->unit = GRAIN_WEEK;
    out->days = i;
    return 1;
  }
  return 0;
}

int grain_from_text(const char *text, int n, Grain *out){
  Text in = trimmed(text, n);
  int i;
  for(i=GRAIN_HOUR; i<=GRAIN_YEAR; i++){
    if( is_word(&in, grainNames[i]) ){
      out->unit = (GrainUnit)i;
      out->days = 0;
      return 1;
    }
  }
  return read_week_grain(&in, out) || read_days_grain(&in, out);
}

/* ------------------------------------------------------------------------ writing */

/* At least `width` digits; returns where the next byte goes. */
static char *put(char *p, int64_t value, int width){
  char *end, *at;
  int64_t rest = value;
  for(at = p; width > 0 || rest > 0; width--, rest /= 10) at++;
  for(end = at; at > p; value /= 10) *--at = (char)('0' + value%10);
  return end;
}

/* 0 ... 99 in two digits. */
static inline char *put_pair(char *p, int value){
  static const char PAIRS[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
    "4950515253545556575859606162636465666768697071727374757677787980818283848586878889909192939495969798"
    "99";
  memcpy(p, PAIRS + 2*value, 2);
  return p + 2;
}

static char *put_date(char *p, int64_t days){
  int64_t year;
  int month, day;
  civil_from_days(days, &year, &month, &day);
  p = put_pair(put_pair(p, (int)year/100), (int)year%100);
  *p++ = '-';
  p = put_pair(p, month);
  *p++ = '-';
  return put_pair(p, day);
}

static inline char *put_clock(char *p, int secondOfDay){
  int minutes = secondOfDay/60;
  *p++ = ' ';
  p = put_pair(p, minutes/60);
  *p++ = ':';
  p = put_pair(p, minutes%60);
  *p++ = ':';
  return put_pair(p, secondOfDay - minutes*60);
}

static char *put_fraction(char *p, int micros){
  *p++ = '.';
  return micros%1000 ? put(p, micros, 6) : put(p, micros/1000, 3);
}

/* A wall clock taken apart. */
typedef struct Wall { int64_t days; int second, micros; } Wall;

/* Days of four-digit years, whose dates are all of one length. */
#define FIRST_DAY (-719528)
#define LAST_DAY 2932896
#define DATE_LENGTH 10

static Wall wall_within(const Wall *w){
  static const Wall first = { FIRST_DAY, 0, 0 }, last = { LAST_DAY, 86399, 999999 };
  return w->days < FIRST_DAY ? first : last;
}

static inline Wall wall_of(Instant t, int32_t zone){
  int64_t micros = t%MICROS_PER_SECOND, seconds = t/MICROS_PER_SECOND;
  Wall w;
  if( micros < 0 ){
    micros += MICROS_PER_SECOND;
    seconds--;
  }
  seconds += zone_offset(zone, seconds);
  w.days = seconds/86400 - (seconds%86400 < 0);
  w.second = (int)(seconds - w.days*86400);
  w.micros = (int)micros;
  return w.days < FIRST_DAY || w.days > LAST_DAY ? wall_within(&w) : w;
}

/* The date stands there already. */
static inline int end_time(char *out, char *p, const Wall *w){
  p = put_clock(p, w->second);
  if( w->micros ) p = put_fraction(p, w->micros);
  *p = 0;
  return (int)(p - out);
}

int time_text(Instant t, int32_t zone, char out[TIME_TEXT_SIZE]){
  Wall w = wall_of(t, zone);
  return end_time(out, put_date(out, w.days), &w);
}

int time_text_kept(DateTexts *dates, Instant t, int32_t zone, char out[TIME_TEXT_SIZE]){
  Wall w = wall_of(t, zone);
  size_t at = (uint64_t)w.days % DATE_SLOTS;
  if( dates->slot[at].day!=w.days || dates->slot[at].text[0]==0 ){
    dates->slot[at].day = (int32_t)w.days;
    put_date(dates->slot[at].text, w.days);
  }
  memcpy(out, dates->slot[at].text, DATE_LENGTH);
  return end_time(out, out + DATE_LENGTH, &w);
}

int time_has_text(Instant t, int32_t zone){
  int64_t day = day_of(t, zone);
  return day >= FIRST_DAY && day <= LAST_DAY;
}

int date_text(Instant t, int32_t zone, char out[TIME_TEXT_SIZE]){
  char *p = put_date(out, wall_of(t, zone).days);
  *p = 0;
  return (int)(p - out);
}

int grain_text(Grain g, Instant t, int32_t zone, char out[TIME_TEXT_SIZE]){
  return g.unit==GRAIN_HOUR ? time_text(t, zone, out) : date_text(t, zone, out);
}
