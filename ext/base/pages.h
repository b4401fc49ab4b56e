/*
** Records of one size in pages that never move: each is found by its number, and as many come as there
** are.  What the size is and how many a page holds the owner says each time, as constants that the
** compiler knows.
*/
#ifndef SIYU_PAGES_H
#define SIYU_PAGES_H

#include "base/memory.h"

/* All bytes zero: none. */
typedef struct Pages {
  char **page;
  size_t pages, capacity;
  int atOnce;                  /* from that many pages on so many come together, for huge pages to fit in; 0: never */
  uint32_t count;              /* records */
} Pages;

/* Record i; 2^bits of `size` bytes stand in a page. */
static inline void *pages_at(const Pages *p, uint32_t i, size_t size, int bits){
  return p->page[i >> bits] + (size_t)(i & ((UINT32_C(1) << bits) - 1)) * size;
}

Status pages_add_page(Pages *p, size_t bytes);

/* One more record: *out is where it stands, not zeroed.  STATUS_OVERFLOW: more than 32 bits count. */
static inline Status pages_add(Pages *p, size_t size, int bits, void **out){
  if( p->count >> bits==p->pages ){
    Status rc = p->count==UINT32_MAX ? STATUS_OVERFLOW : pages_add_page(p, size << bits);
    if( rc!=STATUS_OK ) return rc;
  }
  if( p->count==UINT32_MAX ) return STATUS_OVERFLOW;
  *out = pages_at(p, p->count++, size, bits);
  return STATUS_OK;
}

void pages_destroy(Pages *p);

#endif
