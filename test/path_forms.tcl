# Tests that every aggregate of the same kind needs, for test files that have sourced
# harness.tcl.
#
#     sweep_forms name call setup ?order?
# Faults and interrupts in each form of name: per group c of table e, as a running window
# in that order (default t) over the groups below 4, as a state, and as a merge.
#
#     do_example_test name sliding
# The catalogue's example prints its output; sliding is what the record must say.
#
#     do_result_interrupt_test name rows sql
# sql reads seen(t) of so many rows of the table long_history, in no order of t, and is
# interrupted in the result, at the tenth step after the last of them: the statement's own steps
# are over by then.

proc sweep_forms {name call setup {order t}} {
  foreach {form sql} [list \
    group  "SELECT c, $name$call FROM e GROUP BY c" \
    window "SELECT c, $name$call OVER (PARTITION BY c ORDER BY $order ROWS UNBOUNDED PRECEDING) FROM e WHERE c<4" \
    state  "SELECT c, hex(${name}_state$call) FROM e GROUP BY c" \
    merge  "SELECT ${name}_merge(s) FROM (SELECT ${name}_state$call AS s FROM e GROUP BY c)" \
  ] {
    do_fault_sweep fault-$name-$form $setup $sql
    do_interrupt_sweep interrupt-$name-$form $setup $sql
  }
}

proc do_example_test {name sliding} {
  do_test example-$name {
    db eval {SELECT example, output, sliding FROM siyu_catalogue WHERE name=$name} {}
    set columns [llength [split [lindex [split $output \n] 0] |]]
    set values [db eval $example]
    set got {}
    for {set i 0} {$i<[llength $values]} {incr i $columns} {
      lappend got [join [lrange $values $i [expr {$i+$columns-1}]] |]
    }
    list [string equal [join $got \n] $output] $sliding
  } [list 1 $sliding]
}

proc do_result_interrupt_test {name rows sql} {
  db eval {
    CREATE TEMP TABLE long_history AS
    WITH RECURSIVE g(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM g WHERE i<CAST($rows AS INTEGER))
    SELECT (i*7919)%1000003 AS t FROM g
  }
  set ::forms_rows 0
  set ::forms_steps 0
  db function seen {apply {{t} {incr ::forms_rows; return $t}}}
  do_test $name {
    db progress 1 "expr {\$::forms_rows==$rows && \[incr ::forms_steps\]>10}"
    set outcome [catchsql $sql]
    db progress 0 {}
    list $outcome $::forms_rows [expr {$::forms_steps>10}]
  } [list {1 interrupted} $rows 1]
  db eval {DROP TABLE long_history}
}
