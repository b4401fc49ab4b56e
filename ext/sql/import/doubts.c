/* What the rows of an import leave in doubt, and asks: see plan.h. */
#include "sql/import/plan.h"

/* ---- rows that are sums of orders ---- */

/* Headers that count what a row sums up. */
static const char SUM_HEADERS[] =
  " 访客数 商品访客数 浏览量 支付买家数 下单买家数 买家数 成交买家数 成交客户数 支付人数 下单人数 成交人数 购买人数 消费次数 购买次数 累计消费次数 订单数 订单量 支付订单数 支付子订单数 成交订单数 有效订单数 总订单数 累计订单数 "
  "交易笔数 交易次数 成交笔数 笔数 客单数 visitors sessions visits pageviews orders orderscount ordercount numberoforders totalorders historicnumberoforders ordersplaced transactions numberoftransactions buyers customers impressions clicks linkclicks reach 展现量 展现 展现数 曝光量 曝光次数 点击量 点击数 点击次数 成交订单量 总成交笔数 总成交订单数 ";

static int sum_header(const char *normal){
  char word[NORMAL_SIZE + 3];
  sqlite3_snprintf((int)sizeof word, word, " %s ", normal);
  return normal[0] && strstr(SUM_HEADERS, word)!=0;
}

/* Sums of a day, a product or a member are no orders; one of them alone may be. */
int profile_sums(ImportPlan *p){
  int i, amount = p->chosen[ROLE_AMOUNT];
  if( (amount >= 0 && p->column[amount].rank==0) || p->contacts || p->lines ) return 1;
  if( p->chosen[ROLE_ORDER] >= 0 && p->column[p->chosen[ROLE_ORDER]].rank <= 1 ) return 1;
  for(i=0; i<p->count; i++){
    char normal[NORMAL_SIZE];
    int64_t n[2] = { 0, 0 };
    Buffer sql = {0};
    import_normal(p->column[i].name, normal);
    if( !sum_header(normal) ) continue;
    buffer_printf(&sql, "SELECT coalesce(max(parse_amount(\"%w\", 0)), 0), 0 FROM %s", p->column[i].name, p->source.from);
    if( !plan_numbers(p, &sql, n, 1) ) return 0;
    if( n[0] < 2 ) continue;
    if( !profile_list(p, 1) ) return 0;
    if( p->list || p->ask ) return 1;
    plan_remark(p, &p->column[i], "a row sums up several orders");
    return plan_ask(p, "column %s says that a row sums up several orders, so this is no list of orders: export the orders one by one, or add {\"amount\": \"HEADER\"} to the mapping to take each row for one",
                       p->column[i].name);
  }
  return 1;
}

/* ---- money that went back in part ---- */

int profile_partial(ImportPlan *p){
  int i, good, first = -1;
  int64_t n[3] = { 0, 0, 0 };
  Buffer sql = {0};
  char *money;
  for(i=0; i<p->statuses && p->chosen[ROLE_STATUS] >= 0; i++) if( p->status[i].is==STATUS_IS_PARTLY && first < 0 ) first = i;
  if( first < 0 || p->chosen[ROLE_REFUND] >= 0 || p->refundIs==REFUND_NONE ) return 1;
  if( p->refundIs==REFUND_ALL ){
    for(i=0; i<p->statuses; i++) if( p->status[i].is==STATUS_IS_PARTLY ) p->status[i].is = 2;
    return 1;
  }
  buffer_printf(&sql, "SELECT coalesce(sum(s), 0), coalesce(sum(CASE WHEN s THEN a END), 0), coalesce(sum(a < 0), 0) FROM (SELECT ");
  plan_amount(p, &sql);
  buffer_printf(&sql, " AS a, trim(\"%w\") = %Q AS s FROM %s)", p->column[p->chosen[ROLE_STATUS]].name, p->status[first].text, p->source.from);
  if( !plan_numbers(p, &sql, n, 3) ) return 0;
  if( n[2] ) return 1;                                /* refunds are rows of their own */
  money = plan_money_text(n[1], p->decimals);
  good = money && plan_ask(p, "column %s says '%s' of %lld %s (%s), and no column says how much went back: add {\"refund_is\": \"all\"} to the mapping if that was the whole"
    " amount, {\"refund_is\": \"none\"} if it is to count, or {\"refund\": \"HEADER\"}", p->column[p->chosen[ROLE_STATUS]].name, p->status[first].text, (long long)n[0],
    plan_text(p, n[0]==1 ? "row" : "rows"), money);
  sqlite3_free(money);
  return good;
}

