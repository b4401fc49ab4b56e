/* The rows of period_summary: see period_summary.h. */
#include "metric/customer/spans.h"

static const SpanSegment *span_of_row(const Spans *s, int64_t row){
  size_t low = 0, high = s->segmentCount;
  while( high - low > 1 ){
    size_t middle = low + (high - low)/2;
    if( s->segment[middle].row <= row ) low = middle; else high = middle;
  }
  while( s->segment[low].first==s->end ) low--;        /* a segment without rows shares the next one's */
  return &s->segment[low];
}

/* Zeros where nobody came; NULL before the segment's first period. */
static const SpanGroup *span_find(const Spans *s, const SpanSegment *segment, int64_t ordinal){
  static const SpanGroup nothing;
  Key key = { CELL_INTEGER, 0, 0, 0 };
  uint32_t *place;
  if( ordinal < segment->first ) return 0;
  key.integer = (int64_t)((uint64_t)segment->segment << 31) + ordinal + SPAN_ORDINAL_BIAS;
  place = keymap_find(&s->groupIds, &key, 0);
  return place ? &s->group[*place - 1] : &nothing;
}

/* The period with the same day a year before; 0 where there is none. */
static int span_year_before(const Spans *s, int64_t ordinal, int64_t *out){
  static const Duration year = { 12, 0 };
  Grain g = s->cache.grain;
  if( g.unit==GRAIN_DAYS ) return 0;
  if( g.unit==GRAIN_WEEK ) *out = ordinal - 52;
  else *out = grain_ordinal(g, instant_after(grain_start(g, ordinal, s->cache.zone), year, -1, s->cache.zone), s->cache.zone);
  return 1;
}

/* A row: its segment, its period, what came in. */
typedef struct SpanRow { const SpanSegment *segment; int64_t ordinal; const SpanGroup *group; } SpanRow;

static SpanRow span_at(const Spans *s, int64_t row){
  SpanRow r;
  r.segment = span_of_row(s, row);
  r.ordinal = r.segment->first + row - r.segment->row;
  r.group = span_find(s, r.segment, r.ordinal);
  return r;
}

static Status span_segment_key(void *acc, int64_t row, TableCell *out){
  const SpanSegment *segment = span_of_row(acc, row);
  out->isKey = segment->segment!=0;
  out->key = segment->key;
  return STATUS_OK;
}
static Status span_period(void *acc, int64_t row, TableCell *out){
  const Spans *s = acc;
  const PeriodCache *c = &s->cache;
  return cell_brief(out, grain_text(c->grain, grain_start(c->grain, span_at(s, row).ordinal, c->zone), c->zone, out->brief));
}
static Status span_complete(void *acc, int64_t row, TableCell *out){
  const Spans *s = acc;
  return cell_integer(out, s->asOf >= grain_start(s->cache.grain, span_at(s, row).ordinal + 1, s->cache.zone) - 1);
}

/* ---- customers and orders ---- */

static Status span_customers(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, span_at(acc, row).group->customers);
}
static Status span_new(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, span_at(acc, row).group->newCustomers);
}
static Status span_returning(void *acc, int64_t row, TableCell *out){
  const SpanGroup *g = span_at(acc, row).group;
  return cell_integer(out, g->customers - g->newCustomers);
}
static Status span_effective(void *acc, int64_t row, TableCell *out){
  const Spans *s = acc;
  return s->hasAmount ? cell_integer(out, span_at(s, row).group->effective) : STATUS_OK;
}
static Status span_orders(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, span_at(acc, row).group->orders);
}
static Status span_frequency(void *acc, int64_t row, TableCell *out){
  const SpanGroup *g = span_at(acc, row).group;
  return cell_ratio(out, (double)g->orders, (double)g->customers);
}

/* ---- money: NULL without amount_col ---- */

static Money span_repeat(const SpanGroup *g){
  Money repeat = g->gmv;
  money_subtract(&repeat, g->newRevenue);
  return repeat;
}
static Status span_money_of(const Spans *s, Money v, TableCell *out){
  return s->hasAmount ? customers_money(v, s->isReal, &out->result) : STATUS_OK;
}
static Status span_ratio(const Spans *s, double a, double b, TableCell *out){
  return s->hasAmount ? cell_ratio(out, a, b) : STATUS_OK;
}

