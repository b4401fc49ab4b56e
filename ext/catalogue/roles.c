/* Catalogue: relationship, reach, segments, labels. */
#include "sql/scalar.h"

#define TRIANGLE "Youzan: private-domain triangle"

const CatalogueEntry CATALOGUE_ROLES[] = {
  {
    .name = "relationship_role", .kind = ENTRY_SCALAR, .family = "roles",
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
    .name = "reach_stage", .kind = ENTRY_SCALAR, .family = "roles",
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
    .name = "rfm_segment", .kind = ENTRY_SCALAR, .family = "roles",
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
    .name = "rfm_group", .kind = ENTRY_SCALAR, .family = "roles",
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
    .name = "siyu_label", .kind = ENTRY_SCALAR, .family = "roles",
    .titleEn = "readable name of a code", .titleZh = "代码名称",
    .formula = "the name of a stage, role, reach step, segment, flow, mode, model, fit status or grain, in 'zh' or 'en'",
    .nulls = "NULL when an argument is NULL; an unknown code is an error that names it", .refunds = "", .practice = "",
    .memory = "none",
    .example = "SELECT siyu_label('important_winback', 'zh'), siyu_label('koc', 'en'), siyu_label('dormant', 'zh')",
    .output = "重要挽留客户|key opinion consumer|休眠期", .since = "0.1.0",
    .overload = { { "code, language", 0, call_siyu_label } }
  },
  {
    .name = "triangle_area", .kind = ENTRY_SCALAR, .family = "roles",
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
    .name = "geometric_mean", .kind = ENTRY_SCALAR, .family = "roles",
    .titleEn = "geometric mean of two values", .titleZh = "几何平均",
    .formula = "sqrt(x * y): a side of the triangle from its two values, each divided by that of the base period",
    .nulls = "NULL when one is NULL or negative", .refunds = "",
    .practice = TRIANGLE, .memory = "none",
    .example = "SELECT round(geometric_mean(90, 40), 9)", .output = "60.0", .since = "0.2.0",
    .overload = { { "x, y", 0, call_geometric_mean } }
  },
  { .name = 0 }
};
