/*
** siyu_import(source [, mapping]): from the rows of an export to the canonical tables.
**
** The rows are read twice: plan_read() counts and decides, then one INSERT ... SELECT groups them
** by order into a TEMP table, from which orders, refunds and customers are filled.  Memory does
** not grow with the rows.  All of it stands in a savepoint.
*/
#include "sql/import/plan.h"
#include "sql/script.h"

#define STAGE "temp.siyu_import_order"
#define BUYERS "temp.siyu_import_customer"
/* What went back of an order: what is said, else all of it where the status says so. */
#define BACK_MONEY "coalesce(nullif(r, 0), CASE WHEN back THEN a END)"

/* ---- the TEMP table: an order a row ---- */

static void piece(Buffer *b, const ImportPlan *p, ImportRole role, const char *as){
  int column = p->chosen[role];
  if( column < 0 ) return;
  if( p->column[column].blankWords ){
    buffer_printf(b, ", CASE WHEN ");
    plan_filled(p, b, column);
    buffer_printf(b, " THEN trim(\"%w\") END AS %s", p->column[column].name, as);
  }else{
    buffer_printf(b, ", nullif(trim(\"%w\"), '') AS %s", p->column[column].name, as);
  }
}

/* 1 for a row of an order whose cells cannot be used. */
static void bad_cells(Buffer *b, const ImportPlan *p){
  static const ImportRole MONEY[] = { ROLE_AMOUNT, ROLE_REFUND, ROLE_PRICE };
  int order = p->chosen[ROLE_ORDER], i;
  size_t k;
  buffer_printf(b, "0");
  if( order >= 0 ){
    buffer_printf(b, " OR ");
    plan_id(p, b, order);
    buffer_printf(b, " IS NULL");
  }
  for(i=0; i<p->times; i++){
    if( p->column[p->time[i]].rejected==0 ) continue;
    buffer_printf(b, " OR (");
    plan_filled(p, b, p->time[i]);
    buffer_printf(b, " AND ");
    plan_time(p, b, p->time[i]);
    buffer_printf(b, " IS NULL)");
  }
  for(k=0; k<sizeof MONEY/sizeof MONEY[0]; k++){
    int column = p->chosen[MONEY[k]];
    if( column < 0 || p->column[column].rejected==0 || (MONEY[k]==ROLE_PRICE && p->chosen[ROLE_AMOUNT] >= 0) ) continue;
    buffer_printf(b, " OR ");
    plan_bad_money(p, b, column);
  }
}

/* Who brought the buyer has an id of the buyer's kind. */
static void plan_referrer(const ImportPlan *p, Buffer *b){
  int customer = p->chosen[ROLE_CUSTOMER], referrer = p->chosen[ROLE_REFERRER];
  plan_person_as(p, b, referrer, customer < 0 ? referrer : customer);
}

/* The rows with their pieces parsed. */
static void rows_text(Buffer *b, const ImportPlan *p){
  int order = p->chosen[ROLE_ORDER], i;
  buffer_printf(b, "SELECT %s AS line, ", p->line);
  if( order >= 0 ) plan_order(p, b);
  else buffer_printf(b, "printf('%%s#%%d', %Q, %s)", p->sourceText, p->line);
  buffer_printf(b, " AS k, ");
  plan_customer(p, b);
  buffer_printf(b, " AS customer, ");
  for(i=0; i<p->times; i++){
    plan_time(p, b, p->time[i]);
    buffer_printf(b, " AS t%d, ", i);
  }
  plan_amount(p, b);
  buffer_printf(b, " AS a, ");
  if( plan_has_refund(p) ){ plan_refund(p, b); buffer_printf(b, " AS r, "); }
  if( p->chosen[ROLE_REFUND_TIME] >= 0 ){ plan_time(p, b, p->chosen[ROLE_REFUND_TIME]); buffer_printf(b, " AS rt, "); }
  if( plan_has_back(p) ){ plan_back(p, b); buffer_printf(b, " AS back, "); }
  plan_none(p, b);
  buffer_printf(b, " AS none, ");
  bad_cells(b, p);
  buffer_printf(b, " AS bad");
  if( p->discounts ){ buffer_printf(b, ", "); plan_is_discount(p, b); buffer_printf(b, " AS lower"); }
  piece(b, p, ROLE_STATUS, "status");
  piece(b, p, ROLE_SHOP, "shop");
  piece(b, p, ROLE_STORE, "store");
  piece(b, p, ROLE_STAFF, "staff");
  piece(b, p, ROLE_CHANNEL, "channel");
  piece(b, p, ROLE_CAMPAIGN, "campaign");
  if( p->chosen[ROLE_REFERRER] >= 0 ){ buffer_printf(b, ", "); plan_referrer(p, b); buffer_printf(b, " AS referrer"); }
  buffer_printf(b, " FROM %s WHERE NOT ", p->source.from);
  plan_is_total(p, b);
  plan_only_currency(p, b);
}