/* ---- totals after fees ---- */

static int is_fee(const char *header){
  static const char *const WORD[] = { "fee", "commission", "cargo", "costo", "手续费", "佣金", "服务费", "扣点", "gebuhr", "provision" };
  char normal[NORMAL_SIZE];
  size_t i;
  import_normal(header, normal);
  for(i=0; i<sizeof WORD/sizeof WORD[0]; i++) if( strstr(normal, WORD[i]) ) return 1;
  return 0;
}

/* What a marketplace pays out is the price less its fees: where another column is the chosen one and the fees, that
** one is what the buyers paid. */
int profile_fees(ImportPlan *p){
  int amount = p->chosen[ROLE_AMOUNT], i, n = 0;
  Buffer fees = {0};
  if( amount < 0 || p->column[amount].rank==0 ) return 1;
  buffer_printf(&fees, "0");
  for(i=0; i<p->count && n<8; i++){
    if( i==amount || !is_fee(p->column[i].name) ) continue;
    buffer_printf(&fees, " + abs(coalesce(");
    plan_money(p, &fees, i);
    buffer_printf(&fees, ", 0))");
    n++;
  }
  buffer_put_byte(&fees, 0);
  for(i=0; n && !fees.failed && i<p->count && p->ask==0; i++){
    int64_t is[2] = { 0, 0 };
    Buffer sql = {0};
    if( i==amount || is_fee(p->column[i].name) || p->column[i].role==ROLE_ORDER || p->column[i].role==ROLE_CUSTOMER || p->column[i].role==ROLE_TIME ) continue;
    buffer_printf(&sql, "SELECT coalesce(sum(f > 0 AND x IS NOT NULL AND a > 0), 0), coalesce(sum(f > 0 AND x = a + f AND a > 0), 0) FROM (SELECT %s AS f, ", (char*)fees.data);
    plan_money(p, &sql, amount);
    buffer_printf(&sql, " AS a, ");
    plan_money(p, &sql, i);
    buffer_printf(&sql, " AS x FROM %s)", p->source.from);
    if( !plan_numbers(p, &sql, is, 2) ){ buffer_destroy(&fees); return 0; }
    if( is[1] < 2 || is[1]*10 < is[0]*8 ) continue;
    plan_remark(p, &p->column[amount], "less fees");
    (void)plan_ask(p, "column %s is what column %s says less the fees: add {\"amount\": \"%s\"} to the mapping for what the buyers paid, {\"amount\": \"%s\"} for what was paid out", p->column[amount].name, p->column[i].name, p->column[i].name, p->column[amount].name);
  }
  i = fees.failed || (p->noMemory && p->ask==0);
  buffer_destroy(&fees);
  return !i;
}

/* ---- price and quantity, less a discount ---- */

static int is_discount_header(const char *header){
  static const char LESS[] = " discount discounts discountamount discountvalue linediscount totaldiscount rabatt remise descuento desconto sconto korting 优惠 优惠金额 折扣金额 折让 折让金额 优惠额 让利 割引 割引額 할인 할인금액 ส่วนลด diskon ";
  char normal[NORMAL_SIZE], word[NORMAL_SIZE + 3];
  import_normal(header, normal);
  sqlite3_snprintf((int)sizeof word, word, " %s ", normal);
  return normal[0] && strstr(LESS, word)!=0;
}

/* What price times quantity comes to is not what was paid where a discount stands beside: whose it is, is asked. */
int profile_price_less(ImportPlan *p){
  int i;
  for(i=0; p->chosen[ROLE_AMOUNT] < 0 && p->less==0 && i<p->count; i++){
    int64_t n[2] = { 0, 0 };
    Buffer sql = {0};
    char *money;
    if( p->column[i].used || !is_discount_header(p->column[i].name) ) continue;
    buffer_printf(&sql, "SELECT count(*), coalesce(sum(m), 0) FROM (SELECT abs(");
    plan_money(p, &sql, i);
    buffer_printf(&sql, ") AS m FROM %s) WHERE m > 0", p->source.from);
    if( !plan_numbers(p, &sql, n, 2) ) return 0;
    if( n[0]==0 ) continue;
    money = plan_money_text(n[1], p->decimals);
    if( money==0 ) return 0;
    plan_remark(p, &p->column[i], "not taken off price times quantity");
    i = plan_ask(p, "column %s has discounts in %lld %s (%s), which price times quantity does not know: add {\"discount\": \"%s\"} to the mapping to take them off their rows, {\"discount\": null} to leave them, or {\"amount\": \"HEADER\"}",
                 p->column[i].name, (long long)n[0], plan_text(p, n[0]==1 ? "row" : "rows"), money, p->column[i].name);
    sqlite3_free(money);
    return i;
  }
  return 1;
}

