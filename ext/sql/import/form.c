/* What an import asks of a file before its columns: how its text is written, and what is no table. */
#include "sql/import/plan.h"

int import_is_utf8(const unsigned char *z){
  while( *z ){
    int n = *z < 0x80 ? 0 : *z >= 0xC2 && *z < 0xE0 ? 1 : *z >= 0xE0 && *z < 0xF0 ? 2 : *z >= 0xF0 && *z < 0xF5 ? 3 : -1;
    if( n < 0 ) return 0;
    for(z++; n > 0; n--, z++) if( (*z & 0xC0)!=0x80 ) return 0;
  }
  return 1;
}

static int counted_in(const char *z, char c){
  int n = 0;
  for(; *z; z++) n += *z==c;
  return n;
}

/* Where bytes beyond ASCII stand alone among letters, they are umlauts and accents; those of Chinese
** come in pairs at least. */
static int is_western(const unsigned char *z){
  int run = 0;
  for(; *z; z++){
    run = *z >= 0x80 ? run + 1 : 0;
    if( run > 1 ) return 0;
  }
  return 1;
}

static int ask_encoding(ImportPlan *p, const char *of, int western){
  return plan_ask(p, western
    ? "the bytes of %s are no UTF-8; most likely the file is Windows-1252 (Western Europe): convert it with iconv -f WINDOWS-1252 -t UTF-8 in.csv > out.csv and import out.csv"
    : "the bytes of %s are no UTF-8; most likely the file is GB18030 (GBK): convert it with iconv -f GB18030 -t UTF-8 in.csv > out.csv and import out.csv", of);
}

/* Names and examples together say which: of one column alone it may be chance. */
int profile_encoding(ImportPlan *p, const char *of){
  int i, western = 1;
  for(i=0; i<p->count; i++){
    const ImportColumn *c = &p->column[i];
    if( !import_is_utf8((const unsigned char*)c->name) && !is_western((const unsigned char*)c->name) ) western = 0;
    if( c->example && !import_is_utf8((const unsigned char*)c->example) && !is_western((const unsigned char*)c->example) ) western = 0;
  }
  return ask_encoding(p, of, western);
}

/* What is wrong with the file as a whole. */
int profile_form(ImportPlan *p){
  int i;
  for(i=0; i<p->count; i++){
    const unsigned char *z = (const unsigned char*)p->column[i].name;
    if( (z[0]==0xFF && z[1]==0xFE) || (z[0]==0xFE && z[1]==0xFF) ){
      return plan_ask(p, "the file is UTF-16: convert it with iconv -f UTF-16 -t UTF-8 in.csv > out.csv and import out.csv");
    }
    if( !import_is_utf8(z) ) return profile_encoding(p, "the headers");
  }
  if( p->count==0 ) return 1;
  if( strchr(p->column[0].name, '\r') || (p->count > 1 && strchr(p->column[p->count-1].name, '\r')) ){
    return plan_ask(p, "the lines end with CR alone: convert the file with tr '\\r' '\\n' < in.csv > out.csv and import out.csv");
  }
  if( p->count==1 && counted_in(p->column[0].name, ';') > 0 ){
    return plan_ask(p, "there is one column only, since the file has semicolons: in the sqlite3 shell write .separator \";\" before .import");
  }
  if( p->count==1 && counted_in(p->column[0].name, '\t') > 0 ){
    return plan_ask(p, "there is one column only, since the file has tabs: in the sqlite3 shell write .separator \"\\t\" before .import");
  }
  if( p->count==1 && counted_in(p->column[0].name, '|') > 0 ){
    return plan_ask(p, "there is one column only, since the file has bars: in the sqlite3 shell write .mode list, .separator \"|\" and .import FILE TABLE");
  }
  if( strncmp(p->column[0].name, "PK\x03\x04", 4)==0 ){
    return plan_ask(p, "this is a spreadsheet, no text: save it as CSV (UTF-8) and import that");
  }
  for(i=1; i<p->count && p->column[i].name[0]=='?' && (p->column[i].name[1]==0 || p->column[i].name[1]=='_'); i++){}
  if( p->count > 2 && i==p->count && strlen(p->column[0].name) < 5 ){
    return plan_ask(p, "the headers are single letters at most, as of a file in UTF-16: convert it with iconv -f UTF-16LE -t UTF-8 in.csv > out.csv and import out.csv");
  }
  return 1;
}

