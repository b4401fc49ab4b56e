/* What the rows of a source say, and what has to be asked: see plan.h. */
#include "sql/import/plan.h"

#include <stdarg.h>

/* The first complaint is the one that is told. */
int plan_ask(ImportPlan *p, const char *format, ...){
  va_list args;
  if( p->ask ) return 1;
  va_start(args, format);
  p->ask = sqlite3_vmprintf(plan_text(p, format), args);
  va_end(args);
  return p->ask!=0;
}

void plan_remark(ImportPlan *p, ImportColumn *c, const char *format, ...){
  va_list args;
  char *more, *both;
  va_start(args, format);
  more = sqlite3_vmprintf(format, args);
  va_end(args);
  both = more && c->remark ? sqlite3_mprintf("%s; %s", c->remark, more) : more;
  if( both==0 ) p->noMemory = 1;
  if( both!=more ) sqlite3_free(more);
  if( both==0 ) return;
  sqlite3_free(c->remark);
  c->remark = both;
}

static const double TEN_TO[] = { 1, 10, 100, 1e3, 1e4, 1e5, 1e6 };

/* ---- columns ---- */

#define COUNTED_AT_ONCE 400

/* How many cells are filled, of all columns. */
static int profile_filled(ImportPlan *p){
  int from, i;
  for(from=0; from<p->count; from+=COUNTED_AT_ONCE){
    int n = p->count - from < COUNTED_AT_ONCE ? p->count - from : COUNTED_AT_ONCE;
    int64_t count[COUNTED_AT_ONCE];
    Buffer sql = {0};
    buffer_printf(&sql, "SELECT ");
    for(i=0; i<n; i++){
      buffer_printf(&sql, "%scoalesce(sum(", i ? ", " : "");
      plan_filled(p, &sql, from + i);
      buffer_printf(&sql, "), 0)");
    }
    buffer_printf(&sql, " FROM %s", p->source.from);
    if( !plan_numbers(p, &sql, count, n) ) return 0;
    for(i=0; i<n; i++){
      p->column[from + i].filled = count[i];
      p->column[from + i].blank = p->rows - count[i];
    }
  }
  return 1;
}

/* The first filled cell, or the first that `where` finds. */
static int profile_example(ImportPlan *p, int column, const char *where){
  ImportColumn *c = &p->column[column];
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  buffer_printf(&sql, "SELECT line, v FROM (SELECT %s AS line, \"%w\" AS v FROM %s) WHERE v IS NOT NULL AND trim(v) <> ''%s%s LIMIT 1",
                p->line, c->name, p->source.from, where ? " AND " : "", where ? where : "");
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW ){
    const char *z = (const char*)sqlite3_column_text(stmt, 1);
    sqlite3_free(c->example);
    c->exampleLine = sqlite3_column_int64(stmt, 0);
    c->example = sqlite3_mprintf("%.100s", z ? z : "");
    if( c->example==0 ) p->noMemory = 1;
    else if( z && strlen(z) > 100 ) text_mend(c->example);
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? 1 : plan_fail(p);
}

/* An example of bytes that are no UTF-8 would be no text. */
static int profile_bytes(ImportPlan *p){
  int i;
  for(i=0; i<p->count; i++){
    if( p->column[i].example && !import_is_utf8((const unsigned char*)p->column[i].example) && strlen(p->column[i].example) < 90 ){
      int good = profile_encoding(p, "its cells");
      sqlite3_free(p->column[i].example);
      p->column[i].example = 0;
      return good;
    }
  }
  return 1;
}

static int profile_no_amount(ImportPlan *p, int column, int64_t bad){
  ImportColumn *c = &p->column[column];
  Buffer sql = {0};
  int64_t n = 0;
  buffer_printf(&sql, "SELECT count(*) FROM %s WHERE ", p->source.from);
  plan_filled(p, &sql, column);
  buffer_printf(&sql, " AND NOT ");
  plan_is_total(p, &sql);
  if( !plan_numbers(p, &sql, &n, 1) ) return 0;
  return n!=bad || plan_ask(p, "no cell of column %s is an amount, for example '%s': add {\"amount\": \"HEADER\"} with another column to the mapping", c->name, c->example ? c->example : "");
}

