/*
** Columns that say yes or no: a test order, one that was voided, one whose money went back.  They are
** states of an order; a 1 under Refunded? is no money.
*/
#include "sql/import/plan.h"

static const char TEST_HEADERS[] = " test istest testorder testmode istestorder 测试订单 是否测试 是否测试订单 ";
static const char VOID_HEADERS[] = " cancelled canceled iscancelled iscanceled voided void isvoid isvoided 是否取消 是否作废 已作废 作废 已取消 ";
static const char BACK_HEADERS[] = " fullyrefunded isfullyrefunded 是否全额退款 ";
static const char SENT_HEADERS[] = " 是否退款 是否退货 退款标志 退货标志 退单标志 退款标识 退货标识 isrefund isrefunded isreturn isreturned refundflag returnflag ";
static const char YES[] = " 1 yes y true t test x 是 测试 已作废 已取消 已退款 ";
static const char NO[] = " 0 no n false f live 否 未作废 未取消 未退款 正常 ";

static int flag_word(const char *list, const char *normal){
  char word[NORMAL_SIZE + 3];
  sqlite3_snprintf((int)sizeof word, word, " %s ", normal);
  return normal[0] && strstr(list, word)!=0;
}

#define FLAG_YES 4

/* The words for yes that a column says: one, or the same in several hands; isFlag where it says nothing but yes and no. */
typedef struct Flag { char *yes[FLAG_YES]; int count, isFlag; int64_t rows; } Flag;

static void flag_free(Flag *f){
  while( f->count > 0 ) sqlite3_free(f->yes[--f->count]);
}

/* trim(column) IN (the words for yes) */
static void flag_is_yes(const ImportPlan *p, Buffer *b, int column, const Flag *f){
  int i;
  buffer_printf(b, "trim(\"%w\") IN (", p->column[column].name);
  for(i=0; i<f->count; i++) buffer_printf(b, "%s%Q", i ? ", " : "", f->yes[i]);
  buffer_printf(b, ")");
}

static int flag_words(ImportPlan *p, int column, Flag *f){
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int good = 1, words = 0;                            /* 0 alone may be an amount */
  buffer_printf(&sql, "SELECT DISTINCT trim(\"%w\") FROM %s WHERE ", p->column[column].name, p->source.from);
  plan_filled(p, &sql, column);
  buffer_printf(&sql, " LIMIT 9");
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  f->isFlag = 1;
  while( good && f->isFlag && sqlite3_step(stmt)==SQLITE_ROW ){
    const char *z = (const char*)sqlite3_column_text(stmt, 0);
    char normal[NORMAL_SIZE];
    import_normal(z ? z : "", normal);
    words += normal[0]!='0';
    if( flag_word(NO, normal) ) continue;
    if( !flag_word(YES, normal) || f->count==FLAG_YES ){ f->isFlag = 0; break; }
    f->yes[f->count] = sqlite3_mprintf("%s", z);
    good = f->yes[f->count++]!=0;
  }
  f->isFlag = f->isFlag && words > 0;
  return sqlite3_finalize(stmt)==SQLITE_OK ? good : plan_fail(p);
}

static int flag_read(ImportPlan *p, int column, Flag *f){
  Buffer sql = {0};
  int good;
  memset(f, 0, sizeof *f);
  good = flag_words(p, column, f);
  if( good && f->isFlag && f->count ){
    buffer_printf(&sql, "SELECT count(*) FROM %s WHERE ", p->source.from);
    flag_is_yes(p, &sql, column, f);
    good = plan_numbers(p, &sql, &f->rows, 1);
  }
  if( good && f->isFlag ) return 1;
  flag_free(f);
  return good;
}

/* What the yes of a column says of an order: 0 none, 2 its money went back. */
static int flag_says(ImportPlan *p, int column, int is){
  Flag f;
  int i, good = 1;
  if( !flag_read(p, column, &f) ) return 0;
  for(i=0; good && f.isFlag && i<f.count; i++){
    size_t capacity = (size_t)p->mores;
    good = memory_grow((void**)&p->more, &capacity, (size_t)p->mores + 1, sizeof *p->more)==STATUS_OK;
    if( !good ) break;
    memset(&p->more[p->mores], 0, sizeof *p->more);
    p->more[p->mores].text = f.yes[i];
    p->more[p->mores].column = column;
    p->more[p->mores++].is = is;
    f.yes[i] = 0;
  }
  if( good && f.isFlag && f.count ) plan_remark(p, &p->column[column], is ? "money of %lld rows went back" : "%lld rows are no orders", (long long)f.rows);
  flag_free(&f);
  return good;
}

