/* Catalogue: cohorts. */
#include "metric/cohort/cohort.h"
#include "sql/catalogue.h"

const CatalogueEntry CATALOGUE_COHORT[] = {
  {
    .name = "cohort_window", .kind = ENTRY_TABLE, .calendar = 1, .family = "cohort",
    .titleEn = "cohort windows: retention, revenue and LTV of every cohort", .titleZh = "同期群留存与价值矩阵",
    .formula = "a row for each segment, cohort and period from 0 to the last that has begun. cohort = start of the period of a "
               "customer's first order (or origin); calendar: retention = customers / cohort_size; rolling: period k = [start + k, "
               "start + k + 1) and retention = eligible_customers / eligible, those whose period is wholly observed; ltv = "
               "cumulative_revenue / cohort_size; repurchase_rate = repeat_customers / cohort_size, members with >= 2 orders by the "
               "period's end; cumulative_roi = (revenue - cost) / cost, cumulated; "
               "with margin_col what comes in is the margin, not the revenue: cumulative_roi, ltv_cac = cumulative_margin / cumulated cost, "
               "payback_period = first period from which on that is >= 1 to the last one seen. retention_mode 'on_or_after': active in "
               "the period or later; 'recurring': every period with an order begins a cohort, a customer being in several. "
               "periods '0,1,3,7,14,30': brackets in place of single periods, each from its number (column period) to before the next one's (period_end), the last "
               "one period long; what is in none counts nowhere. min_orders N: active with >= N orders (rows without order_col) in the period. event_col: only "
               "rows of start_event begin cohorts, only rows of return_event are orders and bring money from then on; either may be left out: any row",
    .nulls = "rows without a customer, a time or (with order_col) an order are skipped; with origin_col such a row still makes a "
             "member, and its cost without a time falls on the start; a row with a cost and neither amount nor order (where such a column is "
             "given) is a cost alone, no order; rows before the origin are out; revenue is "
             "NULL without amount_col; retention is NULL when nobody is eligible; complete = 0 for a period that as_of cuts; margin, cost and what is made of them are NULL without their column",
    .refunds = "money only: no order, no activity, no membership; before the first order they are out: before its period in a calendar "
               "matrix, before its moment in a rolling one",
    .practice = "Xingyun Youke: private-domain value standard (留存复购); cohort tables of every analytics suite",
    .memory = "retention alone 16 + 4 to 24 bytes per customer, 8 to 20 where INTEGER ids fill their range; with money "
              "24 + 4 to 24 and 16 per (customer, active period); other options 16 to 48 bytes per row; rows that an index hands over by customer: independent of customers and rows",
    .example = "CREATE TEMP TABLE o AS SELECT column1 AS customer, column2 AS t, column3 AS amount FROM (VALUES\n"
               "  (1, '2024-01-05', 100), (1, '2024-02-10', 50), (2, '2024-01-20', 80), (3, '2024-02-01', 30));\n"
               "SELECT cohort, period, cohort_size, customers, retention, revenue, ltv\n"
               "  FROM cohort_window('o', 'customer', 't', 'amount', 'month')",
    .output = "2024-01-01|0|2|2|1.0|180|90.0\n2024-01-01|1|2|1|0.5|50|115.0\n2024-02-01|0|1|1|1.0|30|30.0",
    .since = "0.1.0",
    .overload = { { "source, customer_col, time_col [, amount_col [, grain=month]], order_col, origin_col, segment_col, "
                    "cost_col, as_of, tz=+00:00, mode=calendar, retention_mode=exact, margin_col, event_col:segment, start_event, return_event, periods, min_orders=1", 0, 0 } },
    .table = &METRIC_COHORT_WINDOW
  },
  { .name = 0 }
};
