/*
** siyu_import() of a list of refunds (退款编号, 售后单号): a refund a row, with the number of an order.  They are
** the refunds of the orders that are there: whoever took them for orders would replace those.
*/
#include "sql/import/plan.h"

#include "base/json.h"

#define REFUND_STAGE "temp.siyu_import_back"
#define REFUND_SUMS "temp.siyu_import_back_sum"
#define REFUND_STATES 100

static const char NUMBER_HEADERS[] =
  " 退款编号 退款单号 退款单编号 退款id 售后单号 售后编号 售后单编号 售后id 退货单号 退货单编号 退单号 维权编号 refundid refundnumber refundno refundorderid returnid returnnumber rmanumber rma ";

static int number_column(const ImportPlan *p){
  int i;
  for(i=0; i<p->count; i++){
    char normal[NORMAL_SIZE], word[NORMAL_SIZE + 3];
    import_normal(p->column[i].name, normal);
    sqlite3_snprintf((int)sizeof word, word, " %s ", normal);
    if( normal[0] && strstr(NUMBER_HEADERS, word) ) return i;
  }
  return -1;
}

/* Each row has the number of a refund and how much went back, or nothing says what was sold. */
int profile_refunds(ImportPlan *p){
  int number = number_column(p), refund = p->chosen[ROLE_REFUND], amount = p->chosen[ROLE_AMOUNT];
  int64_t n[2] = { 0, 0 };
  Buffer sql = {0};
  p->refunds = 0;
  if( p->contacts || p->chosen[ROLE_ORDER] < 0 || refund < 0 || (amount >= 0 && p->column[amount].rank==0) ) return 1;
  if( number < 0 && plan_has_money(p) ) return 1;
  buffer_printf(&sql, "SELECT coalesce(sum(");
  plan_filled(p, &sql, number < 0 ? refund : number);
  buffer_printf(&sql, " AND ");
  plan_filled(p, &sql, refund);
  buffer_printf(&sql, "), 0), count(*) FROM %s WHERE NOT ", p->source.from);
  plan_is_total(p, &sql);
  if( !plan_numbers(p, &sql, n, 2) ) return 0;
  p->refunds = n[0] > 0 && n[0]==n[1];
  if( p->refunds ) p->lines = 0;
  return 1;
}

/* Words of a header that speaks of money that went back, and those that say that it is something else. */
static int header_of_back(const char *header){
  static const char *const BACK[] = { "退款", "退货", "退金", "refund", "환불", "返金", "rembours", "erstatt", "reembols", "estorn", "terugbetaald" };
  static const char *const OTHER[] = {
    "申请", "时间", "日期", "原因", "方式", "单号", "编号", "次数", "笔数", "件数", "数量", "运费", "邮费", "佣金", "服务费", "手续费", "积分", "优惠", "券", "红包", "补贴", "平台", "率", "占比", "比例", "累计", "可退", "待退", "应退", "未退", "剩余",
    "拒绝", "状态", "标", "是否", "类型", "说明", "备注", "date", "time", "refundedat", "reason", "status", "refundid", "number", "type", "refundedby", "count", "qty", "quantity", "method", "policy", "refundable", "fee", "rate", "tax", "shipping", "request", "pending", "note", "datum", "grund"
  };
  char normal[NORMAL_SIZE];
  size_t i;
  int is = 0;
  import_normal(header, normal);
  for(i=0; i<sizeof BACK/sizeof BACK[0]; i++) is |= strstr(normal, BACK[i])!=0;
  for(i=0; is && i<sizeof OTHER/sizeof OTHER[0]; i++) if( strstr(normal, OTHER[i]) ) return 0;
  return is;
}

int profile_unread_refund(ImportPlan *p){
  int i;
  if( p->chosen[ROLE_REFUND] >= 0 || p->noRefund || p->refundIs!=REFUND_UNKNOWN ) return 1;
  for(i=0; i<p->count && p->ask==0; i++){
    int64_t n[2] = { 0, 0 };
    Buffer sql = {0};
    char *money;
    if( p->column[i].used || p->column[i].role!=ROLE_NONE || !header_of_back(p->column[i].name) ) continue;
    buffer_printf(&sql, "SELECT count(*), coalesce(sum(m), 0) FROM (SELECT abs(");
    plan_money(p, &sql, i);
    buffer_printf(&sql, ") AS m FROM %s WHERE NOT ", p->source.from);
    plan_is_total(p, &sql);
    buffer_printf(&sql, ") WHERE m > 0");
    if( !plan_numbers(p, &sql, n, 2) ) return 0;
    if( n[0]==0 ) continue;
    money = plan_money_text(n[1], p->decimals);
    if( money==0 ) return 0;
    plan_remark(p, &p->column[i], "may say how much went back");
    (void)plan_ask(p, "column %s may say how much went back (%lld %s, %s): add {\"refund\": \"%s\"} to the mapping if it does, {\"refund\": null} if not", p->column[i].name, (long long)n[0], plan_text(p, n[0]==1 ? "row" : "rows"), money, p->column[i].name);
    sqlite3_free(money);
    if( p->ask==0 ) return 0;
  }
  return 1;
}

