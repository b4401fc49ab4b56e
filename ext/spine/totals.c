/* Totals of chunks: see totals.h. */
#include "spine/chunk_form.h"
#include "spine/totals.h"

#define SEES(t) (1u << (t))
#define TOTALS_VERSION 1
#define TOTALS_HEAD 9                  /* version, checksum of the rest */
#define TOTALS_SUM 8                   /* the body's checksum, which comes next */
#define TOTALS_MONEY (INT64_C(1) << 44)        /* as many amounts as a chunk has are within 64 bits */

enum { TOTALS_WHOLE = 1, TOTALS_PLAIN = 2, TOTALS_HAS_MONEY = 4, TOTALS_REAL = 8, TOTALS_TEXT = 16, TOTALS_FLAGS = 32 };

/* ---- counting ---- */

/* Adds v; 0 when the sum had to be rounded. */
static int totals_add(Money *m, double v){
  Money s = money_two_sum(m->hi, v), low = money_two_sum(m->lo, s.lo);
  m->hi = s.hi + low.hi;
  m->lo = low.hi - (m->hi - s.hi);
  return low.lo==0 && isfinite(m->hi);
}

static int totals_add_integer(Money *m, int64_t v, int sign){
  int64_t top = v / (INT64_C(1) << 31) * (INT64_C(1) << 31);
  return totals_add(m, sign*(double)top) & totals_add(m, sign*(double)(v - top));
}

typedef struct TotalsWork {
  ChunkTotals *out;
  const Vector *time, *amount;         /* amount: NULL, there is none */
  int64_t gmv, back;                   /* of amounts within TOTALS_MONEY */
} TotalsWork;

/* An amount that is no small INTEGER. */
static void totals_large(TotalsWork *w, size_t i, Money *net){
  ChunkTotals *t = w->out;
  Cell v = w->amount->cell[i];
  int exact;
  if( w->amount->type[i]==CELL_INTEGER ){
    exact = totals_add_integer(net, v.i, 1);
    if( v.i < 0 ) exact &= totals_add_integer(&t->refunds, v.i, -1);
  }else{
    exact = totals_add(net, v.r);
    if( v.r < 0 ) exact &= totals_add(&t->refunds, -v.r);
    t->isReal = 1;
  }
  t->hasMoney &= exact;
}

static void totals_row(TotalsRows *t, int64_t time){
  if( time < t->first ) t->first = time;
  if( time > t->last ) t->last = time;
}

static void totals_customer(TotalsWork *w, size_t from, size_t to){
  ChunkTotals *t = w->out;
  Money net = {0, 0};
  int64_t whole = 0, rows = 0, orders = 0;
  size_t i;
  for(i=from; i<to; i++){
    int64_t at = w->time->cell[i].i, v = 0;
    int isRefund = 0;
    if( w->time->type[i]==CELL_NULL ) continue;
    rows++;
    totals_row(&t->all, at);
    if( w->amount && w->amount->type[i]!=CELL_NULL ){
      v = w->amount->cell[i].i;
      if( w->amount->type[i]==CELL_INTEGER && v > -TOTALS_MONEY && v < TOTALS_MONEY ){
        isRefund = v < 0;
      }else{
        totals_large(w, i, &net);
        isRefund = w->amount->type[i]==CELL_INTEGER ? v < 0 : w->amount->cell[i].r < 0;
        v = 0;
      }
    }
    whole += v;
    if( v < 0 ) w->back -= v;
    if( isRefund ) continue;
    orders++;
    totals_row(&t->orders, at);
  }
  t->all.rows += rows;
  t->all.customers += rows > 0;
  t->all.repeat += rows > 1;
  t->orders.rows += orders;
  t->orders.customers += orders > 0;
  t->orders.repeat += orders > 1;
  w->gmv += whole;
  t->hasMoney &= totals_add(&t->gmv, net.hi) & totals_add(&t->gmv, net.lo);
  t->hasMoney &= totals_add_integer(&net, whole, 1);
  t->effective += money_real(net) > 0;
}

static int has_blank_key(const Chunk *c){
  ChunkValue key;
  int k;
  if( c->key.seen==SEES(CELL_INTEGER) ) return 0;
  for(k=0; k<c->customers; k++){
    uint32_t i = 0;
    vector_value(&c->key, (size_t)k, &key, 0);
    if( key.type!=CELL_TEXT ) continue;
    while( i < key.size && key.bytes[i]==' ' ) i++;
    if( i==key.size ) return 1;
  }
  return 0;
}

int chunk_totals_later(const Chunk *c){
  return (c->column[0].seen & ~SEES(CELL_NULL))==SEES(CELL_TEXT) && c->column[0].form==VECTOR_PLAIN;
}

static int has_plain_times(const Vector *time, ChunkTotals *out){
  uint32_t seen = time->seen & ~SEES(CELL_NULL);
  out->isText = seen==SEES(CELL_TEXT);
  out->form = out->isText ? time->form : VECTOR_PLAIN;
  return seen==SEES(CELL_INTEGER) || (out->isText && time->form!=VECTOR_PLAIN);
}

void chunk_totals(const Chunk *c, int amount, int isWhole, ChunkTotals *out){
  TotalsWork w = { out, &c->column[0], amount >= 0 ? &c->column[amount] : 0, 0, 0 };
  int k;
  memset(out, 0, sizeof *out);
  out->isWhole = isWhole;
  if( (c->key.seen & (SEES(CELL_NULL) | SEES(CELL_REAL) | SEES(CELL_BLOB))) || has_blank_key(c) || !has_plain_times(w.time, out) ){
    out->isText = 0;
    out->form = VECTOR_PLAIN;
    return;
  }
  out->isPlain = 1;
  out->hasMoney = w.amount && w.amount->seen >> CELL_TEXT==0;
  if( !out->hasMoney ) w.amount = 0;
  out->all.first = out->orders.first = INT64_MAX;
  out->all.last = out->orders.last = INT64_MIN;
  for(k=0; k<c->customers; k++) totals_customer(&w, c->start[k], c->start[k+1]);
  if( out->hasMoney ) out->hasMoney = totals_add_integer(&out->gmv, w.gmv, 1) & totals_add_integer(&out->refunds, w.back, 1);
}

