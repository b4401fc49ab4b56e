# Random programs against ledgers: after each step the ledger holds what its source holds.
#
#   ledger_program kind steps     runs one; a failed comparison is a failed test

# The sources: an id or none, UNIQUE indexes that OR REPLACE takes rows away by, defaults that
# stand in for NULL, a customer that compares without case, columns that are computed.
array set LEDGER_SOURCE {
  id      {CREATE TABLE o(id INTEGER PRIMARY KEY, customer, time, amount, order_id, channel);
           CREATE INDEX o_customer ON o(customer)}
  text    {CREATE TABLE o(id INTEGER PRIMARY KEY, customer TEXT COLLATE NOCASE, time TEXT, amount REAL, order_id, channel TEXT)}
  none    {CREATE TABLE o(id INTEGER, customer, time, amount, order_id, channel)}
  unique  {CREATE TABLE o(id INTEGER PRIMARY KEY, customer INTEGER, time, amount, order_id NOT NULL DEFAULT 7, channel,
             UNIQUE(order_id, channel)); CREATE INDEX o_customer ON o(customer, time)}
  key     {CREATE TABLE o(id, customer, time, amount, order_id TEXT PRIMARY KEY, channel TEXT COLLATE NOCASE UNIQUE);
           CREATE UNIQUE INDEX o_part ON o(id, customer) WHERE amount > 0}
  child   {CREATE TABLE p(customer PRIMARY KEY); INSERT INTO p VALUES (1), (2), (3), (4), (5), ('a'), ('b'), (x'01');
           CREATE TABLE o(id INTEGER PRIMARY KEY, customer REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE, time, amount,
             order_id, channel AS (amount || customer))}
}

proc ledger_pick {args} { lindex $args [rnd [llength $args]] }

proc ledger_customer {kind} {
  if {$kind eq "child"} { return [ledger_pick 1 2 3 4 5 'a' 'b' x'01' NULL] }
  ledger_pick [rnd 6] [rnd 30] [rnd 2000] '[ledger_pick a b A bb abc {} { }]' 'k[rnd 40]' NULL x'0[rnd 9]' [rnd 4].5 [rnd 9].0
}
proc ledger_time {} {
  ledger_pick [expr {1700000000 + [rnd 90000000]}] [expr {1700000000 + [rnd 90000000]}] \
    '[format %04d-%02d-%02d [expr {2020 + [rnd 5]}] [expr {1 + [rnd 12]}] [expr {1 + [rnd 31]}]]' \
    '[format {2024-%02d-%02d %02d:%02d:%02d} [expr {1 + [rnd 12]}] [expr {1 + [rnd 28]}] [rnd 24] [rnd 60] [rnd 60]]' NULL [rnd 99].25
}
proc ledger_amount {} {
  ledger_pick [rnd 1000] [expr {-[rnd 300]}] [rnd 100].[rnd 100] [rnd 100].[rnd 100] 9007199254740993 NULL 1e300 -0.0 'x' x'' 0.1
}
proc ledger_row {kind} {
  set id [ledger_pick NULL NULL NULL NULL [rnd 60] [rnd 400] -[rnd 3]]
  set row [list $id [ledger_customer $kind] [ledger_time] [ledger_amount] [ledger_pick NULL [rnd 40] 'o[rnd 400]']]
  if {$kind ne "child"} { lappend row [ledger_pick NULL 'web' 'shop' 'Web' c[rnd 200]] }
  regsub -all {\mc(\d+)\M} [join $row ", "] {'c\1'} row
  return $row
}
proc ledger_columns {kind} {
  expr {$kind eq "child" ? "id, customer, time, amount, order_id" : "id, customer, time, amount, order_id, channel"}
}
proc ledger_where {kind} {
  ledger_pick "id = [rnd 100]" "customer IS [ledger_customer $kind]" "customer = [rnd 6]" "rowid % 37 = [rnd 37]" \
    "rowid = (SELECT max(rowid) FROM o)" "amount < -[rnd 300]" "rowid > (SELECT max(rowid) - 3 FROM o)"
}

