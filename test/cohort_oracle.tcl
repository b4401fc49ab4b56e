# cohort_window in plain SQL, written from the definitions alone: members, the bounds of
# each member's periods, rows joined to them by range.  Slow, and with nothing in common
# with the extension.  Sourced by the cohort tests.
#
# The source has the columns customer, ts (integer seconds of the time, or NULL), amount, ord,
# os (integer seconds of the origin), seg, cost; see random_orders.

# floor(a / b)
proc floored {a b} {return "((($a) - ((($a) % $b) + $b) % $b) / $b)"}

# Number of the period that holds x (seconds) in a zone z, and the seconds at which n begins.
proc period_number {grain z x} {
  set wall "(($x) + ($z))"
  set day [floored $wall 86400]
  set month "(CAST(strftime('%Y', $wall, 'unixepoch') AS INTEGER) * 12\
             + CAST(strftime('%m', $wall, 'unixepoch') AS INTEGER) - 1)"
  switch -regexp $grain {
    ^hour$ {return [floored $wall 3600]}
    ^day$ {return $day}
    ^week$ {return [floored "$day + 3" 7]}
    ^month$ {return $month}
    ^quarter$ {return "($month / 3)"}
    ^year$ {return "($month / 12)"}
    default {return [floored $day [lindex $grain 0]]}
  }
}
proc period_begin {grain z n} {
  set months [dict get {month 1 quarter 3 year 12 hour 0 day 0 week 0} \
                       [expr {$grain in {hour day week month quarter year} ? $grain : "day"}]]
  if {$months} {
    set m "(($n) * $months)"
    return "(CAST(strftime('%s', printf('%04d-%02d-01', $m / 12, $m % 12 + 1)) AS INTEGER) - ($z))"
  }
  switch $grain {
    hour {return "(($n) * 3600 - ($z))"}
    day {return "(($n) * 86400 - ($z))"}
    week {return "((($n) * 7 - 3) * 86400 - ($z))"}
    default {return "(($n) * [lindex $grain 0] * 86400 - ($z))"}
  }
}
# start (+) k periods; months clamp to the month's end.
proc rolled {grain z start k} {
  set months [expr {[dict exists {month 1 quarter 3 year 12} $grain] ? [dict get {month 1 quarter 3 year 12} $grain] : 0}]
  if {!$months} {
    set length [expr {[dict exists {hour 3600 day 86400 week 604800} $grain]
                      ? [dict get {hour 3600 day 86400 week 604800} $grain] : [lindex $grain 0] * 86400}]
    return "(($start) + ($k) * $length)"
  }
  set wall "(($start) + ($z))"
  set m "(CAST(strftime('%Y', $wall, 'unixepoch') AS INTEGER) * 12\
         + CAST(strftime('%m', $wall, 'unixepoch') AS INTEGER) - 1 + ($k) * $months)"
  set first "printf('%04d-%02d-01', $m / 12, $m % 12 + 1)"
  set day "min(CAST(strftime('%d', $wall, 'unixepoch') AS INTEGER),\
               CAST(strftime('%d', $first, '+1 month', '-1 day') AS INTEGER))"
  return "(CAST(strftime('%s', $first) AS INTEGER) + ($day - 1) * 86400\
         + ($wall % 86400 + 86400) % 86400 - ($z))"
}

