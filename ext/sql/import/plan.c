/* Which column is what: see plan.h.  What the rows say is read in profile.c. */
#include "sql/import/plan.h"

int plan_fail(ImportPlan *p){
  if( p->error==0 && sqlite3_errcode(p->db)!=SQLITE_NOMEM ) p->error = sqlite3_mprintf("%s", sqlite3_errmsg(p->db));
  return 0;
}

/* ---- running SQL ---- */

sqlite3_stmt *plan_prepare(ImportPlan *p, Buffer *sql){
  sqlite3_stmt *stmt = 0;
  buffer_put_byte(sql, 0);
  if( !sql->failed && sqlite3_prepare_v2(p->db, (char*)sql->data, -1, &stmt, 0)!=SQLITE_OK ) plan_fail(p);
  buffer_destroy(sql);
  memset(sql, 0, sizeof *sql);
  return stmt;
}

int plan_exec(ImportPlan *p, Buffer *sql){
  sqlite3_stmt *stmt = plan_prepare(p, sql);
  int rc;
  if( stmt==0 ) return 0;
  while( sqlite3_step(stmt)==SQLITE_ROW ){}
  rc = sqlite3_finalize(stmt);
  return rc==SQLITE_OK ? 1 : plan_fail(p);
}

int plan_numbers(ImportPlan *p, Buffer *sql, int64_t *out, int n){
  sqlite3_stmt *stmt = plan_prepare(p, sql);
  int i;
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW ) for(i=0; i<n; i++) out[i] = sqlite3_column_int64(stmt, i);
  return sqlite3_finalize(stmt)==SQLITE_OK ? 1 : plan_fail(p);
}

/* ---- pieces of SQL ---- */

static void plan_column(const ImportPlan *p, Buffer *b, int column){
  buffer_printf(b, "\"%w\"", p->column[column].name);
}

/* What stands for nothing does not fill a cell. */
void plan_filled(const ImportPlan *p, Buffer *b, int column){
  const ImportColumn *c = &p->column[column];
  if( !c->blankWords ){
    buffer_printf(b, "(\"%w\" IS NOT NULL AND trim(\"%w\", char(32, 9, 13, 12288)) <> '')", c->name, c->name);
    return;
  }
  buffer_printf(b, "(coalesce(trim(\"%w\", char(32, 9, 13, 12288)), '') NOT IN (''", c->name);
  plan_put_blank_words(b, c);
  buffer_printf(b, "))");
}

#define REMARK_COLUMNS 60

/* A header that comes again, where months were put below each other; a line below the header that
** explains it; remarks behind #, with nothing else in their row: #1001 may be an order's number. */
static void plan_is_heading(const ImportPlan *p, Buffer *b){
  int amount = p->chosen[ROLE_AMOUNT], time = p->times ? p->time[0] : -1, i;
  if( amount < 0 || time < 0 ) return;
  buffer_printf(b, " OR (\"%w\" = %Q AND \"%w\" = %Q)", p->column[amount].name, p->column[amount].name, p->column[time].name, p->column[time].name);
  buffer_printf(b, " OR (\"%w\" >= '#' AND \"%w\" < '$'", p->column[0].name, p->column[0].name);
  for(i=1; i<p->count && i<REMARK_COLUMNS; i++) buffer_printf(b, " AND coalesce(\"%w\", '') = ''", p->column[i].name);
  buffer_printf(b, ")");
  if( strcmp(p->line, "rowid") ) return;
  buffer_printf(b, " OR (rowid = 1 AND \"%w\" NOT GLOB '*[0-9]*' AND \"%w\" NOT GLOB '*[0-9]*' AND ", p->column[amount].name, p->column[time].name);
  plan_filled(p, b, amount);
  buffer_printf(b, " AND ");
  plan_filled(p, b, time);
  buffer_printf(b, ")");
}

