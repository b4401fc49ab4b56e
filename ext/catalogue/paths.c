/* Catalogue: tables that follow customers: referral, identity, funnel, attribution. */
#include "../metric/referral_tree.h"
#include "../sql/table.h"

static const TableSpec REFERRAL_TREE = {
  .outputs = "customer, referrer, root, depth INTEGER, direct INTEGER, team INTEGER, team_amount,"
             " referrers INTEGER, in_cycle INTEGER, is_customer INTEGER",
  .outputCount = 10, .estimatedRows = 1e6, .metric = &METRIC_REFERRAL_TREE
};

const CatalogueEntry CATALOGUE_PATHS[] = {
  {
    .name = "referral_tree", .kind = ENTRY_TABLE, .family = "paths",
    .titleEn = "referral forest: root, depth, direct referrals, team and the team's money", .titleZh = "推荐关系树（裂变、团队）",
    .formula = "a row for each customer and each referrer who is no customer (is_customer = 0). referrer = the one in the "
               "customer's earliest row, tied or without time_col the smallest key; referrers = distinct ones; root = end of the way "
               "up, depth = steps to it; direct = those who name it as referrer, without itself; team = all below, without itself; "
               "team_amount = their money. in_cycle = 1 on a cycle (a self-referral is one of length 1); root and depth are NULL where "
               "the way up ends in a cycle, and team counts everybody once",
    .nulls = "rows without a customer are skipped; a NULL or blank referrer is none; a row without a time comes after all others; "
             "team_amount is NULL without amount_col, 0 for a team without money",
    .refunds = "subtracted from team_amount",
    .practice = "Youzan: private-domain triangle (顾客推荐); two-tier distribution (二级分销), viral growth (裂变)",
    .memory = "60 to 80 bytes per node, 32 more with amount_col, 8 per row with another referrer than the customer's first",
    .example = "CREATE TEMP TABLE m(customer, referrer, amount);\n"
               "INSERT INTO m VALUES (1, NULL, 10), (2, 1, 20), (3, 2, 30), (4, 1, 40), (5, 'staff', 50), (6, 6, 60);\n"
               "SELECT customer, referrer, root, depth, direct, team, team_amount, in_cycle\n"
               "  FROM referral_tree('m', 'customer', 'referrer', 'amount') ORDER BY 1",
    .output = "1|NULL|1|0|2|3|90|0\n2|1|1|1|1|1|30|0\n3|2|1|2|0|0|0|0\n4|1|1|1|0|0|0|0\n5|staff|staff|1|0|0|0|0\n"
              "6|6|NULL|NULL|0|0|0|1\nstaff|NULL|staff|0|1|1|50|0",
    .since = "0.1.0",
    .overload = { { "source, customer_col, referrer_col [, amount_col], time_col, tz=+00:00", 0, 0 } },
    .table = &REFERRAL_TREE
  },
  { .name = 0 }
};
