/*
** Catalogue: the report: siyu_kpi, what it reads, and its figures: where they come from and how they are
** called.
*/
#include "sql/report.h"

enum { THREE_VALUES, TRIANGLE, STANDARD, STAFF, PDCA };

const Practice PRACTICES[] = {
  { "three values", "三大价值" }, { "triangle", "私域三角" }, { "value standard", "价值标准" },
  { "staff", "导购与分销" }, { "PDCA", "PDCA 运营" }
};

const Practice FIGURE_SECTIONS[] = {
  { "sales", "销售" }, { "marketing", "营销" }, { "service", "服务" }, { "cost", "费用" }, { "ownership", "产权力" },
  { "value", "单客价值" }, { "referral", "推荐" }, { "acquisition", "获客" }, { "retention", "留存" },
  { "conversion", "转化" }, { "fission", "裂变" }, { "staff", "导购" }, { "buyers", "客群" }, { "touch", "触达" }, { 0, 0 }
};

const char *const FIGURE_VIEWS[] = {
  "figures_orders", "figures_buyers", "figures_customers", "figures_contacts", "figures_costs", "figures_messages",
  "figures_service", "figures_events", "figures_coupons", 0
};

#define MONEY  "money"
#define COUNT  "count"
#define SHARE  "share"
#define NUMBER "number"

