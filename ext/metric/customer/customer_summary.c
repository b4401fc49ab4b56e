/*
** customer_summary: a row per customer in one pass.  See customer_summary.h for the pieces,
** docs/lifecycle.md for the figures.
*/
#include "metric/customer/customer_summary.h"

enum { PARAMETER_AS_OF, PARAMETER_ZONE, PARAMETER_BINS, PARAMETER_TIES, PARAMETER_DORMANT, PARAMETER_CHURN,
       PARAMETER_MATURE, PARAMETER_SCORE_BY, PARAMETER_R_LIMITS, PARAMETER_F_LIMITS, PARAMETER_M_LIMITS,
       PARAMETER_UNIT, PARAMETER_PERIOD_FROM, PARAMETER_PERIOD_TO, PARAMETERS };

/* ---- the request ---- */

static Status read_bins(CustomerSummary *s, int64_t bins, Failure *f){
  if( bins >= 1 && bins <= BINS_MAX ){
    s->bins = (int)bins;
    return STATUS_OK;
  }
  failure_set(f, "bins %lld is not within 1 and %d", (long long)bins, BINS_MAX);
  return STATUS_INVALID;
}

static Status read_ties(CustomerSummary *s, const Parameter *p, Failure *f){
  int n = p->text.n;
  s->ntile = n==5 && memcmp(p->text.z, "ntile", 5)==0;
  if( s->ntile || (n==5 && memcmp(p->text.z, "share", 5)==0) ) return STATUS_OK;
  failure_set(f, "ties '%.*s' is neither 'share' nor 'ntile'", n < 40 ? n : 40, p->text.z);
  return STATUS_INVALID;
}

static Status read_score_by(CustomerSummary *s, const Parameter *p, Failure *f){
  int n = p->text.n;
  s->byMean = n==4 && memcmp(p->text.z, "mean", 4)==0;
  if( s->byMean || (n==4 && memcmp(p->text.z, "rank", 4)==0) ) return STATUS_OK;
  failure_set(f, "score_by '%.*s' is neither 'rank' nor 'mean'", n < 40 ? n : 40, p->text.z);
  return STATUS_INVALID;
}

static Status read_unit(CustomerSummary *s, const Parameter *p, Failure *f){
  int n = p->text.n;
  s->unit = MICROS_PER_DAY;
  if( n==3 && memcmp(p->text.z, "day", 3)==0 ) return STATUS_OK;
  s->unit = MICROS_PER_DAY/24;
  if( n==4 && memcmp(p->text.z, "hour", 4)==0 ) return STATUS_OK;
  failure_set(f, "unit '%.*s' is neither 'day' nor 'hour'", n < 40 ? n : 40, p->text.z);
  return STATUS_INVALID;
}

/* r_limits, f_limits, m_limits, as far as given, and how many scores there can be. */
static Status read_limits(CustomerSummary *s, const TableRequest *request, Failure *f){
  static const char *const NAME[3] = { "r_limits", "f_limits", "m_limits" };
  Status rc = STATUS_OK;
  int i;
  for(i=0; i<3; i++) s->levels[i] = s->byMean ? 2 : s->bins;
  for(i=0; rc==STATUS_OK && i<3; i++){
    if( !(request->givenParameters >> (PARAMETER_R_LIMITS + i) & 1) ) continue;
    if( s->limits==0 ) s->limits = memory_zeroed(3 * sizeof *s->limits);
    if( s->limits==0 ) return STATUS_NOMEM;
    rc = score_limits_read(&s->limits[i], NAME[i], &request->parameter[PARAMETER_R_LIMITS + i], f);
    s->levels[i] = s->limits[i].n + 1;
  }
  return rc;
}