/* A cell without its blanks, in lower case; what stands in it of a line of totals. */
#define TOTAL_TEXT "replace(replace(lower(rtrim(trim(\"%w\"), ':\xEF\xBC\x9A ')), ' ', ''), '\xE3\x80\x80', '')"
#define TOTAL_WORDS "'合计','总计','小计','汇总','总和','总交易单数','共计','总合计','本页小计','本页合计','本月合计','本月小计','本日合计','本日小计','累计','合計','總計','小計','総計','総合計','總合計','합계','총계','소계','총합계'," \
  "'total','totals','sum','subtotal','subtotals','sub-total','grandtotal','summe','gesamt','gesamtsumme','gesamtbetrag','endsumme','zwischensumme','totalgeneral','totalg\xC3\xA9n\xC3\xA9ral','totalgeral','sous-total','totale','totalegenerale'," \
  "'totaal','subtotaal','razem','итого','Итого','всего','Всего','jumlah','รวม','ยอดรวม','รวมทั้งหมด','toplam'"

/* Looked for where lines of totals say so: in the first column, and in that of the order number or
** else of the customer. */
void plan_is_total(const ImportPlan *p, Buffer *b){
  int where[2], n = 0, i;
  if( (p->read && p->totals==0) || p->count==0 ){ buffer_printf(b, "0"); return; }      /* there is none */
  where[n++] = 0;
  i = p->chosen[ROLE_ORDER] >= 0 ? p->chosen[ROLE_ORDER] : p->chosen[ROLE_CUSTOMER];
  if( i > 0 ) where[n++] = i;
  for(i=0; i<n; i++){
    const char *name = p->column[where[i]].name;
    buffer_printf(b, "%sCASE WHEN \"%w\" >= '!' AND \"%w\" < 'A' THEN 0 WHEN \"%w\" GLOB '[ \xE3\x80\x80合总小汇共本累計總総합총소รยtTsSgGeEzZrRjJиИвВ]*' THEN " TOTAL_TEXT " IN (" TOTAL_WORDS ")"
                     " OR " TOTAL_TEXT " GLOB '[合总總小共][計计][(（:：0-9]*' OR " TOTAL_TEXT " GLOB 'total[(:]*' OR \"%w\" LIKE 'total for %%' ELSE 0 END",
                  i ? " OR " : "(", name, name, name, name, name, name, name);
  }
  plan_is_heading(p, b);
  buffer_printf(b, ")");
}

void plan_money(const ImportPlan *p, Buffer *b, int column){
  int comma = p->column[column].decimal==',';         /* then dots part thousands */
  buffer_printf(b, comma ? "parse_amount(CASE typeof(" : "parse_amount(");
  plan_column(p, b, column);
  if( comma ){
    buffer_printf(b, ") WHEN 'text' THEN replace(");
    plan_column(p, b, column);
    buffer_printf(b, ", '.', '') ELSE ");
    plan_column(p, b, column);
    buffer_printf(b, " END");
  }
  buffer_printf(b, ", %d)", p->decimals + p->column[column].power);
}

void plan_bad_money(const ImportPlan *p, Buffer *b, int column){
  const char *name = p->column[column].name;
  buffer_printf(b, "(");
  plan_filled(p, b, column);
  buffer_printf(b, " AND ");
  plan_money(p, b, column);
  buffer_printf(b, " IS NULL AND trim(\"%w\") NOT IN ('-', '\xE2\x80\x94', '--')", name);
  if( p->column[column].role==ROLE_REFUND ){
    buffer_printf(b, " AND NOT (\"%w\" NOT GLOB '*[0-9]*' AND (instr(\"%w\", '无') OR instr(\"%w\", '没有') OR instr(\"%w\", '未') OR lower(trim(\"%w\")) IN ('none', 'no', 'no refund', '否')))",
                  name, name, name, name, name);
  }
  buffer_printf(b, ")");
}