const Figure FIGURES[] = {
  { THREE_VALUES, "sales", "gmv", "成交总额", "GMV, refunds taken off", MONEY, "gmv", 0, FIGURE_FLOW, "orders", "sum of amounts, refunds are negative",
    "金额合计，退款为负" },
  { THREE_VALUES, "sales", "refunds", "退款额", "money refunded", MONEY, "refunds", 0, FIGURE_FLOW, "orders", "- sum of the negative amounts",
    "负金额合计取反" },
  { THREE_VALUES, "sales", "refund_share", "退款率", "share of money refunded", SHARE, "refunds", "ordered", FIGURE_FLOW, "orders", "refunds / money ordered",
    "退款额 / 下单金额" },
  { THREE_VALUES, "sales", "effective_customers", "有效购买客户数", "customers with net spend", COUNT, "effective_customers", 0, FIGURE_FLOW, "orders", "distinct customers whose net money in the period is > 0",
    "本期净消费大于 0 的客户数（去重）" },
  { THREE_VALUES, "sales", "arppu", "每付费用户平均收入", "money per effective customer", MONEY, "gmv_of_customers", "effective_customers", FIGURE_FLOW, "orders", "money of known customers / effective_customers",
    "已知客户的净成交 / 有效购买客户数" },
  { THREE_VALUES, "sales", "arpu", "每用户平均收入", "money per customer of the base", MONEY, "gmv", "customers", FIGURE_FLOW, "orders, customers", "gmv / customers",
    "成交总额 / 客户数" },
  { THREE_VALUES, "sales", "orders", "订单数", "orders", COUNT, "orders", 0, FIGURE_FLOW, "orders", "rows of orders with amount >= 0 or NULL; closed ones are none",
    "金额大于等于 0 或为空的订单行；已关闭的不算" },
  { THREE_VALUES, "sales", "buyers", "购买客户数", "customers who ordered", COUNT, "buyers", 0, FIGURE_FLOW, "orders", "distinct customers with an order in the period",
    "本期有订单的客户数（去重）" },
  { THREE_VALUES, "sales", "orders_per_customer", "购买频次", "orders per buyer", NUMBER, "orders_of_customers", "buyers", FIGURE_FLOW, "orders", "orders of known customers / buyers",
    "已知客户的订单数 / 购买客户数" },
  { THREE_VALUES, "sales", "aov", "客单价（每单）", "money per order", MONEY, "gmv", "orders", FIGURE_FLOW, "orders", "gmv / orders",
    "成交总额 / 订单数" },
  { THREE_VALUES, "sales", "private_share", "私域成交占比", "share of private orders in GMV", SHARE, "private_gmv", "gmv", FIGURE_FLOW, "orders", "money of orders with source 'private' / gmv",
    "source 为 private 的订单金额 / 成交总额" },
  { THREE_VALUES, "sales", "visits", "到店次数", "store visits", COUNT, "visits", 0, FIGURE_FLOW, "events", "events 'visit'",
    "名为 visit 的行为次数" },
  { THREE_VALUES, "marketing", "contents", "用户内容量", "pieces of user content", COUNT, "contents", 0, FIGURE_FLOW, "events", "events 'content'",
    "名为 content 的行为次数" },
  { THREE_VALUES, "marketing", "shares", "分享次数", "shares", COUNT, "shares", 0, FIGURE_FLOW, "events", "events 'share'",
    "名为 share 的行为次数" },
  { THREE_VALUES, "service", "response_seconds", "首次响应时长", "median seconds to the first answer", "seconds", "response_seconds", 0, FIGURE_FLOW | FIGURE_MEASURE, "chats", "median over customers' first unanswered messages",
    "客户首条未答消息到首次回复的时长中位数" },
  { THREE_VALUES, "service", "answered_3_min", "三分钟响应率", "share answered within 3 minutes", SHARE, "answered_3_min", 0, FIGURE_FLOW | FIGURE_MEASURE, "chats", "answered within 3 minutes / asked",
    "三分钟内回复的 / 提问的" },
  { THREE_VALUES, "cost", "cost", "人力与营销费用", "staff and marketing cost", MONEY, "cost", 0, FIGURE_FLOW, "costs", "costs of kind staff or marketing",
    "人力（staff）与营销（marketing）费用" },
  { THREE_VALUES, "cost", "roi", "投入产出比", "return on staff and marketing cost", NUMBER, "gmv", "cost", FIGURE_FLOW | FIGURE_LESS_ONE, "orders, costs", "gmv / cost - 1",
    "成交总额 / 费用 − 1" },
  { TRIANGLE, "ownership", "customers", "客户数", "customers", COUNT, "customers", 0, 0, "customers", "joined up to the end of the period",
    "截至期末已加入的客户" },
  { TRIANGLE, "ownership", "connected_people", "可触达好友人数", "people connected", COUNT, "people_now", 0, 0, "contacts", "distinct customers with a contact that is not deleted",
    "仍有未删除好友关系的客户（去重）" },
  { TRIANGLE, "ownership", "connected_share", "好友覆盖率", "share of customers who are connected", SHARE, "people_now", "customers", 0, "contacts, customers", "connected_people / customers",
    "可触达好友人数 / 客户数" },
  { TRIANGLE, "ownership", "tagged_share", "打标率", "share of customers with tags", SHARE, "tagged", "customers", FIGURE_NOW, "customers", "customers with tags / customers",
    "有标签的客户 / 客户数" },
  { TRIANGLE, "ownership", "member_share", "会员率", "share of members", SHARE, "members", "customers", FIGURE_NOW, "customers", "members / customers",
    "会员 / 客户数" },
  { TRIANGLE, "value", "ltv", "用户终身价值", "lifetime value", MONEY, "ltv", 0, FIGURE_NOW | FIGURE_MEASURE, "orders", "years × order value × orders per year; does not compare between dates while the base is young",
    "生命周期（年）× 客单价 × 年购买次数；客户群尚新时不宜比较不同日期" },
  { TRIANGLE, "value", "ltv_90", "90 天客户价值", "money per customer in the first 90 days", MONEY, "money_90", "mature_90", FIGURE_MEASURE, "orders", "money within 90 days of the first order / customers who are that old",
    "首单后 90 天内的金额 / 首单已满 90 天的客户" },
  { TRIANGLE, "value", "ltv_365", "一年客户价值", "money per customer in the first year", MONEY, "money_365", "mature_365", FIGURE_MEASURE, "orders", "money within 365 days of the first order / customers who are that old",
    "首单后 365 天内的金额 / 首单已满 365 天的客户" },
  { TRIANGLE, "value", "repurchase_rate", "复购率", "customers who ordered again", SHARE, "repeat_buyers", "buyers_ever", 0, "orders", "customers with >= 2 orders so far / with >= 1",
    "累计至少两单的客户 / 至少一单的客户" },
  { TRIANGLE, "value", "repurchase_90", "90 天复购率", "ordered again within 90 days", SHARE, "again_90", "mature_90", 0, "orders", "second order within 90 days of the first / customers whose 90 days have passed",
    "首单后 90 天内有第二单的 / 首单已满 90 天的客户" },
  { TRIANGLE, "value", "living_buyers", "活跃客户数", "buyers in growth or maturity", COUNT, "living_buyers", 0, FIGURE_NOW, "orders", "an order within the last 90 days",
    "近 90 天内有订单" },
  { TRIANGLE, "value", "dormant_buyers", "休眠客户数", "dormant buyers", COUNT, "dormant_buyers", 0, FIGURE_NOW, "orders", "silent for more than 90 days, up to 180",
    "沉默超过 90 天、不超过 180 天" },
  { TRIANGLE, "value", "churned_buyers", "流失客户数", "churned buyers", COUNT, "churned_buyers", 0, FIGURE_NOW, "orders", "silent for more than 180 days",
    "沉默超过 180 天" },
  { TRIANGLE, "referral", "referral_rate", "被推荐客户占比", "customers who were brought", SHARE, "referred_customers", "customers", 0, "referrals, customers", "customers with a referrer other than themselves / customers",
    "有推荐人（非本人）的客户 / 客户数" },
  { TRIANGLE, "referral", "referrer_rate", "顾客推荐率", "customers who brought others", SHARE, "referrers", "customers", 0, "referrals, customers", "customers who referred another / customers",
    "推荐过他人的客户 / 客户数" },
  { TRIANGLE, "referral", "referred_revenue_share", "转介绍业绩占比", "share of referred customers in GMV", SHARE, "referred_gmv", "gmv", FIGURE_FLOW, "referrals, orders", "money of customers who were brought / gmv",
    "被推荐客户的金额 / 成交总额" },
  { STANDARD, "acquisition", "new_customers", "新增客户数", "new customers", COUNT, "new_customers", 0, FIGURE_FLOW, "customers", "joined in the period",
    "本期加入的客户" },
  { STANDARD, "acquisition", "cac", "获客成本", "cost per new customer", MONEY, "cost", "new_customers", FIGURE_FLOW, "costs, customers", "staff and marketing cost / new_customers",
    "人力与营销费用 / 新增客户数" },
  { STANDARD, "acquisition", "contacts_added", "加粉量", "contacts added", COUNT, "contacts_added", 0, FIGURE_FLOW, "contacts", "pairs of customer and staff first added in the period",
    "本期首次添加的好友关系（客户与员工成对计）" },
  { STANDARD, "acquisition", "cost_per_contact", "加粉成本", "cost per contact", MONEY, "cost", "contacts_added", FIGURE_FLOW, "costs, contacts", "staff and marketing cost / contacts_added",
    "人力与营销费用 / 加粉量" },
  { STANDARD, "retention", "people_retention", "好友留存率", "people still connected", SHARE, "people_now", "people", 0, "contacts", "people with a contact that is not deleted / people ever added",
    "仍有未删除好友关系的客户 / 曾添加过的客户" },
  { STANDARD, "retention", "contacts_deleted", "流失好友数", "contacts deleted", COUNT, "contacts_deleted", 0, FIGURE_FLOW, "contacts", "deletions in the period",
    "本期删除次数" },
  { STANDARD, "conversion", "conversion_rate", "转化率", "customers who ever ordered", SHARE, "buyers_ever", "customers", 0, "orders, customers", "customers with an order so far / customers",
    "累计下过单的客户 / 客户数" },
  { STANDARD, "fission", "new_referred_share", "裂变获客占比", "share of new customers who were brought", SHARE, "new_referred", "new_customers", FIGURE_FLOW, "referrals, customers", "new customers with a referrer / new customers",
    "有推荐人的新客户 / 新客户" },
  { STAFF, "staff", "staff_share", "导购业绩占比", "share of GMV through staff", SHARE, "staff_gmv", "gmv", FIGURE_FLOW, "orders", "money of orders with staff / gmv",
    "有导购的订单金额 / 成交总额" },
  { PDCA, "buyers", "new_buyers", "首购客户数", "first-time buyers", COUNT, "new_buyers", 0, FIGURE_FLOW, "orders", "first order ever in the period",
    "首单在本期的客户" },
  { PDCA, "buyers", "new_buyer_share", "首购客户占比", "share of first-time buyers among buyers", SHARE, "new_buyers", "buyers", FIGURE_FLOW, "orders", "new_buyers / buyers",
    "首购客户数 / 购买客户数" },
  { PDCA, "buyers", "new_revenue_share", "首购客户业绩占比", "share of first-time buyers in money", SHARE, "new_revenue", "buyers_revenue", FIGURE_FLOW | FIGURE_NOW, "orders", "money of first-time buyers / money of known buyers",
    "首购客户的金额 / 已知购买客户的金额" },
  { PDCA, "touch", "messages_sent", "触达消息数", "messages sent", COUNT, "messages_sent", 0, FIGURE_FLOW, "messages", "rows of messages",
    "消息行数" },
  { PDCA, "touch", "answer_rate", "触达响应率", "share of messages answered", SHARE, "messages_answered", "messages_sent", FIGURE_FLOW, "messages", "answered / sent",
    "已回复 / 已发送" },
  { PDCA, "touch", "redemption_rate", "核销率", "share of coupons redeemed", SHARE, "coupons_redeemed", "coupons_issued", FIGURE_FLOW, "coupons", "redeemed / issued in the period",
    "本期发放的券中已核销的 / 已发放的" },
  { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }
};