/* Only what the query uses is computed. */
static void read_wants(CustomerSummary *s, uint32_t needs){
  int all = (needs & SUMMARY_NEEDS_RFM) && s->hasAmount;
  s->wantsDays = (needs & SUMMARY_NEEDS_DAYS)!=0;
  s->wantsCycle = (needs & SUMMARY_NEEDS_CYCLE)!=0;
  s->wantsMoney = s->hasAmount && (needs & SUMMARY_NEEDS_MONEY)!=0;
  s->wantsRepeat = s->hasAmount && (needs & SUMMARY_NEEDS_REPEAT)!=0;
  s->wantsScore[0] = all || (needs & SUMMARY_NEEDS_R)!=0;
  s->wantsScore[1] = all || (needs & SUMMARY_NEEDS_F)!=0;
  s->wantsScore[2] = all || ((needs & SUMMARY_NEEDS_M)!=0 && s->hasAmount);
  s->wantsSecond = (needs & SUMMARY_NEEDS_SECOND)!=0;
  s->wantsAged = s->hasAmount && (needs & SUMMARY_NEEDS_AGED)!=0;
  s->wantsPeriod = (needs & SUMMARY_NEEDS_PERIOD)!=0;
}

static size_t lay_part_out(int wanted, size_t part, size_t *size){
  size_t at = *size;
  if( !wanted ) return 0;
  *size += part;
  return at;
}

/* What a member consists of; returns its size. */
static size_t lay_member_out(CustomerSummary *s, uint32_t needs){
  size_t size = sizeof(SummaryMember) + (s->wantsMoney ? sizeof(Money) : 0);
  int hasAges = s->wantsSecond || s->wantsAged || s->wantsPeriod;
  s->daysAt = lay_part_out(s->wantsDays || s->wantsAged || (needs & SUMMARY_NEEDS_FIRST)!=0, sizeof(SummaryDays), &size);
  s->repeatAt = lay_part_out(s->wantsRepeat, sizeof(Money), &size);
  s->agesAt = lay_part_out(hasAges, sizeof(SummaryAges), &size);
  return size;
}

void summary_defaults(Parameter parameter[SUMMARY_PARAMETERS]){
  _Static_assert(SUMMARY_PARAMETERS==PARAMETERS, "as many as the record has");
  memset(parameter, 0, SUMMARY_PARAMETERS * sizeof *parameter);
  parameter[PARAMETER_BINS].integer = 5;
  parameter[PARAMETER_TIES].text.z = "share";
  parameter[PARAMETER_TIES].text.n = 5;
  duration_from_days(90, &parameter[PARAMETER_DORMANT].duration);
  duration_from_days(180, &parameter[PARAMETER_CHURN].duration);
  parameter[PARAMETER_MATURE].integer = 3;
  parameter[PARAMETER_SCORE_BY].text.z = "rank";
  parameter[PARAMETER_SCORE_BY].text.n = 4;
  parameter[PARAMETER_UNIT].text.z = "day";
  parameter[PARAMETER_UNIT].text.n = 3;
}

static Status summary_init(void *acc, const TableRequest *request, Failure *f){
  CustomerSummary *s = acc;
  const Parameter *p = request->parameter;
  Status rc;
  s->hasAmount = request->givenColumns >> SUMMARY_AMOUNT & 1;
  s->hasOrder = request->givenColumns >> SUMMARY_ORDER & 1;
  s->asOfGiven = request->givenParameters >> PARAMETER_AS_OF & 1;
  s->ordered = request->ordered;
  s->stage.asOf = s->asOfGiven ? p[PARAMETER_AS_OF].instant : INT64_MAX;
  s->stage.dormant = p[PARAMETER_DORMANT].duration;
  s->stage.churn = p[PARAMETER_CHURN].duration;
  s->stage.matureOrders = p[PARAMETER_MATURE].integer;
  s->zone = request->zone;
  if( request->known ){
    s->seen.any = request->known->any;
    s->seen.last = request->known->last;
    s->revenueIsReal = request->known->isReal;
  }
  read_wants(s, request->needs);
  s->periodFrom = request->givenParameters >> PARAMETER_PERIOD_FROM & 1 ? p[PARAMETER_PERIOD_FROM].instant : INT64_MIN;
  s->periodUntil = request->givenParameters >> PARAMETER_PERIOD_TO & 1 ? p[PARAMETER_PERIOD_TO].instant : INT64_MAX;
  keymap_init(&s->customers, lay_member_out(s, request->needs));
  distinct_orders_init(&s->distinct);
  distinct_orders_init(&s->distinctInPeriod);
  visit_log_init(&s->days, 0);
  visit_log_init(&s->refunds, 1);
  visit_log_init(&s->aged, 1);
  rc = read_bins(s, p[PARAMETER_BINS].integer, f);
  if( rc==STATUS_OK ) rc = read_ties(s, &p[PARAMETER_TIES], f);
  if( rc==STATUS_OK ) rc = read_unit(s, &p[PARAMETER_UNIT], f);
  if( rc==STATUS_OK ) rc = read_score_by(s, &p[PARAMETER_SCORE_BY], f);
  return rc==STATUS_OK ? read_limits(s, request, f) : rc;
}