/* The amount; or quantity and unit price, where their product is whole. */
static void plan_unsigned(const ImportPlan *p, Buffer *b){
  int price = p->chosen[ROLE_PRICE], quantity = p->chosen[ROLE_QUANTITY];
  if( p->chosen[ROLE_AMOUNT] >= 0 ){ plan_money(p, b, p->chosen[ROLE_AMOUNT]); return; }
  buffer_printf(b, "(CASE WHEN ");
  plan_money(p, b, price);
  buffer_printf(b, " * parse_amount(\"%w\", 3) %% 1000 = 0 THEN ", p->column[quantity].name);
  plan_money(p, b, price);
  buffer_printf(b, " * parse_amount(\"%w\", 3) / 1000", p->column[quantity].name);
  if( p->lessColumn >= 0 ){ buffer_printf(b, " - abs(coalesce("); plan_money(p, b, p->lessColumn); buffer_printf(b, ", 0))"); }
  buffer_printf(b, " END)");
}

static void plan_time_read(const ImportPlan *p, Buffer *b, int column){
  const char *order = p->column[column].order[0] ? p->column[column].order : p->order, *name = p->column[column].name;
  int withClock = p->clock >= 0 && p->column[column].role==ROLE_TIME;
  if( withClock ){                                    /* a date with the time of day beside it */
    const char *clock = p->column[p->clock].name;
    buffer_printf(b, "coalesce(parse_time(\"%w\" || ' ' || ", name);
    if( p->column[p->clock].isClock==2 ){             /* 91500 is 9:15 */
      buffer_printf(b, "substr('0' || trim(\"%w\"), -6, 2) || ':' || substr('0' || trim(\"%w\"), -4, 2) || ':' || substr(trim(\"%w\"), -2)", clock, clock, clock);
    }else{
      buffer_printf(b, "\"%w\"", clock);
    }
    if( order[0] ) buffer_printf(b, ", '%s'", order);
    buffer_printf(b, "), ");
  }
  buffer_printf(b, "parse_time(\"%w\"", name);
  if( order[0] ) buffer_printf(b, ", '%s'", order);
  buffer_printf(b, withClock ? "))" : ")");
}

/* 2025-04-03 of a spreadsheet that took 03/04/2025 for the 3rd of April was the 4th of March. */
static void plan_any_time(const ImportPlan *p, Buffer *b, int column){
  int i;
  if( !p->column[column].turned ){ plan_time_read(p, b, column); return; }
  buffer_printf(b, "CASE WHEN \"%w\" GLOB '[12][0-9][0-9][0-9][-/]*' THEN ", p->column[column].name);
  for(i=0; i<4; i++){
    static const char *const PIECE[] = { ", 1, 5) || ", ", 9, 2) || '-' || ", ", 6, 2) || ", ", 11) ELSE " };
    buffer_printf(b, "substr(");
    plan_time_read(p, b, column);
    buffer_printf(b, "%s", PIECE[i]);
  }
  plan_time_read(p, b, column);
  buffer_printf(b, " END");
}

void plan_time(const ImportPlan *p, Buffer *b, int column){
  int zeros = p->column[column].zeroTimes;
  if( zeros ){ buffer_printf(b, "CASE WHEN "); plan_filled(p, b, column); buffer_printf(b, " THEN "); }
  plan_any_time(p, b, column);
  if( zeros ) buffer_printf(b, " END");
}

void plan_id(const ImportPlan *p, Buffer *b, int column){
  if( column < 0 ){ buffer_printf(b, "NULL"); return; }
  if( p->column[column].blankWords ){
    buffer_printf(b, "CASE WHEN ");
    plan_filled(p, b, column);
    buffer_printf(b, " THEN ");
  }
  buffer_printf(b, "parse_id(\"%w\")%s", p->column[column].name, p->column[column].blankWords ? " END" : "");
}

void plan_order(const ImportPlan *p, Buffer *b){
  if( p->prefix ) buffer_printf(b, "%Q || ", p->prefix);
  plan_id(p, b, p->chosen[ROLE_ORDER]);
}

static void plan_word_in(const ImportPlan *p, Buffer *b, ImportRole role, const ImportStatus *word, int words, int is){
  int i, n = 0;
  buffer_printf(b, "trim(\"%w\") IN (", p->column[p->chosen[role]].name);
  for(i=0; i<words; i++) if( word[i].is==is ) buffer_printf(b, "%s%Q", n++ ? "," : "", word[i].text);
  buffer_printf(b, ")");
}

