/* The rows of cohort_window: see cohort.h. */
#include "metric/cohort/cohort.h"

/* The last cohort that begins at or before the row. */
static const Cohort *cohort_of_row(const CohortMatrix *m, int64_t row){
  size_t low = 0, high = m->count;
  while( high - low > 1 ){
    size_t mid = low + (high - low)/2;
    if( m->cohort[mid].firstRow <= row ) low = mid; else high = mid;
  }
  while( m->cohort[low].cells==0 ) low--;           /* an empty cohort shares its first row */
  return &m->cohort[low];
}

/* A row: a cohort, one of its places, what is there. */
typedef struct CohortSpot { const Cohort *cohort; int64_t place; const CohortCell *cell; } CohortSpot;

static CohortSpot spot_of_row(const CohortTable *t, int64_t row){
  CohortSpot s;
  s.cohort = cohort_of_row(&t->matrix, row);
  s.place = row - s.cohort->firstRow;
  s.cell = &s.cohort->cell[s.place];
  return s;
}

static int64_t cohort_eligible(const CohortRule *rule, const Cohort *c, int64_t k){
  if( rule->rolling ) return (size_t)k + 1 < c->observedCapacity ? c->observed[k+1] : 0;
  return rule->asOf >= grain_start(rule->grain, c->ordinal + place_end(rule, k), rule->zone) - 1 ? c->size : 0;
}

static Status cohort_money(Money v, int isReal, TableCell *out){
  int64_t whole;
  if( !isfinite(v.hi) || !isfinite(v.lo) ) return STATUS_OVERFLOW;
  if( isReal )return cell_real(out, money_real(v));
  if( !money_integer(v, &whole) ) return STATUS_OVERFLOW;
  return cell_integer(out, whole);
}

/* ---- which cohort, which period ---- */

static Status cohort_segment(void *acc, int64_t row, TableCell *out){
  const CohortMatrix *m = &((CohortTable*)acc)->matrix;
  return cell_key_or_null(out, &m->segments, cohort_of_row(m, row)->segment);
}
static Status cohort_begin(void *acc, int64_t row, TableCell *out){
  const CohortRule *r = &((CohortTable*)acc)->rule;
  Instant start = grain_start(r->grain, spot_of_row(acc, row).cohort->ordinal, r->zone);
  return cell_brief(out, grain_text(r->grain, start, r->zone, out->brief));
}
static Status cohort_period(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, place_begin(&((CohortTable*)acc)->rule, spot_of_row(acc, row).place));
}
static Status cohort_period_end(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, place_end(&((CohortTable*)acc)->rule, spot_of_row(acc, row).place));
}

/* ---- members ---- */

static Status cohort_size(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, spot_of_row(acc, row).cohort->size);
}
static Status cohort_customers(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, spot_of_row(acc, row).cell->customers);
}
static Status cohort_retention(void *acc, int64_t row, TableCell *out){
  const CohortRule *r = &((CohortTable*)acc)->rule;
  CohortSpot s = spot_of_row(acc, row);
  if( !r->rolling ) return cell_ratio(out, (double)s.cell->customers, (double)s.cohort->size);
  return cell_ratio(out, (double)s.cell->eligibleCustomers, (double)cohort_eligible(r, s.cohort, s.place));
}
static Status cohort_orders(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, spot_of_row(acc, row).cell->orders);
}
static Status cohort_repeaters(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, spot_of_row(acc, row).cell->repeaters);
}
static Status cohort_repurchase(void *acc, int64_t row, TableCell *out){
  CohortSpot s = spot_of_row(acc, row);
  return cell_ratio(out, (double)s.cell->repeaters, (double)s.cohort->size);
}
static Status cohort_who_may(void *acc, int64_t row, TableCell *out){
  CohortSpot s = spot_of_row(acc, row);
  return cell_integer(out, cohort_eligible(&((CohortTable*)acc)->rule, s.cohort, s.place));
}
static Status cohort_who_did(void *acc, int64_t row, TableCell *out){
  const CohortRule *r = &((CohortTable*)acc)->rule;
  CohortSpot s = spot_of_row(acc, row);
  if( r->rolling ) return cell_integer(out, s.cell->eligibleCustomers);
  return cell_integer(out, cohort_eligible(r, s.cohort, s.place) ? s.cell->customers : 0);
}
static Status cohort_complete(void *acc, int64_t row, TableCell *out){
  CohortSpot s = spot_of_row(acc, row);
  return cell_integer(out, cohort_eligible(&((CohortTable*)acc)->rule, s.cohort, s.place)==s.cohort->size);
}

