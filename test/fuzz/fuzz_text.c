/*
** libFuzzer target: times, durations, zones and grains as text.  The first byte chooses which;
** what is understood must be written and read again to the same value.
*/
#include "fuzz.h"
#include "base/time/calendar.h"

static sqlite3 *db;
static sqlite3_stmt *statement[8];

static void prepare(void){
  static const char *const SQL[] = {
    "SELECT period_start('day', ?1), period_start('month', ?1, '+08:00'), period_diff('week', ?1, '2024-01-01')",
    "SELECT period_start(?1, '2024-02-29'), period_diff(?1, '1970-01-01', '2024-02-29 23:00', '-03:30')",
    "SELECT period_start('hour', '2024-02-29 23:30', ?1), period_diff('quarter', 0, 86400, ?1)",
    "SELECT repurchase_rate(1, '2024-01-31', ?1, '2024-06-30')",
    "SELECT lifecycle_stage_at(?1, '2024-06-30'), ltv_parts(1, ?1, 5, ?1, 30)",
    "SELECT repurchase_rate_merge(s) FROM (SELECT repurchase_rate_state(1, 0, ?1, '2024-06-30') AS s)",
    "SELECT ltv_merge(s) FROM (SELECT ltv_state(1, 0, 5, ?1) AS s)",
    "SELECT gmv(?1), arpu(?1, ?1), conversion_rate(?1, ?1), lifecycle_stage(?1, 0, 0, ?1)",
  };
  int i;
  db = fuzz_database();
  for(i=0; i<8; i++) statement[i] = fuzz_statement(db, sqlite3_mprintf("%s", SQL[i]));
}

/* Written and read again it is the same. */
static void there_and_back(const char *z, int n){
  Instant t, again;
  int32_t zone;
  Duration d;
  Grain g;
  char text[TIME_TEXT_SIZE];
  if( time_from_text(z, n, 8*3600, &t, 0)==TIME_OK ){
    time_text(t, 0, text);
    if( strlen(text) >= TIME_TEXT_SIZE ) abort();
    if( time_from_text(text, (int)strlen(text), 0, &again, 0)!=TIME_OK || again!=t ) abort();
  }
  if( zone_from_text(z, n, &zone) && zone < ZONE_NAMED && (zone < -14*3600 || zone > 14*3600) ) abort();
  if( duration_from_text(z, n, &d) && (d.months < 0 || d.micros < 0 || (d.months && d.micros)) ) abort();
  if( grain_from_text(z, n, &g) ){
    Instant start = grain_start(g, grain_ordinal(g, 1709164800000000, 0), 0);
    if( start > 1709164800000000 || grain_ordinal(g, start, 0)!=grain_ordinal(g, 1709164800000000, 0) ) abort();
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size){
  char *z;
  if( size < 1 ) return 0;
  if( statement[0]==0 ) prepare();
  z = malloc(size);                    /* exactly as long, so that a byte too many is seen */
  memcpy(z, data + 1, size - 1);
  there_and_back(z, (int)size - 1);
  fuzz_run(statement[data[0] % 8], z, (int)size - 1, 0);
  /* a state that was written must be one that is read */
  if( strncmp(sqlite3_errmsg(db), "ltv_merge", 9)==0 || strncmp(sqlite3_errmsg(db), "repurchase_rate_merge", 21)==0 ) abort();
  free(z);
  return 0;
}
