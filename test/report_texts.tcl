# Texts of sql/report: kept_NAME.sql keeps the rows of a view, or of a part of its WITH clause, in another way.
# In this order each finds what it reads.
set report_kept {order_rows order_ids buyer customer_cycle customer_orders report_steps report_summary addressee audience_no_second_order audience_trial kpi_channel}

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
