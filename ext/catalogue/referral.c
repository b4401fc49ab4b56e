/* Catalogue: referral. */
#include "../metric/referral.h"
#include "../sql/catalogue.h"

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
  { .name = 0 }
};
