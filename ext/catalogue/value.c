/* Catalogue: value. */
#include "metric/customer/lifecycle.h"
#include "metric/value/value.h"
#include "metric/value/value_summary.h"
#include "sql/scalar.h"

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
    .name = "items_per_order", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "items per order", .titleZh = "连带率",
    .formula = "sum(quantity) / count(DISTINCT order_id) over the orders that have a row whose quantity is not negative",
    .nulls = "rows without an order_id are skipped with their items; an order whose quantity is NULL or 0 is an order; NULL without orders",
    .refunds = "a negative quantity is a returned item: subtracted, and such a row makes no order",
    .practice = WHITE_PAPER " (连带/连单: a guest may bring family)",
    .memory = "16 + 12 to 24 bytes per order",
    .example = "WITH l(order_id, quantity) AS (VALUES ('A', 2), ('A', 1), ('B', 1), ('B', -1))\n"
               "SELECT items_per_order(order_id, quantity) FROM l",
    .output = "1.5", .since = "0.1.0",
    .overload = { { "order_id, quantity", &METRIC_ITEMS_PER_ORDER, 0 } }
  },
  {
    .name = "orders_per_customer", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "orders per customer", .titleZh = "人均订单数",
    .formula = "(customer): rows / count(DISTINCT customer). (customer, order_id): distinct orders of each customer, added up / customers",
    .nulls = "rows without a customer or an order_id are skipped; an order_id that two customers share counts for both; NULL without customers",
    .refunds = "no money is read: leave refund rows out with FILTER (WHERE amount >= 0)",
    .practice = WHITE_PAPER " (消费频次: ARPU moves with order value and frequency)",
    .memory = "16 + 12 to 24 bytes per customer; with order_id 48 to 72 more per distinct order",
    .example = ORDERS "SELECT orders_per_customer(customer) FILTER (WHERE amount >= 0) FROM o",
    .output = "1.5", .since = "0.1.0",
    .overload = {
      { "customer", &METRIC_ORDERS_PER_CUSTOMER, 0 },
      { "customer, order_id", &METRIC_ORDERS_PER_CUSTOMER_ORDER, 0 }
    }
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
    .name = "repeat_share", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "share of revenue of repeat customers", .titleZh = "回头客收入占比",
    .formula = "sum(amount) of customers with >= 2 orders in the input / sum(amount); an order is a row whose amount is "
               "not negative, or a distinct order_id of such rows",
    .nulls = "rows without a customer (or, where it is given, an order_id) are skipped with their money; a row with a NULL "
             "amount is an order without money; NULL when there is no money or it sums to 0",
    .refunds = "subtracted above and below the line; a refund is no order, and takes no order away",
    .practice = PDCA " (repeat buyers: 10 % of customers, 79 % of revenue)",
    .memory = "32 + 12 to 24 bytes per customer; with order_id 48 to 72 more per distinct order",
    .example = "WITH o(customer, amount) AS (VALUES (1, 100), (1, 50), (2, 30), (2, -30), (3, 50))\n"
               "SELECT repeat_share(customer, amount) FROM o",
    .output = "0.75", .since = "0.1.0",
    .overload = {
      { "customer, amount", &METRIC_REPEAT_SHARE, 0 },
      { "customer, amount, order_id", &METRIC_REPEAT_SHARE_ORDER, 0 }
    }
  },
  {
    .name = "top_share", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "share of revenue of the best customers", .titleZh = "头部客户收入占比",
    .formula = "sum of the ceil(fraction * n) largest customer totals / sum(amount); n = distinct customers of the input, "
               "with or without money; a product that is whole but for rounding is whole (0.07 of 100 is 7)",
    .nulls = "rows without a customer are skipped with their money; ties do not matter, as only totals are added; fraction 0 "
             "gives 0, 1 gives 1; NULL without customers or when the money sums to 0",
    .refunds = "subtracted from the customer's total, which may fall below 0; the best ones can then have more than all",
    .practice = WHITE_PAPER " (KOC finding), " PDCA " (contribution of high-level members)",
    .memory = "32 + 12 to 24 bytes per customer, 16 more while the totals are sorted; in a window that asks for "
              "every row 72 per distinct total; O(log n) per row",
    .example = "WITH o(customer, amount) AS (VALUES (1, 60), (1, 20), (2, 10), (3, 6), (4, 4))\n"
               "SELECT top_share(customer, amount, 0.2) FROM o",
    .output = "0.8", .since = "0.1.0",
    .overload = { { "customer, amount, fraction", &METRIC_TOP_SHARE, 0 } }
  },
  {
    .name = "gini", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "Gini coefficient of customer totals", .titleZh = "客户贡献基尼系数",
    .formula = "sum((2i - n - 1) * total_i) / (n * sum(total)), totals of the n distinct customers in ascending order, i = 1 ... n: "
               "0 when all are equal, (n - 1) / n when one has all; of the population, without small-sample correction",
    .nulls = "rows without a customer are skipped with their money; customers without money count with 0; NULL without "
             "customers, when all totals are 0, and when a total is negative",
    .refunds = "subtracted from the customer's total; a total below 0 has no Gini coefficient: NULL (leave such customers out, "
               "or take the orders alone with FILTER (WHERE amount >= 0))",
    .practice = WHITE_PAPER " (KOC finding); Sen, On Economic Inequality, ch. 2",
    .memory = "32 + 12 to 24 bytes per customer, 16 more while the totals are sorted; in a window that asks for "
              "every row 72 per distinct total; O(log n) per row",
    .example = "WITH o(customer, amount) AS (VALUES (1, 60), (1, 20), (2, 10), (3, 6), (4, 4))\n"
               "SELECT gini(customer, amount) FROM o",
    .output = "0.58", .since = "0.1.0",
    .overload = { { "customer, amount", &METRIC_GINI, 0 } }
  },
  {
    .name = "roi", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "return on investment", .titleZh = "投资回报率",
    .formula = "(sum(revenue) - sum(cost)) / sum(cost)",
    .nulls = "a NULL adds nothing; NULL when the cost is 0",
    .refunds = "negative revenue or cost is subtracted",
    .practice = WHITE_PAPER " (价值同频: labour and marketing together), " VALUE_STANDARD " (private-domain ROI)",
    .memory = "constant",
    .example = "WITH m(revenue, cost) AS (VALUES (300, 100), (100, 50), (NULL, 50))\nSELECT roi(revenue, cost) FROM m",
    .output = "1.0", .since = "0.1.0",
    .overload = { { "revenue, cost", &METRIC_ROI, 0 } }
  },
  {
    .name = "cac", .kind = ENTRY_AGGREGATE, .family = "value",
    .titleEn = "customer acquisition cost", .titleZh = "获客成本",
    .formula = "sum(cost) / count(DISTINCT new_customer)",
    .nulls = "a row without a customer still adds its cost (money that won nobody); a NULL cost adds nothing, its customer "
             "counts; NULL without customers",
    .refunds = "a negative cost is subtracted",
    .practice = VALUE_STANDARD " (加粉成本, cost per contact)",
    .memory = "16 + 12 to 24 bytes per customer",
    .example = "WITH a(customer, cost) AS (VALUES (1, 30), (2, 50), (2, 10), (NULL, 110))\nSELECT cac(customer, cost) FROM a",
    .output = "100.0", .since = "0.1.0",
    .overload = { { "new_customer, cost", &METRIC_CAC, 0 } }
  },
  {
    .name = "payback_days", .kind = ENTRY_AGGREGATE, .calendar = 1, .family = "value",
    .titleEn = "payback period in days", .titleZh = "回本周期",
    .formula = "time of the row from which on the running sum(cash_flow) is never below 0 - time of the first row, in days "
               "(elapsed time: whole for dates)",
    .nulls = "rows without a time are skipped; a NULL cash flow adds nothing, but its time counts; rows of one instant are one "
             "payment; 0.0 when the total is never below 0; NULL while it is, and without rows",
    .refunds = "a negative cash flow is money spent; REAL sums are compared with 0 exactly, so use INTEGER minor units where "
               "0.1 + 0.2 - 0.3 must be 0",
    .practice = WHITE_PAPER " (回本周期: the opening investment against monthly cash flows)",
    .memory = "24 bytes per row, twice that while they are sorted",
    .example = "WITH f(time, cash_flow) AS (VALUES ('2024-01-01', -100), ('2024-01-31', 60), ('2024-03-01', 60))\n"
               "SELECT payback_days(time, cash_flow) FROM f",
    .output = "60.0", .since = "0.1.0",
    .overload = { { "time, cash_flow", &METRIC_PAYBACK_DAYS, 0 } }
  },
  {
    .name = "ltv", .kind = ENTRY_AGGREGATE, .calendar = 1, .family = "value",
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
    .name = "ltv_parts", .kind = ENTRY_AGGREGATE, .calendar = 1, .family = "value",
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
  {
    .name = "value_summary", .kind = ENTRY_TABLE, .calendar = 1, .family = "value",
    .titleEn = "what all customers together are worth: ARPU, order value, repurchase, in one row", .titleZh = "整体价值汇总（客单价、回购）",
    .formula = "one row over the whole source. customers: distinct ones; buyers: with an order; effective_customers: net money > 0; orders: rows "
               "that are no refund; gmv: money, refunds taken off; refunds: these, positive; arpu = gmv / customers; arppu = gmv / "
               "effective_customers; aov = gmv / orders; orders_per_buyer = orders / buyers; repurchase_rate = repeat_customers (two orders or more) / "
               "buyers; window_repurchase_rate = window_customers (second order within window of the first) / mature_customers (first order + window <= "
               "as_of; the others are in neither); first_time, last_time: of orders. On a ledger what needs no window is read from totals beside the packed rows, in some milliseconds, the rest from the packed columns",
    .nulls = "rows without a customer or a time, or after as_of (default: the last time seen) are ignored; money and effective_customers are NULL without "
             "amount_col; rates over nothing are NULL; without rows counts are 0",
    .refunds = "money only: no order", .practice = "white paper: GMV = User x ARPU; repurchase rate",
    .memory = "64 to 72 bytes per customer; an index that hands rows over by customer, or a ledger: 16 per customer whose window is still open",
    .example = "CREATE TEMP TABLE o AS SELECT column1 AS customer, column2 AS t, column3 AS amount FROM (VALUES\n"
               "  (1, '2024-01-05', 100), (1, '2024-02-10', 50), (2, '2024-01-20', 80), (2, '2024-01-25', -80), (3, '2024-06-01', 30));\n"
               "SELECT customers, orders, gmv, arpu, arppu, repurchase_rate, mature_customers, window_customers, window_repurchase_rate\n"
               "  FROM value_summary('o', 'customer', 't', 'amount')",
    .output = "3|4|180|60.0|90.0|0.333333333333333|2|1|0.5", .since = "0.2.0",
    .overload = { { "source, customer_col, time_col [, amount_col], window=90, as_of, tz=+00:00", 0, 0 } },
    .table = &METRIC_VALUE_SUMMARY
  },
  { .name = 0 }
};
