/* referral_tree: see referral_tree.h. */
#include "base/sort.h"
#include "metric/referral/referral_tree.h"

/* Batch columns, in the order of the signature's. */
enum { COLUMN_CUSTOMER, COLUMN_REFERRER, COLUMN_AMOUNT, COLUMN_TIME };
#define TREE_MONEY 1u          /* needs */

#define NODES_PER_QUESTION 65536

/* Node numbers are ids + 1; 0 is nobody. */
typedef struct Node {
  Instant when;                /* of the row that named the referrer */
  uint32_t referrer;           /* the one that counts so far */
  uint32_t first;              /* the first one seen */
  uint32_t referrers;          /* distinct ones besides `first`, once finished */
  uint32_t isCustomer;
} Node;
/* With amount_col, a Money follows in the payload. */

typedef struct Extra { uint32_t node, referrer; } Extra;

typedef struct Tree {
  KeyMap nodes;
  int withMoney, anyReal;
  Extra *extra;                /* rows with a referrer other than the customer's first */
  size_t extras, extraCapacity;
  uint32_t count;
  uint32_t *direct, *team, *depth, *root;      /* by id; root 0: the way up ends in a cycle */
  uint32_t *order;             /* ids, leaves first; then those in cycles */
  uint32_t peeled;             /* of them, not in a cycle */
  uint8_t *inCycle;
  Money *teamMoney;
} Tree;

static Node *node_at(const Tree *t, uint32_t id){ return keymap_payload(&t->nodes, id); }
static Money *own_money(const Tree *t, uint32_t id){ return (Money*)(node_at(t, id) + 1); }

static Status tree_init(void *acc, const TableRequest *request, Failure *f){
  Tree *t = acc;
  (void)f;
  t->withMoney = request->givenColumns >> COLUMN_AMOUNT & 1 && (request->needs & TREE_MONEY);
  keymap_init(&t->nodes, sizeof(Node) + (t->withMoney ? sizeof(Money) : 0));
  return STATUS_OK;
}

static void tree_destroy(void *acc){
  Tree *t = acc;
  keymap_destroy(&t->nodes);
  memory_free(t->extra);
  memory_free(t->direct);
  memory_free(t->team);
  memory_free(t->depth);
  memory_free(t->root);
  memory_free(t->order);
  memory_free(t->inCycle);
  memory_free(t->teamMoney);
}

/* ---- rows ---- */

static int key_before(const Tree *t, uint32_t a, uint32_t b){
  Key x, y;
  keymap_key(&t->nodes, a - 1, &x);
  keymap_key(&t->nodes, b - 1, &y);
  return key_compare(&x, &y) < 0;
}

static Status add_referrer(Tree *t, uint32_t id, uint32_t referrer, Instant when){
  Node *n = node_at(t, id);
  if( n->first==0 ){
    n->first = n->referrer = referrer;
    n->when = when;
    return STATUS_OK;
  }
  if( when < n->when || (when==n->when && referrer!=n->referrer && key_before(t, referrer, n->referrer)) ){
    n->when = when;
    n->referrer = referrer;
  }
  if( referrer!=n->first ){
    Status rc = memory_grow((void**)&t->extra, &t->extraCapacity, t->extras + 1, sizeof *t->extra);
    if( rc!=STATUS_OK ) return rc;
    t->extra[t->extras].node = id;
    t->extra[t->extras++].referrer = referrer;
  }
  return STATUS_OK;
}

static Status tree_absorb(void *acc, Batch *b, Failure *f){
  Tree *t = acc;
  const Column *referrers = &b->column[COLUMN_REFERRER], *amounts = &b->column[COLUMN_AMOUNT];
  const Column *times = &b->column[COLUMN_TIME];
  uint8_t rows[BATCH_ROWS];
  uint32_t ids[BATCH_ROWS], referrerIds[BATCH_ROWS];
  void *ignored[BATCH_ROWS];
  int i, n = rows_with_key(b, referrers, rows);
  Status rc = keymap_batch(&t->nodes, b, &b->column[COLUMN_CUSTOMER], ALL_ROWS, b->rows, ignored, ids);
  (void)f;
  if( rc==STATUS_OK ) rc = keymap_batch(&t->nodes, b, referrers, rows, n, ignored, referrerIds);
  if( rc!=STATUS_OK ) return rc;
  for(i=0; i<b->rows; i++){
    node_at(t, ids[i])->isCustomer = 1;
    if( !t->withMoney || amounts->type[i]==CELL_NULL ) continue;
    money_add_cell(own_money(t, ids[i]), amounts, i, 1);
    t->anyReal |= amounts->type[i]==CELL_REAL;
  }
  for(i=0; rc==STATUS_OK && i<n; i++){
    int row = rows[i];
    rc = add_referrer(t, ids[row], referrerIds[i] + 1,
                      times->type[row]==CELL_NULL ? INT64_MAX : times->cell[row].i);
  }
  return rc;
}

