/* The parts of sequence_check. */
#ifndef SIYU_SEQUENCE_CHECK_H
#define SIYU_SEQUENCE_CHECK_H

#include "metric/path/event_list.h"

/* Compares on this many random inputs for each mode. */
void funnel_checks(int inputs);

/* Each of the three passes over these sorted rows, which all meet condition 1, can be stopped. */
void funnel_interrupts(const Event *rows, size_t count);

#endif
