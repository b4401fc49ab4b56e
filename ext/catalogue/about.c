/* Catalogue: about the extension itself.  siyu_version() comes last. */
#include "sql/catalogue_table.h"
#include "sql/scalar.h"

const CatalogueEntry CATALOGUE_ABOUT[] = {
  {
    .name = "siyu_catalogue", .kind = ENTRY_TABLE, .family = "about",
    .titleEn = "the catalogue of all functions and tables", .titleZh = "函数目录",
    .formula = "one row per function or table", .nulls = "", .refunds = "", .practice = "", .memory = "none",
    .example = "SELECT name, title_zh FROM siyu_catalogue WHERE title_zh LIKE '%复购%'",
    .output = "repurchase_rate|复购率", .since = "0.1.0",
    .overload = { { "", 0, 0 } }, .registerTable = register_catalogue_table
  },
  {
    .name = "siyu_debug", .kind = ENTRY_SCALAR, .family = "about",
    .titleEn = "version, build and the SQLite built against and running on", .titleZh = "构建信息",
    .formula = "text", .nulls = "", .refunds = "", .practice = "", .memory = "none",
    .example = "SELECT siyu_debug() LIKE 'siyu %'", .output = "1", .since = "0.1.0",
    .overload = { { "", 0, call_siyu_debug } }
  },
  {
    .name = "siyu_help", .kind = ENTRY_SCALAR, .family = "about",
    .titleEn = "what a function, table or view is: signature, formula, example", .titleZh = "帮助",
    .formula = "text; what: a name, or a word of names or titles in Chinese or English, else of formulas. Up to 3 are shown whole, more as a line each; without it all names by family",
    .nulls = "what NULL or blank: all names; a word that stands nowhere: a sentence that says so", .refunds = "", .practice = "", .memory = "the text",
    .example = "SELECT siyu_help('gmv')",
    .output = "gmv · 成交总额 · gross merchandise value\n  gmv(amount)\n  gmv(amount, refund)\nsum(amount) - sum(refund)\n"
      "  WITH o(customer, amount) AS (VALUES (1, 100), (1, 50), (2, 30), (2, -30))\n  SELECT gmv(amount) FROM o\n  -- 150",
    .since = "0.2.0",
    .overload = { { "", 0, call_siyu_help }, { "what", 0, call_siyu_help } }
  },
  {
    .name = "siyu_version", .kind = ENTRY_SCALAR, .family = "about",
    .titleEn = "version of siyu", .titleZh = "版本",
    .formula = "text", .nulls = "", .refunds = "", .practice = "", .memory = "none",
    .example = "SELECT siyu_version()", .output = "0.2.0", .since = "0.1.0",
    .overload = { { "", 0, call_siyu_version } }
  },
  { .name = 0 }
};
