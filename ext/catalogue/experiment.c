/* Catalogue: experiments. */
#include "metric/experiment/experiment.h"
#include "sql/scalar.h"

#define PDCA "NetEase Yunshang: PDCA operation (lift of a campaign against its control)"
#define ROWS \
  "WITH x(treated, outcome) AS (VALUES (1, 10), (1, 14), (1, 12), (0, 8), (0, 9), (0, 10), (0, NULL), (NULL, 99))\n"
#define SKIPPED "rows with a NULL treated or a NULL outcome are skipped (give 0 for a customer who bought nothing)"
#define METHOD \
  "all outcomes 0 or 1: two proportions, as R's prop.test(correct = FALSE); else Welch's t test, as R's t.test"

const CatalogueEntry CATALOGUE_EXPERIMENT[] = {
  {
    .name = "uplift", .kind = ENTRY_AGGREGATE, .family = "experiment",
    .titleEn = "uplift: difference of means", .titleZh = "增量（均值差）",
    .formula = "mean outcome of treated rows - mean outcome of the others (control)",
    .nulls = SKIPPED "; NULL when an arm is empty",
    .refunds = "a negative outcome counts as it is", .practice = PDCA, .memory = "constant",
    .example = ROWS "SELECT uplift(treated, outcome) FROM x",
    .output = "3.0", .since = "0.1.0",
    .overload = { { "treated, outcome", &METRIC_UPLIFT, 0 } }
  },
  {
    .name = "uplift_ratio", .kind = ENTRY_AGGREGATE, .family = "experiment",
    .titleEn = "relative uplift", .titleZh = "增量比例",
    .formula = "mean outcome of treated rows / mean outcome of the others - 1",
    .nulls = SKIPPED "; NULL when an arm is empty or the control's mean is 0",
    .refunds = "a negative outcome counts as it is", .practice = PDCA " (ROI +30 %)", .memory = "constant",
    .example = ROWS "SELECT uplift_ratio(treated, outcome) FROM x",
    .output = "0.333333333333333", .since = "0.1.0",
    .overload = { { "treated, outcome", &METRIC_UPLIFT_RATIO, 0 } }
  },
  {
    .name = "uplift_interval", .kind = ENTRY_AGGREGATE, .family = "experiment",
    .titleEn = "95 % confidence interval of the uplift", .titleZh = "增量的 95% 置信区间",
    .formula = "JSON [low, high]; " METHOD ". Proportions: p1 - p0 -+ z sqrt(p1 (1-p1) / n1 + p0 (1-p0) / n0), cut to -1 ... 1; "
               "Welch: m1 - m0 -+ t(df) sqrt(v1 / n1 + v0 / n0)",
    .nulls = SKIPPED "; NULL when an arm is empty; for Welch also when an arm has one row or neither varies",
    .refunds = "a negative outcome counts as it is",
    .practice = PDCA "; audiences tested on small groups before the full send", .memory = "constant",
    .example = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 400)\n"
               "SELECT round(json_extract(uplift_interval(i > 200, i % 200 < CASE WHEN i > 200 THEN 50 ELSE 30 END), '$[0]'), 9) FROM n",
    .output = "0.022216341", .since = "0.1.0",
    .overload = { { "treated, outcome", &METRIC_UPLIFT_INTERVAL, 0 } }
  },
  {
    .name = "uplift_p_value", .kind = ENTRY_AGGREGATE, .family = "experiment",
    .titleEn = "p-value of the uplift, two-sided", .titleZh = "增量的 P 值",
    .formula = METHOD ". Proportions: z with the pooled share, the square root of prop.test's X-squared",
    .nulls = SKIPPED "; NULL when an arm is empty, when all outcomes are 0 or all are 1, and for Welch when an arm has one row "
             "or neither varies",
    .refunds = "a negative outcome counts as it is", .practice = PDCA, .memory = "constant",
    .example = ROWS "SELECT round(uplift_p_value(treated, outcome), 9) FROM x",
    .output = "0.104478887", .since = "0.1.0",
    .overload = { { "treated, outcome", &METRIC_UPLIFT_P_VALUE, 0 } }
  },
  {
    .name = "uplift_did", .kind = ENTRY_AGGREGATE, .family = "experiment",
    .titleEn = "difference in differences", .titleZh = "双重差分增量",
    .formula = "(mean of treated after - before) - (mean of control after - before); post says which rows are after",
    .nulls = "rows with a NULL treated, post or outcome are skipped; NULL when one of the four cells is empty",
    .refunds = "a negative outcome counts as it is", .practice = PDCA "; before and after, and against a comparison group",
    .memory = "constant",
    .example = "WITH x(treated, post, outcome) AS (VALUES (1, 0, 100), (1, 1, 150), (0, 0, 90), (0, 1, 110))\n"
               "SELECT uplift_did(treated, post, outcome) FROM x",
    .output = "30.0", .since = "0.1.0",
    .overload = { { "treated, post, outcome", &METRIC_UPLIFT_DID, 0 } }
  },
  {
    .name = "tgi", .kind = ENTRY_AGGREGATE, .family = "experiment",
    .titleEn = "target group index of a trait", .titleZh = "人群特征指数 TGI",
    .formula = "(segment rows with the trait / segment rows) / (rows with the trait / rows) * 100; all rows include the segment",
    .nulls = "a NULL flag is false; NULL when the segment is empty or nobody has the trait", .refunds = "",
    .practice = "NetEase Yunshang: PDCA operation (traits of a segment against all, 人群特征)", .memory = "constant",
    .example = "WITH c(vip, mother) AS (VALUES (1, 1), (1, 1), (1, 0), (0, 1), (0, 0), (0, 0))\nSELECT tgi(vip, mother) FROM c",
    .output = "133.333333333333", .since = "0.1.0",
    .overload = { { "in_segment, trait", &METRIC_TGI, 0 } }
  },
  {
    .name = "ab_group", .kind = ENTRY_SCALAR, .family = "experiment",
    .titleEn = "stable test group of a customer", .titleZh = "稳定分组",
    .formula = "h mod n; h = 64-bit FNV-1a over the bytes of salt || ':' || customer, then MurmurHash3's finaliser fmix64 (h ^= h "
               ">> 33, h *= 0xff51afd7ed558ccd, h ^= h >> 33, h *= 0xc4ceb9fe1a85ec53, h ^= h >> 33). The same on every "
               "machine and in every version. An INTEGER customer is its decimal text: 1 and '1' share a group",
    .nulls = "NULL when an argument is NULL; n below 1 is an error", .refunds = "",
    .practice = "Xingyun Youke: private-domain value standard (A/B tests on small groups)", .memory = "none",
    .example = "SELECT ab_group(1, 'spring', 2), ab_group('1', 'spring', 2), ab_group('u-42', 'spring', 100)",
    .output = "1|1|3", .since = "0.1.0",
    .overload = { { "customer, salt, n", 0, call_ab_group } }
  },
  { .name = 0 }
};
