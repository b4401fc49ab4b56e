/*
** siyu_kpi: the report, one row a figure.  The figures are columns of the views figures_* of
** sql/view, which are asked as common table expressions: nothing needs to be set up first.
*/
#ifndef SIYU_REPORT_H
#define SIYU_REPORT_H

#include "sql/script.h"

enum { FIGURE_FLOW = 1,                /* of the period: a period cut short is partial */
       FIGURE_NOW = 2,                 /* not known of earlier spans */
       FIGURE_LESS_ONE = 4,            /* numerator / denominator - 1 */
       FIGURE_MEASURE = 8 };           /* no rows: nothing known, not 0 */

typedef struct Figure {
  int practice;                        /* of PRACTICES */
  const char *section, *name, *titleZh, *titleEn, *unit;
  const char *numerator, *denominator; /* columns of the views; no denominator: 0 */
  int flags;
  const char *needs, *formula, *formulaZh;
} Figure;

typedef struct Practice { const char *en, *zh; } Practice;

extern const Practice PRACTICES[];
extern const Practice FIGURE_SECTIONS[];   /* ends with a nameless one */
extern const Figure FIGURES[];         /* ends with a nameless one */
extern const char *const FIGURE_VIEWS[];
int register_report_table(sqlite3 *db, const CatalogueEntry *entry);

#endif
