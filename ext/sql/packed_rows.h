/*
** packed_rows(bytes): the rows of a BLOB of columns, as programs hold them in memory (Arrow, NumPy).
** One BLOB carries thousands of rows through one bound value; a table of such BLOBs is read by a join:
**
**     SELECT arpu(p.c1, p.c2) FROM batch, packed_rows(batch.bytes) AS p
**
** All words are little endian, 64 bits; places count from the beginning of the BLOB:
**     "siyupack"  rows  columns
**     and for each column six words: kind  nulls  first  values  data  length
** kind    1 INTEGER, 2 REAL: rows words at `values`
**         3 TEXT, 4 BLOB: rows + 1 offsets of 32 bits at `values`, into the `length` bytes at `data`
** nulls   0: none is NULL; else a place: bit first + i of the bytes there (lowest first) is 0 where row i is NULL
*/
#ifndef SIYU_PACKED_ROWS_H
#define SIYU_PACKED_ROWS_H
#include "sql/catalogue.h"

int register_packed_rows(sqlite3 *db, const CatalogueEntry *entry);

#endif
