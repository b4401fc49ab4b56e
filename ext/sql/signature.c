/* Signatures: see signature.h. */
#include "signature.h"

static const struct { const char *name; ArgKind kind; } KIND_OF_NAME[] = {
  { "amount", ARG_MONEY },        { "as_of", ARG_AS_OF },          { "base", ARG_FLAG },
  { "c1", ARG_FLAGS },            { "churn_days", ARG_DURATION },  { "customer", ARG_KEY },
  { "dormant_days", ARG_DURATION },{ "flag", ARG_FLAG },           { "follow", ARG_FLAG },
  { "grain", ARG_GRAIN },         { "mature_orders", ARG_INTEGER },{ "order_id", ARG_KEY },
  { "referrer", ARG_KEY_OR_NULL },{ "refund", ARG_MONEY },         { "time", ARG_TIME },
  { "tz", ARG_ZONE },             { "window", ARG_DURATION },
  /* scalar functions */
  { "aov", ARG_REAL },            { "from", ARG_TIME },            { "last_active", ARG_TIME },
  { "lifetime_years", ARG_REAL }, { "orders", ARG_INTEGER },       { "orders_per_year", ARG_REAL },
  { "to", ARG_TIME },
};

static int kind_of(const char *name, ArgKind *kind){
  size_t i;
  for(i=0; i<sizeof KIND_OF_NAME/sizeof KIND_OF_NAME[0]; i++){
    if( strcmp(KIND_OF_NAME[i].name, name)==0 ){ *kind = KIND_OF_NAME[i].kind; return 1; }
  }
  return 0;
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
  if( s->count==ARGUMENTS_MAX ) return 0;
  if( kind_is_column(a->kind) && s->columns==BATCH_COLUMNS ) return 0;
  to = &s->argument[s->count++];
  *to = *a;
  to->column = to->parameter = -1;
  if( kind_is_column(a->kind) ){
    s->columnArgument[s->columns] = s->count - 1;
    s->plain[s->columns] = a->kind <= ARG_MONEY;
    to->column = s->columns++;
  }else{
    to->parameter = s->parameters++;
  }
  if( !a->optional ) s->required = s->count;
  if( a->kind==ARG_FLAGS ) s->variadic = 1;
  return s->parameters <= PARAMETERS_MAX;
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
    if( *z==0 ) return 1;
    if( out->variadic ){                   /* "..., cN" repeats the one before */
      while( is_name_byte(*z) ) z++;
      continue;
    }
    if( (z = read_word(z, a.name, sizeof a.name))==0 ) return 0;
    if( *z=='=' && (z = read_word(z+1, a.preset, sizeof a.preset))==0 ) return 0;
    a.optional = optional;
    if( !kind_of(a.name, &a.kind) || !add_argument(out, &a) ) return 0;
  }
}
