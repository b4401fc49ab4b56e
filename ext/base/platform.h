/*
** Whatever a compiler or a system does differently, so that nobody else need ask which one it is: only
** siyu.c, which keeps the library mapped, and sql/about.c, which names the compiler, do.
*/
#ifndef SIYU_PLATFORM_H
#define SIYU_PLATFORM_H

#include <stddef.h>
#include <stdint.h>

/* Keeps what is rarely run out of a loop that is run for every row. */
#if defined(__GNUC__)
# define OUT_OF_LINE __attribute__((noinline))
#else
# define OUT_OF_LINE
#endif

/* Asks for the memory at p ahead of its use; it need not be there. */
#if defined(__GNUC__)
# define PREFETCH(p) __builtin_prefetch(p)
# define PREFETCH_TO_WRITE(p) __builtin_prefetch(p, 1)
#else
# define PREFETCH(p) ((void)(p))
# define PREFETCH_TO_WRITE(p) ((void)(p))
#endif

/* AVX2 is asked for when the program runs, of what the compiler was told nothing.  Whatever is written for
** it has a twin for every other processor.  Not for Windows by gcc, whose stack there is not aligned for it
** (gcc's bug 54412). */
#if defined(__x86_64__) && defined(__GNUC__) && (!defined(_WIN32) || defined(__clang__))
# define HAS_AVX2
# define AVX2 __attribute__((target("avx2")))
int platform_has_avx2(void);
#endif

/* The number of the lowest bit of v, which has one. */
static inline int lowest_bit(uint64_t v){
#if defined(__GNUC__)
  return __builtin_ctzll(v);
#else
  int n = 0;
  for(; !(v & 1); v >>= 1) n++;
  return n;
#endif
}

/* How many bits v takes: 0 for 0. */
static inline int bit_length(uint64_t v){
#if defined(__GNUC__)
  return v ? 64 - __builtin_clzll(v) : 0;
#else
  int n = 0;
  for(; v; v >>= 1) n++;
  return n;
#endif
}

/* Tells the system that n bytes at p are used wholly, on the aligned inside: huge pages, where it has them. */
#define HUGE_PAGE ((size_t)2 << 20)
void platform_huge_pages(void *p, size_t n);

#endif
