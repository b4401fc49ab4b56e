/*
** Words that an operator types and no title has: which functions, views and audiences they ask for.
*/
#include "sql/help_words.h"

typedef struct HelpWord { const char *word, *names; } HelpWord;

static const HelpWord HELP_WORDS[] = {
  { "联系谁", "audience_due, audience_about_to_slip, audience_no_second_order, audience_recall, audience_birthday, audience_trial, audience_dormant_members, send_plan" },
  { "人群", "audience_due, audience_about_to_slip, audience_no_second_order, audience_recall, audience_birthday, audience_trial, audience_dormant_members, audience_overlap, trait_profile" },
  { "群发", "send_plan, messages, kpi_touch, within_cap" },
  { "免打扰", "in_quiet_hours, next_allowed, within_cap, send_plan" },
  { "召回", "audience_recall, audience_dormant_members, kpi_wake_up" },
  { "沉睡", "audience_dormant_members, kpi_wake_up, kpi_stage" },
  { "休眠", "audience_dormant_members, lifecycle_stage, kpi_stage, kpi_wake_up" },
  { "引入期", "lifecycle_stage, kpi_stage, customer_stage" },
  { "成长期", "lifecycle_stage, kpi_stage, customer_stage" },
  { "成熟期", "lifecycle_stage, kpi_stage, customer_stage" },
  { "流失期", "lifecycle_stage, kpi_stage, audience_about_to_slip" },
  { "流失好友", "kpi_contact, siyu_kpi" },
  { "加微率", "kpi_contact, contacts" },
  { "加粉", "kpi_contact, kpi_phase, kpi_channel, siyu_kpi" },
  { "首单", "kpi_recruit, audience_no_second_order, period_summary, customer_summary" },
  { "消费频次", "orders_per_customer, kpi_bridge, period_summary" },
  { "购买频次", "orders_per_customer, kpi_bridge, period_summary" },
  { "年复购次数", "ltv_parts, ltv_formula, kpi_ltv" },
  { "终身价值", "ltv, kpi_ltv, predicted_ltv" },
  { "单客价值", "kpi_triangle, ltv, clv, siyu_kpi" },
  { "单客消费", "clv, arppu, kpi_phase" },
  { "人均客单价", "arpu, arppu, aov" },
  { "人均获客", "kpi_staff, kpi_phase, staff_heads" },
  { "产出比", "roi, kpi_phase, kpi_staff" },
  { "价值同频", "roi, siyu_kpi, kpi_three_value" },
  { "衡量与提升", "kpi_three_value, kpi_value, siyu_kpi" },
  { "产权力", "kpi_triangle, kpi_reach, kpi_ladder, kpi_diagnosis" },
  { "粉丝", "relationship_role, kpi_ladder, contacts" },
  { "合伙人", "relationship_role, kpi_ladder, kpi_distributor" },
  { "可感知", "reach_stage, kpi_reach, customer_reach" },
  { "可识别", "reach_stage, kpi_reach, customer_reach, kpi_identity" },
  { "可营销", "reach_stage, kpi_reach, customer_reach" },
  { "可服务", "reach_stage, kpi_reach, customer_reach" },
  { "可洞察", "reach_stage, kpi_reach, customer_reach" },
  { "触达率", "kpi_reach, kpi_triangle, siyu_kpi" },
  { "触点", "contacts, kpi_contact, kpi_channel" },
  { "旅程", "path_flow, sequence_next, funnel" },
  { "异业", "kpi_channel, kpi_triangle, referrals" },
  { "带货", "kpi_distributor, kpi_staff, kpi_live" },
  { "有客", "kpi_phase, siyu_kpi" },
  { "网易云商", "siyu_kpi, kpi_campaign, send_plan" },
  { "获客", "kpi_channel, kpi_recruit, cac" },
  { "拉新", "kpi_recruit, kpi_referral, kpi_channel" },
  { "营销转化", "kpi_touch, kpi_campaign, funnel, conversion_rate" },
  { "留存复购", "cohort_window, kpi_repurchase, retention_rate" },
  { "裂变", "k_factor, kpi_referral, kpi_generation, referral_tree" },
  { "多次传播", "kpi_generation, referral_tree, k_factor" },
  { "二次", "kpi_generation, kpi_repurchase, referral_tree" },
  { "拼团", "kpi_campaign, kpi_recruit, campaigns" },
  { "砍价", "kpi_campaign, kpi_recruit, campaigns" },
  { "内购", "kpi_campaign, campaigns" },
  { "活跃率", "stickiness, kpi_phase, kpi_group" },
  { "核销", "kpi_campaign, coupons, siyu_kpi" },
  { "有消费", "audience_recall, customer_summary" },
  { "声量", "kpi_content, kpi_koc, events" },
  { "增购", "items_per_order, basket, audience_trial" },
  { "连单", "items_per_order, basket" },
  { "连带", "items_per_order, basket" },
  { "商品", "basket, favourite, order_lines, kpi_launch" },
  { "预约直播", "kpi_live, funnel" },
  { "达成率", "kpi_staff, kpi_staff_move" },
  { "良品铺子", "kpi_staff, kpi_staff_move, kpi_store" },
  { "阿芙", "kpi_staff, kpi_live, kpi_distributor" },
  { "同比", "siyu_kpi, kpi_period, period_summary" },
  { "增长", "kpi_bridge, kpi_period, siyu_kpi" },
  { "提升", "uplift, kpi_campaign, kpi_three_value" },
  { "总业绩", "siyu_kpi, kpi_referral, kpi_value" },
  { "标签", "customers, trait_profile, kpi_reach" },
  { "看板", "siyu_kpi, kpi_staff, kpi_three_value" },
  { "日报", "siyu_kpi, kpi_period, kpi_group" },
  { "手机号", "customer_ids, parse_id, identity_cluster" },
  { "小程序", "kpi_channel, customer_ids, orders" },
  { "九宫格", "rfm_segment, rfm_group, customer_summary" },
  { "用户分层", "rfm_segment, rfm_group, customer_summary" },
  { "对账", "import_report, siyu_import, kpi_franchise" },
  { "导入", "siyu_import, import_report, import_reject" },
  { "报表", "siyu_kpi, kpi_month, kpi_period" },
  { "新客", "kpi_recruit, kpi_month, period_summary" },
  { "老客", "repeat_share, kpi_launch, period_summary" },
  { 0, 0 }
};

static int help_is_listed(const char *names, const char *name){
  size_t n = strlen(name);
  const char *at = names;
  while( (at = strstr(at, name))!=0 ){
    if( (at==names || at[-1]==' ') && (at[n]==',' || at[n]==0) ) return 1;
    at += n;
  }
  return 0;
}

int help_words_name(const char *word, const char *name){
  const HelpWord *w;
  size_t n = strlen(word);
  for(w=HELP_WORDS; w->word; w++){
    if( strstr(word, w->word)==0 && (n < 9 || strstr(w->word, word)==0) ) continue;      /* a part of three characters */
    if( help_is_listed(w->names, name) ) return 1;
  }
  return 0;
}
