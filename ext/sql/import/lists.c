/*
** siyu_import() of lists that are neither orders nor contacts: coupons, points, messages, costs, members.  What was
** asked about as orders that lack something is one of them where its headers say so; each fills the table
** of its name.
*/
#include "sql/import/plan.h"

#define LIST_STAGE "temp.siyu_import_list"
#define LIST_COLUMNS 10

/* How a cell is read: customer, time, day, money, number, text, tags, consent, kind of cost, state of sending. */
typedef struct ListColumn { char how; int must; const char *to, *headers; } ListColumn;

/* One of `signs` has to be there; customer: there must be one, may, or must not. */
typedef enum ListCustomer { CUSTOMER_MUST, CUSTOMER_MAY, CUSTOMER_NOT } ListCustomer;
typedef struct ImportList { const char *table, *key, *signs; ListCustomer customer; ListColumn column[LIST_COLUMNS]; } ImportList;

static const ImportList LISTS[] = {
  { "coupons", "coupon", " 券码 优惠券码 优惠券编码 券号 券编号 couponcode vouchercode ", CUSTOMER_MAY, {
    { 'x', 1, "coupon", " 券码 优惠券码 优惠券编码 券号 券编号 couponcode vouchercode " },
    { 't', 1, "issued", " 领取时间 发放时间 发券时间 领券时间 领取日期 发放日期 issuedat issuedate issued datecreated " },
    { 't', 0, "redeemed", " 核销时间 使用时间 用券时间 核销日期 使用日期 redeemedat redeemed usedat useddate dateused " },
    { 'x', 0, "order_id", " 核销订单号 使用订单号 用券订单号 关联订单号 订单号 订单编号 orderid ordernumber " },
    { 'm', 0, "cost", " 抵扣金额 优惠金额 核销金额 抵用金额 discountamount " } } },
  { "points", 0, " 变动积分 积分变动 积分变化 变更积分 积分变动值 积分变更 pointschange pointschanged ", CUSTOMER_MUST, {
    { 't', 1, "time", " 变动时间 变更时间 操作时间 发生时间 积分时间 创建时间 时间 日期 date time createdat " },
    { 'n', 1, "points", " 变动积分 积分变动 积分变化 变更积分 积分变动值 积分变更 pointschange pointschanged " },
    { 'x', 0, "reason", " 变动原因 变更原因 变动类型 变更类型 原因 积分类型 类型 备注 reason type description " } } },
  { "messages", 0, " 发送时间 群发时间 触达时间 推送时间 发送日期 sentat senttime sendtime senddate ", CUSTOMER_MUST, {
    { 't', 1, "time", " 发送时间 群发时间 触达时间 推送时间 发送日期 sentat senttime sendtime senddate " },
    { 'x', 0, "message_id", " 消息id 消息编号 messageid " },
    { 'x', 0, "channel", " 渠道 发送渠道 触达渠道 触达方式 发送方式 channel " },
    { 'x', 0, "campaign", " 任务名称 群发任务 活动名称 活动 任务 计划名称 campaign campaignname " },
    { 'x', 0, "audience", " 人群 人群包 分组 audience segment " },
    { 't', 0, "answered_at", " 点击时间 回复时间 打开时间 响应时间 clickedat openedat repliedat answeredat " },
    { 's', 0, "state", " 发送状态 发送结果 送达状态 状态 status " } } },
  { "costs", 0, " 花费 消耗 推广费 广告费 推广费用 投放费用 费用类型 费用金额 amountspent spend adspend cost ", CUSTOMER_NOT, {
    { 't', 1, "time", " 日期 时间 统计日期 费用日期 支出日期 投放日期 day date time reportingstarts " },
    { 'm', 1, "amount", " 花费 消耗 推广费 广告费 推广费用 投放费用 费用金额 花费金额 amountspent spend adspend cost 金额 amount " },
    { 'x', 0, "channel", " 渠道 平台 媒体 投放渠道 channel source platform " },
    { 'x', 0, "campaign", " 推广计划 计划名称 计划 活动 活动名称 campaign campaignname " },
    { 'x', 0, "store", " 门店 store " },
    { 'k', 0, "kind", " 费用类型 类型 kind type " } } },
  { "customers", "customer", " 会员等级 等级 会员级别 客户等级 开卡时间 开卡日期 入会时间 入会日期 注册时间 注册日期 生日 出生日期 性别 余额 储值余额 可用积分 当前积分 tier membershiptier memberlevel birthday dateofbirth gender acceptsemailmarketing acceptsmarketing totalspent ", CUSTOMER_MUST, {
    { 't', 0, "joined", " 开卡时间 开卡日期 入会时间 入会日期 注册时间 注册日期 加入时间 创建时间 joined joinedat membersince createdat datejoined registeredat signupdate " },
    { 'd', 0, "birthday", " 生日 出生日期 birthday dateofbirth birthdate " },
    { 'x', 0, "gender", " 性别 gender sex " },
    { 'x', 0, "city", " 城市 所在城市 city " },
    { 'x', 0, "store", " 开卡门店 所属门店 归属门店 门店 store " },
    { 'x', 0, "tier", " 会员等级 会员级别 客户等级 等级 tier membershiptier memberlevel level " },
    { 'x', 0, "channel", " 来源渠道 注册渠道 开卡渠道 客户来源 来源 渠道 source channel " },
    { 'g', 0, "tags", " 标签 客户标签 会员标签 tags " },
    { 'a', 0, "consent", " acceptsemailmarketing acceptsmarketing 是否接受营销 consent " } } }
};

