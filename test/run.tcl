# Runs test files, each in a process of its own, and adds up.
#
#     tclsh test/run.tcl ?file|glob ...?
#
# Without arguments all of test/*.test; an argument is a path, or a glob
# pattern of names in test/ with or without ".test".  Each file's failures are
# printed, then a line with its counts, and at the end how long all took; the
# last line is "N passed, N failed" over all files and the exit status says the
# same.  A file that crashes, or ends without its own summary, or whose exit status contradicts it, counts as
# one failure more.  Environment:
#
#     JOBS         processes at a time (default: the number of processors)
#     TEST_RUNNER  command before the file's name (default: this tclsh), for
#                  example "valgrind -q tclsh"
# and what test/harness.tcl lists.

set here [file dirname [file normalize [info script]]]
cd [file dirname $here]

proc setting {name default} {
  if {[info exists ::env($name)] && $::env($name) ne ""} {return $::env($name)}
  return $default
}

proc processors {} {
  if {[catch {exec nproc} count] && [catch {exec sysctl -n hw.ncpu} count]} {
    return 2
  }
  return $count
}

# The files that an argument means.
proc files_of {argument} {
  if {[file isfile $argument]} {return [list $argument]}
  set files [glob -nocomplain -directory test -- $argument.test]
  lappend files {*}[glob -nocomplain -directory test -- $argument]
  lsearch -all -inline $files *.test
}

proc files_to_run {arguments} {
  if {[llength $arguments]==0} {set arguments {*}}
  set files {}
  foreach argument $arguments {
    set found [files_of $argument]
    if {[llength $found]==0} {no_test $argument}
    lappend files {*}$found
  }
  lsort -unique $files
}

proc no_test {what} {
  incr ::failed
  puts "FAIL $what: no test to run"
}

# ---- one process per file ------------------------------------------------------

proc start_next {} {
  if {[llength $::waiting]==0} return
  set ::waiting [lassign $::waiting file]
  incr ::running
  set channel [open |[list {*}$::runner $file </dev/null 2>@1] r]
  fconfigure $channel -blocking 0 -encoding utf-8
  set ::output($channel) ""
  set ::started($file) [clock milliseconds]
  fileevent $channel readable [list collect $channel $file]
}

proc collect {channel file} {
  append ::output($channel) [read $channel]
  if {![eof $channel]} return
  fconfigure $channel -blocking 1
  set ending [ending_of $channel]
  report $file $::output($channel) $ending
  unset ::output($channel)
  incr ::running -1
  start_next
}

# Closes the channel: "exit status 0", or what happened else.
proc ending_of {channel} {
  if {![catch {close $channel} message options]} {return "exit status 0"}
  lassign [dict get $options -errorcode] kind pid detail
  switch $kind {
    CHILDSTATUS {return "exit status $detail"}
    CHILDKILLED {return "killed by $detail"}
    default     {return $message}
  }
}

proc report {file output ending} {
  set lines [split [string trimright $output] \n]
  set pattern {^([0-9]+) passed, ([0-9]+) failed$}
  set passed 0
  set failed 0
  set whole [regexp $pattern [lindex $lines end] -> passed failed]
  if {$whole} {set lines [lrange $lines 0 end-1]}
  foreach line $lines {puts $line}
  set problem ""
  if {!$whole} {
    set problem "ended without a summary ($ending)"
  } elseif {$ending ne "exit status [expr {$failed>0}]"} {
    set problem "summary and ending disagree ($ending)"
  }
  if {$problem ne ""} {
    incr failed
    puts "FAIL $file: $problem"
  }
  set took [format %.1f [expr {([clock milliseconds]-$::started($file))/1000.0}]]
  puts "$file: $passed passed, $failed failed, $took s"
  flush stdout
  incr ::passed $passed
  incr ::failed $failed
}

# ---- all of them ---------------------------------------------------------------

set passed 0
set failed 0
set running 0
set runner [setting TEST_RUNNER [list [info nameofexecutable]]]
fconfigure stdout -encoding utf-8
set waiting [files_to_run $argv]
set files [llength $waiting]
set began [clock milliseconds]
for {set job [setting JOBS [processors]]} {$job>0} {incr job -1} {start_next}
while {$running>0} {vwait running}
if {$passed+$failed==0} {no_test test}
set seconds [expr {([clock milliseconds]-$began)/1000}]
puts "[expr {$passed+$failed}] tests of $files files in [expr {$seconds/60}] min [expr {$seconds%60}] s"
puts "$passed passed, $failed failed"
exit [expr {$failed>0}]
