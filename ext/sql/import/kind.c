/*
** Kinds of money (交易类型, Type): a till, a wallet and a payment service write sales, refunds and
** what is neither into one list.  Money that went back is a refund whatever its sign; of top-ups,
** withdrawals and transfers only the user knows whether they count, so that is asked.
*/
#include "sql/import/plan.h"

#define KINDS_MAX 200

/* Rows and money of the kinds that are asked about. */
static int kind_sums(ImportPlan *p, const ImportColumn *c, const char *asked, int64_t *rows, char **money){
  Buffer sql = {0};
  int64_t n[2] = { 0, 0 };
  double unit = 1;
  int i;
  buffer_printf(&sql, "SELECT count(*), coalesce(sum(");
  plan_amount(p, &sql);
  buffer_printf(&sql, "), 0) FROM %s WHERE trim(\"%w\") IN (SELECT value FROM json_each(%Q))", p->source.from, c->name, asked);
  if( !plan_numbers(p, &sql, n, 2) ) return 0;
  for(i=0; i<p->decimals; i++) unit *= 10;
  *rows = n[0];
  *money = sqlite3_mprintf("%.*f", p->decimals, (double)n[1]/unit);
  return *money!=0;
}

/* Whether an order has rows of that kind alone: beside a sale what was given with it changes nothing. */
static int kind_is_alone(ImportPlan *p, const ImportStatus *kind, int *alone){
  Buffer sql = {0};
  int64_t n = 0;
  *alone = p->chosen[ROLE_ORDER] < 0;
  if( *alone ) return 1;
  buffer_printf(&sql, "SELECT EXISTS (SELECT 1 FROM %s GROUP BY \"%w\" HAVING min(coalesce(trim(\"%w\"), '') = %Q))", p->source.from,
                p->column[p->chosen[ROLE_ORDER]].name, p->column[p->chosen[ROLE_KIND]].name, kind->text);
  if( !plan_numbers(p, &sql, &n, 1) ) return 0;
  *alone = n!=0;
  return 1;
}

/* The mapping decides, else the word; a word that is known to be no sale and is not in the
** mapping is asked about, one of which all money is below 0: what the shop itself paid is no refund, and one without any: a mail that was
** opened is no order. */
static int kind_judge(ImportPlan *p, ImportStatus *kind, int *asked){
  char normal[NORMAL_SIZE];
  int is, is_order, is_none, alone;
  import_normal(kind->text, normal);
  is = import_kind(normal);
  if( is==KIND_IS_EXTRA ){
    if( !kind_is_alone(p, kind, &alone) ) return 0;
    is = !alone;
  }
  kind->is = is==KIND_IS_NOTHING ? 0 : is;
  *asked = 0;
  if( !plan_in_list(p, p->kindIs, kind->text, &is_order) || !plan_in_list(p, p->kindIsNone, kind->text, &is_none) ) return 0;
  if( is_none ) kind->is = 0;
  else if( is_order ) kind->is = 1;
  else *asked = is==0 || (is==1 && kind->negative) || (is==1 && kind->filled==0 && p->chosen[ROLE_ORDER] < 0);
  return 1;
}

/* `asked` is the JSON array of those that are asked about. */
static int kind_ask(ImportPlan *p, ImportColumn *c, const char *asked){
  int64_t rows;
  char *money = 0;
  int good;
  if( !kind_sums(p, c, asked, &rows, &money) ) return 0;
  plan_remark(p, c, "%s may be no sales", asked);
  good = plan_ask(p, "column %s says %s of %lld %s (%s), which may be no sales: add {\"kind_is_none\": %s} to the mapping if they are none, "
                     "{\"kind_is_order\": %s} if they count", c->name, asked, (long long)rows, plan_text(p, rows==1 ? "row" : "rows"), money, asked, asked);
  sqlite3_free(money);
  return good;
}

