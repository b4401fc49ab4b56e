/*
** 12.000 is twelve, or twelve thousand.  What else stands in the column decides: 1.234,5 and 9,50
** speak for the comma before decimals, 1,234.5 and 0.750 and 9.5 for the dot.
*/
#include "sql/import/plan.h"

static int decimal_digit(char c){ return c >= '0' && c <= '9'; }

/* From the first digit, or a sign before it, to the last digit. */
static const char *decimal_span(const char *z, const char **end){
  const char *last;
  while( *z && !decimal_digit(*z) && !((*z=='.' || *z==',') && decimal_digit(z[1])) ) z++;
  for(last=z + strlen(z); last > z && !decimal_digit(last[-1]); last--){}
  *end = last;
  return z;
}

DecimalSign decimal_sign_of(const char *text){
  const char *end, *z = decimal_span(text, &end), *last = 0, *first = 0, *at;
  int dots = 0, commas = 0;
  long behind, before;
  for(at=z; at<end; at++){
    if( *at!='.' && *at!=',' ) continue;
    if( first==0 ) first = at;
    last = at;
    if( *at=='.' ) dots++;
    else commas++;
  }
  if( last==0 ) return DECIMAL_SIGN_NONE;
  behind = (long)(end - last) - 1;
  before = (long)(first - z);
  if( dots && commas ) return *last=='.' ? DECIMAL_SIGN_DOT : DECIMAL_SIGN_COMMA;
  if( dots > 1 ) return DECIMAL_SIGN_COMMA;
  if( commas ) return commas==1 && behind <= 2 ? DECIMAL_SIGN_COMMA : DECIMAL_SIGN_NONE;
  if( behind!=3 || before > 3 || before==0 || (before==1 && *z=='0') ) return DECIMAL_SIGN_DOT;
  return DECIMAL_SIGN_UNDECIDED;
}

int decimal_sign_count(ImportPlan *p, int column, int64_t count[DECIMAL_SIGNS]){
  const char *name = p->column[column].name;
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  memset(count, 0, DECIMAL_SIGNS*sizeof *count);
  buffer_printf(&sql, "SELECT \"%w\" FROM %s WHERE typeof(\"%w\") = 'text' AND NOT ", name, p->source.from, name);
  plan_is_total(p, &sql);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  while( sqlite3_step(stmt)==SQLITE_ROW ){
    const char *z = (const char*)sqlite3_column_text(stmt, 0);
    if( z ) count[decimal_sign_of(z)]++;
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? 1 : plan_fail(p);
}