/* An order is none when all of its lines that say something say so; lines that are none add no
** money.  A refund that is a row of its own, an amount below 0, stays one.  LIMIT -1 keeps SQLite
** from merging the rows' query into this one, where each cell would be parsed several times. */
static int stage(ImportPlan *p){
  static const struct { ImportRole role; const char *sql, *name; } PIECES[] = {
    { ROLE_REFUND_TIME, "max(rt)", "rt" }, { ROLE_STATUS, "max(CASE WHEN none IS NOT 1 THEN status END)", "status" }, { ROLE_SHOP, "max(shop)", "shop" },
    { ROLE_STORE, "max(store)", "store" }, { ROLE_STAFF, "max(staff)", "staff" }, { ROLE_CHANNEL, "max(channel)", "channel" },
    { ROLE_CAMPAIGN, "max(campaign)", "campaign" }, { ROLE_REFERRER, "max(referrer)", "referrer" }
  };
  const char *sum = p->amountIs==AMOUNT_OF_ORDER ? "max" : "sum";
  Buffer b = {0}, time = {0};
  size_t k;
  int i;
  buffer_printf(&b, "DROP TABLE IF EXISTS " STAGE);
  if( !plan_exec(p, &b) ) return 0;
  for(i=0; i<p->times; i++) buffer_printf(&time, plan_has_kind(p, 0) ? "%smin(CASE WHEN none IS NOT 1 THEN t%d END)" : "%smin(t%d)", i ? ", " : "coalesce(", i);
  buffer_printf(&time, ", NULL)");
  buffer_put_byte(&time, 0);
  if( time.failed ){ buffer_destroy(&time); return 0; }
  buffer_printf(&b, "CREATE TABLE " STAGE " AS SELECT k, %s AS customer, %s AS t, %s(CASE WHEN none IS NOT 1 THEN a END) AS a,"
    " min(none) AS none, max(bad AND none IS NOT 1) OR (%s IS NULL AND min(none) IS NOT 1) AS bad,"
    " %s(a) AS known, min(line) AS line", PLAN_BUYER(p), (char*)time.data, sum, (char*)time.data, sum);
  buffer_destroy(&time);
  plan_line_columns(p, &b);
  if( plan_has_refund(p) ) buffer_printf(&b, ", %s(CASE WHEN none IS NOT 1 THEN r END) AS r", sum);
  else buffer_printf(&b, ", NULL AS r");
  buffer_printf(&b, ", %s AS back", plan_has_back(p) ? "max(back)" : "NULL");
  for(k=0; k<sizeof PIECES/sizeof PIECES[0]; k++){
    buffer_printf(&b, ", %s AS %s", p->chosen[PIECES[k].role] >= 0 ? PIECES[k].sql : "NULL", PIECES[k].name);
  }
  buffer_printf(&b, " FROM (");
  rows_text(&b, p);
  buffer_printf(&b, " LIMIT -1) GROUP BY k, coalesce(a < 0, 0)%s%s", p->discounts ? " AND NOT lower" : "", p->chosen[ROLE_ORDER] < 0 ? "" : ", CASE WHEN k IS NULL THEN line END");
  return plan_exec(p, &b);
}

/* What only the orders themselves tell: amounts that are repeated on their lines, numbers that come again. */
static int judge_lines(ImportPlan *p){
  return p->chosen[ROLE_ORDER] < 0 || plan_judge_lines(p, STAGE);
}

/* ---- rejects ---- */