static int profile_empty(ImportPlan *p, int column){
  ImportColumn *c = &p->column[column];
  Buffer sql = {0};
  int64_t n = 0;
  if( p->rows - p->totals==0 || c->example ) return 1;
  buffer_printf(&sql, "SELECT EXISTS (SELECT 1 FROM %s WHERE ", p->source.from);
  plan_filled(p, &sql, column);
  buffer_printf(&sql, ")");
  if( !plan_numbers(p, &sql, &n, 1) ) return 0;
  return n || plan_ask(p, "column %s is empty, and no other is known to be the amount: add {\"amount\": \"HEADER\"} to the mapping, or {\"amount\": null} for price and quantity", c->name);
}

static int profile_amounts(ImportPlan *p, int column){
  ImportColumn *c = &p->column[column];
  char *where = sqlite3_mprintf("parse_amount(v, %d) IS NULL", p->decimals + c->power);
  Buffer sql = {0};
  int64_t bad = 0;
  int good;
  if( where==0 ) return 0;
  buffer_printf(&sql, "SELECT count(*) FROM %s WHERE ", p->source.from);
  plan_bad_money(p, &sql, column);
  buffer_printf(&sql, " AND NOT ");
  plan_is_total(p, &sql);
  good = plan_numbers(p, &sql, &bad, 1);
  c->rejected = bad;
  if( good && bad ) good = profile_example(p, column, where);
  if( good && bad ) plan_remark(p, c, "no amount with at most %d decimals", p->decimals + c->power);
  if( good && bad && c->role==ROLE_AMOUNT ) good = profile_second_table(p, column) && profile_no_amount(p, column, bad);
  if( good && !bad && c->role==ROLE_AMOUNT && c->rank ) good = profile_empty(p, column);
  if( good && c->power ) plan_remark(p, c, c->power < 0 ? "in hundredths, as its header says" : "in units of 10^%d, as its header says", c->power);
  sqlite3_free(where);
  return good;
}

/* Rupiah and dong are written with dots and have no decimals. */
static int profile_is_whole(const ImportColumn *c){
  static const char *const SIGN[] = { "Rp", "IDR", "VND", "₫", "đ" };
  size_t i;
  for(i=0; i<sizeof SIGN/sizeof SIGN[0]; i++) if( strstr(c->name, SIGN[i]) || (c->example && strstr(c->example, SIGN[i])) ) return 1;
  return 0;
}

/* Where nothing decides whether a dot parts thousands, that is asked. */
static int profile_decimal(ImportPlan *p, int column){
  ImportColumn *c = &p->column[column];
  int64_t n[DECIMAL_SIGNS];
  if( !decimal_sign_count(p, column, n) ) return 0;
  c->decimal = p->decimal;
  if( n[DECIMAL_SIGN_UNDECIDED]==0 || p->decimal ) return 1;
  if( n[DECIMAL_SIGN_COMMA] && !n[DECIMAL_SIGN_DOT] ){
    c->decimal = ',';
    plan_remark(p, c, "dots part thousands, the comma stands before decimals");
    return 1;
  }
  if( n[DECIMAL_SIGN_DOT] && !n[DECIMAL_SIGN_COMMA] ) return 1;
  if( !n[DECIMAL_SIGN_DOT] && profile_is_whole(c) ){
    c->decimal = ',';
    plan_remark(p, c, "dots part thousands, as this currency has no decimals");
    return 1;
  }
  if( !profile_example(p, column, "v GLOB '*[0-9].[0-9][0-9][0-9]*' AND v NOT LIKE '%,%'") ) return 0;
  plan_remark(p, c, "whether a dot parts thousands nothing decides");
  return plan_ask(p, "whether '%s' in column %s has decimals or parts thousands by its dot is not certain: add {\"decimal_sign\": \".\"} or {\"decimal_sign\": \",\"} to the mapping",
                     c->example, c->name);
}

int profile_money(ImportPlan *p, int column){
  ImportColumn *c = &p->column[column];
  if( p->decimals + c->power < 0 ){
    return plan_ask(p, "column %s is in hundredths, as its header says, and the books have %d decimals: add {\"decimals\": 2} to the mapping", c->name, p->decimals);
  }
  return profile_decimal(p, column) && profile_amounts(p, column);
}

/* Without a column of times. */
static void profile_not_when(ImportPlan *p, int column){
  int i, k;
  for(i=k=0; i<p->times; i++) if( p->time[i]!=column ) p->time[k++] = p->time[i];
  p->times = k;
  p->column[column].used = 0;
}

