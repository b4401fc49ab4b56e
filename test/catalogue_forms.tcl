# Every callable form of every aggregate, read from the catalogue, and random rows to
# call it on: what tests need that hold for all aggregates alike.
#
#   aggregate_forms       list of {label name arguments sliding}: one for each overload and
#                         number of arguments; arguments is SQL over the columns of rows_table
#   random_rows table n keys ?amounts?
#                         a table of n rows; keys integer, text, blob or mixed; amounts
#                         integer or real
#
# A new argument name gets its sample value in SAMPLE below.  Fits are left out: an iteration's JSON
# is the same to some digits only, and they have tests of their own. So are functions that
# depend on the order of (tied) rows: sequence.test and session.test run their forms.
#
# Columns of the table: id (1 ... n in a random order of rowid), n (1 ... n), g (group, 5 of
# them and NULL), shard (0 ... 6), customer, order_id, referrer, ts (the time in Unix seconds),
# time (the same in one of many spellings), amount, refund, flag, base, follow; and clean_*:
# what the conventions make of the raw column (blank is NULL, an integral REAL key is an INTEGER,
# numeric text is a number), so that plain SQL need not say it.

# Column arguments stand for themselves unless listed.
array set SAMPLE {
  window 30          as_of '2024-06-30'   churn_days 60       dormant_days 20
  mature_orders 2    tz '+08:00'          grain 'month'       q 0.75
  fraction 0.1       gap {'2 hours'}      limit 3600          max 2
  mode 'strict_increase'                  pattern '(?1)(?2)'  unit_days 1
  customer customer  order_id order_id    referrer referrer   time time
  amount amount      refund refund        flag flag           base base
  follow follow      quantity refund      revenue amount       cost refund
  new_customer customer                   cash_flow amount     conversation customer
  from_customer flag treated flag         outcome base         post follow
  in_segment flag    trait base           cap_window {'36 hours'}
  hours {'Mon-Fri 09:00-18:00'}   value order_id      weight amount
  funnel_mode 'strict_order'              c1 flag             ... base
  cN follow          channel referrer    answered flag
}

