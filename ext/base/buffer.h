/*
** A growing byte buffer, and a reader that never runs past its end.  The codec of
** state BLOBs: little endian, varints of 7 bits, doubles as their 64 bits.
*/
#ifndef SIYU_BUFFER_H
#define SIYU_BUFFER_H

#include "base/memory.h"

typedef struct Buffer {
  unsigned char *data;
  size_t size, capacity;
  int failed;                  /* sticky: an allocation failed, data is incomplete */
  const Stop *stop;            /* asked after each ASK_BYTES that are written; yes sets `stopped` and `failed` */
  size_t askAt;
  int stopped;
} Buffer;

/* What is written or read in a few milliseconds, the work on the keys included. */
#define ASK_BYTES ((size_t)1 << 15)

void buffer_destroy(Buffer *b);
void buffer_put(Buffer *b, const void *bytes, size_t n);
void buffer_put_byte(Buffer *b, unsigned v);
void buffer_put_unsigned(Buffer *b, uint64_t v);     /* varint, 1 to 10 bytes */
void buffer_put_signed(Buffer *b, int64_t v);        /* zigzag varint */
void buffer_put_real(Buffer *b, double v);           /* 8 bytes */
void buffer_put_text(Buffer *b, const char *text);   /* length, bytes */
/* Formatted with sqlite3_mprintf's rules. */
void buffer_printf(Buffer *b, const char *format, ...);

typedef struct Reader {
  const unsigned char *at, *end;
  int failed;                  /* sticky: read past the end, or a malformed varint */
  const unsigned char *limit;  /* what can be read without a look at this: the end, or the next question */
  const Stop *stop;            /* as Buffer's */
  int stopped;
} Reader;

Reader reader_over(const void *data, size_t n);
/* Ask from now on. */
void reader_asks(Reader *r, const Stop *stop);
unsigned reader_byte(Reader *r);
uint64_t reader_unsigned(Reader *r);
int64_t reader_signed(Reader *r);
double reader_real(Reader *r);
/* n bytes in place, or NULL */
const void *reader_bytes(Reader *r, size_t n);

/* 64-bit hash of bytes; a checksum and a key hash, not a cryptographic one. */
uint64_t hash_bytes(const void *data, size_t n, uint64_t seed);
/* The same of much, asking meanwhile. */
Status hash_bytes_asking(const void *data, size_t n, uint64_t seed, const Stop *stop, uint64_t *out);
/* For keys in memory: with two secret words nobody can prepare bytes whose hashes agree, and
** no product of the mixing forgets its other factor when one is 0. */
uint64_t hash_keyed(const void *data, size_t n, uint64_t seed, uint64_t secret);

#endif
