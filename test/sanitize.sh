#!/bin/sh
# Runs tests on an extension built with -fsanitize=address,undefined:
#
#     SIYU=build/sanitize/siyu.so test/sanitize.sh [arguments of test/run.tcl]
#
# tclsh and SQLite are not instrumented, so the runtimes are loaded first.
# Leaks are left to the sweeps, which count SQLite's memory: Tcl leaks by
# design.  The load sweep maps a copy of the extension, which ASan's check for
# one definition would call a violation.  SWEEP_STEP (here 5) and JOBS as in
# test/run.tcl.
set -eu
: "${SIYU:?the sanitized extension}"
cd "$(dirname "$0")/.."

runtime() {
  readlink -f "$("${CC:-gcc}" -print-file-name="$1")"
}
preload="$(runtime libasan.so) $(runtime libubsan.so)"

ASAN_OPTIONS="detect_leaks=0:detect_odr_violation=0:allocator_may_return_null=1:detect_stack_use_after_return=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"
SWEEP_STEP="${SWEEP_STEP:-5}"
TEST_RUNNER="env {LD_PRELOAD=$preload} ${TCLSH:-tclsh}"
export SIYU ASAN_OPTIONS UBSAN_OPTIONS SWEEP_STEP TEST_RUNNER
exec "${TCLSH:-tclsh}" test/run.tcl "$@"
