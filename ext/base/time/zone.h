/*
** Time zones.  A zone is a number: seconds east of UTC within +-14 hours, or, from
** ZONE_NAMED on, a name of the tz database ('America/New_York') whose offset changes in the
** course of the year.  The table is compiled in (zone_table.h): no file is read.
**
** It begins in 1970: before, a named zone has the offset that it had then.  A wall clock that
** is shown twice (autumn) means the first of the two instants; one that is skipped (spring)
** is read by the offset before the change, so that it falls as long after the change.
*/
#ifndef SIYU_ZONE_H
#define SIYU_ZONE_H

#include <stdint.h>

#define ZONE_NAMED (INT32_C(1) << 20)

/* A name of the tz database in any case; 1 when there is one. */
int zone_from_name(const char *text, int n, int32_t *zone);
/* As the database spells it. */
const char *zone_name(int32_t zone);
/* The release of the tz database, such as '2025b'. */
const char *zone_version(void);

/* Seconds east of UTC at `seconds` since 1970, of a named zone. */
int32_t zone_named_offset(int32_t zone, int64_t seconds);
/* The instant, in seconds since 1970, at which the clock of a named zone shows `wall`.
** `first` = 1: of a skipped one the moment of the change, which is where a day or month that
** has no such midnight begins. */
int64_t zone_named_instant(int32_t zone, int64_t wall, int first);

static inline int32_t zone_offset(int32_t zone, int64_t seconds){
  return zone < ZONE_NAMED ? zone : zone_named_offset(zone, seconds);
}
static inline int64_t zone_instant(int32_t zone, int64_t wall){
  return zone < ZONE_NAMED ? wall - zone : zone_named_instant(zone, wall, 0);
}
static inline int64_t zone_first_instant(int32_t zone, int64_t wall){
  return zone < ZONE_NAMED ? wall - zone : zone_named_instant(zone, wall, 1);
}
/* Hours of a zone with half or quarter hours begin with its own; a named one is taken by its
** offset in 1970, so that hours are of one length across its changes. */
int32_t zone_hour_shift(int32_t zone);

#endif
