/*
** Names in the quotes of SQL: see name.h.
*/
#include <string.h>
#include "base/memory.h"
#include "sql/name.h"

#define NAME_SPACES " \t\r\n\f"
#define NAME_QUOTES "\"'`["

static const char *name_skip(const char *z){ return z + strspn(z, NAME_SPACES); }

static size_t name_trimmed(const char *z){
  size_t n = strlen(z);
  while( n > 0 && strchr(NAME_SPACES, z[n-1]) ) n--;
  return n;
}

/* One part of a name into out, its quotes taken off; *quoted when it had some.  What stands
** behind it, or NULL when there is no such part. */
static const char *read_part(const char *z, char *out, int *quoted){
  size_t n = 0;
  z = name_skip(z);
  if( *z && strchr(NAME_QUOTES, *z) ){
    char close = *z=='[' ? ']' : *z;
    for(z++; *z && (*z!=close || (close!=']' && z[1]==close)); z++){
      if( *z==close ) z++;                          /* a doubled quote is one */
      out[n++] = *z;
    }
    if( *z++==0 ) return 0;
    *quoted = 1;
  }else{
    while( *z && strchr("." NAME_SPACES NAME_QUOTES, *z)==0 ) out[n++] = *z++;
  }
  out[n] = 0;
  return n ? name_skip(z) : 0;
}

Status name_quoted(const char *text, char **schema, char **name){
  size_t n = strlen(text) + 1;
  int quoted = 0;
  const char *z;
  *schema = memory_alloc(2*n);
  if( *schema==0 ) return STATUS_NOMEM;
  *name = *schema + n;
  **schema = 0;
  z = read_part(text, *name, &quoted);
  if( z && *z=='.' ){
    memcpy(*schema, *name, strlen(*name) + 1);
    z = read_part(z + 1, *name, &quoted);
  }
  if( z && *z==0 && quoted ) return STATUS_OK;
  memory_free(*schema);
  *schema = 0;
  return STATUS_INVALID;
}

int name_of_list(const char **list, char *out){
  const char *z = *list;
  size_t n = 0;
  char close = 0;
  while( *z==' ' || *z=='\t' || *z=='\n' ) z++;
  if( *z && strchr("\"'`[", *z) ){
    close = *z=='[' ? ']' : *z;
    for(z++; *z && (*z!=close || (close!=']' && z[1]==close)); z++){
      if( *z==close ) z++;                          /* a doubled quote is one */
      out[n++] = *z;
    }
    if( *z++==0 ) return 0;
    while( *z==' ' || *z=='\t' || *z=='\n' ) z++;
  }else{
    while( *z && *z!=',' ) out[n++] = *z++;
    while( n > 0 && strchr(" \t\n", out[n-1]) ) n--;
  }
  out[n] = 0;
  if( n==0 || (*z && *z!=',') ) return 0;
  *list = *z ? z + 1 : z;
  return 1;
}

char *text_unquoted(const char *z){
  size_t n = name_trimmed(z), i, to = 0;
  char close = *z=='[' ? ']' : *z;
  char *copy = memory_alloc(n + 1);
  if( copy==0 ) return 0;
  if( n >= 2 && strchr(NAME_QUOTES, *z) && z[n-1]==close ){
    for(i=1; i<n-1; i++){
      copy[to++] = z[i];
      if( z[i]==close && z[i+1]==close && i+1 < n-1 ) i++;
    }
  }else{
    memcpy(copy, z, n);
    to = n;
  }
  copy[to] = 0;
  return copy;
}

/* Whether the text is one string: its first quote ends at its end. */
static int is_one_string(const char *z, size_t n){
  size_t i;
  if( *z!='\'' ) return 0;
  for(i=1; i<n; i++){
    if( z[i]!='\'' ) continue;
    if( i+1==n || z[i+1]!='\'' ) return i+1==n;
    i++;
  }
  return 0;
}

char *name_preset(const char *z){
  char *name = text_unquoted(z);
  if( name==0 || is_one_string(z, name_trimmed(z)) || strpbrk(name, "." NAME_QUOTES "]")==0 ) return name;
  memory_free(name);
  return sqlite3_mprintf("%.*s", (int)name_trimmed(z), z);
}
