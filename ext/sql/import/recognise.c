/* What the columns of an export are by their headers, and whose export it is. */
#include "sql/import/plan.h"

static int has_normal(const ImportPlan *p, const char *normal){
  char z[NORMAL_SIZE];
  int i;
  for(i=0; i<p->count; i++){
    import_normal(p->column[i].name, z);
    if( strcmp(z, normal)==0 ) return 1;
  }
  return 0;
}

static const char *find_platform(const ImportPlan *p){
  if( has_normal(p, "financialstatus") && has_normal(p, "paidat") ) return has_normal(p, "name") ? "Shopify" : "Squarespace";
  if( has_normal(p, "amazonorderid") ) return "Amazon";
  if( has_normal(p, "settlementid") && has_normal(p, "productsales") ) return "Amazon settlement";
  if( has_normal(p, "purchasepoint") && has_normal(p, "grandtotal") ) return "Magento";
  if( has_normal(p, "选购商品") || has_normal(p, "达人昵称") ) return "Douyin";
  if( has_normal(p, "拼单成功时间") || (has_normal(p, "用户实付金额") && (has_normal(p, "商家实收金额") || has_normal(p, "订单成交时间"))) ) return "PDD";
  if( has_normal(p, "买家会员名") && has_normal(p, "订单编号") ) return "Taobao/Tmall";
  if( has_normal(p, "下单帐号") || has_normal(p, "下单账号") ) return "JD";
  if( has_normal(p, "nrevenue") ) return "WooCommerce";
  if( has_normal(p, "商户单号") && has_normal(p, "交易单号") ) return "WeChat Pay";
  if( has_normal(p, "newcontactcnt") && has_normal(p, "chatcnt") ) return "WeCom behaviour";
  if( has_normal(p, "添加人") && has_normal(p, "添加时间") ) return "WeCom";
  if( has_normal(p, "商户订单号") && has_normal(p, "微信订单号") ) return "WeChat Pay";
  return 0;
}

/* Of the columns that could have a role the one with the best rank, the leftmost of equal ones. */
static void choose(ImportPlan *p){
  int i, rank, role;
  for(role=0; role<ROLE_COUNT; role++) p->chosen[role] = -1;
  for(i=0; i<p->count; i++){
    ImportColumn *c = &p->column[i];
    if( c->role==ROLE_NONE || c->role==ROLE_IGNORED || c->role==ROLE_TIME ) continue;
    if( p->chosen[c->role] < 0 || c->rank < p->column[p->chosen[c->role]].rank ) p->chosen[c->role] = i;
  }
  for(rank=0; rank<=4; rank++){
    for(i=0; i<p->count && p->times<PLAN_TIMES; i++){
      if( p->column[i].role==ROLE_TIME && p->column[i].rank==rank ) p->time[p->times++] = i;
    }
  }
}

/* What was paid has its tax in it. */
static int is_without_tax(const char *header){
  static const char *const WORD[] = { "%(ex%tax%)%", "%excl%", "%(net%)%", "%不含税%", "%未税%", "%ohne%" };
  size_t i;
  for(i=0; i<sizeof WORD/sizeof WORD[0]; i++) if( sqlite3_strlike(WORD[i], header, 0)==0 ) return 1;
  return 0;
}

/* Of two columns with one header the shell's .import makes amount_4 and amount_5: with their places. */
static ImportRole role_of_renamed(ImportColumn *c, int at){
  char place[16], header[NORMAL_SIZE], normal[NORMAL_SIZE];
  size_t n = strlen(c->name), k;
  sqlite3_snprintf((int)sizeof place, place, "_%d", at + 1);
  k = strlen(place);
  if( n <= k || n >= NORMAL_SIZE || strcmp(c->name + n - k, place)!=0 ) return ROLE_NONE;
  memcpy(header, c->name, n - k);
  header[n-k] = 0;
  import_normal(header, normal);
  return import_role(normal, &c->rank);
}

/* Whether a column says in so many words who the customer is. */
static int names_customer(const ImportPlan *p){
  char normal[NORMAL_SIZE];
  int i, rank;
  for(i=0; i<p->count; i++){
    import_normal(p->column[i].name, normal);
    if( import_role(normal, &rank)==ROLE_CUSTOMER && (strstr(normal, "customer") || strstr(normal, "buyer") || strstr(normal, "client")) ) return 1;
  }
  return 0;
}

static int is_till(const ImportPlan *p){
  return has_normal(p, "register") || has_normal(p, "outlet") || has_normal(p, "receiptnumber") || has_normal(p, "receiptno") || has_normal(p, "terminal");
}

void import_recognise(ImportPlan *p){
  char normal[NORMAL_SIZE];
  int i, is_amazon, at_till = names_customer(p) && is_till(p), has_payer = has_normal(p, "fromemailaddress");
  p->platform = find_platform(p);
  is_amazon = p->platform && strcmp(p->platform, "Amazon")==0;
  for(i=0; i<p->count; i++){
    ImportColumn *c = &p->column[i];
    import_normal(c->name, normal);
    c->role = import_role(normal, &c->rank);
    c->power = import_power(c->name);
    if( c->role==ROLE_NONE ) c->role = role_of_renamed(c, i);
    if( strcmp(normal, "name")==0 ){                  /* the order's in Shopify, else anybody's */
      c->role = p->platform && strcmp(p->platform, "Shopify")==0 ? ROLE_ORDER : ROLE_NONE;
      c->rank = 0;
    }
    if( is_amazon && strcmp(normal, "itemprice")==0 ){        /* there it is the line's, not one piece's */
      c->role = ROLE_AMOUNT;
      c->rank = 3;
    }
    if( strcmp(normal, "productsales")==0 && p->platform && strcmp(p->platform, "Amazon settlement")==0 ){        /* total is less the fees */
      c->role = ROLE_AMOUNT;
      c->rank = 1;
    }
    /* a few orders have these, all have the number of the transaction and Amazon's own */
    if( (has_payer && strcmp(normal, "invoicenumber")==0) || (is_amazon && strcmp(normal, "merchantorderid")==0) ) c->rank = 3;
    if( at_till && strcmp(normal, "user")==0 ){               /* who served */
      c->role = ROLE_STAFF;
      c->rank = 2;
    }
    if( c->role==ROLE_AMOUNT && is_without_tax(c->name) ) c->rank++;
  }
  choose(p);
}

/* Headers that say that an amount is the line's own. */
void import_amount_is(ImportPlan *p){
  static const char LINES[] = " paidprice linetotal itemtotal lineamount extendedprice 商品实际成交金额 商品实付金额 최종상품별총주문금액 nettowert ";
  char normal[NORMAL_SIZE], word[NORMAL_SIZE + 3];
  int amount = p->chosen[ROLE_AMOUNT];
  if( amount < 0 || p->amountIs!=AMOUNT_UNKNOWN ) return;
  import_normal(p->column[amount].name, normal);
  sqlite3_snprintf((int)sizeof word, word, " %s ", normal);
  if( strstr(LINES, word) || (strcmp(normal, "itemprice")==0 && p->platform && strcmp(p->platform, "Amazon")==0) ) p->amountIs = AMOUNT_OF_LINE;
}
