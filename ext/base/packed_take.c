/*
** Numbers out of their bits: see packed_form.h.  Where the processor has AVX2, eight at a time; the
** loop for every other one beside it gives the same.
*/
#include "base/packed_form.h"
#include "base/platform.h"

static inline uint64_t packed_load(const unsigned char *p){
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__==__ORDER_LITTLE_ENDIAN__
  uint64_t v;
  memcpy(&v, p, 8);
  return v;
#else
  uint64_t v = 0;
  int i;
  for(i=7; i>=0; i--) v = v<<8 | p[i];
  return v;
#endif
}

void packed_take_plain(const unsigned char *p, int64_t *v, int n, uint64_t base, int width){
  uint64_t mask = width < 64 ? (UINT64_C(1) << width) - 1 : ~UINT64_C(0);
  size_t at = 0;
  int i;
  if( width==0 ){
    for(i=0; i<n; i++) v[i] = (int64_t)base;
  }else if( width <= PACKED_ONE_LOAD ){
    for(i=0; i<n; i++, at += (size_t)width){
      v[i] = (int64_t)(base + (packed_load(p + (at >> 3)) >> (at & 7) & mask));
    }
  }else{
    for(i=0; i<n; i++, at += (size_t)width){
      unsigned shift = at & 7;
      uint64_t d = packed_load(p + (at >> 3)) >> shift;
      if( shift ) d |= (uint64_t)p[(at >> 3) + 8] << (64 - shift);
      v[i] = (int64_t)(base + (d & mask));
    }
  }
}

#if defined(HAS_AVX2)
#include <immintrin.h>

/* Of number i of eight: its first byte and the bits before it there. */
#define BYTE_OF(i) ((size_t)(i)*(size_t)width >> 3)
#define BIT_OF(i) ((long long)((size_t)(i)*(size_t)width & 7))
/* Which bytes of a load that begins with number i's are those of number i+1, the lowest first. */
#define BYTES_BEHIND(i) (0x0706050403020100LL + (long long)(BYTE_OF((i)+1) - BYTE_OF(i))*0x0101010101010101LL)
#define BYTES_AT 0x0706050403020100LL

/* Eight numbers take `width` bytes.  Two of them lie within sixteen bytes. */
AVX2 void packed_take_wide(const unsigned char *p, int64_t *v, int n, uint64_t base, int width){
  const __m256i bytes03 = _mm256_set_epi64x(BYTES_BEHIND(2), BYTES_AT, BYTES_BEHIND(0), BYTES_AT);
  const __m256i bytes47 = _mm256_set_epi64x(BYTES_BEHIND(6), BYTES_AT, BYTES_BEHIND(4), BYTES_AT);
  const __m256i shift03 = _mm256_set_epi64x(BIT_OF(3), BIT_OF(2), BIT_OF(1), BIT_OF(0));
  const __m256i shift47 = _mm256_set_epi64x(BIT_OF(7), BIT_OF(6), BIT_OF(5), BIT_OF(4));
  const __m256i mask = _mm256_set1_epi64x((long long)((UINT64_C(1) << width) - 1));
  const __m256i above = _mm256_set1_epi64x((long long)base);
  size_t at2 = BYTE_OF(2), at4 = BYTE_OF(4), at6 = BYTE_OF(6);
  int i;
  for(i=0; i+8<=n; i+=8, p+=width){
    __m256i a = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const void*)p)), _mm_loadu_si128((const void*)(p + at2)), 1);
    __m256i b = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const void*)(p + at4))), _mm_loadu_si128((const void*)(p + at6)), 1);
    a = _mm256_and_si256(_mm256_srlv_epi64(_mm256_shuffle_epi8(a, bytes03), shift03), mask);
    b = _mm256_and_si256(_mm256_srlv_epi64(_mm256_shuffle_epi8(b, bytes47), shift47), mask);
    _mm256_storeu_si256((void*)(v + i), _mm256_add_epi64(a, above));
    _mm256_storeu_si256((void*)(v + i + 4), _mm256_add_epi64(b, above));
  }
  packed_take_plain(p, v + i, n - i, base, width);
}
#endif

void packed_take(const unsigned char *p, int64_t *v, int n, uint64_t base, int width){
#if defined(HAS_AVX2)
  if( width > 0 && width <= PACKED_ONE_LOAD && platform_has_avx2() ){
    packed_take_wide(p, v, n, base, width);
    return;
  }
#endif
  packed_take_plain(p, v, n, base, width);
}
