/* Catalogue: what customers like, and what goes together. */
#include "metric/taste/taste.h"
#include "sql/catalogue.h"

const CatalogueEntry CATALOGUE_TASTE[] = {
  {
    .name = "favourite", .kind = ENTRY_AGGREGATE, .family = "taste",
    .titleEn = "the value that comes most often, or weighs most", .titleZh = "偏好（最常、最高）",
    .formula = "(value): the value with the most rows; (value, weight): the one with the largest sum of weights. Equals: the smallest, as ORDER BY "
               "sorts it. GROUP BY customer: the favourite channel, store, category, hour",
    .nulls = "rows without a value are skipped; a NULL weight adds nothing, its value stands for choice all the same; NULL without a value; values "
             "are keys: INTEGER, TEXT or BLOB",
    .refunds = "(value): a refund row counts as any row: leave it out with FILTER (WHERE amount >= 0); (value, amount): taken off its value's sum",
    .practice = "Youzan: private-domain triangle (可洞察: preferences by channel, store and category)", .memory = "40 to 56 bytes per distinct value; as a window a step per value and row",
    .example = "WITH o(customer, channel, amount) AS (VALUES (1, 'live', 10), (1, 'live', 20), (1, 'shop', 90), (2, 'shop', 5))\n"
               "SELECT customer, favourite(channel), favourite(channel, amount) FROM o GROUP BY customer",
    .output = "1|live|shop\n2|shop|shop", .since = "0.2.0",
    .overload = { { "value:customer", &METRIC_FAVOURITE, 0 }, { "value:customer, weight", &METRIC_FAVOURITE_WEIGHED, 0 } }
  },
  {
    .name = "basket", .kind = ENTRY_TABLE, .family = "taste",
    .titleEn = "products that are bought together", .titleZh = "购物篮关联（连带）",
    .formula = "two rows for each pair of products that occur in one order, one in each direction. orders: orders with both; product_orders, other_orders: "
               "orders with either one; all_orders: orders with any product; support = orders / all_orders; confidence = orders / product_orders: who buys "
               "product buys other, too; lift = confidence / (other_orders / all_orders). A product that is twice in an order is there once",
    .nulls = "rows without an order or a product are skipped; pairs of fewer than min_orders orders (default 1) are left out",
    .refunds = "with amount_col a row with a negative amount is no purchase", .practice = "Xingyun Youke: private-domain value standard (连带率); association rules: Agrawal, Srikant 1994",
    .memory = "8 bytes per row while it is read, twice that while sorted; 16 to 32 per order and product, 24 to 40 per pair: an order of n products makes "
              "n (n - 1) / 2, so set min_orders where products are many",
    .example = "CREATE TEMP TABLE l AS SELECT column1 AS o, column2 AS p FROM (VALUES (1, 'tea'), (1, 'cup'), (2, 'tea'), (2, 'cup'), (3, 'tea'), (4, 'pot'));\n"
               "SELECT product, other, orders, support, confidence, lift FROM basket('l', 'o', 'p') ORDER BY product",
    .output = "cup|tea|2|0.5|1.0|1.33333333333333\ntea|cup|2|0.5|0.666666666666667|1.33333333333333", .since = "0.2.0",
    .overload = { { "source, order_col, product_col [, amount_col], min_orders=1", 0, 0 } }, .table = &METRIC_BASKET
  },
  {
    .name = "audience_overlap", .kind = ENTRY_TABLE, .family = "taste",
    .titleEn = "how far audiences are the same people", .titleZh = "人群重叠",
    .formula = "the source has a row per customer and audience. Two rows for each pair of audiences with a common customer, one in each direction. customers: "
               "in both; all_customers: in any; share = customers / audience_customers; jaccard = customers / (audience_customers + other_customers - "
               "customers); lift = share / (other_customers / all_customers)",
    .nulls = "rows without a customer or an audience are skipped; pairs without a common customer have no row",
    .refunds = "", .practice = "Youzan: private-domain triangle (人群运营: who gets several messages at once)",
    .memory = "8 bytes per row while it is read, twice that while sorted; 16 to 32 per customer, 24 to 40 per pair",
    .example = "CREATE TEMP TABLE a AS SELECT column1 AS customer, column2 AS audience FROM (VALUES (1, 'due'), (2, 'due'), (2, 'birthday'), (3, 'birthday'), (4, 'due'));\n"
               "SELECT audience, other, customers, share, jaccard FROM audience_overlap('a', 'customer', 'audience') ORDER BY audience",
    .output = "birthday|due|1|0.5|0.25\ndue|birthday|1|0.333333333333333|0.25", .since = "0.2.0",
    .overload = { { "source, customer_col, audience_col", 0, 0 } }, .table = &METRIC_AUDIENCE_OVERLAP
  },
  {
    .name = "trait_profile", .kind = ENTRY_TABLE, .family = "taste",
    .titleEn = "what sets segments apart: share and TGI of every value of every trait", .titleZh = "人群画像（TGI）",
    .formula = "the source has a row per customer; traits names columns, separated by commas, at most 10. A row for each segment and each value of each trait: "
               "customers: of the segment with that value; share = customers / segment_customers; overall: of the source with that value; "
               "overall_share = overall / all_customers; tgi = share / overall_share * 100, which is tgi(segment = ..., trait = ...)",
    .nulls = "a row without a segment is in no segment and one of all_customers; a row without a value of a trait counts in the sizes; values that nobody of "
             "a segment has are rows with share and tgi 0; values are keys: INTEGER, TEXT or BLOB",
    .refunds = "", .practice = "NetEase Yunshang: user portraits (TGI)",
    .memory = "16 to 40 bytes per segment, value and pair of them that occurs",
    .example = "CREATE TEMP TABLE c AS SELECT column1 AS stage, column2 AS city, column3 AS member FROM (VALUES ('new', 'A', 1), ('new', 'A', 0), ('old', 'B', 1), ('old', 'A', 1));\n"
               "SELECT segment, trait, value, customers, share, overall_share, tgi FROM trait_profile('c', 'stage', 'city, member') WHERE segment = 'new' ORDER BY trait, value",
    .output = "new|city|A|2|1.0|0.75|133.333333333333\nnew|city|B|0|0.0|0.25|0.0\nnew|member|0|1|0.5|0.25|200.0\nnew|member|1|1|0.5|0.75|66.6666666666667", .since = "0.2.0",
    .overload = { { "source, segment_col, traits", 0, 0 } }, .table = &METRIC_TRAIT_PROFILE
  },
  { .name = 0 }
};
