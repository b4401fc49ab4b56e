/* send_plan: see send_plan.h. */
#include "metric/reach/frequency_cap.h"
#include "metric/reach/send_plan.h"
#include "metric/service/service.h"

/* Batch columns, those of the history counted from 0; parameters; outputs: as in the record. */
enum { SEND_CUSTOMER, SEND_MESSAGE, SEND_AUDIENCE, SEND_CHANNEL, SEND_WANTED, SEND_PRIORITY, SEND_CONSENT, SEND_CONTROL, SEND_HISTORY };
enum { SENT_CUSTOMER, SENT_MESSAGE, SENT_TIME };
enum { SEND_MAX, SEND_WINDOW, SEND_QUIET_FROM, SEND_QUIET_TO, SEND_ZONE, SEND_HORIZON, SEND_GAP };

enum { DECISION_SEND, DECISION_MOVED, DECISION_HELD };
enum { REASON_NONE, REASON_QUIET, REASON_CAP, REASON_GAP, REASON_DUPLICATE, REASON_CONSENT, REASON_CONTROL };
static const char *const SEND_DECISIONS[] = { "send", "moved", "held" };
static const char *const SEND_REASONS[] = { 0, "quiet", "cap", "gap", "duplicate", "no_consent", "control" };

typedef struct SendRow {
  uint32_t customer;           /* ids; finished: customers are ranks by key */
  uint32_t message, audience, channel;           /* id + 1; 0: NULL */
  uint32_t messageRank;
  uint8_t noConsent, control, decision, reason;
  double priority;
  Instant wanted, at;
} SendRow;

typedef struct SentRow { uint32_t customer, message; Instant time; } SentRow;

/* A message that has its moment. */
typedef struct Placed { Instant time; int sent; } Placed;

typedef struct SendPlan {
  KeyMap customers, messages, audiences, channels;
  SendRow *row;
  size_t rows, rowCapacity;
  SentRow *sent;
  size_t sents, sentCapacity;
  Placed *placed;              /* of the customer at hand, in order of time */
  size_t placedCount, placedCapacity;
  uint32_t *customerRank, *customerOf, *messageRank;
  uint32_t *marked;            /* by message: rank + 1 of the customer to whom it goes or went */
  size_t unasked;              /* placed ones looked at since the last question whether to stop */
  CapWindow window;
  int64_t max, quietFrom, quietTo;
  Duration horizon, gap;
  int32_t zone;
  int hasCap, hasQuiet, hasGap, hasConsent, hasControl, hasPriority;
} SendPlan;

#define WORK_PER_QUESTION 8192

/* ---- parameters ---- */

static Status send_clock(const Parameter *p, const char *name, int64_t *out, Failure *f){
  if( clock_from_text(p->text.z, p->text.n, out) ) return STATUS_OK;
  failure_set(f, "%s '%.*s' is no time of day; use 'HH:MM', 00:00 to 24:00", name, p->text.n < 40 ? p->text.n : 40, p->text.z);
  return STATUS_INVALID;
}

static Status send_cap(SendPlan *s, const Parameter *p, uint32_t given, Failure *f){
  const Parameter *window = &p[SEND_WINDOW];
  int hasMax = given >> SEND_MAX & 1, hasWindow = given >> SEND_WINDOW & 1;
  if( !hasMax && !hasWindow ) return STATUS_OK;
  if( hasMax!=hasWindow ){
    failure_set(f, "input %s is missing: a cap is max messages in a window, max = 2 AND window = '1 calendar day@+08:00'", hasMax ? "window" : "max");
    return STATUS_INVALID;
  }
  s->hasCap = 1;
  s->max = p[SEND_MAX].integer;
  if( s->max < 0 ){
    failure_set(f, "max %lld is negative; give the number of messages that a window may hold", (long long)s->max);
    return STATUS_INVALID;
  }
  return cap_window_read("window", window->text.z, window->text.n, &s->window, f);
}

