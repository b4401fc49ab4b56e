/* Signatures: see signature.h. */
#include "sql/signature.h"

static const struct { const char *name; ArgKind kind; } KIND_OF_NAME[] = {
  { "amount", ARG_MONEY },        { "as_of", ARG_AS_OF },          { "base", ARG_FLAG },
  { "c1", ARG_FLAGS },            { "cap_window", ARG_TEXT_ZONE },      { "churn_days", ARG_DURATION },
  { "customer", ARG_KEY },
  { "dormant_days", ARG_DURATION },{ "flag", ARG_FLAG },           { "follow", ARG_FLAG },
  { "funnel_mode", ARG_MODE },    { "gap", ARG_DURATION },        { "grain", ARG_GRAIN },          { "mature_orders", ARG_INTEGER },
  { "max", ARG_INTEGER },         { "order_id", ARG_KEY },         { "pattern", ARG_TEXT },
  { "referrer", ARG_KEY_OR_NULL },{ "refund", ARG_MONEY },         { "time", ARG_TIME },
  { "tz", ARG_ZONE },             { "window", ARG_DURATION },
  /* value, rhythm */
  { "cash_flow", ARG_MONEY },     { "fraction", ARG_FRACTION },    { "new_customer", ARG_KEY_OR_NULL },
  { "q", ARG_FRACTION },          { "quantity", ARG_MONEY },       { "revenue", ARG_MONEY },
  /* tables: their sources, and what stands in a column NAME_col of one */
  { "cost", ARG_MONEY },          { "margin", ARG_MONEY },
           { "mode", ARG_TEXT },            { "order", ARG_KEY_OR_NULL },
  { "origin", ARG_TIME_OR_NULL }, { "retention_mode", ARG_TEXT },  { "segment", ARG_KEY_OR_NULL },
  { "source", ARG_SOURCE },
  { "channel", ARG_KEY_OR_NULL }, { "conversion_customer", ARG_KEY },
  { "conversion_id", ARG_KEY_OR_NULL }, { "conversion_time", ARG_TIME },
  { "conversions_source", ARG_SOURCE }, { "half_life", ARG_DURATION },
  { "id_type", ARG_KEY_OR_NULL }, { "id_value", ARG_KEY_OR_NULL },
  { "ignore", ARG_SOURCE },       { "ignore_type", ARG_KEY },      { "ignore_value", ARG_KEY },
  { "max_records", ARG_INTEGER }, { "record", ARG_KEY },
  { "ordered", ARG_INTEGER },     { "segment_at", ARG_TEXT },
  { "condition", ARG_FLAG },      { "direction", ARG_TEXT },
  { "product", ARG_KEY },         { "min_orders", ARG_INTEGER },   { "traits", ARG_KEY_COLUMNS },
  { "weight", ARG_MONEY },
  { "steps", ARG_COLUMNS },       { "touches", ARG_SOURCE },
  { "windows", ARG_TEXT },        { "hours", ARG_TEXT },
  { "periods", ARG_TEXT },        { "return_event", ARG_TEXT },
  { "collapse", ARG_INTEGER },    { "depth", ARG_INTEGER },        { "end_event", ARG_TEXT },
  { "event", ARG_KEY },           { "start_event", ARG_TEXT },
  /* import */
  { "answered", ARG_FLAG },       { "audience", ARG_KEY_OR_NULL }, { "sending", ARG_KEY },
  { "consent", ARG_FLAG },        { "control", ARG_FLAG },         { "history", ARG_SOURCE },       { "history_customer", ARG_KEY },
  { "history_message", ARG_KEY_OR_NULL }, { "history_time", ARG_TIME }, { "message", ARG_KEY_OR_NULL },  { "min_gap", ARG_DURATION },
  { "plan_horizon", ARG_DURATION }, { "priority", ARG_MONEY },     { "queue", ARG_SOURCE },
  { "sent", ARG_FLAG },           { "what", ARG_KEY },            { "where", ARG_KEY },            { "source_name", ARG_KEY },       { "mapping", ARG_KEY },
  { "cell", ARG_KEY },            { "day_order", ARG_TEXT },       { "decimals", ARG_INTEGER },
  /* service and experiments */
  { "conversation", ARG_KEY },    { "from_customer", ARG_FLAG },   { "in_segment", ARG_FLAG },
  { "limit", ARG_DURATION },      { "outcome", ARG_MONEY },        { "post", ARG_FLAG_OR_NULL },
  { "q", ARG_FRACTION },          { "trait", ARG_FLAG },           { "treated", ARG_FLAG_OR_NULL },
  /* predicted value; the columns are arguments of its scalar functions, too */
  { "age", ARG_NUMBER },          { "discount", ARG_REAL },          { "discount_per_year", ARG_REAL },{ "fit", ARG_TEXT },
  { "frequency", ARG_NUMBER },    { "gg", ARG_TEXT },              { "horizon", ARG_REAL },
  { "model", ARG_TEXT },          { "monetary", ARG_NUMBER },      { "recency", ARG_NUMBER },
  { "level", ARG_REAL },           { "z1", ARG_NUMBER },            { "z2", ARG_NUMBER },
  { "z3", ARG_NUMBER },           { "z4", ARG_NUMBER },
  { "t", ARG_REAL },              { "unit_days", ARG_REAL },
  /* tables over customers */
  { "f_limits", ARG_TEXT },       { "m_limits", ARG_TEXT },        { "r_limits", ARG_TEXT },
  { "score_by", ARG_TEXT },        { "unit", ARG_TEXT },
  { "period_from", ARG_SINCE },   { "period_to", ARG_AS_OF },
  { "bins", ARG_INTEGER },        { "from_as_of", ARG_AS_OF },     { "state", ARG_KEY_OR_NULL },
  { "ties", ARG_TEXT },           { "to_as_of", ARG_AS_OF },
  /* scalar functions */
  { "aov", ARG_REAL },            { "from", ARG_TIME },            { "last_active", ARG_TIME },
  { "lifetime_years", ARG_REAL }, { "orders", ARG_INTEGER },       { "orders_per_year", ARG_REAL },
  { "to", ARG_TIME },
  { "accepted", ARG_REAL },       { "code", ARG_TEXT },            { "f", ARG_REAL },
  { "high", ARG_REAL },           { "identifiable", ARG_FLAG },    { "insightable", ARG_FLAG },
  { "invites", ARG_REAL },        { "is_distributor", ARG_FLAG },  { "is_fan", ARG_FLAG },
  { "is_member", ARG_FLAG },      { "language", ARG_TEXT },        { "lat1", ARG_REAL },
  { "lat2", ARG_REAL },           { "lon1", ARG_REAL },            { "lon2", ARG_REAL },
  { "m", ARG_REAL },              { "marketable", ARG_FLAG },      { "n", ARG_INTEGER },
  { "ownership", ARG_REAL },      { "perceivable", ARG_FLAG },     { "quiet_from", ARG_TEXT },
  { "quiet_to", ARG_TEXT },       { "r", ARG_REAL },               { "reachable", ARG_FLAG },
  { "referral", ARG_REAL },       { "referrals", ARG_INTEGER },    { "salt", ARG_TEXT },
  { "serviceable", ARG_FLAG },    { "users", ARG_REAL },           { "value", ARG_REAL },
  { "x", ARG_REAL },              { "y", ARG_REAL },
};

