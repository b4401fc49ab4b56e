/* Records in pages: see pages.h. */
#include "base/pages.h"

/* How many pages come together at page i. */
static size_t came_together(const Pages *p, size_t i){ return p->atOnce==0 || i < (size_t)p->atOnce ? 1 : (size_t)p->atOnce; }

OUT_OF_LINE Status pages_add_page(Pages *p, size_t bytes){
  size_t n = came_together(p, p->pages), i;
  Status rc = memory_grow((void**)&p->page, &p->capacity, p->pages + n, sizeof *p->page);
  char *block;
  if( rc!=STATUS_OK ) return rc;
  block = memory_large(bytes*n);
  if( block==0 ) return STATUS_NOMEM;
  for(i=0; i<n; i++) p->page[p->pages++] = block + i*bytes;
  return STATUS_OK;
}

void pages_destroy(Pages *p){
  size_t i;
  for(i=0; i<p->pages; i+=came_together(p, i)) memory_free(p->page[i]);
  memory_free(p->page);
  memset(p, 0, sizeof *p);
}
