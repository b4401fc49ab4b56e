/* What the two halves of the stopwatch share. */
#ifndef STOPWATCH_H
#define STOPWATCH_H

#define STOPWATCH_LARGE (1 << 16)            /* bytes; to free fewer is no long work */

extern double stopwatch_freeing;
double stopwatch_now(void);                  /* milliseconds of processor of this thread */

#endif