static int reject_cells(ImportPlan *p, int column, const char *reason, int isTime){
  Buffer b = {0};
  buffer_printf(&b, "INSERT INTO main.import_reject(source, line, header, value, reason) SELECT %Q, %s, %Q, \"%w\", %Q FROM %s WHERE ",
                p->sourceText, strcmp(p->line, "rowid")==0 ? "rowid" : "NULL", p->column[column].name, p->column[column].name, reason, p->source.from);
  if( isTime ){
    plan_filled(p, &b, column);
    buffer_printf(&b, " AND ");
    plan_time(p, &b, column);
    buffer_printf(&b, " IS NULL");
  }else{
    plan_bad_money(p, &b, column);
  }
  buffer_printf(&b, " AND NOT ");
  plan_is_total(p, &b);
  buffer_printf(&b, " AND (");
  plan_none(p, &b);
  buffer_printf(&b, ") IS NOT 1");
  return plan_exec(p, &b);
}

static int rejects(ImportPlan *p){
  static const ImportRole MONEY[] = { ROLE_AMOUNT, ROLE_REFUND, ROLE_PRICE };
  Buffer b = {0};
  int i;
  size_t k;
  buffer_printf(&b, "DELETE FROM main.import_reject WHERE source = %Q", p->sourceText);
  if( !plan_exec(p, &b) ) return 0;
  for(i=0; i<p->times; i++){
    if( p->column[p->time[i]].rejected && !reject_cells(p, p->time[i], "no time", 1) ) return 0;
  }
  for(k=0; k<sizeof MONEY/sizeof MONEY[0]; k++){
    int column = p->chosen[MONEY[k]];
    if( column < 0 || p->column[column].rejected==0 || (MONEY[k]==ROLE_PRICE && p->chosen[ROLE_AMOUNT] >= 0) ) continue;
    if( !reject_cells(p, column, "no amount", 0) ) return 0;
  }
  buffer_printf(&b, "INSERT INTO main.import_reject(source, line, header, value, reason) SELECT %Q, line, NULL, k, "
                    "CASE WHEN k IS NULL THEN 'no order number' WHEN t IS NULL THEN 'no time' ELSE 'another line of this order is rejected' END "
                    "FROM " STAGE " WHERE bad AND (k IS NULL OR (t IS NULL AND NOT EXISTS (SELECT 1 FROM main.import_reject i WHERE i.source = %Q AND i.line = " STAGE ".line)))",
                p->sourceText, p->sourceText);
  return plan_exec(p, &b);
}

/* ---- the canonical tables ---- */

/* Words by which order_rows leaves an order out: what counts here, since the mapping or another column says so,
** counts there. */
#define STATUS_THAT_COUNTS "CASE WHEN lower(trim(status)) NOT IN ('交易关闭', '已关闭', '已取消', '订单取消', '取消', '待付款', '等待买家付款', '未付款'," \
  " 'closed', 'cancelled', 'canceled', 'unpaid', 'pending', 'voided', 'failed', 'expired') THEN status END"

static int fill_orders(ImportPlan *p){
  Buffer b = {0};
  int64_t there = 0;
  buffer_printf(&b, "SELECT EXISTS (SELECT 1 FROM main.orders)");
  if( !plan_numbers(p, &b, &there, 1) ) return 0;
  if( there ){
    int64_t tells = plan_has_refund(p) || p->noRefund || p->refundIs!=REFUND_UNKNOWN || p->chosen[ROLE_AFTER_SALE] >= 0;                /* a file that knows of no refunds takes none back */
    if( !tells ){
      buffer_printf(&b, "SELECT EXISTS (SELECT 1 FROM " STAGE " WHERE none IS NOT 1 AND (a < 0 OR back))");
      if( !plan_numbers(p, &b, &tells, 1) ) return 0;
    }
    buffer_printf(&b, "DELETE FROM main.orders WHERE order_id IN (SELECT k FROM " STAGE ")");
    if( !tells ) buffer_printf(&b, " AND (coalesce(amount, 0) >= 0 OR order_id IN (SELECT k FROM " STAGE " WHERE none IS 1))");
    if( !plan_exec(p, &b) ) return 0;
    if( p->chosen[ROLE_ORDER] < 0 ){
      buffer_printf(&b, "DELETE FROM main.orders WHERE order_id >= %Q || '#' AND order_id < %Q || '$'", p->sourceText, p->sourceText);
      if( !plan_exec(p, &b) ) return 0;
    }
  }
  buffer_printf(&b, "INSERT INTO main.orders(order_id, customer, time, amount, shop, store, staff, channel, campaign, status)"
                    " SELECT k, customer, t, a, shop, store, staff, channel, campaign, " STATUS_THAT_COUNTS " FROM " STAGE " WHERE none IS NOT 1 AND NOT bad");
  if( !plan_exec(p, &b) ) return 0;
  buffer_printf(&b, "INSERT INTO main.orders(order_id, customer, time, amount, shop, store, staff, channel, campaign, status)"
                    " SELECT k, customer, coalesce(rt, t), -%s, shop, store, staff, channel, campaign, " STATUS_THAT_COUNTS " FROM " STAGE
                    " WHERE none IS NOT 1 AND NOT bad AND %s > 0",
                BACK_MONEY, BACK_MONEY);
  return plan_exec(p, &b);
}

