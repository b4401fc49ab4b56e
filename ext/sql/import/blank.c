/*
** Cells that say nothing in words: -, N/A, NULL, 无.  A customer called so would be one customer of
** all who have none, a cancelling time of -- would cancel every order.  The cells are looked at once,
** here; SQL asks again only of columns that have some.
*/
#include "sql/import/plan.h"

static const char *const BLANK_WORDS[] = {
  "-", "--", "---", "\xE2\x80\x94", "\xE2\x80\x94\xE2\x80\x94", "/", "NULL", "null", "N/A", "n/a", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "NaN", "NaT", "undefined", "\\N", "\xE6\x97\xA0", "0000-00-00",
  "0000-00-00 00:00:00"
};

/* What programs and people write for nothing; of a state it says that nobody knows, which is asked about. */
static const char *const UNKNOWN_WORDS[] = {
  "nan", "None", "none", "NONE", "nil", "NA", "N.A.", "n.a.", "<NA>", "<null>", "<NULL>", "(null)", "(NULL)", "[NULL]", "(blank)", "(空白)", "（空白）", "空", "暂无", "未知", "未填写", "unknown", "Unknown", "UNKNOWN"
};

static int blank_is_in(const char *const *word, size_t count, const char *z){
  size_t i;
  for(i=0; i<count; i++){
    size_t n = strlen(word[i]);
    if( strncmp(z, word[i], n)==0 && z[n + strspn(z + n, " \t\r")]==0 ) return 1;
  }
  return 0;
}
#define BLANK_IS_IN(words, z) blank_is_in(words, sizeof (words)/sizeof (words)[0], z)

/* What they begin with. */
static const unsigned char BLANK_BEGINS[256] = {
  ['-'] = 1, ['/'] = 1, ['0'] = 1, ['#'] = 1, ['<'] = 1, ['('] = 1, ['['] = 1, ['\\'] = 1, ['N'] = 1, ['n'] = 1, ['U'] = 1, ['u'] = 1, [0xE2] = 1, [0xE6] = 1, [0xE7] = 1, [0xEF] = 1
};

static int is_blank_word(const ImportColumn *c, const char *z){
  while( *z==' ' || *z=='\t' || *z=='\r' ) z++;
  if( !BLANK_BEGINS[(unsigned char)*z] ) return 0;         /* of most cells the first byte tells */
  return BLANK_IS_IN(BLANK_WORDS, z) || (c->role!=ROLE_STATUS && BLANK_IS_IN(UNKNOWN_WORDS, z));
}

/* Days that programs have where nothing has happened yet: the first one that they know. */
static const char *const ZERO_TIMES[] = {
  "0", "0.0", "1970-01-01", "1970-01-01 00:00:00", "1970-01-01 08:00:00", "1970-01-01 08:00", "1970-01-01T00:00:00Z", "1970-01-01 00:00:00 UTC", "1970/1/1", "1970/1/1 0:00", "1970/1/1 8:00", "1970/1/1 0:00:00",
  "1970/1/1 8:00:00", "1970/01/01 00:00:00", "1970/01/01 08:00:00", "1900-01-00", "1900-01-01", "1900-01-01 00:00:00", "1900/1/0", "1900/1/0 0:00", "1900/1/1", "1900/1/1 0:00", "1899-12-30", "1899-12-30 00:00:00",
  "1899-12-31", "1899-12-31 00:00:00", "1753-01-01", "1753-01-01 00:00:00", "0001-01-01", "0001-01-01 00:00:00", "0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "01/01/1970", "01/01/0001 00:00:00", "0001/1/1 0:00:00"
};

static int is_time_role(ImportRole role){
  return role==ROLE_TIME || role==ROLE_REFUND_TIME || role==ROLE_CANCELLED || role==ROLE_ADDED || role==ROLE_DELETED;
}

static int is_zero_time(const char *z){
  if( z[0]!='0' && (z[0]!='1' || (z[1]!='9' && z[1]!='8' && z[1]!='7')) ) return 0;
  return BLANK_IS_IN(ZERO_TIMES, z);
}

/* Buyers whom a till does not know: one of them all would buy every day. */
static const char *const GUEST_WORDS[] = {
  "散客", "线下散客", "门店散客", "零散客户", "零售散客", "现金客户", "临时客户", "默认客户", "无会员", "Cash Customer", "Cash customer", "Cash Sale", "Default Customer", "Counter Sale", "POS Customer", "Walkin", "游客", "非会员", "匿名", "匿名用户", "匿名买家", "普通顾客", "未知客户", "Guest", "guest", "GUEST", "Guest Customer", "Walk-in", "Walk-In", "walk-in", "Walk-in Customer", "Walk-In Customer",
  "Walk in Customer", "Anonymous", "anonymous", "NOT LOGGED IN"
};


