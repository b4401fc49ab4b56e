/*
** stage_transition: who was where at from_as_of and is where at to_as_of, a row per pair.
**   without state_col   the stage of lifecycle_stage(), from the rows up to either moment
**   with state_col      the state of the latest row up to either moment (tie: the smallest)
**   from_stage NULL     the customer had no row by then: not there yet
**   share               customers / customers with the same from_stage
** Two moments suffice, so a customer is a few words and the rows may come in any order.
*/
#include <stdlib.h>
#include "metric/customer/customers.h"
#include "metric/tally/distinct_orders.h"
#include "metric/customer/lifecycle.h"

enum { COLUMN_CUSTOMER, COLUMN_TIME, COLUMN_STATE, COLUMN_AMOUNT, COLUMN_ORDER };
enum { PARAMETER_FROM, PARAMETER_TO, PARAMETER_DORMANT, PARAMETER_CHURN, PARAMETER_MATURE, PARAMETER_ZONE };

/* A customer at one of the two moments. */
typedef struct Standing {
  Instant last;                /* of the last order, or of the row with the state */
  uint32_t count;              /* orders; or the state's id + 1 */
  uint32_t seen;               /* there is a row */
} Standing;

typedef struct Pair { uint32_t from, to; int64_t customers, fromTotal; } Pair;      /* states, id + 1 */

typedef struct Transition {
  KeyMap customers;            /* payload: Standing[2] */
  KeyMap states;               /* or stages: their texts */
  DistinctOrders distinct[2];
  StageRule rule[2];           /* for from_as_of, to_as_of */
  int32_t zone;
  int hasState, hasOrder;
  Pair *pair;
  size_t pairs, capacity;
} Transition;

/* Stages become states 0 ... STAGE_COUNT - 1. */
static Status add_stages(Transition *t){
  int i;
  for(i=0; i<STAGE_COUNT; i++){
    Key key = { CELL_TEXT, 0, LIFECYCLE_STAGES[i], (uint32_t)strlen(LIFECYCLE_STAGES[i]) };
    Status rc = keymap_insert(&t->states, &key, 0, 0);
    if( rc!=STATUS_OK ) return rc;
  }
  return STATUS_OK;
}

static Status transition_init(void *acc, const TableRequest *request, Failure *f){
  Transition *t = acc;
  const Parameter *p = request->parameter;
  int i;
  keymap_init(&t->customers, 2 * sizeof(Standing));
  keymap_init(&t->states, 0);
  for(i=0; i<2; i++){
    distinct_orders_init(&t->distinct[i]);
    t->rule[i].asOf = p[PARAMETER_FROM + i].instant;
    t->rule[i].dormant = p[PARAMETER_DORMANT].duration;
    t->rule[i].churn = p[PARAMETER_CHURN].duration;
    t->rule[i].matureOrders = p[PARAMETER_MATURE].integer;
  }
  t->zone = request->zone;
  t->hasState = request->givenColumns >> COLUMN_STATE & 1;
  t->hasOrder = request->givenColumns >> COLUMN_ORDER & 1;
  if( t->rule[0].asOf > t->rule[1].asOf ){
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
    time_text(t->rule[0].asOf, t->zone, from);
    time_text(t->rule[1].asOf, t->zone, to);
    failure_set(f, "from_as_of %s is after to_as_of %s; swap them", from, to);
    return STATUS_INVALID;
  }
  return t->hasState ? STATUS_OK : add_stages(t);
}

static void transition_destroy(void *acc){
  Transition *t = acc;
  keymap_destroy(&t->customers);
  keymap_destroy(&t->states);
  distinct_orders_destroy(&t->distinct[0]);
  distinct_orders_destroy(&t->distinct[1]);
  memory_free(t->pair);
}

/* ---- rows in ---- */

static int state_compare(const Transition *t, uint32_t a, uint32_t b){
  Key x, y;
  if( a==b ) return 0;
  if( a==0 || b==0 ) return a==0 ? -1 : 1;
  if( !t->hasState ) return a < b ? -1 : 1;         /* stages, in the order of a life */
  keymap_key(&t->states, a - 1, &x);
  keymap_key(&t->states, b - 1, &y);
  return key_compare(&x, &y);
}

static Status take_state(Transition *t, Standing *s, const Batch *b, int row){
  Key key = key_of_cell(b, &b->column[COLUMN_STATE], row);
  Instant when = b->column[COLUMN_TIME].cell[row].i;
  uint32_t id;
  int i;
  Status rc = keymap_insert(&t->states, &key, 0, &id);
  if( rc!=STATUS_OK ) return rc;
  for(i=0; i<2; i++){
    if( when > t->rule[i].asOf ) continue;
    if( s[i].seen && (when < s[i].last || (when==s[i].last && state_compare(t, id + 1, s[i].count) >= 0)) ) continue;
    s[i].last = when;
    s[i].count = id + 1;
    s[i].seen = 1;
  }
  return STATUS_OK;
}

