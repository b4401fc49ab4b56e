/*
** Exports without order numbers that come again.  A file of the same name replaces what was imported from
** it, so one of other days must not have that name; a file of another name that shares days with it
** would count their orders twice.
*/
#include "sql/import/plan.h"

/* Other days than those that were imported from a source of this name. */
static int again_of_name(ImportPlan *p, const char *stage){
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int good = 1;
  buffer_printf(&sql, "SELECT count(*), substr(min(o.time), 1, 10), substr(max(o.time), 1, 10), (SELECT substr(min(t), 1, 10) FROM %s), (SELECT substr(max(t), 1, 10) FROM %s)"
                      " FROM main.orders AS o WHERE o.order_id >= %Q || '#' AND o.order_id < %Q || '$'", stage, stage, p->sourceText, p->sourceText);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW && sqlite3_column_int64(stmt, 0) > 0 ){
    const char *from = (const char*)sqlite3_column_text(stmt, 1), *to = (const char*)sqlite3_column_text(stmt, 2);
    const char *since = (const char*)sqlite3_column_text(stmt, 3), *until = (const char*)sqlite3_column_text(stmt, 4);
    if( from && to && since && until && (strcmp(until, from) < 0 || strcmp(to, since) < 0) ){
      good = plan_ask(p, "%lld orders from %s to %s were imported from %s before, which has no order numbers, and this would replace them: import it under another name, or add {\"order\": \"HEADER\"} to the mapping",
                         (long long)sqlite3_column_int64(stmt, 0), from, to, p->sourceText);
    }
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? good : plan_fail(p);
}

/* Rows whose customer, time and amount another source without numbers had. */
static int again_of_others(ImportPlan *p, const char *stage){
  Buffer sql = {0};
  int64_t n[2] = { 0, 0 };
  buffer_printf(&sql, "SELECT coalesce(sum(EXISTS (SELECT 1 FROM main.orders AS o WHERE o.customer IS s.customer AND o.time = s.t AND o.amount = s.a AND (s.customer IS NOT NULL OR length(s.t) > 10) AND o.order_id GLOB '*#*'"
                      " AND NOT (o.order_id >= %Q || '#' AND o.order_id < %Q || '$'))), 0), count(*) FROM %s AS s WHERE s.none IS NOT 1 AND NOT s.bad", p->sourceText, p->sourceText, stage);
  if( !plan_numbers(p, &sql, n, 2) ) return 0;
  if( n[0] < 2 || n[0]*20 < n[1] ) return 1;
  if( p->overlap==OVERLAP_UNKNOWN ){
    return plan_ask(p, "%lld of %lld orders without numbers have the customer, time and amount of orders that were imported before: add {\"overlap\": \"skip\"} to the mapping to leave them out, "
                       "{\"overlap\": \"keep\"} to count them again, or {\"order\": \"HEADER\"}", (long long)n[0], (long long)n[1]);
  }
  if( p->overlap==OVERLAP_KEEP ) return 1;
  buffer_printf(&sql, "DELETE FROM %s WHERE EXISTS (SELECT 1 FROM main.orders AS o WHERE o.customer IS %s.customer AND o.time = t AND o.amount = a AND (o.customer IS NOT NULL OR length(t) > 10) AND o.order_id GLOB '*#*'"
                      " AND NOT (o.order_id >= %Q || '#' AND o.order_id < %Q || '$'))", stage, "siyu_import_order", p->sourceText, p->sourceText);
  return plan_exec(p, &sql);
}

int import_again(ImportPlan *p, const char *stage){
  if( p->chosen[ROLE_ORDER] >= 0 ) return 1;
  return again_of_name(p, stage) && (p->ask || again_of_others(p, stage));
}
