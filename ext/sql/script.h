/*
** SQL texts that the library carries: the tables, indexes, views and audiences under sql/.
** siyu_script shows them, siyu_setup() runs them.
*/
#ifndef SIYU_SCRIPT_H
#define SIYU_SCRIPT_H

#include "sql/scalar.h"

typedef struct Script {
  const char *name, *kind;             /* kind: table, index, view, audience */
  const char *practice;
  const char *needs;                   /* names of other scripts, separated by commas */
  const char *titleZh, *titleEn;
  const char *const *lines;            /* of its file; ends with NULL */
} Script;

/* Ends with a nameless one.  Made by ext/sql/embed.awk. */
extern const Script SCRIPTS[];

const Script *script_find(const char *name, int n);
/* The whole text; NULL: out of memory. */
char *script_text(const Script *s);

int register_script_table(sqlite3 *db, const CatalogueEntry *entry);
void call_siyu_setup(sqlite3_context*, int, sqlite3_value**);

#endif