/* No cell of the column that can be no time at once is one: the next column that is one says when, else it is asked. */
static int profile_no_time(ImportPlan *p, int column){
  ImportColumn *c = &p->column[column];
  Buffer sql = {0};
  int64_t n[2] = { 0, 0 };
  buffer_printf(&sql, "SELECT coalesce(sum(parse_time(\"%w\") IS NOT NULL), 0), coalesce(sum(parse_time(\"%w\", 'ymd') IS NOT NULL), 0) FROM %s WHERE ", c->name, c->name, p->source.from);
  plan_filled(p, &sql, column);
  if( !plan_numbers(p, &sql, n, 2) ) return 0;
  if( n[0] || (p->order[0]=='y' && n[1]) || c->role!=ROLE_TIME ) return 1;
  if( p->times==1 ) return plan_ask(p, "no cell of column %s is a time, for example '%s': write dates as 2025-03-04, or add {\"time\": \"HEADER\"} with another column to the mapping", c->name, c->example ? c->example : "");
  profile_not_when(p, column);
  return 1;
}

/* 25/03/04 may be a day of 2025 or of 2004.  Of years there are fewer than of days: where the cells are too few to
** tell, and can be read with the year first as well as last, that is asked; 04.03.25 is Europe's. */
static int profile_year_first(ImportPlan *p, int column){
  ImportColumn *c = &p->column[column];
  enum { CELLS, FIRST, DMY, MDY, YEARS, DAYS, DOTS, COUNT };
  int64_t n[COUNT] = {0};
  const char *q = c->name;
  Buffer sql = {0};
  buffer_printf(&sql, "SELECT count(*), count(y), count(d), count(m), count(DISTINCT substr(y, 1, 4)), count(DISTINCT substr(y, 9, 2)), sum(v GLOB '[0-9][0-9].[0-9][0-9].[0-9][0-9]*') FROM (SELECT \"%w\" AS v, parse_time(\"%w\", 'ymd') AS y, parse_time(\"%w\", 'dmy') AS d,"
                      " parse_time(\"%w\", 'mdy') AS m FROM %s WHERE parse_time(\"%w\") IS NULL AND ", q, q, q, q, p->source.from, q);
  plan_filled(p, &sql, column);
  buffer_printf(&sql, " AND NOT ");
  plan_is_total(p, &sql);
  buffer_printf(&sql, ")");
  if( !plan_numbers(p, &sql, n, COUNT) ) return 0;
  if( n[FIRST]==0 || n[FIRST] < n[CELLS] ) return 1;
  if( n[DMY] < n[CELLS] && n[MDY] < n[CELLS] ){ memcpy(c->order, "ymd", 4); return 1; }
  if( n[DOTS]==n[CELLS] || (n[YEARS] >= 3 && n[YEARS] >= 2*n[DAYS]) ) return 1;
  if( n[DAYS] >= 3 && n[DAYS] >= 2*n[YEARS] ){ memcpy(c->order, "ymd", 4); return 1; }
  if( !profile_example(p, column, "parse_time(v) IS NULL AND parse_time(v, 'ymd') IS NOT NULL") ) return 0;
  plan_remark(p, c, "whether the year stands first or last nothing decides");
  return plan_ask(p, "whether the year stands first or last in column %s is not certain, for example '%s': add {\"day_order\": \"ymd\"} or {\"day_order\": \"%s\"} to the mapping",
                     c->name, c->example, n[DMY]==n[CELLS] ? "dmy" : "mdy");
}

/* Dates with the year first of days up to 12 alone, beside 15/03/2025: a spreadsheet of the other order has turned
** those that it could read, and left the others. */
static int profile_turned(ImportPlan *p, int column, int dmy){
  ImportColumn *c = &p->column[column];
  Buffer sql = {0};
  int64_t n[3] = { 0, 0, 0 };
  buffer_printf(&sql, "SELECT count(t), coalesce(sum(substr(t, 9, 2) > '12'), 0), count(DISTINCT substr(t, 6, 5)) FROM (SELECT parse_time(\"%w\") AS t FROM %s WHERE \"%w\" GLOB '[12][0-9][0-9][0-9][-/]*')", c->name, p->source.from, c->name);
  if( !plan_numbers(p, &sql, n, 3) ) return 0;
  if( n[0]==0 || n[1] ) return 1;
  if( p->order[0]=='y' ){ memcpy(c->order, dmy ? "dmy" : "mdy", 4); return 1; }          /* the others can be read one way only */
  if( p->order[0] ){ c->turned = p->order[0]==(dmy ? 'd' : 'm'); return 1; }
  if( !profile_example(p, column, dmy ? "parse_time(v, 'dmy') IS NOT NULL AND v NOT GLOB '[12][0-9][0-9][0-9]*'" : "parse_time(v, 'mdy') IS NOT NULL AND v NOT GLOB '[12][0-9][0-9][0-9]*'") ) return 0;
  plan_remark(p, c, "day and month of %lld dates may be turned", (long long)n[0]);
  return plan_ask(p, "column %s has '%s' beside dates with the year first, all %lld of them of days up to 12, so a spreadsheet may have taken day for month: add {\"day_order\": \"%s\"} to the mapping to turn those back, {\"day_order\": \"ymd\"} to leave them",
                     c->name, c->example, (long long)n[0], dmy ? "dmy" : "mdy");
}

