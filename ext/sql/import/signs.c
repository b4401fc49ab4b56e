/*
** Currencies that amounts carry themselves, $20 below 30 €: they do not add up.  A column of
** currencies decides where there is one; cells without a sign go with any.
*/
#include "sql/import/plan.h"

#define SIGNS_MAX 100

/* What may stand around a number: digits, their signs and blanks. */
#define SIGN_TRIM "'0123456789.,''+-() ' || char(9, 160, 12288)"

static const struct { const char *sign, *code; } CURRENCIES[] = {
  { "HK$", "HKD" }, { "NT$", "TWD" }, { "US$", "USD" }, { "A$", "AUD" }, { "C$", "CAD" }, { "CA$", "CAD" }, { "S$", "SGD" }, { "R$", "BRL" }, { "MX$", "MXN" }, { "NZ$", "NZD" }, { "$", "USD" }, { "＄", "USD" },
  { "€", "EUR" }, { "£", "GBP" }, { "￡", "GBP" }, { "￥", "CNY" }, { "¥", "CNY" }, { "元", "CNY" }, { "块", "CNY" }, { "圆", "CNY" }, { "RMB", "CNY" }, { "CNH", "CNY" }, { "人民币", "CNY" },
  { "円", "JPY" }, { "₩", "KRW" }, { "₹", "INR" }, { "₽", "RUB" }, { "฿", "THB" }, { "₫", "VND" }, { "₱", "PHP" }, { "₺", "TRY" }, { "RM", "MYR" }, { "kr", "SEK" }, { "zł", "PLN" }, { "Fr.", "CHF" },
  { "美元", "USD" }, { "欧元", "EUR" }, { "港币", "HKD" }, { "港元", "HKD" }, { "日元", "JPY" }, { "英镑", "GBP" }
};
static const char *const CODES[] = { "CNY", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "MOP", "SGD", "MYR", "THB", "VND", "IDR", "PHP", "KRW", "INR", "AUD", "NZD", "CAD", "CHF", "SEK", "NOK", "DKK",
                                     "PLN", "CZK", "HUF", "RON", "TRY", "RUB", "BRL", "MXN", "ZAR", "AED", "SAR", "ILS" };

/* The code of what stands around a number, or NULL; 12 $ and $12 are trimmed alike. */
static const char *sign_code(const char *z){
  size_t i;
  for(i=0; i<sizeof CODES/sizeof CODES[0]; i++) if( sqlite3_strnicmp(z, CODES[i], 3)==0 && (z[3]==0 || z[3]==' ' || strchr("0123456789.-$", z[3])) ) return CODES[i];
  for(i=0; i<sizeof CURRENCIES/sizeof CURRENCIES[0]; i++) if( sqlite3_stricmp(z, CURRENCIES[i].sign)==0 ) return CURRENCIES[i].code;
  return 0;
}