static int list_word(const char *list, const char *normal){
  char word[NORMAL_SIZE + 3];
  sqlite3_snprintf((int)sizeof word, word, " %s ", normal);
  return normal[0] && strstr(list, word)!=0;
}

static int list_find(const ImportPlan *p, const char *headers){
  char normal[NORMAL_SIZE];
  int i, best = -1, at = 0;
  for(i=0; i<p->count; i++){
    const char *z;
    char word[NORMAL_SIZE + 3];
    import_normal(p->column[i].name, normal);
    if( !list_word(headers, normal) || p->column[i].isClock ) continue;
    sqlite3_snprintf((int)sizeof word, word, " %s ", normal);
    z = strstr(headers, word);
    if( best < 0 || (int)(z - headers) < at ){ best = i; at = (int)(z - headers); }
  }
  return best;
}

/* Of the columns that name customers the one that the database knows most of; the mapping's own comes first. */
static int list_customer(ImportPlan *p){
  int i, best = p->chosen[ROLE_CUSTOMER];
  int64_t most = 0;
  if( best < 0 || p->column[best].rank==0 || sqlite3_table_column_metadata(p->db, "main", "customers", "customer", 0, 0, 0, 0, 0)!=SQLITE_OK ) return 1;
  for(i=0; i<p->count; i++){
    Buffer sql = {0};
    int64_t n = 0;
    if( p->column[i].role!=ROLE_CUSTOMER || import_is_masked(&p->column[i]) ) continue;
    buffer_printf(&sql, "SELECT count(*) FROM (SELECT ");
    plan_person(p, &sql, i);
    buffer_printf(&sql, " AS c FROM %s) WHERE c IN (SELECT customer FROM main.customers)", p->source.from);
    if( !plan_numbers(p, &sql, &n, 1) ) return 0;
    if( n > most ){ most = n; best = i; }
  }
  p->column[p->chosen[ROLE_CUSTOMER]].used = 0;
  p->column[best].used = 1;
  p->chosen[ROLE_CUSTOMER] = best;
  if( most ) return 1;
  { Buffer sql = {0};
    int64_t there = 0;
    buffer_printf(&sql, "SELECT EXISTS (SELECT 1 FROM main.customers)");
    if( !plan_numbers(p, &sql, &there, 1) ) return 0;
    return !there || plan_ask(p, "nobody in column %s is among the customers that are there: add {\"customer\": \"HEADER\"} with the column that names them as the orders do, or {\"customer\": \"%s\"} if they are others",
                              p->column[best].name, p->column[best].name);
  }
}

/* Orders that lack something else have a time that is none of the list's. */
static int list_has_times(const ImportPlan *p, const ImportList *l){
  char normal[NORMAL_SIZE];
  int i, k, own;
  for(i=0; i<p->times; i++){
    import_normal(p->column[p->time[i]].name, normal);
    for(own=k=0; k<LIST_COLUMNS && l->column[k].how; k++) own |= l->column[k].how=='t' && list_word(l->column[k].headers, normal);
    if( !own ) return 1;
  }
  return 0;
}

