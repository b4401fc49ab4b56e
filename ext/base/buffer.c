/* Byte buffer, reader, hash: see buffer.h. */
#include <stdarg.h>
#include "base/buffer.h"

void buffer_destroy(Buffer *b){
  memory_free(b->data);
  memset(b, 0, sizeof *b);
}

static void buffer_ask(Buffer *b){
  b->askAt = b->size + ASK_BYTES;
  if( !stop_asked(b->stop) ) return;
  b->stopped = 1;
  b->failed = 1;
}

void buffer_put(Buffer *b, const void *bytes, size_t n){
  if( b->stop && b->size >= b->askAt && !b->failed ) buffer_ask(b);
  if( b->failed || n==0 ) return;
  if( memory_grow((void**)&b->data, &b->capacity, b->size + n, 1)!=STATUS_OK ){
    b->failed = 1;
    return;
  }
  memcpy(b->data + b->size, bytes, n);
  b->size += n;
}

void buffer_put_byte(Buffer *b, unsigned v){
  unsigned char c = (unsigned char)v;
  buffer_put(b, &c, 1);
}

void buffer_put_unsigned(Buffer *b, uint64_t v){
  unsigned char c[10];
  int n = 0;
  while( v >= 0x80 ){ c[n++] = (unsigned char)(v | 0x80); v >>= 7; }
  c[n++] = (unsigned char)v;
  buffer_put(b, c, (size_t)n);
}

void buffer_put_signed(Buffer *b, int64_t v){
  buffer_put_unsigned(b, ((uint64_t)v << 1) ^ (v < 0 ? ~UINT64_C(0) : 0));
}

void buffer_put_real(Buffer *b, double v){
  unsigned char c[8];
  uint64_t bits;
  int i;
  memcpy(&bits, &v, 8);
  for(i=0; i<8; i++) c[i] = (unsigned char)(bits >> (8*i));
  buffer_put(b, c, 8);
}

void buffer_put_text(Buffer *b, const char *text){
  size_t n = strlen(text);
  buffer_put_unsigned(b, n);
  buffer_put(b, text, n);
}

void buffer_printf(Buffer *b, const char *format, ...){
  va_list ap;
  char *text;
  va_start(ap, format);
  text = sqlite3_vmprintf(format, ap);
  va_end(ap);
  if( text==0 ){ b->failed = 1; return; }
  buffer_put(b, text, strlen(text));
  memory_free(text);
}

Reader reader_over(const void *data, size_t n){
  Reader r;
  r.at = data;
  r.end = r.at ? r.at + n : 0;
  r.failed = 0;
  r.limit = r.end;
  r.stop = 0;
  r.stopped = 0;
  return r;
}

/* No further than the next question. */
static void reader_go_on(Reader *r){
  size_t left = (size_t)(r->end - r->at);
  r->limit = r->stop && left > ASK_BYTES ? r->at + ASK_BYTES : r->end;
}

void reader_asks(Reader *r, const Stop *stop){
  r->stop = stop;
  reader_go_on(r);
}

/* At the limit: 1 when there is more to read. */
static int reader_may_go_on(Reader *r){
  if( r->at < r->end && r->stop && !r->stopped ){
    r->stopped = stop_asked(r->stop);
    if( !r->stopped ){ reader_go_on(r); return 1; }
  }
  if( r->stopped ) r->at = r->limit = r->end;
  r->failed = 1;
  return 0;
}

unsigned reader_byte(Reader *r){
  if( r->at >= r->limit && !reader_may_go_on(r) ) return 0;
  return *r->at++;
}

uint64_t reader_unsigned(Reader *r){
  uint64_t v = 0;
  int shift;
  for(shift=0; shift<64; shift+=7){
    unsigned c = reader_byte(r);
    if( shift==63 && c>1 ) break;
    v |= (uint64_t)(c & 0x7f) << shift;
    if( c < 0x80 ) return v;
  }
  r->failed = 1;
  return 0;
}

