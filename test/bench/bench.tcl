# make bench: what each figure costs, as a ratio to the least that SQLite needs for the rows.
#
# Environment:
#     ROWS     orders (default 10,000,000); one customer per ten orders
#     ROUNDS   measurements of each (default 5)
#     ONLY     glob pattern of row names
#     CPU      user (default), or total: with the kernel's time, page faults and reads
#     SQLITE3  the shell (default sqlite3)
#
# What is measured stands in test/bench/rows.tcl.  Answers are compared with plain SQL
# first.  Then, round by round, each query runs once in a sqlite3 process of its own: user
# CPU time by the shell's .timer, peak memory by SQLite's high-water mark.  A ratio is formed
# within its round; the table shows the median and the range.  Bytes per customer is the
# peak above that of the floor.

set root [file dirname [file dirname [file dirname [file normalize [info script]]]]]
cd $root

proc setting {name default} {
  if {[info exists ::env($name)] && $::env($name) ne ""} {return $::env($name)}
  return $default
}
set rows [setting ROWS 10000000]
set rounds [setting ROUNDS 5]
set shell [setting SQLITE3 sqlite3]
set customers [expr {$rows / 10}]
set database build/bench/orders-v4-$rows.db
set as_of '2024-12-31'

set floors {}                          ;# name -> SQL
set measured {}                        ;# {name floor target SQL plain SQL}
proc floor {name sql} {dict set ::floors $name $sql}
proc row {name floor target sql {plain ""} {per ""}} {
  if {![string match [setting ONLY *] $name]} return
  set dated [list AS_OF $::as_of]
  if {$per eq ""} {set per $::customers}
  lappend ::measured [list $name $floor $target [string map $dated $sql] [string map $dated $plain] $per]
}
source test/bench/rows.tcl

# ---- the database ----------------------------------------------------------------

proc generate {} {
  if {[file exists $::database]} return
  puts "generating $::rows orders of $::customers customers in $::database"
  file mkdir build/bench
  set file [open test/bench/generate.sql r]
  set sql [string map [list :rows $::rows :customers $::customers] [read $file]]
  close $file
  file delete $::database.part
  exec $::shell -init /dev/null -batch -bail $::database.part << "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;\n$sql"
  file rename $::database.part $::database
}

# Ledgers are packed once; what that takes is shown.
proc pack {source ledger} {
  set sql "SELECT count(*) FROM sqlite_master WHERE name = '$ledger'"
  if {[exec $::shell -init /dev/null -batch $::database $sql]} return
  set script ".load ./siyu\nCREATE VIRTUAL TABLE $ledger USING siyu_ledger(source=$source, customer_col=customer, time_col=time, amount_col=amount);
.timer on\nINSERT INTO ${ledger}($ledger) VALUES('sync');\n.timer off
SELECT round(1.0 * sum(length(body)) / $::rows, 2) FROM ${ledger}_chunk;"
  set output [exec $::shell -init /dev/null -batch -bail $::database << $script]
  regexp {user ([0-9.]+)} $output -> seconds
  puts "$ledger: packed in $seconds s, [lindex $output end] bytes an order"
}

# ---- one measurement ---------------------------------------------------------------

# {answer, CPU seconds, peak bytes of memory} of a query.
proc measure {sql} {
  set script ".load ./siyu\n.load ./build/bench/noop\n.timer on\n$sql;\n.timer off\n.stats on\nSELECT 1;\n"
  set output [exec $::shell -init /dev/null -batch -bail -readonly $::database << $script]
  if {![regexp {^(.*)\nRun Time: real [0-9.]+ user ([0-9.]+) sys ([0-9.]+)\n} $output -> answer user system]
      || ![regexp {Memory Used: +[0-9]+ \(max ([0-9]+)\)} $output -> peak]} {
    error "cannot read the shell's output:\n$output"
  }
  if {[setting CPU user] eq "total"} {set user [expr {$user + $system}]}
  list $answer $user $peak
}

proc same_answer {a b} {
  if {$a eq $b} {return 1}
  expr {[string is double -strict $a] && [string is double -strict $b]
        && abs($a - $b) <= 1e-9 * abs($b)}
}

# Compares with plain SQL; name -> seconds that plain SQL took.
proc assert_answers {} {
  set seconds {}
  foreach case $::measured {
    lassign $case name floor target sql plain
    if {$plain eq ""} continue
    lassign [measure $sql] answer
    lassign [measure $plain] expected user
    if {![same_answer $answer $expected]} {error "$name gives $answer, plain SQL $expected"}
    dict set seconds $name $user
  }
  return $seconds
}

# ---- rounds and table ------------------------------------------------------------------

proc median {values} {
  set sorted [lsort -real $values]
  set n [llength $sorted]
  expr {([lindex $sorted [expr {($n - 1) / 2}]] + [lindex $sorted [expr {$n / 2}]]) / 2.0}
}

proc run_rounds {} {
  for {set round 0} {$round < $::rounds} {incr round} {
    foreach name $::used_floors {
      lassign [measure [dict get $::floors $name]] answer time($name) peak($name)
      lappend ::floor_seconds($name) $time($name)
    }
    foreach case $::measured {
      lassign $case name floor target sql plain per
      lassign [measure $sql] answer user memory
      lappend ::ratios($name) [expr {$user / $time($floor)}]
      set ::bytes($name) [expr {double($memory - $peak($floor)) / $per}]
    }
  }
}

proc table {plain_seconds} {
  set format "%-42s %-11s %5s  %-13s %6s %6s %9s"
  puts [format $format figure floor ratio (range) target bytes "plain SQL"]
  foreach case $::measured {
    lassign $case name floor target
    set sorted [lsort -real $::ratios($name)]
    set range [format "(%.2f-%.2f)" [lindex $sorted 0] [lindex $sorted end]]
    set plain ""
    if {[dict exists $plain_seconds $name]} {
      set plain [format %.2f [expr {[dict get $plain_seconds $name] / [median $::floor_seconds($floor)]}]]
    }
    puts [format $format $name $floor [format %.2f [median $::ratios($name)]] $range $target \
                 [format %.1f $::bytes($name)] $plain]
  }
  puts "\nratio: [setting CPU user] CPU time to that of the floor, median of $::rounds rounds; bytes: peak memory per customer, or what the name says"
  foreach name $::used_floors {
    puts [format "floor %-11s %.2f s  %s" $name [median $::floor_seconds($name)] [dict get $::floors $name]]
  }
}

set used_floors {}
foreach case $measured {
  if {[lindex $case 1] ni $used_floors} {lappend used_floors [lindex $case 1]}
}
generate
pack orders order_ledger
pack text_orders text_ledger
set plain_seconds [assert_answers]
puts "$rows orders, $customers customers; [dict size $plain_seconds] answers agree with plain SQL\n"
run_rounds
table $plain_seconds
