# What the tests of aggregates share: random orders, and every form of one function
# against plain SQL.  Sourced after harness.tcl.
#
#   random_orders rows        tables raw(id, g, customer, order_id, t, amount, quantity,
#                             revenue, cost, n) and clean, the same as plain SQL needs it:
#                             blanks are NULL, numeric text is a number.  n shuffles 1..rows.
#   rows_under_test           raw and clean from a table t(k, g, ...) of the test's own, with
#                             id and a shuffled n; for plain SQL that does the cleaning itself
#   do_forms_test name call plain ?option ...?
#       call    an aggregate call over the columns of raw: {gini(customer, amount)}
#       plain   an SQL expression over a relation %T with the columns of clean
#       -growing      only frames that start at UNBOUNDED PRECEDING
#       -tolerance x  default 1e-12
#   do_disturbed_test name call ?growing? ?setup?
#       allocation faults and interrupts, in the plain, the moving and the merged form.
#       setup makes a table s(id, ...); the default one has the columns of raw.
#   do_poll_test name sql
#       sql calls mark(x) in every row; what follows the last row can be interrupted

proc random_key {} {
  switch [rnd 12] {
    0 {return NULL}
    1 {return ''}
    2 {return "'  '"}
    3 {return "'[expr {1+[rnd 4]}]'"}
    4 {return "x'3[rnd 4]'"}
    5 {return "[expr {1+[rnd 3]}].0"}
    6 - 7 {return "'k[rnd 5]'"}
    default {return [expr {1+[rnd 6]}]}
  }
}

# Quarters, so that sums of REAL are exact in any order.
proc random_amount {} {
  switch [rnd 12] {
    0 {return NULL}
    1 {return ''}
    2 {return "' [rnd 90].25 '"}
    3 {return "'[rnd 90]'"}
    4 - 5 {return "[rnd 200].[lindex {0 25 5 75} [rnd 4]]"}
    6 {return -[expr {1+[rnd 60]}]}
    7 {return 0}
    default {return [rnd 300]}
  }
}

proc random_time {} {
  set day [format 2024-%02d-%02d [expr {1+[rnd 3]}] [expr {1+[rnd 28]}]]
  switch [rnd 12] {
    0 {return NULL}
    1 {return ''}
    2 {return "strftime('%s', '$day') + 0"}
    3 {return "'$day'"}
    default {return "'$day [format %02d [rnd 24]]:[lindex {00 15 30} [rnd 3]]:00'"}
  }
}

proc random_orders {rows} {
  db eval {
    DROP TABLE IF EXISTS raw; DROP TABLE IF EXISTS clean;
    CREATE TABLE raw(id INTEGER PRIMARY KEY, g, customer, order_id, t, amount, quantity,
                     revenue, cost, n);
  }
  set order {}
  for {set i 1} {$i<=$rows} {incr i} {lappend order $i}
  foreach n [rnd_shuffle $order] {
    db eval "INSERT INTO raw(g, customer, order_id, t, amount, quantity, revenue, cost, n)
      VALUES ([rnd 4], [random_key], [random_key], [random_time], [random_amount],
              [lindex {NULL 0 1 1 2 3 -1} [rnd 7]], [random_amount], [random_amount], $n)"
  }
  db eval {
    CREATE TABLE clean AS
    SELECT id, g,
      CASE WHEN typeof(customer)='text' AND trim(customer)='' THEN NULL
           WHEN typeof(customer)='real' THEN CAST(customer AS INTEGER) ELSE customer END AS customer,
      CASE WHEN typeof(order_id)='text' AND trim(order_id)='' THEN NULL
           WHEN typeof(order_id)='real' THEN CAST(order_id AS INTEGER) ELSE order_id END AS order_id,
      CASE typeof(t) WHEN 'integer' THEN datetime(t, 'unixepoch')
           ELSE datetime(nullif(t, '')) END AS t,
      CASE typeof(amount) WHEN 'text' THEN nullif(amount, '')+0 ELSE amount END AS amount,
      quantity,
      CASE typeof(revenue) WHEN 'text' THEN nullif(revenue, '')+0 ELSE revenue END AS revenue,
      CASE typeof(cost) WHEN 'text' THEN nullif(cost, '')+0 ELSE cost END AS cost, n
    FROM raw;
    CREATE UNIQUE INDEX clean_n ON clean(n);
  }
}

