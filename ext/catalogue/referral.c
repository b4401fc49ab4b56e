/* Catalogue: referral. */
#include "metric/referral/referral.h"
#include "metric/referral/referral_tree.h"
#include "sql/scalar.h"

#define TRIANGLE "Youzan: private-domain triangle (顾客推荐率)"
#define MEMBERS "WITH m(customer, referrer) AS (VALUES (1, NULL), (2, 1), (3, 1), (4, 4), (5, 9))\n"

const CatalogueEntry CATALOGUE_REFERRAL[] = {
  {
    .name = "referral_rate", .kind = ENTRY_AGGREGATE, .family = "referral",
    .titleEn = "share of customers who were referred", .titleZh = "被推荐率",
    .formula = "distinct customers with a referrer other than themselves / distinct customers",
    .nulls = "rows without a customer are skipped; a NULL or blank referrer is none; NULL without customers",
    .refunds = "", .practice = TRIANGLE, .memory = "16 + 12 to 24 bytes per customer",
    .example = MEMBERS "SELECT referral_rate(customer, referrer) FROM m",
    .output = "0.6", .since = "0.1.0",
    .overload = { { "customer, referrer", &METRIC_REFERRAL_RATE, 0 } }
  },
  {
    .name = "referrer_rate", .kind = ENTRY_AGGREGATE, .family = "referral",
    .titleEn = "share of customers who referred another", .titleZh = "顾客推荐率",
    .formula = "customers of the input who are the referrer of at least one other customer / distinct customers",
    .nulls = "as referral_rate; a referrer who is no customer of the input counts nowhere",
    .refunds = "", .practice = TRIANGLE, .memory = "16 + 12 to 24 bytes per customer or referrer",
    .example = MEMBERS "SELECT referrer_rate(customer, referrer) FROM m",
    .output = "0.2", .since = "0.1.0",
    .overload = { { "customer, referrer", &METRIC_REFERRER_RATE, 0 } }
  },
  {
    .name = "k_factor", .kind = ENTRY_SCALAR, .family = "referral",
    .titleEn = "K factor: new customers that one customer brings", .titleZh = "裂变系数 K 因子",
    .formula = "invites / users * accepted / invites = accepted / users",
    .nulls = "NULL when an argument is NULL, and when users or invites are 0 (a share of no invitations is not known); a "
             "negative argument is an error",
    .refunds = "", .practice = "Xingyun Youke: private-domain value standard (社交裂变)", .memory = "none",
    .example = "SELECT k_factor(1000, 3000, 450)",
    .output = "0.45", .since = "0.1.0",
    .overload = { { "users, invites, accepted", 0, call_k_factor } }
  },
  {
    .name = "referral_tree", .kind = ENTRY_TABLE, .family = "referral",
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
    .memory = "53 bytes per node, 85 with amount_col, and the bytes of TEXT keys, room for nodes growing by a million at a time; 8 "
              "per row with another referrer than the customer's first. Peak for 1 M members: 53 MB, 85 MB with amount_col",
    .example = "CREATE TEMP TABLE m(customer, referrer, amount);\n"
               "INSERT INTO m VALUES (1, NULL, 10), (2, 1, 20), (3, 2, 30), (4, 1, 40), (5, 'staff', 50), (6, 6, 60);\n"
               "SELECT customer, referrer, root, depth, direct, team, team_amount, in_cycle\n"
               "  FROM referral_tree('m', 'customer', 'referrer', 'amount') ORDER BY 1",
    .output = "1|NULL|1|0|2|3|90|0\n2|1|1|1|1|1|30|0\n3|2|1|2|0|0|0|0\n4|1|1|1|0|0|0|0\n5|staff|staff|1|0|0|0|0\n"
              "6|6|NULL|NULL|0|0|0|1\nstaff|NULL|staff|0|1|1|50|0",
    .since = "0.1.0",
    .overload = { { "source, customer_col, referrer_col [, amount_col], time_col, tz=+00:00", 0, 0 } },
    .table = &METRIC_REFERRAL_TREE
  },
  { .name = 0 }
};