/* 1 money went back, 0 it did not, -1 not known. */
static int state_of_refund(const char *z){
  static const char *const STAYED[] = { "关闭", "取消", "撤销", "拒绝", "驳回", "失败", "待", "中", "申请", "未", "reject", "cancel", "pending", "fail", "declin", "open", "closed", "process", "request" };
  static const char *const WENT[] = { "成功", "完成", "已退", "完结", "refunded", "complet", "succe", "approved", "done", "paid" };
  char normal[NORMAL_SIZE];
  size_t i;
  import_normal(z, normal);
  for(i=0; i<sizeof STAYED/sizeof STAYED[0]; i++) if( strstr(normal, STAYED[i]) ) return 0;
  for(i=0; i<sizeof WENT/sizeof WENT[0]; i++) if( strstr(normal, WENT[i]) ) return 1;
  return -1;
}

/* SQL: the row's money went back; asks where a state is not known. */
static int refund_states(ImportPlan *p, Buffer *b){
  int column = p->chosen[ROLE_AFTER_SALE] >= 0 ? p->chosen[ROLE_AFTER_SALE] : p->chosen[ROLE_STATUS], good = 1, n = 0, in;
  Buffer sql = {0}, list = {0};
  sqlite3_stmt *stmt;
  if( column < 0 ){ buffer_printf(b, "1"); return 1; }
  buffer_printf(b, "coalesce(trim(\"%w\"), '') IN (char(1)", p->column[column].name);
  buffer_printf(&sql, "SELECT DISTINCT trim(\"%w\") FROM %s WHERE ", p->column[column].name, p->source.from);
  plan_filled(p, &sql, column);
  buffer_printf(&sql, " LIMIT %d", REFUND_STATES);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  while( good && sqlite3_step(stmt)==SQLITE_ROW ){
    const char *z = (const char*)sqlite3_column_text(stmt, 0);
    int is = z ? state_of_refund(z) : 0;
    good = z && plan_in_list(p, p->statusIs, z, &in);
    if( good && in ) is = 1;
    else if( p->statusIs && is < 0 ) is = 0;
    good = good && plan_in_list(p, p->statusIsNone, z, &in);
    if( good && in ) is = 0;
    if( is==1 ) buffer_printf(b, ", %Q", z);
    if( is < 0 ){ buffer_printf(&list, n++ ? ", " : "["); json_put_text(&list, z, strlen(z)); }
  }
  buffer_printf(b, ")");
  if( sqlite3_finalize(stmt)!=SQLITE_OK ) good = plan_fail(p);
  if( good && n ){
    buffer_printf(&list, "]");
    buffer_put_byte(&list, 0);
    good = !list.failed && plan_ask(p, "whether money went back of what column %s says is not known: add {\"status_is_order\": %s} to the mapping if it did, {\"status_is_none\": %s} if not",
                                    p->column[column].name, (char*)list.data, (char*)list.data);
  }
  buffer_destroy(&list);
  return good;
}

static int refund_run(ImportPlan *p, const char *sql){
  Buffer b = {0};
  buffer_put(&b, sql, strlen(sql));
  return plan_exec(p, &b);
}

static int refund_stage(ImportPlan *p){
  Buffer b = {0}, state = {0};
  if( !refund_run(p, "DROP TABLE IF EXISTS " REFUND_STAGE) || !refund_run(p, "DROP TABLE IF EXISTS " REFUND_SUMS) ) return 0;
  if( !refund_states(p, &state) || p->ask ){ buffer_destroy(&state); return p->ask!=0; }
  buffer_put_byte(&state, 0);
  if( state.failed ){ buffer_destroy(&state); return 0; }
  buffer_printf(&b, "CREATE TABLE " REFUND_STAGE " AS SELECT k, r, t, o.time AS paid, went, o.order_id IS NOT NULL AS there FROM (SELECT ");
  plan_order(p, &b);
  buffer_printf(&b, " AS k, ");
  plan_refund(p, &b);
  buffer_printf(&b, " AS r, ");
  if( p->chosen[ROLE_REFUND_TIME] >= 0 ) plan_time(p, &b, p->chosen[ROLE_REFUND_TIME]);
  else buffer_printf(&b, "NULL");
  buffer_printf(&b, " AS t, %s AS went FROM %s WHERE NOT ", (char*)state.data, p->source.from);
  plan_is_total(p, &b);
  buffer_printf(&b, " LIMIT -1) LEFT JOIN (SELECT order_id, min(time) AS time FROM main.orders WHERE coalesce(amount, 0) >= 0 GROUP BY order_id) AS o ON o.order_id = k");
  buffer_destroy(&state);
  if( !plan_exec(p, &b) ) return 0;
  return refund_run(p, "CREATE TABLE " REFUND_SUMS " AS SELECT k, sum(r) AS r, (SELECT -sum(o.amount) FROM main.orders AS o WHERE o.order_id = k AND o.amount < 0) AS had,"
                       " EXISTS (SELECT 1 FROM main.orders AS o WHERE o.order_id = k AND o.amount < 0 AND o.time = paid) AS untimed FROM " REFUND_STAGE " WHERE there AND went AND r > 0 GROUP BY k");
}

