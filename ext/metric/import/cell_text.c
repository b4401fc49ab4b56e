/* Cells made plain: see cell_text.h. */
#include "metric/import/cell_text.h"

#include <string.h>

/* ---- blanks ---- */

/* Beyond ASCII: no-break, en quad to hair and zero-width spaces, narrow no-break, ideographic, BOM. */
static int is_blank_code(uint32_t c){
  return c==0xA0 || (c >= 0x2000 && c <= 0x200D) || c==0x202F || c==0x205F || c==0x2060 || c==0x3000 || c==0xFEFF;
}

/* The code point at z (of n > 0 bytes) and its length; a byte that begins none is itself. */
static uint32_t code_at(const char *z, int n, int *length){
  const unsigned char *u = (const unsigned char*)z;
  *length = 1;
  if( u[0] >= 0xE0 && u[0] < 0xF0 && n >= 3 && (u[1] & 0xC0)==0x80 && (u[2] & 0xC0)==0x80 ){
    *length = 3;
    return (uint32_t)(u[0] & 15) << 12 | (uint32_t)(u[1] & 63) << 6 | (u[2] & 63u);
  }
  if( u[0] >= 0xC2 && u[0] < 0xE0 && n >= 2 && (u[1] & 0xC0)==0x80 ){
    *length = 2;
    return (uint32_t)(u[0] & 31) << 6 | (u[1] & 63u);
  }
  return u[0] < 0x80 ? u[0] : 0xFFFD;
}

int blank_at(const char *z, int n){
  int length;
  uint32_t c;
  if( n <= 0 ) return 0;
  if( (unsigned char)*z < 0x80 ) return *z==' ' || (*z >= '\t' && *z <= '\r');
  c = code_at(z, n, &length);
  return is_blank_code(c) ? length : 0;
}

int blank_before(const char *z, int n){
  int back, length;
  if( n <= 0 ) return 0;
  if( (unsigned char)z[n-1] < 0x80 ) return z[n-1]==' ' || (z[n-1] >= '\t' && z[n-1] <= '\r');
  for(back=2; back<=3 && back<=n; back++){
    if( is_blank_code(code_at(z + n - back, back, &length)) && length==back ) return back;
  }
  return 0;
}

static void trim(const char **text, int *n){
  int k;
  while( (k = blank_at(*text, *n))!=0 ){ *text += k; *n -= k; }
  while( (k = blank_before(*text, *n))!=0 ) *n -= k;
}

/* Bytes of a quotation mark at z, of those that a spreadsheet or a text program puts, or 0. */
static int quote_at(const char *z, int n){
  if( n > 0 && *z=='"' ) return 1;
  return n >= 3 && memcmp(z, "\xE2\x80", 2)==0 && ((unsigned char)z[2]==0x9C || (unsigned char)z[2]==0x9D) ? 3 : 0;
}

/* ="123", "123" and what a text program makes of them. */
static int strip_quotes(const char **text, int *n){
  const char *z = *text;
  int is = *n > 0 && *z=='=', head = *n > is ? quote_at(z + is, *n - is) : 0, tail;
  if( head==0 ) return 0;
  tail = *n > is + head ? (z[*n-1]=='"' ? 1 : *n >= is + head + 3 ? quote_at(z + *n - 3, 3) : 0) : 0;
  if( tail==0 || *n <= is + head + tail - 1 ) return 0;
  *text += is + head;
  *n -= is + head + tail;
  return 1;
}

static int strip_apostrophe(const char **text, int *n){
  int k = *n >= 1 && (**text=='\'' || **text=='`') ? 1
        : *n >= 3 && memcmp(*text, "\xE2\x80", 2)==0 && ((unsigned char)(*text)[2]==0x98 || (unsigned char)(*text)[2]==0x99) ? 3 : 0;
  *text += k;
  *n -= k;
  return k;
}

void cell_strip(const char **text, int *n){
  trim(text, n);
  if( *n <= 0 || (((*text)[0] >= '0' && (*text)[0] <= '9') || ((*text)[0] >= 'A' && (*text)[0] <= 'z' && (*text)[0]!='`')) ) return;
  if( strip_apostrophe(text, n) ) trim(text, n);
  if( strip_quotes(text, n) ) trim(text, n);
  if( strip_apostrophe(text, n) ) trim(text, n);
}

/* ---- signs ---- */

static const struct { uint32_t code; unsigned char sign; } SIGNS[] = {
  { 0x5E74, SIGN_YEAR },  { 0x6708, SIGN_MONTH }, { 0x65E5, SIGN_DAY },    { 0xB144, SIGN_YEAR }, { 0xC6D4, SIGN_MONTH }, { 0xC77C, SIGN_DAY }, { 0xC2DC, SIGN_HOUR }, { 0xBD84, SIGN_MINUTE }, { 0xCD08, SIGN_SECOND }, { 0x53F7, SIGN_DAY },    { 0x865F, SIGN_DAY },
  { 0x65F6, SIGN_HOUR },  { 0x6642, SIGN_HOUR },  { 0x70B9, SIGN_HOUR },   { 0x9EDE, SIGN_HOUR },
  { 0x5206, SIGN_MINUTE },{ 0x79D2, SIGN_SECOND },
  { 0x4E07, SIGN_WAN },   { 0x5343, SIGN_QIAN },   { 0x842C, SIGN_WAN },   { 0x4EBF, SIGN_YI },     { 0x5104, SIGN_YI },
  { 0x5143, SIGN_YUAN },  { 0x5757, SIGN_YUAN },  { 0x5706, SIGN_YUAN },   { 0x5713, SIGN_YUAN },   { 0x584A, SIGN_YUAN },
  { 0x5186, SIGN_YUAN },  { 0x20BA, SIGN_CURRENCY }, { 0x20B1, SIGN_CURRENCY }, { 0x20AA, SIGN_CURRENCY }, { 0x20B4, SIGN_CURRENCY }, { 0x20A6, SIGN_CURRENCY },
  { 0xA5, SIGN_CURRENCY },{ 0xFFE5, SIGN_CURRENCY },{ 0x20AC, SIGN_CURRENCY }, { 0xA3, SIGN_CURRENCY }, { 0xFFE1, SIGN_CURRENCY },
  { 0x20A9, SIGN_CURRENCY },{ 0x20B9, SIGN_CURRENCY },{ 0x20BD, SIGN_CURRENCY },{ 0x20AB, SIGN_CURRENCY },{ 0xE3F, SIGN_CURRENCY }, { 0x111, SIGN_CURRENCY }, { 0x20B8, SIGN_CURRENCY }, { 0xC6D0, SIGN_YUAN }, { 0x142, 'l' }, { 0x10D, 'c' },
  { 0x2212, '-' }, { 0x2010, '-' }, { 0x2011, '-' }, { 0x2012, '-' }, { 0x2013, '-' }, { 0x2014, '-' }, { 0x2015, '-' },
  { 0x2018, '\'' },{ 0x2019, '\'' },{ 0x3002, '.' }, { 0x3001, ',' }
};

