/*
** What an argument's name means: its kind, by which decode.c reads it, in every function and table alike.
** NAME_col of a table is a column that holds NAME.  Names stand by kind (signature.h), then by the
** alphabet; docs/arguments.tsv says in words what each is, for the reference.
*/
#include "sql/signature.h"

static const struct { const char *name; ArgKind kind; } KIND_OF_NAME[] = {
  /* keys: a row with a NULL one is skipped */
  { "cell", ARG_KEY }, { "conversation", ARG_KEY }, { "conversion_customer", ARG_KEY }, { "customer", ARG_KEY },
  { "event", ARG_KEY }, { "history_customer", ARG_KEY }, { "ignore_type", ARG_KEY },
  { "ignore_value", ARG_KEY }, { "mapping", ARG_KEY }, { "order_id", ARG_KEY }, { "product", ARG_KEY },
  { "record", ARG_KEY }, { "sending", ARG_KEY }, { "source_name", ARG_KEY }, { "what", ARG_KEY },
  { "where", ARG_KEY },
  /* keys that may be NULL */
  { "audience", ARG_KEY_OR_NULL }, { "channel", ARG_KEY_OR_NULL }, { "conversion_id", ARG_KEY_OR_NULL },
  { "history_message", ARG_KEY_OR_NULL }, { "id_type", ARG_KEY_OR_NULL }, { "id_value", ARG_KEY_OR_NULL },
  { "message", ARG_KEY_OR_NULL }, { "new_customer", ARG_KEY_OR_NULL }, { "order", ARG_KEY_OR_NULL },
  { "referrer", ARG_KEY_OR_NULL }, { "segment", ARG_KEY_OR_NULL }, { "state", ARG_KEY_OR_NULL },
  /* numbers */
  { "age", ARG_NUMBER }, { "frequency", ARG_NUMBER }, { "monetary", ARG_NUMBER }, { "recency", ARG_NUMBER },
  { "z1", ARG_NUMBER }, { "z2", ARG_NUMBER }, { "z3", ARG_NUMBER }, { "z4", ARG_NUMBER },
  /* money */
  { "amount", ARG_MONEY }, { "cash_flow", ARG_MONEY }, { "cost", ARG_MONEY }, { "margin", ARG_MONEY },
  { "outcome", ARG_MONEY }, { "priority", ARG_MONEY }, { "quantity", ARG_MONEY }, { "refund", ARG_MONEY },
  { "revenue", ARG_MONEY }, { "weight", ARG_MONEY },
  /* 0 or 1 */
  { "answered", ARG_FLAG }, { "base", ARG_FLAG }, { "condition", ARG_FLAG }, { "consent", ARG_FLAG },
  { "control", ARG_FLAG }, { "flag", ARG_FLAG }, { "follow", ARG_FLAG }, { "from_customer", ARG_FLAG },
  { "identifiable", ARG_FLAG }, { "in_segment", ARG_FLAG }, { "insightable", ARG_FLAG },
  { "is_distributor", ARG_FLAG }, { "is_fan", ARG_FLAG }, { "is_member", ARG_FLAG }, { "marketable", ARG_FLAG },
  { "perceivable", ARG_FLAG }, { "reachable", ARG_FLAG }, { "sent", ARG_FLAG }, { "serviceable", ARG_FLAG },
  { "trait", ARG_FLAG },
  /* 0, 1 or NULL: a row with a NULL one is skipped */
  { "post", ARG_FLAG_OR_NULL }, { "treated", ARG_FLAG_OR_NULL },
  /* times */
  { "conversion_time", ARG_TIME }, { "from", ARG_TIME }, { "history_time", ARG_TIME },
  { "last_active", ARG_TIME }, { "time", ARG_TIME }, { "to", ARG_TIME },
  /* times that may be NULL */
  { "origin", ARG_TIME_OR_NULL },
  /* conditions, one or more */
  { "c1", ARG_FLAGS },
  /* parameters from here on.  Ends: a day alone is its end */
  { "as_of", ARG_AS_OF }, { "from_as_of", ARG_AS_OF }, { "period_to", ARG_AS_OF }, { "to_as_of", ARG_AS_OF },
  /* beginnings: a day alone is its beginning */
  { "period_from", ARG_SINCE },
  /* lengths of time */
  { "churn_days", ARG_DURATION }, { "dormant_days", ARG_DURATION }, { "gap", ARG_DURATION },
  { "half_life", ARG_DURATION }, { "limit", ARG_DURATION }, { "min_gap", ARG_DURATION },
  { "plan_horizon", ARG_DURATION }, { "window", ARG_DURATION },
  /* zones */
  { "tz", ARG_ZONE },
  /* grains of a calendar */
  { "grain", ARG_GRAIN },
  /* REAL */
  { "accepted", ARG_REAL }, { "aov", ARG_REAL }, { "discount", ARG_REAL }, { "discount_per_year", ARG_REAL },
  { "f", ARG_REAL }, { "high", ARG_REAL }, { "horizon", ARG_REAL }, { "invites", ARG_REAL },
  { "lat1", ARG_REAL }, { "lat2", ARG_REAL }, { "level", ARG_REAL }, { "lifetime_years", ARG_REAL },
  { "lon1", ARG_REAL }, { "lon2", ARG_REAL }, { "m", ARG_REAL }, { "orders_per_year", ARG_REAL },
  { "ownership", ARG_REAL }, { "r", ARG_REAL }, { "referral", ARG_REAL }, { "t", ARG_REAL },
  { "unit_days", ARG_REAL }, { "users", ARG_REAL }, { "value", ARG_REAL }, { "x", ARG_REAL }, { "y", ARG_REAL },
  /* REAL from 0 to 1 */
  { "fraction", ARG_FRACTION }, { "q", ARG_FRACTION },
  /* INTEGER */
  { "bins", ARG_INTEGER }, { "collapse", ARG_INTEGER }, { "decimals", ARG_INTEGER }, { "depth", ARG_INTEGER },
  { "mature_orders", ARG_INTEGER }, { "max", ARG_INTEGER }, { "max_records", ARG_INTEGER },
  { "min_orders", ARG_INTEGER }, { "n", ARG_INTEGER }, { "ordered", ARG_INTEGER }, { "orders", ARG_INTEGER },
  { "referrals", ARG_INTEGER },
  /* text */
  { "code", ARG_TEXT }, { "day_order", ARG_TEXT }, { "direction", ARG_TEXT }, { "end_event", ARG_TEXT },
  { "f_limits", ARG_TEXT }, { "fit", ARG_TEXT }, { "gg", ARG_TEXT }, { "hours", ARG_TEXT },
  { "language", ARG_TEXT }, { "m_limits", ARG_TEXT }, { "mode", ARG_TEXT }, { "model", ARG_TEXT },
  { "pattern", ARG_TEXT }, { "periods", ARG_TEXT }, { "quiet_from", ARG_TEXT }, { "quiet_to", ARG_TEXT },
  { "r_limits", ARG_TEXT }, { "retention_mode", ARG_TEXT }, { "return_event", ARG_TEXT }, { "salt", ARG_TEXT },
  { "score_by", ARG_TEXT }, { "segment_at", ARG_TEXT }, { "start_event", ARG_TEXT }, { "ties", ARG_TEXT },
  { "unit", ARG_TEXT }, { "windows", ARG_TEXT },
  /* text that may end with a zone */
  { "cap_window", ARG_TEXT_ZONE },
  /* how a funnel's rows match */
  { "funnel_mode", ARG_MODE },
  /* inputs of tables: tables and views */
  { "conversions_source", ARG_SOURCE }, { "history", ARG_SOURCE }, { "ignore", ARG_SOURCE },
  { "queue", ARG_SOURCE }, { "source", ARG_SOURCE }, { "touches", ARG_SOURCE },
  /* lists of flag columns */
  { "steps", ARG_COLUMNS },
  /* lists of key columns */
  { "traits", ARG_KEY_COLUMNS },
};

int argument_kind(const char *name, size_t n, ArgKind *kind){
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
