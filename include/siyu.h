/*
** siyu: private-domain customer analytics for SQLite.
**
** Load the shared object (`.load ./siyu`, sqlite3_load_extension), or link build/libsiyu.a
** into an application that carries its own SQLite and register it for every connection:
**
**     sqlite3_auto_extension((void(*)(void))sqlite3_siyu_init);
**
** or for one:   sqlite3_siyu_init(db, &message, NULL);
*/
#ifndef SIYU_H
#define SIYU_H

#define SIYU_VERSION "0.2.0"

/* On what is exported: only the extension itself is built with SIYU_BUILD. */
#ifndef SIYU_API
# if defined(SIYU_BUILD) && defined(_WIN32) && !defined(SQLITE_CORE)
#  define SIYU_API __declspec(dllexport)
# elif defined(__GNUC__) && !defined(_WIN32) && !defined(SQLITE_CORE)
#  define SIYU_API __attribute__((visibility("default")))
# else
#  define SIYU_API
# endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct sqlite3;
struct sqlite3_api_routines;

/* Registers all functions and tables on one connection.  Returns SQLITE_OK, or an SQLite
** error code with *message (if message is not NULL) set to a text to be freed with
** sqlite3_free().  `api` is NULL when linked statically. */
SIYU_API int sqlite3_siyu_init(struct sqlite3 *db, char **message, const struct sqlite3_api_routines *api);

#ifdef __cplusplus
}
#endif
#endif