/* Whoever joined, as an import said, with an order, joined with an earlier one that comes later. */
static int joined_before(ImportPlan *p){
  Buffer b = {0};
  buffer_printf(&b, "UPDATE main.customers SET joined = (SELECT b.t FROM " BUYERS " AS b WHERE b.customer = customers.customer) WHERE customer IN"
                    " (SELECT b.customer FROM " BUYERS " AS b JOIN main.customers AS c ON c.customer = b.customer WHERE b.t < c.joined"
                    " AND EXISTS (SELECT 1 FROM main.orders AS o WHERE o.customer = c.customer AND o.time = c.joined))");
  return plan_exec(p, &b);
}

/* Nobody's first day is known better than by the first order.  By GROUP BY, which sorts; DISTINCT looks each one up. */
static int fill_customers(ImportPlan *p){
  Buffer b = {0};
  buffer_printf(&b, "DROP TABLE IF EXISTS " BUYERS);
  if( !plan_exec(p, &b) ) return 0;
  buffer_printf(&b, "CREATE TABLE " BUYERS " AS SELECT customer, min(t) AS t, count(*) AS n FROM " STAGE " WHERE none IS NOT 1 AND NOT bad AND customer IS NOT NULL GROUP BY customer");
  if( !plan_exec(p, &b) ) return 0;
  buffer_printf(&b, "INSERT OR IGNORE INTO main.customers(customer, joined) SELECT customer, t FROM " BUYERS);
  if( !plan_exec(p, &b) || !import_one_of_all(p, BUYERS) || p->ask || !joined_before(p) || !import_ids(p, BUYERS) ) return 0;
  if( p->chosen[ROLE_REFERRER] < 0 ) return 1;
  buffer_printf(&b, "INSERT INTO main.referrals(customer, referrer, time) SELECT customer, referrer, min(t) FROM " STAGE " s WHERE none IS NOT 1 AND NOT bad"
                    " AND customer IS NOT NULL AND referrer IS NOT NULL AND NOT EXISTS (SELECT 1 FROM main.referrals f WHERE f.customer = s.customer AND f.referrer = s.referrer)"
                    " GROUP BY customer, referrer");
  return plan_exec(p, &b);
}

