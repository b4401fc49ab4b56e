/* Catalogue: prediction. */
#include "metric/prediction/prediction.h"
#include "sql/scalar.h"

#define BG "Fader, Hardie, Lee 2005, Marketing Science 24(2) (BG/NBD)"
#define MBG "Batislam, Denizel, Filiztekin 2007, IJRM 24 (MBG/NBD)"
#define PARETO "Schmittlein, Morrison, Colombo 1987, Management Science 33(1); Fader, Hardie 2005 note (Pareto/NBD)"
#define SPEND "Fader, Hardie 2013, The Gamma-Gamma Model of Monetary Value"
#define HISTORY \
  "frequency = distinct purchase days - 1, recency = last - first, age = end of observation - first, in the fit's unit"
#define SCALAR_NULLS \
  "NULL when an argument is NULL and for a fit with status too_few; frequency > 0 with recency 0, recency > age and " \
  "negative numbers are errors"
#define NO_SPEND "frequency > 0 with monetary <= 0 gives NULL: after refunds nothing is left of the repeat days to go by"
/* 200 customers of four kinds */
#define BASE \
  "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 199),\n" \
  "c(frequency, recency, age, monetary) AS (\n" \
  "  SELECT i % 4 * 2, (i % 4 > 0) * (20 + i % 9 * 30), 300, (i % 4 > 0) * (30 + i % 7 * 10) FROM n)\n"
#define FIT "'{\"model\":\"bgnbd\",\"r\":0.243,\"alpha\":4.414,\"a\":0.793,\"b\":2.426,\"unit_days\":7}'"
#define GG "'{\"model\":\"gamma_gamma\",\"p\":6.25,\"q\":3.74,\"v\":15.44}'"

