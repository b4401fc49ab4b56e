#!/bin/sh
# The headline figures of a generated brand, or of the orders in a CSV file.
#
#     sql/demo.sh [file.csv]
#
# The file goes through siyu_import(): first what its columns are, then what became orders, then
# the figures, last what to type next.  MAPPING names what is not recognised:
#
#     make demo ORDERS=orders.csv MAPPING='{"customer": "Email"}'
#
# Exit status 3: the file cannot be read as orders, and a sentence says why.
# SQLITE3 names the shell (default sqlite3).  Work is done in a scratch directory through
# links, so that no file name, however odd, is ever part of a command.
set -eu
file=${1-}
case $file in ''|/*) ;; *) file=$PWD/$file ;; esac
CDPATH='' cd -- "$(dirname -- "$0")/.."
root=$PWD

fail() { printf 'demo: %s\n' "$@" >&2; exit 1; }
refuse() { printf '%s\n' "$@" >&2; exit 3; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
ln -s "$root/sql" "$scratch/sql"
for library in siyu.so siyu.dylib siyu.dll; do
  if [ -f "$library" ]; then ln -s "$root/$library" "$scratch/$library"; fi
done
cd "$scratch"

shell() { "${SQLITE3:-sqlite3}" -init /dev/null -batch -bail demo.db "$@" </dev/null; }

# A text as an SQL literal.
quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/''/g")"; }

import() {
  [ -f "$file" ] && [ -r "$file" ] || refuse "cannot read the file $file"
  ln -s "$file" orders.csv
  mapping=NULL
  if [ -n "${MAPPING-}" ]; then mapping=$(quoted "$MAPPING"); fi
  shell '.import --csv orders.csv raw' 2>import.log || refuse "cannot import $file" "$(head -n 3 import.log)"
  if [ -s import.log ]; then
    printf '%s lines are odd, for example\n%s\n' "$(wc -l <import.log)" "$(head -n 3 import.log)" >&2
  fi
  printf 'The columns of %s:\n\n' "${file##*/}"
  shell '.load ./siyu' '.mode column' '.headers on' '.width 24 11 7 7 8 24 0' \
    "SELECT header AS \"column\", coalesce(role, '') AS role, filled, blank, rejected, coalesce(example, '') AS example, coalesce(remark, '') AS remark
     FROM import_report('raw', $mapping) WHERE header <> '(file)'" 2>report.log || refuse "cannot read $file" "$(sed 's/^Error: [^:]*: //; s/^stepping, //; s/^import_report(): //' report.log)"
  echo
  shell '.load ./siyu' "SELECT siyu_import('raw', $mapping)" >said.txt 2>said.log ||
    refuse "Not imported: $(sed 's/^.*siyu_import(): //' said.log)" \
           "What is missing goes into MAPPING, for example: make demo ORDERS=${file##*/} MAPPING='{\"customer\": \"Email\"}'"
  cat said.txt
  [ "$(shell 'SELECT count(*) FROM orders')" -gt 0 ] || refuse "$file has no order that can be used"
  echo
}

# The tables are there: only the views of sql/schema.sql are made.
views() {
  sed -n '/^CREATE TABLE observation/,/;$/p; /^CREATE VIEW observed/,$p' "$root/sql/schema.sql" >views.sql
  shell '.load ./siyu' '.read views.sql' || fail "cannot make the views"
}

next() {
  echo
  echo "Next, in the sqlite3 shell, with this file imported into a database of yours:"
  echo "  sqlite3 brand.db '.load ./siyu' '.import --csv ${file##*/} raw' \"SELECT siyu_import('raw')\""
  echo "  SELECT * FROM import_reject;                                    -- what could not be used, and why"
  echo "  SELECT customer, segment, stage, next_time FROM customer_summary('orders', 'customer', 'time', 'amount');"
}

[ -f siyu.so ] || [ -f siyu.dylib ] || [ -f siyu.dll ] || fail "siyu is not built yet: run make first"
if [ -n "$file" ]; then
  import
  views
else
  shell '.load ./siyu' '.read sql/schema.sql' || fail "cannot make the tables"
  shell '.load ./siyu' '.read sql/demo/brand.sql' || fail "cannot generate the brand"
fi
# One report after the other; a new one is a file in sql/demo and a name here.
for report in headline cohorts; do
  shell '.load ./siyu' ".read sql/demo/$report.sql" || fail "the report $report failed"
done
if [ -n "$file" ]; then next; fi
