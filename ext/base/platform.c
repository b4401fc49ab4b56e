/* What a system does differently: see platform.h. */
#define _DEFAULT_SOURCE                    /* madvise() under -std=c11 */
#include "base/platform.h"

#if defined(__linux__)
# include <sys/mman.h>
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
