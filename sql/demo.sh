#!/bin/sh
# A generated brand on one screen, or the headline figures of the orders in a CSV file.
#
#     sql/demo.sh [file.csv]
#
# The brand has 120,000 customers, CUSTOMERS=4000 says how many else; the screen is in Chinese where
# LANG (or LC_ALL) begins with zh.
#
# The file goes through siyu_import(): first what its columns are, then what became orders, then
# the figures, last what to type next.  MAPPING names what is not recognised:
#
#     make demo ORDERS=orders.csv MAPPING='{"customer": "Email"}'
#
# SKIP=1 leaves out lines above the header. Semicolons, tabs and bars between columns, and lines that
# end with CR, are seen.
#
# Exit status 3: the file cannot be read as orders, and a sentence says why.
# SQLITE3 names the shell (default sqlite3).  Work is done in a scratch directory through
# links, so that no file name, however odd, is ever part of a command.
set -eu
file=${1-}
typed=$file
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

case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in zh*) lang=zh ;; *) lang=en ;; esac
# What is said: in English, in Chinese.
say() { if [ $lang = zh ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi; }

shell() { "${SQLITE3:-sqlite3}" -init /dev/null -batch -bail demo.db "$@" </dev/null; }

# A text as an SQL literal.
quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/''/g")"; }

# What stands in the way, and what to type when that can be said here.
advise() {
  not=$(say 'Not imported: ' '没有导入：')
  here=$(say Here 在这里)
  case $1 in
    *'--skip '[0-9]*) refuse "$not$1" "$here: make demo ORDERS=$typed SKIP=$(printf '%s' "$1" | sed 's/^.*--skip \([0-9]*\).*$/\1/')" ;;
    *'{"'*)
      more=$(printf '%s' "$1" | sed 's/^[^{]*\({"[^}]*}\).*$/\1/')
      if [ -n "${MAPPING-}" ]; then more=$(shell "SELECT json_patch($mapping, $(quoted "$more"))"); fi
      case $1 in *'statuses in column'*|*'种状态'*) here=$(say 'Here, without those that are no orders' '在这里（去掉不算订单的状态）') ;; esac
      refuse "$not$1" "$here: make demo ORDERS=$typed${SKIP:+ SKIP=$SKIP} MAPPING='$more'" ;;
    *) refuse "$not$1" ;;
  esac
}

# The file as orders.csv, its lines ending with LF, and what stands between its columns.
readable() {
  separator=,
  taken=$file
  case ${SKIP-} in *[!0-9]*) refuse "$(say 'SKIP is the number of lines above the header, SKIP=1' 'SKIP 是表头上方的行数，SKIP=1')" ;; esac
  case $(head -c 4 "$file" | od -An -tx1 | tr -d ' \n') in
    fffe*|feff*)
      iconv -f UTF-16 -t UTF-8 "$file" >utf8.csv 2>iconv.log || refuse "${file##*/} is UTF-16: convert it with iconv -f UTF-16 -t UTF-8 in.csv > out.csv and take out.csv"
      taken=$PWD/utf8.csv
      coding=UTF-16
      say "${file##*/} is UTF-16 and is read as that." "${file##*/} 是 UTF-16 编码，已按此读取。"
      echo ;;
    504b0304) refuse "$(say "${file##*/} is a spreadsheet, no text: save it as CSV (UTF-8) and take that" "${file##*/} 是电子表格，不是文本：请另存为 CSV（UTF-8）再用")" ;;
  esac
  if [ "$(head -c 65536 "$taken" | tr -dc '\r' | wc -c)" -gt 0 ] && [ "$(head -c 65536 "$taken" | tr -dc '\n' | wc -c)" -eq 0 ]; then
    tr '\r' '\n' <"$taken" >orders.csv
  else
    ln -s "$taken" orders.csv
  fi
  first=$(sed -n "$((${SKIP:-0} + 1))p;$((${SKIP:-0} + 1))q" orders.csv | tr -d '\000')
  case $first in
    *,*) ;;
    *';'*) separator=';' ;;
    *'	'*) separator='\t' ;;
    *'|'*) separator='|' ;;
  esac
}

