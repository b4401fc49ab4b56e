/* What an operation of the lower floors can answer, and the one question whether to stop. */
#ifndef SIYU_STATUS_H
#define SIYU_STATUS_H

#include <stddef.h>
#include <stdint.h>

typedef enum Status {
  STATUS_OK = 0,
  STATUS_NOMEM,        /* an allocation failed */
  STATUS_OVERFLOW,     /* INTEGER money does not fit 64 bits, or too many keys */
  STATUS_CORRUPT,      /* an encoded state is truncated or malformed */
  STATUS_UNLIKE,       /* two states do not belong together */
  STATUS_INTERRUPTED,  /* the user asked to stop */
  STATUS_UNORDERED,    /* rows that were said to come in order do not */
  STATUS_INVALID       /* the data break a rule of the metric; it has set a text */
} Status;

/* Whatever takes long asks this now and then, and gives up with STATUS_INTERRUPTED when the
** answer is 1.  Where nobody can want to stop it is NULL. */
typedef struct Stop { int (*ask)(void*); void *arg; } Stop;
static inline int stop_asked(const Stop *s){ return s!=0 && s->ask!=0 && s->ask(s->arg); }
/* The same in a loop of many steps: asks at each 32,768th. */
static inline int stop_asked_at(const Stop *s, uint64_t step){ return (step & 0x7fff)==0x7fff && stop_asked(s); }

/* The same in loops within loops, whose steps are counted together in *steps: asks when `every` have come. */
static inline int stop_asked_after(const Stop *s, size_t *steps, size_t n, size_t every){
  if( (*steps += n) < every ) return 0;
  *steps = 0;
  return stop_asked(s);
}

/* The same question for small steps: only each `every`-th asks.  Once told to stop it stays
** stopped, as the wish is told only once. */
typedef struct RareStop { const Stop *stop; unsigned every, calls; int stopped; } RareStop;
static inline int rare_stop_ask(void *arg){
  RareStop *r = (RareStop*)arg;
  if( !r->stopped && r->calls++ % r->every==0 ) r->stopped = stop_asked(r->stop);
  return r->stopped;
}

#endif