int64_t reader_signed(Reader *r){
  uint64_t v = reader_unsigned(r);
  return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

double reader_real(Reader *r){
  const unsigned char *c = reader_bytes(r, 8);
  uint64_t bits = 0;
  double v;
  int i;
  if( c==0 ) return 0;
  for(i=0; i<8; i++) bits |= (uint64_t)c[i] << (8*i);
  memcpy(&v, &bits, 8);
  return v;
}

const void *reader_bytes(Reader *r, size_t n){
  const unsigned char *p;
  if( (size_t)(r->end - r->at) < n ){ r->failed = 1; r->at = r->limit = r->end; return 0; }
  if( r->at >= r->limit && n > 0 && !reader_may_go_on(r) ) return 0;
  p = r->at;
  r->at += n;
  return p;
}

/* The two halves of a 128-bit product, folded. */
static inline uint64_t fold_product(uint64_t a, uint64_t b){
#if defined(__SIZEOF_INT128__)
  __extension__ typedef unsigned __int128 Wide;
  Wide p = (Wide)a * b;
  return (uint64_t)p ^ (uint64_t)(p >> 64);
#else
  uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
  uint64_t ll = al*bl, lh = al*bh, hl = ah*bl;
  uint64_t mid = (ll >> 32) + (uint32_t)lh + (uint32_t)hl;
  uint64_t hi = ah*bh + (lh >> 32) + (hl >> 32) + (mid >> 32);
  return ((mid << 32) | (uint32_t)ll) ^ hi;
#endif
}

static inline uint64_t load_little(const unsigned char *p, int n){
  uint64_t v = 0;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__==__ORDER_LITTLE_ENDIAN__
  if( n==8 ){ memcpy(&v, p, 8); return v; }
  if( n==4 ){ uint32_t w; memcpy(&w, p, 4); return w; }
#endif
  while( n-- ) v = v<<8 | p[n];
  return v;
}

/* Up to 16 bytes as two words; the words overlap where there are fewer. */
static inline void load_tail(const unsigned char *p, size_t n, uint64_t *a, uint64_t *b){
  if( n >= 8 ){
    *a = load_little(p, 8);
    *b = load_little(p + n - 8, 8);
  }else if( n >= 4 ){
    *a = load_little(p, 4);
    *b = load_little(p + n - 4, 4);
  }else{
    *a = load_little(p, (int)n);
    *b = 0;
  }
}

#define HASH_A UINT64_C(0x9e3779b97f4a7c15)
#define HASH_B UINT64_C(0xd1b54a32d192ed03)

static inline uint64_t hash_pairs(const unsigned char **p, size_t n, uint64_t h){
  const unsigned char *end = *p + n;
  for(; *p < end; *p += 16) h = fold_product(load_little(*p, 8) ^ HASH_A ^ h, load_little(*p + 8, 8) ^ HASH_B);
  return h;
}

/* What the whole pairs of words leave: 1 to 16 bytes, or none. */
static inline size_t pairs_of(size_t n){ return n ? (n - 1) & ~(size_t)15 : 0; }

static inline uint64_t hash_end(const unsigned char *p, size_t n, uint64_t h){
  uint64_t a, b;
  load_tail(p, n, &a, &b);
  h = fold_product(a ^ HASH_A ^ h, b ^ HASH_B);
  return fold_product(h ^ HASH_B, HASH_A);
}

uint64_t hash_bytes(const void *data, size_t n, uint64_t seed){
  const unsigned char *p = data;
  size_t pairs = pairs_of(n);
  uint64_t h = hash_pairs(&p, pairs, seed ^ (n * HASH_A));
  return hash_end(p, n - pairs, h);
}

Status hash_bytes_asking(const void *data, size_t n, uint64_t seed, const Stop *stop, uint64_t *out){
  const unsigned char *p = data;
  size_t pairs = pairs_of(n), left = pairs;
  uint64_t h = seed ^ (n * HASH_A);
  for(; left > MEMORY_PIECE; left -= MEMORY_PIECE){
    h = hash_pairs(&p, MEMORY_PIECE, h);
    if( stop_asked(stop) ) return STATUS_INTERRUPTED;
  }
  h = hash_pairs(&p, left, h);
  *out = hash_end(p, n - pairs, h);
  return STATUS_OK;
}

static inline uint64_t mix_product(uint64_t a, uint64_t b){ return fold_product(a, b) ^ a ^ b; }

uint64_t hash_keyed(const void *data, size_t n, uint64_t seed, uint64_t secret){
  const unsigned char *p = data;
  uint64_t a, b, h = seed ^ (n * HASH_A);
  secret ^= HASH_B;
  for(; n > 16; n -= 16, p += 16){
    h = mix_product(load_little(p, 8) ^ HASH_A ^ h, load_little(p+8, 8) ^ secret);
  }
  load_tail(p, n, &a, &b);
  h = mix_product(a ^ HASH_A ^ h, b ^ secret);
  return fold_product(h ^ secret, HASH_A);
}