const CatalogueEntry CATALOGUE_KPI[] = {
  {
    .name = "siyu_script", .kind = ENTRY_TABLE, .family = "kpi",
    .titleEn = "the SQL texts that the library carries: tables, indexes, views, audiences", .titleZh = "内置 SQL 脚本",
    .formula = "one row per text: name, kind (table, index, view or audience), practice, needs (names of others, by commas), title_zh, "
               "title_en, sql. They are the files under sql/: read, copy, change them; siyu_setup() runs them",
    .nulls = "", .refunds = "", .practice = "", .memory = "none",
    .example = "SELECT name, kind, title_zh FROM siyu_script WHERE name = 'orders'",
    .output = "orders|table|订单与退款", .since = "0.2.0",
    .overload = { { "", 0, 0 } }, .registerTable = register_script_table
  },
  {
    .name = "siyu_setup", .kind = ENTRY_SCALAR, .family = "kpi",
    .titleEn = "makes the canonical tables, or the views over them", .titleZh = "建立标准表与视图",
    .formula = "what: 'schema' (tables and indexes), 'kpi' (these, views and audiences) or one name of siyu_script with what it needs; where "
               "'temp': TEMP views. In a savepoint, all or nothing; again it changes nothing. A table that is there with other columns "
               "is left as it is, and so is anything that is not of ours; views of an older version are made anew. Returns a sentence",
    .nulls = "what NULL: an error", .refunds = "", .practice = "", .memory = "the text at hand",
    .example = "SELECT siyu_setup('orders')", .output = "1 table made.", .since = "0.2.0",
    .overload = { { "what [, where]", 0, call_siyu_setup } }, .writes = 1
  },
  {
    .name = "siyu_kpi", .kind = ENTRY_TABLE, .family = "kpi",
    .titleEn = "the report: every figure with what it divides, the period before and a year ago", .titleZh = "经营指标报告",
    .formula = "one row per figure: practice, section, figure, title_zh, title_en, unit (money, count, share, number, seconds), value = "
               "numerator / denominator, previous (环比) and year_ago (同比) with their changes (value / earlier - 1), complete (0: the period "
               "is cut short by as_of, and compared with as many days of the earlier ones), formula, needs (tables), status: ok, partial "
               "(cut short), no_data (a needed table is missing or empty, or nothing to divide by). Inputs as_of, since (from there to "
               "as_of), tz, lang ('zh': practice, section and formula in Chinese; reads 'en' where it is not said): else those of the table settings, else the month of the last order; kept: a "
               "schema ('temp') whose tables with the names of views are read as their rows, unless as_of, since or tz is said. Needs "
               "nothing set up: the SQL is that of the views figures_* of siyu_script, over the tables that are there",
    .nulls = "orders without a customer are money, but nobody's", .refunds = "money only", .practice = "all five",
    .memory = "that of a few aggregates over the orders; four passes over them",
    .example = "SELECT figure, title_zh, status, needs FROM siyu_kpi WHERE figure = 'gmv'",
    .output = "gmv|成交总额|no_data|orders", .since = "0.2.0",
    .overload = { { "", 0, 0 } }, .registerTable = register_report_table
  },
  { .name = 0 }
};
