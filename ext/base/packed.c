/* Numbers packed by bits: see packed.h. */
#include "base/packed_form.h"
#include "base/platform.h"

/* A block: base (signed varint), width (byte), number of exceptions (byte); n numbers of `width`
** bits, the lowest first; then of each exception its place (byte) and what is above the width
** (varint).  A number is what it says above the base, modulo 2^64. */

/* What a block costs in bits with its best width. */
static int packed_cost(const int64_t *v, int n, int64_t base, int *width){
  int count[65] = {0}, i, w, above = 0, best = -1, largest = 0;
  for(i=0; i<n; i++){
    int bits = bit_length((uint64_t)v[i] - (uint64_t)base);
    count[bits]++;
    if( bits > largest ) largest = bits;
  }
  for(w=largest; w>=0; w--){
    int cost = n*w + above*(8 + 8*((largest - w + 6)/7));
    if( best < 0 || cost < best ){ best = cost; *width = w; }
    above += count[w];
  }
  return best;
}

/* The least and the fourth least are tried as base: a few numbers far below are exceptions, too. */
static int64_t packed_base(const int64_t *v, int n, int *width){
  int64_t least[4] = { v[0] };
  int i, k, kept = 0, other;
  for(i=0; i<n; i++){
    if( kept==4 && v[i] >= least[3] ) continue;
    k = kept < 4 ? kept++ : 3;
    for(; k > 0 && least[k-1] > v[i]; k--) least[k] = least[k-1];
    least[k] = v[i];
  }
  i = packed_cost(v, n, least[0], width);
  if( kept==4 && packed_cost(v, n, least[3], &other) < i ){
    *width = other;
    return least[3];
  }
  return least[0];
}

static void packed_put_bits(Buffer *out, const int64_t *v, int n, int64_t base, int width){
  unsigned char bytes[PACKED_BLOCK*8];
  uint64_t held = 0, mask = width < 64 ? (UINT64_C(1) << width) - 1 : ~UINT64_C(0);
  int bits = 0, i;
  size_t size = 0;
  for(i=0; width && i<n; i++){
    uint64_t d = ((uint64_t)v[i] - (uint64_t)base) & mask;
    int left = width;
    held |= d << bits;                     /* bits < 8: what does not fit in is taken up below */
    while( bits + left >= 8 ){
      int taken = 8 - bits;
      bytes[size++] = (unsigned char)held;
      d = taken < 64 ? d >> taken : 0;
      left -= taken;
      held = d;
      bits = 0;
    }
    bits += left;
  }
  if( bits ) bytes[size++] = (unsigned char)held;
  buffer_put(out, bytes, size);
}

static void packed_put_block(Buffer *out, const int64_t *v, int n){
  int width = 0, i, exceptions = 0;
  int64_t base = packed_base(v, n, &width);
  for(i=0; i<n; i++) exceptions += bit_length((uint64_t)v[i] - (uint64_t)base) > width;
  buffer_put_signed(out, base);
  buffer_put_byte(out, (unsigned)width);
  buffer_put_byte(out, (unsigned)exceptions);
  packed_put_bits(out, v, n, base, width);
  for(i=0; exceptions && i<n; i++){
    uint64_t d = (uint64_t)v[i] - (uint64_t)base;
    if( bit_length(d) <= width ) continue;
    buffer_put_byte(out, (unsigned)i);
    buffer_put_unsigned(out, d >> width);
  }
}

void packed_put(Buffer *out, const int64_t *v, size_t n){
  size_t i;
  for(i=0; i<n; i += PACKED_BLOCK){
    packed_put_block(out, v + i, n - i < PACKED_BLOCK ? (int)(n - i) : PACKED_BLOCK);
  }
}

/* The block's numbers are `base` and at most `above` more, unless that passes the end of the numbers. */
static void packed_bound(PackedBounds *b, int64_t base, uint64_t above){
  int wraps = above > (uint64_t)INT64_MAX - (uint64_t)base;
  int64_t low = wraps ? INT64_MIN : base, high = wraps ? INT64_MAX : (int64_t)((uint64_t)base + above);
  if( low < b->low ) b->low = low;
  if( high > b->high ) b->high = high;
}

/* Returns what the numbers are above the base at most: each place comes once. */
static uint64_t packed_exceptions(Reader *in, int64_t *v, int n, int width, int exceptions){
  uint64_t most = width < 64 ? (UINT64_C(1) << width) - 1 : ~UINT64_C(0), inside = most;
  int i, last = -1;
  for(i=0; i<exceptions && !in->failed; i++){
    int at = (int)reader_byte(in);
    uint64_t above = reader_unsigned(in);
    if( at >= n || at <= last || width==64 ){ in->failed = 1; break; }
    last = at;
    v[at] = (int64_t)((uint64_t)v[at] + (above << width));
    most |= (above << width) | inside;
  }
  return most;
}

/* What stands before a block's bits; 0: it is none. */
static int packed_head(Reader *in, int n, int64_t *base, int *width, int *exceptions){
  *base = reader_signed(in);
  *width = (int)reader_byte(in);
  *exceptions = (int)reader_byte(in);
  if( *width > 64 || *exceptions > n ) in->failed = 1;
  return !in->failed;
}

static inline size_t packed_bytes(int n, int width){ return ((size_t)n*(size_t)width + 7)/8; }

static void packed_get_block(Reader *in, int64_t *v, int n, PackedBounds *bounds){
  unsigned char copy[PACKED_BLOCK*8 + PACKED_SLACK];
  const unsigned char *p;
  int64_t base;
  int width, exceptions;
  size_t bytes;
  if( !packed_head(in, n, &base, &width, &exceptions) ) return;
  bytes = packed_bytes(n, width);
  p = reader_bytes(in, bytes);
  if( p==0 ) return;
  if( (size_t)(in->end - in->at) < PACKED_SLACK ){
    memcpy(copy, p, bytes);
    memset(copy + bytes, 0, PACKED_SLACK);
    p = copy;
  }
  packed_take(p, v, n, (uint64_t)base, width);
  packed_bound(bounds, base, packed_exceptions(in, v, n, width, exceptions));
}

PackedBounds packed_get(Reader *in, int64_t *v, size_t n){
  PackedBounds bounds = { INT64_MAX, INT64_MIN };
  size_t i;
  for(i=0; i<n && !in->failed; i += PACKED_BLOCK){
    packed_get_block(in, v + i, n - i < PACKED_BLOCK ? (int)(n - i) : PACKED_BLOCK, &bounds);
  }
  return bounds;
}

void packed_skip(Reader *in, size_t n){
  size_t i;
  for(i=0; i<n && !in->failed; i += PACKED_BLOCK){
    int numbers = n - i < PACKED_BLOCK ? (int)(n - i) : PACKED_BLOCK, width, exceptions;
    int64_t base;
    if( !packed_head(in, numbers, &base, &width, &exceptions) ) return;
    (void)reader_bytes(in, packed_bytes(numbers, width));
    for(; exceptions && !in->failed; exceptions--){
      (void)reader_byte(in);
      (void)reader_unsigned(in);
    }
  }
}
