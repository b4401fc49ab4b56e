# Predicted value on simulated customers: do the fits find the parameters that the customers
# were made with, and how long does it take?
#
#     tclsh test/bench/btyd.tcl          (or: make bench_btyd)
#
# Environment:
#     CUSTOMERS   numbers of customers (default "1000000 10000000")
#     MODELS      (default "bgnbd mbgnbd paretonbd")
#     SQLITE3     the shell (default sqlite3)
#
# One line per model and number: seconds of user CPU time of SQLite's bare scan of the three
# columns, of the fit, of a score of every customer; distinct histories; then each parameter
# with its distance from the truth in standard errors.  The end says whether all lie within
# 4 of them (a chance of 6 in 100,000 to be outside, for each); the exit status says the same.

set root [file dirname [file dirname [file dirname [file normalize [info script]]]]]
cd $root

proc setting {name default} {
  if {[info exists ::env($name)] && $::env($name) ne ""} {return $::env($name)}
  return $default
}
set shell [setting SQLITE3 sqlite3]
set truth {
  bgnbd     {r 0.6 alpha 30.0 a 0.8 b 2.5}
  mbgnbd    {r 0.6 alpha 30.0 a 0.8 b 2.5}
  paretonbd {r 0.6 alpha 60.0 s 0.7 beta 80.0}
}
set widest 4.0

# What the shell prints, the library and the simulation loaded.
proc shell_run {database sql} {
  set script ".load ./siyu\n.load ./build/bench/btyd_simulate sqlite3_btydsimulate_init\n$sql\n"
  exec $::shell -init /dev/null -batch -bail $database << $script
}

proc generate {model customers} {
  set database build/bench/btyd-$model-$customers.db
  if {[file exists $database]} {return $database}
  file mkdir build/bench
  file delete $database.part
  set values [join [dict values [dict get $::truth $model]] ,]
  shell_run $database.part "
    PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
    CREATE TABLE history(frequency INTEGER, recency REAL, age INTEGER);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $customers),
    v(v) AS MATERIALIZED (SELECT simulate_${model}(i, $values) FROM n)
    INSERT INTO history SELECT v >> 40, (v >> 20 & 1048575)/2.0, v & 1048575 FROM v;"
  file rename $database.part $database
  return $database
}

# {answer, user CPU seconds}
proc measure {database sql} {
  set output [shell_run $database ".timer on\n$sql;\n.timer off"]
  if {![regexp {^(.*)\nRun Time: real [0-9.]+ user ([0-9.]+) sys} $output -> answer seconds]} {error $output}
  list $answer $seconds
}

# "name value (z)" of each parameter; notes the largest |z|.
proc recovered {model answer} {
  set words {}
  foreach {name true} [dict get $::truth $model] {value error} [lrange $answer 0 end-1] {
    if {![string is double -strict $error]} {set ::worst Inf; lappend words "$name $value (no error)"; continue}
    set z [expr {($value - $true)/$error}]
    set ::worst [expr {max($::worst, abs($z))}]
    lappend words [format "%s %.4f (%+.1f)" $name $value $z]
  }
  join $words ", "
}

proc line {model customers} {
  set database [generate $model $customers]
  lassign [measure $database {SELECT sum(frequency), sum(recency), sum(age) FROM history}] none scan
  set columns {}
  dict for {name none} [dict get $::truth $model] {
    lappend columns "json_extract(f, '\$.$name'), json_extract(f, '\$.se.$name')"
  }
  lassign [measure $database "SELECT [join $columns ,], json_extract(f, '\$.status')
    FROM (SELECT btyd_fit('$model', frequency, recency, age) AS f FROM history LIMIT 1)"] answer fit
  set answer [split $answer |]
  set status [lindex $answer end]
  if {$status ne "converged"} {set ::worst Inf}
  set literal "'{\"model\":\"$model\"[join [lmap {n v} [dict get $::truth $model] {set m ",\"$n\":$v"}] {}]}'"
  lassign [measure $database "SELECT sum(expected_purchases($literal, frequency, recency, age, 90)) FROM history"] none score
  set distinct [shell_run $database {SELECT count(*) FROM (SELECT DISTINCT frequency, recency, age FROM history);}]
  puts [format "%-9s %9d  %8d  %6.2f  %6.2f  %6.2f  %s; %s" $model $customers $distinct $scan $fit $score $status \
    [recovered $model $answer]]
}

set worst 0.0
puts "model     customers  distinct    scan     fit   score  status; parameter (standard errors from the truth)"
foreach customers [setting CUSTOMERS {1000000 10000000}] {
  foreach model [setting MODELS {bgnbd mbgnbd paretonbd}] {line $model $customers}
}
puts [format "farthest: %.1f standard errors" $worst]
exit [expr {$worst > $widest}]