static void plan_status_in(const ImportPlan *p, Buffer *b, int is){
  plan_word_in(p, b, ROLE_STATUS, p->status, p->statuses, is);
}

int plan_has_kind(const ImportPlan *p, int is){
  int i;
  for(i=0; i<p->kinds && p->chosen[ROLE_KIND] >= 0; i++) if( p->kind[i].is==is ) return 1;
  return 0;
}

void plan_kind_in(const ImportPlan *p, Buffer *b, int is){
  plan_word_in(p, b, ROLE_KIND, p->kind, p->kinds, is);
}

/* Of a kind that is money back it is below 0, whatever sign the file has. */
void plan_amount(const ImportPlan *p, Buffer *b){
  if( !plan_has_kind(p, 2) ){ plan_unsigned(p, b); return; }
  buffer_printf(b, "(CASE WHEN ");
  plan_kind_in(p, b, 2);
  buffer_printf(b, " THEN -abs(");
  plan_unsigned(p, b);
  buffer_printf(b, ") ELSE ");
  plan_unsigned(p, b);
  buffer_printf(b, " END)");
}

void plan_none(const ImportPlan *p, Buffer *b){
  int status = p->chosen[ROLE_STATUS], cancelled = p->chosen[ROLE_CANCELLED], i;
  buffer_printf(b, "CASE");
  if( cancelled >= 0 ){
    buffer_printf(b, " WHEN ");
    plan_filled(p, b, cancelled);
    buffer_printf(b, " THEN 1");
  }
  if( plan_has_kind(p, 0) ){
    buffer_printf(b, " WHEN ");
    plan_kind_in(p, b, 0);
    buffer_printf(b, " THEN 1");
  }
  for(i=0; i<p->mores; i++){
    if( p->more[i].is ) continue;
    buffer_printf(b, " WHEN trim(\"%w\") = %Q", p->column[p->more[i].column].name, p->more[i].text);
    if( p->more[i].isWay && plan_has_kind(p, 2) ){ buffer_printf(b, " AND NOT "); plan_kind_in(p, b, 2); }
    buffer_printf(b, " THEN 1");
  }
  if( status >= 0 ){
    buffer_printf(b, " WHEN ");
    plan_status_in(p, b, 0);
    buffer_printf(b, " THEN 1 WHEN NOT ");
    plan_filled(p, b, status);
    buffer_printf(b, " THEN NULL");
  }else buffer_printf(b, " WHEN 0 THEN 1");                      /* CASE needs a WHEN */
  buffer_printf(b, " ELSE 0 END");
}

int plan_has_back(const ImportPlan *p){
  int i;
  for(i=0; i<p->mores; i++) if( p->more[i].is==2 ) return 1;
  return p->chosen[ROLE_STATUS] >= 0;
}

void plan_back(const ImportPlan *p, Buffer *b){
  int i;
  if( !plan_has_back(p) ){ buffer_printf(b, "0"); return; }
  buffer_printf(b, "(");
  if( p->chosen[ROLE_STATUS] < 0 ) buffer_printf(b, "0");
  else plan_status_in(p, b, 2);
  for(i=0; i<p->mores; i++) if( p->more[i].is==2 ) buffer_printf(b, " OR coalesce(trim(\"%w\"), '') = %Q", p->column[p->more[i].column].name, p->more[i].text);
  buffer_printf(b, ")");
}

/* 取消退款成功 went nowhere. */
void plan_sent_back(const ImportPlan *p, Buffer *b){
  static const char *const WENT[] = { "退款成功", "已退款", "全额退款", "部分退款", "退款完成", "已退货", "售后完成", "售后成功", "维权完成", "退货成功", "退货完成", "退货退款成功", "退款退货成功", "반품완료", "환불완료" };
  static const char *const NOT[] = { "取消退", "撤销退", "拒绝退", "未退款成功" };
  const char *name = p->column[p->chosen[ROLE_AFTER_SALE]].name;
  size_t i;
  buffer_printf(b, "(");
  for(i=0; i<sizeof WENT/sizeof WENT[0]; i++) buffer_printf(b, "%sinstr(\"%w\", '%s')", i ? " OR " : "(", name, WENT[i]);
  buffer_printf(b, ")");
  for(i=0; i<sizeof NOT/sizeof NOT[0]; i++) buffer_printf(b, " AND NOT instr(\"%w\", '%s')", name, NOT[i]);
  buffer_printf(b, ")");
}