/* Only of what was imported. */
static int fill_lines(ImportPlan *p){
  int product = p->chosen[ROLE_PRODUCT], quantity = p->chosen[ROLE_QUANTITY], category = p->chosen[ROLE_CATEGORY], order = p->chosen[ROLE_ORDER];
  int price = p->chosen[ROLE_PRICE], isLine = p->chosen[ROLE_AMOUNT] >= 0 && (p->amountIs==AMOUNT_OF_LINE || p->differing || p->multiple==0);
  Buffer b = {0};
  if( order < 0 || (product < 0 && category < 0) ) return 1;
  buffer_printf(&b, "DELETE FROM main.order_lines WHERE order_id IN (SELECT k FROM " STAGE ")");
  if( !plan_exec(p, &b) ) return 0;
  buffer_printf(&b, "INSERT INTO main.order_lines(order_id, line, product, category, quantity, amount) SELECT k, row_number() OVER (PARTITION BY k ORDER BY line), %s, %s, quantity, amount FROM (SELECT ",
                product >= 0 ? "product" : "NULL", category >= 0 ? "category" : "NULL");
  plan_order(p, &b);
  buffer_printf(&b, " AS k, %s AS line", p->line);
  piece(&b, p, ROLE_PRODUCT, "product");
  piece(&b, p, ROLE_CATEGORY, "category");
  if( quantity >= 0 ) buffer_printf(&b, ", parse_amount(\"%w\", 3) / 1000.0 AS quantity", p->column[quantity].name);
  else buffer_printf(&b, ", NULL AS quantity");
  buffer_printf(&b, ", ");
  if( isLine ) plan_money(p, &b, p->chosen[ROLE_AMOUNT]);
  else if( price >= 0 && quantity >= 0 ){
    plan_money(p, &b, price);
    buffer_printf(&b, " * parse_amount(\"%w\", 3) / 1000", p->column[quantity].name);
  }else buffer_printf(&b, "NULL");
  buffer_printf(&b, " AS amount FROM %s WHERE NOT ", p->source.from);
  plan_is_total(p, &b);
  buffer_printf(&b, ") WHERE k IN (SELECT k FROM " STAGE " WHERE none IS NOT 1 AND NOT bad)");
  return plan_exec(p, &b);
}

/* ---- the sentence ---- */

void plan_put_money(Buffer *b, int64_t v, int decimals){
  int64_t unit = 1;
  int i;
  for(i=0; i<decimals; i++) unit *= 10;
  if( decimals ) buffer_printf(b, "%s%lld.%0*lld", v < 0 ? "-" : "", (long long)((v < 0 ? -v : v)/unit), decimals, (long long)((v < 0 ? -v : v)%unit));
  else buffer_printf(b, "%lld", (long long)v);
}

char *plan_money_text(int64_t v, int decimals){
  Buffer b = {0};
  char *text;
  plan_put_money(&b, v, decimals);
  buffer_put_byte(&b, 0);
  text = b.failed ? 0 : sqlite3_mprintf("%s", (char*)b.data);
  buffer_destroy(&b);
  return text;
}

char *plan_sentence(Buffer *b){
  buffer_put_byte(b, 0);
  if( !b->failed ) return (char*)b->data;
  buffer_destroy(b);
  return 0;
}

void plan_put_count(Buffer *b, int64_t n, const char *one, const char *many){
  buffer_printf(b, "%lld %s", (long long)n, n==1 ? one : many);
}

enum { SUM_ORDERS, SUM_CUSTOMERS, SUM_GROSS, SUM_REFUNDS, SUM_REFUNDED, SUM_NONE, SUM_NONE_MONEY, SUM_BAD, SUM_BAD_MONEY, SUM_ANONYMOUS,
       SUM_ANONYMOUS_MONEY, SUM_ROWS, SUM_COUNT };

static int sums(ImportPlan *p, int64_t out[SUM_COUNT]){
  const char *back = BACK_MONEY;
  Buffer b = {0};
  buffer_printf(&b, "SELECT coalesce(sum(good AND a IS NOT NULL AND a >= 0 OR good AND a IS NULL), 0), (SELECT count(*) FROM " BUYERS "), coalesce(sum(CASE WHEN good AND a > 0 THEN a END), 0),"
    " coalesce(sum(good AND (a < 0 OR %s > 0)), 0), coalesce(sum(CASE WHEN good THEN max(0, -coalesce(a, 0)) + coalesce(%s, 0) END), 0),"
    " coalesce(sum(none IS 1), 0), coalesce(sum(CASE WHEN none IS 1 THEN known END), 0),"
    " coalesce(sum(none IS NOT 1 AND bad), 0), coalesce(sum(CASE WHEN none IS NOT 1 AND bad THEN known END), 0),"
    " coalesce(sum(good AND customer IS NULL), 0), coalesce(sum(CASE WHEN good AND customer IS NULL THEN a END), 0), coalesce(sum(n), 0)"
    " FROM (SELECT *, none IS NOT 1 AND NOT bad AS good FROM " STAGE ")", back, back);
  return plan_numbers(p, &b, out, SUM_COUNT);
}

