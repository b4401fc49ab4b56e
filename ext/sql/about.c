/* siyu_version() and siyu_debug(). */
#include "../include/siyu.h"
#include "base/time/zone.h"
#include "sql/scalar.h"

/* The Makefile tells the flags; of another build the compiler's own macros do. */
#ifndef SIYU_BUILD_FLAGS
# if defined(__OPTIMIZE__)
#  define FLAGS_OPTIMISED "optimised"
# else
#  define FLAGS_OPTIMISED "not known to be optimised"
# endif
# if defined(__FAST_MATH__)
#  define FLAGS_MATH ", fast maths: figures differ"
# else
#  define FLAGS_MATH ""
# endif
# if defined(NDEBUG)
#  define FLAGS_DEBUG ", NDEBUG"
# else
#  define FLAGS_DEBUG ""
# endif
# define SIYU_BUILD_FLAGS FLAGS_OPTIMISED FLAGS_MATH FLAGS_DEBUG
#endif

#if defined(SIYU_AMALGAMATION)
# define FLAGS_FORM " (one file)"
#else
# define FLAGS_FORM ""
#endif
#if defined(SQLITE_CORE)
# define FLAGS_LINKED " (linked into the application)"
#else
# define FLAGS_LINKED ""
#endif

#if defined(__clang__)
# define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
# define COMPILER "gcc " __VERSION__
#elif defined(_MSC_FULL_VER)
# define COMPILER_TEXT(x) #x
# define COMPILER_NUMBER(x) COMPILER_TEXT(x)
# define COMPILER "MSVC " COMPILER_NUMBER(_MSC_FULL_VER)
#else
# define COMPILER "another compiler"
#endif

void call_siyu_version(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  (void)argc; (void)argv;
  sqlite3_result_text(ctx, SIYU_VERSION, -1, SQLITE_STATIC);
}

void call_siyu_debug(sqlite3_context *ctx, int argc, sqlite3_value **argv){
  char *z = sqlite3_mprintf("siyu %s\nbuilt with %s\nflags %s\nbuilt against SQLite %s\nrunning on SQLite %s\ntime zones %s",
                            SIYU_VERSION, COMPILER, SIYU_BUILD_FLAGS FLAGS_FORM FLAGS_LINKED, SQLITE_VERSION, sqlite3_libversion(), zone_version());
  (void)argc; (void)argv;
  if( z==0 ){ sqlite3_result_error_nomem(ctx); return; }
  sqlite3_result_text(ctx, z, -1, sqlite3_free);
}
