/* The eponymous table siyu_catalogue. */
#ifndef SIYU_CATALOGUE_TABLE_H
#define SIYU_CATALOGUE_TABLE_H
#include "sql/catalogue.h"

int register_catalogue_table(sqlite3 *db, const CatalogueEntry *entry);

#endif