static char *sentence(ImportPlan *p){
  int64_t n[SUM_COUNT] = {0};
  Buffer b = {0};
  if( !sums(p, n) ) return 0;
  if( p->chinese ){
    const ImportSums said = { n[SUM_ORDERS], n[SUM_CUSTOMERS], n[SUM_GROSS], n[SUM_REFUNDS], n[SUM_REFUNDED], n[SUM_NONE], n[SUM_NONE_MONEY], n[SUM_BAD],
                              n[SUM_BAD_MONEY], n[SUM_ANONYMOUS], n[SUM_ANONYMOUS_MONEY], n[SUM_ROWS] };
    return import_said_orders(p, &said);
  }
  plan_put_count(&b, n[SUM_ORDERS], "order", "orders");
  buffer_printf(&b, " of ");
  plan_put_count(&b, n[SUM_CUSTOMERS], "customer", "customers");
  buffer_printf(&b, " from ");
  plan_put_count(&b, p->rows, "row", "rows");
  buffer_printf(&b, " of %s%s%s%s: ", p->sourceText, p->platform ? " (" : "", p->platform ? p->platform : "", p->platform ? ")" : "");
  plan_put_money(&b, n[SUM_GROSS], p->decimals);
  buffer_printf(&b, " paid, ");
  plan_put_money(&b, n[SUM_REFUNDED], p->decimals);
  buffer_printf(&b, " refunded");
  if( n[SUM_REFUNDS] ){ buffer_printf(&b, " ("); plan_put_count(&b, n[SUM_REFUNDS], "refund", "refunds"); buffer_printf(&b, ")"); }
  buffer_printf(&b, ". Left out: ");
  plan_put_count(&b, n[SUM_NONE], "order that is none by its status", "orders that are none by their status");
  buffer_printf(&b, " (");
  plan_put_money(&b, n[SUM_NONE_MONEY], p->decimals);
  buffer_printf(&b, "), ");
  plan_put_count(&b, n[SUM_BAD], "rejected order", "rejected orders");
  buffer_printf(&b, " (");
  plan_put_money(&b, n[SUM_BAD_MONEY], p->decimals);
  buffer_printf(&b, "%s), ", n[SUM_BAD] ? "; see import_reject" : "");
  plan_put_count(&b, p->totals, "line of totals", "lines of totals");
  if( p->rows - p->totals!=n[SUM_ROWS] ){ buffer_printf(&b, ", "); plan_put_count(&b, p->rows - p->totals - n[SUM_ROWS], "row in another currency", "rows in other currencies"); }
  buffer_put_byte(&b, '.');
  if( n[SUM_ANONYMOUS] ){
    buffer_printf(&b, " Without a customer: ");
    plan_put_count(&b, n[SUM_ANONYMOUS], "order", "orders");
    buffer_printf(&b, " (");
    plan_put_money(&b, n[SUM_ANONYMOUS_MONEY], p->decimals);
    buffer_printf(&b, ")%s.", p->chosen[ROLE_CUSTOMER] < 0 ? "; the export names no buyer" : "");
  }
  return plan_sentence(&b);
}

static int books_begin(ImportPlan *p){
  Buffer b = {0};
  int64_t there = 0;
  buffer_printf(&b, "SELECT EXISTS (SELECT 1 FROM main.orders)");
  return plan_numbers(p, &b, &there, 1) && import_books(p, !there);
}

static char *import_all(ImportPlan *p){
  Buffer b = {0};
  char *said;
  buffer_printf(&b, "SELECT siyu_setup('schema')");
  if( !plan_exec(p, &b) || !stage(p) || !judge_lines(p) || !import_span(p, STAGE) || !import_again(p, STAGE) || !import_same_numbers(p, STAGE) || p->ask || !books_begin(p) || !rejects(p) || !import_span_rejects(p, STAGE) || !fill_orders(p) || !fill_customers(p) || !fill_lines(p) ) return 0;
  said = sentence(p);
  if( said==0 ) return 0;
  buffer_printf(&b, "DROP TABLE " STAGE);
  if( plan_exec(p, &b) ){
    buffer_printf(&b, "DROP TABLE " BUYERS);
    if( plan_exec(p, &b) ) return said;
  }
  sqlite3_free(said);
  return 0;
}

