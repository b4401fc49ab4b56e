/* Signatures: see signature.h. */
#include "sql/signature.h"

/* A name as it stands; NAME_col is a column of a table's source, a time there may be NULL. */
static int kind_of(Argument *a){
  size_t n = strlen(a->name);
  if( n <= 4 || strcmp(a->name + n - 4, "_col")!=0 ) return argument_kind(a->name, n, &a->kind);
  a->kind = ARG_COLUMN;
  if( !argument_kind(a->name, n - 4, &a->columnKind) ) return 0;
  if( a->columnKind==ARG_TIME ) a->columnKind = ARG_TIME_OR_NULL;
  return 1;
}

/* window:cap_window is called window, and read as a cap_window is; event_col:segment is a column
** whose cells are read as segments are. */
static int kind_in_place(Argument *a){
  char *as = strchr(a->name, ':');
  if( as==0 ) return kind_of(a);
  *as = 0;
  if( as - a->name <= 4 || strcmp(as - 4, "_col")!=0 ) return argument_kind(as + 1, strlen(as + 1), &a->kind);
  a->kind = ARG_COLUMN;
  return argument_kind(as + 1, strlen(as + 1), &a->columnKind);
}

static int is_name_byte(char c){
  return (c>='a' && c<='z') || (c>='A' && c<='Z') || (c>='0' && c<='9') || c=='_' || c=='.'
      || c==':' || c=='+' || c=='-';
}

/* Copies the next run of name bytes; 0 when there is none or it is too long. */
static const char *read_word(const char *z, char *out, size_t room){
  size_t n = 0;
  while( is_name_byte(z[n]) ) n++;
  if( n==0 || n>=room ) return 0;
  memcpy(out, z, n);
  out[n] = 0;
  return z + n;
}

static int add_argument(Signature *s, const Argument *a){
  Argument *to;
  int isColumn = kind_is_column(a->kind) || a->kind==ARG_COLUMN || a->kind==ARG_COLUMNS
              || a->kind==ARG_KEY_COLUMNS;
  if( s->count==ARGUMENTS_MAX || (isColumn && s->columns==BATCH_COLUMNS) ) return 0;
  to = &s->argument[s->count++];
  *to = *a;
  to->column = to->parameter = -1;
  if( isColumn ){
    s->columnArgument[s->columns] = s->count - 1;
    s->plain[s->columns] = a->kind <= ARG_MONEY ? PLAIN_AS_IS
                         : a->kind==ARG_TIME || a->kind==ARG_TIME_OR_NULL ? PLAIN_SECONDS
                         : a->kind==ARG_FLAGS ? PLAIN_FLAGS : PLAIN_NOT;
    to->column = s->columns++;
  }else if( a->kind!=ARG_SOURCE ){
    to->parameter = s->parameters++;
  }
  if( !a->optional ) s->required = s->count;
  if( a->kind==ARG_FLAGS ) s->variadic = 1;
  return s->parameters <= PARAMETERS_MAX;
}

static int add_conditions(Signature *s){
  Argument a;
  memset(&a, 0, sizeof a);
  memcpy(a.name, "conditions", sizeof "conditions");
  a.kind = ARG_CONDITIONS;
  a.optional = 1;
  return add_argument(s, &a);
}

/* Many columns of a source stand last among its columns, as many flags do in a call. */
static void move_columns_last(Signature *s){
  int i, last = s->columns - 1;
  for(i=0; i<last; i++){
    int at = s->columnArgument[i], other = s->columnArgument[i+1];
    uint8_t plain = s->plain[i];
    if( s->argument[at].kind!=ARG_COLUMNS && s->argument[at].kind!=ARG_KEY_COLUMNS ) continue;
    s->columnArgument[i] = other;
    s->columnArgument[i+1] = at;
    s->plain[i] = s->plain[i+1];
    s->plain[i+1] = plain;
    s->argument[other].column = i;
    s->argument[at].column = i + 1;
  }
}