/* Scores compare customers. */
static int summary_is_apart(const TableRequest *request, Instant *asOf){
  if( request->givenParameters >> PARAMETER_AS_OF & 1 ) *asOf = request->parameter[PARAMETER_AS_OF].instant;
  return (request->needs & (SUMMARY_NEEDS_R | SUMMARY_NEEDS_F | SUMMARY_NEEDS_M | SUMMARY_NEEDS_RFM))==0;
}

static void summary_destroy(void *acc){
  CustomerSummary *s = acc;
  keymap_destroy(&s->customers);
  distinct_orders_destroy(&s->distinct);
  distinct_orders_destroy(&s->distinctInPeriod);
  visit_log_destroy(&s->days);
  visit_log_destroy(&s->refunds);
  visit_log_destroy(&s->aged);
  memory_free(s->day);
  memory_free(s->refund);
  memory_free(s->agedRow);
  memory_free(s->score);
  memory_free(s->limits);
  summary_piece_free(s->piece);
}

/* ---- one customer, all rows known ---- */

/* Sorts the days and drops repetitions; *left: how many are left. */
static Status distinct_days(int32_t *day, size_t n, size_t *left, const Stop *stop){
  size_t i, to = 0;
  Status rc = days_sort(day, n, stop);
  for(i=0; rc==STATUS_OK && i<n; i++) if( i==0 || day[i]!=day[i-1] ) day[to++] = day[i];
  *left = to;
  return rc;
}

static int is_among(const int32_t *day, size_t n, int32_t wanted){
  size_t low = 0, high = n;
  while( low < high ){
    size_t middle = low + (high - low)/2;
    if( day[middle] < wanted ) low = middle + 1; else high = middle;
  }
  return low < n && day[low]==wanted;
}

static void money_subtract_cell(Money *m, const Visit *v){
  Money amount = {0, 0};
  if( v->head.amountType==CELL_INTEGER ) money_add_integer(&amount, v->amount.i);
  else money_add_real(&amount, v->amount.r);
  money_subtract(m, amount);
}

/* Money of the repeat days: all of it, less the orders of the first day, less the refunds
** that fall on no repeat day. */
static Status finish_repeat(const CustomerSummary *s, SummaryMember *m, const int32_t *day, size_t days, const Visit *refund, size_t refunds, const Stop *stop){
  Money repeat = *summary_money(m), *part = summary_repeat(s, m);
  size_t i;
  money_subtract(&repeat, *part);
  for(i=0; i<refunds; i++){
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
    if( days > 1 && is_among(day + 1, days - 1, refund[i].head.ordinal) ) continue;
    money_subtract_cell(&repeat, &refund[i]);
  }
  *part = repeat;
  return STATUS_OK;
}

Status summary_twice_median_gap(int32_t *day, size_t days, uint32_t *out, const Stop *stop){
  size_t gaps = days - 1, i;
  Status rc;
  *out = 0;
  if( days < 2 ) return STATUS_OK;
  for(i=0; i<gaps; i++) day[i] = day[i+1] - day[i];
  rc = days_sort(day, gaps, stop);
  *out = (uint32_t)day[(gaps - 1)/2] + (uint32_t)day[gaps/2];
  return rc;
}

/* Changes the array of days. */
static Status finish_days(const CustomerSummary *s, SummaryMember *m, int32_t *day, size_t days,
                          const Visit *refund, size_t refunds, const Stop *stop){
  SummaryDays *d = summary_days(s, m);
  Status rc = distinct_days(day, days, &days, stop);
  d->days = (uint32_t)days;
  if( rc==STATUS_OK && s->wantsRepeat ) rc = finish_repeat(s, m, day, days, refund, refunds, stop);
  return rc==STATUS_OK ? summary_twice_median_gap(day, days, &d->rhythm.twiceCycle, stop) : rc;
}

