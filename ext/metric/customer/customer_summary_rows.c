/* The rows of customer_summary: see customer_summary.h. */
#include "metric/customer/customer_summary.h"
#include "metric/customer/roles.h"

/* Scores above three fifths of the bins are high: 4 and 5 of 5, 7 ... 10 of 10. */
static int high_score(int bins){ return 3*bins/5 + 1; }

static void score_output(const CustomerSummary *s, uint32_t id, int which, Result *r){
  if( s->score ) result_integer(r, s->score[id][which]);
}

static void segment_output(const CustomerSummary *s, uint32_t id, TableCell *out){
  const uint8_t *score = s->score ? s->score[id] : 0;
  int high[3], i;
  for(i=0; i<3; i++) high[i] = high_score(s->levels[i]);
  if( score ) cell_copied(out, rfm_segment(score[0] >= high[0], score[1] >= high[1], score[2] >= high[2]));
}

static void group_output(const CustomerSummary *s, uint32_t id, TableCell *out){
  const uint8_t *score = s->score ? s->score[id] : 0;
  int fifth[3], i;
  if( score==0 ) return;
  for(i=0; i<3; i++) fifth[i] = rfm_fifth(score[i], s->levels[i]);
  cell_copied(out, rfm_group(summary_member(s, id)->orders > 0, fifth[0], fifth[1], fifth[2]));
}

static Status time_output(CustomerSummary *s, Instant t, TableCell *out){
  if( !time_has_text(t, s->zone) ) return STATUS_OK;         /* a next time after year 9999 */
  cell_brief(out, time_text_kept(&s->dates, t, s->zone, out->brief));
  return STATUS_OK;
}

/* What only a customer with an order has; NULL for one with refunds alone. */
static Status activity_output(CustomerSummary *s, const SummaryMember *m, int column, TableCell *out){
  Result *r = &out->result;
  uint32_t twice = m->rhythm.twiceCycle;
  if( m->orders==0 ) return STATUS_OK;
  switch( column ){
    case OUT_FIRST_TIME: return time_output(s, m->first, out);
    case OUT_LAST_TIME: return time_output(s, m->last, out);
    case OUT_FREQUENCY: result_integer(r, (int64_t)m->days - 1); break;
    case OUT_RECENCY: result_integer(r, summary_day(s, m->last) - m->firstDay); break;
    case OUT_AGE: result_integer(r, s->asOfDay - m->firstDay); break;
    case OUT_CYCLE_DAYS: if( twice ) result_real(r, twice / 2.0 * ((double)s->unit / (double)MICROS_PER_DAY)); break;
    case OUT_NEXT_TIME: return twice ? time_output(s, m->last + twice * (s->unit/2), out) : STATUS_OK;
    case OUT_OVERDUE:
      if( twice ) result_real(r, (double)(s->asOfDay - summary_day(s, m->last)) / (twice / 2.0));
      break;
    default: break;
  }
  return STATUS_OK;
}

static Status money_output(const CustomerSummary *s, SummaryMember *m, int column, Result *r){
  double days = (double)m->days - 1;
  if( !s->hasAmount ) return STATUS_OK;
  if( column==OUT_REVENUE ) return customers_money(summary_money(m)->revenue, s->revenueIsReal, r);
  result_real(r, m->days > 1 ? money_real(summary_money(m)->part) / days : 0);
  return isfinite(r->real) ? STATUS_OK : STATUS_OVERFLOW;
}

Status summary_cell(void *acc, int64_t row, int column, TableCell *out, Failure *f){
  CustomerSummary *s = acc;
  uint32_t id = (uint32_t)row;
  SummaryMember *m = summary_member(s, id);
  Result *r = &out->result;
  (void)f;
  switch( column ){
    case OUT_CUSTOMER:
      out->isKey = 1;
      keymap_key(&s->customers, id, &out->key);
      return STATUS_OK;
    case OUT_ORDERS: result_integer(r, m->orders); return STATUS_OK;
    case OUT_ACTIVE_DAYS: result_integer(r, m->days); return STATUS_OK;
    case OUT_REVENUE: case OUT_MONETARY: return money_output(s, m, column, r);
    case OUT_R: case OUT_F: score_output(s, id, column - OUT_R, r); return STATUS_OK;
    case OUT_M: if( s->hasAmount ) score_output(s, id, 2, r); return STATUS_OK;
    case OUT_SEGMENT: if( s->hasAmount ) segment_output(s, id, out); return STATUS_OK;
    case OUT_RFM_GROUP: if( s->hasAmount ) group_output(s, id, out); return STATUS_OK;
    case OUT_STAGE:
      cell_copied(out, LIFECYCLE_STAGES[lifecycle_stage_number(m->orders, m->orders > 0, m->last, &s->stage, s->zone)]);
      return STATUS_OK;
    default: return activity_output(s, m, column, out);
  }
}