static int kind_of_name(const char *name, size_t n, ArgKind *kind){
  size_t i;
  for(i=0; i<sizeof KIND_OF_NAME/sizeof KIND_OF_NAME[0]; i++){
    const char *known = KIND_OF_NAME[i].name;
    if( known[0]==name[0] && strncmp(known, name, n)==0 && known[n]==0 ){   /* the byte first: every load comes here a thousand times */
      *kind = KIND_OF_NAME[i].kind;
      return 1;
    }
  }
  return 0;
}

/* A name as it stands; NAME_col is a column of a table's source, a time there may be NULL. */
static int kind_of(Argument *a){
  size_t n = strlen(a->name);
  if( n <= 4 || strcmp(a->name + n - 4, "_col")!=0 ) return kind_of_name(a->name, n, &a->kind);
  a->kind = ARG_COLUMN;
  if( !kind_of_name(a->name, n - 4, &a->columnKind) ) return 0;
  if( a->columnKind==ARG_TIME ) a->columnKind = ARG_TIME_OR_NULL;
  return 1;
}

/* window:cap_window is called window, and read as a cap_window is; event_col:segment is a column
** whose cells are read as segments are. */
static int kind_in_place(Argument *a){
  char *as = strchr(a->name, ':');
  if( as==0 ) return kind_of(a);
  *as = 0;
  if( as - a->name <= 4 || strcmp(as - 4, "_col")!=0 ) return kind_of_name(as + 1, strlen(as + 1), &a->kind);
  a->kind = ARG_COLUMN;
  return kind_of_name(as + 1, strlen(as + 1), &a->columnKind);
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
