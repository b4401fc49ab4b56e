/* Order statistics on a weight-balanced tree: see order_statistics.h. */
#include "base/number/order_statistics.h"

typedef struct OrderNode {
  Money value;
  uint64_t rows;               /* values in this subtree, equal ones counted */
  uint32_t left, right;
  uint32_t nodes;              /* distinct values in this subtree */
  uint32_t own;                /* values equal to this one */
} OrderNode;

typedef struct OrderSums {
  Money sum;                   /* of the subtree's values */
  Money ranked;                /* of rank in the subtree * value, ranks from 1 */
} OrderSums;

void order_init(OrderStatistics *o, int summed){
  memset(o, 0, sizeof *o);
  o->summed = summed;
}

void order_destroy(OrderStatistics *o){
  memory_free(o->node);
  memory_free(o->sums);
  memset(o, 0, sizeof *o);
}

/* ---- nodes ---- */

/* Room for one more node, so that what follows cannot fail. */
static Status reserve_node(OrderStatistics *o){
  size_t need = (size_t)o->used + 2;
  Status rc;
  if( o->spare ) return STATUS_OK;
  if( o->used==UINT32_MAX - 1 ) return STATUS_OVERFLOW;
  rc = memory_grow((void**)&o->node, &o->nodeCapacity, need, sizeof(OrderNode));
  if( rc==STATUS_OK && o->summed ){
    rc = memory_grow((void**)&o->sums, &o->sumCapacity, need, sizeof(OrderSums));
  }
  if( rc==STATUS_OK && o->used==0 ){
    memset(&o->node[0], 0, sizeof o->node[0]);
    if( o->summed ) memset(&o->sums[0], 0, sizeof o->sums[0]);
  }
  return rc;
}

static uint32_t take_node(OrderStatistics *o){
  uint32_t at = o->spare;
  if( at ){
    o->spare = o->node[at].left;
  }else{
    at = ++o->used;
  }
  memset(&o->node[at], 0, sizeof o->node[at]);
  return at;
}

static void give_node(OrderStatistics *o, uint32_t at){
  o->node[at].left = o->spare;
  o->spare = at;
}

/* The ranks of `own` equal values behind `left` others add up to this. */
static double ranks_behind(uint64_t left, uint32_t own){
  return (double)left*own + (double)own*((double)own + 1)/2;
}

/* What a node says about its subtree, from its children. */
static void refresh(OrderStatistics *o, uint32_t at){
  OrderNode *n = &o->node[at];
  const OrderNode *l = &o->node[n->left], *r = &o->node[n->right];
  n->nodes = l->nodes + r->nodes + 1;
  n->rows = l->rows + r->rows + n->own;
  if( o->summed ){
    const OrderSums *ls = &o->sums[n->left], *rs = &o->sums[n->right];
    Money sum = ls->sum, ranked = ls->ranked;
    money_add(&sum, money_times(n->value, n->own));
    money_add(&sum, rs->sum);
    money_add(&ranked, money_times(n->value, ranks_behind(l->rows, n->own)));
    money_add(&ranked, money_times(rs->sum, (double)(l->rows + n->own)));
    money_add(&ranked, rs->ranked);
    o->sums[at].sum = sum;
    o->sums[at].ranked = ranked;
  }
}

/* ---- balance ---- */

static uint64_t weight(const OrderStatistics *o, uint32_t at){
  return (uint64_t)o->node[at].nodes + 1;
}

static uint32_t rotate_left(OrderStatistics *o, uint32_t at){
  uint32_t up = o->node[at].right;
  o->node[at].right = o->node[up].left;
  o->node[up].left = at;
  refresh(o, at);
  refresh(o, up);
  return up;
}

static uint32_t rotate_right(OrderStatistics *o, uint32_t at){
  uint32_t up = o->node[at].left;
  o->node[at].left = o->node[up].right;
  o->node[up].right = at;
  refresh(o, at);
  refresh(o, up);
  return up;
}

/* Refreshes a node one of whose children changed; returns the subtree's new root. */
static uint32_t balanced(OrderStatistics *o, uint32_t at){
  uint32_t l = o->node[at].left, r = o->node[at].right;
  if( weight(o, r) > 3*weight(o, l) ){
    if( weight(o, o->node[r].left) >= 2*weight(o, o->node[r].right) ){
      o->node[at].right = rotate_right(o, r);
    }
    return rotate_left(o, at);
  }
  if( weight(o, l) > 3*weight(o, r) ){
    if( weight(o, o->node[l].right) >= 2*weight(o, o->node[l].left) ){
      o->node[at].left = rotate_left(o, l);
    }
    return rotate_right(o, at);
  }
  refresh(o, at);
  return at;
}

/* ---- insert, erase ---- */