/* Which list it is: 1 + its place, or 0. */
static int list_is(const ImportPlan *p, int sums){
  size_t k;
  int i;
  for(k=0; k<sizeof LISTS/sizeof LISTS[0]; k++){
    const ImportList *l = &LISTS[k];
    int good = list_find(p, l->signs) >= 0, who = 0, some = 0, musts = 0;
    for(i=0; i<p->count; i++) if( p->column[i].role==ROLE_CUSTOMER || (p->column[i].role==ROLE_ORDER && p->column[i].rank <= 1) ) who = 1;
    if( l->customer==CUSTOMER_MUST && p->chosen[ROLE_CUSTOMER] < 0 ) good = 0;
    if( l->customer==CUSTOMER_NOT && who ) good = 0;
    if( good && !sums && list_has_times(p, l) ) good = 0;
    for(i=0; good && i<LIST_COLUMNS && l->column[i].how; i++){
      int at = list_find(p, l->column[i].headers);
      if( l->column[i].must && at < 0 ) good = 0;
      if( !l->column[i].must && at >= 0 ) some++;
      musts += l->column[i].must;
    }
    if( good && (some || (musts > 1 && l->customer!=CUSTOMER_NOT)) ) return (int)k + 1;
  }
  return 0;
}

int profile_list(ImportPlan *p, int sums){
  const ImportList *l;
  int i, n = list_is(p, sums);
  if( n==0 || p->contacts || p->lines || p->refunds || (p->chosen[ROLE_AMOUNT] >= 0 && p->column[p->chosen[ROLE_AMOUNT]].rank==0) ) return 1;
  l = &LISTS[n-1];
  for(i=0; i<p->count; i++) if( i!=p->chosen[ROLE_CUSTOMER] ) p->column[i].used = 0;
  if( l->customer!=CUSTOMER_NOT && !list_customer(p) ) return 0;
  for(i=0; i<LIST_COLUMNS && l->column[i].how && !p->ask; i++){
    int at = list_find(p, l->column[i].headers);
    if( at < 0 ) continue;
    if( l->column[i].how=='t' ){
      p->column[at].role = ROLE_TIME;
      p->column[at].rank = 1;
      if( !profile_time(p, at) ) return 0;
    }
    if( l->column[i].how=='m' ){
      p->column[at].role = ROLE_PRICE;
      if( !profile_money(p, at) ) return 0;
    }
    p->column[at].used = 1;
    plan_remark(p, &p->column[at], "%s.%s", l->table, l->column[i].to);
  }
  p->list = n;
  return 1;
}

/* ---- the rows ---- */

static void list_kind(Buffer *b, const char *name){
  static const struct { const char *word, *kind; } COST_KINDS[] = {
    { "工资", "staff" }, { "人工", "staff" }, { "员工", "staff" }, { "staff", "staff" }, { "salar", "staff" }, { "wage", "staff" }, { "佣金", "commission" }, { "提成", "commission" }, { "commission", "commission" },
    { "券", "coupon" }, { "coupon", "coupon" }, { "平台", "platform" }, { "扣点", "platform" }, { "platform", "platform" }
  };
  size_t i;
  buffer_printf(b, "CASE");
  for(i=0; i<sizeof COST_KINDS/sizeof COST_KINDS[0]; i++) buffer_printf(b, " WHEN \"%w\" LIKE '%%%s%%' THEN '%s'", name, COST_KINDS[i].word, COST_KINDS[i].kind);
  buffer_printf(b, " ELSE 'marketing' END");
}

static void list_cell(const ImportPlan *p, Buffer *b, char how, int at){
  const char *name = p->column[at].name;
  switch( how ){
    case 't': plan_time(p, b, at); break;
    case 'd': buffer_printf(b, "substr("); plan_time(p, b, at); buffer_printf(b, ", 1, 10)"); break;
    case 'm': plan_money(p, b, at); break;
    case 'n': buffer_printf(b, "parse_amount(\"%w\", 0)", name); break;
    case 'k': list_kind(b, name); break;
    case 'a': buffer_printf(b, "CASE WHEN lower(trim(\"%w\")) IN ('1', 'yes', 'true', 'y', '是') THEN 1 WHEN trim(\"%w\") <> '' THEN 0 END", name, name); break;
    case 'g': buffer_printf(b, "CASE WHEN trim(\"%w\") = '' THEN NULL WHEN json_valid(\"%w\") AND \"%w\" LIKE '[%%' THEN \"%w\" ELSE '[\"' || replace(replace(replace(replace(trim(\"%w\"), '\"', ''), '\\', ''), '，', ','), ',', '\",\"') || '\"]' END", name, name, name, name, name); break;
    case 's': buffer_printf(b, "\"%w\" LIKE '%%失败%%' OR \"%w\" LIKE '%%未%%' OR lower(\"%w\") LIKE '%%fail%%' OR lower(\"%w\") LIKE '%%bounce%%' OR lower(\"%w\") LIKE '%%undeliver%%' OR lower(\"%w\") LIKE 'not %%'", name, name, name, name, name, name); break;
    default: buffer_printf(b, "CASE WHEN "); plan_filled(p, b, at); buffer_printf(b, " THEN trim(\"%w\") END", name);
  }
}

