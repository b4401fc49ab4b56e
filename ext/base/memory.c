/* The allocator's helpers that are too long for a header: see memory.h. */
#include "base/memory.h"

void *memory_large(size_t n){
  void *p = memory_alloc(n);
  if( p && n >= 2*HUGE_PAGE ) platform_huge_pages(p, n);
  return p;
}

#define CACHE_LINE 64

/* What the allocator gave stands in front of what the caller gets. */
void *memory_lines(size_t n){
  char *block = n <= SIZE_MAX - CACHE_LINE ? memory_large(n + CACHE_LINE) : 0, *at;
  if( block==0 ) return 0;
  at = block + CACHE_LINE - (uintptr_t)block % CACHE_LINE;     /* 8 or more behind: malloc aligns */
  memcpy(at - sizeof block, &block, sizeof block);
  return at;
}

void memory_free_lines(void *p){
  char *block;
  if( p==0 ) return;
  memcpy(&block, (char*)p - sizeof block, sizeof block);
  memory_free(block);
}

Status memory_table_asking(size_t n, const Stop *stop, void **out){
  char *p = memory_large(n);
  size_t i;
  *out = p;
  if( p==0 ) return STATUS_NOMEM;
  for(i=0; n - i > MEMORY_PIECE; i+=MEMORY_PIECE){
    memset(p + i, 0, MEMORY_PIECE);
    if( !stop_asked(stop) ) continue;
    memory_free(p);
    *out = 0;
    return STATUS_INTERRUPTED;
  }
  memset(p + i, 0, n - i);
  return STATUS_OK;
}

void *memory_table(size_t n){
  void *p;
  (void)memory_table_asking(n, 0, &p);
  return p;
}

Status memory_copy(void *to, const void *from, size_t n, const Stop *stop){
  size_t i;
  for(i=0; n - i > MEMORY_PIECE; i+=MEMORY_PIECE){
    memcpy((char*)to + i, (const char*)from + i, MEMORY_PIECE);
    if( stop_asked(stop) ) return STATUS_INTERRUPTED;
  }
  memcpy((char*)to + i, (const char*)from + i, n - i);
  return STATUS_OK;
}

/* Out of line: it is called rarely, and where gcc inlines it into a loop it warns of bounds that
** no caller has. */
OUT_OF_LINE Status memory_grow(void **array, size_t *capacity, size_t need, size_t size){
  size_t n = *capacity < 16 ? 16 : *capacity;
  void *p;
  if( need <= *capacity ) return STATUS_OK;
  while( n < need && n <= SIZE_MAX/2 ) n *= 2;
  if( n < need || n > SIZE_MAX/size ) return STATUS_NOMEM;
  p = memory_realloc(*array, n*size);
  if( p==0 ) return STATUS_NOMEM;
  *array = p;
  *capacity = n;
  return STATUS_OK;
}

void memory_random(void *to, int n){ sqlite3_randomness(n, to); }
