/* A log of links: see link_log.h. */
#include "metric/identity/link_log.h"

#define PAGE_BYTES (UINT32_C(1) << 18)
#define LONGEST 9

enum { HALF_NEW = 0, HALF_BYTES_1, HALF_BYTES_4 = 4, HALF_FOLLOWING, HALF_SAME };

typedef struct LinkPage { uint32_t used; uint8_t byte[PAGE_BYTES - sizeof(uint32_t)]; } LinkPage;

static inline LinkPage *link_page(const LinkLog *log, size_t i){ return pages_at(&log->bytes, (uint32_t)i, PAGE_BYTES, 0); }

static LinkPage *page_add(LinkLog *log){
  void *place;
  LinkPage *p;
  if( pages_add(&log->bytes, PAGE_BYTES, 0, &place)!=STATUS_OK ) return 0;
  p = place;
  p->used = 0;
  return p;
}

static inline unsigned half_of(const LinkState *s, uint32_t x){
  unsigned bytes = 1U + (x > 0xff) + (x > 0xffff) + (x > 0xffffff);
  if( x==s->next ) return HALF_NEW;
  if( x==s->last + 1 ) return HALF_FOLLOWING;
  return x==s->last ? HALF_SAME : bytes;
}

static inline void state_move(LinkState *s, uint32_t x){
  s->last = x;
  s->next = x >= s->next ? x + 1 : s->next;
}

/* Bytes that follow, by half; four are always written and read. */
static const uint8_t LENGTH[8] = { 0, 1, 2, 3, 4, 0, 0, 0 };

static inline uint8_t *put_number(uint8_t *to, unsigned half, uint32_t x){
  to[0] = (uint8_t)x;
  to[1] = (uint8_t)(x >> 8);
  to[2] = (uint8_t)(x >> 16);
  to[3] = (uint8_t)(x >> 24);
  return to + LENGTH[half];
}

Status link_log_add(LinkLog *log, uint32_t record, uint32_t id){
  LinkPage *p = log->bytes.count ? link_page(log, log->bytes.count - 1) : 0;
  unsigned recordHalf = half_of(&log->record, record), idHalf = half_of(&log->id, id);
  uint8_t *to;
  if( log->count==UINT32_MAX - 1 ) return STATUS_OVERFLOW;
  if( p==0 || p->used > sizeof p->byte - LONGEST ) p = page_add(log);
  if( p==0 ) return STATUS_NOMEM;
  to = p->byte + p->used;
  *to++ = (uint8_t)(recordHalf | idHalf << 4);
  to = put_number(to, recordHalf, record);
  to = put_number(to, idHalf, id);
  p->used = (uint32_t)(to - p->byte);
  state_move(&log->record, record);
  state_move(&log->id, id);
  log->count++;
  return STATUS_OK;
}

static inline uint32_t get_number(const uint8_t **from, unsigned half, LinkState *s){
  static const uint32_t MASK[8] = { 0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0, 0, 0 };
  const uint8_t *z = *from;
  uint32_t x = (z[0] | (uint32_t)z[1] << 8 | (uint32_t)z[2] << 16 | (uint32_t)z[3] << 24) & MASK[half];
  x += half==HALF_NEW ? s->next : half==HALF_FOLLOWING ? s->last + 1 : half==HALF_SAME ? s->last : 0;
  *from += LENGTH[half];
  state_move(s, x);
  return x;
}

int link_log_read(LinkCursor *c, uint32_t record[LINKS_READ], uint32_t id[LINKS_READ]){
  LinkState records = c->record, ids = c->id;
  const LinkPage *p;
  const uint8_t *from, *end;
  int n;
  if( c->page < c->log->bytes.count && c->offset==link_page(c->log, c->page)->used ){
    c->page++;
    c->offset = 0;
  }
  if( c->page==c->log->bytes.count ) return 0;
  p = link_page(c->log, c->page);
  from = p->byte + c->offset;
  end = p->byte + p->used;
  for(n=0; n<LINKS_READ && from<end; n++){
    unsigned head = *from++;
    record[n] = get_number(&from, head & 7, &records);
    id[n] = get_number(&from, head >> 4 & 7, &ids);
  }
  c->record = records;
  c->id = ids;
  c->offset = (uint32_t)(from - p->byte);
  return n;
}

void link_log_destroy(LinkLog *log){
  pages_destroy(&log->bytes);
  memset(log, 0, sizeof *log);
}
