/*
** faultsim: allocation faults and allocation accounts for the Tcl tests.
**
** A Tcl extension (not a SQLite one).  Load it before the first database
** handle is opened; it shuts SQLite down, puts itself between SQLite and its
** allocator, turns lookaside memory off so that every request passes here,
** and lets SQLite start again.  It must be linked to the same libsqlite3 as
** Tcl's sqlite3 package, else it would watch a library that nobody uses.
**
**   faultsim arm N once|persistent   the N-th allocation from now fails (and,
**                                    with persistent, each one after it)
**   faultsim disarm                  no more faults; gives the list
**                                    {faults calls benign}: faults met since
**                                    arm, allocation calls since arm, and how
**                                    many of the faults SQLite called benign
**   faultsim calls                   allocation calls since the last arm (or,
**                                    without one, since loading)
**   faultsim memory_used             bytes that SQLite now holds
**   faultsim highwater ?reset?       most bytes held; a true reset then
**                                    restarts the mark from what is held now
**
** Requests are passed on at their exact size, not rounded up to a multiple of
** eight, so that a sanitizer or valgrind sees an overrun of one byte.
**
** The tests are single-threaded; so is this file.
*/
#include <sqlite3.h>
#include <tcl.h>

static struct FaultPlan {
  sqlite3_mem_methods real;   /* the allocator underneath */
  sqlite3_int64 calls;        /* allocations asked for since the last arm */
  sqlite3_int64 fail_at;      /* number of the call that fails, from 1 */
  sqlite3_int64 faults;       /* calls that were made to fail */
  sqlite3_int64 benign_faults;/* those of them inside a benign section */
  int benign_depth;           /* > 0 while SQLite says a fault is harmless */
  int armed;
  int persistent;             /* calls after fail_at fail too */
  int installed;
} plan;

/* ---- between SQLite and its allocator ---------------------------------- */

static int this_call_fails(void){
  plan.calls++;
  if( !plan.armed || plan.calls<plan.fail_at ) return 0;
  if( plan.calls>plan.fail_at && !plan.persistent ) return 0;
  plan.faults++;
  if( plan.benign_depth>0 ) plan.benign_faults++;
  return 1;
}

static void *fault_malloc(int size){
  return this_call_fails() ? 0 : plan.real.xMalloc(size);
}

static void *fault_realloc(void *old, int size){
  return this_call_fails() ? 0 : plan.real.xRealloc(old, size);
}

static int exact_size(int size){ return size; }

static void benign_begin(void){ plan.benign_depth++; }
static void benign_end(void){ plan.benign_depth--; }

static const char *install(void){
  sqlite3_mem_methods ours;
  if( plan.installed ) return 0;
  if( sqlite3_memory_used()>0 ){
    return "faultsim: load it before the first database handle";
  }
  if( sqlite3_shutdown()!=SQLITE_OK
   || sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plan.real)!=SQLITE_OK
  ){
    return "faultsim: SQLite does not give its allocator";
  }
  ours = plan.real;
  ours.xMalloc = fault_malloc;
  ours.xRealloc = fault_realloc;
  ours.xRoundup = exact_size;
  if( sqlite3_config(SQLITE_CONFIG_MALLOC, &ours)!=SQLITE_OK
   || sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 1)!=SQLITE_OK
   || sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0)!=SQLITE_OK
   || sqlite3_test_control(SQLITE_TESTCTRL_BENIGN_MALLOC_HOOKS,
                           benign_begin, benign_end)!=SQLITE_OK
   || sqlite3_initialize()!=SQLITE_OK
  ){
    return "faultsim: SQLite does not take our allocator";
  }
  plan.installed = 1;
  return 0;
}

/* ---- the Tcl command ---------------------------------------------------- */

static int arm(Tcl_Interp *interp, int objc, Tcl_Obj *const objv[]){
  static const char *const modes[] = { "once", "persistent", 0 };
  Tcl_WideInt fail_at;
  int mode;
  if( objc!=4 ){
    Tcl_WrongNumArgs(interp, 2, objv, "N once|persistent");
    return TCL_ERROR;
  }
  if( Tcl_GetWideIntFromObj(interp, objv[2], &fail_at)!=TCL_OK
   || Tcl_GetIndexFromObj(interp, objv[3], modes, "mode", TCL_EXACT, &mode)
        !=TCL_OK
  ){
    return TCL_ERROR;
  }
  if( fail_at<1 ){
    Tcl_SetObjResult(interp, Tcl_NewStringObj("N counts from 1", -1));
    return TCL_ERROR;
  }
  plan.fail_at = fail_at;
  plan.persistent = mode;
  plan.calls = plan.faults = plan.benign_faults = 0;
  plan.armed = 1;
  return TCL_OK;
}

static int disarm(Tcl_Interp *interp){
  Tcl_Obj *counts[3];
  plan.armed = 0;
  counts[0] = Tcl_NewWideIntObj(plan.faults);
  counts[1] = Tcl_NewWideIntObj(plan.calls);
  counts[2] = Tcl_NewWideIntObj(plan.benign_faults);
  Tcl_SetObjResult(interp, Tcl_NewListObj(3, counts));
  return TCL_OK;
}

static int highwater(Tcl_Interp *interp, int objc, Tcl_Obj *const objv[]){
  int reset = 0;
  if( objc>3 ){
    Tcl_WrongNumArgs(interp, 2, objv, "?reset?");
    return TCL_ERROR;
  }
  if( objc==3 && Tcl_GetBooleanFromObj(interp, objv[2], &reset)!=TCL_OK ){
    return TCL_ERROR;
  }
  Tcl_SetObjResult(interp, Tcl_NewWideIntObj(sqlite3_memory_highwater(reset)));
  return TCL_OK;
}

static int faultsim_command(
  ClientData unused, Tcl_Interp *interp, int objc, Tcl_Obj *const objv[]
){
  static const char *const names[] = {
    "arm", "disarm", "calls", "memory_used", "highwater", 0
  };
  enum { ARM, DISARM, CALLS, MEMORY_USED, HIGHWATER };  /* as in names[] */
  int which;
  (void)unused;
  if( objc<2 ){
    Tcl_WrongNumArgs(interp, 1, objv, "subcommand ?arguments?");
    return TCL_ERROR;
  }
  if( Tcl_GetIndexFromObj(interp, objv[1], names, "subcommand", TCL_EXACT,
                          &which)!=TCL_OK ){
    return TCL_ERROR;
  }
  if( which==ARM ) return arm(interp, objc, objv);
  if( which==HIGHWATER ) return highwater(interp, objc, objv);
  if( objc!=2 ){
    Tcl_WrongNumArgs(interp, 2, objv, 0);
    return TCL_ERROR;
  }
  if( which==DISARM ) return disarm(interp);
  Tcl_SetObjResult(interp, Tcl_NewWideIntObj(
      which==CALLS ? plan.calls : sqlite3_memory_used()));
  return TCL_OK;
}

int DLLEXPORT Faultsim_Init(Tcl_Interp *interp);
int DLLEXPORT Faultsim_Init(Tcl_Interp *interp){
  const char *problem;
  if( Tcl_InitStubs(interp, "8.6", 0)==0 ) return TCL_ERROR;
  problem = install();
  if( problem ){
    Tcl_SetObjResult(interp, Tcl_NewStringObj(problem, -1));
    return TCL_ERROR;
  }
  Tcl_CreateObjCommand(interp, "faultsim", faultsim_command, 0, 0);
  return Tcl_PkgProvide(interp, "faultsim", "1.0");
}