# The plain SQL.  Options: grain z mode retention order origin segment cost amount (0 or 1) and
# as_of: {} or seconds after which nothing counts; until: seconds until which all was seen.
proc plain_cohort {table args} {
  set o [dict merge {grain month z 0 mode calendar retention exact order 0 origin 0 segment 0 cost 0
                     amount 1 as_of {} until {}} $args]
  dict with o {}
  set rolling [expr {$mode eq "rolling"}]
  # A cost with neither amount nor order is no order, where there is a column to tell.
  set alone [expr {$cost && ($amount || $order) ? "cost IS NOT NULL" : "0"}]
  if {$amount} {append alone " AND (amount IS NULL OR trim(amount) = '')"}
  if {$order} {append alone " AND (ord IS NULL OR trim(ord) = '')"}
  set named [expr {$order ? "ord IS NOT NULL AND trim(ord) <> ''" : "1"}]
  set known [expr {$order ? "($named OR $alone)" : "1"}]
  set seen "SELECT max(ts) FROM src WHERE $named"
  if {$origin} {set seen "SELECT max(x) FROM (SELECT max(ts) AS x FROM src WHERE $named UNION ALL SELECT max(os) FROM src)"}
  set last [expr {$as_of eq "" ? "($seen)" : $as_of}]
  set whole_until [expr {$until eq "" ? "($seen)" : $until}]
  set key [expr {$order ? "ord" : "rid"}]
  set starts [expr {$origin ? "SELECT customer, min(os) AS start FROM src, lim WHERE os <= L GROUP BY customer"
                            : "SELECT customer, min(ts) AS start FROM act WHERE isorder GROUP BY customer"}]
  set inside [expr {$origin || $rolling ? "a.ts >= m.start"
                    : "[period_number $grain $z a.ts] >= [period_number $grain $z m.start]"}]
  if {$rolling} {
    set lo [rolled $grain $z start k]
    set next [rolled $grain $z start {k + 1}]
  } else {
    set lo [period_begin $grain $z {n + k}]
    set next [period_begin $grain $z {n + k + 1}]
  }
  set begin [period_begin $grain $z n]
  set text [expr {$grain eq "hour" ? "datetime($begin + ($z), 'unixepoch')" : "date($begin + ($z), 'unixepoch')"}]
  set seg [expr {$segment ? "s.seg" : "NULL"}]
  set customers [expr {$retention eq "exact"
      ? "(SELECT count(*) FROM did d WHERE d.seg IS g.seg AND d.n = g.n AND d.k = g.k AND d.active)"
      : "(SELECT count(*) FROM latest d WHERE d.seg IS g.seg AND d.n = g.n AND d.k >= g.k)"}]
  set seers [expr {$retention eq "exact"
      ? "(SELECT count(*) FROM did d JOIN bound b ON b.customer = d.customer AND b.k = g.k, lim\
          WHERE d.seg IS g.seg AND d.n = g.n AND d.k = g.k AND d.active AND b.hi <= E)"
      : "(SELECT count(*) FROM latest d JOIN bound b ON b.customer = d.customer AND b.k = g.k, lim\
          WHERE d.seg IS g.seg AND d.n = g.n AND d.k >= g.k AND b.hi <= E)"}]
  set money [expr {$amount ? "coalesce(sum(amount), 0)" : "NULL"}]
  set spent [expr {$cost ? "coalesce(sum(cost), 0)" : "NULL"}]
  set is_order [expr {$amount ? "coalesce(amount >= 0, 1) AND NOT ($alone)" : "NOT ($alone)"}]
  set cost0 [expr {$cost && $origin ? "cost" : "NULL"}]
  set retained [expr {$rolling ? "1.0 * eligible_customers / nullif(eligible, 0)" : "1.0 * customers / cohort_size"}]
  return "
WITH RECURSIVE
src AS MATERIALIZED (
  SELECT rowid AS rid, CASE typeof(customer) WHEN 'real' THEN CAST(customer AS INTEGER) ELSE customer END AS customer,
         ts, CASE WHEN typeof(amount) <> 'text' THEN amount WHEN trim(amount) <> '' THEN amount + 0 END AS amount,
         ord, os, CASE WHEN typeof(seg) <> 'text' OR trim(seg) <> '' THEN seg END AS seg, cost
  FROM $table
  WHERE customer IS NOT NULL AND NOT (typeof(customer) = 'text' AND trim(customer) = '')),
lim(L, E) AS MATERIALIZED (SELECT $last, $whole_until),
act AS MATERIALIZED (
  SELECT src.*, $is_order AS isorder FROM src, lim WHERE ts <= L AND $known),
member AS MATERIALIZED ($starts),
live AS MATERIALIZED (SELECT a.* FROM act a JOIN member m ON m.customer = a.customer WHERE $inside),
pick AS (
  SELECT m.customer, $seg AS seg,
         row_number() OVER (PARTITION BY m.customer ORDER BY l.rid IS NULL, l.ts, s.seg) AS place
  FROM member m JOIN src s ON s.customer = m.customer
       LEFT JOIN live l ON l.rid = s.rid AND l.isorder AND l.ts >= m.start),
who AS MATERIALIZED (
  SELECT m.customer, m.start, pick.seg, [period_number $grain $z m.start] AS n
  FROM member m JOIN pick ON pick.customer = m.customer AND pick.place = 1),
step AS (
  SELECT customer, start, n, 0 AS k FROM who
  UNION ALL
  SELECT customer, start, n, k + 1 FROM step, lim WHERE $next <= L),
bound AS MATERIALIZED (SELECT customer, k, $lo AS lo, $next AS hi FROM step),
hit AS MATERIALIZED (
  SELECT l.customer, b.k, l.isorder, l.amount, l.cost, l.ts, l.$key AS key
  FROM live l JOIN bound b ON b.customer = l.customer AND l.ts >= b.lo AND l.ts < b.hi
  UNION ALL
  SELECT s.customer, 0, 0, NULL, $cost0, NULL, NULL FROM src s JOIN member m ON m.customer = s.customer WHERE s.ts IS NULL),
did AS MATERIALIZED (
  SELECT w.seg, w.n, h.customer, h.k, max(h.isorder) AS active, $money AS revenue, $spent AS cost
  FROM hit h JOIN who w ON w.customer = h.customer GROUP BY h.customer, h.k),
visit AS MATERIALIZED (
  SELECT w.seg, w.n, h.customer, min(h.k) AS k
  FROM hit h JOIN who w ON w.customer = h.customer WHERE h.isorder GROUP BY h.customer, h.key),
second AS MATERIALIZED (
  SELECT seg, n, k FROM (SELECT *, row_number() OVER (PARTITION BY customer ORDER BY k) AS place FROM visit)
  WHERE place = 2),
latest AS MATERIALIZED (SELECT seg, n, customer, max(k) AS k FROM did WHERE active GROUP BY customer),
grid AS MATERIALIZED (
  SELECT w.seg, w.n, b.k, count(*) FILTER (WHERE b.hi <= E) AS saw
  FROM who w JOIN bound b ON b.customer = w.customer, lim GROUP BY w.seg, w.n, b.k),
cells AS (
  SELECT g.seg, n, k, saw,
    (SELECT count(*) FROM who w WHERE w.seg IS g.seg AND w.n = g.n) AS cohort_size,
    $customers AS customers, $seers AS eligible_customers,
    (SELECT count(*) FROM visit v WHERE v.seg IS g.seg AND v.n = g.n AND v.k = g.k) AS orders,
    (SELECT count(*) FROM second v WHERE v.seg IS g.seg AND v.n = g.n AND v.k <= g.k) AS repeat_customers,
    (SELECT [expr {$amount ? "coalesce(sum(revenue), 0)" : "NULL"}] FROM did d WHERE d.seg IS g.seg AND d.n = g.n AND d.k = g.k) AS revenue,
    (SELECT [expr {$amount ? "coalesce(sum(revenue), 0)" : "NULL"}] FROM did d WHERE d.seg IS g.seg AND d.n = g.n AND d.k <= g.k) AS cumulative,
    (SELECT [expr {$cost ? "coalesce(sum(cost), 0)" : "NULL"}] FROM did d WHERE d.seg IS g.seg AND d.n = g.n AND d.k = g.k) AS cost,
    (SELECT [expr {$cost ? "coalesce(sum(cost), 0)" : "NULL"}] FROM did d WHERE d.seg IS g.seg AND d.n = g.n AND d.k <= g.k) AS spent
  FROM grid g),
eligibles AS (SELECT *, [expr {$rolling ? "saw" : "CASE WHEN saw THEN cohort_size ELSE 0 END"}] AS eligible FROM cells)
SELECT seg AS segment, $text AS cohort, k AS period, cohort_size, customers, $retained AS retention, orders,
       revenue, cumulative AS cumulative_revenue, 1.0 * cumulative / cohort_size AS ltv,
       repeat_customers, 1.0 * repeat_customers / cohort_size AS repurchase_rate,
       eligible, eligible_customers, eligible = cohort_size AS complete,
       cost, 1.0 * (cumulative - spent) / nullif(spent, 0) AS cumulative_roi
FROM eligibles ORDER BY segment, n, period"
}