const CatalogueEntry CATALOGUE_PREDICTION[] = {
  {
    .name = "btyd_fit", .kind = ENTRY_AGGREGATE, .family = "prediction",
    .titleEn = "fit of a buy-till-you-die model, as JSON", .titleZh = "购买-流失概率模型拟合（BTYD）",
    .formula = "maximum likelihood over one row per customer; model 'bgnbd' (r, alpha, a, b), 'mbgnbd' (the same), "
               "'paretonbd' (r, alpha, s, beta), 'nbd' (r, alpha), 'bgbb' (alpha, beta, gamma, delta: at most one purchase a period, as donations once a year; "
               "frequency = periods with a purchase after the first one's, recency = the last of them, age = periods, all whole). " HISTORY "; unit_days says how many days that unit "
               "has (recency/7.0, age/7.0 and 7 for weeks): it labels the fit and serves the yearly discount, nothing is "
               "divided by it. JSON: model, the parameters, se (standard errors), log_likelihood, customers, unit_days, "
               "status, requested, lr_vs_nbd = 2 (log-likelihood - that of the NBD), warnings, log_covariance: of the logarithms of the parameters, in their order, for intervals; "
               "status and warnings mean the same in every _fit(). z1 ... z4: covariates that do not change over time, numbers such as 0 and 1, with model 'paretonbd': "
               "alpha exp(-purchase_effect z) and beta exp(-dropout_effect z) stand in place of alpha and beta, so that a positive effect is more purchases, or an earlier "
               "end; also purchase_effect_se, dropout_effect_se, lr_vs_no_covariates (2 degrees of freedom a covariate); btyd_at(fit, z1, ...) is the fit of one customer",
    .nulls = "rows with a NULL are skipped; NULL without rows. status: converged; too_few (below 10 customers or 3 "
             "repeaters: parameters null); dropout_not_identified (lr_vs_nbd < 5.991: the parameters are those of the "
             "NBD, and model says so); not_converged. Warnings: fewer than 500 customers, fewer than 180 days, no third "
             "order. With bgbb the model without dropout is the beta-binomial: lr_vs_nbd is against it, and it stands in as gamma 1e-12, delta 1. "
             "An impossible history is an error",
    .refunds = "no money is read: count purchase days of rows with amount >= 0",
    .practice = BG "; " MBG "; " PARETO "; Ehrenberg 1959 (NBD); Fader, Hardie, Shang 2010, Marketing Science 29(6) (BG/BB)",
    .memory = "32 to 85 bytes per distinct (frequency, recency, age); as much again while fitting",
    .example = BASE "SELECT json_extract(f, '$.model', '$.customers', '$.status'), round(json_extract(f, '$.r'), 2), round(json_extract(f, '$.alpha'), 1)\n"
                    "FROM (SELECT btyd_fit('mbgnbd', frequency, recency, age) AS f FROM c)",
    .output = "[\"mbgnbd\",200,\"converged\"]|1.25|34.1", .since = "0.1.0",
    .overload = { { "model, frequency, recency, age [, unit_days=1]", &METRIC_BTYD_FIT, 0 },
                  { "model, frequency, recency, age, unit_days, z1 [, z2 [, z3 [, z4]]]", &METRIC_BTYD_FIT_COVARIATES, 0 } }
  },
  {
    .name = "btyd_at", .kind = ENTRY_SCALAR, .family = "prediction",
    .titleEn = "the fit of customers with given covariates", .titleZh = "指定特征客户的模型参数",
    .formula = "JSON for p_alive() and the others: the fit with alpha exp(-sum purchase_effect z) and beta exp(-sum dropout_effect z)",
    .nulls = "NULL when an argument is NULL and for a fit with status too_few; with dropout_not_identified the fit as it is, without effects; as many z as the fit has effects, "
             "else an error; without log_covariance: no intervals",
    .refunds = "", .practice = "Fader, Hardie 2007, Incorporating time-invariant covariates into the Pareto/NBD and BG/NBD models", .memory = "the last 8 fits, parsed",
    .example = "WITH f(f) AS (VALUES ('{\"model\":\"paretonbd\",\"r\":0.55,\"alpha\":10.6,\"s\":0.61,\"beta\":11.7,\"purchase_effect\":[0.7],\"dropout_effect\":[-0.4]}'))\n"
               "SELECT z, round(expected_purchases(btyd_at(f, z), 0, 0, 0, 52), 3) FROM f, (SELECT 0 AS z UNION ALL SELECT 1)",
    .output = "0|1.458\n1|3.337", .since = "0.2.0",
    .overload = { { "fit, z1 [, z2 [, z3 [, z4]]]", 0, call_btyd_at } }
  },
  {
    .name = "gamma_gamma_fit", .kind = ENTRY_AGGREGATE, .family = "prediction",
    .titleEn = "fit of the Gamma-Gamma model of spend, as JSON", .titleZh = "客单消费金额模型拟合（Gamma-Gamma）",
    .formula = "maximum likelihood of p, q, v over the customers with frequency > 0 and monetary > 0; monetary = mean "
               "spend of the repeat purchases (days). JSON: model, p, q, v, se, log_likelihood, customers, status, warnings, log_covariance (as btyd_fit)",
    .nulls = "rows with a NULL, without a repeat purchase or without money are skipped; NULL without rows; status "
             "too_few below 10 customers",
    .refunds = "a customer whose monetary is not above 0 is left out",
    .practice = SPEND, .memory = "32 to 85 bytes per distinct (frequency, monetary); as much again while fitting",
    .example = BASE "SELECT json_extract(f, '$.model', '$.customers', '$.status'), round(expected_spend(f, 0, 0), 1)\n"
                    "FROM (SELECT gamma_gamma_fit(frequency, monetary) AS f FROM c)",
    .output = "[\"gamma_gamma\",150,\"converged\"]|60.1", .since = "0.1.0",
    .overload = { { "frequency, monetary", &METRIC_GAMMA_GAMMA_FIT, 0 } }
  },
  {
    .name = "p_alive", .kind = ENTRY_SCALAR, .family = "prediction",
    .titleEn = "chance that a customer is still there", .titleZh = "客户存活概率",
    .formula = "P(alive at age | frequency, recency, age); " HISTORY ". fit: JSON of btyd_fit(), or any with model and "
               "parameters. BG/NBD gives 1 to every one-time buyer; MBG/NBD and Pareto/NBD do not; NBD has no dropout: 1; BG/BB: there for the "
               "period after the last one seen",
    .nulls = SCALAR_NULLS "; NULL when the fit's status is dropout_not_identified", .refunds = "",
    .practice = BG "; " MBG "; " PARETO, .memory = "the last 8 fits, parsed",
    .example = "SELECT round(p_alive(" FIT ", 2, 30.43, 38.86), 6)",
    .output = "0.726579", .since = "0.1.0",
    .overload = { { "fit, frequency, recency, age", 0, call_p_alive } }
  },
  {
    .name = "expected_purchases", .kind = ENTRY_SCALAR, .family = "prediction",
    .titleEn = "purchases expected in the time to come", .titleZh = "未来预期购买次数",
    .formula = "E(purchases in (age, age + horizon] | frequency, recency, age); horizon in the fit's unit (of bgbb whole periods, at most 1,000,000). Parameters of a fit lie within 1e-15 and 1e15. A new customer "
               "is 0, 0, 0",
    .nulls = SCALAR_NULLS "; with dropout_not_identified it is the NBD's (r + frequency) horizon / (alpha + age)",
    .refunds = "", .practice = BG "; " MBG "; " PARETO, .memory = "the last 8 fits, parsed",
    .example = "SELECT round(expected_purchases(" FIT ", 2, 30.43, 38.86, 39), 6)",
    .output = "1.226028", .since = "0.1.0",
    .overload = { { "fit, frequency, recency, age, horizon", 0, call_expected_purchases } }
  },
  {
    .name = "expected_purchases_interval", .kind = ENTRY_SCALAR, .family = "prediction",
    .titleEn = "how well the expected purchases are known", .titleZh = "预期购买次数置信区间",
    .formula = "JSON [low, high]: expected_purchases * exp(-+ z sd), sd of its logarithm by the delta method from the fit's log_covariance, z of a normal distribution. "
               "It tells what the errors of the parameters make of the expectation of such customers, not how much one customer's own purchases vary: that is prob_purchases()",
    .nulls = SCALAR_NULLS "; NULL for a fit without log_covariance, and where nothing is expected; level outside of 0 to 1 is an error",
    .refunds = "", .practice = "delta method; " BG, .memory = "the last 8 fits, parsed",
    .example = BASE "SELECT json_extract(i, '$[0]') < e, json_extract(i, '$[1]') > e FROM (SELECT expected_purchases_interval(f, 2, 80, 300, 90) AS i, expected_purchases(f, 2, 80, 300, 90) AS e\n"
                    "FROM (SELECT btyd_fit('mbgnbd', frequency, recency, age) AS f FROM c))",
    .output = "1|1", .since = "0.2.0",
    .overload = { { "fit, frequency, recency, age, horizon [, level=0.95]", 0, call_expected_purchases_interval } }
  },
  {
    .name = "predicted_ltv_interval", .kind = ENTRY_SCALAR, .family = "prediction",
    .titleEn = "how well the predicted value is known", .titleZh = "预测客户价值置信区间",
    .formula = "JSON [low, high]: predicted_ltv * exp(-+ z sd); the variances of the logarithms of expected spend and of discounted purchases, each by the delta method "
               "from its fit's log_covariance, add up, since the two are fitted apart",
    .nulls = SCALAR_NULLS "; NULL for a fit without log_covariance, and where nothing is expected; level outside of 0 to 1 is an error", .refunds = NO_SPEND,
    .practice = "delta method; " BG "; " SPEND, .memory = "the last 8 fits, parsed",
    .example = BASE "SELECT json_extract(i, '$[0]') < v, json_extract(i, '$[1]') > v FROM (\n"
                    "  SELECT predicted_ltv_interval(f, g, 2, 80, 300, 40, 90, 0.1) AS i, predicted_ltv(f, g, 2, 80, 300, 40, 90, 0.1) AS v\n"
                    "  FROM (SELECT btyd_fit('mbgnbd', frequency, recency, age) AS f, gamma_gamma_fit(frequency, monetary) AS g FROM c))",
    .output = "1|1", .since = "0.2.0",
    .overload = { { "fit, gg, frequency, recency, age, monetary, horizon [, discount_per_year=0 [, level=0.95]]", 0, call_predicted_ltv_interval } }
  },
  {
    .name = "expected_spend", .kind = ENTRY_SCALAR, .family = "prediction",
    .titleEn = "spend expected per purchase", .titleZh = "预期客单消费金额",
    .formula = "p (v + frequency * monetary) / (p * frequency + q - 1): the customer's mean, drawn to the mean of the base",
    .nulls = SCALAR_NULLS "; frequency 0 gives the mean of the base, and NULL where there is none (q <= 1)",
    .refunds = NO_SPEND,
    .practice = SPEND, .memory = "the last 8 fits, parsed",
    .example = "SELECT round(expected_spend(" GG ", 2, 22.35), 4), round(expected_spend(" GG ", 0, 0), 4)",
    .output = "24.6637|35.219", .since = "0.1.0",
    .overload = { { "gg, frequency, monetary", 0, call_expected_spend } }
  },
  {
    .name = "predicted_ltv", .kind = ENTRY_SCALAR, .family = "prediction",
    .titleEn = "predicted value of a customer", .titleZh = "预测客户价值",
    .formula = "expected_spend(gg, frequency, monetary) * purchases expected in (age, age + horizon], each discounted by "
               "(1 + discount_per_year)^-(its distance in years of 365.25 days; unit_days of the fit)",
    .nulls = SCALAR_NULLS, .refunds = NO_SPEND,
    .practice = BG "; " SPEND, .memory = "the last 8 fits, parsed",
    .example = "SELECT round(predicted_ltv(" FIT ", " GG ", 2, 30.43, 38.86, 22.35, 52), 4),\n"
               "  round(predicted_ltv(" FIT ", " GG ", 2, 30.43, 38.86, 22.35, 52, 0.1), 4)",
    .output = "38.4438|36.7982", .since = "0.1.0",
    .overload = { { "fit, gg, frequency, recency, age, monetary, horizon [, discount_per_year=0]", 0, call_predicted_ltv } }
  },
  {
    .name = "prob_purchases", .kind = ENTRY_SCALAR, .family = "prediction",
    .titleEn = "chance that a new customer makes n repeat purchases", .titleZh = "新客购买次数概率",
    .formula = "P(X(t) = n): exactly n repeat purchases within t of the first, t in the fit's unit",
    .nulls = "NULL when an argument is NULL and for a fit with status too_few; a negative n or t is an error",
    .refunds = "", .practice = BG "; " PARETO, .memory = "the last 8 fits, parsed",
    .example = "SELECT round(prob_purchases(" FIT ", 0, 39), 6), round(prob_purchases(" FIT ", 3, 39), 6)",
    .output = "0.573786|0.04586", .since = "0.1.0",
    .overload = { { "fit, n, t", 0, call_prob_purchases } }
  },
  {
    .name = "customer_predict", .kind = ENTRY_TABLE, .calendar = 1, .family = "prediction",
    .titleEn = "what each customer will buy: history, fit and forecast at once", .titleZh = "客户价值预测表",
    .formula = "frequency, recency, age, monetary, next_time: as in customer_summary, in days. A model (bgnbd, mbgnbd, paretonbd, nbd) is fitted to "
               "all histories as btyd_fit does, where dropout is not identified (status dropout_not_identified: the data are too short, some months mostly, to tell who has left) the NBD "
               "stands in (column model): p_alive is 1 for everyone and customers with as many purchases in as long an age have equal forecasts, which rank nobody among them; spend by gamma_gamma_fit. p_alive, "
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
    .name = "purchase_tracking", .kind = ENTRY_TABLE, .calendar = 1, .family = "prediction",
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
  { .name = 0 }
};
