/*
** libFuzzer target: packed_rows() over anything, behind the word that says what it is.
*/
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size){
  static sqlite3_stmt *rows;
  unsigned char *z = malloc(size + 8);
  if( rows==0 ) rows = fuzz_statement(fuzz_database(), sqlite3_mprintf("SELECT sum(c1), max(c2), total(length(c3)), count(c64) FROM packed_rows(?1)"));
  memcpy(z, "siyupack", 8);
  memcpy(z + 8, data, size);
  fuzz_run(rows, z, (int)size + 8, 1);
  free(z);
  return 0;
}
