/*
** parse_time: see parse.h.  A date in one of its forms, then perhaps a time of day, then perhaps
** a zone; days of the week may stand anywhere and say nothing.
**
**   2024-03-02  2024/3/2  2024.3.2  2024年3月2日  20240302            year first
**   02/03/2024  2-3-2024  02.03.2024                                 which is the day: 25 cannot be a
**        month; else `order` says, and without it there is no reading (but 05/05/2024)
**   2 Mar 2024  Mar 2, 2024  2-Mar-24                                the month by its name
**   15:05  15:05:07.25  3:05 PM  下午3:05  15时5分  15点  24:00:00    (24:00 is the next day's beginning)
**   Z  UTC  GMT+8  +08:00  -0500  +00  PST
**   45296  45296.42                                                  days of a spreadsheet, 30000 to 80000
**   1709370000  1709370000000                                        seconds, milli-, micro-, nanoseconds since 1970
**   2568-03-04                                                       a year of the Buddhist era, 2443 to 2643
** What cannot be read so is read once more as time_words.c says it.
*/
#include "base/memory.h"
#include "base/time/calendar.h"
#include "metric/import/cell_text.h"
#include "metric/import/parse.h"

#include <math.h>
#include <string.h>

typedef struct TimeText { const unsigned char *z; int n; } TimeText;       /* what is left to read */

typedef struct ParsedTime {
  int64_t year;
  int month, day;
  int hasClock, hour, minute, second;
  int fractionDigits, micros;
  int hasZone, zone;           /* minutes east */
} ParsedTime;

int day_order_from_text(const char *text, int n, DayOrder *order){
  static const char *const NAMES[] = { "", "dmy", "mdy", "ymd" };
  int i;
  for(i=ORDER_DMY; i<=ORDER_YMD; i++){
    if( n==3 && sqlite3_strnicmp(text, NAMES[i], 3)==0 ){ *order = (DayOrder)i; return 1; }
  }
  return 0;
}

/* ---- reading ---- */

static int tt_digit(const TimeText *t, int i){ return i < t->n && t->z[i] >= '0' && t->z[i] <= '9'; }
static int tt_letter(const TimeText *t, int i){ return i < t->n && ((t->z[i] | 0x20) >= 'a' && (t->z[i] | 0x20) <= 'z'); }

static void tt_skip(TimeText *t, int k){ t->z += k; t->n -= k; }

static int tt_take(TimeText *t, unsigned char c){
  if( t->n==0 || *t->z!=c ) return 0;
  tt_skip(t, 1);
  return 1;
}

static int tt_digits(const TimeText *t){
  int k = 0;
  while( tt_digit(t, k) ) k++;
  return k;
}

/* A number of at most `most` digits: how many, or 0. */
static int tt_number(TimeText *t, int most, int *out){
  int k = tt_digits(t), i;
  if( k==0 || k > most ) return 0;
  for(*out=0, i=0; i<k; i++) *out = *out*10 + (t->z[i] - '0');
  tt_skip(t, k);
  return k;
}

static int tt_word(TimeText *t, const char *word){
  int k = (int)strlen(word);
  if( t->n < k || sqlite3_strnicmp((const char*)t->z, word, k)!=0 || tt_letter(t, k) ) return 0;
  tt_skip(t, k);
  return 1;
}

static const char *const MONTH_NAMES[12] = { "january", "february", "march", "april", "may", "june", "july", "august",
                                             "september", "october", "november", "december" };
static const char *const WEEKDAY_NAMES[7] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };

/* Months of German, French, Spanish, Italian, Portuguese and Dutch, without their accents. */
static const struct { const char *name; int month; } FOREIGN_MONTHS[] = {
  { "januar", 1 }, { "janvier", 1 }, { "janv", 1 }, { "enero", 1 }, { "ene", 1 }, { "gennaio", 1 }, { "gen", 1 }, { "janeiro", 1 }, { "januari", 1 },
  { "februar", 2 }, { "fevrier", 2 }, { "fevr", 2 }, { "fev", 2 }, { "febrero", 2 }, { "febbraio", 2 }, { "fevereiro", 2 }, { "februari", 2 },
  { "marz", 3 }, { "mrz", 3 }, { "mars", 3 }, { "marzo", 3 }, { "marco", 3 }, { "maart", 3 }, { "mrt", 3 },
  { "avril", 4 }, { "avr", 4 }, { "abril", 4 }, { "abr", 4 }, { "aprile", 4 },
  { "mai", 5 }, { "mayo", 5 }, { "maggio", 5 }, { "mag", 5 }, { "maio", 5 }, { "mei", 5 },
  { "juni", 6 }, { "juin", 6 }, { "junio", 6 }, { "giugno", 6 }, { "giu", 6 }, { "junho", 6 },
  { "juli", 7 }, { "juillet", 7 }, { "juil", 7 }, { "julio", 7 }, { "luglio", 7 }, { "lug", 7 }, { "julho", 7 },
  { "aout", 8 }, { "agosto", 8 }, { "ago", 8 }, { "augustus", 8 },
  { "septembre", 9 }, { "septiembre", 9 }, { "setiembre", 9 }, { "settembre", 9 }, { "set", 9 }, { "setembro", 9 },
  { "oktober", 10 }, { "okt", 10 }, { "octobre", 10 }, { "octubre", 10 }, { "ottobre", 10 }, { "ott", 10 }, { "outubro", 10 }, { "out", 10 },
  { "novembre", 11 }, { "noviembre", 11 }, { "novembro", 11 },
  { "dezember", 12 }, { "dez", 12 }, { "decembre", 12 }, { "diciembre", 12 }, { "dic", 12 }, { "dicembre", 12 }, { "dezembro", 12 }
};

/* The month whose foreign name begins here, or 0. */
static int tt_foreign_month(const TimeText *t, int *bytes){
  int k = 0;
  size_t i;
  while( tt_letter(t, k) ) k++;
  for(i=0; i<sizeof FOREIGN_MONTHS/sizeof FOREIGN_MONTHS[0]; i++){
    if( (int)strlen(FOREIGN_MONTHS[i].name)!=k || sqlite3_strnicmp((const char*)t->z, FOREIGN_MONTHS[i].name, k)!=0 ) continue;
    *bytes = k + (k < t->n && t->z[k]=='.');
    return FOREIGN_MONTHS[i].month;
  }
  return 0;
}

/* The number 1 ... of the name that begins here, whole or in its first 3 letters (sept, tues,
** thur, thurs too); *bytes its length, a full stop included. */
static int tt_name(const TimeText *t, const char *const *names, int count, int *bytes){
  int k = 0, i;
  while( tt_letter(t, k) ) k++;
  if( k < 3 ) return 0;
  for(i=0; i<count; i++){
    int whole = (int)strlen(names[i]);
    if( k > whole || sqlite3_strnicmp((const char*)t->z, names[i], k)!=0 ) continue;
    if( k!=whole && k!=3 && !(k <= 5 && (names[i][0]=='t' || names[i][0]=='s')) ) continue;
    *bytes = k + (k < t->n && k!=whole && t->z[k]=='.');
    return i + 1;
  }
  return 0;
}

/* Blanks, commas and days of the week. */
static void tt_gap(TimeText *t){
  for(;;){
    int bytes;
    if( t->n && (*t->z==' ' || *t->z==',' || *t->z==SIGN_WEEKDAY) ) tt_skip(t, 1);
    else if( t->n >= 3 && *t->z=='(' && t->z[1]==SIGN_WEEKDAY && t->z[2]==')' ) tt_skip(t, 3);
    else if( tt_name(t, WEEKDAY_NAMES, 7, &bytes) ) tt_skip(t, bytes);
    else return;
  }
}

/* ---- the date ---- */