Status summary_finish_at_hand(CustomerSummary *s, uint32_t customers, const Stop *stop){
  SummaryMember *m;
  Status rc = STATUS_OK;
  if( customers==0 || s->isFinished ) return rc;
  m = summary_member(s, customers - 1);
  if( s->wantsDays ) rc = finish_days(s, m, s->day, s->dayCount, s->refund, s->refundCount, stop);
  if( rc==STATUS_OK && s->wantsAged ) rc = summary_ages_finish(s, m, s->agedRow, s->agedCount, stop);
  s->dayCount = s->refundCount = s->agedCount = 0;
  return rc;
}

/* ---- rows in ---- */

static Status keep_day(CustomerSummary *s, SummaryDays *d, uint32_t id, int32_t day){
  Status rc = STATUS_OK;
  if( d->days && d->rhythm.lastLogged==day ) return rc;
  if( s->ordered ){
    if( s->dayCount==s->dayCapacity ){
      rc = memory_grow((void**)&s->day, &s->dayCapacity, s->dayCount + 1, sizeof(int32_t));
    }
    if( rc==STATUS_OK ) s->day[s->dayCount++] = day;
  }else{
    rc = visit_log_put_day(&s->days, id, day);
  }
  d->rhythm.lastLogged = day;
  d->days = 1;
  return rc;
}

Status summary_keep(const CustomerSummary *s, VisitLog *log, Visit **at, size_t *count, size_t *capacity, uint32_t id, const Visit *v){
  Status rc;
  if( !s->ordered ) return visit_log_put(log, id, v, 0);
  rc = memory_grow((void**)at, capacity, *count + 1, sizeof(Visit));
  if( rc==STATUS_OK ) (*at)[(*count)++] = *v;
  return rc;
}

static Status keep_refund(CustomerSummary *s, uint32_t id, const Column *amount, int row, int32_t day){
  Visit v;
  memset(&v, 0, sizeof v);
  v.head.ordinal = day;
  v.head.amountType = amount->type[row];
  v.amount = amount->cell[row];
  return summary_keep(s, &s->refunds, &s->refund, &s->refundCount, &s->refundCapacity, id, &v);
}

static inline void add_amount(Money *m, const Column *amount, int row){
  if( amount->type[row]==CELL_INTEGER ) money_add_integer(m, amount->cell[row].i);
  else if( amount->type[row]==CELL_REAL ) money_add_real(m, amount->cell[row].r);
}

/* An order, or a further row of one. */
static Status take_order(CustomerSummary *s, SummaryMember *m, uint32_t id, Batch *b, int row){
  Instant t = b->column[SUMMARY_TIME].cell[row].i;
  int32_t day = (int32_t)summary_day(s, t);
  int isFirst = m->orders==0, isNew = 1;
  uint32_t number = 0;
  Status rc = STATUS_OK;
  if( s->hasOrder ) rc = distinct_orders_see(&s->distinct, b, &b->column[SUMMARY_ORDER], row, id, &isNew, &number);
  if( rc==STATUS_OK && isNew ) rc = count_change(&m->orders, 1);
  if( rc!=STATUS_OK ) return rc;
  if( s->daysAt && (isFirst || t < summary_days(s, m)->first) ) summary_days(s, m)->first = t;
  if( isFirst || t > m->last ) m->last = t;
  if( isFirst || day < m->firstDay ){
    m->firstDay = day;
    if( s->wantsRepeat ) *summary_repeat(s, m) = (Money){0, 0};
  }
  if( s->agesAt ) rc = summary_ages_order(s, summary_ages(s, m), b, row, id, number);
  if( rc!=STATUS_OK ) return rc;
  if( s->wantsRepeat && day==m->firstDay ) add_amount(summary_repeat(s, m), &b->column[SUMMARY_AMOUNT], row);
  return s->wantsDays ? keep_day(s, summary_days(s, m), id, day) : STATUS_OK;
}