/* Decides whether day or month stands first; where nothing does, that is asked. */
int profile_time(ImportPlan *p, int column){
  ImportColumn *c = &p->column[column];
  int64_t n[5] = { 0, 0, 0, 0, 0 };                   /* either way, dmy alone, mdy alone, neither; not without an order */
  const char *q = c->name;
  Buffer sql = {0};
  buffer_printf(&sql, "SELECT sum(a IS NOT NULL AND b IS NOT NULL AND x IS NULL), sum(a IS NOT NULL AND b IS NULL), sum(a IS NULL AND b IS NOT NULL),"
                      " sum(a IS NULL AND b IS NULL AND x IS NULL), sum(x IS NULL) FROM (SELECT parse_time(\"%w\") AS x, parse_time(\"%w\", 'dmy') AS a,"
                      " parse_time(\"%w\", 'mdy') AS b FROM %s WHERE ", q, q, q, p->source.from);
  plan_filled(p, &sql, column);
  buffer_printf(&sql, " AND NOT (\"%w\" GLOB '[12][0-9][0-9][0-9][-/]*' AND parse_time(\"%w\") IS NOT NULL) AND NOT ", q, q);
  plan_is_total(p, &sql);
  buffer_printf(&sql, ")");
  if( !plan_numbers(p, &sql, n, 5) ) return 0;
  if( n[4] && p->order[0]==0 && !profile_year_first(p, column) ) return 0;
  if( !p->ask && n[0]==0 && (n[1]==0)!=(n[2]==0) && !profile_turned(p, column, n[1] > 0) ) return 0;
  if( p->ask || c->order[0] ) return 1;
  c->rejected = n[3];
  if( p->order[0] ) memcpy(c->order, p->order, 4);
  else if( n[1] && !n[2] ) memcpy(c->order, "dmy", 4);
  else if( n[2] && !n[1] ) memcpy(c->order, "mdy", 4);
  if( c->order[0] ) plan_remark(p, c, "read as %s", c->order[0]=='d' ? "day/month/year" : c->order[0]=='m' ? "month/day/year" : "year/month/day");
  if( n[0] && c->order[0]==0 ){
    if( !profile_example(p, column, "parse_time(v) IS NULL AND parse_time(v, 'dmy') IS NOT NULL") ) return 0;
    plan_remark(p, c, "which is the day and which the month nothing decides");
    return plan_ask(p, "the order of day and month in column %s is not certain, for example '%s': add {\"day_order\": \"dmy\"} or {\"day_order\": \"mdy\"} to the mapping",
                       c->name, c->example);
  }
  if( c->order[0]=='d' ) c->rejected += n[2];
  if( c->order[0]=='m' ) c->rejected += n[1];
  if( c->rejected && !profile_example(p, column, c->order[0]=='d' ? "parse_time(v, 'dmy') IS NULL" : c->order[0]=='m' ? "parse_time(v, 'mdy') IS NULL" : "parse_time(v) IS NULL") ) return 0;
  if( c->rejected ) plan_remark(p, c, "no time");
  if( c->rejected && c->role==ROLE_TIME && c->rank >= 3 && p->times > 1 ){           /* by its words alone it was one */
    c->rejected = 0;
    profile_not_when(p, column);
    return 1;
  }
  return c->rejected==0 || c->rejected < n[0] + n[1] + n[2] + n[3] || profile_no_time(p, column);
}

/* The one cell that is known may already say that it is not. */
static int looks_like_clock(const char *z){
  int digits = 0;
  z += strspn(z, " \t\r\n");
  while( *z >= '0' && *z <= '9' ){ digits++; z++; }
  return digits > 0 && digits <= 6 && (digits <= 2 ? *z==':' : (*z==0 || *z==' '));
}

