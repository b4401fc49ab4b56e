/* The parts of sequence_check. */
#ifndef SIYU_SEQUENCE_CHECK_H
#define SIYU_SEQUENCE_CHECK_H

/* Compares on this many random inputs for each mode. */
void funnel_checks(int inputs);

#endif