static Status take_row(CustomerSummary *s, SummaryMember *m, uint32_t id, Batch *b, int row){
  const Column *amount = &b->column[SUMMARY_AMOUNT];
  int refund = is_refund(amount, row);
  Status rc = STATUS_OK;
  s->revenueIsReal |= amount->type[row]==CELL_REAL;
  if( s->wantsMoney ) add_amount(summary_money(m), amount, row);
  if( s->agesAt ) rc = summary_ages_money(s, m, id, amount, row, b->column[SUMMARY_TIME].cell[row].i);
  if( rc!=STATUS_OK ) return rc;
  if( !refund && (!s->hasOrder || b->column[SUMMARY_ORDER].type[row]!=CELL_NULL) ) return take_order(s, m, id, b, row);
  if( !s->wantsRepeat || amount->type[row]==CELL_NULL ) return STATUS_OK;
  return keep_refund(s, id, amount, row, (int32_t)summary_day(s, b->column[SUMMARY_TIME].cell[row].i));
}

#define ORDERS_KEPT 1024       /* order numbers kept from one customer to the next */

static void forget_orders(DistinctOrders *d){
  if( d->orders.count <= ORDERS_KEPT ) return;
  distinct_orders_destroy(d);
  distinct_orders_init(d);
}

/* Rows in order: a customer that is not the last one must be new. */
static Status next_customer(CustomerSummary *s, uint32_t *known, uint32_t id, const Stop *stop){
  Status rc;
  if( id + 1==*known ) return STATUS_OK;
  if( id!=*known ) return STATUS_UNORDERED;
  rc = summary_finish_at_hand(s, *known, stop);
  s->isFinished = 0;
  forget_orders(&s->distinct);
  forget_orders(&s->distinctInPeriod);
  ++*known;
  return rc;
}

/* Customers of the rows.  Rows in order are looked up once for each run of one customer. */
static Status find_customers(CustomerSummary *s, Batch *b, const uint8_t *rows, int n, void **member, uint32_t *ids){
  const Column *key = &b->column[0];
  uint8_t head[BATCH_ROWS], run[BATCH_ROWS];
  int i, heads = 0;
  Status rc;
  if( !s->ordered ) return keymap_batch(&s->customers, b, key, rows, n, member, ids);
  for(i=0; i<n; i++){
    int same = i > 0 && key->type[rows[i]]==CELL_INTEGER && key->type[rows[i-1]]==CELL_INTEGER
            && key->cell[rows[i]].i==key->cell[rows[i-1]].i;
    if( !same ) head[heads++] = rows[i];
    run[i] = (uint8_t)(heads - 1);
  }
  rc = keymap_append(&s->customers, b, key, head, heads, member, ids);
  for(i=n; rc==STATUS_OK && i-- > 0; ){                       /* backwards: run[i] <= i */
    member[i] = member[run[i]];
    ids[i] = ids[run[i]];
  }
  return rc;
}

static Status summary_absorb(void *acc, Batch *b, Failure *f){
  CustomerSummary *s = acc;
  const Column *time = &b->column[SUMMARY_TIME];
  uint8_t rows[BATCH_ROWS] = {0};
  void *member[BATCH_ROWS];
  uint32_t ids[BATCH_ROWS], known = s->customers.count;
  int i, n = customers_rows(b, time, s->stage.asOf, rows);
  Status rc;
  (void)f;
  if( !s->asOfGiven ) last_seen(&s->seen, time, rows, n);
  rc = find_customers(s, b, rows, n, member, ids);
  for(i=0; rc==STATUS_OK && i<n; i++) PREFETCH((char*)member[i] + s->customers.entrySize - 2*sizeof(int64_t));    /* its end */
  for(i=0; rc==STATUS_OK && i<n; i++){
    if( s->ordered ) rc = next_customer(s, &known, ids[i], b->stop);
    if( rc==STATUS_OK ) rc = take_row(s, member[i], ids[i], b, rows[i]);
  }
  return rc;
}

/* ---- the end ---- */

/* What the logs have of one partition, grouped; NULL: that log is not kept. */
typedef struct SummaryGroups { VisitGroups *days, *refunds, *aged; } SummaryGroups;

