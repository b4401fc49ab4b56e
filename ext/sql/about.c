/* siyu_version() and siyu_debug(). */
#include "../include/siyu.h"
#include "base/time/zone.h"
#include "sql/scalar.h"

#ifndef SIYU_BUILD_FLAGS
# define SIYU_BUILD_FLAGS "unknown"
#endif

#if defined(__clang__)
# define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
# define COMPILER "gcc " __VERSION__
#else
# define COMPILER "another compiler"
#endif

void call_siyu_version(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  (void)argc; (void)argv;
  sqlite3_result_text(ctx, SIYU_VERSION, -1, SQLITE_STATIC);
}

void call_siyu_debug(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  char *z = sqlite3_mprintf("siyu %s\nbuilt with %s\nflags %s\nbuilt against SQLite %s\nrunning on SQLite %s\ntime zones %s",
                            SIYU_VERSION, COMPILER, SIYU_BUILD_FLAGS, SQLITE_VERSION, sqlite3_libversion(), zone_version());
  (void)argc; (void)argv;
  if( z==0 ){ sqlite3_result_error_nomem(ctx); return; }
  sqlite3_result_text(ctx, z, -1, sqlite3_free);
}
