#!/bin/sh
# The headline figures of a generated brand, or of the orders in a CSV file.
#
#     sql/demo.sh [file.csv]
#
# The file's columns are found by their headers: sql/demo/columns.sql lists them.
# SQLITE3 names the shell (default sqlite3).  Work is done in a scratch directory through
# links, so that no file name, however odd, is ever part of a command.
set -eu
file=${1-}
case $file in ''|/*) ;; *) file=$PWD/$file ;; esac
CDPATH='' cd -- "$(dirname -- "$0")/.."
root=$PWD

fail() { printf 'demo: %s\n' "$@" >&2; exit 1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
ln -s "$root/sql" "$scratch/sql"
for library in siyu.so siyu.dylib siyu.dll; do
  if [ -f "$library" ]; then ln -s "$root/$library" "$scratch/$library"; fi
done
cd "$scratch"

shell() { "${SQLITE3:-sqlite3}" -init /dev/null -batch -bail demo.db "$@" </dev/null; }

import() {
  [ -f "$file" ] && [ -r "$file" ] || fail "cannot read the file $file"
  ln -s "$file" orders.csv
  shell '.import --csv orders.csv raw' 2>import.log || fail "cannot import $file" "$(head -n 3 import.log)"
  if [ -s import.log ]; then
    printf 'demo: %s lines are odd, for example\n%s\n' "$(wc -l <import.log)" "$(head -n 3 import.log)" >&2
  fi
  shell '.read sql/demo/columns.sql' || fail "$file has no header line that can be read"
  complaint=$(shell 'SELECT sentence FROM complaint')
  [ -z "$complaint" ] || fail "cannot read $file as orders" "$complaint"
  shell 'SELECT statement FROM lines_statement' >line.sql
  shell '.read line.sql' '.load ./siyu' '.read sql/demo/own_file.sql' ||
    fail "cannot read $file as orders: see the message above"
  [ "$(shell 'SELECT count(*) FROM orders')" -gt 0 ] || fail "$file has no line with a customer and a time"
}

[ -f siyu.so ] || [ -f siyu.dylib ] || [ -f siyu.dll ] || fail "siyu is not built yet: run make first"
shell '.load ./siyu' '.read sql/schema.sql' || fail "cannot make the tables"
if [ -n "$file" ]; then
  import
else
  shell '.load ./siyu' '.read sql/demo/brand.sql' || fail "cannot generate the brand"
fi
# One report after the other; a new one is a file in sql/demo and a name here.
for report in headline cohorts; do
  shell '.load ./siyu' ".read sql/demo/$report.sql" || fail "the report $report failed"
done