# The arguments of a signature: {name optional} each.
proc signature_arguments {signature} {
  set list {}
  set optional 0
  foreach word [split [string map {\[ { [ }} $signature]] {
    set word [string trim $word { ,]}]
    if {$word eq ""} continue
    if {$word eq "\["} {set optional 1; continue}
    lappend list [list [lindex [split $word =] 0] $optional]
  }
  return $list
}

proc sample_of {name} {
  if {![info exists ::SAMPLE($name)]} {
    error "argument \"$name\" needs a sample value in test/catalogue_forms.tcl"
  }
  return $::SAMPLE($name)
}

proc aggregate_forms {{handle db}} {
  set forms {}
  $handle eval {
    SELECT name, signature, sliding FROM siyu_catalogue WHERE kind='aggregate' AND name NOT GLOB '*_fit'
      AND name NOT IN ('sequence_match', 'sequence_count', 'sequence_times', 'sequence_next', 'within_cap')
  } {
    foreach line [split $signature \n] {
      regexp {^[a-z0-9_]+\((.*)\)$} $line -> arguments
      set names [signature_arguments $arguments]
      set required [llength [lsearch -all -exact -index 1 $names 0]]
      for {set count $required} {$count<=[llength $names]} {incr count} {
        set values {}
        foreach argument [lrange $names 0 $count-1] {
          lappend values [sample_of [lindex $argument 0]]
        }
        lappend forms [list $name-$count $name [join $values ", "] $sliding]
      }
    }
  }
  return $forms
}

# ---- random rows ----------------------------------------------------------------

# An SQL literal for the customer with that number, and for the clean key.
proc random_key {keys i} {
  if {[rnd 25]==0} {return [list [lindex {NULL '' {'   '}} [rnd 3]] NULL]}
  if {$keys eq "mixed"} {set keys [lindex {integer real text digits blob} [rnd 5]]}
  switch $keys {
    integer {return [list $i $i]}
    real    {return [list $i.0 $i]}
    text    {set z "'c-[string repeat x [expr {$i%40}]]-$i'"}
    digits  {set z "'$i'"}
    blob    {set z "x'[format %04x $i]'"}
  }
  list $z $z
}

# One spelling of an instant: text in UTC or with a zone, a number, Julian day.
proc random_time {ts} {
  if {[rnd 30]==0} {return [list [lindex {NULL '' {' '}} [rnd 3]] NULL]}
  set utc [clock format $ts -gmt 1 -format "%Y-%m-%d %H:%M:%S"]
  set east [clock format [expr {$ts+28800}] -gmt 1 -format "%Y-%m-%dT%H:%M:%S+08:00"]
  set slash [clock format $ts -gmt 1 -format "%Y/%N/%e %k:%M:%S"]
  regsub -all {(/|^) +} $slash {\1} slash
  regsub -all { +} $slash { } slash
  switch [rnd 7] {
    0 {return [list $ts $ts]}
    1 {return [list $ts.0 $ts]}
    2 {return [list '$ts' $ts]}
    3 {return [list '$east' $ts]}
    4 {return [list '$slash' $ts]}
    5 {return [list "julianday($ts, 'unixepoch')" $ts]}
    6 {return [list '${utc}Z' $ts]}
  }
}

# INTEGER, or a REAL that binary fractions hold exactly; a sixth are refunds.
proc random_amount {amounts} {
  if {[rnd 15]==0} {return [list [lindex {NULL '' {'  '}} [rnd 3]] NULL]}
  set v [expr {([rnd 2000]+1) * ([rnd 6]==0 ? -1 : 1)}]
  if {[rnd 20]==0} {set v 0}
  if {$amounts eq "real" && [rnd 3]} {set v [expr {$v/4.0}]}
  if {[rnd 8]==0} {return [list '$v' $v]}
  list $v $v
}

proc random_flag {} {
  lindex {{0 0} {1 1} {1 1} {0 0} {NULL NULL} {'' NULL} {'1' 1} {'0' 0} {0.5 0.5} {-2 -2}} [rnd 10]
}

proc random_rows {table n keys {amounts integer}} {
  execsql "DROP TABLE IF EXISTS $table;
    CREATE TABLE ${table}(id INTEGER PRIMARY KEY, n, g, shard, customer, order_id, referrer, ts,
      time, amount, refund, flag, base, follow, clean_customer, clean_order_id, clean_referrer,
      clean_ts, clean_amount, clean_refund, clean_flag, clean_base, clean_follow); BEGIN"
  set ids {}
  for {set i 1} {$i<=$n} {incr i} {lappend ids $i}
  set place 0
  foreach id [rnd_shuffle $ids] {
    lassign [random_key $keys [rnd [expr {$n/4+2}]]] customer cc
    lassign [random_key $keys [rnd [expr {$n/3+2}]]] order co
    lassign [random_key $keys [rnd [expr {$n/4+2}]]] referrer cr
    if {[rnd 3]==0} {set referrer NULL; set cr NULL}
    set ts [expr {1704067200 + [rnd 210]*86400 + [rnd 3]*3600*8}]
    lassign [random_time $ts] time ct
    lassign [random_amount $amounts] amount ca
    lassign [random_amount $amounts] refund cf
    lassign [random_flag] flag f1
    lassign [random_flag] base f2
    lassign [random_flag] follow f3
    set g [lindex {1 2 3 4 5 NULL} [rnd 6]]
    execsql "INSERT INTO $table VALUES($id, [incr place], $g, [rnd 7], $customer, $order,
      $referrer, $ts, $time, $amount, $refund, $flag, $base, $follow, $cc, $co, $cr, $ct, $ca,
      $cf, $f1, $f2, $f3)"
  }
  execsql COMMIT
}
