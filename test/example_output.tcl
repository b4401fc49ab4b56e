# The examples of the catalogue, run: sourced after harness.tcl.

# The output as the record writes it: columns by |, rows by newline; how many digits of a REAL
# are shown depends on SQLite's version, so that they are compared as values.
# The last statement's rows; those before it, if any, prepare the empty database.
proc printed {script} {
  open_siyu empty
  set statements [lmap s [split $script \;] {if {[string trim $s] eq ""} continue; set s}]
  foreach sql [lrange $statements 0 end-1] {empty eval $sql}
  set sql [lindex $statements end]
  set flat [empty eval $sql]
  set width 0
  empty eval $sql row {set width [llength $row(*)]; break}
  empty close
  set lines {}
  while {[llength $flat]} {
    lappend lines [join [lrange $flat 0 $width-1] |]
    set flat [lrange $flat $width end]
  }
  join $lines \n
}
proc same_output {got expected} {
  set lines [split $got \n]
  if {[llength $lines]!=[llength [split $expected \n]]} {return [harness::differ $got $expected]}
  foreach line $lines want [split $expected \n] {
    set complaints [harness::compare_values [split $line |] [split $want |] 1e-12]
    foreach g [split $line |] e [split $want |] {
      if {[harness::is_integer $g]!=[harness::is_integer $e]} {lappend complaints "expected $e, got $g"}
    }
    if {[llength $complaints]} {return [concat $complaints [harness::differ $got $expected]]}
  }
  return same
}

proc example_complaints {example output} {same_output [printed $example] $output}
