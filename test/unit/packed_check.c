/*
** Packed numbers: what is written comes back, of every width, base and number, with exceptions; the bounds
** hold; the way of eight at a time is that of one at a time; bytes that nobody wrote end within their bounds.
** make unit builds it.
*/
#include <stdlib.h>
#include <string.h>
#include "check.h"
#include "base/packed_form.h"

int passed, failed;

static uint64_t random_bits(int width){
  uint64_t v = (uint64_t)random_below(1u << 31) << 33 ^ (uint64_t)random_below(1u << 31) << 11 ^ random_below(2048);
  return width==0 ? 0 : v >> (64 - width);
}

/* The bytes stand at the very end of their memory, where a look behind them would be noticed. */
static Reader read_at_end(const Buffer *b, unsigned char **room, size_t behind){
  Reader in;
  *room = malloc(b->size + behind + 1);
  if( *room==0 ) exit(2);
  memcpy(*room, b->data, b->size);
  memset(*room + b->size, 0xa5, behind);
  in = reader_over(*room, b->size + behind);
  return in;
}

static void check_back(int width, int n, int64_t base, int exceptions){
  int64_t v[1000], back[1000];
  int64_t low = INT64_MAX, high = INT64_MIN;
  Buffer b = {0};
  unsigned char *room;
  size_t behind = random_below(3) ? random_below(40) : 0;
  PackedBounds bounds;
  Reader in;
  int i;
  for(i=0; i<n; i++){
    v[i] = (int64_t)((uint64_t)base + random_bits(width));
    if( exceptions && random_below(20)==0 ) v[i] = (int64_t)random_bits(64);
    if( v[i] < low ) low = v[i];
    if( v[i] > high ) high = v[i];
  }
  packed_put(&b, v, (size_t)n);
  in = read_at_end(&b, &room, behind);
  memset(back, 0x5a, sizeof back);
  bounds = packed_get(&in, back, (size_t)n);
  CHECK(!in.failed && in.at==room + b.size && memcmp(v, back, (size_t)n*sizeof *v)==0, "width %d, %d numbers, base %lld", width, n, (long long)base);
  CHECK(bounds.low <= low && bounds.high >= high, "width %d: bounds %lld %lld, not around %lld %lld", width, (long long)bounds.low,
        (long long)bounds.high, (long long)low, (long long)high);
  if( !exceptions && width < 40 && base > -(INT64_C(1) << 50) && base < INT64_C(1) << 50 ){
    CHECK(bounds.high - bounds.low <= INT64_C(1) << (width + 1), "width %d: bounds are far apart", width);
  }
  free(room);
  buffer_destroy(&b);
}

/* Both ways give the same, and write no more than they are asked for. */
static void check_ways(int width, int n){
  unsigned char bits[PACKED_BLOCK*8 + PACKED_SLACK];
  int64_t one[PACKED_BLOCK + 1], many[PACKED_BLOCK + 1];
  size_t bytes = ((size_t)n*(size_t)width + 7)/8 + PACKED_SLACK, i;
  unsigned char *at = bits + sizeof bits - bytes;
  uint64_t base = random_bits(64);
  for(i=0; i<bytes; i++) at[i] = (unsigned char)random_below(256);
  memset(one, 0x5a, sizeof one);
  memset(many, 0x5a, sizeof many);
  packed_take_plain(at, one, n, base, width);
  packed_take(at, many, n, base, width);
  CHECK(memcmp(one, many, sizeof one)==0, "width %d, %d numbers: the two ways differ", width, n);
}

/* A number's place that comes twice, or is none. */
static void check_refused(int first, int second, int n, int isRight){
  Buffer b = {0};
  int64_t v[PACKED_BLOCK];
  Reader in;
  int i;
  buffer_put_signed(&b, 0);
  buffer_put_byte(&b, 4);
  buffer_put_byte(&b, 2);
  for(i=0; i<(n + 1)/2; i++) buffer_put_byte(&b, 0x11);
  buffer_put_byte(&b, (unsigned)first);
  buffer_put_unsigned(&b, 1);
  buffer_put_byte(&b, (unsigned)second);
  buffer_put_unsigned(&b, 1);
  in = reader_over(b.data, b.size);
  packed_get(&in, v, (size_t)n);
  CHECK((in.failed==0)==isRight, "exceptions at %d and %d of %d: %s", first, second, n, in.failed ? "refused" : "taken");
  buffer_destroy(&b);
}

static void check_forged(int count){
  unsigned char bytes[64], *room;
  int64_t v[300];
  while( count-- > 0 ){
    size_t n = 1 + random_below(sizeof bytes), i;
    int numbers = 1 + (int)random_below(300);
    int64_t low = INT64_MAX, high = INT64_MIN;
    PackedBounds b;
    Reader in;
    for(i=0; i<n; i++) bytes[i] = (unsigned char)random_below(random_below(2) ? 8 : 256);
    room = malloc(n);
    if( room==0 ) exit(2);
    memcpy(room, bytes, n);
    in = reader_over(room, n);
    b = packed_get(&in, v, (size_t)numbers);
    for(i=0; !in.failed && i<(size_t)numbers; i++){
      if( v[i] < low ) low = v[i];
      if( v[i] > high ) high = v[i];
    }
    CHECK(in.failed || (b.low <= low && b.high >= high), "forged: %lld ... %lld outside of %lld ... %lld", (long long)low,
          (long long)high, (long long)b.low, (long long)b.high);
    free(room);
  }
}

int main(void){
  static const int64_t BASE[] = { 0, 1, -1, 1700000000, -5000000000, INT64_MIN, INT64_MAX - 3, INT64_C(1) << 62 };
  int width, n, i;
  for(width=0; width<=64; width++){
    for(i=0; i<8; i++){
      check_back(width, 1 + (int)random_below(999), BASE[i], 0);
      check_back(width, 1 + (int)random_below(999), BASE[i], 1);
      check_back(width, 1 + (int)random_below(20), BASE[i], i & 1);
    }
    for(n=1; n<=PACKED_BLOCK; n++) check_ways(width, n);
  }
  check_refused(0, 1, 9, 1);
  check_refused(1, 1, 9, 0);
  check_refused(5, 1, 9, 0);
  check_refused(5, 8, 9, 1);
  check_refused(5, 9, 9, 0);
  check_forged(20000);
  return check_summary();
}