/* Columns of times of day alone say no time; the first one goes with the dates beside it. */
static int profile_clocks(ImportPlan *p){
  int i, kept = 0, clock = -1;
  for(i=0; i<p->times; i++){
    ImportColumn *c = &p->column[p->time[i]];
    Buffer sql = {0};
    int64_t n[3] = { 0, 0, 0 };
    if( c->example && !looks_like_clock(c->example) ){ p->time[kept++] = p->time[i]; continue; }
    buffer_printf(&sql, "SELECT count(*), coalesce(sum(trim(\"%w\") GLOB '[0-9]:[0-9][0-9]*' OR trim(\"%w\") GLOB '[0-9][0-9]:[0-9][0-9]*'), 0),"
                        " coalesce(sum(substr('0' || trim(\"%w\"), -6) GLOB '[0-2][0-9][0-5][0-9][0-5][0-9]' AND length(trim(\"%w\")) IN (5, 6)"
                        " AND substr('0' || trim(\"%w\"), -6) < '24'), 0) FROM %s WHERE ", c->name, c->name, c->name, c->name, c->name, p->source.from);
    plan_filled(p, &sql, p->time[i]);
    buffer_printf(&sql, " AND NOT ");
    plan_is_total(p, &sql);
    if( !plan_numbers(p, &sql, n, 3) ) return 0;
    if( n[0]==0 || (n[0]!=n[1] && n[0]!=n[2]) ){ p->time[kept++] = p->time[i]; continue; }
    c->isClock = n[0]==n[1] ? 1 : 2;
    if( clock < 0 ) clock = p->time[i];
    else c->used = 0;
  }
  p->times = kept;
  if( clock < 0 ) return 1;
  if( kept ) p->clock = clock;
  else p->column[clock].used = 0;
  plan_remark(p, &p->column[clock], kept ? "the time of day of the date beside it" : "a time of day alone");
  return 1;
}

/* 00123 beside 123: a spreadsheet takes the zeros off where it takes a number for one. */
static int profile_zeros(ImportPlan *p, int column){
  ImportColumn *c = &p->column[column];
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int good = 1;
  buffer_printf(&sql, "SELECT min(v), max(v) FROM (SELECT DISTINCT trim(\"%w\") AS v FROM %s WHERE \"%w\" GLOB '*[0-9]*') WHERE v NOT GLOB '*[^0-9]*' AND length(v) < 30 GROUP BY ltrim(v, '0') HAVING count(*) > 1 LIMIT 1", c->name, p->source.from, c->name);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW ){
    plan_remark(p, c, "zeros may have been lost");
    good = plan_ask(p, "column %s holds '%s' and '%s', which may be one customer whose zeros a spreadsheet took off: take the file as the platform gave it, or add {\"customer\": \"%s\"} to the mapping if they are two", c->name,
                    sqlite3_column_text(stmt, 0), sqlite3_column_text(stmt, 1), c->name);
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? good : plan_fail(p);
}

static int profile_id(ImportPlan *p, int column){
  ImportColumn *c = &p->column[column];
  Buffer sql = {0};
  int64_t lost = 0;
  if( c->ledByZero && c->rank && column==p->chosen[ROLE_CUSTOMER] && !profile_zeros(p, column) ) return 0;
  buffer_printf(&sql, "SELECT count(*) FROM %s WHERE ", p->source.from);
  plan_filled(p, &sql, column);
  buffer_printf(&sql, " AND ");
  plan_id(p, &sql, column);
  buffer_printf(&sql, " IS NULL");
  if( !plan_numbers(p, &sql, &lost, 1) ) return 0;
  c->rejected = lost;
  if( lost==0 ) return 1;
  if( !profile_example(p, column, "parse_id(v) IS NULL") ) return 0;
  plan_remark(p, c, "a spreadsheet has lost digits");
  return plan_ask(p, "column %s holds '%s': a spreadsheet has lost the digits of %lld values; take the file as the platform gave it, or map another column, "
                        "{\"%s\": \"...\"}", c->name, c->example, (long long)lost, IMPORT_ROLE_NAMES[c->role]);
}