/* A member's list says so: cards, levels, 会员. */
static int list_of_members(const ImportPlan *p){
  static const char *const WORD[] = { "会员", "开卡", "入会", "member", "tier" };
  size_t k;
  int i;
  for(i=0; i<p->count; i++){
    char normal[NORMAL_SIZE];
    import_normal(p->column[i].name, normal);
    for(k=0; k<sizeof WORD/sizeof WORD[0]; k++) if( strstr(normal, WORD[k]) ) return 1;
  }
  return 0;
}

/* line, customer, the columns; bad: 1 a cell that must be read cannot, 2 nobody, 3 not sent. */
static int list_stage(ImportPlan *p, const ImportList *l){
  Buffer b = {0}, bad = {0};
  int i;
  buffer_printf(&b, "DROP TABLE IF EXISTS " LIST_STAGE);
  if( !plan_exec(p, &b) ) return 0;
  buffer_printf(&bad, "CASE WHEN %s THEN 2", l->customer==CUSTOMER_MUST ? "customer IS NULL" : "0");
  buffer_printf(&b, "SELECT %s AS line, ", p->line);
  plan_person(p, &b, l->customer==CUSTOMER_NOT ? -1 : p->chosen[ROLE_CUSTOMER]);
  buffer_printf(&b, " AS customer");
  for(i=0; i<LIST_COLUMNS && l->column[i].how; i++){
    const ListColumn *c = &l->column[i];
    int at = list_find(p, c->headers);
    buffer_printf(&b, ", ");
    if( at >= 0 ) list_cell(p, &b, c->how, at);
    else buffer_printf(&b, c->how=='k' ? "'marketing'" : "NULL");
    buffer_printf(&b, " AS %s", c->to);
    if( c->must ) buffer_printf(&bad, " WHEN %s IS NULL THEN 1", c->to);
    if( c->how=='s' ) buffer_printf(&bad, " WHEN state THEN 3");
    if( at >= 0 && !c->must && (c->how=='t' || c->how=='m') ){
      buffer_printf(&b, ", ");
      plan_filled(p, &b, at);
      buffer_printf(&b, " AS has_%s", c->to);
      buffer_printf(&bad, " WHEN has_%s AND %s IS NULL THEN 1", c->to, c->to);
    }
  }
  buffer_printf(&b, " FROM %s WHERE NOT ", p->source.from);
  plan_is_total(p, &b);
  buffer_put_byte(&b, 0);
  buffer_put_byte(&bad, 0);
  if( !b.failed && !bad.failed ){
    Buffer sql = {0};
    buffer_printf(&sql, "CREATE TABLE " LIST_STAGE " AS SELECT *, %s ELSE 0 END AS bad FROM (%s LIMIT -1)", (char*)bad.data, (char*)b.data);
    i = plan_exec(p, &sql);
  }else i = 0;
  buffer_destroy(&b);
  buffer_destroy(&bad);
  return i;
}

/* Names of the columns of the table, or what an UPDATE makes of them. */
static void list_names(const ImportList *l, Buffer *b){
  int i;
  if( l->customer!=CUSTOMER_NOT ) buffer_printf(b, "customer");
  for(i=0; i<LIST_COLUMNS && l->column[i].how; i++){
    if( l->column[i].how!='s' ) buffer_printf(b, "%s%s", i || l->customer!=CUSTOMER_NOT ? ", " : "", l->column[i].to);
  }
}