static Status send_init(void *acc, const TableRequest *request, Failure *f){
  SendPlan *s = acc;
  const Parameter *p = request->parameter;
  uint32_t given = request->givenParameters;
  Status rc;
  keymap_init(&s->customers, 0);
  keymap_init(&s->messages, 0);
  keymap_init(&s->audiences, 0);
  keymap_init(&s->channels, 0);
  s->zone = request->zone;
  s->horizon = p[SEND_HORIZON].duration;
  s->hasGap = given >> SEND_GAP & 1;
  s->gap = p[SEND_GAP].duration;
  s->hasConsent = request->givenColumns >> SEND_CONSENT & 1;
  s->hasControl = request->givenColumns >> SEND_CONTROL & 1;
  s->hasPriority = request->givenColumns >> SEND_PRIORITY & 1;
  rc = send_cap(s, p, given, f);
  if( rc!=STATUS_OK || !(given >> SEND_QUIET_FROM & 1) ) return rc;
  s->hasQuiet = 1;
  rc = send_clock(&p[SEND_QUIET_FROM], "quiet_from", &s->quietFrom, f);
  return rc==STATUS_OK ? send_clock(&p[SEND_QUIET_TO], "quiet_to", &s->quietTo, f) : rc;
}

static void send_destroy(void *acc){
  SendPlan *s = acc;
  keymap_destroy(&s->customers);
  keymap_destroy(&s->messages);
  keymap_destroy(&s->audiences);
  keymap_destroy(&s->channels);
  memory_free(s->row);
  memory_free(s->sent);
  memory_free(s->placed);
  memory_free(s->customerRank);
  memory_free(s->customerOf);
  memory_free(s->messageRank);
  memory_free(s->marked);
}

/* ---- rows in ---- */

static Status send_id(KeyMap *map, const Batch *b, int column, int row, uint32_t *id){
  Key key;
  Status rc;
  *id = 0;
  if( b->column[column].type[row]==CELL_NULL ) return STATUS_OK;
  key = key_of_cell(b, &b->column[column], row);
  rc = keymap_insert(map, &key, 0, id);
  if( rc==STATUS_OK ) ++*id;
  return rc;
}

static double send_number(const Column *c, int row){
  return c->type[row]==CELL_INTEGER ? (double)c->cell[row].i : c->type[row]==CELL_REAL ? c->cell[row].r : HUGE_VAL;
}

static Status send_absorb(void *acc, Batch *b, Failure *f){
  SendPlan *s = acc;
  Status rc = STATUS_OK;
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    SendRow *r;
    if( b->column[SEND_WANTED].type[i]==CELL_NULL ) continue;
    rc = memory_grow((void**)&s->row, &s->rowCapacity, s->rows + 1, sizeof *s->row);
    if( rc!=STATUS_OK ) return rc;
    r = &s->row[s->rows];
    memset(r, 0, sizeof *r);
    rc = send_id(&s->customers, b, SEND_CUSTOMER, i, &r->customer);
    if( rc==STATUS_OK ) rc = send_id(&s->messages, b, SEND_MESSAGE, i, &r->message);
    if( rc==STATUS_OK ) rc = send_id(&s->audiences, b, SEND_AUDIENCE, i, &r->audience);
    if( rc==STATUS_OK ) rc = send_id(&s->channels, b, SEND_CHANNEL, i, &r->channel);
    r->customer--;
    r->wanted = b->column[SEND_WANTED].cell[i].i;
    r->priority = s->hasPriority ? send_number(&b->column[SEND_PRIORITY], i) : 0;
    r->noConsent = s->hasConsent && !b->column[SEND_CONSENT].cell[i].i;
    r->control = s->hasControl && b->column[SEND_CONTROL].cell[i].i;
    s->rows++;
  }
  return rc;
}