/* ---- lines below 0 that are discounts ---- */

/* A line of an order below 0 is money that went back, but a discount by its words lowers what was paid. */
static void line_is_discount(const ImportPlan *p, Buffer *b, int column){
  static const char *const WORD[] = { "discount", "coupon", "promo", "voucher", "rebate", "% off", "rabatt", "gutschein", "remise", "descuento", "desconto", "sconto", "优惠", "折扣", "满减", "立减", "抹零", "减免", "让利", "抵扣", "红包", "代金券", "割引", "クーポン" };
  size_t i;
  buffer_printf(b, "(");
  for(i=0; i<sizeof WORD/sizeof WORD[0]; i++) buffer_printf(b, "%s\"%w\" LIKE '%%%s%%'", i ? " OR " : "", p->column[column].name, WORD[i]);
  buffer_printf(b, ")");
}

void plan_is_discount(const ImportPlan *p, Buffer *b){
  int column = p->discounts - 1;
  if( column < 0 ){ buffer_printf(b, "0"); return; }
  buffer_printf(b, "coalesce(");
  line_is_discount(p, b, column);
  if( plan_has_kind(p, 2) ){ buffer_printf(b, " AND NOT "); plan_kind_in(p, b, 2); }
  buffer_printf(b, ", 0)");
}

/* Of numbered orders alone: without a number nobody knows whose discount it is. */
int profile_discounts(ImportPlan *p){
  static const ImportRole SAYS[] = { ROLE_PRODUCT, ROLE_KIND };
  size_t k;
  p->discounts = 0;
  for(k=0; k<2 && p->chosen[ROLE_ORDER] >= 0 && p->amountIs!=AMOUNT_OF_ORDER && !p->discounts; k++){
    int column = p->chosen[SAYS[k]];
    int64_t n = 0;
    Buffer sql = {0};
    if( column < 0 ) continue;
    buffer_printf(&sql, "SELECT count(*) FROM %s WHERE coalesce(", p->source.from);
    plan_amount(p, &sql);
    buffer_printf(&sql, " < 0, 0) AND ");
    line_is_discount(p, &sql, column);
    if( !plan_numbers(p, &sql, &n, 1) ) return 0;
    if( n==0 ) continue;
    p->discounts = column + 1;
    plan_remark(p, &p->column[p->chosen[ROLE_AMOUNT] >= 0 ? p->chosen[ROLE_AMOUNT] : column], "%lld lines below 0 are discounts", (long long)n);
  }
  return 1;
}

/* ---- numbers of orders that come again, and orders of several lines ---- */

/* Whether lines of an order that counts may be none: authorized before it was captured. */
static int plan_has_none_lines(const ImportPlan *p){
  int i;
  for(i=0; i<p->statuses && p->chosen[ROLE_STATUS] >= 0; i++) if( p->status[i].is==0 ) return 1;
  return plan_has_kind(p, 0) || p->mores > 0;
}

/* Columns of a relation whose rows are orders, as judge_counts() reads them. */
void plan_line_columns(const ImportPlan *p, Buffer *b){
  const char *a = plan_has_none_lines(p) ? "CASE WHEN none IS NOT 1 THEN a END" : "a";
  buffer_printf(b, ", count(%s) AS filled, min(%s) AS lo, max(%s) AS hi, count(*) AS n, %s AS buyer, %s AS since, %s AS until, sum(%s) AS whole", a, a, a,
                p->chosen[ROLE_CUSTOMER] < 0 ? "NULL" : plan_has_kind(p, 0) || p->mores ? "min(CASE WHEN none IS NOT 1 THEN customer END)" : "min(customer)", p->times ? "min(CASE WHEN a > 0 THEN t0 END)" : "NULL", p->times ? "max(CASE WHEN a > 0 THEN t0 END)" : "NULL", a);
}

