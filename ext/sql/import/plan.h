/*
** What an import knows of a source before it writes a row: which column is what, what stands
** in them, and what has to be asked.
*/
#ifndef SIYU_IMPORT_PLAN_H
#define SIYU_IMPORT_PLAN_H

#include "base/text.h"
#include "sql/import/roles.h"
#include "sql/scalar.h"
#include "sql/table.h"

#define PLAN_TIMES 4

typedef struct ImportColumn {
  const char *name;
  ImportRole role;
  int rank;
  int used;                    /* chosen for its role */
  int isClock;                 /* a time column of times of day alone */
  int blankWords;              /* some cells are blank by a word, as - and N/A are */
  int zeroTimes;               /* some are the first day that a program knows: no time */
  int64_t named, masked;       /* customers: cells with something in them, with the sign of a mask in them */
  int64_t privacy;             /* of the masked: numbers that a platform lends for one order, 18412345678转1234 */
  int64_t zeros;               /* customers: cells that are 0 */
  int zeroIsNobody;            /* who bought as a guest */
  const char *guests;          /* customers: who is nobody by the mapping, as SQL, or NULL */
  int ledByZero;               /* customers: some begin with 0 and have more digits */
  int power;                   /* amounts: in units of 10^power, as the header says: 4 for (万元), -2 for (分) */
  char decimal;                /* amounts: ',' where dots part thousands */
  int turned;                  /* times: a spreadsheet took day for month of those with the year first */
  char order[4];               /* times: 'dmy' or 'mdy' where the column decides, else '' */
  int64_t filled, blank, rejected, exampleLine;
  char *example, *remark;
} ImportColumn;

/* `isWay`: 支出 of a wallet's bill, where a refund is an expense, too. */
typedef struct ImportStatus { char *text; int64_t rows, filled; int is, column, negative, isWay; } ImportStatus;

/* What stands around amounts, and the currency that it means. */
typedef struct ImportSign { char *text; const char *code; int column; } ImportSign;

typedef enum AmountIs { AMOUNT_UNKNOWN, AMOUNT_OF_ORDER, AMOUNT_OF_LINE } AmountIs;
/* What the after-sale column says went back: not known, the whole amount, nothing. */
typedef enum RefundIs { REFUND_UNKNOWN, REFUND_ALL, REFUND_NONE } RefundIs;

/* Orders without numbers that are there already. */
typedef enum OverlapIs { OVERLAP_UNKNOWN, OVERLAP_SKIP, OVERLAP_KEEP, OVERLAP_REPLACE } OverlapIs;

typedef struct ImportPlan {
  sqlite3 *db;
  Source source;
  char *sourceText;            /* as it was named */
  ImportColumn *column;
  int count;
  int chosen[ROLE_COUNT];      /* index of the column, or -1 */
  int time[PLAN_TIMES], times; /* the first one that is filled says when */
  int payee;                   /* PayPal: who was paid, to whom a refund went; or -1 */
  int clock;                   /* the time of day beside dates, or -1 */
  const char *line;            /* SQL: rowid, or what stands for it */
  const char *platform;        /* or NULL */
  int read;                    /* rows and totals are counted */
  int64_t rows, totals, multiple, repeated, differing;
  ImportStatus *status;
  int statuses;
  int paid;                    /* the column that says which open orders were paid, or -1 */
  ImportStatus *more;          /* what the other columns of states say against an order */
  int mores;
  ImportStatus *kind;          /* kinds of money: 0 no sale, 2 went back */
  int kinds;
  ImportSign *sign;
  int signs, signsDiffer;
  /* from the mapping */
  char *statusIs, *statusIsNone, *kindIs, *kindIsNone;         /* JSON arrays, or NULL */
  char order[4];
  int decimals, noCustomer, noRefund;
  char decimal;                /* '.', ',' or 0: the columns decide */
  char *less;                  /* what the mapping says of discounts beside price and quantity: a header, '' for none, or NULL */
  int lessColumn;              /* the column that is taken off price times quantity, or -1 */
  int contacts;                /* a list of contacts: staff and when they were added */
  int discounts;               /* 1 + the column by which lines below 0 are discounts, or 0 */
  int refunds;                 /* a list of refunds */
  int list;                    /* 1 + which of the lists of lists.c, or 0 */
  int lines;                   /* lines of orders, which name no buyer */
  AmountIs amountIs;
  RefundIs refundIs;
  OverlapIs overlap;
  char *currency;
  int otherCurrency;           /* the mapping says that it adds up */
  char *prefix;                /* before the numbers of orders, or NULL */
  char *guest, *guests;        /* names of nobody: a JSON array, the same as SQL; or NULL */
  char *since, *until;         /* days: what lies beyond is left out, or NULL */
  char *ask;                   /* why the import stops, in one sentence, or NULL */
  char *error;                 /* of SQLite or the arguments */
  int chinese;                 /* what is said is in Chinese */
  int noMemory;                /* for a remark or an example */
} ImportPlan;