/* A row that was there comes again: by its key, or as a whole. */
static int list_fill(ImportPlan *p, const ImportList *l){
  Buffer b = {0};
  int i;
  if( strcmp(l->table, "customers")==0 ){
    buffer_printf(&b, "INSERT INTO main.customers(is_member, ");
    list_names(l, &b);
    buffer_printf(&b, ") SELECT %d, ", list_of_members(p));
    list_names(l, &b);
    buffer_printf(&b, " FROM " LIST_STAGE " WHERE NOT bad GROUP BY customer ON CONFLICT(customer) DO UPDATE SET is_member = max(is_member, excluded.is_member)");
    for(i=0; l->column[i].how && i<LIST_COLUMNS; i++){
      const char *to = l->column[i].to;
      if( strcmp(to, "joined")==0 ) buffer_printf(&b, ", joined = coalesce(min(excluded.joined, joined), excluded.joined, joined)");
      else buffer_printf(&b, ", %s = coalesce(excluded.%s, %s)", to, to, to);
    }
    return plan_exec(p, &b) && import_ids(p, LIST_STAGE);
  }
  buffer_printf(&b, "DELETE FROM main.%s WHERE ", l->table);
  if( l->key ) buffer_printf(&b, "%s IN (SELECT %s FROM " LIST_STAGE ")", l->key, l->key);
  else{
    buffer_printf(&b, "EXISTS (SELECT 1 FROM " LIST_STAGE " AS s WHERE NOT s.bad");
    if( l->customer!=CUSTOMER_NOT ) buffer_printf(&b, " AND s.customer = %s.customer", l->table);
    for(i=0; i<LIST_COLUMNS && l->column[i].how; i++) if( l->column[i].how!='s' ) buffer_printf(&b, " AND s.%s IS %s.%s", l->column[i].to, l->table, l->column[i].to);
    buffer_printf(&b, ")");
  }
  if( !plan_exec(p, &b) ) return 0;
  buffer_printf(&b, "INSERT INTO main.%s(", l->table);
  list_names(l, &b);
  buffer_printf(&b, ") SELECT ");
  list_names(l, &b);
  buffer_printf(&b, " FROM " LIST_STAGE " WHERE NOT bad");
  return plan_exec(p, &b);
}

static int list_rejects(ImportPlan *p){
  Buffer b = {0};
  buffer_printf(&b, "DELETE FROM main.import_reject WHERE source = %Q", p->sourceText);
  if( !plan_exec(p, &b) ) return 0;
  buffer_printf(&b, "INSERT INTO main.import_reject(source, line, header, value, reason) SELECT %Q, line, NULL, NULL, CASE bad WHEN 2 THEN 'no customer' ELSE 'a time or an amount cannot be read' END FROM " LIST_STAGE " WHERE bad IN (1, 2)", p->sourceText);
  return plan_exec(p, &b);
}

static char *list_sentence(ImportPlan *p, const ImportList *l){
  enum { GOOD, NOBODY, BAD, UNSENT, COUNT };
  int64_t n[COUNT] = {0};
  Buffer b = {0};
  buffer_printf(&b, "SELECT coalesce(sum(bad = 0), 0), coalesce(sum(bad = 2), 0), coalesce(sum(bad = 1), 0), coalesce(sum(bad = 3), 0) FROM " LIST_STAGE);
  if( !plan_numbers(p, &b, n, COUNT) ) return 0;
  if( p->chinese ){
    buffer_printf(&b, "%s共 %lld 行：%lld 行进入 %s 表。未计入：没有客户 %lld 行，拒收 %lld 行（见 import_reject），没有发出 %lld 行，合计行 %lld 行。", p->sourceText, (long long)p->rows, (long long)n[GOOD], l->table,
                  (long long)n[NOBODY], (long long)n[BAD], (long long)n[UNSENT], (long long)p->totals);
  }else{
    plan_put_count(&b, p->rows, "row", "rows");
    buffer_printf(&b, " of %s: %lld into table %s. Left out: ", p->sourceText, (long long)n[GOOD], l->table);
    plan_put_count(&b, n[NOBODY], "row", "rows");
    buffer_printf(&b, " without a customer, ");
    plan_put_count(&b, n[BAD], "rejected row", "rejected rows");
    buffer_printf(&b, "%s, %lld not sent, ", n[BAD] ? " (see import_reject)" : "", (long long)n[UNSENT]);
    plan_put_count(&b, p->totals, "line of totals", "lines of totals");
    buffer_put_byte(&b, '.');
  }
  return plan_sentence(&b);
}

char *import_list(ImportPlan *p){
  const ImportList *l = &LISTS[p->list-1];
  char *said;
  Buffer b = {0};
  buffer_printf(&b, "SELECT siyu_setup('schema')");
  if( !plan_exec(p, &b) || !list_stage(p, l) || !list_rejects(p) || !list_fill(p, l) ) return 0;
  said = list_sentence(p, l);
  buffer_printf(&b, "DROP TABLE " LIST_STAGE);
  if( said==0 || plan_exec(p, &b) ) return said;
  sqlite3_free(said);
  return 0;
}
