/*
** Customers whom a platform masks (138****1234, 王**): different people share one text, and whoever
** counts them counts too few customers and too many repurchases.  Another column that is not
** masked is taken instead; where there is none, that is asked.
*/
#include "sql/import/plan.h"

/* A sign of a mask in one of twenty cells is more than somebody's nickname. */
int import_is_masked(const ImportColumn *c){
  return c->masked > 0 && c->masked*20 >= c->named;
}

/* The column that names customers best, is not masked, and is filled; or -1. */
static int masked_instead(const ImportPlan *p, int chosen){
  int i, best = -1;
  for(i=0; i<p->count; i++){
    const ImportColumn *c = &p->column[i];
    if( i==chosen || c->role!=ROLE_CUSTOMER || c->named==0 || import_is_masked(c) ) continue;
    if( best < 0 || c->rank < p->column[best].rank ) best = i;
  }
  return best;
}

/* A list of contacts has the phone numbers of a few and the names of all. */
static void choose_contact(ImportPlan *p, int chosen){
  int i, best = chosen;
  for(i=0; i<p->count; i++){
    if( p->column[i].role==ROLE_CUSTOMER && p->column[i].named >= 2*p->column[best].named ) best = i;
  }
  p->column[chosen].used = 0;
  p->column[best].used = 1;
  p->chosen[ROLE_CUSTOMER] = best;
}

int profile_masked(ImportPlan *p){
  int chosen = p->chosen[ROLE_CUSTOMER], instead;
  ImportColumn *c;
  if( p->contacts && chosen >= 0 && p->column[chosen].rank ) choose_contact(p, chosen);
  if( p->contacts || chosen < 0 || p->column[chosen].rank==0 ) return 1;       /* none, or the mapping says so */
  c = &p->column[chosen];
  if( !import_is_masked(c) ) return 1;
  instead = masked_instead(p, chosen);
  plan_remark(p, c, "masked in %lld %s: several people may share one", (long long)c->masked, c->masked==1 ? "row" : "rows");
  if( instead >= 0 ){
    c->used = 0;
    p->column[instead].used = 1;
    p->chosen[ROLE_CUSTOMER] = instead;
    return 1;
  }
  if( plan_is_anonymous(p) ){                          /* who receives the parcel is no buyer */
    c->used = 0;
    p->chosen[ROLE_CUSTOMER] = -1;
    return 1;
  }
  if( c->privacy*2 > c->masked ){
    return plan_ask(p, "column %s holds privacy numbers in %lld %s, which change with every order, and no other column says who bought: add {\"customer\": \"HEADER\"} "
                       "to the mapping, {\"customer\": null} to import orders without customers, or {\"customer\": \"%s\"} to take each as one",
                    c->name, (long long)c->privacy, plan_text(p, c->privacy==1 ? "row" : "rows"), c->name);
  }
  return plan_ask(p, "column %s is masked in %lld %s, so that several customers may share one name, and no other column says who bought: add {\"customer\": \"HEADER\"} "
                     "to the mapping, {\"customer\": null} to import orders without customers, or {\"customer\": \"%s\"} to take each as one",
                  c->name, (long long)c->masked, plan_text(p, c->masked==1 ? "row" : "rows"), c->name);
}

#define ONE_ORDERS 30

/* A fifth of all orders, and ten times as many as anybody else has: 散客 in another word, or the shop itself. */
int import_one_of_all(ImportPlan *p, const char *buyers){
  int column = p->chosen[ROLE_CUSTOMER];
  int64_t n[3] = { 0, 0, 0 };
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int good = 1;
  if( column < 0 || p->column[column].rank==0 ) return 1;
  buffer_printf(&sql, "SELECT coalesce(max(n), 0), coalesce(sum(n), 0), 0 FROM %s", buyers);
  if( !plan_numbers(p, &sql, n, 3) ) return 0;
  if( n[0] < ONE_ORDERS || n[0]*5 < n[1] ) return 1;
  buffer_printf(&sql, "SELECT customer, (SELECT coalesce(max(n), 0) FROM %s WHERE customer <> o.customer) FROM %s AS o ORDER BY n DESC LIMIT 1", buyers, buyers);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW && sqlite3_column_int64(stmt, 1)*10 <= n[0] ){
    const char *who = (const char*)sqlite3_column_text(stmt, 0);
    plan_remark(p, &p->column[column], "one bought most");
    good = plan_ask(p, "'%s' in column %s bought %lld of %lld orders, and nobody else a tenth of that: add {\"guest\": \"%s\"} to the mapping if that is nobody, {\"customer\": \"HEADER\"} with the column that says who bought, or {\"customer\": \"%s\"} if it is one customer",
                    who, p->column[column].name, (long long)n[0], (long long)n[1], who, p->column[column].name);
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? good : plan_fail(p);
}
