/* Catalogue: the worth of all customers in one row. */
#include "metric/value/value_summary.h"
#include "sql/catalogue.h"

const CatalogueEntry CATALOGUE_TOTALS[] = {
  {
    .name = "value_summary", .kind = ENTRY_TABLE, .calendar = 1, .family = "tables",
    .titleEn = "what all customers together are worth: ARPU, order value, repurchase, in one row", .titleZh = "整体价值汇总（客单价、回购）",
    .formula = "one row over the whole source. customers: distinct ones; buyers: with an order; effective_customers: net money > 0; orders: rows "
               "that are no refund; gmv: money, refunds taken off; refunds: these, positive; arpu = gmv / customers; arppu = gmv / "
               "effective_customers; aov = gmv / orders; orders_per_buyer = orders / buyers; repurchase_rate = repeat_customers (two orders or more) / "
               "buyers; window_repurchase_rate = window_customers (second order within window of the first) / mature_customers (first order + window <= "
               "as_of; the others are in neither); first_time, last_time: of orders. On a ledger it is read from the packed columns, several times as fast as the aggregates of the same names",
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
