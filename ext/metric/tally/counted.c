/* Distinct keys with their count of rows: see counted.h. */
#include "metric/tally/counted.h"

void counted_init(Counted *c){
  memset(c, 0, sizeof *c);
  keymap_init(&c->keys, sizeof(uint32_t));
}

void counted_destroy(Counted *c){ keymap_destroy(&c->keys); }

static inline void key_moved(Counted *c, uint32_t before, uint32_t after){
  c->present += (after >= 1) - (before >= 1);
  c->repeated += (after >= 2) - (before >= 2);
  c->rows += (int64_t)after - (int64_t)before;
}

Status counted_change(Counted *c, Batch *b, int column, const uint8_t *rows, int n, int sign){
  void *payload[BATCH_ROWS];
  Status rc = keymap_batch(&c->keys, b, &b->column[column], rows, n, payload, 0);
  int i;
  for(i=0; rc==STATUS_OK && i<n; i++){
    uint32_t *count = payload[i], before = *count;
    rc = count_change(count, sign);
    key_moved(c, before, *count);
  }
  return rc;
}

static void put_rows(const void *payload, Buffer *out){
  buffer_put_unsigned(out, *(const uint32_t*)payload);
}

void counted_encode(const Counted *c, Buffer *out){ map_encode(&c->keys, out, put_rows); }

static Status fold_rows(void *arg, void *payload, Reader *in){
  uint32_t *rows = payload, before = *rows;
  Status rc = rows_fold(rows, in);
  key_moved(arg, before, *rows);
  return rc;
}

Status counted_fold(Counted *c, Reader *in){ return map_fold(&c->keys, in, fold_rows, c); }
