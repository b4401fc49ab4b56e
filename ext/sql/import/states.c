/* What the columns of states say: which rows are orders, which are none, whose money went back. */
#include "sql/import/plan.h"

#include "base/json.h"

#define STATUSES_MAX 200

int plan_in_list(ImportPlan *p, const char *json, const char *text, int *in){
  Buffer sql = {0};
  int64_t n = 0;
  if( json==0 ){ *in = 0; return 1; }
  buffer_printf(&sql, "SELECT count(*) FROM json_each(%Q) WHERE lower(trim(value)) = lower(%Q)", json, text);
  if( !plan_numbers(p, &sql, &n, 1) ) return 0;
  *in = n > 0;
  return 1;
}

static int judge_status(ImportPlan *p, ImportStatus *s){
  int in;
  s->is = import_status(s->text);
  if( !plan_in_list(p, p->statusIs, s->text, &in) ) return 0;
  if( in ) s->is = 1;
  else if( p->statusIs ) s->is = s->is>=2 ? s->is : 0;     /* the list says which are: no others */
  if( !plan_in_list(p, p->statusIsNone, s->text, &in) ) return 0;
  if( in ) s->is = 0;
  return 1;
}

/* A JSON array of the statuses that are not known, after those that are orders where `all`: whoever
** lists orders lists them all. */
static char *status_array(const ImportPlan *p, int all){
  Buffer b = {0};
  int i;
  for(i=0; i<p->statuses; i++){
    const char *text = p->status[i].text;
    if( p->status[i].is!=-1 && !(all && (p->status[i].is==1 || p->status[i].is==STATUS_IS_PARTLY)) ) continue;
    buffer_printf(&b, b.size ? ", " : "[");
    json_put_text(&b, text, strlen(text));
  }
  buffer_printf(&b, "]");
  buffer_put_byte(&b, 0);
  if( b.failed ) buffer_destroy(&b);
  return b.failed ? 0 : (char*)b.data;
}

/* One question for all statuses that are not known. */
static int ask_status(ImportPlan *p, const ImportColumn *c){
  char *all, *unknown;
  const ImportStatus *first = 0;
  int64_t rows = 0;
  int i, n = 0, good;
  for(i=0; i<p->statuses; i++){
    if( p->status[i].is!=-1 ) continue;
    if( first==0 ) first = &p->status[i];
    rows += p->status[i].rows;
    n++;
  }
  if( n==0 ) return 1;
  all = status_array(p, 1);
  unknown = status_array(p, 0);
  if( all==0 || unknown==0 ) good = 0;
  else if( n==1 ) good = plan_ask(p, "status '%s' in column %s (%lld %s) is not known: add {\"status_is_order\": %s} to the mapping if it is an order, "
                                     "{\"status_is_none\": %s} if it is none", first->text, c->name, (long long)rows, plan_text(p, rows==1 ? "row" : "rows"), all, unknown);
  else good = plan_ask(p, "%d statuses in column %s (%lld rows) are not known: add {\"status_is_order\": %s} to the mapping without those that are no orders, "
                          "or {\"status_is_none\": %s} if none is one", n, c->name, (long long)rows, all, unknown);
  sqlite3_free(all);
  sqlite3_free(unknown);
  return good;
}

/* Magento closes what was refunded, a till what was paid: it is no order only beside others that are. */
static void judge_closed(ImportPlan *p){
  char normal[NORMAL_SIZE];
  int i, orders = 0;
  for(i=0; i<p->statuses; i++) orders += p->status[i].is >= 1;
  for(i=0; i<p->statuses && p->statusIs==0 && p->statusIsNone==0; i++){
    import_normal(p->status[i].text, normal);
    if( strcmp(normal, "closed") ) continue;
    if( p->platform && strcmp(p->platform, "Magento")==0 ) p->status[i].is = 2;
    else if( orders==0 ) p->status[i].is = -1;
  }
}

static int open_and_paid(ImportPlan *p, int column);

static int states_of_orders(ImportPlan *p, int column){
  ImportColumn *c = &p->column[column];
  Buffer sql = {0};
  sqlite3_stmt *stmt;
  size_t capacity = 0;
  int good = 1, i, known;
  buffer_printf(&sql, "SELECT trim(\"%w\"), count(*) FROM %s WHERE ", c->name, p->source.from);
  plan_filled(p, &sql, column);
  buffer_printf(&sql, " AND NOT ");
  plan_is_total(p, &sql);
  buffer_printf(&sql, " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %d", STATUSES_MAX + 1);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  while( good && sqlite3_step(stmt)==SQLITE_ROW ){
    good = memory_grow((void**)&p->status, &capacity, (size_t)p->statuses + 1, sizeof *p->status)==STATUS_OK;
    if( !good ) break;
    memset(&p->status[p->statuses], 0, sizeof *p->status);
    p->status[p->statuses].text = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 0));
    p->status[p->statuses].rows = sqlite3_column_int64(stmt, 1);
    good = p->status[p->statuses++].text!=0;
  }
  if( sqlite3_finalize(stmt)!=SQLITE_OK ) return plan_fail(p);
  if( p->statuses > STATUSES_MAX && c->rank > 1 ){
    c->used = 0;
    p->chosen[ROLE_STATUS] = -1;
    return 1;
  }
  if( p->statuses > STATUSES_MAX ) return plan_ask(p, "column %s has more than %d different values, so it is no status: map another one, {\"status\": \"...\"}, or none, {\"status\": null}", c->name, STATUSES_MAX);
  for(i=0; good && i<p->statuses; i++) good = judge_status(p, &p->status[i]);
  for(known=i=0; i<p->statuses; i++) known += p->status[i].is >= 0;
  if( good && c->rank > 1 && !known ){                 /* a result of something else */
    c->used = 0;
    p->chosen[ROLE_STATUS] = -1;
    return 1;
  }
  if( good ) judge_closed(p);
  return good && open_and_paid(p, column) && ask_status(p, c);
}

