/* The rows of customer_summary: see customer_summary.h. */
#include "metric/customer/customer_summary.h"
#include "metric/customer/roles.h"

/* Scores above three fifths of the bins are high: 4 and 5 of 5, 7 ... 10 of 10. */
static int high_score(int bins){ return 3*bins/5 + 1; }

Status summary_time(CustomerSummary *s, Instant t, TableCell *out){
  if( !time_has_text(t, s->zone) ) return STATUS_OK;         /* a next time after year 9999 */
  return cell_brief(out, time_text_kept(&s->dates, t, s->zone, out->brief));
}

Status summary_customer(void *acc, int64_t row, TableCell *out){
  return cell_key(out, &((CustomerSummary*)acc)->customers, (uint32_t)row);
}
static Status summary_orders(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, summary_member(acc, (uint32_t)row)->orders);
}
static Status summary_active_days(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, summary_days(acc, summary_member(acc, (uint32_t)row))->days);
}

/* ---- what only a customer with an order has; NULL for one with refunds alone ---- */

static Status summary_first_time(void *acc, int64_t row, TableCell *out){
  SummaryMember *m = summary_member(acc, (uint32_t)row);
  return m->orders ? summary_time(acc, summary_days(acc, m)->first, out) : STATUS_OK;
}
static Status summary_last_time(void *acc, int64_t row, TableCell *out){
  const SummaryMember *m = summary_member(acc, (uint32_t)row);
  return m->orders ? summary_time(acc, m->last, out) : STATUS_OK;
}
Status summary_frequency(void *acc, int64_t row, TableCell *out){
  SummaryMember *m = summary_member(acc, (uint32_t)row);
  return m->orders ? cell_integer(out, (int64_t)summary_days(acc, m)->days - 1) : STATUS_OK;
}
Status summary_recency(void *acc, int64_t row, TableCell *out){
  const SummaryMember *m = summary_member(acc, (uint32_t)row);
  return m->orders ? cell_integer(out, summary_day(acc, m->last) - m->firstDay) : STATUS_OK;
}
Status summary_age(void *acc, int64_t row, TableCell *out){
  const CustomerSummary *s = acc;
  const SummaryMember *m = summary_member(s, (uint32_t)row);
  return m->orders ? cell_integer(out, s->asOfDay - m->firstDay) : STATUS_OK;
}

/* Twice the median gap in days; 0: none. */
static uint32_t twice_cycle(const CustomerSummary *s, SummaryMember *m){ return m->orders ? summary_days(s, m)->rhythm.twiceCycle : 0; }

static Status summary_cycle_days(void *acc, int64_t row, TableCell *out){
  const CustomerSummary *s = acc;
  uint32_t twice = twice_cycle(s, summary_member(s, (uint32_t)row));
  return twice ? cell_real(out, twice / 2.0 * ((double)s->unit / (double)MICROS_PER_DAY)) : STATUS_OK;
}
Status summary_next_time(void *acc, int64_t row, TableCell *out){
  CustomerSummary *s = acc;
  SummaryMember *m = summary_member(s, (uint32_t)row);
  uint32_t twice = twice_cycle(s, m);
  return twice ? summary_time(s, m->last + twice * (s->unit/2), out) : STATUS_OK;
}
static Status summary_overdue(void *acc, int64_t row, TableCell *out){
  const CustomerSummary *s = acc;
  SummaryMember *m = summary_member(s, (uint32_t)row);
  uint32_t twice = twice_cycle(s, m);
  return twice ? cell_real(out, (double)(s->asOfDay - summary_day(s, m->last)) / (twice / 2.0)) : STATUS_OK;
}

/* ---- money ---- */

static Status summary_revenue(void *acc, int64_t row, TableCell *out){
  const CustomerSummary *s = acc;
  if( !s->hasAmount ) return STATUS_OK;
  return customers_money(*summary_money(summary_member(s, (uint32_t)row)), s->revenueIsReal, &out->result);
}
Status summary_monetary(void *acc, int64_t row, TableCell *out){
  const CustomerSummary *s = acc;
  SummaryMember *m = summary_member(s, (uint32_t)row);
  const SummaryDays *d = summary_days(s, m);
  double mean;
  if( !s->hasAmount ) return STATUS_OK;
  mean = d->days > 1 ? money_real(*summary_repeat(s, m)) / ((double)d->days - 1) : 0;
  cell_real(out, mean);
  return isfinite(mean) ? STATUS_OK : STATUS_OVERFLOW;
}

/* ---- scores and stages ---- */

