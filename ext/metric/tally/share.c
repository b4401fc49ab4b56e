/* A share of keys: see share.h. */
#include "metric/tally/share.h"

Status share_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  keymap_init(&((Share*)acc)->keys, sizeof(Marks));
  return STATUS_OK;
}

void share_destroy(void *acc){ keymap_destroy(&((Share*)acc)->keys); }

static inline void share_moved(Share *a, Marks before, Marks after){
  a->whole += (after.whole!=0) - (before.whole!=0);
  a->part += (after.whole!=0 && after.part!=0) - (before.whole!=0 && before.part!=0);
}

Status share_mark(Share *a, Marks *m, int whole, int part){
  Marks before = *m;
  Status rc = count_change(&m->whole, whole);
  if( rc==STATUS_OK ) rc = count_change(&m->part, part);
  share_moved(a, before, *m);
  return rc;
}

static void put_marks(const void *payload, Buffer *out){
  const Marks *m = payload;
  buffer_put_unsigned(out, m->whole);
  buffer_put_unsigned(out, m->part);
}

void share_encode(const void *acc, Buffer *out){
  map_encode(&((const Share*)acc)->keys, out, put_marks);
}

static Status fold_marks(void *acc, void *payload, Reader *in){
  Marks *m = payload, before = *m;
  Status rc = rows_fold(&m->whole, in);
  if( rc==STATUS_OK ) rc = rows_fold(&m->part, in);
  share_moved(acc, before, *m);
  return rc;
}

Status share_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  return map_fold(&((Share*)acc)->keys, in, fold_marks, acc);
}

Status share_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const Share *a = acc;
  (void)f; (void)stop;
  result_ratio(r, (double)a->part, (double)a->whole);
  return STATUS_OK;
}
