/* Who bought, and the phones and addresses that stand beside: ids of that customer. */
#include "sql/import/plan.h"

/* A column of phones or of mails, by its header; 0 for others. */
static char id_is(const char *normal){
  static const char *const PHONES[] = { "手机", "电话", "電話", "phone", "mobile", "telefon" };
  static const char *const MAILS[] = { "邮箱", "邮件", "mail", "电邮", "電郵", "correo" };
  size_t k;
  for(k=0; k<sizeof MAILS/sizeof MAILS[0]; k++) if( strstr(normal, MAILS[k]) ) return 'm';
  for(k=0; k<sizeof PHONES/sizeof PHONES[0]; k++) if( strstr(normal, PHONES[k]) ) return 'p';
  return 0;
}

/* A phone without the blanks and hyphens between its digits, and without +86 before them. */
static void plan_phone(const ImportPlan *p, Buffer *b, int column){
  const char *name = p->column[column].name;
  Buffer w = {0};
  buffer_printf(&w, "replace(replace(replace(parse_id(\"%w\"), ' ', ''), '-', ''), '+86', '')", name);
  buffer_put_byte(&w, 0);
  if( w.failed ){ b->failed = 1; buffer_destroy(&w); return; }
  buffer_printf(b, "CASE WHEN \"%w\" NOT GLOB '*[^0-9]*' AND length(\"%w\") < 13 THEN parse_id(\"%w\") WHEN %s GLOB '*[^0-9+]*' THEN parse_id(\"%w\")", name, name, name, (char*)w.data, name);
  buffer_printf(b, " WHEN length(%s) = 13 AND %s GLOB '861*' THEN substr(%s, 3) WHEN length(%s) = 15 AND %s GLOB '00861*' THEN substr(%s, 5) ELSE %s END",
                (char*)w.data, (char*)w.data, (char*)w.data, (char*)w.data, (char*)w.data, (char*)w.data, (char*)w.data);
  buffer_destroy(&w);
}

/* One person in all forms that a mail and a phone have, as the header of `like` says. */
void plan_person_as(const ImportPlan *p, Buffer *b, int column, int like){
  char normal[NORMAL_SIZE], is;
  int filled;
  if( column < 0 ){ buffer_printf(b, "NULL"); return; }
  import_normal(p->column[like].name, normal);
  is = id_is(normal);
  if( is==0 ){ plan_id(p, b, column); return; }
  filled = p->column[column].blankWords;
  if( filled ){ buffer_printf(b, "CASE WHEN "); plan_filled(p, b, column); buffer_printf(b, " THEN "); }
  if( is=='m' ) buffer_printf(b, "CASE WHEN instr(\"%w\", '@') THEN lower(parse_id(\"%w\")) ELSE parse_id(\"%w\") END", p->column[column].name, p->column[column].name, p->column[column].name);
  else plan_phone(p, b, column);
  if( filled ) buffer_printf(b, " END");
}

void plan_person(const ImportPlan *p, Buffer *b, int column){ plan_person_as(p, b, column, column); }

/* Of a payment who paid, of a refund who got it. */
void plan_customer(const ImportPlan *p, Buffer *b){
  int column = p->chosen[ROLE_CUSTOMER];
  if( column < 0 || p->payee < 0 || !plan_has_kind(p, 2) ){ plan_person(p, b, column); return; }
  buffer_printf(b, "CASE WHEN ");
  plan_kind_in(p, b, 2);
  buffer_printf(b, " THEN ");
  plan_person(p, b, p->payee);
  buffer_printf(b, " ELSE ");
  plan_person(p, b, column);
  buffer_printf(b, " END");
}

/* From Email Address is the buyer's of payments; To Email Address beside it is that of refunds. */
int import_payee(const ImportPlan *p){
  char normal[NORMAL_SIZE];
  int i;
  if( p->chosen[ROLE_CUSTOMER] < 0 ) return -1;
  import_normal(p->column[p->chosen[ROLE_CUSTOMER]].name, normal);
  if( strcmp(normal, "fromemailaddress") ) return -1;
  for(i=0; i<p->count; i++){
    import_normal(p->column[i].name, normal);
    if( strcmp(normal, "toemailaddress")==0 ) return i;
  }
  return -1;
}

/* What kind of id a column of customers holds that was not taken for the customer; NULL: none, or somebody
** else's: the one who receives the goods may be a friend. */
const char *import_id_kind(const ImportPlan *p, int column){
  static const char *const OTHERS[] = { "收货", "收件", "ship", "receiver", "recipient", "导购", "分销" };
  char normal[NORMAL_SIZE];
  size_t k;
  const ImportColumn *c = &p->column[column];
  if( c->role!=ROLE_CUSTOMER || column==p->chosen[ROLE_CUSTOMER] ) return 0;
  import_normal(c->name, normal);
  for(k=0; k<sizeof OTHERS/sizeof OTHERS[0]; k++) if( strstr(normal, OTHERS[k]) ) return 0;
  return id_is(normal)=='m' ? "email" : id_is(normal)=='p' ? "phone" : 0;
}

/* A masked one is nobody's. */
int import_ids(ImportPlan *p, const char *buyers){
  int i;
  for(i=0; p->chosen[ROLE_CUSTOMER] >= 0 && i<p->count; i++){
    const char *kind = import_id_kind(p, i);
    Buffer b = {0};
    if( kind==0 ) continue;
    buffer_printf(&b, "INSERT INTO main.customer_ids(customer, id_type, id_value) SELECT customer, %Q, v FROM (SELECT ", kind);
    plan_customer(p, &b);
    buffer_printf(&b, " AS customer, ");
    plan_person(p, &b, i);
    buffer_printf(&b, " AS v FROM %s WHERE ", p->source.from);
    plan_filled(p, &b, i);
    buffer_printf(&b, " AND NOT ");
    plan_is_total(p, &b);
    buffer_printf(&b, " LIMIT -1) AS n WHERE v GLOB %Q AND instr(v, '*') = 0 AND instr(v, '转') = 0 AND customer IN (SELECT customer FROM %s) AND NOT EXISTS"
                      " (SELECT 1 FROM main.customer_ids AS i WHERE i.customer = n.customer AND i.id_type = %Q AND i.id_value = n.v)"
                      " GROUP BY customer, v", kind[0]=='p' ? "*[0-9][0-9][0-9][0-9][0-9]*" : "*?@?*", buyers, kind);
    if( !plan_exec(p, &b) ) return 0;
  }
  return 1;
}