/* Finds the source and its columns; mapping may be NULL.  0 after an error: plan->error, or
** NULL when out of memory.  plan_close in any case. */
int plan_open(ImportPlan *p, sqlite3 *db, const char *source, const char *mapping);
/* Reads the rows: counts, examples, decisions, p->ask.  `all` counts columns without a role, too. */
int plan_read(ImportPlan *p, int all);
/* doubts.c.  Asks what the orders of several rows leave in doubt, where `from` has an order a row: k, customer
** and what plan_line_columns() puts into its SELECT. */
void plan_line_columns(const ImportPlan *p, Buffer *b);
/* SQL: whose an order is, without lines of it that are none: a fee, an authorization. */
#define PLAN_BUYER(p) (plan_has_kind(p, 0) || (p)->mores ? "max(CASE WHEN none IS NOT 1 THEN customer END)" : "max(customer)")
int plan_judge_lines(ImportPlan *p, const char *from);
/* Rows that are sums of orders; refunds in part of which nobody says how much. */
int profile_sums(ImportPlan *p);
int profile_partial(ImportPlan *p);
/* Amounts that are less the fees of a marketplace. */
int profile_fees(ImportPlan *p);
/* Discounts beside a price and a quantity. */
int profile_price_less(ImportPlan *p);
/* Lines below 0 that lower what was paid; 1: the row is one. */
int profile_discounts(ImportPlan *p);
void plan_is_discount(const ImportPlan *p, Buffer *b);
/* units.c: amounts of a service's own interface, in hundredths. */
int profile_units(ImportPlan *p);
/* flags.c: columns that say yes or no of an order. */
int profile_flags(ImportPlan *p);
/* again.c: orders without numbers that were imported before; `stage` has an order a row. */
int import_again(ImportPlan *p, const char *stage);
/* signs.c: currencies that amounts carry themselves. */
int profile_signs(ImportPlan *p);
void plan_only_currency(const ImportPlan *p, Buffer *b);
/* states.c: what the columns of states say. */
int profile_status(ImportPlan *p, int column);
int profile_parcels(ImportPlan *p);
void plan_close(ImportPlan *p);

/* ---- SQL for the pieces of a row, appended to b ---- */

void plan_filled(const ImportPlan *p, Buffer *b, int column);
void plan_is_total(const ImportPlan *p, Buffer *b);
void plan_amount(const ImportPlan *p, Buffer *b);      /* minor units or NULL */
void plan_money(const ImportPlan *p, Buffer *b, int column);
/* A cell that says something which is no amount; refunds may say in words that there is none. */
void plan_bad_money(const ImportPlan *p, Buffer *b, int column);
void plan_time(const ImportPlan *p, Buffer *b, int column);
void plan_id(const ImportPlan *p, Buffer *b, int column);
void plan_order(const ImportPlan *p, Buffer *b);       /* the number of the order, with its prefix */
/* ids.c: a customer, in one form of mails (lower case) and phones (digits alone, without +86). */
void plan_person(const ImportPlan *p, Buffer *b, int column);
void plan_person_as(const ImportPlan *p, Buffer *b, int column, int like);
void plan_customer(const ImportPlan *p, Buffer *b);
/* PayPal's column of who was paid; or -1. */
int import_payee(const ImportPlan *p);
/* Whether there are rows of that kind of money; the row is one. */
int plan_has_kind(const ImportPlan *p, int is);
void plan_kind_in(const ImportPlan *p, Buffer *b, int is);
/* 1: no order; 0: an order; NULL: the row does not say. */
void plan_none(const ImportPlan *p, Buffer *b);
/* 1: its money went back. */
void plan_back(const ImportPlan *p, Buffer *b);
int plan_has_back(const ImportPlan *p);
/* Whether rows tell a refund, and its SQL: positive minor units or NULL. */
int plan_has_refund(const ImportPlan *p);
void plan_refund(const ImportPlan *p, Buffer *b);
/* 1: the after-sale column says that money went back. */
void plan_sent_back(const ImportPlan *p, Buffer *b);

/* Runs the text; 0 after an error. */
int plan_exec(ImportPlan *p, Buffer *sql);
/* The first row of a query as integers. */
int plan_numbers(ImportPlan *p, Buffer *sql, int64_t *out, int n);
sqlite3_stmt *plan_prepare(ImportPlan *p, Buffer *sql);
int plan_fail(ImportPlan *p);

