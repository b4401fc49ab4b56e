/*
** Rules on one customer (Youzan, private-domain triangle; RFM: Hughes 1994), and labels.
*/
#include <math.h>
#include <string.h>
#include "metric/customer/roles.h"

const char *relationship_role(int isFan, int64_t orders, int isMember, int isDistributor, int64_t referrals){
  if( (isMember || isDistributor) && referrals >= 1 ) return "koc";
  if( isDistributor ) return "distributor";
  if( isMember ) return "member";
  if( orders >= 1 ) return "customer";
  return isFan ? "fan" : "none";
}

const char *reach_stage(const int flag[REACH_STEPS]){
  static const char *const STEP[] = {
    "perceivable", "identifiable", "reachable", "marketable", "serviceable", "insightable"
  };
  int i = 0;
  while( i<REACH_STEPS && flag[i] ) i++;
  return i ? STEP[i-1] : 0;
}

/* 价值 R+F+, 发展 R+F-, 保持 R-F+, 挽留 R-F-; 重要 with high money, 一般 without. */
const char *rfm_segment(int recencyHigh, int frequencyHigh, int moneyHigh){
  static const char *const SEGMENT[2][4] = {
    { "general_winback", "general_keep", "general_develop", "general_value" },
    { "important_winback", "important_keep", "important_develop", "important_value" }
  };
  return SEGMENT[moneyHigh!=0][(recencyHigh!=0)*2 + (frequencyHigh!=0)];
}

/* By recency and the mean of frequency and money, halves rounded up.  Shopify publishes the names, the
** mean and what each group is like in words (very recent, recent, not recent; many, some, few). */
const char *rfm_group(int hasOrder, int recency, int frequency, int money){
  static const char *const GROUP[5][5] = {
    /*  few          few                some               many         most */
    { "dormant",     "dormant",         "at_risk",         "at_risk",   "previously_loyal" },
    { "dormant",     "dormant",         "at_risk",         "at_risk",   "previously_loyal" },
    { "almost_lost", "needs_attention", "needs_attention", "loyal",     "loyal" },
    { "promising",   "active",          "active",          "loyal",     "loyal" },
    { "new",         "active",          "active",          "champions", "champions" },
  };
  return hasOrder ? GROUP[recency - 1][(frequency + money + 1)/2 - 1] : "prospects";
}

double triangle_area(double a, double b, double c){
  return sqrt(3.0) / 4 * (a*b + b*c + c*a);
}

/* Every code that a function or table returns, or that a parameter takes; by family. */
static const struct { const char *code, *en, *zh; } LABEL[] = {
  /* life-cycle stages and flow */
  { "introduction", "introduction", "引入期" },     { "growth", "growth", "成长期" },
  { "maturity", "maturity", "成熟期" },             { "dormant", "dormant", "休眠期" },
  { "churned", "churned", "流失期" },
  { "new", "new", "新增" },                         { "retained", "retained", "留存" },
  { "resurrected", "resurrected", "唤醒回流" },   { "active", "active", "活跃" },
  /* relationship roles */
  { "none", "no relationship", "无关系" },          { "fan", "fan", "粉丝" },
  { "customer", "customer", "客户" },               { "member", "member", "会员" },
  { "distributor", "distributor", "分销员" },       { "koc", "key opinion consumer", "关键意见消费者" },
  /* reach */
  { "perceivable", "perceivable", "可感知" },       { "identifiable", "identifiable", "可识别" },
  { "reachable", "reachable", "可触达" },           { "marketable", "marketable", "可营销" },
  { "serviceable", "serviceable", "可服务" },       { "insightable", "insightable", "可洞察" },
  /* RFM segments */
  { "important_value", "important: value", "重要价值客户" },
  { "important_develop", "important: develop", "重要发展客户" },
  { "important_keep", "important: keep", "重要保持客户" },
  { "important_winback", "important: win back", "重要挽留客户" },
  { "general_value", "general: value", "一般价值客户" },
  { "general_develop", "general: develop", "一般发展客户" },
  { "general_keep", "general: keep", "一般保持客户" },
  { "general_winback", "general: win back", "一般挽留客户" },
  { "champions", "champions", "冠军客户" },         { "loyal", "loyal", "忠诚客户" },
  { "promising", "promising", "潜力客户" },         { "needs_attention", "needs attention", "需关注客户" },
  { "almost_lost", "almost lost", "即将流失客户" }, { "previously_loyal", "previously loyal", "曾经忠诚客户" },
  { "at_risk", "at risk", "流失风险客户" },         { "prospects", "prospects", "未购买客户" },
  { "rank", "by rank", "按排名" },                  { "mean", "against the mean", "与均值比较" },
  /* funnel, retention and tie modes */
  { "default", "steps in order", "默认顺序" },
  { "strict_increase", "strictly later steps", "严格递增" },
  { "strict_dedup", "no repeated step in between", "严格去重" },
  { "strict_order", "no other event in between", "严格顺序" },
  { "clickhouse", "as ClickHouse by default", "与 ClickHouse 默认一致" },
  { "calendar", "calendar periods", "自然周期" },   { "rolling", "rolling periods", "滚动周期" },
  { "exact", "active in the period itself", "当期留存" },
  { "on_or_after", "active in the period or later", "当期及以后留存" },
  { "share", "ties share a score", "同值同分" },    { "ntile", "equal bins", "等分分箱" },
  /* attribution */
  { "first", "first touch", "首次触点" },           { "last", "last touch", "末次触点" },
  { "linear", "linear", "线性" },                   { "time_decay", "time decay", "时间衰减" },
  { "position", "position based", "位置归因" },     { "markov", "Markov chain", "马尔可夫链" },
  { "shapley", "Shapley value", "夏普利值" },       { "(none)", "no touch", "无触点" },
  /* buy-till-you-die models and the status of a fit */
  { "bgnbd", "BG/NBD", "BG/NBD 模型" },             { "mbgnbd", "modified BG/NBD", "改进 BG/NBD 模型" },
  { "paretonbd", "Pareto/NBD", "Pareto/NBD 模型" }, { "nbd", "NBD", "负二项模型" },
  { "bgbb", "BG/BB", "BG/BB 模型" },
  { "gamma_gamma", "gamma-gamma", "Gamma-Gamma 模型" },
  { "converged", "converged", "已收敛" },
  { "dropout_not_identified", "dropout not identified", "流失无法识别" },
  { "not_converged", "not converged", "未收敛" },
  { "too_few", "too few customers", "客户数过少" },
  /* grains */
  { "hour", "hour", "小时" },                       { "day", "day", "日" },
  { "week", "week", "周" },                         { "month", "month", "月" },
  { "quarter", "quarter", "季度" },                 { "year", "year", "年" },
};

const char *label_of(const char *code, size_t n, int chinese){
  size_t i;
  for(i=0; i<sizeof LABEL/sizeof LABEL[0]; i++){
    if( strlen(LABEL[i].code)==n && memcmp(LABEL[i].code, code, n)==0 ){
      return chinese ? LABEL[i].zh : LABEL[i].en;
    }
  }
  return 0;
}
