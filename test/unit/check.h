/* What the unit checks share: counting, random numbers, a clock for what is printed only. */
#ifndef SIYU_CHECK_H
#define SIYU_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* Defined once, where main() is. */
extern int passed, failed;

#define CHECK(condition, ...) do{ \
  if( condition ){ passed++; }else if( failed++<20 ){ \
    printf("%s:%d: ", __FILE__, __LINE__); printf(__VA_ARGS__); printf("\n"); } }while(0)

/* xorshift64*: the same numbers on every machine */
static uint64_t random_state = UINT64_C(88172645463325252);
static uint32_t random_below(uint32_t n){
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return (uint32_t)((random_state*UINT64_C(2685821657736338717)) >> 33) % n;
}

static inline double seconds_now(void){ return (double)clock()/CLOCKS_PER_SEC; }

static inline int check_summary(void){
  printf("%d passed, %d failed\n", passed, failed);
  return failed>0 || passed==0;
}

#endif
