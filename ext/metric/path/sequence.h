/*
** Patterns over the events of one customer, in ClickHouse's language.
**
**   (?N)           an event that meets condition N (1 ... the number of conditions)
**   .              any one event
**   .*             any number of events
**   (?t op N)      op is < <= > >= or ==, N whole seconds; spaces are allowed around op.
**                  Skips any number of events up to an event e (which the pattern's next
**                  element takes) with  time of e - time of base  op  N seconds.  The
**                  base is the event matched last before it; after `.*`, or at the very
**                  beginning, it is the event at which `.*` stopped, so that the measure
**                  starts anew there.  It follows one of the other elements, not
**                  another time condition.
**
** A match may begin at any event.  Events that meet no condition are invisible.  Events
** of one time stand in the order given.  At the end of the events a trailing `.*`,
** `(?t<N)`, `(?t<=N)` or `(?t>=0)` matches nothing and holds.  (All this as ClickHouse
** does it, but for `(?t<0)`, which holds of no event: where nothing but stars and time
** conditions is left, that engine sometimes lets it pass.)
**
** Matches are counted without overlap: the next one is sought from where the last one
** ended (the event at which a trailing time condition stopped is not part of the match);
** a match that takes no event moves on by one event.  The empty pattern thus matches
** everything, and counts the events.
**
** Method: one pass over the events, with the set of pattern elements that can begin at
** the event at hand.  The base of a time condition depends on that event alone, and of
** the bases waiting in one condition it is enough to keep the latest (for < and <=), the
** earliest (for > and >=), or a queue of those not yet too old (for ==, whose target
** time only grows).  So the time is O(events * elements), without any backtracking.
**
** Why the first match so found is the one that a backtracking matcher finds, which
** prefers early choices: from a position p every element leads to an interval of
** positions whose two ends do not decrease with p.  If the choices x (found first) and y
** cross, the smaller position lies in both intervals, so x could have taken it and a
** backtracking matcher would have done so before.  Hence the choices that are
** found first end first.
*/
#ifndef SIYU_SEQUENCE_H
#define SIYU_SEQUENCE_H

#include "metric/path/event_list.h"

#define SEQUENCE_CONDITIONS 32

typedef enum SequenceKind {
  SEQUENCE_CONDITION,
  SEQUENCE_ANY,
  SEQUENCE_STAR,
  SEQUENCE_LESS, SEQUENCE_LESS_EQUAL,
  SEQUENCE_GREATER, SEQUENCE_GREATER_EQUAL,
  SEQUENCE_EQUAL
} SequenceKind;

typedef struct SequenceElement {
  SequenceKind kind;
  uint32_t mask;             /* of SEQUENCE_CONDITION: one bit */
  uint64_t micros;           /* of a time condition; saturates */
} SequenceElement;

/* element[0] is always a star: a match may begin anywhere. */
typedef struct Sequence {
  SequenceElement *elements;
  size_t count, capacity;
  uint32_t visible;          /* bits of all conditions */
} Sequence;

/* What is wrong with a pattern: the byte offset, and a static English text. */
typedef struct SequenceError { int position; const char *reason; } SequenceError;

/* Compiles n bytes of text for rows of `conditions` (1 ... 32) conditions.
** STATUS_INVALID: *error is set.  Call sequence_destroy() after STATUS_OK only. */
Status sequence_compile(Sequence *s, const char *text, int n, int conditions,
                        SequenceError *error);
void sequence_destroy(Sequence *s);

/* rows: sorted (event_list_sort).  *found becomes 1 if the pattern matches anywhere, else 0. */
Status sequence_match(const Sequence *s, const Event *rows, size_t count,
                      const Stop *stop, int *found);

/* The number of matches that do not overlap. */
Status sequence_count(const Sequence *s, const Event *rows, size_t count,
                      const Stop *stop, int64_t *matches);

/* Called with the time of each row that a (?N) took, and with NULL where a match ends. */
typedef void (*SequenceMatch)(void *to, const Instant *time);

/* The rows of the first match, or of all that do not overlap: sequence_times.c. */
Status sequence_times(const Sequence *s, const Event *rows, size_t count, int all, SequenceMatch each, void *to,
                      const Stop *stop);

#endif
