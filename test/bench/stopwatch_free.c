/* For the stopwatch: how long SQLite's allocator has been giving memory back.  A Tcl extension, loaded
** before the first database handle; the same library is loaded into SQLite for watch_begin(). */
#define _POSIX_C_SOURCE 200809L
#include <time.h>
#include <sqlite3.h>
#include <tcl.h>
#include "stopwatch.h"

double stopwatch_freeing;                    /* milliseconds of processor since the library came */
static sqlite3_mem_methods real;

double stopwatch_now(void){
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec*1e3 + (double)t.tv_nsec/1e6;
}

static void timed_free(void *p){
  double began;
  if( real.xSize(p) < STOPWATCH_LARGE ){
    real.xFree(p);
    return;
  }
  began = stopwatch_now();
  real.xFree(p);
  stopwatch_freeing += stopwatch_now() - began;
}

int DLLEXPORT Stopwatch_Init(Tcl_Interp *interp);
int DLLEXPORT Stopwatch_Init(Tcl_Interp *interp){
  sqlite3_mem_methods ours;
  if( Tcl_InitStubs(interp, "8.6", 0)==0 ) return TCL_ERROR;
  if( sqlite3_memory_used() > 0 || sqlite3_shutdown()!=SQLITE_OK
   || sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real)!=SQLITE_OK ){
    Tcl_SetObjResult(interp, Tcl_NewStringObj("stopwatch: load it before the first database handle", -1));
    return TCL_ERROR;
  }
  ours = real;
  ours.xFree = timed_free;
  if( sqlite3_config(SQLITE_CONFIG_MALLOC, &ours)!=SQLITE_OK || sqlite3_initialize()!=SQLITE_OK ){
    Tcl_SetObjResult(interp, Tcl_NewStringObj("stopwatch: SQLite does not take our allocator", -1));
    return TCL_ERROR;
  }
  return Tcl_PkgProvide(interp, "stopwatch", "1.0");
}