int plan_has_refund(const ImportPlan *p){
  return p->chosen[ROLE_REFUND] >= 0 || (p->chosen[ROLE_AFTER_SALE] >= 0 && p->refundIs==REFUND_ALL);
}

void plan_refund(const ImportPlan *p, Buffer *b){
  if( p->chosen[ROLE_REFUND] >= 0 ){
    buffer_printf(b, "abs(");
    plan_money(p, b, p->chosen[ROLE_REFUND]);
    buffer_printf(b, ")");
    return;
  }
  buffer_printf(b, "CASE WHEN ");
  plan_sent_back(p, b);
  buffer_printf(b, " THEN ");
  plan_amount(p, b);
  buffer_printf(b, " END");
}

/* ---- the mapping ---- */

static int plan_refuse(ImportPlan *p, char *sentence){
  if( p->error==0 ) p->error = sentence;
  else sqlite3_free(sentence);
  return 0;
}

static int column_of(const ImportPlan *p, const char *name){
  int i;
  for(i=0; i<p->count; i++) if( strcmp(p->column[i].name, name)==0 ) return i;
  for(i=0; i<p->count; i++) if( sqlite3_stricmp(p->column[i].name, name)==0 ) return i;
  for(i=0; i<p->count; i++){
    char a[NORMAL_SIZE], b[NORMAL_SIZE];
    import_normal(p->column[i].name, a);
    import_normal(name, b);
    if( a[0] && strcmp(a, b)==0 ) return i;
  }
  return -1;
}

/* Names of the columns for a sentence, at most a few hundred bytes. */
static char *column_list(const ImportPlan *p){
  Buffer b = {0};
  int i;
  for(i=0; i<p->count && b.size < 300; i++) buffer_printf(&b, "%s%s", i ? ", " : "", p->column[i].name);
  if( i<p->count ) buffer_printf(&b, " ...");
  buffer_put_byte(&b, 0);
  return b.failed ? 0 : (char*)b.data;
}

/* One value is a list of one. */
static int map_list(char **to, const char *type, const char *value){
  sqlite3_free(*to);
  *to = sqlite3_mprintf(strcmp(type, "array")==0 ? "%s" : "[%Q]", value);
  if( *to && strcmp(type, "array")!=0 ){ (*to)[1] = '"'; (*to)[strlen(*to) - 2] = '"'; }
  return *to!=0;
}

static int map_text(char **to, const char *value){
  sqlite3_free(*to);
  *to = sqlite3_mprintf("%s", value);
  return *to!=0;
}

static int map_day(ImportPlan *p, const char *key, const char *value){
  char **to = key[0]=='s' ? &p->since : &p->until;
  sqlite3_free(*to);
  *to = sqlite3_mprintf("%.10s", value);
  if( *to && sqlite3_strglob("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]", *to) ) return plan_refuse(p, sqlite3_mprintf("mapping: %s '%.20s' is no day as 2025-03-31", key, value));
  return *to!=0;
}

