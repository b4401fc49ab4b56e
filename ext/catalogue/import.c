/* Catalogue: import, the way from an export to figures. */
#include "sql/import/plan.h"
#include "sql/packed_rows.h"
#include "sql/report.h"

#define EXPORTS "exports of shops, platforms and spreadsheets"

const CatalogueEntry CATALOGUE_IMPORT[] = {
  {
    .name = "parse_amount", .kind = ENTRY_SCALAR, .family = "import",
    .titleEn = "amount as it stands in an export, in exact minor units", .titleZh = "解析金额（精确到分）",
    .formula = "INTEGER minor units with `decimals` (0 to 12) digits, in cents by default. Understood: signs and names of currencies, 元, 万, "
               "亿, groups of thousands, full-width digits, (12.50), -12.50 and 12.50- as negative, =\"12.50\" and a leading '; 12,- has no cents. The last of "
               "both , and . is the point; a lone , is one only where it cannot be a thousands comma. An INTEGER or REAL is an amount in "
               "major units; a REAL has 15 significant digits",
    .nulls = "NULL when it is no amount: WHERE parse_amount(x) IS NULL AND trim(x) <> '' lists those; more decimals than asked: NULL, "
             "never rounded; beyond 64 bits: NULL; '-' is blank",
    .refunds = "a negative amount stays negative", .practice = EXPORTS, .memory = "none",
    .example = "SELECT parse_amount('¥1,234.50'), parse_amount('494.68元'), parse_amount('1.2万'), parse_amount('(12.50)'),\n"
               "  parse_amount('1.234,56'), parse_amount('12.345'), parse_amount('1,200', 0), parse_amount('五十')",
    .output = "123450|49468|1200000|-1250|123456|NULL|1200|NULL", .since = "0.2.0",
    .overload = { { "cell [, decimals=2]", 0, call_parse_amount } }
  },
  {
    .name = "parse_time", .kind = ENTRY_SCALAR, .family = "import",
    .titleEn = "time as it stands in an export, as ISO text", .titleZh = "解析时间",
    .formula = "'YYYY-MM-DD', or 'YYYY-MM-DD HH:MM:SS' with the zone that the cell has (Z, +08:00). Understood: year first with - / . or "
               "年月日, 20240302, 20240302100300, names of months (English, German, French, Spanish, Italian, Portuguese, Dutch), 上午 下午, AM and PM, 24:00, days of the week, the words, eras and months of Korea, Japan (令和7年, R7.3.4), Taiwan (114/03/04), Thailand, Indonesia, Russia, Poland and Turkey, 10h05, a clock before the date, Buddhist years (2443 to 2643), zones such as UTC, +00, -0500, "
               "PST; days of a spreadsheet (30000 to 80000); seconds, milli-, micro- and nanoseconds since 1970 (then Z). day_order 'dmy', 'mdy' "
               "or 'ymd' says how 05/01/2024 and two-digit years are read",
    .nulls = "NULL when it is no time, and without day_order where day and month could change places (25/01/2024 cannot); a year or a "
             "month alone is no time",
    .refunds = "", .practice = EXPORTS, .memory = "none",
    .example = "SELECT parse_time('2024年3月2日 下午3:05'), parse_time('2024.3.2'), parse_time(45296), parse_time('2024-03-02 10:03:00 -0500'),\n"
               "  parse_time('05/01/2024'), parse_time('05/01/2024', 'dmy'), parse_time('25/01/2024'), parse_time(1709370000)",
    .output = "2024-03-02 15:05:00|2024-03-02|2024-01-05|2024-03-02 10:03:00-05:00|"
              "NULL|2024-01-05|2024-01-25|2024-03-02 09:00:00Z", .since = "0.2.0",
    .overload = { { "cell [, day_order]", 0, call_parse_time } }
  },
  {
    .name = "parse_id", .kind = ENTRY_SCALAR, .family = "import",
    .titleEn = "order number, customer or phone as it stands in an export", .titleZh = "解析编号（保留每一位）",
    .formula = "TEXT with every digit: blanks, full-width blanks and tabs at both ends, a leading ' or ` and =\"…\", in curly signs too, are taken off; a whole number "
               "with .0 loses that",
    .nulls = "NULL for scientific notation (6.91E+17), since a spreadsheet has lost the digits, and for a REAL of 16 digits or more",
    .refunds = "", .practice = EXPORTS, .memory = "none",
    .example = "SELECT parse_id('=\"1930679858170647\"'), parse_id('''13800138000'), parse_id('6.91235E+17'), parse_id(42)",
    .output = "1930679858170647|13800138000|NULL|42", .since = "0.2.0",
    .overload = { { "cell", 0, call_parse_id } }
  },
  {
    .name = "import_report", .kind = ENTRY_TABLE, .family = "import",
    .titleEn = "what the columns of an imported table are, before anything is written", .titleZh = "导入检查报告",
    .formula = "a row per column: role (order, customer, time, amount, refund, status ...; NULL: not used), filled and blank cells, "
               "rejected = filled cells that cannot be read, an example with its line (the first rejected one if there is one), remark; "
               "the last row, (file), says what is to be asked, or that siyu_import() can begin. Headers of the platforms are known, with "
               "and without brackets and units; mapping as siyu_import()",
    .nulls = "blank cells are counted and nothing else", .refunds = "", .practice = "exports of shops, platforms and spreadsheets",
    .memory = "a line per column",
    .example = "CREATE TEMP TABLE o AS SELECT '1' AS \"Order #\", 'ann' AS Customer, '2024-03-02' AS Date, '12.50' AS Total;\n"
               "SELECT header, role, filled, example, remark FROM import_report('o')",
    .output = "Order #|order|1|1|NULL\nCustomer|customer|1|ann|NULL\nDate|time|1|2024-03-02|NULL\nTotal|amount|1|12.50|NULL\n"
              "(file)|NULL|1|NULL|1 rows; ready for siyu_import()", .since = "0.2.0",
    .overload = { { "source_name [, mapping]", 0, 0 } }, .registerTable = register_import_report
  },
  {
    .name = "packed_rows", .kind = ENTRY_TABLE, .family = "import",
    .titleEn = "the rows of a BLOB of columns, as programs hold them in memory (Arrow, NumPy)", .titleZh = "按列打包的行",
    .formula = "a row for each of the packed rows, the columns c1 to c64 (NULL: not there), so that one bound value brings thousands of rows. Little endian, words of 64 bits, "
               "places from the first byte: 'siyupack', rows, columns; for each column kind, nulls, first, values, data, length. kind 1 INTEGER or 2 REAL: a word for each row at "
               "values; kind 3 TEXT or 4 BLOB: rows + 1 offsets of 32 bits at values, into length bytes at data. nulls: 0, or the place of bits, lowest first, where bit first + i "
               "(first: 0 to 7) is 0 if row i is NULL",
    .nulls = "no rows of NULL; bytes that are no packed columns are an error", .refunds = "", .practice = "columnar programs: siyu.spark", .memory = "a copy of the bytes",
    .example = "SELECT c1, c2 FROM packed_rows(x'736979757061636B020000000000000002000000000000000300000000000000000000000000000000000000000000007800000000000000"
               "8400000000000000080000000000000001000000000000009C0000000000000000000000000000008C000000000000000000000000000000"
               "0000000000000000000000000300000008000000616E6E656C697A61FA00000000000000000000000000000001')",
    .output = "ann|250\neliza|NULL", .since = "0.2.0",
    .overload = { { "bytes", 0, 0 } }, .registerTable = register_packed_rows
  },
  {
    .name = "siyu_import", .kind = ENTRY_SCALAR, .family = "import",
    .titleEn = "fills the canonical tables from an imported export", .titleZh = "导入订单",
    .formula = "makes the canonical tables (siyu_setup('schema')) and fills orders, customers, customer_ids (the buyer's phone and e-mail beside another name, never the receiver's or a masked one), order_lines and referrals from a table as "
               "the shell's .import leaves it, in a savepoint; from a list of contacts (who was added by whom and when) contacts, customers and staff; from lines of orders without a buyer (宝贝报表) order_lines of the orders that are there, and refunds that these do not have; from a list of refunds (退款编号, 售后单号) those of the orders that are there; from lists of members, coupons, points, messages and costs (会员等级, 券码, 变动积分, 发送时间, 花费) customers, coupons, points, messages and costs. Status decides what is an order; payment time first, the next time where it is "
               "blank; the lines of an order are one order; a refund column becomes refund rows; an order number that is there is replaced. Mails count in lower case, phones without blanks, hyphens and +86; guests (0, 散客, Guest) are nobody. "
               "Asked about, too: an order number of several customers or days, amounts that are repeated on an order's lines or are the sum of the others, currencies by column or sign, refunds in part or by yes and no of unknown money, rows that sum up several orders, dates that may begin with a year of two digits, an order years after all others, customers with and without the zeros before their number, exchanges and samples that are orders of their own, refunds and discounts under headers that are not known, parcels that came back, one customer who bought most of all. A test order or a voided one (yes under Test, Voided) is none. "
               "Cells that cannot be read go to import_reject with their order. mapping: JSON of what is not recognised, "
               "{\"customer\": \"Email\", \"status_is_order\": [\"paid\"]}; also status_is_none, kind_is_none and kind_is_order (of a column of kinds such as 充值, 提现, top-up), day_order (dmy, mdy), amount_is (order, "
               "line), refund_is (all, none), overlap (skip, keep: orders without numbers that were imported before; replace: numbers that are there for other orders), order_prefix (before numbers that another shop has, too), decimals, decimal_sign (. or , where nothing in the file decides), only_currency, other_currency (keep: other than settings.currency, which the first import that knows it fills), since and until (days: orders beyond are rejected), guest (names of nobody), discount (taken off price times quantity), lang ('zh': what is said and asked is in Chinese). Amounts under 金额(万元), (分), amount_cents count in that unit. Lines of an order below 0 that are discounts by their words lower what was paid. A row whose kind is a refund (退货, refund) is money that went back whatever its sign; masked customers (138****1234) are another column's or are asked about. What is not certain is an error that says what to add. Returns a sentence that accounts for "
               "every row and the money of those left out",
    .nulls = "a blank customer: the order has none; a blank amount: the order has no money", .refunds = "rows of their own with a negative amount, at the "
             "refund's time or else the order's; a status that says refunded without a refund column: all of it",
    .practice = "exports of shops, platforms and spreadsheets", .memory = "independent of the rows; a TEMP table of the orders",
    .example = "CREATE TEMP TABLE o AS SELECT column1 AS \"订单号\", column2 AS \"买家ID\", column3 AS \"付款时间\", column4 AS \"实付金额\", column5 AS \"退款金额\"\n"
               "  FROM (VALUES ('1', 'ann', '2024年3月2日', '¥1,200.00', ''), ('2', 'bo', '2024/3/9 10:03', '80', '30'));\n"
               "SELECT siyu_import('o')",
    .output = "2 orders of 2 customers from 2 rows of o: 1280.00 paid, 30.00 refunded (1 refund). Left out: 0 orders that are none by their status "
              "(0.00), 0 rejected orders (0.00), 0 lines of totals.", .since = "0.2.0",
    .overload = { { "source_name [, mapping]", 0, call_siyu_import } }, .writes = 1
  },
  { .name = 0 }
};
