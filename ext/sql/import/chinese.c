/* What an import says, in Chinese: see plan_text(). */
#include "sql/import/plan.h"

typedef struct ImportText { const char *en, *zh; } ImportText;

/* Formats take the same arguments in the same order. */
static const ImportText IMPORT_TEXTS[] = {
  { "the bytes of %s are no UTF-8; most likely the file is Windows-1252 (Western Europe): convert it with iconv -f WINDOWS-1252 -t UTF-8 in.csv > out.csv and import out.csv",
    "%s 的内容不是 UTF-8；多半是 Windows-1252（西欧）：请用 iconv -f WINDOWS-1252 -t UTF-8 in.csv > out.csv 转换后导入 out.csv" },
  { "the bytes of %s are no UTF-8; most likely the file is GB18030 (GBK): convert it with iconv -f GB18030 -t UTF-8 in.csv > out.csv and import out.csv",
    "%s 的内容不是 UTF-8；多半是 GB18030（GBK）：请用 iconv -f GB18030 -t UTF-8 in.csv > out.csv 转换后导入 out.csv" },
  { "the file is UTF-16: convert it with iconv -f UTF-16 -t UTF-8 in.csv > out.csv and import out.csv",
    "文件是 UTF-16：请用 iconv -f UTF-16 -t UTF-8 in.csv > out.csv 转换后导入 out.csv" },
  { "the lines end with CR alone: convert the file with tr '\\r' '\\n' < in.csv > out.csv and import out.csv",
    "各行只以 CR 结尾：请用 tr '\\r' '\\n' < in.csv > out.csv 转换后导入 out.csv" },
  { "there is one column only, since the file has semicolons: in the sqlite3 shell write .separator \";\" before .import",
    "只有一列，因为文件以分号分隔：在 sqlite3 命令行里，先写 .separator \";\" 再 .import" },
  { "there is one column only, since the file has tabs: in the sqlite3 shell write .separator \"\\t\" before .import",
    "只有一列，因为文件以制表符分隔：在 sqlite3 命令行里，先写 .separator \"\\t\" 再 .import" },
  { "there is one column only, since the file has bars: in the sqlite3 shell write .mode list, .separator \"|\" and .import FILE TABLE",
    "只有一列，因为文件以竖线分隔：在 sqlite3 命令行里，先写 .mode list、.separator \"|\"，再 .import FILE TABLE" },
  { "this is a spreadsheet, no text: save it as CSV (UTF-8) and import that",
    "这是电子表格，不是文本：请另存为 CSV（UTF-8）再导入" },
  { "the headers are single letters at most, as of a file in UTF-16: convert it with iconv -f UTF-16LE -t UTF-8 in.csv > out.csv and import out.csv",
    "表头至多一个字母，像是 UTF-16 文件：请用 iconv -f UTF-16LE -t UTF-8 in.csv > out.csv 转换后导入 out.csv" },
  { "line %d of the file looks like its header: import it again with .import --csv --skip %d FILE TABLE",
    "文件第 %d 行像是表头：请用 .import --csv --skip %d FILE TABLE 重新导入" },
  { "the line below the header names columns, too: put both into one line of headers (siyu import does) and import the file again",
    "表头下面一行也是列名：请把两行合成一行表头（siyu import 会自动合并）再导入" },
  { "column %s says %s of %lld %s (%s), which may be no sales: add {\"kind_is_none\": %s} to the mapping if they are none, {\"kind_is_order\": %s} if they count",
    "%s 列里有 %s，共 %lld %s（%s），可能不是销售：若不是，在 mapping 里加 {\"kind_is_none\": %s}；若要计入，加 {\"kind_is_order\": %s}" },
  { "column %s is masked in %lld %s, so that several customers may share one name, and no other column says who bought: add {\"customer\": \"HEADER\"} to the mapping, {\"customer\": null} to import orders without customers, or {\"customer\": \"%s\"} to take each as one",
    "%s 列有 %lld %s打了码，几位客户可能同名，又没有别的列说明是谁买的：在 mapping 里加 {\"customer\": \"HEADER\"}；不要客户只导订单，加 {\"customer\": null}；把每个名字当一位客户，加 {\"customer\": \"%s\"}" },
  { "whether '%s' in column %s has decimals or parts thousands by its dot is not certain: add {\"decimal_sign\": \".\"} or {\"decimal_sign\": \",\"} to the mapping",
    "'%s'（%s 列）里的点是小数点还是千位分隔，无法确定：在 mapping 里加 {\"decimal_sign\": \".\"} 或 {\"decimal_sign\": \",\"}" },
  { "column %s is in hundredths, as its header says, and the books have %d decimals: add {\"decimals\": 2} to the mapping",
    "%s 列按表头以分为单位，而账上是 %d 位小数：在 mapping 里加 {\"decimals\": 2}" },
  { "the order of day and month in column %s is not certain, for example '%s': add {\"day_order\": \"dmy\"} or {\"day_order\": \"mdy\"} to the mapping",
    "%s 列日与月的先后无法确定，例如 '%s'：在 mapping 里加 {\"day_order\": \"dmy\"}（日在前）或 {\"day_order\": \"mdy\"}（月在前）" },
  { "column %s holds '%s': a spreadsheet has lost the digits of %lld values; take the file as the platform gave it, or map another column, {\"%s\": \"...\"}",
    "%s 列里有 '%s'：电子表格丢了 %lld 个值的位数；请用平台原来的文件，或指定另一列，{\"%s\": \"...\"}" },
  { "status '%s' in column %s (%lld %s) is not known: add {\"status_is_order\": %s} to the mapping if it is an order, {\"status_is_none\": %s} if it is none",
    "状态 '%s'（%s 列，%lld %s）不认识：若算订单，在 mapping 里加 {\"status_is_order\": %s}；若不算，加 {\"status_is_none\": %s}" },
  { "%d statuses in column %s (%lld rows) are not known: add {\"status_is_order\": %s} to the mapping without those that are no orders, or {\"status_is_none\": %s} if none is one",
    "%d 种状态（%s 列，%lld 行）不认识：在 mapping 里加 {\"status_is_order\": %s}，去掉其中不算订单的；都不算则加 {\"status_is_none\": %s}" },
  { "column %s has more than %d different values, so it is no status: map another one, {\"status\": \"...\"}, or none, {\"status\": null}",
    "%s 列有 %d 种以上的值，不会是状态：指定另一列，{\"status\": \"...\"}，或不要，{\"status\": null}" },
  { "the amounts of column %s are repeated on the lines of %lld %s, so they may be the whole order's: add {\"amount_is\": \"order\"} to the mapping if they are, {\"amount_is\": \"line\"} if each line has its own",
    "%s 列的金额在 %lld %s的各行上重复，可能是整单金额：若是，在 mapping 里加 {\"amount_is\": \"order\"}；若各行各算，加 {\"amount_is\": \"line\"}" },
  { "the largest amount of column %s is the sum of the others in all %lld orders of several lines, so it may be the whole order's: add {\"amount_is\": \"order\"} to the mapping if it is, {\"amount_is\": \"line\"} if each line has its own",
    "%s 列最大的金额等于其余各行之和，%lld 个多行订单都是这样，可能是整单金额：若是，在 mapping 里加 {\"amount_is\": \"order\"}；若各行各算，加 {\"amount_is\": \"line\"}" },
  { "number '%s' in column %s stands for several customers ('%s', '%s'), so it may come again for other orders: add {\"order\": \"HEADER\"} with the column of another number, {\"order\": null} to take each row for an order, or {\"order\": \"%s\"} if it is one order",
    "单号 '%s'（%s 列）对应不同的客户（'%s'、'%s'），可能会重复使用：在 mapping 里加 {\"order\": \"HEADER\"} 指定另一列单号；每行算一单，加 {\"order\": null}；确是同一单，加 {\"order\": \"%s\"}" },
  { "number '%s' in column %s stands on several days ('%s', '%s'), so it may come again for other orders: add {\"order\": \"HEADER\"} with the column of another number, {\"order\": null} to take each row for an order, or {\"order\": \"%s\"} if it is one order",
    "单号 '%s'（%s 列）出现在不同的日子（'%s'、'%s'），可能会重复使用：在 mapping 里加 {\"order\": \"HEADER\"} 指定另一列单号；每行算一单，加 {\"order\": null}；确是同一单，加 {\"order\": \"%s\"}" },
  { "column %s says that a row sums up several orders, so this is no list of orders: export the orders one by one, or add {\"amount\": \"HEADER\"} to the mapping to take each row for one",
    "%s 列说明一行汇总了多笔订单，这不是订单明细：请导出逐笔订单；若一行就算一单，在 mapping 里加 {\"amount\": \"HEADER\"}" },
  { "%lld orders from %s to %s were imported from %s before, which has no order numbers, and this would replace them: import it under another name, or add {\"order\": \"HEADER\"} to the mapping",
    "有 %lld 单（%s 至 %s）已用同一个名字 %s 导入过，文件没有订单号，再导会把它们换掉：请换个文件名再导入，或在 mapping 里加 {\"order\": \"HEADER\"}" },
  { "%lld of %lld orders without numbers have the customer, time and amount of orders that were imported before: add {\"overlap\": \"skip\"} to the mapping to leave them out, {\"overlap\": \"keep\"} to count them again, or {\"order\": \"HEADER\"}",
    "%lld 单（共 %lld 单，没有订单号）与以前导入的客户、时间、金额都相同：在 mapping 里加 {\"overlap\": \"skip\"} 略去，{\"overlap\": \"keep\"} 照常计入，或 {\"order\": \"HEADER\"} 指定订单号" },
  { "column %s says '%s' of %lld %s, and no column says how much went back: add {\"refund_is\": \"all\"} to the mapping if that was the whole amount, {\"refund_is\": \"none\"} if it is to count, or {\"refund\": \"HEADER\"}",
    "%s 列写着 '%s'，共 %lld %s，而没有列说明退了多少：若全退，在 mapping 里加 {\"refund_is\": \"all\"}；若照常计入，加 {\"refund_is\": \"none\"}；或指定退款列 {\"refund\": \"HEADER\"}" },
  { "no cell of column %s is a time, for example '%s': write dates as 2025-03-04, or add {\"time\": \"HEADER\"} with another column to the mapping",
    "%s 列没有一个单元格是日期，例如 '%s'：请写成 2025-03-04，或在 mapping 里用 {\"time\": \"HEADER\"} 指定另一列" },
  { "no cell of column %s is an amount, for example '%s': add {\"amount\": \"HEADER\"} with another column to the mapping",
    "%s 列没有一个单元格是金额，例如 '%s'：在 mapping 里用 {\"amount\": \"HEADER\"} 指定另一列" },
  { "whether the year stands first or last in column %s is not certain, for example '%s': add {\"day_order\": \"ymd\"} or {\"day_order\": \"%s\"} to the mapping",
    "%s 列的年份在前还是在后无法确定，例如 '%s'：在 mapping 里加 {\"day_order\": \"ymd\"}（年在前）或 {\"day_order\": \"%s\"}" },
  { "columns %s and %s could both be the %s and differ in %lld %s, for example '%s' and '%s': add {\"%s\": \"%s\"} or {\"%s\": \"%s\"} to the mapping",
    "%s 列与 %s 列都可能是 %s，有 %lld %s不同，例如 '%s' 与 '%s'：在 mapping 里加 {\"%s\": \"%s\"} 或 {\"%s\": \"%s\"}" },
  { "column %s says '%s' of %lld %s (%s), and no column says how much went back: add {\"refund_is\": \"all\"} to the mapping if that was the whole amount, {\"refund_is\": \"none\"} if it is to count, or {\"refund\": \"HEADER\"}",
    "%s 列写着 '%s'，共 %lld %s（%s），而没有列说明退了多少：若全退，在 mapping 里加 {\"refund_is\": \"all\"}；若照常计入，加 {\"refund_is\": \"none\"}；或指定退款列 {\"refund\": \"HEADER\"}" },
  { "column %s holds several currencies (%s), which do not add up: add {\"only_currency\": \"%s\"} to the mapping to import one of them",
    "%s 列有多种货币（%s），不能相加：在 mapping 里加 {\"only_currency\": \"%s\"}，只导入其中一种" },
  { "these are WeCom's figures by staff and day (get_user_behavior_data), in which there is no order; query them as they are: SELECT userid, sum(new_contact_cnt), sum(negative_feedback_cnt) FROM %s GROUP BY 1",
    "这是企业微信按员工、按日的统计（get_user_behavior_data），里面没有订单；请直接查询：SELECT userid, sum(new_contact_cnt), sum(negative_feedback_cnt) FROM %s GROUP BY 1" },
  { "no column is known to be the %s; add it to the mapping, {\"%s\": \"HEADER\"}%s%s; the headers are: %s",
    "认不出哪一列是 %s；请在 mapping 里写明，{\"%s\": \"HEADER\"}%s%s；表头有：%s" },
  { "row", "行" },
  { "rows", "行" },
  { "order", "单" },
  { "orders", "单" },
  { ", or import the orders first if these are lines of orders",
    "；若是订单明细，请先导入订单" },
  { ", or {\"customer\": null} to import orders without customers",
    "；或 {\"customer\": null}，只导订单、不要客户" },
  { "%lld rows%s%s; ready for siyu_import()",
    "%lld 行%s%s；可以 siyu_import() 了" },
  { "; no column names the customer", "；没有一列说明客户" },
  { ", refunds of orders that are there", "，是已有订单的退款" },
  { "these are refunds, and no order of theirs is there: import the orders first, or add {\"amount\": \"HEADER\"} to the mapping if the rows are orders",
    "这是退款明细，而库里没有这些订单：请先导入订单；若每行就是订单，在 mapping 里用 {\"amount\": \"HEADER\"} 指定金额列" },
  { "whether money went back of what column %s says is not known: add {\"status_is_order\": %s} to the mapping if it did, {\"status_is_none\": %s} if not",
    "%s 列的状态看不出退没退：若退了，在 mapping 里加 {\"status_is_order\": %s}；若没退，加 {\"status_is_none\": %s}" },
  { "the orders that are there are in %s (settings.currency) and these are in %s, which do not add up: import them into another database, or add {\"other_currency\": \"keep\"} to the mapping if they do",
    "库里的订单是 %s（settings.currency），这个文件是 %s，不能相加：请导入另一个库；若确可相加，在 mapping 里加 {\"other_currency\": \"keep\"}" },
  { "number '%s' is there for another order (%s on %s, here %s on %s), as are %lld of the %lld numbers that come again: add {\"order_prefix\": \"B-\"} to the mapping if these are another shop's, {\"overlap\": \"replace\"} if they replace those",
    "单号 '%s' 在库里是另一单（%s，%s；这里是 %s，%s），重复的单号里有 %lld 个（共 %lld 个）都是这样：若是另一家店的，在 mapping 里加 {\"order_prefix\": \"B-\"}；若要换掉原来的，加 {\"overlap\": \"replace\"}" },
  { "column %s holds privacy numbers in %lld %s, which change with every order, and no other column says who bought: add {\"customer\": \"HEADER\"} to the mapping, {\"customer\": null} to import orders without customers, or {\"customer\": \"%s\"} to take each as one",
    "%s 列是隐私号（%lld %s），每单都不同，也没有别的列说明谁买的：在 mapping 里用 {\"customer\": \"HEADER\"} 指定另一列，{\"customer\": null} 只导订单、不要客户，或 {\"customer\": \"%s\"} 每个号算一人" },
  { "column %s has '%s' beside dates with the year first, all %lld of them of days up to 12, so a spreadsheet may have taken day for month: add {\"day_order\": \"%s\"} to the mapping to turn those back, {\"day_order\": \"ymd\"} to leave them",
    "%s 列既有 '%s'，又有年份在前的日期，而后者 %lld 个的日都不过 12，可能是电子表格把日和月弄反了：要换回来，在 mapping 里加 {\"day_order\": \"%s\"}；不动则加 {\"day_order\": \"ymd\"}" },
  { "column %s is empty, and no other is known to be the amount: add {\"amount\": \"HEADER\"} to the mapping, or {\"amount\": null} for price and quantity",
    "%s 列是空的，也认不出别的金额列：在 mapping 里用 {\"amount\": \"HEADER\"} 指定；用单价乘数量则加 {\"amount\": null}" },
  { "line %lld names columns again (%s), so another table begins there: import each table from a file of its own",
    "第 %lld 行又是表头（%s），从那里起是另一张表：请各存一个文件再导入" },
  { "column %s is what column %s says less the fees: add {\"amount\": \"%s\"} to the mapping for what the buyers paid, {\"amount\": \"%s\"} for what was paid out",
    "%s 列等于 %s 列扣去费用：买家付的，在 mapping 里加 {\"amount\": \"%s\"}；结给商家的，加 {\"amount\": \"%s\"}" },
  { "the last order, in line %lld, is of %s, years after the others: mend that line, or add {\"until\": \"%s\"} to the mapping to leave out what is later, {\"until\": \"%s\"} if it is right",
    "最后一单（第 %lld 行）是 %s，比别的单晚了好几年：请改正那一行；晚于此日的不要，在 mapping 里加 {\"until\": \"%s\"}；确实没错，加 {\"until\": \"%s\"}" },
  { "the first order, in line %lld, is of %s: mend that line, or add {\"since\": \"%s\"} to the mapping to leave out what is earlier, {\"since\": \"%s\"} if it is right",
    "最早一单（第 %lld 行）是 %s：请改正那一行；早于此日的不要，在 mapping 里加 {\"since\": \"%s\"}；确实没错，加 {\"since\": \"%s\"}" },
  { "column %s holds '%s' and '%s', which may be one customer whose zeros a spreadsheet took off: take the file as the platform gave it, or add {\"customer\": \"%s\"} to the mapping if they are two",
    "%s 列里有 '%s' 和 '%s'，可能是同一位客户，开头的 0 被电子表格去掉了：请用平台原来的文件；若是两位，在 mapping 里加 {\"customer\": \"%s\"}" },
  { "no column is known to be the %s; add them to the mapping, %s%s; the headers are: %s",
    "认不出哪一列是 %s；请在 mapping 里写明，%s%s；表头有：%s" },
  { ", a list of contacts", "，是好友名单" },
  { "column %s has discounts in %lld %s (%s), which price times quantity does not know: add {\"discount\": \"%s\"} to the mapping to take them off their rows, {\"discount\": null} to leave them, or {\"amount\": \"HEADER\"}",
    "%s 列有优惠（%lld %s，%s），单价乘数量没有减去：要减，在 mapping 里加 {\"discount\": \"%s\"}；不减，加 {\"discount\": null}；或用 {\"amount\": \"HEADER\"} 指定金额列" },
  { "column %s says %s of parcels (%lld %s): add {\"status_is_none\": %s} to the mapping if those are no orders, {\"refund_is\": \"all\"} if their money went back, {\"refund_is\": \"none\"} if they count",
    "%s 列里有 %s 的包裹（%lld %s）：若不算订单，在 mapping 里加 {\"status_is_none\": %s}；若已退款，加 {\"refund_is\": \"all\"}；若照常计入，加 {\"refund_is\": \"none\"}" },
  { "'%s' in column %s bought %lld of %lld orders, and nobody else a tenth of that: add {\"guest\": \"%s\"} to the mapping if that is nobody, {\"customer\": \"HEADER\"} with the column that says who bought, or {\"customer\": \"%s\"} if it is one customer",
    "'%s'（%s 列）买了 %lld 单（共 %lld 单），别人都不到它的十分之一：若不是某一位客户，在 mapping 里加 {\"guest\": \"%s\"}；另有一列写明谁买的，用 {\"customer\": \"HEADER\"}；确是一位客户，加 {\"customer\": \"%s\"}" },
  { "column %s may say how much went back (%lld %s, %s): add {\"refund\": \"%s\"} to the mapping if it does, {\"refund\": null} if not",
    "%s 列可能是退款金额（%lld %s，%s）：若是，在 mapping 里加 {\"refund\": \"%s\"}；不是则加 {\"refund\": null}" },
  { "column %s says '%s' of %lld %s, in which column %s is blank: add {\"refund\": \"HEADER\"} to the mapping with the column that says how much went back, {\"refund\": null} if none does",
    "%s 列写着 '%s'，共 %lld %s，而其中 %s 列是空的：在 mapping 里用 {\"refund\": \"HEADER\"} 指定写明退了多少的那一列；没有则加 {\"refund\": null}" },
  { ", for a table of their own", "，进入各自的表" },
  { "nobody in column %s is among the customers that are there: add {\"customer\": \"HEADER\"} with the column that names them as the orders do, or {\"customer\": \"%s\"} if they are others",
    "%s 列里没有一位是库里已有的客户：在 mapping 里用 {\"customer\": \"HEADER\"} 指定与订单一致的那一列；确是另一些人，加 {\"customer\": \"%s\"}" },
  { ", lines of orders that are there",
    "，是已有订单的明细" },
  { ", lines of totals are left out", "，合计行不算" },
  { 0, 0 }
};

