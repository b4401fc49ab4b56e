/* Between packed.c, which knows blocks, and packed_take.c, which knows their bits. */
#ifndef SIYU_PACKED_FORM_H
#define SIYU_PACKED_FORM_H

#include "base/packed.h"
#include "base/platform.h"

#define PACKED_SLACK 16                    /* bytes that a look at numbers may read behind them */
#define PACKED_ONE_LOAD 57                 /* as wide a number lies within eight bytes wherever it begins */

/* n numbers of `width` bits, the lowest first, each above the base.  At p there are these bits and
** PACKED_SLACK bytes more. */
void packed_take(const unsigned char *p, int64_t *v, int n, uint64_t base, int width);
void packed_take_plain(const unsigned char *p, int64_t *v, int n, uint64_t base, int width);
#if defined(HAS_AVX2)
void packed_take_wide(const unsigned char *p, int64_t *v, int n, uint64_t base, int width);
#endif

#endif