static uint32_t insert_below(OrderStatistics *o, uint32_t at, Money value){
  int c;
  if( at==0 ){
    at = take_node(o);
    o->node[at].value = value;
    o->node[at].own = 1;
    refresh(o, at);
    return at;
  }
  c = money_compare(value, o->node[at].value);
  if( c < 0 ){
    o->node[at].left = insert_below(o, o->node[at].left, value);
  }else if( c > 0 ){
    o->node[at].right = insert_below(o, o->node[at].right, value);
  }else{
    o->node[at].own++;
  }
  return balanced(o, at);
}

Status order_insert(OrderStatistics *o, Money value){
  Status rc = reserve_node(o);
  if( rc!=STATUS_OK ) return rc;
  if( order_equal(o, value)==UINT32_MAX ) return STATUS_OVERFLOW;
  o->root = insert_below(o, o->root, value);
  return STATUS_OK;
}

/* Unhooks the smallest node of a subtree; returns the subtree's new root. */
static uint32_t unhook_smallest(OrderStatistics *o, uint32_t at, uint32_t *smallest){
  if( o->node[at].left==0 ){
    *smallest = at;
    return o->node[at].right;
  }
  o->node[at].left = unhook_smallest(o, o->node[at].left, smallest);
  return balanced(o, at);
}

static uint32_t remove_node(OrderStatistics *o, uint32_t at){
  uint32_t l = o->node[at].left, r = o->node[at].right, up;
  give_node(o, at);
  if( l==0 ) return r;
  if( r==0 ) return l;
  r = unhook_smallest(o, r, &up);
  o->node[up].left = l;
  o->node[up].right = r;
  return balanced(o, up);
}

static uint32_t erase_below(OrderStatistics *o, uint32_t at, Money value){
  int c = money_compare(value, o->node[at].value);
  if( c < 0 ){
    o->node[at].left = erase_below(o, o->node[at].left, value);
  }else if( c > 0 ){
    o->node[at].right = erase_below(o, o->node[at].right, value);
  }else if( o->node[at].own==1 ){
    return remove_node(o, at);
  }else{
    o->node[at].own--;
  }
  return balanced(o, at);
}

int order_erase(OrderStatistics *o, Money value){
  if( order_equal(o, value)==0 ) return 0;
  o->root = erase_below(o, o->root, value);
  return 1;
}

/* ---- questions ---- */

uint64_t order_count(const OrderStatistics *o){ return o->root ? o->node[o->root].rows : 0; }

Money order_at(const OrderStatistics *o, uint64_t k){
  uint32_t at = o->root;
  for(;;){
    const OrderNode *n = &o->node[at];
    uint64_t before = o->node[n->left].rows;
    if( k < before ){
      at = n->left;
    }else if( k - before < n->own || n->right==0 ){
      return n->value;
    }else{
      k -= before + n->own;
      at = n->right;
    }
  }
}

uint32_t order_equal(const OrderStatistics *o, Money value){
  uint32_t at = o->root;
  while( at ){
    int c = money_compare(value, o->node[at].value);
    if( c==0 ) return o->node[at].own;
    at = c < 0 ? o->node[at].left : o->node[at].right;
  }
  return 0;
}

int order_below(const OrderStatistics *o, Money value, Money *out){
  uint32_t at = o->root, found = 0;
  while( at ){
    if( money_compare(o->node[at].value, value) < 0 ){
      found = at;
      at = o->node[at].right;
    }else{
      at = o->node[at].left;
    }
  }
  if( found ) *out = o->node[found].value;
  return found!=0;
}

int order_above(const OrderStatistics *o, Money value, Money *out){
  uint32_t at = o->root, found = 0;
  while( at ){
    if( money_compare(o->node[at].value, value) > 0 ){
      found = at;
      at = o->node[at].left;
    }else{
      at = o->node[at].right;
    }
  }
  if( found ) *out = o->node[found].value;
  return found!=0;
}

double order_quantile(const OrderStatistics *o, double q){
  double fraction, below;
  uint64_t k = quantile_place(order_count(o), q, &fraction);
  below = money_real(order_at(o, k));
  return fraction > 0 ? below + fraction*(money_real(order_at(o, k + 1)) - below) : below;
}

Money order_sum(const OrderStatistics *o){
  Money none = {0, 0};
  return o->root ? o->sums[o->root].sum : none;
}

Money order_ranked_sum(const OrderStatistics *o){
  Money none = {0, 0};
  return o->root ? o->sums[o->root].ranked : none;
}

Money order_largest_sum(const OrderStatistics *o, uint64_t k){
  Money sum = {0, 0};
  uint32_t at = o->root;
  while( at && k > 0 ){
    const OrderNode *n = &o->node[at];
    uint64_t above = o->node[n->right].rows, own;
    if( k <= above ){ at = n->right; continue; }
    money_add(&sum, o->sums[n->right].sum);
    k -= above;
    own = k < n->own ? k : n->own;
    money_add(&sum, money_times(n->value, (double)own));
    k -= own;
    at = n->left;
  }
  return sum;
}
