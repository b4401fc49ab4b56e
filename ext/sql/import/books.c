/*
** What an import has in common with what was imported before: one currency, and numbers of orders that are
** the same orders'.  Two currencies do not add up, and a second shop begins at 1001, too.
*/
#include "sql/import/plan.h"

/* ---- the currency ---- */

/* What its column says, or what was asked for, or a sign that means one alone; a dollar and a yuan may be several. */
static int books_currency(ImportPlan *p, char code[8]){
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int i;
  code[0] = 0;
  if( p->currency ){ sqlite3_snprintf(8, code, "%.7s", p->currency); }
  else if( p->chosen[ROLE_CURRENCY] >= 0 ){
    buffer_printf(&sql, "SELECT upper(trim(\"%w\")) FROM %s WHERE ", p->column[p->chosen[ROLE_CURRENCY]].name, p->source.from);
    plan_filled(p, &sql, p->chosen[ROLE_CURRENCY]);
    buffer_printf(&sql, " LIMIT 1");
    stmt = plan_prepare(p, &sql);
    if( stmt==0 ) return 0;
    if( sqlite3_step(stmt)==SQLITE_ROW ) sqlite3_snprintf(8, code, "%.7s", sqlite3_column_text(stmt, 0));
    if( sqlite3_finalize(stmt)!=SQLITE_OK ) return plan_fail(p);
  }else if( p->signs && !p->signsDiffer ){
    const char *text = p->sign[0].text;
    for(i=0; text[i] && (text[i]=='$' || text[i]==' '); i++){}
    if( text[i] && strstr(text, "￥")==0 && strstr(text, "¥")==0 ) sqlite3_snprintf(8, code, "%.7s", p->sign[0].code);
  }
  for(i=0; code[i]; i++) if( code[i] >= 'a' && code[i] <= 'z' ) code[i] = (char)(code[i] - 32);
  if( strcmp(code, "RMB")==0 || strcmp(code, "CNH")==0 || strcmp(code, "人民")==0 || code[0] & 0x80 ) memcpy(code, "CNY", 4);
  if( strlen(code)!=3 ) code[0] = 0;
  return 1;
}

int profile_books(ImportPlan *p){
  char code[8], had[8] = "";
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  if( sqlite3_table_column_metadata(p->db, "main", "orders", "order_id", 0, 0, 0, 0, 0)!=SQLITE_OK || sqlite3_table_column_metadata(p->db, "main", "settings", "currency", 0, 0, 0, 0, 0)!=SQLITE_OK ) return 1;
  if( p->ask || p->otherCurrency || !books_currency(p, code) ) return p->ask || p->otherCurrency;
  if( code[0]==0 ) return 1;
  buffer_printf(&sql, "SELECT upper(trim(currency)) FROM main.settings WHERE trim(currency) <> '' AND EXISTS (SELECT 1 FROM main.orders) LIMIT 1");
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW ) sqlite3_snprintf(8, had, "%.7s", sqlite3_column_text(stmt, 0));
  if( sqlite3_finalize(stmt)!=SQLITE_OK ) return plan_fail(p);
  if( strcmp(had, "RMB")==0 ) memcpy(had, "CNY", 4);
  return had[0]==0 || strcmp(had, code)==0
      || plan_ask(p, "the orders that are there are in %s (settings.currency) and these are in %s, which do not add up: import them into another database, or add {\"other_currency\": \"keep\"} to the mapping if they do", had, code);
}

/* The first import says what the books are in, where nobody has. */
int import_books(ImportPlan *p, int first){
  char code[8];
  Buffer b = {0};
  if( !first || !books_currency(p, code) || code[0]==0 ) return !p->error;
  buffer_printf(&b, "INSERT INTO main.settings(currency) SELECT %Q WHERE NOT EXISTS (SELECT 1 FROM main.settings)", code);
  if( !plan_exec(p, &b) ) return 0;
  buffer_printf(&b, "UPDATE main.settings SET currency = %Q WHERE coalesce(trim(currency), '') = ''", code);
  return plan_exec(p, &b);
}

/* ---- numbers that another shop has, too ---- */

/* Another buyer, another day and another amount: the same number is another order's. */
#define IS_ANOTHER "coalesce(o.amount, 0) >= 0 AND coalesce(s.a, 0) >= 0 AND o.amount IS NOT s.a AND substr(o.time, 1, 10) <> substr(s.t, 1, 10)" \
  " AND CASE WHEN o.customer IS NOT NULL AND s.customer IS NOT NULL THEN o.customer <> s.customer ELSE abs(julianday(substr(o.time, 1, 10)) - julianday(substr(s.t, 1, 10))) > 7 END"

int import_same_numbers(ImportPlan *p, const char *stage){
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int64_t n[2] = { 0, 0 };
  int good = 1;
  if( p->chosen[ROLE_ORDER] < 0 || p->overlap!=OVERLAP_UNKNOWN ) return 1;
  buffer_printf(&sql, "SELECT count(*), coalesce(sum(" IS_ANOTHER "), 0) FROM %s AS s JOIN main.orders AS o ON o.order_id = s.k WHERE s.none IS NOT 1 AND NOT s.bad AND coalesce(o.amount, 0) >= 0 AND coalesce(s.a, 0) >= 0", stage);
  if( !plan_numbers(p, &sql, n, 2) ) return 0;
  if( n[1]==0 || n[1]*2 < n[0] ) return 1;
  buffer_printf(&sql, "SELECT s.k, coalesce(o.customer, '-'), substr(o.time, 1, 10), coalesce(s.customer, '-'), substr(s.t, 1, 10) FROM %s AS s JOIN main.orders AS o ON o.order_id = s.k WHERE s.none IS NOT 1 AND NOT s.bad AND " IS_ANOTHER " LIMIT 1", stage);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW ){
    good = plan_ask(p, "number '%s' is there for another order (%s on %s, here %s on %s), as are %lld of the %lld numbers that come again: add {\"order_prefix\": \"B-\"} to the mapping if these are another shop's, {\"overlap\": \"replace\"} if they replace those",
      sqlite3_column_text(stmt, 0), sqlite3_column_text(stmt, 1), sqlite3_column_text(stmt, 2), sqlite3_column_text(stmt, 3), sqlite3_column_text(stmt, 4), (long long)n[1], (long long)n[0]);
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? good : plan_fail(p);
}
