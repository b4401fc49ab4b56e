/*
** libFuzzer target: the cells of an export.  The first byte chooses; what is read must be read
** again to the same when it is written plainly.
*/
#include "fuzz.h"
#include "base/time/calendar.h"
#include "metric/import/parse.h"

#include <stdio.h>

static void check_amount(const char *z, int n, int decimals){
  int64_t v, again;
  char text[40];
  if( !amount_from_text(z, n, decimals, &v) ) return;
  snprintf(text, sizeof text, "%lld", (long long)v);
  if( !amount_from_text(text, (int)strlen(text), 0, &again) || again!=v ) abort();
}

static void check_time(const char *z, int n, DayOrder order){
  char text[PARSED_TIME_SIZE], again[PARSED_TIME_SIZE];
  Instant t;
  int length = parsed_time_from_text(z, n, order, text);
  if( length==0 ) return;
  if( length >= PARSED_TIME_SIZE || text[length] ) abort();
  if( parsed_time_from_text(text, length, ORDER_UNKNOWN, again)!=length || memcmp(text, again, (size_t)length) ) abort();
  if( time_from_text(text, length, 0, &t, 0)==TIME_UNPARSABLE ) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size){
  const char *id;
  char *z;
  int n = (int)size - 1;
  if( size < 1 ) return 0;
  z = malloc(size);                    /* exactly as long, so that a byte too many is seen */
  memcpy(z, data + 1, size - 1);
  check_amount(z, n, data[0] % (AMOUNT_DECIMALS_MAX + 1));
  check_time(z, n, (DayOrder)(data[0] % 4));
  id = z;
  if( id_from_text(&id, &n) && (id < z || n < 1 || id + n > z + size - 1) ) abort();
  free(z);
  return 0;
}