# The same of the extension; more: further inputs as `name=value` pairs of SQL texts.
proc siyu_cohort {source args} {
  set o [dict merge {grain month z 0 mode calendar retention exact order 0 origin 0 segment 0 cost 0
                     amount 1 time time as_of_text {}} $args]
  dict with o {}
  set zone [format %s%02d:%02d [expr {$z < 0 ? "-" : "+"}] [expr {abs($z) / 3600}] [expr {abs($z) / 60 % 60}]]
  set where "source = '$source' AND customer_col = 'customer' AND time_col = '$time' AND grain = '$grain'\
    AND tz = '$zone' AND mode = '$mode' AND retention_mode = '$retention'"
  foreach {given name column} [list $amount amount amount $order order ord $origin origin origin $segment segment seg $cost cost cost] {
    if {$given} {append where " AND ${name}_col = '$column'"}
  }
  if {$as_of_text ne ""} {append where " AND as_of = '$as_of_text'"}
  return "SELECT segment, cohort, period, cohort_size, customers, retention, orders, revenue, cumulative_revenue, ltv,
    repeat_customers, repurchase_rate, eligible, eligible_customers, complete, cost, cumulative_roi FROM cohort_window WHERE $where"
}

# A table of n random rows of about `customers` customers within days of 2024-01-01 UTC.
# Options: refunds, blanks (per hundred), keys (integer text mixed), reals.
# A number of seconds that is neither a year, a month as YYYYMM nor a day number.
proc plain_seconds {ts} {expr {($ts >= 1900 && $ts <= 80000) || ($ts >= 190001 && $ts <= 210012) ? $ts + 90000 : $ts}}

