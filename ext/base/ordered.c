/* Ordered multiset: see ordered.h. */
#include "ordered.h"

void ordered_destroy(Ordered *o){
  memory_free(o->node);
  memset(o, 0, sizeof *o);
}

static inline uint32_t priority_of(uint32_t at){
  uint64_t h = (uint64_t)at * UINT64_C(0x9e3779b97f4a7c15);
  h ^= h >> 32;
  return (uint32_t)((h * UINT64_C(0xbf58476d1ce4e5b9)) >> 32);
}

static inline int compare(const OrderedNode *n, uint32_t group, int64_t value){
  if( group!=n->group ) return group < n->group ? -1 : 1;
  return (value > n->value) - (value < n->value);
}

static inline void weigh(OrderedNode *node, uint32_t at){
  OrderedNode *n = &node[at];
  n->weight = n->count + node[n->left].weight + node[n->right].weight;
}

/* A free node; room for one has been made. */
static uint32_t node_take(Ordered *o){
  uint32_t at = o->spare;
  if( at ){
    o->spare = o->node[at].left;
  }else{
    at = (uint32_t)o->used++;
  }
  memset(&o->node[at], 0, sizeof o->node[at]);
  return at;
}

static void node_free(Ordered *o, uint32_t at){
  memset(&o->node[at], 0, sizeof o->node[at]);
  o->node[at].left = o->spare;
  o->spare = at;
}

/* One tree of two, all of a being before all of b. */
static uint32_t joined(Ordered *o, uint32_t a, uint32_t b){
  OrderedNode *node = o->node;
  if( a==0 ) return b;
  if( b==0 ) return a;
  if( priority_of(a) > priority_of(b) ){
    node[a].right = joined(o, node[a].right, b);
    weigh(node, a);
    return a;
  }
  node[b].left = joined(o, a, node[b].left);
  weigh(node, b);
  return b;
}

/* The child has grown at the left (or right) of `at`: the heap order may want it above. */
static uint32_t lifted(Ordered *o, uint32_t at, int left){
  OrderedNode *node = o->node;
  uint32_t child = left ? node[at].left : node[at].right;
  if( child==0 || priority_of(child) <= priority_of(at) ){
    weigh(node, at);
    return at;
  }
  if( left ){
    node[at].left = node[child].right;
    node[child].right = at;
  }else{
    node[at].right = node[child].left;
    node[child].left = at;
  }
  weigh(node, at);
  weigh(node, child);
  return child;
}

/* The subtree `at` after the change; depth is some 2 log2(n) to 4 log2(n). */
static uint32_t changed(Ordered *o, uint32_t at, uint32_t group, int64_t value, int d, int64_t *now){
  OrderedNode *node = o->node;
  uint32_t child;
  int c;
  if( at==0 ){
    if( d < 0 ) return 0;                  /* it never was in */
    at = node_take(o);
    node[at].group = group;
    node[at].value = value;
    *now = node[at].count = node[at].weight = d;
    return at;
  }
  c = compare(&node[at], group, value);
  if( c==0 ){
    *now = node[at].count += d;
    weigh(node, at);
    if( *now > 0 ) return at;
    child = joined(o, node[at].left, node[at].right);
    node_free(o, at);
    return child;
  }
  child = changed(o, c<0 ? node[at].left : node[at].right, group, value, d, now);
  if( c < 0 ) node[at].left = child; else node[at].right = child;
  return lifted(o, at, c < 0);
}

Status ordered_change(Ordered *o, uint32_t group, int64_t value, int d, int64_t *now){
  *now = 0;
  if( o->used >= UINT32_MAX ) return STATUS_OVERFLOW;
  if( d > 0 && o->spare==0 ){
    size_t before = o->used ? o->used : 1;
    if( memory_grow((void**)&o->node, &o->capacity, before + 1, sizeof(OrderedNode))!=STATUS_OK ){
      return STATUS_NOMEM;
    }
    if( o->used==0 ) memset(&o->node[0], 0, sizeof o->node[0]);
    o->used = before;
  }
  o->root = changed(o, o->root, group, value, d, now);
  return STATUS_OK;
}

int ordered_below(const Ordered *o, uint32_t group, int64_t value, int64_t *out){
  uint32_t at = o->root;
  int found = 0;
  while( at ){
    const OrderedNode *n = &o->node[at];
    if( compare(n, group, value) <= 0 ){
      at = n->left;
    }else{                                 /* n is before (group, value) */
      if( n->group==group ){ *out = n->value; found = 1; }
      at = n->right;
    }
  }
  return found;
}

int ordered_above(const Ordered *o, uint32_t group, int64_t value, int64_t *out){
  uint32_t at = o->root;
  int found = 0;
  while( at ){
    const OrderedNode *n = &o->node[at];
    if( compare(n, group, value) >= 0 ){
      at = n->right;
    }else{                                 /* n is behind (group, value) */
      if( n->group==group ){ *out = n->value; found = 1; }
      at = n->left;
    }
  }
  return found;
}

int64_t ordered_rows(const Ordered *o){ return o->root ? o->node[o->root].weight : 0; }

int64_t ordered_select(const Ordered *o, int64_t k){
  uint32_t at = o->root;
  if( at==0 ) return 0;
  if( k < 0 ) k = 0;
  for(;;){
    const OrderedNode *n = &o->node[at];
    int64_t before = n->left ? o->node[n->left].weight : 0;
    if( k < before ){
      at = n->left;
    }else if( k < before + n->count || n->right==0 ){
      return n->value;
    }else{
      k -= before + n->count;
      at = n->right;
    }
  }
}
