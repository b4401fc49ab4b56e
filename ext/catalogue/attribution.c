/* Catalogue: attribution: what each channel brought. */
#include "metric/attribution/attribution.h"
#include "sql/catalogue.h"

const CatalogueEntry CATALOGUE_ATTRIBUTION[] = {
  {
    .name = "attribution", .kind = ENTRY_TABLE, .family = "attribution",
    .titleEn = "attribution of conversions and revenue to channels", .titleZh = "渠道归因（转化与收入）",
    .formula = "a row for each channel, and '(none)' for conversions without a touch, so that all add up. Path = the customer's touches "
               "with time <= conversion <= time + window (no window: all before). Model 'first', 'last', 'linear' 1/n, 'time_decay' "
               "2^(-age / half_life), 'position' 40/20/40 (two touches: half each), 'shapley' the exact value over channel sets (at "
               "most 12 channels), 'markov' by removal effects, solved exactly, null paths = touches after a customer's last "
               "conversion. Rows with the same conversion_id are one conversion at its earliest time. share = part of all revenue, or "
               "of all conversions without an amount column. Columns: customer, time, channel of touches and customer, time, "
               "amount, conversion_id of conversions, or as customer_col, time_col ... name them (conversion_customer_col and "
               "conversion_time_col where the two sources differ)",
    .nulls = "rows without a customer or a time are skipped, touches without a channel too; a NULL amount is a conversion without money; "
             "sources without amount or conversion_id columns will do (revenue is then NULL; for conversion_id order_id is taken, and without "
             "either each row is a conversion); tied touches "
             "stand in order of the channel; INTEGER revenue is split to whole units by largest remainders",
    .refunds = "subtracted from the conversion with the same conversion_id, else from '(none)'; no conversion",
    .practice = "Tencent, Youzan: private-domain attribution of marketplace orders (全域归因); Anderl et al. 2016 (Markov), Shapley 1953",
    .memory = "32 bytes per touch and 40 per conversion row, or 16 and 80 where that is more; 12 to 32 per customer and the bytes "
              "of TEXT keys; markov 16 per pair of channels. Model and window do not matter otherwise. Peak for 1 M touches "
              "with 100,000 conversions: 37 MB, with 1 M conversions: 97 MB",
    .example = "CREATE TEMP TABLE t(customer, time, channel);\n"
               "INSERT INTO t VALUES (1, '2024-03-01', 'wecom'), (1, '2024-03-05', 'live'), (2, '2024-03-02', 'live');\n"
               "CREATE TEMP TABLE c(customer, time, amount);\n"
               "INSERT INTO c VALUES (1, '2024-03-06', 101), (2, '2024-03-09', 50), (3, '2024-03-09', 49);\n"
               "SELECT channel, conversions, revenue, share FROM attribution('t', 'c', 'linear', '30 days')",
    .output = "live|1.5|101|0.505\nwecom|0.5|50|0.25\n(none)|1.0|49|0.245",
    .since = "0.1.0",
    .overload = { { "touches, conversions_source, model [, window, half_life=7], tz=+00:00, customer_col=customer, time_col=time, "
                    "channel_col=channel, conversion_customer_col=customer_col, conversion_time_col=time_col, amount_col=amount, "
                    "conversion_id_col=conversion_id", 0, 0 } },
    .table = &METRIC_ATTRIBUTION
  },
  { .name = 0 }
};
