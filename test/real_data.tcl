# The published purchases that the *_real tests read, where they are at hand.
#
#     real_file NAME          its path, or "" when it is absent
#     import_cdnow TABLE ?NAME?
#     import_retail
#
# SHARED_DATA names the folder (default ../shared/data from the project's root).

proc real_file {name} {
  set path [file join [harness::setting SHARED_DATA [file join [file dirname $harness::root] shared data]] $name]
  expr {[file exists $path] ? $path : ""}
}

# Ends the test file when one of the files is absent, and says so.
proc need_real_files {tests args} {
  set absent [lmap name $args {expr {[real_file $name] eq "" ? $name : [continue]}}]
  set empty [lmap name $args {expr {$name in $absent || [file size [real_file $name]] ? [continue] : $name}}]
  do_test at-hand-or-told [list set empty $empty] {}
  if {[llength $absent] == 0} return
  puts "$harness::file: skipped $tests tests, [join $absent {, }] is absent"
  finish_test
}

# CDNOW: customer INTEGER, time 'YYYY-MM-DD', units, cents INTEGER, in scattered order; the
# sample's lines begin with the customer's number in the whole set.
proc import_cdnow {table {name cdnow_master.txt.gz}} {
  db eval {CREATE TEMP TABLE read(customer INTEGER, time TEXT, units INTEGER, cents INTEGER); BEGIN}
  set file [open "|gunzip -c [list [real_file $name]]"]
  while {[gets $file line] >= 0} {
    lassign [lrange [regexp -all -inline {\S+} $line] end-3 end] customer date units money
    if {![string is double -strict $money]} continue
    set time [string range $date 0 3]-[string range $date 4 5]-[string range $date 6 7]
    set customer [scan $customer %d]
    set cents [expr {round($money * 100)}]
    db eval {INSERT INTO read VALUES ($customer, $time, $units, $cents)}
  }
  close $file
  db eval "COMMIT; CREATE TABLE $table AS SELECT * FROM read ORDER BY rowid * 48271 % 65537; DROP TABLE read"
}

# Online Retail, lines of known customers: customer, invoice, time 'YYYY-MM-DD HH:MM:SS', country,
# cents (a cancellation is negative).  Also invoice: a line for each, in scattered order, its time that
# of its first line.
proc import_retail {} {
  set csv [scratch_file retail.csv]
  set base [scratch_file retail.db]
  exec gunzip -c [real_file online_retail.csv.gz] > $csv
  exec sqlite3 -init /dev/null -batch $base << ".import --csv \"$csv\" line\n"
  db eval {
    ATTACH $base AS shop;
    CREATE TABLE line AS
      SELECT CustomerID AS customer, InvoiceNo AS invoice, InvoiceDate AS time, Country AS country,
             CAST(round(100 * Quantity * UnitPrice) AS INTEGER) AS cents
      FROM shop.line WHERE CustomerID <> '';
    DETACH shop;
    CREATE TABLE invoice AS
      SELECT invoice, customer, min(time) AS time, min(country) AS country, sum(cents) AS cents FROM line GROUP BY invoice, customer
        ORDER BY min(rowid) * 48271 % 65537;
  }
  file delete $csv $base
}