int signature_parse(const char *z, Signature *out){
  int optional = 0;
  memset(out, 0, sizeof *out);
  for(;;){
    Argument a;
    memset(&a, 0, sizeof a);
    while( *z==' ' || *z==',' || *z=='[' || *z==']' ){
      if( *z=='[' ) optional = 1;
      z++;
    }
    if( *z==0 && out->variadic ) return add_conditions(out);
    if( *z==0 ){ move_columns_last(out); return 1; }
    if( out->variadic ){                   /* "..., cN" repeats the one before */
      while( is_name_byte(*z) ) z++;
      continue;
    }
    if( (z = read_word(z, a.name, sizeof a.name))==0 ) return 0;
    if( *z=='=' && (z = read_word(z+1, a.preset, sizeof a.preset))==0 ) return 0;
    a.optional = optional;
    if( !kind_in_place(&a) || !add_argument(out, &a) ) return 0;
  }
}

char *signature_unknown_name(const char *z){
  Argument a;
  while( *z ){
    const char *next;
    if( !is_name_byte(*z) ){ z++; continue; }
    memset(&a, 0, sizeof a);
    next = read_word(z, a.name, sizeof a.name);
    if( next==0 ) return sqlite3_mprintf("%s", z);
    if( strcmp(a.name, "...")!=0 && strcmp(a.name, "cN")!=0 && !kind_in_place(&a) ) return sqlite3_mprintf("%s", a.name);
    z = next;
    if( *z=='=' ) do z++; while( is_name_byte(*z) );
  }
  return 0;
}

void signature_on_calendar(Signature *s, int isSo){
  int i;
  for(i=0; i<s->count; i++) s->argument[i].onCalendar = isSo;
}

void signature_of_columns(const Signature *inputs, int from, int to, Signature *out){
  int i;
  memset(out, 0, sizeof *out);
  for(i=from; i<to; i++){
    Argument a = inputs->argument[inputs->columnArgument[i]];
    if( a.kind==ARG_COLUMNS ){
      a.kind = ARG_FLAGS;
    }else if( a.kind==ARG_KEY_COLUMNS ){
      a.kind = ARG_KEY_OR_NULL;
    }else{
      a.kind = a.columnKind;
      a.name[strlen(a.name) - 4] = 0;               /* "_col" */
    }
    add_argument(out, &a);
  }
}

void signature_of_state(const Signature *inputs, Signature *out){
  int i;
  memset(out, 0, sizeof *out);
  for(i=0; i<inputs->count; i++){
    Argument a = inputs->argument[i];
    if( a.kind==ARG_SOURCE ) continue;
    if( a.kind==ARG_COLUMNS ){
      a.kind = ARG_TEXT;
      add_argument(out, &a);
      a.kind = ARG_MONEY;
      memcpy(a.name, "flags", sizeof "flags");
    }else if( a.kind==ARG_COLUMN ){
      a.kind = a.columnKind;
      a.name[strlen(a.name) - 4] = 0;               /* "_col" */
      a.preset[0] = 0;
    }
    add_argument(out, &a);
  }
}

void signature_put_arguments(Buffer *out, const Signature *s){
  int i;
  for(i=0; i<s->count; i++){
    const Argument *a = &s->argument[i];
    buffer_printf(out, "%s%s%s%s%s", i==s->required && i ? " [" : "", i ? ", " : "", a->name, a->preset[0] ? "=" : "", a->preset);
  }
  if( s->required < s->count ) buffer_put_byte(out, ']');
}

int signature_repeat(Signature *s, int n){
  Argument last = s->argument[s->count - 1];
  for(; n > 1; n--) if( !add_argument(s, &last) ) return 0;
  return 1;
}

void signature_put(Buffer *b, const char *z){
  for(; *z; z++){
    if( *z==':' && z[1] >= 'a' && z[1] <= 'z' ){
      while( (z[1] >= 'a' && z[1] <= 'z') || z[1]=='_' ) z++;
    }else buffer_put_byte(b, (unsigned char)*z);
  }
}
