/*
** Rules on one message or one pair of places.
**   in_quiet_hours  the wall clock is in [from, to), over midnight when from > to
**   distance_km     haversine great circle on a sphere of the mean Earth radius R1 =
**                   6371.0088 km (IUGG; Moritz 2000)
*/
#include "metric/service/service.h"

#define MICROS_PER_MINUTE (60*MICROS_PER_SECOND)
#define EARTH_RADIUS_KM 6371.0088
#define RADIANS (3.14159265358979323846 / 180)

int in_quiet_hours(int64_t micros, int64_t from, int64_t to){
  if( from <= to ) return micros >= from && micros < to;
  return micros >= from || micros < to;
}

Instant quiet_end(Instant t, int64_t from, int64_t to, int32_t zone){
  int64_t day = day_of(t, zone);
  if( from > to && time_of_day(t, zone) >= from ) day++;
  return zone_first_instant(zone, day*86400 + to/MICROS_PER_SECOND)*MICROS_PER_SECOND;
}

/* One or two digits; -1 when there are none. */
static int read_digits(const char *z, int n, int *at){
  int v = 0, from = *at;
  while( *at<n && *at-from<2 && z[*at]>='0' && z[*at]<='9' ) v = v*10 + (z[(*at)++] - '0');
  return *at==from ? -1 : v;
}

int clock_from_text(const char *z, int n, int64_t *micros){
  int at = 0, hour = read_digits(z, n, &at), part[2] = {0, 0}, i;
  for(i=0; i<2 && (i==0 || at<n); i++){
    int from = at + 1;
    if( at>=n || z[at++]!=':' ) return 0;
    part[i] = read_digits(z, n, &at);
    if( at-from!=2 || part[i] > 59 ) return 0;
  }
  if( hour<0 || at!=n || hour*3600 + part[0]*60 + part[1] > 86400 ) return 0;
  *micros = (hour*60 + part[0]) * MICROS_PER_MINUTE + part[1] * MICROS_PER_SECOND;
  return 1;
}

double distance_km(double lat1, double lon1, double lat2, double lon2){
  double north = sin((lat2 - lat1) * RADIANS / 2), east = sin((lon2 - lon1) * RADIANS / 2);
  double h = north*north + cos(lat1*RADIANS) * cos(lat2*RADIANS) * east*east;
  if( h > 1 ) h = 1;
  return 2 * EARTH_RADIUS_KM * atan2(sqrt(h), sqrt(1 - h));
}
