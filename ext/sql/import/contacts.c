/*
** siyu_import() of a list of contacts: who was added by whom and when, as WeCom exports it.  A row is
** a contact; one that is there already, by customer, staff and moment, is replaced.
*/
#include "sql/import/plan.h"

/* Rows of the source as contacts; whether they can be used is `bad`. */
static void contact_rows(ImportPlan *p, Buffer *b){
  static const struct { ImportRole role; const char *name; } TEXTS[] = { { ROLE_STAFF, "staff" }, { ROLE_DELETED_BY, "by" }, { ROLE_WAY, "way" } };
  size_t i;
  buffer_printf(b, "SELECT %s AS line, ", p->line);
  plan_person(p, b, p->chosen[ROLE_CUSTOMER]);
  buffer_printf(b, " AS customer, ");
  plan_time(p, b, p->chosen[ROLE_ADDED]);
  buffer_printf(b, " AS added, ");
  if( p->chosen[ROLE_DELETED] >= 0 ) plan_time(p, b, p->chosen[ROLE_DELETED]);
  else buffer_printf(b, "NULL");
  buffer_printf(b, " AS deleted, ");
  if( p->chosen[ROLE_DELETED] >= 0 ) plan_filled(p, b, p->chosen[ROLE_DELETED]);
  else buffer_printf(b, "0");
  buffer_printf(b, " AS gone");
  for(i=0; i<sizeof TEXTS/sizeof TEXTS[0]; i++){
    int column = p->chosen[TEXTS[i].role];
    if( column >= 0 ) buffer_printf(b, ", nullif(trim(\"%w\"), '') AS %s", p->column[column].name, TEXTS[i].name);
    else buffer_printf(b, ", NULL AS %s", TEXTS[i].name);
  }
  buffer_printf(b, " FROM %s WHERE NOT ", p->source.from);
  plan_is_total(p, b);
  buffer_printf(b, " LIMIT -1");
}

#define CONTACT_STAGE "temp.siyu_import_contact"

static int contact_run(ImportPlan *p, const char *sql){
  Buffer b = {0};
  buffer_put(&b, sql, strlen(sql));
  return plan_exec(p, &b);
}

static int contact_stage(ImportPlan *p){
  Buffer b = {0};
  if( !contact_run(p, "DROP TABLE IF EXISTS " CONTACT_STAGE) ) return 0;
  buffer_printf(&b, "CREATE TABLE " CONTACT_STAGE " AS SELECT line, customer, staff, added, deleted, way,"
    " CASE WHEN by LIKE '%%客户%%' OR lower(by) = 'customer' THEN 'customer' WHEN by IS NOT NULL THEN 'staff' END AS by,"
    " CASE WHEN customer IS NULL THEN 2 WHEN added IS NULL OR (gone AND deleted IS NULL) THEN 1 ELSE 0 END AS bad FROM (");
  contact_rows(p, &b);
  buffer_printf(&b, ")");
  return plan_exec(p, &b);
}

/* The cell that cannot be read is told by its header. */
static int contact_rejects(ImportPlan *p){
  int added = p->chosen[ROLE_ADDED], deleted = p->chosen[ROLE_DELETED];
  Buffer b = {0};
  buffer_printf(&b, "DELETE FROM main.import_reject WHERE source = %Q", p->sourceText);
  if( !plan_exec(p, &b) ) return 0;
  buffer_printf(&b, "INSERT INTO main.import_reject(source, line, header, value, reason) SELECT %Q, s.line, CASE WHEN s.bad = 2 THEN %Q WHEN s.added IS NULL THEN %Q ELSE %Q END,"
    " CASE WHEN s.bad = 2 THEN NULL WHEN s.added IS NULL THEN e.a ELSE e.d END, CASE WHEN s.bad = 2 THEN 'no customer' ELSE 'no time' END FROM " CONTACT_STAGE " AS s"
    " JOIN (SELECT %s AS line, \"%w\" AS a, ", p->sourceText, p->column[p->chosen[ROLE_CUSTOMER]].name, p->column[added].name,
    deleted >= 0 ? p->column[deleted].name : "", p->line, p->column[added].name);
  if( deleted >= 0 ) buffer_printf(&b, "\"%w\"", p->column[deleted].name);
  else buffer_printf(&b, "NULL");
  buffer_printf(&b, " AS d FROM %s) AS e ON e.line = s.line WHERE s.bad", p->source.from);
  return plan_exec(p, &b);
}