/* The history of customers who are in the queue. */
static Status send_absorb_history(void *acc, Batch *b, Failure *f){
  SendPlan *s = acc;
  Status rc = STATUS_OK;
  int i;
  (void)f;
  for(i=0; rc==STATUS_OK && i<b->rows; i++){
    Key key = key_of_cell(b, &b->column[SENT_CUSTOMER], i);
    uint32_t customer, message = 0;
    if( b->column[SENT_TIME].type[i]==CELL_NULL || keymap_find(&s->customers, &key, &customer)==0 ) continue;
    rc = send_id(&s->messages, b, SENT_MESSAGE, i, &message);
    if( rc==STATUS_OK ) rc = memory_grow((void**)&s->sent, &s->sentCapacity, s->sents + 1, sizeof *s->sent);
    if( rc!=STATUS_OK ) return rc;
    s->sent[s->sents].customer = customer;
    s->sent[s->sents].message = message;
    s->sent[s->sents++].time = b->column[SENT_TIME].cell[i].i;
  }
  return rc;
}

/* ---- when a message may go: placed ones stand in order of time, so that all is found by halves ---- */

/* How many messages are placed at or before t. */
static size_t placed_until(const SendPlan *s, Instant t){
  size_t low = 0, high = s->placedCount;
  while( low < high ){
    size_t middle = low + (high - low)/2;
    if( s->placed[middle].time <= t ) low = middle + 1; else high = middle;
  }
  return low;
}

/* The first of the first n placed ones that lies in the window before t; n: none. */
static size_t placed_in_window(const SendPlan *s, size_t n, Instant t){
  size_t low = 0, high = n;
  while( low < high ){
    size_t middle = low + (high - low)/2;
    if( cap_in_window(&s->window, s->placed[middle].time, t) ) high = middle; else low = middle + 1;
  }
  return low;
}

/* The first of the first n placed ones that is nearer to t, which follows it, than the gap; n: none. */
static size_t placed_too_near(const SendPlan *s, size_t n, Instant t){
  size_t low = 0, high = n;
  while( low < high ){
    size_t middle = low + (high - low)/2;
    if( instant_after(s->placed[middle].time, s->gap, 1, s->zone) > t ) high = middle; else low = middle + 1;
  }
  return low;
}

/* Number of messages placed at or before t that lie in the window before t, but for the one at `skip`. */
static int64_t send_count(const SendPlan *s, Instant t, size_t skip){
  size_t until = placed_until(s, t), from = placed_in_window(s, until, t);
  return (int64_t)(until - from) - (skip >= from && skip < until);
}

static Instant next_second(Instant t){
  return (t/MICROS_PER_SECOND - (t%MICROS_PER_SECOND < 0) + 1)*MICROS_PER_SECOND;
}

/* The cap at t, and of those planned later when this one goes before them. */
static int send_capped(SendPlan *s, Instant t, Instant *next){
  size_t i;
  if( !s->hasCap || (s->max > 0 && (uint64_t)s->placedCount < (uint64_t)s->max) ) return 0;
  if( send_count(s, t, SIZE_MAX) >= s->max ){
    *next = next_second(t);
    if( s->window.calendar ){
      Instant start = grain_start(s->window.grain, grain_ordinal(s->window.grain, t, s->window.zone) + 1, s->window.zone);
      if( start > *next ) *next = start;
    }else{
      i = placed_in_window(s, s->placedCount, t);
      if( i<s->placedCount && next_second(instant_after(s->placed[i].time, s->window.rolling, 1, 0)) > *next ){
        *next = next_second(instant_after(s->placed[i].time, s->window.rolling, 1, 0));
      }
    }
    return 1;
  }
  for(i=placed_until(s, t); i<s->placedCount; i++){
    const Placed *later = &s->placed[i];
    if( !cap_in_window(&s->window, t, later->time) ) break;
    s->unasked++;
    if( later->sent ) continue;
    if( send_count(s, later->time, i) + 1 < s->max ) continue;
    *next = later->time;
    return 1;
  }
  return 0;
}