static int map_option(ImportPlan *p, const char *key, const char *type, const char *value, int *known){
  *known = 1;
  if( strcmp(key, "status_is_order")==0 || strcmp(key, "status_is_none")==0 || strcmp(key, "status_is_no_order")==0 ){
    return map_list(key[10]=='o' ? &p->statusIs : &p->statusIsNone, type, value);
  }
  if( strcmp(key, "kind_is_order")==0 || strcmp(key, "kind_is_none")==0 ){
    return map_list(key[8]=='o' ? &p->kindIs : &p->kindIsNone, type, value);
  }
  if( strcmp(key, "discount")==0 ){
    p->lessColumn = value[0] ? column_of(p, value) : -1;
    return map_text(&p->less, value) && (value[0]==0 || p->lessColumn >= 0 || plan_refuse(p, sqlite3_mprintf("mapping: discount '%.80s' is no column of %s", value, p->sourceText)));
  }
  if( strcmp(key, "guest")==0 ) return map_list(&p->guest, type, value);
  if( strcmp(key, "day_order")==0 || strcmp(key, "date_order")==0 ){
    if( strcmp(value, "dmy") && strcmp(value, "mdy") && strcmp(value, "ymd") ){
      return plan_refuse(p, sqlite3_mprintf("mapping: day_order '%.20s' is none of 'dmy', 'mdy', 'ymd'", value));
    }
    memcpy(p->order, value, 4);
    return 1;
  }
  if( strcmp(key, "amount_is")==0 ){
    p->amountIs = strcmp(value, "order")==0 ? AMOUNT_OF_ORDER : strcmp(value, "line")==0 ? AMOUNT_OF_LINE : AMOUNT_UNKNOWN;
    if( p->amountIs ) return 1;
    return plan_refuse(p, sqlite3_mprintf("mapping: amount_is '%.20s' is neither 'order' (the whole order's, on each of its lines) nor 'line'", value));
  }
  if( strcmp(key, "refund_is")==0 ){
    p->refundIs = strcmp(value, "all")==0 ? REFUND_ALL : strcmp(value, "none")==0 ? REFUND_NONE : REFUND_UNKNOWN;
    if( p->refundIs ) return 1;
    return plan_refuse(p, sqlite3_mprintf("mapping: refund_is '%.20s' is neither 'all' nor 'none'", value));
  }
  if( strcmp(key, "overlap")==0 ){
    p->overlap = strcmp(value, "skip")==0 ? OVERLAP_SKIP : strcmp(value, "keep")==0 ? OVERLAP_KEEP : strcmp(value, "replace")==0 ? OVERLAP_REPLACE : OVERLAP_UNKNOWN;
    if( p->overlap ) return 1;
    return plan_refuse(p, sqlite3_mprintf("mapping: overlap '%.20s' is none of 'skip', 'keep', 'replace'", value));
  }
  if( strcmp(key, "decimal_sign")==0 ){
    p->decimal = value[0];
    if( (value[0]=='.' || value[0]==',') && value[1]==0 ) return 1;
    return plan_refuse(p, sqlite3_mprintf("mapping: decimal_sign '%.20s' is neither '.' nor ','", value));
  }
  if( strcmp(key, "decimals")==0 ){
    if( strcmp(type, "integer")==0 && value[1]==0 && value[0] >= '0' && value[0] <= '6' ){ p->decimals = value[0] - '0'; return 1; }
    return plan_refuse(p, sqlite3_mprintf("mapping: decimals %.20s is no whole number from 0 to 6", value));
  }
  if( strcmp(key, "lang")==0 ){
    p->chinese = sqlite3_strnicmp(value, "zh", 2)==0;
    return 1;
  }
  if( strcmp(key, "only_currency")==0 ) return map_text(&p->currency, value);
  if( strcmp(key, "order_prefix")==0 ) return map_text(&p->prefix, value);
  if( strcmp(key, "since")==0 || strcmp(key, "until")==0 ) return map_day(p, key, value);
  if( strcmp(key, "other_currency")==0 ){
    p->otherCurrency = strcmp(value, "keep")==0;
    return p->otherCurrency || plan_refuse(p, sqlite3_mprintf("mapping: other_currency '%.20s' is not 'keep'", value));
  }
  *known = 0;
  return 1;
}