/* ---- money: NULL without its column ---- */

static int has_gain(const CohortRule *r){ return rule_has(r, COHORT_AMOUNT) || rule_has(r, COHORT_MARGIN); }

/* which: 0 in the period, 1 up to its end. */
static Status cohort_revenue(void *acc, int64_t row, TableCell *out){
  const CohortTable *t = acc;
  const CohortCell *cell = spot_of_row(t, row).cell;
  if( !rule_has(&t->rule, COHORT_AMOUNT) ) return STATUS_OK;
  return cohort_money(out->which ? cell->cumulativeRevenue : cell->revenue, t->matrix.revenueIsReal, out);
}
static Status cohort_margin(void *acc, int64_t row, TableCell *out){
  const CohortTable *t = acc;
  const CohortCell *cell = spot_of_row(t, row).cell;
  if( !rule_has(&t->rule, COHORT_MARGIN) ) return STATUS_OK;
  return cohort_money(out->which ? cell->cumulativeMargin : cell->margin, t->matrix.marginIsReal, out);
}
static Status cohort_cost(void *acc, int64_t row, TableCell *out){
  const CohortTable *t = acc;
  return rule_has(&t->rule, COHORT_COST) ? cohort_money(spot_of_row(t, row).cell->cost, t->matrix.costIsReal, out) : STATUS_OK;
}
static Status cohort_ltv(void *acc, int64_t row, TableCell *out){
  CohortSpot s = spot_of_row(acc, row);
  if( !rule_has(&((CohortTable*)acc)->rule, COHORT_AMOUNT) ) return STATUS_OK;
  return cell_ratio(out, money_real(s.cell->cumulativeRevenue), (double)s.cohort->size);
}
/* which: what came in / cost; 1: less one, the return. */
static Status cohort_return(void *acc, int64_t row, TableCell *out){
  const CohortRule *r = &((CohortTable*)acc)->rule;
  const CohortCell *cell = spot_of_row(acc, row).cell;
  Money gain = cohort_gained(r, cell);
  if( !has_gain(r) || !rule_has(r, COHORT_COST) ) return STATUS_OK;
  if( out->which ) money_subtract(&gain, cell->cumulativeCost);
  return cell_ratio(out, money_real(gain), money_real(cell->cumulativeCost));
}
static Status cohort_payback(void *acc, int64_t row, TableCell *out){
  const CohortRule *r = &((CohortTable*)acc)->rule;
  const Cohort *c = spot_of_row(acc, row).cohort;
  if( !has_gain(r) || !rule_has(r, COHORT_COST) || c->payback < 0 ) return STATUS_OK;
  return cell_integer(out, place_begin(r, c->payback));
}

const TableOutput COHORT_OUTPUTS[22 + 1] = {
  { "segment", "", cohort_segment, 0, 0 },
  { "cohort", "TEXT", cohort_begin, 0, 0 },
  { "period", "INTEGER", cohort_period, 0, 0 },
  { "cohort_size", "INTEGER", cohort_size, 0, 0 },
  { "customers", "INTEGER", cohort_customers, 0, 0 },
  { "retention", "REAL", cohort_retention, 0, 0 },
  { "orders", "INTEGER", cohort_orders, 0, COHORT_CELLS },
  { "revenue", "", cohort_revenue, 0, COHORT_CELLS },
  { "cumulative_revenue", "", cohort_revenue, 1, COHORT_CELLS },
  { "ltv", "REAL", cohort_ltv, 0, COHORT_CELLS },
  { "repeat_customers", "INTEGER", cohort_repeaters, 0, COHORT_CELLS },
  { "repurchase_rate", "REAL", cohort_repurchase, 0, COHORT_CELLS },
  { "eligible", "INTEGER", cohort_who_may, 0, 0 },
  { "eligible_customers", "INTEGER", cohort_who_did, 0, 0 },
  { "complete", "INTEGER", cohort_complete, 0, 0 },
  { "cost", "", cohort_cost, 0, COHORT_CELLS },
  { "cumulative_roi", "REAL", cohort_return, 1, COHORT_CELLS },
  { "margin", "", cohort_margin, 0, COHORT_CELLS },
  { "cumulative_margin", "", cohort_margin, 1, COHORT_CELLS },
  { "ltv_cac", "REAL", cohort_return, 0, COHORT_CELLS },
  { "payback_period", "INTEGER", cohort_payback, 0, COHORT_CELLS },
  { "period_end", "INTEGER", cohort_period_end, 0, 0 },
  { 0, 0, 0, 0, 0 }
};
