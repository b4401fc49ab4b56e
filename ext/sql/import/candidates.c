/*
** Which of several columns that could be it is one: by their headers the best is chosen, by their
** cells it may turn out to be empty (Invoice Number beside Transaction ID), to hold no amount (Paid: yes)
** or to name fewer buyers than another (customer_id, 0 for guests, beside billing_email).
*/
#include "sql/import/plan.h"

#define CANDIDATES_MAX 8

typedef struct Candidates { int column[CANDIDATES_MAX], n; int64_t good[CANDIDATES_MAX]; } Candidates;

static void candidate_use(ImportPlan *p, ImportRole role, int column){
  p->column[p->chosen[role]].used = 0;
  p->column[column].used = 1;
  p->chosen[role] = column;
}

/* Those that could have the role, the best headers first; none where the mapping says which. */
static void candidates_find(const ImportPlan *p, ImportRole role, Candidates *c){
  int i, rank;
  c->n = 0;
  if( p->chosen[role] < 0 || p->column[p->chosen[role]].rank==0 ) return;
  for(rank=1; rank<=6; rank++){
    for(i=0; i<p->count && c->n<CANDIDATES_MAX; i++){
      if( p->column[i].role==role && p->column[i].rank==rank ) c->column[c->n++] = i;
    }
  }
}

/* A cell that says something; of amounts, one that can be read. */
static void candidate_good(const ImportPlan *p, Buffer *b, ImportRole role, int column){
  if( role!=ROLE_AMOUNT && role!=ROLE_REFUND && role!=ROLE_PRICE ){ plan_filled(p, b, column); return; }
  plan_money(p, b, column);
  buffer_printf(b, " IS NOT NULL");
}

/* Whether the best header says enough, which mostly one cell tells. */
static int candidate_is_enough(ImportPlan *p, ImportRole role, int *enough){
  int64_t n[2] = { 0, 0 };
  Buffer sql = {0};
  if( role==ROLE_CUSTOMER || role==ROLE_ORDER ){
    buffer_printf(&sql, "SELECT coalesce(sum(");
    candidate_good(p, &sql, role, p->chosen[role]);
    buffer_printf(&sql, "), 0), count(*) FROM %s", p->source.from);
    if( !plan_numbers(p, &sql, n, 2) ) return 0;
    *enough = n[0]==n[1];
    return 1;
  }
  buffer_printf(&sql, "SELECT EXISTS (SELECT 1 FROM %s WHERE ", p->source.from);
  candidate_good(p, &sql, role, p->chosen[role]);
  buffer_printf(&sql, ")");
  if( !plan_numbers(p, &sql, n, 1) ) return 0;
  *enough = n[0]!=0;
  return 1;
}

static int candidates_count(ImportPlan *p, ImportRole role, Candidates *c){
  int i;
  int64_t out[CANDIDATES_MAX + 1] = {0};
  Buffer sql = {0};
  buffer_printf(&sql, "SELECT 0");
  for(i=0; i<c->n; i++){
    buffer_printf(&sql, ", coalesce(sum(");
    candidate_good(p, &sql, role, c->column[i]);
    buffer_printf(&sql, "), 0)");
  }
  buffer_printf(&sql, " FROM %s", p->source.from);
  if( !plan_numbers(p, &sql, out, c->n + 1) ) return 0;
  for(i=0; i<c->n; i++) c->good[i] = out[i+1];
  return 1;
}

/* The first one with anything in it; of customers the buyer's mail or phone where that names more of them. */
static int candidates_best(const ImportPlan *p, ImportRole role, const Candidates *c){
  int i, best = -1;
  for(i=0; i<c->n; i++){
    const ImportColumn *column = &p->column[c->column[i]];
    if( c->good[i]==0 ) continue;
    if( best < 0 ){ best = i; continue; }
    if( c->good[i] <= c->good[best] ) continue;
    if( role==ROLE_ORDER && c->good[best]*2 < c->good[i] ) best = i;         /* most rows have that number alone */
    if( role==ROLE_CUSTOMER && import_id_kind(p, c->column[i]) && !import_is_masked(column) ) best = i;
  }
  return best < 0 ? -1 : c->column[best];
}

/* 0 in a column of customers is nobody where several mails or phones stand beside it, or where it has
** more rows than any customer and a tenth of all. */
static int candidates_zero(ImportPlan *p){
  int column = p->chosen[ROLE_CUSTOMER], i;
  ImportColumn *c;
  if( column < 0 || p->column[column].zeros < 2 ) return 1;
  c = &p->column[column];
  for(i=-1; i<p->count && !c->zeroIsNobody; i++){
    Buffer sql = {0};
    int64_t n[2] = { 0, 0 };
    if( i < 0 ){
      buffer_printf(&sql, "SELECT coalesce(max(n), 0), sum(n) FROM (SELECT count(*) AS n FROM %s WHERE trim(\"%w\") NOT IN ('', '0') GROUP BY trim(\"%w\"))", p->source.from, c->name, c->name);
      if( !plan_numbers(p, &sql, n, 2) ) return 0;
      c->zeroIsNobody = c->zeros > n[0] && c->zeros*9 >= n[1];
    }else if( i!=column && import_id_kind(p, i) ){
      buffer_printf(&sql, "SELECT count(DISTINCT trim(\"%w\")) FROM %s WHERE trim(\"%w\") = '0' AND ", p->column[i].name, p->source.from, c->name);
      plan_filled(p, &sql, i);
      if( !plan_numbers(p, &sql, n, 1) ) return 0;
      c->zeroIsNobody = n[0] > 1;
    }
  }
  if( !c->zeroIsNobody ) return 1;
  c->blankWords = 1;
  plan_remark(p, c, "0 is nobody: %lld rows", (long long)c->zeros);
  return 1;
}

int profile_candidates(ImportPlan *p){
  static const ImportRole ROLES[] = { ROLE_ORDER, ROLE_CUSTOMER, ROLE_AMOUNT, ROLE_REFUND, ROLE_REFUND_TIME, ROLE_STATUS, ROLE_CANCELLED, ROLE_QUANTITY, ROLE_PRICE, ROLE_PRODUCT,
                                      ROLE_SHOP, ROLE_STORE, ROLE_STAFF, ROLE_CHANNEL, ROLE_CAMPAIGN, ROLE_CURRENCY };
  size_t k;
  if( !candidates_zero(p) ) return 0;
  for(k=0; k<sizeof ROLES/sizeof ROLES[0]; k++){
    ImportRole role = ROLES[k];
    Candidates c;
    int best, chosen = p->chosen[role], enough;
    candidates_find(p, role, &c);
    if( c.n < 2 ) continue;
    if( !candidate_is_enough(p, role, &enough) ) return 0;
    if( enough ) continue;
    if( !candidates_count(p, role, &c) ) return 0;
    best = candidates_best(p, role, &c);
    if( best < 0 || best==chosen ) continue;
    candidate_use(p, role, best);
    plan_remark(p, &p->column[chosen], "%s says more", p->column[best].name);
  }
  return 1;
}
