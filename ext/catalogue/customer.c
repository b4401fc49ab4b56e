/* Catalogue: customers: tables over all of them, and what one is by stage, segment, role. */
#include "metric/customer/customers.h"
#include "metric/customer/lifecycle.h"
#include "metric/customer/period_summary.h"
#include "sql/scalar.h"

#define O_TABLE "CREATE TEMP TABLE o AS SELECT column1 AS customer, column2 AS t, column3 AS amount FROM (VALUES\n" \
  "  (1, '2024-01-05', 100), (1, '2024-01-25', 60), (1, '2024-02-24', 40), (2, '2024-01-20', 80),\n" \
  "  (2, '2024-03-01', 30), (3, '2024-02-10', 20));\n"

#define STAGE_PRACTICE "Youzan: private-domain triangle (引入期, 成长期, 成熟期, 休眠期, 流失期)"
#define STAGES "'churned' when silent for more than churn_days; else 'dormant' when for more than dormant_days; else " \
               "'introduction' (0 orders), 'growth' (1 to mature_orders - 1) or 'maturity'"

#define TRIANGLE "Youzan: private-domain triangle"

const CatalogueEntry CATALOGUE_CUSTOMER[] = {
  {
    .name = "customer_summary", .kind = ENTRY_TABLE, .calendar = 1, .family = "customer",
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
               "count hours of the wall clock in place of days (cycle_days and r_limits stay in days), for btyd_fit(..., 1/24.0). stage: lifecycle_stage(orders, last_time, as_of, ...). second_time: of the second order; "
               "revenue_90, revenue_365: money from the first order until 90, 365 days after it, both ends included; period_orders, period_revenue: orders and "
               "money from period_from (a date: its beginning) to period_to (a date: its end)",
    .nulls = "rows without a customer or a time, or after as_of (default: the last time seen) are ignored; a row without an order_col "
             "is money only. cycle_days, next_time, overdue are NULL with one active day; revenue, monetary, m, segment, rfm_group without "
             "amount_col; a customer with refunds alone has 0 orders, no times, frequency, revenue_90 and revenue_365 NULL, the worst r, stage 'introduction', rfm_group 'prospects'. "
             "A period without a beginning or an end has all rows before or after. With order_col an order's time is its earliest row's, and it counts in "
             "each period that has a row of it",
    .refunds = "money only: no order, no active day. revenue has all of them; monetary those of active days after the first: it is 0 or "
               "less where these are wholly refunded, and expected_spend() and predicted_ltv() of such a customer are NULL",
    .practice = "Fader, Hardie, Lee 2005 (frequency, recency, age, monetary); NetEase Yunshang: PDCA operation (a cycle of their "
                "own); Youzan: private-domain triangle (stages)",
    .memory = "52 to 68 bytes per customer, 32 more with money; 4 per row where a distinct day is asked for (active_days, frequency, "
              "monetary, cycle_days, next_time, overdue; 8 for a day before 1611 or after 2328), none of them when an index hands the "
              "rows over by customer; 3 per customer with scores, and while they are made 8, with ties 'ntile' up to 32; order_col: 24 "
              "to 36 per order. second_time and the period: 72 per customer; revenue_90, revenue_365: 16 more per row with money within 365 days "
              "of the first order (an index that hands rows over by customer: none). A ledger, without scores: those of some thousand customers at a time. Only what the query uses is computed. Peak for 10 M rows of 1 M customers: stage 56 MB, r, f, m 96 MB, "
              "everything 123 MB (94 MB by an index)",
    .example = O_TABLE
               "SELECT customer, orders, frequency, recency, age, revenue, monetary, cycle_days, next_time, overdue, r, f, m, stage\n"
               "  FROM customer_summary('o', 'customer', 't', 'amount', NULL, '2024-03-31')",
    .output = "1|3|2|50|86|200|50.0|25.0|2024-03-20 00:00:00|1.44|2|4|4|maturity\n2|2|1|41|71|110|30.0|41.0|2024-04-11 00:00:00|0.731707317073171|4|2|2|growth\n3|1|0|0|50|20|0.0|NULL|NULL|NULL|1|1|1|growth",
    .since = "0.1.0",
    .overload = { { "source, customer_col, time_col [, amount_col], order_col, as_of, tz=+00:00, bins=5, ties=share, "
                    "dormant_days=90, churn_days=180, mature_orders=3, score_by=rank, r_limits, f_limits, m_limits, unit=day, "
                    "period_from, period_to", 0, 0 } },
    .table = &METRIC_CUSTOMER_SUMMARY
  },
  {
    .name = "period_summary", .kind = ENTRY_TABLE, .calendar = 1, .family = "customer",
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
    .name = "lifecycle_flow", .kind = ENTRY_TABLE, .calendar = 1, .family = "customer",
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
              "rows over by customer, or a ledger: nothing per row or customer. 176 per period. Peak for 10 M rows of 1 M customers, by month: 168 MB",
    .example = O_TABLE
               "SELECT period, new, retained, resurrected, dormant, active, active_revenue, dormant_revenue\n"
               "  FROM lifecycle_flow('o', 'customer', 't', 'amount')",
    .output = "2024-01-01|2|0|0|0|2|240|0\n2024-02-01|1|1|0|1|2|60|80\n2024-03-01|0|0|1|2|1|30|60",
    .since = "0.1.0",
    .overload = { { "source, customer_col, time_col [, amount_col [, grain=month]], as_of, tz=+00:00", 0, 0 } },
    .table = &METRIC_LIFECYCLE_FLOW
  },
  {
    .name = "stage_transition", .kind = ENTRY_TABLE, .calendar = 1, .family = "customer",
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
  {
    .name = "lifecycle_stage", .kind = ENTRY_SCALAR, .calendar = 1, .family = "customer",
    .titleEn = "life-cycle stage from a customer's figures", .titleZh = "生命周期阶段",
    .formula = STAGES "; silence = as_of - last_active",
    .nulls = "last_active NULL: 'introduction'; orders NULL: 0; as_of NULL: NULL", .refunds = "",
    .practice = STAGE_PRACTICE, .memory = "none",
    .example = "SELECT lifecycle_stage(2, '2024-05-01', '2024-06-30'), lifecycle_stage(9, '2024-03-01', '2024-06-30')",
    .output = "growth|dormant", .since = "0.1.0",
    .overload = { { "orders, last_active, as_of [, dormant_days=90 [, churn_days=180 [, mature_orders=3]]]", 0,
                    call_lifecycle_stage } }
  },
  {
    .name = "lifecycle_stage_at", .kind = ENTRY_AGGREGATE, .calendar = 1, .family = "customer",
    .titleEn = "life-cycle stage of one customer's order times", .titleZh = "某日的生命周期阶段",
    .formula = STAGES "; orders = rows not after as_of, silence = as_of - the latest of them",
    .nulls = "rows without a time are skipped; no rows: 'introduction'",
    .refunds = "no money is read: leave refund rows out with FILTER (WHERE amount >= 0)",
    .practice = STAGE_PRACTICE, .memory = "constant",
    .example = "WITH o(customer, t) AS (VALUES (1, '2024-06-01'), (1, '2024-06-20'), (1, '2024-06-25'), (2, '2023-01-01'))\n"
               "SELECT customer, lifecycle_stage_at(t, '2024-06-30') FROM o GROUP BY customer",
    .output = "1|maturity\n2|churned", .since = "0.1.0",
    .overload = { { "time, as_of [, dormant_days=90 [, churn_days=180 [, mature_orders=3]]]",
                    &METRIC_LIFECYCLE_STAGE_AT, 0 } }
  },
  {
    .name = "relationship_role", .kind = ENTRY_SCALAR, .family = "customer",
    .titleEn = "rung of the relationship ladder", .titleZh = "关系角色",
    .formula = "the highest that holds: 'koc' (member or distributor with >= 1 referral), 'distributor', 'member', "
               "'customer' (>= 1 order), 'fan', 'none'",
    .nulls = "a NULL flag is false, a NULL count is 0", .refunds = "",
    .practice = TRIANGLE " (粉丝, 客户, 会员, 分销员, KOC)", .memory = "none",
    .example = "SELECT relationship_role(1, 0, 0, 0, 0), relationship_role(1, 3, 1, 0, 2), relationship_role(1, 3, 0, 0, 2)",
    .output = "fan|koc|customer", .since = "0.1.0",
    .overload = { { "is_fan, orders, is_member, is_distributor, referrals", 0, call_relationship_role } }
  },
  {
    .name = "reach_stage", .kind = ENTRY_SCALAR, .family = "customer",
    .titleEn = "step of the reach ladder", .titleZh = "触达层级",
    .formula = "the last step of the unbroken run of true flags from the left: 'perceivable', 'identifiable', 'reachable', "
               "'marketable', 'serviceable', 'insightable'",
    .nulls = "a NULL flag is false; NULL when the first one is false", .refunds = "",
    .practice = TRIANGLE " (可感知, 可识别, 可触达, 可营销, 可服务, 可洞察)", .memory = "none",
    .example = "SELECT reach_stage(1, 1, 1, 0, 1, 0), reach_stage(0, 1, 1, 1, 1, 1)",
    .output = "reachable|NULL", .since = "0.1.0",
    .overload = { { "perceivable, identifiable, reachable, marketable, serviceable, insightable", 0, call_reach_stage } }
  },
  {
    .name = "rfm_segment", .kind = ENTRY_SCALAR, .family = "customer",
    .titleEn = "RFM segment of three scores", .titleZh = "RFM 客户分层",
    .formula = "a score is high when >= high. r and f high: 'value' (价值), r alone: 'develop' (发展), f alone: 'keep' (保持), "
               "neither: 'winback' (挽留); 'important_' (重要) before it when m is high, else 'general_' (一般)",
    .nulls = "NULL when a score is NULL", .refunds = "",
    .practice = "RFM as the field uses it: Hughes, Strategic Database Marketing; the eight segments of Chinese practice",
    .memory = "none",
    .example = "SELECT rfm_segment(5, 4, 5), rfm_segment(5, 1, 4), rfm_segment(2, 5, 1), rfm_segment(3, 3, 3, 3)",
    .output = "important_value|important_develop|general_keep|important_value", .since = "0.1.0",
    .overload = { { "r, f, m [, high=4]", 0, call_rfm_segment } }
  },
  {
    .name = "rfm_group", .kind = ENTRY_SCALAR, .family = "customer",
    .titleEn = "one of Shopify's eleven RFM groups of three scores", .titleZh = "RFM 十一类客群",
    .formula = "fm = (f + m) / 2, halves rounded up; scores of 1 ... bins count in fifths, ceil(5 * score / bins). r 5: fm 4-5 'champions', 2-3 'active', 1 'new'; "
               "r 4: 4-5 'loyal', 2-3 'active', 1 'promising'; r 3: 4-5 'loyal', 2-3 'needs_attention', 1 'almost_lost'; r 1-2: 5 'previously_loyal', "
               "3-4 'at_risk', 1-2 'dormant'; no order yet: 'prospects'. Shopify publishes the names, fm and a description of each group; the "
               "limits between the groups are ours",
    .nulls = "r NULL: 'prospects' (never bought); f or m NULL: NULL; a score outside 1 ... bins is an error", .refunds = "",
    .practice = "Shopify: RFM customer analysis", .memory = "none",
    .example = "SELECT rfm_group(5, 5, 4), rfm_group(5, 1, 1), rfm_group(1, 5, 5), rfm_group(3, 2, 3), rfm_group(NULL, 1, 1)",
    .output = "champions|new|previously_loyal|needs_attention|prospects", .since = "0.2.0",
    .overload = { { "r, f, m [, bins=5]", 0, call_rfm_group } }
  },
  {
    .name = "siyu_label", .kind = ENTRY_SCALAR, .family = "customer",
    .titleEn = "readable name of a code", .titleZh = "代码名称",
    .formula = "the name of a stage, role, reach step, segment, flow, mode, model, fit status or grain, in 'zh' or 'en'",
    .nulls = "NULL when an argument is NULL; an unknown code is an error that names it", .refunds = "", .practice = "",
    .memory = "none",
    .example = "SELECT siyu_label('important_winback', 'zh'), siyu_label('koc', 'en'), siyu_label('dormant', 'zh')",
    .output = "重要挽留客户|key opinion consumer|休眠期", .since = "0.1.0",
    .overload = { { "code, language", 0, call_siyu_label } }
  },
  {
    .name = "triangle_area", .kind = ENTRY_SCALAR, .family = "customer",
    .titleEn = "area of the private-domain triangle", .titleZh = "私域三角面积",
    .formula = "sqrt(3) / 4 * (ownership * value + value * referral + referral * ownership): three axes at 120 degrees. Give "
               "it sides indexed to a base period = 100, each the geometric mean of its two values",
    .nulls = "NULL when a side is NULL; a negative side is an error", .refunds = "",
    .practice = TRIANGLE " (私域产权力, 单客价值度, 顾客推荐率)", .memory = "none",
    .example = "SELECT round(triangle_area(100, 100, 100), 6), round(triangle_area(120, 90, 100), 6)",
    .output = "12990.381057|13769.80392", .since = "0.1.0",
    .overload = { { "ownership, value, referral", 0, call_triangle_area } }
  },
  {
    .name = "geometric_mean", .kind = ENTRY_SCALAR, .family = "customer",
    .titleEn = "geometric mean of two values", .titleZh = "几何平均",
    .formula = "sqrt(x * y): a side of the triangle from its two values, each divided by that of the base period",
    .nulls = "NULL when one is NULL or negative", .refunds = "",
    .practice = TRIANGLE, .memory = "none",
    .example = "SELECT round(geometric_mean(90, 40), 9)", .output = "60.0", .since = "0.2.0",
    .overload = { { "x, y", 0, call_geometric_mean } }
  },
  { .name = 0 }
};
