/*
** Instants, calendar periods and durations.  Pure functions: no clock, no locale,
** no allocation, no SQL.
**
** An Instant is microseconds since 1970-01-01T00:00:00Z.  A zone is a number of zone.h:
** seconds east of UTC, within +-14 hours, or a name of the tz database.  Supported years: 0000 to 9999 in UTC (proleptic Gregorian).
** No function overflows on an Instant outside these years, so that one may ask for the
** end of the last period.  Where a function reports failure, *out is as it was.
*/
#ifndef SIYU_CALENDAR_H
#define SIYU_CALENDAR_H

#include <stdint.h>
#include "base/time/zone.h"

typedef int64_t Instant;

#define MICROS_PER_SECOND INT64_C(1000000)
#define MICROS_PER_DAY    INT64_C(86400000000)

typedef enum TimeStatus {
  TIME_OK = 0,
  TIME_UNPARSABLE,     /* no time text that we know */
  TIME_YYYYMMDD,       /* a plausible date written as an integer */
  TIME_YYYYMMDDHHMMSS, /* with a time of day, which may end with the minute */
  TIME_MILLISECONDS,   /* 1e11 or more: milliseconds since 1970 */
  TIME_MICROSECONDS,   /* 1e14 or more */
  TIME_NANOSECONDS,    /* 1e17 or more, and less than 1e20 */
  TIME_YEAR,           /* the last three only where time_on_calendar asks */
  TIME_YYYYMM,
  TIME_SERIAL,         /* a day number of a spreadsheet, 30000 to 80000 */
  TIME_OUT_OF_RANGE    /* before year 0000 or after year 9999 */
} TimeStatus;

/* TEXT of n bytes (not NUL-terminated): `YYYY-MM-DD` or `YYYY/M/D`, then
** optionally `[ T]H:MM[:SS[.fraction]]`, then `Z` or `+HH:MM`/`-HH:MM`; or a number (then
** as time_from_integer or time_from_real says).  Leading and trailing spaces are ignored.
** Month, day and hour have one or two digits; `+H:MM` and `+HHMM` are zones too, and spaces
** may precede a zone.  A zone follows a time of day only.  Digits of a fraction beyond
** microseconds are cut off.  There is no 24:00 and no leap second.
** Text without a zone is wall-clock time in `zone`.
** *dateOnly (may be NULL) becomes 1 when the text has no time of day, else 0. */
TimeStatus time_from_text(const char *text, int n, int32_t zone, Instant *out, int *dateOnly);
/* Unix seconds. */
TimeStatus time_from_integer(int64_t seconds, Instant *out);
/* Julian day within 0...5373484.5 (rounded to a millisecond), else Unix seconds (rounded
** to a microsecond).  20260101.0 is seconds: only an integer can be TIME_YYYYMMDD. */
TimeStatus time_from_real(double v, Instant *out);

/* What a number more likely is than seconds (`real`: than a Julian day) where times are put on a
** calendar, since nobody's orders are of January 1970: TIME_YEAR (1900 to 2100), TIME_YYYYMM,
** TIME_SERIAL, as a real number TIME_YYYYMMDD, too; else TIME_OK. */
TimeStatus time_on_calendar(double v, int real);

/* '+08:00', '-03:30', 'Z' ; 1 when it is a zone within +-14:00 (also '+8:00', '+0800'), or a
** name of the tz database ('Asia/Shanghai'). */
int zone_from_text(const char *text, int n, int32_t *zone);

/* Days since 1970-01-01 of a civil date, and back.  month 1..12, day 1..31. */
int64_t days_from_civil(int64_t year, int month, int day);
void civil_from_days(int64_t days, int64_t *year, int *month, int *day);

/* floor division: the day number (and microsecond of the day) of an instant in a zone */
int64_t day_of(Instant t, int32_t zone);
/* Microseconds on the wall clock since its midnight. */
int64_t time_of_day(Instant t, int32_t zone);
/* The last microsecond of the day that holds t. */
Instant end_of_day(Instant t, int32_t zone);