/* Where two columns could both be the amount (or the refund) and say different things, nobody
** but the user knows which. */
static int profile_rivals(ImportPlan *p, ImportRole role){
  int chosen = p->chosen[role], i;
  for(i=0; chosen >= 0 && p->column[chosen].rank && i<p->count; i++){
    ImportColumn *c = &p->column[i];
    Buffer sql = {0};
    sqlite3_stmt *stmt;
    int64_t n = 0;
    int good = 1;
    if( i==chosen || c->role!=role || c->rank!=p->column[chosen].rank ) continue;
    buffer_printf(&sql, "SELECT count(*), trim(coalesce(a, '')), trim(b) FROM (SELECT \"%w\" AS a, \"%w\" AS b FROM %s WHERE ", p->column[chosen].name, c->name, p->source.from);
    plan_money(p, &sql, i);
    buffer_printf(&sql, " IS NOT NULL AND ");
    plan_money(p, &sql, chosen);
    buffer_printf(&sql, " IS NOT ");
    plan_money(p, &sql, i);
    buffer_printf(&sql, " AND NOT ");
    plan_is_total(p, &sql);
    buffer_printf(&sql, ")");
    stmt = plan_prepare(p, &sql);
    if( stmt==0 ) return 0;
    if( sqlite3_step(stmt)==SQLITE_ROW && (n = sqlite3_column_int64(stmt, 0)) > 0 ){
      const char *key = IMPORT_ROLE_NAMES[role];
      plan_remark(p, c, "differs from %s in %lld %s", p->column[chosen].name, (long long)n, n==1 ? "row" : "rows");
      good = plan_ask(p, "columns %s and %s could both be the %s and differ in %lld %s, for example '%s' and '%s': add {\"%s\": \"%s\"} or {\"%s\": \"%s\"} to the mapping",
        p->column[chosen].name, c->name, key, (long long)n, plan_text(p, n==1 ? "row" : "rows"), sqlite3_column_text(stmt, 1), sqlite3_column_text(stmt, 2),
        key, p->column[chosen].name, key, c->name);
    }
    if( sqlite3_finalize(stmt)!=SQLITE_OK ) return plan_fail(p);
    if( !good ) return 0;
  }
  return 1;
}

/* Money went back, and nobody says how much. */
static int profile_after_sale(ImportPlan *p){
  int column = p->chosen[ROLE_AFTER_SALE], good = 1;
  ImportColumn *c;
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int64_t n;
  if( column < 0 ) return 1;
  c = &p->column[column];
  if( p->chosen[ROLE_REFUND] >= 0 ){
    c->used = 0;
    return 1;
  }
  buffer_printf(&sql, "SELECT count(*), coalesce(sum(");
  plan_amount(p, &sql);
  buffer_printf(&sql, "), 0), trim(\"%w\") FROM %s WHERE ", c->name, p->source.from);
  plan_sent_back(p, &sql);
  buffer_printf(&sql, " AND (");
  plan_none(p, &sql);
  buffer_printf(&sql, ") IS NOT 1 AND NOT ");                    /* a state that says that all went back is enough */
  plan_back(p, &sql);
  buffer_printf(&sql, " AND NOT ");
  plan_is_total(p, &sql);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW && (n = sqlite3_column_int64(stmt, 0)) > 0 && p->refundIs==REFUND_UNKNOWN ){
    char *money = sqlite3_mprintf("%.*f", p->decimals, (double)sqlite3_column_int64(stmt, 1)/TEN_TO[p->decimals]);
    plan_remark(p, c, "money went back, how much is not said");
    good = money && plan_ask(p, "column %s says '%s' of %lld %s (%s), and no column says how much went back: add {\"refund_is\": \"all\"} to the mapping if that was the whole"
      " amount, {\"refund_is\": \"none\"} if it is to count, or {\"refund\": \"HEADER\"}", c->name, sqlite3_column_text(stmt, 2), (long long)n, plan_text(p, n==1 ? "row" : "rows"), money);
    sqlite3_free(money);
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? good : plan_fail(p);
}

/* The import finds the same in its own table of orders. */
static int profile_lines(ImportPlan *p){
  Buffer sql = {0};
  int good;
  if( p->chosen[ROLE_ORDER] < 0 || p->chosen[ROLE_AMOUNT] < 0 || p->lines ) return 1;
  buffer_printf(&sql, "(SELECT k, %s AS customer", PLAN_BUYER(p));
  plan_line_columns(p, &sql);
  buffer_printf(&sql, " FROM (SELECT ");
  plan_id(p, &sql, p->chosen[ROLE_ORDER]);
  buffer_printf(&sql, " AS k, ");
  plan_customer(p, &sql);
  buffer_printf(&sql, " AS customer, ");
  if( p->times ) plan_time(p, &sql, p->time[0]);
  else buffer_printf(&sql, "NULL");
  buffer_printf(&sql, " AS t0, ");
  plan_amount(p, &sql);
  buffer_printf(&sql, " AS a, ");
  plan_none(p, &sql);
  buffer_printf(&sql, " AS none, ");
  plan_is_discount(p, &sql);
  buffer_printf(&sql, " AS lower FROM %s WHERE NOT ", p->source.from);
  plan_is_total(p, &sql);
  plan_only_currency(p, &sql);
  buffer_printf(&sql, ") WHERE k IS NOT NULL GROUP BY k, coalesce(a < 0, 0) AND NOT lower)");
  buffer_put_byte(&sql, 0);
  good = !sql.failed && plan_judge_lines(p, (char*)sql.data);
  buffer_destroy(&sql);
  return good;
}