static int send_too_near(const SendPlan *s, Instant t, Instant *next){
  size_t i, until;
  if( !s->hasGap ) return 0;
  until = placed_until(s, t);
  i = placed_too_near(s, until, t);
  if( i==until && (i==s->placedCount || instant_after(t, s->gap, 1, s->zone) <= s->placed[i].time) ) return 0;
  *next = instant_after(s->placed[i].time, s->gap, 1, s->zone);
  return 1;
}

/* What stands in the way at t, and the first moment that may be better; REASON_NONE: nothing. */
static int send_obstacle(SendPlan *s, Instant t, Instant *next){
  if( s->hasQuiet && in_quiet_hours(time_of_day(t, s->zone), s->quietFrom, s->quietTo) ){
    *next = quiet_end(t, s->quietFrom, s->quietTo, s->zone);
    return REASON_QUIET;
  }
  if( send_capped(s, t, next) ) return REASON_CAP;
  return send_too_near(s, t, next) ? REASON_GAP : REASON_NONE;
}

static Status send_place(SendPlan *s, Instant t, int sent){
  size_t i;
  Status rc = memory_grow((void**)&s->placed, &s->placedCapacity, s->placedCount + 1, sizeof *s->placed);
  if( rc!=STATUS_OK ) return rc;
  for(i=s->placedCount++; i>0 && s->placed[i-1].time>t; i--) s->placed[i] = s->placed[i-1];
  s->placed[i].time = t;
  s->placed[i].sent = sent;
  return STATUS_OK;
}

static Status send_decide(SendPlan *s, SendRow *r, const Stop *stop){
  Instant until = instant_after(r->wanted, s->horizon, 1, s->zone), t = r->wanted, next = t;
  int obstacle, first = REASON_NONE;
  while( (obstacle = send_obstacle(s, t, &next))!=REASON_NONE ){
    if( first==REASON_NONE ) first = obstacle;
    if( next <= t ) next = next_second(t);
    t = next;
    if( t > until || (s->hasCap && s->max==0) ){
      r->decision = DECISION_HELD;
      r->reason = (uint8_t)first;
      return STATUS_OK;
    }
    if( (s->unasked += 8) >= WORK_PER_QUESTION ){
      s->unasked = 0;
      if( stop_asked(stop) ) return STATUS_INTERRUPTED;
    }
  }
  r->decision = t==r->wanted ? DECISION_SEND : DECISION_MOVED;
  r->reason = (uint8_t)first;
  r->at = t;
  return send_place(s, t, 0);
}

/* ---- all rows are in ---- */

typedef struct SendRank { Key key; uint32_t id; } SendRank;

static int send_compare_keys(const void *a, const void *b, const void *context){
  (void)context;
  return key_compare(&((const SendRank*)a)->key, &((const SendRank*)b)->key);
}

/* rank[id] = place of the key among all, order[place] = id; order may be NULL. */
static Status send_ranks(const KeyMap *map, uint32_t **rank, uint32_t **order, const Stop *stop){
  uint32_t i, n = map->count;
  SendRank *all = memory_alloc(((size_t)n + 1)*sizeof *all);
  Status rc = STATUS_NOMEM;
  *rank = memory_alloc(((size_t)n + 1)*sizeof **rank);
  if( order ) *order = memory_alloc(((size_t)n + 1)*sizeof **order);
  if( all && *rank && (order==0 || *order) ) rc = STATUS_OK;
  for(i=0; rc==STATUS_OK && i<n; i++){
    all[i].id = i;
    keymap_key(map, i, &all[i].key);
    if( stop_asked_at(stop, i) ) rc = STATUS_INTERRUPTED;
  }
  if( rc==STATUS_OK ) rc = sort_records(all, n, sizeof *all, send_compare_keys, 0, stop);
  for(i=0; rc==STATUS_OK && i<n; i++){
    (*rank)[all[i].id] = i;
    if( order ) (*order)[i] = all[i].id;
    if( stop_asked_at(stop, i) ) rc = STATUS_INTERRUPTED;
  }
  memory_free(all);
  return rc;
}