proc rows_under_test {} {
  set count [execsql {SELECT count(*) FROM t}]
  set order {}
  for {set i 1} {$i<=$count} {incr i} {lappend order $i}
  execsql {
    DROP TABLE IF EXISTS raw; DROP TABLE IF EXISTS clean; DROP TABLE IF EXISTS shuffled;
    CREATE TEMP TABLE shuffled(k INTEGER PRIMARY KEY, n);
  }
  foreach n [rnd_shuffle $order] {execsql {INSERT INTO shuffled(n) VALUES($n)}}
  execsql {
    CREATE TABLE raw AS SELECT k AS id, n, t.* FROM t JOIN shuffled USING (k);
    CREATE TABLE clean AS SELECT * FROM raw;
    CREATE UNIQUE INDEX clean_n ON clean(n);
  }
}

# The plain expression over a part of clean.
proc plain_over {plain where} {
  string map [list %T "(SELECT * FROM clean WHERE $where)"] $plain
}

# gini(customer, amount) -> gini_state(customer, amount)
proc state_call {call} {regsub {\(} $call {_state(} }
proc merge_call {call argument} {return "[lindex [split $call (] 0]_merge($argument)"}

# Frames by the shuffled row number n, and the rows that they hold.
proc frames_of {growing} {
  set frames {
    {ORDER BY n ROWS UNBOUNDED PRECEDING}                      {clean.n <= r.n}
    {ORDER BY n DESC ROWS UNBOUNDED PRECEDING}                 {clean.n >= r.n}
    {ORDER BY id ROWS UNBOUNDED PRECEDING}                     {clean.id <= r.id}
    {ORDER BY g ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING} {1}
    {PARTITION BY g ORDER BY n ROWS UNBOUNDED PRECEDING}       {clean.g = r.g AND clean.n <= r.n}
  }
  if {$growing} {return $frames}
  lappend frames {*}{
    {ORDER BY n ROWS 11 PRECEDING}                             {clean.n BETWEEN r.n-11 AND r.n}
    {ORDER BY n ROWS BETWEEN 40 PRECEDING AND 20 PRECEDING}    {clean.n BETWEEN r.n-40 AND r.n-20}
    {ORDER BY n ROWS BETWEEN 3 PRECEDING AND 30 FOLLOWING}     {clean.n BETWEEN r.n-3 AND r.n+30}
    {ORDER BY n ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING} {clean.n >= r.n}
    {ORDER BY g RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING}     {clean.g BETWEEN r.g-1 AND r.g+1}
    {ORDER BY n ROWS BETWEEN 9 PRECEDING AND 9 FOLLOWING EXCLUDE CURRENT ROW}
       {clean.n BETWEEN r.n-9 AND r.n+9 AND clean.n <> r.n}
    {PARTITION BY g ORDER BY n GROUPS 5 PRECEDING}
       {clean.g = r.g AND clean.n <= r.n AND
        (SELECT count(*) FROM clean z WHERE z.g = r.g AND z.n > clean.n AND z.n <= r.n) <= 5}
  }
  return $frames
}

proc do_forms_test {name call plain args} {
  set growing [expr {"-growing" in $args}]
  set tolerance 1e-12
  if {[dict exists [lsearch -all -inline -not $args -growing] -tolerance]} {
    set tolerance [dict get [lsearch -all -inline -not $args -growing] -tolerance]
  }
  do_same_test $name-all "SELECT $call FROM raw" \
    "SELECT [plain_over $plain 1]" $tolerance
  do_same_test $name-shuffled "SELECT $call FROM (SELECT * FROM raw ORDER BY n LIMIT -1)" \
    "SELECT [plain_over $plain 1]" $tolerance
  do_same_test $name-group "SELECT g, $call FROM raw GROUP BY g ORDER BY g" \
    "SELECT r.g, [plain_over $plain {clean.g = r.g}] FROM (SELECT DISTINCT g FROM clean) r ORDER BY r.g" $tolerance
  do_same_test $name-filter "SELECT $call FILTER (WHERE n%3=0) FROM raw" \
    "SELECT [plain_over $plain {clean.n%3=0}]" $tolerance
  do_same_test $name-merge-null "SELECT [merge_call $call s] FROM
      (SELECT NULL AS s UNION ALL SELECT [state_call $call] FROM raw)" \
    "SELECT [plain_over $plain 1]" $tolerance
  do_same_test $name-nobody "SELECT $call FROM raw WHERE 0" \
    "SELECT [plain_over $plain 0]" $tolerance
  foreach parts {1 2 7 50} {
    do_same_test $name-merge-$parts "SELECT [merge_call $call s] FROM
        (SELECT [state_call $call] AS s FROM raw GROUP BY (n * 7919 / 13) % $parts ORDER BY 1 DESC)" \
      "SELECT [plain_over $plain 1]" $tolerance
  }
  set number 0
  foreach {frame rows} [frames_of $growing] {
    do_same_test $name-frame-[incr number] "SELECT id, $call OVER ($frame) FROM raw ORDER BY id" \
      "SELECT r.id, [plain_over $plain $rows] FROM clean r ORDER BY r.id" $tolerance
  }
  if {$growing} {
    do_catchsql_test $name-moving "SELECT $call OVER (ORDER BY n ROWS 3 PRECEDING) FROM raw" \
      {1 {/*a window whose start moves is not possible here*/}}
  }
}

# A small table for sweeps: 24 rows, 9 customers, TEXT and INTEGER keys.
set ::disturbed_setup {
  db eval {
    CREATE TABLE s(id INTEGER PRIMARY KEY, customer, order_id, t, amount, quantity, revenue, cost);
    WITH RECURSIVE i(i) AS (VALUES (1) UNION ALL SELECT i+1 FROM i WHERE i<24)
    INSERT INTO s SELECT i, CASE WHEN i%9<4 THEN 'customer '||(i%9) ELSE i%9 END, i%11,
      date('2024-01-01', (i*i%40)||' days'), i*37%50, i%3, i*10, i*9%17 FROM i;
  }
}

proc do_disturbed_test {name call {growing 0} {setup ""}} {
  if {$setup eq ""} {set setup $::disturbed_setup}
  set frame [expr {$growing ? "ROWS UNBOUNDED PRECEDING" : "ROWS 6 PRECEDING"}]
  set window "SELECT $call OVER (ORDER BY id $frame) FROM s"
  set merge "SELECT [merge_call $call x] FROM (SELECT [state_call $call] AS x FROM s GROUP BY id%3)"
  foreach {form sql} [list plain "SELECT $call FROM s" window $window merge $merge] {
    do_fault_sweep $name-fault-$form $setup $sql
    do_interrupt_sweep $name-interrupt-$form $setup $sql
  }
}

# ---- interrupts while a result is made, after the last row -----------------------

proc mark {x} {set ::marked $::steps; return $x}
proc count_step {} {incr ::steps; expr {$::steps==$::stop_at}}

proc outcome_stopped_at {step sql} {
  set ::steps 0
  set ::stop_at $step
  db progress 1 count_step
  set outcome [catchsql $sql]
  db progress 0 {}
  return $outcome
}

proc do_poll_test {name sql} {
  db function mark mark
  do_test $name {
    set right [outcome_stopped_at 0 $sql]
    set after [expr {$::steps-$::marked}]
    set stopped 0
    set stride [expr {max(1, $after/12)}]           ;# each point runs the whole query
    for {set step [expr {$::marked+1}]; set end $::steps} {$step<=$end} {incr step $stride} {
      set outcome [outcome_stopped_at $step $sql]
      if {$outcome eq {1 interrupted}} {incr stopped} elseif {$outcome ne $right} {error $outcome}
    }
    expr {[lindex $right 0]==0 && $stopped>=5 ? "can be stopped" : "$after steps, $stopped stopped: $right"}
  } {can be stopped}
}
