/* As much of ext/base/calendar.h as sequence_check.c needs, for a build without calendar.c:
** instants are never near the ends of the supported range, zones are whole hours. */
#include <stdlib.h>
#include <string.h>
#include "../../ext/base/calendar.h"

int64_t days_from_civil(int64_t y, int m, int d){
  int64_t days = 0, i;
  static const int before[] = {0,31,59,90,120,151,181,212,243,273,304,334};
  for(i=1970; i<y; i++) days += 365 + ((i%4==0 && i%100!=0) || i%400==0);
  days += before[m-1] + d - 1;
  if( m>2 && ((y%4==0 && y%100!=0) || y%400==0) ) days++;
  return days;
}
static int month_length(int64_t y, int m){
  return (int)((m==12 ? days_from_civil(y+1, 1, 1) : days_from_civil(y, m+1, 1))
              - days_from_civil(y, m, 1));
}
void civil_from_days(int64_t days, int64_t *year, int *month, int *day){
  int64_t y = 1970;
  int m = 1;
  while( days_from_civil(y+1, 1, 1)<=days ) y++;
  while( m<12 && days_from_civil(y, m+1, 1)<=days ) m++;
  *year = y; *month = m; *day = (int)(days - days_from_civil(y, m, 1)) + 1;
}
static int64_t floor_div(int64_t a, int64_t b){ return a/b - (a%b<0); }
int64_t day_of(Instant t, int32_t zone){
  return floor_div(t + zone*MICROS_PER_SECOND, MICROS_PER_DAY);
}
Instant instant_after(Instant t, Duration d, int64_t k, int32_t zone){
  int64_t y, days, month;
  int m, day, last;
  if( d.months==0 ) return t + k*d.micros;
  days = day_of(t, zone);
  civil_from_days(days, &y, &m, &day);
  month = y*12 + (m - 1) + k*d.months;
  y = floor_div(month, 12);
  m = (int)(month - y*12) + 1;
  last = month_length(y, m);
  return t + (days_from_civil(y, m, day<last ? day : last) - days)*MICROS_PER_DAY;
}
int64_t grain_ordinal(Grain g, Instant t, int32_t zone){
  int64_t days = day_of(t, zone), y;
  int m, d;
  if( g.unit==GRAIN_DAY ) return days;
  if( g.unit==GRAIN_WEEK ) return floor_div(days + 3, 7);   /* 1970-01-01 was a Thursday */
  civil_from_days(days, &y, &m, &d);
  return y*12 + m - 1;
}
int zone_from_text(const char *text, int n, int32_t *zone){
  if( n!=6 || (text[0]!='+' && text[0]!='-') || memcmp(text + 3, ":00", 3)!=0 ) return 0;
  *zone = (text[0]=='-' ? -3600 : 3600)*atoi(text + 1);
  return 1;
}
int duration_from_text(const char *text, int n, Duration *out){
  static const char unit[] = " days";
  char buffer[16];
  if( n<=5 || n>15 || memcmp(text + n - 5, unit, 5)!=0 ) return 0;
  memcpy(buffer, text, (size_t)n);
  buffer[n - 5] = 0;
  if( strspn(buffer, "0123456789")!=(size_t)n - 5 ) return 0;
  out->months = 0;
  out->micros = atoll(buffer)*MICROS_PER_DAY;
  return 1;
}
