/* JSON: see json.h. */
#include <math.h>
#include "base/json.h"
#include "base/number/decimal.h"

void json_put_real(Buffer *b, double v){
  char z[40];
  Decimal read;
  int digits;
  if( !isfinite(v) ){ buffer_put(b, "null", 4); return; }
  for(digits=15; digits<=17; digits++){
    sqlite3_snprintf((int)sizeof z, z, "%!.*g", digits, v);
    if( decimal_read(z, (int)strlen(z), &read) && read.real==v ) break;
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

/* ---- reading ---- */

#define DEEPEST 64
#define LONGEST_NUMBER 60

static int fail_at(JsonReader *r, const char *error){
  if( r->error==0 ) r->error = error;
  return 0;
}

static int peek(const JsonReader *r){ return r->at < r->end ? (unsigned char)*r->at : -1; }

static void skip_space(JsonReader *r){
  while( r->at < r->end && (*r->at==' ' || *r->at=='\t' || *r->at=='\n' || *r->at=='\r') ) r->at++;
}

/* The next byte that is no space must be c. */
static int take(JsonReader *r, char c, const char *error){
  skip_space(r);
  if( peek(r)!=c ) return fail_at(r, error);
  r->at++;
  return 1;
}

static int is_digit(int c){ return c>='0' && c<='9'; }

static int hex_value(int c){
  if( is_digit(c) ) return c - '0';
  if( c>='a' && c<='f' ) return c - 'a' + 10;
  return c>='A' && c<='F' ? c - 'A' + 10 : -1;
}

/* Behind a backslash: one character, or u and four hexadecimal digits. */
static int skip_escape(JsonReader *r){
  int c = peek(r), i;
  if( c<0 || c==0 || strchr("\"\\/bfnrtu", c)==0 ) return fail_at(r, "an escape that JSON does not know");
  r->at++;
  for(i=0; c=='u' && i<4; i++, r->at++){
    if( hex_value(peek(r)) < 0 ) return fail_at(r, "\\u without four hexadecimal digits");
  }
  return 1;
}

static int read_string(JsonReader *r, const char **text, size_t *n){
  if( !take(r, '"', "a text in double quotes is missing") ) return 0;
  *text = r->at;
  for(;;){
    int c = peek(r);
    if( c<0 ) return fail_at(r, "a text has no closing quote");
    if( c < 0x20 ) return fail_at(r, "a control character within a text");
    r->at++;
    if( c=='"' ) break;
    if( c=='\\' && !skip_escape(r) ) return 0;
  }
  *n = (size_t)(r->at - *text) - 1;
  return 1;
}

static int skip_digits(JsonReader *r){
  const char *from = r->at;
  while( is_digit(peek(r)) ) r->at++;
  return r->at > from || fail_at(r, "a number without digits");
}

static int read_number(JsonReader *r, double *out){
  const char *from = r->at;
  Decimal number;
  if( peek(r)=='-' ) r->at++;
  if( peek(r)=='0' ){
    r->at++;
    if( is_digit(peek(r)) ) return fail_at(r, "a number that begins with 0");
  }else if( !skip_digits(r) ) return 0;
  if( peek(r)=='.' && (r->at++, !skip_digits(r)) ) return 0;
  if( peek(r)=='e' || peek(r)=='E' ){
    r->at++;
    if( peek(r)=='+' || peek(r)=='-' ) r->at++;
    if( !skip_digits(r) ) return 0;
  }
  if( r->at - from > LONGEST_NUMBER ) return fail_at(r, "a number of more than 60 characters");
  if( !decimal_read(from, (int)(r->at - from), &number) ) return fail_at(r, "a number without digits");
  *out = number.real;
  return 1;
}

static int read_word(JsonReader *r, const char *word){
  size_t n = strlen(word);
  if( (size_t)(r->end - r->at) < n || memcmp(r->at, word, n)!=0 ) return fail_at(r, "a value that JSON does not know");
  r->at += n;
  return 1;
}

static int read_value(JsonReader *r, JsonMember *m, int depth);

/* Skips an array or object; the bracket that opens it is next. */
static int skip_nested(JsonReader *r, char open, int depth){
  char close = open=='[' ? ']' : '}';
  JsonMember inner;
  if( depth >= DEEPEST ) return fail_at(r, "nested too deeply");
  r->at++;
  skip_space(r);
  if( peek(r)==close ){ r->at++; return 1; }
  for(;;){
    if( open=='{' && (!read_string(r, &inner.name, &inner.nameSize) || !take(r, ':', "':' is missing")) ) return 0;
    if( !read_value(r, &inner, depth + 1) ) return 0;
    skip_space(r);
    if( peek(r)==close ){ r->at++; return 1; }
    if( !take(r, ',', "',' or a closing bracket is missing") ) return 0;
  }
}

static int read_value(JsonReader *r, JsonMember *m, int depth){
  skip_space(r);
  switch( peek(r) ){
    case '"': m->type = JSON_TEXT; return read_string(r, &m->text, &m->size);
    case '{': case '[':
      m->type = JSON_OTHER;
      m->text = r->at;
      if( !skip_nested(r, *r->at, depth) ) return 0;
      m->size = (size_t)(r->at - m->text);
      return 1;
    case 'n': m->type = JSON_NULL; return read_word(r, "null");
    case 't': m->type = JSON_OTHER; return read_word(r, "true");
    case 'f': m->type = JSON_OTHER; return read_word(r, "false");
    case -1: return fail_at(r, "a value is missing");
    default: m->type = JSON_NUMBER; return read_number(r, &m->number);
  }
}

JsonReader json_object(const char *text, size_t n){
  JsonReader r;
  memset(&r, 0, sizeof r);
  r.start = r.at = text;
  r.end = text + n;
  take(&r, '{', "it does not begin with '{'");
  return r;
}

/* After the last member nothing but spaces may follow. */
static int end_object(JsonReader *r){
  r->at++;
  skip_space(r);
  r->done = 1;
  return r->at==r->end ? 0 : fail_at(r, "text after the closing '}'");
}

int json_next(JsonReader *r, JsonMember *m){
  memset(m, 0, sizeof *m);
  if( r->error || r->done ) return 0;
  skip_space(r);
  if( r->members==0 && peek(r)=='}' ) return end_object(r);
  if( r->members>0 ){
    if( peek(r)=='}' ) return end_object(r);
    if( !take(r, ',', "',' or '}' is missing") ) return 0;
  }
  r->members++;
  return read_string(r, &m->name, &m->nameSize) && take(r, ':', "':' is missing")
      && read_value(r, m, 1);
}

/* The code point of one character of an escaped text; pairs of \u stay two halves. */
static int next_unit(const char **at){
  static const char SHORT[] = "b\bf\fn\nr\rt\t";
  const char *z = *at, *s;
  int i, unit = 0;
  *at = z + 1;
  if( *z!='\\' ) return (unsigned char)*z;
  *at = z + 2;
  if( z[1]=='u' ){
    for(i=0; i<4; i++) unit = unit*16 + hex_value((unsigned char)z[2 + i]);
    *at = z + 6;
    return unit;
  }
  for(s=SHORT; *s; s+=2) if( *s==z[1] ) return s[1];
  return (unsigned char)z[1];
}

int json_text_is(const char *raw, size_t n, const char *ascii){
  const char *end = raw + n;
  while( raw < end && *ascii ){
    if( next_unit(&raw)!=(unsigned char)*ascii++ ) return 0;
  }
  return raw==end && *ascii==0;
}
