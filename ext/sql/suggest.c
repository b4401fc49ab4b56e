/* Names in errors: see suggest.h. */
#include "sql/decode.h"
#include "sql/suggest.h"

ShownName name_shown(const char *name, size_t n){
  ShownName s;
  int cut = text_cut(name, n, NAME_SHOWN);
  memcpy(s.text, name, (size_t)cut);
  memcpy(s.text + cut, (size_t)cut < n ? "..." : "", (size_t)cut < n ? 4 : 1);
  return s;
}

static char folded(char c){ return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

/* Bytes that are the same from the left. */
static size_t common_start(const char *a, const char *b){
  size_t n = 0;
  while( a[n] && folded(a[n])==folded(b[n]) ) n++;
  return n;
}

static int same_name(const char *a, const char *b){ return sqlite3_stricmp(a, b)==0; }

int name_is_near(const char *a, const char *b){
  size_t n = strlen(a), m = strlen(b), at = common_start(a, b);
  if( n < 2 || m < 2 ) return 0;
  if( n + 1==m ) return same_name(a + at, b + at + 1);
  if( m + 1==n ) return same_name(a + at + 1, b + at);
  if( n!=m || at==n ) return 0;
  if( same_name(a + at + 1, b + at + 1) ) return 1;
  return at + 1 < n && folded(a[at])==folded(b[at+1]) && folded(a[at+1])==folded(b[at])
      && same_name(a + at + 2, b + at + 2);
}

const char *name_meant(const char *typed, const char *const *names, int count){
  const char *found = 0;
  int i;
  for(i=0; i<count; i++){
    if( !name_is_near(typed, names[i]) ) continue;
    if( found ) return 0;
    found = names[i];
  }
  return found;
}
