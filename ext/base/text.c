/* UTF-8 that is shown: see text.h. */
#include <string.h>
#include "base/text.h"

int text_cut(const char *text, size_t n, int most){
  int cut = most;
  if( n <= (size_t)most ) return (int)n;
  while( cut > 0 && ((unsigned char)text[cut] & 0xc0)==0x80 ) cut--;
  return cut;
}

/* Bytes of the character that begins here; 0: none does. */
static size_t text_character(const unsigned char *z){
  size_t n = *z < 0x80 ? 1 : *z >= 0xc2 && *z < 0xe0 ? 2 : *z >= 0xe0 && *z < 0xf0 ? 3 : *z >= 0xf0 && *z < 0xf5 ? 4 : 0, i;
  for(i=1; i<n; i++) if( (z[i] & 0xc0)!=0x80 ) return 0;
  if( (*z==0xe0 && z[1] < 0xa0) || (*z==0xed && z[1] >= 0xa0) ) return 0;    /* too long; half of a pair */
  return (*z==0xf0 && z[1] < 0x90) || (*z==0xf4 && z[1] >= 0x90) ? 0 : n;
}

void text_mend(char *text){
  const unsigned char *from = (const unsigned char*)text;
  char *to = text;
  while( *from ){
    size_t n = text_character(from);
    memmove(to, from, n);
    to += n;
    from += n ? n : 1;
  }
  *to = 0;
}