void plan_put_blank_words(Buffer *b, const ImportColumn *c){
  size_t i;
  for(i=0; i<sizeof BLANK_WORDS/sizeof BLANK_WORDS[0]; i++) buffer_printf(b, ", %Q", BLANK_WORDS[i]);
  if( c->role!=ROLE_STATUS ) for(i=0; i<sizeof UNKNOWN_WORDS/sizeof UNKNOWN_WORDS[0]; i++) buffer_printf(b, ", %Q", UNKNOWN_WORDS[i]);
  if( is_time_role(c->role) ) for(i=0; i<sizeof ZERO_TIMES/sizeof ZERO_TIMES[0]; i++) buffer_printf(b, ", %Q", ZERO_TIMES[i]);
  if( c->role!=ROLE_CUSTOMER ) return;
  if( c->guests ) buffer_printf(b, ", %s", c->guests);
  for(i=0; i<sizeof GUEST_WORDS/sizeof GUEST_WORDS[0]; i++) buffer_printf(b, ", %Q", GUEST_WORDS[i]);
  if( c->zeroIsNobody ) buffer_printf(b, ", '0'");
}

/* 18412345678转1234, 18412345678,1234: a number that is lent for one order. */
static int is_privacy_number(const char *z){
  size_t n = strspn(z, "0123456789"), k;
  if( n < 7 ) return 0;
  if( strncmp(z + n, "\xE8\xBD\xAC", 3)==0 ) return 1;
  if( n!=11 || strchr(",_-#", z[n])==0 || z[n]==0 ) return 0;
  k = strspn(z + n + 1, "0123456789");
  return k >= 3 && k <= 6 && z[n + 1 + k + strspn(z + n + 1 + k, " \t\r")]==0;
}

/* What a cell says of its column. */
static void look_at_cell(ImportColumn *c, const char *z){
  if( is_blank_word(c, z) ){ c->blankWords = 1; return; }
  if( is_time_role(c->role) && is_zero_time(z) ) c->blankWords = c->zeroTimes = 1;
  if( c->role!=ROLE_CUSTOMER || *z==0 ) return;
  z += strspn(z, " \t\r");
  if( BLANK_IS_IN(GUEST_WORDS, z) ){ c->blankWords = 1; return; }
  c->zeros += *z=='0' && z[1 + strspn(z + 1, " \t\r")]==0;
  c->named++;
  c->ledByZero |= z[0]=='0' && z[1] >= '0' && z[1] <= '9';
  if( is_privacy_number(z) ){ c->masked++; c->privacy++; return; }
  c->masked += strchr(z, '*')!=0 || strstr(z, "\xEF\xBC\x8A")!=0;
}

/* Amounts have signs of their own, and what is no amount is told. */
static int is_looked_at(const ImportColumn *c){
  switch( c->role ){
    case ROLE_ORDER: case ROLE_CUSTOMER: case ROLE_REFERRER: case ROLE_TIME: case ROLE_REFUND_TIME: case ROLE_CANCELLED: case ROLE_STATUS: case ROLE_SHOP: case ROLE_STORE:
    case ROLE_STAFF: case ROLE_CHANNEL: case ROLE_CAMPAIGN: case ROLE_ADDED: case ROLE_DELETED: return 1;
    default: return 0;
  }
}

/* Those whom the mapping calls nobody, as SQL. */
static int read_guests(ImportPlan *p){
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int i;
  if( p->guest==0 ) return 1;
  buffer_printf(&sql, "SELECT group_concat(quote(trim(value)), ', ') FROM json_each(%Q) WHERE trim(value) <> ''", p->guest);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW && sqlite3_column_text(stmt, 0) ) p->guests = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 0));
  if( sqlite3_finalize(stmt)!=SQLITE_OK ) return plan_fail(p);
  for(i=0; p->guests && i<p->count; i++) if( p->column[i].role==ROLE_CUSTOMER ){ p->column[i].guests = p->guests; p->column[i].blankWords = 1; }
  return 1;
}

int profile_blanks(ImportPlan *p){
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int i, n = 0;
  if( !read_guests(p) ) return 0;
  buffer_printf(&sql, "SELECT ");
  for(i=0; i<p->count; i++){
    if( !is_looked_at(&p->column[i]) ) continue;
    buffer_printf(&sql, "%s\"%w\"", n++ ? ", " : "", p->column[i].name);
  }
  if( n==0 ){ buffer_destroy(&sql); return 1; }
  buffer_printf(&sql, " FROM %s", p->source.from);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  while( sqlite3_step(stmt)==SQLITE_ROW ){
    for(i=n=0; i<p->count; i++){
      const char *z;
      if( !is_looked_at(&p->column[i]) ) continue;
      z = (const char*)sqlite3_column_text(stmt, n++);
      if( z ) look_at_cell(&p->column[i], z);
    }
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? 1 : plan_fail(p);
}
