# The Tcl test harness.  A test file begins with
#
#     source [file join [file dirname [info script]] harness.tcl]
#     open_siyu
#
# and ends with finish_test.  It runs alone (tclsh test/x.test) or through
# test/run.tcl; the last line it prints is "N passed, N failed", and its exit
# status says the same.  A file without a test fails, and so does a test name
# used twice.  Environment:
#
#     SIYU        the extension (default ./siyu from the project's root)
#     FAULTSIM    the allocator between SQLite and malloc (default
#                 build/faultsim.so); see test/faultsim.c
#     SWEEP_STEP  distance between the points of a sweep (default 1); slow
#                 runs (valgrind) take a larger one
#     VERBOSE     1: a line for each test that passes
#
# Databases
#   open_siyu ?handle? ?file?        opens ::handle (default db) on file
#                                    (default :memory:), NULL shown as NULL,
#                                    and loads the extension
#   execsql sql ?handle?             rows as a flat list
#   catchsql sql ?handle?            {0 rows} or {1 message}
#   scratch_file name                path in a directory of this process that
#                                    finish_test removes
# SQL is evaluated in the caller's scope, so that $v and :v are bound.
#
# Tests
#   do_test name script expected
#   do_execsql_test name sql expected
#   do_catchsql_test name sql {1 message}
#   do_real_test name sql expected tolerance
#   do_same_test name sqlA sqlB ?tolerance? ?-empty?
# An expected value, or the message of do_catchsql_test, in the form /re/ is a
# regular expression, in the form /*glob*/ a glob pattern; ~ before it negates.
# do_real_test takes numbers for equal within a relative tolerance (absolute
# where the expected one is 0), integers and everything else only if they are
# the same.  do_same_test compares two queries in that way (default tolerance
# 1e-12), also their number of columns; no rows at all is a failure without
# -empty.  The order of rows counts: write ORDER BY.  What stands there as
# WITH name AS MATERIALIZED (...) is put into a temporary table first: the
# word is younger than the oldest SQLite, and the newest one counts each use
# of the name towards its limit of nested views.  plain_rows sql gives the
# rows of such a query elsewhere, as a flat list.
#
# Sweeps
#   do_fault_sweep name setup sql ?expected?
#   do_fault_sweep_error name setup sql message
#   do_load_fault_sweep name
#   do_interrupt_sweep name setup sql ?expected?
# A sweep puts the handle db aside, and in each pass opens a database of its
# own as db, with the extension loaded, evaluates the Tcl script setup in the
# caller's scope, then the SQL with a fault at the N-th allocation (or an
# interrupt at the N-th step of the virtual machine), N = 1, 2, 3 … until a
# pass meets none.  Every pass must end in the right answer or in "out of
# memory" ("interrupted"); the same SQL must then give the right answer on the
# same connection; and once db is closed SQLite must hold the memory it held
# before.  Where the SQL writes nothing, only the faults of preparing it have a
# connection each; then all share one, and memory is compared at its end
# (SWEEP_COLD=1: a connection each for all).  Without expected, the right answer is that of a pass without
# faults, which must have rows.  Keep setup small: it runs some thousand times.
#
# Random numbers, the same in every run
#   rnd n                            an integer 0 … n-1, n up to 2^31
#   rnd_seed text                    restart; the seed is else the file's name
#   rnd_shuffle list
#
# finish_test closes every handle and fails if SQLite still holds memory.

# Test files are UTF-8 in every locale: if this one was read otherwise, read it
# once more.
if {[encoding system] ne "utf-8" && [file isfile $argv0]} {
  encoding system utf-8
  fconfigure stdout -encoding utf-8
  source -encoding utf-8 $argv0
  exit 1
}

namespace eval harness {
  variable root [file dirname [file dirname [file normalize [info script]]]]
  variable file [file tail $::argv0]
  variable passed 0
  variable failed 0
  variable seen                ;# array: names of the tests so far
  variable handles {}          ;# names of all database handles ever opened
  variable random_state 0
  variable scratch ""          ;# the directory of scratch_file, once there
  variable countdown 0         ;# steps until tick interrupts
  variable interrupted 0       ;# times that tick did
  array set seen {}

  proc setting {name default} {
    if {[info exists ::env($name)] && $::env($name) ne ""} {
      return $::env($name)
    }
    return $default
  }

