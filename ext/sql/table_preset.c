/*
** The inputs of a table made by CREATE VIRTUAL TABLE v USING NAME(input=value, ...): see table.h.
*/
#include "sql/name.h"
#include "sql/suggest.h"
#include "sql/table.h"

/* conversions = conversions_source, which is called so where an output has that name. */
int table_input(const Signature *s, const char *name, size_t n){
  int i;
  for(i=0; i<s->count; i++){
    const Argument *a = &s->argument[i];
    if( sqlite3_strnicmp(a->name, name, (int)n)!=0 ) continue;
    if( a->name[n]==0 || (a->kind==ARG_SOURCE && strcmp(a->name + n, "_source")==0) ) return i;
  }
  return -1;
}

static const char *skip_spaces(const char *z){ return z + strspn(z, " \t\r\n"); }

static char *preset_text(const Argument *a, int isQuery, const char *z){
  ArgKind kind = a->kind;
  return kind==ARG_COLUMN || (kind==ARG_SOURCE && !isQuery) ? name_preset(z) : text_unquoted(z);
}

static const char *input_meant(const Signature *s, const char *typed){
  const char *names[ARGUMENTS_MAX];
  int i;
  for(i=0; i<s->count; i++) names[i] = s->argument[i].name;
  return name_meant(typed, names, s->count);
}

/* "name = value" of CREATE VIRTUAL TABLE */
int table_preset(const Signature *s, const char *module, int isQuery, char **preset, const char *arg, char **error){
  const char *name = skip_spaces(arg), *equals = strchr(name, '=');
  size_t n = equals ? (size_t)(equals - name) : strlen(name);
  Buffer names = {0};
  const char *meant;
  int at, i;
  while( n > 0 && strchr(" \t\r\n", name[n-1]) ) n--;
  at = equals ? table_input(s, name, n) : -1;
  if( at >= 0 && preset[at]==0 ){
    preset[at] = preset_text(&s->argument[at], isQuery, skip_spaces(equals + 1));
    return preset[at] ? SQLITE_OK : SQLITE_NOMEM;
  }
  for(i=0; i<s->count; i++) buffer_printf(&names, "%s%s", i ? ", " : "", s->argument[i].name);
  meant = input_meant(s, name_shown(name, n).text);
  if( at >= 0 ) *error = sqlite3_mprintf("%s: input %s is given twice", module, name_shown(name, n).text);
  else *error = sqlite3_mprintf("%s: '%s' is no input%s%s%s; write name=value with one of %.*s", module,
      name_shown(name, n).text, meant ? ", did you mean '" : "", meant ? meant : "", meant ? "'?" : "",
      (int)names.size, names.data ? (const char*)names.data : "");
  if( names.failed ){ sqlite3_free(*error); *error = 0; }
  buffer_destroy(&names);
  return *error ? SQLITE_ERROR : SQLITE_NOMEM;
}