# One statement of the program; its errors (a UNIQUE index, say) are part of it.
proc ledger_step {kind} {
  set or [ledger_pick "" "" "OR REPLACE" "OR REPLACE" "OR IGNORE" "OR FAIL" "OR ABORT" "OR ROLLBACK"]
  set into "o([ledger_columns $kind])"
  switch [rnd 20] {
    0 - 1 - 2 - 3 { return "INSERT $or INTO $into VALUES ([ledger_row $kind])" }
    4 - 5 { return "INSERT $or INTO $into VALUES ([ledger_row $kind]), ([ledger_row $kind]), ([ledger_row $kind])" }
    6 { return "REPLACE INTO $into SELECT [ledger_columns $kind] FROM o WHERE [ledger_where $kind]" }
    7 { return "UPDATE $or o SET customer = [ledger_customer $kind] WHERE [ledger_where $kind]" }
    8 { return "UPDATE $or o SET amount = [ledger_amount], time = [ledger_time] WHERE [ledger_where $kind]" }
    9 { return "UPDATE $or o SET id = [ledger_pick [rnd 100] id+1 id-1] WHERE [ledger_where $kind]" }
    10 { return "UPDATE $or o SET order_id = [ledger_pick NULL [rnd 40] 'o[rnd 100]'] WHERE [ledger_where $kind]" }
    11 - 12 { return "DELETE FROM o WHERE [ledger_where $kind]" }
    13 {
      if {[rnd 12]==0} { return "DELETE FROM o" }
      if {$kind ne "child"} { return "SELECT 1" }
      return [ledger_pick "DELETE FROM p WHERE customer = [rnd 6]" "UPDATE p SET customer = 9 WHERE customer = [rnd 6]" \
        "REPLACE INTO p VALUES ([rnd 6])" "INSERT OR IGNORE INTO p VALUES (1), (2), (3), (4), (5), ('a'), ('b')"]
    }
    14 {
      set on [expr {$kind in {id text unique child} ? "(id)" : $kind eq "key" ? "(order_id)" : ""}]
      if {$on eq ""} { return "SELECT 1" }
      return "INSERT INTO $into VALUES ([ledger_row $kind]) ON CONFLICT$on DO [ledger_pick NOTHING "UPDATE SET customer = excluded.customer" \
        "UPDATE SET amount = 5, customer = [ledger_customer $kind]"]"
    }
    15 { return [ledger_pick "INSERT INTO l(l) VALUES('sync')" "INSERT INTO l(l) VALUES('sync')" "INSERT INTO l(l) VALUES('optimize')" \
           "INSERT INTO l(l) VALUES('rebuild')"] }
    16 { return [ledger_pick "SAVEPOINT a" "SAVEPOINT b" "ROLLBACK TO a" "ROLLBACK TO b" "RELEASE a" "BEGIN" "BEGIN IMMEDIATE"] }
    17 { return [ledger_pick "COMMIT" "COMMIT" "ROLLBACK"] }
    18 { return [ledger_pick "INSERT INTO $into SELECT [ledger_columns $kind] FROM o" "VACUUM" "PRAGMA recursive_triggers = [rnd 2]" \
           "PRAGMA foreign_keys = [rnd 2]" "INSERT INTO l(l) VALUES('integrity-check')" "REINDEX" "ANALYZE"] }
    default { return "INSERT INTO $into SELECT NULL, customer, [ledger_time], [ledger_amount], order_id || 'x' [expr {
                $kind eq "child" ? "" : ", NULL"}] FROM o WHERE [ledger_where $kind] LIMIT 5" }
  }
}

set LEDGER_LOOK {quote(customer) || typeof(customer) || '|' || quote(time) || '|' || quote(amount) || typeof(amount) || '|' || quote(order_id) || '|' || quote(channel)}

# The rows of both, in one order, as one text.
proc ledger_rows {handle from} {
  $handle eval "SELECT $::LEDGER_LOOK AS x FROM $from ORDER BY x"
}

# What a statement of the second connection, which has no siyu, may do.
proc ledger_elsewhere {kind} {
  set sql [ledger_step $kind]
  while {[regexp {l\(l\)|SAVEPOINT|BEGIN|COMMIT|ROLLBACK|RELEASE|VACUUM} $sql]} { set sql [ledger_step $kind] }
  return $sql
}

# Compares after each step; returns {} or what went wrong.  extra is called with the handle now and then.
proc ledger_program {kind steps {journal delete} {extra ""}} {
  set file [scratch_file ledger_$kind$journal.db]
  file delete $file $file-wal $file-journal $file-shm
  open_siyu db $file
  sqlite3 other $file
  db timeout 0
  db eval "PRAGMA journal_mode = $journal; PRAGMA synchronous = OFF"
  other eval {PRAGMA synchronous = OFF}
  db eval $::LEDGER_SOURCE($kind)
  if {[rnd 2]} { catch {db eval "INSERT INTO o([ledger_columns $kind]) VALUES ([ledger_row $kind]), ([ledger_row $kind])"} }
  db eval {CREATE VIRTUAL TABLE l USING siyu_ledger(source=o, customer_col=customer, time_col=time, amount_col=amount,
    order_col=order_id, segment_cols=channel)}
  set wrong ""
  set log {}
  for {set n 1} {$n <= $steps && $wrong eq ""} {incr n} {
    set elsewhere [expr {[rnd 8]==0}]
    set sql [expr {$elsewhere ? [ledger_elsewhere $kind] : [ledger_step $kind]}]
    set failed [catch {[expr {$elsewhere ? "other" : "db"}] eval $sql} message]
    lappend log "$elsewhere $failed $sql"
    if {$failed && [regexp {ledger|siyu|malformed|damaged} $message] && ![regexp {locked} $message]} { set wrong "step $n: $sql: $message" }
    if {$wrong eq "" && [catch {ledger_rows db l} ours]} { set wrong "step $n: $sql: reading: $ours" }
    if {$wrong eq "" && $ours ne [ledger_rows db o]} { set wrong "step $n: $sql: [llength $ours] rows, not [llength [ledger_rows db o]], or others" }
    if {$wrong eq "" && $extra ne "" && $n % 40 == 0} { set wrong [{*}$extra db] }
    if {$wrong eq "" && $n % 17 == 0} {
      set key [ledger_customer $kind]
      set one [db eval "SELECT $::LEDGER_LOOK AS x FROM l WHERE customer = $key ORDER BY x"]
      if {$one ne [db eval "SELECT $::LEDGER_LOOK AS x FROM o WHERE (+customer) = $key COLLATE BINARY ORDER BY x"]} { set wrong "step $n: customer $key: $one" }
    }
    if {$wrong eq "" && [llength $ours] > 150} { catch {db eval {DELETE FROM o WHERE rowid % 3}} }
  }
  other close
  db close
  if {$wrong ne ""} { append wrong "\n" [join [lrange $log end-12 end] "\n"] }
  return $wrong
}

