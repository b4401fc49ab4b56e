/* Catalogue: referral. */
#include "metric/referral/referral.h"
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
  { .name = 0 }
};
