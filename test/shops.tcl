# Tables written as a shop's export has them, imported, and the figures that came out.

# A table from lines of cells between bars, the headers first; a file of that name.
proc shop_table {name text} {
  set lines {}
  foreach line [split [string trim $text \n] \n] {lappend lines [split [string trimleft $line] |]}
  set quoted {{h} {return "\"[string map {\" \"\"} $h]\""}}
  execsql "DROP TABLE IF EXISTS \"$name\"; CREATE TABLE \"$name\"([join [lmap h [lindex $lines 0] {apply $quoted $h}] { TEXT, }] TEXT)"
  set n [llength [lindex $lines 0]]
  foreach row [lrange $lines 1 end] {
    while {[llength $row] < $n} {lappend row {}}
    execsql "INSERT INTO \"$name\" VALUES ([join [lmap c $row {string cat ' [string map {' ''} $c] '}] ,])"
  }
}
proc shop_import {name mapping} {
  if {[catch {db onecolumn {SELECT siyu_import($name, nullif($mapping, ''))}} said]} {return "asks: [regsub {^siyu_import\(\): } $said {}]"}
  return $said
}
# {orders customers paid net first-day last-day} in minor units.
proc shop_figures {} {
  execsql {SELECT count(*) FILTER (WHERE amount >= 0 OR amount IS NULL), count(DISTINCT customer), coalesce(sum(amount) FILTER (WHERE amount >= 0), 0), coalesce(sum(amount), 0),
                  substr(min(time) FILTER (WHERE amount >= 0), 1, 10), substr(max(time) FILTER (WHERE amount >= 0), 1, 10) FROM orders}
}
# `expected`: the figures; or {question mapping figures ...}: what is asked, by a pattern, and the figures once it is answered.
proc shop {name expected text {columns {}}} {
  set mapping {}
  if {[llength $expected] < 6} {
    lassign $expected question mapping expected
    do_test $name-asks {db close; open_siyu; shop_table f $text; set said [shop_import f {}]; list [regexp -- "^asks: .*$question" $said] [execsql {SELECT count(*) FROM sqlite_master WHERE name = 'orders'}] [expr {[regexp -- $question $said] ? "" : $said}]} {1 0 {}}
    if {$mapping eq ""} return
  }
  do_test $name {db close; open_siyu; shop_table f $text; set said [shop_import f $mapping]; if {[string match asks:* $said]} {set said} else {shop_figures}} $expected
}