static Status finish_partition(const CustomerSummary *s, size_t p, const SummaryGroups *g, const Stop *stop){
  size_t from = p << PARTITION_BITS, k;
  Status rc = STATUS_OK;
  for(k=0; rc==STATUS_OK && k<PARTITION_MEMBERS && from + k < s->customers.count; k++){
    SummaryMember *m = summary_member(s, (uint32_t)(from + k));
    if( s->wantsDays ){
      uint32_t at = g->days->from[k], r = g->refunds->from[k];
      rc = finish_days(s, m, g->days->day ? g->days->day + at : 0, g->days->from[k+1] - at,
                       g->refunds->visit ? g->refunds->visit + r : 0, g->refunds->from[k+1] - r, stop);
    }
    if( rc==STATUS_OK && s->wantsAged ){
      uint32_t at = g->aged->from[k];
      rc = summary_ages_finish(s, m, g->aged->visit ? g->aged->visit + at : 0, g->aged->from[k+1] - at, stop);
    }
  }
  return rc;
}

/* One log's visits of partition p; it may not reach so far. */
static Status group_visits(VisitLog *log, size_t p, VisitGroups *out, const Stop *stop){
  if( p < log->partitions ) return visit_log_visits(log, p, out, stop);
  memset(out->from, 0, sizeof out->from);
  return STATUS_OK;
}
static Status group_days(VisitLog *log, size_t p, VisitGroups *out, const Stop *stop){
  if( p < log->partitions ) return visit_log_days(log, p, out, stop);
  memset(out->from, 0, sizeof out->from);
  return STATUS_OK;
}

static Status finish_log(CustomerSummary *s, const Stop *stop){
  SummaryGroups g = { visit_groups_new(), visit_groups_new(), visit_groups_new() };
  size_t p, count = (s->customers.count + PARTITION_MEMBERS - 1) >> PARTITION_BITS;
  Status rc = g.days && g.refunds && g.aged ? STATUS_OK : STATUS_NOMEM;
  for(p=0; rc==STATUS_OK && p<count; p++){
    if( stop_asked(stop) ) rc = STATUS_INTERRUPTED;
    if( rc==STATUS_OK ) rc = group_days(&s->days, p, g.days, stop);
    if( rc==STATUS_OK ) rc = group_visits(&s->refunds, p, g.refunds, stop);
    if( rc==STATUS_OK ) rc = group_visits(&s->aged, p, g.aged, stop);
    if( rc==STATUS_OK ) rc = finish_partition(s, p, &g, stop);
  }
  visit_groups_free(g.days);
  visit_groups_free(g.refunds);
  visit_groups_free(g.aged);
  return rc;
}

/* By what r, f and m rank.  Where equal values share a score, those of one day are equal. */
static Status last_words(const void *arg, uint32_t id, uint32_t count, uint64_t *word, int *rounded){
  const CustomerSummary *s = arg;
  uint32_t i;
  (void)rounded;
  for(i=0; i<count; i++){
    const SummaryMember *m = summary_member(s, id + i);
    word[i] = m->orders==0 ? SCORE_WORST : score_word_of_integer(s->ntile ? m->last : summary_day(s, m->last));
  }
  return STATUS_OK;
}
static Status orders_words(const void *arg, uint32_t id, uint32_t count, uint64_t *word, int *rounded){
  uint32_t i;
  (void)rounded;
  for(i=0; i<count; i++) word[i] = score_word_of_integer(summary_member(arg, id + i)->orders);
  return STATUS_OK;
}
static Status revenue_words(const void *arg, uint32_t id, uint32_t count, uint64_t *word, int *rounded){
  const CustomerSummary *s = arg;
  int isFar = 0, isRounded = 0;
  uint32_t i;
  for(i=0; i<count; i++){
    Money revenue = *summary_money(summary_member(s, id + i));
    word[i] = s->revenueIsReal ? score_word_of_real(revenue.hi) : score_word_of_whole(revenue.hi);
    isFar |= !isfinite(revenue.hi);
    isRounded |= revenue.lo!=0;
  }
  *rounded |= isRounded;
  return isFar ? STATUS_OVERFLOW : STATUS_OK;
}
static double revenue_rest(const void *arg, uint32_t id){
  return summary_money(summary_member(arg, id))->lo;
}

