/*
** Matching seekers (numbered 0 ... 31) to seats (likewise), by augmenting paths.  Rows of one
** customer and steps of a funnel are either of the two in turn.
*/
#ifndef SIYU_MATCHING_H
#define SIYU_MATCHING_H

#include "base/platform.h"

typedef struct Matching {
  uint32_t wants[32];        /* seats that a seeker can have */
  uint32_t taken;            /* seats that are taken */
  uint8_t holder[32];        /* their seekers */
} Matching;

/* Seats the seeker, moving others if need be; on failure (0) nothing has changed.  `visited`
** gains the seats that were looked at: after a failure giving up any of them would help. */
int matching_seat(Matching *m, int seeker, uint32_t *visited);

static inline int matching_add(Matching *m, int seeker){
  uint32_t visited = 0;
  return matching_seat(m, seeker, &visited);
}

#endif
