#!/bin/sh
# Runs tests under valgrind's memcheck:
#
#     test/valgrind.sh [arguments of test/run.tcl]
#
# A memory error makes its file fail.  Leaks are left to the sweeps, which
# count SQLite's memory: Tcl leaks by design.  Build the extension with -g and
# without sanitizers (SIYU as in test/harness.tcl); SWEEP_STEP is 23 here.
set -eu
cd "$(dirname "$0")/.."
SWEEP_STEP="${SWEEP_STEP:-23}"
TEST_RUNNER="valgrind -q --error-exitcode=99 --leak-check=no --num-callers=20 --suppressions=test/valgrind.supp ${TCLSH:-tclsh}"
export SWEEP_STEP TEST_RUNNER
exec "${TCLSH:-tclsh}" test/run.tcl "$@"