  proc load_faultsim {} {
    variable root
    set library [setting FAULTSIM [file join $root build faultsim.so]]
    if {![file exists $library]} {
      error "$library is missing: make it before running tests"
    }
    load [file normalize $library] Faultsim
  }
}

harness::load_faultsim
package require sqlite3

# ---- counting --------------------------------------------------------------

proc harness::begin {name} {
  variable seen
  if {[info exists seen($name)]} {
    fail $name "a test of this name ran before"
    return 0
  }
  set seen($name) 1
  return 1
}

proc harness::pass {name} {
  variable passed
  incr passed
  if {[setting VERBOSE 0]} {puts "ok   $name"; flush stdout}
}

proc harness::fail {name args} {
  variable failed
  variable file
  incr failed
  puts "FAIL $file: $name"
  foreach line $args {puts "     $line"}
}

# The verdict of one test: no complaints, or the complaints.
proc harness::verdict {name complaints} {
  if {[llength $complaints]} {
    fail $name {*}$complaints
  } else {
    pass $name
  }
}

proc harness::shorten {text} {
  if {[string length $text]<=2000} {return $text}
  return "[string range $text 0 1999]… ([string length $text] characters)"
}

proc harness::differ {got expected} {
  list "expected: [shorten $expected]" "got:      [shorten $got]"
}

# ---- comparing -------------------------------------------------------------

# Is it the text, or does it fit the pattern /re/, /*glob*/, ~/re/, ~/*glob*/?
proc harness::fits {got expected} {
  if {![regexp {^(~?)/(.*)/$} $expected -> negated pattern]} {
    return [string equal $got $expected]
  }
  if {[string match {[*]*} $pattern]} {
    set found [string match $pattern $got]
  } else {
    set found [regexp -- $pattern $got]
  }
  expr {$negated eq "" ? $found : !$found}
}

# A list written over several lines becomes the list; a pattern stays.
proc harness::as_list {expected} {
  if {[regexp {^~?/.*/$} $expected]} {return $expected}
  return [list {*}$expected]
}

proc harness::is_real {text} {
  regexp {^[-+]?(Inf|([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]+)?)$} $text
}

proc harness::is_integer {text} {
  regexp {^[-+]?[0-9]+$} $text
}

proc harness::close_enough {got expected tolerance} {
  if {$got eq $expected} {return 1}
  if {![is_real $got] || ![is_real $expected]} {return 0}
  if {[is_integer $got] && [is_integer $expected]} {return 0}
  if {[string match *Inf $got] || [string match *Inf $expected]} {return 0}
  scan $got %f got
  scan $expected %f expected
  set scale [expr {$expected==0 ? 1.0 : max(abs($got), abs($expected))}]
  expr {abs($got-$expected) <= $tolerance*$scale}
}

# Complaints about the first values that are not close enough.
proc harness::compare_values {got expected tolerance} {
  if {[llength $got]!=[llength $expected]} {
    return [list "expected [llength $expected] values, got [llength $got]" \
                 {*}[differ $got $expected]]
  }
  set complaints {}
  set place 0
  foreach g $got e $expected {
    incr place
    if {[close_enough $g $e $tolerance]} continue
    lappend complaints "value $place: expected $e, got $g"
    if {[llength $complaints]>=5} break
  }
  return $complaints
}

# ---- databases -------------------------------------------------------------

proc harness::note_handle {command args} {
  variable handles
  set name [lindex $command 1]
  if {![string match -* $name] && $name ni $handles} {lappend handles $name}
}
trace add execution sqlite3 enter harness::note_handle

proc harness::extension_path {} {
  variable root
  set path [setting SIYU [file join $root siyu]]
  if {[file pathtype $path] eq "relative"} {set path [file join $root $path]}
  return $path
}

proc harness::open_plain {handle file} {
  sqlite3 ::$handle $file
  ::$handle nullvalue NULL
  ::$handle enable_load_extension 1
  if {[package vcompare [sqlite3 -version] 3.35]<0} {
    # What the tests' own SQL calls and the older versions lack.
    ::$handle function pow -argcount 2 {::tcl::mathfunc::pow}
    ::$handle function sqrt -argcount 1 {::tcl::mathfunc::sqrt}
  }
}