/* ---- the forest ---- */

static int compare_extra(const void *a, const void *b, const void *context){
  const Extra *x = a, *y = b;
  (void)context;
  if( x->node!=y->node ) return x->node < y->node ? -1 : 1;
  return (x->referrer > y->referrer) - (x->referrer < y->referrer);
}

static Status count_referrers(Tree *t, const Stop *stop){
  Status rc = sort_records(t->extra, t->extras, sizeof *t->extra, compare_extra, 0, stop);
  size_t i;
  for(i=0; rc==STATUS_OK && i<t->extras; i++){
    if( i==0 || compare_extra(&t->extra[i-1], &t->extra[i], 0)!=0 ) node_at(t, t->extra[i].node)->referrers++;
  }
  memory_free(t->extra);
  t->extra = 0;
  t->extras = t->extraCapacity = 0;
  return rc;
}

static Status tree_allocate(Tree *t){
  size_t n = (size_t)t->count + 1;
  t->direct = memory_table(n*sizeof *t->direct);
  t->team = memory_table(n*sizeof *t->team);
  t->depth = memory_table(n*sizeof *t->depth);
  t->root = memory_table(n*sizeof *t->root);
  t->order = memory_table(n*sizeof *t->order);
  t->inCycle = memory_table(n);
  if( t->withMoney ) t->teamMoney = memory_table(n*sizeof *t->teamMoney);
  return t->direct && t->team && t->depth && t->root && t->order && t->inCycle
      && (!t->withMoney || t->teamMoney) ? STATUS_OK : STATUS_NOMEM;
}

/* The whole of a branch joins the team above it. */
static void hand_up(Tree *t, uint32_t id, uint32_t above){
  t->team[above] += t->team[id] + 1;
  if( !t->withMoney ) return;
  money_add(&t->teamMoney[above], t->teamMoney[id]);
  money_add(&t->teamMoney[above], *own_money(t, id));
}