static int map_column(ImportPlan *p, const char *key, const char *type, const char *value){
  int role, column, i;
  char *list;
  for(role=ROLE_ORDER; role<ROLE_IGNORED && strcmp(IMPORT_ROLE_NAMES[role], key); role++){}
  if( role==ROLE_IGNORED ){
    return plan_refuse(p, sqlite3_mprintf("mapping: '%.40s' is not known; use order, customer, time, amount, refund, refund_time, status, cancelled, quantity, price, product, "
      "category, shop, store, staff, channel, campaign, currency, referrer, after_sale, kind, added, deleted, deleted_by, way, or status_is_order, status_is_none, kind_is_order, kind_is_none, day_order, amount_is, refund_is, overlap, order_prefix, decimals, decimal_sign, only_currency, other_currency, since, until, guest, discount, lang", key));
  }
  if( strcmp(type, "null")==0 || value[0]==0 ){
    p->chosen[role] = -1;
    if( role==ROLE_CUSTOMER ) p->noCustomer = 1;
    if( role==ROLE_REFUND ) p->noRefund = 1;
    if( role==ROLE_TIME ) p->times = 0;
    for(i=0; i<p->count; i++) if( p->column[i].role==(ImportRole)role ) p->column[i].used = 0;
    return 1;
  }
  column = column_of(p, value);
  if( column < 0 ){
    list = column_list(p);
    plan_refuse(p, sqlite3_mprintf("mapping: %s '%.80s' is no column of %s; it has: %s", key, value, p->sourceText, list ? list : ""));
    sqlite3_free(list);
    return 0;
  }
  for(i=0; i<p->count; i++) if( p->column[i].role==(ImportRole)role ) p->column[i].used = 0;
  p->column[column].role = (ImportRole)role;
  p->column[column].rank = 0;
  p->column[column].used = 1;
  p->chosen[role] = column;
  if( role==ROLE_TIME ){ p->times = 1; p->time[0] = column; }
  for(i=0; i<ROLE_COUNT; i++) if( i!=role && p->chosen[i]==column ) p->chosen[i] = -1;
  return 1;
}

