/* Catalogue: repurchase, conversion, retention. */
#include "../metric/repurchase.h"
#include "../sql/catalogue.h"

#define WHITE_PAPER "Jianshi, Xiao'etong, 233, Youzan: white paper on private-domain user value"
#define VALUE_STANDARD "Xingyun Youke: private-domain value standard"
#define PDCA "NetEase Yunshang: PDCA operation"

const CatalogueEntry CATALOGUE_REPURCHASE[] = {
  {
    .name = "repurchase_rate", .kind = ENTRY_AGGREGATE, .family = "repurchase",
    .titleEn = "repurchase rate", .titleZh = "复购率",
    .formula = "(customer): customers with >= 2 rows / customers. (customer, order_id): with >= 2 distinct orders (pass "
               "date(t) for distinct days). (customer, time, window, as_of): customers whose second row is within window "
               "of the first / customers whose first + window <= as_of; the others are not yet mature and in neither",
    .nulls = "rows without a customer, an order_id or a time, and rows after as_of, are skipped; a second row at the very "
             "time of the first counts; NULL without (mature) customers",
    .refunds = "no money is read: leave refund rows out with FILTER (WHERE amount >= 0)",
    .practice = WHITE_PAPER " (17 % to 60 %), " PDCA " (no second order within 90 days)",
    .memory = "16 + 12 to 24 bytes per customer; with order_id 24 to 36 more per distinct order; with a window 24 + 12 to 24",
    .example = "WITH o(customer, t) AS (VALUES (1, '2024-01-01'), (1, '2024-01-20'), (2, '2024-01-05'), (3, '2024-03-30'))\n"
               "SELECT repurchase_rate(customer), repurchase_rate(customer, t, 30, '2024-03-31') FROM o",
    .output = "0.333333333333333|0.5", .since = "0.1.0",
    .overload = {
      { "customer", &METRIC_REPURCHASE_ROWS, 0 },
      { "customer, order_id", &METRIC_REPURCHASE_ORDERS, 0 },
      { "customer, time, window, as_of", &METRIC_REPURCHASE_WINDOW, 0 }
    }
  },
  {
    .name = "conversion_rate", .kind = ENTRY_AGGREGATE, .family = "repurchase",
    .titleEn = "conversion rate of customers", .titleZh = "转化率",
    .formula = "customers with a flagged row / customers",
    .nulls = "rows without a customer are skipped; a NULL flag is false; NULL without customers",
    .refunds = "",
    .practice = VALUE_STANDARD " (营销转化)",
    .memory = "16 + 12 to 24 bytes per customer",
    .example = "WITH v(customer, paid) AS (VALUES (1, 0), (1, 1), (2, 0), (3, NULL))\nSELECT conversion_rate(customer, paid) FROM v",
    .output = "0.333333333333333", .since = "0.1.0",
    .overload = { { "customer, flag", &METRIC_CONVERSION, 0 } }
  },
  {
    .name = "retention_rate", .kind = ENTRY_AGGREGATE, .family = "repurchase",
    .titleEn = "retention rate between two conditions", .titleZh = "留存率",
    .formula = "customers with a base row and a follow row / customers with a base row",
    .nulls = "rows without a customer are skipped; NULL conditions are false; one row may be both; NULL without a base row",
    .refunds = "",
    .practice = VALUE_STANDARD " (留存复购)",
    .memory = "16 + 12 to 24 bytes per customer",
    .example = "WITH o(customer, month) AS (VALUES (1, 1), (1, 2), (2, 1), (3, 2))\n"
               "SELECT retention_rate(customer, month = 1, month = 2) FROM o",
    .output = "0.5", .since = "0.1.0",
    .overload = { { "customer, base, follow", &METRIC_RETENTION, 0 } }
  },
  { .name = 0 }
};