static int contact_fill(ImportPlan *p){
  return contact_run(p, "CREATE INDEX " CONTACT_STAGE "_key ON siyu_import_contact(customer, staff, added)")
      && contact_run(p, "DELETE FROM main.contacts WHERE EXISTS (SELECT 1 FROM " CONTACT_STAGE " AS s WHERE s.customer = contacts.customer AND s.staff IS contacts.staff AND s.added = contacts.added)")
      && contact_run(p, "INSERT INTO main.contacts(customer, staff, added, deleted, deleted_by, way)"
                        " SELECT customer, staff, added, deleted, CASE WHEN deleted IS NOT NULL THEN by END, way FROM " CONTACT_STAGE " WHERE NOT bad GROUP BY customer, staff, added")
      && contact_run(p, "INSERT OR IGNORE INTO main.customers(customer, joined) SELECT customer, min(added) FROM " CONTACT_STAGE " WHERE NOT bad GROUP BY customer")
      && contact_run(p, "INSERT OR IGNORE INTO main.staff(staff) SELECT DISTINCT staff FROM " CONTACT_STAGE " WHERE NOT bad AND staff IS NOT NULL");
}

static char *contact_sentence(ImportPlan *p){
  enum { CONTACTS, CUSTOMERS, STAFF_NAMES, DELETED, BAD, NOBODY, COUNT };
  int64_t n[COUNT] = {0};
  Buffer b = {0};
  buffer_printf(&b, "SELECT count(*), count(DISTINCT customer), count(DISTINCT staff), coalesce(sum(deleted IS NOT NULL), 0),"
    " (SELECT count(*) FROM " CONTACT_STAGE " WHERE bad = 1), (SELECT count(*) FROM " CONTACT_STAGE " WHERE bad = 2)"
    " FROM (SELECT * FROM " CONTACT_STAGE " WHERE NOT bad GROUP BY customer, staff, added)");
  if( !plan_numbers(p, &b, n, COUNT) ) return 0;
  if( p->chinese ) return import_said_contacts(p, n);
  plan_put_count(&b, n[CONTACTS], "contact", "contacts");
  buffer_printf(&b, " of ");
  plan_put_count(&b, n[CUSTOMERS], "customer", "customers");
  buffer_printf(&b, " with %lld staff from ", (long long)n[STAFF_NAMES]);
  plan_put_count(&b, p->rows, "row", "rows");
  buffer_printf(&b, " of %s%s%s%s: %lld deleted.", p->sourceText, p->platform ? " (" : "", p->platform ? p->platform : "", p->platform ? ")" : "", (long long)n[DELETED]);
  if( n[BAD] || n[NOBODY] || p->totals ) buffer_printf(&b, " Left out: ");
  if( n[BAD] ){ plan_put_count(&b, n[BAD], "rejected row", "rejected rows"); buffer_printf(&b, " (see import_reject)"); }
  if( n[NOBODY] ){ buffer_printf(&b, "%s", n[BAD] ? ", " : ""); plan_put_count(&b, n[NOBODY], "row", "rows"); buffer_printf(&b, " without a customer"); }
  if( p->totals ){ buffer_printf(&b, "%s", n[BAD] || n[NOBODY] ? ", " : ""); plan_put_count(&b, p->totals, "line of totals", "lines of totals"); }
  if( n[BAD] || n[NOBODY] || p->totals ) buffer_put_byte(&b, '.');
  return plan_sentence(&b);
}

char *import_contacts(ImportPlan *p){
  char *said;
  if( !contact_run(p, "SELECT siyu_setup('schema')") || !contact_stage(p) || !contact_rejects(p) || !contact_fill(p) ) return 0;
  said = contact_sentence(p);
  if( said==0 || contact_run(p, "DROP TABLE " CONTACT_STAGE) ) return said;
  sqlite3_free(said);
  return 0;
}
