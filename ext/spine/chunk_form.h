/*
** A stored chunk, for the two files that write and read it.
**
**   "SYL1", version (byte), checksum (8 bytes) of all that follows
**   rows, customers, columns (varints)
**   keys            one sequence of `customers` values
**   rows of each    packed
**   replaces        a byte: 0 none, 1 a bit map follows
**   each column     a sequence of `rows` values, its bytes' number before it, so that it can be
**                   passed over
**
** A sequence: a byte with its form, then (CHUNK_HAS_NULLS) a bit map of the cells that are NULL,
** then what the form says.
*/
#ifndef SIYU_CHUNK_FORM_H
#define SIYU_CHUNK_FORM_H

#include "base/packed.h"
#include "spine/chunk.h"

#define CHUNK_MAGIC "SYL1"
#define CHUNK_VERSION 1
#define CHUNK_HEAD 13                  /* bytes before what the checksum covers */
#define CHUNK_SEED UINT64_C(0x736979756c656467)

enum {
  CHUNK_NULLS = 0,             /* nothing else */
  CHUNK_INTEGERS,              /* packed */
  CHUNK_DECIMALS,              /* number of decimals (byte), packed */
  CHUNK_REALS,                 /* 8 bytes each */
  CHUNK_DATES, CHUNK_STAMPS, CHUNK_STAMPS_T,   /* packed: see VectorForm */
  CHUNK_WORDS,                 /* a dictionary: number of values, these as CHUNK_VALUES; packed places */
  CHUNK_VALUES,                /* type (byte), then INTEGER: varint, REAL: 8 bytes, TEXT and BLOB: bytes
                               ** shared with the one before, length of the rest, the rest */
  CHUNK_FORMS
};
#define CHUNK_HAS_NULLS 0x80
#define CHUNK_STEPS 0x40       /* packed ones: the first of each customer, then the steps from one to the next */
#define CHUNK_FORM_MASK 0x3f
#define CHUNK_DECIMALS_MAX 9

static inline double chunk_power_of_ten(int n){
  static const double POWER[CHUNK_DECIMALS_MAX + 1] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };
  return POWER[n];
}

#endif