static int read_mapping(ImportPlan *p, const char *mapping){
  sqlite3_stmt *stmt = 0;
  Buffer sql = {0};
  int good = 1, known;
  int64_t valid = 0;
  if( mapping==0 || mapping[strspn(mapping, " \t\r\n")]==0 ) return 1;
  buffer_printf(&sql, "SELECT json_type(%Q) = 'object'", mapping);                /* what is no JSON is an error */
  if( !plan_numbers(p, &sql, &valid, 1) && sqlite3_errcode(p->db)==SQLITE_NOMEM ) return 0;
  if( !valid ){
    sqlite3_free(p->error);
    p->error = 0;
    return plan_refuse(p, sqlite3_mprintf("mapping %.60s is no JSON object; write '{\"customer\": \"Email\"}'", mapping));
  }
  buffer_printf(&sql, "SELECT key, type, coalesce(value, '') FROM json_each(%Q)", mapping);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  while( good && sqlite3_step(stmt)==SQLITE_ROW ){
    const char *key = (const char*)sqlite3_column_text(stmt, 0), *type = (const char*)sqlite3_column_text(stmt, 1);
    const char *value = (const char*)sqlite3_column_text(stmt, 2);
    if( key==0 || type==0 || value==0 ){ good = 0; break; }
    good = map_option(p, key, type, value, &known);
    if( good && !known ) good = map_column(p, key, type, value);
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? good : plan_fail(p);
}

/* ---- opening ---- */

static void mark_used(ImportPlan *p){
  int i;
  for(i=0; i<ROLE_COUNT; i++) if( p->chosen[i] >= 0 ) p->column[p->chosen[i]].used = 1;
  for(i=0; i<p->times; i++) p->column[p->time[i]].used = 1;
}

/* rowid, or for what has none a number. */
static int find_line(ImportPlan *p){
  sqlite3_stmt *stmt = 0;
  Buffer sql = {0};
  int rc;
  buffer_printf(&sql, "SELECT rowid FROM %s LIMIT 1", p->source.from);
  buffer_put_byte(&sql, 0);
  if( sql.failed ){ buffer_destroy(&sql); return 0; }
  rc = sqlite3_prepare_v2(p->db, (char*)sql.data, -1, &stmt, 0);
  if( rc==SQLITE_OK && sqlite3_step(stmt)==SQLITE_ROW && sqlite3_column_type(stmt, 0)!=SQLITE_INTEGER ) rc = SQLITE_ERROR;
  sqlite3_finalize(stmt);
  buffer_destroy(&sql);
  p->line = rc==SQLITE_OK ? "rowid" : "row_number() OVER ()";
  return rc!=SQLITE_NOMEM;
}

/* Its orders name no buyer. */
int plan_is_anonymous(const ImportPlan *p){
  return p->noCustomer || (p->platform && (strcmp(p->platform, "Douyin")==0 || strcmp(p->platform, "PDD")==0 || strcmp(p->platform, "Amazon settlement")==0));
}

int plan_open(ImportPlan *p, sqlite3 *db, const char *source, const char *mapping){
  Failure f;
  Status rc;
  int i;
  memset(p, 0, sizeof *p);
  memset(&f, 0, sizeof f);
  p->db = db;
  p->decimals = 2;
  p->clock = -1;
  p->payee = p->paid = p->lessColumn = -1;
  p->sourceText = sqlite3_mprintf("%s", source);
  if( p->sourceText==0 ) return 0;
  p->source.tableName = "siyu_import";
  rc = source_open(&p->source, db, source, &f);
  if( rc!=STATUS_OK ){
    if( rc==STATUS_INVALID ) p->error = sqlite3_mprintf("%s", f.text);
    return 0;
  }
  p->count = p->source.columnCount;
  p->column = memory_zeroed(((size_t)p->count + 1)*sizeof *p->column);
  if( p->column==0 ) return 0;
  for(i=0; i<p->count; i++) p->column[i].name = p->source.columns[i];
  import_recognise(p);
  if( !read_mapping(p, mapping) || !find_line(p) ) return 0;
  if( p->times==0 && p->chosen[ROLE_ADDED] >= 0 && plan_has_money(p) ){
    p->column[p->chosen[ROLE_ADDED]].role = ROLE_TIME;
    p->time[p->times++] = p->chosen[ROLE_ADDED];
    p->chosen[ROLE_ADDED] = -1;
  }
  p->contacts = p->chosen[ROLE_ADDED] >= 0 && p->chosen[ROLE_STAFF] >= 0 && p->chosen[ROLE_AMOUNT] < 0 && p->times==0;
  p->lines = p->chosen[ROLE_ORDER] >= 0 && (p->chosen[ROLE_PRODUCT] >= 0 || p->chosen[ROLE_CATEGORY] >= 0) && p->chosen[ROLE_CUSTOMER] < 0
          && !plan_is_anonymous(p) && !p->contacts && (p->times==0 || p->chosen[ROLE_LINE] >= 0);
  mark_used(p);
  p->payee = import_payee(p);
  return 1;
}

void plan_close(ImportPlan *p){
  int i;
  for(i=0; i<p->count && p->column; i++){
    sqlite3_free(p->column[i].example);
    sqlite3_free(p->column[i].remark);
  }
  for(i=0; i<p->statuses; i++) sqlite3_free(p->status[i].text);
  for(i=0; i<p->mores; i++) sqlite3_free(p->more[i].text);
  for(i=0; i<p->kinds; i++) sqlite3_free(p->kind[i].text);
  for(i=0; i<p->signs; i++) sqlite3_free(p->sign[i].text);
  memory_free(p->more);
  memory_free(p->sign);
  memory_free(p->status);
  memory_free(p->kind);
  memory_free(p->column);
  source_close(&p->source);
  sqlite3_free(p->sourceText);
  sqlite3_free(p->statusIs);
  sqlite3_free(p->statusIsNone);
  sqlite3_free(p->kindIs);
  sqlite3_free(p->kindIsNone);
  sqlite3_free(p->currency);
  sqlite3_free(p->prefix);
  sqlite3_free(p->less);
  sqlite3_free(p->guest);
  sqlite3_free(p->guests);
  sqlite3_free(p->since);
  sqlite3_free(p->until);
  sqlite3_free(p->ask);
  sqlite3_free(p->error);
}
