/* Catalogue: value. */
#include "../metric/lifecycle.h"
#include "../metric/value.h"
#include "../sql/scalar.h"

#define WHITE_PAPER "Jianshi, Xiao'etong, 233, Youzan: white paper on private-domain user value"
#define VALUE_STANDARD "Xingyun Youke: private-domain value standard"
#define TRIANGLE "Youzan: private-domain triangle"
#define PDCA "NetEase Yunshang: PDCA operation"
#define ORDERS "WITH o(customer, amount) AS (VALUES (1, 100), (1, 50), (2, 30), (2, -30))\n"
#define LIVES \
  "WITH o(customer, time, amount) AS (VALUES\n" \
  "  (1, '2024-01-01', 100), (1, '2024-12-31', 100), (2, '2024-07-01', 50))\n"

const CatalogueEntry CATALOGUE_VALUE[] = {
  {
    .name = "gmv", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "gross merchandise value", .titleZh = "成交总额",
    .formula = "sum(amount) - sum(refund)",
    .nulls = "NULL amounts and refunds add nothing; NULL when there is no amount and no refund at all",
    .refunds = "a negative amount is subtracted, and so is the second argument (given as a positive number)",
    .practice = WHITE_PAPER " (GMV = User x ARPU)",
    .memory = "constant",
    .example = ORDERS "SELECT gmv(amount) FROM o",
    .output = "150", .since = "0.1.0",
    .overload = { { "amount", &METRIC_GMV, 0 }, { "amount, refund", &METRIC_GMV_REFUND, 0 } }
  },
  {
    .name = "effective_customers", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "effective purchasing customers", .titleZh = "有效购买客户数",
    .formula = "count of distinct customers whose sum(amount) > 0",
    .nulls = "rows without a customer are skipped; 0 when there is none",
    .refunds = "a customer whose refunds eat up the purchases is not effective; REAL sums are compared "
               "exactly, so use INTEGER minor units where 0.1 + 0.2 - 0.3 must be 0",
    .practice = WHITE_PAPER " (User)",
    .memory = "24 + 12 to 24 bytes per customer",
    .example = ORDERS "SELECT effective_customers(customer, amount) FROM o",
    .output = "1", .since = "0.1.0",
    .overload = { { "customer, amount", &METRIC_EFFECTIVE_CUSTOMERS, 0 } }
  },
  {
    .name = "arpu", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "average revenue per user", .titleZh = "每用户平均收入",
    .formula = "sum(amount) / count(DISTINCT customer)",
    .nulls = "rows without a customer are skipped with their money; customers without money count, so a "
             "LEFT JOIN's customers without orders are in the denominator; NULL without customers",
    .refunds = "subtracted from the money; the customer still counts",
    .practice = WHITE_PAPER " (per head of all users; per buyer: arppu)",
    .memory = "16 + 12 to 24 bytes per customer",
    .example = ORDERS "SELECT arpu(customer, amount) FROM o",
    .output = "75.0", .since = "0.1.0",
    .overload = { { "customer, amount", &METRIC_ARPU, 0 } }
  },
  {
    .name = "arppu", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "average revenue per paying user", .titleZh = "每付费用户平均收入",
    .formula = "sum(amount) / effective_customers(customer, amount); so gmv = effective_customers * arppu",
    .nulls = "rows without a customer are skipped with their money; NULL without effective customers",
    .refunds = "subtracted; a customer with nothing left is not in the denominator",
    .practice = WHITE_PAPER " (its ARPU is per effective purchasing user)",
    .memory = "24 + 12 to 24 bytes per customer",
    .example = ORDERS "SELECT arppu(customer, amount) FROM o",
    .output = "150.0", .since = "0.1.0",
    .overload = { { "customer, amount", &METRIC_ARPPU, 0 } }
  },
  {
    .name = "clv", .kind = ENTRY_AGGREGATE, .aliasOf = "arppu", .family = "value",
    .titleEn = "customer value R / M (no prediction)", .titleZh = "客户价值 CLV = R / M",
    .formula = "sum(amount) / effective_customers(customer, amount): the same as arppu; a past figure, not a prediction",
    .nulls = "as arppu", .refunds = "as arppu",
    .practice = VALUE_STANDARD " (CLV = R / M, revenue by effective customers)",
    .memory = "24 + 12 to 24 bytes per customer",
    .example = ORDERS "SELECT clv(customer, amount) FROM o",
    .output = "150.0", .since = "0.1.0",
    .overload = { { "customer, amount", &METRIC_ARPPU, 0 } }
  },
  {
    .name = "aov", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "average order value", .titleZh = "客单价（每单）",
    .formula = "sum(amount) / orders; orders = rows whose amount is not negative, or the distinct order_id of such rows",
    .nulls = "an order with a NULL amount counts as an order; rows without an order_id are skipped; NULL without orders",
    .refunds = "subtracted from the money, but no order",
    .practice = VALUE_STANDARD " (客单价 per order; per buyer it is arppu)",
    .memory = "constant; with order_id 16 + 12 to 24 bytes per order",
    .example = ORDERS "SELECT aov(amount) FROM o",
    .output = "50.0", .since = "0.1.0",
    .overload = { { "amount", &METRIC_AOV, 0 }, { "order_id, amount", &METRIC_AOV_ORDER, 0 } }
  },
  {
    .name = "revenue_share", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "share of revenue of flagged rows", .titleZh = "收入占比",
    .formula = "sum(amount where flag) / sum(amount)",
    .nulls = "a NULL flag is false; NULL when there is no money or it sums to 0",
    .refunds = "subtracted above and below the line",
    .practice = WHITE_PAPER " (转介绍占总业绩), " PDCA " (first-time and repeat buyers)",
    .memory = "constant",
    .example = ORDERS "SELECT revenue_share(amount, customer = 1) FROM o",
    .output = "1.0", .since = "0.1.0",
    .overload = { { "amount, flag", &METRIC_REVENUE_SHARE, 0 } }
  },
  {
    .name = "ltv", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "lifetime value, measured with right-censored lifetimes", .titleZh = "用户终身价值",
    .formula = "lifespan_years * aov * orders_per_year = sum(amount) / customers who left; a customer left at the last "
               "order when silent for more than churn_days at as_of, the others are observed until as_of",
    .nulls = "rows without a customer or a time, and rows after as_of, are skipped; a NULL amount is an order "
             "without money; NULL while nobody has left",
    .refunds = "subtracted from the money; no order and no activity",
    .practice = TRIANGLE " (LTV = lifetime x order value x orders per year); exposure by events: Lawless, ch. 4",
    .memory = "24 + 12 to 24 bytes per customer",
    .example = LIVES "SELECT ltv(customer, time, amount, '2024-12-31', 90) FROM o",
    .output = "250.0", .since = "0.1.0",
    .overload = { { "customer, time, amount, as_of [, churn_days=180]", &METRIC_LTV, 0 } }
  },
  {
    .name = "ltv_parts", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "the factors of the lifetime value, as JSON", .titleZh = "用户终身价值的构成",
    .formula = "lifespan_years = active years / churned; aov = money / orders; orders_per_year = orders / active years; "
               "repurchases_per_year = (orders - customers) / active years; ltv = money / churned; active years = "
               "sum(end - first) in years of 365.25 days",
    .nulls = "as ltv; a factor without a denominator is null; NULL without customers",
    .refunds = "as ltv",
    .practice = TRIANGLE " (its third factor is repurchases per year, 年复购次数)",
    .memory = "24 + 12 to 24 bytes per customer",
    .example = LIVES "SELECT json_extract(ltv_parts(customer, time, amount, '2024-12-31 00:00:00', 90), '$.customers', '$.churned', '$.ltv') FROM o",
    .output = "[2,1,250.0]", .since = "0.1.0",
    .overload = { { "customer, time, amount, as_of [, churn_days=180]", &METRIC_LTV_PARTS, 0 } }
  },
  {
    .name = "ltv_formula", .kind = ENTRY_SCALAR, .family = "value",
    .titleEn = "lifetime value from its three factors", .titleZh = "用户终身价值公式",
    .formula = "lifetime_years * aov * orders_per_year",
    .nulls = "NULL when an argument is NULL", .refunds = "",
    .practice = TRIANGLE " (LTV = lifetime x order value x repurchases per year)",
    .memory = "none",
    .example = "SELECT ltv_formula(2.5, 120, 4)",
    .output = "1200.0", .since = "0.1.0",
    .overload = { { "lifetime_years, aov, orders_per_year", 0, call_ltv_formula } }
  },
  { .name = 0 }
};
