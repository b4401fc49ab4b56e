/* parse_id: see parse.h. */
#include "metric/import/cell_text.h"
#include "metric/import/parse.h"

static int id_digit(char c){ return c >= '0' && c <= '9'; }

/* 6.91235E+17, as spreadsheets write what was a long number: its digits are lost. */
static int is_scientific(const char *z, int n){
  int i = 0, digits;
  if( i<n && (z[i]=='-' || z[i]=='+') ) i++;
  for(digits=0; i<n && id_digit(z[i]); i++) digits++;
  if( digits==0 ) return 0;
  if( i<n && (z[i]=='.' || z[i]==',') ) for(i++; i<n && id_digit(z[i]); ) i++;
  if( i + 2 >= n || (z[i] | 0x20)!='e' || z[i+1]!='+' ) return 0;
  for(i+=2; i<n && id_digit(z[i]); ) i++;
  return i==n;
}

/* 13800138000.0, as tables of floating-point numbers write a whole one. */
static int whole_with_zero(const char *z, int n){
  int i;
  if( n < 3 || n > 17 || z[n-1]!='0' || z[n-2]!='.' ) return 0;
  for(i=0; i<n-2; i++) if( !id_digit(z[i]) ) return 0;
  return 1;
}

int id_from_text(const char **text, int *n){
  cell_strip(text, n);
  if( whole_with_zero(*text, *n) ) *n -= 2;
  return *n > 0 && !is_scientific(*text, *n);
}