/* ---- the other columns of states ---- */

/* Payment status, Zahlungsstatus, 支付状态: whether there is money at all. */
static int tells_payment(const ImportPlan *p, int column){
  static const char *const WORD[] = { "payment", "financial", "支付", "付款", "zahlung", "paiement", "pago", "pagamento", "결제", "支払", "入金", "transaction" };
  char normal[NORMAL_SIZE];
  size_t i;
  import_normal(p->column[column].name, normal);
  for(i=0; i<sizeof WORD/sizeof WORD[0]; i++) if( strstr(normal, WORD[i]) ) return 1;
  return 0;
}

/* An order that is open is an order where another column says that it was paid: what is not then says that column. */
static int open_and_paid(ImportPlan *p, int column){
  static const char OPEN[] = " open new pending draft onhold offen neu enattente pendiente aberto pendente ";
  int i, k, paid = -1, found = 0;
  for(k=i=0; i<p->statuses; i++){
    char normal[NORMAL_SIZE];
    import_normal(p->status[i].text, normal);
    k += p->status[i].is==0 && import_listed(OPEN, normal);
  }
  if( k==0 || p->statusIs || p->statusIsNone || tells_payment(p, column) ) return 1;
  for(i=0; i<p->count && paid < 0; i++) if( i!=column && p->column[i].role==ROLE_STATUS && tells_payment(p, i) ) paid = i;
  if( paid >= 0 ){
    Buffer sql = {0};
    sqlite3_stmt *stmt;
    buffer_printf(&sql, "SELECT DISTINCT trim(\"%w\") FROM %s WHERE ", p->column[paid].name, p->source.from);
    plan_filled(p, &sql, paid);
    buffer_printf(&sql, " LIMIT %d", STATUSES_MAX);
    stmt = plan_prepare(p, &sql);
    if( stmt==0 ) return 0;
    while( sqlite3_step(stmt)==SQLITE_ROW ){
      const char *z = (const char*)sqlite3_column_text(stmt, 0);
      found |= import_status(z ? z : "")==1;
    }
    if( sqlite3_finalize(stmt)!=SQLITE_OK ) return plan_fail(p);
  }
  for(i=0; found && i<p->statuses; i++){
    char normal[NORMAL_SIZE];
    import_normal(p->status[i].text, normal);
    if( p->status[i].is==0 && import_listed(OPEN, normal) ) p->status[i].is = 1;
  }
  if( found ) p->paid = paid;
  return 1;
}

/* What a column says of payment is told whole, of a parcel that it was cancelled alone. */
typedef enum StatesOf { STATES_OF_PAYMENT, STATES_OF_ORDER, STATES_OF_PARCEL } StatesOf;

/* A parcel that nobody took: paid on delivery it was never paid, else its money went back, mostly. */
#define PARCEL_CAME_BACK 4

static int parcel_came_back(const char *normal){
  static const char *const WORD[] = { "refused", "returnedtosender", "returned", "undelivered", "undeliverable", "rejected", "failed", "faileddelivery", "deliveryfailed", "lost", "rto" };
  static const char *const PART[] = { "拒收", "拒签", "退回", "退件", "拒绝签收" };
  size_t i;
  for(i=0; i<sizeof WORD/sizeof WORD[0]; i++) if( strcmp(normal, WORD[i])==0 ) return 1;
  for(i=0; i<sizeof PART/sizeof PART[0]; i++) if( strstr(normal, PART[i]) ) return 1;
  return 0;
}

/* The words that speak against an order whatever the first column says; closed and new may be the parcel's. */
static int state_is_against(const char *text, StatesOf of){
  static const char WEAK[] = " open new closed draft incomplete sent error invalid ";
  char normal[NORMAL_SIZE];
  int is = import_status(text);
  import_normal(text, normal);
  if( of==STATES_OF_PARCEL ) return is==0 && (strstr(normal, "cancel") || strstr(normal, "取消")) ? 0 : parcel_came_back(normal) ? PARCEL_CAME_BACK : -1;
  return (is==0 || is==2) && (of==STATES_OF_PAYMENT || !import_listed(WEAK, normal)) ? is : -1;
}