static int profile_currency(ImportPlan *p, int column){
  ImportColumn *c = &p->column[column];
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int many = 0, good = 1;
  buffer_printf(&sql, "SELECT group_concat(v, ', '), count(*), min(v) FROM (SELECT DISTINCT upper(trim(\"%w\")) AS v FROM %s WHERE ", c->name, p->source.from);
  plan_filled(p, &sql, column);
  buffer_printf(&sql, " LIMIT 20)");
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW && (many = sqlite3_column_int(stmt, 1)) > 1 ){
    plan_remark(p, c, "several currencies: %s", sqlite3_column_text(stmt, 0));
    if( p->currency==0 ){
      good = plan_ask(p, "column %s holds several currencies (%s), which do not add up: add {\"only_currency\": \"%s\"} to the mapping to import one of them",
                         c->name, sqlite3_column_text(stmt, 0), sqlite3_column_text(stmt, 2));
    }
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? good : plan_fail(p);
}

/* ---- all of it ---- */

static char *headers(const ImportPlan *p){
  Buffer b = {0};
  int i;
  for(i=0; i<p->count && b.size < 240; i++) buffer_printf(&b, "%s%s", i ? ", " : "", p->column[i].name);
  if( i<p->count ) buffer_printf(&b, " ...");
  buffer_put_byte(&b, 0);
  return b.failed ? 0 : (char*)b.data;
}

int plan_has_money(const ImportPlan *p){
  return p->chosen[ROLE_AMOUNT] >= 0 || (p->chosen[ROLE_PRICE] >= 0 && p->chosen[ROLE_QUANTITY] >= 0);
}

/* All that is not known, in one question. */
static int ask_several(ImportPlan *p, int hasAmount, const char *list){
  int nobody = p->chosen[ROLE_CUSTOMER] < 0 && !plan_is_anonymous(p), good;
  char *what = sqlite3_mprintf("%s%s%s%s%s", hasAmount ? "" : "amount", !hasAmount && p->times==0 ? ", " : "", p->times ? "" : "time", nobody ? ", " : "", nobody ? "customer" : "");
  char *add = sqlite3_mprintf("{%s%s%s%s%s}", hasAmount ? "" : "\"amount\": \"HEADER\"", !hasAmount && p->times==0 ? ", " : "", p->times ? "" : "\"time\": \"HEADER\"", nobody ? ", " : "", nobody ? "\"customer\": \"HEADER\"" : "");
  good = what && add && plan_ask(p, "no column is known to be the %s; add them to the mapping, %s%s; the headers are: %s", what, add,
                                 nobody ? plan_text(p, ", or {\"customer\": null} to import orders without customers") : "", list);
  sqlite3_free(what);
  sqlite3_free(add);
  return good;
}