static Status span_gmv(void *acc, int64_t row, TableCell *out){
  return span_money_of(acc, span_at(acc, row).group->gmv, out);
}
static Status span_refunds(void *acc, int64_t row, TableCell *out){
  return span_money_of(acc, span_at(acc, row).group->refunds, out);
}
static Status span_new_revenue(void *acc, int64_t row, TableCell *out){
  return span_money_of(acc, span_at(acc, row).group->newRevenue, out);
}
static Status span_repeat_revenue(void *acc, int64_t row, TableCell *out){
  return span_money_of(acc, span_repeat(span_at(acc, row).group), out);
}
static Status span_repeat_share(void *acc, int64_t row, TableCell *out){
  const SpanGroup *g = span_at(acc, row).group;
  return span_ratio(acc, money_real(span_repeat(g)), money_real(g->gmv), out);
}
static Status span_arpu(void *acc, int64_t row, TableCell *out){
  const SpanGroup *g = span_at(acc, row).group;
  return span_ratio(acc, money_real(g->gmv), (double)g->customers, out);
}
static Status span_arppu(void *acc, int64_t row, TableCell *out){
  const SpanGroup *g = span_at(acc, row).group;
  return span_ratio(acc, money_real(g->gmv), (double)g->effective, out);
}
static Status span_aov(void *acc, int64_t row, TableCell *out){
  const SpanGroup *g = span_at(acc, row).group;
  return span_ratio(acc, money_real(g->gmv), (double)g->orders, out);
}

/* ---- the same period's money before ---- */

/* NULL: there is none. */
static const SpanGroup *span_before(const Spans *s, const SpanRow *r, int isYear){
  int64_t ordinal = r->ordinal - 1;
  if( isYear && !span_year_before(s, r->ordinal, &ordinal) ) return 0;
  return span_find(s, r->segment, ordinal);
}

/* which: 0 the period before, 1 a year before. */
static Status span_gmv_before(void *acc, int64_t row, TableCell *out){
  const Spans *s = acc;
  SpanRow r = span_at(s, row);
  const SpanGroup *before = span_before(s, &r, out->which);
  return before ? span_money_of(s, before->gmv, out) : STATUS_OK;
}
static Status span_change(void *acc, int64_t row, TableCell *out){
  const Spans *s = acc;
  SpanRow r = span_at(s, row);
  const SpanGroup *before = span_before(s, &r, out->which);
  double gmv = before ? money_real(before->gmv) : 0;
  if( !s->hasAmount || before==0 || gmv==0 ) return STATUS_OK;
  return cell_real(out, money_real(r.group->gmv)/gmv - 1);
}

const TableOutput SPAN_OUTPUTS[21 + 1] = {
  { "segment", "", span_segment_key, 0, 0 },
  { "period", "TEXT", span_period, 0, 0 },
  { "customers", "INTEGER", span_customers, 0, 0 },
  { "new_customers", "INTEGER", span_new, 0, 0 },
  { "returning_customers", "INTEGER", span_returning, 0, 0 },
  { "effective_customers", "INTEGER", span_effective, 0, 0 },
  { "orders", "INTEGER", span_orders, 0, 0 },
  { "gmv", "", span_gmv, 0, 0 },
  { "refunds", "", span_refunds, 0, 0 },
  { "new_revenue", "", span_new_revenue, 0, 0 },
  { "repeat_revenue", "", span_repeat_revenue, 0, 0 },
  { "repeat_share", "REAL", span_repeat_share, 0, 0 },
  { "arpu", "REAL", span_arpu, 0, 0 },
  { "arppu", "REAL", span_arppu, 0, 0 },
  { "aov", "REAL", span_aov, 0, 0 },
  { "orders_per_customer", "REAL", span_frequency, 0, 0 },
  { "previous_gmv", "", span_gmv_before, 0, 0 },
  { "change", "REAL", span_change, 0, 0 },
  { "year_ago_gmv", "", span_gmv_before, 1, 0 },
  { "change_year", "REAL", span_change, 1, 0 },
  { "complete", "INTEGER", span_complete, 0, 0 },
  { 0, 0, 0, 0, 0 }
};
