# All forms of one aggregate against a second implementation in plain SQL.
#
#   check_forms name function arguments plain ?tolerance?
#
# The table t has the columns k (1, 2, 3 …, the order of windows), g (a group) and
# whatever `arguments` names.  `plain` is an SQL expression, most often a scalar subquery, that
# gives the same figure; FROM ROWS in it stands for the rows to look at.  Checked: the aggregate,
# GROUP BY, growing and moving frames recomputed row by row, EXCLUDE, states in random splits
# merged, states of shuffled rows, FILTER, no rows at all.
#
#   sweep_forms name function arguments setup
#
# Allocation faults and interrupts in the aggregate, a moving window, and states merged.

proc plain_over {plain where} {
  return [string map [list {FROM ROWS} "FROM (SELECT * FROM t AS inside WHERE $where)"] $plain]
}

set default_frames {
  {ROWS UNBOUNDED PRECEDING}              {inside.k <= o.k}
  {ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING} {inside.k BETWEEN o.k-3 AND o.k+1}
  {ROWS BETWEEN 12 PRECEDING AND 4 PRECEDING} {inside.k BETWEEN o.k-12 AND o.k-4}
  {ROWS BETWEEN 2 FOLLOWING AND UNBOUNDED FOLLOWING} {inside.k >= o.k+2}
  {ROWS BETWEEN 5 PRECEDING AND 5 FOLLOWING EXCLUDE CURRENT ROW}
                                          {inside.k BETWEEN o.k-5 AND o.k+5 AND inside.k<>o.k}
}

proc check_forms {name function arguments plain {tolerance 1e-12}} {
  set f ${function}($arguments)
  do_same_test $name-all "SELECT $f FROM t" "SELECT [plain_over $plain 1]" $tolerance
  do_same_test $name-none "SELECT $f FROM t WHERE 0" "SELECT [plain_over $plain 0]" $tolerance
  do_same_test $name-groups "SELECT g, $f FROM t GROUP BY g ORDER BY g" \
    "SELECT g, [plain_over $plain {inside.g IS o.g}] FROM t AS o GROUP BY g ORDER BY g" $tolerance
  do_same_test $name-filter "SELECT $f FILTER (WHERE k%3=0) FROM t" \
    "SELECT [plain_over $plain {inside.k%3=0}]" $tolerance
  set i 0
  foreach {frame where} $::default_frames {
    do_same_test $name-frame[incr i] \
      "SELECT k, $f OVER (ORDER BY k $frame) FROM t ORDER BY k" \
      "SELECT k, [plain_over $plain $where] FROM t AS o ORDER BY k" $tolerance
  }
  do_same_test $name-partition \
    "SELECT k, $f OVER (PARTITION BY g ORDER BY k ROWS 4 PRECEDING) FROM t ORDER BY k" \
    "SELECT k, [plain_over $plain {inside.k IN (SELECT k FROM t WHERE g IS o.g AND k<=o.k ORDER BY k DESC LIMIT 5)}]
     FROM t AS o ORDER BY k" $tolerance
  foreach parts {1 2 7 40} {
    execsql {DROP TABLE IF EXISTS split; CREATE TEMP TABLE split(k INTEGER PRIMARY KEY, part)}
    foreach k [execsql {SELECT k FROM t}] {
      set part [rnd $parts]
      execsql {INSERT INTO split VALUES($k, $part)}
    }
    do_same_test $name-states$parts \
      "SELECT ${function}_merge(s) FROM (SELECT ${function}_state($arguments) AS s FROM t JOIN split USING (k) GROUP BY part)" \
      "SELECT [plain_over $plain 1]" $tolerance
  }
  execsql {DROP TABLE IF EXISTS shuffled; CREATE TEMP TABLE shuffled(at INTEGER PRIMARY KEY, k)}
  foreach k [rnd_shuffle [execsql {SELECT k FROM t}]] {execsql {INSERT INTO shuffled(k) VALUES($k)}}
  do_same_test $name-shuffled "SELECT $f FROM (SELECT t.* FROM shuffled CROSS JOIN t USING (k) ORDER BY at)" \
    "SELECT [plain_over $plain 1]" $tolerance
  do_same_test $name-merge-null "SELECT ${function}_merge(s) FROM (SELECT NULL AS s UNION ALL SELECT ${function}_state($arguments) FROM t)" \
    "SELECT [plain_over $plain 1]" $tolerance
}

proc sweep_forms {name function arguments setup} {
  set aggregate "SELECT ${function}($arguments) FROM t"
  set window "SELECT ${function}($arguments) OVER (ORDER BY k ROWS 3 PRECEDING) FROM t"
  set merged "SELECT ${function}_merge(s) FROM (SELECT ${function}_state($arguments) AS s FROM t GROUP BY g)"
  foreach {form sql} [list all $aggregate window $window merge $merged] {
    do_fault_sweep $name-faults-$form $setup $sql
    do_interrupt_sweep $name-interrupts-$form $setup $sql
  }
}
