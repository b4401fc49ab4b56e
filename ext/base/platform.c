/* What a system does differently: see platform.h. */
#define _DEFAULT_SOURCE                    /* madvise() under -std=c11 */
#include "base/platform.h"

#if defined(__linux__)
# include <sys/mman.h>
#endif

#if defined(HAS_AVX2)
#include <cpuid.h>

/* The processor has it, and the system keeps its registers. */
static int ask_for_avx2(void){
  unsigned a, b, c, d, low, high;
  if( !__get_cpuid(1, &a, &b, &c, &d) || !(c >> 27 & 1) ) return 0;          /* OSXSAVE */
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  if( (low & 6)!=6 ) return 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 5 & 1);
}

int platform_has_avx2(void){
  static int known;                        /* 1: no, 2: yes; whoever asks finds the same */
  int has = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if( has==0 ){
    has = 1 + ask_for_avx2();
    __atomic_store_n(&known, has, __ATOMIC_RELAXED);
  }
  return has==2;
}
#endif

void platform_huge_pages(void *p, size_t n){
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  uintptr_t from = ((uintptr_t)p + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
  uintptr_t to = ((uintptr_t)p + n) & ~(uintptr_t)(HUGE_PAGE - 1);
  if( from < to ) (void)madvise((void*)from, to - from, MADV_HUGEPAGE);
#else
  (void)p; (void)n;
#endif
}