/* A length of time: whole months (years are 12), or microseconds. One of them is 0. */
typedef struct Duration { int64_t months, micros; } Duration;

/* 'N unit' with unit second(s), minute(s), hour(s), day(s), week(s), month(s), year(s),
** N a non-negative number, whole for months and years; or a bare number: days.
** 1 when it is one, of at most 100,000,000 days (or as many months). */
int duration_from_text(const char *text, int n, Duration *out);
int duration_from_days(double days, Duration *out);
/* What is wrong with a text that duration_from_text does not take. */
typedef enum DurationFault { DURATION_UNREADABLE, DURATION_TOO_LONG, DURATION_PART_OF_MONTH } DurationFault;
DurationFault duration_fault(const char *text, int n);
/* To be said behind the text; NULL: unreadable, and what would do differs from place to place. */
const char *duration_fault_said(DurationFault fault);
/* t + k*d, k may be negative; months are counted on the wall clock of `zone` and clamp to
** the month's end, always from t (so Jan 31 + 2*'1 month' is Mar 31).  Saturates at the
** supported range. */
Instant instant_after(Instant t, Duration d, int64_t k, int32_t zone);

/* Calendar grains. */
typedef enum GrainUnit {
  GRAIN_HOUR, GRAIN_DAY, GRAIN_WEEK, GRAIN_MONTH, GRAIN_QUARTER, GRAIN_YEAR,
  GRAIN_DAYS          /* blocks of `days` days counted from 1970-01-01 in the zone */
} GrainUnit;
/* days: the length of a block; of a week how many days before Monday it begins (0 ... 2). */
typedef struct Grain { GrainUnit unit; int64_t days; } Grain;

/* 'hour' ... 'year' (any case, singular or plural; `days` becomes 0), 'week:monday',
** 'week:sunday', 'week:saturday', or 'N days' with N a
** whole number of 1...3652425 (10,000 years).  The other functions rely on days >= 1 with
** GRAIN_DAYS. */
int grain_from_text(const char *text, int n, Grain *out);
/* The ordinal of the period that holds t; consecutive periods have consecutive ordinals,
** and 0 is the one that holds 1970-01-01 00:00 in the zone. */
int64_t grain_ordinal(Grain g, Instant t, int32_t zone);
/* The instant at which the period with this ordinal begins; it may lie outside the
** supported years, and saturates 100,000,000 days from 1970. */
Instant grain_start(Grain g, int64_t ordinal, int32_t zone);
/* The length of one period as a duration (month, quarter, year in months). */
Duration grain_duration(Grain g);

/* Texts, NUL-terminated, wall clock of `zone`; 32 bytes suffice.  Their length is returned.
** time_text: 'YYYY-MM-DD HH:MM:SS' (with .SSS or .SSSSSS only when not whole seconds);
** grain_text: the start of the period that begins at t: a date, or for GRAIN_HOUR as time_text.
** A wall clock before year 0000 reads as its first moment, one after 9999 as its last: texts
** have four-digit years and compare as the times do. */
#define TIME_TEXT_SIZE 32
int time_text(Instant t, int32_t zone, char out[TIME_TEXT_SIZE]);
int date_text(Instant t, int32_t zone, char out[TIME_TEXT_SIZE]);
/* 1 when the wall clock of `zone` then shows a year of 0000 to 9999. */
int time_has_text(Instant t, int32_t zone);
/* time_text for many times of few days, whose dates are kept; starts out zeroed. */
#define DATE_SLOTS 1024
typedef struct DateTexts { struct { int32_t day; char text[12]; } slot[DATE_SLOTS]; } DateTexts;
int time_text_kept(DateTexts *dates, Instant t, int32_t zone, char out[TIME_TEXT_SIZE]);
int grain_text(Grain g, Instant t, int32_t zone, char out[TIME_TEXT_SIZE]);

#endif
