/*
** A log of links (record, id), read back in the order they came.  Records and ids are numbers
** 0, 1, 2 ... in order of first sight, as a key map gives them: most links bring a new record
** or a new id, or stay with the last one, and need no bytes for it.  1 to 9 bytes per link:
** where half the numbers are new some 3 to 5, where none is 7 (below 2^24) to 9.
**
** A link is a head byte, low half for the record and high half for the id, then their bytes.
** A half says: 0 the number after the largest so far; 1 ... 4 that many bytes of the number
** follow, low ones first; 5 the number after the last one; 6 the last one again.
*/
#ifndef SIYU_LINK_LOG_H
#define SIYU_LINK_LOG_H

#include "base/pages.h"

/* What the next number is told against. */
typedef struct LinkState { uint32_t next, last; } LinkState;

/* Zeroed: an empty log. */
typedef struct LinkLog {
  Pages bytes;                 /* a record is a page of them */
  LinkState record, id;
  uint32_t count;              /* links in the log */
} LinkLog;

/* STATUS_NOMEM; STATUS_OVERFLOW: four thousand million links. */
Status link_log_add(LinkLog *log, uint32_t record, uint32_t id);
void link_log_destroy(LinkLog *log);

/* Zeroed but for `log`: before the first link. */
typedef struct LinkCursor {
  const LinkLog *log;
  size_t page;
  uint32_t offset;
  LinkState record, id;
} LinkCursor;

/* The next links, as many as there are and fit; returns their number, 0 at the end. */
#define LINKS_READ 256
int link_log_read(LinkCursor *c, uint32_t record[LINKS_READ], uint32_t id[LINKS_READ]);

#endif