/* What a customer is scored by without ranks: days of silence, orders, revenue; 0: there are none. */
static int fixed_value(const CustomerSummary *s, int which, uint32_t id, Money *out){
  SummaryMember *m = summary_member(s, id);
  if( which==1 ) *out = money_of_integer(m->orders);
  if( which==2 ) *out = *summary_money(m);
  if( which ) return 1;
  if( m->orders==0 ) return 0;
  *out = money_of_integer(s->asOfDay - summary_day(s, m->last));
  if( s->unit!=MICROS_PER_DAY ) *out = money_two_sum(out->hi * (double)s->unit / (double)MICROS_PER_DAY, 0);
  return 1;
}

#define FIXED_STOP_EVERY 16384

static Status fixed_mean(const CustomerSummary *s, int which, ScoreMean *mean, const Stop *stop){
  uint32_t id;
  for(id=0; id<s->customers.count; id++){
    Money v;
    if( id % FIXED_STOP_EVERY==FIXED_STOP_EVERY - 1 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    if( !fixed_value(s, which, id, &v) ) continue;
    money_add(&mean->sum, v);
    mean->count++;
  }
  return isfinite(money_real(mean->sum)) ? STATUS_OK : STATUS_OVERFLOW;
}

/* One score of everybody by fixed limits or against the mean. */
static Status fixed_scores(CustomerSummary *s, int which, const Stop *stop){
  const ScoreLimits *limits = s->limits && s->limits[which].n ? &s->limits[which] : 0;
  ScoreMean mean = { {0, 0}, 0 };
  Status rc = limits ? STATUS_OK : fixed_mean(s, which, &mean, stop);
  uint32_t id;
  for(id=0; rc==STATUS_OK && id<s->customers.count; id++){
    Money v;
    int score = 1;
    if( id % FIXED_STOP_EVERY==FIXED_STOP_EVERY - 1 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    if( fixed_value(s, which, id, &v) ){
      score = limits ? score_by_limits(limits, v, which==0) : score_by_mean(&mean, v, which==0);
    }
    s->score[id][which] = (uint8_t)score;
  }
  return rc;
}

static Status find_scores(CustomerSummary *s, const Stop *stop){
  static Status (*const WORDS[3])(const void*, uint32_t, uint32_t, uint64_t*, int*) = { last_words, orders_words, revenue_words };
  uint32_t n = s->customers.count;
  Status rc = STATUS_OK;
  int i;
  if( n==0 || !(s->wantsScore[0] || s->wantsScore[1] || s->wantsScore[2]) ) return rc;
  s->score = memory_large((size_t)n * sizeof *s->score);
  if( s->score==0 ) return STATUS_NOMEM;
  for(i=0; rc==STATUS_OK && i<3; i++){
    Scoring scoring = { n, s->bins, s->ntile, &s->customers, WORDS[i], revenue_rest, s, &s->score[0][i], sizeof *s->score };
    if( !s->wantsScore[i] ) continue;
    if( s->byMean || (s->limits && s->limits[i].n) ) rc = fixed_scores(s, i, stop);
    else rc = scores_find(&scoring, stop);
  }
  return rc;
}

static Status summary_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  CustomerSummary *s = acc;
  Status rc = STATUS_OK;
  (void)f;
  if( !s->asOfGiven ) s->stage.asOf = s->seen.last;
  distinct_orders_destroy(&s->distinct);
  distinct_orders_init(&s->distinct);
  distinct_orders_destroy(&s->distinctInPeriod);
  distinct_orders_init(&s->distinctInPeriod);
  if( s->ordered ) rc = summary_finish_at_hand(s, s->customers.count, stop);
  else if( s->wantsDays || s->wantsAged ) rc = finish_log(s, stop);
  visit_log_destroy(&s->days);
  visit_log_destroy(&s->refunds);
  visit_log_destroy(&s->aged);
  s->asOfDay = summary_day(s, s->stage.asOf);
  if( rc==STATUS_OK ) rc = find_scores(s, stop);
  *rows = s->customers.count;
  return rc;
}

const TableMetric METRIC_CUSTOMER_SUMMARY = {
  .size = sizeof(CustomerSummary), .outputs = SUMMARY_OUTPUTS, .typicalRows = 1e6, .keys = KEYS_IN(CustomerSummary, customers), .streams = 1,
  .init = summary_init, .absorb = summary_absorb, .absorbHistory = summary_histories, .historyKeys = 1,
  .isApart = summary_is_apart, .finish = summary_finish, .bytes = summary_bytes,
  .destroy = summary_destroy
};