proc harness::load_into {handle path} {
  if {[catch {::$handle eval {SELECT load_extension($path)}} message]} {
    error "cannot load $path: $message"
  }
}

proc open_siyu {{handle db} {file :memory:}} {
  set handle [string trimleft $handle :]
  harness::open_plain $handle $file
  harness::load_into $handle [harness::extension_path]
}

proc execsql {sql {handle db}} {
  uplevel 1 [list $handle eval $sql]
}

proc catchsql {sql {handle db}} {
  set code [catch {uplevel 1 [list $handle eval $sql]} result]
  list $code $result
}

proc scratch_file {name} {
  upvar 0 harness::scratch directory
  if {$directory eq ""} {
    set directory [file join $harness::root build scratch-[pid]]
    file mkdir $directory
  }
  return [file join $directory $name]
}

# ---- tests -----------------------------------------------------------------

proc do_test {name script expected} {
  if {![harness::begin $name]} return
  if {[catch {uplevel 1 $script} got]} {
    harness::fail $name "error: $got"
  } elseif {[harness::fits $got $expected]} {
    harness::pass $name
  } else {
    harness::fail $name {*}[harness::differ $got $expected]
  }
}

proc do_execsql_test {name sql {expected {}}} {
  set script [list execsql $sql]
  uplevel 1 [list do_test $name $script [harness::as_list $expected]]
}

proc do_catchsql_test {name sql expected} {
  if {![harness::begin $name]} return
  lassign [uplevel 1 [list catchsql $sql]] code got
  lassign $expected expected_code message
  if {!$expected_code} {set message [harness::as_list $message]}
  if {$code==$expected_code && [harness::fits $got $message]} {
    harness::pass $name
  } else {
    harness::fail $name {*}[harness::differ [list $code $got] $expected]
  }
}

proc do_real_test {name sql expected tolerance} {
  if {![harness::begin $name]} return
  if {[catch {uplevel 1 [list execsql $sql]} got]} {
    harness::fail $name "error: $got"
    return
  }
  harness::verdict $name [harness::compare_values $got $expected $tolerance]
}

# {number of columns, flat list of values} of one query.
proc harness::table_of {level sql} {
  lassign [materialize [string trimright $sql "; \t\n"]] tables query
  set made {}
  try {
    foreach {name create} $tables {
      uplevel $level [list db eval $create]
      lappend made $name
    }
    set outline "SELECT * FROM (\n$query\n) LIMIT 0"
    uplevel $level [list db eval $outline ::harness::outline {}]
    set width [llength $::harness::outline(*)]
    unset ::harness::outline
    return [list $width [uplevel $level [list db eval $query]]]
  } finally {
    foreach name $made {catch {db eval "DROP TABLE temp.$name"}}
  }
}

# ---- WITH ... AS MATERIALIZED ------------------------------------------------

# The rows of such a query, as a flat list.
proc plain_rows {sql} {
  lindex [harness::table_of [harness::caller] $sql] 1
}

# {name, CREATE TEMP TABLE, name, ... } and the query that reads those tables.
proc harness::materialize {sql} {
  set tables {}
  foreach start [clauses $sql] {
    if {![regexp -start $start -indices -nocase {\AWITH\M(\s+RECURSIVE\M)?\s*} $sql whole]} continue
    set place [expr {[lindex $whole 1]+1}]
    lassign [common_tables $sql $place] entries end
    if {1 ni [lmap entry $entries {lindex $entry 1}]} continue
    set kept {}
    foreach entry $entries {
      lassign $entry name is_table text
      if {!$is_table} {lappend kept $text; continue}
      lappend tables $name "CREATE TEMP TABLE $name AS\
        WITH RECURSIVE [join [concat $kept [list $text]] ,\n] SELECT * FROM $name"
    }
    set with [expr {[llength $kept] ? "WITH RECURSIVE [join $kept ,\n]\n" : ""}]
    set sql [string range $sql 0 $start-1]$with[string range $sql $end end]
    break
  }
  list $tables $sql
}

# Where the word WITH stands outside of texts and comments.
proc harness::clauses {sql} {
  set found {}
  foreach token [regexp -all -nocase -inline -indices {'[^']*'|"[^"]*"|--[^\n]*|\mWITH\M} $sql] {
    if {[string equal -nocase [string range $sql {*}$token] with]} {
      lappend found [lindex $token 0]
    }
  }
  return $found
}