/* What an export of orders said went back, without saying when, is in the list, too; what it says more than the
** list stays.  Refunds of other times than those of the list stay beside it. */
static int refund_fill(ImportPlan *p){
  return refund_run(p, "DELETE FROM " REFUND_SUMS " WHERE untimed AND had > r")
      && refund_run(p, "DELETE FROM main.orders WHERE amount < 0 AND order_id IN (SELECT k FROM " REFUND_SUMS " WHERE untimed)")
      && refund_run(p, "DELETE FROM main.orders WHERE amount < 0 AND order_id IN (SELECT k FROM " REFUND_SUMS ") AND EXISTS (SELECT 1 FROM " REFUND_STAGE " AS s WHERE s.k = order_id AND s.t = time)")
      && refund_run(p, "INSERT INTO main.orders(order_id, customer, time, amount, source, shop, store, staff, channel, campaign, status)"
                       " SELECT o.order_id, o.customer, coalesce(s.t, o.time), -s.r, o.source, o.shop, o.store, o.staff, o.channel, o.campaign, o.status"
                       " FROM (SELECT k, t, sum(r) AS r FROM " REFUND_STAGE " WHERE went AND r > 0 AND k IN (SELECT k FROM " REFUND_SUMS ") GROUP BY k, t) AS s"
                       " JOIN main.orders AS o ON o.order_id = s.k AND coalesce(o.amount, 0) >= 0 GROUP BY o.order_id, s.t");
}

static char *refund_sentence(ImportPlan *p){
  enum { REFUNDS, MONEY, ORDERS, ELSEWHERE, ELSEWHERE_MONEY, NOT_BACK, KEPT, COUNT };
  int64_t n[COUNT] = {0};
  Buffer b = {0};
  buffer_printf(&b, "SELECT coalesce(sum(went AND there AND r > 0), 0), coalesce(sum(CASE WHEN went AND there THEN r END), 0), count(DISTINCT CASE WHEN went AND there AND r > 0 THEN k END),"
                    " coalesce(sum(went AND NOT there), 0), coalesce(sum(CASE WHEN went AND NOT there THEN r END), 0), coalesce(sum(NOT went), 0),"
                    " count(DISTINCT CASE WHEN went AND there AND r > 0 AND k NOT IN (SELECT k FROM " REFUND_SUMS ") THEN k END) FROM " REFUND_STAGE);
  if( !plan_numbers(p, &b, n, COUNT) ) return 0;
  if( p->chinese ){
    buffer_printf(&b, "%s共 %lld 行：%lld 单的 %lld 笔退款 ", p->sourceText, (long long)p->rows, (long long)n[ORDERS], (long long)n[REFUNDS]);
    plan_put_money(&b, n[MONEY], p->decimals);
    buffer_printf(&b, "。未计入：订单不在库里的 %lld 笔（", (long long)n[ELSEWHERE]);
    plan_put_money(&b, n[ELSEWHERE_MONEY], p->decimals);
    buffer_printf(&b, "），按状态没有退的 %lld 笔，订单里已有更多退款的 %lld 单。", (long long)n[NOT_BACK], (long long)n[KEPT]);
  }else{
    plan_put_count(&b, n[REFUNDS], "refund", "refunds");
    buffer_printf(&b, " (");
    plan_put_money(&b, n[MONEY], p->decimals);
    buffer_printf(&b, ") of ");
    plan_put_count(&b, n[ORDERS], "order", "orders");
    buffer_printf(&b, " that are there, from ");
    plan_put_count(&b, p->rows, "row", "rows");
    buffer_printf(&b, " of %s. Left out: ", p->sourceText);
    plan_put_count(&b, n[ELSEWHERE], "refund of an order that is not there", "refunds of orders that are not there");
    buffer_printf(&b, " (");
    plan_put_money(&b, n[ELSEWHERE_MONEY], p->decimals);
    buffer_printf(&b, "), ");
    plan_put_count(&b, n[NOT_BACK], "row whose money did not go back", "rows whose money did not go back");
    buffer_printf(&b, ", ");
    plan_put_count(&b, n[KEPT], "order that has more refunded already", "orders that have more refunded already");
    buffer_put_byte(&b, '.');
  }
  return plan_sentence(&b);
}

char *import_refunds(ImportPlan *p){
  char *said;
  if( !refund_run(p, "SELECT siyu_setup('schema')") || !refund_stage(p) || p->ask || !refund_fill(p) ) return 0;
  said = refund_sentence(p);
  if( said==0 || (refund_run(p, "DROP TABLE " REFUND_STAGE) && refund_run(p, "DROP TABLE " REFUND_SUMS)) ) return said;
  sqlite3_free(said);
  return 0;
}
