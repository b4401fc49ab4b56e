/* Catalogue: life cycle. */
#include "metric/customer/lifecycle.h"
#include "sql/scalar.h"

#define TRIANGLE "Youzan: private-domain triangle (引入期, 成长期, 成熟期, 休眠期, 流失期)"
#define STAGES "'churned' when silent for more than churn_days; else 'dormant' when for more than dormant_days; else " \
               "'introduction' (0 orders), 'growth' (1 to mature_orders - 1) or 'maturity'"

const CatalogueEntry CATALOGUE_LIFECYCLE[] = {
  {
    .name = "lifecycle_stage", .kind = ENTRY_SCALAR, .calendar = 1, .family = "life cycle",
    .titleEn = "life-cycle stage from a customer's figures", .titleZh = "生命周期阶段",
    .formula = STAGES "; silence = as_of - last_active",
    .nulls = "last_active NULL: 'introduction'; orders NULL: 0; as_of NULL: NULL", .refunds = "",
    .practice = TRIANGLE, .memory = "none",
    .example = "SELECT lifecycle_stage(2, '2024-05-01', '2024-06-30'), lifecycle_stage(9, '2024-03-01', '2024-06-30')",
    .output = "growth|dormant", .since = "0.1.0",
    .overload = { { "orders, last_active, as_of [, dormant_days=90 [, churn_days=180 [, mature_orders=3]]]", 0,
                    call_lifecycle_stage } }
  },
  {
    .name = "lifecycle_stage_at", .kind = ENTRY_AGGREGATE, .calendar = 1, .family = "life cycle",
    .titleEn = "life-cycle stage of one customer's order times", .titleZh = "某日的生命周期阶段",
    .formula = STAGES "; orders = rows not after as_of, silence = as_of - the latest of them",
    .nulls = "rows without a time are skipped; no rows: 'introduction'",
    .refunds = "no money is read: leave refund rows out with FILTER (WHERE amount >= 0)",
    .practice = TRIANGLE, .memory = "constant",
    .example = "WITH o(customer, t) AS (VALUES (1, '2024-06-01'), (1, '2024-06-20'), (1, '2024-06-25'), (2, '2023-01-01'))\n"
               "SELECT customer, lifecycle_stage_at(t, '2024-06-30') FROM o GROUP BY customer",
    .output = "1|maturity\n2|churned", .since = "0.1.0",
    .overload = { { "time, as_of [, dormant_days=90 [, churn_days=180 [, mature_orders=3]]]",
                    &METRIC_LIFECYCLE_STAGE_AT, 0 } }
  },
  { .name = 0 }
};