const char *plan_text(const ImportPlan *p, const char *english){
  const ImportText *t;
  for(t=IMPORT_TEXTS; p->chinese && t->en; t++){
    if( strcmp(t->en, english)==0 ) return t->zh;
  }
  return english;
}

/* ---- what became of the rows ---- */

static void chinese_begin(Buffer *b, const ImportPlan *p){
  buffer_printf(b, "%s%s%s%s共 %lld 行：", p->sourceText, p->platform ? "（" : "", p->platform ? p->platform : "", p->platform ? "）" : "", (long long)p->rows);
}

static void chinese_money(Buffer *b, const ImportPlan *p, const char *before, int64_t v, const char *after){
  buffer_printf(b, "%s", before);
  plan_put_money(b, v, p->decimals);
  buffer_printf(b, "%s", after);
}

static char *chinese_end(Buffer *b){
  buffer_put_byte(b, 0);
  if( !b->failed ) return (char*)b->data;
  buffer_destroy(b);
  return 0;
}

char *import_said_orders(const ImportPlan *p, const ImportSums *n){
  Buffer b = {0};
  int64_t currencies = p->rows - p->totals - n->rows;
  chinese_begin(&b, p);
  buffer_printf(&b, "%lld 位客户的 %lld 笔订单，", (long long)n->customers, (long long)n->orders);
  chinese_money(&b, p, "支付 ", n->gross, "，");
  chinese_money(&b, p, "退款 ", n->refunded, "");
  if( n->refunds ) buffer_printf(&b, "（%lld 笔）", (long long)n->refunds);
  buffer_printf(&b, "。未计入：按状态不算订单的 %lld 笔", (long long)n->none);
  chinese_money(&b, p, "（", n->noneMoney, "），");
  buffer_printf(&b, "拒收 %lld 笔", (long long)n->bad);
  chinese_money(&b, p, "（", n->badMoney, n->bad ? "，见 import_reject），" : "），");
  buffer_printf(&b, "合计行 %lld 行", (long long)p->totals);
  if( currencies ) buffer_printf(&b, "，其他货币 %lld 行", (long long)currencies);
  buffer_printf(&b, "。");
  if( n->anonymous ){
    buffer_printf(&b, "没有客户的订单 %lld 笔", (long long)n->anonymous);
    chinese_money(&b, p, "（", n->anonymousMoney, p->chosen[ROLE_CUSTOMER] < 0 ? "）；文件里没有买家。" : "）。");
  }
  return chinese_end(&b);
}

char *import_said_contacts(const ImportPlan *p, const int64_t n[6]){
  Buffer b = {0};
  chinese_begin(&b, p);
  buffer_printf(&b, "%lld 位客户与 %lld 名员工的 %lld 个好友关系，其中 %lld 个已删除。", (long long)n[1], (long long)n[2], (long long)n[0], (long long)n[3]);
  if( n[4] || n[5] || p->totals ){
    buffer_printf(&b, "未计入：拒收 %lld 行（见 import_reject），没有客户的 %lld 行，合计行 %lld 行。", (long long)n[4], (long long)n[5], (long long)p->totals);
  }
  return chinese_end(&b);
}
