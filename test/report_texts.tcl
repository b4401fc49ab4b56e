# Texts of sql/report: kept_NAME.sql keeps the rows of a view, or of a part of its WITH clause, in another way.
# In this order each finds what it reads.
set report_kept {order_statuses order_rows order_ids buyer customer_cycle customer_orders report_steps report_summary addressee audience_no_second_order trial_counts audience_trial kpi_channel}

proc report_text {file} {
  set in [open $file]
  fconfigure $in -encoding utf-8
  set text [read $in]
  close $in
  return $text
}

# Its statements, and the part of a WITH clause that stands behind them.
proc kept_text {name} {
  set text [report_text $harness::root/sql/report/kept_$name.sql]
  set end [string last ";\n" $text]
  list [string range $text 0 $end] [string trim [string range $text $end+1 end] "\n"]
}

# A TEMP view: one of main with that part of its WITH clause in place of its own.
proc kept_part {view as} {
  regexp -line {^-- keeps: \w+\.(\w+)$} [report_text $harness::root/sql/report/kept_$view.sql] all part
  set text [db one {SELECT sql FROM main.sqlite_master WHERE name = $view}]
  regsub {^CREATE VIEW \w+ AS[^\n]*\n} $text "CREATE TEMP VIEW $as AS\n" text
  set from [string first "\n  $part AS (" $text]
  set to [lindex [regexp -inline -indices -start [expr {$from + 1}] {\n(  \w+ AS \(|SELECT )} $text] 0 0]
  execsql [string replace $text $from $to "\n[lindex [kept_text $view] 1]\n"]
}
set report_parts {audience_no_second_order audience_trial kpi_channel}
