/*
** best_channel(channel, answered): the channel that is answered most surely: the greatest lower
** bound of Wilson's 95 % interval of answered / sent (Wilson 1927), so that 1 of 1 does not beat
** 90 of 100.  Equal ones: the smallest key.  Nobody answered: NULL.
*/
#include "metric/reach/reach.h"

#include <math.h>

#define WILSON_Z 1.959963984540054

typedef struct ChannelCount { int64_t sent, answered; } ChannelCount;
typedef struct BestChannel { KeyMap channels; } BestChannel;      /* payload: ChannelCount */

static Status channel_init(void *acc, const Parameter *p, Failure *f){
  (void)p; (void)f;
  keymap_init(&((BestChannel*)acc)->channels, sizeof(ChannelCount));
  return STATUS_OK;
}
static void channel_destroy(void *acc){ keymap_destroy(&((BestChannel*)acc)->channels); }

static Status channel_absorb(void *acc, Batch *b, int sign, Failure *f){
  BestChannel *a = acc;
  void *payload[BATCH_ROWS];
  int i;
  Status rc = keymap_batch(&a->channels, b, &b->column[0], ALL_ROWS, b->rows, payload, 0);
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    ChannelCount *c = payload[i];
    c->sent += sign;
    if( b->column[1].cell[i].i ) c->answered += sign;
  }
  return rc;
}

static void count_put(const void *payload, Buffer *out){
  const ChannelCount *c = payload;
  buffer_put_signed(out, c->sent);
  buffer_put_signed(out, c->answered);
}
static Status channel_count_fold(void *acc, void *payload, Reader *in){
  ChannelCount *c = payload;
  (void)acc;
  count_fold(&c->sent, in);
  count_fold(&c->answered, in);
  return STATUS_OK;
}
static void channel_encode(const void *acc, Buffer *out){
  map_encode(&((const BestChannel*)acc)->channels, out, count_put);
}
static Status channel_fold(void *acc, Reader *in, Failure *f){
  (void)f;
  return map_fold(&((BestChannel*)acc)->channels, in, channel_count_fold, acc);
}

static double wilson_low(double sent, double answered){
  double p = answered/sent, z2 = WILSON_Z*WILSON_Z;
  return (p + z2/(2*sent) - WILSON_Z*sqrt(p*(1 - p)/sent + z2/(4*sent*sent)))/(1 + z2/sent);
}

static Status channel_result(void *acc, Result *r, Failure *f, const Stop *stop){
  const BestChannel *a = acc;
  double best = 0;
  uint32_t i, at = 0;
  int any = 0;
  Key key, leader;
  (void)f; (void)stop;
  for(i=0; i<a->channels.count; i++){
    const ChannelCount *c = keymap_payload(&a->channels, i);
    double low;
    if( c->sent <= 0 || c->answered <= 0 ) continue;
    low = wilson_low((double)c->sent, (double)c->answered);
    keymap_key(&a->channels, i, &key);
    if( any && (low < best || (low==best && key_compare(&leader, &key) < 0)) ) continue;
    best = low;
    at = i;
    leader = key;
    any = 1;
  }
  if( !any ) return STATUS_OK;
  keymap_key(&a->channels, at, &key);
  if( key.type==CELL_INTEGER ){ result_integer(r, key.integer); return STATUS_OK; }
  r->kind = key.type==CELL_TEXT ? RESULT_TEXT : RESULT_BLOB;
  buffer_put(&r->buffer, key.bytes, key.size);
  return r->buffer.failed ? STATUS_NOMEM : STATUS_OK;
}

const Metric METRIC_BEST_CHANNEL = {
  .id = "best_channel", .version = 1, .size = sizeof(BestChannel), .keys = KEYS_IN(BestChannel, channels), .sliding = 1,
  .init = channel_init, .absorb = channel_absorb, .encode = channel_encode, .fold = channel_fold,
  .result = channel_result, .destroy = channel_destroy
};