static int send_compare_rows(const void *a, const void *b, const void *context){
  const SendRow *x = a, *y = b;
  (void)context;
  if( x->customer!=y->customer ) return x->customer < y->customer ? -1 : 1;
  if( x->priority!=y->priority ) return x->priority < y->priority ? -1 : 1;
  if( x->wanted!=y->wanted ) return x->wanted < y->wanted ? -1 : 1;
  return (x->messageRank > y->messageRank) - (x->messageRank < y->messageRank);
}

static int send_compare_sent(const void *a, const void *b, const void *context){
  const SentRow *x = a, *y = b;
  (void)context;
  if( x->customer!=y->customer ) return x->customer < y->customer ? -1 : 1;
  return (x->time > y->time) - (x->time < y->time);
}

/* The message goes, or went, to this customer: another of the same is a duplicate. */
static void send_mark(SendPlan *s, uint32_t message, uint32_t customer){
  if( message ) s->marked[message - 1] = customer + 1;
}
static int send_is_duplicate(const SendPlan *s, const SendRow *r){
  return r->message && s->marked[r->message - 1]==r->customer + 1;
}

/* Rows from ... to - 1 are one customer's, and so are sentFrom ... sentTo - 1 of the history. */
static Status send_customer(SendPlan *s, size_t from, size_t to, size_t sentFrom, size_t sentTo, const Stop *stop){
  size_t i;
  Status rc = STATUS_OK;
  s->placedCount = 0;
  for(i=sentFrom; rc==STATUS_OK && i<sentTo; i++){
    send_mark(s, s->sent[i].message, s->sent[i].customer);
    rc = send_place(s, s->sent[i].time, 1);
  }
  for(i=from; rc==STATUS_OK && i<to; i++){
    SendRow *r = &s->row[i];
    int reason = r->noConsent ? REASON_CONSENT : r->control ? REASON_CONTROL
               : send_is_duplicate(s, r) ? REASON_DUPLICATE : REASON_NONE;
    r->decision = DECISION_HELD;
    r->reason = (uint8_t)reason;
    if( reason==REASON_NONE ) rc = send_decide(s, r, stop);
    if( r->decision!=DECISION_HELD ) send_mark(s, r->message, r->customer);
    if( i%256==255 && stop_asked(stop) ) return STATUS_INTERRUPTED;
  }
  return rc;
}

/* Customers and messages by the places of their keys. */
static Status send_places(SendPlan *s, const Stop *stop){
  size_t i;
  for(i=0; i<s->rows; i++){
    s->row[i].customer = s->customerRank[s->row[i].customer];
    s->row[i].messageRank = s->row[i].message ? s->messageRank[s->row[i].message - 1] + 1 : 0;
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
  }
  for(i=0; i<s->sents; i++){
    s->sent[i].customer = s->customerRank[s->sent[i].customer];
    if( stop_asked_at(stop, i) ) return STATUS_INTERRUPTED;
  }
  return STATUS_OK;
}

