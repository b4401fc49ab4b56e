/*
** siyu_import() of the lines of orders (宝贝报表, line items): a product, its quantity and money under the
** number of an order, without a buyer.  They become the lines of the orders that are there; a refund
** that they tell becomes the order's where the order has none.
*/
#include "sql/import/plan.h"

#define LINE_STAGE "temp.siyu_import_line"

static int line_run(ImportPlan *p, const char *sql){
  Buffer b = {0};
  buffer_put(&b, sql, strlen(sql));
  return plan_exec(p, &b);
}

static void line_text(ImportPlan *p, Buffer *b, ImportRole role, const char *as){
  int column = p->chosen[role];
  if( column >= 0 ) buffer_printf(b, ", nullif(trim(\"%w\"), '') AS %s", p->column[column].name, as);
  else buffer_printf(b, ", NULL AS %s", as);
}

/* Lines that are none by their status are left out; `there`: their order is. */
static int line_stage(ImportPlan *p){
  int quantity = p->chosen[ROLE_QUANTITY];
  Buffer b = {0};
  if( !line_run(p, "DROP TABLE IF EXISTS " LINE_STAGE) ) return 0;
  buffer_printf(&b, "CREATE TABLE " LINE_STAGE " AS SELECT *, row_number() OVER (PARTITION BY k ORDER BY at) AS line,"
                    " k IN (SELECT order_id FROM main.orders) AS there FROM (SELECT %s AS at, ", p->line);
  plan_order(p, &b);
  buffer_printf(&b, " AS k");
  line_text(p, &b, ROLE_PRODUCT, "product");
  line_text(p, &b, ROLE_CATEGORY, "category");
  if( quantity >= 0 ) buffer_printf(&b, ", parse_amount(\"%w\", 3) / 1000.0 AS quantity, ", p->column[quantity].name);
  else buffer_printf(&b, ", NULL AS quantity, ");
  if( plan_has_money(p) ) plan_amount(p, &b);
  else buffer_printf(&b, "NULL");
  buffer_printf(&b, " AS amount, ");
  if( plan_has_refund(p) ) plan_refund(p, &b);
  else buffer_printf(&b, "NULL");
  buffer_printf(&b, " AS refund, ");
  if( p->chosen[ROLE_REFUND_TIME] >= 0 ) plan_time(p, &b, p->chosen[ROLE_REFUND_TIME]);
  else buffer_printf(&b, "NULL");
  buffer_printf(&b, " AS refunded FROM %s WHERE NOT ", p->source.from);
  plan_is_total(p, &b);
  buffer_printf(&b, " AND (");
  plan_none(p, &b);
  buffer_printf(&b, ") IS NOT 1 LIMIT -1)");
  return plan_exec(p, &b);
}

static int line_fill(ImportPlan *p){
  return line_run(p, "DELETE FROM main.order_lines WHERE order_id IN (SELECT k FROM " LINE_STAGE " WHERE there)")
      && line_run(p, "INSERT INTO main.order_lines(order_id, line, product, category, quantity, amount)"
                     " SELECT k, line, product, category, quantity, amount FROM " LINE_STAGE " WHERE there");
}

/* Of each order that has no refund yet: one, at the last time that is told, else the order's. */
static int line_refunds(ImportPlan *p){
  return line_run(p, "DROP TABLE IF EXISTS temp.siyu_import_refund")
      && line_run(p, "CREATE TABLE temp.siyu_import_refund AS SELECT k, sum(refund) AS refund, max(refunded) AS refunded FROM " LINE_STAGE
                     " WHERE there AND k NOT IN (SELECT order_id FROM main.orders WHERE amount < 0) GROUP BY k HAVING sum(refund) > 0")
      && line_run(p, "INSERT INTO main.orders(order_id, customer, time, amount, source, shop, store, staff, channel, campaign, status)"
                     " SELECT o.order_id, o.customer, coalesce(r.refunded, o.time), -r.refund, o.source, o.shop, o.store, o.staff, o.channel, o.campaign, o.status"
                     " FROM temp.siyu_import_refund AS r JOIN main.orders AS o ON o.order_id = r.k GROUP BY o.order_id");
}

static char *line_sentence(ImportPlan *p){
  enum { LINES, ORDERS, ELSEWHERE, REFUNDS, REFUNDED, READ, COUNT };
  int64_t n[COUNT] = {0};
  Buffer b = {0};
  buffer_printf(&b, "SELECT coalesce(sum(there), 0), count(DISTINCT CASE WHEN there THEN k END), count(*) - coalesce(sum(there), 0),"
                    " (SELECT count(*) FROM temp.siyu_import_refund), (SELECT coalesce(sum(refund), 0) FROM temp.siyu_import_refund), count(*) FROM " LINE_STAGE);
  if( !plan_numbers(p, &b, n, COUNT) ) return 0;
  plan_put_count(&b, n[LINES], "line", "lines");
  buffer_printf(&b, " of ");
  plan_put_count(&b, n[ORDERS], "order", "orders");
  buffer_printf(&b, " that are there, from ");
  plan_put_count(&b, p->rows, "row", "rows");
  buffer_printf(&b, " of %s%s%s%s. Refunds that the orders did not have: %lld (", p->sourceText, p->platform ? " (" : "", p->platform ? p->platform : "", p->platform ? ")" : "",
                (long long)n[REFUNDS]);
  plan_put_money(&b, n[REFUNDED], p->decimals);
  buffer_printf(&b, "). Left out: ");
  plan_put_count(&b, n[ELSEWHERE], "line of an order that is not there", "lines of orders that are not there");
  buffer_printf(&b, ", ");
  plan_put_count(&b, p->rows - p->totals - n[READ], "line that is none by its status", "lines that are none by their status");
  buffer_printf(&b, ", ");
  plan_put_count(&b, p->totals, "line of totals", "lines of totals");
  buffer_put_byte(&b, '.');
  return plan_sentence(&b);
}

char *import_lines(ImportPlan *p){
  char *said;
  if( !line_run(p, "SELECT siyu_setup('schema')") || !line_stage(p) || !line_fill(p) || !line_refunds(p) ) return 0;
  said = line_sentence(p);
  if( said==0 || (line_run(p, "DROP TABLE " LINE_STAGE) && line_run(p, "DROP TABLE temp.siyu_import_refund")) ) return said;
  sqlite3_free(said);
  return 0;
}

/* How many of the orders whose lines these are are there; 0 where there is no table of them. */
int profile_lines_there(ImportPlan *p, int64_t *there){
  Buffer b = {0};
  *there = 0;
  if( sqlite3_table_column_metadata(p->db, "main", "orders", "order_id", 0, 0, 0, 0, 0)!=SQLITE_OK ) return 1;
  buffer_printf(&b, "SELECT count(*) FROM (SELECT 1 FROM %s WHERE ", p->source.from);
  plan_order(p, &b);
  buffer_printf(&b, " IN (SELECT order_id FROM main.orders) LIMIT 1)");
  return plan_numbers(p, &b, there, 1);
}