/* Peels leaves, then what has become one; `depth` counts the children that are left. */
static Status peel(Tree *t, const Stop *stop){
  uint32_t id, done;
  for(id=0; id<t->count; id++){
    uint32_t up = node_at(t, id)->referrer;
    if( stop_asked_at(stop, id) ) return STATUS_INTERRUPTED;
    if( up==0 ) continue;
    t->depth[up - 1]++;
    if( up!=id + 1 ) t->direct[up - 1]++;
  }
  for(id=0; id<t->count; id++) if( t->depth[id]==0 ) t->order[t->peeled++] = id;
  for(done=0; done<t->peeled; done++){
    uint32_t up = node_at(t, t->order[done])->referrer;
    if( done%NODES_PER_QUESTION==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    if( up==0 ) continue;
    hand_up(t, t->order[done], up - 1);
    if( --t->depth[up - 1]==0 ) t->order[t->peeled++] = up - 1;
  }
  return STATUS_OK;
}

/* The team of a whole cycle is all its members and their teams; of a member, less himself. */
static void close_cycle(Tree *t, uint32_t start){
  uint32_t id = start, team = 0;
  Money money = { 0, 0 };
  do{
    t->inCycle[id] = 1;
    team += t->team[id] + 1;
    if( t->withMoney ){
      money_add(&money, t->teamMoney[id]);
      money_add(&money, *own_money(t, id));
    }
    id = node_at(t, id)->referrer - 1;
  }while( id!=start );
  do{
    t->team[id] = team - 1;
    if( t->withMoney ){
      t->teamMoney[id] = money;
      money_subtract(&t->teamMoney[id], *own_money(t, id));
    }
    id = node_at(t, id)->referrer - 1;
  }while( id!=start );
}

/* What kept a child when all was peeled lies on a cycle. */
static Status close_cycles(Tree *t, const Stop *stop){
  uint32_t id;
  for(id=0; id<t->count; id++){
    if( id%NODES_PER_QUESTION==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    if( t->depth[id]==0 || t->inCycle[id] ) continue;
    close_cycle(t, id);
  }
  return STATUS_OK;
}

/* From the roots down: the order of peeling backwards. */
static Status number_depths(Tree *t, const Stop *stop){
  uint32_t i;
  for(i=t->peeled; i-- > 0; ){
    uint32_t id = t->order[i], up = node_at(t, id)->referrer;
    if( i%NODES_PER_QUESTION==0 && stop_asked(stop) ) return STATUS_INTERRUPTED;
    t->depth[id] = up ? t->depth[up - 1] + 1 : 0;
    t->root[id] = up ? t->root[up - 1] : id + 1;
  }
  return STATUS_OK;
}

static Status tree_finish(void *acc, int64_t *rows, Failure *f, const Stop *stop){
  Tree *t = acc;
  Status rc = count_referrers(t, stop);
  (void)f;
  t->count = t->nodes.count;
  keymap_trim(&t->nodes);
  if( rc==STATUS_OK ) rc = tree_allocate(t);
  if( rc==STATUS_OK ) rc = peel(t, stop);
  if( rc==STATUS_OK ) rc = close_cycles(t, stop);
  if( rc==STATUS_OK ) rc = number_depths(t, stop);
  memory_free(t->order);
  t->order = 0;
  *rows = t->count;
  return rc;
}

/* ---- the table ---- */

static Status tree_customer(void *acc, int64_t row, TableCell *out){ return cell_key(out, &((Tree*)acc)->nodes, (uint32_t)row); }
static Status tree_referrer(void *acc, int64_t row, TableCell *out){
  return cell_key_or_null(out, &((Tree*)acc)->nodes, node_at(acc, (uint32_t)row)->referrer);
}
static Status tree_root(void *acc, int64_t row, TableCell *out){
  const Tree *t = acc;
  return cell_key_or_null(out, &t->nodes, t->root[row]);
}
static Status tree_depth(void *acc, int64_t row, TableCell *out){
  const Tree *t = acc;
  return t->root[row] ? cell_integer(out, t->depth[row]) : STATUS_OK;
}
static Status tree_direct(void *acc, int64_t row, TableCell *out){ return cell_integer(out, ((Tree*)acc)->direct[row]); }
static Status tree_team(void *acc, int64_t row, TableCell *out){ return cell_integer(out, ((Tree*)acc)->team[row]); }
static Status tree_team_amount(void *acc, int64_t row, TableCell *out){
  const Tree *t = acc;
  Total total = { {0, 0}, 1, t->anyReal };
  if( !t->withMoney ) return STATUS_OK;
  total.sum = t->teamMoney[row];
  return total_result(&total, &out->result, &out->failure);
}
static Status tree_referrers(void *acc, int64_t row, TableCell *out){
  const Node *n = node_at(acc, (uint32_t)row);
  return cell_integer(out, (int64_t)n->referrers + (n->first!=0));
}
static Status tree_in_cycle(void *acc, int64_t row, TableCell *out){ return cell_integer(out, ((Tree*)acc)->inCycle[row]); }
static Status tree_is_customer(void *acc, int64_t row, TableCell *out){
  return cell_integer(out, node_at(acc, (uint32_t)row)->isCustomer);
}

static const TableOutput TREE_OUTPUTS[] = {
  { "customer", "", tree_customer, 0, 0 },
  { "referrer", "", tree_referrer, 0, 0 },
  { "root", "", tree_root, 0, 0 },
  { "depth", "INTEGER", tree_depth, 0, 0 },
  { "direct", "INTEGER", tree_direct, 0, 0 },
  { "team", "INTEGER", tree_team, 0, 0 },
  { "team_amount", "", tree_team_amount, 0, TREE_MONEY },
  { "referrers", "INTEGER", tree_referrers, 0, 0 },
  { "in_cycle", "INTEGER", tree_in_cycle, 0, 0 },
  { "is_customer", "INTEGER", tree_is_customer, 0, 0 },
  { 0, 0, 0, 0, 0 }
};

const TableMetric METRIC_REFERRAL_TREE = {
  .size = sizeof(Tree), .outputs = TREE_OUTPUTS, .typicalRows = 1e6, .keys = KEYS_IN(Tree, nodes),
  .init = tree_init, .absorb = tree_absorb, .finish = tree_finish,
  .destroy = tree_destroy
};