# From place on: a list of {name, whether MATERIALIZED, the entry without the
# word}, and where the query begins.
proc harness::common_tables {sql place} {
  set entries {}
  while 1 {
    if {![regexp -start $place -indices -nocase -expanded {
      \A(?:\s|--[^\n]*\n)*  (\w+)  (\s*\([^()]*\))?  \s+AS\M  (\s+(?:NOT\s+)?MATERIALIZED\M)?  \s*\(
    } $sql whole name columns word]} {error "no common table at: [string range $sql $place $place+60]"}
    set end [closing $sql [lindex $whole 1]]
    set head [string range $sql {*}$name]
    if {[lindex $columns 0]>=0} {append head [string range $sql {*}$columns]}
    set is_table [string match -nocase materialized [string trim [string range $sql {*}$word]]]
    lappend entries [list [string range $sql {*}$name] $is_table \
      "$head AS [string range $sql [lindex $whole 1] $end]"]
    set place [expr {$end+1}]
    if {![regexp -start $place -indices {\A\s*,} $sql comma]} {return [list $entries $place]}
    set place [expr {[lindex $comma 1]+1}]
  }
}

# The place of the ) that belongs to the ( at open.
proc harness::closing {sql open} {
  set depth 0
  foreach token [regexp -all -inline -indices -start $open {'[^']*'|"[^"]*"|--[^\n]*|[()]} $sql] {
    switch [string range $sql {*}$token] {
      ( {incr depth}
      ) {if {[incr depth -1]==0} {return [lindex $token 0]}}
    }
  }
  error "unbalanced: [string range $sql $open $open+60]"
}

proc do_same_test {name sqlA sqlB args} {
  set tolerance 1e-12
  foreach word $args {
    if {$word ne "-empty"} {set tolerance $word}
  }
  if {![harness::begin $name]} return
  if {[catch {
    lassign [harness::table_of [harness::caller] $sqlA] widthA a
    lassign [harness::table_of [harness::caller] $sqlB] widthB b
  } message]} {
    harness::fail $name "error: $message"
  } elseif {$widthA!=$widthB} {
    harness::fail $name "$widthA columns against $widthB"
  } elseif {[llength $a]==0 && [llength $b]==0 && "-empty" ni $args} {
    harness::fail $name "neither query has a row"
  } else {
    harness::verdict $name [harness::compare_values $a $b $tolerance]
  }
}

# The absolute level of the scope that called the calling proc.
proc harness::caller {} {
  return "#[expr {[info level]-2}]"
}

# ---- sweeps: what they share -------------------------------------------------

# Evaluates script in the proc that calls, with no handle db in its way.
proc harness::with_db_aside {script} {
  set aside [expr {[llength [info commands ::db]]>0}]
  if {$aside} {rename ::db ::harness::db_aside}
  set code [catch {uplevel 1 $script} result options]
  if {[llength [info commands ::db]]} {::db close}
  if {$aside} {rename ::harness::db_aside ::db}
  return -options $options $result
}

# A statement is finalized when it is done: the Tcl interface keeps none.
proc harness::open_for_sweep {level setup} {
  open_siyu db
  db cache size 0
  if {[catch {uplevel $level $setup} message]} {error "setup: $message"}
}

# {0 rows} or {1 message} of the SQL in the caller's scope.
proc harness::outcome {level sql} {
  set code [catch {uplevel $level [list db eval $sql]} result]
  list $code $result
}

proc harness::same_outcome {got right} {
  lassign $got code result
  lassign $right right_code right_result
  expr {$code==$right_code && [fits $result $right_result]}
}

# Changes when SQL has written something.
proc harness::database_version {} {
  list [db total_changes] \
       [db eval {PRAGMA main.schema_version}] \
       [db eval {PRAGMA temp.schema_version}]
}

# Allocations that may be those of a connection's first use alone: a table that exists without CREATE
# is made, of which preparing is all.  0 where SQL opens no virtual table.
proc harness::calls_once_a_connection {level setup sql} {
  open_for_sweep $level $setup
  faultsim arm 1000000000 once
  set failed [catch {uplevel $level [list db eval "EXPLAIN $sql"]} rows]
  set calls [faultsim calls]
  faultsim disarm
  db close
  if {$failed} {return -1}
  expr {"VOpen" in $rows ? $calls : 0}
}

# One pass without faults: {outcome, whether the SQL only reads}.
proc harness::undisturbed {level setup sql} {
  open_for_sweep $level $setup
  set version [database_version]
  set outcome [outcome $level $sql]
  set only_reads [expr {$version eq [database_version]}]
  db close
  list $outcome $only_reads
}

# The right outcome, if expected says what it is, else that of the first pass.
proc harness::right_outcome {first expected} {
  if {[llength $expected]} {return [lindex $expected 0]}
  lassign $first code rows
  if {$code} {error "without a disturbance: $rows"}
  if {[llength $rows]==0} {error "without a disturbance there is no row"}
  return $first
}

# Bytes more than base; base is then moved, so that a leak is told once.
proc harness::growth {base_name} {
  upvar 1 $base_name base
  set now [faultsim memory_used]
  set growth [expr {$now-$base}]
  set base $now
  return $growth
}

proc harness::leak_complaint {where growth} {
  if {$growth==0} return
  list "$where: $growth bytes are not given back"
}

# 1, 2, 3 … at a distance of SWEEP_STEP; beyond fine_until ever wider.
proc harness::next_point {point fine_until {stride 1}} {
  set step [expr {[setting SWEEP_STEP 1]*$stride}]
  if {$point>$fine_until} {incr step [expr {($point-$fine_until)/30}]}
  expr {$point+$step}
}

# Body of a sweep's proc: counts an error in setup as the test's failure.
proc harness::sweep_test {name sweep args} {
  if {![begin $name]} return
  if {[catch {with_db_aside {$sweep {*}$args}} complaints]} {
    set complaints [list "error: $complaints"]
  }
  if {[llength $complaints]>12} {
    set more [expr {[llength $complaints]-12}]
    set complaints [list {*}[lrange $complaints 0 11] "… and $more more"]
  }
  verdict $name $complaints
}

# ---- sweeps of allocation faults ---------------------------------------------

proc do_fault_sweep {name setup sql args} {
  if {[llength $args]} {
    set args [list [list 0 [harness::as_list [lindex $args 0]]]]
  }
  harness::sweep_test $name harness::fault_sweep [harness::caller] \
    $setup $sql $args
}

proc do_fault_sweep_error {name setup sql message} {
  harness::sweep_test $name harness::fault_sweep [harness::caller] \
    $setup $sql [list [list 1 $message]]
}

proc harness::fault_sweep {level setup sql expected} {
  set base [faultsim memory_used]
  lassign [undisturbed $level $setup $sql] first only_reads
  set right [right_outcome $first $expected]
  if {![same_outcome $first $right]} {
    return [list "without a fault" {*}[differ $first $right]]
  }
  set complaints [leak_complaint "without a fault" [growth base]]
  set warm [expr {$only_reads && [setting SWEEP_COLD 0]==0}]
  set cold [expr {$warm ? [calls_once_a_connection $level $setup $sql] : -1}]
  foreach mode {once persistent} {
    set met 1
    for {set n 1} {$met && ($cold<0 || $n<=$cold)} {set n [next_point $n 10000]} {
      set where "fault $n $mode"
      open_for_sweep $level $setup
      lappend complaints {*}[fault_pass $where $level $sql $right $only_reads $n $mode met]
      db close
      lappend complaints {*}[leak_complaint $where [growth base]]
    }
    if {$warm} {
      open_for_sweep $level $setup
      outcome $level $sql
      set met 1
      for {set n 1} {$met} {set n [next_point $n 10000]} {
        lappend complaints {*}[fault_pass "fault $n $mode" $level $sql $right $only_reads $n $mode met]
      }
      db close
      lappend complaints {*}[leak_complaint "faults $mode, one of 1 to $n (SWEEP_COLD=1 tells which)" [growth base]]
    }
    if {$n<=[next_point 1 10000]} {
      lappend complaints "no allocation was met in mode $mode"
    }
  }
  return $complaints
}

# One pass; gives its complaints and sets met to the number of faults met.
proc harness::fault_pass {where level sql right only_reads n mode met_name} {
  upvar 1 $met_name met
  faultsim arm $n $mode
  set got [outcome $level $sql]
  lassign [faultsim disarm] met _ benign
  set code [db errorcode]
  set complaints {}
  if {$got eq {1 {out of memory}} && $met} {
    if {$code!=7} {lappend complaints "$where: out of memory has code $code"}
  } elseif {$benign && $code==1 && $got eq {1 {SQL logic error}} && [lindex $right 0]==1} {
    # SQLite itself copies an error's text for sqlite3_errmsg() as a benign
    # allocation: when that fails the code stays and the words are gone.
  } elseif {![same_outcome $got $right]} {
    lappend complaints "$where: [shorten $got]"
  }
  if {$only_reads && $met} {
    set again [outcome $level $sql]
    if {![same_outcome $again $right]} {
      lappend complaints "$where, then again without: [shorten $again]"
    }
  }
  return $complaints
}

# ---- sweeps of faults while the extension is loaded ----------------------------

# Each pass must load everything, or report the failure.  When the entry point
# fails SQLite unmaps the library, but keeps the functions already registered,
# and while SELECT load_extension() runs it lets nobody take them back: they
# may stay only if the library is still mapped (linked with -z nodelete).  A
# second attempt on that connection must load everything or report why not.
# The library is a copy, so that no other handle keeps the code mapped.
proc do_load_fault_sweep {name} {
  harness::sweep_test $name harness::load_fault_sweep
}

proc harness::load_fault_sweep {} {
  set path [extension_copy]
  set base [faultsim memory_used]
  open_plain db :memory:
  set bare [surface]
  load_into db $path
  set full [surface]
  db close
  if {$full eq $bare} {return [list "loading adds no function and no table"]}
  set complaints [leak_complaint "without a fault" [growth base]]
  foreach mode {once persistent} {
    set met 1
    for {set n 1} {$met} {set n [next_point $n 10000]} {
      set where "fault $n $mode"
      lappend complaints \
        {*}[load_fault_pass $where $path $bare $full $n $mode met] \
        {*}[leak_complaint $where [growth base]]
    }
  }
  return $complaints
}

proc harness::extension_copy {} {
  set path [extension_path]
  if {![file exists $path]} {append path [info sharedlibextension]}
  set copy [scratch_file [file tail $path]]
  file copy -force $path $copy
  return $copy
}

# Names of all functions and virtual tables of the connection.
proc harness::surface {} {
  db eval {
    SELECT DISTINCT name, narg, type FROM pragma_function_list
    UNION ALL SELECT name, NULL, 'module' FROM pragma_module_list
    WHERE name NOT LIKE 'pragma%'
    ORDER BY 1, 2, 3
  }
}

# SQLite's own loader wraps the extension's message, and loses it when there
# is no memory for the wrapping.
proc harness::is_load_failure {message} {
  foreach pattern {
    "" "out of memory" "error during initialization: "
    "error during initialization: *out of memory*"
  } {
    if {[string match $pattern $message]} {return 1}
  }
  return 0
}

proc harness::load_fault_pass {where path bare full n mode met_name} {
  upvar 1 $met_name met
  open_plain db :memory:
  db cache size 0
  faultsim arm $n $mode
  set failed [catch {db eval {SELECT load_extension($path)}} message]
  lassign [faultsim disarm] met
  set complaints {}
  if {$failed && !($met && [is_load_failure $message])} {
    lappend complaints "$where: $message"
  }
  if {!$failed && [surface] ne $full} {
    lappend complaints "$where: not all is there"
  }
  if {$failed && [surface] ne $bare && ![is_mapped $path]} {
    lappend complaints "$where: functions are left whose code is unmapped"
  } elseif {![catch {load_into db $path}] && [surface] ne $full} {
    lappend complaints "$where, then again without: not all is there"
  }
  db close
  return $complaints
}

# Is the library part of this process?  Where that cannot be known, it is not.
proc harness::is_mapped {path} {
  if {[catch {open /proc/self/maps} maps]} {return 0}
  set found [string match *[file normalize $path]* [read $maps]]
  close $maps
  return $found
}

# ---- sweeps of interrupts ------------------------------------------------------

# The SQL should only read: it runs many times on one connection.
proc do_interrupt_sweep {name setup sql args} {
  if {[llength $args]} {
    set args [list [list 0 [harness::as_list [lindex $args 0]]]]
  }
  harness::sweep_test $name harness::interrupt_sweep [harness::caller] \
    $setup $sql $args
}

# Two ways to interrupt: the progress handler says so, at one step only (a
# statement that swallows it would go on), or sqlite3_interrupt is called.
proc harness::interrupt_sweep {level setup sql expected} {
  set base [faultsim memory_used]
  lassign [undisturbed $level $setup $sql] first only_reads
  set right [right_outcome $first $expected]
  if {![same_outcome $first $right]} {
    return [list "without an interrupt" {*}[differ $first $right]]
  }
  if {!$only_reads} {return [list "the SQL writes"]}
  set complaints {}
  foreach way {progress interrupt} {
    open_for_sweep $level $setup
    set met 1
    # The two ways stop at the same steps: the second one is tried at every third.
    set stride [expr {$way eq "interrupt" ? 3 : 1}]
    for {set n 1} {$met} {set n [next_point $n 300 $stride]} {
      lappend complaints {*}[interrupt_pass $level $sql $right $n $way met]
    }
    if {$n<=[next_point 1 300 $stride]} {
      lappend complaints "no step was met by $way"
    }
    db close
    lappend complaints {*}[leak_complaint "after $way" [growth base]]
  }
  return $complaints
}

proc harness::interrupt_pass {level sql right n way met_name} {
  upvar 1 $met_name met
  variable countdown $n
  variable interrupted 0
  db progress 1 "harness::tick $way"
  set got [outcome $level $sql]
  db progress 0 {}
  set met $interrupted
  set where "$way at step $n"
  set complaints {}
  if {$met && [is_interruption $got]} {
    # as it should be
  } elseif {![same_outcome $got $right]} {
    lappend complaints "$where: [shorten $got]"
  }
  set again [outcome $level $sql]
  if {![same_outcome $again $right]} {
    lappend complaints "$where, then again without: [shorten $again]"
  }
  return $complaints
}

# SQLite 3.54, interrupted while it prepares a window function, says the second.
proc harness::is_interruption {got} {
  lassign $got code message
  expr {$code && ($message eq "interrupted" || [regexp {^expected 0 columns for '' but got [0-9]+$} $message])}
}

# Called at each step; a true result interrupts the statement.
proc harness::tick {way} {
  variable countdown
  variable interrupted
  if {[incr countdown -1]!=0} {return 0}
  incr interrupted
  if {$way eq "progress"} {return 1}
  db interrupt
  return 0
}

# ---- random numbers ------------------------------------------------------------

proc rnd_seed {text} {
  set state 0
  foreach letter [split $text ""] {
    set state [expr {($state*31 + [scan $letter %c]) & 0xFFFFFFFFFFFF}]
  }
  set harness::random_state $state
  for {set i 0} {$i<5} {incr i} {rnd 2}
}

# Knuth's linear congruential generator modulo 2^64; the upper 31 bits count.
proc rnd {n} {
  upvar 0 harness::random_state state
  set state [expr {
    ($state*6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
  }]
  expr {(($state>>33)*$n)>>31}
}

proc rnd_shuffle {list} {
  for {set i [expr {[llength $list]-1}]} {$i>0} {incr i -1} {
    set j [rnd [expr {$i+1}]]
    set other [lindex $list $j]
    lset list $j [lindex $list $i]
    lset list $i $other
  }
  return $list
}

rnd_seed $harness::file

# ---- the end of a file ---------------------------------------------------------

proc harness::close_all {} {
  variable handles
  foreach handle $handles {
    if {[llength [info commands $handle]]} {catch {$handle close}}
  }
}

proc finish_test {} {
  harness::close_all
  if {$harness::passed+$harness::failed==0} {
    harness::fail "(the file)" "no test ran"
  }
  if {[faultsim memory_used]!=$harness::memory_base} {
    harness::fail "(the file)" "all databases are closed, yet SQLite holds\
      [expr {[faultsim memory_used]-$harness::memory_base}] bytes more"
  }
  if {$harness::scratch ne ""} {file delete -force $harness::scratch}
  puts "$harness::passed passed, $harness::failed failed"
  exit [expr {$harness::failed>0}]
}

# What SQLite keeps from its first database on is no leak.
sqlite3 harness_first :memory:
harness_first eval {CREATE TABLE t(a); SELECT * FROM t}
harness_first close
set harness::memory_base [faultsim memory_used]
