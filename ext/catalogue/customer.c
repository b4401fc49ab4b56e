/* Catalogue: tables over customers. */
#include "metric/customer/customers.h"
#include "metric/customer/period_summary.h"
#include "metric/prediction/prediction.h"
#include "sql/catalogue.h"

#define O_TABLE "CREATE TEMP TABLE o AS SELECT column1 AS customer, column2 AS t, column3 AS amount FROM (VALUES\n" \
  "  (1, '2024-01-05', 100), (1, '2024-01-25', 60), (1, '2024-02-24', 40), (2, '2024-01-20', 80),\n" \
  "  (2, '2024-03-01', 30), (3, '2024-02-10', 20));\n"

const CatalogueEntry CATALOGUE_CUSTOMERS[] = {
  {
    .name = "customer_summary", .kind = ENTRY_TABLE, .calendar = 1, .family = "tables",
    .titleEn = "one row per customer: BTYD summary, cycle, RFM, stage", .titleZh = "客户汇总表",
    .formula = "active day = calendar day in tz with an order. frequency = active_days - 1; recency = last - first active day, age = "
               "as_of's day - first, in days; revenue = all money; monetary = money of the active days after the first / frequency, "
               "0 when there is none; cycle_days = median (linear interpolation) of the days between consecutive active days; "
               "next_time = last_time + cycle_days; overdue = days from the last active day to as_of's / cycle_days. r, f, m: scores "
               "1 ... bins, bins the best, by the last active day, orders, revenue; ties 'share': 1 + floor(bins * customers strictly worse / "
               "customers), equal values share a score; 'ntile': SQL's ntile(bins) over (value, customer), r by last_time. score_by 'mean': 2 when not worse than "
               "avg() of the table's column (r: of days since the last active day), else 1. r_limits '30,90,180': 4 up to 30 days of silence, 3 up to 90, 2 up to "
               "180, else 1; f_limits, m_limits '2,5': 1 + the limits that orders, revenue reach; limits come before score_by and ties. segment: rfm_segment's rule, "
               "a score above 3/5 of its highest being high (4 of 5, 3 of 4, 2 of 2). rfm_group: that function's, scores turned into fifths. unit 'hour': active_days, frequency, recency, age and r "
               "count hours of the wall clock in place of days (cycle_days and r_limits stay in days), for btyd_fit(..., 1/24.0). stage: lifecycle_stage(orders, last_time, as_of, ...)",
    .nulls = "rows without a customer or a time, or after as_of (default: the last time seen) are ignored; a row without an order_col "
             "is money only. cycle_days, next_time, overdue are NULL with one active day; revenue, monetary, m, segment, rfm_group without "
             "amount_col; a customer with refunds alone has 0 orders, no times, frequency NULL, the worst r, stage 'introduction', rfm_group 'prospects'",
    .refunds = "money only: no order, no active day. revenue has all of them; monetary those of active days after the first: it is 0 or "
               "less where these are wholly refunded, and expected_spend() and predicted_ltv() of such a customer are NULL",
    .practice = "Fader, Hardie, Lee 2005 (frequency, recency, age, monetary); NetEase Yunshang: PDCA operation (a cycle of their "
                "own); Youzan: private-domain triangle (stages)",
    .memory = "52 to 68 bytes per customer, 32 more with money; 4 per row where a distinct day is asked for (active_days, frequency, "
              "monetary, cycle_days, next_time, overdue; 8 for a day before 1611 or after 2328), none of them when an index hands the "
              "rows over by customer; 3 per customer with scores, and while they are made 8, with ties 'ntile' up to 32; order_col: 24 "
              "to 36 per order. Only what the query uses is computed. Peak for 10 M rows of 1 M customers: stage 56 MB, r, f, m 96 MB, "
              "everything 123 MB (94 MB by an index)",
    .example = O_TABLE
               "SELECT customer, orders, frequency, recency, age, revenue, monetary, cycle_days, next_time, overdue, r, f, m, stage\n"
               "  FROM customer_summary('o', 'customer', 't', 'amount', NULL, '2024-03-31')",
    .output = "1|3|2|50|86|200|50.0|25.0|2024-03-20 00:00:00|1.44|2|4|4|maturity\n2|2|1|41|71|110|30.0|41.0|2024-04-11 00:00:00|0.731707317073171|4|2|2|growth\n3|1|0|0|50|20|0.0|NULL|NULL|NULL|1|1|1|growth",
    .since = "0.1.0",
    .overload = { { "source, customer_col, time_col [, amount_col], order_col, as_of, tz=+00:00, bins=5, ties=share, "
                    "dormant_days=90, churn_days=180, mature_orders=3, score_by=rank, r_limits, f_limits, m_limits, unit=day", 0, 0 } },
    .table = &METRIC_CUSTOMER_SUMMARY
  },
  {
    .name = "customer_predict", .kind = ENTRY_TABLE, .calendar = 1, .family = "tables",
    .titleEn = "what each customer will buy: history, fit and forecast at once", .titleZh = "客户价值预测表",
    .formula = "frequency, recency, age, monetary, next_time: as in customer_summary, in days. A model (bgnbd, mbgnbd, paretonbd, nbd) is fitted to "
               "all histories as btyd_fit does, where dropout is not identified the NBD stands in (column model); spend by gamma_gamma_fit. p_alive, "
               "expected_purchases in the next `horizon` (days, or '6 months' of 365.25/12 days each), predicted_value = predicted_ltv(fit, spend, ..., "
               "horizon, discount), discount by year. holdout: fit and forecast know the rows until as_of - holdout only; actual_purchases = purchase days "
               "after that, to compare with expected_purchases of the same horizon. unit 'hour': frequency, recency, age, actual_purchases and the fit count hours in "
               "place of days, for what is bought several times a day; horizon is a length of time as before. status: the fit's, converged | dropout_not_identified | too_few | "
               "not_converged, or no_purchase",
    .nulls = "rows as in customer_summary; a customer with refunds alone has status no_purchase and NULL figures; forecasts are NULL with too_few; "
             "predicted_value also without amount_col, with too few repeat buyers for the spend, and where frequency > 0 and monetary <= 0 (repeat "
             "days wholly refunded); actual_purchases without a holdout",
    .refunds = "money only, as in customer_summary: no purchase",
    .practice = "Fader, Hardie, Lee 2005; Schmittlein, Morrison, Colombo 1987; Fader, Hardie 2013: as btyd_fit",
    .memory = "as customer_summary with frequency and monetary; 32 to 96 bytes per distinct history while the fit is made; holdout: 44 to 60 bytes per "
              "customer and 4 per row more",
    .example = "CREATE TEMP TABLE o AS WITH RECURSIVE c(c) AS (SELECT 1 UNION ALL SELECT c + 1 FROM c WHERE c < 90),\n"
               "  k(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM k WHERE k < 12)\n"
               "  SELECT c AS customer, date('2024-01-01', (c % 30 + k * (3 + c * k % 17)) || ' days') AS t, 50 + c * k % 90 AS amount\n"
               "  FROM c, k WHERE k <= c * 7 % 13 % (2 + c % 11);\n"
               "SELECT customer, frequency, recency, age, monetary, round(p_alive, 3), round(expected_purchases, 3), round(predicted_value, 1), model, status\n"
               "  FROM customer_predict('o', 'customer', 't', 'amount') WHERE as_of = '2024-06-30' AND horizon = 90 AND customer IN (1, 7, 40)",
    .output = "1|1|4|180|51.0|0.032|0.021|2.0|bgnbd|converged\n7|1|10|174|57.0|0.058|0.039|3.7|bgnbd|converged\n40|6|80|171|110.0|0.022|0.045|4.5|bgnbd|converged", .since = "0.2.0",
    .overload = { { "source, customer_col, time_col [, amount_col], order_col, as_of, tz=+00:00, horizon:plan_horizon=365, discount=0, "
                    "holdout:plan_horizon, unit=day, model=bgnbd", 0, 0 } },
    .table = &METRIC_CUSTOMER_PREDICT
  },
  {
    .name = "purchase_tracking", .kind = ENTRY_TABLE, .calendar = 1, .family = "tables",
    .titleEn = "does the model hold: repeat purchases beside those expected, period by period", .titleZh = "购买预测跟踪（实际与预期）",
    .formula = "customers: those who bought until as_of - holdout; the model is fitted to their histories until then as customer_predict does. A row for each period from "
               "the first purchase to as_of: purchases = their repeat purchase days in it; expected = sum over the customers of E(days from the first purchase to the "
               "period's end) - E(... to its beginning), E(t) = expected_purchases(fit, 0, 0, 0, t) of a new customer; cumulative and cumulative_expected: summed up from the "
               "first period on. in_holdout: the period begins after the model's last day. The model knows of no season: look at the sum",
    .nulls = "rows without a customer or a time, or after as_of (default: the last time seen) are ignored; expected is NULL with status too_few; complete = 0 for a "
             "period that as_of cuts; with dropout_not_identified the NBD stands in (column model); model and status: of the one fit, in every row; without holdout all is known",
    .refunds = "no purchase", .practice = "Fader, Hardie, Lee 2005, figure 4 (cumulative repeat transactions)",
    .memory = "8 bytes per row while it is read, twice that while sorted; 12 to 24 per customer; 8 per day",
    .example = "CREATE TEMP TABLE o AS WITH RECURSIVE c(c) AS (SELECT 1 UNION ALL SELECT c + 1 FROM c WHERE c < 90),\n"
               "  k(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM k WHERE k < 12)\n"
               "  SELECT c AS customer, date('2024-01-01', (c % 30 + k * (3 + c * k % 17)) || ' days') AS t FROM c, k WHERE k <= c * 7 % 13 % (2 + c % 11);\n"
               "SELECT period, purchases, round(expected, 1), cumulative, round(cumulative_expected, 1), in_holdout\n"
               "  FROM purchase_tracking('o', 'customer', 't') WHERE grain = 'month' AND as_of = '2024-05-31' AND holdout = '2 months'",
    .output = "2024-01-01|69|61.5|69|61.5|0\n2024-02-01|88|76.6|157|138.0|0\n2024-03-01|31|48.1|188|186.1|0\n2024-04-01|15|30.2|203|216.3|1\n2024-05-01|5|21.8|208|238.1|1", .since = "0.2.0",
    .overload = { { "source, customer_col, time_col [, amount_col [, grain=week]], as_of, tz=+00:00, holdout:plan_horizon, model=bgnbd", 0, 0 } },
    .table = &METRIC_PURCHASE_TRACKING
  },
  {
    .name = "period_summary", .kind = ENTRY_TABLE, .calendar = 1, .family = "tables",
    .titleEn = "what each day, week, month or year brought, by segment", .titleZh = "周期经营汇总（环比、同比）",
    .formula = "a row per segment and period, from the segment's first row to as_of, periods without rows too. customers: distinct ones with "
               "an order there; new_customers: whose first order in the whole source lies in the period; returning_customers = customers - "
               "new_customers; effective_customers: net money there > 0; gmv: money, refunds taken off; refunds: these, positive; new_revenue: "
               "money there of the new customers; repeat_revenue = gmv - new_revenue; repeat_share = repeat_revenue / gmv; arpu = gmv / "
               "customers; arppu = gmv / effective_customers; aov = gmv / orders; orders_per_customer = orders / customers; change (环比) = gmv / "
               "previous_gmv - 1; change_year (同比) = gmv / year_ago_gmv - 1, year ago: the period with the same day a year before, weeks 52 "
               "before. segment: the value in the row itself. order_col: an order's rows are one order",
    .nulls = "rows without a customer or a time, or after as_of (default: the last time seen) are ignored; a row without an order_col is money "
             "only; money is NULL without amount_col; rates over nothing are NULL; previous and year-ago values before the segment's first "
             "period are NULL, and so are year-ago ones of 'N days'; complete = 0 for a period that as_of cuts",
    .refunds = "money only: no order and no customer of the period", .practice = "Xingyun Youke: GMV per month, quarter, year; white paper: GMV = User x ARPU",
    .memory = "44 to 60 bytes per (customer, segment, period), 24 to 32 per customer, order_col: 24 to 60 per order; 200 per row of the table",
    .example = O_TABLE
               "SELECT period, customers, new_customers, orders, gmv, arppu, change, complete FROM period_summary('o', 'customer', 't', 'amount')",
    .output = "2024-01-01|2|2|3|240|120.0|NULL|1\n2024-02-01|2|1|2|60|30.0|-0.75|1\n2024-03-01|1|0|1|30|30.0|-0.5|0", .since = "0.2.0",
    .overload = { { "source, customer_col, time_col [, amount_col [, grain=month]], order_col, segment_col, as_of, tz=+00:00", 0, 0 } },
    .table = &METRIC_PERIOD_SUMMARY
  },
  {
    .name = "lifecycle_flow", .kind = ENTRY_TABLE, .calendar = 1, .family = "tables",
    .titleEn = "flow of the base: new, retained, resurrected, dormant per period", .titleZh = "客户生命周期流量",
    .formula = "a row for each period t from the first order's to as_of's. active: an order in t; new: the first ever (of all rows of "
               "the source); retained: also active in t - 1; resurrected: active before, not in t - 1; dormant: active in t - 1, not "
               "in t, so counted once, in the first silent period. active = new + retained + resurrected; active of t - 1 = retained "
               "+ dormant. NAME_revenue: money of these customers in t, but dormant_revenue: of the dormant ones in t - 1; "
               "retained_previous_revenue: of the retained ones in t - 1, so that active_revenue = new + retained + resurrected "
               "and active_revenue of t - 1 = retained_previous + dormant; silent_revenue: refunds in t to customers without an order in t",
    .nulls = "rows without a customer or a time, or after as_of (default: the last time seen) are ignored; revenue is NULL without "
             "amount_col; complete = 0 for a period that as_of cuts",
    .refunds = "money only: no activity; refunds before the first row's period are out",
    .practice = "growth accounting (new, retained, resurrected, churned); Youzan: private-domain triangle (唤醒, 休眠预警); net revenue "
                "retention = retained_revenue / active_revenue of t - 1",
    .memory = "28 to 40 bytes per customer and 8 (16 with revenue) per row, rows of one period in a run being one; an index that hands "
              "rows over by customer: nothing per row. 176 per period. Peak for 10 M rows of 1 M customers, by month: 168 MB (27 MB by an index)",
    .example = O_TABLE
               "SELECT period, new, retained, resurrected, dormant, active, active_revenue, dormant_revenue\n"
               "  FROM lifecycle_flow('o', 'customer', 't', 'amount')",
    .output = "2024-01-01|2|0|0|0|2|240|0\n2024-02-01|1|1|0|1|2|60|80\n2024-03-01|0|0|1|2|1|30|60",
    .since = "0.1.0",
    .overload = { { "source, customer_col, time_col [, amount_col [, grain=month]], as_of, tz=+00:00", 0, 0 } },
    .table = &METRIC_LIFECYCLE_FLOW
  },
  {
    .name = "stage_transition", .kind = ENTRY_TABLE, .calendar = 1, .family = "tables",
    .titleEn = "who moved from which stage to which between two dates", .titleZh = "阶段迁移矩阵",
    .formula = "a row for each pair that occurs. Without state_col the stages are lifecycle_stage(orders, last order, as_of, ...) of the "
               "rows up to from_as_of and up to to_as_of; with state_col the state of the latest row up to either (tie: the smallest). "
               "share = customers / customers with the same from_stage",
    .nulls = "rows without a customer or a time (with state_col: or a state) are skipped; from_stage NULL: no row by from_as_of, not "
             "there yet; customers without a row by to_as_of are not counted; a row without an order_col is no order",
    .refunds = "with amount_col a negative amount is no order; a customer with refunds alone is in 'introduction'",
    .practice = "Youzan: private-domain triangle (warning before churn, wake-up rate 唤醒率); ladder of relations (粉丝 → 会员 → KOC)",
    .memory = "52 to 68 bytes per customer; order_col: 48 to 72 per order",
    .example = O_TABLE
               "SELECT from_stage, to_stage, customers, share\n"
               "  FROM stage_transition('o', 'customer', 't', '2024-01-31', '2024-03-31') WHERE dormant_days = 30",
    .output = "NULL|dormant|1|1.0\ngrowth|dormant|2|1.0",
    .since = "0.1.0",
    .overload = { { "source, customer_col, time_col, from_as_of, to_as_of [, state_col], amount_col, order_col, dormant_days=90, "
                    "churn_days=180, mature_orders=3, tz=+00:00", 0, 0 } },
    .table = &METRIC_STAGE_TRANSITION
  },
  { .name = 0 }
};
