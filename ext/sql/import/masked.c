/*
** Customers whom a platform masks (138****1234, 王**): different people share one text, and whoever
** counts them counts too few customers and too many repurchases.  Another column that is not
** masked is taken instead; where there is none, that is asked.
*/
#include "sql/import/plan.h"

/* Cells that are filled, and those with the sign of a mask in them. */
static int masked_count(ImportPlan *p, int column, int64_t n[2]){
  const char *name = p->column[column].name;
  Buffer sql = {0};
  buffer_printf(&sql, "SELECT count(*), coalesce(sum(instr(\"%w\", '*') > 0 OR instr(\"%w\", '\xEF\xBC\x8A') > 0), 0) FROM %s WHERE ", name, name, p->source.from);
  plan_filled(p, &sql, column);
  buffer_printf(&sql, " AND NOT ");
  plan_is_total(p, &sql);
  return plan_numbers(p, &sql, n, 2);
}

/* A sign of a mask in one of twenty cells is more than somebody's nickname. */
static int is_masked(const int64_t n[2]){
  return n[1] > 0 && n[1]*20 >= n[0];
}

/* The column that names customers best, is not masked, and is filled. */
static int masked_instead(ImportPlan *p, int chosen, int *instead){
  int i;
  *instead = -1;
  for(i=0; i<p->count; i++){
    int64_t n[2] = { 0, 0 };
    if( i==chosen || p->column[i].role!=ROLE_CUSTOMER || (*instead >= 0 && p->column[i].rank >= p->column[*instead].rank) ) continue;
    if( !masked_count(p, i, n) ) return 0;
    if( n[0] > 0 && !is_masked(n) ) *instead = i;
  }
  return 1;
}

int profile_masked(ImportPlan *p){
  int chosen = p->chosen[ROLE_CUSTOMER], instead;
  int64_t n[2] = { 0, 0 };
  ImportColumn *c;
  if( chosen < 0 || p->column[chosen].rank==0 ) return 1;       /* none, or the mapping says so */
  c = &p->column[chosen];
  if( !masked_count(p, chosen, n) ) return 0;
  if( !is_masked(n) ) return 1;
  if( !masked_instead(p, chosen, &instead) ) return 0;
  plan_remark(p, c, "masked in %lld %s: several people may share one", (long long)n[1], n[1]==1 ? "row" : "rows");
  if( instead >= 0 ){
    c->used = 0;
    p->column[instead].used = 1;
    p->chosen[ROLE_CUSTOMER] = instead;
    return 1;
  }
  return plan_ask(p, "column %s is masked in %lld %s, so that several customers may share one name, and no other column says who bought: add {\"customer\": \"HEADER\"} "
                     "to the mapping, {\"customer\": null} to import orders without customers, or {\"customer\": \"%s\"} to take each as one",
                  c->name, (long long)n[1], n[1]==1 ? "row" : "rows", c->name);
}