/* The texts around the numbers of a column, each with its code. */
static int signs_read(ImportPlan *p, int column){
  const char *name = p->column[column].name;
  size_t capacity = (size_t)p->signs;
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int good = 1;
  buffer_printf(&sql, "SELECT DISTINCT trim(\"%w\", " SIGN_TRIM ") FROM %s WHERE \"%w\" GLOB '*[^0-9.,()+ -]*' LIMIT %d", name, p->source.from, name, SIGNS_MAX);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  while( good && sqlite3_step(stmt)==SQLITE_ROW ){
    const char *z = (const char*)sqlite3_column_text(stmt, 0), *code = z ? sign_code(z) : 0;
    if( code==0 ) continue;
    good = memory_grow((void**)&p->sign, &capacity, (size_t)p->signs + 1, sizeof *p->sign)==STATUS_OK;
    if( !good ) break;
    memset(&p->sign[p->signs], 0, sizeof *p->sign);
    p->sign[p->signs].code = code;
    p->sign[p->signs].column = column;
    p->sign[p->signs].text = sqlite3_mprintf("%s", z);
    good = p->sign[p->signs++].text!=0;
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? good : plan_fail(p);
}

/* Yen has the sign of yuan. */
static const char *sign_of(const ImportPlan *p, int i){
  int k;
  if( strcmp(p->sign[i].text, "￥") && strcmp(p->sign[i].text, "¥") ) return p->sign[i].code;
  for(k=0; k<p->signs; k++) if( strcmp(p->sign[k].code, "JPY")==0 ) return "JPY";
  return p->sign[i].code;
}

/* A $ alone may be any dollar, or peso, and a ¥ a yen. */
static int sign_may_be(const char *sign, const char *currency){
  static const char *const DOLLARS[] = { "USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "COP", "CLP", "ARS" };
  size_t i;
  if( strcmp(sign, "￥")==0 || strcmp(sign, "¥")==0 ) return sqlite3_stricmp(currency, "JPY")==0;
  for(i=0; i<sizeof DOLLARS/sizeof DOLLARS[0]; i++) if( sqlite3_stricmp(DOLLARS[i], currency)==0 ) return strcmp(sign, "$")==0;
  return 0;
}

static int signs_ask(ImportPlan *p, ImportColumn *c){
  Buffer b = {0};
  int i, k, codes = 0, good;
  for(i=0; i<p->signs; i++){
    for(k=0; k<i && strcmp(sign_of(p, k), sign_of(p, i)); k++){}
    if( k < i ) continue;
    buffer_printf(&b, "%s%s", codes++ ? ", " : "", sign_of(p, i));
  }
  buffer_put_byte(&b, 0);
  good = !b.failed;
  if( good && codes > 1 ) plan_remark(p, c, "several currencies: %s", (char*)b.data);
  if( good && codes > 1 && p->currency==0 ){
    good = plan_ask(p, "column %s holds several currencies (%s), which do not add up: add {\"only_currency\": \"%s\"} to the mapping to import one of them", c->name, (char*)b.data, sign_of(p, 0));
  }
  if( codes < 2 ) p->signsDiffer = 0;
  else p->signsDiffer = 1;
  buffer_destroy(&b);
  return good;
}

int profile_signs(ImportPlan *p){
  static const ImportRole MONEY[] = { ROLE_AMOUNT, ROLE_REFUND, ROLE_PRICE };
  size_t i;
  int first = -1;
  if( p->chosen[ROLE_CURRENCY] >= 0 || p->lines ) return 1;
  for(i=0; i<sizeof MONEY/sizeof MONEY[0]; i++){
    int column = p->chosen[MONEY[i]];
    if( column < 0 || (MONEY[i]==ROLE_PRICE && p->chosen[ROLE_AMOUNT] >= 0) ) continue;
    if( first < 0 ) first = column;
    if( !signs_read(p, column) ) return 0;
  }
  return first < 0 || signs_ask(p, &p->column[first]);
}

/* AND ...: without the amounts of other currencies than the one that is wanted. */
void plan_only_currency(const ImportPlan *p, Buffer *b){
  const char *want = p->currency;
  int i;
  if( want==0 ) return;
  if( p->chosen[ROLE_CURRENCY] >= 0 ){
    buffer_printf(b, " AND coalesce(upper(trim(\"%w\")), '') IN ('', upper(%Q))", p->column[p->chosen[ROLE_CURRENCY]].name, p->currency);
    return;
  }
  if( sqlite3_stricmp(want, "RMB")==0 || sqlite3_stricmp(want, "CNH")==0 ) want = "CNY";
  for(i=0; i<p->signs; i++){
    if( sqlite3_stricmp(sign_of(p, i), want)==0 || (!p->signsDiffer && sign_may_be(p->sign[i].text, want)) ) continue;
    buffer_printf(b, " AND coalesce(trim(\"%w\", " SIGN_TRIM "), '') <> %Q", p->column[p->sign[i].column].name, p->sign[i].text);
  }
}