/* The values of the column, the most frequent first; p->kinds is 0 where they are too many to be kinds. */
static int kind_values(ImportPlan *p, const ImportColumn *c){
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  size_t capacity = 0;
  int good = 1;
  buffer_printf(&sql, "SELECT trim(\"%w\"), count(*), max(", c->name);
  plan_amount(p, &sql);                                /* no kind is known yet: as it stands there */
  buffer_printf(&sql, "), count(");
  plan_amount(p, &sql);
  buffer_printf(&sql, ") FROM %s WHERE ", p->source.from);
  plan_filled(p, &sql, p->chosen[ROLE_KIND]);
  if( p->mores ){                                      /* what is none by another column is not asked about */
    buffer_printf(&sql, " AND ((");
    plan_none(p, &sql);
    buffer_printf(&sql, ") IS NOT 1 OR \"%w\" LIKE '%%退%%')", c->name);
  }
  buffer_printf(&sql, " AND NOT ");
  plan_is_total(p, &sql);
  buffer_printf(&sql, " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %d", KINDS_MAX + 1);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  while( good && sqlite3_step(stmt)==SQLITE_ROW ){
    good = memory_grow((void**)&p->kind, &capacity, (size_t)p->kinds + 1, sizeof *p->kind)==STATUS_OK;
    if( !good ) break;
    p->kind[p->kinds].text = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 0));
    p->kind[p->kinds].rows = sqlite3_column_int64(stmt, 1);
    p->kind[p->kinds].negative = sqlite3_column_int64(stmt, 2) < 0;
    p->kind[p->kinds].filled = sqlite3_column_int64(stmt, 3);
    good = p->kind[p->kinds++].text!=0;
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? good : plan_fail(p);
}

/* Adds a text to a JSON array that is not closed. */
static int kind_list(ImportPlan *p, Buffer *b, const char *text){
  sqlite3_stmt *stmt;
  Buffer sql = {0};
  buffer_printf(&sql, "SELECT json_quote(%Q)", text);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW ) buffer_printf(b, "%s%s", b->size ? ", " : "[", sqlite3_column_text(stmt, 0));
  return sqlite3_finalize(stmt)==SQLITE_OK ? 1 : plan_fail(p);
}

/* Money back of which the amount stands elsewhere: 交易退款 under 支出金额. */
static int kind_without_money(ImportPlan *p, const ImportColumn *c){
  int i;
  if( p->chosen[ROLE_REFUND] >= 0 || p->noRefund || p->chosen[ROLE_AMOUNT] < 0 ) return 1;
  for(i=0; i<p->kinds; i++){
    if( p->kind[i].is!=2 || p->kind[i].filled ) continue;
    return plan_ask(p, "column %s says '%s' of %lld %s, in which column %s is blank: add {\"refund\": \"HEADER\"} to the mapping with the column that says how much went back, {\"refund\": null} if none does",
                    c->name, p->kind[i].text, (long long)p->kind[i].rows, plan_text(p, p->kind[i].rows==1 ? "row" : "rows"), p->column[p->chosen[ROLE_AMOUNT]].name);
  }
  return 1;
}

int profile_kind(ImportPlan *p){
  int column = p->chosen[ROLE_KIND], good = 1, i, asked, matter = 0;
  ImportColumn *c;
  Buffer list = {0};
  if( column < 0 ) return 1;
  c = &p->column[column];
  if( !kind_values(p, c) ) return 0;
  for(i=0; good && i<p->kinds && p->kinds<=KINDS_MAX; i++){
    good = kind_judge(p, &p->kind[i], &asked);
    if( p->kind[i].is!=1 || p->kind[i].negative ) matter = 1;
    if( good && asked ) good = kind_list(p, &list, p->kind[i].text);
  }
  if( list.size ) buffer_printf(&list, "]");
  if( list.size ) buffer_put_byte(&list, 0);
  if( good && list.size && !list.failed ) good = kind_ask(p, c, (char*)list.data);
  if( list.failed ) good = 0;
  buffer_destroy(&list);
  if( good && p->kinds<=KINDS_MAX ) good = kind_without_money(p, c);
  if( matter ) return good;
  p->chosen[ROLE_KIND] = -1;            /* all of it sales: nothing to tell apart */
  c->role = ROLE_IGNORED;
  c->used = 0;
  return good;
}