/* 收/支: what a wallet paid out, and what it moved, was not sold. */
static int flag_of_way(ImportPlan *p, int column){
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  size_t capacity = (size_t)p->mores;
  int good = 1, in = 0, n = p->mores;
  buffer_printf(&sql, "SELECT trim(\"%w\"), count(*), trim(\"%w\") IN ('收入', '收', '收款', '入账') FROM %s WHERE trim(\"%w\") <> '' GROUP BY 1 ORDER BY 1 LIMIT 8",
                p->column[column].name, p->column[column].name, p->source.from, p->column[column].name);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  while( good && sqlite3_step(stmt)==SQLITE_ROW ){
    ImportStatus s;
    if( sqlite3_column_int(stmt, 2) ){ in = 1; continue; }
    memset(&s, 0, sizeof s);
    s.text = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 0));
    s.rows = sqlite3_column_int64(stmt, 1);
    s.column = column;
    s.isWay = 1;
    good = s.text && memory_grow((void**)&p->more, &capacity, (size_t)p->mores + 1, sizeof *p->more)==STATUS_OK;
    if( good ) p->more[p->mores++] = s;
    else sqlite3_free(s.text);
  }
  if( sqlite3_finalize(stmt)!=SQLITE_OK ) return plan_fail(p);
  while( good && !in && p->mores > n ) sqlite3_free(p->more[--p->mores].text);
  for(; good && n<p->mores; n++) plan_remark(p, &p->column[column], "%lld rows are %s: no orders", (long long)p->more[n].rows, p->more[n].text);
  return good;
}

/* A refund of yes or no is no amount; how much went back is then asked. */
static int flag_of_refund(ImportPlan *p){
  int column = p->chosen[ROLE_REFUND], i, good = 1;
  Flag f;
  if( column < 0 || p->column[column].rank==0 ) return 1;
  if( !flag_read(p, column, &f) ) return 0;
  if( !f.isFlag ) return 1;
  p->column[column].used = 0;
  p->column[column].role = ROLE_IGNORED;
  p->chosen[ROLE_REFUND] = -1;
  for(i=0; i<p->count && p->chosen[ROLE_REFUND] < 0; i++){
    if( p->column[i].role==ROLE_REFUND ){ p->chosen[ROLE_REFUND] = i; p->column[i].used = 1; }
  }
  if( p->chosen[ROLE_REFUND] < 0 && f.count && p->refundIs!=REFUND_NONE ){
    if( p->refundIs==REFUND_ALL ) good = flag_says(p, column, 2);
    else good = plan_ask(p, "column %s says '%s' of %lld %s, and no column says how much went back: add {\"refund_is\": \"all\"} to the mapping if that was the whole amount, {\"refund_is\": \"none\"} if it is to count, or {\"refund\": \"HEADER\"}",
                            p->column[column].name, f.yes[0], (long long)f.rows, plan_text(p, f.rows==1 ? "row" : "rows"));
  }
  flag_free(&f);
  return good;
}

/* A yes beside money that was paid, where no column says how much went back. */
static int flag_of_sent_back(ImportPlan *p, int column){
  Flag f;
  Buffer sql = {0};
  int good;
  int64_t paid = 0;
  if( p->chosen[ROLE_REFUND] >= 0 || p->chosen[ROLE_AFTER_SALE] >= 0 || p->refundIs==REFUND_NONE ) return 1;
  if( p->refundIs==REFUND_ALL ) return flag_says(p, column, 2);
  if( !flag_read(p, column, &f) ) return 0;
  if( !f.isFlag || f.count==0 ) return 1;
  buffer_printf(&sql, "SELECT count(*) FROM %s WHERE ", p->source.from);
  flag_is_yes(p, &sql, column, &f);
  buffer_printf(&sql, " AND ");
  plan_amount(p, &sql);
  buffer_printf(&sql, " > 0");
  good = plan_numbers(p, &sql, &paid, 1);
  if( good && paid ){
    good = plan_ask(p, "column %s says '%s' of %lld %s, and no column says how much went back: add {\"refund_is\": \"all\"} to the mapping if that was the whole amount, {\"refund_is\": \"none\"} if it is to count, or {\"refund\": \"HEADER\"}",
                       p->column[column].name, f.yes[0], (long long)paid, plan_text(p, paid==1 ? "row" : "rows"));
  }
  flag_free(&f);
  return good;
}

int profile_flags(ImportPlan *p){
  int i;
  if( p->contacts ) return 1;
  for(i=0; i<p->count; i++){
    char normal[NORMAL_SIZE];
    int is;
    import_normal(p->column[i].name, normal);
    if( strcmp(normal, "收支")==0 && !p->column[i].used && !flag_of_way(p, i) ) return 0;
    if( flag_word(SENT_HEADERS, normal) && !p->column[i].used && !p->lines && !flag_of_sent_back(p, i) ) return 0;
    is = flag_word(TEST_HEADERS, normal) || flag_word(VOID_HEADERS, normal) ? 0 : flag_word(BACK_HEADERS, normal) ? 2 : -1;
    if( is >= 0 && !p->column[i].used && !flag_says(p, i, is) ) return 0;
  }
  return p->lines || flag_of_refund(p);
}
