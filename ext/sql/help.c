/*
** siyu_help(): what the shell says of a function, a table or a view, found by its name or by a
** word of its title in either language: signature, formula, example.
*/
#include "base/text.h"
#include "sql/catalogue.h"
#include "sql/help_words.h"
#include "sql/script.h"
#include "sql/signature.h"

enum { HELP_WHOLE = 3, HELP_LINES = 40 };      /* so many are shown whole; so many lines of others */

/* Letters of ASCII in either case; those of other alphabets as they are. */
static int help_has(const char *text, const char *word){
  int n = (int)strlen(word);
  for(; *text; text++){
    if( sqlite3_strnicmp(text, word, n)==0 ) return 1;
  }
  return 0;
}

/* 3: its name; 2: in its name or title; 1: in its formula; 0: not there. */
static int help_rank(const CatalogueEntry *e, const char *word){
  if( sqlite3_stricmp(e->name, word)==0 ) return 3;
  if( help_has(e->name, word) || help_has(e->titleZh, word) || help_has(e->titleEn, word) || help_words_name(word, e->name) ) return 2;
  return help_has(e->formula, word);
}
static int help_script_rank(const Script *s, const char *word){
  if( strcmp(s->kind, "index")==0 ) return 0;
  if( sqlite3_stricmp(s->name, word)==0 ) return 3;
  return help_has(s->name, word) || help_has(s->titleZh, word) || help_has(s->titleEn, word) || help_words_name(word, s->name) ? 2 : 0;      /* no formula: its head is SQL */
}

/* The first clause: up to a "; " or ". " outside of brackets. */
static int help_clause(const char *text){
  int i, depth = 0;
  for(i=0; text[i]; i++){
    depth += (text[i]=='(') - (text[i]==')');
    if( depth==0 && (text[i]==';' || text[i]=='.') && text[i+1]==' ' ) return i;
  }
  return i;
}

static void help_signatures(Buffer *b, const CatalogueEntry *e, const char *indent, const char *between, int all){
  int i;
  for(i=0; i<(all ? OVERLOADS_MAX : 1) && e->overload[i].signature; i++){
    buffer_printf(b, "%s%s%s(", i ? between : "", indent, e->name);
    signature_put(b, e->overload[i].signature);
    buffer_put_byte(b, ')');
  }
}

/* Each line of a text of more than one behind an indent. */
static void help_indented(Buffer *b, const char *text){
  const char *end;
  for(; *text; text=end + (*end!=0)){
    for(end=text; *end && *end!='\n'; ) end++;
    buffer_printf(b, "\n  %.*s", (int)(end - text), text);
  }
}

static void help_whole(Buffer *b, const CatalogueEntry *e){
  buffer_printf(b, "%s%s · %s · %s", b->size ? "\n\n" : "", e->name, e->titleZh, e->titleEn);
  buffer_put_byte(b, '\n');
  help_signatures(b, e, "  ", "\n", 1);
  buffer_printf(b, "\n%.*s", help_clause(e->formula), e->formula);
  if( e->example[0] ){
    help_indented(b, e->example);
    buffer_printf(b, "\n  -- %.*s", (int)strcspn(e->output, "\n"), e->output);
  }
}

static void help_line(Buffer *b, const CatalogueEntry *e){
  buffer_printf(b, "%s", b->size ? "\n" : "");
  help_signatures(b, e, "", "", 0);
  buffer_printf(b, " · %s · %s", e->titleZh, e->titleEn);
}

static void help_script(Buffer *b, const Script *s, int whole){
  const char *const *line;
  buffer_printf(b, "%s%s (%s) · %s · %s", b->size ? (whole ? "\n\n" : "\n") : "", s->name, s->kind, s->titleZh, s->titleEn);
  if( !whole ) return;
  for(line=s->lines; *line; line++){
    if( strncmp(*line, "-- formula: ", 12)==0 ) buffer_printf(b, "\n%.*s", help_clause(*line + 12), *line + 12);
  }
  if( strcmp(s->kind, "table")==0 ) return;
  buffer_printf(b, "\n  SELECT siyu_setup('%s');  SELECT * FROM %s;", s->name, s->name);
}

/* Every family with its names. */
static void help_all(Buffer *b){
  const CatalogueEntry *const *family, *e;
  buffer_printf(b, "siyu_help('gmv'), siyu_help('repurchase'), siyu_help('复购'): a name, or a word of a title");
  for(family=CATALOGUE; *family; family++){
    const char *last = 0;
    for(e=*family; e->name; e++){
      if( last==0 || strcmp(last, e->family)!=0 ) buffer_printf(b, "\n\n%s:", e->family);
      else buffer_put_byte(b, ',');
      buffer_printf(b, " %s", e->name);
      last = e->family;
    }
  }
  buffer_printf(b, "\n\nviews and audiences: SELECT name, title_zh, title_en FROM siyu_script");
}

/* Functions and tables of that rank or a higher one, first those whose name begins so; b NULL: only how many. */
static int help_entries(Buffer *b, const char *word, int rank, int whole){
  const CatalogueEntry *const *family, *e;
  int found = 0, begins;
  for(begins=1; begins>=0; begins--){
    for(family=CATALOGUE; *family; family++){
      for(e=*family; e->name; e++){
        if( (sqlite3_strnicmp(e->name, word, (int)strlen(word))==0)!=begins || help_rank(e, word) < rank ) continue;
        found++;
        if( b && whole ) help_whole(b, e);
        else if( b && found <= HELP_LINES ) help_line(b, e);
      }
    }
  }
  return found;
}
/* The same of views, audiences and tables of siyu_setup(). */
static int help_scripts(Buffer *b, const char *word, int rank, int whole){
  const Script *s;
  int found = 0;
  for(s=SCRIPTS; s->name; s++){
    if( help_script_rank(s, word) < rank ) continue;
    if( b && found==0 && b->size && !whole ) buffer_put_byte(b, '\n');
    found++;
    if( b && (whole || found <= HELP_LINES) ) help_script(b, s, whole);
  }
  return found;
}

static void help_word(Buffer *b, const char *word){
  int rank = 4, entries = 0, scripts = 0;
  while( rank > 1 && entries + scripts==0 ){
    rank--;
    entries = help_entries(0, word, rank, 0);
    scripts = help_scripts(0, word, rank, 0);
  }
  if( entries + scripts==0 ){
    buffer_printf(b, "nothing is named or titled '%.*s'; siyu_help() lists all that there is", text_cut(word, strlen(word), 60), word);
    return;
  }
  help_entries(b, word, rank, entries <= HELP_WHOLE);
  help_scripts(b, word, rank, entries + scripts <= HELP_WHOLE);
  if( entries + scripts > HELP_WHOLE ){
    buffer_printf(b, "\n\n%d found%s; siyu_help('NAME') shows one whole", entries + scripts,
                  entries > HELP_LINES || scripts > HELP_LINES ? ", of which the first are here" : "");
  }
}

void call_siyu_help(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  const char *word = argc ? (const char*)sqlite3_value_text(argv[0]) : 0;
  Buffer b = {0};
  if( argc && word==0 && sqlite3_value_type(argv[0])!=SQLITE_NULL ){ sqlite3_result_error_nomem(ctx); return; }
  if( word==0 || word[strspn(word, " \t\r\n")]==0 ) help_all(&b);
  else help_word(&b, word);
  if( b.failed ){
    sqlite3_result_error_nomem(ctx);
    buffer_destroy(&b);
    return;
  }
  sqlite3_result_text64(ctx, (const char*)b.data, b.size, sqlite3_free, SQLITE_UTF8);
}