static int profile_lacking(ImportPlan *p){
  int hasAmount = plan_has_money(p);
  const char *what = p->contacts ? (p->chosen[ROLE_CUSTOMER] < 0 ? "customer" : 0) : !hasAmount ? "amount" : p->times==0 ? "time" : p->chosen[ROLE_CUSTOMER] < 0 && !plan_is_anonymous(p) ? "customer" : 0;
  char *list;
  int good, lines = p->lines;
  if( p->refunds ){
    int64_t there;
    return profile_lines_there(p, &there)
        && (there || plan_ask(p, "these are refunds, and no order of theirs is there: import the orders first, or add {\"amount\": \"HEADER\"} to the mapping if the rows are orders"));
  }
  if( what==0 || p->list ) return 1;
  if( p->lines ){
    int64_t there;
    if( !profile_lines_there(p, &there) ) return 0;
    if( there ) return 1;
    p->lines = 0;
  }
  if( p->platform && strcmp(p->platform, "WeCom behaviour")==0 ){
    const char *quoted = strpbrk(p->sourceText, " .-") ? p->source.from + strcspn(p->source.from, ".") + 1 : 0;
    return plan_ask(p, "these are WeCom's figures by staff and day (get_user_behavior_data), in which there is no order; query them as they are: "
                          "SELECT userid, sum(new_contact_cnt), sum(negative_feedback_cnt) FROM %s GROUP BY 1", quoted ? quoted : p->sourceText);
  }
  if( !profile_title(p) || (p->ask==0 && !profile_list(p, 0)) ) return 0;
  if( p->list || p->ask ) return 1;
  list = headers(p);
  if( !p->contacts && !lines && hasAmount + (p->times > 0) + (p->chosen[ROLE_CUSTOMER] >= 0 || plan_is_anonymous(p)) < 2 ) good = list && ask_several(p, hasAmount, list);
  else good = list && plan_ask(p, "no column is known to be the %s; add it to the mapping, {\"%s\": \"HEADER\"}%s%s; the headers are: %s", what, what, lines ? plan_text(p, ", or import the orders first if these are lines of orders") : "",
                               strcmp(what, "customer")==0 && !p->contacts ? plan_text(p, ", or {\"customer\": null} to import orders without customers") : "", list);
  sqlite3_free(list);
  return good;
}

static int profile_one(ImportPlan *p, int i){
  ImportColumn *c = &p->column[i];
  if( !c->used ) return 1;
  switch( c->role ){
    case ROLE_AMOUNT: case ROLE_REFUND: case ROLE_PRICE: return profile_money(p, i);
    case ROLE_TIME: case ROLE_REFUND_TIME: case ROLE_ADDED: case ROLE_DELETED: return c->isClock ? 1 : profile_time(p, i);
    case ROLE_ORDER: case ROLE_CUSTOMER: case ROLE_REFERRER: return profile_id(p, i);
    case ROLE_STATUS: return profile_status(p, i);
    case ROLE_CURRENCY: return profile_currency(p, i);
    default: return 1;
  }
}

int plan_read(ImportPlan *p, int all){
  Buffer sql = {0};
  int i, good;
  int64_t n[2] = { 0, 0 };
  good = profile_form(p);
  if( !good || (p->ask && !all) ) return good;
  if( !profile_units(p) || !profile_blanks(p) || !profile_candidates(p) ) return 0;
  import_amount_is(p);
  buffer_printf(&sql, "SELECT count(*), coalesce(sum(");
  plan_is_total(p, &sql);
  buffer_printf(&sql, "), 0) FROM %s", p->source.from);
  if( !plan_numbers(p, &sql, n, 2) ) return 0;
  p->rows = n[0];
  p->totals = n[1];
  p->read = 1;
  if( all && !profile_filled(p) ) return 0;
  for(i=0; i<p->count; i++) if( (all || p->column[i].used) && !profile_example(p, i, 0) ) return 0;
  if( !profile_bytes(p) ) return 0;
  if( p->ask ) return 1;
  if( !profile_clocks(p) || !profile_refunds(p) || (!p->refunds && !profile_sums(p)) || !profile_lacking(p) || !profile_two_lines(p) ) return 0;
  if( (p->ask && !all) || p->list ) return !p->noMemory;
  if( p->refunds ){
    for(i=0; i<p->count; i++) if( p->column[i].role==ROLE_REFUND || p->column[i].role==ROLE_REFUND_TIME || p->column[i].role==ROLE_ORDER ) if( !profile_one(p, i) ) return 0;
    return profile_rivals(p, ROLE_REFUND) && !p->noMemory;
  }
  if( !profile_masked(p) || (plan_has_money(p) && !profile_flags(p)) ) return 0;
  for(i=0; i<p->count; i++) if( !profile_one(p, i) ) return 0;
  if( plan_has_money(p) && (!profile_parcels(p) || !profile_signs(p) || !profile_price_less(p) || !profile_kind(p) || !profile_partial(p) || !profile_discounts(p) || !profile_fees(p)) ) return 0;
  if( !profile_rivals(p, ROLE_AMOUNT) || !profile_rivals(p, ROLE_REFUND) ) return 0;
  if( plan_has_money(p) && (!profile_unread_refund(p) || !profile_after_sale(p)) ) return 0;
  if( plan_has_money(p) && !p->lines && !profile_books(p) ) return 0;
  return (!all || profile_lines(p)) && !p->noMemory;
}
