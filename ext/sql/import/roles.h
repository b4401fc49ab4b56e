/* What the columns of an export are, by their headers. */
#ifndef SIYU_IMPORT_ROLES_H
#define SIYU_IMPORT_ROLES_H

typedef enum ImportRole {
  ROLE_NONE,
  ROLE_ORDER, ROLE_CUSTOMER, ROLE_TIME, ROLE_AMOUNT, ROLE_REFUND, ROLE_REFUND_TIME, ROLE_STATUS, ROLE_CANCELLED,
  ROLE_QUANTITY, ROLE_PRICE, ROLE_PRODUCT, ROLE_CATEGORY, ROLE_LINE,
  ROLE_SHOP, ROLE_STORE, ROLE_STAFF, ROLE_CHANNEL, ROLE_CAMPAIGN, ROLE_CURRENCY, ROLE_REFERRER, ROLE_SOURCE,
  ROLE_PHONE, ROLE_EMAIL,
  ROLE_ADDED, ROLE_DELETED, ROLE_DELETED_BY, ROLE_WAY,        /* of contacts */
  ROLE_AFTER_SALE,             /* says that money went back, not how much */
  ROLE_KIND,                   /* tells sales, refunds, top-ups ... apart */
  ROLE_IGNORED,                /* known, and not needed */
  ROLE_COUNT
} ImportRole;

/* 'order', 'customer' ...: what a mapping calls it. */
extern const char *const IMPORT_ROLE_NAMES[ROLE_COUNT];

/* What amounts below that header count: 4 in 10^4, -2 in hundredths; 0 mostly. */
int import_power(const char *header);
/* Whether `word`, which may be empty, stands in a list of words separated by blanks. */
int import_listed(const char *list, const char *word);
/* The role that a header has and how well it fits, 1 best; ROLE_NONE when it is not known.
** `normal` is the header as import_normal makes it. */
ImportRole import_role(const char *normal, int *rank);

#define NORMAL_SIZE 64
/* Lower case, without blanks, signs, and what stands in brackets, full-width letters as ASCII:
** 'Order Number', 'order_number' and '订单号（必填）' are 'ordernumber', 'ordernumber', '订单号'. */
void import_normal(const char *header, char out[NORMAL_SIZE]);

/* What a status says: 1 an order, 0 none, 2 an order whose money went back, 3 one whose money went back in
** part, -1 not known.  status.c. */
#define STATUS_IS_PARTLY 3
int import_status(const char *text);
/* What a kind of money says: 1 a sale, or anything else; 0 known to be none, 2 money that went back; KIND_IS_NOTHING moved none,
** KIND_IS_EXTRA goes with a sale that was: an exchange, a sample. */
#define KIND_IS_NOTHING -1
#define KIND_IS_EXTRA -2
int import_kind(const char *normal);

#endif
