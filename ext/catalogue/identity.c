/* Catalogue: one ID: which records are the same person. */
#include "metric/identity/identity_cluster.h"
#include "sql/catalogue.h"

const CatalogueEntry CATALOGUE_IDENTITY[] = {
  {
    .name = "identity_cluster", .kind = ENTRY_TABLE, .family = "identity",
    .titleEn = "one ID: records that belong to the same person", .titleZh = "身份归一（One-ID）",
    .formula = "a row for each record. Records that carry the same (id_type, id_value) are linked; a cluster is all that links lead "
               "to; one_id = its smallest record (INTEGER < TEXT < BLOB). An id of more than max_records distinct records links "
               "nothing, nor does one listed in the table `ignore` (columns id_type, id_value, or ignore_type_col and "
               "ignore_value_col). via_type, via_value = the smallest id that the record shares with a record one link nearer to "
               "one_id, so that the ids lead back to it step by step; none of it depends on the order of rows",
    .nulls = "rows without a record are skipped; a NULL or blank type or value links nothing, but the record has its row; via_* is "
             "NULL for one_id itself",
    .refunds = "",
    .practice = "Youzan, Tencent: one ID across channels (OneID, 全渠道会员打通)",
    .memory = "besides the bytes of keys (8 for an INTEGER): 12 to 15 per record and per id (records numbered 1, 2, 3 ... 5; TEXT and "
              "BLOB 9 to 10 more) and 2 to 7 per row. 10 M rows of 5 M records with 6.8 M ids: at the peak 37 to 46 bytes per record "
              "with INTEGER keys, 62 with TEXT",
    .example = "CREATE TEMP TABLE i(record, id_type, id_value);\n"
               "INSERT INTO i VALUES ('shop:1', 'phone', '138'), ('wecom:7', 'phone', '138'), ('wecom:7', 'unionid', 'u9'),\n"
               "  ('mini:3', 'unionid', 'u9'), ('shop:2', 'phone', '139');\n"
               "SELECT * FROM identity_cluster('i', 'record', 'id_type', 'id_value') ORDER BY 1",
    .output = "mini:3|mini:3|3|NULL|NULL\nshop:1|mini:3|3|phone|138\nshop:2|shop:2|1|NULL|NULL\nwecom:7|mini:3|3|unionid|u9",
    .since = "0.1.0",
    .overload = { { "source, record_col, id_type_col, id_value_col [, max_records], ignore, ignore_type_col=id_type, "
                    "ignore_value_col=id_value", 0, 0 } },
    .table = &METRIC_IDENTITY_CLUSTER
  },
  { .name = 0 }
};