static const struct { const char *word; unsigned char sign; } WORDS[] = {
  { "\xE4\xB8\x8A\xE5\x8D\x88", SIGN_MORNING },   /* 上午 */
  { "\xE6\x97\xA9\xE4\xB8\x8A", SIGN_MORNING },   /* 早上 */
  { "\xE5\x87\x8C\xE6\x99\xA8", SIGN_MORNING },   /* 凌晨 */
  { "\xE4\xB8\x8B\xE5\x8D\x88", SIGN_AFTERNOON }, /* 下午 */
  { "\xE4\xB8\xAD\xE5\x8D\x88", SIGN_NOON },      /* 中午 */
  { "\xE6\x99\x9A\xE4\xB8\x8A", SIGN_NIGHT },     /* 晚上 */
  { "\xEC\x98\xA4\xEC\xA0\x84", SIGN_MORNING },   /* 오전 */
  { "\xEC\x98\xA4\xED\x9B\x84", SIGN_AFTERNOON }, /* 오후 */
  { "\xE5\x8D\x88\xE5\x89\x8D", SIGN_MORNING },   /* 午前 */
  { "\xE5\x8D\x88\xE5\xBE\x8C", SIGN_AFTERNOON }, /* 午後 */
  { "บาท", SIGN_CURRENCY }, { "руб.", SIGN_CURRENCY }, { "руб", SIGN_CURRENCY }, { "грн.", SIGN_CURRENCY }, { "грн", SIGN_CURRENCY }
};

/* 星期 or 周, and one sign behind it: bytes, or 0. */
static int weekday_at(const char *z, int n){
  static const char *const DAYS[] = { "\xE4\xB8\x80", "\xE4\xBA\x8C", "\xE4\xB8\x89", "\xE5\x9B\x9B", "\xE4\xBA\x94",
                                      "\xE5\x85\xAD", "\xE6\x97\xA5", "\xE5\xA4\xA9" };
  int head = n >= 9 && memcmp(z, "\xE6\x98\x9F\xE6\x9C\x9F", 6)==0 ? 6 : n >= 6 && memcmp(z, "\xE5\x91\xA8", 3)==0 ? 3 : 0;
  size_t i;
  for(i=0; head && i<sizeof DAYS/sizeof DAYS[0]; i++){
    if( memcmp(z + head, DAYS[i], 3)==0 ) return head + 3;
  }
  return 0;
}

/* Letters with accents as they are without: months have some. */
static const char ACCENTED[] = "AAAAAAACEEEEIIIIDNOOOOO*OUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";

static unsigned char sign_of_code(uint32_t c){
  size_t i;
  if( c < 0x80 ) return (unsigned char)c;
  if( is_blank_code(c) ) return ' ';
  if( c >= 0xFF01 && c <= 0xFF5E ) return (unsigned char)(c - 0xFF00 + 0x20);
  for(i=0; i<sizeof SIGNS/sizeof SIGNS[0]; i++) if( SIGNS[i].code==c ) return SIGNS[i].sign;
  if( c >= 0xC0 && c <= 0xFF && c!=0xD7 && c!=0xF7 ) return (unsigned char)ACCENTED[c - 0xC0];
  return SIGN_OTHER;
}

/* The sign at z and its length. */
static unsigned char sign_at(const char *z, int n, int *length){
  size_t i;
  if( (unsigned char)*z < 0x80 ){
    *length = 1;
    return *z >= '\t' && *z <= '\r' ? ' ' : (unsigned char)*z;
  }
  *length = weekday_at(z, n);
  if( *length ) return SIGN_WEEKDAY;
  for(i=0; i<sizeof WORDS/sizeof WORDS[0]; i++){
    *length = (int)strlen(WORDS[i].word);
    if( n >= *length && memcmp(z, WORDS[i].word, (size_t)*length)==0 ) return WORDS[i].sign;
  }
  return sign_of_code(code_at(z, n, length));
}

int cell_text(const char *text, int n, CellText *out){
  out->n = 0;
  cell_strip(&text, &n);
  if( n > 4*CELL_TEXT_MAX ) return 0;
  while( n > 0 ){
    int length;
    unsigned char sign = sign_at(text, n, &length);
    if( out->n==CELL_TEXT_MAX ) return 0;
    out->z[out->n++] = sign;
    text += length;
    n -= length;
  }
  out->z[out->n] = 0;
  return 1;
}