read_raw() {
  shell '.mode csv' ".separator \"$separator\"" ".import ${SKIP:+--skip $SKIP }orders.csv raw" 2>import.log ||
    if grep -q 'too many columns' import.log; then
      refuse "${file##*/} has more than the 2000 columns that SQLite takes: keep those with the order, the customer, the time and the amount"
    else
      refuse "cannot import $file" "$(head -n 3 import.log)"
    fi
}

# A file that is no UTF-8 is converted as the report says, where iconv is at hand; one whose header
# is UTF-8 and whose cells are not is for its owner.
recode() {
  if [ -n "$(printf '%s' "$first" | tr -d '\000-\177')" ] && printf '%s' "$first" | iconv -f UTF-8 -t UTF-8 >recoded.csv 2>iconv.log; then return 0; fi
  found=$(shell '.load ./siyu' "SELECT remark FROM import_report('raw') WHERE header = '(file)'" 2>/dev/null | sed -n 's/^.*iconv -f \([A-Z0-9-]*\) -t UTF-8.*$/\1/p') || found=
  [ -n "$found" ] && iconv -f "$found" -t UTF-8 orders.csv >recoded.csv 2>iconv.log || return 0
  coding=$found
  mv recoded.csv orders.csv
  shell 'DROP TABLE raw'
  read_raw
  say "${file##*/} is $coding and is read as that." "${file##*/} 是 $coding 编码，已按此读取。"
  echo
}

import() {
  [ -f "$file" ] && [ -r "$file" ] || refuse "$(say "cannot read the file $file" "读不到文件 $file")"
  readable
  mapping=NULL
  if [ -n "${MAPPING-}" ]; then mapping=$(quoted "$MAPPING"); fi
  told=$mapping
  if [ $lang = zh ]; then told="(SELECT CASE WHEN json_valid(m) THEN json_patch(m, '{\"lang\": \"zh\"}') ELSE m END FROM (SELECT coalesce($mapping, '{}') AS m))"; fi
  read_raw
  recode
  grep -v -e 'renamed during .import' -e '^"' import.log >odd.log || true
  if [ -s odd.log ]; then
    n=$(wc -l <odd.log | tr -d ' ')
    if [ "$n" = 1 ]; then n='1 line is odd:'; else n="$n lines are odd, for example"; fi
    printf '%s\n%s\n' "$n" "$(head -n 3 odd.log)" >&2
  fi
  case $separator in
    ';') between=$(say ', which has semicolons between them' '（以分号分隔）') ;;
    '\t') between=$(say ', which has tabs between them' '（以制表符分隔）') ;;
    '|') between=$(say ', which has bars between them' '（以竖线分隔）') ;;
    *) between= ;;
  esac
  say "The columns of ${file##*/}$between:" "${file##*/} 的各列$between："
  echo
  shell '.load ./siyu' '.mode column' '.headers on' '.width 24 11 7 7 8 24 0' \
    "SELECT header AS \"$(say column 列名)\", coalesce(role, '') AS \"$(say role 识别为)\", filled AS \"$(say filled 有值)\", blank AS \"$(say blank 空白)\",
       rejected AS \"$(say rejected 拒收)\", coalesce(example, '') AS \"$(say example 示例)\", coalesce(remark, '') AS \"$(say remark 说明)\"
     FROM import_report('raw', $told) WHERE header <> '(file)'" 2>report.log || refuse "cannot read $file" "$(sed 's/^Error: [^:]*: //; s/^stepping, //; s/^import_report(): //' report.log)"
  echo
  shell '.load ./siyu' "SELECT siyu_import('raw', $told)" >said.txt 2>said.log ||
    advise "$(sed 's/^.*siyu_import(): //' said.log)"
  cat said.txt
  [ "$(shell 'SELECT count(*) FROM orders')" -gt 0 ] || refuse "$(say "$file has no order that can be used" "$file 里没有可用的订单")"
  echo
}

