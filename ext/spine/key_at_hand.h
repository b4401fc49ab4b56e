/*
** Rows that come in order of their customer: the one at hand.
*/
#ifndef SIYU_KEY_AT_HAND_H
#define SIYU_KEY_AT_HAND_H

#include "spine/accumulator.h"

typedef struct KeyAtHand {
  int any;                     /* there was one */
  Key key;
  Buffer bytes;                /* of a key that is no INTEGER */
} KeyAtHand;

/* Whether the row's customer is another one than that at hand, who has no more rows then. */
static inline Status key_at_hand_turn(KeyAtHand *h, const Batch *b, const Column *keys, int row, int *isNew){
  Key key = key_of_cell(b, keys, row);
  int order = h->any ? key_compare(&h->key, &key) : -1;
  *isNew = order < 0;
  if( order >= 0 ) return order==0 ? STATUS_OK : STATUS_UNORDERED;
  h->any = 1;
  h->key = key;
  if( key.type==CELL_INTEGER ) return STATUS_OK;
  h->bytes.size = 0;
  buffer_put(&h->bytes, key.bytes, key.size);
  h->key.bytes = (const char*)h->bytes.data;
  return h->bytes.failed ? STATUS_NOMEM : STATUS_OK;
}

static inline void key_at_hand_destroy(KeyAtHand *h){ buffer_destroy(&h->bytes); }

#endif
