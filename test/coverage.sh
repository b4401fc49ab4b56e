#!/bin/sh
# Lines and branches of ext/ that the tests of `make coverage` reached, the least covered file
# first, then all of it:  test/coverage.sh FOLDER-OF-OBJECTS
set -eu
folder=$1
cd "$(dirname "$0")/.."
find "$folder" -name '*.gcda' -exec "${GCOV:-gcov}" -b -n {} + 2>/dev/null | awk '
  # A file that other files include, as headers are, is counted once, where it is covered best.
  /^File / { file = $0; gsub(/^File .|.$/, "", file); next }
  file !~ /^ext\// { next }
  /^Lines executed:/ {
    split($0, v, /[:% ]+/); share = v[3]; n = $NF
    if (!(file in lines) || share*n > hit[file]) { lines[file] = n; hit[file] = share*n }
  }
  /^Taken at least once:/ {
    split($0, v, /[:% ]+/); share = v[5]; n = $NF
    if (!(file in branches) || share*n > taken[file]) { branches[file] = n; taken[file] = share*n }
  }
  END {
    for (f in lines) {
      printf "%6.1f %% of %5d lines  %6.1f %% of %5d branches  %s\n", hit[f]/lines[f], lines[f],
             branches[f] ? taken[f]/branches[f] : 100, branches[f], f | "sort -n"
      l += lines[f]; h += hit[f]; b += branches[f]; t += taken[f]
    }
    close("sort -n")
    if (!l) { print "no object has been run"; exit 1 }
    printf "%6.1f %% of %5d lines  %6.1f %% of %5d branches  ext\n", h/l, l, t/b, b
  }'