static Status take_order(Transition *t, Standing *s, uint32_t customer, const Batch *b, int row){
  Instant when = b->column[COLUMN_TIME].cell[row].i;
  const Column *order = &b->column[COLUMN_ORDER];
  int isOrder = !is_refund(&b->column[COLUMN_AMOUNT], row) && (!t->hasOrder || order->type[row]!=CELL_NULL);
  Status rc = STATUS_OK;
  int i, isNew = 1;
  for(i=0; rc==STATUS_OK && i<2; i++){
    if( when > t->rule[i].asOf ) continue;
    s[i].seen = 1;
    if( !isOrder ) continue;
    if( t->hasOrder ) rc = distinct_orders_see(&t->distinct[i], b, order, row, customer, &isNew, 0);
    if( s[i].count==0 || when > s[i].last ) s[i].last = when;
    if( rc==STATUS_OK && isNew ) rc = count_change(&s[i].count, 1);
  }
  return rc;
}

static Status transition_absorb(void *acc, Batch *b, Failure *f){
  Transition *t = acc;
  uint8_t rows[BATCH_ROWS] = {0};
  void *standing[BATCH_ROWS];
  uint32_t ids[BATCH_ROWS];
  int i, kept = 0, n = customers_rows(b, &b->column[COLUMN_TIME], t->rule[1].asOf, rows);
  Status rc;
  (void)f;
  for(i=0; i<n; i++){
    rows[kept] = rows[i];
    kept += !t->hasState || b->column[COLUMN_STATE].type[rows[i]]!=CELL_NULL;
  }
  rc = keymap_batch(&t->customers, b, &b->column[0], rows, kept, standing, ids);
  for(i=0; rc==STATUS_OK && i<kept; i++){
    rc = t->hasState ? take_state(t, standing[i], b, rows[i]) : take_order(t, standing[i], ids[i], b, rows[i]);
  }
  return rc;
}

/* ---- the end ---- */

/* The state at moment i, id + 1; 0: not there yet. */
static uint32_t state_at(const Transition *t, const Standing *s, int i){
  if( !s[i].seen ) return 0;
  if( t->hasState ) return s[i].count;
  return 1 + (uint32_t)lifecycle_stage_number(s[i].count, s[i].count > 0, s[i].last, &t->rule[i], t->zone);
}

static Status count_pair(Transition *t, KeyMap *index, uint32_t from, uint32_t to){
  Key key = { CELL_INTEGER, (int64_t)((uint64_t)from << 32 | to), 0, 0 };
  uint32_t at;
  Status rc = keymap_insert(index, &key, 0, &at);
  if( rc!=STATUS_OK ) return rc;
  if( at==t->pairs ){
    rc = memory_grow((void**)&t->pair, &t->capacity, t->pairs + 1, sizeof(Pair));
    if( rc!=STATUS_OK ) return rc;
    t->pair[t->pairs++] = (Pair){ from, to, 0, 0 };
  }
  t->pair[at].customers++;
  return STATUS_OK;
}

static int pair_compare(const void *a, const void *b, const void *transition){
  const Pair *x = a, *y = b;
  int c = state_compare(transition, x->from, y->from);
  return c ? c : state_compare(transition, x->to, y->to);
}

static Status order_pairs(Transition *t, const Stop *stop){
  Status rc = sort_records(t->pair, t->pairs, sizeof *t->pair, pair_compare, t, stop);
  size_t i, j, k;
  if( rc!=STATUS_OK ) return rc;
  for(i=0; i<t->pairs; i=j){
    int64_t total = 0;
    for(j=i; j<t->pairs && t->pair[j].from==t->pair[i].from; j++) total += t->pair[j].customers;
    for(k=i; k<j; k++) t->pair[k].fromTotal = total;
  }
  return STATUS_OK;
}

static Status transition_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  Transition *t = acc;
  KeyMap index;
  Status rc = STATUS_OK;
  uint32_t id;
  (void)f;
  keymap_init(&index, 0);
  for(id=0; rc==STATUS_OK && id<t->customers.count; id++){
    const Standing *s = keymap_payload(&t->customers, id);
    if( (id & 0x1fff)==0x1fff && stop_asked(stop) ) rc = STATUS_INTERRUPTED;
    if( rc==STATUS_OK ) rc = count_pair(t, &index, state_at(t, s, 0), state_at(t, s, 1));
  }
  keymap_destroy(&index);
  if( rc==STATUS_OK ) rc = order_pairs(t, stop);
  *rows = (int64_t)t->pairs;
  return rc;
}

static Status transition_from(void *acc, int64_t row, TableCell *out){
  const Transition *t = acc;
  return cell_key_or_null(out, &t->states, t->pair[row].from);
}
static Status transition_to(void *acc, int64_t row, TableCell *out){
  const Transition *t = acc;
  return cell_key_or_null(out, &t->states, t->pair[row].to);
}
static Status transition_customers(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, ((Transition*)acc)->pair[row].customers);
}
static Status transition_share(void *acc, int64_t row, TableCell *out){
  const Pair *p = &((Transition*)acc)->pair[row];
  return cell_ratio(out, (double)p->customers, (double)p->fromTotal);
}

static const TableOutput TRANSITION_OUTPUTS[] = {
  { "from_stage", "", transition_from, 0, 0 },
  { "to_stage", "", transition_to, 0, 0 },
  { "customers", "INTEGER", transition_customers, 0, 0 },
  { "share", "REAL", transition_share, 0, 0 },
  { 0, 0, 0, 0, 0 }
};

const TableMetric METRIC_STAGE_TRANSITION = {
  .size = sizeof(Transition), .outputs = TRANSITION_OUTPUTS, .typicalRows = 30, .state = 1, .keys = KEYS_IN(Transition, customers),
  .init = transition_init, .absorb = transition_absorb, .finish = transition_finish,
  .destroy = transition_destroy
};