/* A line below that has the headers: titles stand above them. */
int profile_title(ImportPlan *p){
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int row, i, rank, best = 0, at = 0, here = 0;
  for(i=0; i<p->count; i++) here += p->column[i].role!=ROLE_NONE;
  buffer_printf(&sql, "SELECT * FROM %s LIMIT 20", p->source.from);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  for(row=1; sqlite3_step(stmt)==SQLITE_ROW; row++){
    int known = 0;
    for(i=0; i<p->count; i++){
      char normal[NORMAL_SIZE];
      const char *z = (const char*)sqlite3_column_text(stmt, i);
      import_normal(z ? z : "", normal);
      known += normal[0] && import_role(normal, &rank)!=ROLE_NONE;
    }
    if( known > best && known > here ){ best = known; at = row; }
  }
  if( sqlite3_finalize(stmt)!=SQLITE_OK ) return plan_fail(p);
  if( best < 2 && !(best==1 && p->count==1) ) return 1;      /* of a title alone .import keeps one column */
  return plan_ask(p, "line %d of the file looks like its header: import it again with .import --csv --skip %d FILE TABLE", at + 1, at);
}

/* What stands for a header that is blank: col4, column 4, ?, Unnamed: 3. */
static int header_is_blank(const char *z, int at){
  char place[24];
  sqlite3_snprintf((int)sizeof place, place, "col%d", at + 1);
  return z[0]==0 || z[0]=='?' || strcmp(z, place)==0 || sqlite3_strnicmp(z, "unnamed", 7)==0 || sqlite3_strnicmp(z, "column", 6)==0;
}

/* A row among those whose amounts cannot be read that names columns: another table begins there. */
int profile_second_table(ImportPlan *p, int column){
  Buffer sql = {0}, names = {0};
  sqlite3_stmt *stmt;
  int i, rank, good = 1;
  buffer_printf(&sql, "SELECT %s, * FROM %s WHERE ", p->line, p->source.from);
  plan_bad_money(p, &sql, column);
  buffer_printf(&sql, " AND NOT ");
  plan_is_total(p, &sql);
  buffer_printf(&sql, " LIMIT 50");
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  while( good && !p->ask && sqlite3_step(stmt)==SQLITE_ROW ){
    int known = 0, other = 0;
    for(i=0; i<p->count; i++){
      char normal[NORMAL_SIZE];
      const char *z = (const char*)sqlite3_column_text(stmt, i + 1);
      import_normal(z ? z : "", normal);
      if( normal[0]==0 || z[strcspn(z, "0123456789")] || import_role(normal, &rank)==ROLE_NONE ) continue;
      known++;
      if( strcmp(z, p->column[i].name)==0 ) continue;
      buffer_printf(&names, "%s%s", other++ ? ", " : "", z);
    }
    if( known > 2 && other ){
      buffer_put_byte(&names, 0);
      good = !names.failed && plan_ask(p, "line %lld names columns again (%s), so another table begins there: import each table from a file of its own", (long long)sqlite3_column_int64(stmt, 0) + 1, (char*)names.data);
    }
    buffer_destroy(&names);
    memset(&names, 0, sizeof names);
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? good : plan_fail(p);
}

/* A first row of headers, below merged cells. */
int profile_two_lines(ImportPlan *p){
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  int i, rank, known = 0, digits = 0, blank = 0, below = 0, good = 1;
  buffer_printf(&sql, "SELECT * FROM %s LIMIT 1", p->source.from);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  if( sqlite3_step(stmt)==SQLITE_ROW ){
    for(i=0; i<p->count; i++){
      char normal[NORMAL_SIZE];
      const char *z = (const char*)sqlite3_column_text(stmt, i);
      if( z==0 || *z==0 ){ blank = 1; continue; }
      digits += z[strcspn(z, "0123456789")]!=0;
      import_normal(z, normal);
      if( normal[0]==0 || import_role(normal, &rank)==ROLE_NONE ) continue;
      known++;
      below += p->column[i].role==ROLE_NONE && header_is_blank(p->column[i].name, i);
    }
    if( known > 1 && below && blank && !digits ){
      good = plan_ask(p, "the line below the header names columns, too: put both into one line of headers (siyu import does) and import the file again");
    }
  }
  return sqlite3_finalize(stmt)==SQLITE_OK ? good : plan_fail(p);
}
