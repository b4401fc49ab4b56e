/*
** The catalogue: one record per function or table.  From it come registration, the
** siyu_catalogue table, the generated reference in docs/reference and the tests that
** every example prints its output and that exactly this set is registered.
**
** To add a metric: an accumulator in ext/metric, a record in the family's file under
** ext/catalogue.  docs/adding-a-metric.md walks through it.
*/
#ifndef SIYU_CATALOGUE_H
#define SIYU_CATALOGUE_H

#include "spine/table_accumulator.h"

typedef enum EntryKind { ENTRY_AGGREGATE, ENTRY_SCALAR, ENTRY_TABLE } EntryKind;

typedef void (*ScalarCall)(sqlite3_context*, int, sqlite3_value**);

typedef struct Overload {
  const char *signature;       /* see ext/sql/signature.h */
  const Metric *metric;        /* an aggregate */
  ScalarCall call;             /* a scalar function; its user data is a Function */
} Overload;

#define OVERLOADS_MAX 4

struct Connection;

typedef struct CatalogueEntry {
  const char *name;
  EntryKind kind;
  const char *aliasOf;         /* another name for that function, or NULL */
  const char *family;          /* value, repurchase, ... : file here, folder in ext/metric, page in docs/reference */
  const char *titleEn, *titleZh;
  const char *formula;         /* numerator and denominator */
  const char *nulls;           /* what a NULL, an empty group, a tie does */
  const char *refunds;         /* what a negative amount does; "" when no money is read */
  const char *practice;        /* where the figure comes from */
  const char *memory;          /* bytes per customer, row ... */
  const char *example;         /* SQL that runs in an empty database */
  const char *output;          /* what it prints: columns by |, rows by newline, NULL as NULL */
  const char *since;
  Overload overload[OVERLOADS_MAX];    /* ends at the first without a signature; tables: [0] */
  int (*registerTable)(sqlite3 *db, const struct CatalogueEntry*);     /* a table of its own kind */
  int (*registerModule)(sqlite3 *db, struct Connection *cx, const char *name);     /* the same, with the connection's share */
  const TableMetric *table;            /* a table on the frame of ext/sql/table.h */
  int calendar;                        /* its times are put on a calendar: a year, YYYYMM, a day number are errors */
  int writes;                          /* a scalar that changes the database: DIRECTONLY, not deterministic */
} CatalogueEntry;

/* Families: each is an array that ends with a nameless record, in ext/catalogue/FAMILY.c.  Its code is
** in ext/metric/FAMILY (or of that name under ext/sql), its page docs/reference/FAMILY.md. */
extern const CatalogueEntry CATALOGUE_VALUE[];
extern const CatalogueEntry CATALOGUE_REPURCHASE[];
extern const CatalogueEntry CATALOGUE_COHORT[];
extern const CatalogueEntry CATALOGUE_PATH[];
extern const CatalogueEntry CATALOGUE_CUSTOMER[];
extern const CatalogueEntry CATALOGUE_REACH[];
extern const CatalogueEntry CATALOGUE_SERVICE[];
extern const CatalogueEntry CATALOGUE_REFERRAL[];
extern const CatalogueEntry CATALOGUE_IDENTITY[];
extern const CatalogueEntry CATALOGUE_ATTRIBUTION[];
extern const CatalogueEntry CATALOGUE_EXPERIMENT[];
extern const CatalogueEntry CATALOGUE_PREDICTION[];
extern const CatalogueEntry CATALOGUE_TASTE[];
extern const CatalogueEntry CATALOGUE_IMPORT[];
extern const CatalogueEntry CATALOGUE_KPI[];
extern const CatalogueEntry CATALOGUE_TIME[];
extern const CatalogueEntry CATALOGUE_LEDGER[];
extern const CatalogueEntry CATALOGUE_ABOUT[];

/* All families, in the order of the reference; ends with NULL. */
extern const CatalogueEntry *const CATALOGUE[];

#endif