/* Whether the column masks its customers (138****1234). */
int import_is_masked(const ImportColumn *c);
/* 'phone' or 'email' of the buyer, beside the column that says who bought; else NULL. */
const char *import_id_kind(const ImportPlan *p, int column);
/* customer_ids of customers who stand in the table `buyers`. */
int import_ids(ImportPlan *p, const char *buyers);
/* recognise.c: the roles of the columns by their headers; whether an amount is said to be its line's. */
void import_recognise(ImportPlan *p);
void import_amount_is(ImportPlan *p);
/* What an import made, and the money of what it left out, in minor units. */
typedef struct ImportSums {
  int64_t orders, customers, gross, refunds, refunded, none, noneMoney, bad, badMoney, anonymous, anonymousMoney, rows;
} ImportSums;
char *import_said_orders(const ImportPlan *p, const ImportSums *n);
/* Contacts, customers, staff, deleted, rejected, without a customer. */
char *import_said_contacts(const ImportPlan *p, const int64_t n[6]);
/* A text in the language that was asked for. */
const char *plan_text(const ImportPlan *p, const char *english);
/* Asks, in one sentence: the first one is told. */
int plan_ask(ImportPlan *p, const char *format, ...);
void plan_remark(ImportPlan *p, ImportColumn *c, const char *format, ...);
/* Whether a JSON array has the text, in any case of its letters. */
int plan_in_list(ImportPlan *p, const char *json, const char *text, int *in);

/* form.c: how the file is written; 0 after an error, p->ask where it has to be converted first. */
int import_is_utf8(const unsigned char *z);
int profile_encoding(ImportPlan *p, const char *of);
int profile_form(ImportPlan *p);
int profile_title(ImportPlan *p);
int profile_two_lines(ImportPlan *p);
int profile_second_table(ImportPlan *p, int column);

/* kind.c: what the kinds of money are, and which are to be asked about. */
int profile_kind(ImportPlan *p);
/* blank.c: which columns have cells that say nothing in words, and how many customers are masked;
** ", '-', 'N/A' ...". */
int profile_blanks(ImportPlan *p);
void plan_put_blank_words(Buffer *b, const ImportColumn *c);
/* candidates.c: of several columns that could have a role the one that says something. */
int profile_candidates(ImportPlan *p);
/* masked.c: whether the customers are masked, and another column that says who they are. */
int profile_masked(ImportPlan *p);

/* decimal_sign.c: what a cell says of the sign before decimals, and the cells of a column that
** say each. */
typedef enum DecimalSign { DECIMAL_SIGN_NONE, DECIMAL_SIGN_UNDECIDED, DECIMAL_SIGN_DOT, DECIMAL_SIGN_COMMA, DECIMAL_SIGNS } DecimalSign;
DecimalSign decimal_sign_of(const char *text);
int decimal_sign_count(ImportPlan *p, int column, int64_t count[DECIMAL_SIGNS]);

/* contacts.c: fills contacts, customers and staff; the sentence, or NULL. */
char *import_contacts(ImportPlan *p);
/* refunds.c: whether the file is a list of refunds; fills in those of the orders that are there; the sentence, or NULL. */
int profile_refunds(ImportPlan *p);
char *import_refunds(ImportPlan *p);
/* A column that is not used and may say how much went back. */
int profile_unread_refund(ImportPlan *p);
/* books.c: one currency, numbers that are the same orders'. */
int profile_books(ImportPlan *p);
int import_books(ImportPlan *p, int first);
int import_same_numbers(ImportPlan *p, const char *stage);
/* span.c: orders of days that nobody's orders are of. */
int import_span(ImportPlan *p, const char *stage);
int import_span_rejects(ImportPlan *p, const char *stage);
/* One customer who bought more than anybody could; `buyers` has the orders of each as n. */
int import_one_of_all(ImportPlan *p, const char *buyers);
/* lists.c: coupons, points, messages, costs, members: p->list where the headers say so (`sums`: its rows sum up orders); fills the table; the sentence, or NULL. */
int profile_list(ImportPlan *p, int sums);
char *import_list(ImportPlan *p);
/* profile.c: day and month of a column of times; what a column of money holds. */
int profile_time(ImportPlan *p, int column);
int profile_money(ImportPlan *p, int column);
/* lines.c: fills order_lines of the orders that are there; the sentence, or NULL. */
char *import_lines(ImportPlan *p);
int profile_lines_there(ImportPlan *p, int64_t *there);
/* An amount, or a price and a quantity. */
int plan_has_money(const ImportPlan *p);
int plan_is_anonymous(const ImportPlan *p);
/* 12.50 */
void plan_put_money(Buffer *b, int64_t v, int decimals);
char *plan_money_text(int64_t v, int decimals);
/* "3 rows" */
void plan_put_count(Buffer *b, int64_t n, const char *one, const char *many);
/* What the buffer says, to be freed; NULL: out of memory. */
char *plan_sentence(Buffer *b);

int register_import_report(sqlite3 *db, const CatalogueEntry *entry);
void call_siyu_import(sqlite3_context*, int, sqlite3_value**);

#endif