static int full_year(int year, int digits){
  if( digits==4 ) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

static int date_is_civil(const ParsedTime *p){
  static const int DAYS[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  int leap = p->year%4==0 && (p->year%100!=0 || p->year%400==0);
  if( p->year < 1 || p->year > 9999 || p->month < 1 || p->month > 12 || p->day < 1 ) return 0;
  return p->day <= DAYS[p->month-1] + (leap && p->month==2);
}

/* Years of the Buddhist era are 543 more, and those of nobody's orders otherwise. */
#define FIRST_BUDDHIST 2443
#define LAST_BUDDHIST 2643

static int date_set(ParsedTime *p, int year, int month, int day){
  p->year = year >= FIRST_BUDDHIST && year <= LAST_BUDDHIST ? year - 543 : year;
  p->month = month;
  p->day = day;
  return date_is_civil(p);
}

/* year, month and day as they stand: 2024年3月2日 or with one separator; the last sign may lack. */
static int date_year_first(TimeText *t, ParsedTime *p){
  TimeText in = *t;
  int year, month, day, digits;
  unsigned char mark;
  digits = tt_number(&in, 4, &year);
  if( digits!=4 && !(digits==2 && in.n && *in.z==SIGN_YEAR) ) return 0;
  if( in.n==0 || !strchr("-/.\x81", *in.z) ) return 0;
  mark = *in.z;
  tt_skip(&in, 1);
  if( mark==SIGN_YEAR ) while( tt_take(&in, ' ') ){}
  if( !tt_number(&in, 2, &month) || !tt_take(&in, mark==SIGN_YEAR ? SIGN_MONTH : mark) ) return 0;
  if( mark==SIGN_YEAR ) while( tt_take(&in, ' ') ){}
  if( !tt_number(&in, 2, &day) ) return 0;
  if( mark==SIGN_YEAR && !tt_take(&in, SIGN_DAY) ) return 0;
  *t = in;
  return date_set(p, full_year(year, digits), month, day);
}

/* 20240302, perhaps with the digits of a time of day behind it. */
static int date_compact(TimeText *t, ParsedTime *p){
  int k = tt_digits(t), v[7], i;
  if( k!=8 && k!=12 && k!=14 ) return 0;
  if( t->z[0]!='1' && t->z[0]!='2' ) return 0;
  for(i=0; i<k/2; i++) v[i] = (t->z[2*i] - '0')*10 + (t->z[2*i+1] - '0');
  if( v[0]*100 + v[1] < 1900 || v[0]*100 + v[1] > 2100 ) return 0;
  if( !date_set(p, v[0]*100 + v[1], v[2], v[3]) ) return 0;
  tt_skip(t, k);
  if( k==8 ) return 1;
  p->hasClock = 1;
  p->hour = v[4];
  p->minute = v[5];
  p->second = k==14 ? v[6] : 0;
  return 1;
}

/* a/b/year, a-b-year, a.b.year; with `order` the year may have two digits, and stand first. */
static int date_year_last(TimeText *t, ParsedTime *p, DayOrder order){
  TimeText in = *t;
  int a, b, c, first, digits;
  unsigned char mark;
  first = tt_number(&in, 2, &a);
  if( first==0 || in.n==0 || !strchr("-/.", *in.z) ) return 0;
  mark = *in.z;
  tt_skip(&in, 1);
  if( !tt_number(&in, 2, &b) || !tt_take(&in, mark) ) return 0;
  digits = tt_number(&in, 4, &c);
  if( digits!=2 && digits!=4 && !(digits==1 && order==ORDER_YMD) ) return 0;
  if( digits==2 && order==ORDER_UNKNOWN ) return 0;
  *t = in;
  if( order==ORDER_YMD ) return digits<=2 && first==2 && date_set(p, full_year(a, 2), b, c);
  if( order==ORDER_DMY ) return date_set(p, full_year(c, digits), b, a);
  if( order==ORDER_MDY ) return date_set(p, full_year(c, digits), a, b);
  if( a > 12 || a==b ) return date_set(p, c, b, a);
  return b > 12 && date_set(p, c, a, b);
}

static void tt_ordinal(TimeText *t){
  if( !tt_word(t, "st") && !tt_word(t, "nd") && !tt_word(t, "rd") ) (void)tt_word(t, "th");
}

static void tt_date_mark(TimeText *t){
  while( t->n && strchr(" ,-/.", *t->z) ) tt_skip(t, 1);
}

/* 2 Mar 2024, Mar 2, 2024, 2-Mar-24, Mar 2 10:03:00 2024 (the year behind the clock: not read). */
static int date_by_name(TimeText *t, ParsedTime *p){
  TimeText in = *t;
  int day = 0, month, year, digits, bytes, dayFirst = tt_digit(&in, 0);
  if( dayFirst ){
    if( !tt_number(&in, 2, &day) ) return 0;
    tt_ordinal(&in);
    tt_date_mark(&in);
    if( tt_word(&in, "of") || tt_word(&in, "de") ) tt_date_mark(&in);
  }
  month = tt_name(&in, MONTH_NAMES, 12, &bytes);
  if( month==0 ) month = tt_foreign_month(&in, &bytes);
  if( month==0 ) return 0;
  tt_skip(&in, bytes);
  tt_date_mark(&in);
  if( tt_word(&in, "de") ) tt_date_mark(&in);
  if( !dayFirst ){
    if( !tt_number(&in, 2, &day) ) return 0;
    tt_ordinal(&in);
    tt_date_mark(&in);
  }
  digits = tt_number(&in, 4, &year);
  if( digits!=4 && digits!=2 ) return 0;
  *t = in;
  return date_set(p, full_year(year, digits), month, day);
}

/* ---- the time of day ---- */

enum { HALF_NONE, HALF_AM, HALF_PM, HALF_NOON, HALF_NIGHT };

static int tt_half(TimeText *t){
  TimeText in = *t;
  while( tt_take(&in, ' ') ){}
  if( in.n && *in.z >= SIGN_MORNING && *in.z <= SIGN_NIGHT ){
    int half = *in.z - SIGN_MORNING + HALF_AM;
    tt_skip(&in, 1);
    *t = in;
    return half;
  }
  if( tt_word(&in, "am") || tt_word(&in, "a.m.") ){ *t = in; return HALF_AM; }
  if( tt_word(&in, "pm") || tt_word(&in, "p.m.") ){ *t = in; return HALF_PM; }
  return HALF_NONE;
}

/* Noon is 12 or 1, night 6 to 11 and the 12 that ends the day. */
static int half_applied(int half, int *hour, int hasMinutes){
  switch( half ){
    case HALF_NONE: return 1;
    case HALF_AM: if( *hour > 12 ) return 0; if( *hour==12 ) *hour = 0; return 1;
    case HALF_NOON: if( *hour==1 || *hour==2 ) *hour += 12; return *hour >= 11 && *hour <= 14;
    case HALF_NIGHT: if( *hour==12 && hasMinutes ) return 0; if( *hour==12 ) *hour = 24; else if( *hour < 12 ) *hour += 12; return *hour >= 17;
    default: if( *hour < 12 ) *hour += 12; return *hour <= 23;
  }
}

static void tt_fraction(TimeText *t, ParsedTime *p){
  int place = 100000;
  if( t->n < 2 || (*t->z!='.' && *t->z!=',') || !tt_digit(t, 1) ) return;
  tt_skip(t, 1);
  for(; tt_digit(t, 0); tt_skip(t, 1), place /= 10){
    p->micros += (*t->z - '0')*place;
    if( p->fractionDigits < 6 ) p->fractionDigits++;
  }
}

/* H:MM[:SS[.fraction]] or 15时5分7秒. */
static int tt_clock(TimeText *t, ParsedTime *p){
  TimeText in = *t;
  int half = tt_half(&in), after, chinese, hasMinutes = 0;
  while( tt_take(&in, ' ') ){}
  if( !tt_number(&in, 2, &p->hour) || in.n==0 || (*in.z!=':' && *in.z!=SIGN_HOUR) ) return 0;
  chinese = *in.z==SIGN_HOUR;
  tt_skip(&in, 1);
  while( chinese && in.n > 1 && *in.z==' ' && tt_digit(&in, 1) ) tt_skip(&in, 1);
  if( tt_digit(&in, 0) ){
    int digits = tt_number(&in, 2, &p->minute);
    if( digits==0 || (!chinese && digits!=2) ) return 0;
    hasMinutes = p->minute!=0;
    if( chinese && !tt_take(&in, SIGN_MINUTE) && in.n ) return 0;
    if( (chinese && tt_digit(&in, 0)) || (!chinese && tt_take(&in, ':')) ){
      if( !tt_number(&in, 2, &p->second) ) return 0;
      if( chinese && !tt_take(&in, SIGN_SECOND) ) return 0;
      tt_fraction(&in, p);
    }
  }else if( !chinese ) return 0;
  after = tt_half(&in);
  if( half && after ) return 0;
  p->hasClock = 1;
  *t = in;
  return half_applied(half ? half : after, &p->hour, hasMinutes || p->second);
}

/* ---- the zone ---- */

static const struct { const char *name; int minutes; } ZONE_WORDS[] = {
  { "utc", 0 }, { "gmt", 0 }, { "z", 0 }, { "est", -300 }, { "edt", -240 }, { "mst", -420 }, { "mdt", -360 }, { "pst", -480 },
  { "pdt", -420 }, { "cet", 60 }, { "cest", 120 }, { "eet", 120 }, { "eest", 180 }, { "jst", 540 }, { "hkt", 480 }, { "sgt", 480 }, { "kst", 540 }, { "wib", 420 }, { "ict", 420 }
};

/* +8, +08, +0800, +08:00 */
static int tt_offset(TimeText *t, int *minutes){
  TimeText in = *t;
  int west, k, hours, rest = 0;
  if( in.n < 2 || (*in.z!='+' && *in.z!='-') || !tt_digit(&in, 1) ) return 0;
  west = *in.z=='-';
  tt_skip(&in, 1);
  k = tt_digits(&in);
  if( k==4 ){
    hours = (in.z[0] - '0')*10 + (in.z[1] - '0');
    rest = (in.z[2] - '0')*10 + (in.z[3] - '0');
    tt_skip(&in, 4);
  }else{
    if( k > 2 || !tt_number(&in, 2, &hours) ) return 0;
    if( tt_take(&in, ':') && tt_number(&in, 2, &rest)!=2 ) return 0;
  }
  if( rest > 59 || hours*60 + rest > 14*60 ) return 0;
  *t = in;
  *minutes = (west ? -1 : 1)*(hours*60 + rest);
  return 1;
}

/* 0 when something else stands there. */
static int tt_zone(TimeText *t, ParsedTime *p){
  size_t i;
  if( tt_offset(t, &p->zone) ) return p->hasZone = 1;
  for(i=0; i<sizeof ZONE_WORDS/sizeof ZONE_WORDS[0]; i++){
    if( !tt_word(t, ZONE_WORDS[i].name) ) continue;
    p->zone = ZONE_WORDS[i].minutes;
    p->hasZone = 1;
    if( i < 2 ) (void)tt_offset(t, &p->zone);          /* UTC+8 */
    return 1;
  }
  return 0;
}

/* ---- all of it ---- */

static char *write_number(char *z, int64_t v, int digits){
  int i;
  for(i=digits-1; i>=0; i--){
    z[i] = (char)('0' + v%10);
    v /= 10;
  }
  return z + digits;
}

static int write_time(const ParsedTime *p, char out[PARSED_TIME_SIZE]){
  char *z = out;
  z = write_number(z, p->year, 4); *z++ = '-';
  z = write_number(z, p->month, 2); *z++ = '-';
  z = write_number(z, p->day, 2);
  if( p->hasClock ){
    *z++ = ' ';
    z = write_number(z, p->hour, 2); *z++ = ':';
    z = write_number(z, p->minute, 2); *z++ = ':';
    z = write_number(z, p->second, 2);
    if( p->micros ){
      *z++ = '.';
      z = p->fractionDigits > 3 ? write_number(z, p->micros, 6) : write_number(z, p->micros/1000, 3);
    }
    if( p->hasZone && p->zone==0 ) *z++ = 'Z';
    else if( p->hasZone ){
      int minutes = p->zone < 0 ? -p->zone : p->zone;
      *z++ = p->zone < 0 ? '-' : '+';
      z = write_number(z, minutes/60, 2); *z++ = ':';
      z = write_number(z, minutes%60, 2);
    }
  }
  *z = 0;
  return (int)(z - out);
}

/* 24:00:00 becomes the next day's 00:00:00. */
static int clock_is_right(ParsedTime *p){
  int month, day;
  if( !p->hasClock ) return 1;
  if( p->minute > 59 || p->second > 60 || p->hour > 24 ) return 0;
  if( p->second==60 ) p->second = 59;
  if( p->hour < 24 ) return 1;
  if( p->minute || p->second || p->micros ) return 0;
  p->hour = 0;
  civil_from_days(days_from_civil(p->year, p->month, p->day) + 1, &p->year, &month, &day);
  p->month = month;
  p->day = day;
  return p->year <= 9999;
}

static int is_plain_number(const CellText *c){
  int i, dots = 0;
  for(i=0; i<c->n; i++){
    if( c->z[i]=='.' && dots==0 ) dots++;
    else if( c->z[i] < '0' || c->z[i] > '9' ) return 0;
  }
  return c->n > dots;
}

static int write_instant(Instant t, int fractionDigits, char out[PARSED_TIME_SIZE]){
  ParsedTime p;
  int64_t days = day_of(t, 0), micros = t - days*MICROS_PER_DAY;
  memset(&p, 0, sizeof p);
  civil_from_days(days, &p.year, &p.month, &p.day);
  p.hasClock = p.hasZone = 1;
  p.hour = (int)(micros/(3600*MICROS_PER_SECOND));
  p.minute = (int)(micros/(60*MICROS_PER_SECOND)%60);
  p.second = (int)(micros/MICROS_PER_SECOND%60);
  p.micros = (int)(micros%MICROS_PER_SECOND);
  p.fractionDigits = fractionDigits;
  return write_time(&p, out);
}

/* Within 2000 to 2100: nobody's orders lie elsewhere. */
#define FIRST_SECOND INT64_C(946684800)
#define LAST_SECOND INT64_C(4102444800)

static int parsed_time_from_compact(const char *z, char out[PARSED_TIME_SIZE]){
  TimeText t;
  ParsedTime p;
  memset(&p, 0, sizeof p);
  t.z = (const unsigned char*)z;
  t.n = (int)strlen(z);
  return date_compact(&t, &p) && clock_is_right(&p) ? write_time(&p, out) : 0;
}

int parsed_time_from_integer(int64_t v, char out[PARSED_TIME_SIZE]){
  ParsedTime p;
  if( v >= FIRST_SECOND && v < LAST_SECOND ) return write_instant(v*MICROS_PER_SECOND, 0, out);
  if( v/1000 >= FIRST_SECOND && v/1000 < LAST_SECOND ) return write_instant(v*1000, 3, out);
  if( v/1000000 >= FIRST_SECOND && v/1000000 < LAST_SECOND ) return write_instant(v, 6, out);
  if( v/1000000000 >= FIRST_SECOND && v/1000000000 < LAST_SECOND ) return write_instant(v/1000, 6, out);
  if( v >= 30000 && v <= 80000 ) return parsed_time_from_real((double)v, out);
  if( v >= 19000101 && v <= 21001231 ){
    memset(&p, 0, sizeof p);
    return date_set(&p, (int)(v/10000), (int)(v/100%100), (int)(v%100)) ? write_time(&p, out) : 0;
  }
  if( v >= INT64_C(190001010000) && v <= INT64_C(21001231235959) ){    /* YYYYMMDDHHMM[SS] */
    char z[24];
    sqlite3_snprintf(sizeof z, z, "%lld", (long long)v);
    return parsed_time_from_compact(z, out);
  }
  return 0;
}

/* Days of a spreadsheet since 1899-12-30, to the second; seconds since 1970 with a fraction. */
int parsed_time_from_real(double v, char out[PARSED_TIME_SIZE]){
  ParsedTime p;
  int64_t seconds;
  if( !(v==v) || fabs(v) > 1e17 ) return 0;
  if( v >= (double)FIRST_SECOND && v < (double)LAST_SECOND && v!=floor(v) ){
    return write_instant((Instant)(v*1e6 + 0.5), 6, out);
  }
  if( v==floor(v) && !(v >= 30000 && v <= 80000) ) return parsed_time_from_integer((int64_t)v, out);
  if( !(v >= 30000 && v <= 80000) ) return 0;
  memset(&p, 0, sizeof p);
  seconds = (int64_t)(v*86400 + 0.5);
  civil_from_days(seconds/86400 - 25569, &p.year, &p.month, &p.day);
  seconds %= 86400;
  p.hasClock = v!=floor(v);
  p.hour = (int)(seconds/3600);
  p.minute = (int)(seconds/60%60);
  p.second = (int)(seconds%60);
  return write_time(&p, out);
}

static int64_t plain_integer(const CellText *c){
  int64_t v = 0;
  int i;
  for(i=0; i<c->n; i++) v = v*10 + (c->z[i] - '0');
  return v;
}

static double plain_real(const CellText *c){
  double v = 0, place = 1;
  int i, behind = 0;
  for(i=0; i<c->n; i++){
    if( c->z[i]=='.' ){ behind = 1; continue; }
    v = v*10 + (c->z[i] - '0');
    if( behind ) place *= 10;
  }
  return v/place;
}

static int from_number(const CellText *c, char out[PARSED_TIME_SIZE]){
  int isInteger = memchr(c->z, '.', (size_t)c->n)==0;
  if( c->n > 19 || (c->n==19 && c->z[0]=='9') ) return 0;      /* beyond 64 bits */
  return isInteger ? parsed_time_from_integer(plain_integer(c), out) : parsed_time_from_real(plain_real(c), out);
}

/* Behind the date: a clock, a zone, days of the week, a zone's name in brackets. */
static int read_behind(TimeText *t, ParsedTime *p){
  if( t->n && !p->hasClock && (*t->z | 0x20)=='t' && tt_digit(t, 1) ) tt_skip(t, 1);
  tt_gap(t);
  if( t->n && !p->hasClock && !tt_clock(t, p) ) return 0;
  tt_gap(t);
  if( t->n && p->hasClock && (tt_word(t, "hs") || tt_word(t, "hrs") || tt_word(t, "uhr") || tt_word(t, "h")) ){       /* 15:04 hs. */
    if( t->n && *t->z=='.' ){ t->z++; t->n--; }
    tt_gap(t);
  }
  if( t->n && p->hasClock && tt_zone(t, p) ){
    ParsedTime ignored = *p;
    tt_gap(t);
    if( t->n && tt_zone(t, &ignored) ) tt_gap(t);     /* +0900 KST */
  }
  if( t->n >= 2 && *t->z=='(' && t->z[t->n-1]==')' && p->hasZone ) t->n = 0;
  return t->n==0;
}

/* YYYY-MM-DD or YYYY-MM-DD HH:MM:SS, which nearly all times are: copied when it is right. */
static int plain_iso(const char *z, int n, char out[PARSED_TIME_SIZE]){
  static const char FORM[] = "0000-00-00 00:00:00";
  ParsedTime p;
  int i;
  if( n!=10 && n!=19 ) return 0;
  for(i=0; i<n; i++){
    if( FORM[i]=='0' ? (unsigned)((unsigned char)z[i] - '0') > 9 : z[i]!=FORM[i] ) return 0;
  }
  p.year = (z[0] - '0')*1000 + (z[1] - '0')*100 + (z[2] - '0')*10 + (z[3] - '0');
  p.month = (z[5] - '0')*10 + (z[6] - '0');
  p.day = (z[8] - '0')*10 + (z[9] - '0');
  if( p.year >= FIRST_BUDDHIST || !date_is_civil(&p) || (n==19 && (memcmp(z + 11, "23", 2) > 0 || z[14] > '5' || z[17] > '5')) ) return 0;
  memcpy(out, z, (size_t)n);
  out[n] = 0;
  return n;
}

static int time_as_written(const char *text, int n, DayOrder order, char out[PARSED_TIME_SIZE]){
  CellText cell;
  TimeText t;
  ParsedTime p;
  if( !cell_text(text, n, &cell) || cell.n==0 ) return 0;
  memset(&p, 0, sizeof p);
  t.z = cell.z;
  t.n = cell.n;
  if( is_plain_number(&cell) && !date_compact(&t, &p) ) return from_number(&cell, out);
  if( p.month==0 ){
    tt_gap(&t);
    if( !date_year_first(&t, &p) && (p.month || !date_compact(&t, &p)) && (p.month || !date_year_last(&t, &p, order))
     && (p.month || !date_by_name(&t, &p)) ) return 0;
  }
  if( !read_behind(&t, &p) || !clock_is_right(&p) ) return 0;
  return write_time(&p, out);
}

int parsed_time_from_text(const char *text, int n, DayOrder order, char out[PARSED_TIME_SIZE]){
  char again[TIME_WORDS_SIZE];
  int length = plain_iso(text, n, out);
  if( length==0 ) length = time_as_written(text, n, order, out);
  if( length || n < 6 ) return length;
  n = time_in_words(text, n, again);
  return n ? time_as_written(again, n, order, out) : 0;
}