# The tables are there; the period is all that the file has.
views() {
  shell '.load ./siyu' "SELECT siyu_setup(column1) FROM (VALUES ('kpi_repurchase'), ('kpi_ltv'), ('kpi_stage'), ('kpi_referral'), ('kpi_contact'))" >made.log || fail "cannot make the views"
  shell '.load ./siyu' "INSERT INTO settings(as_of, period_from, period_to)
    SELECT max(period_start('day', time)), min(period_start('day', time)), max(period_start('day', time)) FROM orders" || fail "cannot say until when the orders go"
}

next() {
  source=$typed
  echo
  say 'Next, in the sqlite3 shell, with this file imported into a database of yours:' '接下来，在 sqlite3 命令行里，把这个文件导入自己的数据库：'
  if [ -n "${coding-}" ]; then
    source=utf8.csv
    echo "  iconv -f $coding -t UTF-8 $typed > utf8.csv"
  fi
  if [ "$separator" = , ]; then read="'.import --csv ${SKIP:+--skip $SKIP }$source raw'"
  else read="'.mode csv' '.separator \"$separator\"' '.import ${SKIP:+--skip $SKIP }$source raw'"; fi
  if [ -z "${MAPPING-}" ]; then
    echo "  sqlite3 brand.db '.load ./siyu' $read \"SELECT siyu_import('raw')\""
  else
    echo "  sqlite3 brand.db '.load ./siyu' $read"
    say "  SELECT siyu_import('raw', $mapping);                             -- .load ./siyu before it" "  SELECT siyu_import('raw', $mapping);                             -- 先 .load ./siyu"
  fi
  say "  SELECT * FROM import_reject;                                    -- what could not be used, and why" "  SELECT * FROM import_reject;                                    -- 哪些没能用上，为什么"
  echo "  SELECT customer, segment, stage, next_time FROM customer_summary('orders', 'customer', 'time', 'amount');"
}

# One screen of the generated brand; LANG says in which language.
brand() {
  customers=${CUSTOMERS:-120000}
  case $customers in *[!0-9]*) refuse "CUSTOMERS is the number of customers to generate, CUSTOMERS=4000" ;; esac
  shell '.load ./siyu' "SELECT siyu_setup('schema')" >made.log || fail "cannot make the tables"
  shell '.load ./siyu' "CREATE TEMP TABLE brand_size AS SELECT $customers AS customers" '.read sql/demo/brand.sql' || fail "cannot generate the brand"
  shell '.load ./siyu' "SELECT siyu_setup('kpi')" >made.log || fail "cannot make the views"
  shell '.load ./siyu' "CREATE TEMP TABLE said AS SELECT '$lang' AS lang" '.read sql/demo/today.sql' || fail "the report failed"
  if [ $lang = zh ]; then
    printf '\n接下来：\n'
    printf '  %s\n' "make demo ORDERS=订单.csv                      # 换成自己的订单" \
      "sqlite3 brand.db '.load ./siyu' \"SELECT siyu_setup('schema')\" '.read sql/demo/brand.sql' \"SELECT siyu_setup('kpi')\"" \
      "SELECT * FROM siyu_kpi WHERE lang = 'zh';      -- 全部指标，含分子、分母与口径" \
      "SELECT * FROM kpi_campaign;                    -- 活动对照组、毛收入与净增量；全部视图见 siyu_script"
  else
    printf '\nNEXT\n'
    printf '  %s\n' "make demo ORDERS=orders.csv                    # the same of your own orders" \
      "sqlite3 brand.db '.load ./siyu' \"SELECT siyu_setup('schema')\" '.read sql/demo/brand.sql' \"SELECT siyu_setup('kpi')\"" \
      "SELECT * FROM siyu_kpi;                        -- every figure, with what it divides and its formula" \
      "SELECT * FROM kpi_campaign;                    -- campaigns against their control; siyu_script lists the views"
  fi
}

[ -f siyu.so ] || [ -f siyu.dylib ] || [ -f siyu.dll ] || fail "siyu is not built yet: run make first"
if [ -z "$file" ]; then
  brand
  exit 0
fi
import
views
# One report after the other; a new one is three files in sql/demo (what it asks, and how it is printed in English
# and in Chinese) and a name here.
for report in headline cohorts; do
  shell '.load ./siyu' ".read sql/demo/$report.sql" ".read sql/demo/${report}_$lang.sql" || fail "the report $report failed"
done
next