/* Whose number, and what differs. */
static int ask_number(ImportPlan *p, const char *from, const char *where, const char *one, const char *other, int customers){
  ImportColumn *c = &p->column[p->chosen[ROLE_ORDER]];
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int good = 1;
  buffer_printf(&sql, "SELECT k, %s, %s FROM %s WHERE %s LIMIT 1", one, other, from, where);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW ){
    plan_remark(p, c, "a number comes again for other orders");
    good = plan_ask(p, customers
      ? "number '%s' in column %s stands for several customers ('%s', '%s'), so it may come again for other orders: add {\"order\": \"HEADER\"} with the column of another number, {\"order\": null} to take each row for an order, or {\"order\": \"%s\"} if it is one order"
      : "number '%s' in column %s stands on several days ('%s', '%s'), so it may come again for other orders: add {\"order\": \"HEADER\"} with the column of another number, {\"order\": null} to take each row for an order, or {\"order\": \"%s\"} if it is one order",
      sqlite3_column_text(stmt, 0), c->name, sqlite3_column_text(stmt, 1), sqlite3_column_text(stmt, 2), c->name);
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? good : plan_fail(p);
}

static int ask_amounts(ImportPlan *p, const int64_t n[7]){
  ImportColumn *c = &p->column[p->chosen[ROLE_AMOUNT]];
  if( n[1] && !n[2] ){
    plan_remark(p, c, "the same on every line of %lld orders", (long long)n[1]);
    return p->amountIs!=AMOUNT_UNKNOWN || plan_ask(p, "the amounts of column %s are repeated on the lines of %lld %s, so they may be the whole order's: add {\"amount_is\": \"order\"} to the "
                            "mapping if they are, {\"amount_is\": \"line\"} if each line has its own", c->name, (long long)n[1], plan_text(p, n[1]==1 ? "order" : "orders"));
  }
  if( n[3] > 1 && n[3]==n[4] ){
    plan_remark(p, c, "the largest is the sum of the others in %lld orders", (long long)n[3]);
    return p->amountIs!=AMOUNT_UNKNOWN || plan_ask(p, "the largest amount of column %s is the sum of the others in all %lld orders of several lines, so it may be the whole order's: add {\"amount_is\": \"order\"} to the "
                            "mapping if it is, {\"amount_is\": \"line\"} if each line has its own", c->name, (long long)n[3]);
  }
  if( n[0] && !n[1] && !n[2] ) plan_remark(p, c, "on one line of each order: taken once");
  return 1;
}

/* 定金 and 尾款 are paid on days of their own; so is an instalment.  A long number of one buyer is one order, too. */
static int plan_has_stages(const ImportPlan *p){
  static const char STAGES[] = " 阶段 付款阶段 支付阶段 款项 款项类型 期数 分期 stage instalment installment instalmentno installmentno ";
  char normal[NORMAL_SIZE], word[NORMAL_SIZE + 3];
  int i;
  for(i=0; i<p->count; i++){
    import_normal(p->column[i].name, normal);
    sqlite3_snprintf((int)sizeof word, word, " %s ", normal);
    if( normal[0] && strstr(STAGES, word) ) return 1;
  }
  return 0;
}

int plan_judge_lines(ImportPlan *p, const char *from){
  int64_t n[7] = { 0, 0, 0, 0, 0, 0, 0 };
  ImportColumn *c = &p->column[p->chosen[ROLE_ORDER]];
  Buffer sql = {0};
  buffer_printf(&sql, "SELECT coalesce(sum(n > 1), 0), coalesce(sum(filled > 1 AND lo = hi AND lo <> 0), 0), coalesce(sum(n > 1 AND lo <> hi), 0),"
    " coalesce(sum(filled > 2 AND 2*hi = whole AND lo > 0), 0), coalesce(sum(filled > 2), 0), coalesce(sum(n > 1 AND buyer <> customer), 0),"
    " coalesce(sum(n > 1 AND substr(since, 1, 10) <> substr(until, 1, 10) AND NOT (%s AND customer IS NOT NULL)), 0) FROM %s WHERE k IS NOT NULL", plan_has_stages(p) ? "1" : "length(k) >= 12", from);
  if( !plan_numbers(p, &sql, n, 7) ) return 0;
  p->multiple = n[0];
  p->repeated = n[1];
  p->differing = n[2];
  if( c->rank && n[5] && !ask_number(p, from, "n > 1 AND buyer <> customer", "buyer", "customer", 1) ) return 0;
  if( c->rank && n[6]*2 > n[0] && !ask_number(p, from, "n > 1 AND substr(since, 1, 10) <> substr(until, 1, 10)", "substr(since, 1, 10)", "substr(until, 1, 10)", 0) ) return 0;
  return p->chosen[ROLE_AMOUNT] < 0 || ask_amounts(p, n);
}