# ---- tables ------------------------------------------------------------------------------

# Every table of the contract, with the source's name in place of %s; the columns that order its rows.
set LEDGER_TABLES {
  cohort_window    {cohort_window(%s, 'customer', 'time', 'amount')}
  cohort_plain     {cohort_window(%s, 'customer', 'time')}
  cohort_week      {cohort_window(%s, 'customer', 'time', 'amount', 'week') WHERE order_col = 'order_id' AND segment_col = 'channel' AND tz = '+08:00' AND mode = 'rolling'}
  cohort_recurring {cohort_window(%s, 'customer', 'time', 'amount', 'quarter') WHERE retention_mode = 'recurring' AND tz = 'America/New_York'}
  cohort_origin    {cohort_window(%s, 'customer', 'time', 'amount', 'year') WHERE origin_col = 'time' AND cost_col = 'amount' AND retention_mode = 'on_or_after'}
  summary          {customer_summary(%s, 'customer', 'time', 'amount')}
  summary_orders   {customer_summary(%s, 'customer', 'time', 'amount', 'order_id', '2024-12-31') WHERE ties = 'ntile' AND tz = '-05:30'}
  period           {period_summary(%s, 'customer', 'time', 'amount')}
  period_segments  {period_summary(%s, 'customer', 'time', 'amount', 'week', 'order_id', 'channel')}
  worth            {value_summary(%s, 'customer', 'time', 'amount')}
  worth_month      {value_summary(%s, 'customer', 'time') WHERE window = '1 month' AND as_of = '2024-08-31' AND tz = '+08:00'}
  flow             {lifecycle_flow(%s, 'customer', 'time', 'amount', 'week')}
  transition       {stage_transition(%s, 'customer', 'time', '2024-03-31', '2024-09-30') WHERE order_col = 'order_id' AND amount_col = 'amount'}
  transition_state {stage_transition(%s, 'customer', 'time', '2024-03-31', '2024-09-30', 'channel')}
  funnel           {funnel(%s, 'customer', 'time', '90 days', 'is_web, is_shop') WHERE segment_col = 'channel'}
  path             {path_flow(%s, 'customer', 'time', 'channel')}
  referral         {referral_tree(%s, 'customer', 'order_id', 'amount', 'time')}
  identity         {identity_cluster(%s, 'order_id', 'channel', 'customer')}
  predict          {customer_predict(%s, 'customer', 'time', 'amount')}
  basket           {basket(%s, 'order_id', 'channel', 'amount')}
  overlap          {audience_overlap(%s, 'customer', 'channel')}
  profile          {trait_profile(%s, 'channel', 'order_id, customer')}
  cohort_events    {cohort_window(%s, 'customer', 'time', 'amount') WHERE periods = '0,1,3' AND min_orders = 2}
  attribution      {attribution(%s, %s, 'linear', '30 days') WHERE channel_col = 'channel' AND amount_col = 'amount' AND conversion_id_col = 'order_id'}
}

# The table's rows on the ledger and on the source: {} or what differs.
proc ledger_table_differs {handle form {ledger l} {source o}} {
  set on [string map [list %s '$ledger'] $form]
  set rows [string map [list %s '$source'] $form]
  set a [catch {ledger_sorted $handle $on} ours]
  set b [catch {ledger_sorted $handle $rows} theirs]
  if {$a && $b} { return {} }
  if {$a != $b} { return "$form: ledger: $a [string range $ours 0 200], rows: $b [string range $theirs 0 200]" }
  if {[llength $ours]!=[llength $theirs]} { return "$form: [llength $ours] values, not [llength $theirs]" }
  foreach x $ours y $theirs {
    if {$x ne $y && !([string is double -strict $x] && [string is double -strict $y] && abs($x - $y) <= 1e-12*abs($y))} {
      return "$form: $x, not $y"
    }
  }
  return {}
}
proc ledger_sorted {handle form} { $handle eval "SELECT * FROM $form ORDER BY 1, 2, 3" }

proc ledger_tables_differ {handle} {
  dict for {name form} $::LEDGER_TABLES {
    if {[regexp is_web $form]} continue
    set wrong [ledger_table_differs $handle $form]
    if {$wrong ne ""} { return $wrong }
  }
}