static void answer_error(sqlite3_context *ctx, sqlite3 *db, const char *text){
  char *z;
  int rc = sqlite3_errcode(db) & 0xff;
  if( text==0 ){ sqlite3_result_error_nomem(ctx); return; }
  z = sqlite3_mprintf("siyu_import(): %s", text);
  if( z==0 ){ sqlite3_result_error_nomem(ctx); return; }
  text_mend(z);
  sqlite3_result_error(ctx, z, -1);
  sqlite3_free(z);
  if( rc==SQLITE_INTERRUPT ) sqlite3_result_error_code(ctx, SQLITE_INTERRUPT);
}

/* ---- the page cache ---- */

#define IMPORT_CACHE_KIB 65536

/* Indexes of a million orders do not fit the 2 MB that SQLite keeps by default: while an import
** runs the caches of main and temp may grow to 64 MB.  What the user had comes back after it. */
typedef struct ImportCache { int64_t main, temp; } ImportCache;

static int64_t import_cache_of(sqlite3 *db, const char *pragma){
  sqlite3_stmt *stmt = 0;
  int64_t size = 0;
  if( sqlite3_prepare_v2(db, pragma, -1, &stmt, 0)==SQLITE_OK && sqlite3_step(stmt)==SQLITE_ROW ) size = sqlite3_column_int64(stmt, 0);
  sqlite3_finalize(stmt);
  return size;
}

static void import_cache_set(sqlite3 *db, const char *schema, int64_t size){
  char sql[64];
  sqlite3_snprintf(sizeof sql, sql, "PRAGMA %s.cache_size = %lld", schema, (long long)size);
  sqlite3_exec(db, sql, 0, 0, 0);
}

/* A size below 0 is in KiB, above 0 in pages, of mostly 4 KiB; larger ones stay. */
static int import_cache_is_small(int64_t size){ return size > -IMPORT_CACHE_KIB && size < IMPORT_CACHE_KIB/4; }

static ImportCache import_cache_grow(sqlite3 *db){
  ImportCache had = { import_cache_of(db, "PRAGMA main.cache_size"), import_cache_of(db, "PRAGMA temp.cache_size") };
  if( had.main && import_cache_is_small(had.main) ) import_cache_set(db, "main", -IMPORT_CACHE_KIB);
  if( had.temp && import_cache_is_small(had.temp) ) import_cache_set(db, "temp", -IMPORT_CACHE_KIB);
  return had;
}

static void import_cache_restore(sqlite3 *db, ImportCache had){
  if( had.main ) import_cache_set(db, "main", had.main);
  if( had.temp ) import_cache_set(db, "temp", had.temp);
}

void call_siyu_import(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  sqlite3 *db = sqlite3_context_db_handle(ctx);
  const char *source = (const char*)sqlite3_value_text(argv[0]), *mapping = argc > 1 ? (const char*)sqlite3_value_text(argv[1]) : 0;
  ImportPlan p;
  ImportCache cache;
  char *said = 0;
  if( source==0 ){ sqlite3_result_error(ctx, "siyu_import(): needs the name of the table that holds the export", -1); return; }
  if( sqlite3_exec(db, "SAVEPOINT siyu_import", 0, 0, 0)!=SQLITE_OK ){ answer_error(ctx, db, sqlite3_errmsg(db)); return; }
  cache = import_cache_grow(db);
  if( plan_open(&p, db, source, mapping) && plan_read(&p, 0) && p.ask==0 ) said = p.contacts ? import_contacts(&p) : p.list ? import_list(&p) : p.refunds ? import_refunds(&p) : p.lines ? import_lines(&p) : import_all(&p);
  if( said && sqlite3_exec(db, "RELEASE siyu_import", 0, 0, 0)!=SQLITE_OK ){
    plan_fail(&p);
    sqlite3_free(said);
    said = 0;
  }
  if( said==0 ) sqlite3_exec(db, "ROLLBACK TO siyu_import; RELEASE siyu_import", 0, 0, 0);
  import_cache_restore(db, cache);
  if( said ) sqlite3_result_text(ctx, said, -1, sqlite3_free);
  else answer_error(ctx, db, p.error ? p.error : p.ask);
  plan_close(&p);
}
