/*
** Amounts as a service's own interface has them, in hundredths without saying so: amount_captured 2000 is 20.00,
** total_fee 1 is a fen.  Where a cell has decimals they are none.
*/
#include "sql/import/plan.h"

/* Names that only those interfaces have; with one of them all amounts are in hundredths. */
static int is_interface(const ImportPlan *p){
  static const char *const NAME[] = { "amount_captured", "amount_capturable", "amount_subtotal", "amount_remaining", "total_fee", "settlement_total_fee" };
  size_t k;
  int i;
  for(i=0; i<p->count; i++){
    for(k=0; k<sizeof NAME/sizeof NAME[0]; k++) if( sqlite3_stricmp(p->column[i].name, NAME[k])==0 ) return 1;
    if( sqlite3_strlike("%money.amount", p->column[i].name, 0)==0 || sqlite3_strlike("%\\_money\\_amount", p->column[i].name, '\\')==0 ) return 1;
  }
  return 0;
}

int profile_units(ImportPlan *p){
  int i, n = 0;
  int64_t decimals = 0;
  Buffer sql = {0};
  if( !is_interface(p) ) return 1;
  buffer_printf(&sql, "SELECT EXISTS (SELECT 1 FROM %s WHERE 0", p->source.from);
  for(i=0; i<p->count; i++){
    ImportRole role = p->column[i].role;
    if( role!=ROLE_AMOUNT && role!=ROLE_REFUND && role!=ROLE_PRICE ) continue;
    buffer_printf(&sql, " OR \"%w\" GLOB '*[.,]*'", p->column[i].name);
    n++;
  }
  buffer_printf(&sql, ")");
  if( !plan_numbers(p, &sql, &decimals, 1) ) return 0;
  for(i=0; n && !decimals && i<p->count; i++){
    ImportRole role = p->column[i].role;
    if( (role==ROLE_AMOUNT || role==ROLE_REFUND || role==ROLE_PRICE) && p->column[i].power==0 ) p->column[i].power = -2;
  }
  return 1;
}
