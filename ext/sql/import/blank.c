/*
** Cells that say nothing in words: -, N/A, NULL, 无.  A customer called so would be one customer of
** all who have none, a cancelling time of -- would cancel every order.  The cells are looked at once,
** here; SQL asks again only of columns that have some.
*/
#include "sql/import/plan.h"

static const char *const BLANK_WORDS[] = {
  "-", "--", "---", "\xE2\x80\x94", "\xE2\x80\x94\xE2\x80\x94", "/", "NULL", "null", "N/A", "n/a", "#N/A", "NaN", "NaT", "undefined", "\\N", "\xE6\x97\xA0", "0000-00-00",
  "0000-00-00 00:00:00"
};

static int is_blank_word(const char *z){
  size_t i, n;
  while( *z==' ' || *z=='\t' || *z=='\r' ) z++;
  if( strchr("-\xE2/Nn#u\\\xE6" "0", *z)==0 || *z==0 ) return 0;         /* of most cells the first byte tells */
  for(i=0; i<sizeof BLANK_WORDS/sizeof BLANK_WORDS[0]; i++){
    n = strlen(BLANK_WORDS[i]);
    if( strncmp(z, BLANK_WORDS[i], n)==0 && z[n + strspn(z + n, " \t\r")]==0 ) return 1;
  }
  return 0;
}

void plan_put_blank_words(Buffer *b){
  size_t i;
  for(i=0; i<sizeof BLANK_WORDS/sizeof BLANK_WORDS[0]; i++) buffer_printf(b, ", %Q", BLANK_WORDS[i]);
}

/* What a cell says of its column. */
static void look_at_cell(ImportColumn *c, const char *z){
  if( is_blank_word(z) ){ c->blankWords = 1; return; }
  if( c->role!=ROLE_CUSTOMER || *z==0 ) return;
  c->named++;
  c->masked += strchr(z, '*')!=0 || strstr(z, "\xEF\xBC\x8A")!=0;
}

/* Amounts have signs of their own, and what is no amount is told. */
static int is_looked_at(const ImportColumn *c){
  switch( c->role ){
    case ROLE_CUSTOMER: case ROLE_REFERRER: case ROLE_TIME: case ROLE_REFUND_TIME: case ROLE_CANCELLED: case ROLE_STATUS: case ROLE_SHOP: case ROLE_STORE:
    case ROLE_STAFF: case ROLE_CHANNEL: case ROLE_CAMPAIGN: case ROLE_ADDED: case ROLE_DELETED: return 1;
    default: return 0;
  }
}

int profile_blanks(ImportPlan *p){
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int i, n = 0;
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