/* ---- bytes ---- */

static void put_totals_rows(Buffer *out, const TotalsRows *t){
  buffer_put_unsigned(out, (uint64_t)t->rows);
  if( t->rows==0 ) return;
  buffer_put_unsigned(out, (uint64_t)t->customers);
  buffer_put_unsigned(out, (uint64_t)t->repeat);
  buffer_put_signed(out, t->first);
  buffer_put_unsigned(out, (uint64_t)t->last - (uint64_t)t->first);
}

static void put_money(Buffer *out, Money m){
  buffer_put_real(out, m.hi);
  buffer_put_real(out, m.lo);
}

void totals_encode(const ChunkTotals *t, const void *body, Buffer *out){
  uint64_t sum;
  int i;
  buffer_put_byte(out, TOTALS_VERSION);
  buffer_put(out, "\0\0\0\0\0\0\0", 8);
  buffer_put(out, (const char*)body + CHUNK_HEAD - TOTALS_SUM, TOTALS_SUM);
  buffer_put_byte(out, (t->isWhole ? TOTALS_WHOLE : 0u) | (t->isPlain ? TOTALS_PLAIN : 0u) | (t->hasMoney ? TOTALS_HAS_MONEY : 0u)
                  | (t->isReal ? TOTALS_REAL : 0u) | (t->isText ? TOTALS_TEXT : 0u));
  buffer_put_byte(out, (unsigned)t->form);
  if( t->isPlain ) put_totals_rows(out, &t->all);
  if( t->hasMoney ){
    put_totals_rows(out, &t->orders);
    buffer_put_unsigned(out, (uint64_t)t->effective);
    put_money(out, t->gmv);
    put_money(out, t->refunds);
  }
  if( out->failed ) return;
  sum = hash_bytes(out->data + TOTALS_HEAD, out->size - TOTALS_HEAD, CHUNK_SEED);
  for(i=0; i<8; i++) out->data[1 + i] = (unsigned char)(sum >> (8*i));
}

/* A number of at most `most`. */
static int64_t take_count(Reader *in, int64_t most){
  uint64_t v = reader_unsigned(in);
  if( v > (uint64_t)most ) in->failed = 1;
  return in->failed ? 0 : (int64_t)v;
}

static void take_totals_rows(Reader *in, TotalsRows *t, int64_t most){
  uint64_t length;
  t->rows = take_count(in, most);
  if( t->rows==0 ) return;
  t->customers = take_count(in, t->rows);
  t->repeat = take_count(in, t->customers);
  t->first = reader_signed(in);
  length = reader_unsigned(in);
  if( t->customers==0 || length > (uint64_t)INT64_MAX || t->first > INT64_MAX - (int64_t)length ) in->failed = 1;
  else t->last = t->first + (int64_t)length;
}

static Money take_money(Reader *in){
  Money m;
  m.hi = reader_real(in);
  m.lo = reader_real(in);
  if( !isfinite(m.hi) || !isfinite(m.lo) ) in->failed = 1;
  return m;
}

static void take_totals(Reader *in, ChunkTotals *t){
  unsigned flags = reader_byte(in), form = reader_byte(in);
  t->isWhole = (flags & TOTALS_WHOLE)!=0;
  t->isPlain = (flags & TOTALS_PLAIN)!=0;
  t->hasMoney = (flags & TOTALS_HAS_MONEY)!=0;
  t->isReal = (flags & TOTALS_REAL)!=0;
  t->isText = (flags & TOTALS_TEXT)!=0;
  t->form = (VectorForm)form;
  if( flags >= TOTALS_FLAGS || form > VECTOR_STAMPS_T || t->isText!=(form!=VECTOR_PLAIN) || (t->hasMoney && !t->isPlain) ) in->failed = 1;
  if( t->isPlain ) take_totals_rows(in, &t->all, CHUNK_ROWS_MAX);
  if( !t->hasMoney ) return;
  take_totals_rows(in, &t->orders, t->all.rows);
  t->effective = take_count(in, t->all.customers);
  t->gmv = take_money(in);
  t->refunds = take_money(in);
  if( t->orders.rows && (t->orders.first < t->all.first || t->orders.last > t->all.last) ) in->failed = 1;
}

Status totals_decode(ChunkTotals *t, const void *bytes, size_t n){
  const unsigned char *z = bytes;
  uint64_t sum = 0;
  Reader in;
  int i;
  memset(t, 0, sizeof *t);
  if( n < TOTALS_HEAD + TOTALS_SUM || z[0]!=TOTALS_VERSION ) return STATUS_CORRUPT;
  for(i=8; i>0; i--) sum = sum << 8 | z[i];
  if( sum!=hash_bytes(z + TOTALS_HEAD, n - TOTALS_HEAD, CHUNK_SEED) ) return STATUS_CORRUPT;
  in = reader_over(z + TOTALS_HEAD + TOTALS_SUM, n - TOTALS_HEAD - TOTALS_SUM);
  take_totals(&in, t);
  return in.failed || in.at!=in.end ? STATUS_CORRUPT : STATUS_OK;
}

int totals_are_of(const void *bytes, const void *body){
  return memcmp((const char*)bytes + TOTALS_HEAD, (const char*)body + CHUNK_HEAD - TOTALS_SUM, TOTALS_SUM)==0;
}