/* which: 0 r, 1 f, 2 m; the last one only where there is money. */
static Status summary_score(void *acc, int64_t row, TableCell *out){
  const CustomerSummary *s = acc;
  if( s->score==0 || (out->which==2 && !s->hasAmount) ) return STATUS_OK;
  return cell_integer(out, s->score[row][out->which]);
}
static Status summary_segment(void *acc, int64_t row, TableCell *out){
  const CustomerSummary *s = acc;
  const uint8_t *score = s->score ? s->score[row] : 0;
  int high[3], i;
  if( score==0 || !s->hasAmount ) return STATUS_OK;
  for(i=0; i<3; i++) high[i] = high_score(s->levels[i]);
  return cell_copied(out, rfm_segment(score[0] >= high[0], score[1] >= high[1], score[2] >= high[2]));
}
static Status summary_stage(void *acc, int64_t row, TableCell *out){
  const CustomerSummary *s = acc;
  const SummaryMember *m = summary_member(s, (uint32_t)row);
  return cell_copied(out, LIFECYCLE_STAGES[lifecycle_stage_number(m->orders, m->orders > 0, m->last, &s->stage, s->zone)]);
}
static Status summary_rfm_group(void *acc, int64_t row, TableCell *out){
  const CustomerSummary *s = acc;
  const uint8_t *score = s->score ? s->score[row] : 0;
  int fifth[3], i;
  if( score==0 || !s->hasAmount ) return STATUS_OK;
  for(i=0; i<3; i++) fifth[i] = rfm_fifth(score[i], s->levels[i]);
  return cell_copied(out, rfm_group(summary_member(s, (uint32_t)row)->orders > 0, fifth[0], fifth[1], fifth[2]));
}

#define DAYS  SUMMARY_NEEDS_DAYS
#define CYCLE (SUMMARY_NEEDS_DAYS | SUMMARY_NEEDS_CYCLE)
#define RFM   (SUMMARY_NEEDS_MONEY | SUMMARY_NEEDS_RFM)

const TableOutput SUMMARY_OUTPUTS[24 + 1] = {
  { "customer", "", summary_customer, 0, 0 },
  { "orders", "INTEGER", summary_orders, 0, 0 },
  { "active_days", "INTEGER", summary_active_days, 0, DAYS },
  { "first_time", "TEXT", summary_first_time, 0, SUMMARY_NEEDS_FIRST },
  { "last_time", "TEXT", summary_last_time, 0, 0 },
  { "frequency", "INTEGER", summary_frequency, 0, DAYS },
  { "recency", "INTEGER", summary_recency, 0, 0 },
  { "age", "INTEGER", summary_age, 0, 0 },
  { "revenue", "", summary_revenue, 0, SUMMARY_NEEDS_MONEY },
  { "monetary", "REAL", summary_monetary, 0, DAYS | SUMMARY_NEEDS_MONEY | SUMMARY_NEEDS_REPEAT },
  { "cycle_days", "REAL", summary_cycle_days, 0, CYCLE },
  { "next_time", "TEXT", summary_next_time, 0, CYCLE },
  { "overdue", "REAL", summary_overdue, 0, CYCLE },
  { "r", "INTEGER", summary_score, 0, SUMMARY_NEEDS_R },
  { "f", "INTEGER", summary_score, 1, SUMMARY_NEEDS_F },
  { "m", "INTEGER", summary_score, 2, SUMMARY_NEEDS_MONEY | SUMMARY_NEEDS_M },
  { "segment", "TEXT", summary_segment, 0, RFM },
  { "stage", "TEXT", summary_stage, 0, 0 },
  { "rfm_group", "TEXT", summary_rfm_group, 0, RFM },
  { "second_time", "TEXT", summary_second_time, 0, SUMMARY_NEEDS_SECOND },
  { "revenue_90", "", summary_revenue_aged, 0, SUMMARY_NEEDS_AGED },
  { "revenue_365", "", summary_revenue_aged, 1, SUMMARY_NEEDS_AGED },
  { "period_orders", "INTEGER", summary_period_orders, 0, SUMMARY_NEEDS_PERIOD },
  { "period_revenue", "", summary_period_revenue, 0, SUMMARY_NEEDS_PERIOD },
  { 0, 0, 0, 0, 0 }
};

/* The scores. */
const uint8_t *summary_bytes(void *acc, int output, size_t *stride){
  const CustomerSummary *s = acc;
  const TableOutput *o = &SUMMARY_OUTPUTS[output];
  if( o->cell!=summary_score || s->score==0 || !s->wantsScore[o->which] ) return 0;
  *stride = sizeof *s->score;
  return &s->score[0][o->which];
}