/* By the mapping it is none, or its money went back, or it counts; else it is asked about. */
static int judge_parcel(ImportPlan *p, ImportStatus *s, Buffer *back){
  int in;
  if( !plan_in_list(p, p->statusIsNone, s->text, &in) ) return 0;
  s->is = in ? 0 : p->refundIs==REFUND_ALL ? 2 : -1;
  if( in || p->refundIs!=REFUND_UNKNOWN || p->chosen[ROLE_REFUND] >= 0 ) return 1;
  buffer_printf(back, back->size ? ", " : "[");
  json_put_text(back, s->text, strlen(s->text));
  return 1;
}

static int ask_parcels(ImportPlan *p, ImportColumn *c, Buffer *back){
  Buffer sql = {0};
  int64_t n = 0;
  buffer_printf(back, "]");
  buffer_put_byte(back, 0);
  if( back->failed ) return 0;
  buffer_printf(&sql, "SELECT count(*) FROM %s WHERE trim(\"%w\") IN (SELECT value FROM json_each(%Q))", p->source.from, c->name, (char*)back->data);
  if( !plan_numbers(p, &sql, &n, 1) ) return 0;
  plan_remark(p, c, "parcels that came back");
  return plan_ask(p, "column %s says %s of parcels (%lld %s): add {\"status_is_none\": %s} to the mapping if those are no orders, {\"refund_is\": \"all\"} if their money went back, {\"refund_is\": \"none\"} if they count",
                  c->name, (char*)back->data, (long long)n, plan_text(p, n==1 ? "row" : "rows"), (char*)back->data);
}

static int states_against(ImportPlan *p, int column, StatesOf of){
  ImportColumn *c = &p->column[column];
  Buffer sql = {0}, back = {0};
  sqlite3_stmt *stmt;
  size_t capacity = (size_t)p->mores;
  int good = 1, found = 0;
  buffer_printf(&sql, "SELECT DISTINCT trim(\"%w\") FROM %s WHERE ", c->name, p->source.from);
  plan_filled(p, &sql, column);
  buffer_printf(&sql, " LIMIT %d", STATUSES_MAX + 1);
  stmt = plan_prepare(p, &sql);
  if( stmt==0 ) return 0;
  while( good && sqlite3_step(stmt)==SQLITE_ROW ){
    ImportStatus s;
    memset(&s, 0, sizeof s);
    s.text = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 0));
    s.column = column;
    if( s.text==0 ){ good = 0; break; }
    s.is = state_is_against(s.text, of);
    if( s.is==PARCEL_CAME_BACK ) good = judge_parcel(p, &s, &back) && memory_grow((void**)&p->more, &capacity, (size_t)p->mores + 1, sizeof *p->more)==STATUS_OK;
    else if( s.is >= 0 ) good = judge_status(p, &s) && memory_grow((void**)&p->more, &capacity, (size_t)p->mores + 1, sizeof *p->more)==STATUS_OK;
    if( good && (s.is==0 || s.is==2) ){ p->more[p->mores++] = s; found = 1; }
    else sqlite3_free(s.text);
  }
  if( sqlite3_finalize(stmt)!=SQLITE_OK ) good = plan_fail(p);
  if( found ) plan_remark(p, c, "what it says is none is none");
  if( good && back.size ) good = ask_parcels(p, c, &back);
  buffer_destroy(&back);
  return good;
}

static const char PARCEL_HEADERS[] = " fulfillmentstatus fulfilmentstatus deliverystatus shippingstatus shipmentstatus 发货状态 物流状态 配送状态 ";

static int is_parcel(const ImportPlan *p, int column){
  char normal[NORMAL_SIZE];
  import_normal(p->column[column].name, normal);
  return import_listed(PARCEL_HEADERS, normal) && !p->column[column].used;
}

/* Where nothing but the parcel has a state. */
int profile_parcels(ImportPlan *p){
  int i;
  if( p->chosen[ROLE_STATUS] >= 0 || p->contacts || p->lines ) return 1;
  for(i=0; i<p->count; i++) if( is_parcel(p, i) && !states_against(p, i, STATES_OF_PARCEL) ) return 0;
  return 1;
}

int profile_status(ImportPlan *p, int column){
  int i, n = 0;
  if( !states_of_orders(p, column) ) return 0;
  if( p->column[column].rank==0 ) return 1;                  /* the mapping says which */
  for(i=0; i<p->count && n<4; i++){
    int isParcel = is_parcel(p, i);
    if( i==column || (p->column[i].role!=ROLE_STATUS && !isParcel) ) continue;
    n++;
    if( !states_against(p, i, isParcel ? STATES_OF_PARCEL : i==p->paid ? STATES_OF_PAYMENT : STATES_OF_ORDER) ) return 0;
  }
  return 1;
}
