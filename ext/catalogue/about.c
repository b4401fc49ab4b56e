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
    .name = "siyu_version", .kind = ENTRY_SCALAR, .family = "about",
    .titleEn = "version of siyu", .titleZh = "版本",
    .formula = "text", .nulls = "", .refunds = "", .practice = "", .memory = "none",
    .example = "SELECT siyu_version()", .output = "0.2.0", .since = "0.1.0",
    .overload = { { "", 0, call_siyu_version } }
  },
  { .name = 0 }
};
