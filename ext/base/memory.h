/*
** The one door to the allocator.  Everything goes through the sqlite3_malloc64
** family, so that PRAGMA hard_heap_limit, sqlite3_memory_used() and the fault
** injection of the tests see every byte.
*/
#ifndef SIYU_MEMORY_H
#define SIYU_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "sqlite3ext.h"
#include "base/platform.h"
#include "base/status.h"

#ifndef SQLITE_CORE
extern const sqlite3_api_routines *sqlite3_api;
#endif

static inline void *memory_alloc(size_t n){ return sqlite3_malloc64(n); }
static inline void *memory_realloc(void *p, size_t n){ return sqlite3_realloc64(p, n); }
static inline void memory_free(void *p){ sqlite3_free(p); }

/* n zeroed bytes, or NULL. */
static inline void *memory_zeroed(size_t n){
  void *p = sqlite3_malloc64(n);
  if( p ) memset(p, 0, n);
  return p;
}

/* Large memory takes its time at the first touch: who writes more than this asks whether to stop. */
#define MEMORY_PIECE ((size_t)256 << 10)
/* Like memory_alloc, for some megabytes: asks the system for huge pages on the aligned inside. */
void *memory_large(size_t n);
/* The same zeroed; and into *out, asking meanwhile. */
void *memory_table(size_t n);
Status memory_table_asking(size_t n, const Stop *stop, void **out);
/* memcpy in pieces: STATUS_INTERRUPTED half way. */
Status memory_copy(void *to, const void *from, size_t n, const Stop *stop);
/* memory_large from the beginning of a cache line on; memory_free_lines gives it back. */
void *memory_lines(size_t n);
void memory_free_lines(void *p);

/* Makes room for `need` elements of `size` bytes in *array, doubling from
** `*capacity` (at least 16).  The array is unchanged on STATUS_NOMEM. */
Status memory_grow(void **array, size_t *capacity, size_t need, size_t size);

/* n unforeseeable bytes, for the places of keys in memory; no result may depend on them. */
void memory_random(void *to, int n);

#endif