proc random_orders {table n customers days args} {
  set o [dict merge {refunds 8 blanks 4 keys integer reals 0 first 1704067200} $args]
  dict with o {}
  db eval "DROP TABLE IF EXISTS $table;
    CREATE TABLE ${table}(customer, time, ts INTEGER, amount, ord, origin, os INTEGER, seg, cost)"
  for {set i 0} {$i < $n} {incr i} {
    set c [rnd $customers]
    set kind [expr {$keys eq "mixed" ? [lindex {integer text real blob} [expr {$c % 4}]] : $keys}]
    set ts [expr {$first + [rnd [expr {$days * 86400}]]}]
    if {[rnd 10] == 0} {set ts [expr {$ts / 86400 * 86400 + 86399 - 28800}]}
    set os [expr {$first + ($c * 7919 + [rnd 3] * 86400) % ($days * 43200 + 1)}]
    set ts [plain_seconds $ts]
    set os [plain_seconds $os]
    set values [list \
      [expr {[rnd 100] < $blanks ? [lindex {NULL '' {'  '}} [rnd 3]]
             : $kind eq "text" ? "'c$c'" : $kind eq "real" ? "$c.0" : $kind eq "blob" ? "x'[format %06x $c]'" : $c}] \
      [expr {[rnd 100] < $blanks ? "NULL" : $ts}] \
      [expr {[rnd 100] < $blanks ? "NULL"
             : [rnd 100] < $refunds ? -[rnd 500] - 1 : $reals && [rnd 3] ? [rnd 100000] / 100.0 : [rnd 1000]}] \
      [expr {[rnd 100] < $blanks ? "NULL" : "'o[rnd [expr {$n / 3 + 1}]]'"}] \
      [expr {[rnd 4] == 0 ? "NULL" : $os}] \
      [lindex {NULL 'a' 'b' 'b' 3} [rnd 5]] \
      [expr {[rnd 3] ? "NULL" : [rnd 300]}]]
    lassign $values key t amount order origin segment cost
    db eval "INSERT INTO $table VALUES ($key, $t, $t, $amount, $order, $origin, $origin, $segment, $cost)"
  }
}
