/*
** libFuzzer target: state BLOBs through NAME_merge().
**
** The first byte chooses the function, the rest is the state without its checksum, which is
** added here, so that the header and the payload's decoder are reached; an odd second byte
** merges it with itself, too.  Bytes that do not begin with a header get the one that this
** function writes.
*/
#include "fuzz.h"

static sqlite3 *db;
static sqlite3_stmt *merge[64], *twice[64];
static unsigned char *own[64];         /* header of a state of that form, and its length */
static size_t ownSize[64];
static int forms;

/* Calls that write a state; their arguments make a group of one row. */
static const char *const CALL[] = {
  "gmv|_state(5)", "gmv|_state(5, 2.5)", "effective_customers|_state('a', 5)", "arpu|_state(1, 5)",
  "arppu|_state(x'01', 5.5)", "aov|_state(5)", "aov|_state(1, 5)", "revenue_share|_state(5, 1)",
  "repurchase_rate|_state(1)", "repurchase_rate|_state(1, 'o')",
  "repurchase_rate|_state(1, '2024-01-01', 30, '2024-06-30')", "conversion_rate|_state(1, 1)",
  "retention_rate|_state(1, 1, 1)", "ltv|_state(1, '2024-01-01', 5, '2024-06-30')",
  "ltv_parts|_state(1, '2024-01-01', 5, '2024-06-30', 30)",
  "lifecycle_stage_at|_state('2024-01-01', '2024-06-30')", "referral_rate|_state(1, 2)",
  "referrer_rate|_state('b', 'a')",
};

static size_t varint(const unsigned char *z, size_t *at){
  size_t v = 0;
  int shift = 0;
  for(;; shift+=7){
    v |= (size_t)(z[*at] & 127) << shift;
    if( z[(*at)++] < 128 ) return v;
  }
}

/* Bytes up to the payload. */
static size_t header_size(const unsigned char *z){
  size_t at = 5, n;
  n = varint(z, &at);
  at += n;
  varint(z, &at);
  n = varint(z, &at);
  while( n-- ){ size_t k = varint(z, &at); at += k; }
  return at;
}

static void prepare(void){
  size_t i;
  db = fuzz_database();
  for(i=0; i<sizeof CALL/sizeof CALL[0]; i++){
    const char *bar = strchr(CALL[i], '|');
    int n = (int)(bar - CALL[i]);
    sqlite3_stmt *s = fuzz_statement(db, sqlite3_mprintf("SELECT %.*s%s", n, CALL[i], bar+1));
    if( sqlite3_step(s)!=SQLITE_ROW ) abort();
    ownSize[forms] = header_size(sqlite3_column_blob(s, 0));
    own[forms] = malloc(ownSize[forms]);
    memcpy(own[forms], sqlite3_column_blob(s, 0), ownSize[forms]);
    sqlite3_finalize(s);
    merge[forms] = fuzz_statement(db, sqlite3_mprintf("SELECT %.*s_merge(?1)", n, CALL[i]));
    twice[forms] = fuzz_statement(db, sqlite3_mprintf(
        "SELECT %.*s_merge(s) FROM (SELECT ?1 AS s UNION ALL SELECT ?1)", n, CALL[i]));
    forms++;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size){
  unsigned char *z;
  size_t n, headed;
  uint64_t sum;
  int form, i;
  if( db==0 ) prepare();
  if( size < 2 ) return 0;
  form = data[0] % forms;
  headed = size >= 6 && memcmp(data+2, "siyu", 4)==0 ? 0 : ownSize[form];
  n = headed + size - 2;
  z = malloc(n + 8);
  memcpy(z, own[form], headed);
  memcpy(z + headed, data + 2, size - 2);
  sum = hash_bytes(z, n, UINT64_C(0x736979752d737431));
  for(i=0; i<8; i++) z[n+i] = (unsigned char)(sum >> (8*i));
  fuzz_run(data[1] & 1 ? twice[form] : merge[form], z, (int)n + 8, 1);
  free(z);
  if( sqlite3_memory_used() > ((sqlite3_int64)64 << 20) ) abort();      /* grown beyond any state */
  return 0;
}
