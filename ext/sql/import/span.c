/*
** One order of a year that was mistyped is the end of all figures: whoever bought last year has been silent for
** 180 then.  What lies years after nearly all others, or where nobody's orders lie, is asked about.
*/
#include "sql/import/plan.h"

#include <stdlib.h>

#define SPAN_EARLIEST "1990-01-01"
#define SPAN_LATEST "2100-12-31"

#define SPAN_COUNTED "none IS NOT 1 AND NOT bad AND t IS NOT NULL"

static int span_ask(ImportPlan *p, const char *stage, int late){
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int good = 1;
  if( late ) buffer_printf(&sql, "SELECT substr(t, 1, 10), line, (SELECT substr(max(t), 1, 10) FROM %s WHERE " SPAN_COUNTED " AND t < date(s.t, '-3 years')) FROM %s AS s WHERE " SPAN_COUNTED " ORDER BY t DESC LIMIT 1", stage, stage);
  else buffer_printf(&sql, "SELECT substr(t, 1, 10), line, '" SPAN_EARLIEST "' FROM %s WHERE " SPAN_COUNTED " ORDER BY t LIMIT 1", stage);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW ){
    const char *day = (const char*)sqlite3_column_text(stmt, 0), *other = (const char*)sqlite3_column_text(stmt, 2);
    const long long line = (long long)sqlite3_column_int64(stmt, 1) + 1;
    if( late ) good = plan_ask(p, "the last order, in line %lld, is of %s, years after the others: mend that line, or add {\"until\": \"%s\"} to the mapping to leave out what is later, {\"until\": \"%s\"} if it is right",
                               line, day, other ? other : day, day);
    else good = plan_ask(p, "the first order, in line %lld, is of %s: mend that line, or add {\"since\": \"%s\"} to the mapping to leave out what is earlier, {\"since\": \"%s\"} if it is right",
                         line, day, other, day);
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? good : plan_fail(p);
}

/* A two hundredth of the orders, or one, in the last three years; of few orders in the last ten. */
static int span_is_late(ImportPlan *p, const char *stage, int64_t orders, const char *last, int *late){
  Buffer sql = {0};
  int64_t n = 0;
  *late = sqlite3_stricmp(last, SPAN_LATEST) > 0;
  if( *late || orders < 3 ) return 1;
  buffer_printf(&sql, "SELECT count(*) FROM %s WHERE " SPAN_COUNTED " AND t >= date(%Q, '-%d years')", stage, last, orders < 20 ? 10 : 3);
  if( !plan_numbers(p, &sql, &n, 1) ) return 0;
  *late = n <= (orders < 200 ? 1 : orders/200);
  return 1;
}

/* Orders that the mapping leaves out are rejected. */
static int span_leave_out(ImportPlan *p, const char *stage){
  Buffer sql = {0};
  if( p->since==0 && p->until==0 ) return 1;
  buffer_printf(&sql, "UPDATE %s SET bad = 2 WHERE " SPAN_COUNTED " AND (substr(t, 1, 10) < %Q OR substr(t, 1, 10) > %Q)", stage, p->since ? p->since : "", p->until ? p->until : "~");
  return plan_exec(p, &sql);
}

/* The first and the last day, of all rows or of those that count; how many. */
static int span_read(ImportPlan *p, const char *stage, const char *where, int64_t *orders, char first[12], char last[12]){
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  *orders = 0;
  buffer_printf(&sql, "SELECT count(t), substr(min(t), 1, 10), substr(max(t), 1, 10) FROM %s%s", stage, where);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW && (*orders = sqlite3_column_int64(stmt, 0)) > 0 ){
    sqlite3_snprintf(12, first, "%s", sqlite3_column_text(stmt, 1));
    sqlite3_snprintf(12, last, "%s", sqlite3_column_text(stmt, 2));
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? 1 : plan_fail(p);
}

int import_span(ImportPlan *p, const char *stage){
  char first[12] = "", last[12] = "";
  int64_t orders;
  int late = 0;
  if( !span_leave_out(p, stage) || !span_read(p, stage, "", &orders, first, last) ) return 0;
  if( orders==0 || (strcmp(first, SPAN_EARLIEST) >= 0 && strcmp(last, SPAN_LATEST) <= 0 && atoi(last) - atoi(first) < 3) ) return 1;         /* nothing lies far off */
  if( !span_read(p, stage, " WHERE " SPAN_COUNTED, &orders, first, last) ) return 0;
  if( orders==0 ) return 1;
  if( p->until==0 && !span_is_late(p, stage, orders, last, &late) ) return 0;
  if( late ) return span_ask(p, stage, 1);
  return p->since || strcmp(first, SPAN_EARLIEST) >= 0 || span_ask(p, stage, 0);
}

int import_span_rejects(ImportPlan *p, const char *stage){
  Buffer sql = {0};
  if( p->since==0 && p->until==0 ) return 1;
  buffer_printf(&sql, "INSERT INTO main.import_reject(source, line, header, value, reason) SELECT %Q, line, %Q, t, 'before since or after until' FROM %s WHERE bad = 2",
                p->sourceText, p->times ? p->column[p->time[0]].name : "", stage);
  return plan_exec(p, &sql);
}
