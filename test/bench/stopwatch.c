/* watch_begin(), watch_longest(): the longest time of processor, in milliseconds, between two calls
** of a progress handler of 1000 instructions since watch_begin(): how long a user waits who wants
** to stop.  What giving large memory back takes is left out: who stops waits for that as well.
** test/bench/stop_check.tcl loads it. */
#include <sqlite3ext.h>
#include "stopwatch.h"
SQLITE_EXTENSION_INIT1

static struct { double last, longest; } watch;

static double milliseconds(void){ return stopwatch_now() - stopwatch_freeing; }
static int lap(void *unused){
  double now = milliseconds();
  (void)unused;
  if( now - watch.last > watch.longest ) watch.longest = now - watch.last;
  watch.last = now;
  return 0;
}
static void begin(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  (void)argc; (void)argv;
  sqlite3_progress_handler(sqlite3_context_db_handle(ctx), 1000, lap, 0);
  watch.longest = 0;
  watch.last = milliseconds();
}
static void longest(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  (void)argc; (void)argv;
  lap(0);
  sqlite3_progress_handler(sqlite3_context_db_handle(ctx), 0, 0, 0);
  sqlite3_result_double(ctx, watch.longest);
}

int sqlite3_stopwatch_init(sqlite3 *db, char **message, const sqlite3_api_routines *api);
int sqlite3_stopwatch_init(sqlite3 *db, char **message, const sqlite3_api_routines *api){
  int rc;
  SQLITE_EXTENSION_INIT2(api);
  (void)message;
  rc = sqlite3_create_function(db, "watch_begin", 0, SQLITE_UTF8, 0, begin, 0, 0);
  return rc ? rc : sqlite3_create_function(db, "watch_longest", 0, SQLITE_UTF8, 0, longest, 0, 0);
}
