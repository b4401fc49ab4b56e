/* Catalogue: the ledger. */
#include "sql/ledger/ledger.h"

const CatalogueEntry CATALOGUE_LEDGER[] = {
  {
    .name = "siyu_ledger", .kind = ENTRY_TABLE, .family = "ledger",
    .titleEn = "the rows of a table, grouped by customer and packed, as a source for every table", .titleZh = "客户账本（压缩列存）",
    .formula = "CREATE VIRTUAL TABLE l USING siyu_ledger(source=orders, customer_col=.., time_col=..) keeps the named columns of a table of "
               "its own schema; SELECT gives its rows back, ordered by customer. The ledger's name serves as source of the other tables, "
               "where customer_col, time_col, amount_col and order_col need not be said. INSERT INTO l(l) VALUES('sync') packs what is new, "
               "'rebuild' all anew, 'optimize' into one run, 'integrity-check' compares with the source. Rows that are not packed yet are "
               "read from the source: the answer is always that of the source, or an error",
    .nulls = "every row is kept as it is, NULL customers too. Refused: views, virtual and WITHOUT ROWID tables, UTF-16 databases, UNIQUE "
             "indexes on expressions. A source that was altered, or whose triggers are gone: an error that says rebuild",
    .refunds = "kept as they are", .practice = "columnar stores with a log-structured merge",
    .memory = "about 5 bytes an order in the file; a query some megabytes, however many rows there are",
    .example = "CREATE TABLE o(id INTEGER PRIMARY KEY, customer, time, amount);\n"
               "INSERT INTO o(customer, time, amount) VALUES (2, '2024-01-20', 80), (1, '2024-01-05', 100), (1, '2024-02-10', 50);\n"
               "CREATE VIRTUAL TABLE l USING siyu_ledger(source=o, customer_col=customer, time_col=time, amount_col=amount);\n"
               "INSERT INTO l(l) VALUES('sync');\n"
               "DELETE FROM o WHERE amount = 50;\n"
               "SELECT customer, time, amount FROM l",
    .output = "1|2024-01-05|100\n2|2024-01-20|80",
    .since = "0.2.0",
    .overload = { { "source, customer_col, time_col [, amount_col], order_col, segment_cols", 0, 0 } },
    .registerModule = register_ledger
  },
  { .name = 0 }
};