static Status send_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  SendPlan *s = acc;
  size_t i, to, sent = 0, sentTo, steps = 0;
  void *marked = 0;
  Status rc = send_ranks(&s->customers, &s->customerRank, &s->customerOf, stop);
  (void)f;
  if( rc==STATUS_OK ) rc = send_ranks(&s->messages, &s->messageRank, 0, stop);
  if( rc==STATUS_OK ) rc = memory_table_asking(((size_t)s->messages.count + 1)*sizeof *s->marked, stop, &marked);
  s->marked = marked;
  if( rc==STATUS_OK ) rc = send_places(s, stop);
  if( rc==STATUS_OK ) rc = sort_records(s->row, s->rows, sizeof *s->row, send_compare_rows, 0, stop);
  if( rc==STATUS_OK ) rc = sort_records(s->sent, s->sents, sizeof *s->sent, send_compare_sent, 0, stop);
  for(i=0; rc==STATUS_OK && i<s->rows; i=to, sent=sentTo){
    uint32_t customer = s->row[i].customer;
    for(to=i; to<s->rows && s->row[to].customer==customer; to++){}
    while( sent<s->sents && s->sent[sent].customer<customer ) sent++;
    for(sentTo=sent; sentTo<s->sents && s->sent[sentTo].customer==customer; sentTo++){}
    rc = send_customer(s, i, to, sent, sentTo, stop);
    if( rc==STATUS_OK && stop_asked_after(stop, &steps, to - i + sentTo - sent, 16384) ) rc = STATUS_INTERRUPTED;
  }
  *rows = (int64_t)s->rows;
  return rc;
}

/* ---- the table ---- */

static const SendRow *send_row(const void *acc, int64_t row){ return &((const SendPlan*)acc)->row[row]; }

static Status send_customer_key(void *acc, int64_t row, TableCell *out){
  const SendPlan *s = acc;
  return cell_key(out, &s->customers, s->customerOf[send_row(s, row)->customer]);
}
static Status send_message(void *acc, int64_t row, TableCell *out){
  return cell_key_or_null(out, &((SendPlan*)acc)->messages, send_row(acc, row)->message);
}
static Status send_audience(void *acc, int64_t row, TableCell *out){
  return cell_key_or_null(out, &((SendPlan*)acc)->audiences, send_row(acc, row)->audience);
}
static Status send_channel(void *acc, int64_t row, TableCell *out){
  return cell_key_or_null(out, &((SendPlan*)acc)->channels, send_row(acc, row)->channel);
}
static Status send_wanted_at(void *acc, int64_t row, TableCell *out){
  return cell_brief(out, time_text(send_row(acc, row)->wanted, ((SendPlan*)acc)->zone, out->brief));
}
static Status send_at(void *acc, int64_t row, TableCell *out){
  const SendRow *r = send_row(acc, row);
  if( r->decision==DECISION_HELD ) return STATUS_OK;
  return cell_brief(out, time_text(r->at, ((SendPlan*)acc)->zone, out->brief));
}
static Status send_decision(void *acc, int64_t row, TableCell *out){
  return cell_copied(out, SEND_DECISIONS[send_row(acc, row)->decision]);
}
static Status send_reason(void *acc, int64_t row, TableCell *out){
  const SendRow *r = send_row(acc, row);
  return r->reason ? cell_copied(out, SEND_REASONS[r->reason]) : STATUS_OK;
}

static const TableOutput SEND_OUTPUTS[] = {
  { "customer", "", send_customer_key, 0, 0 },
  { "message_id", "", send_message, 0, 0 },
  { "audience", "", send_audience, 0, 0 },
  { "channel", "", send_channel, 0, 0 },
  { "wanted_at", "TEXT", send_wanted_at, 0, 0 },
  { "send_at", "TEXT", send_at, 0, 0 },
  { "decision", "TEXT", send_decision, 0, 0 },
  { "reason", "TEXT", send_reason, 0, 0 },
  { 0, 0, 0, 0, 0 }
};

const TableMetric METRIC_SEND_PLAN = {
  .size = sizeof(SendPlan), .outputs = SEND_OUTPUTS, .typicalRows = 1e5,
  .mayLack = 1u << SEND_MESSAGE | 1u << SEND_AUDIENCE | 1u << SEND_CHANNEL | 1u << (SEND_HISTORY + SENT_MESSAGE),
  .second = SEND_HISTORY, .absorbSecond = send_absorb_history,
  .init = send_init, .absorb = send_absorb, .finish = send_finish, .destroy = send_destroy
};
