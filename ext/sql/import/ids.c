/* Phones and addresses that stand beside the column that says who bought: ids of that customer. */
#include "sql/import/plan.h"

/* What kind of id a column of customers holds that was not taken for the customer; NULL: none, or somebody
** else's: the one who receives the goods may be a friend. */
const char *import_id_kind(const ImportPlan *p, int column){
  static const char *const OTHERS[] = { "收货", "收件", "ship", "receiver", "recipient", "导购", "分销" };
  static const char *const PHONES[] = { "手机", "电话", "phone", "mobile", "telefono" };
  static const char *const MAILS[] = { "邮箱", "邮件", "email", "电邮", "電郵" };
  char normal[NORMAL_SIZE];
  size_t k;
  const ImportColumn *c = &p->column[column];
  if( c->role!=ROLE_CUSTOMER || column==p->chosen[ROLE_CUSTOMER] ) return 0;
  import_normal(c->name, normal);
  for(k=0; k<sizeof OTHERS/sizeof OTHERS[0]; k++) if( strstr(normal, OTHERS[k]) ) return 0;
  for(k=0; k<sizeof MAILS/sizeof MAILS[0]; k++) if( strstr(normal, MAILS[k]) ) return "email";
  for(k=0; k<sizeof PHONES/sizeof PHONES[0]; k++) if( strstr(normal, PHONES[k]) ) return "phone";
  return 0;
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
    plan_id(p, &b, i);
    buffer_printf(&b, " AS v FROM %s WHERE ", p->source.from);
    plan_filled(p, &b, i);
    buffer_printf(&b, " AND NOT ");
    plan_is_total(p, &b);
    buffer_printf(&b, " LIMIT -1) AS n WHERE v GLOB %Q AND instr(v, '*') = 0 AND customer IN (SELECT customer FROM %s) AND NOT EXISTS"
                      " (SELECT 1 FROM main.customer_ids AS i WHERE i.customer = n.customer AND i.id_type = %Q AND i.id_value = n.v)"
                      " GROUP BY customer, v", kind[0]=='p' ? "*[0-9][0-9][0-9][0-9][0-9]*" : "*?@?*", buyers, kind);
    if( !plan_exec(p, &b) ) return 0;
  }
  return 1;
}
