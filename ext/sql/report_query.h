/*
** The views that the library carries as one statement, without setting them up: report_query.c.
*/
#ifndef SIYU_REPORT_QUERY_H
#define SIYU_REPORT_QUERY_H

#include "sql/script.h"

typedef struct ReportQuery {
  sqlite3 *db;
  const char *asOf, *since, *tz;       /* in place of the settings; NULL: as they are */
  const char *kept;                    /* schema where views may stand as tables that hold their rows; NULL: none */
  Buffer with;                         /* the WITH clause */
  size_t viewAt;                       /* where the view at hand begins in it */
  Buffer done;                         /* ",name," of what is in it */
  Buffer tables;                       /* ",name," of tables with rows */
} ReportQuery;

/* With these views and what they need. */
int report_query_build(ReportQuery *q, const char *const *views);
int report_query_prepare(ReportQuery *q, const char *view, sqlite3_stmt **out);
/* Whether all of these tables (names and commas) have rows. */
int report_query_has(const ReportQuery *q, const char *tables);
void report_query_clear(ReportQuery *q);

#endif
