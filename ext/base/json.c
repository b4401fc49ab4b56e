/* JSON output: see json.h. */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include "json.h"

double number_from_ascii(const char *text, char **end){
  char z[64], *stop, *dot;
  double v;
  sqlite3_snprintf((int)sizeof z, z, "%s", text);
  dot = strchr(z, '.');
  if( dot ) *dot = *localeconv()->decimal_point;
  v = strtod(z, &stop);
  if( end ) *end = (char*)text + (stop - z);
  return v;
}

void json_put_real(Buffer *b, double v){
  char z[40];
  int digits;
  if( !isfinite(v) ){ buffer_put(b, "null", 4); return; }
  for(digits=15; digits<=17; digits++){
    sqlite3_snprintf((int)sizeof z, z, "%!.*g", digits, v);
    if( number_from_ascii(z, 0)==v ) break;
  }
  buffer_put(b, z, strlen(z));
}

void json_put_text(Buffer *b, const char *text, size_t n){
  size_t i;
  buffer_put_byte(b, '"');
  for(i=0; i<n; i++){
    unsigned char c = (unsigned char)text[i];
    if( c=='"' || c=='\\' ){
      buffer_put_byte(b, '\\');
      buffer_put_byte(b, c);
    }else if( c < 0x20 ){
      buffer_printf(b, "\\u%04x", c);
    }else{
      buffer_put_byte(b, c);
    }
  }
  buffer_put_byte(b, '"');
}
